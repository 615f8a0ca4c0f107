#include "agent/home.h"

#include <assert.h>
#include <event2/event.h>
#include <inttypes.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/keeper.h"
#include "agent/notices.h"
#include "agent/outgoing.h"
#include "agent/probe.h"
#include "agent/status.h"
#include "base/clock.h"
#include "base/log.h"
#include "lib/contacts.h"
#include "wire/codec.h"
#include "wire/frame.h"

#define ME "server"
#define RECEIPTS_MAX 256
#define STABLE_MS 2000 /* up so long, the next loss is a new one and not the same trouble going on */

struct home {
	struct agent *agent;
	enum home_state state;
	struct link *link;
	struct event *retry, *silence, *flush;
	int backoff_ms, heartbeat_ms;
	int64_t since, up_at;
	uint64_t ref;
	char why[256];
	bool cannot_record;
	struct keeper *contacts, *plan; /* for the day without network */
	size_t n_receipts;
	struct {
		uint64_t notice;
		Renraku__Stage stage;
	} receipts[RECEIPTS_MAX];
};

static void set_state(struct home *h, enum home_state to)
{
	assert(to == HOME_DOWN || (int)to == (int)h->state + 1);
	h->state = to;
	h->since = clock_wall_ms();
}

/* Between half and the whole of ms, so that the terminals of a town do not all come back in the same instant. */
static int64_t jitter(int ms)
{
	uint32_t r = 0;
	RAND_bytes((unsigned char *)&r, sizeof r);
	return ms / 2 + (int64_t)(r % (uint32_t)(ms / 2 + 1));
}

static void arm(struct event *e, int64_t ms)
{
	struct timeval tv = agent_ms(ms);
	evtimer_add(e, &tv);
}

static void go_down(struct home *h, const char *why)
{
	bool was_up = h->state == HOME_UP;
	const struct settings *s = h->agent->settings;
	if (was_up && clock_boot_ms() - h->up_at > STABLE_MS)
		h->backoff_ms = s->retry_min_ms;
	int64_t wait = jitter(h->backoff_ms);
	if (was_up || strcmp(why, h->why) != 0)
		log_warning(ME, "%s:%u: %s; trying again", s->server, (unsigned)s->port, why);
	snprintf(h->why, sizeof h->why, "%s", why);
	link_free(h->link);
	h->link = NULL;
	h->n_receipts = 0;
	event_del(h->silence);
	set_state(h, HOME_DOWN);
	h->backoff_ms = h->backoff_ms * 2 > s->retry_max_ms ? s->retry_max_ms : h->backoff_ms * 2;
	arm(h->retry, wait);
	outgoing_disconnected(h->agent->outgoing);
	if (was_up)
		status_write(h->agent);
}

void home_restart(struct home *h, const char *why)
{
	if (h->state != HOME_DOWN)
		go_down(h, why);
}

/* ---- sending ---- */

static bool send_frame(struct home *h, Renraku__ClientFrame *f)
{
	f->ref = ++h->ref;
	if (h->link && link_send(h->link, f))
		return true;
	return false;
}

static void send_hello(struct home *h)
{
	Renraku__Hello hello = RENRAKU__HELLO__INIT;
	hello.version = 1;
	hello.program = (char *)(uintptr_t)AGENT_PROGRAM;
	hello.wants_notices = true;
	hello.seen = notices_seen(h->agent->notices);
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_HELLO;
	f.hello = &hello;
	send_frame(h, &f);
}

static void subscribe(struct home *h, const struct keeper *k)
{
	Renraku__Subscribe s = RENRAKU__SUBSCRIBE__INIT;
	s.view = keeper_view(k);
	s.revision = keeper_revision(k);
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_SUBSCRIBE;
	f.subscribe = &s;
	send_frame(h, &f);
}

static void subscribe_kept(struct home *h)
{
	subscribe(h, h->contacts);
	subscribe(h, h->plan);
}

static void send_pong(struct home *h, uint64_t nonce)
{
	Renraku__Pong pong = RENRAKU__PONG__INIT;
	pong.nonce = nonce;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_PONG;
	f.pong = &pong;
	send_frame(h, &f);
}

bool home_command(struct home *h, const Renraku__Command *c)
{
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_COMMAND;
	f.command = (Renraku__Command *)(uintptr_t)c;
	return h->state == HOME_UP && send_frame(h, &f);
}

