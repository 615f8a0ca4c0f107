/*
 * The engine on random walks through two towns: the log is the state after each record, whatever changed is listed, a repetition gives
 * the first answer, a refusal leaves nothing, nothing stays due, and the same acts give the same bytes. RENRAKU_WALKS=N takes N times as
 * many.
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

static char *harbour, *harbour_sites[2], *town, *town_site;

static uint64_t times(uint64_t n)
{
	const char *more = getenv("RENRAKU_WALKS");
	return more ? n * strtoull(more, NULL, 10) : n;
}

static void walk(struct engine_town *t, const char *plan, char **sites, size_t n_sites, uint64_t seed, size_t steps)
{
	engine_town_init(t, plan, sites[0]);
	t->dice = seed;
	for (size_t i = 0; i < steps; i++) {
		engine_town_random(t);
		if (n_sites > 1 && i % 60 == 59)
			engine_town_site(t, sites[engine_town_roll(t, n_sites)]);
		if (i % 90 == 89)
			engine_town_do(t, (struct command){.type = CMD_STARTED, .text = "test", .until = 30000});
	}
}

static void replayed(struct engine_town *t)
{
	uint8_t a[RECORD_HASH], b[RECORD_HASH];
	struct records rs;
	records_init(&rs);
	if (engine_react(t->fold, t->now, &rs)) /* an engine that was given the log has nothing to add */
		fail_msg("after the replay: %s %s %s notice %llu", record_kind_name(rs.at[0].kind), rs.at[0].item,
			rs.at[0].text ? rs.at[0].text : "", (unsigned long long)rs.at[0].notice);
	records_free(&rs);
	engine_fingerprint(t->live, a);
	engine_fingerprint(t->fold, b);
	assert_memory_equal(a, b, sizeof a);
}

static void test_harbour(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= times(24); seed++) {
		struct engine_town t;
		walk(&t, harbour, harbour_sites, 2, seed, 300);
		replayed(&t);
		engine_town_free(&t);
	}
}

static void test_town(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= times(12); seed++) {
		struct engine_town t;
		walk(&t, town, &town_site, 1, seed, 300);
		replayed(&t);
		engine_town_free(&t);
	}
}

static void test_same_bytes(void **state)
{
	(void)state;
	struct engine_town a, b;
	walk(&a, harbour, harbour_sites, 2, 77, 300);
	walk(&b, harbour, harbour_sites, 2, 77, 300);
	assert_true(engine_index(a.live) > 200);
	assert_int_equal(a.log.len, b.log.len);
	assert_memory_equal(a.log.data, b.log.data, a.log.len);
	engine_town_free(&a);
	engine_town_free(&b);
}

static int setup(void **state)
{
	(void)state;
	harbour = plan_files_read("tests/scenarios/towns/harbour.yaml");
	harbour_sites[0] = plan_files_read("tests/scenarios/towns/harbour-site.yaml");
	harbour_sites[1] = plan_files_read("tests/scenarios/towns/harbour-site-2.yaml");
	town = plan_files_read("server/plans/taga-juki-net.yaml");
	town_site = plan_files_read("tests/scenarios/site.yaml");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(harbour);
	free(harbour_sites[0]);
	free(harbour_sites[1]);
	free(town);
	free(town_site);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_harbour),
		cmocka_unit_test(test_town),
		cmocka_unit_test(test_same_bytes),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
