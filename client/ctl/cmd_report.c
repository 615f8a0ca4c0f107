/* renraku report: an incident's record on paper and for programs. */
#include "ctl/fill.h"
#include "ctl/paper.h"

static const struct opt_spec options[] = {
	{"format", "html|pdf|json|csv", "html|pdf|json|csv", "形式（既定は --out の拡張子、なければ html）",
		"the form (default: by the ending of --out, else html)"},
	{"out", "ファイル", "FILE", "書き出すファイル（なければ標準出力）", "the file to write (else standard output)"}, OPT_END};

static int run(struct ctl *ctl)
{
	return fill_number(ctl, T("事案", "incident"), ctl->line.args[0]) ? paper_run(ctl, "report") : CTL_USAGE;
}

const struct cmd cmd_report = {
	.name = "report",
	.group = "see",
	.args_ja = "事案 [--format html|pdf|json|csv] [--out ファイル]",
	.args_en = "INCIDENT [--format html|pdf|json|csv] [--out FILE]",
	.ja = "緊急時対応記録（報告書）を作る",
	.en = "the incident's record as a report",
	.more_ja =
		"例:\n"
		"  renraku report 1 --out jian1.pdf        A4 の報告書（何度作っても同じファイルになる）\n"
		"  renraku report 1 --format html > 1.html\n"
		"  renraku report 1 --out jian1.csv        経過を表計算で\n"
		"条項ごとの実施状況、通知と受領確認、判断と根拠、電話、会議録、措置、時限、経過が入ります。見られないことは載りません。\n"
		"終了コード 5 は、記録がハッシュと合わないとき（報告書にもそう書かれます）。\n",
	.more_en = "Examples:\n"
		   "  renraku report 1 --out one.pdf          on A4 (the same file however often it is made)\n"
		   "  renraku report 1 --format html > 1.html\n"
		   "  renraku report 1 --out one.csv          what happened, for a spreadsheet\n"
		   "Clause by clause, who was told, decisions and grounds, calls, council, measures, time limits, all records. What you "
		   "may not see is "
		   "not in it.\nExit code 5: records do not fit their hashes (the report says so too).\n",
	.opts = options,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
