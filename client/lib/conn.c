#include "lib/conn.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/mem.h"
#include "lib/conn_link.h"
#include "lib/durable.h"
#include "wire/codec.h"
#include "wire/frame.h"

#define IN_MAX (FRAME_HEADER + FRAME_MAX)

/* What a device is told between its hello and the welcome of the person it resumes waits here for the first conn_next. A peer that
   sends more than this in that time is none of ours. */
#define KEPT_MAX (4u << 20)

struct kept {
	struct kept *prev, *next;
	size_t len;
	uint8_t data[];
};

struct conn {
	const struct settings *settings; /* borrowed */
	struct conn_link *link;
	uint8_t *in;
	size_t have;
	int64_t heard;
	uint64_t last_ref;
	struct arena *frame, *greeting;
	Renraku__Welcome *welcome;
	struct kept *kept;
	size_t kept_bytes;
	uint64_t pinged, ponged;
	bool by_agent, lapsed, token_came, failed;
};

const char *conn_error_name(enum conn_error e)
{
	static const char *const names[] = {"ok", "timeout", "unreachable", "closed", "bye", "malformed", "config", "refused"};
	assert(-(int)e >= 0 && (size_t) - (int)e < sizeof names / sizeof names[0]);
	return names[-(int)e];
}

const char *conn_problem_text(const struct conn_problem *p)
{
	return i18n_pick(p->ja, p->en);
}

enum conn_error conn_problem_refusal(struct conn_problem *p, const Renraku__Refusal *r)
{
	conn_link_fail(p, CONN_REFUSED, r->code, r->text, *r->text_en ? r->text_en : r->text);
	p->retry_after_ms = r->retry_after_ms;
	return CONN_REFUSED;
}

static enum conn_error malformed(struct conn_problem *p)
{
	return conn_link_fail(p, CONN_MALFORMED, "",
		"相手から読めない内容が届きました。連絡サーバかどうか、版が合っているかを確かめてください。",
		"the peer sent something unreadable; check that it is a Renraku server of a fitting version");
}

/* ---- token file ---- */

static void token_forget(const struct conn *c)
{
	unlink(c->settings->token);
}

static void token_keep(struct conn *c, const char *token)
{
	const char *path = c->settings->token, *slash = strrchr(path, '/');
	if (slash && slash != path) {
		char *dir = xstrndup(path, (size_t)(slash - path));
		durable_directory(dir, 0700);
		free(dir);
	}
	/* Not kept means signing in again next time; no reason to fail the sign-in that just succeeded. */
	c->token_came = durable_write(path, token, strlen(token), 0600) == 0;
}

static bool token_read(const struct conn *c, struct buf *out)
{
	if (durable_read(c->settings->token, out) != 0)
		return false;
	while (out->len && (out->data[out->len - 1] == '\n' || out->data[out->len - 1] == ' '))
		out->data[--out->len] = '\0';
	return out->len > 0;
}

/* ---- frames ---- */

enum conn_error conn_send(struct conn *c, Renraku__ClientFrame *f, int64_t deadline, struct conn_problem *p)
{
	struct buf b;
	if (c->failed)
		return conn_link_fail(p, CONN_CLOSED, "", "接続が切れています。", "the connection is gone");
	f->ref = ++c->last_ref;
	buf_init(&b, IN_MAX);
	enum conn_error e;
	if (codec_pack_client(&b, f))
		e = conn_link_write(c->link, b.data, b.len, deadline, p);
	else
		e = conn_link_fail(p, CONN_REFUSED, "TOO_LARGE", "内容が長すぎて送れません。短くしてください。",
			"this is too long to be sent; shorten it");
	buf_free(&b);
	/* Half a frame may be out: nothing that follows could be understood. */
	if (e != CONN_OK && e != CONN_REFUSED)
		c->failed = true;
	return e;
}

static enum conn_error send_pong(struct conn *c, uint64_t nonce, int64_t deadline, struct conn_problem *p)
{
	Renraku__Pong pong = RENRAKU__PONG__INIT;
	pong.nonce = nonce;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_PONG;
	f.pong = &pong;
	int64_t soon = clock_boot_ms() + 1000;
	return conn_send(c, &f, deadline > soon ? deadline : soon, p);
}

