/*
 * client/web: what a browser is told, against what it makes of it. HTTP and renrakud are played by this file: renrakud changes rows, sends
 * snapshots, goes and comes back; the browser reads slowly, stops, is cut off amid anything and comes back with the last id it saw. However
 * that goes, when it has read all, it holds the rows that renrakud has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "web/browser.h"
#include "web/http.h"

#define VIEWS 3
#define KEYS 60

/* ---- HTTP: one stream and its reader ---- */

struct sent {
	struct sent *next;
	char *event, *id, *json;
	size_t len;
};
struct http_stream {
	void (*on_end)(void *arg);
	void *arg;
	struct sent *first, **last;
	size_t waiting;
	bool closed;
};
struct http_request {
	int unused;
};
static struct http_stream *opened;
static struct event_base *base;

struct http_stream *http_stream_begin(struct http_request *r, void (*on_end)(void *arg), void *arg)
{
	(void)r;
	struct http_stream *s = xcalloc(1, sizeof *s);
	*s = (struct http_stream){.on_end = on_end, .arg = arg};
	s->last = &s->first;
	opened = s;
	return s;
}

bool http_stream_send(struct http_stream *s, const char *event, const char *id, const void *data, size_t len)
{
	assert_false(s->closed);
	struct sent *e = xcalloc(1, sizeof *e);
	*e = (struct sent){NULL, xstrdup(event), id ? xstrdup(id) : NULL, xstrndup(data, len), len};
	*s->last = e;
	s->last = &e->next;
	s->waiting += len;
	assert_true(s->waiting < (256u << 10)); /* never much ahead of the reader */
	return true;
}

void http_stream_close(struct http_stream *s)
{
	s->closed = true;
}

size_t http_stream_waiting(const struct http_stream *s)
{
	return s->waiting;
}

static struct sent *take_sent(struct http_stream *s)
{
	struct sent *e = s->first;
	if (!e)
		return NULL;
	s->first = e->next;
	if (!s->first)
		s->last = &s->first;
	s->waiting -= e->len;
	return e;
}

static void sent_free(struct sent *e)
{
	free(e->event);
	free(e->id);
	free(e->json);
	free(e);
}

/* The connection is gone; what had not been read is lost. */
static void cut(struct http_stream *s)
{
	struct sent *e;
	while ((e = take_sent(s)))
		sent_free(e);
	s->on_end(s->arg);
	free(s);
}

/* ---- renrakud: rows, and the session ---- */

struct upstream {
	const struct upstream_events *events;
	void *arg;
	bool ready;
};
static struct upstream *server;
static unsigned rows[VIEWS][KEYS]; /* 0: there is none */
static bool subscribed[VIEWS];
static uint64_t revision;

struct upstream *upstream_new(const struct upstream_place *p, const char *address, bool device, const char *person, const char *terminal,
	const struct upstream_events *events, void *arg)
{
	(void)p;
	(void)address;
	(void)device;
	(void)person;
	(void)terminal;
	server = xcalloc(1, sizeof *server);
	*server = (struct upstream){events, arg, false};
	return server;
}

void upstream_free(struct upstream *u)
{
	if (u == server)
		server = NULL;
	free(u);
}

bool upstream_ready(const struct upstream *u)
{
	return u->ready;
}

bool upstream_hopeful(const struct upstream *u)
{
	(void)u;
	return false;
}

void upstream_set_token(struct upstream *u, enum upstream_token which, const char *token)
{
	(void)u;
	(void)which;
	(void)token;
}

void upstream_fault(struct upstream *u, const char *why)
{
	(void)u;
	fail_msg("an update that was well formed was not taken: %s", why);
}

static unsigned restarts;
void upstream_restart(struct upstream *u)
{
	(void)u;
	restarts++;
}

void upstream_cancel(struct upstream_ask *a)
{
	(void)a;
}

