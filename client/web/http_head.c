#include "web/http_head.h"

#include <ctype.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>

#include "base/text.h"

static const struct http_fault malformed = {400, "MALFORMED", "要求の形が正しくありません", "the request is malformed"};
static const struct http_fault bad_path = {
	400, "MALFORMED", "アドレスに使えない文字があります", "the address has characters that no page of this console has"};
static const struct http_fault bad_query = {
	400, "MALFORMED", "アドレスの ? より後の形が正しくありません", "what follows the '?' of the address is malformed"};
static const struct http_fault long_target = {414, "TOO_LARGE", "アドレスが長すぎます", "the address is too long"};
static const struct http_fault bad_method = {405, "METHOD", "GET、HEAD、POST だけを受け付けます", "only GET, HEAD and POST are accepted"};
static const struct http_fault bad_version = {505, "MALFORMED", "HTTP/1.1 だけを受け付けます", "only HTTP/1.1 is accepted"};
static const struct http_fault many_fields = {431, "TOO_LARGE", "ヘッダーが多すぎます", "too many header fields"};
static const struct http_fault twice = {
	400, "MALFORMED", "一度だけのはずのヘッダーが二度あります", "a header field that must stand once stands twice"};
static const struct http_fault bad_length = {400, "MALFORMED", "Content-Length が正しくありません", "Content-Length is not a number"};
static const struct http_fault long_body = {
	413, "TOO_LARGE", "送られた内容が大きすぎます（最大 64 KiB）", "what was sent is too large (at most 64 KiB)"};
static const struct http_fault coded = {400, "MALFORMED", "Transfer-Encoding は受け付けません。Content-Length を使ってください",
	"no Transfer-Encoding is accepted; give a Content-Length"};
static const struct http_fault expecting = {417, "MALFORMED", "Expect は受け付けません", "no Expect is accepted"};
static const struct http_fault no_length = {411, "MALFORMED", "Content-Length がありません", "Content-Length is missing"};
static const struct http_fault unwanted_body = {400, "MALFORMED", "この要求には内容を付けられません", "this kind of request has no body"};

bool http_head_plausible(const char *bytes, size_t len, char *last)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];
		bool control = (c < 0x20 && c != '\r' && c != '\n') || c == 0x7f;
		if (control || (c == '\n') != (*last == '\r') || (*last == '\0' && !isalpha(c)))
			return false;
		*last = (char)c;
	}
	return true;
}

/* ---- characters ---- */

static bool is_token(char c)
{
	return isalnum((unsigned char)c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_path(char c)
{
	return isalnum((unsigned char)c) || (c != '\0' && strchr("._~/-", c));
}

static void lower(char *s)
{
	for (; *s; s++)
		*s = (char)tolower((unsigned char)*s);
}

/* ---- the first line ---- */

static bool good_path(const char *path)
{
	if (path[0] != '/')
		return false;
	for (const char *c = path; *c; c++)
		if (!is_path(*c) || (*c == '/' && (c[1] == '/' || c[1] == '.')))
			return false;
	return true;
}

static bool good_parameter(const struct evkeyvalq *all, const struct evkeyval *p)
{
	return !strpbrk(p->key, "%+") && text_valid(p->value, strlen(p->value)) && !strpbrk(p->value, "\n\t") &&
	       evhttp_find_header(all, p->key) == p->value; /* the first of that name, in any case */
}

/* Read by what the request will be read with, which lets wrong escapes stand and ends a value at a NUL. */
static bool good_query(const char *query)
{
	struct evkeyvalq all;
	size_t n = 0;
	for (const char *c = query; (c = strchr(c, '%')); c++)
		if (!isxdigit((unsigned char)c[1]) || !isxdigit((unsigned char)c[2]) || (c[1] == '0' && c[2] == '0'))
			return false;
	bool good = evhttp_parse_query_str(query, &all) == 0;
	for (struct evkeyval *p = TAILQ_FIRST(&all); p; p = TAILQ_NEXT(p, next))
		good = good && ++n <= HTTP_PARAMETERS_MAX && good_parameter(&all, p);
	evhttp_clear_headers(&all);
	return good;
}

static const struct http_fault *parse_target(char *target, struct http_head *out)
{
	if (strlen(target) > HTTP_TARGET_MAX)
		return &long_target;
	for (const char *c = target; *c; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || *c == '#')
			return &bad_path;
	char *query = strchr(target, '?');
	if (query)
		*query++ = '\0';
	if (!good_path(target))
		return &bad_path;
	out->path = target;
	return !query || good_query(query) ? NULL : &bad_query;
}

static const struct http_fault *parse_first(char *line, struct http_head *out)
{
	static const char *const methods[] = {"GET", "HEAD", "POST"};
	char *target = strchr(line, ' '), *version = target ? strchr(target + 1, ' ') : NULL;
	if (!version || target == line)
		return &malformed;
	*target++ = '\0';
	*version++ = '\0';
	for (const char *c = line; *c; c++)
		if (!is_token(*c))
			return &malformed;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (strcmp(line, methods[i]) == 0)
			out->method = methods[i];
	out->close = strcmp(version, "HTTP/1.0") == 0;
	if (!out->close && strcmp(version, "HTTP/1.1") != 0)
		return strncmp(version, "HTTP/", 5) == 0 ? &bad_version : &malformed;
	return out->method ? parse_target(target, out) : &bad_method;
}

/* ---- the fields ---- */

static const struct http_fault *parse_field(char *line, struct http_head *out)
{
	char *value = strchr(line, ':');
	if (!value || value == line)
		return &malformed;
	*value++ = '\0';
	for (const char *c = line; *c; c++)
		if (!is_token(*c))
			return &malformed;
	value += strspn(value, " ");
	for (size_t n = strlen(value); n && value[n - 1] == ' '; n--)
		value[n - 1] = '\0';
	if (out->n_fields == HTTP_FIELDS_MAX)
		return &many_fields;
	lower(line);
	out->fields[out->n_fields++] = (struct http_field){line, value};
	return NULL;
}

/* Those that something here or behind decides by. */
static bool stands_twice(const struct http_head *head)
{
	static const char *const once[] = {"host", "content-length", "content-type", "transfer-encoding", "origin", "cookie", "connection",
		"expect", "x-renraku-csrf", "sec-fetch-site", "last-event-id", "if-none-match", "accept-encoding", "upgrade"};
	for (size_t i = 0; i < head->n_fields; i++)
		for (size_t j = 0; j < i; j++)
			for (size_t k = 0; k < sizeof once / sizeof *once; k++)
				if (!strcmp(head->fields[i].name, once[k]) && !strcmp(head->fields[j].name, once[k]))
					return true;
	return false;
}

static const struct http_fault *parse_length(const char *value, size_t *out)
{
	size_t n = 0, digits = strlen(value);
	if (digits == 0 || value[strspn(value, "0123456789")] != '\0')
		return &bad_length;
	if (digits > 9)
		return &long_body;
	for (const char *c = value; *c; c++)
		n = n * 10 + (size_t)(*c - '0');
	*out = n;
	return n > HTTP_BODY_MAX ? &long_body : NULL;
}

/* A word of a comma-separated list, in any case. */
static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);
	while (list && *list) {
		list += strspn(list, ", ");
		size_t len = strcspn(list, ", ");
		if (len == n && strncasecmp(list, word, n) == 0)
			return true;
		list += len;
	}
	return false;
}

