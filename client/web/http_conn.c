/* One connection: what state it is in, how long it may stay there, and what comes next. */
#include <assert.h>
#include <event2/bufferevent_ssl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <utlist.h>

#include "base/log.h"
#include "base/mem.h"
#include "web/http_internal.h"

#define INPUT_MAX (32u << 10) /* read while a request is being answered; more stays with the kernel, and so with the sender */

static const struct http_fault slow = {408, "TOO_SLOW", "要求が時間内に届きませんでした", "the request did not arrive in time"};
static const struct http_fault garbage = {400, "MALFORMED", "要求の形が正しくありません", "the request is malformed"};
static const struct http_fault long_head = {431, "TOO_LARGE", "ヘッダーが大きすぎます", "the header is too large"};

struct evbuffer *conn_output(const struct conn *c)
{
	return bufferevent_get_output(c->bev);
}

void conn_set_deadline(struct conn *c, int64_t ms)
{
	struct timeval tv = {ms / 1000, (ms % 1000) * 1000};
	evtimer_del(c->deadline);
	if (ms)
		evtimer_add(c->deadline, &tv);
}

void conn_enter(struct conn *c, enum conn_state state)
{
	const struct http *h = c->http;
	const int64_t ms[] = {
		[CONN_HANDSHAKE] = h->header_ms,
		[CONN_IDLE] = h->idle_ms,
		[CONN_HEAD] = h->header_ms,
		[CONN_BODY] = h->body_ms,
		[CONN_ANSWER] = ANSWER_MS, /* conn_answered knows how much it is */
		[CONN_ENDING] = ANSWER_MS,
		[CONN_LINGER] = LINGER_MS,
		[CONN_WAITING] = 0,
		[CONN_STREAM] = 0,
	};
	c->state = state;
	http_touch(c);
	conn_set_deadline(c, ms[state]);
	if (c->paused && state != CONN_ANSWER) {
		c->paused = false;
		bufferevent_enable(c->bev, EV_READ);
	}
}

/* ---- the end ---- */

/* The peer is told by 'close notify' where the handshake got so far; it need not answer. */
static void say_goodbye(struct conn *c)
{
	SSL *ssl = bufferevent_openssl_get_ssl(c->bev);
	if (c->state != CONN_HANDSHAKE && ssl && SSL_is_init_finished(ssl))
		SSL_shutdown(ssl);
	ERR_clear_error();
}

void conn_end(struct conn *c)
{
	struct http_request *request = c->request;
	struct http_stream *stream = c->stream;
	struct evhttp_request *open = request ? request->ev : stream ? stream->ev : NULL;
	http_forget(c);
	say_goodbye(c);
	event_free(c->deadline);
	event_free(c->soon);
	bufferevent_setcb(c->bev, c->lent.read, c->lent.write, c->lent.event, c->lent.arg);
	c->lent.event(c->bev, BEV_EVENT_READING | BEV_EVENT_EOF, c->lent.arg); /* evhttp frees all that is its */
	if (open)
		evhttp_request_free(open); /* but not what somebody may still answer */
	evbuffer_free(c->held);
	if (request) {
		void (*on_gone)(void *) = request->on_gone;
		void *arg = request->arg;
		request_free(request);
		if (on_gone)
			on_gone(arg);
	}
	if (stream)
		stream_free(stream);
	free(c);
}

void conn_end_soon(struct conn *c)
{
	c->doomed = true;
	event_active(c->soon, EV_TIMEOUT, 0);
}

static void on_soon(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	conn_end(arg);
}

/* ---- a request comes in ---- */

/* evhttp is given exactly one whole request that was found good, when it has answered the one before. So it cannot read a request otherwise
 * than the filter did: what it would repair, refuse or wait for never comes. */