static void send_view(int view, bool snapshot, const bool *changed)
{
	static Renraku__Row row[KEYS], *list[KEYS];
	static Renraku__CommentRow comment[KEYS];
	static char keys[KEYS][16], texts[KEYS][4096], *removed[KEYS];
	Renraku__ViewUpdate u = RENRAKU__VIEW_UPDATE__INIT;
	u.view = (Renraku__View)(view + 1);
	u.revision = ++revision;
	u.snapshot = snapshot;
	u.complete = true;
	u.rows = list;
	u.removed = removed;
	for (int k = 0; k < KEYS; k++) {
		snprintf(keys[k], sizeof keys[k], "k%02d", k);
		if (!snapshot && !changed[k])
			continue;
		if (!rows[view][k]) {
			if (!snapshot)
				removed[u.n_removed++] = keys[k];
			continue;
		}
		snprintf(texts[k], sizeof texts[k], "%u %*s", rows[view][k], (int)(rows[view][k] % 900), "");
		comment[k] = (Renraku__CommentRow)RENRAKU__COMMENT_ROW__INIT;
		comment[k].text = texts[k];
		row[k] = (Renraku__Row)RENRAKU__ROW__INIT;
		row[k].key = keys[k];
		row[k].body_case = RENRAKU__ROW__BODY_COMMENT;
		row[k].comment = &comment[k];
		list[u.n_rows++] = &row[k];
	}
	size_t len = renraku__view_update__get_packed_size(&u);
	uint8_t *bytes = xmalloc(len);
	renraku__view_update__pack(&u, bytes);
	server->events->on_view(server->arg, bytes, len);
	free(bytes);
}

struct upstream_ask *upstream_ask(struct upstream *u, Renraku__ClientFrame *f, int timeout_ms, upstream_answer *answer, void *arg)
{
	(void)timeout_ms;
	assert_int_equal(f->body_case, RENRAKU__CLIENT_FRAME__BODY_SUBSCRIBE);
	if (!u->ready)
		return NULL;
	Renraku__ServerFrame got = RENRAKU__SERVER_FRAME__INIT;
	int view = (int)f->subscribe->view - 1;
	got.body_case = RENRAKU__SERVER_FRAME__BODY_VIEW;
	assert_false(answer(arg, UPSTREAM_ANSWERED, &got));
	subscribed[view] = true;
	send_view(view, true, NULL);
	static int some_ask;
	return (struct upstream_ask *)(void *)&some_ask;
}

static void welcome(const char *person)
{
	Renraku__Welcome w = RENRAKU__WELCOME__INIT;
	w.now = 1000000;
	w.person = (char *)(uintptr_t)person;
	w.principal = (char *)(uintptr_t) "gateway:web";
	server->events->on_welcome(server->arg, &w);
}

static void server_comes(void)
{
	welcome("p_one");
	server->ready = true;
	server->events->on_ready(server->arg);
}

static void server_goes(void)
{
	server->ready = false;
	memset(subscribed, 0, sizeof subscribed);
	server->events->on_lost(server->arg, "いません", "away");
}

static void change_some(void)
{
	int view = (int)(random() % VIEWS);
	bool changed[KEYS] = {false};
	for (long n = random() % 8; n >= 0; n--) {
		int k = (int)(random() % KEYS);
		changed[k] = true;
		rows[view][k] = random() % 3 ? (unsigned)random() % 100000 + 1 : 0;
	}
	if (server->ready && subscribed[view])
		send_view(view, random() % 30 == 0, changed);
}

/* ---- the page ---- */

static struct {
	json_t *views[VIEWS];
	bool complete[VIEWS], link_up;
	char last[64];
	unsigned begun_anew, gone_on, notices;
} page;

static void page_view(json_t *u)
{
	static const char *const names[VIEWS] = {"VIEW_INBOX", "VIEW_BOARD", "VIEW_INCIDENT"};
	int v = 0;
	size_t i;
	json_t *row;
	while (strcmp(names[v], json_string_value(json_object_get(u, "view"))) != 0)
		v++;
	if (json_is_true(json_object_get(u, "snapshot")))
		json_object_clear(page.views[v]);
	json_array_foreach(json_object_get(u, "rows"), i, row)
		json_object_set(page.views[v], json_string_value(json_object_get(row, "key")), row);
	json_array_foreach(json_object_get(u, "removed"), i, row) json_object_del(page.views[v], json_string_value(row));
	page.complete[v] = json_is_true(json_object_get(u, "complete"));
}

/* One event. False: there is none. */
static bool page_reads(struct http_stream *s)
{
	struct sent *e = take_sent(s);
	json_error_t error;
	if (!e)
		return false;
	json_t *data = json_loads(e->json, 0, &error);
	assert_non_null(data);
	if (!strcmp(e->event, "view"))
		page_view(data);
	if (!strcmp(e->event, "notice"))
		page.notices++;
	if (!strcmp(e->event, "link"))
		page.link_up = json_is_true(json_object_get(data, "up"));
	if (!strcmp(e->event, "session") && e->id)
		*(strcmp(strchr(e->id, '-'), "-0") ? &page.gone_on : &page.begun_anew) += 1;
	if (e->id)
		snprintf(page.last, sizeof page.last, "%s", e->id);
	json_decref(data);
	sent_free(e);
	return true;
}

