/* What is asked of a request, and its answer. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "web/http_internal.h"

/* On every answer. One that was added by hand (http_add_header) takes its place. */
static const struct http_field standing[] = {
	{"Content-Security-Policy", HTTP_CSP},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Permissions-Policy", "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), microphone=(), "
			       "midi=(), payment=(), "
			       "serial=(), usb=()"},
	{"X-Frame-Options", "DENY"},
	{"Strict-Transport-Security", "max-age=31536000"},
	{"Cache-Control", "no-store"},
};

/* ---- the request ---- */

enum http_method http_method(const struct http_request *r)
{
	enum evhttp_cmd_type command = evhttp_request_get_command(r->ev);
	return command == EVHTTP_REQ_POST ? HTTP_POST : command == EVHTTP_REQ_HEAD ? HTTP_HEAD : HTTP_GET;
}

const char *http_path(const struct http_request *r)
{
	return evhttp_uri_get_path(evhttp_request_get_evhttp_uri(r->ev));
}

const char *http_query(const struct http_request *r, const char *name)
{
	return evhttp_find_header(&r->query, name);
}

const char *http_header(const struct http_request *r, const char *name)
{
	return evhttp_find_header(evhttp_request_get_input_headers(r->ev), name);
}

const char *http_cookie(const struct http_request *r, const char *name)
{
	/* The value is put into the request, whose owner reads one at a time; hence the cast. */
	return http_head_cookie(http_header(r, "Cookie"), name, ((struct http_request *)(uintptr_t)r)->cookie);
}

const void *http_body(struct http_request *r, size_t *len)
{
	struct evbuffer *body = evhttp_request_get_input_buffer(r->ev);
	*len = evbuffer_get_length(body);
	return *len ? evbuffer_pullup(body, -1) : (const void *)"";
}

const char *http_address(const struct http_request *r)
{
	return r->conn->address;
}

void http_later(struct http_request *r, void (*on_gone)(void *arg), void *arg)
{
	r->later = true;
	r->on_gone = on_gone;
	r->arg = arg;
}

struct http_request *request_new(struct conn *c, struct evhttp_request *ev)
{
	struct http_request *r = xcalloc(1, sizeof *r);
	const char *query = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(ev));
	r->conn = c;
	r->ev = ev;
	evhttp_parse_query_str(query ? query : "", &r->query);
	return r;
}

void request_free(struct http_request *r)
{
	evhttp_clear_headers(&r->query);
	free(r);
}

/* ---- answers ---- */

void http_add_header(struct http_request *r, const char *name, const char *value)
{
	int refused = evhttp_add_header(evhttp_request_get_output_headers(r->ev), name, value); /* it holds a line's end */
	assert(refused == 0);
	(void)refused;
}

void http_set_cookie(struct http_request *r, const char *name, const char *value, int64_t max_age_s)
{
	char *line = xasprintf("%s=%s; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=%lld", name, value ? value : "",
		(long long)(value ? max_age_s : 0));
	http_add_header(r, "Set-Cookie", line);
	free(line);
}

void request_add_standing(struct http_request *r)
{
	assert(r->conn->request == r && !r->conn->stream);
	for (size_t i = 0; i < sizeof standing / sizeof *standing; i++)
		if (!evhttp_find_header(evhttp_request_get_output_headers(r->ev), standing[i].name))
			http_add_header(r, standing[i].name, standing[i].value);
	if (r->conn->close)
		http_add_header(r, "Connection", "close");
}

void http_reply(struct http_request *r, int status, const char *type, const void *data, size_t len)
{
	bool empty = status == 204 || status == 304;
	struct evbuffer *body = empty || http_method(r) == HTTP_HEAD ? NULL : evbuffer_new();
	log_debug(r->conn->address, "%s: %d", http_path(r), status);
	request_add_standing(r);
	if (!empty) {
		char length[24];
		snprintf(length, sizeof length, "%zu", len);
		http_add_header(r, "Content-Type", type);
		http_add_header(r, "Content-Length", length);
	}
	if (body)
		evbuffer_add(body, data, len);
	evhttp_send_reply(r->ev, status, NULL, body);
	if (body)
		evbuffer_free(body);
	conn_answered(r->conn, len);
}

void http_refuse(struct http_request *r, int status, const char *code, const char *ja, const char *en, uint32_t retry_after_ms)
{
	struct buf b;
	buf_init(&b, 64u << 10);
	buf_puts(&b, "{\"code\":");
	text_json(&b, code);
	buf_puts(&b, ",\"text\":");
	text_json(&b, ja);
	buf_puts(&b, ",\"text_en\":");
	text_json(&b, en);
	if (retry_after_ms) {
		char seconds[16];
		snprintf(seconds, sizeof seconds, "%u", (unsigned)(retry_after_ms / 1000 + (retry_after_ms % 1000 ? 1 : 0)));
		http_add_header(r, "Retry-After", seconds);
		buf_printf(&b, ",\"retry_after_ms\":%u", (unsigned)retry_after_ms);
	}
	buf_puts(&b, "}\n");
	assert(!b.full);
	if (status == 405)
		http_add_header(r, "Allow", "GET, HEAD, POST");
	http_reply(r, status, "application/json", b.data, b.len);
	buf_free(&b);
}
