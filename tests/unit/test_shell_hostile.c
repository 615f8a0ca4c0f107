/* A session that sends what no client of ours would: frames of every kind, damaged at random. The server lives, keeps to its bounds and
 * serves others. */
#include "hall.h"

#include <stdlib.h>
#include <string.h>

#include "wire/frame.h"

#define ROUNDS 150
#define FRAMES 25

static uint64_t seed = 20261123;

static uint64_t any(uint64_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % below;
}

static char *word(void)
{
	static const char *const words[] = {"", "fault", "A.fault", "p_tanaka", "t1", "kind", "present", "open", "0749-1", "2026-12-01",
		"連絡", "every_terminal", "a b", "open'\"", "999999999999", "F1.2", "F2.2a", "hardware"};

	return (char *)(uintptr_t)words[any(sizeof words / sizeof *words)];
}

static uint64_t number(void)
{
	static const uint64_t numbers[] = {0, 1, 2, 3, 4, 7, 20, 255, 65536, UINT32_MAX, (uint64_t)INT64_MAX, UINT64_MAX};

	return numbers[any(sizeof numbers / sizeof *numbers)];
}

/* Any message with any fields filled, by its descriptor; sub-messages one after another from `arena`. */
static ProtobufCMessage *message_of(struct arena *arena, const ProtobufCMessageDescriptor *descriptor);

static void fill(struct arena *arena, void *at, const ProtobufCFieldDescriptor *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
		*(char **)at = word();
		return;
	case PROTOBUF_C_TYPE_BYTES: {
		size_t len = any(3) == 0 ? 32 : any(70);

		*(ProtobufCBinaryData *)at = (ProtobufCBinaryData){len, arena_alloc(arena, len + 1)};
		return;
	}
	case PROTOBUF_C_TYPE_MESSAGE:
		*(ProtobufCMessage **)at = message_of(arena, field->descriptor);
		return;
	case PROTOBUF_C_TYPE_UINT64:
		*(uint64_t *)at = number();
		return;
	case PROTOBUF_C_TYPE_BOOL:
		*(protobuf_c_boolean *)at = (protobuf_c_boolean)any(2);
		return;
	case PROTOBUF_C_TYPE_ENUM:
		*(int *)at = (int)any(6);
		return;
	default:
		*(uint32_t *)at = (uint32_t)number();
	}
}

static size_t size_of(const ProtobufCFieldDescriptor *field)
{
	return field->type == PROTOBUF_C_TYPE_BYTES ? sizeof(ProtobufCBinaryData) : sizeof(void *);
}

static void fill_field(struct arena *arena, ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	char *at = (char *)message + field->offset;

	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		size_t n = any(4);
		char *list = arena_alloc(arena, (n + 1) * size_of(field));

		if (field->type == PROTOBUF_C_TYPE_ENUM || field->type == PROTOBUF_C_TYPE_UINT32)
			return;
		for (size_t i = 0; i < n; i++)
			fill(arena, list + i * size_of(field), field);
		*(size_t *)(void *)((char *)message + field->quantifier_offset) = n;
		*(void **)(void *)at = list;
		return;
	}
	if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
		*(uint32_t *)(void *)((char *)message + field->quantifier_offset) = field->id;
	fill(arena, at, field);
}

