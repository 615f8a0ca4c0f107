/*
 * One state of an incident: packing it, and what follows from it. The rules are those of engine/derive.c: applies, settled (deep),
 * ready, over.
 */
#include "plan/explore_model.h"

#include <string.h>

struct x_state *x_state_new(struct x_model *m)
{
	struct arena *a = m->arena;
	size_t n = m->plan->n_items;
	struct x_state *s = arena_alloc(a, sizeof *s);

	s->m = m;
	s->bytes = arena_alloc(a, m->n_bytes);
	s->stored = s->bytes;
	s->value = s->bytes + m->at_value;
	s->rank = s->bytes + m->at_rank;
	s->ledger = s->bytes + m->at_ledger;
	s->entry = s->bytes + m->at_entry;
	s->applies = arena_alloc(a, n + 1);
	s->root = arena_alloc(a, m->n_roots + 1);
	s->fact = arena_alloc(a, (m->plan->n_facts + 1) * sizeof *s->fact);
	s->pending = arena_alloc(a, (m->plan->n_facts + 1) * sizeof *s->pending);
	s->settled = arena_alloc(a, (n + 1) * sizeof *s->settled);
	s->done = arena_alloc(a, (n + 1) * sizeof *s->done);
	return s;
}

void x_state_copy(struct x_state *to, const struct x_state *from)
{
	memcpy(to->bytes, from->bytes, from->m->n_bytes);
}

void x_state_begin(struct x_state *s)
{
	memset(s->bytes, 0, s->m->n_bytes);
}

void x_state_pack(const struct x_state *s, uint64_t *key)
{
	const struct x_model *m = s->m;
	uint64_t word = 0;
	unsigned at = 0;

	for (size_t i = 0; i < m->n_fields; i++) {
		const struct x_field *f = &m->fields[i];

		if (at + f->bits > 64) {
			*key++ = word;
			word = 0;
			at = 0;
		}
		word |= (uint64_t)s->bytes[f->at] << at;
		at += f->bits;
	}
	*key = word;
}

void x_state_unpack(struct x_state *s, const uint64_t *key)
{
	const struct x_model *m = s->m;
	uint64_t word = *key;
	unsigned at = 0;

	for (size_t i = 0; i < m->n_fields; i++) {
		const struct x_field *f = &m->fields[i];

		if (at + f->bits > 64) {
			word = *++key;
			at = 0;
		}
		s->bytes[f->at] = (uint8_t)(word & ((1u << f->bits) - 1));
		word >>= f->bits;
		at += f->bits;
	}
}

int x_state_entry(const struct x_state *s)
{
	return s->m->entries[*s->entry];
}

/* ---- conditions ---- */

static enum x_ledger all_measures(const struct x_state *s)
{
	enum x_ledger all = X_NONE;

	for (size_t i = 0; i < s->m->n_authorities && all != X_IN_FORCE; i++)
		all = s->ledger[i] ? (enum x_ledger)s->ledger[i] : all;
	return all;
}

/* The newest value among the setters that apply; without one it is pending while one of them may still act. */
static void find_fact(struct x_state *s, int fact)
{
	const struct x_model *m = s->m;
	const struct plan_ints *setters = &m->setters[fact];
	unsigned newest = 0;
	bool may_come = false;

	s->fact[fact] = 0; /* a fact that depends on itself (refused elsewhere) is never known */
	s->pending[fact] = true;
	short value = 0;
	for (size_t k = 0; k < setters->n; k++) {
		int slot = setters->at[k], item = m->slots[slot].item;
		const struct plan_item *it = &m->plan->items[item];
		enum x_tri a = x_state_applies(s, item);

		if (a == X_TRUE && s->value[slot]) {
			if (!value || s->rank[slot] > newest) {
				value = s->value[slot];
				newest = s->rank[slot];
			}
		} else if (a == X_UNKNOWN || (a == X_TRUE && s->stored[item] == X_OPEN && !it->standing && !it->entry)) {
			may_come = true;
		}
	}
	s->fact[fact] = value;
	s->pending[fact] = !value && may_come;
}

static enum x_tri compare(struct x_state *s, const struct x_node *n)
{
	switch (n->subject) {
	case COND_ENTRY:
		return n->accepts[x_state_entry(s)] ? X_TRUE : X_FALSE;
	case COND_MEASURES:
		return n->accepts[all_measures(s)] ? X_TRUE : X_FALSE;
	case COND_MEASURES_OF:
		return n->accepts[n->ref < 0 ? X_NONE : s->ledger[n->ref]] ? X_TRUE : X_FALSE;
	case COND_FACT:
		break;
	}
	if (s->fact[n->ref] < 0)
		find_fact(s, n->ref);
	if (n->accepts[s->fact[n->ref]])
		return X_TRUE;
	return !s->fact[n->ref] && s->pending[n->ref] ? X_UNKNOWN : X_FALSE;
}

