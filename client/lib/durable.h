/*
 * durable: a small file that is either the old or the new one after a crash, never half of either: temp file in the same
 * directory, fsync, rename, fsync of the directory.
 */
#ifndef LIB_DURABLE_H
#define LIB_DURABLE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"

/* 0 or a negative errno; on error the old file stands and no temp file stays behind. */
int durable_write(const char *path, const void *data, size_t len, mode_t mode);
/* The same, but keeps the new file open (read-write, locked with flock LOCK_EX before it gets its name). Returns the fd. */
int durable_write_locked(const char *path, const void *data, size_t len, mode_t mode);
/* Reads a whole file into out (within out->max). 0, -EFBIG, or a negative errno. */
int durable_read(const char *path, struct buf *out);
/* fsync of the directory that holds `path`. */
int durable_sync_directory(const char *path);
/* Makes a directory and the ones above it. 0 or a negative errno. */
int durable_directory(const char *path, mode_t mode);

#endif
