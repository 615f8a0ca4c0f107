/*
 * store_sqlite_open: the connections and files of an SQLite log: opening whole, for reading only, again, and closing.
 */
#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/store_sqlite.h"

#define APPLICATION_ID 0x524e524b /* "RNRK" */
#define SCHEMA_VERSION 1
#define QUEUE_BYTES ((size_t)64 << 20)

static const char schema[] =
	"PRAGMA application_id=0x524e524b;"
	"PRAGMA user_version=1;"
	"CREATE TABLE log (idx INTEGER PRIMARY KEY, prev BLOB NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;"
	"CREATE TRIGGER log_follows_on BEFORE INSERT ON log"
	" WHEN NEW.idx <> 1 + coalesce((SELECT max(idx) FROM log), 0)"
	" OR NEW.prev <> coalesce((SELECT hash FROM log WHERE idx = NEW.idx - 1), zeroblob(32))"
	" BEGIN SELECT raise(ABORT, 'an entry must follow on the one before'); END;"
	"CREATE TRIGGER log_never_updated BEFORE UPDATE ON log BEGIN SELECT raise(ABORT, 'the log is append-only'); END;"
	"CREATE TRIGGER log_never_deleted BEFORE DELETE ON log BEGIN SELECT raise(ABORT, 'the log is append-only'); END;"
	"CREATE TABLE secret (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE probe (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;";

