/* The views put together, whom a change concerns, and who shares a view with whom. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "view/view_build.h"

/* The board shows what is over for a week, and no more of it than this. */
#define CLOSED_SHOWN_MS (INT64_C(7) * 24 * 3600 * 1000)
#define CLOSED_SHOWN 20u

void view_build_init(struct view_build *b, const struct engine *engine, const struct view_reader *reader, int64_t now, struct arena *arena,
	struct view_rows *rows)
{
	memset(b, 0, sizeof *b);
	b->engine = engine;
	b->plan = engine_plan(engine);
	b->site = engine_site(engine);
	if (reader)
		b->reader = *reader;
	b->now = now;
	b->arena = arena;
	b->rows = rows;
	b->numbers = view_telephone_private(b);
	view_text_row(b);
}

/* ---- board ---- */

/* In force; or handed over, until its owner says that it is dealt with, also when the incident has closed. */
static void board_measures(struct view_build *b, const struct incident *inc)
{
	for (size_t i = 0; i < inc->n_measures; i++)
		if (inc->measures[i].state != MEASURE_LIFTED)
			view_measure_add(b, inc, &inc->measures[i],
				arena_printf(b->arena, "40.%d.%010u.%05u", inc->drill, inc->id, inc->measures[i].id));
}

static void board_incident(struct view_build *b, const struct incident *inc)
{
	view_incident_add(b, inc, view_incident_order(b, inc, "20"));
	if (inc->state != INCIDENT_OPEN)
		return;
	for (size_t i = 0; i < inc->n_notices; i++) {
		const struct notice *n = inc->notices[i];
		if (n->state != NOTICE_OPEN || !n->wants_ack)
			continue;
		const char *order = arena_printf(b->arena, "%d.%015lld.%010llu", inc->drill, (long long)n->at, (unsigned long long)n->id);
		view_notice_add(b, n, VIEW_RECIPIENTS_PERSONS, arena_printf(b->arena, "30.%s", order));
		view_telephone_add(b, n, arena_printf(b->arena, "10.%s", order));
	}
}

/* What of it is for this reader. */
enum sight { SEES_NOTHING, SEES_OWN_ALARM, SEES_ALL };
static enum sight sees(const struct view_build *b, const struct incident *inc)
{
	if (people_may_see(b->engine, inc, b->reader.person, b->reader.terminal))
		return SEES_ALL;
	return people_raised(inc, b->reader.person, b->reader.terminal) ? SEES_OWN_ALARM : SEES_NOTHING;
}

static void board(struct view_build *b)
{
	const struct incident *const *incidents;
	size_t n = engine_incidents(b->engine, &incidents), closed = 0;
	view_people_town(b);
	for (size_t i = n; i-- > 0;) {
		const struct incident *inc = incidents[i];
		bool open = inc->state == INCIDENT_OPEN;
		enum sight sight = sees(b, inc);
		if (sight == SEES_NOTHING)
			continue;
		if (sight == SEES_ALL)
			board_measures(b, inc);
		if (!open && (b->now - inc->closed_at >= CLOSED_SHOWN_MS || ++closed > CLOSED_SHOWN))
			continue;
		if (sight == SEES_ALL)
			board_incident(b, inc);
		else
			view_incident_add(b, inc, view_incident_order(b, inc, "20"));
	}
	view_people_persons(b, "50", true);
	view_term_all(b, "55");
	view_people_terminals(b, "60");
	view_test_newest(b, "65");
	view_item_alarm_forms(b);
}

static void contacts(struct view_build *b)
{
	view_people_town(b);
	view_people_contacts(b, "20");
	view_term_all(b, "40");
	view_people_persons(b, "30", false); /* who is at a desk changes all day; what terminals keep does not */
}

static void plan(struct view_build *b)
{
	view_people_town(b);
	view_plan_roles(b, "10");
	view_plan_items(b, "20");
}

