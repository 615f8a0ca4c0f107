#include "web/upstream_parts.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "wire/codec.h"
#include "wire/frame.h"
#include "wire/scan.h"

#define ME "renrakud"
#define PROGRAM "renraku-web " RENRAKU_VERSION
#define STABLE_MS 2000
/* Field numbers of ServerFrame. */
enum { SERVER_REF = 1, SERVER_VIEW = 5 };

void upstream_arm(struct event *e, int64_t ms)
{
	struct timeval tv = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
	evtimer_add(e, &tv);
}

void upstream_enter(struct upstream *u, struct upstream_guard *g)
{
	g->freed = false;
	g->outer = u->freed;
	u->freed = &g->freed;
}

bool upstream_leave(struct upstream *u, struct upstream_guard *g)
{
	if (!g->freed)
		u->freed = g->outer;
	else if (g->outer)
		*g->outer = true;
	return !g->freed;
}

/* Between half and the whole of ms, so that the browsers of a town do not all come back in the same instant. */
static int64_t jitter(int ms)
{
	uint32_t r = 0;
	RAND_bytes((unsigned char *)&r, sizeof r);
	return ms / 2 + (int64_t)(r % (uint32_t)(ms / 2 + 1));
}

/* ---- going down ---- */

static void go_down(struct upstream *u, const char *why, const char *ja, const char *en)
{
	bool was_ready = u->state == UPSTREAM_READY;
	const struct settings *s = u->place->settings;
	if (was_ready && clock_boot_ms() - u->up_at > STABLE_MS)
		u->backoff_ms = s->retry_min_ms;
	/* One line for the program's own session says what the others would repeat for each browser. */
	if ((was_ready || u->hopeful) && !u->device)
		log_warning(ME, "%s:%u: %s; trying again", s->server, (unsigned)s->port, why);
	else
		log_debug(ME, "for %s: %s", u->address, why);
	link_free(u->link);
	u->link = NULL;
	event_del(u->silence);
	u->state = UPSTREAM_DOWN;
	u->hopeful = false;
	upstream_arm(u->retry, jitter(u->backoff_ms));
	u->backoff_ms = u->backoff_ms * 2 > s->retry_max_ms ? s->retry_max_ms : u->backoff_ms * 2;
	if (upstream_lose_asks(u))
		u->events->on_lost(u->arg, ja, en);
}

static void lost(struct upstream *u, const char *why)
{
	go_down(u, why, "連絡サーバにつながりません。つながるまで電話も使ってください。",
		"The server cannot be reached. Use the telephone too until it can.");
}

/* ---- sending ---- */

bool upstream_send(struct upstream *u, Renraku__ClientFrame *f)
{
	f->ref = ++u->ref;
	return u->link && link_send(u->link, f);
}

static bool send_hello(struct upstream *u)
{
	Renraku__Hello hello = RENRAKU__HELLO__INIT;
	hello.version = 1;
	hello.program = (char *)(uintptr_t)(u->device ? PROGRAM " (browser)" : PROGRAM);
	hello.wants_notices = u->device;
	hello.seen = u->seen;
	hello.on_behalf_address = u->address;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_HELLO;
	f.hello = &hello;
	bool sent = upstream_send(u, &f);
	u->greeting[0] = f.ref;
	return sent;
}

static bool send_resume(struct upstream *u, enum upstream_token which)
{
	Renraku__Resume resume = RENRAKU__RESUME__INIT;
	u->greeting[1 + which] = 0;
	if (!u->tokens[which])
		return true;
	resume.token = u->tokens[which];
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_RESUME;
	f.resume = &resume;
	bool sent = upstream_send(u, &f);
	u->greeting[1 + which] = f.ref;
	return sent;
}

static void send_pong(struct upstream *u, uint64_t nonce)
{
	Renraku__Pong pong = RENRAKU__PONG__INIT;
	pong.nonce = nonce;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_PONG;
	f.pong = &pong;
	upstream_send(u, &f);
}

bool upstream_tell(struct upstream *u, Renraku__ClientFrame *f)
{
	return u->state == UPSTREAM_READY && upstream_send(u, f);
}

/* ---- greeting ---- */

static void be_ready(struct upstream *u)
{
	u->state = UPSTREAM_READY;
	u->up_at = clock_boot_ms();
	u->hopeful = true;
	if (!u->device)
		log_info(ME, "connected to %s:%u", u->place->settings->server, (unsigned)u->place->settings->port);
	u->events->on_ready(u->arg);
}

