/*
 * Good plans: they load without a word, and what was written is what the structs say. The town's plan is counted clause by clause.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/plan_files.h"

#define TOWN "server/plans/taga-juki-net.yaml"

static const struct plan_item *item(const struct plan *plan, const char *id)
{
	int i = plan_item_find(plan, id);

	assert_true(i >= 0);
	return &plan->items[i];
}

static bool has(const struct plan *plan, const struct plan_ints *list, const char *id)
{
	int want = plan_item_find(plan, id);

	for (size_t i = 0; i < list->n; i++) {
		if (list->at[i] == want)
			return true;
	}
	return false;
}

static void test_good_plans(void **state)
{
	DIR *dir = opendir("tests/plans/good");
	struct dirent *e;
	int n = 0;

	(void)state;
	assert_non_null(dir);
	while ((e = readdir(dir))) {
		char path[512];

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "tests/plans/good/%s", e->d_name);
		plan_free(plan_files_plan(path));
		n++;
	}
	closedir(dir);
	assert_true(n >= 10);
}

static void test_small(void **state)
{
	struct plan *plan = plan_files_plan("tests/plans/small.yaml");
	struct site *site = plan_files_site("tests/plans/small-site.yaml");
	struct plan_faults faults = {0};

	(void)state;
	plan_check_site("small-site.yaml", plan, site, &faults);
	plan_files_print(&faults);
	assert_int_equal(faults.n, 0);
	plan_faults_free(&faults);
	site_free(site);
	plan_free(plan);
}

/* The example in the documentation is the one that is tested. */
static void test_documented(void **state)
{
	char *doc = plan_files_read("docs/plan-language.md"), *plan = plan_files_read("tests/plans/small.yaml"),
	     *site = plan_files_read("tests/plans/small-site.yaml");

	(void)state;
	assert_non_null(strstr(doc, plan));
	assert_non_null(strstr(doc, site));
	free(doc);
	free(plan);
	free(site);
}

/* Every clause of the town's plan is named by an item, a fact, a procedure or a contact. */
static void test_clauses(void **state)
{
	static const char *const CLAUSES =
		"G1 G2a G2b F0 F1.1a F1.1b F1.1c F1.2a F1.2b F1.3 F2.1 F2.2a F2.2b F3.1 F3.2 F3.3a F3.3b F4 F5.1 F5.2 F5.3 F6 M0 M1.1 M1.2 "
		"M1.3 M1.3a M1.3b M1.3c M1.4 "
		"M2.0 M2.1 M2.2 M2.3 M2.4 M3.0 M3.1 M3.2 M3.3 M3.4 M4.1 M4.2 M4.3a M4.3b M5 M6.1 M6.2 M6.3 M6.4 M7 C1 C2 C3 ";
	struct plan *plan = plan_files_plan(TOWN);
	char seen[4096] = " ";

	(void)state;
	for (size_t i = 0; i < plan->n_items; i++) {
		for (size_t j = 0; j < plan->items[i].clause.n; j++) {
			strcat(seen, plan->items[i].clause.at[j]);
			strcat(seen, " ");
		}
		assert_true(plan->items[i].title_en && strcmp(plan->items[i].title, plan->items[i].id));
	}
	for (size_t i = 0; i < plan->n_contacts; i++) {
		strcat(seen, plan->contacts[i].clause.at[0]);
		strcat(seen, " ");
		strcat(seen, plan->contacts[i].clause.at[1]);
		strcat(seen, " ");
	}
	for (const char *c = CLAUSES; *c; c = strchr(c, ' ') + 1) {
		char word[16];

		snprintf(word, sizeof word, " %.*s ", (int)strcspn(c, " "), c);
		if (!strstr(seen, word))
			fail_msg("no item for clause%s", word);
	}
	plan_free(plan);
}

static void test_order(void **state)
{
	struct plan *plan = plan_files_plan(TOWN);
	const struct plan_item *first = item(plan, "F1.1b"), *stand_down = item(plan, "M3.1"), *approval = item(plan, "F5.2");

	(void)state;
	/* 'after: [IN]' is the whole reception, with what was added to it, and never the closing item. */
	assert_true(has(plan, &first->pre, "A.fault") && has(plan, &first->pre, "X.classify") && has(plan, &first->pre, "X.withdraw"));
	assert_false(has(plan, &first->pre, "X.close"));
	assert_true(has(plan, &stand_down->pre, "M6.1e") && has(plan, &stand_down->pre, "M3.0") && !has(plan, &stand_down->pre, "M3.1"));
	assert_true(has(plan, &approval->rests_on, "F5.1") && has(plan, &approval->pre, "F3.3a"));
	assert_true(has(plan, &item(plan, "F5.1")->resters, "F5.2") && has(plan, &item(plan, "F5.1")->resters, "F5.3c"));
	assert_true(item(plan, "F5.4")->lifts && item(plan, "F5.4")->under_lift && item(plan, "F5.1")->under_lift &&
		    item(plan, "F5.3r")->under_lift);
	assert_false(item(plan, "F4.1")->under_lift);
	assert_true(item(plan, "F6.1")->aftercare && !item(plan, "F5.1")->aftercare);
	plan_free(plan);
}

