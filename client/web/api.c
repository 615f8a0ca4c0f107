#include "web/api_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "web/csrf.h"
#include "web/json.h"
#include "web/print.h"

#define JSON_TYPE "application/json"
#define REPLY_MAX (4u << 20)
#define TOKEN_TEXT 68 /* prefix, 64 hex digits, NUL */
#define TOKEN_MAX_AGE (400LL * 24 * 3600)

/* ---- a call's life ---- */

static void call_free(struct api_call *c)
{
	if (c->ask && c->base.browser && browser_upstream(c->browser))
		upstream_cancel(c->ask);
	browser_hang_up(&c->base);
	if (c->browser)
		browser_settle(c->browser);
	arena_free(c->arena);
	free(c);
}

static void on_gone(void *arg)
{
	struct api_call *c = arg;
	struct browser *b = c->browser;
	bool half_way = c->signs_in && c->ask && c->base.browser;
	call_free(c);
	/* Nobody got the cookie that goes with it. */
	if (half_way && browser_upstream(b))
		upstream_restart(browser_upstream(b));
}

void api_release(struct api_call *c)
{
	call_free(c);
}

void api_reply(struct api_call *c, const struct buf *json)
{
	if (json->full)
		http_refuse(c->http, 500, "TOO_LARGE", "内容が大きすぎて返せません。", "The answer is too large.", 0);
	else
		http_reply(c->http, 200, JSON_TYPE, json->data, json->len);
	call_free(c);
}

void api_reply_message(struct api_call *c, const ProtobufCMessage *m)
{
	struct buf json;
	buf_init(&json, REPLY_MAX);
	json_write(&json, m);
	api_reply(c, &json);
	buf_free(&json);
}

void api_reply_empty(struct api_call *c, int status)
{
	http_reply(c->http, status, JSON_TYPE, "{}", status == 204 ? 0 : 2);
	call_free(c);
}

void api_reply_session(struct api_call *c)
{
	struct buf json;
	buf_init(&json, REPLY_MAX);
	browser_session(c->browser, &json);
	api_reply(c, &json);
	buf_free(&json);
}

void api_refuse(struct api_call *c, int status, const char *code, const char *ja, const char *en, uint32_t retry_after_ms)
{
	http_refuse(c->http, status, code, ja, en, retry_after_ms);
	call_free(c);
}

void api_refuse_as(struct api_call *c, const Renraku__Refusal *r)
{
	int status = !strcmp(r->code, "NOT_SIGNED_IN") ? 401 : !strcmp(r->code, "BUSY") || !strncmp(r->code, "TOO_MANY", 8) ? 429 : 403;
	api_refuse(c, status, r->code, r->text, *r->text_en ? r->text_en : r->text, r->retry_after_ms);
}

static void set_cookie(struct api_call *c, const char *name, enum upstream_token which, int64_t age_s)
{
	const char *token = browser_token(c->browser, which);
	if (token && age_s)
		http_set_cookie(c->http, name, token, age_s < TOKEN_MAX_AGE ? age_s : TOKEN_MAX_AGE);
	else if (!token && c->had[which])
		http_set_cookie(c->http, name, NULL, 0);
}

void api_set_cookies(struct api_call *c, int64_t person_age_s, int64_t terminal_age_s)
{
	set_cookie(c, API_PERSON_COOKIE, UPSTREAM_PERSON, person_age_s);
	set_cookie(c, API_TERMINAL_COOKIE, UPSTREAM_TERMINAL, terminal_age_s);
}

int64_t api_terminal_age(const struct browser *b)
{
	return *browser_terminal(b) ? TOKEN_MAX_AGE : 0;
}

void api_forget_cookies(struct api_call *c)
{
	if (c->had[UPSTREAM_PERSON])
		http_set_cookie(c->http, API_PERSON_COOKIE, NULL, 0);
	if (c->had[UPSTREAM_TERMINAL])
		http_set_cookie(c->http, API_TERMINAL_COOKIE, NULL, 0);
}