/* Another log than the one whose notices were seen: begun anew, or set back. */
static void check_log(struct upstream *u, const Renraku__Welcome *w)
{
	u->heartbeat_ms = (int)(w->heartbeat_ms < 600000 ? w->heartbeat_ms : 600000);
	if (w->head < u->seen)
		u->seen = 0;
}

/* An answer to the hello or to a resumed token. */
static void greet(struct upstream *u, const Renraku__ServerFrame *f, size_t which)
{
	struct upstream_guard g;
	upstream_enter(u, &g);
	u->greeting[which] = 0;
	if (f->body_case == RENRAKU__SERVER_FRAME__BODY_WELCOME) {
		if (which == 0)
			check_log(u, f->welcome);
		u->events->on_welcome(u->arg, f->welcome);
	} else if (f->body_case == RENRAKU__SERVER_FRAME__BODY_REFUSAL && which > 0 && !strcmp(f->refusal->code, "TOKEN_INVALID")) {
		upstream_set_token(u, which - 1, NULL);
		u->events->on_token_lost(u->arg, which - 1);
	} else if (f->body_case == RENRAKU__SERVER_FRAME__BODY_REFUSAL && which == 1 + UPSTREAM_TERMINAL &&
		   !strcmp(f->refusal->code, "UNKNOWN_TERMINAL")) {
		log_info(ME, "for %s: the site does not name its terminal now", u->address); /* its token may hold again */
	} else if (f->body_case == RENRAKU__SERVER_FRAME__BODY_REFUSAL) {
		go_down(u, f->refusal->code, f->refusal->text, f->refusal->text_en);
	} else {
		go_down(u, "an answer that is none", "連絡サーバの返事が読めません。", "The server's answer makes no sense.");
	}
	if (!upstream_leave(u, &g))
		return;
	if (u->state == UPSTREAM_GREETING && !u->greeting[0] && !u->greeting[1] && !u->greeting[2])
		be_ready(u);
}

static bool take_greeting(struct upstream *u, const Renraku__ServerFrame *f)
{
	for (size_t i = 0; u->state == UPSTREAM_GREETING && f->ref && i < 3; i++)
		if (u->greeting[i] == f->ref) {
			greet(u, f, i);
			return true;
		}
	return false;
}

/* ---- receiving ---- */

static void take_bye(struct upstream *u, const Renraku__Bye *b)
{
	char code[64], ja[512], en[512];
	struct upstream_guard g;
	snprintf(code, sizeof code, "%s", b->code);
	snprintf(ja, sizeof ja, "%s", b->text);
	snprintf(en, sizeof en, "%s", *b->text_en ? b->text_en : b->text);
	upstream_enter(u, &g);
	u->events->on_bye(u->arg, b);
	if (upstream_leave(u, &g))
		go_down(u, code, ja, en);
}

static void take(struct upstream *u, const Renraku__ServerFrame *f)
{
	switch (f->body_case) {
	case RENRAKU__SERVER_FRAME__BODY_PING:
		send_pong(u, f->ping->nonce);
		return;
	case RENRAKU__SERVER_FRAME__BODY_BYE:
		take_bye(u, f->bye);
		return;
	case RENRAKU__SERVER_FRAME__BODY_NOTICE:
		if (f->notice->revision > u->seen)
			u->seen = f->notice->revision;
		break;
	default:
		break;
	}
	if (take_greeting(u, f))
		return;
	if (f->body_case == RENRAKU__SERVER_FRAME__BODY_WELCOME) {
		struct upstream_guard g;
		upstream_enter(u, &g);
		u->events->on_welcome(u->arg, f->welcome);
		if (!upstream_leave(u, &g))
			return;
	} else if (!f->ref) {
		u->events->on_frame(u->arg, f);
		return;
	}
	upstream_answered(u, f);
}

