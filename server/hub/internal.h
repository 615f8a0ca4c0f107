/*
 * What the files of the hub share among themselves.
 *
 * A session lives so: SHAKING (TLS handshake) -> OPEN -> CLOSING (what is queued is written, then close_notify and the end of
 * sending) -> LINGERING (what still comes is thrown away, so that the last frame is not lost to a reset) -> DEAD. Any state may go straight
 * to DEAD; a peer that is turned away goes from SHAKING to LINGERING. A dead session has no socket and no events any more; its memory is
 * freed by the hub's `later` event, that is at the top of the loop, as is everything that the owner asked for from within a callback.
 */
#ifndef HUB_INTERNAL_H
#define HUB_INTERNAL_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <event2/listener.h>

#include "base/buf.h"
#include "hub/hub.h"

#define HUB_RECORD_MAX 16384 /* payload of one TLS record */
#define HUB_CLOSE_MS 2000
#define HUB_FRAME_MS 30000 /* a frame that was begun must be whole by then */

enum hub_state { HUB_SHAKING, HUB_OPEN, HUB_CLOSING, HUB_LINGERING, HUB_DEAD };

struct hub_frame {
	size_t refs, len;
	uint8_t bytes[];
};

/* Frames waiting, oldest first; `sent` bytes of the first have left. The array exists only while something waits. */
struct hub_outbox {
	struct hub_frame **frames;
	size_t first, count, cap;
	size_t sent, bytes;
};

void hub_outbox_put(struct hub_outbox *, struct hub_frame *);
/* The next bytes to write, at most HUB_RECORD_MAX: *data is within a frame, or gathered into scratch. Repeating the call
   without hub_outbox_drop gives at least the same bytes, which is what a repeated SSL_write needs. */
size_t hub_outbox_peek(const struct hub_outbox *, uint8_t scratch[HUB_RECORD_MAX], const uint8_t **data);
void hub_outbox_drop(struct hub_outbox *, size_t);
void hub_outbox_free(struct hub_outbox *);

struct hub_peers;
/* False when this certificate has `max` sessions already; counts it otherwise. */
bool hub_peers_enter(struct hub_peers **, const unsigned char fingerprint[32], size_t max);
void hub_peers_leave(struct hub_peers **, const unsigned char fingerprint[32]);

struct hub_session {
	struct hub *hub;
	struct hub_session *prev, *next;             /* in hub->shaking or hub->sessions, or hub->dead */
	struct hub_session *prev_dirty, *next_dirty; /* in hub->dirty */
	SSL *ssl;
	int fd;
	enum hub_state state;
	enum hub_bye bye;
	bool dirty;     /* something is to be done at the top of the loop */
	bool doomed;    /* to be dropped there, for `bye` */
	bool announced; /* on_open said true; on_close is owed */
	bool admitted;  /* in hub->sessions, else in hub->shaking */
	bool counted;   /* in hub->peers */
	bool hello_done;
	bool read_wants_write;
	struct event readable, writable, timer;
	int64_t due; /* when the timer was meant to fire */
	int64_t born, heard, beat_at, frame_since;
	struct buf partial; /* the beginning of a frame */
	struct hub_outbox outbox;
	struct tls_peer peer;
	char *subject;
	void *data;
};

struct hub {
	struct event_base *base;
	struct hub_config config;
	struct hub_events on;
	void *arg;
	uint16_t port;
	struct evconnlistener *listener;
	struct event *listen_again; /* after a pause in accepting */
	struct event *later;
	struct hub_session *shaking, *sessions, *dirty, *dead;
	size_t n_shaking, n_sessions, n_announced;
	struct hub_peers *peers;
	int64_t complained_at; /* refused handshakes are told a few times a second, not as often as a stranger likes */
	int complaints;
	uint8_t in[HUB_RECORD_MAX], out[HUB_RECORD_MAX];
};

void hub_session_accept(struct hub *, int fd, const struct sockaddr *);
/* The one way out: tells the owner if owed, closes the socket, leaves the memory to the top of the loop. */
void hub_session_drop(struct hub_session *, enum hub_bye);
/* The same at the top of the loop: for use where the owner may be amid a walk over its sessions. */
void hub_session_doom(struct hub_session *, enum hub_bye);
void hub_session_later(struct hub_session *);
/* Open, and not about to be dropped. */
bool hub_session_listens(const struct hub_session *);
/* What OpenSSL found wrong with the peer: the certificate's fault where there is one. */
const char *hub_session_fault(const struct hub_session *);
/* What was put off: writes, goodbyes. */
void hub_session_perform(struct hub_session *);
/* Is the certificate still one of ours? Drops the session if not. */
void hub_session_recheck(struct hub_session *);
/* Last attempt to write what is queued before the hub goes. */
void hub_session_flush_once(struct hub_session *);

/* Reads a few records and hands out whole frames. May drop the session. */
void hub_io_read(struct hub_session *);
/* Reads and throws away. */
void hub_io_discard(struct hub_session *);
/* Writes what is queued as far as the socket takes it. May drop the session. */
void hub_io_write(struct hub_session *);

#endif
