/* Views, uploads and log pages as a session sees them. */
#include "hall.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/chain.h"

#define VIEW RENRAKU__SERVER_FRAME__BODY_VIEW
#define BOARD RENRAKU__VIEW__VIEW_BOARD
#define MAX_ROWS 2000

/* What a client holds of one view, by the rules of the protocol. */
struct held {
	char *keys[MAX_ROWS];
	Renraku__Row *rows[MAX_ROWS];
	size_t n;
	uint64_t revision;
	bool complete;
};

static void drop(struct held *h, const char *key)
{
	for (size_t i = 0; i < h->n; i++)
		if (strcmp(h->keys[i], key) == 0) {
			h->keys[i] = h->keys[--h->n];
			h->rows[i] = h->rows[h->n];
			return;
		}
}

static void hold(struct held *h, const struct visitor *v)
{
	for (size_t i = 0; i < v->n; i++) {
		const Renraku__ViewUpdate *u = v->got[i]->body_case == VIEW ? v->got[i]->view : NULL;

		if (u == NULL)
			continue;
		if (u->snapshot)
			h->n = 0;
		for (size_t j = 0; j < u->n_removed; j++)
			drop(h, u->removed[j]);
		for (size_t j = 0; j < u->n_rows; j++) {
			drop(h, u->rows[j]->key);
			assert_true(h->n < MAX_ROWS);
			h->keys[h->n] = u->rows[j]->key;
			h->rows[h->n++] = u->rows[j];
		}
		h->revision = u->revision;
		h->complete = u->complete;
	}
}

static bool same(const struct held *a, const struct held *b)
{
	uint8_t x[65536], y[65536];

	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		size_t j = 0;

		while (j < b->n && strcmp(a->keys[i], b->keys[j]) != 0)
			j++;
		if (j == b->n)
			return false;
		size_t n = renraku__row__pack(a->rows[i], x), m = renraku__row__pack(b->rows[j], y);

		if (n != m || memcmp(x, y, n) != 0)
			return false;
	}
	return true;
}

static void changes_lead_to_what_a_snapshot_shows(void **state)
{
	struct hall hall = {0};
	struct visitor *v, *t1;
	struct held changed = {0}, fresh = {0};

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", true);
	v = hall_enter(&hall, TLS_PERSON, "p_sato", false);
	visitor_subscribe(v, BOARD, 0, false);
	for (int i = 0; i < 5; i++) {
		char text[20];

		snprintf(text, sizeof text, "number %d", i);
		visitor_alarm(t1, NULL, text);
		hall_advance(&hall, i == 3 ? 40000 : 300);
	}
	hold(&changed, v);
	assert_true(changed.complete);
	v = hall_enter(&hall, TLS_PERSON, "p_sato", false);
	visitor_subscribe(v, BOARD, 0, true);
	hold(&fresh, v);
	assert_true(fresh.complete);
	assert_true(fresh.n > 5);
	assert_true(same(&changed, &fresh));
	hall_close(&hall);
}

static void changes_come_at_most_five_times_a_second(void **state)
{
	struct hall hall = {0};
	struct visitor *v, *t1;
	size_t before;

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	v = hall_enter(&hall, TLS_PERSON, "p_sato", false);
	visitor_alarm(t1, NULL, "first");
	hall_turn(&hall);
	visitor_subscribe(v, RENRAKU__VIEW__VIEW_INCIDENT, 1, false);
	hall_advance(&hall, 1000);
	before = visitor_count(v, VIEW);
	for (int i = 0; i < 100; i++) {
		visitor_alarm(t1, NULL, "more");
		hall_advance(&hall, 10);
	}
	assert_in_range(visitor_count(v, VIEW) - before, 4, 6);
	hall_close(&hall);
}