static ProtobufCMessage *message_of(struct arena *arena, const ProtobufCMessageDescriptor *descriptor)
{
	ProtobufCMessage *message = arena_alloc(arena, descriptor->sizeof_message);
	unsigned oneof = (unsigned)any(descriptor->n_fields + 1);

	descriptor->message_init(message);
	for (unsigned i = 0; i < descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
		bool in_oneof = (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;

		if (in_oneof ? i == oneof : any(4) != 0)
			fill_field(arena, message, field);
	}
	return message;
}

static void send_any(struct visitor *v)
{
	struct arena *arena = arena_new(0);
	Renraku__ClientFrame *frame = (Renraku__ClientFrame *)message_of(arena, &renraku__client_frame__descriptor);
	size_t len;
	uint8_t *bytes;

	if (frame->body_case == RENRAKU__CLIENT_FRAME__BODY_COMMAND && any(4) != 0)
		frame->command->id = (char *)(uintptr_t)(any(2) != 0 ? "0123456789abcdef" : "fedcba9876543210");
	len = renraku__client_frame__get_packed_size(frame);
	bytes = arena_alloc(arena, len + 1);
	renraku__client_frame__pack(frame, bytes);
	if (any(4) == 0 && len > 0)
		bytes[any(len)] ^= (uint8_t)(1u << any(8));
	if (any(20) == 0)
		len = any(len + 1);
	if (len > 0 && v->closed[0] == '\0')
		shell_frame(v->hall->shell, v->peer, bytes, len, v->hall->now);
	arena_free(arena);
}

/* The same place for the next one, so that there may be any number of them. */
static void remove_last(struct hall *hall, struct visitor *v)
{
	visitor_leave(v);
	hall_turn(hall);
	arena_free(v->arena);
	hall->n_visitors--;
}

static struct visitor *enter_as_somebody(struct hall *hall)
{
	static const enum tls_who who[] = {TLS_TERMINAL, TLS_PERSON, TLS_GATEWAY, TLS_PERSON, TLS_TERMINAL};
	static const char *const ids[] = {"t2", "p_tanaka", "web1", "p_nishida", "t3"};
	size_t i = any(5);
	struct visitor *v = hall_visitor(hall, who[i], ids[i], any(10) == 0);

	if (any(20) != 0)
		visitor_hello(v, 1, any(2) != 0, any(3));
	if (who[i] != TLS_PERSON && any(2) != 0 && v->closed[0] == '\0')
		visitor_sign_in(v, "p_tanaka", "right password");
	hall_turn(hall);
	return v;
}

static void hostile_frames(void **state)
{
	struct hall hall = {0};
	struct visitor *t1, *v;
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	hall_password(&hall, "p_tanaka", "right password");
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", true);
	for (int round = 0; round < ROUNDS; round++) {
		v = enter_as_somebody(&hall);
		for (int i = 0; i < FRAMES; i++) {
			send_any(v);
			if (any(5) == 0)
				hall_advance(&hall, (int64_t)any(60000));
			if (v->n > HALL_FRAMES / 2)
				visitor_forget(v);
		}
		hall_turn(&hall);
		remove_last(&hall, v);
		visitor_forget(t1);
		assert_string_equal(hall.fatal, "");
		if (any(10) == 0) {
			hall_restart(&hall); /* what it left can be read again */
			t1 = hall_enter(&hall, TLS_TERMINAL, "t1", true);
		}
	}
	ref = visitor_alarm(t1, NULL, "still served");
	hall_turn(&hall);
	assert_int_equal(visitor_answer(t1, ref)->result->outcome, RENRAKU__OUTCOME__ACCEPTED);
	hall_close(&hall);
}

static void a_flood_while_the_disk_is_stuck_is_bounded(void **state)
{
	struct hall hall = {0};
	struct visitor *t1, *t2;
	char *text = calloc(1, 4001);
	uint64_t ref;

	(void)state;
	memset(text, 'x', 3900);
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	t2 = hall_enter(&hall, TLS_TERMINAL, "t2", false);
	store_mem_set_sync(hall.store, false);
	/* The first goes to the disk, which never answers; the others collect. */
	visitor_alarm(t2, NULL, "first");
	shell_turn(hall.shell, hall.now);
	for (int i = 0; i < 6000 && t1->closed[0] == '\0'; i++) {
		visitor_alarm(t1, NULL, text);
		shell_turn(hall.shell, hall.now);
	}
	assert_string_equal(t1->closed, "TOO_SLOW");
	/* Another may still speak, and is told so when there is no room. */
	ref = visitor_alarm(t2, NULL, "second");
	store_mem_set_sync(hall.store, true);
	for (int i = 0; i < 10; i++)
		hall_turn(&hall);
	assert_non_null(visitor_answer(t2, ref));
	free(text);
	hall_close(&hall);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_frames),
		cmocka_unit_test(a_flood_while_the_disk_is_stuck_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
