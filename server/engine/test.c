/*
 * test: connection tests ('can you hear me'): who is asked, what they answered, when the daily one begins and when one ends. Of the
 * town and in no incident; one at a time. A daily one that was missed is made up for once, the same day and not after hours.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/core.h"

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define DAYS_AHEAD 40 /* without a business day in so many, it is looked up again then */

/* ---- looking ---- */

size_t engine_tests(const struct engine *e, const struct test *const **out)
{
	*out = (const struct test *const *)e->tests;
	return e->n_tests;
}

static struct test *running(const struct engine *e)
{
	struct test *t = e->n_tests ? e->tests[e->n_tests - 1] : NULL;
	return t && !t->ended_at ? t : NULL;
}

const struct test *engine_test_running(const struct engine *e)
{
	return running(e);
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct test_asked *)a)->id, ((const struct test_asked *)b)->id);
}

const struct test_asked *engine_test_asked(const struct test *t, const char *id)
{
	struct test_asked key = {.id = id};
	return t->n_asked ? bsearch(&key, t->asked, t->n_asked, sizeof key, by_id) : NULL;
}

/* ---- deciding ---- */

static void ask_person(const struct engine *e, struct records *out, struct record *r, int person)
{
	const struct site_person *p = &engine_site(e)->persons[person];
	const char *key = arena_printf(out->arena, "person:%s", p->id);
	for (size_t i = 0; i < r->n_recipients; i++)
		if (strcmp(r->recipients[i].id, key) == 0)
			return; /* in another role already */
	if (p->login)
		r->recipients[r->n_recipients++] = (struct record_recipient){.id = key, .as = AS_HOLDER};
}

/* Who holds a role, stands in for one or sits in a group. */
static void ask_people(const struct engine *e, struct records *out, struct record *r)
{
	const struct site *s = engine_site(e);
	for (size_t i = 0; i < s->n_holders; i++) {
		for (size_t k = 0; k < s->holders[i].persons.n; k++)
			ask_person(e, out, r, s->holders[i].persons.at[k]);
		for (size_t k = 0; k < s->holders[i].n_deputies; k++)
			ask_person(e, out, r, s->holders[i].deputies[k].person);
	}
	for (size_t i = 0; i < s->n_groups; i++)
		for (size_t k = 0; k < s->groups[i].members.n; k++)
			ask_person(e, out, r, s->groups[i].members.at[k]);
}

/* False when there is nobody. */
static bool fill(const struct engine *e, struct records *out, struct record *r, int64_t now)
{
	const struct site *s = engine_site(e);
	r->ordinal = e->newest_test + 1;
	r->until = now + s->connection_test.answer;
	r->recipients = arena_alloc(out->arena, (s->n_persons + s->n_terminals + 1) * sizeof *r->recipients);
	ask_people(e, out, r);
	for (size_t i = 0; i < s->n_terminals; i++)
		r->recipients[r->n_recipients++] =
			(struct record_recipient){.id = arena_printf(out->arena, "terminal:%s", s->terminals[i].id), .as = AS_TERMINAL};
	return r->n_recipients > 0;
}

static bool has_a_role(const struct site *s, int person)
{
	for (size_t i = 0; i < s->n_holders; i++) {
		for (size_t k = 0; k < s->holders[i].persons.n; k++)
			if (s->holders[i].persons.at[k] == person)
				return true;
		for (size_t k = 0; k < s->holders[i].n_deputies; k++)
			if (s->holders[i].deputies[k].person == person)
				return true;
	}
	for (size_t i = 0; i < s->n_groups; i++)
		for (size_t k = 0; k < s->groups[i].members.n; k++)
			if (s->groups[i].members.at[k] == person)
				return true;
	return false;
}

int decide_test(struct decision *d)
{
	const struct site *s = engine_site(d->e);
	int person = site_person_find(s, d->c->person);
	if (!s->persons[person].administrator && !has_a_role(s, person))
		return verdict_refuse(d->v, REASON_NOT_ENTITLED, NULL);
	const struct test *now = running(d->e);
	struct record *r = decide_record(d, REC_TEST);
	r->person = d->c->person;
	r->terminal = d->c->terminal;
	if (now) { /* joins the one that runs: its result answers this, too */
		r->ordinal = now->id;
		r->ref = now->record;
		r->recipients = arena_alloc(d->out->arena, sizeof *r->recipients);
		r->recipients[r->n_recipients++] = (struct record_recipient){.id = arena_printf(d->out->arena, "person:%s", d->c->person)};
		return 0;
	}
	return fill(d->e, d->out, r, d->c->now) ? 0 : verdict_refuse(d->v, REASON_NOBODY_TO_TEST, NULL);
}

int decide_answers(struct decision *d)
{
	const struct command *c = d->c;
	const struct test *t = running(d->e);
	struct record *r = NULL;
	if (!t || t->id != c->ordinal)
		return 0; /* too late */
	for (size_t i = 0; i < c->n_recipients; i++) {
		const struct test_asked *a = engine_test_asked(t, c->recipients[i].id);
		if (!a || a->stage >= (enum receipt_stage)c->stage)
			continue;
		if (!r) {
			r = decide_record(d, REC_TEST_ANSWERED);
			r->ordinal = t->id;
			r->stage = c->stage;
			r->recipients = arena_alloc(d->out->arena, c->n_recipients * sizeof *r->recipients);
		}
		r->recipients[r->n_recipients++] = (struct record_recipient){.id = a->id};
	}
	return 0;
}

