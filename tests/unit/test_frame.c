#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/frame.h"

static void test_whole_and_parts(void **state)
{
	(void)state;
	uint8_t bytes[FRAME_HEADER + 5] = {0};
	size_t len = 99;
	frame_put_header(bytes, 5);
	/* byte by byte: nothing is a frame before the last */
	for (size_t have = 0; have < sizeof bytes; have++)
		assert_int_equal(frame_peek(bytes, have, FRAME_MAX, &len), FRAME_MORE);
	assert_int_equal(frame_peek(bytes, sizeof bytes, FRAME_MAX, &len), FRAME_OK);
	assert_int_equal(len, 5);
}

static void test_limits(void **state)
{
	(void)state;
	uint8_t header[FRAME_HEADER];
	size_t len;
	memset(header, 0, sizeof header);
	assert_int_equal(frame_peek(header, 4, FRAME_MAX, &len), FRAME_EMPTY);
	frame_put_header(header, FRAME_MAX + 1);
	assert_int_equal(frame_peek(header, 4, FRAME_MAX, &len), FRAME_TOO_LONG);
	frame_put_header(header, FRAME_MAX);
	assert_int_equal(frame_peek(header, 4, FRAME_MAX, &len), FRAME_MORE);
	assert_int_equal(frame_peek(header, 4, FRAME_MAX_BEFORE_HELLO, &len), FRAME_TOO_LONG);
	memset(header, 0xFF, sizeof header);
	assert_int_equal(frame_peek(header, 4, FRAME_MAX, &len), FRAME_TOO_LONG);
}

static void test_two_in_one(void **state)
{
	(void)state;
	uint8_t bytes[2 * FRAME_HEADER + 3];
	size_t len;
	frame_put_header(bytes, 1);
	bytes[4] = 7;
	frame_put_header(bytes + 5, 2);
	assert_int_equal(frame_peek(bytes, sizeof bytes, FRAME_MAX, &len), FRAME_OK);
	assert_int_equal(len, 1);
	assert_int_equal(frame_peek(bytes + 5, sizeof bytes - 5, FRAME_MAX, &len), FRAME_OK);
	assert_int_equal(len, 2);
}

static void test_names(void **state)
{
	(void)state;
	for (int v = FRAME_TOO_LONG; v <= FRAME_MORE; v++)
		assert_string_not_equal(frame_verdict_name((enum frame_verdict)v), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_and_parts),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_two_in_one),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
