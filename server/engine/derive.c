/*
 * derive: what follows from what is stored, computed when asked and kept until the incident's next record: whether an
 * item applies, is settled, is ready (plan-semantics, 'Life of an item' and 'Conditions and facts').
 */
#include <string.h>

#include "engine/core.h"

static bool has_value(const struct plan_strings *values, const char *v)
{
	for (size_t i = 0; i < values->n; i++)
		if (strcmp(values->at[i], v) == 0)
			return true;
	return false;
}

/* 'none', 'in_force' or 'ended', of the measures with that role's authority (ROLE_NONE: of all). */
static const char *measures_state(const struct incident *in, int role)
{
	bool any = false;
	for (size_t i = 0; i < in->n_measures; i++) {
		const struct measure *m = &in->measures[i];
		bool counts = role == ROLE_NONE;
		for (size_t k = 0; k < m->n_authorities && !counts; k++)
			counts = m->authorities[k] == role;
		if (!counts)
			continue;
		if (m->state == MEASURE_IN_FORCE)
			return "in_force";
		any = true;
	}
	return any ? "ended" : "none";
}

static enum tri evaluate_in(const struct incident *in, const struct cond *c)
{
	const char *v = NULL;
	bool pending = false;
	switch (c->subject) {
	case COND_FACT:
		v = derive_fact(in, c->ref, &pending);
		break;
	case COND_ENTRY:
		v = in->plan->items[in->entry].id;
		break;
	case COND_MEASURES:
		v = measures_state(in, ROLE_NONE);
		break;
	case COND_MEASURES_OF:
		v = measures_state(in, c->ref);
		break;
	}
	if (!v && has_value(&c->values, "unset"))
		return TRI_TRUE;
	if (!v)
		return pending ? TRI_UNKNOWN : TRI_FALSE;
	return has_value(&c->values, v) ? TRI_TRUE : TRI_FALSE;
}

static enum tri evaluate(const struct incident *in, const struct cond *c)
{
	if (!c)
		return TRI_TRUE;
	enum tri a, b;
	switch (c->op) {
	case COND_TRUE:
		return TRI_TRUE;
	case COND_IN:
		return evaluate_in(in, c);
	case COND_NOT:
		a = evaluate(in, c->a);
		return a == TRI_UNKNOWN ? a : a == TRI_TRUE ? TRI_FALSE : TRI_TRUE;
	case COND_AND:
		a = evaluate(in, c->a);
		if (a == TRI_FALSE)
			return a;
		b = evaluate(in, c->b);
		return b == TRI_FALSE ? b : a == TRI_UNKNOWN ? a : b;
	case COND_OR:
		a = evaluate(in, c->a);
		if (a == TRI_TRUE)
			return a;
		b = evaluate(in, c->b);
		return b == TRI_TRUE ? b : a == TRI_UNKNOWN ? a : b;
	}
	return TRI_UNKNOWN;
}

const char *derive_fact(const struct incident *in, int fact, bool *pending)
{
	const struct plan *p = in->plan;
	const char *value = NULL;
	uint64_t newest = 0;
	bool may_come = false;
	for (size_t s = 0; s < p->n_slots; s++) {
		if (p->slots[s].fact != fact)
			continue;
		int i = p->slots[s].item;
		const struct plan_item *it = &p->items[i];
		enum tri a = derive_applies(in, i);
		if (a == TRI_TRUE && in->slot_value[s]) {
			if (!value || in->slot_order[s] > newest) {
				value = in->slot_value[s];
				newest = in->slot_order[s];
			}
		} else if (a == TRI_UNKNOWN || (a == TRI_TRUE && in->items[i].stored == ITEM_OPEN && !it->standing && !it->entry)) {
			may_come = true;
		}
	}
	if (pending)
		*pending = !value && may_come;
	return value;
}

enum tri derive_applies(const struct incident *in, int item)
{
	signed char *memo = &in->memo_applies[item];
	if (*memo < 0) {
		const struct plan_item *it = &in->plan->items[item];
		*memo = (signed char)(it->entry ? (in->entry == item ? TRI_TRUE : TRI_FALSE) : evaluate(in, it->when));
	}
	return (enum tri) * memo;
}

