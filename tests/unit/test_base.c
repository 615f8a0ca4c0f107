#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

/* ---- mem ---- */

static void test_arena_limit(void **state)
{
	(void)state;
	struct arena *a = arena_new(1000);
	size_t got = 0;
	char *p;
	while ((p = arena_alloc(a, 10)) != NULL) {
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (int i = 0; i < 10; i++)
			assert_int_equal(p[i], 0);
		memset(p, 1, 10);
		got++;
	}
	assert_in_range(got, 30, 100);
	assert_in_range(arena_used(a), 0, 1000);
	assert_null(arena_alloc(a, SIZE_MAX));
	assert_null(arena_alloc(a, SIZE_MAX - 8));
	arena_reset(a);
	assert_int_equal(arena_used(a), 0);
	p = arena_alloc(a, 900);
	assert_non_null(p);
	assert_int_equal(p[0], 0); /* zeroed again */
	assert_null(arena_alloc(a, 200));
	arena_free(a);
}

static void test_arena_unlimited(void **state)
{
	(void)state;
	struct arena *a = arena_new(0);
	for (size_t n = 1; n < 300000; n *= 3)
		memset(arena_alloc(a, n), 7, n);
	assert_null(arena_strdup(a, NULL));
	assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
	assert_string_equal(arena_printf(a, "%s-%d", "x", 42), "x-42");
	arena_free(a);
	arena_free(NULL);
}

static void test_grow(void **state)
{
	(void)state;
	size_t cap = 0;
	int *p = NULL;
	for (size_t n = 1; n <= 100; n++) {
		p = xgrow(p, &cap, n, sizeof *p);
		p[n - 1] = (int)n;
	}
	assert_int_equal(p[99], 100);
	assert_in_range(cap, 100, 200);
	free(p);
}

/* ---- buf ---- */

static void test_buf(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 10);
	assert_string_equal(buf_str(&b), "");
	assert_true(buf_puts(&b, "12345"));
	assert_true(buf_printf(&b, "%d", 67890));
	assert_string_equal(buf_str(&b), "1234567890");
	assert_false(buf_puts(&b, "x"));
	assert_true(b.full);
	assert_string_equal(buf_str(&b), "1234567890");
	buf_reset(&b);
	assert_false(buf_printf(&b, "%s", "longer than ten"));
	assert_int_equal(b.len, 0);
	/* what follows an excess would leave a hole in the text */
	assert_false(buf_puts(&b, "x"));
	buf_reset(&b);
	assert_true(buf_puts(&b, "x"));
	char *s = buf_take(&b);
	assert_string_equal(s, "x");
	free(s);
	s = buf_take(&b);
	assert_string_equal(s, "");
	free(s);
	buf_free(&b);
}

/* ---- clock ---- */

static void test_japan(void **state)
{
	(void)state;
	char text[20];
	assert_string_equal(clock_format(0, true, text), "1970-01-01 09:00:00");
	assert_string_equal(clock_format(1795392307000, true, text), "2026-11-23 09:05:07");
	assert_string_equal(clock_format(1795392307000, false, text), "2026-11-23 09:05");
	assert_string_equal(clock_format(INT64_MAX / 2, true, text), "0000-00-00 00:00:00");
	assert_int_equal(clock_japan(1795392307000).weekday, 1);
	assert_int_equal(clock_japan(-1).second, 59);
	for (int64_t ms = -1000000000000; ms < 5000000000000; ms += 86399999000 / 7) {
		struct clock_date d = clock_japan(ms);
		assert_int_equal(clock_from_japan(&d), ms - ((ms % 1000) + 1000) % 1000);
	}
}

