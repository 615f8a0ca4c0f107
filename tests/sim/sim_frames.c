/*
 * sim_frames: each frame that leaves the server, at the moment it leaves: does it show only what is durable (5), what was said before
 * (4), to whom it may be shown (13), marked as a drill if it is one (11)?
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"
#include "wire/codec.h"

static void check_durable(struct sim *s, uint64_t index, const char *what)
{
	if (index > store_mem_synced(s->store))
		sim_violation(s, 5, "%s shows record %llu, but only %llu are durable", what, (unsigned long long)index,
			(unsigned long long)store_mem_synced(s->store));
}

/* ---- results ---- */

static struct sim_command *command_of(struct sim *s, uint64_t ref)
{
	return ref && ref <= s->n_commands ? &s->commands[ref - 1] : NULL;
}

/*
 * Accepted because it had been done before under another id ('you have acknowledged this already'): nothing is recorded under this
 * one, so a repetition is judged anew, and must only not be taken for the other.
 */
static bool borrowed(const struct sim *s, const struct sim_command *c)
{
	return c->state == SIM_ACCEPTED && sim_log_kind(s->log, c->record) != REC_NONE && !sim_log_find(s->log, c->by->principal, c->id);
}

/* Another content under the same id was accepted. */
static bool twin_accepted(const struct sim *s, const struct sim_command *c)
{
	for (size_t i = 0; i < s->n_commands; i++)
		if (&s->commands[i] != c && s->commands[i].state == SIM_ACCEPTED && !borrowed(s, &s->commands[i]) &&
			strcmp(s->commands[i].id, c->id) == 0 && strcmp(s->commands[i].by->principal, c->by->principal) == 0)
			return true;
	return false;
}

static void on_accepted(struct sim *s, struct sim_command *c, const Renraku__Result *r)
{
	check_durable(s, r->record, "'accepted'");
	if (twin_accepted(s, c))
		sim_violation(s, 4, "other content under the accepted id %s was accepted", c->id);
	if (c->state == SIM_ACCEPTED && c->record != r->record && !borrowed(s, c))
		sim_violation(s, 4, "%s was accepted as record %llu, and again as %llu", c->id, (unsigned long long)c->record,
			(unsigned long long)r->record);
	c->state = SIM_ACCEPTED;
	c->record = r->record;
}

/* For now: says nothing about whether it was recorded. */
static bool passing(const char *code)
{
	return strcmp(code, "CANNOT_RECORD") == 0 || strcmp(code, "BUSY") == 0 || strcmp(code, "LOW_SPACE") == 0 ||
	       strcmp(code, "SIGN_IN_AGAIN") == 0;
}

static void on_refused(struct sim *s, struct sim_command *c, const Renraku__Result *r)
{
	if (!r->code[0] || !r->text[0] || !r->text_en[0])
		sim_violation(s, 12, "a refusal says not why");
	if (c->state == SIM_ACCEPTED && !passing(r->code) && !borrowed(s, c))
		sim_violation(s, 4, "%s was accepted, and is refused now: %s", c->id, r->code);
	snprintf(c->code, sizeof c->code, "%s", r->code);
	if (c->state != SIM_ACCEPTED)
		c->state = SIM_REFUSED;
}

static void on_result(struct sim_client *client, uint64_t ref, const Renraku__Result *r)
{
	struct sim *s = client->sim;
	struct sim_command *c = command_of(s, ref);
	if (!c || strcmp(c->id, r->id) != 0) {
		sim_violation(s, 4, "a result for a command that nobody sent: %s", r->id);
		return;
	}
	sim_trace(s, "    %s: %s %s %s", client->principal,
		r->outcome == RENRAKU__OUTCOME__ACCEPTED  ? "accepted"
		: r->outcome == RENRAKU__OUTCOME__REFUSED ? "refused"
							  : "NOT CONFIRMED",
		r->code, r->text_en);
	if (r->outcome == RENRAKU__OUTCOME__ACCEPTED)
		on_accepted(s, c, r);
	else if (r->outcome == RENRAKU__OUTCOME__REFUSED)
		on_refused(s, c, r);
	else if (c->state != SIM_ACCEPTED)
		c->state = SIM_UNCONFIRMED;
}

/* ---- notices ---- */