/* A view goes through as it is. True: that it was. */
static bool take_view(struct upstream *u, const uint8_t *data, size_t len)
{
	const uint8_t *p = data, *end = data + len, *view = NULL;
	size_t view_len = 0;
	Renraku__ServerFrame f = RENRAKU__SERVER_FRAME__INIT;
	struct scan_field at;
	while (p < end && scan_field(&p, end, &at)) {
		if (at.id == SERVER_REF)
			f.ref = at.number;
		else if (at.id == SERVER_VIEW && at.value) {
			view = at.value;
			view_len = at.len;
		}
	}
	if (!view || p != end)
		return false;
	f.body_case = RENRAKU__SERVER_FRAME__BODY_VIEW;
	if (upstream_answered(u, &f))
		u->events->on_view(u->arg, view, view_len);
	return true;
}

static void listen_for_silence(struct upstream *u)
{
	int ms = u->place->settings->silence_ms, beats = u->state == UPSTREAM_READY ? u->heartbeat_ms * 3 : 0;
	upstream_arm(u->silence, beats > ms ? beats : ms);
}

static void on_frame(void *arg, const uint8_t *data, size_t len)
{
	struct upstream *u = arg;
	struct upstream_guard g;
	upstream_enter(u, &g);
	if (!take_view(u, data, len)) {
		struct arena *a = arena_new(FRAME_ARENA_MAX);
		Renraku__ServerFrame *f;
		enum codec_verdict v = codec_unpack_server(a, data, len, &f);
		if (v == CODEC_OK)
			take(u, f);
		else if (v != CODEC_UNKNOWN)
			lost(u, codec_verdict_name(v));
		arena_free(a);
	}
	if (!upstream_leave(u, &g))
		return;
	/* Not while greeting: a server that only pings and never welcomes us must not keep us there. */
	if (u->state == UPSTREAM_READY)
		listen_for_silence(u);
}

static void on_up(void *arg)
{
	struct upstream *u = arg;
	u->state = UPSTREAM_GREETING;
	listen_for_silence(u);
	if (!send_hello(u) || !send_resume(u, UPSTREAM_TERMINAL) || !send_resume(u, UPSTREAM_PERSON))
		lost(u, "the greeting cannot be sent");
}

void upstream_fault(struct upstream *u, const char *why)
{
	lost(u, why);
}

static void on_link_lost(void *arg, const char *why)
{
	lost(arg, why);
}

static const struct link_events link_events = {on_up, on_frame, on_link_lost};

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct upstream *u = arg;
	u->state = UPSTREAM_DIALLING;
	u->link = link_dial(u->place->way, u->place->settings->connect_ms, &link_events, u);
}

static void on_silence(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	lost(arg, "silent for too long");
}

/* ---- life ---- */

struct upstream *upstream_new(const struct upstream_place *place, const char *address, bool device, const char *person,
	const char *terminal, const struct upstream_events *events, void *arg)
{
	struct upstream *u = xcalloc(1, sizeof *u);
	u->place = place;
	u->events = events;
	u->arg = arg;
	u->address = xstrdup(address);
	u->device = device;
	u->hopeful = true;
	u->backoff_ms = place->settings->retry_min_ms;
	upstream_set_token(u, UPSTREAM_PERSON, person);
	upstream_set_token(u, UPSTREAM_TERMINAL, terminal);
	u->retry = evtimer_new(place->base, on_retry, u);
	u->silence = evtimer_new(place->base, on_silence, u);
	on_retry(-1, 0, u);
	return u;
}

void upstream_free(struct upstream *u)
{
	if (!u)
		return;
	if (u->freed)
		*u->freed = true;
	upstream_drop_asks(u);
	link_free(u->link);
	event_free(u->retry);
	event_free(u->silence);
	upstream_set_token(u, UPSTREAM_PERSON, NULL);
	upstream_set_token(u, UPSTREAM_TERMINAL, NULL);
	free(u->address);
	free(u);
}

bool upstream_ready(const struct upstream *u)
{
	return u->state == UPSTREAM_READY;
}

bool upstream_hopeful(const struct upstream *u)
{
	return u->state != UPSTREAM_READY && u->hopeful;
}

void upstream_set_token(struct upstream *u, enum upstream_token which, const char *token)
{
	char *old = u->tokens[which];
	u->tokens[which] = token ? xstrdup(token) : NULL;
	if (old)
		explicit_bzero(old, strlen(old));
	free(old);
}

void upstream_restart(struct upstream *u)
{
	link_free(u->link);
	u->link = NULL;
	event_del(u->silence);
	u->state = UPSTREAM_DOWN;
	u->hopeful = true;
	upstream_arm(u->retry, 0);
	upstream_lose_asks(u);
}