static void test_parse(void **state)
{
	(void)state;
	int64_t today = 1795392307000;
	assert_int_equal(clock_parse("2026-11-23T09:05:07", today), today);
	assert_int_equal(clock_parse("2026-11-23 09:05", today), today - 7000);
	assert_int_equal(clock_parse("09:05", today), today - 7000);
	assert_int_equal(clock_parse("2028-02-29T00:00", today) % 1000, 0);
	static const char *const bad[] = {"", "9:05", "24:00", "09:60", "2026-02-29T00:00", "2026-13-01 00:00", "2026-11-31 00:00",
		"2026-11-23", "2026-11-23T09:05x", "09:05:", "今日", "2026-11-23T", "1969-01-01 00:00", "２０２６-11-23 09:05",
		"-026-11-23 09:05"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(clock_parse(bad[i], today), -1);
}

static void test_engine_clock(void **state)
{
	(void)state;
	struct clock_engine c;
	int64_t skew, future = clock_wall_ms() + 3600000;
	clock_engine_start(&c, 0);
	assert_in_range(clock_engine_now(&c), clock_wall_ms() - 1000, clock_wall_ms() + 1000);
	assert_false(clock_engine_skewed(&c, &skew));
	clock_engine_start(&c, future); /* the log is ahead of the wall clock */
	assert_true(clock_engine_now(&c) >= future);
	assert_true(clock_engine_skewed(&c, &skew));
	assert_true(skew < -3590000);
	assert_false(clock_engine_skewed(&c, &skew));
}

/* ---- text ---- */

static void test_valid(void **state)
{
	(void)state;
	static const char *const good[] = {"", "起動しない\n\t", "𠮟る", "\xEF\xBF\xBD", "a\xCC\x81"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(text_valid(good[i], strlen(good[i])));
	static const char *const bad[] = {"\x1b[31m", "\x7f", "\xC2\x85", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE3\x81",
		"\x80", "\xFF", "a\rb", "\xF5\x80\x80\x80", "\xE0\x80\x80"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(text_valid(bad[i], strlen(bad[i])));
	assert_false(text_valid("a\0b", 3));
}

static void test_id(void **state)
{
	(void)state;
	assert_true(text_id("p_tanaka", 63));
	assert_true(text_id("F1.1a:x-9", 9));
	assert_false(text_id("F1.1a:x-9", 8));
	assert_false(text_id("", 8));
	assert_false(text_id("a b", 8));
	assert_false(text_id("田中", 63));
	assert_false(text_id("../etc", 63));
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("住基ネット"), 10);
	assert_int_equal(text_width("ﾈｯﾄ"), 3);
	assert_int_equal(text_width("か\xE3\x82\x99"), 2); /* combining voiced mark */
	assert_int_equal(text_width("①②"), 2);             /* ambiguous: narrow */
	assert_int_equal(text_width("\xE2\x80\xAE"
				    "a"),
		1);
	assert_int_equal(text_width("\xFF\xFE"), 2);
}

static void check_pad(const char *in, int columns, const char *out)
{
	struct buf b;
	buf_init(&b, 200);
	text_pad(&b, in, columns);
	assert_string_equal(buf_str(&b), out);
	assert_int_equal(text_width(buf_str(&b)), columns);
	buf_free(&b);
}

static void test_pad(void **state)
{
	(void)state;
	check_pad("abc", 5, "abc  ");
	check_pad("住基", 4, "住基");
	check_pad("住基ネット", 6, "住基… ");
	check_pad("住基ネット", 5, "住基…");
	check_pad("a住基", 4, "a住…");
	check_pad("abc", 0, "");
	check_pad("住", 1, "…");
	check_pad("a\nb\x1b", 6, "a b?  ");
}

static void test_safe_and_json(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 200);
	text_safe(&b, "a\x1b[2Jb\xE2\x80\xAE"
		      "c\xFF\n末");
	assert_string_equal(buf_str(&b), "a?[2Jbc? 末");
	buf_reset(&b);
	text_json(&b, "\"\\\n\t\x01末\xFF");
	assert_string_equal(buf_str(&b), "\"\\\"\\\\\\n\\t\\u0001末\xEF\xBF\xBD\"");
	buf_free(&b);
}

static void test_hex(void **state)
{
	(void)state;
	uint8_t in[] = {0x00, 0xAB, 0xff}, out[3];
	char text[7];
	assert_string_equal(text_hex(in, 3, text), "00abff");
	assert_true(text_unhex("00ABff", out, 3));
	assert_memory_equal(in, out, 3);
	assert_false(text_unhex("00abf", out, 3));
	assert_false(text_unhex("00abff0", out, 3));
	assert_false(text_unhex("00abfg", out, 3));
	assert_false(text_unhex("", out, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_limit),
		cmocka_unit_test(test_arena_unlimited),
		cmocka_unit_test(test_grow),
		cmocka_unit_test(test_buf),
		cmocka_unit_test(test_japan),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_engine_clock),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_id),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_pad),
		cmocka_unit_test(test_safe_and_json),
		cmocka_unit_test(test_hex),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
