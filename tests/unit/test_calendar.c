/*
 * The calendar: national holidays against an independent data set on every day from 2015 to 2050 (tests/calendar), and the kinds of
 * hours of a site: edges of business hours, weekends, holidays, the closure over the year's end, and Japan's midnight.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "plan/holidays.h"
#include "unit/plan_files.h"

#define DATA "tests/calendar/holidays-2015-2050.txt"
#define DAY_MS INT64_C(86400000)

static int64_t at(const char *when)
{
	int64_t ms = clock_parse(when, 0);

	assert_true(ms > 0);
	return ms;
}

static void test_every_day(void **state)
{
	char *data = plan_files_read(DATA);
	size_t days = 0, holidays = 0;

	(void)state;
	for (int64_t ms = at("2015-01-01 12:00"); ms <= at("2050-12-31 12:00"); ms += DAY_MS) {
		struct clock_date d = clock_japan(ms);
		char line[40];
		const char *name = holidays_japan(d.year, d.month, d.day);

		snprintf(line, sizeof line, "\n%04d-%02d-%02d\n", d.year, d.month, d.day);
		if ((strstr(data, line) != NULL) != (name != NULL))
			fail_msg("%.10s: we say %s", line + 1, name ? name : "no holiday");
		days++;
		holidays += name != NULL;
	}
	assert_int_equal(days, 13149);
	assert_int_equal(holidays, 645);
	free(data);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(holidays_japan(2019, 4, 30), "国民の休日");
	assert_string_equal(holidays_japan(2019, 5, 1), "即位の日");
	assert_string_equal(holidays_japan(2019, 5, 6), "振替休日");
	assert_null(holidays_japan(2019, 12, 23));
	assert_null(holidays_japan(2019, 2, 23));
	assert_string_equal(holidays_japan(2020, 5, 6), "振替休日"); /* three holidays after that Sunday */
	assert_string_equal(holidays_japan(2021, 7, 23), "スポーツの日");
	assert_null(holidays_japan(2021, 10, 11));
	assert_string_equal(holidays_japan(2026, 9, 22), "国民の休日");
	assert_string_equal(holidays_japan(2026, 11, 23), "勤労感謝の日");
	assert_null(holidays_japan(2015, 8, 11));
	assert_null(holidays_japan(2028, 2, 29));
}

/* ---- hours ---- */

#define SITE(calendar)                                                                                                                     \
	"site: s\nplan: p\npersons: [{id: p_a, name: a, reach: [{via: login}]}]\nholders: [{role: r, persons: [p_a]}]\n"                   \
	"terminals: [{id: t1, place: x}]\ncalendar: " calendar "\n"

static struct site *site_of(const char *text)
{
	struct plan_faults faults = {0};
	struct site *site = site_load("site.yaml", text, strlen(text), &faults);

	plan_files_print(&faults);
	plan_faults_free(&faults);
	return site;
}

static void test_hours(void **state)
{
	static const struct {
		const char *when;
		enum plan_hours hour;
	} cases[] = {
		{"2026-11-24 08:29:59", HOURS_NIGHT}, {"2026-11-24 08:30:00", HOURS_BUSINESS}, {"2026-11-24 17:14:59", HOURS_BUSINESS},
		{"2026-11-24 17:15:00", HOURS_NIGHT},
		{"2026-11-24 00:00:00", HOURS_NIGHT}, /* 15:00 UTC of a holiday, and Japan's Tuesday */
		{"2026-11-23 23:59:59", HOURS_HOLIDAY}, {"2026-11-23 12:00:00", HOURS_HOLIDAY}, {"2026-11-22 12:00:00", HOURS_WEEKEND},
		{"2026-11-21 12:00:00", HOURS_WEEKEND}, {"2026-12-28 10:00:00", HOURS_BUSINESS}, {"2026-12-28 23:59:59", HOURS_NIGHT},
		{"2026-12-29 00:00:00", HOURS_CLOSURE}, {"2026-12-31 12:00:00", HOURS_CLOSURE},
		{"2027-01-01 12:00:00", HOURS_CLOSURE}, /* and a holiday: closed all the same */
		{"2027-01-03 23:59:59", HOURS_CLOSURE}, /* a Sunday */
		{"2027-01-04 00:00:00", HOURS_NIGHT}, {"2027-01-04 09:00:00", HOURS_BUSINESS},
		{"2028-02-29 09:00:00", HOURS_BUSINESS}, /* a Tuesday */
		{"2032-02-29 09:00:00", HOURS_WEEKEND}, {"2024-02-29 09:00:00", HOURS_BUSINESS},
		{"2025-02-24 09:00:00", HOURS_HOLIDAY}, /* for the Emperor's birthday on Sunday */
	};
	struct site *site = site_of(SITE("{business: '08:30-17:15', closed: ['12-29..01-03'], holidays: japan}"));

	(void)state;
	assert_non_null(site);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (site_hour(site, at(cases[i].when), NULL) != cases[i].hour)
			fail_msg("%s is %s", cases[i].when, plan_hours_name(site_hour(site, at(cases[i].when), NULL)));
	site_free(site);
}

