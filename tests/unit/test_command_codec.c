/* Commands of the wire: every field arrives, every size is bounded, the digest is that of the content. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "app/command_codec.h"

#define ID "0123456789abcdef"
#define STR(s) ((char *)(uintptr_t)(s))

struct fixture {
	struct arena *arena;
	Renraku__Command in;
	struct command out;
	struct verdict verdict;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->arena = arena_new(0);
	renraku__command__init(&f->in);
	f->in.id = STR(ID);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	verdict_clear(&f->verdict);
	arena_free(f->arena);
	free(f);
	return 0;
}

static bool reads(struct fixture *f)
{
	verdict_clear(&f->verdict);
	return command_codec_read(f->arena, &f->in, &f->out, &f->verdict);
}

static void bad_input(struct fixture *f, const char *field)
{
	assert_false(reads(f));
	assert_int_equal(f->verdict.reason, REASON_BAD_INPUT);
	assert_non_null(strstr(f->verdict.text_en, field));
}

static char *long_text(struct fixture *f, size_t len)
{
	char *s = arena_alloc(f->arena, len + 1);

	memset(s, 'x', len);
	return s;
}

static void ids(void **state)
{
	static const char *const bad[] = {"", "short", "0123456789abcde", "0123456789abcde_", "0123456789abcde ", "連絡連絡連絡連絡",
		"0123456789012345678901234567890123456789012345678901234567890123x"};
	struct fixture *f = *state;
	Renraku__Comment m = RENRAKU__COMMENT__INIT;

	f->in.act_case = RENRAKU__COMMAND__ACT_COMMENT;
	f->in.comment = &m;
	assert_true(reads(f));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		f->in.id = STR(bad[i]);
		assert_false(reads(f));
		assert_int_equal(f->verdict.reason, REASON_BAD_ID);
	}
}

static void an_entry_arrives_whole(void **state)
{
	struct fixture *f = *state;
	Renraku__Enter m = RENRAKU__ENTER__INIT;
	Renraku__Value value = RENRAKU__VALUE__INIT, unknown = RENRAKU__VALUE__INIT, *values[] = {&value, &unknown};
	Renraku__Call call = RENRAKU__CALL__INIT, *calls[] = {&call};
	Renraku__FollowUpNew follow = RENRAKU__FOLLOW_UP_NEW__INIT, *follows[] = {&follow};
	Renraku__Behalf behalf = RENRAKU__BEHALF__INIT;
	char *checks[] = {STR("one"), STR("two")};

	value.field = STR("kind");
	value.value = STR("hardware");
	value.checks = checks;
	value.n_checks = 2;
	unknown.field = STR("place");
	unknown.unknown = STR("not seen");
	call.body = STR("pref");
	call.number = STR("077-1");
	call.at = 5;
	call.answered_by = STR("somebody");
	call.said = STR("understood");
	follow.kind = STR("training");
	follow.text = STR("teach");
	follow.owner = STR("p_tanaka");
	follow.due = STR("2026-12-01");
	behalf.person = STR("p_mayor");
	behalf.channel = RENRAKU__CHANNEL__CHANNEL_TELEPHONE;
	behalf.number = STR("0749-1");
	behalf.said_at = 7;
	m.incident = 3;
	m.item = STR("F1.2");
	m.values = values;
	m.n_values = 2;
	m.calls = calls;
	m.n_calls = 1;
	m.follow_ups = follows;
	m.n_follow_ups = 1;
	f->in.made_at = 9;
	f->in.behalf = &behalf;
	f->in.act_case = RENRAKU__COMMAND__ACT_ENTER;
	f->in.enter = &m;
	assert_true(reads(f));
	assert_int_equal(f->out.type, CMD_ENTER);
	assert_int_equal(f->out.incident, 3);
	assert_string_equal(f->out.item, "F1.2");
	assert_int_equal(f->out.made_at, 9);
	assert_string_equal(f->out.behalf, "p_mayor");
	assert_int_equal(f->out.channel, CH_TELEPHONE);
	assert_int_equal(f->out.said_at, 7);
	assert_int_equal(f->out.n_values, 2);
	assert_string_equal(f->out.values[0].value, "hardware");
	assert_int_equal(f->out.values[0].n_checks, 2);
	assert_string_equal(f->out.values[0].checks[1], "two");
	assert_null(f->out.values[0].unknown);
	assert_null(f->out.values[1].value);
	assert_string_equal(f->out.values[1].unknown, "not seen");
	assert_string_equal(f->out.calls[0].answered_by, "somebody");
	assert_int_equal(f->out.calls[0].at, 5);
	assert_string_equal(f->out.follow_ups[0].due, "2026-12-01");
}

static void sizes_are_bounded(void **state)
{
	struct fixture *f = *state;
	Renraku__Enter m = RENRAKU__ENTER__INIT;
	Renraku__Value value = RENRAKU__VALUE__INIT, *values[201];
	char *checks[101];

	f->in.act_case = RENRAKU__COMMAND__ACT_ENTER;
	f->in.enter = &m;
	m.item = STR("F1.2");
	for (size_t i = 0; i < 201; i++)
		values[i] = &value;
	for (size_t i = 0; i < 101; i++)
		checks[i] = STR("c");
	m.values = values;
	value.field = STR("a");
	m.n_values = 200;
	assert_true(reads(f));
	m.n_values = 201;
	bad_input(f, "values");
	m.n_values = 1;
	value.checks = checks;
	value.n_checks = 101;
	bad_input(f, "values.checks");
	value.n_checks = 0;
	value.value = long_text(f, 4000);
	assert_true(reads(f));
	value.value = long_text(f, 4001);
	bad_input(f, "values.value");
	value.value = STR("x");
	value.unknown = STR("y");
	bad_input(f, "together");
	value.unknown = STR("");
	value.field = STR("");
	bad_input(f, "values.field");
	value.field = STR("a");
	m.item = long_text(f, 129);
	bad_input(f, "item");
	m.item = STR("F1.2");
	f->in.made_at = UINT64_MAX;
	bad_input(f, "made_at");
}

static void a_command_without_an_act(void **state)
{
	bad_input(*state, "act");
}

static void the_digest_is_of_the_content(void **state)
{
	struct fixture *f = *state;
	Renraku__Comment m = RENRAKU__COMMENT__INIT;
	uint8_t first[RECORD_HASH];

	m.incident = 1;
	m.text = STR("hello");
	f->in.act_case = RENRAKU__COMMAND__ACT_COMMENT;
	f->in.comment = &m;
	assert_true(reads(f));
	memcpy(first, f->out.digest, sizeof first);
	f->in.id = STR("another-id-of-mine");
	assert_true(reads(f));
	assert_memory_equal(first, f->out.digest, sizeof first);
	m.text = STR("hallo");
	assert_true(reads(f));
	assert_memory_not_equal(first, f->out.digest, sizeof first);
	m.text = STR("hello");
	f->in.made_at = 1;
	assert_true(reads(f));
	assert_memory_not_equal(first, f->out.digest, sizeof first);
}

static void a_load_names_a_whole_sha256(void **state)
{
	struct fixture *f = *state;
	Renraku__LoadPlan m = RENRAKU__LOAD_PLAN__INIT;
	uint8_t sha[32] = {1};

	f->in.act_case = RENRAKU__COMMAND__ACT_LOAD_PLAN;
	f->in.load_plan = &m;
	assert_true(reads(f));
	assert_null(command_codec_blob(&f->in));
	m.sha256.data = sha;
	m.sha256.len = 31;
	assert_null(command_codec_blob(&f->in));
	m.sha256.len = 32;
	assert_ptr_equal(command_codec_blob(&f->in), sha);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ids, setup, teardown),
		cmocka_unit_test_setup_teardown(an_entry_arrives_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(sizes_are_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(a_command_without_an_act, setup, teardown),
		cmocka_unit_test_setup_teardown(the_digest_is_of_the_content, setup, teardown),
		cmocka_unit_test_setup_teardown(a_load_names_a_whole_sha256, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
