/*
 * Drills in the engine: what a real alarm does to a drill, how a score is counted (odd numbers, nobody, late, by telephone).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "unit/engine_town.h"
#include "unit/plan_files.h"
#include "view/score.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
static enum reason alarm_at(struct engine_town *t, const char *terminal, const char *word, bool drill)
{
	return engine_town_do(t, (struct command){.type = CMD_ALARM, .terminal = terminal, .item = word, .flag = drill});
}

static const struct incident *incident(struct engine_town *t, uint32_t id)
{
	const struct incident *in = engine_incident(t->live, id);
	assert_non_null(in);
	return in;
}

/* ---- what is real goes first ---- */

static void test_interrupted(void **state)
{
	(void)state;
	struct engine_town t;
	struct score before, after;
	engine_town_sample(&t, "");
	assert_int_equal(alarm_at(&t, "t1", "fault", true), REASON_OK);
	assert_int_equal(
		engine_town_do(
			&t, (struct command){.type = CMD_ALARM, .terminal = "t2", .item = "misuse", .flag = true, .answer = "unannounced"}),
		REASON_OK);
	assert_false(incident(&t, 1)->unannounced);
	assert_true(incident(&t, 2)->unannounced);
	engine_town_wait(&t, 20000);
	const struct notice *first = incident(&t, 1)->notices[0];
	assert_int_equal(
		engine_town_do(&t, (struct command){.type = CMD_ACKNOWLEDGE, .notice = first->id, .person = "p_tanaka"}), REASON_OK);
	engine_town_wait(&t, MINUTE);
	score_of(incident(&t, 1), SCORE_DRILL, 0, t.now, &before);
	assert_int_equal(alarm_at(&t, "t3", "fault", false), REASON_OK);
	for (uint32_t id = 1; id <= 2; id++) {
		const struct incident *in = incident(&t, id);
		assert_int_equal(in->state, INCIDENT_GIVEN_UP);
		assert_int_equal(in->interrupted, incident(&t, 3)->alarms[0].by.record);
		assert_int_equal(in->n_open, 0);
	}
	assert_int_equal(incident(&t, 3)->state, INCIDENT_OPEN);
	/* the real alarm's notices were recorded before what ends the drills */
	for (size_t i = 0; i < incident(&t, 3)->n_notices; i++)
		assert_true(incident(&t, 3)->notices[i]->id < incident(&t, 1)->closed.record);
	engine_town_wait(&t, HOUR); /* what was measured stays as it was */
	score_of(incident(&t, 1), SCORE_DRILL, 0, t.now, &after);
	assert_int_equal(before.wanted, after.wanted);
	assert_int_equal(before.answered, after.answered);
	assert_int_equal(before.late, after.late);
	assert_int_equal(before.n_quarters, after.n_quarters);
	assert_int_equal(alarm_at(&t, "t1", "fault", true), REASON_NO_DRILL_NOW);
	engine_town_free(&t);
}

/* Everybody who heard of it hears of its end, once. */
static void test_cancelled_once(void **state)
{
	(void)state;
	struct engine_town t;
	engine_town_sample(&t, "");
	alarm_at(&t, "t1", "fault", true);
	engine_town_do(&t, (struct command){.type = CMD_ACKNOWLEDGE, .notice = incident(&t, 1)->notices[0]->id, .person = "p_tanaka"});
	alarm_at(&t, "t1", "fault", false);
	const struct incident *in = incident(&t, 1);
	size_t persons = 0, terminals = 0;
	for (size_t i = 0; i < in->n_notices; i++) {
		const struct notice *n = in->notices[i];
		persons += n->cancelled && engine_notice_recipient(n, "p_tanaka") != NULL;
		terminals += n->cancelled && n->broadcast;
		if (n->cancelled)
			assert_string_equal(n->why_withdrawn, "real_alarm");
	}
	assert_true(persons >= 1);
	assert_int_equal(terminals, 1);
	engine_town_free(&t);
}

/* A terminal must not learn of a misuse by the end of a drill. */
static void test_not_said_why(void **state)
{
	(void)state;
	struct engine_town t;
	engine_town_sample(&t, "");
	alarm_at(&t, "t1", "fault", true);
	alarm_at(&t, "t2", "misuse", false);
	assert_string_equal(incident(&t, 1)->given_up, "interrupted");
	struct verdict v = engine_town_act(&t, (struct command){.type = CMD_ALARM, .terminal = "t1", .item = "fault", .flag = true});
	assert_int_equal(v.reason, REASON_NO_DRILL_NOW);
	assert_null(strstr(v.text, "2"));
	verdict_clear(&v);
	engine_town_free(&t);
}

