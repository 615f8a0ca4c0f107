/*
 * http_head: the header of a request, from raw bytes to names and values. Pure, strict, bounded: what RFC 9112 lets a server repair is
 * refused here, since two readers that repair differently are how requests are smuggled, and evhttp reads again what is good here. Whatever
 * evhttp could take otherwise (a tab, a name without a value in the query) is not good.
 *
 * Refused: anything but GET, HEAD, POST of HTTP/1.0 or 1.1 with an origin-form path of [A-Za-z0-9._~/-] (so no encoded slash or dot, no
 * "..", no "//"), lines not ended by CR LF, folded lines, blanks around names, control characters, fields twice that must stand once, any
 * transfer coding.
 */
#ifndef WEB_HTTP_HEAD_H
#define WEB_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#define HTTP_HEAD_MAX (16u << 10) /* bytes of a header, with its empty line */
#define HTTP_TARGET_MAX 4096u     /* path and query */
#define HTTP_FIELDS_MAX 64u
#define HTTP_PARAMETERS_MAX 16u
#define HTTP_BODY_MAX (64u << 10)

/* Why a request is refused; all are static. */
struct http_fault {
	int status;
	const char *code, *ja, *en;
};

struct http_field {
	const char *name, *value; /* the name is in lower case */
};

struct http_head {
	const char *method; /* "GET", "HEAD", "POST" */
	const char *path;
	struct http_field fields[HTTP_FIELDS_MAX];
	size_t n_fields, body; /* the latter: bytes that follow */
	bool close;            /* the connection ends after the answer */
};

/* Are these bytes, the next of a header, such that it can still become good? Called as they come, so that nobody waits for an end that
 *cannot be. last is the byte before them (0 at first) and is carried on. */
bool http_head_plausible(const char *bytes, size_t len, char *last);
/* text[len] is NUL and text[0, len) ends with the empty line; it is cut up in place and *out points into it. NULL: good. */
const struct http_fault *http_head_parse(char *text, size_t len, struct http_head *out);
const char *http_head_field(const struct http_head *, const char *name); /* in any case; NULL: absent */
/* The cookie of that name in a Cookie field (NULL: none): NULL when it is absent, twice there, longer than 256, or not of a token's
 * alphabet. out[257] is filled. */
const char *http_head_cookie(const char *field, const char *name, char out[257]);
/* "Host[:port]" as "host:port" in lower case, port 443 when it names none. False: it is not one. */
bool http_head_host(const char *value, char *out, size_t size);

#endif