static enum conn_error take_bye(struct conn *c, const Renraku__Bye *b, struct conn_problem *p)
{
	c->failed = true;
	bool away = !strcmp(b->code, "SERVER_UNREACHABLE");
	return conn_link_fail(p, away ? CONN_UNREACHABLE : CONN_BYE, b->code, b->text, *b->text_en ? b->text_en : b->text);
}

/* One frame's payload. CONN_OK with *out NULL: it was for us alone, go on. */
static enum conn_error take_frame(
	struct conn *c, const uint8_t *data, size_t len, int64_t deadline, Renraku__ServerFrame **out, struct conn_problem *p)
{
	Renraku__ServerFrame *f = NULL, *kept = NULL;
	*out = NULL;
	arena_reset(c->frame);
	enum codec_verdict v = codec_unpack_server(c->frame, data, len, &f);
	if (v == CODEC_UNKNOWN)
		return CONN_OK;
	if (v != CODEC_OK)
		return malformed(p);
	switch (f->body_case) {
	case RENRAKU__SERVER_FRAME__BODY_PING:
		return send_pong(c, f->ping->nonce, deadline, p);
	case RENRAKU__SERVER_FRAME__BODY_PONG:
		c->ponged = f->pong->nonce;
		return CONN_OK;
	case RENRAKU__SERVER_FRAME__BODY_TOKEN:
		token_keep(c, f->token->token);
		return CONN_OK;
	case RENRAKU__SERVER_FRAME__BODY_BYE:
		return take_bye(c, f->bye, p);
	case RENRAKU__SERVER_FRAME__BODY_WELCOME:
		arena_reset(c->greeting);
		c->welcome = codec_unpack_server(c->greeting, data, len, &kept) == CODEC_OK ? kept->welcome : NULL;
		break;
	default:
		break;
	}
	*out = f;
	return CONN_OK;
}

/* Takes one frame off the input if a whole one is there. */
static enum conn_error from_input(struct conn *c, int64_t deadline, bool *whole, Renraku__ServerFrame **out, struct conn_problem *p)
{
	size_t len;
	enum frame_verdict v = frame_peek(c->in, c->have, FRAME_MAX, &len);
	*whole = v == FRAME_OK;
	*out = NULL;
	if (v == FRAME_MORE)
		return CONN_OK;
	if (v != FRAME_OK)
		return malformed(p);
	uint8_t *payload = xmemdup(c->in + FRAME_HEADER, len);
	c->have -= FRAME_HEADER + len;
	memmove(c->in, c->in + FRAME_HEADER + len, c->have);
	enum conn_error e = take_frame(c, payload, len, deadline, out, p);
	free(payload);
	return e;
}

static enum conn_error read_more(struct conn *c, int64_t deadline, struct conn_problem *p)
{
	int n = conn_link_read(c->link, c->in + c->have, IN_MAX - c->have, deadline, p);
	if (n > 0) {
		c->have += (size_t)n;
		c->heard = clock_boot_ms();
		return CONN_OK;
	}
	if (n == 0)
		return conn_link_fail(p, CONN_CLOSED, "", "相手が接続を閉じました。", "the peer closed the connection");
	return (enum conn_error)n;
}

/* The next frame off the wire. NULL without an error: the pong that was waited for has come. */
static enum conn_error fresh(struct conn *c, int64_t deadline, uint64_t pong, const Renraku__ServerFrame **out, struct conn_problem *p)
{
	*out = NULL;
	if (c->failed)
		return conn_link_fail(p, CONN_CLOSED, "", "接続が切れています。", "the connection is gone");
	for (;;) {
		Renraku__ServerFrame *f;
		bool whole;
		enum conn_error e = from_input(c, deadline, &whole, &f, p);
		if (e == CONN_OK && (f || (pong && c->ponged == pong))) {
			*out = f;
			return CONN_OK;
		}
		if (e == CONN_OK && !whole)
			e = read_more(c, deadline, p);
		if (e != CONN_OK) {
			c->failed = e != CONN_TIMEOUT;
			return e;
		}
	}
}

static enum conn_error keep(struct conn *c, const Renraku__ServerFrame *f, struct conn_problem *p)
{
	size_t len = renraku__server_frame__get_packed_size(f);
	if (c->kept_bytes + len > KEPT_MAX)
		return malformed(p);
	struct kept *k = xmalloc(sizeof *k + len);
	k->len = renraku__server_frame__pack(f, k->data);
	c->kept_bytes += len;
	DL_APPEND(c->kept, k);
	return CONN_OK;
}

