/*
 * http: HTTPS towards browsers by libevent's evhttp behind a strict filter and within limits (docs/web.md, 'Limits'): deadlines for
 * handshake, header and body, bounded connections, headers and bodies, streams that are closed when nobody reads them. Knows nothing of
 * sessions or of the protocol.
 *
 * One thread, the event loop's. Every request given to a handler is answered exactly once: by http_reply*, http_refuse or
 * http_stream_begin. A request may be answered later; when the browser goes away first, `on_gone` of http_later tells, and the request must
 * not be touched again.
 */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include <event2/event.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http;
struct http_request;
struct http_stream;

/* Everything from here and nothing inline. */
#define HTTP_CSP                                                                                                                           \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; "           \
	"font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST };

struct http_config {
	const char *address; /* "127.0.0.1" */
	uint16_t port;       /* 0: any; http_port() tells */
	SSL_CTX *tls;        /* https.h; a reference is taken */
	/* host[:port] that Origin and Host may name, beside the address listened on; NULL-terminated, may be NULL */
	char *const *names;
	size_t max_connections, max_connections_of_address; /* 0: 2,000 and 200 */
	int header_ms, body_ms, idle_ms;                    /* 0: 10,000, 20,000, 60,000 */
};
/* Gets every request that passed the filters (method, Host, sizes; of a POST also content type and Origin). */
typedef void http_handler(void *arg, struct http_request *);

/* NULL with *error malloc'ed ("port 8443 on 127.0.0.1 is in use: …"). */
struct http *http_new(struct event_base *, const struct http_config *, http_handler *, void *arg, char **error);
/* For connections that come from now on; those that stand keep theirs. */
void http_set_tls(struct http *, SSL_CTX *);
/* Ends every stream and connection. libevent lets go of them in the loop's next turn: event_base_loop(base, EVLOOP_NONBLOCK) before
 * event_base_free. */
void http_free(struct http *);
uint16_t http_port(const struct http *);
size_t http_connections(const struct http *);

/* ---- a request; strings are borrowed until it is answered ---- */
enum http_method http_method(const struct http_request *);
const char *http_path(const struct http_request *);                     /* decoded, without the query; begins with '/' */
const char *http_query(const struct http_request *, const char *name);  /* decoded UTF-8 without control characters; NULL: absent */
const char *http_header(const struct http_request *, const char *name); /* NULL: absent */
const char *http_cookie(const struct http_request *, const char *name); /* NULL: absent; at most 256 characters of a token's alphabet */
const void *http_body(struct http_request *, size_t *len);
const char *http_address(const struct http_request *); /* of the browser, "10.1.2.3" */
/* It will be answered later; on_gone(arg) comes once if the browser leaves before. */
void http_later(struct http_request *, void (*on_gone)(void *arg), void *arg);

/* ---- answers; the security headers of docs/web.md stand on every one ---- */
void http_set_cookie(struct http_request *, const char *name, const char *value, int64_t max_age_s); /* value NULL: clear it */
/* Printable ASCII. A name that stands on every answer (Cache-Control, Content-Security-Policy, …) is replaced. */
void http_add_header(struct http_request *, const char *name, const char *value);
/* type: "application/json". Copies the data. Never cached unless http_add_header said how. */
void http_reply(struct http_request *, int status, const char *type, const void *data, size_t len);
/* {"code", "text", "text_en"} with the status; retry_after_ms 0: none. */
void http_refuse(struct http_request *, int status, const char *code, const char *ja, const char *en, uint32_t retry_after_ms);

/* ---- server-sent events ---- */
/* Answers the request with a stream. on_end(arg) comes once when it is over for whatever reason (the browser left, it did not read,
   http_free), never from inside http_stream_*. */
struct http_stream *http_stream_begin(struct http_request *, void (*on_end)(void *arg), void *arg);
/* One event; id NULL: none. data is one line. False: the stream is over (too much waited, docs/web.md); on_end follows. */
bool http_stream_send(struct http_stream *, const char *event, const char *id, const void *data, size_t len);
void http_stream_close(struct http_stream *);           /* what was sent still leaves; on_end follows */
size_t http_stream_waiting(const struct http_stream *); /* bytes not yet taken */

#endif
