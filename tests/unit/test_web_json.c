/* client/web/json: messages to JSON and back, what is refused, and mutated input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "renraku.pb-c.h"
#include "web/json.h"

static const char *write_out(struct buf *out, const ProtobufCMessage *m)
{
	buf_init(out, 1u << 20);
	json_write(out, m);
	return buf_str(out);
}

static void quoting(void **state)
{
	(void)state;
	static const struct {
		const char *text, *json;
	} cases[] = {{"", "\"\""}, {"a\"b\\c", "\"a\\\"b\\\\c\""}, {"\n\t\r\x01", "\"\\n\\t\\u000d\\u0001\""},
		{"</script>", "\"\\u003c/script>\""}, {"日本\xE2\x80\xA8語\xE2\x80\xA9", "\"日本\\u2028語\\u2029\""},
		{"a\xFFz", "\"a\\ufffdz\""}, {"\xE2\x80", "\"\\ufffd\\ufffd\""}, {"\xC0\xAF", "\"\\ufffd\\ufffd\""},
		{"\xED\xA0\x80", "\"\\ufffd\\ufffd\\ufffd\""}, {"\xF0\x9F\x9A\x92", "\"\xF0\x9F\x9A\x92\""}, {"\x7F", "\"\\u007f\""}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf out;
		buf_init(&out, 1024);
		json_quote(&out, cases[i].text);
		assert_string_equal(buf_str(&out), cases[i].json);
		buf_free(&out);
	}
}

static void writing(void **state)
{
	(void)state;
	struct buf out;
	Renraku__Result r = RENRAKU__RESULT__INIT;
	assert_string_equal(write_out(&out, &r.base), "{}");
	buf_free(&out);
	char *missing[] = {(char *)(uintptr_t) "", (char *)(uintptr_t) "b"};
	r.outcome = RENRAKU__OUTCOME__ACCEPTED;
	r.record = 9007199254740991;
	r.joined = true;
	r.n_missing = 2;
	r.missing = missing;
	assert_string_equal(write_out(&out, &r.base),
		"{\"outcome\":\"ACCEPTED\",\"record\":9007199254740991,\"joined\":true,\"missing\":[\"\",\"b\"]}");
	buf_free(&out);
	/* A oneof's arm counts though it is empty; bytes are base64 of every length. */
	Renraku__Command c = RENRAKU__COMMAND__INIT;
	Renraku__Test test = RENRAKU__TEST__INIT;
	c.act_case = RENRAKU__COMMAND__ACT_TEST;
	c.test = &test;
	assert_string_equal(write_out(&out, &c.base), "{\"test\":{}}");
	buf_free(&out);
	static const char *const base64[] = {
		"{\"total\":1}", "{\"total\":1,\"part\":\"AA==\"}", "{\"total\":1,\"part\":\"AAE=\"}", "{\"total\":1,\"part\":\"AAEC\"}"};
	uint8_t bytes[] = {0, 1, 2};
	for (size_t n = 0; n < 4; n++) {
		Renraku__Upload u = RENRAKU__UPLOAD__INIT;
		u.total = 1;
		u.part = (ProtobufCBinaryData){n, bytes};
		assert_string_equal(write_out(&out, &u.base), base64[n]);
		buf_free(&out);
	}
}

static ProtobufCMessage *read_in(struct arena *a, const ProtobufCMessageDescriptor *type, const char *text, const char **why)
{
	return json_read(a, type, text, strlen(text), why);
}

static const char full[] = "{\"id\":\"0123456789abcdef\",\"made_at\":9007199254740991,\"behalf\":{\"person\":\"p\",\"channel\":\"CHANNEL_"
			   "TELEPHONE\",\"number\":\"1\"},"
			   "\"enter\":{\"incident\":4294967295,\"item\":\"A.b\",\"values\":[{\"field\":\"f\",\"value\":\"日本\\u2028\\n\","
			   "\"checks\":[\"x\",\"y\"]},{\"unknown\":\"u\"}],"
			   "\"calls\":[{\"body\":\"b\",\"at\":5,\"no_answer\":true}]}}";

static void round_trip(void **state)
{
	(void)state;
	struct arena *a = arena_new(0);
	const char *why;
	struct buf out;
	ProtobufCMessage *m = read_in(a, &renraku__command__descriptor, full, &why);
	assert_non_null(m);
	assert_null(why);
	const Renraku__Command *c = (const Renraku__Command *)m;
	assert_int_equal(c->act_case, RENRAKU__COMMAND__ACT_ENTER);
	assert_int_equal(c->behalf->channel, RENRAKU__CHANNEL__CHANNEL_TELEPHONE);
	assert_int_equal(c->enter->n_values, 2);
	assert_string_equal(c->enter->values[1]->field, "");
	assert_true(c->enter->calls[0]->no_answer);
	assert_string_equal(write_out(&out, m), full);
	buf_free(&out);
	/* What was read can be packed: nothing of it is missing a default. */
	uint8_t *packed = malloc(protobuf_c_message_get_packed_size(m));
	protobuf_c_message_pack(m, packed);
	free(packed);
	m = read_in(a, &renraku__upload__descriptor, "{\"part\":\"AAEC\",\"sha256\":\"AA==\"}", &why);
	assert_non_null(m);
	assert_int_equal(((Renraku__Upload *)m)->part.len, 3);
	assert_int_equal(((Renraku__Upload *)m)->sha256.len, 1);
	arena_free(a);
}

