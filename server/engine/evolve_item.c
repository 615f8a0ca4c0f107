/*
 * evolve_item: records that change an item: entered, waived, reopened, done (plan-semantics, 'Life of an item', 'Measures').
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine/core.h"

/* The one place where an item's stored state changes. */
static void set_stored(struct incident *in, int item, enum item_stored to)
{
	struct item_state *s = &in->items[item];
	if (to == ITEM_OPEN) {
		s->round = s->entry.by.record;
		s->chains_live = false;
		s->done_at = 0;
	}
	s->stored = to;
	core_forget_memo(in);
}

/* What rested on this must be done again: an entry is newer than everything that rested on the old one. */
static void lapse_resters(struct incident *in, int item, bool *seen)
{
	const struct plan_item *it = &in->plan->items[item];
	for (size_t k = 0; k < it->resters.n; k++) {
		int r = it->resters.at[k];
		if (seen[r])
			continue;
		seen[r] = true;
		set_stored(in, r, ITEM_OPEN);
		lapse_resters(in, r, seen);
	}
}

static void lapse(struct incident *in, int item)
{
	bool *seen = xcalloc(in->plan->n_items, sizeof *seen);
	lapse_resters(in, item, seen);
	free(seen);
}

/* Fields that say it, and the words beside the agenda's choice. */
static bool says_extent(const struct plan_item *it, const struct plan_dim *dim, const char *field)
{
	const struct plan_field *f = plan_field_find(it, field);
	size_t len = strlen(dim->id);
	return f ? f->extent : dim->agenda && strncmp(field, dim->id, len) == 0 && strcmp(field + len, ".text") == 0;
}

static void keep_extent(struct incident *in, int item, const struct plan_dim *dim, const struct record *r, struct measure *m)
{
	struct record said = *r;
	said.n_values = 0;
	said.values = r->n_values ? arena_alloc(in->arena, r->n_values * sizeof *said.values) : NULL;
	for (size_t i = 0; i < r->n_values; i++)
		if (says_extent(&in->plan->items[item], dim, r->values[i].field))
			said.values[said.n_values++] = r->values[i];
	evolve_copy_values(in->arena, &said, &m->extent, &m->n_extent);
}

static void order_measure(struct incident *in, int item, const struct plan_dim *dim, const struct plan_option *o, const struct record *r)
{
	in->measures = xgrow(in->measures, &in->cap_measures, in->n_measures + 1, sizeof *in->measures);
	struct measure *m = &in->measures[in->n_measures++];
	*m = (struct measure){.id = (uint32_t)in->n_measures, .item = item, .option = o->title, .ordered = evolve_deed(in, r)};
	m->ordered.confirmation = DEED_PLAIN;
	m->authorities = xcalloc(1, sizeof *m->authorities);
	m->authorities[0] = o->orders;
	m->n_authorities = 1;
	keep_extent(in, item, dim, r, m);
	in->items[item].entry.ordered = true;
	for (size_t i = 0; i < in->plan->n_items; i++) /* what lifting rests on must be newer than the newest measure */
		if (in->plan->items[i].under_lift)
			set_stored(in, (int)i, ITEM_OPEN);
}

static void take_over(struct incident *in, struct measure *m, int role, const struct record *r)
{
	for (size_t i = 0; i < m->n_authorities; i++)
		if (m->authorities[i] == role)
			return;
	m->authorities = xrealloc(m->authorities, (m->n_authorities + 1) * sizeof *m->authorities);
	m->authorities[m->n_authorities++] = role;
	if (!m->taken_over.record) {
		m->taken_over = evolve_deed(in, r);
		m->taken_over.confirmation = DEED_PLAIN;
	}
}

