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
		"until", "日時", "TIME", "いつまで（日付だけならその日の終わりまで）", "until when (a date alone: to the end of that day)" \
	}

/* 0 where the option was not given. False after having said what is wrong. */
bool term_read(const struct ctl *, uint64_t *since, uint64_t *until);

#endif
