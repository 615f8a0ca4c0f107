#include "app/views.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/answer.h"
#include "app/logpage.h"
#include "app/peer.h"
#include "app/release.h"
#include "app/view_frames.h"

/* Telephone numbers go by the hour, so every view is looked at once a minute even when nothing happened. */
#define MINUTE_MS 60000
/* A subscriber with so much on its way gets no more changes, but a snapshot when it has caught up. */
#define BEHIND_BYTES (256u << 10)

static struct view_reader reader_of(const struct shell_peer *peer)
{
	return (struct view_reader){.terminal = shell_peer_terminal(peer), .person = shell_peer_person(peer)};
}

/* ---- audiences ---- */

static void regroup(struct shell *shell);

static void copy_reader(struct audience *audience, const struct view_reader *reader)
{
	free(audience->terminal);
	free(audience->person);
	audience->terminal = reader->terminal != NULL ? xstrdup(reader->terminal) : NULL;
	audience->person = reader->person != NULL ? xstrdup(reader->person) : NULL;
}

static void key_of(struct shell *shell, Renraku__View view, uint32_t incident, const struct view_reader *reader, char key[192])
{
	char who[128] = "";

	view_audience(shell->engine, view, incident, reader, who);
	snprintf(key, 192, "%d:%u:%s", (int)view, incident, who);
}

static struct audience *audience_get(struct shell *shell, Renraku__View view, uint32_t incident, const struct view_reader *reader)
{
	struct audience *audience;
	char key[192];

	key_of(shell, view, incident, reader, key);
	HASH_FIND_STR(shell->views.all, key, audience);
	if (audience != NULL)
		return audience;
	audience = xcalloc(1, sizeof *audience);
	memcpy(audience->key, key, sizeof key);
	audience->view = view;
	audience->incident = incident;
	copy_reader(audience, reader);
	view_rows_init(&audience->rows);
	audience->dirty = true;
	HASH_ADD_STR(shell->views.all, key, audience);
	return audience;
}

static void audience_free(struct shell *shell, struct audience *audience)
{
	HASH_DEL(shell->views.all, audience);
	view_rows_free(&audience->rows);
	free(audience->terminal);
	free(audience->person);
	free(audience);
}

/* The one thing a view says that is not the engine's: that no command is taken now. */
static void say_cannot_record(struct view_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		Renraku__Row *row =
			strcmp(rows->at[i].key, "town") == 0 ? renraku__row__unpack(NULL, rows->at[i].len, rows->at[i].bytes) : NULL;
		uint8_t *bytes;

		if (row == NULL)
			continue;
		row->town->cannot_record = true;
		bytes = arena_alloc(rows->arena, renraku__row__get_packed_size(row));
		rows->at[i].len = renraku__row__pack(row, bytes);
		rows->at[i].bytes = bytes;
		renraku__row__free_unpacked(row, NULL);
	}
}

static void compute(struct shell *shell, struct audience *audience, struct view_rows *rows)
{
	struct view_reader reader = {audience->terminal, audience->person};

	/* For one who is in it now: who was its first reader may have left, and may see other things today. */
	if (audience->subscriptions != NULL) {
		reader = reader_of(audience->subscriptions->peer);
		copy_reader(audience, &reader);
	}
	view_rows_init(rows);
	audience->allowed = view_compute(shell->engine, audience->view, audience->incident, &reader, shell->now, rows);
	if (!shell->recording)
		say_cannot_record(rows);
	audience->revision = engine_index(shell->engine);
	audience->computed = true;
	audience->dirty = false;
}

/* Has anything happened since it was computed? */
static bool stale(const struct shell *shell, const struct audience *audience)
{
	return !audience->computed || audience->dirty || audience->revision != engine_index(shell->engine);
}

static void broadcast(struct shell *shell, struct audience *audience, const struct view_frames *frames)
{
	struct subscription *s, *next;

	DL_FOREACH_SAFE(audience->subscriptions, s, next) {
		struct shell_peer *peer = s->peer;

		if (s->behind || (shell->out.backlog != NULL && shell->out.backlog(shell->arg, peer) > BEHIND_BYTES)) {
			s->behind = true;
			continue;
		}
		for (size_t i = 0; i < frames->n && !peer->closing; i++)
			release_shared(shell, peer, frames->at[i]);
	}
}

/* Brings the rows up to date and tells those who have the older ones. */
static void refresh(struct shell *shell, struct audience *audience)
{
	struct view_rows before = audience->rows;
	struct view_frames frames = {0};
	bool first = !audience->computed;

	compute(shell, audience, &audience->rows);
	audience->sent_at = shell->now;
	if (!first) {
		view_frames_changes(&frames, audience, &before);
		broadcast(shell, audience, &frames);
		view_frames_free(&frames);
	}
	view_rows_free(&before);
}