static void give(struct conn *c, const char *instead)
{
	struct http *h = c->http;
	struct evbuffer *in = bufferevent_get_input(c->bev);
	if (instead)
		evbuffer_add(in, instead, strlen(instead));
	else
		evbuffer_remove_buffer(c->held, in, c->whole);
	h->reading = c;
	bufferevent_setcb(c->bev, c->lent.read, c->lent.write, c->lent.event, c->lent.arg);
	c->lent.read(c->bev, c->lent.arg);
	conn_take(c);
	if (h->reading || evbuffer_get_length(in)) {
		log_warning(c->address, "evhttp does not take what the filter took");
		h->reading = NULL;
		conn_end_soon(c);
	}
}

/* What is refused never reaches evhttp. It is given this instead, so that the refusal is written as any other answer. */
static void refuse(struct conn *c, const struct http_fault *fault)
{
	log_debug(c->address, "refused: %s", fault->en);
	c->close = true;
	c->fault = fault;
	evbuffer_drain(c->held, evbuffer_get_length(c->held));
	give(c, "GET / HTTP/1.1\r\n\r\n");
}

void conn_on_request(struct evhttp_request *ev, void *http)
{
	struct http *h = http;
	struct conn *c = h->reading;
	assert(c);
	struct http_request *r = request_new(c, ev);
	h->reading = NULL;
	c->request = r;
	conn_enter(c, CONN_WAITING);
	if (c->fault)
		http_refuse(r, c->fault->status, c->fault->code, c->fault->ja, c->fault->en, 0);
	else
		h->handler(h->arg, r);
	/* Answered at once (then the connection has another state and no request), or announced for later. */
	assert(c->request != r || c->state != CONN_WAITING || r->later);
}

static void judge_head(struct conn *c, const char *bytes, size_t len)
{
	struct http_head head;
	char *text = xstrndup(bytes, len);
	const struct http_fault *fault = http_head_parse(text, strlen(text), &head); /* cut short by a NUL it is malformed */
	if (!fault)
		fault = http_filter(c, &head);
	if (fault) {
		refuse(c, fault);
	} else {
		c->close = head.close;
		c->whole = len + head.body;
		conn_enter(c, CONN_BODY);
	}
	free(text);
}

static void read_head(struct conn *c)
{
	size_t have = evbuffer_get_length(c->held);
	size_t want = have < HTTP_HEAD_MAX ? have : HTTP_HEAD_MAX;
	const char *bytes = (const char *)evbuffer_pullup(c->held, (ev_ssize_t)want);
	/* The empty line may have begun in what was seen before. */
	size_t from = c->scanned > 3 ? c->scanned - 3 : 0;
	const char *end = want > from ? memmem(bytes + from, want - from, "\r\n\r\n", 4) : NULL;
	if (end)
		judge_head(c, bytes, (size_t)(end - bytes) + 4);
	else if (!http_head_plausible(bytes + c->scanned, want - c->scanned, &c->last))
		refuse(c, &garbage);
	else if (want == HTTP_HEAD_MAX)
		refuse(c, &long_head);
	c->scanned = want;
}

/* As far as what came allows. One request at a time: a second waits in the input until the first is answered. */
static void advance(struct conn *c)
{
	struct evbuffer *in = c->held;
	evbuffer_add_buffer(in, bufferevent_get_input(c->bev));
	/* No request follows a stream or a refusal: what comes is dropped, but read, so that the end is seen. */
	if (c->state == CONN_LINGER || c->state == CONN_STREAM || c->state == CONN_ENDING) {
		evbuffer_drain(in, evbuffer_get_length(in));
		return;
	}
	if (c->state == CONN_IDLE && evbuffer_get_length(in) > 0) {
		c->scanned = 0;
		c->last = '\0';
		conn_enter(c, CONN_HEAD);
	}
	if (c->state == CONN_HEAD && evbuffer_get_length(in) > 0)
		read_head(c);
	if (c->state == CONN_BODY && evbuffer_get_length(in) >= c->whole)
		give(c, NULL);
	/* By hand: a high watermark of libevent's calls back without end for as long as the input stays above it. */
	if ((c->state == CONN_WAITING || c->state == CONN_ANSWER) && !c->paused && evbuffer_get_length(in) > INPUT_MAX) {
		c->paused = true;
		bufferevent_disable(c->bev, EV_READ);
	}
}

