/*
 * Connection tests in the engine: who is asked and who did not answer, the daily one over days, holidays and restarts. Days are those of
 * Japan.
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

#define MINUTE INT64_C(60000)
static const struct test *newest(struct engine_town *t)
{
	const struct test *const *all;
	size_t n = engine_tests(t->live, &all);
	return n ? all[n - 1] : NULL;
}

static void answer(struct engine_town *t, const char *who, enum receipt_stage stage)
{
	struct record_recipient one = {.id = who};
	engine_town_do(
		t, (struct command){
			   .type = CMD_ANSWERS, .ordinal = newest(t)->id, .stage = (uint32_t)stage, .recipients = &one, .n_recipients = 1});
}

static void test_on_demand(void **state)
{
	(void)state;
	struct engine_town t;
	engine_town_sample(&t, "connection_test: {answer: 5m}");
	assert_int_equal(engine_town_do(&t, (struct command){.type = CMD_TEST, .terminal = "t1"}), REASON_NOT_SIGNED_IN);
	assert_int_equal(engine_town_do(&t, (struct command){.type = CMD_TEST, .person = "p_hirata"}), REASON_NOT_ENTITLED);
	assert_int_equal(engine_town_do(&t, (struct command){.type = CMD_TEST, .person = "p_tanaka"}), REASON_OK);
	const struct test *test = newest(&t);
	assert_int_equal(test->until, t.now + 5 * MINUTE);
	assert_null(engine_test_asked(test, "person:p_hirata")); /* no role */
	assert_non_null(engine_test_asked(test, "person:p_mayor"));
	struct verdict v = engine_town_act(&t, (struct command){.type = CMD_TEST, .person = "p_suzuki"}); /* joins */
	assert_true(v.joined && v.record == engine_index(t.live));
	assert_ptr_equal(newest(&t), test);
	verdict_clear(&v);
	answer(&t, "terminal:t1", STAGE_DISPLAYED);
	answer(&t, "terminal:t1", STAGE_DELIVERED); /* older news */
	answer(&t, "terminal:t2", STAGE_DELIVERED);
	answer(&t, "terminal:nobody", STAGE_DELIVERED);
	uint64_t records = engine_index(t.live);
	answer(&t, "terminal:t2", STAGE_DELIVERED); /* again: nothing happened */
	assert_int_equal(engine_index(t.live), records);
	engine_town_wait(&t, 5 * MINUTE);
	assert_int_equal(test->ended_at, test->until);
	assert_int_equal(engine_test_asked(test, "terminal:t1")->stage, STAGE_DISPLAYED);
	assert_int_equal(engine_test_asked(test, "terminal:t2")->stage, STAGE_DELIVERED);
	assert_int_equal(engine_test_asked(test, "terminal:t3")->stage, STAGE_NOT_SENT);
	answer(&t, "terminal:t3", STAGE_DELIVERED); /* too late */
	assert_int_equal(engine_test_asked(test, "terminal:t3")->stage, STAGE_NOT_SENT);
	engine_town_free(&t);
}

static void test_all_have_shown(void **state)
{
	(void)state;
	struct engine_town t;
	engine_town_sample(&t, "");
	engine_town_do(&t, (struct command){.type = CMD_TEST, .person = "p_tanaka"});
	const struct test *test = newest(&t);
	for (size_t i = 0; i < test->n_asked; i++) {
		assert_int_equal(test->ended_at, 0);
		answer(&t, test->asked[i].id, STAGE_DISPLAYED);
	}
	assert_int_equal(test->ended_at, t.now);
	engine_town_free(&t);
}

static void test_thirty_are_kept(void **state)
{
	(void)state;
	struct engine_town t;
	const struct test *const *all;
	engine_town_sample(&t, "connection_test: {answer: 1m}");
	for (int i = 0; i < 35; i++) {
		assert_int_equal(engine_town_do(&t, (struct command){.type = CMD_TEST, .person = "p_tanaka"}), REASON_OK);
		engine_town_wait(&t, MINUTE);
	}
	assert_int_equal(engine_tests(t.live, &all), ENGINE_TESTS_KEPT);
	assert_int_equal(all[0]->id, 6);
	assert_int_equal(newest(&t)->id, 35);
	engine_town_free(&t);
}

static void assert_begun(struct engine_town *t, const char *when)
{
	char at[24];
	assert_non_null(newest(t));
	assert_string_equal(clock_format(newest(t)->at, false, at), when);
	assert_true(newest(t)->daily);
}

static void until(struct engine_town *t, const char *when)
{
	engine_town_wait(t, clock_parse(when, t->now) - t->now);
}