/* ---- counting ---- */

struct sheet { /* a drill with notices as a test wants them */
	struct incident in;
	struct plan p;
	struct plan_item items[2];
	struct notice notices[8], *list[8];
	struct recipient people[8];
};

static void sheet_init(struct sheet *s)
{
	memset(s, 0, sizeof *s);
	s->items[0].step = 0;
	s->items[1].step = 1;
	s->p.items = s->items;
	s->p.n_items = 2;
	s->in.plan = &s->p;
	s->in.drill = true;
	s->in.notices = s->list;
}

/* answered < 0: not. */
static struct notice *told(struct sheet *s, int item, int64_t at, int64_t answered, int64_t limit)
{
	size_t i = s->in.n_notices++;
	struct notice *n = s->list[i] = &s->notices[i];
	*n = (struct notice){.id = i + 1,
		.incident = &s->in,
		.item = item,
		.at = at,
		.wants_ack = true,
		.limit_ack = limit,
		.recipients = &s->people[i]};
	if (answered >= 0) {
		n->state = NOTICE_ACKNOWLEDGED;
		n->ack = (struct deed){.record = 100 + i, .at = at + answered, .person = "p"};
	}
	return n;
}

static void test_odd_numbers(void **state)
{
	(void)state;
	struct sheet s;
	struct score c;
	sheet_init(&s);
	told(&s, 0, 1000, 30000, 0);
	told(&s, 0, 1000, 10000, 0);
	told(&s, 0, 5000, 20000, 0);
	score_of(&s.in, SCORE_STEP, 0, 100000, &c);
	assert_int_equal(c.wanted, 3);
	assert_int_equal(c.n_quarters, 4);
	assert_int_equal(c.quarters[0], 10000); /* 0.75 -> the first */
	assert_int_equal(c.quarters[1], 20000); /* 1.5 -> the second */
	assert_int_equal(c.quarters[2], 30000); /* 2.25 -> the third */
	assert_int_equal(c.quarters[3], 30000);
	assert_int_equal(c.took, 30000);
	assert_int_equal(c.kept, SCORE_NO_LIMIT);
	told(&s, 0, 1000, -1, 0); /* of four, three: 75 % and no more */
	score_of(&s.in, SCORE_STEP, 0, 100000, &c);
	assert_int_equal(c.n_quarters, 3);
	told(&s, 0, 1000, -1, 0); /* of five, three: 60 %; 75 % needs the fourth */
	score_of(&s.in, SCORE_STEP, 0, 100000, &c);
	assert_int_equal(c.n_quarters, 2);
	assert_int_equal(c.quarters[1], 30000);
	score_of(&s.in, SCORE_STEP, 1, 100000, &c); /* nobody was asked */
	assert_int_equal(c.wanted + c.answered + c.n_quarters, 0);
	told(&s, 1, 1000, -1, 0); /* one, who never answers */
	score_of(&s.in, SCORE_STEP, 1, 100000, &c);
	assert_int_equal(c.wanted, 1);
	assert_int_equal(c.n_quarters, 0);
	assert_int_equal(c.took, 0);
}

static void test_limits_and_means(void **state)
{
	(void)state;
	struct sheet s;
	struct score c;
	sheet_init(&s);
	told(&s, 0, 0, 60000, 300000);
	struct notice *n = told(&s, 0, 0, 400000, 300000); /* entered late, said in time */
	n->ack.channel = CH_TELEPHONE;
	n->ack.said_at = 200000;
	told(&s, 0, 0, -1, 600000);
	score_of(&s.in, SCORE_DRILL, 0, 590000, &c);
	assert_int_equal(c.limit, 300000);
	assert_int_equal(c.late, 0);
	assert_int_equal(c.kept, SCORE_STILL_OPEN);
	assert_int_equal(c.by[CH_SCREEN], 1);
	assert_int_equal(c.by[CH_TELEPHONE], 1);
	score_of(&s.in, SCORE_DRILL, 0, 600001, &c);
	assert_int_equal(c.late, 1);
	assert_int_equal(c.kept, SCORE_MISSED);
	s.in.state = INCIDENT_GIVEN_UP; /* from its end on time stands still */
	s.in.closed_at = 590000;
	score_of(&s.in, SCORE_DRILL, 0, 900000, &c);
	assert_int_equal(c.late, 0);
	s.list[2]->state = NOTICE_WITHDRAWN; /* by the end: it still counts as not answered */
	s.list[2]->why_withdrawn = "real_alarm";
	score_of(&s.in, SCORE_DRILL, 0, 900000, &c);
	assert_int_equal(c.wanted, 3);
	s.list[2]->why_withdrawn = "answered"; /* by what happened: it does not */
	score_of(&s.in, SCORE_DRILL, 0, 900000, &c);
	assert_int_equal(c.wanted, 2);
	assert_int_equal(c.kept, SCORE_KEPT);
}

