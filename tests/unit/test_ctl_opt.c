/* Options of the command line: order, fields, values, complaints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/commands.h"
#include "ctl/opt.h"

static const struct opt_spec common[] = {{"json", NULL, NULL, "j", "j"}, {"lang", "L", "L", "l", "l"}, OPT_END};
static const struct opt_spec own[] = {{"reason", "R", "R", "r", "r"}, {"deny", NULL, NULL, "d", "d"}, OPT_END};

#define PARSE(loose, ...) parse(loose, (char *[]){__VA_ARGS__}, sizeof((char *[]){__VA_ARGS__}) / sizeof(char *))
static struct opt_line line;
static const char *culprit;

static enum opt_verdict parse(bool loose, char **argv, size_t argc)
{
	opt_free(&line);
	return opt_parse((int)argc, argv, common, own, loose, &line, &culprit);
}

static void options_and_arguments_in_any_order(void **state)
{
	(void)state;
	assert_int_equal(PARSE(false, "1", "--reason", "x y", "F1.1a", "--json", "--deny", "--lang=en"), OPT_OK);
	assert_int_equal(line.n_args, 2);
	assert_string_equal(line.args[0], "1");
	assert_string_equal(line.args[1], "F1.1a");
	assert_string_equal(opt_value(&line, "reason"), "x y");
	assert_string_equal(opt_value(&line, "lang"), "en");
	assert_true(opt_has(&line, "json") && opt_has(&line, "deny"));
	assert_null(opt_value(&line, "nothing"));
}

static void last_one_wins_and_order_is_kept(void **state)
{
	(void)state;
	assert_int_equal(PARSE(false, "--reason", "a", "word", "--reason=b="), OPT_OK);
	assert_string_equal(opt_value(&line, "reason"), "b=");
	assert_int_equal(line.n_given, 3);
	assert_null(line.given[1].name);
	assert_string_equal(line.given[1].value, "word");
}

static void mistakes_name_the_culprit(void **state)
{
	(void)state;
	assert_int_equal(PARSE(false, "--reasn", "x"), OPT_UNKNOWN);
	assert_string_equal(culprit, "--reasn");
	assert_string_equal(opt_nearest(culprit, common, own), "reason");
	assert_null(opt_nearest("--completely", common, own));
	assert_int_equal(PARSE(false, "--reason"), OPT_NO_VALUE);
	assert_int_equal(PARSE(false, "--deny=1"), OPT_HAS_VALUE);
	assert_int_equal(PARSE(false, "-x"), OPT_UNKNOWN);
}

static void loose_lines_take_unknown_options_as_fields(void **state)
{
	(void)state;
	assert_int_equal(PARSE(true, "fault", "--kind", "hardware", "--text=--起動しない"), OPT_OK);
	assert_int_equal(line.n_args, 1);
	assert_int_equal(line.n_given, 3);
	assert_null(line.given[1].spec);
	assert_string_equal(line.given[1].name, "kind");
	assert_string_equal(line.given[1].value, "hardware");
	assert_string_equal(line.given[2].value, "--起動しない");
	assert_int_equal(PARSE(true, "fault", "--kind"), OPT_NO_VALUE);
}

static void two_dashes_end_options_and_numbers_are_arguments(void **state)
{
	(void)state;
	assert_int_equal(PARSE(false, "-5", "-", "--", "--reason", "-x"), OPT_OK);
	assert_int_equal(line.n_args, 4);
	assert_string_equal(line.args[2], "--reason");
}

static void distances(void **state)
{
	char longer[200];

	(void)state;
	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	assert_int_equal(opt_distance("alarm", "alarm"), 0);
	assert_int_equal(opt_distance("alrm", "alarm"), 1);
	assert_int_equal(opt_distance("", "abc"), 3);
	assert_int_equal(opt_distance(longer, "abc"), 8);
	assert_int_equal(opt_distance("abc", longer), 8);
}

/* Every command can be found by name and alias, explains itself in both languages, and no two share a name. */
static void the_table_of_commands_is_sound(void **state)
{
	const struct cmd *const *a, *const *b;

	(void)state;
	for (a = commands_all; *a; a++) {
		const struct opt_spec *spec;

		assert_ptr_equal(commands_find((*a)->name), *a);
		if ((*a)->alias)
			assert_ptr_equal(commands_find((*a)->alias), *a);
		assert_true((*a)->ja && (*a)->en && (*a)->args_ja && (*a)->args_en && (*a)->group && (*a)->run);
		assert_true(!(*a)->more_ja == !(*a)->more_en);
		assert_true((*a)->min_args <= (*a)->max_args);
		for (spec = (*a)->opts; spec && spec->name; spec++)
			assert_true(spec->ja && spec->en && !spec->arg_ja == !spec->arg_en);
		for (b = a + 1; *b; b++)
			assert_string_not_equal((*a)->name, (*b)->name);
	}
	assert_null(commands_find("nonsense"));
	assert_string_equal(commands_nearest("alrm")->name, "alarm");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_and_arguments_in_any_order),
		cmocka_unit_test(last_one_wins_and_order_is_kept),
		cmocka_unit_test(mistakes_name_the_culprit),
		cmocka_unit_test(loose_lines_take_unknown_options_as_fields),
		cmocka_unit_test(two_dashes_end_options_and_numbers_are_arguments),
		cmocka_unit_test(distances),
		cmocka_unit_test(the_table_of_commands_is_sound),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	opt_free(&line);
	return failed;
}
