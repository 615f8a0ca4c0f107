/*
 * Does the exploration of plans mean the same as the engine? On random walks of the real engine each state is translated into the
 * explorer's: what applies, is settled, ready, closable, which facts hold and which options may be chosen must agree; an act that the
 * engine accepted must be one of the explorer's and lead to the same state, and one that it refused for the plan's sake must be none.
 * Where a plan was explored to its end, no walk may leave what was found. RENRAKU_WALKS=N takes N times as many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plan/explore_model.h"
#include "unit/engine_town.h"
#include "unit/plan_files.h"

struct both {
	struct engine_town t;
	const struct plan *plan;
	struct x_search *search;
	struct explore_report report;
	struct x_state *state, *expected;
	size_t compared, moved, refused, found;
};

static uint64_t times(uint64_t n)
{
	const char *more = getenv("RENRAKU_WALKS");
	return more ? n * strtoull(more, NULL, 10) : n;
}

/* ---- translating ---- */

static uint8_t stored_of(enum item_stored s)
{
	return s == ITEM_OPEN ? X_OPEN : s == ITEM_TOLD ? X_TOLD : s == ITEM_DONE ? X_DONE : X_WAIVED;
}

static uint8_t value_of(const struct plan_fact *f, const char *id)
{
	for (size_t v = 0; id && v < f->n_values; v++)
		if (strcmp(f->values[v].id, id) == 0)
			return (uint8_t)(v + 1);
	return 0;
}

/* Ranks are dense: how many other set slots of the fact are older, plus one. */
static uint8_t rank_of(const struct both *b, const struct incident *in, size_t plan_slot)
{
	uint8_t rank = 1;
	for (size_t s = 0; s < b->plan->n_slots; s++)
		rank = (uint8_t)(rank + (b->plan->slots[s].fact == b->plan->slots[plan_slot].fact && in->slot_value[s] &&
						in->slot_order[s] < in->slot_order[plan_slot]));
	return rank;
}

static void translate(const struct both *b, const struct incident *in, struct x_state *to)
{
	const struct x_model *m = b->search->m;
	x_state_begin(to);
	for (size_t e = 0; e < m->n_entries; e++)
		if (m->entries[e] == in->entry)
			*to->entry = (uint8_t)e;
	for (size_t i = 0; i < b->plan->n_items; i++)
		if (!b->plan->items[i].closes)
			to->stored[i] = stored_of(in->items[i].stored);
	for (size_t s = 0; s < b->plan->n_slots; s++) {
		int slot = m->slot_of_plan[s];
		if (slot < 0 || !in->slot_value[s])
			continue;
		to->value[slot] = value_of(&b->plan->facts[b->plan->slots[s].fact], in->slot_value[s]);
		to->rank[slot] = m->slots[slot].ranked ? rank_of(b, in, s) : 0;
	}
	for (size_t k = 0; k < in->n_measures; k++)
		for (size_t a = 0; a < in->measures[k].n_authorities; a++) {
			uint8_t *l = &to->ledger[m->authority[in->measures[k].authorities[a]]];
			*l = in->measures[k].state == MEASURE_IN_FORCE || *l == X_IN_FORCE ? X_IN_FORCE : X_ENDED;
		}
}

/* ---- what follows ---- */

static void compare_facts(struct both *b, const struct incident *in)
{
	for (size_t f = 0; f < b->plan->n_facts; f++) {
		bool pending;
		if (b->state->fact[f] < 0)
			continue; /* nothing asked for it */
		const char *value = derive_fact(in, (int)f, &pending);
		if (value_of(&b->plan->facts[f], value) != b->state->fact[f] || pending != b->state->pending[f])
			fail_msg("incident %u: fact %s is %s%s, the explorer says %d", in->id, b->plan->facts[f].id,
				value ? value : "unset", pending ? " (pending)" : "", b->state->fact[f]);
	}
}

static void compare_options(struct both *b, const struct incident *in, int item)
{
	const struct x_item *x = &b->search->m->items[item];
	for (size_t d = 0; d < x->n_dims; d++)
		for (size_t o = 0; o < x->dims[d].dim->n_options; o++)
			if (derive_option_possible(in, &x->dims[d].dim->options[o]) !=
				(x_state_when(b->state, x->dims[d].when[o]) == X_TRUE))
				fail_msg("incident %u, %s: option %s", in->id, x->it->id, x->dims[d].dim->options[o].id);
}

