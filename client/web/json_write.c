#include <openssl/evp.h>
#include <string.h>

#include "web/json.h"
#include "wire/codec.h"

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
	enum { PART = 768 };
	unsigned char part[PART / 3 * 4 + 1];
	buf_puts(out, "\"");
	for (size_t i = 0; i < b->len; i += PART) {
		size_t left = b->len - i;
		int n = EVP_EncodeBlock(part, b->data + i, left < PART ? (int)left : PART);
		buf_append(out, part, (size_t)n);
	}
	buf_puts(out, "\"");
}

void json_write(struct buf *out, const ProtobufCMessage *m)
{
	static const struct codec_json_leaves leaves = {json_quote, write_base64};
	codec_json_with(out, m, &leaves);
}
