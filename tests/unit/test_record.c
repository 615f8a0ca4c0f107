/* Records of every kind there and back; bytes that are no record of ours; what a kind must carry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "record/record.h"

/* Everything filled in, as no real record has it: each field must survive by itself. */
static struct record full(enum record_kind kind)
{
	static const char *checks[] = {"電源", "回線"};
	static struct record_value values[] = {
		{.field = "kind", .value = "hardware"},
		{.field = "since", .unknown = "覚えていない"},
		{.field = "note", .value = ""},
		{.field = "method", .value = "seen", .checks = checks, .n_checks = 2},
	};
	static struct record_call calls[] = {
		{.body = "contractor", .number = "0749-00-0000", .answered_by = "山田", .said = "明朝 9 時", .at = 1763800000000},
		{.body = "prefecture", .number = "077-000-0000", .reason = "話中", .no_answer = true, .again_at = 1763800600000},
	};
	static struct record_follow follow_ups[] = {{"review", "手順の見直し", "p_sato", "2026-12-01"}};
	static struct record_recipient recipients[] = {{"p_tanaka", AS_HOLDER}, {"p_sato", AS_DEPUTY}, {"t1", AS_TERMINAL}};
	static const uint8_t blob[] = {0, 1, 0xff, 0, 0x80};
	struct record r = {
		.kind = kind,
		.at = 1763800000123,
		.sender = "person:p_tanaka",
		.command = "0b5f8c8e-0000-4000-8000-000000000001",
		.made_at = 1763799999000,
		.site = 3,
		.person = "p_tanaka",
		.role = "operator",
		.other = "p_ito",
		.since = 1763799980000,
		.entered_by = "p_sato",
		.number = "0749-11-1111",
		.terminal = "t1",
		.capacity = CAP_DEPUTY,
		.channel = CH_TELEPHONE,
		.said_at = 1763799990000,
		.incident = 7,
		.item = "F1.1a",
		.notice = UINT64_MAX,
		.chain = 1,
		.hop = 2,
		.ordinal = UINT32_MAX,
		.stage = 1,
		.ref = 41,
		.flag = true,
		.drill = true,
		.text = "起動しない\n二行目",
		.answer = "present",
		.name = "taga.yaml",
		.until = -5000,
		.values = values,
		.n_values = 4,
		.calls = calls,
		.n_calls = 2,
		.follow_ups = follow_ups,
		.n_follow_ups = 1,
		.recipients = recipients,
		.n_recipients = 3,
		.blob = blob,
		.blob_len = sizeof blob,
	};
	for (size_t i = 0; i < RECORD_HASH; i++)
		r.digest[i] = (uint8_t)(i * 7 + 1);
	return r;
}

static void same_text(const char *a, const char *b)
{
	if (a && b)
		assert_string_equal(a, b);
	else
		assert_true(!a && !b);
}

static void same_lists(const struct record *a, const struct record *b)
{
	assert_int_equal(a->n_values, b->n_values);
	for (size_t i = 0; i < a->n_values; i++) {
		same_text(a->values[i].field, b->values[i].field);
		same_text(a->values[i].value, b->values[i].value);
		same_text(a->values[i].unknown, b->values[i].unknown);
		assert_int_equal(a->values[i].n_checks, b->values[i].n_checks);
		for (size_t c = 0; c < a->values[i].n_checks; c++)
			same_text(a->values[i].checks[c], b->values[i].checks[c]);
	}
	assert_int_equal(a->n_calls, b->n_calls);
	for (size_t i = 0; i < a->n_calls; i++) {
		const struct record_call *c = &a->calls[i], *d = &b->calls[i];
		same_text(c->body, d->body);
		same_text(c->number, d->number);
		same_text(c->answered_by, d->answered_by);
		same_text(c->said, d->said);
		same_text(c->reason, d->reason);
		assert_true(c->at == d->at && c->again_at == d->again_at && c->no_answer == d->no_answer);
	}
	assert_int_equal(a->n_follow_ups, b->n_follow_ups);
	for (size_t i = 0; i < a->n_follow_ups; i++) {
		same_text(a->follow_ups[i].kind, b->follow_ups[i].kind);
		same_text(a->follow_ups[i].text, b->follow_ups[i].text);
		same_text(a->follow_ups[i].owner, b->follow_ups[i].owner);
		same_text(a->follow_ups[i].due, b->follow_ups[i].due);
	}
	assert_int_equal(a->n_recipients, b->n_recipients);
	for (size_t i = 0; i < a->n_recipients; i++) {
		same_text(a->recipients[i].id, b->recipients[i].id);
		assert_int_equal(a->recipients[i].as, b->recipients[i].as);
	}
}

