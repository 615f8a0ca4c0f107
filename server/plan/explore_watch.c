/*
 * What is looked at step by step, since a property speaks of it: the items themselves, and of those before them whatever need not be
 * settled when the act in question is done. An open one among these keeps all that comes after it from being settled or done.
 */
#include "plan/explore_model.h"

#include <stdlib.h>
#include <string.h>

/* ---- items that never apply together ---- */

static bool shared_value(const struct cond *a, const struct cond *b)
{
	for (size_t i = 0; i < a->values.n; i++) {
		for (size_t k = 0; k < b->values.n; k++) {
			if (!strcmp(a->values.at[i], b->values.at[k]))
				return true;
		}
	}
	return false;
}

/* Does b demand that the same thing has another value than a demands? Only what is plain to see. */
static bool against(const struct cond *a, const struct cond *b)
{
	if (!b)
		return false;
	if (b->op == COND_AND)
		return against(a, b->a) || against(a, b->b);
	return b->op == COND_IN && b->subject == a->subject && b->ref == a->ref && !shared_value(a, b);
}

static bool exclude_each_other(const struct cond *a, const struct cond *b)
{
	if (!a)
		return false;
	if (a->op == COND_AND)
		return exclude_each_other(a->a, b) || exclude_each_other(a->b, b);
	return a->op == COND_IN && against(a, b);
}

/* ---- what comes before ---- */

static void mark_before(const struct plan *p, int item, bool *marked)
{
	const struct plan_ints *pre = &p->items[item].pre;

	for (size_t k = 0; k < pre->n; k++) {
		if (marked[pre->at[k]])
			continue;
		marked[pre->at[k]] = true;
		mark_before(p, pre->at[k], marked);
	}
}

static void mark(const struct plan_ints *items, bool *marked)
{
	for (size_t k = 0; k < items->n; k++)
		marked[items->at[k]] = true;
}

/* An item that does not apply together with the act is not done then, whatever stands before it; settled it may be. */
static void mark_asked(const struct plan *p, const struct plan_ints *items, const struct plan_item *act, bool *marked)
{
	for (size_t k = 0; k < items->n; k++) {
		if (!act || !exclude_each_other(p->items[items->at[k]].when, act->when))
			mark_before(p, items->at[k], marked);
	}
}

/* Before closing everything is settled. */
static void watch_act(const struct plan *p, const struct plan_property *pp, int act, bool *asked, bool *observed)
{
	bool *settled = xcalloc(p->n_items + 1, sizeof *settled);

	memset(asked, 0, p->n_items * sizeof *asked);
	mark_asked(p, &pp->done, &p->items[act], asked);
	mark_asked(p, &pp->done_any, &p->items[act], asked);
	mark_asked(p, &pp->settled, NULL, asked);
	mark_before(p, act, settled);
	for (size_t i = 0; i < p->n_items && !p->items[act].closes; i++)
		observed[i] |= asked[i] && !settled[i];
	free(settled);
}

void x_watch(const struct plan *p, bool *doing, bool *observed)
{
	bool *asked = xcalloc(p->n_items + 1, sizeof *asked);

	for (size_t k = 0; k < p->n_properties; k++) {
		const struct plan_property *pp = &p->properties[k];

		mark(&pp->doing, doing);
		mark(&pp->done, observed);
		mark(&pp->done_any, observed);
		mark(&pp->settled, observed);
		for (size_t i = 0; i < pp->doing.n; i++)
			watch_act(p, pp, pp->doing.at[i], asked, observed);
	}
	free(asked);
}
