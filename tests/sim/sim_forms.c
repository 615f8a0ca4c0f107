/* sim_forms: what is put into an item's form at random: mostly what the plan asks for, sometimes what it does not know. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "sim/sim.h"
#include "wire/codec.h"
#include "wire/frame.h"

/* protobuf-c has no const. */
static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

char *sim_some_text(struct sim *s)
{
	static const char *const texts[] = {"起動しない", "確認した", "二行に\nわたる", "ok", "機器の電源が落ちていた", "理由"};
	return text(texts[sim_below(s, sizeof texts / sizeof *texts)]);
}

/* The option to choose: forward, the first that neither sends back nor orders anything; else any. */
static const struct plan_option *choose(struct sim *s, const struct incident *in, const struct plan_option *options, size_t n, bool forward)
{
	if (!forward)
		return &options[sim_below(s, n)];
	const struct plan_option *best = NULL;
	for (size_t i = 0; i < n; i++) {
		const struct plan_option *o = &options[i];
		if (o->when && !(in && derive_option_possible(in, o)))
			continue;
		if (o->reopens.n == 0 && (!best || (best->orders != ROLE_NONE && o->orders == ROLE_NONE)))
			best = o;
	}
	return best ? best : &options[0];
}

static void put_value(Renraku__Enter *e, struct arena *arena, const char *field, const char *value, const char *unknown)
{
	Renraku__Value *v = arena_alloc(arena, sizeof *v);
	Renraku__Value **grown = arena_alloc(arena, (e->n_values + 1) * sizeof *grown);
	renraku__value__init(v);
	v->field = text(field);
	if (value)
		v->value = text(value);
	if (unknown)
		v->unknown = text(unknown);
	if (e->n_values)
		memcpy(grown, e->values, e->n_values * sizeof *grown);
	grown[e->n_values++] = v;
	e->values = grown;
}

void sim_forms_field(
	struct sim *s, const struct incident *in, const struct plan_field *f, bool forward, struct arena *arena, Renraku__Enter *e)
{
	if (!forward && sim_chance(s, 4))
		return; /* forgotten */
	if (f->optional && sim_chance(s, 50))
		return;
	if (f->unknown && sim_chance(s, forward ? 5 : 15)) {
		put_value(e, arena, f->id, NULL, "まだ分からない");
		return;
	}
	if (f->type == FIELD_CHOICE)
		put_value(e, arena, f->id, choose(s, in, f->options, f->n_options, forward)->id, NULL);
	else if (f->type == FIELD_TIME)
		put_value(e, arena, f->id, "2026-11-23 10:00", NULL);
	else if (f->type == FIELD_NUMBER)
		put_value(e, arena, f->id, "3", NULL);
	else if (f->type == FIELD_PLACE)
		put_value(e, arena, f->id, sim_chance(s, 70) ? "窓口1" : "電算室", NULL);
	else
		put_value(e, arena, f->id, sim_some_text(s), NULL);
}

static void fill_calls(
	struct sim *s, const struct plan *p, const struct plan_item *it, bool forward, struct arena *arena, Renraku__Enter *e)
{
	if (!it->calls.present || (!forward && sim_chance(s, 10)))
		return;
	size_t n = it->calls.bodies.n ? it->calls.bodies.n : 1;
	e->calls = arena_alloc(arena, n * sizeof *e->calls);
	for (size_t i = 0; i < n; i++) {
		Renraku__Call *c = e->calls[e->n_calls++] = arena_alloc(arena, sizeof *c);
		renraku__call__init(c);
		c->body = text(it->calls.bodies.n ? p->bodies[it->calls.bodies.at[i]].id : "prefecture");
		c->said = sim_some_text(s);
		c->at = (uint64_t)s->now;
		if (!forward && sim_chance(s, 15))
			c->no_answer = true;
		if (c->no_answer && sim_chance(s, 50))
			c->reason = sim_some_text(s);
		if (!c->no_answer && (forward || !sim_chance(s, 5)))
			c->answered_by = sim_some_text(s);
	}
}

/* A day near enough that its owner hears of it, or far away. */
char *sim_some_day(struct sim *s, struct arena *arena)
{
	struct clock_date d = clock_japan(s->now + (int64_t)sim_below(s, 15) * 24 * 3600 * 1000);
	return arena_printf(arena, "%04d-%02d-%02d", d.year, d.month, d.day);
}

/* A person, or a role: whoever holds it. */
char *sim_some_owner(struct sim *s, const struct plan *p)
{
	const struct site *site = engine_site(shell_engine(s->shell));
	const struct site_holder *one;
	size_t role = sim_below(s, p->n_roles);
	bool held = !p->roles[role].group && people_holders(shell_engine(s->shell), p, (int)role, &one, 1);
	return text(held && sim_chance(s, 40) ? p->roles[role].id : site->persons[sim_below(s, site->n_persons)].id);
}

static void fill_follow_ups(struct sim *s, const struct incident *in, const struct plan_item *it, struct arena *arena, Renraku__Enter *e)
{
	if (!it->n_followups)
		return;
	Renraku__FollowUpNew *f = arena_alloc(arena, sizeof *f);
	renraku__follow_up_new__init(f);
	f->kind = text(it->followups[sim_below(s, it->n_followups)].id);
	f->text = sim_some_text(s);
	f->owner = sim_some_owner(s, in->plan);
	f->due = sim_some_day(s, arena);
	e->follow_ups = arena_alloc(arena, sizeof *e->follow_ups);
	e->follow_ups[e->n_follow_ups++] = f;
}

void sim_forms_fill(struct sim *s, const struct incident *in, int item, bool forward, struct arena *arena, Renraku__Enter *e)
{
	const struct plan_item *it = &in->plan->items[item];
	e->incident = in->id;
	e->item = text(it->id);
	for (size_t i = 0; i < it->n_form; i++)
		sim_forms_field(s, in, &it->form[i], forward, arena, e);
	for (size_t i = 0; i < it->n_agenda; i++) {
		const struct plan_agenda *a = &it->agenda[i];
		put_value(e, arena, a->id, a->n_options ? choose(s, in, a->options, a->n_options, forward)->id : "決定", NULL);
	}
	for (size_t i = 0; it->calls.present && i < it->calls.n_form; i++) /* what is asked of those who are called */
		sim_forms_field(s, in, &it->calls.form[i], forward, arena, e);
	fill_calls(s, in->plan, it, forward, arena, e);
	fill_follow_ups(s, in, it, arena, e);
}
