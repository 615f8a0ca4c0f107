/* What a person types as fields, checks, calls and follow-ups becomes the parts of a command. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/behalf.h"
#include "ctl/commands.h"
#include "ctl/files.h"
#include "ctl/fill.h"

static struct ctl ctl;
static struct fill fill;

#define READ(command, first, ...) read_line(command, first, (char *[]){__VA_ARGS__}, sizeof((char *[]){__VA_ARGS__}) / sizeof(char *))

static bool read_line(const char *command, size_t first, char **argv, size_t argc)
{
	const char *culprit;

	opt_free(&ctl.line);
	ctl.cmd = commands_find(command);
	ctl.out = stdout;
	assert_int_equal(opt_parse((int)argc, argv, ctl_options, ctl.cmd->opts, ctl.cmd->flags & CMD_LOOSE, &ctl.line, &culprit), OPT_OK);
	return fill_read(&ctl, first, &fill);
}

static int setup(void **state)
{
	(void)state;
	ctl.arena = arena_new(0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	opt_free(&ctl.line);
	arena_free(ctl.arena);
	return 0;
}

static void values_by_word_by_option_and_full_width(void **state)
{
	(void)state;
	assert_true(READ("act", 2, "1", "F1.1b", "kind=hardware", "place＝1階", "--cause", "a=b", "--unknown", "extent=調査中"));
	assert_int_equal(fill.n_values, 4);
	assert_string_equal(fill.values[0]->field, "kind");
	assert_string_equal(fill.values[0]->value, "hardware");
	assert_string_equal(fill.values[1]->field, "place");
	assert_string_equal(fill.values[1]->value, "1階");
	assert_string_equal(fill.values[2]->value, "a=b");
	assert_string_equal(fill.values[3]->unknown, "調査中");
	assert_string_equal(fill.values[3]->value, "");
}

static void checks_belong_to_the_value_before_or_the_one_named(void **state)
{
	(void)state;
	assert_true(READ(
		"act", 2, "1", "F1.1b", "kind=hardware", "--check", "警告ランプの確認", "place=1階", "--check", "kind=形状異常の確認"));
	assert_int_equal(fill.values[0]->n_checks, 2);
	assert_string_equal(fill.values[0]->checks[0], "警告ランプの確認");
	assert_string_equal(fill.values[0]->checks[1], "形状異常の確認");
	assert_int_equal(fill.values[1]->n_checks, 0);
	assert_false(READ("act", 2, "1", "F1.1b", "--check", "A"));
}

static void calls_take_what_follows_them(void **state)
{
	(void)state;
	assert_true(READ("act", 2, "1", "F5.1", "--call", "prefecture", "--number", "077-1", "--answered", "中村", "--said", "了解: はい",
		"--call", "body=national:03-1:受付:了解:した", "--call", "planning", "--no-answer", "--for", "p_ito", "--number", "0749-1",
		"--at", "09:05"));
	assert_int_equal(fill.n_calls, 3);
	assert_string_equal(fill.calls[0]->body, "prefecture");
	assert_string_equal(fill.calls[0]->number, "077-1");
	assert_string_equal(fill.calls[0]->said, "了解: はい");
	assert_string_equal(fill.calls[1]->body, "national");
	assert_string_equal(fill.calls[1]->answered_by, "受付");
	assert_string_equal(fill.calls[1]->said, "了解:した");
	assert_true(fill.calls[2]->no_answer);
	assert_string_equal(fill.calls[2]->number, "");
	assert_false(READ("act", 2, "1", "F5.1", "--said", "x"));
}

/* `--number` of a call is not the number of --for, and the other way round. */
static void behalf_has_its_own_number(void **state)
{
	Renraku__Behalf *behalf;

	(void)state;
	assert_true(READ("act", 2, "1", "F5.1", "--call", "prefecture", "--number", "077-1", "--for", "p_ito", "--number", "0749-1", "--at",
		"2026-11-23T09:05"));
	assert_true(behalf_read(&ctl, &behalf));
	assert_string_equal(behalf->person, "p_ito");
	assert_string_equal(behalf->number, "0749-1");
	assert_int_equal(behalf->channel, RENRAKU__CHANNEL__CHANNEL_TELEPHONE);
	assert_true(behalf->said_at == UINT64_C(1795392300000));
	assert_string_equal(fill.calls[0]->number, "077-1");
	assert_true(READ("act", 2, "1", "F5.1", "--call", "prefecture", "--number", "077-1"));
	assert_true(behalf_read(&ctl, &behalf));
	assert_null(behalf);
}