static void test_terminals_and_oneself(void **state)
{
	(void)state;
	struct sheet s;
	struct score c;
	struct recipient terminals[3] = {{.id = "t1", .ack = {.record = 7, .at = 9000}}, {.id = "t2"},
		{.id = "t3", .excused = "broken", .ack = {.record = 8, .at = 9000}}};
	sheet_init(&s);
	struct notice *n = told(&s, 0, 4000, -1, 0);
	n->broadcast = true;
	n->recipients = terminals;
	n->n_recipients = 3;
	score_of(&s.in, SCORE_ITEM, 0, 10000, &c);
	assert_int_equal(c.wanted, 2); /* one is out of service */
	assert_int_equal(c.answered, 1);
	assert_int_equal(c.quarters[1], 5000);
	n = told(&s, 0, 4000, 0, 0); /* told himself */
	s.people[1] = (struct recipient){.id = "p", .comment = "self"};
	n->n_recipients = 1;
	told(&s, 0, 4000, 1000, 0)->wants_ack = false;
	score_of(&s.in, SCORE_ITEM, 0, 10000, &c);
	assert_int_equal(c.wanted, 2);
}

static void test_better(void **state)
{
	(void)state;
	struct score all = {.wanted = 3, .answered = 3, .n_quarters = 4, .quarters = {1, 2, 3, 9}};
	struct score quick = {.wanted = 3, .answered = 2, .n_quarters = 2, .quarters = {1, 1}};
	struct score quicker = {.wanted = 6, .answered = 6, .n_quarters = 4, .quarters = {1, 2, 3, 8}};
	assert_true(score_better(&all, &quick));
	assert_false(score_better(&quick, &all));
	assert_true(score_better(&quicker, &all));
	assert_false(score_better(&all, &all));
}

/* The drill before and the best of the same entry, not of another, not one that goes on. */
static void test_earlier(void **state)
{
	(void)state;
	struct engine_town t;
	struct score s;
	engine_town_sample(&t, "");
	for (int i = 0; i < 3; i++) {
		alarm_at(&t, "t1", i == 1 ? "misuse" : "fault", true);
		const struct incident *in = incident(&t, (uint32_t)i + 1);
		engine_town_wait(&t, 10000);
		if (i == 0)
			engine_town_do(&t, (struct command){.type = CMD_ACKNOWLEDGE, .notice = in->notices[0]->id, .person = "p_tanaka"});
		if (i < 2)
			assert_int_equal(engine_town_do(&t,
						 (struct command){.type = CMD_GIVE_UP, .incident = in->id, .terminal = "t1", .text = "x"}),
				REASON_OK);
	}
	assert_null(score_earlier(t.live, incident(&t, 1), SCORE_DRILL, "", false, &s));
	assert_null(score_earlier(t.live, incident(&t, 2), SCORE_DRILL, "", false, &s));
	assert_ptr_equal(score_earlier(t.live, incident(&t, 3), SCORE_DRILL, "", false, &s), incident(&t, 1));
	assert_ptr_equal(score_earlier(t.live, incident(&t, 3), SCORE_DRILL, "", true, &s), incident(&t, 1));
	assert_true(s.answered >= 1);
	engine_town_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_cancelled_once),
		cmocka_unit_test(test_not_said_why),
		cmocka_unit_test(test_odd_numbers),
		cmocka_unit_test(test_limits_and_means),
		cmocka_unit_test(test_terminals_and_oneself),
		cmocka_unit_test(test_better),
		cmocka_unit_test(test_earlier),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
