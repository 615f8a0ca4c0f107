#include "web/upstream.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

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

enum state { DOWN, DIALLING, GREETING, READY };

struct upstream_ask {
	struct upstream_ask *prev, *next;
	struct upstream *up;
	struct event *timer;
	uint64_t ref;
	upstream_answer *answer;
	void *arg;
};

struct upstream {
	const struct upstream_place *place;
	const struct upstream_events *events;
	void *arg;
	struct link *link;
	struct event *retry, *silence;
	enum state state;
	char *address, *tokens[2];
	bool device, hopeful;
	uint64_t ref, seen, greeting[3]; /* greeting: refs of the hello and of the resumed tokens that are still to be answered */
	struct upstream_ask *asks;
	size_t n_asks;
	int backoff_ms, heartbeat_ms;
	int64_t up_at;
	bool *freed; /* set when a callback of ours is on the stack */
};

static void arm(struct event *e, int64_t ms)
{
	struct timeval tv = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
	evtimer_add(e, &tv);
}

/* Between half and the whole of ms, so that the browsers of a town do not all come back in the same instant. */
static int64_t jitter(int ms)
{
	uint32_t r = 0;
	RAND_bytes((unsigned char *)&r, sizeof r);
	return ms / 2 + (int64_t)(r % (uint32_t)(ms / 2 + 1));
}

/* ---- asks ---- */

static void ask_free(struct upstream_ask *a)
{
	DL_DELETE(a->up->asks, a);
	a->up->n_asks--;
	event_free(a->timer);
	free(a);
}

void upstream_cancel(struct upstream_ask *a)
{
	if (a)
		ask_free(a);
}

static void on_late(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct upstream_ask *a = arg;
	upstream_answer *answer = a->answer;
	void *to = a->arg;
	ask_free(a);
	answer(to, UPSTREAM_LATE, NULL);
}

/* Nothing new is asked meanwhile, since nothing is sent now. True: the upstream is still there. */
static bool lose_asks(struct upstream *u)
{
	bool freed = false, *outer = u->freed;
	u->freed = &freed;
	while (!freed && u->asks) {
		upstream_answer *answer = u->asks->answer;
		void *to = u->asks->arg;
		ask_free(u->asks);
		answer(to, UPSTREAM_LOST, NULL);
	}
	if (!freed)
		u->freed = outer;
	else if (outer)
		*outer = true;
	return !freed;
}

/* True: the upstream is still there. */
static bool answer_ask(struct upstream *u, const Renraku__ServerFrame *f)
{
	struct upstream_ask *a;
	DL_FOREACH(u->asks, a)
		if (a->ref == f->ref)
			break;
	if (!f->ref || !a)
		return true;
	bool freed = false, *outer = u->freed;
	u->freed = &freed;
	struct upstream_ask *still; /* it may have been cancelled from inside */
	bool more = a->answer(a->arg, UPSTREAM_ANSWERED, f);
	if (freed) {
		if (outer)
			*outer = true;
		return false;
	}
	u->freed = outer;
	DL_FOREACH(u->asks, still)
		if (still == a && !more)
			break;
	if (still)
		ask_free(still);
	return true;
}

/* ---- going down ---- */

static void go_down(struct upstream *u, const char *why, const char *ja, const char *en)
{
	bool was_ready = u->state == READY;
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
	u->state = DOWN;
	u->hopeful = false;
	arm(u->retry, jitter(u->backoff_ms));
	u->backoff_ms = u->backoff_ms * 2 > s->retry_max_ms ? s->retry_max_ms : u->backoff_ms * 2;
	if (lose_asks(u))
		u->events->on_lost(u->arg, ja, en);
}

static void lost(struct upstream *u, const char *why)
{
	go_down(u, why, "連絡サーバにつながりません。つながるまで電話も使ってください。",
		"The server cannot be reached. Use the telephone too until it can.");
}

/* ---- sending ---- */

