#include "plan/site_value.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { ALL_WEEKDAYS = 0x3E, MAX_CLOSED = 16 };

static int days_in(int year, int month)
{
	static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : DAYS[month - 1];
}

/* Does s look like pattern, where 9 stands for a digit? */
static bool like(const char *s, const char *pattern)
{
	for (; *pattern; s++, pattern++) {
		if (*pattern == '9' ? !isdigit((unsigned char)*s) : *s != *pattern)
			return false;
	}
	return !*s;
}

const char *site_value_date(const struct reader *r, const struct node *n)
{
	int year, month, day;

	if (!n)
		return NULL;
	if (n->type != NODE_SCALAR || !like(n->text, "9999-99-99") || sscanf(n->text, "%4d-%2d-%2d", &year, &month, &day) != 3 ||
		month < 1 || month > 12 || day < 1 || day > days_in(year, month)) {
		READ_FAULT(r, n->pos, "'%s' is no date. Write YYYY-MM-DD, e.g. 2026-04-01.",
			"「%s」は日付ではありません。2026-04-01 の形で書いてください。", n->type == NODE_SCALAR ? n->text : "[ ] { }");
		return NULL;
	}
	return n->text;
}

int64_t site_value_duration(const struct reader *r, const struct node *n)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} UNITS[] = {{"", 60000}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
	size_t digits;

	if (!n)
		return 0;
	digits = strspn(n->text, "0123456789");
	for (size_t i = 0; i < COUNT(UNITS) && digits > 0 && digits <= 6; i++) {
		if (!strcmp(n->text + digits, UNITS[i].unit)) {
			int64_t ms = strtoll(n->text, NULL, 10) * UNITS[i].ms;

			if (ms > 0 && ms <= 366 * INT64_C(86400000))
				return ms;
		}
	}
	READ_FAULT(r, n->pos, "'%s' is no duration. Write minutes (5) or a unit: 30s, 5m, 2h, 1d; more than nothing, a year at most.",
		"「%s」は時間として読めません。分（5）か単位付き（30s、5m、2h、1d）で、0より長く1年以内で書いてください。", n->text);
	return 0;
}

/* ---- calendar ---- */

enum { CAL_BUSINESS, CAL_DAYS, CAL_CLOSED, CAL_HOLIDAYS };
static const struct key CALENDAR[] = {
	{"business", KEY_TEXT, false}, {"days", KEY_TEXTS, false}, {"closed", KEY_TEXTS, false}, {"holidays", KEY_ANY, false}};
