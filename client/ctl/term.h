/*
 * term: from when to when, as people type it.
 */
#ifndef CTL_TERM_H
#define CTL_TERM_H

#include "ctl/ctl.h"

#define TERM_OPTIONS                                                                                                                       \
	{"from", "日時", "TIME", "いつから（09:05、2026-11-25、2026-11-25T09:05。既定は今）",                                              \
		"from when: 09:05, 2026-11-25 or 2026-11-25T09:05 (default now)"},                                                         \
	{                                                                                                                                  \
		"until", "日時", "TIME", "いつまで（17:00 なら次の 17 時まで、日付だけならその日の終わりまで）",                           \
			"until when (17:00: the next time it is that; a date alone: to the end of that day)"                               \
	}

/* 0 where the option was not given. False after having said what is wrong. */
bool term_read(const struct ctl *, uint64_t *since, uint64_t *until);
/* The first such hour after the term has begun and after now: what is said of an end is to come. */
int64_t term_hour(int64_t hour, int64_t since, int64_t now);
/* How the term was understood, after it was recorded. */
void term_say(struct ctl *, const char *ja, const char *en, uint64_t since, uint64_t until);

#endif