static void behalf_that_lacks_something_is_told(void **state)
{
	Renraku__Behalf *behalf;

	(void)state;
	assert_true(READ("act", 2, "1", "F1.3", "--for", "p_ito"));
	assert_false(behalf_read(&ctl, &behalf)); /* by telephone, and no number */
	assert_true(READ("act", 2, "1", "F1.3", "--by", "paper"));
	assert_false(behalf_read(&ctl, &behalf)); /* for whom? */
	assert_true(READ("act", 2, "1", "F1.3", "--for", "p_ito", "--by", "carrier-pigeon"));
	assert_false(behalf_read(&ctl, &behalf));
	assert_true(READ("act", 2, "1", "F1.3", "--for", "p_ito", "--by", "in-person", "--at", "soon"));
	assert_false(behalf_read(&ctl, &behalf));
	assert_true(READ("act", 2, "1", "F1.3", "--for", "p_ito", "--by", "対面"));
	assert_true(behalf_read(&ctl, &behalf));
	assert_int_equal(behalf->channel, RENRAKU__CHANNEL__CHANNEL_IN_PERSON);
}

/* A form may have a field of the same name: `--at` is its, unless it says when something was said or written. */
static void a_time_belongs_to_the_form_or_to_what_was_said(void **state)
{
	Renraku__Behalf *behalf;

	(void)state;
	assert_true(READ("alarm", 1, "A", "--who", "x", "--at", "2026-11-23 16:23", "--number", "3"));
	assert_int_equal(fill.n_values, 3);
	assert_string_equal(fill.values[1]->field, "at");
	assert_string_equal(fill.values[1]->value, "2026-11-23 16:23");
	assert_string_equal(fill.values[2]->field, "number");
	assert_true(behalf_read(&ctl, &behalf));
	assert_null(behalf);
	assert_true(READ("alarm", 1, "A", "--at", "9時", "--by", "paper", "--at", "2026-11-23T09:05"));
	assert_int_equal(fill.n_values, 1);
	assert_string_equal(fill.values[0]->value, "9時");
	assert_true(behalf_read(&ctl, &behalf));
	assert_true(behalf->said_at == UINT64_C(1795392300000));
	assert_true(READ("act", 2, "1", "B", "--call", "x", "--number", "1", "--at", "08:00", "--by", "paper", "--at", "2026-11-23T09:05"));
	assert_int_equal(fill.n_values, 0);
	assert_true(behalf_read(&ctl, &behalf));
	assert_true(behalf->said_at == UINT64_C(1795392300000));
}

static void follow_ups(void **state)
{
	(void)state;
	assert_true(READ("act", 2, "1", "F6.1", "--follow-up", "technical=障害監視の強化", "--owner", "p_tanaka", "--due", "2026-12-25",
		"--follow-up", "kind=operational=予備装置"));
	assert_int_equal(fill.n_follow_ups, 2);
	assert_string_equal(fill.follow_ups[0]->kind, "technical");
	assert_string_equal(fill.follow_ups[0]->text, "障害監視の強化");
	assert_string_equal(fill.follow_ups[0]->owner, "p_tanaka");
	assert_string_equal(fill.follow_ups[1]->kind, "operational");
	assert_string_equal(fill.follow_ups[1]->text, "予備装置");
	assert_false(READ("act", 2, "1", "F6.1", "--owner", "p_tanaka"));
}

