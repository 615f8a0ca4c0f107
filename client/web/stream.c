#include "web/stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

/* As much is put into the socket's buffer; the rest waits here. */
#define AHEAD_BYTES (64u << 10)
/* One who has more than this waiting is begun anew. */
#define BEHIND_BYTES (512u << 10)
#define PUMP_MS 10

struct snapshot {
	struct rowset set; /* with references of its own */
	size_t next;
	bool begun;
};

struct item {
	struct item *prev, *next;
	struct event_text *event; /* NULL: a snapshot */
	struct snapshot *snapshot;
	bool has_id;
	uint64_t id;
};

struct stream {
	struct stream *prev, *next;
	struct streams *all;
	struct http_stream *http;
	const char *epoch;
	const struct stream_owner *owner;
	void *arg;
	struct item *queue;
	size_t queued;    /* bytes of events in it */
	size_t beginning; /* how many of them it was begun (again) with */
	bool filling;
	uint64_t sent, taken; /* bytes in all */
	int64_t progress_at;  /* when `taken` last grew, or nothing waited */
	bool over;            /* on_end is owed by http */
};

struct streams {
	struct event_base *base;
	struct event *pump, *beat;
	struct stream *list;
	struct rowset_writer writer;
	int64_t offset;
};

static void arm(struct event *e, int ms)
{
	struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
	evtimer_add(e, &tv);
}

/* ---- the queue ---- */

static void item_free(struct stream *s, struct item *i)
{
	DL_DELETE(s->queue, i);
	if (i->event) {
		s->queued -= i->event->len;
		event_text_unref(i->event);
	}
	if (i->snapshot) {
		rowset_clear(&i->snapshot->set);
		free(i->snapshot);
	}
	free(i);
}

static void empty(struct stream *s)
{
	while (s->queue)
		item_free(s, s->queue);
}

/* ---- sending ---- */

static void send_now(struct stream *s, const char *name, bool has_id, uint64_t number, const char *json, size_t len)
{
	char id[64];
	if (s->over)
		return;
	snprintf(id, sizeof id, "%s-%" PRIu64, s->epoch, number);
	s->sent += len;
	if (!http_stream_send(s->http, name, has_id ? id : NULL, json, len)) {
		s->over = true;
		empty(s);
	}
}

static bool room(const struct stream *s)
{
	return !s->over && http_stream_waiting(s->http) < AHEAD_BYTES;
}

/* One chunk. True: that was the last. */
static bool send_snapshot(struct stream *s, struct snapshot *shot)
{
	struct rowset_writer *w = &s->all->writer;
	const struct rowset *set = &shot->set;
	size_t len;
	rowset_write_begin(w, set, !shot->begun);
	shot->begun = true;
	while (shot->next < set->n && (!w->any || w->json.len + set->at[shot->next]->len <= ROWSET_CHUNK))
		rowset_write_row(w, set->at[shot->next++]);
	bool last = shot->next == set->n;
	const char *json = rowset_write_end(w, last && set->complete, &len);
	send_now(s, "view", false, 0, json, len);
	return last;
}

static void pump(struct stream *s)
{
	while (s->queue && room(s)) {
		struct item *i = s->queue;
		if (i->event)
			send_now(s, i->event->name, i->has_id, i->id, i->event->json, i->event->len);
		/* Sending may have found it over and emptied the queue. */
		if (s->queue == i && (i->event || send_snapshot(s, i->snapshot)) && s->queue == i)
			item_free(s, i);
	}
	if (s->queue && !evtimer_pending(s->all->pump, NULL))
		arm(s->all->pump, PUMP_MS);
}

static void append(struct stream *s, struct item *i)
{
	DL_APPEND(s->queue, i);
	pump(s);
}

static void put(struct stream *s, struct event_text *e, bool has_id, uint64_t number)
{
	if (s->over)
		return;
	if (!s->queue && room(s)) {
		send_now(s, e->name, has_id, number, e->json, e->len);
		return;
	}
	struct item *i = xcalloc(1, sizeof *i);
	i->event = event_text_ref(e);
	i->has_id = has_id;
	i->id = number;
	s->queued += e->len;
	append(s, i);
}

