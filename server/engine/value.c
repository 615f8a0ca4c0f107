#include "engine/value.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text_fold.h"
#include "plan/tel.h"

enum { LONGEST = 200, HEX = 64 };

/* ---- time ---- */

static bool number(const char **s, int *out, int most_digits)
{
	int n = 0;
	*out = 0;
	while (n < most_digits && isdigit((unsigned char)**s)) {
		*out = *out * 10 + (**s - '0');
		(*s)++;
		n++;
	}
	return n > 0 && !isdigit((unsigned char)**s);
}

static bool word(const char **s, const char *w)
{
	size_t n = strlen(w);
	if (strncmp(*s, w, n) != 0)
		return false;
	*s += n;
	return true;
}

static bool either(const char **s, const char *a, const char *b)
{
	return word(s, a) || word(s, b);
}

/* 14:30[:00], 14時30分, 14時 */
static bool clock_part(const char **s, struct clock_date *d)
{
	if (!number(s, &d->hour, 2))
		return false;
	if (word(s, "時")) {
		d->minute = 0;
		if (number(s, &d->minute, 2))
			return word(s, "分");
		return word(s, "半") ? (d->minute = 30) : true;
	}
	if (!word(s, ":") || !number(s, &d->minute, 2))
		return false;
	return !word(s, ":") || number(s, &d->second, 2);
}

/* 2026-11-23, 2026/11/23, 2026年11月23日, 11月23日, 11/23; leaves *s where it was when there is none. */
static bool date_part(const char **s, struct clock_date *d)
{
	const char *p = *s;
	int part[3], n = 0;
	do {
		if (!number(&p, &part[n], 4))
			return false;
		n++;
	} while (n < 3 && (either(&p, "-", "/") || either(&p, "年", "月")));
	word(&p, "日");
	if (n < 2)
		return false;
	if (n == 3)
		d->year = part[0];
	d->month = part[n - 2], d->day = part[n - 1];
	*s = p;
	return true;
}

static bool exists(const struct clock_date *d)
{
	struct clock_date back = clock_japan(clock_from_japan(d));
	return d->year >= 1990 && d->year <= 2199 && d->month >= 1 && d->month <= 12 && back.month == d->month && back.day == d->day &&
	       d->hour <= 23 && d->minute <= 59 && d->second <= 59;
}

/* Folded, but a blank between date and time is kept as 'T'. */
static char *narrow(struct arena *a, const char *s)
{
	struct buf b;
	char *out;
	buf_init(&b, LONGEST);
	text_fold(&b, s);
	out = b.full ? NULL : arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return out;
}

const char *value_time(struct arena *a, const char *text, int64_t day)
{
	struct clock_date d = clock_japan(day);
	const char *blank = strpbrk(text, " \t"), *wide = strstr(text, "\u3000"), *s;
	if (wide && (!blank || wide < blank))
		blank = wide;
	d.hour = d.minute = d.second = 0;
	s = blank ? narrow(a, arena_printf(a, "%.*s|%s", (int)(blank - text), text, blank)) : narrow(a, text);
	if (!s)
		return NULL;
	if (date_part(&s, &d) && !(either(&s, "t", "|") || *s))
		return NULL;
	if (!clock_part(&s, &d) || *s || !exists(&d))
		return NULL;
	return arena_printf(a, "%04d-%02d-%02dT%02d:%02d", d.year, d.month, d.day, d.hour, d.minute);
}

/* ---- number ---- */

const char *value_number(struct arena *a, const char *text)
{
	const char *s = narrow(a, text);
	char *out = s ? arena_strdup(a, s) : NULL, *to = out;
	size_t digits = 0, points = 0;
	for (; s && *s; s++) {
		if (*s == ',' && digits && isdigit((unsigned char)s[1]))
			continue;
		if ((*s == '-' || *s == '+') && to == out) {
			if (*s == '-')
				*to++ = '-';
			continue;
		}
		points += *s == '.';
		digits += isdigit((unsigned char)*s) != 0;
		if ((*s != '.' && !isdigit((unsigned char)*s)) || (*s == '.' && (points > 1 || !digits)))
			return NULL;
		*to++ = *s;
	}
	if (!digits || (to > out && to[-1] == '.'))
		return NULL;
	*to = '\0';
	return out;
}

/* ---- files ---- */

static const char *hash_end(const char *s)
{
	for (int i = 0; i < HEX; i++)
		if (!isxdigit((unsigned char)s[i]))
			return NULL;
	return s + HEX;
}

const char *value_files(struct arena *a, const char *text)
{
	static const char MARK[] = " sha256:";
	const char *s = text;
	(void)a;
	for (;;) {
		s += strspn(s, "; \n\t");
		const char *mark = strstr(s, MARK), *end = mark && mark > s ? hash_end(mark + sizeof MARK - 1) : NULL;
		if (!end)
			return NULL;
		end += strspn(end, " \n\t");
		if (!*end)
			return text;
		if (*end != ';' && end[-1] != '\n')
			return NULL;
		s = end;
	}
}

/* ---- telephone ---- */

const char *value_tel(struct arena *a, const char *text)
{
	const char *folded;
	if (tel_plausible(text))
		return text;
	folded = narrow(a, text);
	return folded && tel_plausible(folded) ? folded : NULL;
}
