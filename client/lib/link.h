/*
 * link: one TLS connection to the server in the event loop, from dialling to its end, cut into frames. For resident programs (the agent,
 * the console); the command line's blocking one is lib/conn.h.
 *
 * After link_free no callback comes. on_lost comes at most once; the owner then frees the link (also from inside).
 */
#ifndef LIB_LINK_H
#define LIB_LINK_H

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/settings.h"
#include "renraku.pb-c.h"

/* How a program reaches its server: certificates, names, and the newest TLS session, so that coming back costs the server a fraction of a
   full handshake. Outlives its links. */
struct link_way;

/* Both borrowed. NULL with *error malloc'ed (which file, and what to do). */
struct link_way *link_way_new(struct event_base *, const struct settings *, char **error);
/* Reads the certificates again; connections that stand keep theirs. On error the old ones stay in use, with *error malloc'ed. */
bool link_way_reload(struct link_way *, char **error);
void link_way_free(struct link_way *);

struct link;

struct link_events {
	void (*on_up)(void *arg);                             /* the handshake is done and the peer is a Renraku server */
	void (*on_frame)(void *arg, const uint8_t *, size_t); /* payload; borrowed */
	void (*on_lost)(void *arg, const char *why);
};

/* timeout_ms covers name, connection and handshake. Never NULL: what fails at once is told through on_lost in a later turn. */
struct link *link_dial(struct link_way *, int timeout_ms, const struct link_events *, void *arg);
void link_free(struct link *);
/* False when too large, or so much waits unsent that the peer cannot be reading. */
bool link_send(struct link *, const Renraku__ClientFrame *);
/* Takes the connection out of the link, which is freed; for relays, after on_up. */
struct bufferevent *link_take(struct link *);

#endif
