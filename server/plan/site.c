/* Looking things up in a site. */
#include "plan/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "plan/holidays.h"

void site_free(struct site *site)
{
	if (site)
		arena_free(site->arena);
}

int site_person_find(const struct site *site, const char *id)
{
	for (size_t i = 0; i < site->n_persons; i++) {
		if (!strcmp(site->persons[i].id, id))
			return (int)i;
	}
	return -1;
}

int site_terminal_find(const struct site *site, const char *id)
{
	size_t low = 0, high = site->n_terminals;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = strcmp(id, site->terminals[mid].id);

		if (!order)
			return (int)mid;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return -1;
}

const struct site_group *site_group_find(const struct site *site, const char *role)
{
	for (size_t i = 0; i < site->n_groups; i++) {
		if (!strcmp(site->groups[i].role, role))
			return &site->groups[i];
	}
	return NULL;
}

static const struct site_limit *limit_find(const struct site *site, const char *id)
{
	for (size_t i = 0; id && i < site->n_limits; i++) {
		if (!strcmp(site->limits[i].id, id))
			return &site->limits[i];
	}
	return NULL;
}

struct site_limit site_limit_of(const struct site *site, const char *id)
{
	static const struct site_limit BUILT_IN = {.id = "default", .repeat = 600000, .ack = 1800000, .done = 28800000};
	const struct site_limit *own = limit_find(site, id), *otherwise = limit_find(site, "default");

	if (own)
		return *own;
	return otherwise ? *otherwise : BUILT_IN;
}

static int compare_text(const void *key, const void *member)
{
	return strcmp(key, *(const char *const *)member);
}

static bool closed_on(const struct site_calendar *c, int month_day)
{
	for (size_t i = 0; i < c->n_closed; i++) {
		int from = c->closed[i].from, to = c->closed[i].to;
		/* A closure that ends before it begins runs over the end of the year. */
		bool in = from <= to ? month_day >= from && month_day <= to : month_day >= from || month_day <= to;

		if (in)
			return true;
	}
	return false;
}

static bool holiday_on(const struct site_calendar *c, const struct clock_date *d, const char **name)
{
	char date[48];

	*name = c->japan ? holidays_japan(d->year, d->month, d->day) : NULL;
	if (*name || !c->holidays.n)
		return *name != NULL;
	snprintf(date, sizeof date, "%04d-%02d-%02d", d->year, d->month, d->day);
	return bsearch(date, c->holidays.at, c->holidays.n, sizeof *c->holidays.at, compare_text) != NULL;
}

enum plan_hours site_hour(const struct site *site, int64_t at, const char **holiday)
{
	const struct site_calendar *c = &site->calendar;
	struct clock_date d = clock_japan(at);
	int minute = d.hour * 60 + d.minute;
	const char *name;

	if (holiday)
		*holiday = NULL;
	if (closed_on(c, d.month * 100 + d.day))
		return HOURS_CLOSURE;
	if (holiday_on(c, &d, &name)) {
		if (holiday)
			*holiday = name;
		return HOURS_HOLIDAY;
	}
	if (!(c->days & 1U << d.weekday))
		return HOURS_WEEKEND;
	return minute < c->open_minute || minute >= c->close_minute ? HOURS_NIGHT : HOURS_BUSINESS;
}

bool site_business_hours(const struct site *site, int64_t at)
{
	return site_hour(site, at, NULL) == HOURS_BUSINESS;
}

/* At some time of that day the office is open: holidays and closures are whole days. */
static bool business_day(const struct site *site, struct clock_date day)
{
	day.hour = site->calendar.open_minute / 60;
	day.minute = site->calendar.open_minute % 60;
	day.second = 0;
	return site_business_hours(site, clock_from_japan(&day));
}

int64_t site_connection_test_at(const struct site *site, int64_t at)
{
	const struct site_connection_test *t = &site->connection_test;
	struct clock_date day = clock_japan(at);

	if (!t->daily || (!t->every_day && !business_day(site, day)))
		return -1;
	day.hour = t->minute / 60;
	day.minute = t->minute % 60;
	day.second = 0;
	return clock_from_japan(&day);
}