static const char *const DAYS[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

static void business_hours(const struct reader *r, const struct node *n, struct site_calendar *c)
{
	int h1, m1, h2, m2;

	if (!n)
		return;
	if (!like(n->text, "99:99-99:99") || sscanf(n->text, "%2d:%2d-%2d:%2d", &h1, &m1, &h2, &m2) != 4 || h1 > 23 || m1 > 59 || h2 > 24 ||
		m2 > 59 || h2 * 60 + m2 > 24 * 60 || h1 * 60 + m1 >= h2 * 60 + m2) {
		READ_FAULT(r, n->pos, "'%s' are no business hours. Write HH:MM-HH:MM, the first before the second, e.g. 08:30-17:15.",
			"「%s」は執務時間として読めません。08:30-17:15 の形で、開始を先に書いてください。", n->text);
		return;
	}
	c->open_minute = h1 * 60 + m1;
	c->close_minute = h2 * 60 + m2;
}

static void business_days(const struct reader *r, const struct node *list, struct site_calendar *c)
{
	if (!list)
		return;
	c->days = 0;
	for (const struct node *m = list->first; m; m = m->next) {
		struct node named = *m;
		int day;

		named.key = list->key;
		day = read_word(r, &named, DAYS, COUNT(DAYS));
		if (day >= 0)
			c->days |= 1U << day;
	}
}

static void closures(const struct reader *r, const struct node *list, struct site_calendar *c)
{
	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		int m1, d1, m2, d2;
		bool range = like(m->text, "99-99..99-99");

		if ((!range && !like(m->text, "99-99")) ||
			sscanf(m->text, range ? "%2d-%2d..%2d-%2d" : "%2d-%2d", &m1, &d1, &m2, &d2) < 2 || m1 < 1 || m1 > 12 || d1 < 1 ||
			d1 > days_in(2000, m1) || (range && (m2 < 1 || m2 > 12 || d2 < 1 || d2 > days_in(2000, m2)))) {
			READ_FAULT(r, m->pos, "'%s' is no closure. Write MM-DD or MM-DD..MM-DD, e.g. 12-29..01-03.",
				"「%s」は閉庁日として読めません。12-29..01-03 か 08-15 の形で書いてください。", m->text);
			continue;
		}
		if (c->n_closed == MAX_CLOSED) {
			READ_FAULT(r, m->pos, "More than %d closures.", "閉庁日が%d個を超えています。", MAX_CLOSED);
			return;
		}
		c->closed[c->n_closed].from = m1 * 100 + d1;
		c->closed[c->n_closed++].to = range ? m2 * 100 + d2 : m1 * 100 + d1;
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_japan(const struct node *n)
{
	return n->type == NODE_SCALAR && !strcmp(n->text, "japan");
}

/* `japan`, or dates, among which `japan` may stand. */
static void holidays(const struct reader *r, const struct node *n, struct site_calendar *c)
{
	bool list = n && n->type == NODE_SEQ;

	c->holidays = read_strings_new(r, list ? n->n : 0);
	c->japan = n && is_japan(n);
	if (n && !list && !c->japan)
		READ_FAULT(r, n->pos, "'holidays' must be japan, or a list of dates in which japan may stand: [japan, 2026-08-14].",
			"「holidays」は japan か、日付の並び（japan も書ける）でなければなりません。例 [japan, 2026-08-14]");
	for (const struct node *m = list ? n->first : NULL; m; m = m->next) {
		const char *date = is_japan(m) ? NULL : site_value_date(r, m);

		c->japan = c->japan || is_japan(m);
		if (date)
			c->holidays.at[c->holidays.n++] = date;
	}
	qsort(c->holidays.at, c->holidays.n, sizeof *c->holidays.at, by_text);
}

void site_value_calendar(const struct reader *r, const struct node *n, struct site_calendar *c)
{
	const struct node *k[COUNT(CALENDAR)] = {NULL};

	*c = (struct site_calendar){.open_minute = 8 * 60 + 30, .close_minute = 17 * 60 + 15, .days = ALL_WEEKDAYS};
	if (n)
		read_map(r, n, (struct noun){"calendar", "開庁日"}, CALENDAR, COUNT(CALENDAR), k);
	business_hours(r, k[CAL_BUSINESS], c);
	business_days(r, k[CAL_DAYS], c);
	closures(r, k[CAL_CLOSED], c);
	holidays(r, k[CAL_HOLIDAYS], c);
}

/* ---- connection test ---- */

enum { TES_AT, TES_DAYS, TES_ANSWER };
static const struct key TEST[] = {{"at", KEY_TEXT, false}, {"days", KEY_TEXT, false}, {"answer", KEY_TEXT, false}};
static const char *const TEST_DAYS[] = {"business", "every"};

void site_value_connection_test(const struct reader *r, const struct node *n, struct site_connection_test *t)
{
	const struct node *k[COUNT(TEST)] = {NULL};
	int hour, minute;

	*t = (struct site_connection_test){.answer = 10 * INT64_C(60000)};
	if (n)
		read_map(r, n, (struct noun){"'connection_test'", "connection_test"}, TEST, COUNT(TEST), k);
	if (k[TES_DAYS])
		t->every_day = read_word(r, k[TES_DAYS], TEST_DAYS, COUNT(TEST_DAYS)) == 1;
	if (k[TES_ANSWER])
		t->answer = site_value_duration(r, k[TES_ANSWER]);
	if (t->answer > INT64_C(86400000))
		READ_FAULT(r, k[TES_ANSWER]->pos, "A connection test waits a day at most. Write e.g. 10m.",
			"接続テストの返事を待つ時間は1日以内です。10m のように書いてください。");
	if (!k[TES_AT])
		return;
	if (!like(k[TES_AT]->text, "99:99") || sscanf(k[TES_AT]->text, "%2d:%2d", &hour, &minute) != 2 || hour > 23 || minute > 59) {
		READ_FAULT(r, k[TES_AT]->pos, "'%s' is no time of day. Write HH:MM in quotes, e.g. \"08:45\".",
			"「%s」は時刻として読めません。\"08:45\" のように書いてください。", k[TES_AT]->text);
		return;
	}
	t->daily = true;
	t->minute = hour * 60 + minute;
}
