/* Who may connect: listening, how many at once, who gives way. */
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "web/http_internal.h"

#define BACKLOG 1024
#define PAUSE_MS 200  /* of listening, when descriptors ran out */
#define TELL_MS 10000 /* the log hears of a limit no more often */

static struct http *all; /* of the process; commonly one */

void http_tell(struct http *h, const char *who, const char *what)
{
	int64_t now = clock_boot_ms();
	if (h->told && now - h->told < TELL_MS)
		return;
	h->told = now;
	log_warning(who, "%s (%zu connections)", what, h->n);
}

/* ---- counting ---- */

void http_touch(struct conn *c)
{
	DL_DELETE(c->http->conns, c);
	DL_APPEND(c->http->conns, c);
}

void http_count(struct conn *c, struct http_peer *peer)
{
	DL_APPEND(c->http->conns, c);
	c->http->n++;
	c->peer = peer;
	peer->n++;
}

void http_forget(struct conn *c)
{
	struct http *h = c->http;
	DL_DELETE(h->conns, c);
	h->n--;
	if (--c->peer->n)
		return;
	HASH_DEL(h->peers, c->peer);
	free(c->peer);
}

/* An IPv4 address, or the 64 bits that one holder of IPv6 usually has. */
static void peer_key(const struct sockaddr *sa, unsigned char key[16])
{
	memset(key, 0, 16);
	if (sa->sa_family == AF_INET) {
		memcpy(key + 12, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, 4);
		key[0] = 4;
		return;
	}
	const struct in6_addr *in6 = &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr;
	if (IN6_IS_ADDR_V4MAPPED(in6)) {
		memcpy(key + 12, in6->s6_addr + 12, 4);
		key[0] = 4;
	} else {
		memcpy(key + 8, in6->s6_addr, 8);
		key[0] = 6;
	}
}

static struct http_peer *peer_of(struct http *h, const struct sockaddr *sa)
{
	unsigned char key[16];
	struct http_peer *p;
	peer_key(sa, key);
	HASH_FIND(hh, h->peers, key, sizeof key, p);
	if (!p) {
		p = xcalloc(1, sizeof *p);
		memcpy(p->key, key, sizeof key);
		HASH_ADD(hh, h->peers, key, sizeof p->key, p);
	}
	return p;
}

/* Nobody waits for an answer on it. */
static bool gives_way(const struct conn *c)
{
	return c->state == CONN_HANDSHAKE || c->state == CONN_IDLE || c->state == CONN_HEAD || c->state == CONN_BODY ||
	       c->state == CONN_LINGER;
}

/* The connection without a whole request that has stood longest gives way to a new one, so that idle or slow ones lock nobody out. */
static bool make_room(struct http *h, const struct conn *for_this, const struct http_peer *of)
{
	struct conn *c;
	DL_FOREACH(h->conns, c)
		if (c != for_this && gives_way(c) && (!of || c->peer == of)) {
			conn_end(c);
			return true;
		}
	return false;
}

/* ---- addresses as text ---- */

/* "10.1.2.3" or "fe80::1"; an IPv4 address within IPv6 as IPv4. */
static bool host_text(const struct sockaddr *sa, char *out, socklen_t size, uint16_t *port)
{
	if (sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)sa;
		*port = ntohs(in->sin_port);
		return inet_ntop(AF_INET, &in->sin_addr, out, size) != NULL;
	}
	const struct sockaddr_in6 *in6 = (const void *)sa;
	*port = ntohs(in6->sin6_port);
	if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr))
		return inet_ntop(AF_INET, in6->sin6_addr.s6_addr + 12, out, size) != NULL;
	return sa->sa_family == AF_INET6 && inet_ntop(AF_INET6, &in6->sin6_addr, out, size) != NULL;
}

/* Where the browser connected to, as it would say it in Host. */
static bool local_text(int fd, char *out, size_t size, bool *loopback)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof ss;
	char host[INET6_ADDRSTRLEN];
	uint16_t port;
	if (getsockname(fd, (struct sockaddr *)&ss, &len) != 0 || !host_text((struct sockaddr *)&ss, host, sizeof host, &port))
		return false;
	*loopback = strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
	snprintf(out, size, strchr(host, ':') ? "[%s]:%u" : "%s:%u", host, (unsigned)port);
	return true;
}

/* ---- listening ---- */

/* evhttp accepts by itself and says nothing of the socket before it has a request: so each connection is looked at as soon as evhttp has
 * taken it up, before the next is and before anything is read of it. */
static void admit(struct http *h)
{
	struct conn *c = h->fresh;
	struct sockaddr_storage ss = {0};
	struct sockaddr *sa = (struct sockaddr *)&ss;
	socklen_t len = sizeof ss;
	uint16_t port;
	if (!c)
		return;
	h->fresh = NULL;
	int fd = bufferevent_getfd(c->bev);
	bool gone = getpeername(fd, sa, &len) != 0 || !host_text(sa, c->address, sizeof c->address, &port) ||
		    !local_text(fd, c->local, sizeof c->local, &c->loopback);
	struct http_peer *peer = peer_of(h, sa);
	conn_begin(c, peer); /* counted: so making room does not free it */
	bool full = (peer->n > h->max_of_address && !make_room(h, c, peer)) || (h->n > h->max && !make_room(h, c, NULL));
	if (full && !gone)
		http_tell(h, c->address, peer->n > h->max_of_address ? "too many connections from this address" : "too many connections");
	if (full || gone)
		conn_end(c);
}

static void on_admit(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	admit(arg);
}

