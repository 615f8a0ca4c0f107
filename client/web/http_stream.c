/* Server-sent events: as fast as the browser reads, and not beyond. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "web/http_internal.h"

size_t http_stream_waiting(const struct http_stream *s)
{
	return s->over ? 0 : evbuffer_get_length(conn_output(s->conn));
}

/* What waits for all streams together is kept current with each change of one. */
static void count(struct http_stream *s)
{
	struct http *h = s->conn->http;
	size_t now = s->over ? 0 : evbuffer_get_length(conn_output(s->conn));
	h->waiting = h->waiting - s->counted + now;
	s->counted = now;
}

struct http_stream *http_stream_begin(struct http_request *r, void (*on_end)(void *arg), void *arg)
{
	struct http_stream *s = xcalloc(1, sizeof *s);
	struct conn *c = r->conn;
	s->conn = c;
	s->ev = r->ev;
	evhttp_request_own(s->ev); /* so that it is freed by conn_end and nobody else, ended or not */
	s->on_end = on_end;
	s->arg = arg;
	c->close = true;
	request_add_standing(r);
	http_add_header(r, "Content-Type", "text/event-stream");
	evhttp_send_reply_start(s->ev, 200, NULL);
	request_free(r);
	c->request = NULL;
	c->stream = s;
	conn_enter(c, CONN_STREAM);
	conn_take(c);
	bufferevent_setwatermark(c->bev, EV_WRITE, STREAM_WAITING_MAX, 0);
	count(s);
	return s;
}

static void add_event(const struct http_stream *s, const char *event, const char *id, const void *data, size_t len)
{
	struct evbuffer *one = evbuffer_new();
	assert(one && !memchr(data, '\n', len) && !memchr(data, '\r', len));
	evbuffer_add_printf(one, "event: %s\n", event);
	if (id)
		evbuffer_add_printf(one, "id: %s\n", id);
	evbuffer_add(one, "data: ", 6);
	evbuffer_add(one, data, len);
	evbuffer_add(one, "\n\n", 2);
	evhttp_send_reply_chunk(s->ev, one);
	conn_take(s->conn);
	evbuffer_free(one);
}

bool http_stream_send(struct http_stream *s, const char *event, const char *id, const void *data, size_t len)
{
	struct conn *c = s->conn;
	if (s->over)
		return false;
	size_t before = evbuffer_get_length(conn_output(c)), after = before + len;
	if (after > STREAM_HARD_MAX || (after > STREAM_WAITING_MAX && c->http->waiting + len > STREAMS_HARD_MAX)) {
		http_tell(c->http, c->address, "a stream is closed whose browser does not read");
		s->over = true;
		count(s);
		conn_end_soon(c);
		return false;
	}
	add_event(s, event, id, data, len);
	count(s);
	if (before <= STREAM_WAITING_MAX && s->counted > STREAM_WAITING_MAX)
		conn_set_deadline(c, STREAM_GRACE_MS);
	return true;
}

void stream_drained(struct http_stream *s)
{
	count(s);
	conn_set_deadline(s->conn, 0);
}

void http_stream_close(struct http_stream *s)
{
	struct conn *c = s->conn;
	if (s->over)
		return;
	s->over = true;
	bufferevent_setwatermark(c->bev, EV_WRITE, 0, 0);
	/* To HTTP/1.0 the end of the connection is the end, and evhttp would make it at once. */
	if (evhttp_find_header(evhttp_request_get_output_headers(s->ev), "Transfer-Encoding")) {
		evhttp_send_reply_end(s->ev);
		conn_take(c);
	}
	count(s);
	conn_enter(c, CONN_ENDING);
	if (evbuffer_get_length(conn_output(c)) == 0)
		conn_end_soon(c);
}

void stream_free(struct http_stream *s)
{
	void (*on_end)(void *) = s->on_end;
	void *arg = s->arg;
	s->conn->http->waiting -= s->counted;
	free(s);
	if (on_end)
		on_end(arg);
}