static void test_holidays_of_a_site(void **state)
{
	struct site *site = site_of(SITE("{holidays: [2026-08-14, japan]}"));
	const char *name = "?";

	(void)state;
	assert_non_null(site);
	assert_int_equal(site_hour(site, at("2026-08-14 10:00"), &name), HOURS_HOLIDAY); /* the town's own */
	assert_null(name);
	assert_int_equal(site_hour(site, at("2026-09-22 10:00"), &name), HOURS_HOLIDAY);
	assert_string_equal(name, "国民の休日");
	site_free(site);
	site = site_of(SITE("{holidays: [2026-08-14]}")); /* nothing but what is written */
	assert_int_equal(site_hour(site, at("2026-09-22 10:00"), NULL), HOURS_BUSINESS);
	site_free(site);
	site = site_of(SITE("{holidays: japan}"));
	assert_int_equal(site_hour(site, at("2050-11-23 10:00"), NULL), HOURS_HOLIDAY);
	site_free(site);
}

static void test_wrong_holidays(void **state)
{
	static const char *const wrong[] = {SITE("{holidays: nippon}"), SITE("{holidays: {japan: true}}"), SITE("{holidays: [nippon]}"),
		SITE("{holidays: [2026-02-29]}"), SITE("{holidays: 2026-08-14}"), SITE("{holidays: }")};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct plan_faults faults = {0};
		struct site *site = site_load("site.yaml", wrong[i], strlen(wrong[i]), &faults);

		if (site || !faults.n_errors)
			fail_msg("accepted: %s", wrong[i]);
		plan_faults_free(&faults);
	}
}

/* ---- numbers ---- */

static void test_numbers_by_kind_of_hour(void **state)
{
	static const char PLAN[] = "server/plans/taga-juki-net.yaml";
	static const char TEXT[] =
		SITE("{closed: ['12-29..01-03'], holidays: japan}") "contacts:\n"
								    "  - {body: contractor, tel: 0749-00-1, hours: always, verified: "
								    "2026-09-01}\n"
								    "  - {body: contractor, tel: 0749-00-2, hours: closed, verified: "
								    "2026-08-01}\n"
								    "  - {body: contractor, tel: 0749-00-3, hours: holiday}\n"
								    "  - {body: contractor, tel: 0749-00-4, hours: closure}\n"
								    "  - {body: contractor, tel: 0749-00-5, hours: night}\n";
	struct plan *plan = plan_files_plan(PLAN);
	struct site *site = site_of(TEXT);
	int body = plan_body_find(plan, "contractor");

	(void)state;
	assert_non_null(site);
	assert_string_equal(contact_number_now(plan, site, body, at("2026-11-24 10:00")), "0749-00-1");
	assert_string_equal(contact_number_now(plan, site, body, at("2026-11-24 20:00")), "0749-00-5");
	assert_string_equal(contact_number_now(plan, site, body, at("2026-11-22 10:00")), "0749-00-2");
	assert_string_equal(contact_number_now(plan, site, body, at("2026-11-23 10:00")), "0749-00-3");
	assert_string_equal(contact_number_now(plan, site, body, at("2027-01-01 10:00")), "0749-00-4");
	site_free(site);
	plan_free(plan);
}

static void test_bodies_however_typed(void **state)
{
	static const char *const names[] = {"national", "全国センター", "全国ｾﾝﾀｰ", "指定情報処理機関", "J-LIS", "j-lis", "Ｊ－ＬＩＳ",
		"ｊ‐ｌｉｓ", "Jーlis", "Ｊ−ＬＩＳ", "地方公共団体 情報システム機構", "地方公共団体情報ｼｽﾃﾑ機構", "National Centre (J-LIS)"};
	struct plan *plan = plan_files_plan("server/plans/taga-juki-net.yaml");
	int body = plan_body_find(plan, "national");

	(void)state;
	assert_true(body >= 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (plan_body_find(plan, names[i]) != body)
			fail_msg("%s was not found", names[i]);
	assert_int_equal(plan_body_find(plan, "滋賀県"), plan_body_find(plan, "prefecture"));
	assert_int_equal(plan_body_find(plan, "J-LIST"), -1);
	assert_int_equal(plan_body_find(plan, ""), -1);
	assert_int_equal(plan_body_find(plan, "\xE5\x85"), -1); /* cut inside a character */
	plan_free(plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_holidays_of_a_site),
		cmocka_unit_test(test_wrong_holidays),
		cmocka_unit_test(test_numbers_by_kind_of_hour),
		cmocka_unit_test(test_bodies_however_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
