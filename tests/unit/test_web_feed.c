/* client/web: what browsers are told: shared rows, sets of them against a plain model, the ring of events, the value against forged
 * requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/mem.h"
#include "renraku.pb-c.h"
#include "web/csrf.h"
#include "web/event.h"
#include "web/rowset.h"

/* ---- rows ---- */

#define KEYS 40

/* What a browser holds: the JSON merged by the rules of docs/protocol.md, with jansson. */
struct browser {
	json_t *rows; /* key -> row */
	bool complete;
	size_t events;
};

static void on_told(void *arg, const char *json, size_t len)
{
	struct browser *b = arg;
	json_error_t error;
	json_t *u = json_loadb(json, len, JSON_REJECT_DUPLICATES, &error), *row;
	size_t i;
	assert_non_null(u);
	assert_null(memchr(json, '\n', len));
	assert_true(len < 2 * ROWSET_CHUNK);
	assert_string_equal(json_string_value(json_object_get(u, "view")), "VIEW_BOARD");
	if (json_is_true(json_object_get(u, "snapshot")))
		json_object_clear(b->rows);
	json_array_foreach(json_object_get(u, "rows"), i, row)
		json_object_set(b->rows, json_string_value(json_object_get(row, "key")), row);
	json_array_foreach(json_object_get(u, "removed"), i, row) json_object_del(b->rows, json_string_value(row));
	b->complete = json_is_true(json_object_get(u, "complete"));
	b->events++;
	json_decref(u);
}

struct update {
	Renraku__ViewUpdate u;
	Renraku__Row *rows[KEYS], row[KEYS];
	Renraku__CommentRow comment[KEYS];
	char *removed[KEYS], keys[KEYS][16], removed_keys[KEYS][16], texts[KEYS][2048];
};

static void begin(struct update *m, bool snapshot)
{
	memset(m, 0, sizeof *m);
	m->u = (Renraku__ViewUpdate)RENRAKU__VIEW_UPDATE__INIT;
	m->u.view = RENRAKU__VIEW__VIEW_BOARD;
	m->u.snapshot = snapshot;
	m->u.complete = true;
	m->u.rows = m->rows;
	m->u.removed = m->removed;
}

static void add(struct update *m, int key, unsigned value)
{
	size_t i = m->u.n_rows++;
	snprintf(m->keys[i], sizeof m->keys[i], "k%02d", key);
	memset(m->texts[i], 'x', sizeof m->texts[i] - 1);
	snprintf(m->texts[i], sizeof m->texts[i], "%u<%*s", value, (int)(value % 2000), "\"");
	m->comment[i] = (Renraku__CommentRow)RENRAKU__COMMENT_ROW__INIT;
	m->comment[i].text = m->texts[i];
	m->row[i] = (Renraku__Row)RENRAKU__ROW__INIT;
	m->row[i].key = m->keys[i];
	m->row[i].body_case = RENRAKU__ROW__BODY_COMMENT;
	m->row[i].comment = &m->comment[i];
	m->rows[i] = &m->row[i];
}

static void take(struct update *m, int key)
{
	size_t i = m->u.n_removed++;
	snprintf(m->removed_keys[i], sizeof m->removed_keys[i], "k%02d", key);
	m->removed[i] = m->removed_keys[i];
}

static bool apply(struct rowset *s, struct update *m, struct browser *b)
{
	size_t len = renraku__view_update__get_packed_size(&m->u);
	uint8_t *bytes = xmalloc(len);
	renraku__view_update__pack(&m->u, bytes);
	bool ok = rowset_apply(s, bytes, len, on_told, b);
	free(bytes);
	return ok;
}

static void same(const struct rowset *s, const struct browser *b)
{
	assert_int_equal(s->n, json_object_size(b->rows));
	size_t bytes = 0;
	for (size_t i = 0; i < s->n; i++) {
		json_error_t error;
		json_t *row = json_loads(s->at[i]->json, 0, &error);
		assert_true(i == 0 || strcmp(s->at[i - 1]->key, s->at[i]->key) < 0);
		assert_true(json_equal(row, json_object_get(b->rows, s->at[i]->key)));
		json_decref(row);
		bytes += s->at[i]->len;
	}
	assert_int_equal(bytes, s->bytes);
}

/* Two readers of the same view hold the same texts; whatever happens, set and browser are the same, and in the end nothing is left. */
static void merging(void **state)
{
	(void)state;
	struct rowset one, two;
	struct browser first = {json_object(), false, 0}, second = {json_object(), false, 0};
	static struct update m;
	rowset_init(&one, RENRAKU__VIEW__VIEW_BOARD, 0);
	rowset_init(&two, RENRAKU__VIEW__VIEW_BOARD, 0);
	srandom(7);
	for (int round = 0; round < 2000; round++) {
		begin(&m, random() % 20 == 0);
		bool used[KEYS] = {false};
		for (long k = random() % 12; k > 0; k--) {
			int key = (int)(random() % KEYS);
			if (used[key])
				continue;
			used[key] = true;
			if (random() % 3)
				add(&m, key, (unsigned)random() % 5000);
			else
				take(&m, key);
		}
		m.u.revision = (uint64_t)round + 1;
		assert_true(apply(&one, &m, &first));
		assert_true(apply(&two, &m, &second));
		assert_true(one.complete && first.complete);
		same(&one, &first);
		same(&two, &second);
		assert_int_equal(row_texts(), one.n); /* not twice */
	}
	rowset_clear(&one);
	assert_int_equal(row_texts(), two.n);
	rowset_clear(&two);
	assert_int_equal(row_texts(), 0);
	json_decref(first.rows);
	json_decref(second.rows);
}

