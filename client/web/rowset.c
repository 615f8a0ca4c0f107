#include "web/rowset.h"

#include <assert.h>
#include <inttypes.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/mem.h"
#include "renraku.pb-c.h"
#include "web/json.h"
#include "wire/scan.h"

/* Field numbers of ViewUpdate in renraku.proto. */
enum { UPDATE_VIEW = 1, UPDATE_INCIDENT, UPDATE_REVISION, UPDATE_SNAPSHOT, UPDATE_COMPLETE, UPDATE_ROWS, UPDATE_REMOVED };
/* A frame's worth of rows, every character of it escaped. */
#define TEXT_MAX (1u << 20)

/* ---- texts ---- */

struct interned {
	struct row_text text; /* first: a row_text is one of these */
	UT_hash_handle hh;
	uint8_t digest[SHA256_DIGEST_LENGTH]; /* of the encoded row */
	char bytes[];                         /* key, NUL, JSON, NUL */
};

static struct interned *all_texts;

static struct interned *make(const uint8_t *bytes, size_t len, const uint8_t digest[SHA256_DIGEST_LENGTH])
{
	Renraku__Row *row = renraku__row__unpack(NULL, len, bytes);
	struct buf json;
	if (!row)
		return NULL;
	buf_init(&json, TEXT_MAX);
	json_write(&json, &row->base);
	size_t key = strlen(row->key) + 1;
	struct interned *t = NULL;
	if (!json.full) {
		t = xcalloc(1, sizeof *t + key + json.len + 1);
		memcpy(t->bytes, row->key, key);
		memcpy(t->bytes + key, buf_str(&json), json.len + 1);
		memcpy(t->digest, digest, sizeof t->digest);
		t->text = (struct row_text){.len = json.len, .key = t->bytes, .json = t->bytes + key};
		HASH_ADD(hh, all_texts, digest, sizeof t->digest, t);
	}
	buf_free(&json);
	renraku__row__free_unpacked(row, NULL);
	return t;
}

/* With a reference for the caller. NULL: no row. */
static struct row_text *intern(const uint8_t *bytes, size_t len)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	struct interned *t;
	SHA256(bytes, len, digest);
	HASH_FIND(hh, all_texts, digest, sizeof digest, t);
	if (!t)
		t = make(bytes, len, digest);
	return t ? row_text_ref(&t->text) : NULL;
}

struct row_text *row_text_ref(struct row_text *r)
{
	r->refs++;
	return r;
}

void row_text_unref(struct row_text *r)
{
	assert(r->refs > 0);
	if (--r->refs)
		return;
	struct interned *t = (struct interned *)(void *)r;
	HASH_DEL(all_texts, t);
	free(t);
}

size_t row_texts(void)
{
	return HASH_COUNT(all_texts);
}

/* ---- a set ---- */

void rowset_init(struct rowset *s, int view, uint32_t incident)
{
	*s = (struct rowset){.view = view, .incident = incident};
}

static void empty(struct rowset *s)
{
	for (size_t i = 0; i < s->n; i++)
		row_text_unref(s->at[i]);
	s->n = s->bytes = 0;
}

void rowset_clear(struct rowset *s)
{
	empty(s);
	free(s->at);
	rowset_init(s, s->view, s->incident);
}

/* Where the key stands, or would. */
static size_t place(const struct rowset *s, const char *key, bool *found)
{
	size_t low = 0, high = s->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(s->at[middle]->key, key);
		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = false;
	return low;
}

/* Takes the reference, unless there is no room. */
static bool put(struct rowset *s, struct row_text *r)
{
	bool found;
	size_t i = place(s, r->key, &found);
	if (found) {
		s->bytes -= s->at[i]->len;
		row_text_unref(s->at[i]);
	} else {
		if (s->n == ROWSET_MAX_ROWS)
			return false;
		s->at = xgrow(s->at, &s->cap, s->n + 1, sizeof(struct row_text *));
		memmove(s->at + i + 1, s->at + i, (s->n - i) * sizeof(struct row_text *));
		s->n++;
	}
	s->at[i] = r;
	s->bytes += r->len;
	return s->bytes <= ROWSET_MAX_BYTES;
}

static void drop(struct rowset *s, const char *key)
{
	bool found;
	size_t i = place(s, key, &found);
	if (!found)
		return;
	s->bytes -= s->at[i]->len;
	row_text_unref(s->at[i]);
	memmove(s->at + i, s->at + i + 1, (s->n - i - 1) * sizeof(struct row_text *));
	s->n--;
}

/* ---- writing ---- */

void rowset_write_begin(struct rowset_writer *w, const struct rowset *s, bool snapshot)
{
	if (!w->json.max)
		buf_init(&w->json, 4 * TEXT_MAX);
	buf_reset(&w->json);
	w->view = s->view;
	w->incident = s->incident;
	w->revision = s->revision;
	w->snapshot = snapshot;
	w->rows = w->removed = w->any = false;
	const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(&renraku__view__descriptor, s->view);
	buf_printf(&w->json, "{\"view\":\"%s\"", v ? v->name : "");
	if (s->incident)
		buf_printf(&w->json, ",\"incident\":%" PRIu32, s->incident);
	if (snapshot)
		buf_puts(&w->json, ",\"snapshot\":true");
}

