#include "lib/link.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/dns.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/mem.h"
#include "wire/codec.h"
#include "wire/frame.h"
#include "wire/tls.h"

#define UNSENT_MAX (1u << 20)

struct link_way {
	struct event_base *base;
	const struct settings *settings;
	struct evdns_base *dns; /* NULL: names are looked up the blocking way */
	SSL_CTX *tls;
	SSL_SESSION *session; /* newest ticket; NULL: none */
};

struct link {
	struct link_way *way;
	const struct link_events *events;
	void *arg;
	struct bufferevent *bev;
	struct event *timer; /* the deadline of dialling; later fires once to report what failed at once */
	char why[256];
	bool up, lost;
	bool *freed; /* set when a callback of ours is on the stack */
};

/* ---- the way ---- */

static int on_session(SSL *ssl, SSL_SESSION *fresh)
{
	struct link_way *w = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	SSL_SESSION_free(w->session);
	w->session = fresh;
	return 1; /* ours now */
}

bool link_way_reload(struct link_way *w, char **error)
{
	const struct settings *s = w->settings;
	struct tls_files files = {s->ca, s->cert, s->key, s->crl, NULL, NULL};
	SSL_CTX *fresh = tls_client_context(&files, error);
	if (!fresh)
		return false;
	SSL_CTX_set_app_data(fresh, w);
	SSL_CTX_sess_set_new_cb(fresh, on_session);
	SSL_CTX_free(w->tls); /* connections that stand keep it alive by their own reference */
	w->tls = fresh;
	SSL_SESSION_free(w->session);
	w->session = NULL;
	return true;
}

struct link_way *link_way_new(struct event_base *base, const struct settings *settings, char **error)
{
	struct link_way *w = xcalloc(1, sizeof *w);
	w->base = base;
	w->settings = settings;
	if (!link_way_reload(w, error)) {
		free(w);
		return NULL;
	}
	w->dns = evdns_base_new(base, EVDNS_BASE_INITIALIZE_NAMESERVERS | EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	return w;
}

void link_way_free(struct link_way *w)
{
	if (!w)
		return;
	if (w->dns)
		evdns_base_free(w->dns, 0);
	SSL_SESSION_free(w->session);
	SSL_CTX_free(w->tls);
	free(w);
}

/* ---- a link ---- */

static void lose(struct link *l, const char *why)
{
	if (l->lost)
		return;
	l->lost = true;
	event_del(l->timer);
	if (l->bev)
		bufferevent_disable(l->bev, EV_READ | EV_WRITE);
	l->events->on_lost(l->arg, why);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct link *l = arg;
	lose(l, *l->why ? l->why : "no answer while connecting");
}

static void come_up(struct link *l)
{
	struct tls_peer peer;
	const char *why = "";
	event_del(l->timer);
	setsockopt(bufferevent_getfd(l->bev), IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	if (!tls_peer_of(bufferevent_openssl_get_ssl(l->bev), &peer, &why)) {
		lose(l, why);
	} else if (peer.who != TLS_SERVER) {
		lose(l, "the peer's certificate is not a Renraku server's; check server and port");
	} else {
		l->up = true;
		log_debug("tls", "%s handshake", SSL_session_reused(bufferevent_openssl_get_ssl(l->bev)) ? "short" : "full");
		l->events->on_up(l->arg);
	}
}

/* The first reason of TLS, else of the socket, in words. */
static void explain(struct link *l, short what, char *out, size_t size)
{
	/* libevent stores a bare SSL_ERROR_SYSCALL too, which is no error code of OpenSSL's: errno has the reason then. */
	unsigned long e = bufferevent_get_openssl_error(l->bev);
	e = ERR_GET_LIB(e) ? e : 0;
	int dns = bufferevent_socket_get_dns_error(l->bev), socket_error = EVUTIL_SOCKET_ERROR();
	SSL *ssl = bufferevent_openssl_get_ssl(l->bev);
	long verify = ssl ? SSL_get_verify_result(ssl) : X509_V_OK;
	const char *reason = e ? ERR_reason_error_string(e) : NULL;
	if (dns)
		snprintf(out, size, "cannot resolve %s: %s", l->way->settings->server, evutil_gai_strerror(dns));
	else if (e && verify != X509_V_OK)
		snprintf(out, size, "the server's certificate is not trusted: %s", X509_verify_cert_error_string(verify));
	else if (e && ERR_SYSTEM_ERROR(e))
		snprintf(out, size, "%s", strerror(ERR_GET_REASON(e)));
	else if (e)
		snprintf(out, size, "TLS: %s", reason ? reason : "error");
	else if (what & BEV_EVENT_EOF)
		snprintf(out, size, "closed by the server");
	else
		snprintf(out, size, "%s", socket_error ? evutil_socket_error_to_string(socket_error) : "connection lost");
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	struct link *l = arg;
	if (what & BEV_EVENT_CONNECTED) {
		come_up(l);
	} else if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT)) {
		char why[256];
		explain(l, what, why, sizeof why);
		lose(l, why);
	}
}

