/*
 * term: what holds for a term: absences, and delegations (職務代理, 委任). A term begins and ends by a record, so that the log alone tells
 * who stood in for whom at any moment.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/core.h"

/* ---- looking ---- */

const struct absence *engine_absence(const struct engine *e, const char *person, bool in_force)
{
	for (size_t i = 0; i < e->n_absences; i++)
		if (core_same(e->absences[i].person, person) && (e->absences[i].begun || !in_force))
			return &e->absences[i];
	return NULL;
}

size_t engine_absences(const struct engine *e, const struct absence **out)
{
	*out = e->absences;
	return e->n_absences;
}

size_t engine_delegations(const struct engine *e, const struct delegation **out)
{
	*out = e->delegations;
	return e->n_delegations;
}

bool engine_delegation_live(const struct delegation *g)
{
	return g->begun && !g->ended_at;
}

/* Roles are matched by their ids: an edition of the plan that no longer has one leaves the delegation without effect. */
static bool covers(const struct engine *e, const struct delegation *g, const struct site_holder *h, const char *role)
{
	return post_holds(e, h, g->from) && (!g->role || core_same(g->role, h->role) || core_same(g->role, role));
}

/* Given by one who was barred from the incident by then: the bar would only change the name under which that person takes part. What an
 * administrator enters is not that person's. */
static bool sent_by_barred(const struct incident *in, const struct delegation *g)
{
	for (size_t i = 0; in && i < in->n_bars; i++) {
		const struct bar *b = &in->bars[i];
		if (!b->over && core_same(b->person, g->from) && core_same(g->by.person, g->from) && g->by.record > b->by.record)
			return true;
	}
	return false;
}

const struct delegation *term_delegation(const struct engine *e, const struct incident *in, const struct site_holder *h, const char *role,
	const char *holder, const char *person, enum capacity kind)
{
	for (size_t i = 0; i < e->n_delegations; i++) {
		const struct delegation *g = &e->delegations[i];
		if (engine_delegation_live(g) && g->kind == kind && core_same(g->to, person) && (!holder || core_same(g->from, holder)) &&
			covers(e, g, h, role) && !sent_by_barred(in, g))
			return g;
	}
	return NULL;
}

size_t term_delegations_of(const struct engine *e, const char *from)
{
	size_t n = 0;
	for (size_t i = 0; i < e->n_delegations; i++)
		n += !e->delegations[i].ended_at && core_same(e->delegations[i].from, from);
	return n;
}

const struct delegation *term_lapsed(const struct engine *e, const struct plan *p, int role, const char *person)
{
	const struct site_holder *hs[64];
	size_t n = role >= 0 ? people_holders(e, p, role, hs, 64) : 0;
	for (size_t i = e->n_delegations; i-- > 0;)
		for (size_t k = 0; k < n; k++) {
			const struct delegation *g = &e->delegations[i];
			if (!engine_delegation_live(g) && core_same(g->to, person) && covers(e, g, hs[k], p->roles[role].id))
				return g;
		}
	return NULL;
}

/* ---- records ---- */

static struct arena *strings(struct engine *e)
{
	if (!e->terms)
		e->terms = arena_new(0);
	return e->terms;
}

static struct deed deed_of(struct engine *e, const struct record *r)
{
	struct incident site_wide = {.arena = strings(e)};
	return evolve_deed(&site_wide, r);
}

static void absent(struct engine *e, const struct record *r)
{
	for (size_t i = 0; i < e->n_absences; i++)
		if (core_same(e->absences[i].person, r->other)) {
			memmove(&e->absences[i], &e->absences[i + 1], (e->n_absences - i - 1) * sizeof *e->absences);
			e->n_absences--;
			break;
		}
	if (r->flag)
		return;
	struct arena *a = strings(e);
	e->absences = xgrow(e->absences, &e->cap_absences, e->n_absences + 1, sizeof *e->absences);
	e->absences[e->n_absences++] = (struct absence){.person = arena_strdup(a, r->other),
		.reason = arena_strdup(a, r->text),
		.by = deed_of(e, r),
		.since = r->since,
		.until = r->until,
		.begun = r->since <= r->at};
}