static void compare(struct both *b, const struct incident *in)
{
	translate(b, in, b->state);
	x_state_derive(b->state);
	for (size_t i = 0; i < b->plan->n_items; i++) {
		const struct plan_item *it = &b->plan->items[i];
		int e = (int)derive_applies(in, (int)i), x = (int)x_state_applies(b->state, (int)i);
		if (e != x)
			fail_msg("incident %u: %s applies %d, the explorer says %d", in->id, it->id, e, x);
		if (!it->closes && derive_settled(in, (int)i) != b->state->settled[i])
			fail_msg("incident %u: %s settled %d, the explorer disagrees", in->id, it->id, derive_settled(in, (int)i));
		if (derive_ready(in, (int)i) != x_state_ready(b->state, (int)i))
			fail_msg("incident %u: %s ready %d, the explorer disagrees", in->id, it->id, derive_ready(in, (int)i));
		compare_options(b, in, (int)i);
	}
	assert_int_equal(derive_may_close(in), b->state->may_close);
	assert_int_equal(derive_in_force(in), b->state->in_force);
	compare_facts(b, in);
	b->compared++;
}

/* Handing over one of several measures is not among the explorer's disruptions: it knows all of them at once. */
static bool handed_over_one_by_one(const struct incident *in)
{
	for (size_t k = 0; k < in->n_measures; k++)
		if (in->measures[k].state == MEASURE_HANDED_OVER && in->n_measures > 1)
			return true;
	return false;
}

static void seek(struct both *b, const struct incident *in)
{
	struct x_search *x = b->search;
	if (!b->report.all || handed_over_one_by_one(in))
		return;
	for (size_t i = 0; i < b->plan->n_items; i++) /* acknowledgements can always come */
		if (b->state->stored[i] == X_TOLD && !x->m->items[i].acked)
			b->state->stored[i] = X_DONE;
	x_state_settle(b->state);
	x_state_pack(b->state, x->key);
	size_t before = x->found->n;
	x_found_put(x->found, x->key, X_NO_STATE, 0, 0);
	if (x->found->n != before) {
		for (size_t i = 0; i < b->plan->n_items; i++)
			print_message(
				"  %s %s stored %d\n", b->plan->items[i].id, item_life_name(derive_life(in, (int)i)), b->state->stored[i]);
		for (size_t i = 0; i < x->m->n_slots; i++)
			print_message("  slot of %s: %s = %d, rank %d\n", b->plan->items[x->m->slots[i].item].id,
				b->plan->facts[x->m->slots[i].fact].id, b->state->value[i], b->state->rank[i]);
		fail_msg("incident %u is in a state that was not found", in->id);
	}
	b->found++;
}

/* ---- acts ---- */

static const char *actor(struct both *b, int item)
{
	const struct plan_ints *by = &b->plan->items[item].by;
	const struct site *s = engine_site(b->t.live);
	const struct site_holder *hs[8];
	for (size_t k = 0; k < by->n; k++)
		if (by->at[k] >= 0 && people_holders(b->t.live, b->plan, by->at[k], hs, 8))
			return s->persons[hs[0]->persons.at[0]].id;
	return s->persons[0].id;
}

struct filled {
	struct record_value values[40];
	struct record_call calls[16];
	struct record_follow follow;
};

/* The option of this dimension in the pick; one at random where the explorer left the choice out. */
static const char *choice(
	struct both *b, const struct x_item *x, const char *id, const struct plan_option *options, size_t n, uint32_t pick)
{
	for (size_t d = 0; d < x->n_dims; d++)
		if (strcmp(x->dims[d].dim->id, id) == 0) {
			const struct plan_option *o = x_move_option(x, pick, d);
			return o ? o->id : NULL;
		}
	return n ? options[engine_town_roll(&b->t, n)].id : "x";
}