static void same(const struct record *a, const struct record *b)
{
	const char *const texts[][2] = {
		{a->sender, b->sender},
		{a->command, b->command},
		{a->person, b->person},
		{a->role, b->role},
		{a->entered_by, b->entered_by},
		{a->number, b->number},
		{a->terminal, b->terminal},
		{a->item, b->item},
		{a->text, b->text},
		{a->answer, b->answer},
		{a->name, b->name},
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		same_text(texts[i][0], texts[i][1]);
	assert_int_equal(a->kind, b->kind);
	assert_memory_equal(a->digest, b->digest, RECORD_HASH);
	assert_true(a->at == b->at && a->made_at == b->made_at && a->said_at == b->said_at && a->until == b->until);
	assert_true(a->site == b->site && a->notice == b->notice && a->ref == b->ref);
	assert_true(a->capacity == b->capacity && a->channel == b->channel && a->flag == b->flag && a->drill == b->drill);
	assert_true(
		a->incident == b->incident && a->chain == b->chain && a->hop == b->hop && a->ordinal == b->ordinal && a->stage == b->stage);
	assert_int_equal(a->blob_len, b->blob_len);
	if (a->blob_len)
		assert_memory_equal(a->blob, b->blob, a->blob_len);
	same_lists(a, b);
}

static void there_and_back(const struct record *r)
{
	struct buf bytes, again;
	buf_init(&bytes, RECORD_MAX);
	buf_init(&again, RECORD_MAX);
	record_encode(r, &bytes);
	struct arena *arena = arena_new(0);
	struct record got;
	assert_true(record_decode(arena, bytes.data, bytes.len, &got));
	same(r, &got);
	record_encode(&got, &again);
	assert_int_equal(again.len, bytes.len);
	assert_memory_equal(again.data, bytes.data, bytes.len);
	arena_free(arena);
	buf_free(&bytes);
	buf_free(&again);
}

static void test_every_kind_there_and_back(void **state)
{
	(void)state;
	for (int kind = REC_STARTED; kind <= REC_ENROLMENT_ENDED; kind++) {
		if (strcmp(record_kind_name((enum record_kind)kind), "unknown") == 0)
			continue;
		struct record r = full((enum record_kind)kind);
		there_and_back(&r);
		struct record bare = {.kind = (enum record_kind)kind, .at = 1};
		there_and_back(&bare);
	}
	struct record later = full((enum record_kind)900);
	there_and_back(&later);
	assert_string_equal(record_check(&later), "a kind that this version does not know");
}

static void test_each_field_alone(void **state)
{
	(void)state;
	struct record all = full(REC_ENTERED);
	struct record r;
#define ALONE(field)                                                                                                                       \
	r = (struct record){.kind = REC_ENTERED, .field = all.field};                                                                      \
	there_and_back(&r)
	ALONE(at);
	ALONE(sender);
	ALONE(command);
	ALONE(made_at);
	ALONE(site);
	ALONE(person);
	ALONE(role);
	ALONE(entered_by);
	ALONE(number);
	ALONE(terminal);
	ALONE(capacity);
	ALONE(channel);
	ALONE(said_at);
	ALONE(incident);
	ALONE(item);
	ALONE(notice);
	ALONE(chain);
	ALONE(hop);
	ALONE(ordinal);
	ALONE(stage);
	ALONE(ref);
	ALONE(flag);
	ALONE(drill);
	ALONE(text);
	ALONE(answer);
	ALONE(name);
	ALONE(until);
#undef ALONE
}

/* ---- bytes that are no record ---- */

static struct buf encoded(const struct record *r)
{
	struct buf bytes;
	buf_init(&bytes, RECORD_MAX);
	record_encode(r, &bytes);
	return bytes;
}

static bool decodes(const void *bytes, size_t len)
{
	struct arena *arena = arena_new(0);
	struct record r;
	bool fine = record_decode(arena, bytes, len, &r);
	arena_free(arena);
	return fine;
}

static void test_cut_and_changed_bytes(void **state)
{
	(void)state;
	struct record r = full(REC_ENTERED);
	struct buf bytes = encoded(&r);
	assert_true(decodes(bytes.data, bytes.len));
	for (size_t len = 0; len < bytes.len; len++) {
		uint8_t *cut = xmemdup(bytes.data, len); /* exactly as long, for the sanitizer */
		decodes(cut, len);
		free(cut);
	}
	for (size_t i = 0; i < bytes.len; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			bytes.data[i] ^= (uint8_t)(1u << bit);
			decodes(bytes.data, bytes.len);
			bytes.data[i] ^= (uint8_t)(1u << bit);
		}
	}
	buf_free(&bytes);
}