static void test_dimensions(void **state)
{
	struct plan *plan = plan_files_plan(TOWN);
	const struct plan_item *classify = item(plan, "X.classify"), *order = item(plan, "F2.1"), *talk = item(plan, "F3.3a"),
			       *alarm = item(plan, "fault");

	(void)state;
	assert_string_equal(alarm->id, "A.fault"); /* by its alarm word */
	assert_int_equal(alarm->n_dims, 2);
	assert_true(alarm->dims[0].constant && alarm->dims[0].slot >= 0 && alarm->dims[0].live);
	assert_true(!alarm->dims[1].live && alarm->dims[1].slot == -1);
	assert_int_equal(alarm->form[1].type, FIELD_PLACE);
	/* Options without a title take the fact's; a condition may stand on an option. */
	assert_string_equal(classify->form[0].options[0].title, "障害");
	assert_true(classify->form[0].options[0].guide.n > 0);
	assert_non_null(classify->form[0].options[2].when);
	assert_true(order->dims[0].live && order->dims[0].slot == -1 && order->dims[0].options[1].orders == plan_role_find(plan, "chief"));
	assert_int_equal(talk->n_agenda, 8);
	assert_int_equal(talk->n_dims, 1);
	assert_true(talk->dims[0].agenda && talk->decided_by == plan_role_find(plan, "council"));
	assert_string_equal(item(plan, "M4.3a")->decided_by_word, "chair");
	assert_int_equal(item(plan, "M4.3a")->n_agenda, 9);
	/* A choice with `sets` and no options offers the fact's values. */
	assert_int_equal(item(plan, "M3.0")->form[0].n_options, 3);
	assert_true(plan->facts[plan_fact_find(plan, "category")].read);
	for (size_t i = 0; i < plan->n_slots; i++)
		assert_int_equal(plan->items[plan->slots[i].item].dims[plan->slots[i].dim].slot, i);
	plan_free(plan);
}

static void test_conditions(void **state)
{
	struct plan *plan = plan_files_plan(TOWN);
	const struct cond *c = item(plan, "F2.2b")->when; /* procedure's and its own */

	(void)state;
	assert_int_equal(c->op, COND_AND);
	assert_int_equal(c->a->op, COND_IN);
	assert_int_equal(c->a->ref, plan_fact_find(plan, "category"));
	assert_string_equal(c->b->values.at[0], "serious");
	c = item(plan, "M1.3c")->when->b; /* provisional in (…) and level in (…) */
	assert_int_equal(c->op, COND_AND);
	assert_int_equal(c->b->values.n, 3);
	assert_string_equal(c->b->values.at[0], "unset");
	c = item(plan, "F5.3")->when->b; /* measures/council != none */
	assert_int_equal(c->op, COND_NOT);
	assert_int_equal(c->a->subject, COND_MEASURES_OF);
	assert_int_equal(c->a->ref, plan_role_find(plan, "council"));
	assert_null(item(plan, "X.close")->when);
	plan_free(plan);
}

static void test_names(void **state)
{
	struct plan *plan = plan_files_plan(TOWN);

	(void)state;
	assert_int_equal(plan_role_find(plan, "every_terminal"), ROLE_EVERY_TERMINAL);
	assert_int_equal(plan_role_find(plan, "entry"), ROLE_ENTRY);
	assert_int_equal(plan_role_find(plan, "nobody"), ROLE_NONE);
	assert_string_equal(plan_role_title(plan, ROLE_EVERY_TERMINAL), "全端末");
	assert_string_equal(plan_role_id(plan, ROLE_REPORTER), "reporter");
	assert_int_equal(plan_body_find(plan, "J-LIS"), plan_body_find(plan, "national"));
	assert_int_equal(plan_body_find(plan, "指定情報処理機関"), plan_body_find(plan, "national"));
	assert_int_equal(plan_body_find(plan, "moon"), -1);
	assert_int_equal(plan_item_find(plan, "misuse"), plan_item_find(plan, "A.misuse"));
	assert_non_null(plan_field_find(item(plan, "F1.1b"), "cause"));
	assert_null(plan_field_find(item(plan, "F1.1b"), "causes"));
	assert_non_null(plan_agenda_find(item(plan, "F3.3a"), "resume"));
	assert_true(plan->roles[plan_role_find(plan, "security_manager")].held_as == plan_role_find(plan, "security_officer"));
	assert_true(plan->procedures[item(plan, "M1.2")->procedure].seen_by.n > 0 &&
		    plan->procedures[item(plan, "F1.2b")->procedure].seen_by.n == 0);
	plan_free(plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_plans),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_clauses),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_dimensions),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