static void view_changes_wait_for_the_disk(void **state)
{
	struct hall hall = {0};
	struct visitor *v, *t1;
	size_t before;

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	v = hall_enter(&hall, TLS_PERSON, "p_sato", false);
	visitor_subscribe(v, BOARD, 0, false);
	hall_advance(&hall, 1000);
	before = v->n;
	store_mem_set_sync(hall.store, false);
	visitor_alarm(t1, NULL, "not yet");
	hall_advance(&hall, 1000);
	assert_int_equal(v->n, before);
	store_mem_sync(hall.store);
	hall_turn(&hall);
	assert_true(v->n > before);
	hall_close(&hall);
}

static void a_laggard_gets_a_snapshot(void **state)
{
	struct hall hall = {0};
	struct visitor *v, *t1;
	struct held changed = {0}, fresh = {0};
	size_t before;

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	v = hall_enter(&hall, TLS_PERSON, "p_sato", false);
	visitor_subscribe(v, BOARD, 0, false);
	hall_advance(&hall, 1000);
	v->backlog = 1 << 20;
	before = v->n;
	for (int i = 0; i < 10; i++) {
		visitor_alarm(t1, NULL, "more");
		hall_advance(&hall, 300);
	}
	assert_int_equal(v->n, before);
	v->backlog = 0;
	hall_advance(&hall, 300);
	assert_true(v->n > before);
	assert_true(v->got[before]->view->snapshot);
	hold(&changed, v);
	v = hall_enter(&hall, TLS_PERSON, "p_sato", false);
	visitor_subscribe(v, BOARD, 0, true);
	hold(&fresh, v);
	assert_true(same(&changed, &fresh));
	hall_close(&hall);
}

static void the_inbox_follows_who_is_signed_in(void **state)
{
	struct hall hall = {0};
	struct visitor *t1;
	struct held before = {0}, after = {0};

	(void)state;
	hall_open(&hall);
	hall_password(&hall, "p_tanaka", "right password");
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	visitor_alarm(t1, NULL, "起動しない");
	visitor_subscribe(t1, RENRAKU__VIEW__VIEW_INBOX, 0, false);
	hall_advance(&hall, 1000);
	hold(&before, t1);
	visitor_sign_in(t1, "p_tanaka", "right password");
	hall_advance(&hall, 1000);
	hold(&after, t1);
	assert_true(after.n > before.n);
	hall_close(&hall);
}

static void refused_views(void **state)
{
	struct hall hall = {0};
	struct visitor *v;
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	v = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	ref = visitor_subscribe(v, RENRAKU__VIEW__VIEW_INCIDENT, 7, false);
	assert_string_equal(visitor_refusal(v, ref), "UNKNOWN_INCIDENT");
	ref = visitor_subscribe(v, RENRAKU__VIEW__VIEW_NONE, 0, false);
	assert_string_equal(visitor_refusal(v, ref), "UNKNOWN_VIEW");
	for (int i = 0; i < 100; i++)
		visitor_subscribe(v, BOARD, 0, false); /* the same one again is no second one */
	assert_int_equal(visitor_count(v, RENRAKU__SERVER_FRAME__BODY_REFUSAL), 2);
	hall_close(&hall);
}

/* ---- uploads ---- */

static char *read_site(size_t *len)
{
	FILE *file = fopen("server/plans/taga-demo-site.yaml", "r");
	char *text = malloc(1 << 20);

	assert_non_null(file);
	*len = fread(text, 1, 1 << 20, file);
	fclose(file);
	return text;
}

static uint64_t upload(struct visitor *v, const uint8_t *sha, uint64_t offset, uint64_t total, const char *part, size_t len)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Upload m = RENRAKU__UPLOAD__INIT;

	m.sha256.data = (uint8_t *)(uintptr_t)sha;
	m.sha256.len = 32;
	m.offset = offset;
	m.total = total;
	m.part.data = (uint8_t *)(uintptr_t)part;
	m.part.len = len;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_UPLOAD;
	frame.upload = &m;
	return visitor_send(v, &frame);
}

static uint64_t load_site(struct visitor *v, const uint8_t *sha)
{
	Renraku__Command command = RENRAKU__COMMAND__INIT;
	Renraku__LoadSite m = RENRAKU__LOAD_SITE__INIT;

	m.sha256.data = (uint8_t *)(uintptr_t)sha;
	m.sha256.len = 32;
	m.name = (char *)(uintptr_t) "site.yaml";
	command.act_case = RENRAKU__COMMAND__ACT_LOAD_SITE;
	command.load_site = &m;
	return visitor_command(v, NULL, &command);
}