static void on_notice(struct sim_client *c, const Renraku__Notice *n)
{
	struct sim *s = c->sim;
	check_durable(s, n->revision, "a notice");
	check_durable(s, n->id, "a notice");
	const struct notice *known = engine_notice(shell_engine(s->shell), n->id);
	if (!known) {
		sim_violation(s, 6, "notice %llu is not in the state", (unsigned long long)n->id);
		return;
	}
	if (known->broadcast != (c->who == TLS_TERMINAL) || !engine_notice_recipient(known, c->id))
		sim_violation(s, 13, "%s is shown notice %llu of %s, which is not addressed to them", c->principal,
			(unsigned long long)n->id, n->item);
	if (n->drill != (known->incident->drill ? 1 : 0))
		sim_violation(s, 11, "notice %llu says drill=%d of incident %u", (unsigned long long)n->id, n->drill, n->incident);
	if (n->revision > c->seen)
		c->seen = n->revision;
	if (c->n_receipts < 64) {
		c->receipts = xgrow(c->receipts, &c->cap_receipts, c->n_receipts + 1, sizeof *c->receipts);
		c->receipts[c->n_receipts++] = n->id;
	}
}

/* ---- views ---- */

static void drop_row(struct sim_client *c, int view, const char *key)
{
	struct sim_row *row;
	HASH_FIND_STR(c->rows[view], key, row);
	if (!row)
		return;
	HASH_DEL(c->rows[view], row);
	free(row->bytes);
	free(row);
}

static void put_row(struct sim_client *c, int view, const Renraku__Row *r)
{
	drop_row(c, view, r->key);
	struct sim_row *row = xcalloc(1, sizeof *row + strlen(r->key) + 1);
	strcpy(row->key, r->key);
	row->len = renraku__row__get_packed_size(r);
	row->bytes = xmalloc(row->len);
	renraku__row__pack(r, row->bytes);
	HASH_ADD_STR(c->rows[view], key, row);
}

static void clear_rows(struct sim_client *c, int view)
{
	struct sim_row *row, *next;
	HASH_ITER(hh, c->rows[view], row, next) {
		HASH_DEL(c->rows[view], row);
		free(row->bytes);
		free(row);
	}
}

void sim_frames_forget_rows(struct sim_client *c)
{
	for (int v = 0; v < SIM_VIEWS; v++) {
		clear_rows(c, v);
		c->subscribed[v] = c->complete[v] = false;
	}
}

/* A terminal where nobody is signed in sees nothing of a restricted procedure's incident but its own alarm. */
static void check_need_to_know(struct sim_client *c, const Renraku__IncidentRow *r)
{
	const struct incident *in = engine_incident(shell_engine(c->sim->shell), r->id);
	if (c->who != TLS_TERMINAL || strcmp(r->category, "misuse") != 0 || !in)
		return;
	for (size_t a = 0; a < in->n_alarms; a++)
		if (in->alarms[a].by.terminal && strcmp(in->alarms[a].by.terminal, c->id) == 0)
			return;
	sim_violation(c->sim, 13, "%s is shown incident %u, a misuse", c->principal, r->id);
}

static void on_view(struct sim_client *c, const Renraku__ViewUpdate *u)
{
	int view = u->view == RENRAKU__VIEW__VIEW_INBOX ? 0 : 1;
	check_durable(c->sim, u->revision, "a view");
	sim_trace(c->sim, "    %s: %s of %s at %llu, %zu rows, %zu removed", c->principal, u->snapshot ? "snapshot" : "changes",
		view ? "board" : "inbox", (unsigned long long)u->revision, u->n_rows, u->n_removed);
	if (u->snapshot)
		clear_rows(c, view);
	for (size_t i = 0; i < u->n_rows; i++) {
		if (u->rows[i]->body_case == RENRAKU__ROW__BODY_INCIDENT)
			check_need_to_know(c, u->rows[i]->incident);
		put_row(c, view, u->rows[i]);
	}
	for (size_t i = 0; i < u->n_removed; i++)
		drop_row(c, view, u->removed[i]);
	c->complete[view] = u->complete;
}

