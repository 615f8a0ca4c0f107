/*
 * crowd: N terminals, each with its own certificate and its own TLS session to one server, in one thread. Two crowds (renrakud's and the
 * yardstick's) share one epoll set. What frames mean is the owner's business (struct crowd_events).
 */
#ifndef BENCH_CROWD_H
#define BENCH_CROWD_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crowd;

/* One terminal. Certificate and key belong to the identities, which both crowds share. */
struct agent {
	struct crowd *crowd;
	size_t id; /* counted from 0 */
	int fd;
	SSL *ssl;
	SSL_SESSION *session; /* to be resumed next time */
	enum { AGENT_AWAY, AGENT_SHAKING, AGENT_OPEN, AGENT_UP } state;
	bool resumed;
	uint8_t *in, *out; /* a frame cut short, bytes not yet taken */
	size_t in_len, out_len;
};

struct crowd_events {
	void (*on_open)(void *arg, struct agent *); /* after the handshake */
	/* One frame's payload. The owner calls crowd_up() at the one that says welcome. */
	void (*on_frame)(void *arg, struct agent *, const uint8_t *, size_t);
};

struct identities;
/* Reads DIR/terminal-PREFIX1.pem, .key … NULL with a line on stderr. */
struct identities *identities_read(const char *dir, const char *prefix, size_t n);
void identities_free(struct identities *);

/* epoll: an epoll descriptor, borrowed. NULL with a line on stderr. */
struct crowd *crowd_new(
	int epoll, const char *name, struct identities *, const char *ca, uint16_t port, const struct crowd_events *, void *arg);
void crowd_free(struct crowd *);
size_t crowd_size(const struct crowd *);
struct agent *crowd_agent(struct crowd *, size_t id);
/* One turn of the epoll set; false with a line on stderr when a session of any crowd was lost. */
bool crowd_turn(int epoll, int timeout_ms);
/* Connects agents [from, to) and waits until all are up. */
bool crowd_connect(struct crowd *, size_t from, size_t to);
void crowd_up(struct agent *);
size_t crowd_resumed(const struct crowd *);
/* Says goodbye to the server and closes; sessions stay resumable. */
void crowd_close(struct crowd *);
/* Header and payload. */
void crowd_send(struct agent *, const uint8_t *, size_t);

#endif