static void test_forms_that_are_refused(void **state)
{
	(void)state;
#define REFUSED(s) assert_false(decodes(s, sizeof(s) - 1))
	REFUSED("");
	REFUSED("\x08\x02\x10\x01"); /* version 2 */
	REFUSED("\x08\x01");         /* no kind */
	REFUSED("\x10\x01");         /* no version */
	REFUSED("\x08\x01\x10\x01\xf2\x01\x03"
		"a\0b");                                 /* NUL in the text */
	REFUSED("\x08\x01\x10\x01\xf2\x01\x02\xc3\x28"); /* not UTF-8 */
	REFUSED("\x08\x01\x10\x01\xf2\x01\x01\x07");     /* control character */
	REFUSED("\x08\x01\x10\x01\x10\x02");             /* the kind twice */
	REFUSED("\x08\x01\x10\x81\x00");                 /* a number longer than it need be */
	REFUSED("\x08\x01\x10\x01\x18\x00");             /* a default written out */
	REFUSED("\x08\x01\x10\x01\x32\x02"
		"ab");                               /* digest of two bytes */
	REFUSED("\x08\x01\x10\x81\x80\x80\x80\x10"); /* a kind over 32 bits */
	REFUSED("\x08\x01\x10\x01\x92\x02\x05\x0a\x03"
		"a\0b"); /* NUL inside a call */
#undef REFUSED
	static const char fine[] = "\x08\x01\x10\x01\xf2\x01\x03"
				   "abc";
	assert_true(decodes(fine, sizeof fine - 1));
	static const char later_field[] = "\x08\x01\x10\x01\xc0\x3e\x05"; /* field 1000 of a later version */
	assert_true(decodes(later_field, sizeof later_field - 1));
}

/* Two bytes a call: unpacked, each would be a hundred. */
static void test_growth_is_bounded(void **state)
{
	(void)state;
	size_t n = 1u << 20;
	uint8_t *bytes = xmalloc(4 + 3 * n);
	memcpy(bytes, "\x08\x01\x10\x20", 4);
	for (size_t i = 0; i < n; i++)
		memcpy(bytes + 4 + 3 * i, "\x92\x02\x00", 3);
	struct arena *arena = arena_new(0);
	struct record r;
	assert_false(record_decode(arena, bytes, 4 + 3 * n, &r));
	assert_true(arena_used(arena) < 50 * (4 + 3 * n));
	arena_free(arena);
	/* and a caller's own limit holds */
	struct record big = full(REC_ENTERED);
	struct buf e = encoded(&big);
	for (size_t max = 1; max < 6000; max += 37) {
		arena = arena_new(max);
		record_decode(arena, e.data, e.len, &r);
		assert_true(arena_used(arena) <= max);
		arena_free(arena);
	}
	buf_free(&e);
	free(bytes);
}

