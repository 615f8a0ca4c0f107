#include "plan/holidays.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

enum { ALL = 9999, SUNDAY = 0, MONDAY = 1 };

/* Article 2 with its amendments: of the years from..to, on `day`, or on the `monday`th Monday of the month. */
static const struct {
	const char *name;
	int from, to, month, day, monday;
} DAYS[] = {
	{"元日", 0, ALL, 1, 1, 0},
	{"成人の日", 0, ALL, 1, 0, 2},
	{"建国記念の日", 0, ALL, 2, 11, 0},
	{"天皇誕生日", 0, 2018, 12, 23, 0}, /* none in 2019: the reign changed on 1 May */
	{"天皇誕生日", 2020, ALL, 2, 23, 0},
	{"昭和の日", 0, ALL, 4, 29, 0},
	{"即位の日", 2019, 2019, 5, 1, 0}, /* law 99 of 2018: treated as 国民の祝日, so that the days beside it are 休日 */
	{"憲法記念日", 0, ALL, 5, 3, 0},
	{"みどりの日", 0, ALL, 5, 4, 0},
	{"こどもの日", 0, ALL, 5, 5, 0},
	{"海の日", 0, 2019, 7, 0, 3},
	{"海の日", 2020, 2020, 7, 23, 0}, /* the Olympic Games of 2020, held in 2021, moved three days in both years */
	{"海の日", 2021, 2021, 7, 22, 0},
	{"海の日", 2022, ALL, 7, 0, 3},
	{"山の日", 2016, 2019, 8, 11, 0},
	{"山の日", 2020, 2020, 8, 10, 0},
	{"山の日", 2021, 2021, 8, 8, 0},
	{"山の日", 2022, ALL, 8, 11, 0},
	{"敬老の日", 0, ALL, 9, 0, 3},
	{"体育の日", 0, 2019, 10, 0, 2},
	{"スポーツの日", 2020, 2020, 7, 24, 0},
	{"スポーツの日", 2021, 2021, 7, 23, 0},
	{"スポーツの日", 2022, ALL, 10, 0, 2},
	{"即位礼正殿の儀の行われる日", 2019, 2019, 10, 22, 0},
	{"文化の日", 0, ALL, 11, 3, 0},
	{"勤労感謝の日", 0, ALL, 11, 23, 0},
};

static struct clock_date on(int year, int month, int day)
{
	struct clock_date d = {.year = year, .month = month, .day = day, .hour = 12};

	return clock_japan(clock_from_japan(&d)); /* with its weekday; day 0 and day 32 are those beside the month */
}

/* The day of an equinox, in millionths of a day; good from 1980 to 2099. */
static int equinox(int year, int base)
{
	int years = year - 1980;

	return (base + 242194 * years) / 1000000 - years / 4;
}

static const char *national(const struct clock_date *d)
{
	for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
		if (d->year < DAYS[i].from || d->year > DAYS[i].to || d->month != DAYS[i].month)
			continue;
		if (DAYS[i].day ? d->day == DAYS[i].day : d->weekday == MONDAY && (d->day - 1) / 7 + 1 == DAYS[i].monday)
			return DAYS[i].name;
	}
	if (d->month == 3 && d->day == equinox(d->year, 20843100))
		return "春分の日";
	if (d->month == 9 && d->day == equinox(d->year, 23248800))
		return "秋分の日";
	return NULL;
}

/* Article 3 (2): where a holiday falls on a Sunday, the first day after it that is none. */
static bool substitute(struct clock_date d)
{
	for (;;) {
		d = on(d.year, d.month, d.day - 1);
		if (!national(&d))
			return false;
		if (d.weekday == SUNDAY)
			return true;
	}
}

/* Article 3 (3): a day between two holidays. */
static bool between(const struct clock_date *d)
{
	struct clock_date before = on(d->year, d->month, d->day - 1), after = on(d->year, d->month, d->day + 1);

	return national(&before) && national(&after);
}

const char *holidays_japan(int year, int month, int day)
{
	struct clock_date d = on(year, month, day);
	const char *name = national(&d);

	if (name)
		return name;
	if (substitute(d))
		return "振替休日";
	return between(&d) ? "国民の休日" : NULL;
}
