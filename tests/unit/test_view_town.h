/*
 * A small town for the tests of views: its plan, its site, and commands upon the real engine; and looking at a view as a client would.
 * Every function fails the test when something goes wrong.
 */
#ifndef TESTS_UNIT_TEST_VIEW_TOWN_H
#define TESTS_UNIT_TEST_VIEW_TOWN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/view.h"

/* Monday 2026-11-23 10:00 in Japan: a holiday by law, but this town lists none. */
#define START INT64_C(1795395600000)

extern const char town_plan[];

struct town {
	struct engine *engine;
	struct changes changes;
	int64_t now;
	unsigned commands;
};

struct seen {
	struct view_rows rows;
	Renraku__Row **at;
	size_t n;
	bool allowed;
};

#define INBOX RENRAKU__VIEW__VIEW_INBOX
#define BOARD RENRAKU__VIEW__VIEW_BOARD
#define INCIDENT RENRAKU__VIEW__VIEW_INCIDENT
#define CONTACTS RENRAKU__VIEW__VIEW_CONTACTS

struct verdict town_act(struct town *t, struct command c);
void town_done(struct verdict v);
void town_load(struct town *t, enum command_type type, const char *text);
void town_presence(struct town *t, const char *who, bool present);
void town_init(struct town *t, size_t terminals);
void town_free(struct town *t);
uint32_t town_alarm_fault(struct town *t, bool drill);
void town_enter(struct town *t, const char *person, uint32_t incident, const char *item, const struct record_value *values, size_t n);
void town_look(struct town *t, Renraku__View view, uint32_t incident, const char *terminal, const char *person, struct seen *s);
void town_unlook(struct seen *s);
Renraku__Row *town_row(struct seen *s, const char *key);
Renraku__Row *town_nth(struct seen *s, Renraku__Row__BodyCase kind, size_t n);
size_t town_count(struct seen *s, Renraku__Row__BodyCase kind);
const struct notice *town_notice_to(struct town *t, uint32_t incident, const char *item, const char *person, enum notice_kind kind);
void town_acknowledge(struct town *t, const char *person, const struct notice *n, const char *answer);

#endif
