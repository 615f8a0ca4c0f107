#include "wire/codec.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "wire/frame.h"
#include "wire/reflect.h"
#include "wire/scan.h"

const char *codec_verdict_name(enum codec_verdict v)
{
	switch (v) {
	case CODEC_OK:
		return "ok";
	case CODEC_MALFORMED:
		return "malformed message";
	case CODEC_TOO_BIG:
		return "message too big to unpack";
	case CODEC_BAD_TEXT:
		return "text that is not clean UTF-8";
	case CODEC_UNKNOWN:
		return "unknown kind of message";
	}
	return "?";
}

/* ---- checking ---- */

bool codec_texts_clean(const ProtobufCMessage *m)
{
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		struct reflect_field s = reflect_look(m, &m->descriptor->fields[i]);
		for (size_t k = 0; k < s.count; k++) {
			const unsigned char *at = s.values + k * reflect_size(s.field->type);
			if (s.field->type == PROTOBUF_C_TYPE_STRING) {
				const char *text = REFLECT_VALUE(char *, at);
				if (text && !text_valid(text, strlen(text)))
					return false;
			} else if (s.field->type == PROTOBUF_C_TYPE_MESSAGE) {
				if (!codec_texts_clean(REFLECT_VALUE(ProtobufCMessage *, at)))
					return false;
			}
		}
	}
	return true;
}

/* A number that no enum value of this version has could be taken for something else later on. */
static bool enums_known(const ProtobufCMessage *m)
{
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		struct reflect_field s = reflect_look(m, &m->descriptor->fields[i]);
		for (size_t k = 0; k < s.count; k++) {
			const unsigned char *at = s.values + k * reflect_size(s.field->type);
			if (s.field->type == PROTOBUF_C_TYPE_ENUM) {
				if (!protobuf_c_enum_descriptor_get_value(s.field->descriptor, REFLECT_VALUE(int, at)))
					return false;
			} else if (s.field->type == PROTOBUF_C_TYPE_MESSAGE && !enums_known(REFLECT_VALUE(ProtobufCMessage *, at))) {
				return false;
			}
		}
	}
	return true;
}

/* ---- unpacking in bounded memory ---- */

struct capped {
	struct arena *arena;
	size_t left;
	bool exhausted;
};

static void *capped_alloc(void *arg, size_t size)
{
	struct capped *c = arg;
	void *p = size <= c->left ? arena_alloc(c->arena, size) : NULL;
	if (p)
		c->left -= size;
	else
		c->exhausted = true;
	return p;
}

/* What was unpacked goes with the arena. */
static void capped_free(void *arg, void *p)
{
	(void)arg;
	(void)p;
}

/* ---- what protobuf-c does not check ---- */

/*
 * Strings are checked on the wire, before unpacking, because protobuf-c keeps only what stands before a NUL, and of a
 * field sent twice only the last. The depth is that of the messages, none of which nests itself.
 */
static enum codec_verdict check_wire(const ProtobufCMessageDescriptor *type, const uint8_t *p, size_t size)
{
	const uint8_t *end = p + size;
	while (p < end) {
		struct scan_field at;
		if (!scan_field(&p, end, &at))
			return CODEC_MALFORMED;
		if (!at.value || at.id > UINT32_MAX)
			continue;
		const ProtobufCFieldDescriptor *f = protobuf_c_message_descriptor_get_field(type, (unsigned)at.id);
		enum codec_verdict v = CODEC_OK;
		if (f && f->type == PROTOBUF_C_TYPE_STRING)
			v = text_valid((const char *)at.value, at.len) ? CODEC_OK : CODEC_BAD_TEXT;
		else if (f && f->type == PROTOBUF_C_TYPE_MESSAGE)
			v = check_wire(f->descriptor, at.value, at.len);
		if (v != CODEC_OK)
			return v;
	}
	return CODEC_OK;
}

static enum codec_verdict unpack(
	struct arena *arena, const ProtobufCMessageDescriptor *type, const uint8_t *data, size_t len, ProtobufCMessage **out)
{
	enum codec_verdict v = check_wire(type, data, len);
	if (v != CODEC_OK)
		return v;
	struct capped capped = {.arena = arena, .left = FRAME_ARENA_MAX};
	ProtobufCAllocator allocator = {.alloc = capped_alloc, .free = capped_free, .allocator_data = &capped};
	ProtobufCMessage *m = protobuf_c_message_unpack(type, &allocator, len, data);
	*out = m;
	if (capped.exhausted)
		return CODEC_TOO_BIG;
	if (!m)
		return CODEC_MALFORMED;
	return CODEC_OK;
}

enum codec_verdict codec_unpack_client(struct arena *arena, const uint8_t *data, size_t len, Renraku__ClientFrame **out)
{
	ProtobufCMessage *m;
	enum codec_verdict v = unpack(arena, &renraku__client_frame__descriptor, data, len, &m);
	if (v != CODEC_OK)
		return v;
	if (!enums_known(m))
		return CODEC_MALFORMED;
	*out = (Renraku__ClientFrame *)m;
	if ((*out)->body_case != RENRAKU__CLIENT_FRAME__BODY__NOT_SET)
		return CODEC_OK;
	return m->n_unknown_fields ? CODEC_UNKNOWN : CODEC_MALFORMED;
}