/* It is Tuesday, 2026-11-24, nine o'clock. */
static void test_daily(void **state)
{
	(void)state;
	struct engine_town t;
	engine_town_sample(&t, "connection_test: {at: \"08:45\", days: business, answer: 10m}");
	assert_null(newest(&t)); /* today's time was over when the site was loaded */
	until(&t, "2026-11-25 08:44");
	assert_null(newest(&t));
	until(&t, "2026-11-25 08:45");
	assert_begun(&t, "2026-11-25 08:45");
	until(&t, "2026-11-25 08:55");
	assert_int_not_equal(newest(&t)->ended_at, 0);
	until(&t, "2026-11-27 12:00");
	assert_begun(&t, "2026-11-27 08:45");
	until(&t, "2026-11-29 23:59"); /* Saturday, Sunday */
	assert_begun(&t, "2026-11-27 08:45");
	assert_int_equal(newest(&t)->id, 3);
	until(&t, "2026-12-28 09:00");
	assert_begun(&t, "2026-12-28 08:45");
	until(&t, "2027-01-03 12:00"); /* closed over the new year */
	assert_begun(&t, "2026-12-28 08:45");
	until(&t, "2027-01-04 08:45");
	assert_begun(&t, "2027-01-04 08:45");
	until(&t, "2027-01-11 12:00"); /* a holiday */
	assert_begun(&t, "2027-01-08 08:45");
	engine_town_free(&t);
}

static void stopped_until(struct engine_town *t, const char *when)
{
	t->now = clock_parse(when, t->now);
	engine_town_do(t, (struct command){.type = CMD_STARTED, .text = "test", .until = 30000});
	engine_town_wait(t, MINUTE);
}

static void test_daily_missed(void **state)
{
	(void)state;
	struct engine_town t;
	engine_town_sample(&t, "connection_test: {at: \"08:45\", answer: 10m}");
	until(&t, "2026-11-24 17:00");
	stopped_until(&t, "2026-11-26 10:00"); /* yesterday's is gone, today's is made up for */
	assert_begun(&t, "2026-11-26 10:00");
	assert_int_equal(newest(&t)->id, 1);
	stopped_until(&t, "2026-11-26 10:05"); /* amid it: not another one */
	assert_int_equal(newest(&t)->id, 1);
	assert_int_equal(newest(&t)->ended_at, 0);
	stopped_until(&t, "2026-11-26 11:00"); /* it ends though its time was over meanwhile */
	assert_int_not_equal(newest(&t)->ended_at, 0);
	assert_int_equal(newest(&t)->id, 1);
	stopped_until(&t, "2026-11-27 20:00"); /* the office is closed: nobody is there to be tested */
	assert_int_equal(newest(&t)->id, 1);
	stopped_until(&t, "2026-11-28 08:50"); /* a Saturday */
	assert_int_equal(newest(&t)->id, 1);
	until(&t, "2026-11-30 08:46");
	assert_begun(&t, "2026-11-30 08:45");
	engine_town_free(&t);
}

static void test_daily_every_day_and_changed(void **state)
{
	(void)state;
	struct engine_town t;
	engine_town_sample(&t, "connection_test: {at: \"22:00\", days: every, answer: 1m}");
	until(&t, "2026-11-28 22:30");
	assert_begun(&t, "2026-11-28 22:00");
	assert_int_equal(newest(&t)->id, 5);
	char *other = engine_town_sample_site("connection_test: {at: \"06:00\", days: every, answer: 1m}");
	engine_town_site(&t, other); /* not at once for today's six o'clock */
	free(other);
	until(&t, "2026-11-29 05:59");
	assert_int_equal(newest(&t)->id, 5);
	until(&t, "2026-11-29 06:00");
	assert_begun(&t, "2026-11-29 06:00");
	char *none = engine_town_sample_site("");
	engine_town_site(&t, none);
	free(none);
	until(&t, "2026-12-05 06:30");
	assert_int_equal(newest(&t)->id, 6);
	engine_town_free(&t);
}

/* One that was asked for runs into the daily time: the daily one follows it. */
static void test_daily_waits(void **state)
{
	(void)state;
	struct engine_town t;
	engine_town_sample(&t, "connection_test: {at: \"08:45\", answer: 10m}");
	until(&t, "2026-11-25 08:40");
	engine_town_do(&t, (struct command){.type = CMD_TEST, .person = "p_tanaka"});
	until(&t, "2026-11-25 08:49");
	assert_int_equal(newest(&t)->id, 1);
	until(&t, "2026-11-25 08:50");
	assert_begun(&t, "2026-11-25 08:50");
	until(&t, "2026-11-25 16:00");
	assert_int_equal(newest(&t)->id, 2);
	engine_town_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_on_demand),
		cmocka_unit_test(test_all_have_shown),
		cmocka_unit_test(test_thirty_are_kept),
		cmocka_unit_test(test_daily),
		cmocka_unit_test(test_daily_missed),
		cmocka_unit_test(test_daily_every_day_and_changed),
		cmocka_unit_test(test_daily_waits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
