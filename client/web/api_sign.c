/* Who one is: signed in, signed out, enrolled. */
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "web/api_parts.h"

/* ---- the session ---- */

static void session_of_nobody(struct api_call *c)
{
	struct buf json;
	buf_init(&json, 64u << 10);
	browsers_session_of_nobody(c->api->browsers, api_reachable(c->api), &json);
	api_reply(c, &json);
	buf_free(&json);
}

static void perform_session(struct api_call *c)
{
	/* Tokens that were found to hold no longer leave the browser too. */
	api_set_cookies(c, 0, api_terminal_age(c->browser));
	api_reply_session(c);
}

static void failed_session(struct api_call *c, enum browser_failure why)
{
	if (why != BROWSER_NOBODY) {
		api_reply_session(c);
		return;
	}
	api_forget_cookies(c);
	session_of_nobody(c);
}

/* ---- signing in ---- */

static void perform_sign_in(struct api_call *c)
{
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_SIGN_IN;
	f.sign_in = (Renraku__SignIn *)c->body;
	c->signs_in = true;
	api_ask(c, &f);
}

static void be_signed_in(struct api_call *c, const char *token, int64_t age_s)
{
	browser_set_token(c->browser, UPSTREAM_PERSON, token);
	api_set_cookies(c, age_s, 0);
	api_reply_session(c);
}

/* renrakud cannot keep the sign-in (its disk). It is good as long as this very session lasts, and that is told apart by a token of our own.
 */
static void be_signed_in_for_now(struct api_call *c)
{
	uint8_t random[32];
	char token[3 + 64 + 1] = "rt-";
	RAND_bytes(random, sizeof random);
	text_hex(random, sizeof random, token + 3);
	be_signed_in(c, token, 24 * 3600);
	OPENSSL_cleanse(token, sizeof token);
}

static bool answered_sign_in(struct api_call *c, const Renraku__ServerFrame *f)
{
	int64_t now = streams_now(browsers_streams(c->api->browsers));
	switch (f->body_case) {
	case RENRAKU__SERVER_FRAME__BODY_WELCOME:
		c->stage = 1;
		if (!f->welcome->cannot_record)
			return true; /* the token follows */
		be_signed_in_for_now(c);
		return false;
	case RENRAKU__SERVER_FRAME__BODY_TOKEN:
		be_signed_in(c, f->token->token, ((int64_t)f->token->expires - now) / 1000);
		return false;
	case RENRAKU__SERVER_FRAME__BODY_REFUSAL:
		api_refuse_as(c, f->refusal);
		return false;
	default:
		return true;
	}
}

/* It came with the cookie of a sign-in that is over: it is for a new one that somebody signs in. */
static bool begin_afresh(struct api_call *c)
{
	struct browser *b = browser_get(c->api->browsers, NULL, NULL, http_address(c->http));
	if (!b)
		return false;
	c->browser = b;
	api_begin(c);
	return true;
}

static void failed_sign_in(struct api_call *c, enum browser_failure why)
{
	bool came_with_one = c->had[UPSTREAM_PERSON] || c->had[UPSTREAM_TERMINAL];
	struct upstream *u = browser_upstream(c->browser);
	if (why == BROWSER_NO_ANSWER && !c->stage && upstream_ready(u))
		upstream_restart(u); /* an answer that comes later signs nobody in */
	if (why == BROWSER_NO_ANSWER && c->stage)
		be_signed_in_for_now(c);
	else if (why != BROWSER_NOBODY || !came_with_one || !begin_afresh(c))
		api_refuse(c, 503, "NO_SERVER", "連絡サーバにつながりません。つながるまで電話を使ってください。",
			"The server cannot be reached. Use the telephone until it can.", 1000);
}

/* ---- signing out, leaving ---- */

/* The token is given up whatever became of it at renrakud. */
static void give_up(struct api_call *c, enum upstream_token which, bool done)
{
	browser_give_up(c->browser, which, done);
	api_set_cookies(c, 0, 0);
	api_reply_empty(c, 200);
}

static void perform_sign_out(struct api_call *c)
{
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_SIGN_OUT;
	f.sign_out = (Renraku__SignOut *)c->body;
	api_ask(c, &f);
}

