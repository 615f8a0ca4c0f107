/*
 * The SQLite log where things go wrong: another process, a missing directory, somebody else's file, damage, a disk that is full or
 * read-only, a process killed between commit and answer. Disks are made as small file systems in a mount namespace of the test's own; where
 * that is not allowed, those tests say so and are skipped.
 *
 * The test opens the file with SQLite itself where it plays the intruder.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/log.h"
#include "base/mem.h"
#include "record/chain.h"
#include "store/store.h"

static char *dir, *path;

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

/* One entry of `len` bytes after the head, waited for. */
static enum store_status append_one(struct store *s, size_t len)
{
	struct store_entry e = {.len = len};
	uint8_t *data = xcalloc(1, len + 1);
	e.index = store_head(s, e.prev) + 1;
	memset(data, 'r', len);
	e.data = data;
	chain_next(e.index, e.prev, data, len, e.hash);
	struct seen seen = {0};
	store_append(s, &e, 1, on_durable, &seen);
	while (seen.calls == 0) {
		struct pollfd p = {.fd = store_wake_fd(s), .events = POLLIN};
		assert_int_equal(poll(&p, 1, 20000), 1);
		store_poll(s);
	}
	free(data);
	return seen.status;
}

/* Opens; on anything but STORE_OK the error must name the path and hold `says`. */
static struct store *open_says(const char *file, enum store_status expected, const char *says)
{
	enum store_status status = STORE_OK;
	char *error = NULL;
	struct store *s = store_open_sqlite(file, &status, &error);
	if (status != expected || (says != NULL) != (error != NULL))
		fail_msg("%s: %s, expected %s: %s", file, store_status_name(status), store_status_name(expected), error ? error : "");
	if (says && (!strstr(error, dir) || !strstr(error, says)))
		fail_msg("the error says: %s", error);
	free(error);
	return s;
}

static struct store *open_fine(void)
{
	return open_says(path, STORE_OK, NULL);
}

