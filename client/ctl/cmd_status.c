/* renraku status: who has been told, how far each notice came, who has responded, who has not and for how long, whom to telephone now. */
#include "base/clock.h"
#include "ctl/board.h"
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/shown.h"
#include "ctl/urgent.h"

static const struct opt_spec options[] = {
	{"all", NULL, NULL, "済んだ通知・該当しない項目もすべて表示する", "also notices that ended and items that do not apply"}, OPT_END};

static void board(struct ctl *ctl, const struct rows *rows)
{
	board_town(ctl, rows);
	board_mine(ctl, rows, 0);
	board_telephone(ctl, rows, 0);
	board_incidents(ctl, rows);
	board_measures(ctl, rows, 0);
	board_notices(ctl, rows, 0, BOARD_OPEN);
	board_presence(ctl, rows);
	(void)board_test(ctl, rows, 0);
}

static void incident(struct ctl *ctl, const struct rows *rows, uint32_t id)
{
	bool all = opt_has(&ctl->line, "all");

	board_head(ctl, rows, id);
	board_mine(ctl, rows, id);
	board_telephone(ctl, rows, id);
	board_notices(ctl, rows, id, BOARD_OPEN);
	board_confirms(ctl, rows);
	board_meetings(ctl, rows);
	board_measures(ctl, rows, id);
	board_items(ctl, rows, id, all);
	board_call_list(ctl, rows, id);
	if (all)
		board_notices(ctl, rows, id, BOARD_ALL);
	board_calls(ctl, rows);
	board_follow_ups(ctl, rows);
	board_comments(ctl, rows);
	board_alarms(ctl, rows);
	board_bars(ctl, rows);
}

static int run(struct ctl *ctl)
{
	uint32_t id = ctl->line.n_args ? fill_number(ctl, T("事案", "incident"), ctl->line.args[0]) : 0;
	struct rows *rows;
	int code = CTL_OK;

	if (ctl->line.n_args && !id)
		return CTL_USAGE;
	if (!ctl->json)
		urgent_show(ctl);
	rows = link_fetch(ctl, id ? RENRAKU__VIEW__VIEW_INCIDENT : RENRAKU__VIEW__VIEW_BOARD, id, &code);
	if (!rows)
		return code;
	if (ctl->json)
		out_view(rows, id ? RENRAKU__VIEW__VIEW_INCIDENT : RENRAKU__VIEW__VIEW_BOARD, id);
	else if (id)
		incident(ctl, rows, id);
	else
		board(ctl, rows);
	if (!ctl->json)
		shown_tell(ctl, rows, board_waits);
	rows_free(rows);
	return CTL_OK;
}

const struct cmd cmd_status = {
	.name = "status",
	.alias = "board",
	.group = "see",
	.args_ja = "[事案] [--all]",
	.args_en = "[INCIDENT] [--all]",
	.ja = "だれに知らせたか、だれが応えたか、だれに電話すべきかを見る",
	.en = "who has been told, who has answered, whom to telephone now",
	.more_ja = "例:\n"
		   "  renraku status         全体。今すぐ電話する相手、進行中の事案、応答を待っている通知、在席\n"
		   "  renraku status 1       事案 1 の通知と手順の進みぐあい\n"
		   "応えるのは renraku ack、項目を進めるのは renraku act です。映しつづけるには renraku watch です。\n",
	.more_en = "Examples:\n"
		   "  renraku status         the whole: whom to telephone now, open incidents, notices that wait, who is present\n"
		   "  renraku status 1       notices and procedure of incident 1\n"
		   "Answer with renraku ack, carry out an item with renraku act; renraku watch keeps showing it.\n",
	.opts = options,
	.max_args = 1,
	.run = run,
};
