/*
 * The demonstration site with the town's plan: no complaint; business hours, holidays, numbers by the hour, limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "unit/plan_files.h"

#define TOWN "server/plans/taga-juki-net.yaml"
#define DEMO "server/plans/taga-demo-site.yaml"

static int64_t at(const char *when)
{
	int64_t ms = clock_parse(when, 0);

	assert_true(ms > 0);
	return ms;
}

static void test_demo_fits(void **state)
{
	struct plan *plan = plan_files_plan(TOWN);
	struct site *site = plan_files_site(DEMO);
	struct plan_faults faults = {0};

	(void)state;
	plan_check_site(DEMO, plan, site, &faults);
	plan_files_print(&faults);
	assert_int_equal(faults.n, 0);
	assert_int_equal(site->n_terminals, 3);
	assert_string_equal(site->terminals[site_terminal_find(site, "t3")].section, "branch");
	assert_int_equal(site_terminal_find(site, "t9"), -1);
	assert_true(site->persons[site_person_find(site, "p_nishida")].administrator);
	assert_true(site->persons[site_person_find(site, "p_tanaka")].tels[1].private_number);
	assert_int_equal(site_group_find(site, "council")->quorum, 3);
	assert_null(site_group_find(site, "chief"));
	plan_faults_free(&faults);
	site_free(site);
	plan_free(plan);
}

static void test_deputies(void **state)
{
	struct site *site = plan_files_site(DEMO);
	const struct site_holder *chief = NULL;

	(void)state;
	for (size_t i = 0; i < site->n_holders; i++) {
		if (!strcmp(site->holders[i].role, "chief"))
			chief = &site->holders[i];
	}
	assert_non_null(chief);
	assert_int_equal(chief->n_deputies, 2);
	assert_int_equal(chief->deputies[0].may, MAY_ALL);
	assert_int_equal(chief->deputies[1].may, MAY_ACKNOWLEDGE | MAY_ENTER);
	site_free(site);
}

static void test_business_hours(void **state)
{
	struct site *site = plan_files_site(DEMO);

	(void)state;
	assert_true(site_business_hours(site, at("2026-11-24 08:30"))); /* Tuesday */
	assert_true(site_business_hours(site, at("2026-11-24 17:14")));
	assert_false(site_business_hours(site, at("2026-11-24 08:29")));
	assert_false(site_business_hours(site, at("2026-11-24 17:15")));
	assert_false(site_business_hours(site, at("2026-11-23 10:00"))); /* a holiday on a Monday */
	assert_false(site_business_hours(site, at("2026-11-22 10:00"))); /* Sunday */
	assert_false(site_business_hours(site, at("2026-12-29 10:00"))); /* closed over the end of the year */
	assert_false(site_business_hours(site, at("2027-01-01 10:00")));
	assert_false(site_business_hours(site, at("2026-01-02 10:00")));
	assert_true(site_business_hours(site, at("2027-01-04 10:00")));
	assert_true(site_business_hours(site, at("2026-12-28 10:00")));
	site_free(site);
}

static void test_numbers(void **state)
{
	struct plan *plan = plan_files_plan(TOWN);
	struct site *site = plan_files_site(DEMO);
	int prefecture = plan_body_find(plan, "prefecture");
	struct contact_number n[8];

	(void)state;
	assert_string_equal(contact_number_now(plan, site, prefecture, at("2026-11-24 10:00")), "077-528-3233");
	assert_string_equal(contact_number_now(plan, site, prefecture, at("2026-11-24 20:00")), "077-563-3750");
	assert_string_equal(contact_number_now(plan, site, prefecture, at("2026-11-23 10:00")), "077-563-3750");
	assert_string_equal(contact_number_now(plan, site, plan_body_find(plan, "national"), at("2026-11-23 03:00")), "03-5214-0908");
	assert_int_equal(contact_numbers(plan, site, prefecture, at("2026-11-24 10:00"), n, 8), 2);
	assert_true(n[0].from_site && n[0].verified && n[0].now != n[1].now);
	/* The printed ones where the site has none. */
	site->n_contacts = 0;
	assert_int_equal(contact_numbers(plan, site, prefecture, at("2026-11-24 10:00"), n, 8), 2);
	assert_true(!n[0].from_site && !n[0].verified);
	assert_null(contact_number_now(plan, site, plan_body_find(plan, "contractor"), at("2026-11-24 10:00")));
	site_free(site);
	plan_free(plan);
}

static void test_limits(void **state)
{
	struct site *site = plan_files_site(DEMO);

	(void)state;
	assert_int_equal(site_limit_of(site, "at_once").ack, 5 * 60000);
	assert_int_equal(site_limit_of(site, "promptly").done, 2 * 3600000);
	assert_int_equal(site_limit_of(site, "never heard of").ack, 30 * 60000);
	assert_int_equal(site_limit_of(site, NULL).repeat, 10 * 60000);
	site->n_limits = 0;
	assert_int_equal(site_limit_of(site, "at_once").done, 8 * 3600000);
	site_free(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_demo_fits),
		cmocka_unit_test(test_deputies),
		cmocka_unit_test(test_business_hours),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