static bool answered_sign_out(struct api_call *c, const Renraku__ServerFrame *f)
{
	give_up(c, UPSTREAM_PERSON, f->body_case == RENRAKU__SERVER_FRAME__BODY_WELCOME);
	return false;
}

static void failed_sign_out(struct api_call *c, enum browser_failure why)
{
	(void)why;
	give_up(c, UPSTREAM_PERSON, false);
}

static void perform_leave(struct api_call *c)
{
	Renraku__Enrol m = RENRAKU__ENROL__INIT;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	m.end = true;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_ENROL;
	f.enrol = &m;
	api_ask(c, &f);
}

static bool answered_leave(struct api_call *c, const Renraku__ServerFrame *f)
{
	const Renraku__Refusal *r = f->body_case == RENRAKU__SERVER_FRAME__BODY_REFUSAL ? f->refusal : NULL;
	if (r && strcmp(r->code, "NOT_ENROLLED") != 0)
		api_refuse_as(c, r);
	else
		give_up(c, UPSTREAM_TERMINAL, !r);
	return false;
}

/* ---- passwords ---- */

static void perform_password(struct api_call *c)
{
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_SET_PASSWORD;
	f.set_password = (Renraku__SetPassword *)c->body;
	api_ask(c, &f);
}

static bool answered_password(struct api_call *c, const Renraku__ServerFrame *f)
{
	const Renraku__Result *r = f->body_case == RENRAKU__SERVER_FRAME__BODY_RESULT ? f->result : NULL;
	if (!r || r->outcome == RENRAKU__OUTCOME__ACCEPTED)
		api_reply_empty(c, 200);
	else
		api_refuse(c, 403, r->code, r->text, *r->text_en ? r->text_en : r->text, 0);
	return false;
}

/* ---- enrolling ---- */

static void perform_enrol(struct api_call *c)
{
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_ENROL;
	f.enrol = (Renraku__Enrol *)c->body;
	if (!*f.enrol->terminal)
		api_refuse(c, 400, "MALFORMED", "端末を指定してください。", "terminal: must be named", 0);
	else
		api_ask(c, &f);
}

/* The connection stays what it was until the token is resumed on it. */
static void stand_for(struct api_call *c, const Renraku__Token *t)
{
	Renraku__Resume m = RENRAKU__RESUME__INIT;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	int64_t now = streams_now(browsers_streams(c->api->browsers));
	c->stage = 1;
	c->age_s = ((int64_t)t->expires - now) / 1000;
	browser_set_token(c->browser, UPSTREAM_TERMINAL, t->token);
	m.token = t->token;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_RESUME;
	f.resume = &m;
	api_ask(c, &f);
}

static bool answered_enrol(struct api_call *c, const Renraku__ServerFrame *f)
{
	if (f->body_case == RENRAKU__SERVER_FRAME__BODY_TOKEN) {
		stand_for(c, f->token);
	} else if (c->stage) {
		api_set_cookies(c, 0, c->age_s);
		api_reply_session(c);
	} else if (f->body_case == RENRAKU__SERVER_FRAME__BODY_REFUSAL) {
		api_refuse_as(c, f->refusal);
	} else {
		api_reply_empty(c, 200);
	}
	return false;
}

const struct api_route api_sign_routes[] = {
	{HTTP_GET, "/api/session", NULL, perform_session, NULL, failed_session, 0, false},
	{HTTP_POST, "/api/sign-in", &renraku__sign_in__descriptor, perform_sign_in, answered_sign_in, failed_sign_in, API_SIGN_IN_MS, true},
	{HTTP_POST, "/api/sign-out", &renraku__sign_out__descriptor, perform_sign_out, answered_sign_out, failed_sign_out, 0, true},
	{HTTP_POST, "/api/password", &renraku__set_password__descriptor, perform_password, answered_password, NULL, API_SIGN_IN_MS, false},
	{HTTP_POST, "/api/enrol", &renraku__enrol__descriptor, perform_enrol, answered_enrol, NULL, 0, true},
	{HTTP_POST, "/api/leave-terminal", &renraku__test__descriptor, perform_leave, answered_leave, NULL, 0, true},
	{HTTP_GET, NULL, NULL, NULL, NULL, NULL, 0, false},
};
