/*
 * browser_parts: what the files of browser.h share: browser.c (found, made, ended, its calls), browser_who.c (whom it stands for),
 * browser_feed.c (what it is told).
 */
#ifndef WEB_BROWSER_PARTS_H
#define WEB_BROWSER_PARTS_H

#include <uthash.h>
#include <utlist.h>

#include "web/browser.h"
#include "web/event.h"
#include "web/json.h"
#include "web/rowset.h"

struct browser_who {
	char *person, *person_name, *terminal, *warning, *warning_en;
	bool administrator, cannot_record;
};

/* An open notice, for streams that begin. */
struct browser_notice {
	UT_hash_handle hh;
	uint64_t id, revision;
	struct event_text *event;
};

struct browsers {
	const struct upstream_place *place;
	char *const *lines;
	struct streams *streams;
	struct browser *list, *by_key;
	size_t n;
	struct event *sweep;
};

struct browser {
	struct browser *prev, *next;
	UT_hash_handle hh;
	char key[65];
	struct browsers *all;
	struct upstream *up; /* NULL once it has ended */
	char *tokens[2], *address;
	bool keyed, ended;
	bool known; /* a token of it was accepted once */
	char epoch[17];
	int64_t used_at;
	struct browser_who who, fresh; /* fresh: as the greeting goes on */
	struct {
		char *code, *ja, *en;
	} bye;                          /* what renrakud said last when it ended the session */
	char *session_json, *link_json; /* as told last; link_json NULL: up */
	struct ring ring;
	struct rowset views[BROWSER_MAX_VIEWS];
	size_t n_views;
	struct browser_subscribing *subscribing; /* answers that are awaited */
	struct browser_notice *notices;
	struct event_text *probe; /* the newest connection test */
	int64_t probe_until;
	struct stream *streams[BROWSER_MAX_STREAMS];
	size_t n_streams, n_open; /* n_open: with those that gave way and are being closed */
	struct browser_call *calls;
	size_t n_calls;
};

extern const struct upstream_events browser_events;

void browser_calls_perform(struct browser *);
void browser_calls_fail(struct browser *);

void browser_who_free(struct browser_who *);
/* Takes over what a Welcome says. */
void browser_who_read(struct browser_who *, const Renraku__Welcome *);
bool browser_who_same(const struct browser_who *, const struct browser_who *);

/* Whoever that token stood for is here no more; nothing of what was seen is kept. */
void browser_stand_no_more(struct browser *, enum upstream_token);

/* Ids of events begin anew. */
void browser_new_epoch(struct browser *);
/* Tells all streams, and those that come back. */
void browser_tell(struct browser *, const char *event, const char *json, size_t len);
/* Tells `session` when it is not what was told last. */
void browser_tell_session(struct browser *);
void browser_bye_free(struct browser *);
void browser_views_free(struct browser *);
void browser_notices_clear(struct browser *);

#endif