enum codec_verdict codec_unpack_server(struct arena *arena, const uint8_t *data, size_t len, Renraku__ServerFrame **out)
{
	ProtobufCMessage *m;
	enum codec_verdict v = unpack(arena, &renraku__server_frame__descriptor, data, len, &m);
	if (v != CODEC_OK)
		return v;
	*out = (Renraku__ServerFrame *)m;
	if ((*out)->body_case != RENRAKU__SERVER_FRAME__BODY__NOT_SET)
		return CODEC_OK;
	return m->n_unknown_fields ? CODEC_UNKNOWN : CODEC_MALFORMED;
}

/* ---- packing ---- */

static bool pack(struct buf *out, const ProtobufCMessage *m)
{
	size_t len = protobuf_c_message_get_packed_size(m);
	if (len == 0 || len > FRAME_MAX || out->full || len + FRAME_HEADER > out->max - out->len)
		return false;
	uint8_t frame[FRAME_HEADER + FRAME_MAX];
	frame_put_header(frame, len);
	size_t packed = protobuf_c_message_pack(m, frame + FRAME_HEADER);
	assert(packed == len);
	return buf_append(out, frame, FRAME_HEADER + packed);
}

bool codec_pack_client(struct buf *out, const Renraku__ClientFrame *f)
{
	return pack(out, &f->base);
}

bool codec_pack_server(struct buf *out, const Renraku__ServerFrame *f)
{
	return pack(out, &f->base);
}

/* ---- JSON ---- */

static void json_enum(struct buf *out, const ProtobufCEnumDescriptor *type, int value, const struct codec_json_leaves *leaves)
{
	const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(type, value);
	if (v)
		leaves->string(out, v->name);
	else
		buf_printf(out, "%d", value); /* of a newer peer */
}

static void json_bytes(struct buf *out, const ProtobufCBinaryData *b)
{
	buf_puts(out, "\"");
	for (size_t i = 0; i < b->len; i++) {
		char hex[3];
		buf_puts(out, text_hex(b->data + i, 1, hex));
	}
	buf_puts(out, "\"");
}

static void json_value(struct buf *out, const ProtobufCFieldDescriptor *f, const unsigned char *at, const struct codec_json_leaves *leaves)
{
	switch (f->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		buf_printf(out, "%ld", (long)REFLECT_VALUE(int32_t, at));
		break;
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		buf_printf(out, "%lu", (unsigned long)REFLECT_VALUE(uint32_t, at));
		break;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		buf_printf(out, "%lld", (long long)REFLECT_VALUE(int64_t, at));
		break;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		buf_printf(out, "%llu", (unsigned long long)REFLECT_VALUE(uint64_t, at));
		break;
	case PROTOBUF_C_TYPE_FLOAT:
		buf_printf(out, "%.9g", (double)REFLECT_VALUE(float, at));
		break;
	case PROTOBUF_C_TYPE_DOUBLE:
		buf_printf(out, "%.17g", REFLECT_VALUE(double, at));
		break;
	case PROTOBUF_C_TYPE_BOOL:
		buf_puts(out, REFLECT_VALUE(protobuf_c_boolean, at) ? "true" : "false");
		break;
	case PROTOBUF_C_TYPE_ENUM:
		json_enum(out, f->descriptor, REFLECT_VALUE(int, at), leaves);
		break;
	case PROTOBUF_C_TYPE_STRING:
		leaves->string(out, REFLECT_VALUE(char *, at) ? REFLECT_VALUE(char *, at) : "");
		break;
	case PROTOBUF_C_TYPE_BYTES:
		leaves->bytes(out, &REFLECT_VALUE(ProtobufCBinaryData, at));
		break;
	case PROTOBUF_C_TYPE_MESSAGE:
		codec_json_with(out, REFLECT_VALUE(ProtobufCMessage *, at), leaves);
		break;
	}
}

void codec_json_with(struct buf *out, const ProtobufCMessage *m, const struct codec_json_leaves *leaves)
{
	bool first = true;
	buf_puts(out, "{");
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		struct reflect_field s = reflect_look(m, &m->descriptor->fields[i]);
		if (!s.count)
			continue;
		buf_printf(out, "%s\"%s\":%s", first ? "" : ",", s.field->name, s.repeated ? "[" : "");
		first = false;
		for (size_t k = 0; k < s.count; k++) {
			if (k)
				buf_puts(out, ",");
			json_value(out, s.field, s.values + k * reflect_size(s.field->type), leaves);
		}
		if (s.repeated)
			buf_puts(out, "]");
	}
	buf_puts(out, "}");
}

void codec_json(struct buf *out, const ProtobufCMessage *m)
{
	static const struct codec_json_leaves leaves = {text_json, json_bytes};
	codec_json_with(out, m, &leaves);
}