static struct bufferevent *on_accept(struct event_base *base, void *arg)
{
	struct http *h = arg;
	(void)base;
	admit(h);
	h->fresh = conn_new(h);
	event_active(h->admit, EV_TIMEOUT, 0);
	return h->fresh->bev;
}

/* The argument is evhttp's, as that of its own callback. */
static void on_accept_error(struct evconnlistener *listener, void *evhttp)
{
	struct http *h;
	const struct timeval pause = {0, PAUSE_MS * 1000};
	int error = errno;
	LL_SEARCH_SCALAR(all, h, evhttp, evhttp);
	http_tell(h, "listener", strerror(error));
	if (error != EMFILE && error != ENFILE && error != ENOMEM && error != ENOBUFS)
		return;
	make_room(h, NULL, NULL);
	evconnlistener_disable(listener);
	evtimer_add(h->resume, &pause);
}

static void on_resume(evutil_socket_t fd, short what, void *arg)
{
	struct http *h = arg;
	(void)fd, (void)what;
	evconnlistener_enable(h->listener);
}

static char *cannot_listen(const struct http_config *config, const char *why, bool in_use)
{
	return xasprintf("%s のポート %u で待ち受けられません: %s%s (cannot listen on port %u of %s)", config->address,
		(unsigned)config->port, why,
		in_use ? "。別の port を選ぶか、使っているプログラムを止めてください" : "。address を確認してください",
		(unsigned)config->port, config->address);
}

static bool listen_on(struct http *h, const struct http_config *config, char **error)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_PASSIVE},
			*found = NULL;
	char port[8];
	snprintf(port, sizeof port, "%u", (unsigned)config->port);
	if (getaddrinfo(config->address, port, &hints, &found) != 0) {
		*error = cannot_listen(config, "IP アドレスではありません", false);
		return false;
	}
	h->listener = evconnlistener_new_bind(h->base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
		BACKLOG, found->ai_addr, (int)found->ai_addrlen);
	int why = errno;
	freeaddrinfo(found);
	if (!h->listener) {
		*error = cannot_listen(config, strerror(why), why == EADDRINUSE);
		return false;
	}
	evhttp_bind_listener(h->evhttp, h->listener);
	evconnlistener_set_error_cb(h->listener, on_accept_error);
	struct sockaddr_storage ss;
	socklen_t len = sizeof ss;
	char host[INET6_ADDRSTRLEN];
	return getsockname(evconnlistener_get_fd(h->listener), (struct sockaddr *)&ss, &len) == 0 &&
	       host_text((struct sockaddr *)&ss, host, sizeof host, &h->port);
}

/* A name without a port means ours. */
static bool take_names(struct http *h, char *const *names, char **error)
{
	size_t n = 0;
	while (names && names[n])
		n++;
	h->names = xcalloc(n + 1, sizeof *h->names);
	for (size_t i = 0; i < n; i++) {
		char out[TARGET_HOST_MAX];
		const char *after = strrchr(names[i], ']');
		bool port = strchr(after ? after : names[i], ':') != NULL;
		char *full = port ? xstrdup(names[i]) : xasprintf("%s:%u", names[i], (unsigned)h->port);
		bool good = http_head_host(full, out, sizeof out);
		free(full);
		if (!good) {
			*error = xasprintf("names の「%s」は 名前[:ポート] の形ではありません (\"%s\" in `names` is not host[:port])",
				names[i], names[i]);
			return false;
		}
		h->names[i] = xstrdup(out);
	}
	return true;
}

struct http *http_new(struct event_base *base, const struct http_config *config, http_handler *handler, void *arg, char **error)
{
	struct http *h = xcalloc(1, sizeof *h);
	*error = NULL;
	LL_PREPEND(all, h);
	h->base = base;
	h->handler = handler;
	h->arg = arg;
	h->max = config->max_connections ? config->max_connections : 2000;
	h->max_of_address = config->max_connections_of_address ? config->max_connections_of_address : 200;
	h->header_ms = config->header_ms ? config->header_ms : 10000;
	h->body_ms = config->body_ms ? config->body_ms : 20000;
	h->idle_ms = config->idle_ms ? config->idle_ms : 60000;
	h->resume = evtimer_new(base, on_resume, h);
	h->admit = evtimer_new(base, on_admit, h);
	h->evhttp = evhttp_new(base);
	evhttp_set_bevcb(h->evhttp, on_accept, h);
	evhttp_set_gencb(h->evhttp, conn_on_request, h);
	evhttp_set_allowed_methods(h->evhttp, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST);
	evhttp_set_default_content_type(h->evhttp, NULL);
	http_set_tls(h, config->tls);
	if (listen_on(h, config, error) && take_names(h, config->names, error))
		return h;
	http_free(h);
	return NULL;
}

void http_set_tls(struct http *h, SSL_CTX *tls)
{
	SSL_CTX_up_ref(tls);
	SSL_CTX_free(h->tls);
	h->tls = tls;
}

void http_free(struct http *h)
{
	if (!h)
		return;
	LL_DELETE(all, h);
	admit(h);
	while (h->conns)
		conn_end(h->conns);
	assert(h->n == 0 && !h->peers);
	evhttp_free(h->evhttp); /* and the listener */
	event_free(h->resume);
	event_free(h->admit);
	for (size_t i = 0; h->names && h->names[i]; i++)
		free(h->names[i]);
	free(h->names);
	SSL_CTX_free(h->tls);
	free(h);
}

uint16_t http_port(const struct http *h)
{
	return h->port;
}

size_t http_connections(const struct http *h)
{
	return h->n;
}