static void numbers_and_places(void **state)
{
	uint32_t incident;
	const char *item;

	(void)state;
	assert_true(READ("act", 2, "1", "F6.1"));
	assert_int_equal(fill_number(&ctl, "x", "12"), 12);
	assert_true(fill_number64(&ctl, "x", "#12") == 12);
	assert_int_equal(fill_number(&ctl, "x", "0"), 0);
	assert_int_equal(fill_number(&ctl, "x", "-1"), 0);
	assert_int_equal(fill_number(&ctl, "x", "1x"), 0);
	assert_int_equal(fill_number(&ctl, "x", ""), 0);
	assert_int_equal(fill_number(&ctl, "x", "4294967296"), 0);
	assert_true(fill_number64(&ctl, "x", "99999999999999999999999") == 0);
	assert_true(fill_place(&ctl, "3/F1.2b", &incident, &item));
	assert_int_equal(incident, 3);
	assert_string_equal(item, "F1.2b");
	assert_true(fill_place(&ctl, "3", &incident, &item));
	assert_null(item);
	assert_false(fill_place(&ctl, "F1.2b", &incident, &item));
}

static void a_word_without_equals_is_refused(void **state)
{
	(void)state;
	assert_false(READ("act", 2, "1", "F1.1b", "hardware"));
	assert_false(READ("act", 2, "1", "F1.1b", "=hardware"));
	assert_true(READ("act", 2, "1", "F1.1b", "cause="));
	assert_string_equal(fill.values[0]->value, "");
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* The SHA-256 of "abc" is the standard's own example. */
static void files_become_names_and_hashes(void **state)
{
#define ABC "a.log sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	Renraku__Field evidence = RENRAKU__FIELD__INIT, cause = RENRAKU__FIELD__INIT, *form[] = {&cause, &evidence};
	Renraku__ItemRow item = RENRAKU__ITEM_ROW__INIT;
	char cause_id[] = "cause", evidence_id[] = "evidence", files[] = "files", text[] = "text";

	(void)state;
	cause.id = cause_id;
	cause.type = text;
	evidence.id = evidence_id;
	evidence.type = files;
	item.form = form;
	item.n_form = 2;
	write_file("a.log", "abc");
	assert_true(READ("act", 2, "1", "M5.1", "cause=@a.log", "evidence=@a.log", "evidence=paper", "evidence=@./a.log"));
	assert_true(files_typed(&fill));
	assert_true(files_read(&ctl, &item, &fill));
	assert_int_equal(fill.n_values, 2);
	assert_string_equal(fill.values[0]->value, "@a.log"); /* no files are asked for there */
	assert_string_equal(fill.values[1]->value, ABC "; paper; " ABC);
	assert_int_equal(remove("a.log"), 0);
	assert_true(READ("act", 2, "1", "M5.1", "evidence=@a.log"));
	assert_false(files_read(&ctl, &item, &fill));
	assert_true(READ("act", 2, "1", "M5.1", "evidence=@/dev/zero"));
	assert_false(files_read(&ctl, &item, &fill));
	assert_true(READ("act", 2, "1", "M5.1", "evidence=@."));
	assert_false(files_read(&ctl, &item, &fill));
	assert_true(READ("act", 2, "1", "M5.1", "--unknown", "evidence=@later"));
	assert_false(files_typed(&fill));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_by_word_by_option_and_full_width),
		cmocka_unit_test(checks_belong_to_the_value_before_or_the_one_named),
		cmocka_unit_test(calls_take_what_follows_them),
		cmocka_unit_test(behalf_has_its_own_number),
		cmocka_unit_test(behalf_that_lacks_something_is_told),
		cmocka_unit_test(a_time_belongs_to_the_form_or_to_what_was_said),
		cmocka_unit_test(follow_ups),
		cmocka_unit_test(numbers_and_places),
		cmocka_unit_test(a_word_without_equals_is_refused),
		cmocka_unit_test(files_become_names_and_hashes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
