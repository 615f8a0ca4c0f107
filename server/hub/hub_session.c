/* The life of a session: handshake, heartbeats, silence, goodbye. */
#include <arpa/inet.h>
#include <assert.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "hub/internal.h"
#include "wire/frame.h"

#define COMPLAINTS_PER_SECOND 10
#define LATE_MS 1000

static void on_readable(evutil_socket_t, short, void *);
static void on_writable(evutil_socket_t, short, void *);
static void on_timer(evutil_socket_t, short, void *);

/* ---- states ---- */

bool hub_session_listens(const struct hub_session *s)
{
	return s->state == HUB_OPEN && !s->doomed;
}

static bool may_follow(enum hub_state from, enum hub_state to)
{
	if (to == HUB_DEAD)
		return from != HUB_DEAD;
	if (from == HUB_SHAKING && to == HUB_LINGERING)
		return true; /* turned away */
	return to == from + 1;
}

static void enter(struct hub_session *s, enum hub_state to)
{
	assert(may_follow(s->state, to));
	s->state = to;
}

static void arm(struct hub_session *s, int64_t at)
{
	int64_t now = clock_boot_ms();
	int64_t wait = at > now ? at - now : 0;
	struct timeval tv = {.tv_sec = (time_t)(wait / 1000), .tv_usec = (suseconds_t)(wait % 1000 * 1000)};
	s->due = now + wait;
	event_add(&s->timer, &tv);
}

/* ---- birth ---- */

static char *address_text(const struct sockaddr *a)
{
	char text[INET6_ADDRSTRLEN] = "?";
	if (a->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const void *)a;
		inet_ntop(AF_INET6, &in->sin6_addr, text, sizeof text);
		return xasprintf("[%s]:%u", text, (unsigned)ntohs(in->sin6_port));
	}
	const struct sockaddr_in *in = (const void *)a;
	inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
	return xasprintf("%s:%u", text, (unsigned)ntohs(in->sin_port));
}

void hub_session_accept(struct hub *h, int fd, const struct sockaddr *from)
{
	SSL *ssl = SSL_new(h->config.tls);
	if (!ssl || SSL_set_fd(ssl, fd) != 1) {
		SSL_free(ssl);
		close(fd);
		return;
	}
	SSL_set_accept_state(ssl);
	struct hub_session *s = xcalloc(1, sizeof *s);
	s->hub = h;
	s->ssl = ssl;
	s->fd = fd;
	s->subject = address_text(from);
	s->born = s->heard = clock_boot_ms();
	buf_init(&s->partial, FRAME_HEADER + FRAME_MAX + HUB_RECORD_MAX);
	event_assign(&s->readable, h->base, fd, EV_READ | EV_PERSIST, on_readable, s);
	event_assign(&s->writable, h->base, fd, EV_WRITE, on_writable, s);
	evtimer_assign(&s->timer, h->base, on_timer, s);
	event_add(&s->readable, NULL);
	arm(s, s->born + h->config.handshake_ms);
	DL_APPEND(h->shaking, s);
	h->n_shaking++;
}

/* ---- the one way out ---- */

static void leave_lists(struct hub_session *s)
{
	struct hub *h = s->hub;
	if (s->admitted) {
		DL_DELETE(h->sessions, s);
		h->n_sessions--;
	} else {
		DL_DELETE(h->shaking, s);
		h->n_shaking--;
	}
	if (s->counted)
		hub_peers_leave(&h->peers, s->peer.fingerprint);
	s->counted = false;
}

static void tell_owner(struct hub_session *s)
{
	struct hub *h = s->hub;
	if (!s->announced)
		return;
	s->announced = false;
	h->n_announced--;
	log_info(s->subject, "closed: %s", hub_bye_name(s->bye));
	h->on.on_close(h->arg, s, s->bye);
}

