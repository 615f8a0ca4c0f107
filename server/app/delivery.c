#include "app/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "app/answer.h"
#include "app/peer.h"
#include "app/principal.h"
#include "app/release.h"
#include "base/log.h"

/* To a session that has just come: more would only have it dropped for not reading fast enough, again and again. */
#define MAX_AT_ONCE 400u

const struct recipient *delivery_recipient(const struct notice *notice, const char *id)
{
	size_t from = 0, to = notice->n_recipients;

	if (id == NULL)
		return NULL;
	if (!notice->broadcast) {
		for (size_t i = 0; i < notice->n_recipients; i++)
			if (strcmp(notice->recipients[i].id, id) == 0)
				return &notice->recipients[i];
		return NULL;
	}
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = strcmp(notice->recipients[middle].id, id);

		if (order == 0)
			return &notice->recipients[middle];
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

/* Taken back from this one, or not for this one any more. */
static bool gone(const struct notice *notice, const struct recipient *who)
{
	return who->gone != 0 || (!notice->broadcast && engine_barred(notice->incident, who->id));
}

/* ---- encoding ---- */

static struct hub_frame *pack(Renraku__Notice *notice)
{
	Renraku__ServerFrame message = RENRAKU__SERVER_FRAME__INIT;

	message.body_case = RENRAKU__SERVER_FRAME__BODY_NOTICE;
	message.notice = notice;
	return answer_pack(&message);
}

/* own_end: index of the record by which it ended for one recipient only; 0: as it stands for all. */
static struct hub_frame *encode(struct shell *shell, const struct notice *notice, uint64_t own_end)
{
	Renraku__Notice out = RENRAKU__NOTICE__INIT;
	struct arena *arena = arena_new(0);
	struct hub_frame *frame;

	view_notice(shell->engine, notice, arena, &out);
	if (own_end != 0) {
		out.ended = true;
		out.revision = own_end;
	}
	frame = pack(&out);
	if (frame == NULL) { /* that it happened must arrive, however much was written; the rest is in the incident's view */
		out.n_values = 0;
		frame = pack(&out);
	}
	arena_free(arena);
	return frame;
}

/* For one person who is told in several capacities at once. */
static struct hub_frame *encode_bundle(struct shell *shell, const struct notice *lead, const char *person)
{
	Renraku__Notice out = RENRAKU__NOTICE__INIT;
	struct arena *arena = arena_new(0);
	struct hub_frame *frame;

	view_notice_bundle(shell->engine, lead, person, arena, &out);
	frame = pack(&out);
	if (frame == NULL) {
		out.n_values = 0;
		frame = pack(&out);
	}
	arena_free(arena);
	return frame;
}

static bool is_bundle(const struct notice *lead, const char *person)
{
	const struct notice *both[2];

	return bundle_list(lead, person, both, 2) == 2;
}

static struct hub_frame *encode_gone(const struct notice *notice, const struct recipient *who)
{
	Renraku__Notice out = RENRAKU__NOTICE__INIT;

	view_notice_gone(notice, who, &out);
	return pack(&out);
}

static void forget(struct shell *shell, struct notice_frame *cached)
{
	HASH_DEL(shell->notice_frames, cached);
	hub_frame_unref(cached->frame);
	free(cached);
}

/* Borrowed; NULL when it cannot be encoded. */
static struct hub_frame *frame_of(struct shell *shell, const struct notice *notice)
{
	struct notice_frame *cached;
	struct hub_frame *frame;

	HASH_FIND(hh, shell->notice_frames, &notice->id, sizeof notice->id, cached);
	if (cached != NULL && cached->revision == notice->revision)
		return cached->frame;
	if (cached != NULL)
		forget(shell, cached);
	frame = encode(shell, notice, 0);
	if (frame == NULL)
		return NULL;
	cached = xcalloc(1, sizeof *cached);
	cached->notice = notice->id;
	cached->revision = notice->revision;
	cached->frame = frame;
	HASH_ADD(hh, shell->notice_frames, notice, sizeof cached->notice, cached);
	return frame;
}

/* Ended notices are rarely asked for again. */
static void drop_ended(struct shell *shell, const struct notice *notice)
{
	struct notice_frame *cached;

	HASH_FIND(hh, shell->notice_frames, &notice->id, sizeof notice->id, cached);
	if (cached != NULL && notice->state != NOTICE_OPEN)
		forget(shell, cached);
}

/* ---- to whom ---- */

static const struct principal *principal_of(struct shell *shell, const struct notice *notice, const struct recipient *who)
{
	return principal_find(shell, notice->broadcast ? "terminal" : "person", who->id);
}

static void send_bundle(struct shell *shell, const struct notice *lead, const char *person)
{
	const struct principal *to = principal_find(shell, "person", person);
	struct hub_frame *frame = to != NULL && to->n_peers > 0 ? encode_bundle(shell, lead, person) : NULL;

	if (frame == NULL)
		return;
	shell->round++;
	release_to_devices(shell, to, frame);
	hub_frame_unref(frame);
}

static bool is_among(const struct changes *changes, const struct notice *notice)
{
	for (size_t i = 0; i < changes->n_notices; i++)
		if (changes->notices[i] == notice->id)
			return true;
	return false;
}

/* True when what this person is to hear of the notice goes another way than as its own frame: with another capacity's, or with others in
 * it. */
static bool otherwise_told(struct shell *shell, const struct notice *notice, const struct recipient *who, const struct changes *changes)
{
	const struct notice *lead = bundle_lead(notice, who->id);

	if (lead != notice && is_among(changes, lead))
		return true; /* its frame names this one too */
	if (lead == notice && !is_bundle(notice, who->id))
		return false;
	send_bundle(shell, lead, who->id);
	return true;
}

/* One of several capacities ended for this person, the others stand: under a frame of their own. */
static void tell_left(struct shell *shell, const struct notice *notice, const struct recipient *who, const struct changes *changes)
{
	const struct notice *left = bundle_left(notice, who->id);

	if (left != NULL && !is_among(changes, left))
		send_bundle(shell, left, who->id);
}

static void deliver(struct shell *shell, const struct notice *notice, const struct changes *changes)
{
	struct hub_frame *frame = frame_of(shell, notice);

	if (frame == NULL)
		return;
	hub_frame_ref(frame);
	shell->round++;
	for (size_t i = 0; i < notice->n_recipients; i++) {
		const struct recipient *who = &notice->recipients[i];

		if (gone(notice, who) || (notice->state == NOTICE_OPEN && notice_answered(notice, who)))
			continue;
		if (notice->broadcast || notice->state != NOTICE_OPEN || !otherwise_told(shell, notice, who, changes))
			release_to_devices(shell, principal_of(shell, notice, who), frame);
		if (!notice->broadcast && notice->state != NOTICE_OPEN)
			tell_left(shell, notice, who, changes);
	}
	hub_frame_unref(frame);
	drop_ended(shell, notice);
}

void delivery_changes(struct shell *shell, const struct changes *changes)
{
	for (size_t i = 0; i < changes->n_notices; i++) {
		const struct notice *notice = engine_notice(shell->engine, changes->notices[i]);

		if (notice != NULL)
			deliver(shell, notice, changes);
	}
}

static void taken_back(struct shell *shell, const struct record *record)
{
	const struct notice *notice = engine_notice(shell->engine, record->notice);

	for (size_t i = 0; notice != NULL && i < record->n_recipients; i++) {
		const struct recipient *who = delivery_recipient(notice, record->recipients[i].id);
		struct hub_frame *frame = who != NULL && who->gone != 0 ? encode_gone(notice, who) : NULL;

		if (frame == NULL)
			continue;
		shell->round++;
		release_to_devices(shell, principal_of(shell, notice, who), frame);
		hub_frame_unref(frame);
	}
}

void delivery_record(struct shell *shell, const struct record *record)
{
	const struct notice *notice;
	const struct recipient *who;
	struct hub_frame *frame;

	if (record->kind == REC_WITHDRAWN)
		taken_back(shell, record);
	if (record->kind != REC_ACKNOWLEDGED && record->kind != REC_EXCUSED)
		return;
	notice = engine_notice(shell->engine, record->notice);
	if (notice == NULL || notice->state != NOTICE_OPEN)
		return;
	who = delivery_recipient(notice, notice->broadcast ? record->terminal : record->person);
	if (who == NULL || !notice_answered(notice, who))
		return;
	frame = encode(shell, notice, record->index);
	if (frame == NULL)
		return;
	shell->round++;
	release_to_devices(shell, principal_of(shell, notice, who), frame);
	hub_frame_unref(frame);
}

/* ---- a session that has just come ---- */

static bool wanted(const struct notice *notice, const struct recipient *who, uint64_t seen)
{
	if (who->gone != 0)
		return seen != 0 && who->gone > seen;
	if (gone(notice, who))
		return false;
	if (notice->state != NOTICE_OPEN)
		return seen != 0 && notice->revision > seen;
	return !notice_answered(notice, who) && (notice->wants_ack || who->stage < STAGE_DISPLAYED);
}

struct list {
	const struct notice **at;
	size_t n, cap, n_real;
};

static void collect(struct list *list, const struct shell_peer *peer, const struct incident *incident, uint64_t seen)
{
	for (size_t i = 0; i < incident->n_notices; i++) {
		const struct notice *notice = incident->notices[i];
		const struct recipient *who =
			delivery_recipient(notice, notice->broadcast ? shell_peer_terminal(peer) : shell_peer_person(peer));

		if (who == NULL || !wanted(notice, who, seen) || (!notice->broadcast && bundle_lead(notice, who->id) != notice))
			continue;
		list->at = xgrow(list->at, &list->cap, list->n + 1, sizeof *list->at);
		list->at[list->n++] = notice;
		list->n_real += !incident->drill;
	}
}

/* Real ones first, then by age: a device that is cut off amid them has seen all up to the newest that it remembers. */
static int by_age(const void *a, const void *b)
{
	const struct notice *x = *(const struct notice *const *)a, *y = *(const struct notice *const *)b;

	if (x->incident->drill != y->incident->drill)
		return x->incident->drill ? 1 : -1;
	return (x->revision > y->revision) - (x->revision < y->revision);
}

static void send_one(struct shell_peer *peer, const struct notice *notice)
{
	const struct recipient *who = delivery_recipient(notice, notice->broadcast ? shell_peer_terminal(peer) : shell_peer_person(peer));
	bool several = !notice->broadcast && who->gone == 0 && is_bundle(notice, who->id);
	struct hub_frame *own = who->gone != 0 ? encode_gone(notice, who) : several ? encode_bundle(peer->shell, notice, who->id) : NULL;
	struct hub_frame *frame = own != NULL ? own : frame_of(peer->shell, notice);

	if (frame != NULL)
		release_shared(peer->shell, peer, frame);
	if (own != NULL)
		hub_frame_unref(own);
	drop_ended(peer->shell, notice);
}

void delivery_open(struct shell_peer *peer, uint64_t seen)
{
	const struct incident *const *incidents;
	size_t n = engine_incidents(peer->shell->engine, &incidents), from;
	struct list list = {0};

	if (!peer->wants_notices)
		return;
	for (size_t i = 0; i < n; i++)
		if (incidents[i]->state == INCIDENT_OPEN || (seen != 0 && incidents[i]->revision > seen))
			collect(&list, peer, incidents[i], seen);
	if (list.n > 1)
		qsort(list.at, list.n, sizeof *list.at, by_age);
	from = list.n_real > MAX_AT_ONCE ? list.n_real - MAX_AT_ONCE : 0;
	if (list.n > MAX_AT_ONCE)
		log_warning(peer->subject, "%zu notices are open; %zu are sent, the others stand in the inbox only", list.n,
			(size_t)MAX_AT_ONCE);
	for (size_t i = from; i < list.n && i < from + MAX_AT_ONCE; i++) {
		send_one(peer, list.at[i]);
	}
	free(list.at);
}

void delivery_free(struct shell *shell)
{
	struct notice_frame *cached, *next;

	HASH_ITER(hh, shell->notice_frames, cached, next)
		forget(shell, cached);
}
