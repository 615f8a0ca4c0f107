/*
 * hub: who is connected and what is on its way. Bytes only: it knows frames and certificates, not what they say.
 *
 * Owner: the event loop's thread, in a program that ignores SIGPIPE (OpenSSL writes to sockets). A session is freed only after the current
 * turn of the loop, so a callback may close its own session. Each session has a bounded outbox; one that does not read leaves with a reason
 * (HUB_BYE_SLOW) rather than grow it. The hub sends heartbeats made by the owner (on_heartbeat) and drops a session whose peer was silent
 * for `silence_ms` (default 9,000; heartbeat every 3,000).
 */
#ifndef HUB_HUB_H
#define HUB_HUB_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/tls.h"

struct hub;
struct hub_session;

enum hub_bye {
	HUB_BYE_PEER,      /* the peer closed or vanished */
	HUB_BYE_SILENT,    /* no heartbeat answered */
	HUB_BYE_SLOW,      /* outbox over its limit */
	HUB_BYE_MALFORMED, /* a frame too long, empty or cut short */
	HUB_BYE_OWNER,     /* hub_session_close */
	HUB_BYE_LIMIT,     /* too many sessions, or of one peer */
	HUB_BYE_STOP,      /* hub_free */
	HUB_BYE_REVOKED,   /* hub_recheck */
};
const char *hub_bye_name(enum hub_bye);

struct hub_config {
	const char *address;            /* "127.0.0.1" */
	uint16_t port;                  /* 0: any; hub_port() tells */
	SSL_CTX *tls;                   /* borrowed */
	size_t max_sessions;            /* default 20,000 */
	size_t max_sessions_of_peer;    /* per certificate, default 64 */
	size_t max_sessions_of_gateway; /* …of a gateway's, default 2,000: one that is taken over must not shut the terminals out */
	size_t max_outbox;              /* bytes, default 1 MiB */
	int handshake_ms, heartbeat_ms, silence_ms; /* 0: defaults 10,000 / 3,000 / 9,000 */
};

struct hub_events {
	/* After the handshake; the peer's certificate is one of ours. Return false to refuse (say why with hub_session_send first).
	   hub_session_hello_done must follow within handshake_ms of the connection, or the session is dropped as silent. */
	bool (*on_open)(void *arg, struct hub_session *, const struct tls_peer *);
	/* One whole frame's payload; borrowed during the call. */
	void (*on_frame)(void *arg, struct hub_session *, const uint8_t *, size_t);
	/* Exactly once for each on_open that returned true; from the top of the loop, never from within hub_session_send or _close. */
	void (*on_close)(void *arg, struct hub_session *, enum hub_bye);
	/* Time to send a heartbeat; not before hub_session_hello_done. */
	void (*on_heartbeat)(void *arg, struct hub_session *);
	/* What came is no frame (why: too long, empty). Say so and hub_session_close; NULL, or not closed: dropped without a word. */
	void (*on_garbled)(void *arg, struct hub_session *, const char *why);
};

/* NULL with *error malloc'ed ("port 7443 on 127.0.0.1 is in use: …"). */
struct hub *hub_new(struct event_base *, const struct hub_config *, const struct hub_events *, void *arg, char **error);
/* Writes what the sockets still take, tells on_close(HUB_BYE_STOP) of each session. Not from within a callback of the hub. */
void hub_free(struct hub *);
uint16_t hub_port(const struct hub *);
size_t hub_sessions(const struct hub *); /* those between on_open and on_close */
/* Judges every session's certificate again, after tls_reload_crl: the revoked are dropped, hub_session_peer's `expired` is renewed. */
void hub_recheck(struct hub *);

/* A frame (header included) encoded once and counted; many sessions may send the same one without copying. */
struct hub_frame *hub_frame_new(const void *bytes, size_t len);
struct hub_frame *hub_frame_ref(struct hub_frame *);
void hub_frame_unref(struct hub_frame *);
size_t hub_frame_len(const struct hub_frame *);

void hub_session_send(struct hub_session *, struct hub_frame *); /* takes its own reference */
/* Flushes what is queued, then closes; no frames are read from it any more. */
void hub_session_close(struct hub_session *, enum hub_bye);
void hub_session_hello_done(struct hub_session *); /* raises the frame limit */
void hub_session_set_data(struct hub_session *, void *);
void *hub_session_data(const struct hub_session *);
const struct tls_peer *hub_session_peer(const struct hub_session *);
const char *hub_session_subject(const struct hub_session *); /* "terminal:t1 127.0.0.1:4711", for log lines */
size_t hub_session_outbox(const struct hub_session *);       /* bytes waiting */

#endif
