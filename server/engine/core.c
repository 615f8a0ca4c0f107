/*
 * core: the engine as an object: birth, death, looking things up.
 */
#include "engine/core.h"

#include <assert.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

uint32_t core_concerned(const struct record *r)
{
	return r->kind == REC_SPLIT ? r->ordinal : r->incident;
}

bool core_joined(const struct record *r)
{
	return r->kind == REC_ALARM_JOINED || (r->kind == REC_TEST && r->ref);
}

bool core_blank(const char *s)
{
	/* an input method's wide space is one, too */
	while (s && *s)
		if (strchr(" \t\r\n", *s))
			s++;
		else if (strncmp(s, "\u3000", 3) == 0)
			s += 3;
		else
			return false;
	return true;
}

bool core_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

struct engine *engine_new(void)
{
	struct engine *e = xcalloc(1, sizeof *e);
	e->remind_at = NEVER;
	e->daily_at = NEVER;
	return e;
}

static void incident_free(struct incident *in)
{
	for (size_t i = 0; i < in->n_notices; i++) {
		free(in->notices[i]->recipients);
		free(in->notices[i]);
	}
	for (size_t i = 0; i < in->n_measures; i++)
		free(in->measures[i].authorities);
	free(in->notices);
	free(in->measures);
	free(in->follow_ups);
	free(in->calls);
	free(in->comments);
	free(in->agains);
	free(in->alarms);
	free(in->appeared);
	free(in->bars);
	free(in->reads);
	arena_free(in->arena);
	free(in);
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < e->n_incidents; i++)
		incident_free(e->incidents[i]);
	struct notice_entry *n, *n_next;
	HASH_ITER(hh, e->notices, n, n_next) {
		HASH_DEL(e->notices, n);
		free(n);
	}
	struct seen_command *s, *s_next;
	HASH_ITER(hh, e->seen, s, s_next) {
		HASH_DEL(e->seen, s);
		free(s);
	}
	struct presence_entry *p, *p_next;
	HASH_ITER(hh, e->presence, p, p_next) {
		HASH_DEL(e->presence, p);
		free(p);
	}
	for (size_t i = 0; i < e->n_tests; i++)
		test_free(e->tests[i]);
	enrol_free(e);
	for (size_t i = 0; i < e->n_plans; i++) {
		plan_free(e->plans[i].plan);
		free(e->plans[i].sha256);
	}
	for (size_t i = 0; i < e->n_sites; i++) {
		site_free(e->sites[i].site);
		free(e->sites[i].sha256);
		free(e->sites[i].name);
		free(e->sites[i].text);
	}
	free(e->plans);
	free(e->sites);
	free(e->incidents);
	free(e->dirty);
	free(e->heap);
	free(e->pending);
	if (e->terms)
		arena_free(e->terms);
	free(e->absences);
	free(e->delegations);
	free(e);
}

struct incident *core_incident(const struct engine *e, uint32_t id)
{
	return id >= 1 && id <= e->n_incidents ? e->incidents[id - 1] : NULL;
}

const struct incident *engine_incident(const struct engine *e, uint32_t id)
{
	return core_incident(e, id);
}

size_t engine_incidents(const struct engine *e, const struct incident *const **out)
{
	*out = (const struct incident *const *)e->incidents;
	return e->n_incidents;
}

struct notice *core_notice(const struct engine *e, uint64_t id)
{
	struct notice_entry *found;
	HASH_FIND(hh, e->notices, &id, sizeof id, found);
	return found ? found->notice : NULL;
}

const struct notice *engine_notice(const struct engine *e, uint64_t id)
{
	return core_notice(e, id);
}

void core_dirty(struct engine *e, struct incident *in)
{
	core_forget_memo(in);
	if (in->dirty)
		return;
	in->dirty = true;
	e->dirty = xgrow(e->dirty, &e->cap_dirty, e->n_dirty + 1, sizeof *e->dirty);
	e->dirty[e->n_dirty++] = in->id;
}

void core_forget_memo(struct incident *in)
{
	memset(in->memo_applies, -1, in->plan->n_items);
	memset(in->memo_settled, -1, in->plan->n_items);
}

const struct plan *engine_plan(const struct engine *e)
{
	return e->n_plans ? e->plans[e->n_plans - 1].plan : NULL;
}

