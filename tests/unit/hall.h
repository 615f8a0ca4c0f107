/*
 * hall: a town hall for tests of the shell: the shell over the memory store, with peers that keep the frames they were sent.
 * No socket, no clock, no thread: time is a number, passwords are 'hashed' as "h:" and the password.
 * Every function fails the test when something it takes for granted is not so.
 */
#ifndef TESTS_UNIT_HALL_H
#define TESTS_UNIT_HALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/shell.h"
#include "engine/state.h"
#include "renraku.pb-c.h"

/* Monday 2026-11-23 10:00 in Japan. */
#define HALL_START INT64_C(1795395600000)
#define HALL_VISITORS 64
#define HALL_FRAMES 512

struct visitor {
	struct hall *hall;
	struct shell_peer *peer;
	struct arena *arena; /* of what it was sent */
	Renraku__ServerFrame *got[HALL_FRAMES];
	size_t n;
	uint64_t ref;
	size_t backlog; /* what it pretends to have waiting */
	bool hello_done;
	char closed[32]; /* why, empty while open */
};

struct hall {
	struct store *store;
	struct shell *shell;
	struct shell_config config;
	int64_t now;
	struct visitor visitors[HALL_VISITORS];
	size_t n_visitors;
	char fatal[64];
	struct {
		uint64_t ticket;
		char *password, *stored;
	} hashes[8];
	size_t n_hashes;
	uint64_t random;
	unsigned commands;
};

void hall_open(struct hall *);       /* with the town's plan and its demonstration site */
void hall_open_empty(struct hall *); /* no plan, no site */
void hall_close(struct hall *);
/* The server is started again: all visitors are gone, the log stays. */
void hall_restart(struct hall *);
/* The same, but the store cannot be written. */
void hall_restart_without_disk(struct hall *);
void hall_turn(struct hall *);                /* turns and store until nothing more comes of it; password hashing too */
void hall_advance(struct hall *, int64_t ms); /* with every tick that falls into the time */

struct visitor *hall_visitor(struct hall *, enum tls_who, const char *id, bool expired);
/* A visitor that has said hello; `devices` want notices. */
struct visitor *hall_enter(struct hall *, enum tls_who, const char *id, bool device);
void visitor_leave(struct visitor *);
/* Sends; fills in ref. Returns it. */
uint64_t visitor_send(struct visitor *, Renraku__ClientFrame *);
uint64_t visitor_hello(struct visitor *, uint32_t version, bool device, uint64_t seen);
uint64_t visitor_sign_in(struct visitor *, const char *person, const char *password);
uint64_t visitor_resume(struct visitor *, const char *token);
/* id NULL: a fresh one. */
uint64_t visitor_command(struct visitor *, const char *id, Renraku__Command *);
uint64_t visitor_alarm(struct visitor *, const char *id, const char *text);
uint64_t visitor_subscribe(struct visitor *, Renraku__View, uint32_t incident, bool once);
/* The newest frame of that kind, NULL when there is none. */
const Renraku__ServerFrame *visitor_last(const struct visitor *, Renraku__ServerFrame__BodyCase);
/* The newest answer to that ref, NULL when there is none. */
const Renraku__ServerFrame *visitor_answer(const struct visitor *, uint64_t ref);
size_t visitor_count(const struct visitor *, Renraku__ServerFrame__BodyCase);
void visitor_forget(struct visitor *);                             /* what it was sent */
const char *visitor_refusal(const struct visitor *, uint64_t ref); /* its code, "" when it is none */
uint64_t hall_records(struct hall *);                              /* durable ones */
size_t hall_count(struct hall *, enum record_kind);
/* Signed in with a password on record. */
void hall_password(struct hall *, const char *person, const char *password);

#endif
