/*
 * browser: one browser with what it is signed in as: its session with renrakud (upstream), the views it watches, the streams of its tabs,
 * the newest events, and the requests that wait for an answer. Found by its cookies' values, which are kept hashed as the key and in clear
 * only to be resumed; never logged.
 *
 * A browser without a stream or a request for BROWSER_LINGER_MS is let go: a reload is no absence, a closed page is one.
 * One thread. A browser that has ended is freed at the top of the loop.
 */
#ifndef WEB_BROWSER_H
#define WEB_BROWSER_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "renraku.pb-c.h"
#include "web/http.h"
#include "web/stream.h"
#include "web/upstream.h"

#define BROWSER_MAX 1000u
#define BROWSER_MAX_UNKNOWN 500u /* of those whose cookies nobody has confirmed yet */
#define BROWSER_MAX_STREAMS 6u
#define BROWSER_MAX_VIEWS 16u
#define BROWSER_MAX_CALLS 64u
#define BROWSER_LINGER_MS 60000

struct browsers;
struct browser;

/* lines: of the configuration, whom to call when nothing else is known; NULL-terminated, borrowed. */
struct browsers *browsers_new(const struct upstream_place *, char *const *lines);
void browsers_stop(struct browsers *); /* ends every session with renrakud */
void browsers_free(struct browsers *); /* after the last stream has ended */
struct streams *browsers_streams(struct browsers *);

/* The browser of these cookies (NULL: absent), made when there is none. Both absent: a new one for signing in. NULL: there are too many. */
struct browser *browser_get(struct browsers *, const char *person, const char *terminal, const char *address);
struct upstream *browser_upstream(struct browser *);
/* What its cookies should be now; NULL: none. */
const char *browser_token(const struct browser *, enum upstream_token);
/* A new token, or NULL: the browser goes by it from now on. */
void browser_set_token(struct browser *, enum upstream_token, const char *);
/* The browser goes by that token no more. done: renrakud says the same; else the session begins anew without. */
void browser_give_up(struct browser *, enum upstream_token, bool done);
/* The object that /api/session answers with. */
void browser_session(struct browser *, struct buf *out);
/* The same for nobody. up: can renrakud be reached. */
void browsers_session_of_nobody(struct browsers *, bool up, struct buf *out);
const char *browser_person(const struct browser *); /* "" when nobody is signed in */
const char *browser_terminal(const struct browser *);
/* Over: streams get a `bye`, calls fail, its session ends. */
void browser_end(struct browser *, const char *code, const char *ja, const char *en);
/* Ends one that stands for nobody and has nothing more to do: whose sign-in failed, or who signed out. */
void browser_settle(struct browser *);

/* ---- requests that wait ---- */
enum browser_failure {
	BROWSER_NO_SERVER, /* renrakud cannot be reached, nothing was sent */
	BROWSER_NO_ANSWER, /* it was sent, and whether it was done is not known */
	BROWSER_NOBODY,    /* nobody is signed in: what the cookies say holds no longer */
};
struct browser_call {
	struct browser_call *prev, *next;
	struct browser *browser;
	struct event *timer;
	bool performed;
	/* Exactly one of them, perhaps from inside browser_call; failed also after perform when the browser ends. The call is the browser's
	   no more after `failed` or browser_hang_up, and what it asked of the upstream has ended with `failed`. */
	void (*perform)(struct browser_call *);
	void (*failed)(struct browser_call *, enum browser_failure);
};
/* Performs it when the session is ready. False: too many wait. */
bool browser_call(struct browser *, struct browser_call *);
void browser_hang_up(struct browser_call *);

/* ---- views and streams ---- */
struct rowset *browser_view(struct browser *, Renraku__View, uint32_t incident); /* NULL: not watched */
/* Adds one, to be subscribed to. False: it watches BROWSER_MAX_VIEWS. */
bool browser_add_view(struct browser *, Renraku__View, uint32_t incident);
void browser_drop_view(struct browser *, Renraku__View, uint32_t incident);
/* Subscribes to a view that was added, as soon as can be. */
void browser_subscribe(struct browser *, Renraku__View, uint32_t incident);
/* Answers with a stream. last: the id of the last event the browser has, or NULL. */
void browser_stream(struct browser *, struct http_request *, const char *last);

#endif
