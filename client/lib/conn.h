/*
 * conn: one blocking connection of the command line to the server, over the agent's Unix socket or straight over TLS. Both carry
 * the same frames; the caller cannot tell them apart.
 *
 * All deadlines are clock_boot_ms() values. Pings of the server are answered inside conn_next. One thread.
 *
 * A problem says in both languages what happened, where, and what to do; conn never prints.
 */
#ifndef LIB_CONN_H
#define LIB_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/settings.h"
#include "renraku.pb-c.h"

enum conn_error {
	CONN_OK = 0,
	CONN_TIMEOUT = -1,     /* the deadline passed; the connection still stands */
	CONN_UNREACHABLE = -2, /* no agent, or no server behind it */
	CONN_CLOSED = -3,      /* it vanished while in use */
	CONN_BYE = -4,         /* the server (or agent) said why it ends: problem->code */
	CONN_MALFORMED = -5,   /* the peer speaks nonsense */
	CONN_CONFIG = -6,      /* certificate, key or other file of ours cannot be used */
	CONN_REFUSED = -7,     /* a Refusal answered the request: problem->code */
};
const char *conn_error_name(enum conn_error);

struct conn_problem {
	enum conn_error error;
	char code[48]; /* reason code of the server ("SIGN_IN_AGAIN"), or "" */
	char ja[1024], en[1024];
	uint32_t retry_after_ms;
};
const char *conn_problem_text(const struct conn_problem *); /* in the process's language */
/* Fills it from a Refusal; returns CONN_REFUSED. */
enum conn_error conn_problem_refusal(struct conn_problem *, const Renraku__Refusal *);

struct conn_options {
	const char *program; /* for the hello: "renraku 0.1" */
	bool wants_notices;  /* this session is a device */
	uint64_t seen;
	bool no_resume;                    /* do not present the stored token */
	const char *(*passphrase)(void *); /* for a person's key; NULL: an encrypted key is an error */
	void *passphrase_arg;
};

struct conn;

/* Connects, says hello, resumes the stored token if there is one (a token that the server no longer accepts is forgotten, and
   conn_token_lapsed() says so). Notices that come meanwhile are the first of conn_next. NULL with *problem on error. */
struct conn *conn_open(const struct settings *, const struct conn_options *, int64_t deadline, struct conn_problem *);
void conn_close(struct conn *); /* NULL is fine */
/* The newest Welcome (after hello, sign-in or resume); borrowed until the next one. */
const Renraku__Welcome *conn_welcome(const struct conn *);
bool conn_token_lapsed(const struct conn *);
bool conn_by_agent(const struct conn *);

/* Gives the frame a ref of its own (returned in frame->ref), packs and sends it whole. */
enum conn_error conn_send(struct conn *, Renraku__ClientFrame *, int64_t deadline, struct conn_problem *);
/* The next frame that is not a ping or pong. It lives until the next conn_next / conn_wait / conn_command / conn_close. A Bye
   is returned as CONN_BYE. */
enum conn_error conn_next(struct conn *, int64_t deadline, const Renraku__ServerFrame **, struct conn_problem *);
/* The answer to `ref`; other frames go to on_other (may be NULL: dropped). A Refusal is CONN_REFUSED with its code. */
enum conn_error conn_wait(struct conn *, uint64_t ref, int64_t deadline, const Renraku__ServerFrame **,
	void (*on_other)(void *arg, const Renraku__ServerFrame *), void *arg, struct conn_problem *);
/* Sends the command and waits for its Result. */
enum conn_error conn_command(struct conn *, const Renraku__Command *, int64_t deadline, const Renraku__Result **, struct conn_problem *);

/* Returns when the peer has read everything sent before: for what wants no answer, such as receipts. */
enum conn_error conn_flush(struct conn *, int64_t deadline, struct conn_problem *);

/* Signs in and keeps the token in settings->token (mode 0600). */
enum conn_error conn_sign_in(struct conn *, const char *person, const char *password, int64_t deadline, struct conn_problem *);
/* Signs out and forgets the token, also when the server cannot be told. */
enum conn_error conn_sign_out(struct conn *, bool everywhere, int64_t deadline, struct conn_problem *);

/* clock_boot_ms() when the peer was last heard, pings included: a device that waits for long tells a dead link by it. */
int64_t conn_heard(const struct conn *);
/* More is here already: bytes or a frame that conn_next gives without waiting. */
bool conn_pending(const struct conn *);

#endif