bool derive_settled(const struct incident *in, int item)
{
	signed char *memo = &in->memo_settled[item];
	if (*memo >= 0)
		return *memo;
	const struct plan_item *it = &in->plan->items[item];
	enum tri a = derive_applies(in, item);
	enum item_stored st = in->items[item].stored;
	bool settled = a == TRI_FALSE || it->standing || (a == TRI_TRUE && (st == ITEM_DONE || st == ITEM_WAIVED));
	for (size_t k = 0; settled && k < it->pre.n; k++)
		settled = derive_settled(in, it->pre.at[k]); /* deep, also through what does not apply */
	*memo = settled;
	return settled;
}

bool derive_in_force(const struct incident *in)
{
	for (size_t i = 0; i < in->n_measures; i++)
		if (in->measures[i].state == MEASURE_IN_FORCE)
			return true;
	return false;
}

/* The emergency is over: nothing in force, everything but aftercare and closing settled. */
static bool over(const struct incident *in)
{
	if (derive_in_force(in))
		return false;
	for (size_t i = 0; i < in->plan->n_items; i++)
		if (!in->plan->items[i].aftercare && !in->plan->items[i].closes && !derive_settled(in, (int)i))
			return false;
	return true;
}

bool derive_emergency(const struct incident *in)
{
	for (size_t i = 0; i < in->plan->n_items; i++) {
		const struct plan_item *it = &in->plan->items[i];
		if (!it->aftercare && !it->closes && !derive_settled(in, (int)i))
			return true;
	}
	return derive_in_force(in);
}

bool derive_may_close(const struct incident *in)
{
	if (derive_in_force(in))
		return false;
	for (size_t i = 0; i < in->plan->n_items; i++)
		if (!in->plan->items[i].closes && !derive_settled(in, (int)i))
			return false;
	return true;
}

bool derive_ready(const struct incident *in, int item)
{
	const struct plan_item *it = &in->plan->items[item];
	if (in->state != INCIDENT_OPEN || it->entry || derive_applies(in, item) != TRI_TRUE)
		return false;
	if (in->items[item].stored != ITEM_OPEN && !it->standing)
		return false;
	if (it->closes)
		return derive_may_close(in);
	for (size_t k = 0; k < it->pre.n; k++)
		if (!derive_settled(in, it->pre.at[k]))
			return false;
	return !it->aftercare || over(in);
}

enum item_life derive_life(const struct incident *in, int item)
{
	const struct plan_item *it = &in->plan->items[item];
	enum item_stored st = in->items[item].stored;
	switch (derive_applies(in, item)) {
	case TRI_UNKNOWN:
		return LIFE_UNDETERMINED;
	case TRI_FALSE:
		return st == ITEM_OPEN ? LIFE_NOT_APPLICABLE : LIFE_KEPT;
	case TRI_TRUE:
		break;
	}
	if (st == ITEM_TOLD)
		return LIFE_TOLD;
	if (st == ITEM_DONE || st == ITEM_WAIVED)
		return !it->closes && !derive_settled(in, item) ? LIFE_HELD : st == ITEM_DONE ? LIFE_DONE : LIFE_WAIVED;
	if (!derive_ready(in, item))
		return LIFE_WAITING;
	return it->standing ? LIFE_STANDING : LIFE_READY;
}

bool derive_option_possible(const struct incident *in, const struct plan_option *o)
{
	return evaluate(in, o->when) == TRI_TRUE;
}

size_t derive_waits_for(const struct incident *in, int item, int *out, size_t max)
{
	const struct plan_item *it = &in->plan->items[item];
	size_t n = 0;
	if (it->closes || it->aftercare) {
		for (size_t i = 0; i < in->plan->n_items && n < max; i++) {
			const struct plan_item *o = &in->plan->items[i];
			if ((int)i != item && !o->closes && (it->closes || !o->aftercare) && derive_applies(in, (int)i) != TRI_FALSE &&
				!derive_settled(in, (int)i))
				out[n++] = (int)i;
		}
	}
	for (size_t k = 0; k < it->pre.n && n < max; k++) {
		bool listed = derive_settled(in, it->pre.at[k]);
		for (size_t j = 0; j < n && !listed; j++)
			listed = out[j] == it->pre.at[k];
		if (!listed)
			out[n++] = it->pre.at[k];
	}
	return n;
}