static int make_dir(void **state)
{
	(void)state;
	dir = xstrdup("/tmp/renraku-sqlite-XXXXXX");
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

static int intrude(const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
	return rc;
}

/* ---- opening ---- */

static void test_second_process_is_kept_out(void **state)
{
	(void)state;
	struct store *s = open_fine();
	assert_int_equal(append_one(s, 100), STORE_OK);
	pid_t child = fork();
	if (child == 0) {
		enum store_status status;
		char *error = NULL;
		bool locked = !store_open_sqlite(path, &status, &error) && status == STORE_LOCKED && strstr(error, "another process");
		free(error);
		_exit(locked ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(append_one(s, 100), STORE_OK);
	store_close(s);
	s = open_fine();
	store_close(s);
}

static void test_missing_directory(void **state)
{
	(void)state;
	char *file = xasprintf("%s/nowhere/log", dir);
	assert_null(open_says(file, STORE_FAILED, "create it"));
	free(file);
	assert_null(open_says(dir, STORE_CORRUPT, "not a regular file"));
	char *option = xasprintf("%s?snyc=off", path);
	assert_null(open_says(option, STORE_FAILED, "unknown option"));
	free(option);
}

static void write_file(const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

static void test_files_that_are_no_log(void **state)
{
	(void)state;
	char text[5000];
	memset(text, 'x', sizeof text);
	write_file(text, sizeof text);
	assert_null(open_says(path, STORE_CORRUPT, "no log of renraku"));
	unlink(path);

	assert_int_equal(intrude("CREATE TABLE mine (a)"), SQLITE_OK);
	struct stat before, after;
	assert_int_equal(stat(path, &before), 0);
	assert_null(open_says(path, STORE_CORRUPT, "not a log of renraku"));
	assert_int_equal(stat(path, &after), 0);
	assert_true(before.st_mtim.tv_sec == after.st_mtim.tv_sec && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
	unlink(path);

	store_close(open_fine());
	assert_int_equal(intrude("PRAGMA user_version=99"), SQLITE_OK);
	assert_null(open_says(path, STORE_CORRUPT, "schema 99"));
}

static void test_log_is_append_only(void **state)
{
	(void)state;
	struct store *s = open_fine();
	for (int i = 0; i < 3; i++)
		assert_int_equal(append_one(s, 10), STORE_OK);
	store_close(s);
	assert_int_equal(intrude("UPDATE log SET bytes = x'00' WHERE idx = 2"), SQLITE_CONSTRAINT);
	assert_int_equal(intrude("DELETE FROM log WHERE idx = 3"), SQLITE_CONSTRAINT);
	assert_int_equal(intrude("INSERT INTO log SELECT 7, hash, hash, bytes FROM log WHERE idx = 3"), SQLITE_CONSTRAINT);
	assert_int_equal(intrude("INSERT INTO log SELECT 4, prev, hash, bytes FROM log WHERE idx = 3"), SQLITE_CONSTRAINT);
	assert_int_equal(intrude("INSERT OR REPLACE INTO log SELECT 3, prev, hash, x'00' FROM log WHERE idx = 3"), SQLITE_CONSTRAINT);
	store_close(open_fine());
}

static void test_tampered_tail_is_noticed(void **state)
{
	(void)state;
	static const char *const ways[] = {
		"UPDATE log SET bytes = x'00' WHERE idx = 298",
		"DELETE FROM log WHERE idx = 299",
		"UPDATE log SET hash = zeroblob(32) WHERE idx = 300",
		"UPDATE log SET prev = x'00' WHERE idx = 300",
	};
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct store *s = open_fine();
		for (int k = 0; k < 300; k++)
			assert_int_equal(append_one(s, 10), STORE_OK);
		store_close(s);
		char *sql = xasprintf("DROP TRIGGER log_never_updated; DROP TRIGGER log_never_deleted; %s", ways[i]);
		assert_int_equal(intrude(sql), SQLITE_OK);
		free(sql);
		assert_null(open_says(path, STORE_CORRUPT, "damaged"));
		unlink(path);
	}
}

static void test_damaged_pages(void **state)
{
	(void)state;
	struct store *s = open_fine();
	for (int i = 0; i < 200; i++)
		assert_int_equal(append_one(s, 500), STORE_OK);
	store_close(s);
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	char junk[3000];
	memset(junk, 0xa5, sizeof junk);
	int fd = open(path, O_WRONLY);
	for (off_t at = 4096; at < st.st_size; at += 4096)
		assert_int_equal(pwrite(fd, junk, sizeof junk, at), sizeof junk);
	close(fd);
	assert_null(open_says(path, STORE_CORRUPT, "log"));
}

/* ---- kill -9 ---- */

/* A child appends and tells each durable index through a pipe until it is killed; all it told must be there. */
static void test_killed_while_writing(void **state)
{
	(void)state;
	uint64_t least = 0;
	for (int round = 0; round < 5; round++) {
		int fds[2];
		assert_int_equal(pipe(fds), 0);
		pid_t child = fork();
		if (child == 0) {
			struct store *s = open_fine();
			uint8_t hash[STORE_HASH];
			for (;;) {
				if (append_one(s, 3000) != STORE_OK)
					_exit(1);
				uint64_t head = store_head(s, hash);
				if (write(fds[1], &head, sizeof head) != sizeof head)
					_exit(1);
			}
		}
		close(fds[1]);
		uint64_t told = least;
		for (int i = 0; i < 40 + 17 * round; i++)
			assert_int_equal(read(fds[0], &told, sizeof told), sizeof told);
		kill(child, SIGKILL);
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		while (read(fds[0], &told, sizeof told) == sizeof told)
			;
		close(fds[0]);
		struct store *s = open_fine();
		uint8_t hash[STORE_HASH];
		least = store_head(s, hash);
		assert_true(least >= told);
		store_close(s);
	}
}

/* ---- writes that fail ---- */

/* A file size limit makes writes fail in the middle of the life of a store. */
static void test_failed_write_is_final(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		signal(SIGXFSZ, SIG_IGN);
		struct store *s = open_fine();
		if (append_one(s, 1000) != STORE_OK)
			_exit(2);
		struct rlimit limit = {100000, RLIM_INFINITY};
		setrlimit(RLIMIT_FSIZE, &limit);
		if (append_one(s, 300000) == STORE_OK)
			_exit(3);
		limit.rlim_cur = RLIM_INFINITY;
		setrlimit(RLIMIT_FSIZE, &limit);
		/* the disk is fine again, the store is not: what is in the page cache now nobody knows */
		uint8_t hash[STORE_HASH];
		struct seen seen = {0};
		struct store_entry e = {.index = store_head(s, hash) + 2, .data = hash, .len = 1};
		store_append(s, &e, 1, on_durable, &seen);
		while (seen.calls == 0) {
			struct pollfd p = {.fd = store_wake_fd(s), .events = POLLIN};
			poll(&p, 1, 20000);
			store_poll(s);
		}
		bool right = seen.status == STORE_FAILED && store_probe(s) == STORE_FAILED && store_head(s, hash) == 1;
		store_close(s);
		_exit(right ? 0 : 4);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	struct store *s = open_fine();
	uint8_t hash[STORE_HASH];
	assert_int_equal(store_head(s, hash), 1);
	assert_int_equal(append_one(s, 300000), STORE_OK);
	store_close(s);
}

/* Runs `act` in a child with a small file system mounted on `dir`; skips where mounting is not allowed. */
static void on_small_disk(const char *size, void (*act)(void))
{
	pid_t child = fork();
	if (child == 0) {
		if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
			mount("none", dir, "tmpfs", 0, size) != 0)
			_exit(77);
		act();
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		print_message("file systems cannot be mounted here: skipped\n");
		skip();
	}
	assert_int_equal(status, 0);
}

#define MUST(condition)                                                                                                                    \
	do {                                                                                                                               \
		if (!(condition)) {                                                                                                        \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                                    \
			_exit(1);                                                                                                          \
		}                                                                                                                          \
	} while (0)

static bool exists(const char *suffix)
{
	char *file = xasprintf("%s%s", path, suffix);
	bool there = access(file, F_OK) == 0;
	free(file);
	return there;
}

static void fill_until(uint64_t left)
{
	char *file = xasprintf("%s/filler", dir);
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	MUST(fd >= 0);
	static char block[65536];
	ssize_t n;
	while ((n = write(fd, block, sizeof block)) == sizeof block)
		;
	off_t size = lseek(fd, 0, SEEK_END);
	MUST(ftruncate(fd, size > (off_t)left ? size - (off_t)left : 0) == 0);
	close(fd);
	free(file);
}

static void full_disk(void)
{
	uint8_t hash[STORE_HASH];
	struct store *s = open_fine();
	MUST(append_one(s, 1000) == STORE_OK);
	MUST(exists("-ballast"));
	MUST(!store_low_space(s));
	fill_until(0);
	/* the reserve is given up, and what is urgent still fits */
	MUST(store_low_space(s));
	MUST(append_one(s, 1000) == STORE_OK);
	MUST(!exists("-ballast"));
	MUST(store_low_space(s));
	for (int i = 0; i < 50; i++)
		MUST(append_one(s, 1000) == STORE_OK);
	MUST(store_head(s, hash) == 52);
	/* then that is gone as well */
	fill_until(0);
	enum store_status status = STORE_OK;
	for (int i = 0; i < 1000 && status == STORE_OK; i++)
		status = append_one(s, 20000);
	MUST(status == STORE_FULL);
	uint64_t head = store_head(s, hash);
	store_close(s);
	/* a server that starts now shows what it knows */
	enum store_status why;
	char *error = NULL;
	s = store_open_sqlite(path, &why, &error);
	MUST(s && store_head(s, hash) == head);
	MUST((why == STORE_OK) == (error == NULL));
	free(error);
	/* and goes on when there is room, without being started again */
	char *file = xasprintf("%s/filler", dir);
	MUST(unlink(file) == 0);
	free(file);
	MUST(store_probe(s) == STORE_OK);
	MUST(!store_low_space(s));
	MUST(append_one(s, 1000) == STORE_OK);
	MUST(exists("-ballast"));
	store_close(s);
}

static void test_full_disk(void **state)
{
	(void)state;
	on_small_disk("size=48m", full_disk);
}

static void read_only_disk(void)
{
	uint8_t hash[STORE_HASH];
	struct store *s = open_fine();
	for (int i = 0; i < 10; i++)
		MUST(append_one(s, 1000) == STORE_OK);
	MUST(store_secret_put(s, "password/p", "hash", 4) == STORE_OK);
	/* closing would bring the WAL in; the disk is to hold what a killed server leaves */
	char *saved = xasprintf("cp %s %s.saved; cp %s-wal %s.saved-wal", path, path, path, path);
	MUST(system(saved) == 0);
	store_close(s);
	char *back = xasprintf("cp %s.saved %s; cp %s.saved-wal %s-wal", path, path, path, path);
	MUST(system(back) == 0);
	free(saved);
	free(back);

	MUST(mount("none", dir, NULL, MS_REMOUNT | MS_RDONLY, NULL) == 0);
	s = open_says(path, STORE_FAILED, "ead-only");
	MUST(s && store_head(s, hash) == 10);
	MUST(store_wake_fd(s) == -1);
	void *value;
	size_t len;
	MUST(store_secret_get(s, "password/p", &value, &len) == STORE_OK && len == 4);
	free(value);
	MUST(store_secret_put(s, "password/p", "other", 5) != STORE_OK);
	MUST(store_probe(s) == STORE_FAILED);
	MUST(store_head(s, hash) == 10);
	/* mended under it */
	MUST(mount("none", dir, NULL, MS_REMOUNT, NULL) == 0);
	MUST(store_probe(s) == STORE_OK);
	MUST(store_wake_fd(s) >= 0);
	MUST(append_one(s, 1000) == STORE_OK);
	MUST(store_head(s, hash) == 11);
	store_close(s);
}

static void test_read_only_disk(void **state)
{
	(void)state;
	on_small_disk("size=48m", read_only_disk);
}

/* ---- the WAL does not grow for ever ---- */

static void test_wal_stays_small(void **state)
{
	(void)state;
	struct store *s = open_fine();
	char *wal = xasprintf("%s-wal", path);
	struct stat st;
	off_t largest = 0;
	for (int i = 0; i < 1500; i++) {
		assert_int_equal(append_one(s, 4000), STORE_OK);
		assert_int_equal(stat(wal, &st), 0);
		largest = st.st_size > largest ? st.st_size : largest;
	}
	assert_true(largest < 8 << 20);
	free(wal);
	store_close(s);
}

int main(void)
{
	log_set_level(LOG_ERROR + 1); /* the failures here are wanted */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_second_process_is_kept_out, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_missing_directory, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_files_that_are_no_log, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_log_is_append_only, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_tampered_tail_is_noticed, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_damaged_pages, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_killed_while_writing, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_failed_write_is_final, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_full_disk, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_read_only_disk, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_wal_stays_small, make_dir, remove_dir),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
