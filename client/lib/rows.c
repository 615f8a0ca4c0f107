#include "lib/rows.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/mem.h"
#include "lib/conn.h"

struct held {
	UT_hash_handle hh;
	char *key;
	Renraku__Row *row;
	size_t size;
};

struct rows {
	struct held *by_key;
	struct held **sorted;
	size_t n, bytes, cap;
	bool dirty, complete;
	uint64_t revision;
};

struct rows *rows_new(void)
{
	return xcalloc(1, sizeof(struct rows));
}

static void drop(struct rows *r, struct held *h)
{
	HASH_DEL(r->by_key, h);
	r->bytes -= h->size;
	r->n--;
	r->dirty = true;
	renraku__row__free_unpacked(h->row, NULL);
	free(h->key);
	free(h);
}

static void clear(struct rows *r)
{
	struct held *h, *next;
	HASH_ITER(hh, r->by_key, h, next)
		drop(r, h);
}

void rows_free(struct rows *r)
{
	if (!r)
		return;
	clear(r);
	free(r->sorted);
	free(r);
}

static struct held *find(const struct rows *r, const char *key)
{
	struct held *h;
	HASH_FIND_STR(r->by_key, key, h);
	return h;
}

/* The one way to copy a message of protobuf-c is through its bytes. */
static bool put(struct rows *r, const Renraku__Row *row)
{
	size_t size = renraku__row__get_packed_size(row);
	struct held *old = find(r, row->key);
	if (r->bytes - (old ? old->size : 0) + size > ROWS_MAX_BYTES)
		return false;
	uint8_t *bytes = xmalloc(size ? size : 1);
	renraku__row__pack(row, bytes);
	Renraku__Row *copy = renraku__row__unpack(NULL, size, bytes);
	free(bytes);
	if (!copy)
		return false;
	if (old)
		drop(r, old);
	struct held *h = xcalloc(1, sizeof *h);
	h->key = xstrdup(row->key);
	h->row = copy;
	h->size = size;
	HASH_ADD_KEYPTR(hh, r->by_key, h->key, strlen(h->key), h);
	r->n++;
	r->bytes += size;
	r->dirty = true;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct held *x = *(struct held *const *)a, *y = *(struct held *const *)b;
	int order = strcmp(x->row->order, y->row->order);
	return order ? order : strcmp(x->key, y->key);
}

static void sort(struct rows *r)
{
	if (!r->dirty)
		return;
	r->sorted = xgrow(r->sorted, &r->cap, r->n ? r->n : 1, sizeof *r->sorted);
	size_t i = 0;
	for (struct held *h = r->by_key; h; h = h->hh.next)
		r->sorted[i++] = h;
	qsort(r->sorted, r->n, sizeof *r->sorted, compare);
	r->dirty = false;
}

bool rows_apply(struct rows *r, const Renraku__ViewUpdate *u)
{
	if (u->snapshot)
		clear(r);
	for (size_t i = 0; i < u->n_removed; i++) {
		struct held *h = find(r, u->removed[i]);
		if (h)
			drop(r, h);
	}
	bool kept = true;
	for (size_t i = 0; kept && i < u->n_rows; i++)
		kept = put(r, u->rows[i]);
	r->complete = u->complete && kept;
	if (r->complete)
		r->revision = u->revision;
	sort(r);
	return kept;
}

bool rows_complete(const struct rows *r)
{
	return r->complete;
}

uint64_t rows_revision(const struct rows *r)
{
	return r->revision;
}

size_t rows_count(const struct rows *r)
{
	return r->n;
}

const Renraku__Row *rows_at(const struct rows *r, size_t i)
{
	return i < r->n ? r->sorted[i]->row : NULL;
}

const Renraku__Row *rows_find(const struct rows *r, const char *key)
{
	struct held *h = find(r, key);
	return h ? h->row : NULL;
}

struct rows *rows_fetch(struct conn *c, Renraku__View view, uint32_t incident, int64_t deadline, struct conn_problem *problem)
{
	Renraku__Subscribe s = RENRAKU__SUBSCRIBE__INIT;
	s.view = view;
	s.incident = incident;
	s.once = true;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_SUBSCRIBE;
	f.subscribe = &s;
	if (conn_send(c, &f, deadline, problem) != CONN_OK)
		return NULL;
	struct rows *r = rows_new();
	while (!rows_complete(r)) {
		const Renraku__ServerFrame *answer;
		if (conn_next(c, deadline, &answer, problem) != CONN_OK)
			break;
		if (answer->body_case == RENRAKU__SERVER_FRAME__BODY_VIEW && answer->view->view == view &&
			answer->view->incident == incident) {
			if (!rows_apply(r, answer->view))
				break;
		} else if (answer->body_case == RENRAKU__SERVER_FRAME__BODY_REFUSAL && answer->ref == f.ref) {
			conn_problem_refusal(problem, answer->refusal);
			break;
		}
	}
	if (rows_complete(r))
		return r;
	rows_free(r);
	return NULL;
}
