/* Who may connect: listening, how many at once, who gives way. */
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "web/http_internal.h"

#define BACKLOG 1024
#define PAUSE_MS 200  /* of listening, when descriptors ran out */
#define TELL_MS 10000 /* the log hears of a limit no more often */

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

static void drop_peer(struct http *h, struct http_peer *p)
{
	if (p->n)
		return;
	HASH_DEL(h->peers, p);
	free(p);
}

void http_forget(struct conn *c)
{
	struct http *h = c->http;
	DL_DELETE(h->conns, c);
	h->n--;
	c->peer->n--;
	drop_peer(h, c->peer);
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
static bool make_room(struct http *h, const struct http_peer *of)
{
	struct conn *c;
	DL_FOREACH(h->conns, c)
		if (gives_way(c) && (!of || c->peer == of)) {
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

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *sa, int len, void *arg)
{
	struct http *h = arg;
	char address[64], local[80];
	uint16_t port;
	bool loopback = false;
	(void)listener, (void)len;
	if (!host_text(sa, address, sizeof address, &port) || !local_text(fd, local, sizeof local, &loopback)) {
		close(fd); /* gone already */
		return;
	}
	struct http_peer *peer = peer_of(h, sa);
	peer->n++; /* so that making room does not free it */
	h->n++;
	bool full = (peer->n > h->max_of_address && !make_room(h, peer)) || (h->n > h->max && !make_room(h, NULL));
	if (full) {
		http_tell(h, address, peer->n > h->max_of_address ? "too many connections from this address" : "too many connections");
		h->n--;
		peer->n--;
		drop_peer(h, peer);
		close(fd);
		return;
	}
	conn_new(h, fd, peer, address, local, loopback);
}

static void on_accept_error(struct evconnlistener *listener, void *arg)
{
	struct http *h = arg;
	const struct timeval pause = {0, PAUSE_MS * 1000};
	int error = errno;
	http_tell(h, "listener", strerror(error));
	if (error != EMFILE && error != ENFILE && error != ENOMEM && error != ENOBUFS)
		return;
	make_room(h, NULL);
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
	h->listener = evconnlistener_new_bind(h->base, on_accept, h, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
		BACKLOG, found->ai_addr, (int)found->ai_addrlen);
	int why = errno;
	freeaddrinfo(found);
	if (!h->listener) {
		*error = cannot_listen(config, strerror(why), why == EADDRINUSE);
		return false;
	}
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
	h->base = base;
	h->handler = handler;
	h->arg = arg;
	h->max = config->max_connections ? config->max_connections : 2000;
	h->max_of_address = config->max_connections_of_address ? config->max_connections_of_address : 200;
	h->header_ms = config->header_ms ? config->header_ms : 10000;
	h->body_ms = config->body_ms ? config->body_ms : 20000;
	h->idle_ms = config->idle_ms ? config->idle_ms : 60000;
	h->resume = evtimer_new(base, on_resume, h);
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
	if (h->listener)
		evconnlistener_free(h->listener);
	while (h->conns)
		conn_end(h->conns);
	assert(h->n == 0 && !h->peers);
	event_free(h->resume);
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
