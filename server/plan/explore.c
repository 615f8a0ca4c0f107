/* The search: layer by layer of disruptions, within a layer by the number of acts. */
#include "plan/explore.h"

#include <stdlib.h>
#include <string.h>

#include "plan/explore_model.h"

const char *explore_kind_name(enum explore_kind k)
{
	static const char *const NAMES[] = {"dead_end", "violated", "never_ready", "never_chosen", "no_effect"};

	return (size_t)k < sizeof NAMES / sizeof *NAMES ? NAMES[k] : "?";
}

/* ---- properties ---- */

static bool chooses(const struct x_item *x, uint32_t pick, const struct plan_strings *ids)
{
	for (size_t d = 0; d < x->n_dims; d++) {
		const struct plan_option *o = x_move_option(x, pick, d);

		for (size_t k = 0; o && k < ids->n; k++) {
			if (!strcmp(ids->at[k], o->id))
				return true;
		}
	}
	return !ids->n;
}

static bool concerned(const struct x_search *x, const struct plan_property *p, struct x_move v)
{
	if (v.kind != X_DO)
		return false;
	for (size_t k = 0; k < p->doing.n; k++) {
		if (p->doing.at[k] == v.item)
			return chooses(&x->m->items[v.item], v.pick, &p->choosing);
	}
	return false;
}

static bool fulfilled(struct x_search *x, const struct plan_property *p, const struct x_property *c)
{
	bool any = !p->done_any.n, asked = p->done.n || p->done_any.n || p->settled.n || p->holds;

	for (size_t k = 0; k < p->done.n; k++) {
		if (!x_state_done(x->at, p->done.at[k]))
			return false;
	}
	for (size_t k = 0; k < p->settled.n; k++) {
		if (!x->at->settled[p->settled.at[k]])
			return false;
	}
	for (size_t k = 0; k < p->done_any.n && !any; k++)
		any = x_state_done(x->at, p->done_any.at[k]);
	return asked && any && x_state_when(x->at, c->holds) == X_TRUE;
}

/* An act that is possible now: does any property forbid it? */
static void check_act(struct x_search *x, struct x_move v)
{
	for (size_t k = 0; k < x->m->plan->n_properties; k++) {
		const struct plan_property *p = &x->m->plan->properties[k];
		const struct x_property *c = &x->m->properties[k];

		if (x->violations[k].found || !concerned(x, p, v) || x_state_when(x->at, c->when) != X_TRUE)
			continue;
		x->asked[k] = true;
		if (!fulfilled(x, p, c))
			x->violations[k] = (struct x_violation){true, x->from, v};
	}
}

static void check_state(struct x_search *x)
{
	for (size_t k = 0; k < x->m->plan->n_properties; k++) {
		const struct x_property *c = &x->m->properties[k];

		if (c->never >= 0 && !x->violations[k].found && x_state_when(x->at, c->never) == X_TRUE)
			x->violations[k] = (struct x_violation){true, x->from, {X_HAND_OVER, -1, 0}};
	}
}

/* ---- one state ---- */

static void note(struct x_search *x, struct x_move v)
{
	const struct x_item *it = &x->m->items[v.item];

	for (size_t d = 0; d < it->n_dims && (v.kind == X_DO || v.kind == X_AMEND || v.kind == X_ENTRY); d++) {
		const struct plan_option *o = x_move_option(it, v.pick, d);

		if (o)
			x->chosen[it->dims[d].first_seen + (size_t)(o - it->dims[d].dim->options)] = true;
	}
}

static uint32_t put_next(struct x_search *x, struct x_move v, unsigned layer)
{
	x_state_settle(x->next);
	for (size_t k = 0; k < x->next->n_done; k++)
		x->ready[x->next->done[k]] = true;
	x_state_pack(x->next, x->key);
	return x_found_put(x->found, x->key, x->from, x_move_pack(v), layer);
}

static void on_move(void *arg, struct x_move v)
{
	struct x_search *x = arg;
	uint32_t to;

	note(x, v);
	check_act(x, v);
	if (x->m->items[v.item].it->closes && v.kind == X_DO && !x_move_sends_back(&x->m->items[v.item], v.pick)) {
		x->found->closable[x->from] = 1;
		return;
	}
	x_state_copy(x->next, x->at);
	x_move_apply(x->next, v);
	to = put_next(x, v, x->found->layer[x->from] + (x->disrupting ? 1u : 0u));
	if (to != X_NO_STATE && !x->disrupting)
		x_found_edge(x->found, to);
}

void x_search_look(struct x_search *x, uint32_t state)
{
	x->from = state;
	x_state_unpack(x->at, x_found_key(x->found, state));
	x_state_derive(x->at);
}