static const struct http_fault *judge_rest(struct http_head *head)
{
	const char *length = http_head_field(head, "content-length"), *connection = http_head_field(head, "connection");
	bool post = strcmp(head->method, "POST") == 0;
	if (stands_twice(head))
		return &twice;
	if (http_head_field(head, "transfer-encoding"))
		return &coded;
	if (http_head_field(head, "expect"))
		return &expecting;
	if (head->close && connection && strcasecmp(connection, "close") != 0)
		return &malformed;
	head->close = head->close || has_word(connection, "close");
	if (!length)
		return post ? &no_length : NULL;
	const struct http_fault *fault = parse_length(length, &head->body);
	return fault || post || head->body == 0 ? fault : &unwanted_body;
}

const struct http_fault *http_head_parse(char *text, size_t len, struct http_head *out)
{
	memset(out, 0, sizeof *out);
	char last = '\0';
	if (len < 4 || memcmp(text + len - 4, "\r\n\r\n", 4) != 0 || !http_head_plausible(text, len, &last))
		return &malformed;
	text[len - 2] = '\0'; /* the last field keeps its line's end */
	char *line = text, *end = strstr(line, "\r\n");
	*end = '\0';
	const struct http_fault *fault = parse_first(line, out);
	for (line = end + 2; !fault && *line; line = end + 2) {
		end = strstr(line, "\r\n");
		*end = '\0';
		fault = parse_field(line, out);
	}
	return fault ? fault : judge_rest(out);
}

/* ---- looking things up ---- */

const char *http_head_field(const struct http_head *head, const char *name)
{
	for (size_t i = 0; i < head->n_fields; i++)
		if (strcasecmp(head->fields[i].name, name) == 0)
			return head->fields[i].value;
	return NULL;
}

static bool good_cookie(const char *value, size_t len)
{
	if (len == 0 || len > 256)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)value[i]) && !strchr("-_.~+/=", value[i]))
			return false;
	return true;
}

const char *http_head_cookie(const char *field, const char *name, char out[257])
{
	const char *at = field, *found = NULL;
	size_t n = strlen(name), found_len = 0;
	while (at && *at) {
		at += strspn(at, "; ");
		size_t len = strcspn(at, ";");
		if (len > n && strncmp(at, name, n) == 0 && at[n] == '=') {
			if (found)
				return NULL;
			found = at + n + 1;
			found_len = len - n - 1;
			while (found_len && found[found_len - 1] == ' ')
				found_len--;
		}
		at += len;
	}
	if (!found || memchr(found, '\0', found_len) || !good_cookie(found, found_len))
		return NULL;
	memcpy(out, found, found_len);
	out[found_len] = '\0';
	return out;
}

bool http_head_host(const char *value, char *out, size_t size)
{
	size_t host = 0;
	if (value[0] == '[') {
		host = 1 + strspn(value + 1, "0123456789abcdefABCDEF:.");
		if (value[host] != ']' || host < 3)
			return false;
		host++;
	} else {
		while (isalnum((unsigned char)value[host]) || value[host] == '-' || value[host] == '.')
			host++;
	}
	const char *port = value[host] == ':' ? value + host + 1 : "443";
	size_t digits = strspn(port, "0123456789");
	if (host == 0 || (value[host] != ':' && value[host] != '\0') || digits == 0 || digits > 5 || port[digits] != '\0' ||
		host + digits + 2 > size)
		return false;
	snprintf(out, size, "%.*s:%s", (int)host, value, port);
	lower(out);
	return true;
}
