/* The header of a request: what is taken holds what http_head.h promises, and is judged the same in whatever pieces it comes. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "web/http_head.h"

static void check_path(const char *path)
{
	assert(path[0] == '/' && !strstr(path, "//") && !strstr(path, "/."));
	assert(!path[strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~/-")]);
}

static void check_fields(const struct http_head *head)
{
	for (size_t i = 0; i < head->n_fields; i++) {
		const struct http_field *f = &head->fields[i];
		assert(*f->name && !strpbrk(f->name, " :\t\r\nABCDEFGHIJKLMNOPQRSTUVWXYZ"));
		assert(!strpbrk(f->value, "\r\n\t") && *f->value != ' ');
	}
}

static void check(const struct http_head *head)
{
	char cookie[257], host[300];
	const char *value = http_head_field(head, "HOST");
	check_path(head->path);
	check_fields(head);
	assert(head->body <= HTTP_BODY_MAX && (head->body == 0 || head->method[0] == 'P'));
	assert(!http_head_field(head, "transfer-encoding"));
	if (value && http_head_host(value, host, sizeof host))
		assert(strrchr(host, ':') && !strpbrk(host, "/@, ") && http_head_host(host, host, sizeof host));
	if (http_head_cookie(http_head_field(head, "cookie"), "__Host-renraku", cookie))
		assert(*cookie && !strpbrk(cookie, "\";,< \\"));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char last = '\0', halves = '\0', *text = malloc(n + 1);
	struct http_head head;
	memcpy(text, p, n);
	text[n] = '\0';
	bool whole = http_head_plausible(text, n, &last);
	bool parts = http_head_plausible(text, n / 2, &halves) && http_head_plausible(text + n / 2, n - n / 2, &halves);
	assert(whole == parts);
	const struct http_fault *fault = http_head_parse(text, n, &head);
	assert(whole || fault);
	if (fault)
		assert(fault->status >= 400 && fault->status <= 505 && fault->ja && fault->en);
	else
		check(&head);
	free(text);
	return 0;
}

size_t fuzz_seed(size_t i, uint8_t *out, size_t max)
{
	static const char *const seeds[] = {
		"GET /api/show?text=%E9%80%A3%E7%B5%A1+a%2Bb&from=1 HTTP/1.1\r\nHost: 127.0.0.1:8443\r\nCookie: a=1; "
		"__Host-renraku=a.b-c_d; z\r\nAccept: */*\r\n\r\n",
		"POST /api/command HTTP/1.1\r\nHost: [::1]:8443\r\nOrigin: https://[::1]:8443\r\nContent-Type: "
		"application/json\r\nContent-Length: 12\r\n\r\n",
		"HEAD / HTTP/1.0\r\nHost: renraku.town.example\r\nConnection: keep-alive, close\r\nIf-None-Match: W/\"0\"\r\n\r\n",
	};
	if (i >= sizeof seeds / sizeof *seeds || strlen(seeds[i]) > max)
		return 0;
	memcpy(out, seeds[i], strlen(seeds[i]));
	return strlen(seeds[i]);
}
