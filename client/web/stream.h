/*
 * stream: one browser's server-sent events. What is told goes straight through; what the reader cannot take yet waits here as references,
 * and one who falls behind is begun anew with snapshots instead of a longer queue. One who takes nothing for STREAM_STALL_MS is closed.
 *
 * Ids of events are EPOCH-NUMBER. What begins a stream anew has the id EPOCH-0 until all of it is told: a browser that is cut off in the
 * middle comes back with an id that stands for nothing.
 */
#ifndef WEB_STREAM_H
#define WEB_STREAM_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#include "web/event.h"
#include "web/http.h"
#include "web/rowset.h"

#define STREAM_STALL_MS 20000
#define STREAM_BEAT_MS 10000

struct streams; /* all of the process: their timers */
struct stream;

struct streams *streams_new(struct event_base *);
void streams_free(struct streams *); /* after the last stream has ended */
/* The server's clock minus the boot clock, for beats. */
void streams_clock(struct streams *, int64_t offset);
int64_t streams_now(const struct streams *); /* of the server, as far as known */

struct stream_owner {
	/* Tells all of it anew: stream_put and stream_snapshot, ending with an event whose number is that of the newest that was told. */
	void (*on_fill)(void *arg, struct stream *);
	/* It is over and freed after the call. */
	void (*on_end)(void *arg, struct stream *);
};

/* Answers the request with a stream. epoch is borrowed and outlives it. */
struct stream *stream_open(struct streams *, struct http_request *, const char *epoch, const struct stream_owner *, void *arg);
void stream_fill(struct stream *); /* begins (again) with on_fill */
/* Takes its own reference. */
void stream_put(struct stream *, struct event_text *);
/* The same with another id: EPOCH-number. */
void stream_put_as(struct stream *, struct event_text *, uint64_t number);
/* The rows as they are now; what changes later is told behind them. */
void stream_snapshot(struct stream *, const struct rowset *);
/* What waits is dropped; `last` is still told. on_end follows. */
void stream_close(struct stream *, struct event_text *last);

#endif