/* ---- what a kind must carry ---- */

static void test_check(void **state)
{
	(void)state;
	struct record r = {.kind = REC_ACKNOWLEDGED, .at = 1, .notice = 3, .person = "p_tanaka"};
	assert_null(record_check(&r));
	r.person = NULL;
	assert_string_equal(record_check(&r), "neither person nor terminal is named");
	r.terminal = "t1";
	assert_null(record_check(&r));
	r.capacity = (enum capacity)9;
	assert_string_equal(record_check(&r), "the capacity is out of range");
	r.capacity = CAP_TERMINAL;
	r.channel = (enum channel)4;
	assert_string_equal(record_check(&r), "the channel is out of range");
	r.channel = CH_PAPER;
	r.stage = 1;
	assert_string_equal(record_check(&r), "the stage is out of range");
	r.stage = 0;
	r.command = "x";
	assert_string_equal(record_check(&r), "a command has no sender");
	r.kind = REC_NONE;
	assert_string_equal(record_check(&r), "the kind is missing");
	struct record entered = {.kind = REC_ENTERED, .at = 1, .incident = 1};
	assert_string_equal(record_check(&entered), "the item is missing");
	entered.at = -1;
	assert_string_equal(record_check(&entered), "the time is before 1970");
	struct record_recipient who = {.id = "t1", .as = (enum recipient_as)12};
	struct record receipt = {.kind = REC_RECEIPT, .notice = 1, .stage = STAGE_DISPLAYED, .recipients = &who, .n_recipients = 1};
	assert_string_equal(record_check(&receipt), "a recipient's part is out of range");
	who.as = AS_TERMINAL;
	assert_null(record_check(&receipt));
	/* every kind has a rule: a full record lacks nothing, whatever else may be wrong with it */
	for (int kind = REC_STARTED; kind <= REC_ENROLMENT_ENDED; kind++) {
		struct record f = full((enum record_kind)kind);
		f.stage = 0;
		const char *wrong = record_check(&f);
		bool known = strcmp(record_kind_name((enum record_kind)kind), "unknown") != 0;
		if (!known)
			assert_string_equal(wrong, "a kind that this version does not know");
		else if (wrong)
			assert_string_equal(wrong, "the stage is missing");
	}
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(record_kind_name(REC_ACKNOWLEDGED), "acknowledged");
	assert_string_equal(record_kind_title(REC_ACKNOWLEDGED), "受領確認");
	assert_string_equal(record_kind_name((enum record_kind)99), "unknown");
	assert_string_equal(capacity_title(CAP_DEPUTY), "代理");
	assert_string_equal(channel_title(CH_TELEPHONE), "電話");
	assert_string_equal(channel_name((enum channel)77), "unknown");
	assert_string_equal(escalation_name(ESC_TELEPHONE), "telephone");
}

static void test_list_owns_and_clears(void **state)
{
	(void)state;
	struct records list;
	records_init(&list);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 100; i++) {
			struct record *r = records_add(&list, REC_COMMENT);
			r->text = arena_printf(list.arena, "comment %d", i);
		}
		assert_int_equal(list.n, 100);
		assert_string_equal(list.at[99].text, "comment 99");
		assert_null(list.at[99].person);
		records_clear(&list);
		assert_int_equal(list.n, 0);
	}
	records_free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind_there_and_back),
		cmocka_unit_test(test_each_field_alone),
		cmocka_unit_test(test_cut_and_changed_bytes),
		cmocka_unit_test(test_forms_that_are_refused),
		cmocka_unit_test(test_growth_is_bounded),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_list_owns_and_clears),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
