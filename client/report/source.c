#include "report/source.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/link.h"
#include "ctl/logread.h"
#include "ctl/out.h"
#include "record/chain.h"

/* Far beyond any incident; a server that sends more is not believed. */
#define LINES_MAX 1000000u

static void damaged(struct source *s, uint64_t index, const char *what)
{
	if (!s->damage)
		s->damage = arena_printf(s->arena, T("記録 %llu %s", "record %llu %s"), (unsigned long long)index, what);
}

static void check(struct source *s, const Renraku__LogEntry *e)
{
	uint8_t hash[RECORD_HASH];

	if (e->prev_hash.len != RECORD_HASH || e->hash.len != RECORD_HASH) {
		damaged(s, e->index, T("にハッシュがありません", "has no hash"));
		return;
	}
	if (!e->withheld)
		chain_next(e->index, e->prev_hash.data, e->record.data, e->record.len, hash);
	if (!e->withheld && memcmp(hash, e->hash.data, RECORD_HASH) != 0)
		damaged(s, e->index, T("の内容がハッシュと合いません", "does not fit its hash"));
	if (s->last + 1 == e->index && s->last > 0) {
		if (memcmp(s->last_hash, e->prev_hash.data, RECORD_HASH) != 0)
			damaged(s, e->index, T("が前の記録とつながりません", "does not follow the one before"));
		else
			s->linked++;
	}
	s->last = e->index;
	memcpy(s->last_hash, e->hash.data, RECORD_HASH);
}

static bool on_entry(void *arg, const Renraku__LogEntry *e)
{
	struct source *s = arg;
	struct source_line *line;
	uint8_t *bytes;

	if (e->index > s->revision || s->n == LINES_MAX)
		return false;
	check(s, e);
	s->lines = xgrow(s->lines, &s->cap, s->n + 1, sizeof *s->lines);
	line = &s->lines[s->n];
	memset(line, 0, sizeof *line);
	if (e->hash.len == RECORD_HASH)
		memcpy(line->hash, e->hash.data, RECORD_HASH);
	line->withheld = e->withheld;
	if (e->withheld) {
		line->r.index = e->index;
		line->r.at = s->n > 0 ? s->lines[s->n - 1].r.at : 0;
		s->withheld++;
		s->n++;
		return true;
	}
	bytes = arena_alloc(s->arena, e->record.len + 1); /* the page's own bytes go with the page */
	memcpy(bytes, e->record.data, e->record.len);
	if (!record_decode(s->arena, bytes, e->record.len, &line->r)) {
		damaged(s, e->index, T("が読めません", "cannot be read"));
		return true;
	}
	line->r.index = e->index;
	s->n++;
	return true;
}

/* The newest that is no reading; what is behind it is left out. */
static void find_head(struct source *s)
{
	while (s->n > 0 && s->lines[s->n - 1].r.kind == REC_READ)
		s->n--;
	s->head = s->n > 0 ? &s->lines[s->n - 1] : NULL;
}

int source_read(struct ctl *ctl, uint32_t incident, struct source *s)
{
	uint64_t head;
	int code = CTL_OK;

	memset(s, 0, sizeof *s);
	s->arena = arena_new(0);
	s->id = incident;
	s->contacts = link_fetch(ctl, RENRAKU__VIEW__VIEW_CONTACTS, 0, &code);
	s->plan = s->contacts ? link_fetch(ctl, RENRAKU__VIEW__VIEW_PLAN, 0, &code) : NULL;
	s->incident = s->plan ? link_fetch(ctl, RENRAKU__VIEW__VIEW_INCIDENT, incident, &code) : NULL;
	if (!s->incident)
		return code;
	s->revision = rows_revision(s->incident);
	code = logread_server(ctl, 1, incident, on_entry, s, &head);
	if (code != CTL_OK)
		return code;
	find_head(s);
	if (s->head)
		return CTL_OK;
	out_error(T("事案 %u の記録がありません。", "Incident %u has no records."), incident);
	return CTL_UNVERIFIED;
}

void source_free(struct source *s)
{
	rows_free(s->incident);
	rows_free(s->contacts);
	rows_free(s->plan);
	free(s->lines);
	if (s->arena)
		arena_free(s->arena);
}
