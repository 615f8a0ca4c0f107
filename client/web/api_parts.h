/*
 * api_parts: what the files of api.h share: api.c (which request is whose, and what they have in common), api_sign.c (who one is),
 * api_act.c (what one does and watches), api_log.c (the record).
 *
 * A call is one request on its way; it is freed when it has been answered or the browser has left.
 */
#ifndef WEB_API_PARTS_H
#define WEB_API_PARTS_H

#include "base/buf.h"
#include "base/mem.h"
#include "renraku.pb-c.h"
#include "web/api.h"
#include "web/browser.h"

#define API_PERSON_COOKIE "__Host-renraku"
#define API_TERMINAL_COOKIE "__Host-renraku-terminal"
#define API_ANSWER_MS 10000
#define API_SIGN_IN_MS 50000 /* after wrong passwords renrakud lets the next one wait */

struct api_call;

struct api_route {
	enum http_method method;
	const char *path;
	const ProtobufCMessageDescriptor *body; /* of a POST */
	/* The session with renrakud is ready: ask, or answer. */
	void (*perform)(struct api_call *);
	/* The answer to what was asked: true when another is awaited under the same ref. NULL: it asks nothing. */
	bool (*answered)(struct api_call *, const Renraku__ServerFrame *);
	/* Instead of the common answer to having failed; NULL: the common one. */
	void (*failed)(struct api_call *, enum browser_failure);
	int answer_ms;       /* 0: API_ANSWER_MS */
	bool takes_refusals; /* `answered` gets them too; else they are passed on */
};

struct api_call {
	struct browser_call base; /* first: a browser's call is one of these */
	struct api *api;
	const struct api_route *route;
	struct http_request *http;
	struct browser *browser;
	struct upstream_ask *ask;
	struct arena *arena;
	ProtobufCMessage *body;
	bool had[2];   /* enum upstream_token: it came with that cookie */
	int stage;     /* of an act in several */
	bool signs_in; /* what comes of it must not stand when the browser has left meanwhile */
	int64_t age_s;
};

struct api {
	struct event_base *base;
	const struct web_config *config;
	struct upstream_place place;
	struct upstream *own; /* of the program itself: tells whether renrakud can be reached */
	struct browsers *browsers;
	struct prints *prints;
};

/* Can renrakud be reached? What has not failed yet is believed to. */
bool api_reachable(const struct api *);

/* Each of these answers and frees the call. */
void api_reply(struct api_call *, const struct buf *json);
void api_reply_message(struct api_call *, const ProtobufCMessage *);
void api_reply_empty(struct api_call *, int status); /* 204: nothing; 200: {} */
void api_reply_session(struct api_call *);
void api_refuse(struct api_call *, int status, const char *code, const char *ja, const char *en, uint32_t retry_after_ms);
void api_refuse_as(struct api_call *, const Renraku__Refusal *); /* as renrakud did */
/* Frees the call; its request is another's now. */
void api_release(struct api_call *);
/* Sends the frame and awaits answers, or refuses: too many wait, too large. */
void api_ask(struct api_call *, Renraku__ClientFrame *);
/* Sends what has no answer: 204, or refused. */
void api_tell(struct api_call *, Renraku__ClientFrame *);
/* The cookies of the answer become what the browser goes by; max_age of a new one. */
void api_set_cookies(struct api_call *, int64_t person_age_s, int64_t terminal_age_s);

/* For how long the terminal's cookie is good now: each use moves that on, as it does at renrakud. 0: it stays as it is. */
int64_t api_terminal_age(const struct browser *);

/* None of those it came with holds. */
void api_forget_cookies(struct api_call *);
/* (Again) with c->browser. */
void api_begin(struct api_call *);

extern const struct api_route api_sign_routes[], api_act_routes[], api_log_routes[], api_print_routes[]; /* each ends with a NULL path */

#endif
