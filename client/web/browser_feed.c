#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "web/browser_parts.h"

#define EVENT_MAX (1u << 20)
#define NOTICES_MAX 1000u
#define SUBSCRIBE_MS 10000

static const char up_json[] = "{\"up\":true}";

/* ---- telling ---- */

void browser_tell(struct browser *b, const char *name, const char *json, size_t len)
{
	struct event_text *e = event_text_new(name, b->ring.newest + 1, json, len);
	ring_put(&b->ring, e);
	for (size_t i = 0; i < b->n_streams; i++)
		stream_put(b->streams[i], e);
	event_text_unref(e);
}

/* With a reference; without a number. */
static struct event_text *tell_message(struct browser *b, const char *name, const ProtobufCMessage *m)
{
	struct buf json;
	buf_init(&json, EVENT_MAX);
	json_write(&json, m);
	struct event_text *e = event_text_new(name, 0, buf_str(&json), json.len);
	browser_tell(b, name, e->json, e->len);
	buf_free(&json);
	return e;
}

static void tell_link(struct browser *b)
{
	const char *json = b->link_json ? b->link_json : up_json;
	browser_tell(b, "link", json, strlen(json));
}

static void set_link(struct browser *b, char *json)
{
	bool changed = !json != !b->link_json || (json && strcmp(json, b->link_json) != 0);
	free(b->link_json);
	b->link_json = json;
	if (changed)
		tell_link(b);
}

/* ---- notices and probes ---- */

static void notice_drop(struct browser *b, struct browser_notice *n)
{
	HASH_DEL(b->notices, n);
	event_text_unref(n->event);
	free(n);
}

void browser_notices_clear(struct browser *b)
{
	struct browser_notice *n, *next;
	HASH_ITER(hh, b->notices, n, next)
		notice_drop(b, n);
}

static void take_notice(struct browser *b, const Renraku__Notice *m)
{
	struct browser_notice *n;
	HASH_FIND(hh, b->notices, &m->id, sizeof m->id, n);
	if (n && n->revision >= m->revision)
		return;
	struct event_text *e = tell_message(b, "notice", &m->base);
	if (n)
		notice_drop(b, n);
	if (m->ended) {
		event_text_unref(e);
		return;
	}
	if (HASH_COUNT(b->notices) >= NOTICES_MAX)
		notice_drop(b, b->notices); /* the oldest */
	n = xcalloc(1, sizeof *n);
	n->id = m->id;
	n->revision = m->revision;
	n->event = e;
	HASH_ADD(hh, b->notices, id, sizeof n->id, n);
}

static void take_probe(struct browser *b, const Renraku__Probe *m)
{
	if (b->probe)
		event_text_unref(b->probe);
	b->probe = tell_message(b, "probe", &m->base);
	b->probe_until = (int64_t)m->until;
}

static void on_frame(void *arg, const Renraku__ServerFrame *f)
{
	if (f->body_case == RENRAKU__SERVER_FRAME__BODY_NOTICE)
		take_notice(arg, f->notice);
	else if (f->body_case == RENRAKU__SERVER_FRAME__BODY_PROBE)
		take_probe(arg, f->probe);
	else if (f->body_case == RENRAKU__SERVER_FRAME__BODY_REFUSAL)
		log_warning("renrakud", "refused: %s %s", f->refusal->code, f->refusal->text_en);
}

/* ---- views ---- */

static size_t find_view(const struct browser *b, Renraku__View view, uint32_t incident)
{
	size_t i = 0;
	while (i < b->n_views && (b->views[i].view != (int)view || b->views[i].incident != incident))
		i++;
	return i;
}

struct rowset *browser_view(struct browser *b, Renraku__View view, uint32_t incident)
{
	size_t i = find_view(b, view, incident);
	return i < b->n_views ? &b->views[i] : NULL;
}

bool browser_add_view(struct browser *b, Renraku__View view, uint32_t incident)
{
	if (find_view(b, view, incident) < b->n_views)
		return true;
	if (b->n_views == BROWSER_MAX_VIEWS)
		return false;
	rowset_init(&b->views[b->n_views++], view, incident);
	return true;
}

void browser_drop_view(struct browser *b, Renraku__View view, uint32_t incident)
{
	size_t i = find_view(b, view, incident);
	if (i == b->n_views)
		return;
	rowset_clear(&b->views[i]);
	b->views[i] = b->views[--b->n_views];
}

/* Of the browser, as the session may end before its answer. */
struct browser_subscribing {
	struct browser_subscribing *prev, *next;
	struct browser *browser;
	Renraku__View view;
	uint32_t incident;
};

static void subscribing_free(struct browser_subscribing *s)
{
	DL_DELETE(s->browser->subscribing, s);
	free(s);
}

void browser_views_free(struct browser *b)
{
	while (b->n_views)
		rowset_clear(&b->views[--b->n_views]);
	while (b->subscribing)
		subscribing_free(b->subscribing);
}