static enum conn_error from_kept(struct conn *c, const Renraku__ServerFrame **out, struct conn_problem *p)
{
	struct kept *k = c->kept;
	Renraku__ServerFrame *f = NULL;
	DL_DELETE(c->kept, k);
	c->kept_bytes -= k->len;
	arena_reset(c->frame);
	enum codec_verdict v = codec_unpack_server(c->frame, k->data, k->len, &f);
	free(k);
	*out = f;
	return v == CODEC_OK ? CONN_OK : malformed(p);
}

enum conn_error conn_next(struct conn *c, int64_t deadline, const Renraku__ServerFrame **out, struct conn_problem *p)
{
	return c->kept ? from_kept(c, out, p) : fresh(c, deadline, 0, out, p);
}

enum conn_error conn_flush(struct conn *c, int64_t deadline, struct conn_problem *p)
{
	Renraku__Ping ping = RENRAKU__PING__INIT;
	ping.nonce = ++c->pinged;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_PING;
	f.ping = &ping;
	enum conn_error e = conn_send(c, &f, deadline, p);
	while (e == CONN_OK && c->ponged != ping.nonce) {
		const Renraku__ServerFrame *other;
		e = fresh(c, deadline, ping.nonce, &other, p);
		if (e == CONN_OK && other)
			e = keep(c, other, p);
	}
	return e;
}

enum conn_error conn_wait(struct conn *c, uint64_t ref, int64_t deadline, const Renraku__ServerFrame **out,
	void (*on_other)(void *arg, const Renraku__ServerFrame *), void *arg, struct conn_problem *p)
{
	for (;;) {
		enum conn_error e = fresh(c, deadline, 0, out, p);
		if (e != CONN_OK)
			return e;
		if ((*out)->ref != ref) {
			if (on_other)
				on_other(arg, *out);
			continue;
		}
		if ((*out)->body_case == RENRAKU__SERVER_FRAME__BODY_REFUSAL)
			return conn_problem_refusal(p, (*out)->refusal);
		return CONN_OK;
	}
}

enum conn_error conn_command(
	struct conn *c, const Renraku__Command *command, int64_t deadline, const Renraku__Result **out, struct conn_problem *p)
{
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_COMMAND;
	f.command = (Renraku__Command *)(uintptr_t)command;
	const Renraku__ServerFrame *answer;
	*out = NULL;
	enum conn_error e = conn_send(c, &f, deadline, p);
	if (e == CONN_OK)
		e = conn_wait(c, f.ref, deadline, &answer, NULL, NULL, p);
	if (e != CONN_OK)
		return e;
	if (answer->body_case != RENRAKU__SERVER_FRAME__BODY_RESULT || strcmp(answer->result->id, command->id) != 0)
		return malformed(p);
	*out = answer->result;
	return CONN_OK;
}

/* ---- opening ---- */

struct asking {
	struct conn *conn;
	enum conn_error error;
	struct conn_problem *problem;
};

static void on_early(void *arg, const Renraku__ServerFrame *f)
{
	struct asking *a = arg;
	if (a->error == CONN_OK)
		a->error = keep(a->conn, f, a->problem);
}

/* Answered by a Welcome. A device hears of its notices from the first one on: what comes before the next is kept. */
static enum conn_error ask(struct conn *c, Renraku__ClientFrame *f, int64_t deadline, struct conn_problem *p)
{
	struct asking asking = {c, CONN_OK, p};
	const Renraku__ServerFrame *answer;
	enum conn_error e = conn_send(c, f, deadline, p);
	if (e == CONN_OK)
		e = conn_wait(c, f->ref, deadline, &answer, on_early, &asking, p);
	if (asking.error != CONN_OK)
		return asking.error;
	if (e == CONN_OK && (answer->body_case != RENRAKU__SERVER_FRAME__BODY_WELCOME || !c->welcome))
		e = malformed(p);
	return e;
}

static enum conn_error hello(struct conn *c, const struct conn_options *o, int64_t deadline, struct conn_problem *p)
{
	Renraku__Hello h = RENRAKU__HELLO__INIT;
	h.version = 1;
	h.program = (char *)(uintptr_t)(o->program ? o->program : "renraku");
	h.wants_notices = o->wants_notices;
	h.seen = o->seen;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_HELLO;
	f.hello = &h;
	return ask(c, &f, deadline, p);
}