static void on_flush(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct home *h = arg;
	Renraku__Receipt store[RECEIPTS_MAX], *list[RECEIPTS_MAX];
	if (h->state != HOME_UP || !h->n_receipts)
		return;
	for (size_t i = 0; i < h->n_receipts; i++) {
		store[i] = (Renraku__Receipt)RENRAKU__RECEIPT__INIT;
		store[i].notice = h->receipts[i].notice;
		store[i].stage = h->receipts[i].stage;
		list[i] = &store[i];
	}
	Renraku__Receipts r = RENRAKU__RECEIPTS__INIT;
	r.n_receipts = h->n_receipts;
	r.receipts = list;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_RECEIPTS;
	f.receipts = &r;
	h->n_receipts = 0;
	send_frame(h, &f);
}

void home_receipt(struct home *h, uint64_t notice, Renraku__Stage stage)
{
	if (h->state != HOME_UP)
		return;
	if (h->n_receipts == RECEIPTS_MAX)
		on_flush(-1, 0, h);
	h->receipts[h->n_receipts].notice = notice;
	h->receipts[h->n_receipts++].stage = stage;
	arm(h->flush, 0);
}

void home_probe_answer(struct home *h, uint32_t test, Renraku__Stage stage)
{
	Renraku__ProbeAnswer answer = RENRAKU__PROBE_ANSWER__INIT;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	answer.test = test;
	answer.stage = stage;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_PROBE_ANSWER;
	f.probe_answer = &answer;
	if (h->state == HOME_UP)
		send_frame(h, &f);
}

/* ---- receiving ---- */

/* What this terminal has seen is newer than all that the server has: the log was begun anew or set back. Without forgetting, the new
   log's notices would be taken for old ones and nobody alerted. */
static bool another_log(struct home *h, const Renraku__Welcome *w)
{
	if (w->head >= notices_seen(h->agent->notices))
		return false;
	log_warning(ME, "the server's log ends at %" PRIu64 ", before what this terminal has seen (%" PRIu64 "); starting afresh", w->head,
		notices_seen(h->agent->notices));
	notices_forget(h->agent->notices);
	h->agent->probe_shown = 0;
	keeper_forget(h->contacts);
	keeper_forget(h->plan);
	go_down(h, "the server's log is another one");
	return true;
}

static void be_up(struct home *h, const Renraku__Welcome *w)
{
	if (another_log(h, w))
		return;
	set_state(h, HOME_UP);
	h->up_at = clock_boot_ms();
	h->heartbeat_ms = (int)(w->heartbeat_ms < 600000 ? w->heartbeat_ms : 600000);
	h->cannot_record = w->cannot_record;
	log_info(ME, "connected to %s:%u as %s (%s)", h->agent->settings->server, (unsigned)h->agent->settings->port, w->principal,
		w->server);
	if (*w->warning)
		log_warning(ME, "%s", w->warning);
	if (w->cannot_record)
		log_warning(ME, "the server cannot record now: commands are refused");
	h->why[0] = '\0';
	subscribe_kept(h);
	status_write(h->agent);
	outgoing_poke(h->agent->outgoing);
}

static void take_bye(struct home *h, const Renraku__Bye *b)
{
	char why[256];
	snprintf(why, sizeof why, "%s %s", b->code, *b->text ? b->text : b->text_en);
	go_down(h, why);
}

static void take_up(struct home *h, const Renraku__ServerFrame *f)
{
	switch (f->body_case) {
	case RENRAKU__SERVER_FRAME__BODY_NOTICE:
		notices_take(h->agent->notices, f->notice);
		break;
	case RENRAKU__SERVER_FRAME__BODY_PROBE:
		probe_take(h->agent, f->probe);
		break;
	case RENRAKU__SERVER_FRAME__BODY_VIEW:
		keeper_take(h->contacts, f->view);
		keeper_take(h->plan, f->view);
		break;
	case RENRAKU__SERVER_FRAME__BODY_RESULT:
		if (h->agent->outgoing)
			outgoing_result(h->agent->outgoing, f->result);
		break;
	case RENRAKU__SERVER_FRAME__BODY_WELCOME:
		h->cannot_record = f->welcome->cannot_record;
		break;
	case RENRAKU__SERVER_FRAME__BODY_REFUSAL:
		log_warning(ME, "refused: %s %s", f->refusal->code, f->refusal->text);
		break;
	default:
		break;
	}
}

