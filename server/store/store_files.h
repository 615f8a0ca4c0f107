/*
 * store_files: what lies beside the log's file: the lock that keeps a second process out, the ballast that is given up when the disk is
 * full, and the directory, which must be synced when files appear in it.
 *
 * Not the database itself: opening and closing that behind SQLite's back would drop its locks.
 */
#ifndef STORE_STORE_FILES_H
#define STORE_STORE_FILES_H

#include <pthread.h>

#include "store/store.h"

struct store_files {
	char *path, *dir, *lock, *ballast;
	int lock_fd;                    /* -1: not held */
	uint64_t reserve, ballast_size; /* bytes; reserve: below this much free space, space is low */
	pthread_mutex_t mutex;          /* guards ballast_held: the writer's thread and the owner's both look after the ballast */
	bool ballast_held;
};

/* Takes path apart; touches nothing. reserve 0: 16 MiB, with a ballast of a quarter of the reserve. */
void store_files_init(struct store_files *, const char *path, uint64_t reserve);
void store_files_free(struct store_files *); /* and gives up the lock */
/* The directory is there; *error malloc'ed when not STORE_OK. */
enum store_status store_files_look(const struct store_files *, char **error);
enum store_status store_files_lock(struct store_files *, char **error);
enum store_status store_files_sync_directory(const struct store_files *, char **error);
/* Holds or gives up the ballast, as free space demands before `bytes` more are written. */
void store_files_balance(struct store_files *, size_t bytes);
bool store_files_low(const struct store_files *);

#endif