static bool send_frame(struct upstream *u, Renraku__ClientFrame *f)
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
	bool sent = send_frame(u, &f);
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
	bool sent = send_frame(u, &f);
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
	send_frame(u, &f);
}

bool upstream_tell(struct upstream *u, Renraku__ClientFrame *f)
{
	return u->state == READY && send_frame(u, f);
}

struct upstream_ask *upstream_ask(struct upstream *u, Renraku__ClientFrame *f, int timeout_ms, upstream_answer *answer, void *arg)
{
	if (upstream_full(u) || !upstream_tell(u, f))
		return NULL;
	struct upstream_ask *a = xcalloc(1, sizeof *a);
	a->up = u;
	a->ref = f->ref;
	a->answer = answer;
	a->arg = arg;
	a->timer = evtimer_new(u->place->base, on_late, a);
	arm(a->timer, timeout_ms);
	DL_APPEND(u->asks, a);
	u->n_asks++;
	return a;
}

bool upstream_full(const struct upstream *u)
{
	return u->n_asks >= UPSTREAM_MAX_ASKS;
}

/* ---- greeting ---- */

static void be_ready(struct upstream *u)
{
	u->state = READY;
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
	bool freed = false, *outer = u->freed;
	u->freed = &freed;
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
	if (freed) {
		if (outer)
			*outer = true;
		return;
	}
	u->freed = outer;
	if (u->state == GREETING && !u->greeting[0] && !u->greeting[1] && !u->greeting[2])
		be_ready(u);
}

static bool take_greeting(struct upstream *u, const Renraku__ServerFrame *f)
{
	for (size_t i = 0; u->state == GREETING && f->ref && i < 3; i++)
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
	bool freed = false, *outer = u->freed;
	snprintf(code, sizeof code, "%s", b->code);
	snprintf(ja, sizeof ja, "%s", b->text);
	snprintf(en, sizeof en, "%s", *b->text_en ? b->text_en : b->text);
	u->freed = &freed;
	u->events->on_bye(u->arg, b);
	if (!freed) {
		u->freed = outer;
		go_down(u, code, ja, en);
	} else if (outer) {
		*outer = true;
	}
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
		bool freed = false, *outer = u->freed;
		u->freed = &freed;
		u->events->on_welcome(u->arg, f->welcome);
		if (freed) {
			if (outer)
				*outer = true;
			return;
		}
		u->freed = outer;
	} else if (!f->ref) {
		u->events->on_frame(u->arg, f);
		return;
	}
	answer_ask(u, f);
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
	if (answer_ask(u, &f))
		u->events->on_view(u->arg, view, view_len);
	return true;
}

static void listen_for_silence(struct upstream *u)
{
	int ms = u->place->settings->silence_ms, beats = u->state == READY ? u->heartbeat_ms * 3 : 0;
	arm(u->silence, beats > ms ? beats : ms);
}

static void on_frame(void *arg, const uint8_t *data, size_t len)
{
	struct upstream *u = arg;
	bool freed = false, *outer = u->freed;
	u->freed = &freed;
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
	if (freed) {
		if (outer)
			*outer = true;
		return;
	}
	u->freed = outer;
	/* Not while greeting: a server that only pings and never welcomes us must not keep us there. */
	if (u->state == READY)
		listen_for_silence(u);
}

static void on_up(void *arg)
{
	struct upstream *u = arg;
	u->state = GREETING;
	listen_for_silence(u);
	if (!send_hello(u) || !send_resume(u, UPSTREAM_TERMINAL) || !send_resume(u, UPSTREAM_PERSON))
		lost(u, "the greeting cannot be sent");
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
	u->state = DIALLING;
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
	struct upstream_ask *a, *next;
	DL_FOREACH_SAFE(u->asks, a, next)
		ask_free(a);
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
	return u->state == READY;
}

bool upstream_hopeful(const struct upstream *u)
{
	return u->state != READY && u->hopeful;
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
	u->state = DOWN;
	u->hopeful = true;
	arm(u->retry, 0);
	lose_asks(u);
}
