/*
 * spool_file: the bytes of one spooled command; only for spool.c.
 *   "RNSP1\n"  SHA-256 of all that follows  length (4, big-endian) sender  length command
 */
#ifndef LIB_SPOOL_FILE_H
#define LIB_SPOOL_FILE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/mem.h"
#include "renraku.pb-c.h"

#define SPOOL_FILE_MAX (128u << 10)

/* False when it is too large. */
bool spool_file_pack(struct buf *, const char *sender, const Renraku__Command *);
/* False when damaged or not clean; strings and the command live in the arena. */
bool spool_file_unpack(const struct buf *, struct arena *, const char **sender, Renraku__Command **);

#endif