static void a_site_is_loaded_in_parts(void **state)
{
	struct hall hall = {0};
	struct visitor *admin, *clerk;
	uint8_t sha[32];
	size_t len;
	char *site = read_site(&len);
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	admin = hall_enter(&hall, TLS_PERSON, "p_nishida", false);
	clerk = hall_enter(&hall, TLS_PERSON, "p_tanaka", false);
	SHA256((unsigned char *)site, len, sha);
	ref = upload(admin, sha, 100, len, site, 100);
	assert_string_equal(visitor_refusal(admin, ref), "UPLOAD_ORDER");
	ref = upload(admin, sha, 0, 5u << 20, site, 100);
	assert_string_equal(visitor_refusal(admin, ref), "UPLOAD_TOO_BIG");
	upload(admin, sha, 0, len, site, 1000);
	ref = load_site(admin, sha);
	assert_string_equal(visitor_refusal(admin, ref), "BAD_INPUT"); /* half of it */
	for (size_t at = 1000; at < len; at += 1000)
		ref = upload(admin, sha, at, len, site + at, len - at < 1000 ? len - at : 1000);
	assert_int_equal(visitor_answer(admin, ref)->upload->received, len);
	ref = load_site(admin, sha);
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(admin, ref), "");
	assert_int_equal(hall_count(&hall, REC_SITE_LOADED), 2);
	ref = upload(clerk, sha, 0, len, site, len);
	assert_string_equal(visitor_refusal(clerk, ref), "NOT_ENTITLED");
	site[10] ^= 1;
	ref = upload(admin, sha, 0, len, site, len);
	assert_string_equal(visitor_refusal(admin, ref), "UPLOAD_DAMAGED");
	free(site);
	hall_close(&hall);
}

static void who_is_no_longer_in_the_site_leaves(void **state)
{
	struct hall hall = {0};
	struct visitor *t3, *t1;
	struct verdict verdict = {0};
	size_t len;
	char *site = read_site(&len), *line, *end;

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", true);
	t3 = hall_enter(&hall, TLS_TERMINAL, "t3", true);
	site[len] = '\0';
	line = strstr(site, "  - {id: t3");
	assert_non_null(line);
	end = strchr(line, '\n') + 1;
	memmove(line, end, strlen(end) + 1);
	assert_int_equal(shell_console_load(hall.shell, true, "site", site, strlen(site), hall.now, &verdict), 0);
	hall_turn(&hall);
	assert_string_equal(t3->closed, "REMOVED");
	assert_string_equal(t1->closed, "");
	verdict_clear(&verdict);
	free(site);
	hall_close(&hall);
}

/* ---- the log ---- */

static const Renraku__LogPage *page(struct visitor *v, uint64_t from, uint32_t incident, uint64_t offset)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__LogRequest m = RENRAKU__LOG_REQUEST__INIT;
	const Renraku__ServerFrame *answer;

	m.from = from;
	m.count = 5;
	m.incident = incident;
	m.offset = offset;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_LOG_REQUEST;
	frame.log_request = &m;
	answer = visitor_answer(v, visitor_send(v, &frame));
	assert_non_null(answer);
	assert_int_equal(answer->body_case, RENRAKU__SERVER_FRAME__BODY_LOG_PAGE);
	return answer->log_page;
}

