#include "app/logpage.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "app/answer.h"
#include "app/batch.h"
#include "app/peer.h"
#include "base/log.h"
#include "wire/frame.h"

#define MAX_ENTRIES 256u
/* Leaves room for the frame's and the entry's own fields. */
#define MAX_PAGE (FRAME_MAX - 1024u)
#define ENTRY_OVERHEAD 128u

static void note(struct shell *shell, uint32_t incident, uint64_t index)
{
	size_t i = incident - 1;

	while (shell->index.n_of < incident) {
		shell->index.of = xgrow(shell->index.of, &shell->index.cap_of, shell->index.n_of + 1, sizeof *shell->index.of);
		memset(&shell->index.of[shell->index.n_of++], 0, sizeof *shell->index.of);
	}
	shell->index.of[i].at =
		xgrow(shell->index.of[i].at, &shell->index.of[i].cap, shell->index.of[i].n + 1, sizeof *shell->index.of[i].at);
	shell->index.of[i].at[shell->index.of[i].n++] = index;
}

void logpage_note(struct shell *shell, const struct record *record)
{
	const struct notice *notice;
	uint32_t incident = record->incident;

	/* A receipt or an acknowledgement may name its notice only. */
	if (incident == 0 && record->notice != 0) {
		notice = engine_notice(shell->engine, record->notice);
		incident = notice != NULL ? notice->incident->id : 0;
	}
	/* Incidents are numbered without gaps, so a number beyond the next one is no incident of ours. */
	if (incident != 0 && engine_incident(shell->engine, incident) != NULL)
		note(shell, incident, record->index);
	if ((record->kind == REC_JOINED || record->kind == REC_SPLIT) && record->ordinal != 0 &&
		engine_incident(shell->engine, record->ordinal) != NULL)
		note(shell, record->ordinal, record->index);
}

/* ---- a page ---- */

struct page {
	struct arena *arena;
	Renraku__LogEntry **entries;
	const struct shell_peer *reader;
	size_t n, bytes, max;
	uint64_t offset; /* where to begin inside the first entry */
	bool full;
};

static void put_part(struct page *page, const struct store_entry *in, size_t from, size_t len, size_t total)
{
	Renraku__LogEntry *out = arena_alloc(page->arena, sizeof *out);

	renraku__log_entry__init(out);
	out->index = in->index;
	out->prev_hash.data = arena_alloc(page->arena, STORE_HASH);
	out->prev_hash.len = STORE_HASH;
	memcpy(out->prev_hash.data, in->prev, STORE_HASH);
	out->hash.data = arena_alloc(page->arena, STORE_HASH);
	out->hash.len = STORE_HASH;
	memcpy(out->hash.data, in->hash, STORE_HASH);
	out->record.data = arena_alloc(page->arena, len + 1);
	out->record.len = len;
	memcpy(out->record.data, in->data + from, len);
	out->offset = from;
	out->total = total;
	page->entries[page->n++] = out;
	page->bytes += len + ENTRY_OVERHEAD;
}

static bool private_number(const struct page *page, const struct record *record)
{
	const struct engine *engine = page->reader->shell->engine;
	struct view_reader reader = {shell_peer_terminal(page->reader), shell_peer_person(page->reader)};
	bool found = view_private_number(engine, &reader, record->number);

	for (size_t i = 0; i < record->n_calls; i++)
		found = found || view_private_number(engine, &reader, record->calls[i].number);
	return found;
}

static bool sees(const struct page *page, uint32_t incident)
{
	const struct shell_peer *peer = page->reader;
	const struct incident *of = incident != 0 ? engine_incident(peer->shell->engine, incident) : NULL;

	return of == NULL || people_may_see(peer->shell->engine, of, shell_peer_person(peer), shell_peer_terminal(peer));
}

/* Of an incident that is not for this reader, or with a private telephone number that is not: its hashes only. */
static bool is_withheld(const struct page *page, const struct store_entry *entry)
{
	struct record record = {0};
	const struct notice *notice;
	bool hide;

	if (!record_decode(page->arena, entry->data, entry->len, &record))
		return false;
	notice = record.incident == 0 && record.notice != 0 ? engine_notice(page->reader->shell->engine, record.notice) : NULL;
	hide = !sees(page, notice != NULL ? notice->incident->id : record.incident);
	if (record.kind == REC_JOINED || record.kind == REC_SPLIT)
		hide = hide || !sees(page, record.ordinal);
	return hide || private_number(page, &record);
}

static bool on_entry(void *arg, const struct store_entry *whole)
{
	struct page *page = arg;
	size_t room = MAX_PAGE - ENTRY_OVERHEAD;
	struct store_entry bare = *whole;
	const struct store_entry *entry = &bare;
	bool withheld = is_withheld(page, whole);

	if (withheld)
		bare.len = 0;

	if (entry->len > room) { /* alone on its page, in parts */
		if (page->n == 0) {
			size_t from = page->offset < entry->len ? (size_t)page->offset : entry->len;
			size_t len = entry->len - from < room ? entry->len - from : room;

			put_part(page, entry, from, len, entry->len);
			page->full = from + len < entry->len;
		}
		page->full = page->full || page->n != 1 || page->entries[0]->index != entry->index;
		return false;
	}
	page->offset = 0;
	if (page->n == page->max || page->bytes + entry->len + ENTRY_OVERHEAD > MAX_PAGE) {
		page->full = true;
		return false;
	}
	put_part(page, entry, 0, entry->len, 0);
	page->entries[page->n - 1]->withheld = withheld;
	return true;
}

