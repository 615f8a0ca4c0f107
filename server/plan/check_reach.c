/*
 * What can never happen: items whose condition cannot hold, options that cannot be chosen, values that nothing sets.
 *
 * Starting from nothing, what can apply is grown until it grows no more: an item can apply when its condition holds for some
 * choice of values that items known to apply can set. Facts are taken as if they were independent, so what is found is
 * certain, but not everything is found.
 */
#include "plan/load.h"

#include <string.h>

enum { MAX_VARIABLES = 12, MAX_CHOICES = 20 * 1000 };

/* What may be seen of a subject so far. Values are numbered; the last of a fact is 'unset'. */
struct domain {
	struct plan_strings values;
	bool *can;
};
struct reach {
	struct loader *l;
	struct domain *facts, *roles; /* roles: measures/ROLE */
	struct domain entry, measures;
	bool *item; /* may apply */
	bool grew;
};

static struct domain *domain_of(struct reach *r, const struct cond *c)
{
	switch (c->subject) {
	case COND_FACT:
		return c->ref >= 0 ? &r->facts[c->ref] : NULL;
	case COND_ENTRY:
		return &r->entry;
	case COND_MEASURES:
		return &r->measures;
	case COND_MEASURES_OF:
		return c->ref >= 0 ? &r->roles[c->ref] : NULL;
	}
	return NULL;
}

/* ---- can a condition hold? ---- */

struct choice {
	struct reach *r;
	struct domain *variables[MAX_VARIABLES];
	size_t value[MAX_VARIABLES];
	size_t n;
	bool too_many;
};

static void on_variable(void *context, const struct cond *c)
{
	struct choice *x = context;
	struct domain *d = domain_of(x->r, c);

	for (size_t i = 0; i < x->n; i++) {
		if (x->variables[i] == d)
			return;
	}
	if (!d || x->n == MAX_VARIABLES)
		x->too_many = true;
	else
		x->variables[x->n++] = d;
}

static bool holds(const struct choice *x, const struct cond *c)
{
	const struct domain *d;
	size_t i = 0;

	switch (c->op) {
	case COND_TRUE:
		return true;
	case COND_NOT:
		return !holds(x, c->a);
	case COND_AND:
		return holds(x, c->a) && holds(x, c->b);
	case COND_OR:
		return holds(x, c->a) || holds(x, c->b);
	case COND_IN:
		break;
	}
	d = domain_of(x->r, c);
	while (x->variables[i] != d)
		i++;
	return cond_has_value(c, d->values.at[x->value[i]]);
}

/* The next choice of possible values; false when all have been seen. */
static bool next_choice(struct choice *x, size_t from)
{
	for (size_t i = from; i < x->n; i++) {
		const struct domain *d = x->variables[i];

		while (++x->value[i] < d->values.n) {
			if (d->can[x->value[i]])
				return true;
		}
		for (x->value[i] = 0; x->value[i] < d->values.n && !d->can[x->value[i]];)
			x->value[i]++;
	}
	return false;
}

static bool satisfiable(struct reach *r, const struct cond *c)
{
	struct choice x = {.r = r};
	size_t tried = 0;

	if (!c)
		return true;
	cond_each(c, on_variable, &x);
	if (x.too_many)
		return true;
	for (size_t i = 0; i < x.n; i++) {
		while (x.value[i] < x.variables[i]->values.n && !x.variables[i]->can[x.value[i]])
			x.value[i]++;
		if (x.value[i] == x.variables[i]->values.n)
			return false; /* no value at all, not even 'unset': there is no entry */
	}
	do {
		if (holds(&x, c) || ++tried > MAX_CHOICES)
			return true;
	} while (next_choice(&x, 0));
	return false;
}

/* ---- growing ---- */

static void allow(struct reach *r, struct domain *d, const char *value)
{
	int i = read_find(&d->values, value);

	if (i >= 0 && !d->can[i]) {
		d->can[i] = true;
		r->grew = true;
	}
}

static struct domain domain_new(struct reach *r, const char *const *values, size_t n, const char *at_first)
{
	struct domain d = {.values = read_strings_new(&r->l->r, n), .can = arena_alloc(r->l->r.arena, n + 1)};

	for (size_t i = 0; i < n; i++)
		d.values.at[d.values.n++] = values[i];
	if (at_first)
		allow(r, &d, at_first);
	return d;
}

