/*
 * store: the log. Bytes only; knows nothing of what they mean. Backends by name: "sqlite" (the real one), "mem" (tests: can lose what was
 * not synced).
 *
 * The promise: on_durable(…, STORE_OK) is called after the batch and everything before it is on stable storage, never
 * earlier. A failed append is final: the store then refuses all further appends (STORE_FAILED), because a failed sync
 * must never be retried and then called success. Callbacks come from store_poll() in the caller's thread.
 *
 * Entry n (counted from 1) holds record bytes, the hash of entry n-1 and its own hash; the caller computes hashes
 * (server/record/chain.h).
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_HASH 32

enum store_status {
	STORE_OK = 0,
	STORE_FAILED = -1,  /* cannot write: disk error, read-only; the text says which */
	STORE_FULL = -2,    /* no space */
	STORE_CORRUPT = -3, /* what is there is not a log of ours, or is damaged */
	STORE_LOCKED = -4,  /* another process has it open */
};
const char *store_status_name(enum store_status);

struct store_entry {
	uint64_t index;
	const uint8_t *data;
	size_t len;
	uint8_t prev[STORE_HASH], hash[STORE_HASH];
};

struct store; /* opaque; a backend fills struct store_ops (store/store_backend.h) */

typedef void store_durable_fn(void *arg, enum store_status, uint64_t last_index);
/* Returns false to stop. Entries are valid during the call only. */
typedef bool store_entry_fn(void *arg, const struct store_entry *);

/*
 * Opens or creates. wake_fd() becomes readable when store_poll has something to deliver. NULL with *error malloc'ed.
 *
 * Where the file can be read but not written (read-only disk, no space, wrong owner): a store for reading only, with *status not STORE_OK
 * and *error set. Its wake_fd is -1 and nothing may be appended until store_probe() has returned STORE_OK: each call tries to open it
 * whole, after which wake_fd is a real one.
 *
 * path may end in options: "FILE?sync=off" never syncs (for the test that shows that the other tests would notice);
 * "FILE?reserve=BYTES" is the free space below which only what is urgent is taken (default 16 MiB; a quarter of it is kept as ballast).
 * Beside FILE stand FILE-wal, FILE-shm (SQLite's), FILE-lock and FILE-ballast.
 */
struct store *store_open_sqlite(const char *path, enum store_status *, char **error);
struct store *store_open_mem(void);

/* Waits for what was appended; callbacks that store_poll() has not delivered are not called. */
void store_close(struct store *);
/* Asynchronous; copies the entries (indices must follow on). Many appends may be outstanding; they become durable in order. */
void store_append(struct store *, const struct store_entry *, size_t n, store_durable_fn *, void *arg);
int store_wake_fd(const struct store *);
void store_poll(struct store *);
uint64_t store_head(struct store *, uint8_t hash[STORE_HASH]); /* newest durable entry */
/* Reads up to `max` durable entries from index `from`, in bounded pages: no reader stays open between calls. */
enum store_status store_read(struct store *, uint64_t from, size_t max, store_entry_fn *, void *arg);
/* Proves that it can append (writes and removes a probe, synced). */
enum store_status store_probe(struct store *);
/* Free space below the reserve: only alarms, acknowledgements, decisions and calls are to be accepted. */
bool store_low_space(struct store *);

/* The one mutable table: password hashes, token hashes. Synchronous, durable on return; small. value NULL deletes. */
enum store_status store_secret_put(struct store *, const char *key, const void *value, size_t len);
/* *value malloc'ed; *len 0 and *value NULL when there is none. */
enum store_status store_secret_get(struct store *, const char *key, void **value, size_t *len);
typedef bool store_secret_fn(void *arg, const char *key, const void *value, size_t len);
enum store_status store_secret_each(struct store *, const char *prefix, store_secret_fn *, void *arg);

/*
 * Tests, memory store only. automatic (default): store_poll() makes durable what waits and calls back. Otherwise nothing
 * is synced by itself and no callback comes until store_mem_sync(); a crash between the two leaves a record whose sender was never told.
 */
void store_mem_set_sync(struct store *, bool automatic);
void store_mem_sync(struct store *);
uint64_t store_mem_synced(struct store *); /* newest entry that a crash would leave, whatever was claimed */
/* Calls back as if written, without having synced: a lying disk. */
void store_mem_set_lying(struct store *, bool);
/* A new store holding only what was synced; the old one is freed. */
struct store *store_mem_crash(struct store *);
/* The k-th append from now (1: the next; 0: none any more) fails with this status, and all after it. Its records may still be found after a
 * crash, if store_mem_sync() was called. */
void store_mem_fail_at(struct store *, unsigned k, enum store_status);

#endif