static void fill(struct both *b, struct command *c, int item, uint32_t pick, struct filled *f)
{
	const struct x_item *x = &b->search->m->items[item];
	const struct plan_item *it = x->it;
	c->values = f->values;
	c->calls = f->calls;
	for (size_t k = 0; k < it->n_form && k < 20; k++) {
		const struct plan_field *of = &it->form[k];
		const char *v = of->type == FIELD_CHOICE   ? choice(b, x, of->id, of->options, of->n_options, pick)
				: of->type == FIELD_NUMBER ? "1"
				: of->type == FIELD_TIME   ? "2026-11-23 09:00"
							   : "x";
		if (v)
			f->values[c->n_values++] = (struct record_value){.field = of->id, .value = v};
		else if (of->unknown)
			f->values[c->n_values++] = (struct record_value){.field = of->id, .unknown = "x"};
	}
	for (size_t k = 0; k < it->n_agenda && k < 20; k++) {
		const struct plan_agenda *of = &it->agenda[k];
		const char *v = choice(b, x, of->id, of->options, of->n_options, pick);
		f->values[c->n_values++] = (struct record_value){.field = of->id, .value = v ? v : "deferred"};
	}
	for (size_t k = 0; k < it->calls.bodies.n && k < 16; k++)
		f->calls[c->n_calls++] =
			(struct record_call){.body = b->plan->bodies[it->calls.bodies.at[k]].id, .answered_by = "x", .number = "1"};
	if (it->calls.present && !c->n_calls)
		f->calls[c->n_calls++] = (struct record_call){.body = "x", .answered_by = "x", .number = "1"};
	if (it->n_followups) {
		f->follow = (struct record_follow){it->followups[0].id, "x", engine_site(b->t.live)->persons[0].id, "2027-01-31"};
		c->follow_ups = &f->follow;
		c->n_follow_ups = 1;
	}
}

/* Is this one of the explorer's moves now? */
struct sought {
	struct x_move v;
	bool found;
};
static void on_move(void *arg, struct x_move v)
{
	struct sought *s = arg;
	s->found = s->found || (v.kind == s->v.kind && v.item == s->v.item && v.pick == s->v.pick);
}

static bool offered(struct both *b, struct x_move v)
{
	struct sought s = {.v = v};
	bool plain = b->search->m->items[v.item].plain;
	x_move_each(b->state, true, on_move, &s);
	x_move_each(b->state, false, on_move, &s);
	if (plain && (v.kind == X_DO || v.kind == X_WAIVE)) /* done by itself */
		s.found = x_state_ready(b->state, v.item) && (v.kind == X_DO || b->plan->items[v.item].optional);
	if (plain && v.kind == X_AMEND) /* changes nothing unless something rests on it */
		s.found = s.found || (!b->search->m->items[v.item].lapses.n && x_state_applies(b->state, v.item) == X_TRUE);
	return s.found;
}

static bool for_the_plans_sake(enum reason r)
{
	return r == REASON_NOT_READY || r == REASON_NOT_APPLICABLE || r == REASON_CHOICE_NOT_POSSIBLE || r == REASON_MEASURE_IN_FORCE ||
	       r == REASON_ITEMS_OPEN || r == REASON_NOT_OPTIONAL;
}

/* Told or done makes no difference to what an act leads to. */
static void same_state(struct both *b, const struct incident *in, struct x_move v)
{
	translate(b, in, b->state);
	for (size_t i = 0; i < b->plan->n_items; i++) {
		uint8_t e = b->state->stored[i] == X_TOLD ? X_DONE : b->state->stored[i];
		uint8_t x = b->expected->stored[i] == X_TOLD ? X_DONE : b->expected->stored[i];
		if (e != x)
			fail_msg("act %d on %s: %s is %d in the engine, %d in the explorer", v.kind, b->plan->items[v.item].id,
				b->plan->items[i].id, e, x);
	}
	size_t rest = b->search->m->n_bytes - b->plan->n_items;
	assert_memory_equal(b->state->bytes + b->plan->n_items, b->expected->bytes + b->plan->n_items, rest);
}

static struct x_move some_move(struct both *b, const struct incident *in)
{
	size_t n = b->plan->n_items;
	int item = (int)engine_town_roll(&b->t, n);
	for (size_t k = 0; k < 40 && !x_state_ready(b->state, item); k++)
		item = (int)engine_town_roll(&b->t, n);
	if (!engine_town_roll(&b->t, 4))
		item = (int)engine_town_roll(&b->t, n);
	bool again = !b->plan->items[item].standing && in->items[item].stored != ITEM_OPEN && in->items[item].stored != ITEM_WAIVED;
	enum x_move_kind kind = !engine_town_roll(&b->t, 8) ? X_WAIVE : !engine_town_roll(&b->t, 8) ? X_REOPEN : again ? X_AMEND : X_DO;
	uint32_t pick = kind == X_WAIVE || kind == X_REOPEN ? 0 : (uint32_t)engine_town_roll(&b->t, b->search->m->items[item].n_picks);
	return (struct x_move){kind, item, pick};
}

