#include "bench/proof.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "record/record.h"

struct tally {
	bool *who;
	size_t n;
};

struct proof {
	sqlite3 *db;
	sqlite3_stmt *next;
	struct arena *arena;
	const char *prefix;
	size_t n;
	uint64_t notice;
	int64_t read; /* newest record seen */
	struct tally displayed, acknowledged, present;
};

static void tally_set(struct proof *p, struct tally *t, const char *id, bool is)
{
	size_t len = strlen(p->prefix), number;

	if (strncmp(id, p->prefix, len) != 0)
		return;
	number = strtoul(id + len, NULL, 10);
	if (number < 1 || number > p->n || t->who[number - 1] == is)
		return;
	t->who[number - 1] = is;
	t->n = is ? t->n + 1 : t->n - 1;
}

static void tally_clear(struct proof *p, struct tally *t)
{
	memset(t->who, 0, p->n * sizeof *t->who);
	t->n = 0;
}

static void take(struct proof *p, const struct record *r)
{
	struct tally *t = NULL;
	const char *skip = "";
	bool is = true;

	if (r->kind == REC_RECEIPT && r->notice == p->notice && r->stage == STAGE_DISPLAYED)
		t = &p->displayed;
	if (r->kind == REC_ACKNOWLEDGED && r->notice == p->notice && r->terminal != NULL)
		tally_set(p, &p->acknowledged, r->terminal, true);
	if (r->kind == REC_PRESENCE) {
		t = &p->present;
		is = r->flag;
		skip = "terminal:";
	}
	for (size_t i = 0; t != NULL && i < r->n_recipients; i++)
		if (strncmp(r->recipients[i].id, skip, strlen(skip)) == 0)
			tally_set(p, t, r->recipients[i].id + strlen(skip), is);
}

static bool unreadable(const struct proof *p)
{
	fprintf(stderr, "fanout: cannot read the log: %s\n", sqlite3_errmsg(p->db));
	return false;
}

bool proof_read(struct proof *p)
{
	int rc;

	sqlite3_bind_int64(p->next, 1, p->read);
	while ((rc = sqlite3_step(p->next)) == SQLITE_ROW) {
		struct record r = {0};

		arena_reset(p->arena);
		if (!record_decode(p->arena, sqlite3_column_blob(p->next, 1), (size_t)sqlite3_column_bytes(p->next, 1), &r)) {
			fprintf(stderr, "fanout: entry %lld of the log is no record\n", (long long)sqlite3_column_int64(p->next, 0));
			return false;
		}
		take(p, &r);
		p->read = sqlite3_column_int64(p->next, 0);
	}
	/* Ends the read, so that the server's checkpoints go on. */
	sqlite3_reset(p->next);
	return rc == SQLITE_DONE || unreadable(p);
}

struct proof *proof_new(const char *path, const char *prefix, size_t n)
{
	struct proof *p = xcalloc(1, sizeof *p);

	p->prefix = prefix;
	p->n = n;
	p->arena = arena_new(0);
	p->displayed.who = xcalloc(n, sizeof(bool));
	p->acknowledged.who = xcalloc(n, sizeof(bool));
	p->present.who = xcalloc(n, sizeof(bool));
	if (sqlite3_open_v2(path, &p->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
		sqlite3_prepare_v2(p->db, "SELECT idx, bytes FROM log WHERE idx > ? ORDER BY idx", -1, &p->next, NULL) != SQLITE_OK) {
		unreadable(p);
		proof_free(p);
		return NULL;
	}
	return p;
}

void proof_free(struct proof *p)
{
	if (p == NULL)
		return;
	sqlite3_finalize(p->next);
	sqlite3_close(p->db);
	arena_free(p->arena);
	free(p->displayed.who);
	free(p->acknowledged.who);
	free(p->present.who);
	free(p);
}

void proof_expect(struct proof *p, uint64_t notice)
{
	p->notice = notice;
	tally_clear(p, &p->displayed);
	tally_clear(p, &p->acknowledged);
}

size_t proof_displayed(const struct proof *p)
{
	return p->displayed.n;
}
size_t proof_acknowledged(const struct proof *p)
{
	return p->acknowledged.n;
}
size_t proof_present(const struct proof *p)
{
	return p->present.n;
}
uint64_t proof_records(const struct proof *p)
{
	return (uint64_t)p->read;
}
