/*
 * fill: what a person typed as fields, checks, calls and follow-ups, turned into the parts of a command. The server checks ids and
 * completeness; here only the form is checked.
 *
 *   kind=hardware            a value            --unknown cause=調査中    unknown, with the reason
 *   --check 警告ランプの確認   ticks a check of the value before it (or --check kind=警告ランプの確認)
 *   --call contractor --number 0749-00-1000 --answered 山田 --said 明朝来庁 [--at 09:05] [--no-answer --again 10:00]
 *   --call contractor:0749-00-1000:山田:明朝来庁          the same in one word
 *   --follow-up technical=障害監視の強化 --owner p_tanaka --due 2026-12-25
 */
#ifndef CTL_FILL_H
#define CTL_FILL_H

#include "ctl/ctl.h"
#include "renraku.pb-c.h"

struct fill {
	Renraku__Value **values;
	size_t n_values;
	Renraku__Call **calls;
	size_t n_calls;
	Renraku__FollowUpNew **follow_ups;
	size_t n_follow_ups;
};

#define FILL_VALUE_OPTIONS                                                                                                                 \
	{"unknown", "項目=理由", "FIELD=REASON", "今は分からない項目と、その理由", "a field that is not known yet, and why"},              \
	{                                                                                                                                  \
		"check", "確認事項", "TEXT", "確認した事項（直前の項目に付く。繰り返し可）",                                               \
			"a check that was done, for the value before it (repeatable)"                                                      \
	}
#define FILL_CALL_OPTIONS                                                                                                                  \
	{"call", "連絡先", "BODY", "電話した相手（連絡先:番号:応対者:内容 とまとめてもよい）",                                             \
		"whom you called (or BODY:NUMBER:ANSWERED:SAID in one)"},                                                                  \
		{"answered", "応対者", "NAME", "電話に出た人", "who answered"}, {"said", "内容", "TEXT", "話した内容", "what was said"},   \
		{"why-not", "理由", "REASON", "電話しなかった理由", "why no call was made"},                                               \
		{"no-answer", NULL, NULL, "電話に出なかった", "nobody answered"},                                                          \
	{                                                                                                                                  \
		"again", "時刻", "TIME", "次にかけ直す時刻", "when to call again"                                                          \
	}
#define FILL_FOLLOW_OPTIONS                                                                                                                \
	{"follow-up", "種別=内容", "KIND=TEXT", "今後の対策（--owner と --due を付ける）", "a follow-up, with --owner and --due"},         \
		{"owner", "職員ID", "PERSON", "担当者", "its owner"},                                                                      \
	{                                                                                                                                  \
		"due", "年-月-日", "YYYY-MM-DD", "期限", "due date"                                                                        \
	}

/* Reads options in order and arguments from `first_arg` on. False after having said what is wrong. */
bool fill_read(struct ctl *, size_t first_arg, struct fill *);
/* A number such as an incident's; 0 after having said that it is none. */
uint32_t fill_number(const struct ctl *, const char *what, const char *text);
uint64_t fill_number64(const struct ctl *, const char *what, const char *text);
/* "3" or "3/F1.2b": an incident with an item (*item NULL when there is none). False after having said what is wrong. */
bool fill_place(struct ctl *, const char *text, uint32_t *incident, const char **item);
/* A date from today on, as YYYY-MM-DD; false after having said what is wrong. */
bool fill_due(const struct ctl *, const char *text);
/* An option that must be there and not be empty; NULL after having said so. */
const char *fill_needed(const struct ctl *, const char *option, const char *why);

#endif
