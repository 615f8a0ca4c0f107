#include "wire/reflect.h"

#include <assert.h>
#include <string.h>

size_t reflect_size(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		return sizeof(uint32_t);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return sizeof(uint64_t);
	case PROTOBUF_C_TYPE_FLOAT:
		return sizeof(float);
	case PROTOBUF_C_TYPE_DOUBLE:
		return sizeof(double);
	case PROTOBUF_C_TYPE_BOOL:
		return sizeof(protobuf_c_boolean);
	case PROTOBUF_C_TYPE_ENUM:
		return sizeof(int);
	case PROTOBUF_C_TYPE_STRING:
		return sizeof(char *);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(ProtobufCMessage *);
	}
	assert(!"a field type protobuf-c does not have");
	return 0;
}

static bool is_default(const ProtobufCFieldDescriptor *f, const unsigned char *at)
{
	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
		return !REFLECT_VALUE(char *, at) || !*REFLECT_VALUE(char *, at);
	case PROTOBUF_C_TYPE_BYTES:
		return REFLECT_VALUE(ProtobufCBinaryData, at).len == 0;
	case PROTOBUF_C_TYPE_MESSAGE:
		return !REFLECT_VALUE(ProtobufCMessage *, at);
	default: {
		static const unsigned char zero[8];
		return memcmp(at, zero, reflect_size(f->type)) == 0;
	}
	}
}

struct reflect_field reflect_look(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	const unsigned char *base = (const unsigned char *)m;
	struct reflect_field s = {.field = f, .values = base + f->offset, .count = 1};
	if (f->label == PROTOBUF_C_LABEL_REPEATED) {
		s.repeated = true;
		s.count = REFLECT_VALUE(size_t, base + f->quantifier_offset);
		s.values = s.count ? REFLECT_VALUE(unsigned char *, s.values) : NULL;
	} else if (f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
		/* An arm that was chosen is shown even when its value is the default; a message's pointer may still be absent. */
		s.count = REFLECT_VALUE(uint32_t, base + f->quantifier_offset) == f->id;
		if (s.count && f->type == PROTOBUF_C_TYPE_MESSAGE && is_default(f, s.values))
			s.count = 0;
	} else if (is_default(f, s.values)) {
		s.count = 0;
	}
	return s;
}