static void act(struct both *b, const struct incident *in)
{
	struct filled f = {0};
	translate(b, in, b->state);
	x_state_derive(b->state);
	struct x_move v = some_move(b, in);
	const struct plan_item *it = &b->plan->items[v.item];
	bool may = offered(b, v), ends = it->closes && !x_move_sends_back(&b->search->m->items[v.item], v.pick);
	struct command c = {.type = v.kind == X_WAIVE    ? CMD_WAIVE
				    : v.kind == X_REOPEN ? CMD_REOPEN
							 : CMD_ENTER,
		.incident = in->id,
		.item = it->id,
		.text = "x",
		.person = actor(b, v.item)};
	if (c.type == CMD_ENTER)
		fill(b, &c, v.item, v.pick, &f);
	x_state_copy(b->expected, b->state);
	enum reason why = engine_town_do(&b->t, c);
	if (why == REASON_OK) {
		if (!may)
			fail_msg("the engine accepted act %d on %s (%u), which the explorer does not have", v.kind, it->id, v.pick);
		x_move_apply(b->expected, v);
		if (!ends)
			same_state(b, in, v);
		else
			assert_int_equal(in->state, INCIDENT_CLOSED);
		b->moved++;
	} else if (for_the_plans_sake(why)) {
		if (may)
			fail_msg("the engine refused act %d on %s (%u), which the explorer has: %d", v.kind, it->id, v.pick, (int)why);
		b->refused++;
	}
}

/* ---- walks ---- */

static const struct incident *some_incident(struct both *b)
{
	const struct incident *const *in;
	size_t n = engine_incidents(b->t.live, &in);
	for (size_t k = 0; k < 8 && n; k++) {
		const struct incident *one = in[engine_town_roll(&b->t, n)];
		if (one->state == INCIDENT_OPEN)
			return one;
	}
	return NULL;
}

static void step(struct both *b)
{
	const struct incident *in = some_incident(b);
	if (in && engine_town_roll(&b->t, 2))
		act(b, in);
	else
		engine_town_random(&b->t);
	const struct incident *const *all;
	size_t n = engine_incidents(b->t.live, &all);
	for (size_t i = 0; i < n; i++)
		if (all[i]->state == INCIDENT_OPEN) {
			compare(b, all[i]);
			seek(b, all[i]);
		}
}

static void walks(const char *plan_path, const char *site_path, uint64_t n, size_t steps, bool found)
{
	char *plan = plan_files_read(plan_path), *site = plan_files_read(site_path);
	struct explore_limits limits = {.disruptions = EXPLORE_MAX_LAYERS - 1, .states = found ? 1000000 : 1, .every_step = found};
	struct both total = {0};
	for (uint64_t seed = 1; seed <= n; seed++) {
		struct both b = {0};
		engine_town_init(&b.t, plan, site);
		b.t.plain = true;
		b.t.dice = seed;
		b.plan = engine_plan(b.t.live);
		b.search = x_search_new(b.plan, &limits, &b.report);
		b.state = x_state_new(b.search->m);
		b.expected = x_state_new(b.search->m);
		for (size_t i = 0; i < steps; i++)
			step(&b);
		total.compared += b.compared;
		total.moved += b.moved;
		total.refused += b.refused;
		total.found += b.found;
		x_search_free(b.search);
		engine_town_free(&b.t);
	}
	print_message("%s: %zu states compared, %zu found, %zu acts the same, %zu refused by both\n", plan_path, total.compared,
		total.found, total.moved, total.refused);
	assert_true(total.compared > 100 && total.moved > 30 && total.refused > 20);
	if (found)
		assert_true(total.found > 100);
	free(plan);
	free(site);
}

static void test_harbour(void **state)
{
	(void)state;
	walks("tests/scenarios/towns/harbour.yaml", "tests/scenarios/towns/harbour-site.yaml", times(8), 250, true);
}

static void test_small(void **state)
{
	(void)state;
	walks("tests/plans/small.yaml", "tests/plans/small-site.yaml", times(8), 250, true);
}

static void test_town(void **state)
{
	(void)state;
	walks("server/plans/taga-juki-net.yaml", "tests/scenarios/site.yaml", times(6), 300, false);
}

/* What the other plans do not have: closing on conditions and closing refused, choices left out, deferred, conditional all over, an entry
 * that lifting rests on. */
static void test_knots(void **state)
{
	(void)state;
	walks("tests/plans/knots.yaml", "tests/plans/knots-site.yaml", times(10), 250, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_harbour),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_town),
		cmocka_unit_test(test_knots),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
