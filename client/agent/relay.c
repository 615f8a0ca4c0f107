#include "agent/relay.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/listener.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utlist.h>

#include "base/log.h"
#include "base/mem.h"
#include "lib/durable.h"
#include "wire/codec.h"

#define ME "relay"
#define RELAYS_MAX 32
#define WAITING_MAX (256u << 10)
#define FLUSH_MS 2000
#define ACCEPT_PAUSE_MS 500

struct relay {
	struct relay *prev, *next;
	struct relays *all;
	struct bufferevent *client, *server; /* server NULL until the link is up; client NULL once it is gone */
	struct link *link;
	struct event *deadline; /* for flushing what is left */
	bool closing;
	char who[48];
};

struct relays {
	struct agent *agent;
	struct evconnlistener *listener;
	struct event *resume;
	struct relay *list;
	int n;
};

static void relay_free(struct relay *r)
{
	struct relays *all = r->all;
	link_free(r->link);
	if (r->server) {
		SSL *ssl = bufferevent_openssl_get_ssl(r->server);
		ERR_clear_error();
		SSL_shutdown(ssl);
		SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); /* as in link_free */
		bufferevent_free(r->server);
	}
	if (r->client)
		bufferevent_free(r->client);
	event_free(r->deadline);
	DL_DELETE(all->list, r);
	all->n--;
	free(r);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	relay_free(arg);
}

static void on_flushed(struct bufferevent *bev, void *arg)
{
	(void)bev;
	relay_free(arg);
}

static void on_flush_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	(void)what;
	relay_free(arg);
}

/* Nothing more comes; what `to` still has to get is flushed, then all is closed. */
static void drain(struct relay *r, struct bufferevent *to)
{
	r->closing = true;
	struct bufferevent *other = to == r->client ? r->server : r->client;
	if (other)
		bufferevent_disable(other, EV_READ);
	if (!to || evbuffer_get_length(bufferevent_get_output(to)) == 0) {
		struct timeval now = {0, 0};
		evtimer_add(r->deadline, &now);
		return;
	}
	bufferevent_disable(to, EV_READ);
	bufferevent_setwatermark(to, EV_WRITE, 0, 0);
	bufferevent_setcb(to, NULL, on_flushed, on_flush_event, r);
	struct timeval tv = agent_ms(FLUSH_MS);
	evtimer_add(r->deadline, &tv);
}

static struct bufferevent *other_of(const struct relay *r, const struct bufferevent *bev)
{
	return bev == r->client ? r->server : r->client;
}

/* Bytes came in: on to the other side; when that one has too much waiting, reading pauses until it has drained. */
static void on_read(struct bufferevent *bev, void *arg)
{
	struct relay *r = arg;
	struct bufferevent *to = other_of(r, bev);
	if (!to || r->closing)
		return; /* the client's first frame waits in its input until the server is there */
	bufferevent_write_buffer(to, bufferevent_get_input(bev));
	if (evbuffer_get_length(bufferevent_get_output(to)) > WAITING_MAX)
		bufferevent_disable(bev, EV_READ);
}

static void on_written(struct bufferevent *bev, void *arg)
{
	struct relay *r = arg;
	struct bufferevent *from = other_of(r, bev);
	if (from && !r->closing)
		bufferevent_enable(from, EV_READ);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	struct relay *r = arg;
	if (!(what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) || r->closing)
		return;
	on_read(bev, arg); /* what came with the end belongs to the other side */
	drain(r, other_of(r, bev));
}

/* The server cannot be had: the client is told in its own protocol. */
static void on_lost(void *arg, const char *why)
{
	struct relay *r = arg;
	const struct settings *s = r->all->agent->settings;
	char *ja = xasprintf("サーバ（%s:%u）につながりません。", s->server, (unsigned)s->port);
	char *en = xasprintf("the server %s:%u cannot be reached (%s)", s->server, (unsigned)s->port, why);
	Renraku__Bye bye = RENRAKU__BYE__INIT;
	bye.code = (char *)(uintptr_t) "SERVER_UNREACHABLE";
	bye.text = ja;
	bye.text_en = en;
	Renraku__ServerFrame f = RENRAKU__SERVER_FRAME__INIT;
	f.body_case = RENRAKU__SERVER_FRAME__BODY_BYE;
	f.bye = &bye;
	struct buf b;
	buf_init(&b, 8192);
	if (codec_pack_server(&b, &f))
		bufferevent_write(r->client, b.data, b.len);
	buf_free(&b);
	free(ja);
	free(en);
	log_info(ME, "%s: server not reached: %s", r->who, why);
	drain(r, r->client);
}