/* One frame off the input. False when there is no whole one, or the link is gone. */
static bool one_frame(struct link *l, struct evbuffer *in)
{
	uint8_t head[FRAME_HEADER];
	size_t len, have = evbuffer_get_length(in);
	if (l->lost || have < FRAME_HEADER || evbuffer_copyout(in, head, sizeof head) != (ssize_t)sizeof head)
		return false;
	enum frame_verdict v = frame_peek(head, sizeof head, FRAME_MAX, &len);
	if (v < 0) {
		lose(l, frame_verdict_name(v));
		return false;
	}
	len = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
	if (have < FRAME_HEADER + len)
		return false;
	uint8_t *payload = xmalloc(len);
	evbuffer_drain(in, FRAME_HEADER);
	evbuffer_remove(in, payload, len);
	l->events->on_frame(l->arg, payload, len);
	free(payload);
	return true;
}

static void on_read(struct bufferevent *bev, void *arg)
{
	struct link *l = arg;
	bool freed = false, *outer = l->freed;
	l->freed = &freed;
	while (!freed && one_frame(l, bufferevent_get_input(bev)))
		;
	if (!freed)
		l->freed = outer;
	else if (outer)
		*outer = true;
}

static bool start(struct link *l)
{
	const struct settings *s = l->way->settings;
	SSL *ssl = SSL_new(l->way->tls);
	if (!ssl || !tls_expect_host(ssl, s->server_name)) {
		SSL_free(ssl);
		snprintf(l->why, sizeof l->why, "cannot prepare TLS; check server_name");
		return false;
	}
	if (l->way->session && SSL_SESSION_is_resumable(l->way->session))
		SSL_set_session(ssl, l->way->session);
	l->bev = bufferevent_openssl_socket_new(
		l->way->base, -1, ssl, BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
	if (!l->bev) {
		SSL_free(ssl);
		snprintf(l->why, sizeof l->why, "cannot make a connection");
		return false;
	}
	bufferevent_setcb(l->bev, on_read, NULL, on_event, l);
	bufferevent_setwatermark(l->bev, EV_READ, 0, FRAME_HEADER + FRAME_MAX);
	bufferevent_enable(l->bev, EV_READ | EV_WRITE);
	if (bufferevent_socket_connect_hostname(l->bev, l->way->dns, AF_UNSPEC, s->server, s->port) == 0)
		return true;
	explain(l, 0, l->why, sizeof l->why);
	return false;
}

struct link *link_dial(struct link_way *way, int timeout_ms, const struct link_events *events, void *arg)
{
	struct link *l = xcalloc(1, sizeof *l);
	l->way = way;
	l->events = events;
	l->arg = arg;
	l->timer = evtimer_new(way->base, on_timer, l);
	int ms = start(l) ? timeout_ms : 0;
	struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
	evtimer_add(l->timer, &tv);
	return l;
}

static void release(struct link *l)
{
	if (l->freed)
		*l->freed = true;
	event_free(l->timer);
	free(l);
}

void link_free(struct link *l)
{
	if (!l)
		return;
	if (l->bev) {
		SSL *ssl = bufferevent_openssl_get_ssl(l->bev);
		bufferevent_setcb(l->bev, NULL, NULL, NULL, NULL);
		/* Says goodbye if that can be done at once; never waits for it. */
		if (l->up && ssl) {
			ERR_clear_error();
			SSL_set_quiet_shutdown(ssl, 0);
			SSL_shutdown(ssl);
		}
		/* A session whose connection merely vanished would otherwise count as bad and never be resumed. */
		if (l->up && ssl)
			SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
		bufferevent_free(l->bev);
	}
	release(l);
}

struct bufferevent *link_take(struct link *l)
{
	struct bufferevent *bev = l->bev;
	bufferevent_setcb(bev, NULL, NULL, NULL, NULL);
	release(l);
	return bev;
}

bool link_send(struct link *l, const Renraku__ClientFrame *f)
{
	struct buf b;
	if (!l->up || l->lost || evbuffer_get_length(bufferevent_get_output(l->bev)) > UNSENT_MAX)
		return false;
	buf_init(&b, FRAME_HEADER + FRAME_MAX);
	bool packed = codec_pack_client(&b, f);
	if (packed)
		bufferevent_write(l->bev, b.data, b.len);
	buf_free(&b);
	return packed;
}