/* ---- asking renrakud ---- */

static void not_confirmed(struct api_call *c)
{
	api_refuse(c, 504, "NOT_CONFIRMED", "サーバの返事がありません。記録されたかどうか分かりません。同じ内容をもう一度送ってください。",
		"The server did not answer. Whether it is on record is not known; send the same again.", 1000);
}

static void no_server(struct api_call *c)
{
	api_refuse(c, 503, "NO_SERVER", "連絡サーバにつながりません。つながるまで電話も使ってください。",
		"The server cannot be reached. Use the telephone too until it can.", 1000);
}

static bool on_answer(void *arg, enum upstream_outcome outcome, const Renraku__ServerFrame *f)
{
	struct api_call *c = arg;
	if (outcome != UPSTREAM_ANSWERED) {
		c->ask = NULL;
		if (c->route->failed)
			c->route->failed(c, BROWSER_NO_ANSWER);
		else
			not_confirmed(c);
		return false;
	}
	if (f->body_case == RENRAKU__SERVER_FRAME__BODY_REFUSAL && !c->route->takes_refusals) {
		api_refuse_as(c, f->refusal);
		return false;
	}
	return c->route->answered(c, f);
}

void api_ask(struct api_call *c, Renraku__ClientFrame *f)
{
	struct upstream *u = browser_upstream(c->browser);
	if (upstream_full(u)) {
		api_refuse(c, 429, "BUSY", "返事を待っているものが多すぎます。少し待ってください。",
			"Too many requests wait for an answer.", 1000);
		return;
	}
	c->ask = upstream_ask(u, f, c->route->answer_ms ? c->route->answer_ms : API_ANSWER_MS, on_answer, c);
	if (!c->ask)
		api_refuse(
			c, 413, "TOO_LARGE", "内容が長すぎて送れません。短くしてください。", "This is too long to be sent; shorten it.", 0);
}

void api_tell(struct api_call *c, Renraku__ClientFrame *f)
{
	if (upstream_tell(browser_upstream(c->browser), f))
		api_reply_empty(c, 204);
	else
		no_server(c);
}

static void on_perform(struct browser_call *base)
{
	struct api_call *c = (struct api_call *)base;
	c->route->perform(c);
}

static void on_failed(struct browser_call *base, enum browser_failure why)
{
	struct api_call *c = (struct api_call *)base;
	c->ask = NULL;
	if (c->route->failed) {
		c->route->failed(c, why);
		return;
	}
	if (why == BROWSER_NO_SERVER) {
		no_server(c);
		return;
	}
	api_forget_cookies(c);
	api_refuse(c, 401, "NOT_SIGNED_IN", "サインインしてください。", "Sign in.", 0);
}

/* ---- whose request it is ---- */

/* As renrakud makes them; anything else is no token of ours and not worth asking. */
static const char *token_cookie(struct http_request *r, const char *name, const char *prefix, char out[TOKEN_TEXT])
{
	static const char hex[] = "0123456789abcdef";
	const char *value = http_cookie(r, name);
	size_t len = strlen(prefix);
	if (!value || strncmp(value, prefix, len) != 0 || strlen(value) != len + 64 || strspn(value + len, hex) != 64)
		return NULL;
	memcpy(out, value, len + 64 + 1);
	return out;
}

static const struct api_route *find_route(const struct http_request *r, bool *path_known)
{
	const struct api_route *const tables[] = {api_sign_routes, api_act_routes, api_log_routes, api_print_routes};
	*path_known = false;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (const struct api_route *at = tables[i]; at->path; at++) {
			if (strcmp(at->path, http_path(r)) != 0)
				continue;
			*path_known = true;
			if (at->method == http_method(r))
				return at;
		}
	return NULL;
}

