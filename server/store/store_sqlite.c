/*
 * store_sqlite: the log in one SQLite file; the only includer of sqlite3.h.
 *
 *     log(idx, prev, hash, bytes)   append-only: triggers refuse update, delete, and an insert that does not follow on
 *     secret(key, value)            the one mutable table
 *     probe(id, bytes)              written and emptied to prove that the disk takes writes
 *
 * application_id says the file is ours, user_version is the schema's. WAL with synchronous=FULL: COMMIT returns after the
 * WAL is synced, and readers see a transaction only then.
 *
 * Two connections. `db` writes: the writer's thread commits batches on it, the owner's thread secrets and probes; db_lock keeps
 * them apart. `reader` belongs to the owner's thread and leaves no statement open between calls, or the WAL would grow for ever.
 *
 * Checkpoints are ours and not SQLite's automatic ones, whose errors it swallows: a sync of the database file that failed once
 * would be tried again, succeed for nothing, and the WAL with the only good copy be overwritten.
 *
 * On a disk that cannot be written the file is opened for reading only, so that a server can still show what it knows;
 * store_probe() tries again to open it whole.
 */
#include "store/store_sqlite.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "record/chain.h"

#define PAGE_ENTRIES 512
#define PAGE_BYTES ((size_t)1 << 20)
#define CHECKPOINT_FRAMES 1000
#define TAIL 256 /* entries whose chain is verified at opening */

static struct store_sqlite *sqlite_of(struct store *);

/* ---- errors ---- */

enum store_status store_sqlite_status(sqlite3 *db, int rc)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return STORE_OK;
	case SQLITE_FULL:
		return STORE_FULL;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return STORE_CORRUPT;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STORE_LOCKED;
	case SQLITE_IOERR:
		return sqlite3_system_errno(db) == ENOSPC || sqlite3_system_errno(db) == EDQUOT ? STORE_FULL : STORE_FAILED;
	default:
		return STORE_FAILED;
	}
}

const char *store_sqlite_advice(enum store_status status)
{
	switch (status) {
	case STORE_FULL:
		return "make room on this disk, then start again";
	case STORE_CORRUPT:
		return "the file is damaged or is no log of renraku; keep it aside and restore a copy";
	case STORE_LOCKED:
		return "another program has the file open; stop it first";
	default:
		return "check the disk, its mount options, and who owns the file";
	}
}

char *store_sqlite_explain(const struct store_sqlite *s, sqlite3 *db, enum store_status status, const char *doing)
{
	int system = sqlite3_system_errno(db);
	return xasprintf("log %s: %s: %s%s%s; %s", s->files.path, doing, sqlite3_errmsg(db), system ? ": " : "",
		system ? strerror(system) : "", store_sqlite_advice(status));
}

/* To the journal, from whichever thread it happened in; hands the status back. */
static enum store_status complain(const struct store_sqlite *s, sqlite3 *db, int rc, const char *doing)
{
	enum store_status status = store_sqlite_status(db, rc);
	char *text = store_sqlite_explain(s, db, status, doing);
	log_error("log", "%s", text);
	free(text);
	return status;
}

/* ---- writing ---- */

int store_sqlite_on_wal(void *arg, sqlite3 *db, const char *name, int frames)
{
	(void)db;
	(void)name;
	((struct store_sqlite *)arg)->wal_frames = frames;
	return SQLITE_OK;
}

static int insert_entry(struct store_sqlite *s, const struct store_entry *e)
{
	sqlite3_bind_int64(s->append, 1, (sqlite3_int64)e->index);
	sqlite3_bind_blob(s->append, 2, e->prev, STORE_HASH, SQLITE_STATIC);
	sqlite3_bind_blob(s->append, 3, e->hash, STORE_HASH, SQLITE_STATIC);
	sqlite3_bind_blob(s->append, 4, e->len ? (const void *)e->data : "", (int)e->len, SQLITE_STATIC);
	int rc = sqlite3_step(s->append);
	int reset = sqlite3_reset(s->append);
	return rc == SQLITE_DONE ? SQLITE_OK : reset;
}