bool view_compute(const struct engine *engine, Renraku__View view, uint32_t incident, const struct view_reader *reader, int64_t now,
	struct view_rows *rows)
{
	struct view_build b;
	view_build_init(&b, engine, reader, now, rows->arena, rows);
	const struct incident *inc = view == RENRAKU__VIEW__VIEW_INCIDENT ? engine_incident(engine, incident) : NULL;
	switch (view) {
	case RENRAKU__VIEW__VIEW_INBOX:
		view_inbox_all(&b);
		break;
	case RENRAKU__VIEW__VIEW_BOARD:
		board(&b);
		break;
	case RENRAKU__VIEW__VIEW_CONTACTS:
		contacts(&b);
		break;
	case RENRAKU__VIEW__VIEW_PLAN:
		plan(&b);
		break;
	case RENRAKU__VIEW__VIEW_FOLLOW_UPS:
		view_follow_up_all(&b);
		break;
	case RENRAKU__VIEW__VIEW_INCIDENT:
		if (!inc || sees(&b, inc) == SEES_NOTHING)
			return false;
		if (sees(&b, inc) == SEES_ALL)
			view_incident_all(&b, inc);
		else
			view_incident_own(&b, inc);
		break;
	case RENRAKU__VIEW__VIEW_TESTS:
		view_people_town(&b);
		view_test_all(&b);
		break;
	case RENRAKU__VIEW__VIEW_DRILLS:
		view_people_town(&b);
		view_drill_list(&b);
		break;
	default:
		return false;
	}
	view_rows_sort(rows);
	return true;
}

/* ---- what a change touches ---- */

static bool concerns(const struct engine *engine, const uint64_t *ids, size_t n, uint32_t incident)
{
	for (size_t i = 0; i < n; i++) {
		const struct notice *notice = engine_notice(engine, ids[i]);
		if (notice && notice->incident->id == incident)
			return true;
	}
	return false;
}

static bool addresses(const struct engine *engine, const uint64_t *ids, size_t n, const struct view_reader *reader)
{
	for (size_t i = 0; i < n; i++) {
		const struct notice *notice = engine_notice(engine, ids[i]);
		if (notice && engine_notice_recipient(notice, notice->broadcast ? reader->terminal : reader->person))
			return true;
	}
	return false;
}

static bool raised_one(const struct engine *engine, const struct changes *changes, const struct view_reader *reader)
{
	for (size_t i = 0; i < changes->n_incidents; i++) {
		const struct incident *inc = engine_incident(engine, changes->incidents[i]);
		for (size_t k = 0; inc && reader->terminal && k < inc->n_alarms; k++)
			if (inc->alarms[k].by.terminal && strcmp(inc->alarms[k].by.terminal, reader->terminal) == 0)
				return true;
	}
	return false;
}

/* A terminal alone is one of thousands: only what reaches it or came from it counts. A person is one of few. */
static bool inbox_touched(const struct engine *engine, const struct changes *changes, const struct view_reader *reader)
{
	if (reader->person && (changes->n_incidents || changes->presence))
		return true;
	return addresses(engine, changes->notices, changes->n_notices, reader) ||
	       addresses(engine, changes->receipts, changes->n_receipts, reader) || raised_one(engine, changes, reader);
}

bool view_touched(
	const struct engine *engine, const struct changes *changes, Renraku__View view, uint32_t incident, const struct view_reader *reader)
{
	if (changes->site)
		return true;
	switch (view) {
	case RENRAKU__VIEW__VIEW_INBOX:
		return inbox_touched(engine, changes, reader);
	case RENRAKU__VIEW__VIEW_FOLLOW_UPS:
		return changes->n_incidents > 0;
	case RENRAKU__VIEW__VIEW_BOARD:
		return changes->n_notices || changes->n_receipts || changes->n_incidents || changes->presence || changes->tests;
	case RENRAKU__VIEW__VIEW_TESTS:
		return changes->tests;
	case RENRAKU__VIEW__VIEW_DRILLS:
		return changes->n_notices || changes->n_incidents;
	case RENRAKU__VIEW__VIEW_INCIDENT:
		for (size_t i = 0; i < changes->n_incidents; i++)
			if (changes->incidents[i] == incident)
				return true;
		return changes->presence || concerns(engine, changes->notices, changes->n_notices, incident) ||
		       concerns(engine, changes->receipts, changes->n_receipts, incident);
	default: /* contacts change with the site only, and with the hour; the plan with its edition */
		return false;
	}
}