void rowset_write_row(struct rowset_writer *w, const struct row_text *r)
{
	assert(!w->removed);
	buf_puts(&w->json, w->rows ? "," : ",\"rows\":[");
	buf_append(&w->json, r->json, r->len);
	w->rows = w->any = true;
}

void rowset_write_removed(struct rowset_writer *w, const char *key)
{
	if (!w->removed && w->rows)
		buf_puts(&w->json, "]");
	buf_puts(&w->json, w->removed ? "," : ",\"removed\":[");
	json_quote(&w->json, key);
	w->removed = w->any = true;
}

const char *rowset_write_end(struct rowset_writer *w, bool complete, size_t *len)
{
	if (w->rows || w->removed)
		buf_puts(&w->json, "]");
	if (w->revision)
		buf_printf(&w->json, ",\"revision\":%" PRIu64, w->revision);
	buf_puts(&w->json, complete ? ",\"complete\":true}" : "}");
	assert(!w->json.full);
	*len = w->json.len;
	return buf_str(&w->json);
}

void rowset_writer_free(struct rowset_writer *w)
{
	if (w->json.max)
		buf_free(&w->json);
	*w = (struct rowset_writer){0};
}

/* ---- merging ---- */

struct head {
	int view;
	uint32_t incident;
	uint64_t revision;
	bool snapshot, complete;
};

static bool read_head(const uint8_t *p, size_t len, struct head *h)
{
	const uint8_t *end = p + len;
	*h = (struct head){0};
	while (p < end) {
		struct scan_field f;
		if (!scan_field(&p, end, &f))
			return false;
		if (f.id == UPDATE_VIEW && f.number <= INT32_MAX)
			h->view = (int)f.number;
		else if (f.id == UPDATE_INCIDENT)
			h->incident = (uint32_t)f.number;
		else if (f.id == UPDATE_REVISION)
			h->revision = f.number;
		else if (f.id == UPDATE_SNAPSHOT)
			h->snapshot = f.number != 0;
		else if (f.id == UPDATE_COMPLETE)
			h->complete = f.number != 0;
	}
	return true;
}

bool rowset_names(const uint8_t *update, size_t len, int *view, uint32_t *incident)
{
	struct head h;
	if (!read_head(update, len, &h))
		return false;
	*view = h.view;
	*incident = h.incident;
	return true;
}

struct merging {
	struct rowset *set;
	struct rowset_writer *writer;
	void (*tell)(void *, const char *, size_t);
	void *arg;
};

static void flush(struct merging *m, bool complete)
{
	size_t len;
	const char *json = rowset_write_end(m->writer, complete, &len);
	m->tell(m->arg, json, len);
}

static bool merge_row(struct merging *m, const struct scan_field *f)
{
	struct row_text *r = intern(f->value, f->len);
	if (!r)
		return false;
	if (m->writer->any && m->writer->json.len + r->len > ROWSET_CHUNK) {
		flush(m, false);
		rowset_write_begin(m->writer, m->set, false);
	}
	rowset_write_row(m->writer, r);
	if (put(m->set, r))
		return true;
	bool found;
	size_t i = place(m->set, r->key, &found);
	if (!found || m->set->at[i] != r)
		row_text_unref(r);
	return false;
}

static bool merge_removed(struct merging *m, const struct scan_field *f)
{
	if (!f->len || memchr(f->value, 0, f->len))
		return false;
	char *key = xstrndup((const char *)f->value, f->len);
	drop(m->set, key);
	rowset_write_removed(m->writer, key);
	free(key);
	return true;
}

/* The order within an update does not matter to the rules, but rows are written before keys. */
static bool merge(struct merging *m, const uint8_t *p, const uint8_t *end, uint64_t which)
{
	while (p < end) {
		struct scan_field f;
		if (!scan_field(&p, end, &f))
			return false;
		if (f.id != which || !f.value)
			continue;
		if (which == UPDATE_ROWS ? !merge_row(m, &f) : !merge_removed(m, &f))
			return false;
	}
	return true;
}

bool rowset_apply(struct rowset *s, const uint8_t *update, size_t len, void (*tell)(void *arg, const char *json, size_t len), void *arg)
{
	static struct rowset_writer writer;
	struct merging m = {s, &writer, tell, arg};
	struct head h;
	if (!read_head(update, len, &h))
		return false;
	if (h.snapshot)
		empty(s);
	s->begun = true;
	s->revision = h.revision;
	rowset_write_begin(&writer, s, h.snapshot);
	if (!merge(&m, update, update + len, UPDATE_ROWS) || !merge(&m, update, update + len, UPDATE_REMOVED))
		return false;
	s->complete = h.complete;
	flush(&m, h.complete);
	return true;
}