/* A token that is turned away is forgotten, unless the server only has no time for it. */
static enum conn_error resume(struct conn *c, int64_t deadline, struct conn_problem *p)
{
	struct buf token;
	enum conn_error e = CONN_OK;
	buf_init(&token, 4096);
	if (token_read(c, &token)) {
		Renraku__Resume r = RENRAKU__RESUME__INIT;
		r.token = (char *)token.data;
		Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
		f.body_case = RENRAKU__CLIENT_FRAME__BODY_RESUME;
		f.resume = &r;
		e = ask(c, &f, deadline, p);
		if (e == CONN_REFUSED && p->retry_after_ms == 0) {
			token_forget(c);
			c->lapsed = true;
		}
		if (e == CONN_REFUSED)
			e = CONN_OK;
	}
	buf_free(&token);
	return e;
}

struct conn *conn_open(const struct settings *s, const struct conn_options *o, int64_t deadline, struct conn_problem *p)
{
	memset(p, 0, sizeof *p);
	/* A peer that goes away is an error code here, never a signal. */
	signal(SIGPIPE, SIG_IGN);
	int64_t own = clock_boot_ms() + s->connect_ms;
	if (own < deadline)
		deadline = own;
	struct conn_link *l = s->agent_socket ? conn_link_unix(s->agent_socket, deadline, p) : conn_link_tls(s, o, deadline, p);
	if (!l)
		return NULL;
	struct conn *c = xcalloc(1, sizeof *c);
	c->settings = s;
	c->link = l;
	c->by_agent = s->agent_socket != NULL;
	c->in = xmalloc(IN_MAX);
	c->frame = arena_new(FRAME_ARENA_MAX);
	c->greeting = arena_new(FRAME_ARENA_MAX);
	enum conn_error e = hello(c, o, deadline, p);
	if (e == CONN_OK && !o->no_resume)
		e = resume(c, deadline, p);
	if (e == CONN_OK)
		return c;
	if (e == CONN_TIMEOUT)
		conn_link_fail(p, CONN_UNREACHABLE, "SERVER_UNREACHABLE", "サーバから返事がありません。", "the server does not answer");
	conn_close(c);
	return NULL;
}

void conn_close(struct conn *c)
{
	if (!c)
		return;
	struct kept *k, *next;
	DL_FOREACH_SAFE(c->kept, k, next)
		free(k);
	conn_link_free(c->link);
	arena_free(c->frame);
	arena_free(c->greeting);
	free(c->in);
	free(c);
}

const Renraku__Welcome *conn_welcome(const struct conn *c)
{
	return c->welcome;
}

bool conn_token_lapsed(const struct conn *c)
{
	return c->lapsed;
}

bool conn_by_agent(const struct conn *c)
{
	return c->by_agent;
}

enum conn_error conn_sign_in(struct conn *c, const char *person, const char *password, int64_t deadline, struct conn_problem *p)
{
	Renraku__SignIn s = RENRAKU__SIGN_IN__INIT;
	s.person = (char *)(uintptr_t)person;
	s.password = (char *)(uintptr_t)password;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_SIGN_IN;
	f.sign_in = &s;
	c->token_came = false;
	enum conn_error e = ask(c, &f, deadline, p);
	/* The token may stand before or after the welcome. */
	int64_t soon = clock_boot_ms() + 1000;
	struct conn_problem ignored;
	const Renraku__ServerFrame *other;
	while (e == CONN_OK && !c->token_came && fresh(c, soon < deadline ? soon : deadline, 0, &other, &ignored) == CONN_OK)
		(void)keep(c, other, &ignored);
	return e;
}

enum conn_error conn_sign_out(struct conn *c, bool everywhere, int64_t deadline, struct conn_problem *p)
{
	Renraku__SignOut s = RENRAKU__SIGN_OUT__INIT;
	s.everywhere = everywhere;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_SIGN_OUT;
	f.sign_out = &s;
	token_forget(c);
	const Renraku__ServerFrame *answer;
	enum conn_error e = conn_send(c, &f, deadline, p);
	return e == CONN_OK ? conn_wait(c, f.ref, deadline, &answer, NULL, NULL, p) : e;
}

bool conn_pending(const struct conn *c)
{
	size_t len;
	return c->kept || conn_link_pending(c->link) || frame_peek(c->in, c->have, FRAME_MAX, &len) != FRAME_MORE;
}

int64_t conn_heard(const struct conn *c)
{
	return c->heard;
}
