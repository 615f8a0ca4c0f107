/* The listening socket, the limits, and what is put off to the top of the loop. */
#include "hub/hub.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "hub/internal.h"

#define BACKLOG 4096
#define SEND_BUFFER (128 * 1024)
#define SHAKING_MAX 512      /* at 1 ms of work each, the open sessions wait half a second at most */
#define SHAKING_FAIR_MS 1500 /* when all places are taken, a handshake older than this gives way */
#define PAUSE_MS 100         /* in accepting */
#define PERFORM_PER_TURN 256

const char *hub_bye_name(enum hub_bye bye)
{
	switch (bye) {
	case HUB_BYE_PEER:
		return "the peer left";
	case HUB_BYE_SILENT:
		return "silent for too long";
	case HUB_BYE_SLOW:
		return "does not read what it is sent";
	case HUB_BYE_MALFORMED:
		return "malformed frame";
	case HUB_BYE_OWNER:
		return "closed by the server";
	case HUB_BYE_LIMIT:
		return "too many sessions";
	case HUB_BYE_STOP:
		return "the server stops";
	case HUB_BYE_REVOKED:
		return "certificate revoked";
	}
	return "?";
}

/* ---- the top of the loop ---- */

static void again_next_turn(struct hub *h)
{
	struct timeval now = {0};
	event_add(h->later, &now);
}

static void free_dead(struct hub *h)
{
	struct hub_session *s, *next;
	DL_FOREACH_SAFE(h->dead, s, next) {
		if (s->dirty)
			DL_DELETE2(h->dirty, s, prev_dirty, next_dirty);
		DL_DELETE(h->dead, s);
		free(s->subject);
		free(s);
	}
}

static void on_later(evutil_socket_t fd, short what, void *arg)
{
	struct hub *h = arg;
	(void)fd, (void)what;
	for (int i = 0; h->dirty && i < PERFORM_PER_TURN; i++) {
		struct hub_session *s = h->dirty;
		DL_DELETE2(h->dirty, s, prev_dirty, next_dirty);
		s->dirty = false;
		hub_session_perform(s);
	}
	free_dead(h);
	if (h->dirty)
		again_next_turn(h);
}

/* ---- accepting ---- */

static void pause_accepting(struct hub *h)
{
	struct timeval tv = {.tv_usec = PAUSE_MS * 1000};
	evconnlistener_disable(h->listener);
	event_add(h->listen_again, &tv);
}

/* A place for one more handshake? A stranger who connects and says nothing must not keep others out. */
static bool make_place(struct hub *h)
{
	struct hub_session *oldest = h->shaking;
	if (h->n_shaking < SHAKING_MAX)
		return true;
	if (clock_boot_ms() - oldest->born < SHAKING_FAIR_MS)
		return false;
	hub_session_drop(oldest, HUB_BYE_LIMIT);
	return true;
}

static void on_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *from, int len, void *arg)
{
	struct hub *h = arg;
	(void)l, (void)len;
	if (h->n_sessions + h->n_shaking >= h->config.max_sessions) {
		log_warning("hub", "%zu sessions: no more are accepted", h->n_sessions);
		close(fd);
		pause_accepting(h);
		return;
	}
	make_place(h);
	hub_session_accept(h, fd, from);
	if (h->n_shaking >= SHAKING_MAX && !make_place(h))
		pause_accepting(h);
}

/* Out of file descriptors or memory: the connection stays in the queue, so trying again at once would spin. */
static void on_accept_error(struct evconnlistener *l, void *arg)
{
	struct hub *h = arg;
	int why = EVUTIL_SOCKET_ERROR();
	(void)l;
	log_error("hub", "cannot accept a connection: %s", strerror(why));
	pause_accepting(h);
}

static void on_listen_again(evutil_socket_t fd, short what, void *arg)
{
	struct hub *h = arg;
	(void)fd, (void)what;
	if (h->n_shaking < SHAKING_MAX || make_place(h))
		evconnlistener_enable(h->listener);
	else
		pause_accepting(h);
}

/* ---- listening ---- */

