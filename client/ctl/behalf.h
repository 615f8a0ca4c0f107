/*
 * behalf: `--for PERSON --by telephone --number N --at HH:MM`: what somebody else said by telephone, in person or on paper
 * (invariant 3).
 */
#ifndef CTL_BEHALF_H
#define CTL_BEHALF_H

#include "ctl/ctl.h"
#include "renraku.pb-c.h"

/* The options, to be put into a command's table. */
#define BEHALF_OPTIONS                                                                                                                     \
	{"for", "職員ID", "PERSON", "本人に代わって入力する（電話などで聞いた場合）", "enter what this person said (by telephone …)"},     \
		{"by", "telephone|in-person|paper", "telephone|in-person|paper", "どうやって聞いたか（既定は telephone 電話）",            \
			"how it was said (default telephone)"},                                                                            \
		{"number", "番号", "NUMBER", "かけた電話番号", "the number that was called"},                                              \
	{                                                                                                                                  \
		"at", "時刻", "TIME", "聞いた時刻 09:05 または 2026-11-23T09:05（既定は今）",                                              \
			"when it was said: 09:05 or 2026-11-23T09:05 (default now)"                                                        \
	}

/* Reads them from ctl->line; *out stays NULL when --for was not given. False after having said what is wrong. */
bool behalf_read(struct ctl *, Renraku__Behalf **out);
/*
 * The `--number` or `--at` that belongs to --for or --by: the last that is not a --call's. NULL without --for and --by: there it is a
 * field of the form, should the form have one of that name.
 */
const struct opt_given *behalf_own(const struct opt_line *, const char *name);
/* A time typed by a person, as ms since 1970; 0 after having said what is wrong. */
uint64_t behalf_time(const struct ctl *, const char *option, const char *text);

#endif
