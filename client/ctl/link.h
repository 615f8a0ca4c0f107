/*
 * link: a command's dealings with the server: one connection, opened when first needed.
 *
 * A command of a person goes out under one id however often it must be sent. When the connection is lost after sending, it is
 * sent once more with the same id within the deadline; the server answers an id once (invariant 4).
 */
#ifndef CTL_LINK_H
#define CTL_LINK_H

#include "ctl/ctl.h"
#include "lib/rows.h"

/* False with ctl->problem. */
bool link_open(struct ctl *, int64_t deadline);
void link_close(struct ctl *);

/* A fresh command in ctl->arena with its id (or --id), the time of the act and --for …; NULL after having said what is wrong. */
Renraku__Command *link_command(struct ctl *);

/* How far a command came. `result` is NULL when there was no answer; else it is owned by the caller (renraku__result__free_unpacked). */
struct link_answer {
	enum conn_error error; /* CONN_OK: result is set */
	Renraku__Result *result;
	bool sent; /* it left this machine: it may be on record */
};
void link_send(struct ctl *, const Renraku__Command *, int64_t deadline, struct link_answer *);

/* link_send within the usual time, says the outcome, returns the exit code. On CTL_OK *incident (may be NULL) is the one concerned. */
int link_run(struct ctl *, const Renraku__Command *, uint32_t *incident);

/* `--id` of a command that was sent before and not confirmed: repeats that very command without looking anything up again, since what
   it asked for may be done by now. False when there is none. */
bool link_again(struct ctl *, Renraku__Command__ActCase, int *code);

/* A whole view; NULL after having said why, with *code the exit code. */
struct rows *link_fetch(struct ctl *, Renraku__View, uint32_t incident, int *code);
/* The same without a word. */
struct rows *link_peek(struct ctl *, Renraku__View, uint32_t incident);

/* The exit code of a problem for a reading command. */
int link_exit(enum conn_error);
/* Says ctl->problem and returns link_exit. */
int link_failed(struct ctl *);
/* Who acts: the name of the person signed in, or "" when it is the terminal. */
const char *link_person(struct ctl *);
const char *link_person_id(struct ctl *);
/* A person's certificate has expired: the server has said so in its welcome, and no signing in mends it. */
bool link_expired(struct ctl *);
/* The server's clock, as far as it is known: how long something has lasted must not depend on this machine's clock. */
int64_t link_now(const struct ctl *);
void link_clock(struct ctl *);             /* after conn_open */
int64_t link_deadline(const struct ctl *); /* from now */

#endif
