/*
 * logread: the log in pages from the server, or from a file that `renraku log save` wrote. Pages are bounded; an entry longer than a
 * frame (a plan) is put together from its parts.
 *
 * File: "RNLOG1\n", then for each entry its length (4 bytes, big-endian) and a packed LogEntry.
 */
#ifndef CTL_LOGREAD_H
#define CTL_LOGREAD_H

#include "ctl/ctl.h"
#include "renraku.pb-c.h"

/* False stops the reading. */
typedef bool logread_fn(void *arg, const Renraku__LogEntry *);

/* From index `from`; incident 0: all. Returns an exit code, having said what is wrong; *head is the newest durable index. */
int logread_server(struct ctl *, uint64_t from, uint32_t incident, logread_fn *, void *arg, uint64_t *head);
int logread_file(struct ctl *, const char *path, logread_fn *, void *arg, uint64_t *head);
/* Appends one entry in the file's form. */
bool logread_write(FILE *, const Renraku__LogEntry *);
bool logread_begin(FILE *);

#endif