/* ---- and its answer out ---- */

void conn_answered(struct conn *c, size_t bytes)
{
	request_free(c->request);
	c->request = NULL;
	conn_enter(c, CONN_ANSWER);
	conn_take(c);
	conn_set_deadline(c, ANSWER_MS + (int64_t)(bytes / 4));
}

static void linger(struct conn *c)
{
	say_goodbye(c);
	shutdown(bufferevent_getfd(c->bev), SHUT_WR);
	conn_enter(c, CONN_LINGER);
	advance(c);
}

static void on_read(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;
	(void)bev;
	if (!c->doomed)
		advance(c);
}

/* The output is empty (of a stream: below its limit). */
static void on_written(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;
	(void)bev;
	if (c->doomed)
		return;
	if (c->state == CONN_STREAM) {
		stream_drained(c->stream);
	} else if (c->state == CONN_ENDING && evbuffer_get_length(conn_output(c)) == 0) {
		conn_end(c);
	} else if (c->state == CONN_ANSWER && evbuffer_get_length(conn_output(c)) == 0) {
		if (c->close) {
			linger(c);
		} else {
			evbuffer_add_buffer(c->held, bufferevent_get_input(c->bev)); /* else evhttp would read it */
			c->lent.write(c->bev, c->lent.arg);
			conn_take(c);
			conn_enter(c, CONN_IDLE);
			advance(c);
		}
	}
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	struct conn *c = arg;
	if (what & BEV_EVENT_CONNECTED) {
		conn_enter(c, CONN_IDLE);
		return;
	}
	if (c->state == CONN_HANDSHAKE) {
		unsigned long why = bufferevent_get_openssl_error(bev);
		log_debug(c->address, "no TLS: %s", why ? ERR_reason_error_string(why) : "connection lost");
	}
	conn_end(c);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;
	(void)fd, (void)what;
	if (c->state == CONN_HEAD || c->state == CONN_BODY)
		refuse(c, &slow);
	else
		conn_end(c);
}

void conn_take(struct conn *c)
{
	bufferevent_data_cb read, write;
	bufferevent_event_cb event;
	void *arg;
	bufferevent_getcb(c->bev, &read, &write, &event, &arg);
	if (event != on_event) {
		c->lent.read = read;
		c->lent.write = write;
		c->lent.event = event;
		c->lent.arg = arg;
	}
	bufferevent_setcb(c->bev, on_read, on_written, on_event, c);
	/* evhttp stops reading while a request is answered, and so would not see that the browser has left. */
	if (c->paused)
		bufferevent_disable(c->bev, EV_READ);
	else
		bufferevent_enable(c->bev, EV_READ);
}

static void set_socket(int fd)
{
	const int on = 1, send_buffer = SEND_BUFFER, unread_ms = 60000;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
	/* A browser that vanished, or takes nothing at all, ends after a minute by itself. */
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unread_ms, sizeof unread_ms);
}

struct conn *conn_new(struct http *h)
{
	struct conn *c = xcalloc(1, sizeof *c);
	SSL *ssl = SSL_new(h->tls);
	assert(ssl);
	c->http = h;
	c->held = evbuffer_new();
	/* Deferred: else taking from the input reads on and calls back from within. */
	c->bev = bufferevent_openssl_socket_new(
		h->base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
	c->deadline = evtimer_new(h->base, on_deadline, c);
	c->soon = evtimer_new(h->base, on_soon, c);
	assert(c->held && c->bev && c->deadline && c->soon);
	bufferevent_openssl_set_allow_dirty_shutdown(c->bev, 1);
	return c;
}

void conn_begin(struct conn *c, struct http_peer *peer)
{
	set_socket(bufferevent_getfd(c->bev));
	http_count(c, peer);
	conn_take(c);
	conn_enter(c, CONN_HANDSHAKE);
}