/* ---- folding ---- */

void test_free(struct test *t)
{
	arena_free(t->arena);
	free(t);
}

static void begun(struct engine *e, const struct record *r)
{
	if (e->n_tests == ENGINE_TESTS_KEPT) {
		test_free(e->tests[0]);
		memmove(e->tests, e->tests + 1, --e->n_tests * sizeof *e->tests);
	}
	struct test *t = xcalloc(1, sizeof *t);
	t->arena = arena_new(0);
	t->id = r->ordinal;
	t->record = r->index;
	t->at = r->at;
	t->until = r->until;
	t->daily = r->flag;
	t->person = arena_strdup(t->arena, r->person);
	t->terminal = arena_strdup(t->arena, r->terminal);
	t->asked = arena_alloc(t->arena, (r->n_recipients + 1) * sizeof *t->asked);
	for (size_t i = 0; i < r->n_recipients; i++)
		t->asked[t->n_asked++] = (struct test_asked){.id = arena_strdup(t->arena, r->recipients[i].id)};
	if (t->n_asked)
		qsort(t->asked, t->n_asked, sizeof *t->asked, by_id);
	e->tests[e->n_tests++] = t;
	e->newest_test = r->ordinal;
}

/* The next time a daily test is to begin, later than `after`. */
static int64_t next_daily(const struct engine *e, int64_t after)
{
	const struct site *s = engine_site(e);
	if (!s || !s->connection_test.daily)
		return NEVER;
	for (int day = 0; day <= DAYS_AHEAD; day++) {
		int64_t at = site_connection_test_at(s, after + day * DAY_MS);
		if (at > after)
			return at;
	}
	return after + DAYS_AHEAD * DAY_MS;
}

static void answered(struct test *t, const struct record *r)
{
	for (size_t i = 0; i < r->n_recipients; i++) {
		struct test_asked key = {.id = r->recipients[i].id};
		struct test_asked *a = t->n_asked ? bsearch(&key, t->asked, t->n_asked, sizeof key, by_id) : NULL;
		if (!a || a->stage >= (enum receipt_stage)r->stage)
			continue;
		a->stage = (enum receipt_stage)r->stage;
		a->stage_at = r->at;
	}
}

void test_evolve(struct engine *e, const struct record *r, struct changes *ch)
{
	struct test *t = running(e);
	if (r->kind == REC_TEST && r->ref)
		return; /* joined the one that runs */
	if (r->kind == REC_TEST) {
		begun(e, r);
		if (r->flag) {
			e->daily_from = r->at;
			e->daily_at = next_daily(e, r->at);
		}
	} else if (t && t->id == r->ordinal && r->kind == REC_TEST_ANSWERED) {
		answered(t, r);
	} else if (t && t->id == r->ordinal) {
		t->ended_at = r->at;
	}
	if (ch)
		ch->tests = true;
}

void test_site_loaded(struct engine *e, const struct site *before, int64_t at)
{
	const struct site_connection_test *now = &engine_site(e)->connection_test, *was = before ? &before->connection_test : NULL;
	if (!was || was->daily != now->daily || was->minute != now->minute)
		e->daily_from = at;
	e->daily_at = next_daily(e, e->daily_from);
}

/* ---- what follows ---- */

static bool all_have_shown(const struct test *t)
{
	for (size_t i = 0; i < t->n_asked; i++)
		if (t->asked[i].stage < STAGE_DISPLAYED)
			return false;
	return true;
}

static struct record *add(struct engine *e, struct records *out, enum record_kind kind, int64_t now)
{
	struct record *r = records_add(out, kind);
	r->at = now;
	r->site = e->sites[e->n_sites - 1].record;
	return r;
}

/* Late by no more than an hour, or the same day while the office is open. */
static bool still_worth_it(const struct site *s, int64_t due, int64_t now)
{
	int64_t today = site_connection_test_at(s, now);
	return today == due && (now - due <= HOUR_MS || s->connection_test.every_day || site_business_hours(s, now));
}

bool react_test(struct engine *e, int64_t now, struct records *out)
{
	const struct test *t = running(e);
	if (t && (t->until <= now || all_have_shown(t))) {
		add(e, out, REC_TEST_ENDED, now)->ordinal = t->id;
		return true;
	}
	while (!t && e->daily_at <= now) {
		int64_t due = e->daily_at;
		e->daily_at = next_daily(e, due);
		if (!still_worth_it(engine_site(e), due, now))
			continue;
		struct record *r = add(e, out, REC_TEST, now);
		r->flag = true;
		if (fill(e, out, r, now))
			return true;
		out->n--;
	}
	return false;
}

int64_t react_test_deadline(const struct engine *e)
{
	const struct test *t = running(e);
	return t ? t->until : e->daily_at;
}