static void prepare(struct reach *r)
{
	static const char *const STATES[] = {"none", "in_force", "ended"};
	const struct plan *plan = r->l->plan;
	struct arena *a = r->l->r.arena;

	r->facts = arena_alloc(a, (plan->n_facts + 1) * sizeof *r->facts);
	r->roles = arena_alloc(a, (plan->n_roles + 1) * sizeof *r->roles);
	r->item = arena_alloc(a, (plan->n_items + 1) * sizeof *r->item);
	for (size_t i = 0; i < plan->n_facts; i++) {
		struct plan_strings v = read_strings_new(&r->l->r, plan->facts[i].n_values + 1);

		for (size_t j = 0; j < plan->facts[i].n_values; j++)
			v.at[v.n++] = plan->facts[i].values[j].id;
		v.at[v.n++] = "unset";
		r->facts[i] = domain_new(r, v.at, v.n, "unset");
		for (size_t j = 0; r->l->damaged[i] && j < v.n; j++)
			allow(r, &r->facts[i], v.at[j]);
	}
	for (size_t i = 0; i < plan->n_roles; i++)
		r->roles[i] = domain_new(r, STATES, 3, "none");
	r->measures = domain_new(r, STATES, 3, "none");
	r->entry = domain_new(r, r->l->items.at, r->l->items.n, NULL);
}

static void grow_option(struct reach *r, const struct plan_dim *d, const struct plan_option *o)
{
	if (!satisfiable(r, o->when))
		return;
	if (d->fact >= 0)
		allow(r, &r->facts[d->fact], o->id);
	/* A measure that can be in force can come to its end, if only by being handed over. */
	if (o->orders != ROLE_NONE) {
		allow(r, &r->measures, "in_force");
		allow(r, &r->measures, "ended");
		allow(r, &r->roles[o->orders], "in_force");
		allow(r, &r->roles[o->orders], "ended");
	}
	if (o->ratifies != ROLE_NONE) {
		allow(r, &r->roles[o->ratifies], "in_force");
		allow(r, &r->roles[o->ratifies], "ended");
	}
}

static void grow_item(struct reach *r, size_t i)
{
	const struct plan_item *it = &r->l->plan->items[i];

	if (!r->item[i] && !it->entry && !satisfiable(r, it->when))
		return;
	r->item[i] = true;
	if (it->entry)
		allow(r, &r->entry, it->id);
	for (size_t j = 0; j < it->n_dims; j++) {
		for (size_t k = 0; k < it->dims[j].n_options; k++)
			grow_option(r, &it->dims[j], &it->dims[j].options[k]);
	}
}

/* ---- telling ---- */

static struct plan_pos when_pos(const struct loader *l, size_t i)
{
	const struct plan_item *it = &l->plan->items[i];
	const struct node *n = l->item[i][ITEM_WHEN];

	if (!n)
		n = l->step_when[it->step];
	if (!n)
		n = l->procedure_when[it->procedure];
	return n ? n->pos : it->pos;
}

static void tell_options(struct reach *r, const struct plan_item *it)
{
	for (size_t j = 0; j < it->n_dims; j++) {
		const struct plan_dim *d = &it->dims[j];
		size_t possible = 0;

		for (size_t k = 0; k < d->n_options; k++) {
			if (satisfiable(r, d->options[k].when))
				possible++;
			else
				READ_WARN(&r->l->r, d->options[k].when->pos, "Option '%s' can never be chosen: its condition cannot hold.",
					"選択肢「%s」は選べません。条件が満たされることがありません。", d->options[k].id);
		}
		if (d->n_options && !possible)
			READ_FAULT(&r->l->r, it->pos, "No option of '%s' can ever be chosen: the item could never be done.",
				"「%s」の選択肢がどれも選べず、項目が終わりません。", d->id);
	}
}

static bool anything_sets(const struct plan *plan, int fact)
{
	for (size_t i = 0; i < plan->n_slots; i++) {
		if (plan->slots[i].fact == fact)
			return true;
	}
	return false;
}

