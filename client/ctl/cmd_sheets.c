/* renraku sheets: forms on paper for the day when nothing works. */
#include "ctl/paper.h"

static const struct opt_spec options[] = {
	{"out", "ファイル", "FILE", "書き出すファイル（なければ標準出力）", "the file to write (else standard output)"}, OPT_END};

static int run(struct ctl *ctl)
{
	return paper_run(ctl, "sheets");
}

const struct cmd cmd_sheets = {
	.name = "sheets",
	.group = "see",
	.args_ja = "[--out ファイル]",
	.args_en = "[--out FILE]",
	.ja = "手順ごとの記入用紙（何も動かない日のため）を PDF で作る",
	.en = "forms to fill by hand, a page for each step, as a PDF",
	.more_ja = "例:\n  renraku sheets --out youshi.pdf\n"
		   "計画の手順ごとに、原文、担当、記入欄、電話番号、受領の署名欄を1枚にします。前もって印刷して置いてください。\n"
		   "サーバにつながらないときは、この端末の控えから作ります。\n",
	.more_en = "Example:\n  renraku sheets --out sheets.pdf\n"
		   "For each step of the plan one page: its words, who acts, boxes to fill, numbers, signatures. Print them before they "
		   "are needed.\n"
		   "When the server is away they are made of this terminal's copy.\n",
	.opts = options,
	.run = run,
};
