/* What can be done in a state, and what it changes. The rules are those of engine/evolve_item.c and decide_item.c. */
#include "plan/explore_model.h"

#include <string.h>

uint32_t x_move_pack(struct x_move v)
{
	return (uint32_t)v.kind << (X_ITEM_BITS + X_PICK_BITS) | (uint32_t)v.item << X_PICK_BITS | v.pick;
}

struct x_move x_move_unpack(uint32_t v)
{
	return (struct x_move){(enum x_move_kind)(v >> (X_ITEM_BITS + X_PICK_BITS)), (int)(v >> X_PICK_BITS & ((1u << X_ITEM_BITS) - 1)),
		v & ((1u << X_PICK_BITS) - 1)};
}

/* ---- picks: one number for what is chosen in all dimensions ---- */

static uint32_t place_in(const struct x_item *x, uint32_t pick, size_t dim)
{
	for (size_t d = 0; d < dim; d++)
		pick /= x->dims[d].n_picks;
	return pick % x->dims[dim].n_picks;
}

const struct plan_option *x_move_option(const struct x_item *x, uint32_t pick, size_t dim)
{
	uint32_t o = place_in(x, pick, dim);

	return o < x->dims[dim].dim->n_options ? &x->dims[dim].dim->options[o] : NULL;
}

bool x_move_possible(struct x_state *s, int item, uint32_t pick)
{
	const struct x_item *x = &s->m->items[item];

	for (size_t d = 0; d < x->n_dims; d++) {
		uint32_t o = place_in(x, pick, d);

		if (o < x->dims[d].dim->n_options && x_state_when(s, x->dims[d].when[o]) != X_TRUE)
			return false;
	}
	return true;
}

bool x_move_sends_back(const struct x_item *x, uint32_t pick)
{
	for (size_t d = 0; d < x->n_dims; d++) {
		const struct plan_option *o = x_move_option(x, pick, d);

		if (o && o->reopens.n)
			return true;
	}
	return false;
}

/* ---- what an act changes ---- */

static void lapse(struct x_state *s, int item)
{
	const struct plan_ints *l = &s->m->items[item].lapses;

	for (size_t k = 0; k < l->n; k++)
		s->stored[l->at[k]] = X_OPEN;
}

static void set_slot(struct x_state *s, int slot, uint8_t value)
{
	const struct x_model *m = s->m;
	const struct plan_ints *setters = &m->setters[m->slots[slot].fact];
	uint8_t was = s->rank[slot], top = 0;

	s->value[slot] = value;
	if (!m->slots[slot].ranked)
		return;
	for (size_t k = 0; k < setters->n; k++) {
		uint8_t *r = &s->rank[setters->at[k]];

		if (was && *r > was)
			--*r;
		if (setters->at[k] != slot && *r > top)
			top = *r;
	}
	s->rank[slot] = (uint8_t)(top + 1);
}

static bool anything_in_force(const struct x_state *s)
{
	for (size_t a = 0; a < s->m->n_authorities; a++) {
		if (s->ledger[a] == X_IN_FORCE)
			return true;
	}
	return false;
}

static void order(struct x_state *s, int role)
{
	const struct plan *plan = s->m->plan;

	s->ledger[s->m->authority[role]] = X_IN_FORCE; /* whether another one ended no longer shows */
	for (size_t i = 0; i < plan->n_items; i++) {   /* what lifting rests on must be newer than the newest measure */
		if (plan->items[i].under_lift)
			s->stored[i] = X_OPEN;
	}
}

static void take(struct x_state *s, const struct plan_dim *d, const struct plan_option *o)
{
	int slot = d->slot >= 0 ? s->m->slot_of_plan[d->slot] : -1;

	if (slot >= 0) {
		const struct plan_fact *f = &s->m->plan->facts[d->fact];

		for (size_t v = 0; v < f->n_values; v++) {
			if (!strcmp(f->values[v].id, o->id))
				set_slot(s, slot, (uint8_t)(v + 1));
		}
	}
	if (o->orders != ROLE_NONE)
		order(s, o->orders);
	if (o->ratifies != ROLE_NONE && anything_in_force(s))
		s->ledger[s->m->authority[o->ratifies]] = X_IN_FORCE;
	for (size_t k = 0; k < o->reopens.n; k++)
		s->stored[o->reopens.at[k]] = X_OPEN;
}

