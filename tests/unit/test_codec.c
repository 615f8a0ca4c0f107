#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/codec.h"
#include "wire/frame.h"

static enum codec_verdict unpack(const void *bytes, size_t len)
{
	struct arena *a = arena_new(2 * FRAME_ARENA_MAX);
	Renraku__ClientFrame *f;
	enum codec_verdict v = codec_unpack_client(a, bytes, len, &f);
	assert_in_range(arena_used(a), 0, FRAME_ARENA_MAX + FRAME_ARENA_MAX / 2);
	arena_free(a);
	return v;
}

static enum codec_verdict unpack_buf(const struct buf *b)
{
	return unpack(b->data + FRAME_HEADER, b->len - FRAME_HEADER);
}

/* An alarm command, packed. */
static void pack_alarm(struct buf *out, char *text)
{
	Renraku__Value value = RENRAKU__VALUE__INIT, *values[] = {&value};
	Renraku__Alarm alarm = RENRAKU__ALARM__INIT;
	Renraku__Command command = RENRAKU__COMMAND__INIT;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	value.field = "kind";
	value.value = text;
	alarm.entry = "fault";
	alarm.n_values = 1;
	alarm.values = values;
	command.id = "0123456789abcdef";
	command.made_at = 1795392307000;
	command.act_case = RENRAKU__COMMAND__ACT_ALARM;
	command.alarm = &alarm;
	f.ref = 7;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_COMMAND;
	f.command = &command;
	assert_true(codec_pack_client(out, &f));
}

static void test_round_trip(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 200000);
	pack_alarm(&b, "起動しない\n二行目");
	size_t len;
	assert_int_equal(frame_peek(b.data, b.len, FRAME_MAX, &len), FRAME_OK);
	assert_int_equal(len, b.len - FRAME_HEADER);
	struct arena *a = arena_new(FRAME_ARENA_MAX);
	Renraku__ClientFrame *f;
	assert_int_equal(codec_unpack_client(a, b.data + FRAME_HEADER, len, &f), CODEC_OK);
	assert_int_equal(f->ref, 7);
	assert_int_equal(f->body_case, RENRAKU__CLIENT_FRAME__BODY_COMMAND);
	assert_string_equal(f->command->alarm->values[0]->value, "起動しない\n二行目");
	/* what was unpacked packs to the same bytes */
	struct buf again;
	buf_init(&again, 200000);
	assert_true(codec_pack_client(&again, f));
	assert_int_equal(again.len, b.len);
	assert_memory_equal(again.data, b.data, b.len);
	arena_free(a);
	buf_free(&again);
	buf_free(&b);
}

static void test_bad_text(void **state)
{
	(void)state;
	static char *const bad[] = {"\x1b]0;x\x07", "\xC2\x9B", "\xFF", "a\rb", "\x7F"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct buf b;
		buf_init(&b, 2000);
		pack_alarm(&b, bad[i]);
		assert_int_equal(unpack_buf(&b), CODEC_BAD_TEXT);
		buf_free(&b);
	}
	/* a NUL hides what follows it from C: {hello: {program: "a\0b"}} */
	assert_int_equal(unpack("\x12\x05\x12\x03"
				"a\0b",
				 7),
		CODEC_BAD_TEXT);
	/* the same, hidden by a second, clean value of the field */
	assert_int_equal(unpack("\x12\x08\x12\x03"
				"a\0b\x12\x01"
				"a",
				 10),
		CODEC_BAD_TEXT);
	assert_int_equal(unpack("\x12\x05\x12\x03"
				"abc",
				 7),
		CODEC_OK);
}