static enum store_status read_all(struct shell *shell, uint64_t from, struct page *page)
{
	return store_read(shell->store, from, page->max, on_entry, page);
}

static enum store_status read_incident(struct shell *shell, uint32_t incident, uint64_t from, struct page *page)
{
	enum store_status status = STORE_OK;

	if (incident > shell->index.n_of)
		return STORE_OK;
	for (size_t i = 0; i < shell->index.of[incident - 1].n && status == STORE_OK && !page->full && page->n < page->max; i++) {
		uint64_t index = shell->index.of[incident - 1].at[i];

		if (index >= from && index <= shell->batch.durable)
			status = store_read(shell->store, index, 1, on_entry, page);
	}
	return status;
}

/* Is there nothing of it behind the page? */
static bool is_last(const struct shell *shell, uint32_t incident, const struct page *page)
{
	uint64_t last = page->n > 0 ? page->entries[page->n - 1]->index : 0, newest = shell->batch.durable;

	if (page->full)
		return false;
	if (incident != 0) {
		newest = 0;
		for (size_t i = 0; incident <= shell->index.n_of && i < shell->index.of[incident - 1].n; i++)
			if (shell->index.of[incident - 1].at[i] <= shell->batch.durable)
				newest = shell->index.of[incident - 1].at[i];
	}
	return page->n == 0 || last >= newest;
}

/* The code of the refusal, or NULL. */
static const char *may_read(const struct shell_peer *peer, uint32_t incident)
{
	const struct incident *of;

	if (peer->human == NULL)
		return "NOT_SIGNED_IN";
	if (incident == 0)
		return peer_is_administrator(peer) ? NULL : "NOT_ENTITLED";
	of = engine_incident(peer->shell->engine, incident);
	if (of == NULL)
		return "UNKNOWN_INCIDENT";
	return people_may_see(peer->shell->engine, of, peer->human->id, shell_peer_terminal(peer)) ? NULL : "NOT_SEEN";
}

void logpage_reading(struct shell_peer *peer, uint32_t incident, const char *what)
{
	struct shell *shell = peer->shell;
	const struct incident *of = engine_incident(shell->engine, incident);
	struct command command = {.type = CMD_READ, .incident = incident, .text = what};

	command.person = shell_peer_person(peer);
	command.terminal = shell_peer_terminal(peer);
	if (of == NULL || command.person == NULL || !people_restricted(of) ||
		!people_may_see(shell->engine, of, command.person, command.terminal))
		return;
	if (shell->recording)
		batch_run_own(shell, &command);
	else
		log_warning(peer->subject, "reads incident %u (%s) while nothing can be recorded", incident, what);
}

/* The whole log is that of every incident in it. */
static void read_on_record(struct shell_peer *peer, const Renraku__LogRequest *m)
{
	const struct incident *const *incidents;
	size_t n = engine_incidents(peer->shell->engine, &incidents);
	const char *what = m->report ? "report" : "log";

	if (m->incident != 0)
		logpage_reading(peer, m->incident, what);
	for (size_t i = 0; m->incident == 0 && i < n; i++)
		logpage_reading(peer, incidents[i]->id, what);
}

void logpage_request(struct shell_peer *peer, uint64_t ref, const Renraku__LogRequest *m)
{
	struct shell *shell = peer->shell;
	Renraku__ServerFrame message = RENRAKU__SERVER_FRAME__INIT;
	Renraku__LogPage out = RENRAKU__LOG_PAGE__INIT;
	struct page page = {.max = m->count > 0 && m->count < MAX_ENTRIES ? m->count : MAX_ENTRIES, .offset = m->offset, .reader = peer};
	const char *no = may_read(peer, m->incident);
	uint64_t from = m->from > 0 ? m->from : 1;
	enum store_status status;

	if (no != NULL) {
		peer_refuse(peer, ref, no);
		return;
	}
	read_on_record(peer, m);
	page.arena = arena_new(0);
	page.entries = arena_alloc(page.arena, page.max * sizeof *page.entries);
	status = m->incident == 0 ? read_all(shell, from, &page) : read_incident(shell, m->incident, from, &page);
	if (status == STORE_OK) {
		out.entries = page.entries;
		out.n_entries = page.n;
		out.head = shell->batch.durable;
		out.last = is_last(shell, m->incident, &page);
		message.ref = ref;
		message.body_case = RENRAKU__SERVER_FRAME__BODY_LOG_PAGE;
		message.log_page = &out;
		peer_send(peer, answer_pack(&message));
	} else {
		peer_send(peer, answer_refusal(ref, "BUSY", store_status_name(status), 2000));
	}
	arena_free(page.arena);
}

void logpage_free(struct shell *shell)
{
	for (size_t i = 0; i < shell->index.n_of; i++)
		free(shell->index.of[i].at);
	free(shell->index.of);
}