static void on_comparison(void *context, const struct cond *c)
{
	struct reach *r = context;
	struct loader *l = r->l;
	const struct domain *d = domain_of(r, c);
	enum { IN_FORCE = 1 };

	if (c->subject == COND_FACT && c->ref >= 0 && !anything_sets(l->plan, c->ref) && !l->damaged[c->ref]) {
		READ_FAULT(&l->r, c->pos, "Condition on the fact '%s', which nothing sets. Add 'sets: %s' to a choice.",
			"条件の判断事項「%s」を定める項目がありません。choice の欄に sets: %s を書いてください。",
			l->plan->facts[c->ref].id, l->plan->facts[c->ref].id);
		return;
	}
	if (d && (c->subject == COND_MEASURES || c->subject == COND_MEASURES_OF) && !d->can[IN_FORCE]) {
		READ_WARN(&l->r, c->pos, "Condition: no option orders such a measure, so it is always 'none'.",
			"条件: その措置を命ずる選択肢がなく、常に none です。");
		return;
	}
	for (size_t i = 0; d && i < c->values.n; i++) {
		int v = read_find(&d->values, c->values.at[i]);

		if (v < 0 || d->can[v])
			continue;
		if (c->subject == COND_ENTRY)
			READ_FAULT(&l->r, c->pos, "Condition: '%s' is no entry item ('entry: true').",
				"条件: 「%s」は発端の項目（entry: true）ではありません。", c->values.at[i]);
		else if (c->subject == COND_FACT)
			READ_FAULT(&l->r, c->pos,
				"Condition: nothing ever sets '%s' to '%s'. Offer it as an option, or remove the comparison.",
				"条件: 「%s」が「%s」になることがありません。選択肢に加えるか、比較を消してください。",
				l->plan->facts[c->ref].id, c->values.at[i]);
	}
}

/* Only where no single comparison explains it already. */
static void tell_never(struct reach *r, size_t i)
{
	struct loader *l = r->l;
	const struct plan_item *it = &l->plan->items[i];

	if (l->item[i][ITEM_WHEN])
		READ_FAULT(&l->r, when_pos(l, i), "Item '%s' can never apply: its condition, with its step's and procedure's, cannot hold.",
			"項目「%s」は当てはまることがありません。手順・手順書の条件と合わせて、条件が満たされません。", it->id);
	else
		READ_FAULT(&l->r, when_pos(l, i), "Nothing here can ever apply: the condition cannot hold.",
			"ここにある項目は当てはまることがありません。条件が満たされません。");
}

/* A measure ordered here must be liftable by an item that can apply under the same circumstances. */
static void tell_unliftable(struct reach *r, const struct plan_item *it, const struct plan_option *o)
{
	const struct plan *plan = r->l->plan;
	bool lifts = false;

	for (size_t i = 0; i < plan->n_items; i++) {
		const struct plan_item *lifter = &plan->items[i];

		if (!lifter->lifts)
			continue;
		if (satisfiable(r, cond_both(r->l->r.arena, it->when, lifter->when)))
			return;
		lifts = true;
	}
	if (lifts) /* none at all is told by check_plan */
		READ_FAULT(&r->l->r, o->pos,
			"The measure ordered here could not be lifted: no item with 'lifts: true' can apply where item '%s' does.",
			"ここで命ずる措置を解けません。項目「%s」が当てはまるときに、lifts: true の項目が当てはまりません。", it->id);
}

static void tell_orders(struct reach *r, const struct plan_item *it)
{
	for (size_t j = 0; j < it->n_dims; j++) {
		for (size_t k = 0; k < it->dims[j].n_options; k++) {
			if (it->dims[j].options[k].orders != ROLE_NONE)
				tell_unliftable(r, it, &it->dims[j].options[k]);
		}
	}
}

static void tell_item(struct reach *r, size_t i)
{
	struct loader *l = r->l;
	const struct plan_item *it = &l->plan->items[i];
	size_t errors = l->r.faults->n_errors;

	if (!it->entry)
		cond_each(it->when, on_comparison, r);
	for (size_t j = 0; j < it->n_dims; j++) {
		for (size_t k = 0; k < it->dims[j].n_options; k++)
			cond_each(it->dims[j].options[k].when, on_comparison, r);
	}
	if (r->item[i]) {
		tell_options(r, it);
		tell_orders(r, it);
	} else if (l->r.faults->n_errors == errors) {
		tell_never(r, i);
	}
}

void check_reach(struct loader *l)
{
	struct reach r = {.l = l};

	prepare(&r);
	do {
		r.grew = false;
		for (size_t i = 0; i < l->plan->n_items; i++)
			grow_item(&r, i);
	} while (r.grew);
	for (size_t i = 0; i < l->plan->n_items; i++)
		tell_item(&r, i);
}
