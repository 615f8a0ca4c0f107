/*
 * upstream_parts: what upstream.c and upstream_asks.c (what was asked and is not answered yet) share.
 */
#ifndef WEB_UPSTREAM_PARTS_H
#define WEB_UPSTREAM_PARTS_H

#include "web/upstream.h"

enum upstream_state { UPSTREAM_DOWN, UPSTREAM_DIALLING, UPSTREAM_GREETING, UPSTREAM_READY };

struct upstream {
	const struct upstream_place *place;
	const struct upstream_events *events;
	void *arg;
	struct link *link;
	struct event *retry, *silence;
	enum upstream_state state;
	char *address, *tokens[2];
	bool device, hopeful;
	uint64_t ref, seen, greeting[3]; /* greeting: refs of the hello and of the resumed tokens that are still to be answered */
	struct upstream_ask *asks;
	size_t n_asks;
	int backoff_ms, heartbeat_ms;
	int64_t up_at;
	bool *freed; /* set when a callback of ours is on the stack */
};

/* Around a callback, which may free the upstream. */
struct upstream_guard {
	bool freed, *outer;
};
void upstream_enter(struct upstream *, struct upstream_guard *);
/* True: the upstream is still there. */
bool upstream_leave(struct upstream *, struct upstream_guard *);

void upstream_arm(struct event *timer, int64_t ms);
/* False: it is not connected, or the frame is too large. */
bool upstream_send(struct upstream *, Renraku__ClientFrame *);
/* The answer to what was asked under its ref, if anything was. True: the upstream is still there. */
bool upstream_answered(struct upstream *, const Renraku__ServerFrame *);
/* No answer will come to any. True: the upstream is still there. */
bool upstream_lose_asks(struct upstream *);
void upstream_drop_asks(struct upstream *); /* without a call */

#endif
