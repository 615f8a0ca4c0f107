/* A plan made ready for exploring: conditions as nodes, choices that matter, the order of items, the places of a state's bytes. */
#include "plan/explore_model.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_AUTHORITIES = 255, MAX_ENTRIES = 255, MAX_VALUES = 254 };

static void ints_add(struct arena *a, struct plan_ints *to, int value)
{
	if ((to->n & (to->n - 1)) == 0) { /* grows at powers of two */
		int *grown = arena_alloc(a, (to->n ? to->n * 2 : 1) * sizeof *grown);

		if (to->n)
			memcpy(grown, to->at, to->n * sizeof *grown);
		to->at = grown;
	}
	to->at[to->n++] = value;
}

/* ---- conditions ---- */

static uint8_t *accepted(struct x_model *m, const struct cond *c)
{
	static const char *const STATES[] = {"none", "in_force", "ended"};
	const struct plan *p = m->plan;
	size_t n = c->subject == COND_FACT ? p->facts[c->ref].n_values + 1 : c->subject == COND_ENTRY ? p->n_items : 3;
	uint8_t *out = arena_alloc(m->arena, n + 1);

	for (size_t v = 0; v < n; v++) {
		const char *value = c->subject == COND_ENTRY  ? p->items[v].id
				    : c->subject != COND_FACT ? STATES[v]
				    : v                       ? p->facts[c->ref].values[v - 1].id
							      : "unset";

		for (size_t k = 0; k < c->values.n; k++)
			out[v] |= !strcmp(c->values.at[k], value);
	}
	return out;
}

static int node_of(struct x_model *m, const struct cond *c)
{
	struct x_node n = {.op = c->op, .subject = c->subject, .ref = c->ref, .a = -1, .b = -1};

	if (c->op == COND_IN) {
		n.accepts = accepted(m, c);
		if (c->subject == COND_MEASURES_OF)
			n.ref = m->authority[c->ref];
		else if (c->subject == COND_FACT)
			m->read[c->ref] = true;
	}
	if (c->a)
		n.a = node_of(m, c->a);
	if (c->b)
		n.b = node_of(m, c->b);
	m->nodes = xgrow(m->nodes, &m->cap_nodes, m->n_nodes + 1, sizeof *m->nodes);
	m->nodes[m->n_nodes] = n;
	return (int)m->n_nodes++;
}

/* The same sentence of a step stands for all its items and is judged once. */
static int root_of(struct x_model *m, const struct cond *c)
{
	if (!c)
		return -1;
	for (size_t i = 0; i < m->n_roots; i++) {
		if (m->roots[i].cond == c)
			return (int)i;
	}
	m->roots = xgrow(m->roots, &m->cap_roots, m->n_roots + 1, sizeof *m->roots);
	m->roots[m->n_roots].cond = c;
	m->roots[m->n_roots].node = node_of(m, c);
	return (int)m->n_roots++;
}

/* ---- authorities ---- */

static void add_authority(struct x_model *m, int role)
{
	if (role == ROLE_NONE || m->authority[role] >= 0)
		return;
	if (m->n_authorities == MAX_AUTHORITIES)
		m->too_large = true;
	else
		m->authority[role] = (int)m->n_authorities++;
}

static void find_authorities(struct x_model *m)
{
	const struct plan *p = m->plan;

	m->authority = arena_alloc(m->arena, (p->n_roles + 1) * sizeof *m->authority);
	for (size_t r = 0; r < p->n_roles; r++)
		m->authority[r] = -1;
	for (size_t i = 0; i < p->n_items; i++) {
		for (size_t d = 0; d < p->items[i].n_dims; d++) {
			for (size_t o = 0; o < p->items[i].dims[d].n_options; o++) {
				add_authority(m, p->items[i].dims[d].options[o].orders);
				add_authority(m, p->items[i].dims[d].options[o].ratifies);
			}
		}
	}
}

/* ---- choices ---- */

static bool has_effect(const struct plan_option *o)
{
	return o->orders != ROLE_NONE || o->ratifies != ROLE_NONE || o->reopens.n;
}

/* May it be left without any option? As in engine/form.c. */
static bool may_be_left(const struct plan_item *it, const struct plan_dim *d)
{
	if (d->agenda)
		return true; /* deferred */
	const struct plan_field *f = plan_field_find(it, d->id);

	return f && (f->optional || (f->unknown && !d->live));
}

/* Does it matter what is chosen, or that something can be? */
static bool matters(const struct x_model *m, const struct plan_item *it, const struct plan_dim *d)
{
	bool effect = d->fact >= 0 && m->read[d->fact], free = may_be_left(it, d);

	for (size_t o = 0; o < d->n_options; o++) {
		effect |= has_effect(&d->options[o]);
		free |= !d->options[o].when;
	}
	return effect || !free;
}