static void expand(struct x_search *x, uint32_t state)
{
	x_search_look(x, state);
	check_state(x);
	for (size_t i = 0; i < x->m->plan->n_items; i++) {
		x->ready[i] = x->ready[i] || x_state_ready(x->at, (int)i);
		if (x->applied[i] == X_NO_STATE && x_state_applies(x->at, (int)i) == X_TRUE)
			x->applied[i] = state;
	}
	x->disrupting = false;
	x_move_each(x->at, true, on_move, x);
}

/* ---- layers ---- */

static void begin(struct x_search *x)
{
	for (size_t e = 0; e < x->m->n_entries; e++) {
		int item = x->m->entries[e];
		const struct x_item *it = &x->m->items[item];

		for (uint32_t pick = 0; pick < it->n_picks && !it->no_actor; pick++) {
			struct x_move v = {X_ENTRY, item, pick};
			bool possible = true;

			for (size_t d = 0; d < it->n_dims && possible; d++) { /* there is nothing yet that a condition could read */
				const struct plan_option *o = x_move_option(it, pick, d);

				possible = !o || !o->when;
			}
			if (!possible)
				continue;
			x->from = X_NO_STATE;
			x->ready[item] = true;
			note(x, v);
			x_state_begin(x->next);
			x_move_apply(x->next, v);
			put_next(x, v, 0);
		}
	}
}

/* Expands what is left of this layer; false when there was no room. A state that found no room for a child is not whole. */
static bool whole_layer(struct x_search *x)
{
	struct x_found *f = x->found;

	while (f->n_expanded < f->n) {
		size_t edges = f->n_edges;

		expand(x, (uint32_t)f->n_expanded);
		if (f->full) {
			f->n_edges = edges;
			return false;
		}
		x_found_expanded(f);
	}
	return true;
}

static bool next_layer(struct x_search *x, size_t first, size_t end)
{
	for (size_t s = first; s < end && !x->found->full; s++) {
		x_search_look(x, (uint32_t)s);
		x->disrupting = true;
		x_move_each(x->at, false, on_move, x);
	}
	return !x->found->full;
}

/* One layer more is worth it while it is likely to fit: each is larger than the one before by about the same factor. */
static bool worth_it(const struct explore_report *r, const struct explore_limits *limits)
{
	size_t last = r->layer[r->layers - 1], before = r->layers > 1 ? r->layer[r->layers - 2] : 1;

	return limits->further && r->layers < EXPLORE_MAX_LAYERS &&
	       (double)last * (double)last / (double)(before ? before : 1) < 100000.0 && r->states < limits->states / 2;
}

static void search(struct x_search *x, const struct explore_limits *limits, struct explore_report *r)
{
	size_t first = 0;
	unsigned wanted = limits->disruptions + 1 < EXPLORE_MAX_LAYERS ? limits->disruptions + 1 : EXPLORE_MAX_LAYERS;

	begin(x);
	while (whole_layer(x)) {
		size_t end = x->found->n;

		r->layer[r->layers++] = end - first;
		r->states = end;
		if (end == first || (r->layers >= wanted && !worth_it(r, limits))) {
			r->all = end == first;
			break;
		}
		if (!next_layer(x, first, end))
			break;
		first = end;
	}
	r->layers -= r->all; /* the last one is empty */
	r->complete = r->all || r->layers >= wanted;
	r->states = x->found->n;
	r->edges = x->found->n_edges;
	r->bytes = x_found_bytes(x->found);
}

struct x_search *x_search_new(const struct plan *plan, const struct explore_limits *limits, struct explore_report *r)
{
	struct x_search *x = xcalloc(1, sizeof *x);
	struct x_model *m = x_model_new(plan, limits);

	x->m = m;
	x->at = x_state_new(m);
	x->next = x_state_new(m);
	x->key = arena_alloc(m->arena, m->key_words * sizeof *x->key);
	x->ready = arena_alloc(m->arena, plan->n_items + 1);
	x->chosen = arena_alloc(m->arena, m->n_options + 1);
	x->applied = arena_alloc(m->arena, (plan->n_items + 1) * sizeof *x->applied);
	memset(x->applied, -1, (plan->n_items + 1) * sizeof *x->applied);
	x->asked = arena_alloc(m->arena, plan->n_properties + 1);
	x->violations = arena_alloc(m->arena, (plan->n_properties + 1) * sizeof *x->violations);
	x->found = x_found_new(m, limits->states);
	if (!m->too_large)
		search(x, limits, r);
	return x;
}

void x_search_free(struct x_search *x)
{
	x_found_free(x->found);
	x_model_free(x->m);
	free(x);
}

struct explore_report *explore_plan(const struct plan *plan, const struct explore_limits *limits)
{
	struct arena *arena = arena_new(0);
	struct explore_report *r = arena_alloc(arena, sizeof *r);
	struct x_search *x = x_search_new(plan, limits, r);

	r->arena = arena;
	x_tell(x, limits, r);
	x_search_free(x);
	return r;
}

void explore_free(struct explore_report *r)
{
	if (r)
		arena_free(r->arena);
}
