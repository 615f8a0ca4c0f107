/*
 * town: a throwaway town in a new temporary folder: its authority, a certificate for each of N terminals, the sample site with those
 * N terminals, and renrakud on a free port of the loopback.
 */
#ifndef BENCH_TOWN_H
#define BENCH_TOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Terminals are bench1 … benchN. */
#define TOWN_TERMINAL "bench"

struct town {
	const char *bin, *source; /* folders of the programs and of the tree */
	size_t terminals;
	bool acknowledge; /* the plan's fault alarm wants every terminal's acknowledgement */
	char dir[256];
	pid_t server;
	int server_out;
	uint16_t port;
};

/* False with a line on stderr. */
bool town_make(struct town *, size_t terminals);
bool town_start(struct town *, int core);
/* True when the server ended well. */
bool town_stop(struct town *);
void town_remove(struct town *);
/* DIR/name, malloc'ed. */
char *town_path(const struct town *, const char *name);

#endif