static int insert_batch(struct store_sqlite *s, const struct store_pending *batch, const struct store_entry **last)
{
	int rc = sqlite3_exec(s->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	for (const struct store_pending *p = batch; p; p = p->next)
		for (size_t i = 0; i < p->n && rc == SQLITE_OK; i++)
			rc = insert_entry(s, *last = &p->entries[i]);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
	return rc;
}

/* In the writer's thread. */
static enum store_status on_commit(void *arg, const struct store_pending *batch, size_t bytes)
{
	struct store_sqlite *s = arg;
	const struct store_entry *last = NULL;
	store_files_balance(&s->files, bytes);
	pthread_mutex_lock(&s->db_lock);
	int rc = insert_batch(s, batch, &last);
	enum store_status status = STORE_OK;
	if (rc != SQLITE_OK) {
		status = complain(s, s->db, rc, "cannot write");
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	}
	pthread_mutex_unlock(&s->db_lock);
	if (status != STORE_OK)
		return status == STORE_FULL ? STORE_FULL : STORE_FAILED;
	pthread_mutex_lock(&s->head_lock);
	s->written += last->index - s->head;
	s->commits++;
	s->head = last->index;
	memcpy(s->head_hash, last->hash, STORE_HASH);
	pthread_mutex_unlock(&s->head_lock);
	return STORE_OK;
}

/* In the writer's thread, after the senders were told. */
static enum store_status on_after(void *arg)
{
	struct store_sqlite *s = arg;
	enum store_status status = STORE_OK;
	pthread_mutex_lock(&s->db_lock);
	if (s->wal_frames >= CHECKPOINT_FRAMES) {
		int rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
		/* A full disk leaves the WAL as it is, and that is the good copy; a later checkpoint brings it in. */
		if (rc != SQLITE_OK && rc != SQLITE_BUSY && store_sqlite_status(s->db, rc) != STORE_FULL)
			status = complain(s, s->db, rc, "cannot bring the write-ahead log into the file");
		s->wal_frames = 0;
	}
	pthread_mutex_unlock(&s->db_lock);
	return status;
}

const struct store_writer_hooks store_sqlite_hooks = {.commit = on_commit, .after = on_after};

static void sqlite_append(struct store *base, const struct store_entry *entries, size_t n, store_durable_fn *fn, void *arg)
{
	struct store_sqlite *s = sqlite_of(base);
	assert(s->writer); /* reading only: store_probe() has said so */
	store_writer_append(s->writer, entries, n, fn, arg);
}

static int sqlite_wake_fd(const struct store *base)
{
	const struct store_sqlite *s = (const struct store_sqlite *)(const void *)base;
	return s->writer ? store_writer_fd(s->writer) : -1;
}

static void sqlite_poll(struct store *base)
{
	struct store_sqlite *s = sqlite_of(base);
	if (s->writer)
		store_writer_poll(s->writer);
}

static uint64_t sqlite_head(struct store *base, uint8_t hash[STORE_HASH])
{
	struct store_sqlite *s = sqlite_of(base);
	pthread_mutex_lock(&s->head_lock);
	uint64_t head = s->head;
	memcpy(hash, s->head_hash, STORE_HASH);
	pthread_mutex_unlock(&s->head_lock);
	return head;
}

static bool sqlite_low_space(struct store *base)
{
	return store_files_low(&sqlite_of(base)->files);
}

/* ---- reading ---- */

static bool entry_of_row(sqlite3_stmt *row, struct store_entry *e)
{
	e->index = (uint64_t)sqlite3_column_int64(row, 0);
	if (sqlite3_column_bytes(row, 1) != STORE_HASH || sqlite3_column_bytes(row, 2) != STORE_HASH)
		return false;
	memcpy(e->prev, sqlite3_column_blob(row, 1), STORE_HASH);
	memcpy(e->hash, sqlite3_column_blob(row, 2), STORE_HASH);
	e->data = sqlite3_column_blob(row, 3);
	e->len = (size_t)sqlite3_column_bytes(row, 3);
	return true;
}

struct page {
	uint64_t from, head;
	size_t max;
	store_entry_fn *fn;
	void *arg;
	bool stopped;
};

/* One page: from p->from on, which moves; the statement is closed again when it returns. */
static enum store_status read_page(struct store_sqlite *s, struct page *p)
{
	size_t bytes = 0;
	sqlite3_bind_int64(s->page, 1, (sqlite3_int64)p->from);
	sqlite3_bind_int64(s->page, 2, (sqlite3_int64)p->head);
	sqlite3_bind_int64(s->page, 3, p->max < PAGE_ENTRIES ? (sqlite3_int64)p->max : PAGE_ENTRIES);
	int rc = SQLITE_OK;
	while (!p->stopped && bytes < PAGE_BYTES && (rc = sqlite3_step(s->page)) == SQLITE_ROW) {
		struct store_entry e;
		/* A gap would make the loop over pages skip it or never end. */
		if (!entry_of_row(s->page, &e) || e.index != p->from) {
			log_error("log", "log %s: entry %llu is missing or damaged; %s", s->files.path, (unsigned long long)p->from,
				store_sqlite_advice(STORE_CORRUPT));
			sqlite3_reset(s->page);
			return STORE_CORRUPT;
		}
		bytes += e.len;
		p->from++;
		p->max--;
		p->stopped = !p->fn(p->arg, &e);
	}
	enum store_status status = STORE_OK;
	if (rc != SQLITE_OK && rc != SQLITE_ROW && rc != SQLITE_DONE)
		status = complain(s, s->reader, rc, "cannot read");
	else if (rc == SQLITE_DONE && bytes == 0)
		p->stopped = true;
	sqlite3_reset(s->page);
	return status;
}

static enum store_status sqlite_read(struct store *base, uint64_t from, size_t max, store_entry_fn *fn, void *arg)
{
	struct store_sqlite *s = sqlite_of(base);
	uint8_t hash[STORE_HASH];
	struct page p = {.from = from, .head = sqlite_head(base, hash), .max = max, .fn = fn, .arg = arg};
	enum store_status status = STORE_OK;
	while (status == STORE_OK && !p.stopped && p.max > 0 && p.from <= p.head)
		status = read_page(s, &p);
	return status;
}

/* ---- secrets ---- */

static enum store_status sqlite_secret_put(struct store *base, const char *key, const void *value, size_t len)
{
	struct store_sqlite *s = sqlite_of(base);
	if (!s->db)
		return STORE_FAILED;
	pthread_mutex_lock(&s->db_lock);
	sqlite3_stmt *put = NULL;
	const char *sql = value ? "INSERT INTO secret VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2"
				: "DELETE FROM secret WHERE key = ?1";
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &put, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_bind_text(put, 1, key, -1, SQLITE_STATIC);
		if (value)
			sqlite3_bind_blob(put, 2, value, (int)len, SQLITE_STATIC);
		rc = sqlite3_step(put);
	}
	enum store_status status = store_sqlite_status(s->db, rc);
	if (status != STORE_OK)
		complain(s, s->db, rc, "cannot keep a password or token");
	sqlite3_finalize(put);
	pthread_mutex_unlock(&s->db_lock);
	return status;
}

