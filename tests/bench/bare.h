/*
 * bare: the yardstick beside renrakud. A process of its own on the server's core, with the same certificates and TLS settings, that does
 * only what nobody can leave out: takes an alarm, syncs it to a file, sends 300 bytes to each session, and syncs the answers, as many at
 * once as have come. No identity, no rules, no record format, no restart.
 */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define BARE_NOTICE 300 /* bytes to each */
#define BARE_ANSWER 40
enum bare_kind { BARE_WELCOME = 'w', BARE_ALARM = 'a', BARE_TELL = 't', BARE_RECEIPT = 'r' }; /* the payload's first byte */

/* In memory that both processes see. */
struct bare_shared {
	_Atomic uint16_t port;
	_Atomic uint64_t answers;   /* durable, since the start */
	_Atomic int64_t durable_at; /* figures_now() when they were */
	_Atomic uint64_t commits;
};

struct bare {
	pid_t pid;
	struct bare_shared *shared;
};

/* Returns when it listens. `dir`: for its file; `ca`: folder of the certificates. */
bool bare_start(struct bare *, int core, const char *dir, const char *ca);
void bare_stop(struct bare *);

#endif