/* False: it was refused. */
static bool read_body(struct api_call *c)
{
	size_t len;
	const char *why;
	if (!c->route->body)
		return true;
	const void *text = http_body(c->http, &len);
	c->body = json_read(c->arena, c->route->body, text, len, &why);
	if (c->body)
		return true;
	http_refuse(c->http, 400, "MALFORMED", arena_printf(c->arena, "送られた内容が正しくありません: %s", why),
		arena_printf(c->arena, "What was sent is wrong: %s", why), 0);
	return false;
}

bool api_reachable(const struct api *api)
{
	return api->own && (upstream_ready(api->own) || upstream_hopeful(api->own));
}

static void session_of_nobody(struct api *api, struct http_request *r)
{
	struct buf json;
	buf_init(&json, REPLY_MAX);
	browsers_session_of_nobody(api->browsers, api_reachable(api), &json);
	http_reply(r, 200, JSON_TYPE, json.data, json.len);
	buf_free(&json);
}

static void too_many(struct http_request *r)
{
	http_refuse(r, 429, "BUSY", "混み合っています。少し待ってください。", "Too many browsers; wait a little.", 2000);
}

/* "inbox,incident:3" */
static bool add_views(struct browser *b, const char *list)
{
	char name[64];
	while (*list) {
		size_t len = strcspn(list, ",");
		unsigned incident = 0;
		const char *colon = memchr(list, ':', len);
		size_t word = colon ? (size_t)(colon - list) : len;
		if (word >= sizeof name - 5)
			return false;
		memcpy(name, "VIEW_", 5);
		for (size_t i = 0; i < word; i++)
			name[5 + i] = (char)(list[i] >= 'a' && list[i] <= 'z' ? list[i] - 'a' + 'A' : list[i]);
		name[5 + word] = '\0';
		if (colon)
			incident = (unsigned)strtoul(colon + 1, NULL, 10);
		const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value_by_name(&renraku__view__descriptor, name);
		if (!v || !v->value || (incident != 0) != (v->value == RENRAKU__VIEW__VIEW_INCIDENT))
			return false;
		if (!browser_view(b, (Renraku__View)v->value, incident)) {
			if (!browser_add_view(b, (Renraku__View)v->value, incident))
				return false;
			browser_subscribe(b, (Renraku__View)v->value, incident);
		}
		list += len + (list[len] == ',');
	}
	return true;
}

static void begin_stream(struct browser *b, struct http_request *r)
{
	const char *watch = http_query(r, "watch"), *last = http_header(r, "Last-Event-ID");
	if (watch && !add_views(b, watch)) {
		http_refuse(r, 400, "MALFORMED", "watch が正しくありません。", "watch names a view that does not exist, or too many.", 0);
		return;
	}
	if (browser_token(b, UPSTREAM_TERMINAL) && api_terminal_age(b))
		http_set_cookie(r, API_TERMINAL_COOKIE, browser_token(b, UPSTREAM_TERMINAL), api_terminal_age(b));
	browser_stream(b, r, last ? last : http_query(r, "last"));
}

void api_begin(struct api_call *c)
{
	if (!browser_call(c->browser, &c->base))
		api_refuse(c, 429, "BUSY", "返事を待っているものが多すぎます。少し待ってください。",
			"Too many requests wait for an answer.", 1000);
}

static void begin_call(struct api *api, const struct api_route *route, struct http_request *r, const char *person, const char *terminal)
{
	struct api_call *c = xcalloc(1, sizeof *c);
	c->api = api;
	c->route = route;
	c->http = r;
	c->arena = arena_new(0);
	c->had[UPSTREAM_PERSON] = person != NULL;
	c->had[UPSTREAM_TERMINAL] = terminal != NULL;
	c->base.perform = on_perform;
	c->base.failed = on_failed;
	if (!read_body(c)) {
		call_free(c);
		return;
	}
	c->browser = browser_get(api->browsers, person, terminal, http_address(r));
	if (!c->browser) {
		too_many(r);
		call_free(c);
		return;
	}
	http_later(r, on_gone, c);
	if (!browser_call(c->browser, &c->base))
		api_refuse(c, 429, "BUSY", "返事を待っているものが多すぎます。少し待ってください。",
			"Too many requests wait for an answer.", 1000);
}