static void on_up(void *arg)
{
	struct relay *r = arg;
	r->server = link_take(r->link);
	r->link = NULL;
	bufferevent_setcb(r->server, on_read, on_written, on_event, r);
	bufferevent_setwatermark(r->server, EV_READ, 0, WAITING_MAX);
	bufferevent_setwatermark(r->server, EV_WRITE, WAITING_MAX / 2, 0);
	bufferevent_enable(r->server, EV_READ | EV_WRITE);
	on_read(r->client, r);
	on_read(r->server, r);
}

static void on_frame(void *arg, const uint8_t *data, size_t len)
{
	(void)arg;
	(void)data;
	(void)len; /* the server speaks only after the hello, which goes through the relay */
}

static const struct link_events events = {on_up, on_frame, on_lost};

static void name_peer(struct relay *r, int fd)
{
	struct ucred who = {0};
	socklen_t len = sizeof who;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0)
		snprintf(r->who, sizeof r->who, "uid %u pid %d", (unsigned)who.uid, (int)who.pid);
}

static void on_client(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *address, int len, void *arg)
{
	(void)l;
	(void)address;
	(void)len;
	struct relays *all = arg;
	if (all->n >= RELAYS_MAX) {
		log_warning(ME, "more than %d command lines at once; one is turned away", RELAYS_MAX);
		close(fd);
		return;
	}
	struct relay *r = xcalloc(1, sizeof *r);
	r->all = all;
	name_peer(r, fd);
	log_debug(ME, "%s", r->who);
	r->client = bufferevent_socket_new(all->agent->base, fd, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
	r->deadline = evtimer_new(all->agent->base, on_deadline, r);
	bufferevent_setcb(r->client, on_read, on_written, on_event, r);
	bufferevent_setwatermark(r->client, EV_READ, 0, WAITING_MAX);
	bufferevent_setwatermark(r->client, EV_WRITE, WAITING_MAX / 2, 0);
	bufferevent_enable(r->client, EV_READ | EV_WRITE);
	DL_APPEND(all->list, r);
	all->n++;
	/* A little less than the command line's own patience, so that it hears why instead of only waiting. */
	r->link = link_dial(all->agent->way, all->agent->settings->connect_ms * 4 / 5, &events, r);
}

static void on_resume(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct relays *all = arg;
	evconnlistener_enable(all->listener);
}

/* Out of file descriptors: pausing, or the loop would turn at full speed. */
static void on_accept_error(struct evconnlistener *l, void *arg)
{
	struct relays *all = arg;
	log_error(ME, "cannot accept: %s", strerror(errno));
	evconnlistener_disable(l);
	struct timeval tv = agent_ms(ACCEPT_PAUSE_MS);
	evtimer_add(all->resume, &tv);
}

/* The caller holds the instance lock, so a socket that lies there is a dead agent's. */
static int listen_on(const char *path, char **error)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof a.sun_path) {
		*error = xasprintf(T("agent_socket の名前が長すぎます（最大 107 文字）: %s",
					   "the path of agent_socket is too long (at most 107 bytes): %s"),
			path);
		return -1;
	}
	snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
	const char *slash = strrchr(path, '/');
	if (slash && slash != path) {
		char *dir = xstrndup(path, (size_t)(slash - path));
		durable_directory(dir, 0755);
		free(dir);
	}
	struct stat st;
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	mode_t old = umask(0117);
	int bad = fd < 0 || bind(fd, (const struct sockaddr *)&a, sizeof a) || listen(fd, 64);
	int e = errno;
	umask(old);
	if (!bad)
		return fd;
	*error = xasprintf(T("窓口のソケット %s を作れません（%s）。フォルダの許可を確かめてください",
				   "cannot make the socket %s (%s); check the folder's permissions"),
		path, strerror(e));
	if (fd >= 0)
		close(fd);
	return -1;
}

struct relays *relays_new(struct agent *a, char **error)
{
	int fd = listen_on(a->settings->agent_socket, error);
	if (fd < 0)
		return NULL;
	struct relays *all = xcalloc(1, sizeof *all);
	all->agent = a;
	all->listener = evconnlistener_new(a->base, on_client, all, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	evconnlistener_set_error_cb(all->listener, on_accept_error);
	all->resume = evtimer_new(a->base, on_resume, all);
	return all;
}

void relays_free(struct relays *all)
{
	struct relay *r, *next;
	if (!all)
		return;
	DL_FOREACH_SAFE(all->list, r, next)
		relay_free(r);
	evconnlistener_free(all->listener);
	event_free(all->resume);
	unlink(all->agent->settings->agent_socket);
	free(all);
}
