/* renraku test: 'can you hear me' to every terminal and every holder of a role; who did not answer. */
#include <poll.h>
#include <string.h>

#include "ctl/board.h"
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"

#define LOOK_MS 300

static const struct opt_spec options[] = {
	{"wait", NULL, NULL, "終わるまで待って結果を表示する", "wait for its end and show the result"}, OPT_END};

static const Renraku__TestRow *newest(const struct rows *rows)
{
	size_t i = 0;
	const Renraku__Row *row = pick_next(rows, &i, RENRAKU__ROW__BODY_TEST);

	return row ? row->test : NULL;
}

/* number 0: the newest. */
static int show(struct ctl *ctl, const struct rows *rows, uint32_t number)
{
	if (ctl->json) {
		out_view(rows, RENRAKU__VIEW__VIEW_TESTS, 0);
		return CTL_OK;
	}
	if (board_test(ctl, rows, number))
		return CTL_OK;
	if (number) {
		out_error(
			T("接続テスト %u の結果はありません（新しい 30 回分だけ見られます）。renraku test list で番号を確かめてください。",
				"There is no connection test %u (the newest 30 can be seen). See renraku test list."),
			number);
		return CTL_USAGE;
	}
	board_tests(ctl, rows);
	return CTL_OK;
}

/* Looks again until the newest has ended, if that is asked. */
static int result(struct ctl *ctl, uint32_t number, bool wait)
{
	int code = CTL_OK;

	for (;;) {
		struct rows *rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_TESTS, 0, &code);
		const Renraku__TestRow *t = rows ? newest(rows) : NULL;

		if (!rows)
			return code;
		if (!wait || !t || t->ended_at) {
			code = show(ctl, rows, number);
			rows_free(rows);
			return code;
		}
		rows_free(rows);
		(void)poll(NULL, 0, LOOK_MS);
	}
}

static int begin(struct ctl *ctl)
{
	Renraku__Test test = RENRAKU__TEST__INIT;
	Renraku__Command *command = link_command(ctl);
	bool wait = opt_has(&ctl->line, "wait");
	int code;

	if (!command)
		return CTL_USAGE;
	command->act_case = RENRAKU__COMMAND__ACT_TEST;
	command->test = &test;
	code = link_run(ctl, command, NULL);
	if (code != CTL_OK || (ctl->json && !wait))
		return code;
	if (!wait)
		out_line(ctl, SHOW_PLAIN, "%s", T("応答は renraku test show で見られます。", "See who answers with renraku test show."));
	return result(ctl, 0, wait);
}

static int run(struct ctl *ctl)
{
	const char *verb = ctl->line.n_args ? ctl->line.args[0] : "start";
	uint32_t number = 0;
	int code = CTL_OK;

	if (strcmp(verb, "start") == 0 && ctl->line.n_args < 2)
		return begin(ctl);
	if (strcmp(verb, "list") == 0 && ctl->line.n_args < 2) {
		struct rows *rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_TESTS, 0, &code);

		if (rows && ctl->json)
			out_view(rows, RENRAKU__VIEW__VIEW_TESTS, 0);
		else if (rows)
			board_tests(ctl, rows);
		rows_free(rows);
		return code;
	}
	if (strcmp(verb, "show") != 0)
		return out_usage(ctl, T("「%s」は分かりません。start、show、list のどれかです。", "'%s': use start, show or list."), verb);
	if (ctl->line.n_args > 1 && !(number = fill_number(ctl, T("接続テスト", "test"), ctl->line.args[1])))
		return CTL_USAGE;
	return result(ctl, number, opt_has(&ctl->line, "wait"));
}

const struct cmd cmd_test = {
	.name = "test",
	.group = "drill",
	.args_ja = "[start|show|list] [番号]",
	.args_en = "[start|show|list] [NUMBER]",
	.ja = "接続テスト: すべての端末と担当者に連絡が届くかを確かめる",
	.en = "connection test: does every terminal and holder of a role hear",
	.more_ja = "例:\n"
		   "  renraku test               始める（すでに行われていればそれに加わる）\n"
		   "  renraku test --wait        終わるまで待って、応答のなかった端末・職員を表示する\n"
		   "  renraku test show          いちばん新しい結果\n"
		   "  renraku test list\n"
		   "端末では警報を鳴らさず、一行だけ表示します。役割のある人と管理者が始められます。\n",
	.more_en = "Examples:\n"
		   "  renraku test               begins one (or joins the one that runs)\n"
		   "  renraku test --wait        waits for its end and shows who did not answer\n"
		   "  renraku test show          the newest result\n"
		   "  renraku test list\n"
		   "Terminals show one quiet line and sound no alarm. Whoever holds a role may begin one, and administrators.\n",
	.opts = options,
	.max_args = 2,
	.flags = CMD_ACTS,
	.run = run,
};
