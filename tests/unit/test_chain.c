/* The hash chain: what it is, and that each way of tampering is found where it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "record/chain.h"

#define N 20

struct entry {
	uint64_t index;
	uint8_t prev[RECORD_HASH], hash[RECORD_HASH], data[40];
	size_t len;
};

static struct entry entries[N];

static int make_chain(void **state)
{
	(void)state;
	uint8_t prev[RECORD_HASH] = {0};
	for (uint64_t i = 0; i < N; i++) {
		struct entry *e = &entries[i];
		e->index = i + 1;
		e->len = (size_t)snprintf((char *)e->data, sizeof e->data, "記録 %d", (int)i);
		memcpy(e->prev, prev, sizeof prev);
		chain_next(e->index, prev, e->data, e->len, e->hash);
		memcpy(prev, e->hash, sizeof prev);
	}
	return 0;
}

/* Number of entries that verify, of the n given in this order. */
static size_t verify(const struct entry *list, size_t n, struct chain_verifier *v)
{
	chain_verifier_init(v);
	for (size_t i = 0; i < n; i++)
		if (!chain_verify(v, list[i].index, list[i].prev, list[i].hash, list[i].data, list[i].len))
			return i;
	return n;
}

static void test_formula(void **state)
{
	(void)state;
	/* printf 'renraku-log-1\0\0\0\0\0\0\0\1' followed by 32 zero bytes and 'abc', through sha256sum */
	static const char expected[] = "068bf80d9b6f12d36270c5dda28de3f650262ba5c4d0552f287669692de3c0ab";
	uint8_t zero[RECORD_HASH] = {0}, got[RECORD_HASH];
	char hex[2 * RECORD_HASH + 1];
	chain_next(1, zero, (const uint8_t *)"abc", 3, got);
	assert_string_equal(text_hex(got, sizeof got, hex), expected);
}

static void test_whole_chain_verifies(void **state)
{
	(void)state;
	struct chain_verifier v;
	assert_int_equal(verify(entries, N, &v), N);
	assert_string_equal(v.error, "");
	assert_memory_equal(v.hash, entries[N - 1].hash, RECORD_HASH);
}

static void test_every_changed_bit_is_found(void **state)
{
	(void)state;
	struct chain_verifier v;
	for (size_t i = 0; i < N; i++) {
		for (size_t byte = 0; byte < entries[i].len; byte++) {
			entries[i].data[byte] ^= 0x10;
			assert_int_equal(verify(entries, N, &v), i);
			assert_non_null(strstr(v.error, "was changed"));
			entries[i].data[byte] ^= 0x10;
		}
	}
}

static void test_removed_swapped_and_rewritten(void **state)
{
	(void)state;
	struct chain_verifier v;
	struct entry copy[N];
	memcpy(copy, entries, sizeof copy);
	memmove(&copy[5], &copy[6], (N - 6) * sizeof *copy);
	assert_int_equal(verify(copy, N - 1, &v), 5);
	assert_non_null(strstr(v.error, "record 6 was expected"));

	for (size_t i = 5; i < N - 1; i++)
		copy[i].index--; /* removed, and the later ones renumbered */
	assert_int_equal(verify(copy, N - 1, &v), 5);

	memcpy(copy, entries, sizeof copy);
	copy[7] = entries[8];
	copy[8] = entries[7];
	assert_int_equal(verify(copy, N, &v), 7);

	memcpy(copy, entries, sizeof copy);
	copy[9].data[0] = 'X'; /* with its own hash made to fit */
	chain_next(copy[9].index, copy[9].prev, copy[9].data, copy[9].len, copy[9].hash);
	assert_int_equal(verify(copy, N, &v), 10);
	assert_non_null(strstr(v.error, "does not follow"));
	/* what comes after the first break is not believed */
	assert_false(chain_verify(&v, copy[10].index, copy[10].prev, copy[10].hash, copy[10].data, copy[10].len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formula),
		cmocka_unit_test_setup(test_whole_chain_verifies, make_chain),
		cmocka_unit_test_setup(test_every_changed_bit_is_found, make_chain),
		cmocka_unit_test_setup(test_removed_swapped_and_rewritten, make_chain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
