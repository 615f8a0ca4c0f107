/*
 * rounds: what the terminals of the bench do. town_crowd speaks renrakud's protocol as the agent does: hello, pongs, and for each broadcast
 * the receipts 'delivered' and 'displayed'. yard_crowd does the same toward the yardstick (bare.h).
 */
#ifndef BENCH_ROUNDS_H
#define BENCH_ROUNDS_H

#include "bench/bare.h"
#include "bench/crowd.h"
#include "bench/figures.h"
#include "bench/proof.h"

/* One alarm, as the terminals see it; times are figures_now(). */
struct round {
	int64_t sent, accepted, delivered, durable; /* delivered: to the last of them */
	int64_t cpu;                                /* the server's, from sent to durable */
	uint64_t records;
	int64_t *at; /* when each terminal had it */
	size_t n;
};

struct side {
	const char *name;
	struct crowd *crowd;
	pid_t server;
	struct round now;
	bool running, refused;
	unsigned answers;      /* frames with which each terminal answers: 1 (displayed) or 2 (delivered, displayed) */
	bool acknowledge;      /* renrakud: each terminal acknowledges too, in a command of its own */
	bool contacts;         /* renrakud: each terminal subscribes to the contact network, and is up when it has it */
	uint64_t notice;       /* renrakud: the broadcast's */
	uint8_t frames[2][64]; /* renrakud: the answers to it, encoded once */
	size_t frame_len[2];
	struct proof *proof; /* renrakud */
	struct bare *bare;   /* the yardstick */
};

extern const struct crowd_events rounds_town_events, rounds_yard_events; /* arg: a struct side */

/* Terminal `who` raises an alarm; returns when every terminal has it and every receipt is durable. The other
   side shares the epoll set and goes on answering heartbeats. False with a line on stderr. */
bool rounds_alarm(struct side *, int epoll, size_t who, unsigned number);
/* Waits until the log says that so many terminals are present. */
bool rounds_await_presence(struct side *, int epoll, size_t n);

#endif