static int pragma_int(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int value = -1;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

/* The schema is there and ours; a new file (`may_create`) gets it. */
static enum store_status check_schema(const struct store_sqlite *s, sqlite3 *db, bool may_create, char **error)
{
	int tables = pragma_int(db, "SELECT count(*) FROM sqlite_master");
	if (tables < 0) {
		enum store_status status = store_sqlite_status(db, sqlite3_errcode(db));
		*error = store_sqlite_explain(s, db, status, "cannot read");
		return status == STORE_OK ? STORE_FAILED : status;
	}
	if (tables == 0 && may_create) {
		int rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
		rc = rc ? rc : sqlite3_exec(db, schema, NULL, NULL, NULL);
		rc = rc ? rc : sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
		if (rc == SQLITE_OK)
			return STORE_OK;
		enum store_status status = store_sqlite_status(db, rc);
		*error = store_sqlite_explain(s, db, status, "cannot make a new log");
		return status;
	}
	if (pragma_int(db, "PRAGMA application_id") != APPLICATION_ID) {
		*error = xasprintf("log %s: is an SQLite file, but not a log of renraku; name another file", s->files.path);
		return STORE_CORRUPT;
	}
	int version = pragma_int(db, "PRAGMA user_version");
	if (version != SCHEMA_VERSION) {
		*error = xasprintf("log %s: has schema %d, this program knows %d; use the version of renrakud that wrote it", s->files.path,
			version, SCHEMA_VERSION);
		return STORE_CORRUPT;
	}
	return STORE_OK;
}

static void close_reader(struct store_sqlite *s)
{
	sqlite3_finalize(s->page);
	sqlite3_close(s->reader);
	s->page = NULL;
	s->reader = NULL;
}

static void close_writer(struct store_sqlite *s)
{
	if (s->writer) {
		/* After a failure nothing is written any more, and closing would. */
		if (store_writer_failed(s->writer))
			sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		store_writer_free(s->writer);
		log_info("log", "written: %llu records in %llu commits", (unsigned long long)s->written, (unsigned long long)s->commits);
	}
	sqlite3_finalize(s->append);
	sqlite3_close(s->db);
	s->writer = NULL;
	s->append = NULL;
	s->db = NULL;
}

static bool has_wal(const struct store_sqlite *s)
{
	char *wal = xasprintf("%s-wal", s->files.path);
	bool there = access(wal, F_OK) == 0;
	free(wal);
	return there;
}

/* A log that was closed in order has no WAL, and on a read-only disk SQLite cannot make the empty one that it wants to see: then
   the file is named as one that nobody changes. */
static char *unchanging_name(const char *path)
{
	struct buf name;
	buf_init(&name, 3 * strlen(path) + 64);
	buf_puts(&name, "file:");
	for (; *path; path++)
		strchr("%?#", *path) ? buf_printf(&name, "%%%02X", (unsigned char)*path) : buf_append(&name, path, 1);
	buf_puts(&name, "?immutable=1");
	return buf_take(&name);
}

/*
 * `alone`: no shared memory file can be made beside the database, so the index of the WAL is kept in this process. That
 * needs exclusive mode, whose lock a read-only disk does not give: hence the VFS without locks. The lock file, where it could be made,
 * keeps others out.
 */
static enum store_status open_reader(struct store_sqlite *s, bool alone, char **error)
{
	char *name = alone && !has_wal(s) ? unchanging_name(s->files.path) : xstrdup(s->files.path);
	int rc =
		sqlite3_open_v2(name, &s->reader, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, alone ? "unix-none" : NULL);
	free(name);
	if (rc == SQLITE_OK && alone)
		rc = sqlite3_exec(s->reader, "PRAGMA locking_mode=EXCLUSIVE", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(s->reader, "PRAGMA query_only=1; PRAGMA cell_size_check=1; PRAGMA trusted_schema=0", NULL, NULL, NULL);
	enum store_status status = STORE_OK;
	if (rc == SQLITE_OK && alone)
		status = check_schema(s, s->reader, false, error);
	if (rc == SQLITE_OK && status == STORE_OK)
		rc = sqlite3_prepare_v3(s->reader,
			"SELECT idx, prev, hash, bytes FROM log WHERE idx >= ? AND idx <= ? ORDER BY idx LIMIT ?", -1,
			SQLITE_PREPARE_PERSISTENT, &s->page, NULL);
	if (rc != SQLITE_OK) {
		status = store_sqlite_status(s->reader, rc);
		*error = store_sqlite_explain(s, s->reader, status, "cannot read");
	}
	if (status != STORE_OK)
		close_reader(s);
	return status;
}

/* Journal mode and sync; the file is known to be ours by now. */
static int set_up_writing(struct store_sqlite *s)
{
	int rc = sqlite3_exec(s->db, s->sync_off ? "PRAGMA synchronous=OFF" : "PRAGMA synchronous=FULL", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(s->db, "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=16777216", NULL,
			NULL, NULL);
	/*
	 * What an earlier process wrote and did not live to sync, or could not, must not be shown as durable; and a sync that failed once
	 * is not asked again. So all that the WAL holds is written anew into the file and synced there.
	 */
	if (rc == SQLITE_OK)
		rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v3(s->db, "INSERT INTO log VALUES (?, ?, ?, ?)", -1, SQLITE_PREPARE_PERSISTENT, &s->append, NULL);
	return rc;
}

/* Opens for writing. On failure nothing is left open but the lock file. */
static enum store_status open_writer(struct store_sqlite *s, char **error)
{
	int rc = sqlite3_open_v2(s->files.path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	sqlite3_busy_timeout(s->db, 1000); /* somebody may be looking into the file */
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(s->db, "PRAGMA cell_size_check=1; PRAGMA trusted_schema=0", NULL, NULL, NULL);
	enum store_status status = rc == SQLITE_OK ? check_schema(s, s->db, true, error) : STORE_OK;
	/* SQLite opens a file that it may not write for reading, and says so only at the first write. */
	if (rc == SQLITE_OK && status == STORE_OK && sqlite3_db_readonly(s->db, "main") == 1)
		rc = sqlite3_exec(s->db, "BEGIN IMMEDIATE; INSERT INTO probe (bytes) VALUES (x'00'); ROLLBACK", NULL, NULL, NULL);
	if (rc == SQLITE_OK && status == STORE_OK)
		rc = set_up_writing(s);
	if (rc != SQLITE_OK) {
		status = store_sqlite_status(s->db, rc);
		*error = store_sqlite_explain(s, s->db, status, "cannot open for writing");
	}
	if (status == STORE_OK)
		status = store_files_sync_directory(&s->files, error);
	if (status != STORE_OK) {
		close_writer(s);
		return status;
	}
	sqlite3_wal_hook(s->db, store_sqlite_on_wal, s);
	s->writer = store_writer_new(&store_sqlite_hooks, s, QUEUE_BYTES);
	return STORE_OK;
}

void store_sqlite_open_close(struct store_sqlite *s)
{
	/* The reader first: the last connection to close brings the WAL in. */
	close_reader(s);
	close_writer(s);
}

enum store_status store_sqlite_open_whole(struct store_sqlite *s, char **error)
{
	enum store_status status = store_files_look(&s->files, error);
	if (status == STORE_OK)
		status = store_files_lock(&s->files, error);
	if (status == STORE_OK) {
		store_files_balance(&s->files, 0);
		status = open_writer(s, error);
	}
	return status == STORE_OK ? open_reader(s, false, error) : status;
}

enum store_status store_sqlite_open_for_reading(struct store_sqlite *s, char **error)
{
	store_sqlite_open_close(s);
	return open_reader(s, true, error);
}

/* The file has not changed meanwhile: nobody else could write it. */
enum store_status store_sqlite_open_again(struct store_sqlite *s)
{
	char *error = NULL;
	close_reader(s);
	enum store_status status = store_sqlite_open_whole(s, &error);
	if (status != STORE_OK) {
		char *second = NULL;
		if (store_sqlite_open_for_reading(s, &second) != STORE_OK)
			status = STORE_FAILED;
		free(second);
	}
	free(error);
	return status;
}