static const struct plan_option *chosen(const struct plan_dim *d, const struct record *r)
{
	if (d->constant)
		return d->n_options ? &d->options[0] : NULL;
	const char *value = NULL;
	for (size_t i = 0; i < r->n_values; i++)
		if (strcmp(r->values[i].field, d->id) == 0)
			value = r->values[i].value ? r->values[i].value : "unknown"; /* an option of that name may take it */
	for (size_t i = 0; value && i < d->n_options; i++)
		if (strcmp(d->options[i].id, value) == 0)
			return &d->options[i];
	return NULL;
}

/* Facts and effects count from the entry. True when an outcome sends work back. */
static bool choose(struct incident *in, int item, const struct record *r)
{
	const struct plan_item *it = &in->plan->items[item];
	bool back = false;
	for (size_t d = 0; d < it->n_dims; d++) {
		const struct plan_option *o = chosen(&it->dims[d], r);
		if (!o)
			continue;
		if (it->dims[d].slot >= 0) {
			in->slot_value[it->dims[d].slot] = o->id;
			in->slot_order[it->dims[d].slot] = r->index;
		}
		if (o->orders != ROLE_NONE)
			order_measure(in, item, &it->dims[d], o, r);
		for (size_t m = 0; o->ratifies != ROLE_NONE && m < in->n_measures; m++)
			if (in->measures[m].state == MEASURE_IN_FORCE)
				take_over(in, &in->measures[m], o->ratifies, r);
		for (size_t k = 0; k < o->reopens.n; k++)
			set_stored(in, o->reopens.at[k], ITEM_OPEN);
		back = back || o->reopens.n > 0;
	}
	return back;
}

static void copy_calls(struct arena *a, const struct record *r, struct item_entry *to)
{
	to->n_calls = r->n_calls;
	to->calls = r->n_calls ? arena_alloc(a, r->n_calls * sizeof *to->calls) : NULL;
	for (size_t i = 0; i < r->n_calls; i++) {
		const struct record_call *c = &r->calls[i];
		to->calls[i] = (struct record_call){arena_strdup(a, c->body), arena_strdup(a, c->number), arena_strdup(a, c->answered_by),
			arena_strdup(a, c->said), arena_strdup(a, c->reason), c->at, c->again_at, c->no_answer,
			arena_strdup(a, c->offered)};
	}
}

static void lift_all(struct incident *in, const struct record *r)
{
	for (size_t m = 0; m < in->n_measures; m++) {
		if (in->measures[m].state != MEASURE_IN_FORCE)
			continue;
		in->measures[m].state = MEASURE_LIFTED;
		in->measures[m].ended = evolve_deed(in, r);
		in->measures[m].ended.confirmation = DEED_PLAIN;
	}
	core_forget_memo(in);
}

static void appear(struct incident *in, const struct record *r)
{
	int role = r->role ? plan_role_find(in->plan, r->role) : ROLE_NONE;
	if (r->capacity != CAP_SELF || role < 0 || !r->person)
		return;
	post_appear(in, r->person, role, r->index);
}

static void start_chains(struct incident *in, int item)
{
	const struct plan_item *it = &in->plan->items[item];
	struct item_state *s = &in->items[item];
	for (size_t t = 0; t < it->n_tell; t++) {
		s->chains[t] = (struct chain_state){.n_hops = notice_hops(&it->tell[t])};
		if (it->tell[t].if_ordered && !s->entry.ordered)
			s->chains[t].at = s->chains[t].n_hops; /* there is nothing to tell */
	}
	s->chains_live = it->n_tell > 0;
}

/* A call of the entry before, not made anew. */
static bool carried(const struct item_entry *before, const struct record_call *c)
{
	for (size_t i = 0; i < before->n_calls; i++)
		if (before->calls[i].at == c->at && core_same(before->calls[i].body, c->body))
			return true;
	return false;
}

