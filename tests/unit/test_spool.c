#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/i18n.h"
#include "lib/spool.h"
#include "lib/uuid.h"

static char dir[64];

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static int setup(void **state)
{
	char *error = NULL;
	snprintf(dir, sizeof dir, "/tmp/renraku-spool-XXXXXX");
	assert_non_null(mkdtemp(dir));
	struct spool *s = spool_open(dir, &error);
	*state = s;
	return s ? 0 : -1;
}

static int teardown(void **state)
{
	spool_free(*state);
	return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int put_alarm(struct spool *s, const char *id, int64_t at, const char *text)
{
	Renraku__Value v = RENRAKU__VALUE__INIT, *values[] = {&v};
	v.field = (char *)(uintptr_t) "kind";
	v.value = (char *)(uintptr_t)text;
	Renraku__Alarm alarm = RENRAKU__ALARM__INIT;
	alarm.entry = (char *)(uintptr_t) "fault";
	alarm.n_values = 1;
	alarm.values = values;
	Renraku__Command c = RENRAKU__COMMAND__INIT;
	c.id = (char *)(uintptr_t)id;
	c.made_at = (uint64_t)at;
	c.act_case = RENRAKU__COMMAND__ACT_ALARM;
	c.alarm = &alarm;
	return spool_put(s, &c, "uid 7 (clerk)");
}

#define ID1 "00000000-0000-4000-8000-000000000001"
#define ID2 "00000000-0000-4000-8000-000000000002"

static void there_and_back(void **state)
{
	struct spool *s = *state;
	struct arena *a = arena_new(0);
	struct spool_entry *e;
	assert_int_equal(put_alarm(s, ID2, 2000, "second"), 0);
	assert_int_equal(put_alarm(s, ID1, 1000, "first"), 0);
	assert_int_equal(spool_list(s, SPOOL_WAITING, a, &e), 2);
	assert_string_equal(e[0].id, ID1); /* by original time */
	assert_string_equal(e[1].id, ID2);
	assert_int_equal(e[0].made_at, 1000);
	assert_string_equal(e[0].sender, "uid 7 (clerk)");
	assert_string_equal(e[0].command->alarm->values[0]->value, "first");
	assert_non_null(strstr(spool_title(&e[0], a), "通報（fault first）"));
	assert_int_equal(spool_drop(s, ID1), 0);
	assert_int_equal(spool_drop(s, ID1), 0); /* gone already */
	assert_int_equal(spool_list(s, SPOOL_WAITING, a, &e), 1);
	arena_free(a);
}

static void answered(void **state)
{
	struct spool *s = *state;
	struct arena *a = arena_new(0);
	struct spool_entry *e;
	Renraku__Result r = RENRAKU__RESULT__INIT;
	r.id = (char *)(uintptr_t)ID1;
	r.outcome = RENRAKU__OUTCOME__ACCEPTED;
	r.incident = 3;
	assert_int_equal(put_alarm(s, ID1, 1000, "x"), 0);
	assert_int_equal(spool_list(s, SPOOL_WAITING, a, &e), 1);
	assert_int_equal(spool_answered(s, e[0].name, &r, 5000), 0);
	assert_int_equal(spool_answered(s, e[0].name, &r, 5000), 0); /* once more after a crash in between */
	assert_int_equal(spool_list(s, SPOOL_WAITING, a, &e), 0);
	assert_int_equal(spool_list(s, SPOOL_DONE, a, &e), 1);
	assert_int_equal(e[0].result->incident, 3);
	assert_int_equal(e[0].answered_at, 5000);
	assert_string_equal(e[0].command->alarm->entry, "fault");
	spool_prune(s, clock_wall_ms() - 60000, 10);
	assert_int_equal(spool_list(s, SPOOL_DONE, a, &e), 1);
	spool_prune(s, clock_wall_ms() + 60000, 10);
	assert_int_equal(spool_list(s, SPOOL_DONE, a, &e), 0);
	arena_free(a);
}

static void what_is_final(void **state)
{
	(void)state;
	Renraku__Result r = RENRAKU__RESULT__INIT;
	r.outcome = RENRAKU__OUTCOME__NOT_CONFIRMED;
	assert_false(spool_final(&r));
	r.outcome = RENRAKU__OUTCOME__ACCEPTED;
	assert_true(spool_final(&r));
	r.outcome = RENRAKU__OUTCOME__REFUSED;
	r.code = (char *)(uintptr_t) "CANNOT_RECORD";
	assert_false(spool_final(&r));
	r.code = (char *)(uintptr_t) "INCOMPLETE";
	assert_true(spool_final(&r));
}

/* Another process holds the lock, and loses it by dying. */
static void held_until_death(void **state)
{
	struct spool *s = *state;
	struct arena *a = arena_new(0);
	struct spool_entry *e;
	int to_child[2], to_parent[2];
	char c = 0;
	assert_int_equal(pipe(to_child) | pipe(to_parent), 0);
	pid_t pid = fork();
	if (pid == 0) {
		c = put_alarm(s, ID1, 1000, "x") == 0 ? 'k' : 'f';
		if (write(to_parent[1], &c, 1) != 1 || read(to_child[0], &c, 1) != 1)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(read(to_parent[0], &c, 1), 1);
	assert_int_equal(c, 'k');
	assert_int_equal(spool_list(s, SPOOL_WAITING, a, &e), 1);
	assert_true(spool_held(s, e[0].name));
	assert_int_equal(write(to_child[1], "x", 1), 1);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_false(spool_held(s, e[0].name));
	assert_false(spool_held(s, "0-none"));
	close(to_child[0]);
	close(to_child[1]);
	close(to_parent[0]);
	close(to_parent[1]);
	arena_free(a);
}

static void let_go(void **state)
{
	struct spool *s = *state;
	struct arena *a = arena_new(0);
	struct spool_entry *e;
	assert_int_equal(put_alarm(s, ID1, 1000, "x"), 0);
	spool_let_go(s, ID1);
	spool_let_go(s, ID1);
	assert_int_equal(spool_list(s, SPOOL_WAITING, a, &e), 1);
	assert_false(spool_held(s, e[0].name));
	arena_free(a);
}

static void write_file(const char *name, const void *data, size_t len)
{
	char path[160];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
}

/* Each single flipped byte, and each cut, is noticed; the damaged one is set aside and holds up nobody. */
static void damage(void **state)
{
	struct spool *s = *state;
	char path[160];
	unsigned char good[1024];
	snprintf(path, sizeof path, "%s/0000000001000-" ID1 ".cmd", dir);
	assert_int_equal(put_alarm(s, ID1, 1000, "x"), 0);
	FILE *f = fopen(path, "r");
	size_t n = fread(good, 1, sizeof good, f);
	fclose(f);
	for (size_t i = 0; i < 2 * n; i++) {
		struct arena *a = arena_new(0);
		struct spool_entry *e;
		unsigned char bad[1024];
		memcpy(bad, good, n);
		if (i < n)
			bad[i] ^= 0x20;
		write_file("0000000001000-" ID1 ".cmd", bad, i < n ? n : i - n);
		assert_int_equal(spool_list(s, SPOOL_WAITING, a, &e), 0);
		assert_int_equal(spool_list(s, SPOOL_BAD, a, &e), 1);
		assert_null(e[0].command);
		assert_int_equal(e[0].made_at, 1000);
		arena_free(a);
	}
}

static void strange_files(void **state)
{
	struct spool *s = *state;
	struct arena *a = arena_new(0);
	struct spool_entry *e;
	char path[160], target[160];
	write_file("notes.txt", "hello", 5);
	write_file(".cmd", "hello", 5);
	write_file("0000000001000-" ID1 ".cmd.tmp-AbCdEf", "hello", 5);
	snprintf(path, sizeof path, "%s/dir.cmd", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/link.cmd", dir);
	snprintf(target, sizeof target, "%s/notes.txt", dir);
	assert_int_equal(symlink(target, path), 0);
	assert_int_equal(put_alarm(s, ID2, 2000, "x"), 0);
	assert_int_equal(spool_list(s, SPOOL_WAITING, a, &e), 1);
	assert_string_equal(e[0].id, ID2);
	arena_free(a);
}

static void refused_input(void **state)
{
	struct spool *s = *state;
	assert_int_equal(put_alarm(s, "../../../../../../tmp/x", 1, "x"), -EINVAL);
	assert_int_equal(put_alarm(s, "short", 1, "x"), -EINVAL);
	char *big = calloc(1, 200000);
	memset(big, 'a', 199999);
	assert_int_equal(put_alarm(s, ID1, 1, big), -E2BIG);
	free(big);
}

static void full(void **state)
{
	struct spool *s = *state;
	char name[80];
	for (int i = 0; i < SPOOL_MAX; i++) {
		snprintf(name, sizeof name, "%013d-%08d-0000-4000-8000-000000000000.cmd", i + 1, i);
		write_file(name, "x", 1);
	}
	assert_int_equal(put_alarm(s, ID1, 1000, "x"), -ENOSPC);
}

static void no_directory(void **state)
{
	(void)state;
	char *error = NULL;
	assert_null(spool_open("/proc/none/spool", &error));
	assert_non_null(strstr(error, "/proc/none/spool"));
	free(error);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(there_and_back),
		EACH(answered),
		EACH(what_is_final),
		EACH(held_until_death),
		EACH(let_go),
		EACH(damage),
		EACH(strange_files),
		EACH(refused_input),
		EACH(full),
		cmocka_unit_test(no_directory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
