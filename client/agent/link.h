/*
 * link: one TLS connection to the server in the event loop, from dialling to its end, cut into frames.
 *
 * After link_free no callback comes. on_lost comes at most once; the owner then frees the link (also from inside).
 */
#ifndef AGENT_LINK_H
#define AGENT_LINK_H

#include <event2/bufferevent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/agent.h"
#include "renraku.pb-c.h"

struct link;

struct link_events {
	void (*on_up)(void *arg);                             /* the handshake is done and the peer is a Renraku server */
	void (*on_frame)(void *arg, const uint8_t *, size_t); /* payload; borrowed */
	void (*on_lost)(void *arg, const char *why);
};

/* timeout_ms covers name, connection and handshake. Never NULL: what fails at once is told through on_lost in a later turn. */
struct link *link_dial(struct agent *, int timeout_ms, const struct link_events *, void *arg);
void link_free(struct link *);
/* False when too large, or so much waits unsent that the peer cannot be reading. */
bool link_send(struct link *, const Renraku__ClientFrame *);
/* Takes the connection out of the link, which is freed; for relays, after on_up. */
struct bufferevent *link_take(struct link *);

#endif
