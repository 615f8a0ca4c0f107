/*
 * rows: a view as a client holds it: ViewUpdates folded into a set of rows, sorted by (order, key). For inbox, board,
 * incident and contacts alike. Bounded: beyond ROWS_MAX_BYTES an update is refused and the holder subscribes anew.
 */
#ifndef LIB_ROWS_H
#define LIB_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "renraku.pb-c.h"

#define ROWS_MAX_BYTES (64u << 20)

struct rows;

struct rows *rows_new(void);
void rows_free(struct rows *);
/* Copies what it keeps. False when it is beyond the limit (what was held stays). */
bool rows_apply(struct rows *, const Renraku__ViewUpdate *);
bool rows_complete(const struct rows *); /* the view stands at rows_revision() */
uint64_t rows_revision(const struct rows *);
size_t rows_count(const struct rows *);
/* In order; borrowed until the next rows_apply. */
const Renraku__Row *rows_at(const struct rows *, size_t i);
const Renraku__Row *rows_find(const struct rows *, const char *key);

/* Subscribes with once=true and folds until complete. view INCIDENT needs the incident. Uses conn_*. */
struct conn;
struct conn_problem;
struct rows *rows_fetch(struct conn *, Renraku__View, uint32_t incident, int64_t deadline, struct conn_problem *);

/* A durable copy in one file (temp, fsync, rename, fsync of the directory), with the time it was saved.
   Negative errno on error; damaged or foreign files load as -EBADMSG. */
int rows_save(const struct rows *, const char *path, int64_t at);
int rows_load(const char *path, struct rows **out, int64_t *at);

#endif
