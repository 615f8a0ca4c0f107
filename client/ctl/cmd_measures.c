/* renraku measures: the ledger of stops and cut-offs: who ordered each, on whose authority, which terminals have not acknowledged. */
#include "ctl/board.h"
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"

static void measures_json(const struct rows *rows)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_MEASURE)))
		out_json(&row->measure->base);
}

static int run(struct ctl *ctl)
{
	uint32_t id = ctl->line.n_args ? fill_number(ctl, T("事案", "incident"), ctl->line.args[0]) : 0;
	struct rows *rows;
	int code = CTL_OK;

	if (ctl->line.n_args && !id)
		return CTL_USAGE;
	rows = link_fetch(ctl, id ? RENRAKU__VIEW__VIEW_INCIDENT : RENRAKU__VIEW__VIEW_BOARD, id, &code);
	if (!rows)
		return code;
	if (ctl->json)
		measures_json(rows);
	else if (board_ledger(ctl, rows) == 0)
		out_line(ctl, SHOW_PLAIN, "%s",
			id ? T("この事案で講じた措置はありません。", "No measure was ordered in this incident.")
			   : T("続いている措置、引き継がれた措置はありません。", "No measure is in force or handed over."));
	rows_free(rows);
	return CTL_OK;
}

const struct cmd cmd_measures = {
	.name = "measures",
	.group = "see",
	.args_ja = "[事案]",
	.args_en = "[INCIDENT]",
	.ja = "講じた措置（停止・切り離し）の台帳と、受領していない端末を見る",
	.en = "the ledger of measures (stops, cut-offs) and the terminals that have not acknowledged",
	.more_ja = "例:\n"
		   "  renraku measures       いま続いている措置と、引き継がれて終わっていない措置\n"
		   "  renraku measures 1     事案 1 で講じた措置のすべて（解除されたものも）\n",
	.more_en = "Examples:\n"
		   "  renraku measures       those in force, and those handed over and not dealt with\n"
		   "  renraku measures 1     all of incident 1, lifted ones too\n",
	.max_args = 1,
	.run = run,
};