static void check_rows(struct sim_client *c, int view, const struct view_rows *want)
{
	size_t found = 0;
	for (size_t i = 0; i < want->n; i++) {
		struct sim_row *row;
		HASH_FIND_STR(c->rows[view], want->at[i].key, row);
		/* A terminal's inbox does not follow who else comes and goes, but once a minute: it is one of thousands. */
		bool rough = row && view == 0 && c->who == TLS_TERMINAL;
		if (!rough && (!row || row->len != want->at[i].len || memcmp(row->bytes, want->at[i].bytes, row->len) != 0)) {
			sim_violation(c->sim, 6, "%s's %s: row %s is %s", c->principal, view ? "board" : "inbox", want->at[i].key,
				row ? "stale" : "missing");
			return;
		}
		found++;
	}
	struct sim_row *row, *next;
	HASH_ITER(hh, c->rows[view], row, next) {
		bool due = false;
		for (size_t i = 0; i < want->n && HASH_COUNT(c->rows[view]) != found; i++)
			due = due || strcmp(want->at[i].key, row->key) == 0;
		if (!due && HASH_COUNT(c->rows[view]) != found)
			sim_violation(c->sim, 6, "%s's %s still has row %s", c->principal, view ? "board" : "inbox", row->key);
	}
}

/* Settled, and just after a full flush: what each client folded from snapshot and changes is the view. */
void sim_frames_check_views(struct sim *s)
{
	for (size_t i = 0; i < s->n_clients && !s->violated; i++) {
		struct sim_client *c = &s->clients[i];
		struct view_reader reader = {c->who == TLS_TERMINAL ? c->id : NULL, c->who == TLS_PERSON ? c->id : NULL};
		for (int v = 0; v < SIM_VIEWS; v++) {
			if (!c->peer || !c->subscribed[v] || !c->complete[v])
				continue;
			struct view_rows rows;
			view_rows_init(&rows);
			view_compute(shell_engine(s->shell), v ? RENRAKU__VIEW__VIEW_BOARD : RENRAKU__VIEW__VIEW_INBOX, 0, &reader, s->now,
				&rows);
			check_rows(c, v, &rows);
			view_rows_free(&rows);
		}
	}
}

/* ---- connection tests ---- */

static void on_probe(struct sim_client *c, const Renraku__Probe *p)
{
	const struct test *const *tests, *of = NULL;
	size_t n = engine_tests(shell_engine(c->sim->shell), &tests);
	for (size_t i = 0; i < n && !of; i++)
		of = tests[i]->id == p->test ? tests[i] : NULL;
	if (!of || !engine_test_asked(of, c->principal)) {
		sim_violation(c->sim, 13, "%s is asked by test %u, which does not ask them", c->principal, p->test);
		return;
	}
	check_durable(c->sim, of->record, "a probe");
	c->probe = p->test;
}

void sim_frames_answer_probe(struct sim_client *c)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__ProbeAnswer answer = RENRAKU__PROBE_ANSWER__INIT;
	uint8_t bytes[64];
	answer.test = c->probe;
	answer.stage = sim_chance(c->sim, 40) ? RENRAKU__STAGE__STAGE_DELIVERED : RENRAKU__STAGE__STAGE_DISPLAYED;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_PROBE_ANSWER;
	frame.probe_answer = &answer;
	if (answer.stage == RENRAKU__STAGE__STAGE_DISPLAYED)
		c->probe = 0;
	shell_frame(c->sim->shell, c->peer, bytes, renraku__client_frame__pack(&frame, bytes), c->sim->now);
}

/* ---- all frames ---- */

void sim_frames_take(struct sim_client *c, const uint8_t *payload, size_t len)
{
	struct arena *arena = arena_new(0);
	Renraku__ServerFrame *f = NULL;
	enum codec_verdict verdict = codec_unpack_server(arena, payload, len, &f);
	if (verdict != CODEC_OK) {
		sim_violation(c->sim, 12, "the server sends what its own codec refuses: %s", codec_verdict_name(verdict));
		arena_free(arena);
		return;
	}
	switch (f->body_case) {
	case RENRAKU__SERVER_FRAME__BODY_RESULT:
		on_result(c, f->ref, f->result);
		break;
	case RENRAKU__SERVER_FRAME__BODY_NOTICE:
		on_notice(c, f->notice);
		break;
	case RENRAKU__SERVER_FRAME__BODY_VIEW:
		on_view(c, f->view);
		break;
	case RENRAKU__SERVER_FRAME__BODY_PROBE:
		on_probe(c, f->probe);
		break;
	case RENRAKU__SERVER_FRAME__BODY_WELCOME:
		check_durable(c->sim, f->welcome->head, "the welcome");
		break;
	default:
		break;
	}
	arena_free(arena);
}