static enum store_status sqlite_secret_get(struct store *base, const char *key, void **value, size_t *len)
{
	struct store_sqlite *s = sqlite_of(base);
	sqlite3_stmt *get = NULL;
	int rc = sqlite3_prepare_v2(s->reader, "SELECT value FROM secret WHERE key = ?", -1, &get, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_bind_text(get, 1, key, -1, SQLITE_STATIC);
		rc = sqlite3_step(get);
	}
	if (rc == SQLITE_ROW) {
		*len = (size_t)sqlite3_column_bytes(get, 0);
		*value = xmemdup(*len ? sqlite3_column_blob(get, 0) : "", *len);
	}
	enum store_status status = store_sqlite_status(s->reader, rc);
	if (status != STORE_OK)
		complain(s, s->reader, rc, "cannot read a password or token");
	sqlite3_finalize(get);
	return status;
}

static enum store_status sqlite_secret_each(struct store *base, const char *prefix, store_secret_fn *fn, void *arg)
{
	struct store_sqlite *s = sqlite_of(base);
	sqlite3_stmt *each = NULL;
	int rc = sqlite3_prepare_v2(
		s->reader, "SELECT key, value FROM secret WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key", -1, &each, NULL);
	if (rc == SQLITE_OK)
		sqlite3_bind_text(each, 1, prefix, -1, SQLITE_STATIC);
	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(each);
		if (rc == SQLITE_ROW && !fn(arg, (const char *)sqlite3_column_text(each, 0), sqlite3_column_blob(each, 1),
						(size_t)sqlite3_column_bytes(each, 1)))
			break;
	}
	enum store_status status = store_sqlite_status(s->reader, rc);
	if (status != STORE_OK)
		complain(s, s->reader, rc, "cannot read passwords and tokens");
	sqlite3_finalize(each);
	return status;
}

/* ---- opening ---- */

static bool verify_one(void *arg, const struct store_entry *e)
{
	struct chain_verifier *v = arg;
	if (v->next == 0) { /* the entry before the tail: taken as it is */
		v->next = e->index + 1;
		memcpy(v->hash, e->hash, STORE_HASH);
		return true;
	}
	return chain_verify(v, e->index, e->prev, e->hash, e->data, e->len);
}

