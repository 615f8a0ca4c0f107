/*
 * The engine with many terminals and many incidents: one broadcast is one record however many terminals there are, each answer is one
 * more, and what a change means for hundreds of notices is found in one pass and not in one pass for each of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/engine_town.h"
#include "unit/plan_files.h"

#define TERMINALS 5000
#define INCIDENTS 400

static char *plan, *site;

/* The harbour's site with so many terminals more. */
static char *crowded(void)
{
	struct buf b;
	buf_init(&b, 4u << 20);
	const char *at = strstr(site, "contacts:");
	buf_append(&b, site, (size_t)(at - site));
	for (int i = 0; i < TERMINALS; i++)
		buf_printf(&b, "  - {id: x%d, place: 窓口%d, section: quay}\n", i, i);
	buf_puts(&b, at);
	char *text = buf_take(&b);
	buf_free(&b);
	return text;
}

static const struct notice *newest_open(struct engine_town *t, uint32_t incident, const char *item)
{
	const struct incident *in = engine_incident(t->live, incident);
	for (size_t i = in->n_notices; i-- > 0;)
		if (in->notices[i]->state == NOTICE_OPEN && in->notices[i]->wants_ack &&
			strcmp(in->plan->items[in->notices[i]->item].id, item) == 0)
			return in->notices[i];
	fail_msg("no open notice of %s", item);
	return NULL;
}

static void acknowledge(struct engine_town *t, const char *person, const char *item)
{
	assert_int_equal(
		engine_town_do(t, (struct command){.type = CMD_ACKNOWLEDGE, .person = person, .notice = newest_open(t, 1, item)->id}),
		REASON_OK);
}

static void test_terminals(void **state)
{
	(void)state;
	struct engine_town t;
	char *large = crowded(), id[16];
	struct record_value object = {.field = "object", .value = "x"}, text = {.field = "text", .value = "x"},
			    cut = {.field = "cut", .value = "cut"};
	engine_town_init(&t, plan, large);
	t.plain = true;
	engine_town_do(&t, (struct command){.type = CMD_ALARM, .terminal = "k1", .item = "leak", .values = &object, .n_values = 1});
	acknowledge(&t, "p_quay", "E.leak");
	engine_town_do(
		&t, (struct command){.type = CMD_ENTER, .person = "p_quay", .incident = 1, .item = "L1", .values = &text, .n_values = 1});
	static const char *const way[] = {"p_man", "p_dir"}; /* the manager checks, too: one word for both */
	for (size_t i = 0; i < 2; i++)
		acknowledge(&t, way[i], "L1");
	engine_town_do(&t, (struct command){.type = CMD_ACKNOWLEDGE, .person = "p_west", .notice = newest_open(&t, 1, "L1")->id});
	engine_town_do(&t, (struct command){.type = CMD_ACKNOWLEDGE, .person = "p_east", .notice = newest_open(&t, 1, "L1")->id});
	uint64_t before = engine_index(t.live);
	assert_int_equal(
		engine_town_do(&t,
			(struct command){.type = CMD_ENTER, .person = "p_man", .incident = 1, .item = "L2", .values = &cut, .n_values = 1}),
		REASON_OK);
	assert_true(engine_index(t.live) - before < 8);
	const struct notice *n = newest_open(&t, 1, "L2");
	assert_int_equal(n->n_recipients, TERMINALS + 2);
	before = engine_index(t.live);
	uint64_t reacts = t.reacts;
	for (int i = 0; i < TERMINALS; i++) {
		snprintf(id, sizeof id, "x%d", i);
		assert_int_equal(engine_town_do(&t, (struct command){.type = CMD_ACKNOWLEDGE, .terminal = id, .notice = n->id}), REASON_OK);
	}
	assert_int_equal(engine_index(t.live) - before, TERMINALS);
	assert_int_equal(t.reacts, reacts);
	assert_false(engine_notice_hop_met(n));
	engine_town_do(&t, (struct command){.type = CMD_ACKNOWLEDGE, .terminal = "k1", .notice = n->id});
	assert_int_equal(
		engine_town_do(&t, (struct command){.type = CMD_EXCUSE, .person = "p_man", .about = "o1", .text = "x", .notice = n->id}),
		REASON_OK);
	assert_int_equal(derive_life(engine_incident(t.live, 1), plan_item_find(engine_plan(t.live), "L2")), LIFE_DONE);
	engine_town_free(&t);
	free(large);
}

static void test_incidents(void **state)
{
	(void)state;
	struct engine_town t;
	char name[24];
	engine_town_init(&t, plan, site);
	t.plain = true;
	engine_town_presence(&t, "person:p_quay", true);
	engine_town_presence(&t, "person:p_sub", true);
	engine_town_wait(&t, 31000);
	for (int i = 0; i < INCIDENTS; i++) {
		snprintf(name, sizeof name, "object %d", i);
		struct record_value object = {.field = "object", .value = name};
		assert_int_equal(
			engine_town_do(&t,
				(struct command){.type = CMD_ALARM, .terminal = "k1", .item = "leak", .values = &object, .n_values = 1}),
			REASON_OK);
	}
	uint64_t before = engine_index(t.live), reacts = t.reacts;
	engine_town_presence(&t, "person:p_quay", false); /* each of the open notices goes to the deputy */
	assert_int_equal(engine_index(t.live) - before, 1 + INCIDENTS);
	assert_true(t.reacts - reacts <= 3);
	before = engine_index(t.live);
	reacts = t.reacts;
	engine_town_presence(&t, "person:p_sub", false); /* nobody is left: each stands at the telephone */
	assert_int_equal(engine_index(t.live) - before, 1 + INCIDENTS);
	assert_true(t.reacts - reacts <= 3);
	assert_int_equal(engine_deadline(t.live), INT64_MAX);
	engine_town_free(&t);
}

static int setup(void **state)
{
	(void)state;
	plan = plan_files_read("tests/scenarios/towns/harbour.yaml");
	site = plan_files_read("tests/scenarios/towns/harbour-site.yaml");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(plan);
	free(site);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terminals),
		cmocka_unit_test(test_incidents),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
