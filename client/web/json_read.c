#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "web/json.h"
#include "wire/reflect.h"

#define TEXT_MAX (64u << 10)
#define DEPTH_MAX 8
#define VALUES_MAX 4096u
#define EXACT_MAX 9007199254740991 /* 2^53 - 1: what every reader of JSON holds exactly */

/* Where we are, for what is wrong: "enter.values[2].field". */
struct reader {
	struct arena *arena;
	const char **why;
	size_t values;
	char path[256];
	size_t path_len;
};

static bool wrong(struct reader *r, const char *what)
{
	if (!*r->why)
		*r->why = r->path_len ? arena_printf(r->arena, "%s: %s", r->path, what) : arena_strdup(r->arena, what);
	return false;
}

/* Returns the length to go back to. */
static size_t step(struct reader *r, const char *name, long index)
{
	size_t before = r->path_len, left = sizeof r->path - before;
	int n = index >= 0 ? snprintf(r->path + before, left, "[%ld]", index)
			   : snprintf(r->path + before, left, "%s%.64s", before ? "." : "", name);
	if (n > 0)
		r->path_len = before + (size_t)n < sizeof r->path ? before + (size_t)n : sizeof r->path - 1;
	return before;
}

static void step_back(struct reader *r, size_t to)
{
	r->path_len = to;
	r->path[to] = '\0';
}

/* ---- values ---- */

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool read_base64(struct reader *r, const char *text, ProtobufCBinaryData *out)
{
	size_t len = strlen(text), pad = len && text[len - 1] == '=' ? (len > 1 && text[len - 2] == '=' ? 2 : 1) : 0;
	if (len % 4)
		return wrong(r, "not base64");
	out->data = arena_alloc(r->arena, len / 4 * 3 + 1);
	out->len = 0;
	unsigned bits = 0;
	for (size_t i = 0; i < len - pad; i++) {
		int digit = base64_digit(text[i]);
		if (digit < 0)
			return wrong(r, "not base64");
		bits = bits << 6 | (unsigned)digit;
		if (i % 4 == 1)
			out->data[out->len++] = (uint8_t)(bits >> 4);
		else if (i % 4 == 2)
			out->data[out->len++] = (uint8_t)(bits >> 2);
		else if (i % 4 == 3)
			out->data[out->len++] = (uint8_t)bits;
	}
	return true;
}

static bool read_number(struct reader *r, const json_t *j, json_int_t min, json_int_t max, json_int_t *out)
{
	if (!json_is_integer(j))
		return wrong(r, "must be a whole number");
	*out = json_integer_value(j);
	return (*out >= min && *out <= max) || wrong(r, "this number is out of range");
}

static bool read_enum(struct reader *r, const json_t *j, const ProtobufCEnumDescriptor *type, int *out)
{
	const ProtobufCEnumValue *v = json_is_string(j) ? protobuf_c_enum_descriptor_get_value_by_name(type, json_string_value(j)) : NULL;
	if (!v)
		return wrong(r, arena_printf(r->arena, "must be the name of a value of %s", type->short_name));
	*out = v->value;
	return true;
}

static bool read_text(struct reader *r, const json_t *j, char **out)
{
	if (!json_is_string(j))
		return wrong(r, "must be a string");
	if (!text_valid(json_string_value(j), json_string_length(j)))
		return wrong(r, "has characters that text may not have");
	*out = arena_strndup(r->arena, json_string_value(j), json_string_length(j));
	return true;
}

static bool read_message(struct reader *, const ProtobufCMessageDescriptor *, json_t *, ProtobufCMessage **);

