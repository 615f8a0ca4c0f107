/* Bytes in and out of one open session. */
#include <assert.h>
#include <errno.h>
#include <openssl/err.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "hub/internal.h"
#include "wire/frame.h"

#define RECORDS_PER_TURN 8 /* read from one session before the others have their turn */

/* ---- reading ---- */

/* Hands out the whole frames of [data, data+n); returns how many bytes they took. */
static size_t deliver(struct hub_session *s, const uint8_t *data, size_t n)
{
	size_t used = 0;
	while (hub_session_listens(s)) {
		size_t len;
		size_t limit = s->hello_done ? FRAME_MAX : FRAME_MAX_BEFORE_HELLO;
		enum frame_verdict v = frame_peek(data + used, n - used, limit, &len);
		if (v == FRAME_MORE)
			break;
		if (v != FRAME_OK) {
			log_warning(s->subject, "%s", frame_verdict_name(v));
			if (s->hub->on.on_garbled)
				s->hub->on.on_garbled(s->hub->arg, s, frame_verdict_name(v));
			if (hub_session_listens(s))
				hub_session_doom(s, HUB_BYE_MALFORMED);
			break;
		}
		used += FRAME_HEADER + len;
		s->hub->on.on_frame(s->hub->arg, s, data + used - len, len);
	}
	return used;
}

static void take_bytes(struct hub_session *s, const uint8_t *data, size_t n)
{
	size_t used;
	s->heard = clock_boot_ms();
	if (!s->partial.len) {
		used = deliver(s, data, n);
		if (hub_session_listens(s) && used < n)
			buf_append(&s->partial, data + used, n - used);
	} else {
		buf_append(&s->partial, data, n);
		assert(!s->partial.full);
		used = deliver(s, s->partial.data, s->partial.len);
		if (used) {
			memmove(s->partial.data, s->partial.data + used, s->partial.len - used);
			s->partial.len -= used;
		}
		if (!s->partial.len)
			buf_free(&s->partial);
	}
	if (!s->partial.len)
		s->frame_since = 0;
	else if (used || !s->frame_since)
		s->frame_since = s->heard;
}

/* After a read or write that did not succeed. */
static void fail(struct hub_session *s, int rc, bool reading)
{
	switch (SSL_get_error(s->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
		return;
	case SSL_ERROR_WANT_WRITE:
		s->read_wants_write = s->read_wants_write || reading;
		event_add(&s->writable, NULL);
		return;
	case SSL_ERROR_ZERO_RETURN:
		hub_session_drop(s, s->partial.len ? HUB_BYE_MALFORMED : HUB_BYE_PEER);
		return;
	case SSL_ERROR_SSL:
		log_warning(s->subject, "broken connection: %s", hub_session_fault(s));
		hub_session_drop(s, HUB_BYE_PEER);
		return;
	default:
		hub_session_drop(s, HUB_BYE_PEER);
	}
}

void hub_io_read(struct hub_session *s)
{
	struct hub *h = s->hub;
	for (int i = 0; i < RECORDS_PER_TURN && hub_session_listens(s); i++) {
		ERR_clear_error();
		int n = SSL_read(s->ssl, h->in, sizeof h->in);
		if (n <= 0) {
			fail(s, n, true);
			return;
		}
		take_bytes(s, h->in, (size_t)n);
	}
	/* What OpenSSL holds already makes no socket readable. */
	if (hub_session_listens(s) && SSL_has_pending(s->ssl))
		event_active(&s->readable, EV_READ, 0);
}

void hub_io_discard(struct hub_session *s)
{
	for (int i = 0; i < RECORDS_PER_TURN; i++) {
		ssize_t n = read(s->fd, s->hub->in, sizeof s->hub->in);
		if (n > 0)
			continue;
		if (n == 0 || (errno != EAGAIN && errno != EINTR))
			hub_session_drop(s, s->bye);
		return;
	}
}

/* ---- writing ---- */

void hub_io_write(struct hub_session *s)
{
	struct hub *h = s->hub;
	const uint8_t *data;
	size_t n;
	while ((n = hub_outbox_peek(&s->outbox, h->out, &data)) > 0) {
		ERR_clear_error();
		int rc = SSL_write(s->ssl, data, (int)n);
		if (rc <= 0) {
			fail(s, rc, false);
			return;
		}
		hub_outbox_drop(&s->outbox, (size_t)rc);
	}
}
