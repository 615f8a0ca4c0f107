#include "base/text_fold.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* U+FF61..U+FF9D; the two marks after them are joined where there is a letter that takes them, else kept apart. */
static const uint16_t KATAKANA[] = {0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30E3, 0x30E5,
	0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9,
	0x30BB, 0x30BD, 0x30BF, 0x30C1, 0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5, 0x30D8,
	0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4, 0x30E6, 0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3};
enum { NAME_MAX_BYTES = 4096, LONG_VOWEL = 0x30FC, FIRST_KANA = 0xFF61, LAST_KANA = 0xFF9D, VOICED = 0xFF9E, HALF_VOICED = 0xFF9F };

/* The character at *s; a byte that is no UTF-8 stands for itself. */
static uint32_t next(const char **s)
{
	const unsigned char *p = (const unsigned char *)*s;
	size_t more = p[0] >= 0xF0 ? 3 : p[0] >= 0xE0 ? 2 : p[0] >= 0xC0 ? 1 : 0;
	uint32_t c = more == 3 ? p[0] & 0x07U : more == 2 ? p[0] & 0x0FU : more == 1 ? p[0] & 0x1FU : p[0];

	for (size_t i = 1; i <= more; i++) {
		if ((p[i] & 0xC0) != 0x80) {
			(*s)++;
			return p[0];
		}
		c = c << 6 | (p[i] & 0x3FU);
	}
	*s += more + 1;
	return c;
}

static void put(struct buf *b, uint32_t c)
{
	char out[4];
	size_t n = 0;

	if (c < 0x80) {
		out[n++] = (char)c;
	} else if (c < 0x800) {
		out[n++] = (char)(0xC0 | c >> 6);
	} else if (c < 0x10000) {
		out[n++] = (char)(0xE0 | c >> 12);
		out[n++] = (char)(0x80 | (c >> 6 & 0x3F));
	} else {
		out[n++] = (char)(0xF0 | c >> 18);
		out[n++] = (char)(0x80 | (c >> 12 & 0x3F));
		out[n++] = (char)(0x80 | (c >> 6 & 0x3F));
	}
	if (c >= 0x80)
		out[n++] = (char)(0x80 | (c & 0x3F));
	buf_append(b, out, n);
}

/* カ + ﾞ is ガ, ハ + ﾟ is パ, ウ + ﾞ is ヴ; 0 where the letter takes no such mark. */
static uint32_t joined(uint32_t kana, uint32_t mark)
{
	bool ha = kana >= 0x30CF && kana <= 0x30DB && (kana - 0x30CF) % 3 == 0;
	bool ka_to_chi = kana >= 0x30AB && kana <= 0x30C1 && (kana - 0x30AB) % 2 == 0;
	bool tsu_to_to = kana >= 0x30C4 && kana <= 0x30C8 && (kana - 0x30C4) % 2 == 0;

	if (mark == HALF_VOICED)
		return ha ? kana + 2 : 0;
	if (kana == 0x30A6)
		return 0x30F4;
	return ha || ka_to_chi || tsu_to_to ? kana + 1 : 0;
}

static bool space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == 0x3000 || c == 0xA0;
}

static bool dash(uint32_t c)
{
	return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE63;
}

void text_fold(struct buf *b, const char *s)
{
	uint32_t before = 0;

	while (*s) {
		uint32_t c = next(&s);

		if (space(c))
			continue;
		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0;
		else if (dash(c))
			c = '-';
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (c >= FIRST_KANA && c <= LAST_KANA) {
			const char *after = s;
			uint32_t mark = *s ? next(&after) : 0, whole;

			c = KATAKANA[c - FIRST_KANA];
			whole = mark == VOICED || mark == HALF_VOICED ? joined(c, mark) : 0;
			if (whole) {
				c = whole;
				s = after;
			}
		}
		if (c == LONG_VOWEL && before < 0x80) /* Jーlis: what the key gives while an input method is on */
			c = '-';
		put(b, c);
		before = c;
	}
}

bool text_fold_same(const char *a, const char *b)
{
	if (!strcmp(a, b))
		return true;
	struct buf x = {0}, y = {0};
	buf_init(&x, NAME_MAX_BYTES);
	buf_init(&y, NAME_MAX_BYTES);
	text_fold(&x, a);
	text_fold(&y, b);
	bool same = !x.full && !y.full && !strcmp(buf_str(&x), buf_str(&y));
	buf_free(&x);
	buf_free(&y);
	return same;
}