/* ---- who sees the same ---- */

#define FNV_START UINT64_C(14695981039346656037)
struct hash {
	uint64_t value; /* FNV-1a; a collision would need two audiences of one town's few dozen to meet in 64 bits */
};

static void hash_add(struct hash *h, uint64_t x)
{
	for (int i = 0; i < 8; i++) {
		h->value ^= (x >> (8 * i)) & 0xFF;
		h->value *= UINT64_C(1099511628211);
	}
}

/* A reader with a private number of his own sees it where others do not. */
static const char *own_number(const struct view_build *b)
{
	int person = b->reader.person && b->site && !b->numbers ? site_person_find(b->site, b->reader.person) : -1;
	for (size_t i = 0; person >= 0 && i < b->site->persons[person].n_tels; i++)
		if (b->site->persons[person].tels[i].private_number)
			return b->reader.person;
	return "";
}

static void hash_text(struct hash *h, const char *s)
{
	for (; s && *s; s++)
		hash_add(h, (unsigned char)*s);
	hash_add(h, 256); /* an end, so that "ab"+"c" is not "a"+"bc" */
}

static uint64_t rights(struct view_build *b, Renraku__View view, uint32_t incident)
{
	struct hash h = {FNV_START};
	const struct incident *const *incidents;
	size_t n = engine_incidents(b->engine, &incidents);
	bool of_the_town = view == RENRAKU__VIEW__VIEW_CONTACTS || view == RENRAKU__VIEW__VIEW_PLAN || view == RENRAKU__VIEW__VIEW_TESTS;
	for (size_t i = 0; !of_the_town && i < n; i++) {
		const struct incident *inc = incidents[i];
		if (view == RENRAKU__VIEW__VIEW_INCIDENT && inc->id != incident)
			continue;
		enum sight sight = sees(b, inc);
		if (sight == SEES_NOTHING)
			continue;
		hash_add(&h, inc->id);
		hash_add(&h, sight);
		for (size_t k = 0; view == RENRAKU__VIEW__VIEW_INCIDENT && k < inc->plan->n_items; k++)
			if (view_item_mine(b, inc, (int)k))
				hash_add(&h, k + 1);
	}
	for (size_t k = 0; view == RENRAKU__VIEW__VIEW_BOARD && b->plan && k < b->plan->n_items; k++)
		if (b->plan->items[k].entry && view_item_may_raise(b, &b->plan->items[k]))
			hash_add(&h, k + 1);
	return h.value;
}

void view_audience(const struct engine *engine, Renraku__View view, uint32_t incident, const struct view_reader *reader, char key[128])
{
	struct view_build b;
	view_build_init(&b, engine, reader, 0, NULL, NULL);
	int n;
	if (view == RENRAKU__VIEW__VIEW_INBOX ||
		view == RENRAKU__VIEW__VIEW_FOLLOW_UPS) { /* each reader has his own; long ids are cut, their hash is not */
		struct hash h = {FNV_START};
		hash_text(&h, reader->terminal);
		hash_text(&h, reader->person);
		n = snprintf(key, 128, "%d:%.44s:%.44s:%016llx", (int)view, reader->terminal ? reader->terminal : "",
			reader->person ? reader->person : "", (unsigned long long)h.value);
	} else
		n = snprintf(key, 128, "%d:%u:%016llx:%d%d:%.64s", (int)view, incident, (unsigned long long)rights(&b, view, incident),
			b.numbers, view_people_administrator(&b), own_number(&b));
	assert(n > 0 && n < 128);
}