static bool forged(struct http_request *r, const char *person, const char *terminal)
{
	if (http_method(r) != HTTP_POST || csrf_matches(person, terminal, http_header(r, "X-Renraku-CSRF")))
		return false;
	http_refuse(r, 403, "CSRF", "この画面は古くなっています。読み込み直してください。", "This page is out of date; load it again.", 0);
	return true;
}

void api_request(struct api *api, struct http_request *r)
{
	bool path_known;
	const char *path = http_path(r);
	char tokens[2][TOKEN_TEXT];
	const char *person = token_cookie(r, API_PERSON_COOKIE, "rt-", tokens[0]);
	const char *terminal = token_cookie(r, API_TERMINAL_COOKIE, "re-", tokens[1]);
	bool nobody = !person && !terminal, stream = !strcmp(path, "/api/stream") && http_method(r) == HTTP_GET;
	const struct api_route *route = find_route(r, &path_known);
	if (!route && !stream) {
		http_refuse(r, path_known ? 405 : 404, path_known ? "METHOD" : "NOT_FOUND", "そのような要求はありません。",
			"There is no such request.", 0);
		return;
	}
	if (forged(r, person, terminal))
		return;
	if (nobody && route && !strcmp(path, "/api/session")) {
		session_of_nobody(api, r);
		return;
	}
	if (nobody && strcmp(path, "/api/sign-in") != 0) {
		http_refuse(r, 401, "NOT_SIGNED_IN", "サインインしてください。", "Sign in.", 0);
		return;
	}
	if (route) {
		begin_call(api, route, r, person, terminal);
		return;
	}
	struct browser *b = browser_get(api->browsers, person, terminal, http_address(r));
	if (b)
		begin_stream(b, r);
	else
		too_many(r);
}

/* ---- the program's own session ---- */

static void on_own_ready(void *arg)
{
	(void)arg;
}

static void on_own_lost(void *arg, const char *ja, const char *en)
{
	(void)arg;
	(void)ja;
	(void)en;
}

static void on_own_welcome(void *arg, const Renraku__Welcome *m)
{
	(void)arg;
	if (*m->warning_en)
		log_warning("renrakud", "%s", m->warning_en);
}

static void on_own_token_lost(void *arg, enum upstream_token which)
{
	(void)arg;
	(void)which;
}

static void on_own_bye(void *arg, const Renraku__Bye *m)
{
	(void)arg;
	log_warning("renrakud", "goodbye: %s %s", m->code, m->text_en);
}

static void on_own_view(void *arg, const uint8_t *update, size_t len)
{
	(void)arg;
	(void)update;
	(void)len;
}

static void on_own_frame(void *arg, const Renraku__ServerFrame *f)
{
	(void)arg;
	(void)f;
}

static const struct upstream_events own_events = {
	on_own_ready, on_own_lost, on_own_welcome, on_own_token_lost, on_own_bye, on_own_view, on_own_frame};

struct api *api_new(struct event_base *base, const struct web_config *config, char **error)
{
	struct api *api = xcalloc(1, sizeof *api);
	api->base = base;
	api->config = config;
	api->place = (struct upstream_place){base, link_way_new(base, config->client, error), config->client};
	if (!api->place.way) {
		free(api);
		return NULL;
	}
	api->browsers = browsers_new(&api->place, config->telephone.at);
	api->prints = prints_new(base, config->report, config->client);
	api->own = upstream_new(&api->place, "", false, NULL, NULL, &own_events, api);
	return api;
}

bool api_reload(struct api *api, char **error)
{
	return link_way_reload(api->place.way, error);
}

void api_stop(struct api *api)
{
	prints_stop(api->prints);
	upstream_free(api->own);
	api->own = NULL;
	browsers_stop(api->browsers);
}

void api_free(struct api *api)
{
	if (!api)
		return;
	prints_free(api->prints);
	browsers_free(api->browsers);
	link_way_free(api->place.way);
	free(api);
}