static void delegated(struct engine *e, const struct record *r)
{
	if (r->ordinal >= 1 && r->ordinal <= e->n_delegations) { /* the second time: it begins */
		e->delegations[r->ordinal - 1].begun = true;
		return;
	}
	if (r->ordinal != e->n_delegations + 1)
		return;
	struct arena *a = strings(e);
	e->delegations = xgrow(e->delegations, &e->cap_delegations, e->n_delegations + 1, sizeof *e->delegations);
	e->delegations[e->n_delegations++] = (struct delegation){.id = r->ordinal,
		.from = arena_strdup(a, r->other),
		.to = arena_strdup(a, r->name),
		.role = arena_strdup(a, r->role),
		.kind = r->capacity,
		.may = r->stage,
		.reason = arena_strdup(a, r->text),
		.by = deed_of(e, r),
		.since = r->since,
		.until = r->until,
		.begun = r->since <= r->at};
}

static void ended(struct engine *e, const struct record *r)
{
	if (r->ordinal < 1 || r->ordinal > e->n_delegations || e->delegations[r->ordinal - 1].ended_at)
		return;
	e->delegations[r->ordinal - 1].ended_at = r->at;
	e->delegations[r->ordinal - 1].why_ended = arena_strdup(strings(e), r->text);
}

void term_evolve(struct engine *e, const struct record *r, struct changes *ch)
{
	if (r->kind == REC_ABSENCE)
		absent(e, r);
	else if (r->kind == REC_DELEGATED)
		delegated(e, r);
	else
		ended(e, r);
	e->presence_dirty = true;
	e->stand_ins_dirty = e->stand_ins_dirty || r->kind != REC_ABSENCE;
	if (ch)
		ch->site = true; /* who is to be called, and who may see what */
}

/* ---- time ---- */

static struct record *add(const struct engine *e, struct records *out, enum record_kind kind, int64_t now)
{
	struct record *r = records_add(out, kind);
	r->at = now;
	r->site = e->sites[e->n_sites - 1].record;
	return r;
}

static void turn_absence(const struct engine *e, const struct absence *a, int64_t now, struct records *out)
{
	bool over = a->until && a->until <= now;
	if (!over && (a->begun || a->since > now))
		return;
	struct record *r = add(e, out, REC_ABSENCE, now);
	r->other = a->person;
	r->since = a->since;
	r->until = a->until;
	r->flag = over;
	r->text = over ? "term" : a->reason;
	r->person = a->by.person;
	if (over)
		return;
	r->channel = a->by.channel; /* how it was said, and who entered it, stays with it when it begins */
	r->number = a->by.number;
	r->said_at = a->by.said_at;
	r->entered_by = a->by.entered_by;
}

static void turn_delegation(const struct engine *e, const struct delegation *g, int64_t now, struct records *out)
{
	if (g->ended_at)
		return;
	if (g->until <= now) {
		struct record *r = add(e, out, REC_DELEGATION_ENDED, now);
		r->ordinal = g->id;
		r->text = "term";
		return;
	}
	if (g->begun || g->since > now)
		return;
	struct record *r = add(e, out, REC_DELEGATED, now);
	r->ordinal = g->id;
	r->other = g->from;
	r->name = g->to;
	r->role = g->role;
	r->capacity = g->kind;
	r->stage = g->may;
	r->since = g->since;
	r->until = g->until;
	r->text = g->reason;
	r->person = g->by.person;
}

bool term_react(const struct engine *e, int64_t now, struct records *out)
{
	for (size_t i = 0; i < e->n_absences; i++)
		turn_absence(e, &e->absences[i], now, out);
	for (size_t i = 0; i < e->n_delegations; i++)
		turn_delegation(e, &e->delegations[i], now, out);
	return out->n > 0;
}

static void earlier(int64_t *next, int64_t at)
{
	if (at && at < *next)
		*next = at;
}

int64_t term_deadline(const struct engine *e)
{
	int64_t next = NEVER;
	for (size_t i = 0; i < e->n_absences; i++) {
		earlier(&next, e->absences[i].until);
		earlier(&next, e->absences[i].begun ? 0 : e->absences[i].since);
	}
	for (size_t i = 0; i < e->n_delegations; i++) {
		const struct delegation *g = &e->delegations[i];
		earlier(&next, g->ended_at ? 0 : g->until);
		earlier(&next, g->ended_at || g->begun ? 0 : g->since);
	}
	return next;
}
