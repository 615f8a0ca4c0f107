/*
 * store_sqlite: what the two files of the SQLite backend share. store_sqlite.c says how it works; store_sqlite_open.c
 * opens and closes the connections. Nobody else includes this.
 */
#ifndef STORE_STORE_SQLITE_H
#define STORE_STORE_SQLITE_H

#include <pthread.h>

#include "store/store_backend.h"
#include "store/store_files.h"
#include "store/store_writer.h"

struct sqlite3;
struct sqlite3_stmt;

struct store_sqlite {
	struct store base;
	struct store_files files;
	bool sync_off;
	struct store_writer *writer; /* NULL: reading only */
	pthread_mutex_t db_lock;     /* guards db, append, wal_frames */
	struct sqlite3 *db;
	struct sqlite3_stmt *append;
	int wal_frames;
	uint64_t written, commits; /* the writer's thread: entries and transactions since the start, told at the end */
	struct sqlite3 *reader;
	struct sqlite3_stmt *page;
	pthread_mutex_t head_lock; /* guards head, head_hash */
	uint64_t head;
	uint8_t head_hash[STORE_HASH];
};

/* Our status for an SQLite result code. */
enum store_status store_sqlite_status(struct sqlite3 *, int rc);
const char *store_sqlite_advice(enum store_status);
/* Path, what was tried, cause, what to do; malloc'ed. */
char *store_sqlite_explain(const struct store_sqlite *, struct sqlite3 *, enum store_status, const char *doing);

/* Directory, lock, leftovers, both connections. On failure *error is malloc'ed and nothing is open. */
enum store_status store_sqlite_open_whole(struct store_sqlite *, char **error);
enum store_status store_sqlite_open_for_reading(struct store_sqlite *, char **error);
/* A store for reading only becomes whole, or stays as it is. */
enum store_status store_sqlite_open_again(struct store_sqlite *);
void store_sqlite_open_close(struct store_sqlite *);
/* The hooks of the writer's thread. */
extern const struct store_writer_hooks store_sqlite_hooks;
/* sqlite3_wal_hook's, with the sqlite3 types as SQLite wants them. */
int store_sqlite_on_wal(void *arg, struct sqlite3 *, const char *name, int frames);

#endif