static void send_snapshot(struct shell_peer *peer, const struct audience *audience, uint64_t ref)
{
	struct view_frames frames = {0};

	view_frames_snapshot(&frames, audience, ref);
	for (size_t i = 0; i < frames.n && !peer->closing; i++)
		release_shared(peer->shell, peer, frames.at[i]);
	view_frames_free(&frames);
}

/* ---- subscriptions ---- */

static void leave(struct shell_peer *peer, size_t i)
{
	struct subscription *s = peer->subscriptions[i];
	struct audience *audience = s->audience;

	DL_DELETE(audience->subscriptions, s);
	free(s);
	peer->subscriptions[i] = peer->subscriptions[--peer->n_subscriptions];
	if (audience->subscriptions == NULL)
		audience_free(peer->shell, audience);
}

static size_t find(const struct shell_peer *peer, Renraku__View view, uint32_t incident)
{
	size_t i = 0;

	while (i < peer->n_subscriptions &&
		(peer->subscriptions[i]->audience->view != view || peer->subscriptions[i]->audience->incident != incident))
		i++;
	return i;
}

/* Subscribing to the same view again replaces the subscription, whatever audience it was in. */
static void subscribe(struct shell_peer *peer, struct audience *audience)
{
	size_t i = find(peer, audience->view, audience->incident);
	struct subscription *s;

	if (i < peer->n_subscriptions && peer->subscriptions[i]->audience == audience) {
		peer->subscriptions[i]->behind = false;
		return;
	}
	if (i < peer->n_subscriptions)
		leave(peer, i);
	s = xcalloc(1, sizeof *s);
	assert(peer->n_subscriptions < SHELL_MAX_SUBSCRIPTIONS);
	s->peer = peer;
	s->audience = audience;
	DL_APPEND(audience->subscriptions, s);
	peer->subscriptions[peer->n_subscriptions++] = s;
}

/* The code of the refusal, or NULL. */
static const char *wrong(const struct shell_peer *peer, const Renraku__Subscribe *m)
{
	if (shell_peer_nobody(peer))
		return "NOT_SIGNED_IN";
	if (m->view < RENRAKU__VIEW__VIEW_INBOX || m->view > RENRAKU__VIEW__VIEW_FOLLOW_UPS)
		return "UNKNOWN_VIEW";
	if (m->view == RENRAKU__VIEW__VIEW_INCIDENT && engine_incident(peer->shell->engine, m->incident) == NULL)
		return "UNKNOWN_INCIDENT";
	if (find(peer, m->view, m->incident) == peer->n_subscriptions && peer->n_subscriptions == SHELL_MAX_SUBSCRIPTIONS)
		return "TOO_MANY";
	return NULL;
}

void views_subscribe(struct shell_peer *peer, uint64_t ref, const Renraku__Subscribe *m)
{
	struct shell *shell = peer->shell;
	uint32_t incident = m->view == RENRAKU__VIEW__VIEW_INCIDENT ? m->incident : 0;
	struct view_reader reader = reader_of(peer);
	const char *no = wrong(peer, m);
	struct audience *audience;

	if (no != NULL) {
		peer_refuse(peer, ref, no);
		return;
	}
	if (m->view == RENRAKU__VIEW__VIEW_INCIDENT)
		logpage_reading(peer, incident, "incident");
	if (shell->views.touched)
		regroup(shell);
	audience = audience_get(shell, m->view, incident, &reader);
	/* Those already there get their changes first, so that one revision stands for one set of rows. */
	if (stale(shell, audience))
		refresh(shell, audience);
	if (!audience->allowed) {
		if (audience->subscriptions == NULL)
			audience_free(shell, audience);
		peer_refuse(peer, ref, "NOT_SEEN");
		return;
	}
	send_snapshot(peer, audience, ref);
	if (!m->once)
		subscribe(peer, audience);
	if (audience->subscriptions == NULL)
		audience_free(shell, audience);
}

void views_unsubscribe(struct shell_peer *peer, const Renraku__Unsubscribe *m)
{
	size_t i = find(peer, m->view, m->view == RENRAKU__VIEW__VIEW_INCIDENT ? m->incident : 0);

	if (i < peer->n_subscriptions)
		leave(peer, i);
}

void views_drop(struct shell_peer *peer)
{
	while (peer->n_subscriptions > 0)
		leave(peer, 0);
}

