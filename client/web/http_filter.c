/* May this request be? What docs/web.md asks of every request, before anybody looks at what it wants. */
#include <string.h>
#include <strings.h>

#include "web/http_internal.h"

static const struct http_fault no_host = {400, "MALFORMED", "Host ヘッダーが正しくありません", "the Host field is missing or malformed"};
static const struct http_fault other_host = {421, "HOST", "このサーバーの名前ではありません。web.yaml の names を確認してください",
	"this console is not called by that name; see 'names' in web.yaml"};
static const struct http_fault other_site = {
	403, "ORIGIN", "ほかのサイトからの要求は受け付けません", "requests from other sites are not accepted"};
static const struct http_fault not_json = {
	415, "MALFORMED", "Content-Type は application/json でなければなりません", "the Content-Type must be application/json"};
static const struct http_fault not_head = {405, "METHOD", "HEAD は受け付けません", "HEAD is not accepted here"};
static const struct http_fault not_post = {405, "METHOD", "ここでは POST を受け付けません", "POST is not accepted here"};

/* A name of the configuration or certificate, or the very address the browser connected to: a name that an attacker's DNS points here is
 * neither. */
static bool is_ours(const struct conn *c, const char *host)
{
	if (strcmp(host, c->local) == 0)
		return true;
	if (c->loopback && strncmp(host, "localhost:", 10) == 0 && strcmp(host + 10, strrchr(c->local, ':') + 1) == 0)
		return true;
	for (char *const *name = c->http->names; *name; name++)
		if (strcmp(host, *name) == 0)
			return true;
	return false;
}

/* "https://host[:port]" of the same host. */
static bool same_origin(const char *origin, const char *host)
{
	char theirs[TARGET_HOST_MAX];
	return strncmp(origin, "https://", 8) == 0 && http_head_host(origin + 8, theirs, sizeof theirs) && strcmp(theirs, host) == 0;
}

static bool is_json(const char *type)
{
	static const char json[] = "application/json";
	if (!type || strncasecmp(type, json, sizeof json - 1) != 0)
		return false;
	type += sizeof json - 1;
	type += strspn(type, " \t");
	return *type == '\0' || *type == ';';
}

static const struct http_fault *judge_post(const struct http_head *head, const char *host)
{
	const char *origin = http_head_field(head, "origin"), *site = http_head_field(head, "sec-fetch-site");
	bool same = origin ? same_origin(origin, host) : site && strcmp(site, "same-origin") == 0;
	if (!same || (site && strcmp(site, "same-origin") != 0))
		return &other_site;
	return is_json(http_head_field(head, "content-type")) ? NULL : &not_json;
}

const struct http_fault *http_filter(const struct conn *c, const struct http_head *head)
{
	char host[TARGET_HOST_MAX];
	const char *value = http_head_field(head, "host"), *site = http_head_field(head, "sec-fetch-site");
	bool api = strncmp(head->path, "/api/", 5) == 0;
	if (!value || !http_head_host(value, host, sizeof host))
		return &no_host;
	if (!is_ours(c, host))
		return &other_host;
	if (strcmp(head->method, "POST") == 0)
		return api ? judge_post(head, host) : &not_post;
	if (!api)
		return NULL;
	if (head->method[0] == 'H')
		return &not_head;
	/* 'none': typed or bookmarked. */
	return site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0 ? &other_site : NULL;
}