/* Finds the head and verifies the chain of the newest entries; all of it is verified by `renraku log verify`. */
static enum store_status find_head(struct store_sqlite *s, char **error)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(s->reader, "SELECT idx, hash FROM log ORDER BY idx DESC LIMIT 1", -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW && sqlite3_column_bytes(stmt, 1) == STORE_HASH) {
		s->head = (uint64_t)sqlite3_column_int64(stmt, 0);
		memcpy(s->head_hash, sqlite3_column_blob(stmt, 1), STORE_HASH);
	}
	sqlite3_finalize(stmt);
	enum store_status status = store_sqlite_status(s->reader, rc);
	if (status != STORE_OK) {
		*error = store_sqlite_explain(s, s->reader, status, "cannot read");
		return status;
	}
	s->base.appended = s->head;
	struct chain_verifier v;
	chain_verifier_init(&v);
	uint64_t from = 1;
	if (s->head > TAIL) {
		from = s->head - TAIL;
		v.next = 0;
	}
	status = sqlite_read(&s->base, from, TAIL + 1, verify_one, &v);
	if (status == STORE_OK && (v.error[0] || v.next != s->head + 1))
		status = STORE_CORRUPT;
	if (status != STORE_OK)
		*error = xasprintf(
			"log %s: %s; %s", s->files.path, v.error[0] ? v.error : "an entry cannot be read", store_sqlite_advice(status));
	return status;
}

static void sqlite_close(struct store *base)
{
	struct store_sqlite *s = sqlite_of(base);
	store_sqlite_open_close(s);
	pthread_mutex_destroy(&s->db_lock);
	pthread_mutex_destroy(&s->head_lock);
	store_files_free(&s->files);
	free(s);
}

static enum store_status sqlite_probe(struct store *base)
{
	struct store_sqlite *s = sqlite_of(base);
	enum store_status status = s->writer ? STORE_OK : store_sqlite_open_again(s);
	if (status != STORE_OK)
		return status;
	if (store_writer_failed(s->writer))
		return STORE_FAILED;
	store_files_balance(&s->files, 0);
	pthread_mutex_lock(&s->db_lock);
	int rc = sqlite3_exec(s->db, "INSERT INTO probe (bytes) VALUES (randomblob(64))", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(s->db, "DELETE FROM probe", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		status = complain(s, s->db, rc, "a trial write failed");
	pthread_mutex_unlock(&s->db_lock);
	return status;
}

static const struct store_ops ops = {
	.name = "sqlite",
	.close = sqlite_close,
	.append = sqlite_append,
	.wake_fd = sqlite_wake_fd,
	.poll = sqlite_poll,
	.head = sqlite_head,
	.read = sqlite_read,
	.probe = sqlite_probe,
	.low_space = sqlite_low_space,
	.secret_put = sqlite_secret_put,
	.secret_get = sqlite_secret_get,
	.secret_each = sqlite_secret_each,
};

static struct store_sqlite *sqlite_of(struct store *s)
{
	assert(s->ops == &ops);
	return (struct store_sqlite *)(void *)s;
}

/* "FILE?sync=off&reserve=BYTES"; false for an option that does not exist. */
static bool parse_path(struct store_sqlite *s, const char *given, char **error)
{
	char *path = xstrdup(given);
	char *options = strchr(path, '?');
	uint64_t reserve = 0;
	bool fine = true;
	if (options)
		*options++ = '\0';
	for (char *save = NULL, *o = options ? strtok_r(options, "&", &save) : NULL; o && fine; o = strtok_r(NULL, "&", &save)) {
		if (strcmp(o, "sync=off") == 0)
			s->sync_off = true;
		else if (strncmp(o, "reserve=", 8) == 0)
			reserve = strtoull(o + 8, NULL, 10);
		else
			fine = false;
	}
	if (!fine)
		*error = xasprintf("log %s: unknown option after '?'; sync=off and reserve=BYTES exist", given);
	store_files_init(&s->files, path, reserve);
	free(path);
	return fine;
}

struct store *store_open_sqlite(const char *path, enum store_status *status, char **error)
{
	struct store_sqlite *s = xcalloc(1, sizeof *s);
	s->base.ops = &ops;
	pthread_mutex_init(&s->db_lock, NULL);
	pthread_mutex_init(&s->head_lock, NULL);
	*error = NULL;
	bool fine = parse_path(s, path, error);
	*status = fine ? store_sqlite_open_whole(s, error) : STORE_FAILED;
	bool readable = *status == STORE_OK;
	if (fine && (*status == STORE_FAILED || *status == STORE_FULL)) {
		char *second = NULL;
		readable = store_sqlite_open_for_reading(s, &second) == STORE_OK;
		free(second); /* the first cause is the one to mend */
	}
	if (readable) {
		char *damage = NULL;
		enum store_status found = find_head(s, &damage);
		if (found == STORE_OK)
			return &s->base;
		free(*error);
		*error = damage;
		*status = found;
	}
	sqlite_close(&s->base);
	return NULL;
}