static void refused(void **state)
{
	(void)state;
	static const struct {
		const char *text, *why;
	} cases[] = {{"", "JSON"}, {"{", "JSON"}, {"{}x", "JSON"}, {"null", "JSON"}, {"[]", "object"},
		{"{\"id\":\"a\",\"id\":\"b\"}", "JSON"}, {"{\"id\":null}", "id: must be a string"},
		{"{\"nope\":1}", "nope: Command has no such field"}, {"{\"made_at\":\"5\"}", "made_at: must be a whole number"},
		{"{\"made_at\":5.0}", "made_at: must be"}, {"{\"made_at\":1e3}", "made_at: must be"},
		{"{\"made_at\":-1}", "made_at: this number"}, {"{\"made_at\":9007199254740992}", "made_at: this number"},
		{"{\"made_at\":99999999999999999999999}", "JSON"}, {"{\"enter\":{\"incident\":4294967296}}", "enter.incident: this number"},
		{"{\"enter\":{\"values\":[{},{\"field\":7}]}}", "enter.values[1].field: must be a string"},
		{"{\"enter\":{\"values\":{}}}", "enter.values: must be a list"}, {"{\"enter\":{},\"comment\":{}}", "comment: only one"},
		{"{\"enter\":[]}", "enter: must be an object"}, {"{\"behalf\":{\"channel\":\"x\"}}", "behalf.channel: must be the name"},
		{"{\"behalf\":{\"channel\":1}}", "behalf.channel: must be the name"},
		{"{\"withdraw\":{\"ground\":\"\\u0007\"}}", "withdraw.ground: has characters"},
		{"{\"withdraw\":{\"ground\":\"\\u0000\"}}", "JSON"}, {"{\"withdraw\":{\"ground\":\"\\ud800\"}}", "JSON"},
		{"{\"withdraw\":{\"ground\":\"\xFF\"}}", "JSON"}, {"{\"load_plan\":{\"sha256\":\"A\"}}", "load_plan.sha256: not base64"},
		{"{\"load_plan\":{\"sha256\":\"A===\"}}", "not base64"}, {"{\"load_plan\":{\"sha256\":\"A-__\"}}", "not base64"},
		{"{\"alarm\":{\"drill\":1}}", "alarm.drill: must be true or false"}, {"[[[[[[[[[1]]]]]]]]]", "nested too deeply"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *a = arena_new(0);
		const char *why = NULL;
		assert_null(read_in(a, &renraku__command__descriptor, cases[i].text, &why));
		if (!why || !strstr(why, cases[i].why))
			fail_msg("%s: %s", cases[i].text, why ? why : "(no reason)");
		arena_free(a);
	}
}

static void bounded(void **state)
{
	(void)state;
	struct arena *a = arena_new(0);
	const char *why;
	struct buf text;
	buf_init(&text, 1u << 20);
	buf_puts(&text, "{\"enter\":{\"values\":[");
	for (int i = 0; i < 5000; i++)
		buf_puts(&text, i ? ",{}" : "{}");
	buf_puts(&text, "]}}");
	assert_null(json_read(a, &renraku__command__descriptor, buf_str(&text), text.len, &why));
	assert_non_null(strstr(why, "too many"));
	buf_reset(&text);
	buf_puts(&text, "{\"id\":\"");
	while (text.len <= 64u << 10)
		buf_puts(&text, "xxxxxxxxxxxxxxxx");
	buf_puts(&text, "\"}");
	assert_null(json_read(a, &renraku__command__descriptor, buf_str(&text), text.len, &why));
	assert_non_null(strstr(why, "64 KiB"));
	buf_free(&text);
	arena_free(a);
}

/* Mutated: never a crash, and what is taken for a message can be written, read and packed again. */
static void mutated(void **state)
{
	(void)state;
	static const char alphabet[] = "{}[]\",:0123456789truefalsenull\\u-.eE_abc\x01\xE6\xFF ";
	char text[sizeof full + 64];
	unsigned taken = 0;
	srandom(4);
	for (int round = 0; round < 40000; round++) {
		size_t len = sizeof full - 1;
		memcpy(text, full, len);
		for (long k = random() % 4; k >= 0; k--) {
			size_t at = (size_t)random() % len;
			if (random() % 3 == 0 && len > 2) {
				memmove(text + at, text + at + 1, len - at - 1);
				len--;
			} else {
				text[at] = alphabet[(size_t)random() % (sizeof alphabet - 1)];
			}
		}
		struct arena *a = arena_new(0);
		const char *why;
		ProtobufCMessage *m = json_read(a, &renraku__command__descriptor, text, len, &why);
		if (m) {
			struct buf once, twice;
			taken++;
			write_out(&once, m);
			m = json_read(a, &renraku__command__descriptor, buf_str(&once), once.len, &why);
			assert_non_null(m);
			assert_string_equal(write_out(&twice, m), buf_str(&once));
			buf_free(&once);
			buf_free(&twice);
		} else {
			assert_non_null(why);
		}
		arena_free(a);
	}
	assert_true(taken > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(quoting), cmocka_unit_test(writing), cmocka_unit_test(round_trip),
		cmocka_unit_test(refused), cmocka_unit_test(bounded), cmocka_unit_test(mutated)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