static void tell_view(void *arg, const char *json, size_t len)
{
	browser_tell(arg, "view", json, len);
}

/* What may no longer be seen is taken back: an empty snapshot. */
static void take_back(struct browser *b, struct rowset *set)
{
	struct rowset_writer w = {0};
	size_t len;
	rowset_clear(set);
	rowset_write_begin(&w, set, true);
	const char *json = rowset_write_end(&w, true, &len);
	tell_view(b, json, len);
	rowset_writer_free(&w);
}

static bool on_subscribed(void *arg, enum upstream_outcome outcome, const Renraku__ServerFrame *f)
{
	struct browser_subscribing *s = arg;
	struct rowset *set = browser_view(s->browser, s->view, s->incident);
	if (outcome == UPSTREAM_ANSWERED && f->body_case == RENRAKU__SERVER_FRAME__BODY_REFUSAL && set) {
		take_back(s->browser, set);
		browser_drop_view(s->browser, s->view, s->incident);
	}
	subscribing_free(s);
	return false;
}

void browser_subscribe(struct browser *b, Renraku__View view, uint32_t incident)
{
	Renraku__Subscribe m = RENRAKU__SUBSCRIBE__INIT;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	m.view = view;
	m.incident = incident;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_SUBSCRIBE;
	f.subscribe = &m;
	struct browser_subscribing *s = xcalloc(1, sizeof *s);
	*s = (struct browser_subscribing){.browser = b, .view = view, .incident = incident};
	DL_APPEND(b->subscribing, s);
	/* Not ready: all views are subscribed to when it is. */
	if (!b->up || !upstream_ask(b->up, &f, SUBSCRIBE_MS, on_subscribed, s))
		subscribing_free(s);
}

static void on_view(void *arg, const uint8_t *update, size_t len)
{
	struct browser *b = arg;
	int view;
	uint32_t incident;
	struct rowset *set = NULL;
	if (rowset_names(update, len, &view, &incident))
		set = browser_view(b, (Renraku__View)view, incident);
	if (!set || rowset_apply(set, update, len, tell_view, b))
		return;
	log_error("renrakud", "a view that cannot be read, or is beyond what is held; connecting anew");
	rowset_clear(set);
	upstream_fault(b->up, "a view that cannot be taken");
}

/* ---- the session ---- */

/* True: it is another than somebody who was here. */
static bool commit_who(struct browser *b)
{
	bool other = (b->who.person || b->who.terminal) && !browser_who_same(&b->who, &b->fresh);
	browser_who_free(&b->who);
	b->who = b->fresh;
	b->fresh = (struct browser_who){0};
	if (b->who.person || b->who.terminal)
		b->known = true;
	return other;
}

static void subscribe_all(struct browser *b)
{
	for (size_t i = 0; i < b->n_views; i++)
		browser_subscribe(b, (Renraku__View)b->views[i].view, b->views[i].incident);
}

/* Another sees other things: what the one before saw is not kept, and no id of then brings it back. */
static void become_another(struct browser *b)
{
	browser_notices_clear(b);
	for (size_t i = 0; i < b->n_views; i++)
		rowset_clear(&b->views[i]);
	if (b->probe)
		event_text_unref(b->probe);
	b->probe = NULL;
	ring_free(&b->ring);
	browser_new_epoch(b);
	for (size_t i = 0; i < b->n_streams; i++)
		stream_fill(b->streams[i]);
}

void browser_stand_no_more(struct browser *b, enum upstream_token which)
{
	struct browser_who *w = &b->who;
	char **who = which == UPSTREAM_PERSON ? &w->person : &w->terminal;
	free(*who);
	*who = NULL;
	if (which == UPSTREAM_PERSON) {
		free(w->person_name);
		w->person_name = NULL;
		w->administrator = false;
	}
	become_another(b);
	browser_tell_session(b);
}

static void on_welcome(void *arg, const Renraku__Welcome *m)
{
	struct browser *b = arg;
	streams_clock(b->all->streams, (int64_t)m->now - clock_boot_ms());
	browser_who_read(&b->fresh, m);
	if (!upstream_ready(b->up))
		return;
	bool other = !browser_who_same(&b->who, &b->fresh);
	if (commit_who(b))
		become_another(b);
	browser_tell_session(b);
	if (other)
		subscribe_all(b);
}

static void on_ready(void *arg)
{
	struct browser *b = arg;
	browser_bye_free(b);
	if (commit_who(b))
		become_another(b);
	browser_tell_session(b);
	set_link(b, NULL);
	subscribe_all(b);
	browser_calls_perform(b);
}

static void on_lost(void *arg, const char *ja, const char *en)
{
	struct browser *b = arg;
	struct buf json;
	buf_init(&json, 4096);
	buf_puts(&json, "{\"up\":false,\"text\":");
	json_quote(&json, ja);
	buf_puts(&json, ",\"text_en\":");
	json_quote(&json, *en ? en : ja);
	buf_puts(&json, "}");
	set_link(b, buf_take(&json));
	browser_tell_session(b);
	browser_calls_fail(b);
}

