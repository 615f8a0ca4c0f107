/* The calendar half of clock.h: pure, in an object of its own, so that the pure floors link no clock (tests/check_links). */
#include "base/clock.h"

#include <string.h>

#define JAPAN_MS (9 * 3600 * 1000LL)
#define DAY_MS (24 * 3600 * 1000LL)

/* Days since 1970-01-01 of a proleptic Gregorian date, and back: H. Hinnant's algorithms, years from March. */
static int64_t days_of(int64_t y, int month, int day)
{
	y -= month <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

static void date_of(int64_t days, struct clock_date *d)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t doe = days - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	d->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	d->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	d->year = (int)(yoe + era * 400 + (d->month <= 2));
}

struct clock_date clock_japan(int64_t ms)
{
	int64_t local = ms + JAPAN_MS;
	int64_t days = local / DAY_MS - (local % DAY_MS < 0);
	int64_t seconds = (local - days * DAY_MS) / 1000;
	struct clock_date d = {
		.hour = (int)(seconds / 3600),
		.minute = (int)(seconds / 60 % 60),
		.second = (int)(seconds % 60),
		.weekday = (int)(((days + 4) % 7 + 7) % 7),
	};
	date_of(days, &d);
	return d;
}

int64_t clock_from_japan(const struct clock_date *d)
{
	int64_t seconds = days_of(d->year, d->month, d->day) * 86400 + d->hour * 3600 + d->minute * 60 + d->second;
	return seconds * 1000 - JAPAN_MS;
}

static char *put_number(char *to, int value, int digits)
{
	for (int i = digits - 1; i >= 0; i--) {
		to[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return to + digits;
}

char *clock_format(int64_t ms, bool second, char *buf)
{
	struct clock_date d = clock_japan(ms);
	if (d.year < 0 || d.year > 9999) /* beyond what four digits hold: a time no peer can mean */
		d = (struct clock_date){0};
	char *p = put_number(buf, d.year, 4);
	*p++ = '-';
	p = put_number(p, d.month, 2);
	*p++ = '-';
	p = put_number(p, d.day, 2);
	*p++ = ' ';
	p = put_number(p, d.hour, 2);
	*p++ = ':';
	p = put_number(p, d.minute, 2);
	if (second) {
		*p++ = ':';
		p = put_number(p, d.second, 2);
	}
	*p = '\0';
	return buf;
}

/* Exactly n digits into *out; advances *s. */
static bool take_number(const char **s, int n, int *out)
{
	int v = 0;
	for (int i = 0; i < n; i++) {
		char c = (*s)[i];
		if (c < '0' || c > '9')
			return false;
		v = v * 10 + (c - '0');
	}
	*s += n;
	*out = v;
	return true;
}

static bool take_char(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool take_time(const char **s, struct clock_date *d)
{
	if (!take_number(s, 2, &d->hour) || !take_char(s, ':') || !take_number(s, 2, &d->minute))
		return false;
	d->second = 0;
	if (take_char(s, ':') && !take_number(s, 2, &d->second))
		return false;
	return d->hour < 24 && d->minute < 60 && d->second < 60;
}

static bool take_date(const char **s, struct clock_date *d)
{
	return take_number(s, 4, &d->year) && take_char(s, '-') && take_number(s, 2, &d->month) && take_char(s, '-') &&
	       take_number(s, 2, &d->day);
}

int64_t clock_parse(const char *text, int64_t today)
{
	struct clock_date d = clock_japan(today);
	const char *s = text;
	if (take_time(&s, &d) && *s == '\0')
		return clock_from_japan(&d);
	s = text;
	if (!take_date(&s, &d) || !(take_char(&s, 'T') || take_char(&s, ' ')) || !take_time(&s, &d) || *s != '\0')
		return -1;
	int64_t at = clock_from_japan(&d);
	struct clock_date back = clock_japan(at); /* the 31st of February comes back as another day */
	return back.year == d.year && back.month == d.month && back.day == d.day && at >= 0 ? at : -1;
}