static void item_dims(struct x_model *m, struct x_item *x)
{
	uint64_t picks = 1;

	x->dims = arena_alloc(m->arena, (x->it->n_dims + 1) * sizeof *x->dims);
	for (size_t d = 0; d < x->it->n_dims; d++) {
		const struct plan_dim *pd = &x->it->dims[d];
		struct x_dim *xd = &x->dims[x->n_dims];

		if (pd->constant || !matters(m, x->it, pd))
			continue;
		x->n_dims++;
		*xd = (struct x_dim){.dim = pd, .first_seen = m->n_options};
		xd->when = arena_alloc(m->arena, (pd->n_options + 1) * sizeof *xd->when);
		for (size_t o = 0; o < pd->n_options; o++)
			xd->when[o] = root_of(m, pd->options[o].when);
		m->n_options += pd->n_options;
		xd->n_picks = (uint32_t)pd->n_options + may_be_left(x->it, pd);
		picks *= xd->n_picks;
		if (picks >= 1u << X_PICK_BITS) {
			m->too_large = true;
			picks = 1;
		}
	}
	x->n_picks = (uint32_t)picks;
}

static bool sets_what_is_read(const struct x_model *m, const struct plan_item *it)
{
	for (size_t d = 0; d < it->n_dims; d++) {
		if (it->dims[d].constant && it->dims[d].fact >= 0 && m->read[it->dims[d].fact])
			return true;
	}
	return false;
}

static void add_lapses(struct x_model *m, struct plan_ints *to, bool *seen, int item)
{
	const struct plan_ints *r = &m->plan->items[item].resters;

	for (size_t k = 0; k < r->n; k++) {
		if (seen[r->at[k]])
			continue;
		seen[r->at[k]] = true;
		ints_add(m->arena, to, r->at[k]);
		add_lapses(m, to, seen, r->at[k]);
	}
}

/* Does it wait for an acknowledgement of any message about it? */
static bool wants_ack(const struct plan_item *it)
{
	for (size_t t = 0; t < it->n_tell; t++) {
		if (!it->tell[t].if_ordered && (it->tell[t].via.n || it->tell[t].ack != ACK_NONE))
			return true;
	}
	return false;
}

/* Can be done again as it was done, whatever has happened since: it offers the same options at any time, and they have no effect. */
static bool repeatable(const struct plan_item *it)
{
	for (size_t d = 0; d < it->n_dims; d++) {
		for (size_t o = 0; o < it->dims[d].n_options; o++) {
			const struct plan_option *op = &it->dims[d].options[o];

			if (op->when || op->orders != ROLE_NONE || op->ratifies != ROLE_NONE)
				return false;
		}
	}
	return true;
}

/* Done at once, it would hide how it stands when it comes late, and what rests on it must be done again. */
static bool late_is_no_matter(const struct x_model *m, const struct x_item *x)
{
	for (size_t k = 0; k < x->lapses.n; k++) {
		if (!repeatable(&m->plan->items[x->lapses.at[k]]))
			return false;
	}
	return true;
}

static void make_items(struct x_model *m)
{
	const struct plan *p = m->plan;
	bool *seen = xcalloc(p->n_items + 1, sizeof *seen), *doing = xcalloc(p->n_items + 1, sizeof *doing),
	     *observed = xcalloc(p->n_items + 1, sizeof *observed);

	x_watch(p, doing, observed);
	for (size_t i = 0; i < p->n_items; i++) {
		struct x_item *x = &m->items[i];
		const struct plan_item *it = x->it;

		item_dims(m, x);
		memset(seen, 0, (p->n_items + 1) * sizeof *seen);
		add_lapses(m, &x->lapses, seen, (int)i);
		x->acked = observed[i] && wants_ack(it) && !it->entry;
		x->plain = !it->entry && !it->closes && !it->lifts && !it->standing && !x->n_dims && !sets_what_is_read(m, it) &&
			   !doing[i] && !observed[i] && late_is_no_matter(m, x);
		if (it->entry)
			m->entries[m->n_entries++] = (int)i;
	}
	m->too_large |= m->n_entries > MAX_ENTRIES || p->n_items >= 1u << X_ITEM_BITS;
	free(seen);
	free(doing);
	free(observed);
}

/* ---- slots ---- */

static void make_slots(struct x_model *m)
{
	const struct plan *p = m->plan;

	m->slots = arena_alloc(m->arena, (p->n_slots + 1) * sizeof *m->slots);
	m->slot_of_plan = arena_alloc(m->arena, (p->n_slots + 1) * sizeof *m->slot_of_plan);
	for (size_t s = 0; s < p->n_slots; s++) {
		int fact = p->slots[s].fact;

		m->slot_of_plan[s] = -1;
		if (!m->read[fact])
			continue;
		m->too_large |= p->facts[fact].n_values > MAX_VALUES;
		m->slot_of_plan[s] = (int)m->n_slots;
		ints_add(m->arena, &m->setters[fact], (int)m->n_slots);
		m->slots[m->n_slots++] = (struct x_slot){.item = p->slots[s].item, .fact = fact};
	}
	for (size_t s = 0; s < m->n_slots; s++) {
		m->slots[s].ranked = m->setters[m->slots[s].fact].n > 1;
		m->too_large |= m->setters[m->slots[s].fact].n > 200;
	}
}

