/* renraku terminal: the terminals with the browsers that stand for them, and an end to those. */
#include <string.h>

#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"

static int list(struct ctl *ctl)
{
	const char *heads[] = {T("端末", "Id"), T("接続", "Connected"), T("ブラウザー", "Browsers"), T("場所", "Place")};
	struct show_table *table = show_table_new(4, heads, 2);
	const Renraku__Row *row;
	struct rows *rows;
	size_t i = 0;
	int code = CTL_OK;

	rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_BOARD, 0, &code);
	while (rows && (row = pick_next(rows, &i, RENRAKU__ROW__BODY_TERMINAL))) {
		const Renraku__TerminalRow *t = row->terminal;
		const char *cells[4] = {t->id, t->present ? T("接続中", "yes") : T("応答なし", "no"),
			t->browsers ? arena_printf(ctl->arena, "%u", t->browsers) : "-", t->place};

		if (ctl->json)
			out_json(&t->base);
		else
			show_table_row(table, t->present ? SHOW_PLAIN : SHOW_WARN, cells);
	}
	if (rows && !ctl->json)
		out_table(ctl, table);
	else
		show_table_free(table);
	rows_free(rows);
	return code;
}

static int end_browsers(struct ctl *ctl, const char *terminal)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Enrol enrol = RENRAKU__ENROL__INIT;
	const Renraku__ServerFrame *answer;
	int64_t deadline = link_deadline(ctl);

	if (!link_open(ctl, deadline))
		return link_failed(ctl);
	enrol.terminal = arena_strdup(ctl->arena, terminal);
	enrol.end = true;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_ENROL;
	frame.enrol = &enrol;
	if (conn_send(ctl->conn, &frame, deadline, &ctl->problem) != CONN_OK ||
		conn_wait(ctl->conn, frame.ref, deadline, &answer, NULL, NULL, &ctl->problem) != CONN_OK)
		return link_failed(ctl);
	if (!ctl->json)
		out_line(ctl, SHOW_GOOD, T("%s として登録されたブラウザーをすべて外しました。", "No browser stands for %s any more."),
			terminal);
	return CTL_OK;
}

static int run(struct ctl *ctl)
{
	const char *verb = ctl->line.n_args ? ctl->line.args[0] : "list";

	if (strcmp(verb, "list") == 0 && ctl->line.n_args < 2)
		return list(ctl);
	if (strcmp(verb, "end-browsers") == 0 && ctl->line.n_args == 2)
		return end_browsers(ctl, ctl->line.args[1]);
	return out_usage(ctl, "%s",
		T("renraku terminal list か renraku terminal end-browsers 端末 と書きます。",
			"Use renraku terminal list or renraku terminal end-browsers TERMINAL."));
}

const struct cmd cmd_terminal = {
	.name = "terminal",
	.group = "admin",
	.args_ja = "list|end-browsers [端末]",
	.args_en = "list|end-browsers [TERMINAL]",
	.ja = "端末の一覧。端末として登録されたブラウザーを外す（管理者だけ）",
	.en = "the terminals; an end to the browsers that stand for one (administrators only)",
	.more_ja = "例:\n"
		   "  renraku terminal list                端末ごとの接続と、登録されたブラウザーの数（数は管理者にだけ）\n"
		   "  renraku terminal end-browsers 端末   その端末として登録されたブラウザーをすべて外す（端末そのものは変わらない）\n"
		   "ブラウザーの登録は、そのブラウザーで管理者がサインインして行います。\n",
	.more_en = "Examples:\n"
		   "  renraku terminal list                    connected, and how many browsers stand for each (for administrators)\n"
		   "  renraku terminal end-browsers TERMINAL   cuts off all browsers enrolled for it (not the terminal itself)\n"
		   "A browser is enrolled at that browser, by an administrator signed in there.\n",
	.max_args = 2,
	.run = run,
};