const struct site *engine_site(const struct engine *e)
{
	return e->n_sites ? e->sites[e->n_sites - 1].site : NULL;
}

const char *engine_plan_sha256(const struct engine *e, uint64_t record)
{
	for (size_t i = e->n_plans; i-- > 0;)
		if (!record || e->plans[i].record == record)
			return e->plans[i].sha256;
	return NULL;
}

const char *core_site_text(const struct engine *e, size_t *len, const char **name)
{
	const struct edition *newest = &e->sites[e->n_sites - 1];
	*len = newest->len;
	*name = newest->name;
	return newest->text;
}

const char *engine_site_sha256(const struct engine *e)
{
	return e->n_sites ? e->sites[e->n_sites - 1].sha256 : NULL;
}

uint64_t engine_index(const struct engine *e)
{
	return e->index;
}

int64_t engine_time(const struct engine *e)
{
	return e->time;
}

/* ---- presence ---- */

static enum presence presence_of(const struct engine *e, const char *kind, const char *id, int64_t *since)
{
	char key[96];
	struct presence_entry *p;
	snprintf(key, sizeof key, "%s:%s", kind, id);
	HASH_FIND_STR(e->presence, key, p);
	if (since)
		*since = p ? p->since : 0;
	if (p && p->epoch == e->epoch)
		return p->present ? PRESENT : AWAY;
	return e->grace_pending ? PRESENCE_UNKNOWN : AWAY;
}

enum presence engine_presence_person(const struct engine *e, const char *person, int64_t *since)
{
	return presence_of(e, "person", person, since);
}

enum presence engine_presence_terminal(const struct engine *e, const char *terminal, int64_t *since)
{
	return presence_of(e, "terminal", terminal, since);
}

bool core_presence_known(const struct engine *e, int64_t now)
{
	return now >= e->grace_until;
}

size_t engine_pending_confirmations(const struct engine *e, const char *person, struct pending_confirmation *out, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < e->n_pending && n < max; i++) {
		const struct pending_entry *p = &e->pending[i];
		if (p->deed->record != p->record || p->deed->confirmation != DEED_UNCONFIRMED)
			continue;
		if (person && (!p->deed->person || strcmp(p->deed->person, person) != 0))
			continue;
		out[n++] = (struct pending_confirmation){p->record, p->incident, p->deed, p->item, p->notice ? "acknowledged" : "entered"};
	}
	return n;
}

/* ---- changes ---- */

void changes_free(struct changes *c)
{
	free(c->notices);
	free(c->receipts);
	free(c->incidents);
	*c = (struct changes){0};
}

void changes_clear(struct changes *c)
{
	c->n_notices = c->n_receipts = c->n_incidents = 0;
	c->site = c->presence = c->tests = false;
}

void core_changed_notice(struct changes *c, struct notice *n, uint64_t revision)
{
	n->revision = revision;
	if (!c)
		return;
	for (size_t i = c->n_notices; i-- > 0;)
		if (c->notices[i] == n->id)
			return;
	c->notices = xgrow(c->notices, &c->cap_notices, c->n_notices + 1, sizeof *c->notices);
	c->notices[c->n_notices++] = n->id;
}

void core_changed_incident(struct changes *c, struct incident *in, uint64_t revision)
{
	in->revision = revision;
	if (!c)
		return;
	for (size_t i = c->n_incidents; i-- > 0;)
		if (c->incidents[i] == in->id)
			return;
	c->incidents = xgrow(c->incidents, &c->cap_incidents, c->n_incidents + 1, sizeof *c->incidents);
	c->incidents[c->n_incidents++] = in->id;
}

/* ---- names ---- */

const char *item_life_name(enum item_life l)
{
	static const char *const names[] = {
		"undetermined", "not_applicable", "waiting", "ready", "told", "done", "waived", "held", "kept", "standing"};
	return (size_t)l < sizeof names / sizeof *names ? names[l] : "?";
}

const char *notice_state_name(enum notice_state s)
{
	static const char *const names[] = {"open", "acknowledged", "withdrawn"};
	return (size_t)s < sizeof names / sizeof *names ? names[s] : "?";
}

const char *incident_state_name(enum incident_state s)
{
	static const char *const names[] = {"open", "closed", "given_up", "joined"};
	return (size_t)s < sizeof names / sizeof *names ? names[s] : "?";
}
