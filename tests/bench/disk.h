/*
 * disk: what one sync costs on the file system where the log is, at this moment: the floor under every durable answer.
 */
#ifndef BENCH_DISK_H
#define BENCH_DISK_H

#include <stdbool.h>

#include "bench/figures.h"

/* Appends 4 KiB and syncs, ten times; adds milliseconds. False with a line on stderr. */
bool disk_measure(const char *dir, struct samples *);

#endif