static void end_measures(struct x_state *s)
{
	for (size_t a = 0; a < s->m->n_authorities; a++) {
		if (s->ledger[a] == X_IN_FORCE)
			s->ledger[a] = X_ENDED;
	}
}

/* Entered for the first time or anew. */
static void enter(struct x_state *s, int item, uint32_t pick)
{
	const struct x_item *x = &s->m->items[item];
	const struct plan_item *it = x->it;
	size_t next = 0;

	lapse(s, item);
	for (size_t d = 0; d < it->n_dims; d++) {
		const struct plan_option *o = NULL;

		if (it->dims[d].constant)
			o = it->dims[d].n_options ? &it->dims[d].options[0] : NULL;
		else if (next < x->n_dims && x->dims[next].dim == &it->dims[d])
			o = x_move_option(x, pick, next++);
		if (o)
			take(s, &it->dims[d], o);
	}
	if (it->lifts)
		end_measures(s);
	if (x_move_sends_back(x, pick))
		s->stored[item] = X_OPEN;
	else if (!it->standing && !it->closes)
		s->stored[item] = x->acked || x->no_ack ? X_TOLD : X_DONE;
}

void x_move_apply(struct x_state *s, struct x_move v)
{
	switch (v.kind) {
	case X_ENTRY:
		for (size_t e = 0; e < s->m->n_entries; e++) {
			if (s->m->entries[e] == v.item)
				*s->entry = (uint8_t)e;
		}
		enter(s, v.item, v.pick);
		break;
	case X_DO:
	case X_AMEND:
		enter(s, v.item, v.pick);
		break;
	case X_WAIVE:
		lapse(s, v.item);
		s->stored[v.item] = X_WAIVED;
		break;
	case X_ACKED:
		s->stored[v.item] = X_DONE;
		break;
	case X_REOPEN:
		s->stored[v.item] = X_OPEN;
		break;
	case X_HAND_OVER:
		end_measures(s);
		break;
	}
}

/* ---- what can be done ---- */

static void each_pick(struct x_state *s, enum x_move_kind kind, int item, void (*on_move)(void *, struct x_move), void *arg)
{
	for (uint32_t pick = 0; pick < s->m->items[item].n_picks; pick++) {
		if (x_move_possible(s, item, pick))
			on_move(arg, (struct x_move){kind, item, pick});
	}
}

static void forward_moves(struct x_state *s, int i, void (*on_move)(void *, struct x_move), void *arg)
{
	const struct x_item *x = &s->m->items[i];

	if (x->plain || x->it->standing || x->it->entry)
		return;
	if (s->stored[i] == X_TOLD && !x->no_ack && x_state_applies(s, i) != X_FALSE)
		on_move(arg, (struct x_move){X_ACKED, i, 0});
	if (!x_state_ready(s, i))
		return;
	each_pick(s, X_DO, i, on_move, arg);
	if (x->it->optional && !x->it->closes)
		on_move(arg, (struct x_move){X_WAIVE, i, 0});
}

static void disruptions(struct x_state *s, int i, void (*on_move)(void *, struct x_move), void *arg)
{
	const struct x_item *x = &s->m->items[i];
	enum x_tri a = x_state_applies(s, i);

	if (x->it->standing) {
		if (x_state_ready(s, i))
			each_pick(s, X_DO, i, on_move, arg);
		return;
	}
	if (x->it->entry || x->it->closes || s->stored[i] == X_OPEN)
		return;
	if (a == X_TRUE && s->stored[i] != X_WAIVED && (x->n_dims || x->lapses.n || !x->plain))
		each_pick(s, X_AMEND, i, on_move, arg);
	if (a != X_FALSE)
		on_move(arg, (struct x_move){X_REOPEN, i, 0});
}

void x_move_each(struct x_state *s, bool forward, void (*on_move)(void *, struct x_move), void *arg)
{
	for (size_t i = 0; i < s->m->plan->n_items; i++) {
		if (forward)
			forward_moves(s, (int)i, on_move, arg);
		else
			disruptions(s, (int)i, on_move, arg);
	}
	if (!forward && s->in_force)
		on_move(arg, (struct x_move){X_HAND_OVER, 0, 0});
}