void hub_session_drop(struct hub_session *s, enum hub_bye bye)
{
	struct hub *h = s->hub;
	if (s->state == HUB_DEAD)
		return;
	if (s->state < HUB_CLOSING)
		s->bye = bye;
	leave_lists(s);
	enter(s, HUB_DEAD);
	event_del(&s->readable);
	event_del(&s->writable);
	event_del(&s->timer);
	/* Without this the session would leave the cache, and a peer whose line broke could not resume. */
	if (s->admitted)
		SSL_set_shutdown(s->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(s->ssl);
	s->ssl = NULL;
	close(s->fd);
	hub_outbox_free(&s->outbox);
	buf_free(&s->partial);
	DL_APPEND(h->dead, s);
	tell_owner(s);
	event_active(h->later, 0, 0);
}

void hub_session_later(struct hub_session *s)
{
	if (s->dirty)
		return;
	s->dirty = true;
	DL_APPEND2(s->hub->dirty, s, prev_dirty, next_dirty);
	event_active(s->hub->later, 0, 0);
}

void hub_session_doom(struct hub_session *s, enum hub_bye bye)
{
	if (s->doomed)
		return;
	s->doomed = true;
	s->bye = bye;
	hub_session_later(s);
}

/* ---- handshake ---- */

static void complain(struct hub_session *s, const char *why)
{
	struct hub *h = s->hub;
	int64_t now = clock_boot_ms();
	if (now - h->complained_at >= 1000) {
		h->complained_at = now;
		h->complaints = 0;
	}
	if (++h->complaints <= COMPLAINTS_PER_SECOND)
		log_warning(s->subject, "refused: %s", why);
}

const char *hub_session_fault(const struct hub_session *s)
{
	const char *why = tls_peer_refusal(s->ssl);
	unsigned long code = ERR_peek_last_error();
	if (!why)
		why = code ? ERR_reason_error_string(code) : NULL;
	return why ? why : "the peer went away during the handshake";
}

/* Without resumption the peer comes back with its certificate, and is told in an alert what is wrong with it. */
static void forget_resumption(struct hub_session *s)
{
	SSL_SESSION *session = SSL_get_session(s->ssl);
	if (session)
		SSL_CTX_remove_session(s->hub->config.tls, session);
}

static void linger(struct hub_session *s)
{
	enter(s, HUB_LINGERING);
	ERR_clear_error();
	if (SSL_is_init_finished(s->ssl))
		SSL_shutdown(s->ssl);
	shutdown(s->fd, SHUT_WR);
	event_add(&s->readable, NULL);
	arm(s, clock_boot_ms() + HUB_CLOSE_MS);
}

/* It keeps its place among the handshakes meanwhile, where the limits for strangers hold. */
static void turn_away(struct hub_session *s, const char *why, enum hub_bye bye)
{
	complain(s, why);
	s->bye = bye;
	linger(s);
}

static int64_t heartbeat_in(const struct hub *h, int from, int to)
{
	uint32_t r;
	evutil_secure_rng_get_bytes(&r, sizeof r);
	int64_t low = (int64_t)h->config.heartbeat_ms * from / 100, high = (int64_t)h->config.heartbeat_ms * to / 100;
	return low + (high > low ? (int64_t)(r % (uint64_t)(high - low + 1)) : 0);
}

static void arm_open(struct hub_session *s)
{
	const struct hub_config *c = &s->hub->config;
	int64_t at = s->heard + c->silence_ms;
	if (s->beat_at < at)
		at = s->beat_at;
	if (!s->hello_done && s->born + c->handshake_ms < at)
		at = s->born + c->handshake_ms;
	if (s->frame_since && s->frame_since + HUB_FRAME_MS < at)
		at = s->frame_since + HUB_FRAME_MS;
	arm(s, at);
}

static void name_subject(struct hub_session *s)
{
	char *subject = xasprintf("%s:%s %s", tls_who_name(s->peer.who), s->peer.id, s->subject);
	free(s->subject);
	s->subject = subject;
}

static void finish_handshake(struct hub_session *s)
{
	struct hub *h = s->hub;
	const char *why;
	if (!tls_peer_of(s->ssl, &s->peer, &why)) {
		forget_resumption(s);
		turn_away(s, why, HUB_BYE_PEER);
		return;
	}
	name_subject(s);
	size_t max = s->peer.who == TLS_GATEWAY ? h->config.max_sessions_of_gateway : h->config.max_sessions_of_peer;
	s->counted = hub_peers_enter(&h->peers, s->peer.fingerprint, max);
	if (!s->counted) {
		turn_away(s, "this certificate has too many sessions", HUB_BYE_LIMIT);
		return;
	}
	DL_DELETE(h->shaking, s);
	h->n_shaking--;
	DL_APPEND(h->sessions, s);
	h->n_sessions++;
	s->admitted = true;
	enter(s, HUB_OPEN);
	s->heard = clock_boot_ms();
	/* The first heartbeat at any time of the period, so that ten thousand that came together do not tick together. */
	s->beat_at = s->heard + heartbeat_in(h, 10, 100);
	arm_open(s);
	log_info(s->subject, "connected%s%s", SSL_session_reused(s->ssl) ? ", resumed" : "",
		s->peer.expired ? ", certificate out of its time" : "");
	if (h->on.on_open(h->arg, s, &s->peer)) {
		s->announced = true;
		h->n_announced++;
	} else if (s->state == HUB_OPEN && !s->doomed) {
		hub_session_close(s, HUB_BYE_OWNER);
	}
}

static void shake(struct hub_session *s)
{
	ERR_clear_error();
	int rc = SSL_do_handshake(s->ssl);
	if (rc == 1) {
		finish_handshake(s);
		return;
	}
	int why = SSL_get_error(s->ssl, rc);
	if (why == SSL_ERROR_WANT_WRITE)
		event_add(&s->writable, NULL);
	else if (why == SSL_ERROR_SSL) /* the alert that says so must not be lost to a reset */
		turn_away(s, hub_session_fault(s), HUB_BYE_PEER);
	else if (why != SSL_ERROR_WANT_READ) {
		complain(s, hub_session_fault(s));
		hub_session_drop(s, HUB_BYE_PEER);
	}
}

/* ---- events of the socket ---- */

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct hub_session *s = arg;
	(void)fd, (void)what;
	if (s->state == HUB_SHAKING)
		shake(s);
	if (hub_session_listens(s))
		hub_io_read(s);
	else if (s->state == HUB_LINGERING)
		hub_io_discard(s);
}