static void test_malformed(void **state)
{
	(void)state;
	assert_int_equal(unpack("", 0), CODEC_MALFORMED);
	assert_int_equal(unpack("\x08\x01", 2), CODEC_MALFORMED); /* a ref and no body */
	assert_int_equal(unpack("\xFF\xFF\xFF", 3), CODEC_MALFORMED);
	assert_int_equal(unpack("\x12\x7F", 2), CODEC_MALFORMED); /* shorter than it says */
	assert_int_equal(unpack("\x13", 1), CODEC_MALFORMED);     /* groups */
	assert_int_equal(unpack("\x12\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 11), CODEC_MALFORMED);
	assert_int_equal(unpack("\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 13), CODEC_MALFORMED);
	/* {subscribe: {view: 99}} */
	assert_int_equal(unpack("\x3A\x02\x08\x63", 4), CODEC_MALFORMED);
	assert_int_equal(unpack("\x3A\x02\x08\x02", 4), CODEC_OK);
}

static void test_unknown(void **state)
{
	(void)state;
	/* field 100 of the frame: a kind of a later version */
	assert_int_equal(unpack("\xA2\x06\x01x", 4), CODEC_UNKNOWN);
	/* unknown fields beside a known body, and within it, are ignored */
	assert_int_equal(unpack("\x12\x02\x08\x01\xA2\x06\x01x", 8), CODEC_OK);
	assert_int_equal(unpack("\x12\x06\x08\x01\xA2\x06\x01x", 8), CODEC_OK);
	struct arena *a = arena_new(FRAME_ARENA_MAX);
	Renraku__ServerFrame *f;
	/* a client takes a value of an enum that only the server knows */
	assert_int_equal(codec_unpack_server(a, (const uint8_t *)"\x1A\x02\x10\x63", 4, &f), CODEC_OK);
	assert_int_equal(f->result->outcome, 0x63);
	assert_int_equal(codec_unpack_server(a, (const uint8_t *)"", 0, &f), CODEC_MALFORMED);
	arena_free(a);
}

/* The frame that unpacks to the most: empty messages, two bytes each. */
static void test_bomb(void **state)
{
	(void)state;
	size_t n = 30000, len = 4 + 2 * n;
	uint8_t *bytes = malloc(len);
	bytes[0] = 0x4A; /* receipts */
	bytes[1] = (uint8_t)(0x80 | (2 * n & 0x7F));
	bytes[2] = (uint8_t)(0x80 | (2 * n >> 7 & 0x7F));
	bytes[3] = (uint8_t)(2 * n >> 14);
	for (size_t i = 0; i < n; i++) {
		bytes[4 + 2 * i] = 0x0A;
		bytes[5 + 2 * i] = 0;
	}
	assert_int_equal(unpack(bytes, len), CODEC_TOO_BIG);
	free(bytes);
}

/* What an honest device may send: receipts of a thousand notices at once. */
static void test_many_receipts(void **state)
{
	(void)state;
	enum { MANY = 4000 };
	static Renraku__Receipt receipts[MANY], *list[MANY];
	Renraku__Receipts all = RENRAKU__RECEIPTS__INIT;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	for (size_t i = 0; i < MANY; i++) {
		renraku__receipt__init(&receipts[i]);
		receipts[i].notice = 1000000 + i;
		receipts[i].stage = RENRAKU__STAGE__STAGE_DISPLAYED;
		list[i] = &receipts[i];
	}
	all.n_receipts = MANY;
	all.receipts = list;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_RECEIPTS;
	f.receipts = &all;
	struct buf b;
	buf_init(&b, FRAME_HEADER + FRAME_MAX);
	assert_true(codec_pack_client(&b, &f));
	assert_int_equal(unpack_buf(&b), CODEC_OK);
	/* one more frame does not fit behind it, and leaves it as it was */
	size_t before = b.len;
	while (codec_pack_client(&b, &f))
		before = b.len;
	assert_int_equal(b.len, before);
	assert_false(b.full);
	buf_free(&b);
}

static void test_pack_too_big(void **state)
{
	(void)state;
	char *text = malloc(FRAME_MAX + 1);
	memset(text, 'x', FRAME_MAX);
	text[FRAME_MAX] = '\0';
	Renraku__ServerFrame f = RENRAKU__SERVER_FRAME__INIT;
	Renraku__Bye bye = RENRAKU__BYE__INIT;
	f.body_case = RENRAKU__SERVER_FRAME__BODY_BYE;
	f.bye = &bye;
	bye.text = text;
	struct buf b;
	buf_init(&b, 4 * FRAME_MAX);
	assert_false(codec_pack_server(&b, &f));
	assert_int_equal(b.len, 0);
	text[FRAME_MAX - 8] = '\0'; /* two keys of one byte, two lengths of three */
	assert_true(codec_pack_server(&b, &f));
	assert_int_equal(b.len, FRAME_HEADER + FRAME_MAX);
	free(text);
	buf_free(&b);
}

/* Bytes changed at random: any verdict will do, sanitizers watch. */
static void test_mutations(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 2000);
	pack_alarm(&b, "hardware");
	uint32_t x = 12345;
	for (int round = 0; round < 20000; round++) {
		uint8_t copy[2000];
		size_t len = b.len - FRAME_HEADER;
		memcpy(copy, b.data + FRAME_HEADER, len);
		for (int k = 0; k < 1 + round % 4; k++) {
			x = x * 1664525u + 1013904223u;
			copy[(x >> 16) % len] = (uint8_t)(x >> 8);
		}
		x = x * 1664525u + 1013904223u;
		if (round % 3 == 0)
			len = (x >> 16) % (len + 1);
		enum codec_verdict v = unpack(copy, len);
		assert_in_range(v + 10, CODEC_UNKNOWN + 10, CODEC_OK + 10);
	}
	buf_free(&b);
}

static void test_json(void **state)
{
	(void)state;
	struct buf b, out;
	buf_init(&b, 2000);
	buf_init(&out, 2000);
	pack_alarm(&b, "\"起動\"");
	struct arena *a = arena_new(FRAME_ARENA_MAX);
	Renraku__ClientFrame *f;
	assert_int_equal(codec_unpack_client(a, b.data + FRAME_HEADER, b.len - FRAME_HEADER, &f), CODEC_OK);
	codec_json(&out, &f->base);
	assert_string_equal(buf_str(&out), "{\"ref\":7,\"command\":{\"id\":\"0123456789abcdef\",\"made_at\":1795392307000,\"alarm\":"
					   "{\"entry\":\"fault\",\"values\":[{\"field\":\"kind\",\"value\":\"\\\"起動\\\"\"}]}}}");
	buf_reset(&out);

	Renraku__Result result = RENRAKU__RESULT__INIT;
	char *missing[] = {"kind", ""};
	result.outcome = RENRAKU__OUTCOME__REFUSED;
	result.joined = true;
	result.n_missing = 2;
	result.missing = missing;
	codec_json(&out, &result.base);
	assert_string_equal(buf_str(&out), "{\"outcome\":\"REFUSED\",\"joined\":true,\"missing\":[\"kind\",\"\"]}");
	buf_reset(&out);

	Renraku__Upload upload = RENRAKU__UPLOAD__INIT;
	uint8_t bytes[] = {0, 0xAB};
	upload.part = (ProtobufCBinaryData){.len = 2, .data = bytes};
	codec_json(&out, &upload.base);
	assert_string_equal(buf_str(&out), "{\"part\":\"00ab\"}");
	buf_reset(&out);

	Renraku__ClientFrame ping = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Ping body = RENRAKU__PING__INIT;
	ping.body_case = RENRAKU__CLIENT_FRAME__BODY_PING;
	ping.ping = &body;
	codec_json(&out, &ping.base);
	assert_string_equal(buf_str(&out), "{\"ping\":{}}");

	assert_true(codec_texts_clean(&f->base));
	f->command->alarm->values[0]->value = (char *)"\x07";
	assert_false(codec_texts_clean(&f->base));
	arena_free(a);
	buf_free(&b);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_bad_text),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_many_receipts),
		cmocka_unit_test(test_pack_too_big),
		cmocka_unit_test(test_mutations),
		cmocka_unit_test(test_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