static void large(void **state)
{
	(void)state;
	struct rowset s;
	struct browser b = {json_object(), false, 0};
	static struct update m;
	rowset_init(&s, RENRAKU__VIEW__VIEW_BOARD, 0);
	begin(&m, true);
	for (int i = 0; i < KEYS; i++)
		add(&m, i, 1999);
	assert_true(apply(&s, &m, &b));
	assert_true(b.events > 1); /* told in parts */
	assert_true(b.complete);
	same(&s, &b);
	rowset_clear(&s);
	json_decref(b.rows);
}

static void broken(void **state)
{
	(void)state;
	struct rowset s;
	struct browser b = {json_object(), false, 0};
	static struct update m;
	srandom(3);
	begin(&m, true);
	for (int i = 0; i < 6; i++)
		add(&m, i, (unsigned)i);
	take(&m, 9);
	size_t len = renraku__view_update__get_packed_size(&m.u);
	uint8_t *bytes = xmalloc(len), *copy = xmalloc(len);
	renraku__view_update__pack(&m.u, bytes);
	/* Whatever comes, it is merged or refused. */
	for (int round = 0; round < 5000; round++) {
		struct browser any = {json_object(), false, 0};
		memcpy(copy, bytes, len);
		copy[(size_t)random() % len] = (uint8_t)random();
		copy[0] = bytes[0];
		copy[1] = bytes[1];
		rowset_init(&s, RENRAKU__VIEW__VIEW_BOARD, 0);
		size_t n = random() % 4 ? len : (size_t)random() % len;
		int view;
		uint32_t incident;
		if (rowset_names(copy, n, &view, &incident) && view == RENRAKU__VIEW__VIEW_BOARD)
			(void)rowset_apply(&s, copy, n, on_told, &any);
		rowset_clear(&s);
		json_decref(any.rows);
	}
	assert_int_equal(row_texts(), 0);
	free(bytes);
	free(copy);
	json_decref(b.rows);
}

/* ---- events ---- */

static void ring(void **state)
{
	(void)state;
	struct ring r = {0};
	char *text = xmalloc(10000);
	memset(text, 'x', 10000);
	assert_false(ring_holds(&r, 0));
	srandom(5);
	for (uint64_t i = 1; i <= 3000; i++) {
		struct event_text *e = event_text_new("view", i, text, (size_t)random() % 10000);
		ring_put(&r, e);
		event_text_unref(e);
		assert_true(r.bytes <= RING_MAX_BYTES);
		assert_int_equal(r.newest, i);
		assert_true(ring_holds(&r, i));
		assert_false(ring_holds(&r, i + 1));
		assert_false(ring_holds(&r, 0));
		uint64_t oldest = i - r.n;
		assert_true(oldest == 0 || ring_holds(&r, oldest));
		assert_false(oldest > 0 && ring_holds(&r, oldest - 1));
		for (uint64_t k = oldest + 1; k <= i; k++)
			assert_int_equal(ring_at(&r, k)->number, k);
	}
	assert_true(r.n > 20 && r.n < 3000);
	/* One too large to be held at all empties it, and the next goes on. */
	char *huge = xmalloc(RING_MAX_BYTES + 10);
	memset(huge, 'x', RING_MAX_BYTES + 10);
	struct event_text *e = event_text_new("view", 3001, huge, RING_MAX_BYTES + 10);
	ring_put(&r, e);
	event_text_unref(e);
	assert_int_equal(r.n, 0);
	assert_true(ring_holds(&r, 3001));
	assert_false(ring_holds(&r, 3000));
	e = event_text_new("view", 3002, "{}", 2);
	ring_put(&r, e);
	event_text_unref(e);
	assert_string_equal(ring_at(&r, 3002)->json, "{}");
	ring_free(&r);
	free(text);
	free(huge);
}

/* ---- forged requests ---- */

static void csrf(void **state)
{
	(void)state;
	char value[CSRF_TEXT], other[CSRF_TEXT];
	csrf_value("rt-1", "re-2", value);
	assert_int_equal(strlen(value), 64);
	assert_true(csrf_matches("rt-1", "re-2", value));
	assert_false(csrf_matches("rt-1", "re-2", NULL));
	assert_false(csrf_matches("rt-1", "re-2", ""));
	static const char *const pairs[][2] = {
		{"rt-1", NULL}, {NULL, "re-2"}, {"re-2", "rt-1"}, {"rt-1re-2", NULL}, {NULL, NULL}, {"rt-1 re-2", NULL}};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		assert_string_not_equal(csrf_value(pairs[i][0], pairs[i][1], other), value);
		assert_false(csrf_matches(pairs[i][0], pairs[i][1], value));
	}
	csrf_value("rt-1", "re-2", value);
	for (size_t i = 0; i < 64; i++) {
		strcpy(other, value);
		other[i] = other[i] == '0' ? '1' : '0';
		assert_false(csrf_matches("rt-1", "re-2", other));
	}
	value[63] = '\0';
	assert_false(csrf_matches("rt-1", "re-2", value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(merging), cmocka_unit_test(large), cmocka_unit_test(broken),
		cmocka_unit_test(ring), cmocka_unit_test(csrf)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