static void on_token_lost(void *arg, enum upstream_token which)
{
	struct browser *b = arg;
	browser_set_token(b, which, NULL);
	if (b->tokens[0] || b->tokens[1])
		return;
	if (b->bye.code)
		browser_end(b, b->bye.code, b->bye.ja, b->bye.en);
	else
		browser_end(b, "SIGNED_OUT", "サインインが終わっています。もう一度サインインしてください。",
			"This sign-in has ended. Sign in again.");
}

void browser_bye_free(struct browser *b)
{
	free(b->bye.code);
	free(b->bye.ja);
	free(b->bye.en);
	b->bye.code = b->bye.ja = b->bye.en = NULL;
}

/* Whether the tokens still hold is seen when it is dialled again; this is why they do not. */
static void on_bye(void *arg, const Renraku__Bye *m)
{
	static const char *const over[] = {"SIGNED_OUT", "REMOVED", "TOO_MANY_SIGN_INS"};
	struct browser *b = arg;
	log_info("renrakud", "goodbye to %s: %s", b->address, m->code);
	browser_bye_free(b);
	for (size_t i = 0; i < sizeof over / sizeof *over; i++) {
		if (strcmp(m->code, over[i]) != 0)
			continue;
		b->bye.code = xstrdup(over[i]);
		b->bye.ja = xstrdup(m->text);
		b->bye.en = xstrdup(*m->text_en ? m->text_en : m->text);
	}
}

const struct upstream_events browser_events = {on_ready, on_lost, on_welcome, on_token_lost, on_bye, on_view, on_frame};

/* ---- streams ---- */

static void put_session(struct browser *b, struct stream *s)
{
	struct buf json;
	buf_init(&json, 64u << 10);
	browser_session(b, &json);
	struct event_text *e = event_text_new("session", 0, buf_str(&json), json.len);
	stream_put_as(s, e, 0);
	event_text_unref(e);
	buf_free(&json);
}

static void on_fill(void *arg, struct stream *s)
{
	struct browser *b = arg;
	struct browser_notice *n, *next;
	const char *link = b->link_json ? b->link_json : up_json;
	uint64_t newest = b->ring.newest;
	put_session(b, s);
	HASH_ITER(hh, b->notices, n, next)
		stream_put(s, n->event);
	if (b->probe && b->probe_until > streams_now(b->all->streams))
		stream_put(s, b->probe);
	for (size_t i = 0; i < b->n_views; i++)
		stream_snapshot(s, &b->views[i]);
	struct event_text *e = event_text_new("link", 0, link, strlen(link));
	stream_put_as(s, e, newest);
	event_text_unref(e);
}

static void forget_stream(struct browser *b, const struct stream *s)
{
	for (size_t i = 0; i < b->n_streams; i++)
		if (b->streams[i] == s)
			memmove(b->streams + i, b->streams + i + 1, (--b->n_streams - i) * sizeof(struct stream *));
}

static void on_end(void *arg, struct stream *s)
{
	struct browser *b = arg;
	forget_stream(b, s);
	b->n_open--;
	b->used_at = clock_boot_ms();
}

static const struct stream_owner owner = {on_fill, on_end};

/* Is it one of ours, and all that came after it still here? */
static bool can_go_on(const struct browser *b, const char *last, uint64_t *number)
{
	size_t epoch = strlen(b->epoch);
	char *end;
	if (!last || strncmp(last, b->epoch, epoch) != 0 || last[epoch] != '-' || last[epoch + 1] < '0' || last[epoch + 1] > '9')
		return false;
	*number = strtoull(last + epoch + 1, &end, 10);
	return !*end && ring_holds(&b->ring, *number);
}

void browser_stream(struct browser *b, struct http_request *r, const char *last)
{
	uint64_t number = 0;
	bool goes_on = can_go_on(b, last, &number);
	/* The oldest gives way. Its on_end comes later; nothing more is told to it. */
	if (b->n_streams == BROWSER_MAX_STREAMS) {
		struct stream *oldest = b->streams[0];
		forget_stream(b, oldest);
		stream_close(oldest, NULL);
	}
	struct stream *s = stream_open(b->all->streams, r, b->epoch, &owner, b);
	b->streams[b->n_streams++] = s;
	b->n_open++;
	if (!goes_on) {
		stream_fill(s);
		return;
	}
	struct buf json;
	buf_init(&json, 64u << 10);
	browser_session(b, &json);
	struct event_text *e = event_text_new("session", 0, buf_str(&json), json.len);
	stream_put_as(s, e, number);
	event_text_unref(e);
	buf_free(&json);
	while (number < b->ring.newest)
		stream_put(s, ring_at(&b->ring, ++number));
}
