#include "ctl/term.h"

#include <string.h>

#include "base/clock.h"
#include "ctl/out.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static bool is_date(const char *text)
{
	return strlen(text) == 10 && text[4] == '-' && text[7] == '-';
}

/* Today's hour as it stands; what lies more than half a day back is tomorrow's. */
static int64_t begin_of(int64_t hour, int64_t now)
{
	return hour + DAY_MS / 2 <= now ? hour + DAY_MS : hour;
}

int64_t term_hour(int64_t hour, int64_t since, int64_t now)
{
	int64_t after = since > now ? since : now;

	while (hour <= after)
		hour += DAY_MS;
	return hour;
}

/* The time that was typed, as of today where it is an hour only; 0 without the option, -1 after having said what is wrong. */
static int64_t typed(const struct ctl *ctl, const char *option, int64_t now)
{
	const char *text = opt_value(&ctl->line, option);
	int64_t at;

	if (!text)
		return 0;
	at = clock_parse(is_date(text) ? arena_printf(ctl->arena, "%sT00:00", text) : text, now);
	if (at < 0)
		out_usage(ctl,
			T("--%s「%s」は日時として読めません。17:00、2026-11-25、2026-11-25T09:05 のように書いてください。",
				"--%s '%s' is not a time. Write 17:00, 2026-11-25 or 2026-11-25T09:05."),
			option, text);
	return at;
}

static bool is_hour(const struct ctl *ctl, const char *option)
{
	const char *text = opt_value(&ctl->line, option);

	return text && strlen(text) <= strlen("09:05:00");
}

bool term_read(const struct ctl *ctl, uint64_t *since, uint64_t *until)
{
	int64_t now = clock_wall_ms(), from = typed(ctl, "from", now), to = from < 0 ? -1 : typed(ctl, "until", now);

	if (from < 0 || to < 0)
		return false;
	if (is_hour(ctl, "from"))
		from = begin_of(from, now);
	if (is_hour(ctl, "until"))
		to = term_hour(to, from, now);
	else if (to && is_date(opt_value(&ctl->line, "until")))
		to += DAY_MS;
	*since = (uint64_t)from;
	*until = (uint64_t)to;
	return true;
}

void term_say(struct ctl *ctl, const char *ja, const char *en, uint64_t since, uint64_t until)
{
	char from[24], to[24];

	if (ctl->json || (!since && !until))
		return;
	out_line(ctl, SHOW_PLAIN, T("%s: %s から %s まで", "%s: from %s to %s"), T(ja, en),
		since ? clock_format((int64_t)since, false, from) : T("今", "now"),
		until ? clock_format((int64_t)until, false, to) : T("戻るとき", "the return"));
}