static void holds_the_same(void)
{
	for (int v = 0; v < VIEWS; v++) {
		size_t n = 0;
		assert_true(page.complete[v]);
		for (int k = 0; k < KEYS; k++) {
			char key[16], begin[16];
			snprintf(key, sizeof key, "k%02d", k);
			json_t *row = json_object_get(page.views[v], key);
			assert_int_equal(row != NULL, rows[v][k] != 0);
			if (!row)
				continue;
			n++;
			int len = snprintf(begin, sizeof begin, "%u ", rows[v][k]);
			assert_int_equal(
				strncmp(json_string_value(json_object_get(json_object_get(row, "comment"), "text")), begin, (size_t)len),
				0);
		}
		assert_int_equal(n, json_object_size(page.views[v]));
	}
}

/* Until nothing more comes. */
static void page_reads_all(struct http_stream *s)
{
	for (int quiet = 0; quiet < 2;) {
		quiet = page_reads(s) ? 0 : quiet + 1;
		if (quiet == 1) /* what waits for room follows within a few ms */
			for (int i = 0; i < 3 && !s->first; i++) {
				struct timeval soon = {0, 12000};
				event_base_loopexit(base, &soon);
				event_base_dispatch(base);
			}
	}
}

static struct browsers *all;
static struct upstream_place place;

static struct browser *make_browser(void)
{
	base = event_base_new();
	place.base = base;
	all = browsers_new(&place, NULL);
	memset(&page, 0, sizeof page);
	for (int v = 0; v < VIEWS; v++)
		page.views[v] = json_object();
	memset(rows, 0, sizeof rows);
	memset(subscribed, 0, sizeof subscribed);
	struct browser *b = browser_get(all, "rt-token", NULL, "127.0.0.1");
	for (int v = 0; v < VIEWS; v++)
		assert_true(browser_add_view(b, (Renraku__View)(v + 1), 0));
	return b;
}

static void free_all(void)
{
	browsers_stop(all);
	browsers_free(all);
	event_base_free(base);
	for (int v = 0; v < VIEWS; v++)
		json_decref(page.views[v]);
	assert_int_equal(row_texts(), 0);
}

/* pace: how many events the page reads between two changes, about. */
static void play(unsigned seed, int steps, int pace)
{
	struct browser *b = make_browser();
	struct http_request r;
	srandom(seed);
	browser_stream(b, &r, NULL);
	struct http_stream *s = opened;
	server_comes();
	for (int i = 0; i < steps; i++) {
		change_some();
		for (long n = random() % (2 * pace + 1); n > 0; n--)
			page_reads(s);
		event_base_loop(base, EVLOOP_NONBLOCK);
		if (random() % 60 == 0 && server->ready)
			server_goes();
		else if (!server->ready && random() % 5 == 0)
			server_comes();
		if (random() % 40 == 0) {
			cut(s);
			for (long n = random() % 3 ? random() % 3 : 300; n > 0; n--)
				change_some();
			browser_stream(b, &r, *page.last ? page.last : NULL);
			s = opened;
		}
	}
	if (!server->ready)
		server_comes();
	page_reads_all(s);
	assert_true(page.link_up);
	holds_the_same();
	cut(s);
	free_all();
}

static void slow_and_cut_off(void **state)
{
	(void)state;
	unsigned anew = 0, on = 0;
	for (unsigned seed = 1; seed <= 30; seed++) {
		play(seed, 400, seed % 3 == 0 ? 0 : (int)(seed % 3));
		anew += page.begun_anew;
		on += page.gone_on;
	}
	/* Both ways were taken often. */
	assert_true(anew > 50);
	assert_true(on > 50);
}

/* A reader who stops: little is held for him, and when he reads again he has all. */
static void falls_behind(void **state)
{
	(void)state;
	struct browser *b = make_browser();
	struct http_request r;
	srandom(9);
	browser_stream(b, &r, NULL);
	struct http_stream *s = opened;
	server_comes();
	for (int i = 0; i < 20000; i++)
		change_some();
	assert_true(s->waiting < (128u << 10));
	page_reads_all(s);
	assert_true(page.begun_anew > 0);
	holds_the_same();
	cut(s);
	free_all();
}