/* ---- order ---- */

static void visit(struct x_model *m, bool *seen, int item)
{
	const struct plan_ints *pre = &m->plan->items[item].pre;

	if (seen[item] || m->plan->items[item].closes)
		return;
	seen[item] = true;
	for (size_t k = 0; k < pre->n; k++)
		visit(m, seen, pre->at[k]);
	m->order[m->n_order++] = item;
}

static void make_order(struct x_model *m)
{
	const struct plan *p = m->plan;
	bool *seen = xcalloc(p->n_items + 1, sizeof *seen);

	m->order = arena_alloc(m->arena, (p->n_items + 1) * sizeof *m->order);
	for (size_t i = 0; i < p->n_items; i++) {
		if (!p->items[i].aftercare)
			visit(m, seen, (int)i);
	}
	for (size_t i = 0; i < p->n_items; i++)
		visit(m, seen, (int)i);
	free(seen);
}

/* ---- the key ---- */

static unsigned bits_for(size_t values)
{
	unsigned b = 0;

	while ((size_t)1 << b < values)
		b++;
	return b;
}

static void add_field(struct x_model *m, size_t at, size_t values)
{
	unsigned bits = bits_for(values);

	if (bits)
		m->fields[m->n_fields++] = (struct x_field){.at = (uint16_t)at, .bits = (uint8_t)bits};
}

static size_t stored_values(const struct x_item *x)
{
	if (x->it->standing || x->it->closes)
		return 1;
	return x->acked || x->no_ack ? X_TOLD + 1 : x->it->optional ? X_WAIVED + 1 : X_DONE + 1;
}

static void make_fields(struct x_model *m)
{
	unsigned at = 0;

	m->at_value = m->plan->n_items;
	m->at_rank = m->at_value + m->n_slots;
	m->at_ledger = m->at_rank + m->n_slots;
	m->at_entry = m->at_ledger + m->n_authorities;
	m->n_bytes = m->at_entry + 1;
	m->fields = arena_alloc(m->arena, (m->n_bytes + 1) * sizeof *m->fields);
	for (size_t i = 0; i < m->plan->n_items; i++)
		add_field(m, i, stored_values(&m->items[i]));
	for (size_t s = 0; s < m->n_slots; s++) {
		add_field(m, m->at_value + s, m->plan->facts[m->slots[s].fact].n_values + 1);
		if (m->slots[s].ranked)
			add_field(m, m->at_rank + s, m->setters[m->slots[s].fact].n + 1);
	}
	for (size_t a = 0; a < m->n_authorities; a++)
		add_field(m, m->at_ledger + a, 3);
	add_field(m, m->at_entry, m->n_entries);
	m->key_words = 1;
	for (size_t i = 0; i < m->n_fields; i++) {
		if (at + m->fields[i].bits > 64) {
			m->key_words++;
			at = 0;
		}
		at += m->fields[i].bits;
	}
}

/* ---- properties ---- */

static void make_properties(struct x_model *m)
{
	const struct plan *p = m->plan;

	m->properties = arena_alloc(m->arena, (p->n_properties + 1) * sizeof *m->properties);
	for (size_t k = 0; k < p->n_properties; k++) {
		const struct plan_property *pp = &p->properties[k];
		struct x_property *x = &m->properties[k];

		x->when = root_of(m, pp->when);
		x->holds = root_of(m, pp->holds);
		x->never = root_of(m, pp->never);
	}
}

struct x_model *x_model_new(const struct plan *p, const struct explore_limits *limits)
{
	struct arena *a = arena_new(0);
	struct x_model *m = arena_alloc(a, sizeof *m);

	m->plan = p;
	m->arena = a;
	m->read = arena_alloc(a, (p->n_facts + 1) * sizeof *m->read);
	m->setters = arena_alloc(a, (p->n_facts + 1) * sizeof *m->setters);
	m->items = arena_alloc(a, (p->n_items + 1) * sizeof *m->items);
	m->entries = arena_alloc(a, (p->n_items + 1) * sizeof *m->entries);
	find_authorities(m);
	make_properties(m);
	for (size_t i = 0; i < p->n_items; i++) {
		m->items[i].it = &p->items[i];
		m->items[i].when = root_of(m, p->items[i].entry ? NULL : p->items[i].when);
	}
	for (size_t f = 0; f < p->n_facts; f++) /* conditions of options read too, and which options matter depends on what is read */
		m->read[f] = m->read[f] || p->facts[f].read;
	make_items(m);
	for (size_t i = 0; i < p->n_items; i++) {
		m->items[i].no_ack = limits->people && limits->people->no_ack[i];
		m->items[i].no_actor = limits->people && limits->people->no_actor[i];
		m->items[i].plain = m->items[i].plain && !m->items[i].no_ack && !m->items[i].no_actor && !limits->every_step;
	}
	make_slots(m);
	make_order(m);
	make_fields(m);
	return m;
}

void x_model_free(struct x_model *m)
{
	free(m->nodes);
	free(m->roots);
	arena_free(m->arena);
}
