#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/text.h"
#include "lib/i18n.h"
#include "lib/show.h"

/* The width of the longest line. */
static int widest(const char *text)
{
	int most = 0;
	char *copy = strdup(text);
	for (char *line = copy, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		int w = text_width(line);
		most = w > most ? w : most;
	}
	free(copy);
	return most;
}

static void columns_line_up(void **state)
{
	(void)state;
	static const char *const heads[] = {"番号", "宛先", "状況"};
	static const char *const one[] = {"1", "住基ネット担当者", "受領"}, *const two[] = {"12", "mayor", NULL};
	struct show_table *t = show_table_new(3, heads, 2);
	struct buf b;
	buf_init(&b, 4096);
	show_table_row(t, SHOW_BAD, one);
	show_table_row(t, SHOW_PLAIN, two);
	show_table_write(t, &b, false, 80);
	assert_string_equal(buf_str(&b), "  番号  宛先              状況\n"
					 "  1     住基ネット担当者  受領\n"
					 "  12    mayor\n");
	buf_free(&b);
	show_table_free(t);
}

static void narrow(void **state)
{
	(void)state;
	static const char *const row[] = {
		"セキュリティ責任者（総務課長）", "町長室", "住民基本台帳ネットワークの統合端末が起動しないため、保守を依頼しました。"};
	struct show_table *t = show_table_new(3, NULL, 0);
	struct buf b;
	show_table_row(t, SHOW_PLAIN, row);
	for (int width = 24; width < 120; width++) {
		buf_init(&b, 8192);
		show_table_write(t, &b, false, width);
		if (width >= 30 && widest(buf_str(&b)) > width + 2) /* a closing mark may hang over */
			fail_msg("%d columns:\n%s", width, buf_str(&b));
		buf_free(&b);
	}
	show_table_free(t);
}

static void hostile_cells(void **state)
{
	(void)state;
	static const char *const row[] = {"a\033[2Jb", "c\xe2\x80\xae"
						       "d\ne"};
	struct show_table *t = show_table_new(2, NULL, 0);
	struct buf b;
	buf_init(&b, 4096);
	show_table_row(t, SHOW_PLAIN, row);
	show_table_write(t, &b, false, 80);
	assert_null(strchr(buf_str(&b), '\033'));
	assert_null(strstr(buf_str(&b), "\xe2\x80\xae"));
	assert_ptr_equal(strchr(buf_str(&b), '\n') + 1, buf_str(&b) + b.len);
	buf_free(&b);
	show_table_free(t);
}

static void wraps(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 4096);
	show_wrap(&b, "障害が起きました。担当者に連絡 renraku-agent してください", 0, 2, 18);
	assert_string_equal(buf_str(&b), "障害が起きました。\n  担当者に連絡\n  renraku-agent し\n  てください");
	buf_reset(&b);
	show_wrap(&b, "一行目\n二行目", 4, 4, 40);
	assert_string_equal(buf_str(&b), "一行目\n    二行目");
	buf_free(&b);
}

static void times(void **state)
{
	(void)state;
	char out[48];
	int64_t now = clock_parse("2026-11-23 09:30:00", 0);
	assert_string_equal(show_time(clock_parse("2026-11-23 09:05", now), now, out), "09:05");
	assert_string_equal(show_time(clock_parse("2026-11-22 23:59", now), now, out), "11-22 23:59");
	assert_string_equal(show_time(clock_parse("2025-11-22 23:59", now), now, out), "2025-11-22 23:59");
	assert_string_equal(show_time(0, now, out), "-");
	assert_string_equal(show_when(now - 12 * 60000, now, out), "09:18（12分前）");
	assert_string_equal(show_when(now - 1000, now, out), "09:29（たった今）");
	assert_string_equal(show_when(now + 1000, now, out), "09:30（たった今）"); /* clocks differ a little */
	assert_string_equal(show_when(now + 2 * 3600000, now, out), "11:30");
	assert_string_equal(show_elapsed(now - 185 * 60000, now, out), "3時間5分");
	assert_string_equal(show_elapsed(now - 3 * 86400000LL, now, out), "3日");
	assert_string_equal(show_elapsed(now + 60000, now, out), "たった今");
	i18n_set(I18N_EN);
	assert_string_equal(show_when(now - 12 * 60000, now, out), "09:18 (12 min ago)");
	i18n_set(I18N_JA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_line_up),
		cmocka_unit_test(narrow),
		cmocka_unit_test(hostile_cells),
		cmocka_unit_test(wraps),
		cmocka_unit_test(times),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