/* Of more streams than a browser may have the oldest gives way; another person's rows are not left to the next. */
static void tabs_and_persons(void **state)
{
	(void)state;
	struct browser *b = make_browser();
	struct http_request r;
	struct http_stream *streams[BROWSER_MAX_STREAMS + 1];
	for (size_t i = 0; i <= BROWSER_MAX_STREAMS; i++) {
		browser_stream(b, &r, NULL);
		streams[i] = opened;
	}
	for (size_t i = 0; i <= BROWSER_MAX_STREAMS; i++)
		assert_int_equal(streams[i]->closed, i == 0);
	server_comes();
	change_some();
	page_reads_all(streams[3]);
	holds_the_same();
	memset(rows, 0, sizeof rows);
	welcome("p_two");
	for (int v = 0; v < VIEWS; v++)
		assert_int_equal(browser_view(b, (Renraku__View)(v + 1), 0)->n, 0);
	page_reads_all(streams[3]);
	holds_the_same();
	assert_string_equal(browser_person(b), "p_two");
	for (size_t i = 0; i <= BROWSER_MAX_STREAMS; i++)
		cut(streams[i]);
	free_all();
}

static void send_notice(uint64_t id, size_t len)
{
	Renraku__ServerFrame f = RENRAKU__SERVER_FRAME__INIT;
	Renraku__Notice m = RENRAKU__NOTICE__INIT;
	m.id = m.revision = id;
	m.title = xcalloc(1, len + 1);
	memset(m.title, 'n', len);
	f.body_case = RENRAKU__SERVER_FRAME__BODY_NOTICE;
	f.notice = &m;
	server->events->on_frame(server->arg, &f);
	free(m.title);
}

/* More is open than a slow reader may have waiting: he gets it all, once. */
static void many_notices(void **state)
{
	(void)state;
	enum { N = 400 };
	struct browser *b = make_browser();
	struct http_request r;
	server_comes();
	for (unsigned i = 1; i <= N; i++)
		send_notice(i, 4000);
	browser_stream(b, &r, NULL);
	struct http_stream *s = opened;
	for (int i = 0; i < 50; i++)
		page_reads(s);
	change_some();
	page_reads_all(s);
	assert_int_equal(page.notices, N);
	assert_int_equal(page.begun_anew, 1);
	holds_the_same();
	cut(s);
	free_all();
}

/* What the one before was told: neither an id of then, nor a slow tab, nor a tab that comes before the first new rows brings it back. */
static void nothing_of_the_one_before(void **state)
{
	(void)state;
	struct browser *b = make_browser();
	struct http_request r;
	char last[64];
	srandom(3);
	browser_stream(b, &r, NULL);
	struct http_stream *s = opened;
	server_comes();
	page_reads_all(s);
	snprintf(last, sizeof last, "%s", page.last);
	for (int i = 0; i < 60; i++)
		change_some();
	browser_stream(b, &r, NULL);
	struct http_stream *slow = opened;
	memset(rows, 0, sizeof rows);
	server_goes();
	/* Somebody else's now, as a terminal is when the person's token has ended. */
	welcome("p_two");
	server->ready = true;
	memset(subscribed, 0, sizeof subscribed);
	server->events->on_ready(server->arg);
	unsigned anew = page.begun_anew;
	browser_stream(b, &r, last);
	struct http_stream *back = opened;
	while (page_reads(back))
		for (int v = 0; v < VIEWS; v++)
			assert_int_equal(json_object_size(page.views[v]), 0);
	assert_int_equal(page.begun_anew, anew + 1);
	page_reads_all(slow);
	holds_the_same();
	cut(s);
	cut(slow);
	cut(back);
	free_all();
}

/* Signed out while renrakud is away: what was seen until then is gone at once. */
static void signed_out_meanwhile(void **state)
{
	(void)state;
	struct browser *b = make_browser();
	struct http_request r;
	browser_set_token(b, UPSTREAM_TERMINAL, "re-token");
	srandom(4);
	browser_stream(b, &r, NULL);
	struct http_stream *s = opened;
	server_comes();
	for (int i = 0; i < 20; i++)
		change_some();
	page_reads_all(s);
	server_goes();
	restarts = 0;
	browser_give_up(b, UPSTREAM_PERSON, false);
	assert_int_equal(restarts, 1);
	assert_string_equal(browser_person(b), "");
	for (int v = 0; v < VIEWS; v++)
		assert_int_equal(browser_view(b, (Renraku__View)(v + 1), 0)->n, 0);
	cut(s);
	free_all();
}

int main(void)
{
	log_set_level(LOG_ERROR);
	const struct CMUnitTest tests[] = {cmocka_unit_test(slow_and_cut_off), cmocka_unit_test(falls_behind),
		cmocka_unit_test(tabs_and_persons), cmocka_unit_test(many_notices), cmocka_unit_test(nothing_of_the_one_before),
		cmocka_unit_test(signed_out_meanwhile)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
