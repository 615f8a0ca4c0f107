#include "base/text.h"

#include <assert.h>
#include <string.h>

#include "base/text_ranges.h"

#define BAD 0xFFFFFFFFu
#define ELLIPSIS "\xE2\x80\xA6"
#define REPLACEMENT "\xEF\xBF\xBD"

/* Decodes one character of at most len bytes (len > 0). An invalid byte gives BAD and a length of 1; overlong forms,
   surrogates and what lies beyond U+10FFFF are invalid. */
static size_t decode(const char *s, size_t len, uint32_t *cp)
{
	const unsigned char *p = (const unsigned char *)s;
	*cp = BAD;
	if (p[0] < 0x80) {
		*cp = p[0];
		return 1;
	}
	size_t n = p[0] >= 0xF0 && p[0] < 0xF5 ? 4 : p[0] >= 0xE0 && p[0] < 0xF0 ? 3 : p[0] >= 0xC2 && p[0] < 0xE0 ? 2 : 0;
	if (n == 0 || n > len)
		return 1;
	uint32_t v = p[0] & (0xFFu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 1;
		v = v << 6 | (p[i] & 0x3Fu);
	}
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	if (v < least[n] || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
		return 1;
	*cp = v;
	return n;
}

static bool is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F);
}

static bool is_bidi(uint32_t cp)
{
	return cp == 0x061C || cp == 0x200E || cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069);
}

static bool is_space(uint32_t cp)
{
	return cp == '\n' || cp == '\t' || cp == '\r' || cp == 0x2028 || cp == 0x2029;
}

bool text_valid(const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		i += decode(s + i, len - i, &cp);
		if (cp == BAD || (is_control(cp) && cp != '\n' && cp != '\t'))
			return false;
	}
	return true;
}

bool text_id(const char *s, size_t max)
{
	size_t n = 0;
	for (; s[n]; n++) {
		char c = s[n];
		bool good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
			    c == ':' || c == '-';
		if (!good || n == max)
			return false;
	}
	return n > 0;
}

static bool in_ranges(uint32_t cp, const struct range *r, size_t n)
{
	while (n) {
		size_t half = n / 2;
		if (cp < r[half].first)
			n = half;
		else if (cp > r[half].last) {
			r += half + 1;
			n -= half + 1;
		} else
			return true;
	}
	return false;
}

/* Columns of one character as text_safe shows it. */
static int columns_of(uint32_t cp)
{
	if (cp < 0x80 || is_control(cp) || cp == BAD)
		return 1;
	if (is_space(cp))
		return 1;
	if (in_ranges(cp, ranges_zero, sizeof ranges_zero / sizeof *ranges_zero))
		return 0;
	return in_ranges(cp, ranges_wide, sizeof ranges_wide / sizeof *ranges_wide) ? 2 : 1;
}

int text_width(const char *s)
{
	size_t len = strlen(s);
	int width = 0;
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		i += decode(s + i, len - i, &cp);
		width += columns_of(cp);
	}
	return width;
}

static void put_safe(struct buf *out, uint32_t cp, const char *s, size_t n)
{
	if (is_bidi(cp))
		return;
	if (is_space(cp))
		buf_append(out, " ", 1);
	else if (cp == BAD || is_control(cp))
		buf_append(out, "?", 1);
	else
		buf_append(out, s, n);
}

void text_safe(struct buf *out, const char *s)
{
	size_t len = strlen(s);
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t n = decode(s + i, len - i, &cp);
		put_safe(out, cp, s + i, n);
		i += n;
	}
}

void text_pad(struct buf *out, const char *s, int columns)
{
	bool cut = text_width(s) > columns;
	int room = cut ? columns - 1 : columns; /* the ellipsis takes one column */
	int used = 0;
	size_t len = strlen(s);
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t n = decode(s + i, len - i, &cp);
		if (used + columns_of(cp) > room)
			break;
		put_safe(out, cp, s + i, n);
		used += columns_of(cp);
		i += n;
	}
	if (cut && columns > 0) {
		buf_puts(out, ELLIPSIS);
		used++;
	}
	for (; used < columns; used++)
		buf_append(out, " ", 1);
}

static void put_json(struct buf *out, uint32_t cp, const char *s, size_t n)
{
	if (cp == BAD)
		buf_puts(out, REPLACEMENT);
	else if (cp == '"' || cp == '\\')
		buf_printf(out, "\\%c", (char)cp);
	else if (cp == '\n')
		buf_puts(out, "\\n");
	else if (cp == '\t')
		buf_puts(out, "\\t");
	else if (is_control(cp) || is_bidi(cp) || cp == 0x2028 || cp == 0x2029)
		buf_printf(out, "\\u%04x", cp);
	else
		buf_append(out, s, n);
}

void text_json(struct buf *out, const char *s)
{
	size_t len = strlen(s);
	buf_append(out, "\"", 1);
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t n = decode(s + i, len - i, &cp);
		put_json(out, cp, s + i, n);
		i += n;
	}
	buf_append(out, "\"", 1);
}

char *text_hex(const uint8_t *p, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = '\0';
	return out;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool text_unhex(const char *s, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int high = nibble(s[2 * i]);
		int low = high < 0 ? -1 : nibble(s[2 * i + 1]);
		if (low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return s[2 * n] == '\0';
}