static void the_whole_log_is_read_and_verified(void **state)
{
	struct hall hall = {0};
	struct visitor *admin, *t1;
	struct chain_verifier verifier;
	struct verdict verdict = {0};
	uint64_t next = 1, parts = 0;
	size_t len;
	char *site = read_site(&len);

	(void)state;
	hall_open(&hall);
	/* An edition longer than a frame. */
	while (len < 200000)
		len += (size_t)snprintf(site + len, 100, "# nothing to see here, but it is long\n");
	assert_int_equal(shell_console_load(hall.shell, true, "long.yaml", site, len, hall.now, &verdict), 0);
	verdict_clear(&verdict);
	free(site);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", true);
	for (int i = 0; i < 5; i++)
		visitor_alarm(t1, NULL, "起動しない");
	hall_turn(&hall);
	admin = hall_enter(&hall, TLS_PERSON, "p_nishida", false);
	chain_verifier_init(&verifier);
	for (bool last = false; !last;) {
		const Renraku__LogPage *p = page(admin, next, 0, 0);

		assert_true(p->n_entries > 0);
		for (size_t i = 0; i < p->n_entries; i++) {
			const Renraku__LogEntry *e = p->entries[i];
			uint8_t *whole = malloc(e->record.len + (size_t)e->total + 1);
			len = e->record.len;
			memcpy(whole, e->record.data, len);
			last = p->last;
			while (e->total != 0 && len < e->total) {
				const Renraku__LogPage *more = page(admin, e->index, 0, len);

				assert_int_equal(more->entries[0]->offset, len);
				memcpy(whole + len, more->entries[0]->record.data, more->entries[0]->record.len);
				len += more->entries[0]->record.len;
				last = more->last;
				parts++;
			}
			assert_int_equal(e->index, next);
			assert_true(chain_verify(&verifier, e->index, e->prev_hash.data, e->hash.data, whole, len));
			free(whole);
			next++;
		}
	}
	assert_int_equal(next - 1, hall_records(&hall));
	assert_true(parts > 0);
	hall_close(&hall);
}

static void an_incidents_records_are_those_of_the_incident(void **state)
{
	struct hall hall = {0};
	struct visitor *person, *t1;
	uint64_t next = 0;
	size_t n = 0;

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", true);
	visitor_alarm(t1, NULL, "起動しない");
	hall_turn(&hall);
	person = hall_enter(&hall, TLS_PERSON, "p_tanaka", false);
	for (bool last = false; !last;) {
		const Renraku__LogPage *p = page(person, next, 1, 0);

		for (size_t i = 0; i < p->n_entries; i++) {
			struct arena *arena = arena_new(0);
			struct record record;

			assert_true(p->entries[i]->index >= next);
			next = p->entries[i]->index + 1;
			assert_true(record_decode(arena, p->entries[i]->record.data, p->entries[i]->record.len, &record));
			assert_int_equal(record.incident, 1);
			arena_free(arena);
			n++;
		}
		last = p->last;
	}
	assert_true(n >= 3);
	hall_close(&hall);
}

static void the_log_is_not_for_everyone(void **state)
{
	struct hall hall = {0};
	struct visitor *v;
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__LogRequest m = RENRAKU__LOG_REQUEST__INIT;

	(void)state;
	hall_open(&hall);
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_LOG_REQUEST;
	frame.log_request = &m;
	v = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	assert_string_equal(visitor_refusal(v, visitor_send(v, &frame)), "NOT_SIGNED_IN");
	v = hall_enter(&hall, TLS_PERSON, "p_tanaka", false);
	assert_string_equal(visitor_refusal(v, visitor_send(v, &frame)), "NOT_ENTITLED");
	m.incident = 9;
	assert_string_equal(visitor_refusal(v, visitor_send(v, &frame)), "UNKNOWN_INCIDENT");
	hall_close(&hall);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_lead_to_what_a_snapshot_shows),
		cmocka_unit_test(changes_come_at_most_five_times_a_second),
		cmocka_unit_test(view_changes_wait_for_the_disk),
		cmocka_unit_test(a_laggard_gets_a_snapshot),
		cmocka_unit_test(the_inbox_follows_who_is_signed_in),
		cmocka_unit_test(refused_views),
		cmocka_unit_test(a_site_is_loaded_in_parts),
		cmocka_unit_test(who_is_no_longer_in_the_site_leaves),
		cmocka_unit_test(the_whole_log_is_read_and_verified),
		cmocka_unit_test(an_incidents_records_are_those_of_the_incident),
		cmocka_unit_test(the_log_is_not_for_everyone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
