/* What every backend of the store promises, and the memory store's ways of failing. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "record/chain.h"
#include "store/store.h"

/* ---- helpers ---- */

struct seen {
	unsigned calls;
	enum store_status status;
	uint64_t last;
};

static void on_durable(void *arg, enum store_status status, uint64_t last)
{
	struct seen *s = arg;
	s->calls++;
	s->status = status;
	s->last = last;
}

/* Appends n entries after the newest one handed over; *head and hash move. */
static void append(struct store *s, uint64_t *head, uint8_t hash[STORE_HASH], size_t n, struct seen *seen)
{
	struct store_entry e[64];
	char data[64][32];
	assert_true(n <= 64);
	for (size_t i = 0; i < n; i++) {
		e[i].index = ++*head;
		e[i].len = (size_t)snprintf(data[i], sizeof data[i], "record %llu", (unsigned long long)*head);
		e[i].data = (const uint8_t *)data[i];
		memcpy(e[i].prev, hash, STORE_HASH);
		chain_next(e[i].index, e[i].prev, e[i].data, e[i].len, e[i].hash);
		memcpy(hash, e[i].hash, STORE_HASH);
	}
	store_append(s, e, n, on_durable, seen);
}

static void wait_for(struct store *s, const struct seen *seen, unsigned calls)
{
	while (seen->calls < calls) {
		struct pollfd p = {.fd = store_wake_fd(s), .events = POLLIN};
		assert_int_equal(poll(&p, 1, 10000), 1);
		store_poll(s);
	}
}

static bool count_verified(void *arg, const struct store_entry *e)
{
	assert_true(chain_verify(arg, e->index, e->prev, e->hash, e->data, e->len));
	return true;
}

static bool stop_at_second(void *arg, const struct store_entry *e)
{
	(void)e;
	return ++*(unsigned *)arg < 2;
}

static char *dir, *path;

static struct store *open_sqlite(void)
{
	enum store_status status;
	char *error = NULL;
	struct store *s = store_open_sqlite(path, &status, &error);
	if (!s)
		fail_msg("%s", error);
	assert_int_equal(status, STORE_OK);
	assert_null(error);
	return s;
}

static int make_dir(void **state)
{
	(void)state;
	dir = xstrdup("/tmp/renraku-store-XXXXXX");
	assert_non_null(mkdtemp(dir));
	path = xasprintf("%s/log", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	static const char *const suffixes[] = {"", "-wal", "-shm", "-lock", "-ballast"};
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		char *file = xasprintf("%s%s", path, suffixes[i]);
		unlink(file);
		free(file);
	}
	assert_int_equal(rmdir(dir), 0);
	free(path);
	free(dir);
	return 0;
}

/* ---- any backend ---- */

static void keeps_in_order(struct store *s)
{
	uint64_t head = 0;
	uint8_t hash[STORE_HASH] = {0}, got[STORE_HASH];
	struct seen seen = {0};
	assert_int_equal(store_head(s, got), 0);
	for (unsigned i = 0; i < 40; i++)
		append(s, &head, hash, 1 + i % 64, &seen);
	wait_for(s, &seen, 40);
	assert_int_equal(seen.status, STORE_OK);
	assert_int_equal(seen.last, head);
	assert_int_equal(store_head(s, got), head);
	assert_memory_equal(got, hash, STORE_HASH);
	struct chain_verifier v;
	chain_verifier_init(&v);
	assert_int_equal(store_read(s, 1, SIZE_MAX, count_verified, &v), STORE_OK);
	assert_int_equal(v.next, head + 1);
	unsigned n = 0;
	assert_int_equal(store_read(s, head - 5, SIZE_MAX, stop_at_second, &n), STORE_OK);
	assert_int_equal(n, 2);
	assert_int_equal(store_read(s, head + 1, SIZE_MAX, stop_at_second, &n), STORE_OK);
	assert_int_equal(n, 2);
	assert_int_equal(store_probe(s), STORE_OK);
	assert_int_equal(store_head(s, got), head);
}

static bool concat(void *arg, const char *key, const void *value, size_t len)
{
	char *out = arg;
	snprintf(out + strlen(out), 100, "%s=%.*s;", key, (int)len, (const char *)value);
	return true;
}

static void keeps_secrets(struct store *s)
{
	void *value;
	size_t len;
	assert_int_equal(store_secret_get(s, "password/p_tanaka", &value, &len), STORE_OK);
	assert_null(value);
	assert_int_equal(store_secret_put(s, "password/p_tanaka", "one", 3), STORE_OK);
	assert_int_equal(store_secret_put(s, "password/p_tanaka", "second", 6), STORE_OK);
	assert_int_equal(store_secret_put(s, "token/b", "B", 1), STORE_OK);
	assert_int_equal(store_secret_put(s, "token/%", "P", 1), STORE_OK);
	assert_int_equal(store_secret_get(s, "password/p_tanaka", &value, &len), STORE_OK);
	assert_int_equal(len, 6);
	assert_memory_equal(value, "second", 6);
	free(value);
	char all[200] = "";
	assert_int_equal(store_secret_each(s, "token/", concat, all), STORE_OK);
	assert_true(strcmp(all, "token/%=P;token/b=B;") == 0 || strcmp(all, "token/b=B;token/%=P;") == 0);
	assert_int_equal(store_secret_put(s, "token/b", NULL, 0), STORE_OK);
	assert_int_equal(store_secret_get(s, "token/b", &value, &len), STORE_OK);
	assert_null(value);
}