static void part(struct hub_session *s)
{
	if (s->counted)
		hub_peers_leave(&s->hub->peers, s->peer.fingerprint);
	s->counted = false;
	linger(s);
	tell_owner(s);
}

static void write_or_part(struct hub_session *s)
{
	hub_io_write(s);
	if (s->state == HUB_CLOSING && !s->outbox.count)
		part(s);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct hub_session *s = arg;
	(void)fd, (void)what;
	if (s->state == HUB_SHAKING) {
		shake(s);
		return;
	}
	if (s->read_wants_write) {
		s->read_wants_write = false;
		hub_io_read(s);
	}
	if (s->state == HUB_OPEN || s->state == HUB_CLOSING)
		write_or_part(s);
}

void hub_session_perform(struct hub_session *s)
{
	if (s->state == HUB_DEAD)
		return;
	if (s->doomed)
		hub_session_drop(s, s->bye);
	else if (s->state == HUB_OPEN || s->state == HUB_CLOSING)
		write_or_part(s);
}

void hub_session_flush_once(struct hub_session *s)
{
	if (s->doomed || (s->state != HUB_OPEN && s->state != HUB_CLOSING))
		return;
	hub_io_write(s);
	if (s->state != HUB_DEAD)
		SSL_shutdown(s->ssl);
}

/* ---- time ---- */

static void on_timer_open(struct hub_session *s, int64_t now)
{
	const struct hub *h = s->hub;
	if (now >= s->heard + h->config.silence_ms || (!s->hello_done && now >= s->born + h->config.handshake_ms)) {
		hub_session_drop(s, HUB_BYE_SILENT);
		return;
	}
	if (s->frame_since && now >= s->frame_since + HUB_FRAME_MS) {
		hub_session_drop(s, HUB_BYE_MALFORMED);
		return;
	}
	if (now >= s->beat_at) {
		/* Never later than the period that the peer was told. */
		s->beat_at = now + heartbeat_in(h, 85, 100);
		if (s->hello_done)
			h->on.on_heartbeat(h->arg, s);
	}
	if (hub_session_listens(s))
		arm_open(s);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct hub_session *s = arg;
	(void)fd, (void)what;
	int64_t now = clock_boot_ms();
	int64_t late = now - s->due;
	if (late > LATE_MS) { /* we slept, not the peer */
		s->heard = s->heard + late < now ? s->heard + late : now;
		s->born += late;
	}
	switch (s->state) {
	case HUB_SHAKING:
		if (now >= s->born + s->hub->config.handshake_ms) {
			complain(s, "the handshake took too long");
			hub_session_drop(s, HUB_BYE_SILENT);
		} else {
			arm(s, s->born + s->hub->config.handshake_ms);
		}
		break;
	case HUB_OPEN:
		if (!s->doomed)
			on_timer_open(s, now);
		break;
	case HUB_CLOSING:
	case HUB_LINGERING:
		hub_session_drop(s, s->bye);
		break;
	case HUB_DEAD:
		assert(!"a dead session has no timer");
	}
}

/* ---- what the owner may ask ---- */

void hub_session_send(struct hub_session *s, struct hub_frame *f)
{
	if (!hub_session_listens(s))
		return;
	if (f->len > s->hub->config.max_outbox - s->outbox.bytes) {
		hub_session_doom(s, HUB_BYE_SLOW);
		return;
	}
	hub_outbox_put(&s->outbox, f);
	hub_session_later(s);
}

void hub_session_close(struct hub_session *s, enum hub_bye bye)
{
	if (!hub_session_listens(s))
		return;
	s->bye = bye;
	enter(s, HUB_CLOSING);
	event_del(&s->readable);
	arm(s, clock_boot_ms() + HUB_CLOSE_MS);
	hub_session_later(s);
}

void hub_session_recheck(struct hub_session *s)
{
	struct tls_peer peer;
	const char *why;
	if (!hub_session_listens(s))
		return;
	if (tls_peer_of(s->ssl, &peer, &why)) {
		s->peer.expired = peer.expired;
		return;
	}
	log_warning(s->subject, "%s", why);
	forget_resumption(s);
	hub_session_doom(s, HUB_BYE_REVOKED);
}

void hub_session_hello_done(struct hub_session *s)
{
	s->hello_done = true;
}

void hub_session_set_data(struct hub_session *s, void *data)
{
	s->data = data;
}

void *hub_session_data(const struct hub_session *s)
{
	return s->data;
}

const struct tls_peer *hub_session_peer(const struct hub_session *s)
{
	return &s->peer;
}

const char *hub_session_subject(const struct hub_session *s)
{
	return s->subject;
}

size_t hub_session_outbox(const struct hub_session *s)
{
	return s->outbox.bytes;
}