static bool read_value(struct reader *r, const ProtobufCFieldDescriptor *f, json_t *j, unsigned char *at)
{
	json_int_t n = 0;
	bool ok;
	if (++r->values > VALUES_MAX)
		return wrong(r, "too many values");
	switch (f->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		ok = read_number(r, j, INT32_MIN, INT32_MAX, &n);
		*(int32_t *)(void *)at = (int32_t)n;
		return ok;
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		ok = read_number(r, j, 0, UINT32_MAX, &n);
		*(uint32_t *)(void *)at = (uint32_t)n;
		return ok;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		ok = read_number(r, j, -EXACT_MAX, EXACT_MAX, &n);
		*(int64_t *)(void *)at = n;
		return ok;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		ok = read_number(r, j, 0, EXACT_MAX, &n);
		*(uint64_t *)(void *)at = (uint64_t)n;
		return ok;
	case PROTOBUF_C_TYPE_BOOL:
		*(protobuf_c_boolean *)(void *)at = json_is_true(j);
		return json_is_boolean(j) || wrong(r, "must be true or false");
	case PROTOBUF_C_TYPE_ENUM:
		return read_enum(r, j, f->descriptor, (int *)(void *)at);
	case PROTOBUF_C_TYPE_STRING:
		return read_text(r, j, (char **)(void *)at);
	case PROTOBUF_C_TYPE_BYTES:
		if (!json_is_string(j))
			return wrong(r, "must be base64");
		return read_base64(r, json_string_value(j), (ProtobufCBinaryData *)(void *)at);
	case PROTOBUF_C_TYPE_MESSAGE:
		return read_message(r, f->descriptor, j, (ProtobufCMessage **)(void *)at);
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
		break;
	}
	return wrong(r, "cannot be given here");
}

static bool read_list(struct reader *r, const ProtobufCFieldDescriptor *f, json_t *j, unsigned char *base)
{
	if (!json_is_array(j))
		return wrong(r, "must be a list");
	size_t n = json_array_size(j), size = reflect_size(f->type);
	if (n > VALUES_MAX)
		return wrong(r, "too many values");
	unsigned char *values = n ? arena_alloc(r->arena, n * size) : NULL;
	for (size_t i = 0; i < n; i++) {
		size_t back = step(r, NULL, (long)i);
		if (!read_value(r, f, json_array_get(j, i), values + i * size))
			return false;
		step_back(r, back);
	}
	*(unsigned char **)(void *)(base + f->offset) = values;
	*(size_t *)(void *)(base + f->quantifier_offset) = n;
	return true;
}

static bool read_field(struct reader *r, const ProtobufCFieldDescriptor *f, json_t *j, unsigned char *base)
{
	if (f->label == PROTOBUF_C_LABEL_REPEATED)
		return read_list(r, f, j, base);
	if (f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
		uint32_t *chosen = (uint32_t *)(void *)(base + f->quantifier_offset);
		if (*chosen)
			return wrong(r, "only one of its kind may be set");
		*chosen = f->id;
	}
	return read_value(r, f, j, base + f->offset);
}

static bool read_message(struct reader *r, const ProtobufCMessageDescriptor *type, json_t *j, ProtobufCMessage **out)
{
	const char *name;
	json_t *value;
	if (!json_is_object(j))
		return wrong(r, "must be an object");
	ProtobufCMessage *m = arena_alloc(r->arena, type->sizeof_message);
	type->message_init(m);
	json_object_foreach(j, name, value)
	{
		size_t back = step(r, name, -1);
		const ProtobufCFieldDescriptor *f = protobuf_c_message_descriptor_get_field_by_name(type, name);
		if (!f)
			return wrong(r, arena_printf(r->arena, "%s has no such field", type->short_name));
		if (!read_field(r, f, value, (unsigned char *)m))
			return false;
		step_back(r, back);
	}
	*out = m;
	return true;
}

/* ---- the text ---- */

/* Deeper than any message goes is refused before the parser follows it. */
static bool shallow(const char *text, size_t len)
{
	int depth = 0;
	bool quoted = false;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
			continue;
		}
		quoted = c == '"';
		depth += (c == '{' || c == '[') - (c == '}' || c == ']');
		if (depth > DEPTH_MAX)
			return false;
	}
	return true;
}

ProtobufCMessage *json_read(struct arena *arena, const ProtobufCMessageDescriptor *type, const char *text, size_t len, const char **why)
{
	struct reader r = {.arena = arena, .why = why};
	ProtobufCMessage *m = NULL;
	json_error_t error;
	*why = NULL;
	if (len > TEXT_MAX)
		return wrong(&r, "longer than 64 KiB"), NULL;
	if (!shallow(text, len))
		return wrong(&r, "nested too deeply"), NULL;
	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		return wrong(&r, arena_printf(arena, "no JSON: %s (character %d)", error.text, error.position)), NULL;
	bool ok = read_message(&r, type, root, &m);
	json_decref(root);
	return ok ? m : NULL;
}
