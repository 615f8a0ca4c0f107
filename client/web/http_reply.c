/* What is asked of a request, and its answer. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "web/http_internal.h"

#define EXTRA_MAX (8u << 10)

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
	return r->method;
}

const char *http_path(const struct http_request *r)
{
	return r->head.path;
}

const char *http_query(const struct http_request *r, const char *name)
{
	return http_head_parameter(&r->head, name);
}

const char *http_header(const struct http_request *r, const char *name)
{
	return http_head_field(&r->head, name);
}

const char *http_cookie(const struct http_request *r, const char *name)
{
	/* The value is put into the request, whose owner reads one at a time; hence the cast. */
	return http_head_cookie(&r->head, name, ((struct http_request *)(uintptr_t)r)->cookie);
}

const void *http_body(struct http_request *r, size_t *len)
{
	*len = r->body_len;
	return r->body ? r->body : (const void *)"";
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

void request_free(struct http_request *r)
{
	buf_free(&r->extra);
	free(r->text);
	free(r->body);
	free(r);
}

/* ---- header lines ---- */

static bool printable(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || (unsigned char)*s >= 0x7f)
			return false;
	return true;
}

void http_add_header(struct http_request *r, const char *name, const char *value)
{
	assert(printable(name) && printable(value));
	if (!r->extra.max)
		buf_init(&r->extra, EXTRA_MAX);
	buf_printf(&r->extra, "%s: %s\r\n", name, value);
	assert(!r->extra.full);
}

void http_set_cookie(struct http_request *r, const char *name, const char *value, int64_t max_age_s)
{
	char *line = xasprintf("%s=%s; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=%lld", name, value ? value : "",
		(long long)(value ? max_age_s : 0));
	http_add_header(r, "Set-Cookie", line);
	free(line);
}

static bool was_added(const struct http_request *r, const char *name)
{
	size_t n = strlen(name);
	const char *at = r->extra.data ? (const char *)r->extra.data : "";
	for (; *at; at = strstr(at, "\r\n") + 2)
		if (strncasecmp(at, name, n) == 0 && at[n] == ':')
			return true;
	return false;
}

static const char *reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} known[] = {{200, "OK"}, {204, "No Content"}, {304, "Not Modified"}, {400, "Bad Request"}, {401, "Unauthorized"},
		{403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"}, {408, "Request Timeout"}, {411, "Length Required"},
		{413, "Content Too Large"}, {414, "URI Too Long"}, {415, "Unsupported Media Type"}, {417, "Expectation Failed"},
		{421, "Misdirected Request"}, {429, "Too Many Requests"}, {431, "Request Header Fields Too Large"},
		{500, "Internal Server Error"}, {503, "Service Unavailable"}, {504, "Gateway Timeout"},
		{505, "HTTP Version Not Supported"}};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].status == status)
			return known[i].reason;
	return "Other";
}

void request_write_header(struct http_request *r, int status, const char *type, int64_t length, bool chunked)
{
	struct evbuffer *out = conn_output(r->conn);
	char date[40];
	time_t now = time(NULL);
	struct tm tm;
	strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &tm));
	evbuffer_add_printf(out, "HTTP/1.1 %d %s\r\nDate: %s\r\n", status, reason(status), date);
	for (size_t i = 0; i < sizeof standing / sizeof *standing; i++)
		if (!was_added(r, standing[i].name))
			evbuffer_add_printf(out, "%s: %s\r\n", standing[i].name, standing[i].value);
	evbuffer_add(out, r->extra.data, r->extra.len);
	if (type)
		evbuffer_add_printf(out, "Content-Type: %s\r\n", type);
	if (length >= 0)
		evbuffer_add_printf(out, "Content-Length: %lld\r\n", (long long)length);
	if (chunked)
		evbuffer_add_printf(out, "Transfer-Encoding: chunked\r\n");
	if (r->conn->close)
		evbuffer_add_printf(out, "Connection: close\r\n");
	evbuffer_add(out, "\r\n", 2);
}

/* ---- answers ---- */

static void check_open(const struct http_request *r)
{
	assert(r->conn->request == r && !r->conn->stream);
}

void http_reply(struct http_request *r, int status, const char *type, const void *data, size_t len)
{
	struct conn *c = r->conn;
	bool empty = status == 204 || status == 304;
	check_open(r);
	log_debug(c->address, "%s %s: %d", r->head.method ? r->head.method : "?", r->head.path ? r->head.path : "?", status);
	request_write_header(r, status, empty ? NULL : type, empty ? -1 : (int64_t)len, false);
	if (!empty && r->method != HTTP_HEAD)
		evbuffer_add(conn_output(c), data, len);
	conn_answered(c, len);
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

/* Other headers may follow in what came: nothing of it is read any more. */
void request_refuse(struct http_request *r, const struct http_fault *fault)
{
	log_debug(r->conn->address, "refused: %s", fault->en);
	r->conn->close = true;
	http_refuse(r, fault->status, fault->code, fault->ja, fault->en, 0);
}
