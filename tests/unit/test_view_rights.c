/* Views: need to know, private numbers, who shares a view with whom, and whom a change concerns. */
#include "unit/test_view_town.h"

#include <string.h>

static void test_need_to_know(void **state)
{
	(void)state;
	struct town t;
	struct seen s;
	town_init(&t, 3);
	struct record_value values[] = {{.field = "text", .value = "不審な操作"}};
	struct verdict v =
		town_act(&t, (struct command){.type = CMD_ALARM, .terminal = "t0001", .item = "misuse", .values = values, .n_values = 1});
	uint32_t inc = v.incident;
	verdict_clear(&v);

	town_look(&t, INCIDENT, inc, "t0002", NULL, &s);
	assert_false(s.allowed);
	assert_int_equal(s.n, 0);
	town_unlook(&s);
	town_look(&t, BOARD, 0, "t0002", NULL, &s);
	assert_int_equal(town_count(&s, RENRAKU__ROW__BODY_INCIDENT), 0);
	assert_int_equal(town_count(&s, RENRAKU__ROW__BODY_NOTICE), 0);
	town_unlook(&s);
	town_look(&t, INBOX, 0, "t0002", NULL, &s);
	assert_int_equal(s.n, 1); /* the town, nothing else */
	town_unlook(&s);
	town_look(&t, BOARD, 0, NULL, "p_of", &s);
	assert_int_equal(town_count(&s, RENRAKU__ROW__BODY_INCIDENT), 1);
	town_unlook(&s);

	char clerk[128], officer[128], other[128], same[128];
	view_audience(t.engine, BOARD, 0, &(struct view_reader){"t0002", NULL}, clerk);
	view_audience(t.engine, BOARD, 0, &(struct view_reader){"t0003", NULL}, same);
	view_audience(t.engine, BOARD, 0, &(struct view_reader){NULL, "p_of"}, officer);
	view_audience(t.engine, BOARD, 0, &(struct view_reader){"t0001", NULL}, other);
	assert_string_equal(clerk, same);
	assert_string_not_equal(clerk, officer);
	assert_string_not_equal(clerk, other); /* it raised the alarm itself */
	view_audience(t.engine, INBOX, 0, &(struct view_reader){"t0002", NULL}, clerk);
	view_audience(t.engine, INBOX, 0, &(struct view_reader){"t0003", NULL}, same);
	assert_string_not_equal(clerk, same);
	town_free(&t);
}

static void test_private_numbers(void **state)
{
	(void)state;
	struct town t;
	struct seen s;
	static const struct {
		const char *terminal, *person;
		size_t op, de;
	} readers[] = {{"t0001", NULL, 1, 0}, {NULL, "p_of", 2, 1}, {NULL, "p_op", 2, 1} /* the officer's deputy */, {NULL, "p_de", 1, 1},
		{NULL, "p_cl", 1, 0}};
	town_init(&t, 3);
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		town_look(&t, CONTACTS, 0, readers[i].terminal, readers[i].person, &s);
		assert_int_equal(town_row(&s, "person:p_op")->person->n_numbers, readers[i].op);
		assert_int_equal(town_row(&s, "person:p_de")->person->n_numbers, readers[i].de);
		town_unlook(&s);
	}
	char a[128], b[128], c[128];
	view_audience(t.engine, CONTACTS, 0, &(struct view_reader){"t0001", NULL}, a);
	view_audience(t.engine, CONTACTS, 0, &(struct view_reader){NULL, "p_cl"}, b);
	view_audience(t.engine, CONTACTS, 0, &(struct view_reader){NULL, "p_de"}, c);
	assert_string_equal(a, b); /* equal rights, equal rows */
	assert_string_not_equal(a, c);
	town_free(&t);
}

static void test_touched(void **state)
{
	(void)state;
	struct town t;
	town_init(&t, 3);
	struct view_reader clerk = {"t0002", NULL}, operator= {NULL, "p_op"}, nobody = {NULL, NULL};
	uint32_t inc = town_alarm_fault(&t, false);
	assert_true(view_touched(t.engine, &t.changes, INBOX, 0, &operator));
	assert_true(view_touched(t.engine, &t.changes, INBOX, 0, &clerk));
	assert_true(view_touched(t.engine, &t.changes, BOARD, 0, &nobody));
	assert_true(view_touched(t.engine, &t.changes, INCIDENT, inc, &operator));
	assert_false(view_touched(t.engine, &t.changes, INCIDENT, inc + 1, &operator));
	assert_false(view_touched(t.engine, &t.changes, CONTACTS, 0, &clerk));
	town_acknowledge(&t, "p_op", town_notice_to(&t, inc, "A.fault", "p_op", NOTICE_TELL), NULL);
	assert_false(view_touched(t.engine, &t.changes, INBOX, 0, &clerk)); /* not this terminal's business */
	town_presence(&t, "terminal:t0003", true);
	assert_false(view_touched(t.engine, &t.changes, INBOX, 0, &clerk));
	assert_true(view_touched(t.engine, &t.changes, BOARD, 0, &clerk));
	town_load(&t, CMD_LOAD_PLAN, town_plan);
	assert_true(view_touched(t.engine, &t.changes, CONTACTS, 0, &clerk));
	town_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_need_to_know),
		cmocka_unit_test(test_private_numbers),
		cmocka_unit_test(test_touched),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