static char *listen_error(const struct hub_config *c, int why)
{
	if (why == EADDRINUSE)
		return xasprintf("ポート %u (%s) は使用中です。別の renrakud が動いていないか確かめるか、別のポートを指定してください "
				 "(port %u on %s is in use: stop the other program or choose another port)",
			c->port, c->address, c->port, c->address);
	if (why == EACCES)
		return xasprintf("ポート %u (%s) を開く権限がありません。1024 以上のポートを指定してください "
				 "(no permission for port %u on %s: choose one above 1023)",
			c->port, c->address, c->port, c->address);
	if (why == EADDRNOTAVAIL)
		return xasprintf("アドレス %s はこの機械にありません。設定を確かめてください "
				 "(this machine has no address %s: check the configuration)",
			c->address, c->address);
	return xasprintf(
		"%s のポート %u を開けません: %s (cannot listen on %s port %u)", c->address, c->port, strerror(why), c->address, c->port);
}

/* What is set here, accepted sockets inherit. */
static void set_options(int fd)
{
	int on = 1, size = SEND_BUFFER;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	/* Bounds what the kernel holds for one that does not read; the rest counts in its outbox. */
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}

static uint16_t port_of(int fd)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof a;
	if (getsockname(fd, (struct sockaddr *)&a, &len) != 0)
		return 0;
	if (a.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&a)->sin6_port);
	return ntohs(((struct sockaddr_in *)&a)->sin_port);
}

/* A listening socket, or -1 with *error. */
static int open_listener(const struct hub_config *c, char **error)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found;
	char port[8];
	snprintf(port, sizeof port, "%u", c->port);
	int rc = getaddrinfo(c->address, port, &hints, &found);
	if (rc != 0) {
		*error = xasprintf("アドレス %s を解釈できません: %s。例: 127.0.0.1 (cannot understand the address %s)", c->address,
			gai_strerror(rc), c->address);
		return -1;
	}
	int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		set_options(fd);
	if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
		*error = listen_error(c, errno);
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	return fd;
}

/* ---- the hub ---- */

static void set_defaults(struct hub_config *c)
{
	if (!c->max_sessions)
		c->max_sessions = 20000;
	if (!c->max_sessions_of_peer)
		c->max_sessions_of_peer = 64;
	if (!c->max_sessions_of_gateway)
		c->max_sessions_of_gateway = 2000;
	if (!c->max_outbox)
		c->max_outbox = 1 << 20;
	if (!c->handshake_ms)
		c->handshake_ms = 10000;
	if (!c->heartbeat_ms)
		c->heartbeat_ms = 3000;
	if (!c->silence_ms)
		c->silence_ms = 9000;
}

struct hub *hub_new(struct event_base *base, const struct hub_config *config, const struct hub_events *events, void *arg, char **error)
{
	assert(config->address && config->tls);
	*error = NULL;
	int fd = open_listener(config, error);
	if (fd < 0)
		return NULL;
	struct hub *h = xcalloc(1, sizeof *h);
	h->base = base;
	h->config = *config;
	set_defaults(&h->config);
	h->on = *events;
	h->arg = arg;
	h->port = port_of(fd);
	h->later = event_new(base, -1, 0, on_later, h);
	h->listen_again = evtimer_new(base, on_listen_again, h);
	h->listener = evconnlistener_new(base, on_accept, h, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	if (!h->later || !h->listen_again || !h->listener)
		abort();          /* out of memory */
	h->config.address = NULL; /* borrowed by hub_new only */
	evconnlistener_set_error_cb(h->listener, on_accept_error);
	return h;
}

void hub_free(struct hub *h)
{
	struct hub_session *s, *next;
	if (!h)
		return;
	evconnlistener_free(h->listener);
	DL_FOREACH_SAFE(h->shaking, s, next)
		hub_session_drop(s, HUB_BYE_STOP);
	/* One at a time: on_close may close others, but never frees them. */
	while ((s = h->sessions) != NULL) {
		hub_session_flush_once(s);
		if (s->state != HUB_DEAD)
			hub_session_drop(s, HUB_BYE_STOP);
	}
	free_dead(h);
	event_free(h->later);
	event_free(h->listen_again);
	free(h);
}

void hub_recheck(struct hub *h)
{
	struct hub_session *s;
	DL_FOREACH(h->sessions, s)
		hub_session_recheck(s);
}

uint16_t hub_port(const struct hub *h)
{
	return h->port;
}

size_t hub_sessions(const struct hub *h)
{
	return h->n_announced;
}