static void entered(struct engine *e, struct incident *in, int item, const struct record *r)
{
	const struct plan_item *it = &in->plan->items[item];
	struct item_state *s = &in->items[item];
	struct item_entry before = s->entry;
	lapse(in, item);
	s->entry.ordered = false;
	bool back = choose(in, item, r);
	bool amended = r->flag && r->kind == REC_ENTERED;
	s->entry = (struct item_entry){.by = evolve_deed(in, r), .amended = amended, .ordered = s->entry.ordered};
	if (r->kind == REC_OPENED)
		s->entry.by.confirmation = DEED_PLAIN;
	evolve_copy_values(in->arena, r, &s->entry.values, &s->entry.n_values);
	copy_calls(in->arena, r, &s->entry);
	for (size_t i = 0; i < r->n_calls; i++)
		if (!carried(&before, &s->entry.calls[i]))
			calls_note(e, in, item, &s->entry.calls[i], NULL, r);
	evolve_pending(e, in, &s->entry.by, NULL, item);
	appear(in, r);
	if (it->lifts)
		lift_all(in, r);
	s->chains_live = false;
	if (back) { /* an outcome that sends work back never completes its own item */
		set_stored(in, item, ITEM_OPEN);
		return;
	}
	start_chains(in, item);
	if (it->standing)
		return;
	set_stored(in, item, s->chains_live && !it->closes ? ITEM_TOLD : ITEM_DONE);
	if (s->stored == ITEM_DONE)
		s->done_at = r->at;
}

/* The next hop that somebody was told of: between may be roles that nobody holds. */
static uint32_t next_told(const struct incident *in, int item, uint32_t chain, uint32_t hop, uint32_t n_hops)
{
	while (hop < n_hops && !notice_hop_told(in, item, chain, hop))
		hop++;
	return hop;
}

/* Moves each chain past the hops that have what they require. */
void evolve_advance(struct incident *in, int item)
{
	struct item_state *s = &in->items[item];
	if (!s->chains_live)
		return;
	for (size_t t = 0; t < in->plan->items[item].n_tell; t++) {
		struct chain_state *c = &s->chains[t];
		for (uint32_t hop = c->at; (hop = next_told(in, item, (uint32_t)t, hop, c->n_hops)) < c->n_hops; hop++) {
			bool met = notice_hop_met(in, item, (uint32_t)t, hop);
			c->at = met ? hop + 1 : hop;
			if (!met)
				break;
		}
	}
}

static void waived(struct engine *e, struct incident *in, int item, const struct record *r)
{
	struct item_state *s = &in->items[item];
	lapse(in, item);
	s->entry = (struct item_entry){.by = evolve_deed(in, r), .reason = arena_strdup(in->arena, r->text)};
	evolve_pending(e, in, &s->entry.by, NULL, item);
	set_stored(in, item, ITEM_WAIVED);
	calls_drop(e, in, item);
	s->chains_live = false;
	s->done_at = r->at;
	appear(in, r);
}

void evolve_item(struct engine *e, const struct record *r, struct changes *ch)
{
	struct incident *in = core_incident(e, r->incident);
	int item = in && r->item ? plan_item_find(in->plan, r->item) : -1;
	if (item < 0)
		return;
	switch (r->kind) {
	case REC_OPENED:
	case REC_ENTERED:
		entered(e, in, item, r);
		break;
	case REC_WAIVED:
		waived(e, in, item, r);
		break;
	case REC_REOPENED:
		set_stored(in, item, ITEM_OPEN);
		if (in->state == INCIDENT_CLOSED && in->plan->items[item].closes) {
			in->state = INCIDENT_OPEN;
			in->closed_at = 0;
			in->closed = (struct deed){0};
			evolve_denied_while_closed(e, in, r, ch);
		}
		in->items[item].entry.reason = arena_strdup(in->arena, r->text);
		appear(in, r);
		break;
	case REC_DONE:
		if (in->items[item].stored == ITEM_TOLD)
			set_stored(in, item, ITEM_DONE);
		in->items[item].done_at = r->at;
		break;
	default:
		assert(!"not an item's record");
	}
	core_dirty(e, in);
	people_note_seen(in);
	core_changed_incident(ch, in, r->index);
}