void views_reader_changed(struct shell_peer *peer)
{
	struct view_reader reader = reader_of(peer);

	if (shell_peer_nobody(peer)) { /* a gateway's, and the last one has left */
		views_drop(peer);
		return;
	}
	for (size_t i = 0; i < peer->n_subscriptions; i++) {
		struct subscription *s = peer->subscriptions[i];
		struct audience *to = audience_get(peer->shell, s->audience->view, s->audience->incident, &reader);
		struct audience *from = s->audience;

		if (to == from)
			continue;
		DL_DELETE(from->subscriptions, s);
		DL_APPEND(to->subscriptions, s);
		s->audience = to;
		s->behind = true; /* what it holds is another's: the next flush sends a snapshot */
		to->dirty = true;
		peer->shell->views.touched = true;
		if (from->subscriptions == NULL)
			audience_free(peer->shell, from);
	}
}

/* ---- changes ---- */

static void merge_u64(uint64_t **to, size_t *n, size_t *cap, const uint64_t *from, size_t n_from)
{
	for (size_t i = 0; i < n_from; i++) {
		size_t j = 0;

		while (j < *n && (*to)[j] != from[i])
			j++;
		if (j < *n)
			continue;
		*to = xgrow(*to, cap, *n + 1, sizeof **to);
		(*to)[(*n)++] = from[i];
	}
}

static void merge_u32(uint32_t **to, size_t *n, size_t *cap, const uint32_t *from, size_t n_from)
{
	for (size_t i = 0; i < n_from; i++) {
		size_t j = 0;

		while (j < *n && (*to)[j] != from[i])
			j++;
		if (j < *n)
			continue;
		*to = xgrow(*to, cap, *n + 1, sizeof **to);
		(*to)[(*n)++] = from[i];
	}
}

void views_changes(struct shell *shell, const struct changes *changes)
{
	struct changes *all = &shell->views.changes;

	if (changes->n_notices + changes->n_receipts + changes->n_incidents == 0 && !changes->site && !changes->presence && !changes->tests)
		return;
	merge_u64(&all->notices, &all->n_notices, &all->cap_notices, changes->notices, changes->n_notices);
	merge_u64(&all->receipts, &all->n_receipts, &all->cap_receipts, changes->receipts, changes->n_receipts);
	merge_u32(&all->incidents, &all->n_incidents, &all->cap_incidents, changes->incidents, changes->n_incidents);
	all->site = all->site || changes->site;
	all->presence = all->presence || changes->presence;
	all->tests = all->tests || changes->tests;
	shell->views.touched = true;
}

/* Rights may have changed with the state: whoever now belongs to another audience moves there. */
static void regroup(struct shell *shell)
{
	struct shell_peer *peer;

	DL_FOREACH(shell->peers, peer)
		if (!peer->closing && peer->n_subscriptions > 0)
			views_reader_changed(peer);
}

static void mark(struct shell *shell, bool everything)
{
	struct audience *audience, *next;

	HASH_ITER(hh, shell->views.all, audience, next) {
		struct view_reader reader = {audience->terminal, audience->person};

		if (everything || view_touched(shell->engine, &shell->views.changes, audience->view, audience->incident, &reader))
			audience->dirty = true;
	}
	changes_clear(&shell->views.changes);
}

/* Those who could not take the changes get the whole, once they have room. */
static void catch_up(struct shell *shell, struct audience *audience)
{
	struct subscription *s, *next;

	DL_FOREACH_SAFE(audience->subscriptions, s, next) {
		if (!s->behind)
			continue;
		if (shell->out.backlog != NULL && shell->out.backlog(shell->arg, s->peer) > BEHIND_BYTES / 4) {
			shell->views.touched = true; /* look again at the next interval */
			continue;
		}
		s->behind = false;
		send_snapshot(s->peer, audience, 0);
	}
}

void views_tick(struct shell *shell)
{
	struct audience *audience, *next;
	bool minute = shell->now >= shell->views.minute_at;

	if (!minute && (!shell->views.touched || shell->now < shell->views.flushed_at + shell->config.view_interval_ms))
		return;
	/* What the hour alone changes does not hold up what happens next: after quiet, the first change leaves at once. */
	if (shell->views.touched)
		shell->views.flushed_at = shell->now;
	shell->views.touched = false;
	if (minute)
		shell->views.minute_at = shell->now + MINUTE_MS;
	if (shell->views.changes.site || shell->views.changes.n_incidents > 0)
		regroup(shell);
	mark(shell, minute);
	HASH_ITER(hh, shell->views.all, audience, next) {
		if (audience->dirty)
			refresh(shell, audience);
		catch_up(shell, audience);
	}
}

int64_t views_deadline(const struct shell *shell)
{
	int64_t flush = shell->views.flushed_at + shell->config.view_interval_ms;

	if (shell->views.all == NULL)
		return INT64_MAX;
	return shell->views.touched && flush < shell->views.minute_at ? flush : shell->views.minute_at;
}

void views_free(struct shell *shell)
{
	assert(shell->views.all == NULL);
	changes_free(&shell->views.changes);
}