void stream_put(struct stream *s, struct event_text *e)
{
	put(s, e, e->number > 0, e->number);
	/* What it begins with may be more than one may be behind. */
	if (s->queued > s->beginning + BEHIND_BYTES && !s->over && !s->filling)
		stream_fill(s);
}

void stream_put_as(struct stream *s, struct event_text *e, uint64_t number)
{
	put(s, e, true, number);
}

void stream_snapshot(struct stream *s, const struct rowset *set)
{
	if (s->over || !set->begun)
		return;
	struct item *i = xcalloc(1, sizeof *i);
	i->snapshot = xcalloc(1, sizeof *i->snapshot);
	i->snapshot->set = *set;
	i->snapshot->set.at = set->n ? xmemdup(set->at, set->n * sizeof(struct row_text *)) : NULL;
	for (size_t k = 0; k < set->n; k++)
		row_text_ref(set->at[k]);
	append(s, i);
}

void stream_fill(struct stream *s)
{
	empty(s);
	s->filling = true;
	s->owner->on_fill(s->arg, s);
	s->filling = false;
	s->beginning = s->queued;
}

void stream_close(struct stream *s, struct event_text *last)
{
	empty(s);
	if (s->over)
		return;
	if (last)
		send_now(s, last->name, false, 0, last->json, last->len);
	s->over = true;
	http_stream_close(s->http);
}

/* ---- timers ---- */

static void on_pump(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct streams *all = arg;
	struct stream *s;
	DL_FOREACH(all->list, s)
		pump(s);
}

static bool stalled(struct stream *s, int64_t now)
{
	size_t waiting = http_stream_waiting(s->http);
	uint64_t taken = s->sent > waiting ? s->sent - waiting : 0;
	if (waiting == 0 || taken > s->taken)
		s->progress_at = now;
	s->taken = taken;
	return now - s->progress_at > STREAM_STALL_MS;
}

static void on_beat(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct streams *all = arg;
	struct stream *s;
	char json[64];
	int64_t now = clock_boot_ms();
	int len = snprintf(json, sizeof json, "{\"now\":%" PRId64 "}", streams_now(all));
	DL_FOREACH(all->list, s) {
		if (s->over)
			continue;
		if (stalled(s, now)) {
			log_info("stream", "closed: its reader takes nothing");
			stream_close(s, NULL);
		} else if (room(s)) {
			send_now(s, "beat", false, 0, json, (size_t)len);
		}
	}
	arm(all->beat, STREAM_BEAT_MS);
}

/* ---- life ---- */

static void on_http_end(void *arg)
{
	struct stream *s = arg;
	s->over = true;
	empty(s);
	DL_DELETE(s->all->list, s);
	s->owner->on_end(s->arg, s);
	free(s);
}

struct stream *stream_open(struct streams *all, struct http_request *r, const char *epoch, const struct stream_owner *owner, void *arg)
{
	struct stream *s = xcalloc(1, sizeof *s);
	s->all = all;
	s->epoch = epoch;
	s->owner = owner;
	s->arg = arg;
	s->progress_at = clock_boot_ms();
	DL_APPEND(all->list, s);
	s->http = http_stream_begin(r, on_http_end, s);
	return s;
}

struct streams *streams_new(struct event_base *base)
{
	struct streams *all = xcalloc(1, sizeof *all);
	all->base = base;
	all->pump = evtimer_new(base, on_pump, all);
	all->beat = evtimer_new(base, on_beat, all);
	all->offset = clock_wall_ms() - clock_boot_ms();
	arm(all->beat, STREAM_BEAT_MS);
	return all;
}

void streams_free(struct streams *all)
{
	if (!all)
		return;
	event_free(all->pump);
	event_free(all->beat);
	rowset_writer_free(&all->writer);
	free(all);
}

void streams_clock(struct streams *all, int64_t offset)
{
	all->offset = offset;
}

int64_t streams_now(const struct streams *all)
{
	return clock_boot_ms() + all->offset;
}
