/* At the top of `status`: what waits for the reader, so that nobody looks at the whole and overlooks the own part. */
#include <string.h>

#include "ctl/board.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"
#include "ctl/shown.h"

bool board_only_above(const struct ctl *ctl, const Renraku__NoticeRow *notice)
{
	const Renraku__RecipientRow *own = *notice->role ? shown_own(ctl, notice) : NULL;

	return own && strcmp(own->as, "above") == 0;
}

bool board_waits(const struct ctl *ctl, const Renraku__NoticeRow *notice)
{
	const Renraku__RecipientRow *own = shown_own(ctl, notice);

	return notice->part == 0 && notice->wants_ack && strcmp(notice->state, "open") == 0 && own && !own->acknowledged && !*own->excused;
}

void board_mine(struct ctl *ctl, const struct rows *rows, uint32_t incident)
{
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_NOTICE))) {
		const Renraku__NoticeRow *notice = row->notice;

		if ((incident && notice->incident != incident) || !board_waits(ctl, notice) || board_only_above(ctl, notice))
			continue;
		if (n++ == 0)
			out_line(ctl, SHOW_BOLD, "\n%s", T("あなた（この端末）の応答を待っています", "Waiting for you"));
		out_line(ctl, notice->drill ? SHOW_DRILL : SHOW_BOLD,
			T("  #%llu %s  → renraku ack %llu%s", "  #%llu %s  -> renraku ack %llu%s"), (unsigned long long)notice->id,
			say_marked(ctl->arena, notice->drill, i18n_pick(notice->title, notice->title_en)), (unsigned long long)notice->id,
			notice->answer ? " --answer present|absent|deputy" : "");
	}
}