static void take(struct home *h, const Renraku__ServerFrame *f)
{
	if (f->body_case == RENRAKU__SERVER_FRAME__BODY_PING)
		send_pong(h, f->ping->nonce);
	else if (f->body_case == RENRAKU__SERVER_FRAME__BODY_BYE)
		take_bye(h, f->bye);
	else if (h->state == HOME_UP)
		take_up(h, f);
	else if (f->body_case == RENRAKU__SERVER_FRAME__BODY_WELCOME)
		be_up(h, f->welcome);
	else if (f->body_case == RENRAKU__SERVER_FRAME__BODY_REFUSAL)
		go_down(h, f->refusal->text);
}

static void listen_for_silence(struct home *h)
{
	/* A server that says it beats slowly is believed; three beats missed is dead. */
	int ms = h->agent->settings->silence_ms;
	int beats = h->state == HOME_UP ? h->heartbeat_ms * 3 : 0;
	arm(h->silence, beats > ms ? beats : ms);
}

static void on_frame(void *arg, const uint8_t *data, size_t len)
{
	struct home *h = arg;
	struct arena *a = arena_new(FRAME_ARENA_MAX);
	Renraku__ServerFrame *f;
	enum codec_verdict v = codec_unpack_server(a, data, len, &f);
	if (v == CODEC_OK)
		take(h, f);
	else if (v != CODEC_UNKNOWN)
		go_down(h, codec_verdict_name(v));
	/* Not while greeting: a server that only pings and never welcomes us must not keep us there. */
	if (h->state == HOME_UP)
		listen_for_silence(h);
	arena_free(a);
}

static void on_up(void *arg)
{
	struct home *h = arg;
	set_state(h, HOME_GREETING);
	listen_for_silence(h);
	send_hello(h);
}

static void on_lost(void *arg, const char *why)
{
	go_down(arg, why);
}

static const struct link_events link_events = {on_up, on_frame, on_lost};

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct home *h = arg;
	set_state(h, HOME_DIALLING);
	h->link = link_dial(h->agent->way, h->agent->settings->connect_ms, &link_events, h);
}

static void on_silence(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	go_down(arg, "silent for too long");
}

/* ---- life ---- */

static struct keeper *keep(struct agent *a, Renraku__View view, const char *what, char *(*path)(const struct settings *, struct arena *))
{
	struct arena *arena = arena_new(0);
	struct keeper *k = keeper_new(a, view, what, xstrdup(path(a->settings, arena)));
	arena_free(arena);
	return k;
}

struct home *home_new(struct agent *a)
{
	struct home *h = xcalloc(1, sizeof *h);
	h->agent = a;
	h->since = clock_wall_ms();
	h->backoff_ms = a->settings->retry_min_ms;
	h->retry = evtimer_new(a->base, on_retry, h);
	h->silence = evtimer_new(a->base, on_silence, h);
	h->flush = evtimer_new(a->base, on_flush, h);
	h->contacts = keep(a, RENRAKU__VIEW__VIEW_CONTACTS, "contacts", contacts_path);
	h->plan = keep(a, RENRAKU__VIEW__VIEW_PLAN, "plan", contacts_plan_path);
	arm(h->retry, 0);
	return h;
}

void home_free(struct home *h)
{
	if (!h)
		return;
	link_free(h->link);
	event_free(h->retry);
	event_free(h->silence);
	event_free(h->flush);
	keeper_free(h->contacts);
	keeper_free(h->plan);
	free(h);
}

enum home_state home_state(const struct home *h)
{
	return h->state;
}

int64_t home_since(const struct home *h)
{
	return h->since;
}

const char *home_why(const struct home *h)
{
	return h->why;
}

bool home_cannot_record(const struct home *h)
{
	return h->cannot_record;
}

size_t home_telephone(const struct home *h, struct arena *a, char **out, size_t max)
{
	size_t n = contacts_lines(keeper_rows(h->contacts), a, out, max);
	const struct settings_list *l = &h->agent->settings->emergency_contacts;
	for (size_t i = 0; n == 0 && i < l->n && i < max; i++)
		out[i] = l->at[i];
	return n ? n : l->n < max ? l->n : max;
}

void home_reload(struct home *h)
{
	if (h->state == HOME_UP)
		subscribe_kept(h);
}
