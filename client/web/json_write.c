#include <inttypes.h>
#include <string.h>

#include "web/json.h"
#include "wire/reflect.h"

/* ---- strings ---- */

/* Bytes of the UTF-8 sequence that begins at p (its end is a NUL at the latest); 0: it is none. */
static size_t sequence(const unsigned char *p)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xC2 && p[0] < 0xE0 ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : p[0] >= 0xF0 && p[0] < 0xF5 ? 4 : 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	if (p[0] == 0xE0 && p[1] < 0xA0)
		return 0;
	if (p[0] == 0xED && p[1] > 0x9F) /* surrogates */
		return 0;
	if ((p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
		return 0;
	return n;
}

static bool line_separator(const unsigned char *p)
{
	return p[0] == 0xE2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9);
}

static void escaped(struct buf *out, unsigned char c)
{
	switch (c) {
	case '"':
		buf_puts(out, "\\\"");
		break;
	case '\\':
		buf_puts(out, "\\\\");
		break;
	case '\n':
		buf_puts(out, "\\n");
		break;
	case '\t':
		buf_puts(out, "\\t");
		break;
	default:
		buf_printf(out, "\\u%04x", c);
		break;
	}
}

void json_quote(struct buf *out, const char *text)
{
	const unsigned char *p = (const unsigned char *)text, *plain = p;
	buf_puts(out, "\"");
	while (*p) {
		size_t n = sequence(p);
		bool separator = n == 3 && line_separator(p);
		if (n > 1 && !separator) {
			p += n;
			continue;
		}
		if (n == 1 && *p >= 0x20 && *p != '"' && *p != '\\' && *p != '<' && *p != 0x7F) {
			p++;
			continue;
		}
		buf_append(out, plain, (size_t)(p - plain));
		if (n == 0)
			buf_puts(out, "\\ufffd");
		else if (separator)
			buf_puts(out, p[2] == 0xA8 ? "\\u2028" : "\\u2029");
		else
			escaped(out, *p);
		p += n ? n : 1;
		plain = p;
	}
	buf_append(out, plain, (size_t)(p - plain));
	buf_puts(out, "\"");
}

static void write_base64(struct buf *out, const ProtobufCBinaryData *b)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char part[4 * 256];
	size_t n = 0;
	buf_puts(out, "\"");
	for (size_t i = 0; i < b->len; i += 3) {
		unsigned left = b->len - i > 2 ? 3 : (unsigned)(b->len - i);
		unsigned bits =
			(unsigned)b->data[i] << 16 | (left > 1 ? (unsigned)b->data[i + 1] << 8 : 0) | (left > 2 ? b->data[i + 2] : 0);
		part[n++] = digits[bits >> 18];
		part[n++] = digits[bits >> 12 & 63];
		part[n++] = left > 1 ? digits[bits >> 6 & 63] : '=';
		part[n++] = left > 2 ? digits[bits & 63] : '=';
		if (n == sizeof part) {
			buf_append(out, part, n);
			n = 0;
		}
	}
	buf_append(out, part, n);
	buf_puts(out, "\"");
}

/* ---- messages ---- */

static void write_enum(struct buf *out, const ProtobufCEnumDescriptor *type, int value)
{
	const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(type, value);
	if (v)
		json_quote(out, v->name);
	else
		buf_printf(out, "%d", value); /* of a newer server */
}

static void write_value(struct buf *out, const ProtobufCFieldDescriptor *f, const unsigned char *at)
{
	switch (f->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		buf_printf(out, "%" PRId32, REFLECT_VALUE(int32_t, at));
		break;
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		buf_printf(out, "%" PRIu32, REFLECT_VALUE(uint32_t, at));
		break;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		buf_printf(out, "%" PRId64, REFLECT_VALUE(int64_t, at));
		break;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		buf_printf(out, "%" PRIu64, REFLECT_VALUE(uint64_t, at));
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
		write_enum(out, f->descriptor, REFLECT_VALUE(int, at));
		break;
	case PROTOBUF_C_TYPE_STRING:
		json_quote(out, REFLECT_VALUE(char *, at) ? REFLECT_VALUE(char *, at) : "");
		break;
	case PROTOBUF_C_TYPE_BYTES:
		write_base64(out, &REFLECT_VALUE(ProtobufCBinaryData, at));
		break;
	case PROTOBUF_C_TYPE_MESSAGE:
		json_write(out, REFLECT_VALUE(ProtobufCMessage *, at));
		break;
	}
}

static void write_field(struct buf *out, const struct reflect_field *s)
{
	buf_printf(out, "\"%s\":", s->field->name);
	if (s->repeated)
		buf_puts(out, "[");
	for (size_t k = 0; k < s->count; k++) {
		if (k)
			buf_puts(out, ",");
		write_value(out, s->field, s->values + k * reflect_size(s->field->type));
	}
	if (s->repeated)
		buf_puts(out, "]");
}

void json_write(struct buf *out, const ProtobufCMessage *m)
{
	bool any = false;
	buf_puts(out, "{");
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		struct reflect_field s = reflect_look(m, &m->descriptor->fields[i]);
		if (!s.count)
			continue;
		if (any)
			buf_puts(out, ",");
		any = true;
		write_field(out, &s);
	}
	buf_puts(out, "}");
}
