#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/settings.h"
#include "lib/uuid.h"

#define WHERE "/etc/town/client.yaml"
#define BASE "server: 10.1.2.3\nca: ca.pem\ncert: t1.pem\nkey: t1.key\n"

static void good(void **state)
{
	(void)state;
	char *error = NULL;
	struct settings *s = settings_parse(
		"---\n# この端末\n" BASE "port: 7444 # 別のポート\nagent_socket: /run/a.sock\nlang: en\n"
		"notice_command:\n  - /bin/show\n  - \"arg #1\"\n  - 'it: is'\n"
		"emergency_contacts: [情報政策課 内線 12, \"町長, 室\"]\r\nnotice_shown: start\nplace: \"窓口 #1\"\nstate: var\n",
		WHERE, &error);
	assert_non_null(s);
	assert_string_equal(s->server, "10.1.2.3");
	assert_string_equal(s->server_name, "10.1.2.3");
	assert_int_equal(s->port, 7444);
	assert_string_equal(s->ca, "/etc/town/ca.pem");
	assert_string_equal(s->agent_socket, "/run/a.sock");
	assert_string_equal(s->spool, "/etc/town/var/spool");
	assert_string_equal(s->place, "窓口 #1");
	assert_int_equal(s->lang, I18N_EN);
	assert_int_equal(s->notice_command.n, 3);
	assert_string_equal(s->notice_command.at[1], "arg #1");
	assert_string_equal(s->notice_command.at[2], "it: is");
	assert_null(s->notice_command.at[3]);
	assert_int_equal(s->emergency_contacts.n, 2);
	assert_string_equal(s->emergency_contacts.at[0], "情報政策課 内線 12");
	assert_string_equal(s->emergency_contacts.at[1], "町長, 室");
	assert_true(s->notice_shown_at_start);
	assert_int_equal(s->answer_ms, 5000);
	settings_free(s);
}

static void words_on_one_line(void **state)
{
	(void)state;
	char *error = NULL;
	struct settings *s =
		settings_parse(BASE "notice_command: /bin/siren --for '10 s'\nemergency_contacts: 情報政策課 内線 12\n", WHERE, &error);
	assert_non_null(s);
	assert_int_equal(s->notice_command.n, 3);
	assert_string_equal(s->notice_command.at[2], "10 s");
	assert_int_equal(s->emergency_contacts.n, 1);
	settings_free(s);
}

struct bad {
	const char *text, *expected;
};

/* Every fault is told, with its line. */
static void bad(void **state)
{
	(void)state;
	static const struct bad cases[] = {
		{BASE "sever: x\n", WHERE ":5: unknown key: sever"},
		{BASE "port: 70000\n", WHERE ":5: port must be a number from 1 to 65535"},
		{BASE "port: 12x\n", ":5: port must be"},
		{BASE "port:\n", ":5: port has no value"},
		{BASE "port: 1\nport: 2\n", ":6: port stands on line 5 too"},
		{BASE "lang: fr\n", ":5: lang must be ja or en"},
		{BASE "just words\n", ":5: this is not `key: value`"},
		{BASE "- item\n", ":5: a `-` line without a list key"},
		{BASE "place: \"open\n", ":5: the quote \" is not closed"},
		{BASE "notice_command: [a, b\n", ":5: notice_command: ] is missing"},
		{BASE "notice_shown: later\n", ":5: notice_shown must be start or exit"},
		{BASE "retry_min_ms: 5000\nretry_max_ms: 100\n", "retry_max_ms is below retry_min_ms"},
		{"", "`server` (the server's address) is missing"},
		{"server: x\n", "ca, cert and key are all needed"},
		{"server: x\nagent_socket: y\ncert: z\n", "give cert and key together"},
		{"server: \x80\n", "not clean UTF-8"},
	};
	i18n_set(I18N_EN);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *error = NULL;
		assert_null(settings_parse(cases[i].text, WHERE, &error));
		assert_non_null(error);
		if (!strstr(error, cases[i].expected))
			fail_msg("case %zu: %s", i, error);
		free(error);
	}
	char *error = NULL;
	assert_null(settings_parse("sever: x\nport: 0\n", WHERE, &error));
	assert_non_null(strstr(error, ":1:"));
	assert_non_null(strstr(error, "\n" WHERE ":2:"));
	free(error);
	i18n_set(I18N_JA);
}

static void missing_file(void **state)
{
	(void)state;
	char *error = NULL;
	assert_null(settings_load("/nowhere/client.yaml", &error));
	assert_non_null(strstr(error, "/nowhere/client.yaml"));
	free(error);
	error = NULL;
	assert_null(settings_load("/", &error));
	assert_non_null(error);
	free(error);
}

static void uuids(void **state)
{
	(void)state;
	char a[UUID_SIZE], b[UUID_SIZE];
	uuid_new(a);
	uuid_new(b);
	assert_string_not_equal(a, b);
	assert_int_equal(strlen(a), 36);
	assert_int_equal(a[14], '4');
	assert_true(uuid_command_id(a));
	assert_false(uuid_command_id("short"));
	assert_false(uuid_command_id("0123456789abcdef/0123"));
	assert_false(uuid_command_id("../../../../../../etc/passwd"));
}

static void languages(void **state)
{
	(void)state;
	enum i18n_lang l;
	assert_true(i18n_parse("ja_JP.UTF-8", &l) && l == I18N_JA);
	assert_true(i18n_parse("en", &l) && l == I18N_EN);
	assert_false(i18n_parse("english", &l));
	assert_false(i18n_parse("", &l));
	assert_string_equal(i18n_pick("あ", ""), "あ");
	i18n_set(I18N_EN);
	assert_string_equal(i18n_pick("あ", ""), "あ");
	assert_string_equal(i18n_pick("あ", "a"), "a");
	i18n_set(I18N_JA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(words_on_one_line),
		cmocka_unit_test(bad),
		cmocka_unit_test(missing_file),
		cmocka_unit_test(uuids),
		cmocka_unit_test(languages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
