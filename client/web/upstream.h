/*
 * upstream: one session with renrakud for one browser, over lib/link: hello, the tokens resumed, heartbeats answered, dialled again when
 * it is lost. What is asked is answered exactly once, or the answer is that there will be none.
 *
 * One thread. An upstream may be freed from inside its callbacks. Tokens are never logged.
 */
#ifndef WEB_UPSTREAM_H
#define WEB_UPSTREAM_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/link.h"
#include "renraku.pb-c.h"

#define UPSTREAM_MAX_ASKS 32u

struct upstream;
struct upstream_ask;

enum upstream_token { UPSTREAM_PERSON, UPSTREAM_TERMINAL };
enum upstream_outcome {
	UPSTREAM_ANSWERED,
	UPSTREAM_LOST, /* the connection ended after it was sent */
	UPSTREAM_LATE, /* no answer in time */
};

struct upstream_place { /* shared by all; outlives them */
	struct event_base *base;
	struct link_way *way;
	const struct settings *settings; /* timings */
};

struct upstream_events {
	/* Ready: connected and every token answered. Lost: why it cannot be reached, in both languages. */
	void (*on_ready)(void *arg);
	void (*on_lost)(void *arg, const char *ja, const char *en);
	/* Who we are now; at the hello, after each token, and whenever it changes. */
	void (*on_welcome)(void *arg, const Renraku__Welcome *);
	/* Resuming was refused for good: the token is forgotten here. */
	void (*on_token_lost)(void *arg, enum upstream_token);
	/* The server ended the session; on_lost follows. */
	void (*on_bye)(void *arg, const Renraku__Bye *);
	/* An encoded ViewUpdate, whether asked for or not. */
	void (*on_view)(void *arg, const uint8_t *, size_t);
	/* Notices, probes and what else comes by itself. */
	void (*on_frame)(void *arg, const Renraku__ServerFrame *);
};

/* Dials at once. address: of the browser. person and terminal: tokens, NULL for none; copied. device: it shows notices to people. */
struct upstream *upstream_new(const struct upstream_place *, const char *address, bool device, const char *person, const char *terminal,
	const struct upstream_events *, void *arg);
void upstream_free(struct upstream *); /* asks end without a call */
bool upstream_ready(const struct upstream *);
/* Not ready yet, and nothing has failed since it was begun or last ready: worth waiting for. */
bool upstream_hopeful(const struct upstream *);
/* For the next time it is dialled. NULL: none. */
void upstream_set_token(struct upstream *, enum upstream_token, const char *);
/* Ends the connection and dials again at once. */
void upstream_restart(struct upstream *);
/* What came makes no sense: the same, but later each time, as when the connection is lost. */
void upstream_fault(struct upstream *, const char *why);

/* Called with each answer; returns true when another is awaited under the same ref. The frame is NULL unless ANSWERED; of an answer that is
   a view it has no more than the ref and the kind. LOST and LATE end the ask before the call. */
typedef bool upstream_answer(void *arg, enum upstream_outcome, const Renraku__ServerFrame *);
/* Gives the frame its ref and sends it. NULL, and no call: not ready, too many asked (upstream_full), or too large. */
struct upstream_ask *upstream_ask(struct upstream *, Renraku__ClientFrame *, int timeout_ms, upstream_answer *, void *arg);
void upstream_cancel(struct upstream_ask *);
bool upstream_full(const struct upstream *);
/* Without an answer. False: not ready, or too large. */
bool upstream_tell(struct upstream *, Renraku__ClientFrame *);

#endif