static void test_sqlite_keeps(void **state)
{
	(void)state;
	struct store *s = open_sqlite();
	keeps_in_order(s);
	keeps_secrets(s);
	uint8_t before[STORE_HASH], after[STORE_HASH];
	uint64_t head = store_head(s, before);
	store_close(s);
	s = open_sqlite();
	assert_int_equal(store_head(s, after), head);
	assert_memory_equal(before, after, STORE_HASH);
	struct seen seen = {0};
	append(s, &head, after, 3, &seen);
	wait_for(s, &seen, 1);
	assert_int_equal(seen.status, STORE_OK);
	store_close(s);
}

static void test_close_waits_for_what_was_appended(void **state)
{
	(void)state;
	struct store *s = open_sqlite();
	uint64_t head = 0;
	uint8_t hash[STORE_HASH] = {0};
	struct seen seen = {0};
	for (unsigned i = 0; i < 100; i++)
		append(s, &head, hash, 20, &seen);
	store_close(s);
	s = open_sqlite();
	assert_int_equal(store_head(s, hash), 2000);
	store_close(s);
}

static void test_mem_keeps(void **state)
{
	(void)state;
	struct store *s = store_open_mem();
	keeps_in_order(s);
	keeps_secrets(s);
	store_close(s);
}

/* ---- the memory store's ways of failing ---- */

static void test_mem_crash_loses_what_was_not_synced(void **state)
{
	(void)state;
	struct store *s = store_open_mem();
	uint64_t head = 0;
	uint8_t hash[STORE_HASH] = {0};
	struct seen seen = {0};
	store_mem_set_sync(s, false);
	append(s, &head, hash, 2, &seen);
	store_poll(s);
	assert_int_equal(seen.calls, 0);
	store_mem_sync(s);
	append(s, &head, hash, 2, &seen);
	store_poll(s);
	assert_int_equal(seen.calls, 1);
	assert_int_equal(seen.last, 2);
	s = store_mem_crash(s);
	assert_int_equal(store_head(s, hash), 2);
	head = 2;
	append(s, &head, hash, 1, &seen);
	wait_for(s, &seen, 2);
	assert_int_equal(store_head(s, hash), 3);
	store_close(s);
}

static void test_mem_synced_but_never_told(void **state)
{
	(void)state;
	struct store *s = store_open_mem();
	uint64_t head = 0;
	uint8_t hash[STORE_HASH] = {0};
	struct seen seen = {0};
	append(s, &head, hash, 2, &seen);
	store_mem_sync(s);
	s = store_mem_crash(s);
	assert_int_equal(seen.calls, 0);
	assert_int_equal(store_head(s, hash), 2);
	store_close(s);
}

static void test_mem_lies(void **state)
{
	(void)state;
	struct store *s = store_open_mem();
	uint64_t head = 0;
	uint8_t hash[STORE_HASH] = {0};
	struct seen seen = {0};
	store_mem_set_lying(s, true);
	append(s, &head, hash, 2, &seen);
	store_poll(s);
	assert_int_equal(seen.calls, 1);
	assert_int_equal(seen.status, STORE_OK);
	assert_int_equal(store_head(s, hash), 2);
	s = store_mem_crash(s);
	assert_int_equal(store_head(s, hash), 0);
	store_close(s);
}

static void test_mem_fails_for_good(void **state)
{
	(void)state;
	struct store *s = store_open_mem();
	uint64_t head = 0;
	uint8_t hash[STORE_HASH] = {0};
	struct seen seen[4] = {0};
	store_mem_fail_at(s, 2, STORE_FULL);
	for (int i = 0; i < 4; i++)
		append(s, &head, hash, 1, &seen[i]);
	store_poll(s);
	assert_int_equal(seen[0].status, STORE_OK);
	assert_int_equal(seen[1].status, STORE_FULL);
	assert_int_equal(seen[2].status, STORE_FAILED);
	assert_int_equal(seen[3].status, STORE_FAILED);
	assert_int_equal(seen[3].calls, 1);
	assert_int_equal(store_probe(s), STORE_FAILED);
	assert_int_equal(store_head(s, hash), 1);
	/* what failed may have reached the disk all the same */
	store_mem_sync(s);
	s = store_mem_crash(s);
	assert_int_equal(store_head(s, hash), 2);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sqlite_keeps, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_close_waits_for_what_was_appended, make_dir, remove_dir),
		cmocka_unit_test(test_mem_keeps),
		cmocka_unit_test(test_mem_crash_loses_what_was_not_synced),
		cmocka_unit_test(test_mem_synced_but_never_told),
		cmocka_unit_test(test_mem_lies),
		cmocka_unit_test(test_mem_fails_for_good),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
