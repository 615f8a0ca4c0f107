#include "ctl/behalf.h"

#include <string.h>

#include "base/clock.h"
#include "ctl/out.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define CLOCKS_DIFFER_MS 300000

static const struct {
	const char *word;
	Renraku__Channel channel;
} channels[] = {
	{"telephone", RENRAKU__CHANNEL__CHANNEL_TELEPHONE},
	{"tel", RENRAKU__CHANNEL__CHANNEL_TELEPHONE},
	{"電話", RENRAKU__CHANNEL__CHANNEL_TELEPHONE},
	{"in-person", RENRAKU__CHANNEL__CHANNEL_IN_PERSON},
	{"対面", RENRAKU__CHANNEL__CHANNEL_IN_PERSON},
	{"paper", RENRAKU__CHANNEL__CHANNEL_PAPER},
	{"書面", RENRAKU__CHANNEL__CHANNEL_PAPER},
};

uint64_t behalf_time(const struct ctl *ctl, const char *option, const char *text)
{
	int64_t now = clock_wall_ms(), at = clock_parse(text, now);

	if (at < 0) {
		out_usage(ctl,
			T("--%s「%s」は時刻として読めません。09:05 か 2026-11-23T09:05 のように書いてください。",
				"--%s '%s' is not a time. Write 09:05 or 2026-11-23T09:05."),
			option, text);
		return 0;
	}
	/* A time of day without a date: what has happened is past, what is promised is to come; a night goes over midnight. */
	if (strlen(text) <= strlen("09:05:00") && strcmp(option, "again") == 0 && at <= now)
		at += DAY_MS;
	else if (strlen(text) <= strlen("09:05:00") && strcmp(option, "again") != 0 && at > now + CLOCKS_DIFFER_MS)
		at -= DAY_MS;
	return (uint64_t)at;
}

static bool channel_of(const struct ctl *ctl, const char *word, Renraku__Channel *out)
{
	size_t i;

	for (i = 0; i < sizeof channels / sizeof *channels; i++)
		if (strcmp(channels[i].word, word) == 0) {
			*out = channels[i].channel;
			return true;
		}
	out_usage(ctl,
		T("--by「%s」は分かりません。telephone（電話）、in-person（対面）、paper（書面）のどれかです。",
			"--by '%s': use telephone, in-person or paper."),
		word);
	return false;
}

/* --number and --at belong to the nearest --call, --for or --by before them; before all of these, to --for or --by. */
const struct opt_given *behalf_own(const struct opt_line *line, const char *name)
{
	const struct opt_given *found = NULL;
	bool in_call = false;
	size_t i;

	if (!opt_has(line, "for") && !opt_has(line, "by"))
		return NULL;
	for (i = 0; i < line->n_given; i++) {
		const struct opt_given *given = &line->given[i];

		if (!given->spec)
			continue;
		if (strcmp(given->name, "for") == 0 || strcmp(given->name, "by") == 0)
			in_call = false;
		else if (strcmp(given->name, "call") == 0)
			in_call = true;
		else if (!in_call && strcmp(given->name, name) == 0)
			found = given;
	}
	return found;
}

static const char *own_value(const struct opt_line *line, const char *name)
{
	const struct opt_given *own = behalf_own(line, name);

	return own ? own->value : NULL;
}

/* 転記: one's own paper, or that of somebody who is named in words. */
static bool own_paper(struct ctl *ctl, const char *at, Renraku__Behalf **out)
{
	Renraku__Behalf *behalf = arena_alloc(ctl->arena, sizeof *behalf);

	renraku__behalf__init(behalf);
	behalf->channel = RENRAKU__CHANNEL__CHANNEL_PAPER;
	if (!at || !*at) {
		out_usage(ctl, T("書面から転記するときは、書かれた時刻を --at で入れてください（例 --at '2026-11-23 14:05'）。",
				       "Give the time that was written: --at '2026-11-23 14:05'."));
		return false;
	}
	behalf->said_at = behalf_time(ctl, "at", at);
	*out = behalf;
	return behalf->said_at != 0;
}

bool behalf_read(struct ctl *ctl, Renraku__Behalf **out)
{
	const char *person = opt_value(&ctl->line, "for"), *by = opt_value(&ctl->line, "by");
	const char *number = own_value(&ctl->line, "number"), *at = own_value(&ctl->line, "at");
	Renraku__Channel channel = RENRAKU__CHANNEL__CHANNEL_SCREEN;
	Renraku__Behalf *behalf;

	*out = NULL;
	if (!person && by && !channel_of(ctl, by, &channel))
		return false;
	if (!person && channel == RENRAKU__CHANNEL__CHANNEL_PAPER)
		return own_paper(ctl, at, out);
	if (!person) {
		if (by)
			out_usage(ctl, T("--by は --for 職員ID といっしょに使います。誰から聞きましたか。",
					       "--by goes with --for PERSON. Who said it?"));
		return !by;
	}
	behalf = arena_alloc(ctl->arena, sizeof *behalf);
	renraku__behalf__init(behalf);
	behalf->person = arena_strdup(ctl->arena, person);
	behalf->channel = RENRAKU__CHANNEL__CHANNEL_TELEPHONE;
	if (by && !channel_of(ctl, by, &behalf->channel))
		return false;
	if (behalf->channel == RENRAKU__CHANNEL__CHANNEL_TELEPHONE && (!number || !*number)) {
		out_usage(ctl, T("電話で聞いたときは、かけた番号を --number で残してください。番号は renraku contacts で分かります。",
				       "Give the number that was called: --number N (see renraku contacts)."));
		return false;
	}
	if (number)
		behalf->number = arena_strdup(ctl->arena, number);
	behalf->said_at = at ? behalf_time(ctl, "at", at) : (uint64_t)clock_wall_ms();
	if (behalf->said_at == 0)
		return false;
	*out = behalf;
	return true;
}