static enum x_tri evaluate(struct x_state *s, int node)
{
	const struct x_node *n = &s->m->nodes[node];
	enum x_tri a, b;

	switch (n->op) {
	case COND_TRUE:
		return X_TRUE;
	case COND_IN:
		return compare(s, n);
	case COND_NOT:
		a = evaluate(s, n->a);
		return a == X_UNKNOWN ? a : a == X_TRUE ? X_FALSE : X_TRUE;
	case COND_AND:
		a = evaluate(s, n->a);
		if (a == X_FALSE)
			return a;
		b = evaluate(s, n->b);
		return b == X_FALSE ? b : a == X_UNKNOWN ? a : b;
	case COND_OR:
		a = evaluate(s, n->a);
		if (a == X_TRUE)
			return a;
		b = evaluate(s, n->b);
		return b == X_TRUE ? b : a == X_UNKNOWN ? a : b;
	}
	return X_UNKNOWN;
}

enum x_tri x_state_when(struct x_state *s, int root)
{
	if (root < 0)
		return X_TRUE;
	if (s->root[root] < 0)
		s->root[root] = (signed char)evaluate(s, s->m->roots[root].node);
	return (enum x_tri)s->root[root];
}

enum x_tri x_state_applies(struct x_state *s, int item)
{
	if (s->applies[item] < 0) {
		const struct x_item *x = &s->m->items[item];

		s->applies[item] = (signed char)(x->it->entry ? (x_state_entry(s) == item ? X_TRUE : X_FALSE) : x_state_when(s, x->when));
	}
	return (enum x_tri)s->applies[item];
}

/* ---- settled ---- */

static void forget(struct x_state *s)
{
	const struct x_model *m = s->m;

	memset(s->applies, -1, m->plan->n_items);
	memset(s->root, -1, m->n_roots);
	memset(s->fact, -1, m->plan->n_facts * sizeof *s->fact);
	memset(s->settled, 0, m->plan->n_items * sizeof *s->settled);
	s->in_force = all_measures(s) == X_IN_FORCE;
}

static bool before_settled(const struct x_state *s, const struct plan_item *it)
{
	for (size_t k = 0; k < it->pre.n; k++) {
		if (!s->settled[it->pre.at[k]])
			return false;
	}
	return true;
}

/* Done at once; true when something that was done before must be done again, so that conditions are to be looked at anew. */
static bool do_plain(struct x_state *s, int item)
{
	const struct plan_ints *l = &s->m->items[item].lapses;
	bool lapsed = false;

	for (size_t k = 0; k < l->n && !lapsed; k++)
		lapsed = s->stored[l->at[k]] != X_OPEN;
	x_move_apply(s, (struct x_move){X_DO, item, 0});
	s->done[s->n_done++] = item;
	return lapsed;
}

/* In the order in which items come after each other, one pass finds all that is settled; items in a circle never are. */
static bool pass(struct x_state *s, bool eager)
{
	const struct x_model *m = s->m;

	forget(s);
	s->over = !s->in_force;
	s->may_close = !s->in_force;
	for (size_t k = 0; k < m->n_order; k++) {
		int i = m->order[k];
		const struct x_item *x = &m->items[i];
		enum x_tri a = x_state_applies(s, i);
		bool before = before_settled(s, x->it);

		if (eager && x->plain && a == X_TRUE && s->stored[i] == X_OPEN && before && (!x->it->aftercare || s->over) &&
			do_plain(s, i))
			return false;
		s->settled[i] = before &&
				(a == X_FALSE || x->it->standing || (a == X_TRUE && (s->stored[i] == X_DONE || s->stored[i] == X_WAIVED)));
		if (!s->settled[i]) {
			s->may_close = false;
			s->over = s->over && x->it->aftercare;
		}
	}
	return true;
}

void x_state_derive(struct x_state *s)
{
	s->n_done = 0;
	pass(s, false);
}

void x_state_settle(struct x_state *s)
{
	s->n_done = 0;
	while (!pass(s, true))
		;
}

bool x_state_ready(struct x_state *s, int item)
{
	const struct plan_item *it = s->m->items[item].it;

	if (it->entry || s->m->items[item].no_actor || x_state_applies(s, item) != X_TRUE || (s->stored[item] != X_OPEN && !it->standing))
		return false;
	if (it->closes)
		return s->may_close;
	return before_settled(s, it) && (!it->aftercare || s->over);
}

bool x_state_done(struct x_state *s, int item)
{
	return x_state_applies(s, item) == X_TRUE && s->stored[item] == X_DONE && s->settled[item];
}
