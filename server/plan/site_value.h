/*
 * site_value: values that only a site has: dates, durations, the calendar.
 */
#ifndef PLAN_SITE_VALUE_H
#define PLAN_SITE_VALUE_H

#include "plan/read.h"
#include "plan/site.h"

/* YYYY-MM-DD as written; NULL when not there or refused. */
const char *site_value_date(const struct reader *, const struct node *);
/* Milliseconds: a number of minutes, or with a unit 30s, 5m, 2h, 1d. 0 when not there or refused. */
int64_t site_value_duration(const struct reader *, const struct node *);
/* Fills in the usual office hours where nothing is said. */
void site_value_calendar(const struct reader *, const struct node *, struct site_calendar *);

/* Answers are awaited for ten minutes where nothing is said, and nothing is tested by itself. */
void site_value_connection_test(const struct reader *, const struct node *, struct site_connection_test *);

#endif
