/* renraku ack: 'I have it', by any channel of invariant 3. */
#include <string.h>

#include "ctl/behalf.h"
#include "ctl/board.h"
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"
#include "ctl/told.h"

#define TARGETS_MAX 32

static const struct opt_spec options[] = {
	{"answer", "present|absent|deputy", "present|absent|deputy", "会議の招集への返事: 出席・欠席・代理出席", "answer to a convening"},
	{"comment", "文", "TEXT", "添える言葉（代理出席のときは、だれが来るか）", "a comment (with deputy: who comes)"},
	{"terminal", "端末ID", "TERMINAL", "端末の確認の代わりに、その場で見て確かめたとき",
		"checked on the spot instead of that terminal's acknowledgement"},
	BEHALF_OPTIONS, OPT_END};

struct targets {
	bool above; /* only told because somebody below is silent: not one's own to answer */
	uint64_t notice[TARGETS_MAX];
	const char *item[TARGETS_MAX];
	uint32_t incident[TARGETS_MAX];
	size_t n;
};

/* Does this notice still wait for that person or terminal (empty: for whoever looks)? In an inbox a broadcast names the terminal alone,
   also while a person is signed in at it. */
static bool waits_for(const Renraku__NoticeRow *notice, const char *whom, bool inbox)
{
	size_t i;

	if (!notice->wants_ack || strcmp(notice->state, "open") != 0 || notice->part > 0)
		return false;
	if (!*whom || (inbox && notice->n_recipients == 1 && strcmp(notice->recipients[0]->as, "terminal") == 0))
		return notice->n_recipients != 1 || !notice->recipients[0]->acknowledged;
	for (i = 0; i < notice->n_recipients; i++)
		if (strcmp(notice->recipients[i]->id, whom) == 0)
			return !notice->recipients[i]->acknowledged;
	return false;
}

static void collect(
	struct ctl *ctl, const struct rows *rows, uint32_t incident, const char *item, const char *person, bool inbox, struct targets *t)
{
	const Renraku__Row *row;
	size_t i = 0;

	while (t->n < TARGETS_MAX && (row = pick_next(rows, &i, RENRAKU__ROW__BODY_NOTICE))) {
		const Renraku__NoticeRow *notice = row->notice;

		bool above = inbox && board_only_above(ctl, notice);

		if ((incident && notice->incident != incident) || (item && strcmp(notice->item, item) != 0) ||
			!waits_for(notice, person, inbox) || (above && t->n && !t->above))
			continue;
		if (t->above && !above)
			t->n = 0;
		t->above = above;
		t->notice[t->n] = notice->id;
		t->item[t->n] = arena_strdup(ctl->arena, notice->item);
		t->incident[t->n++] = notice->incident;
	}
}

/* Finds what "3/F1.3" or nothing at all means: in the inbox, or for another person in the incident's view. */
static int look(struct ctl *ctl, uint32_t incident, const char *item, struct targets *t)
{
	const char *person = opt_value(&ctl->line, "for");
	bool elsewhere = (person || opt_has(&ctl->line, "terminal")) && incident;
	struct rows *rows;
	int code = CTL_OK;

	rows = link_fetch(ctl, elsewhere ? RENRAKU__VIEW__VIEW_INCIDENT : RENRAKU__VIEW__VIEW_INBOX, elsewhere ? incident : 0, &code);
	if (!rows)
		return code;
	if (!person)
		person = opt_value(&ctl->line, "terminal");
	if (!person && *link_person_id(ctl))
		person = link_person_id(ctl);
	collect(ctl, rows, incident, item, person ? person : "", !elsewhere, t);
	rows_free(rows);
	return CTL_OK;
}

static int find(struct ctl *ctl, struct targets *t)
{
	const char *word = ctl->line.n_args ? ctl->line.args[0] : NULL, *item = NULL;
	uint32_t incident = 0;
	int code;

	if (word && !strchr(word, '/')) {
		t->notice[0] = fill_number64(ctl, T("通知", "notice"), word);
		t->n = 1;
		return t->notice[0] ? CTL_OK : CTL_USAGE;
	}
	if (word && !fill_place(ctl, word, &incident, &item))
		return CTL_USAGE;
	code = look(ctl, incident, item, t);
	if (code != CTL_OK)
		return code;
	if (t->n == 0) {
		out_error("%s", word ? T("その項目に、確認を待っている通知はありません（すでに確認済みか、あて先が違います）。renraku "
					 "inbox で確かめてください。",
					       "No notice of that item waits for this acknowledgement. See renraku inbox.")
				     : T("確認を待っている通知はありません。", "No notice waits for you."));
		return CTL_REFUSED;
	}
	if (!word && t->n > 1)
		return out_usage(ctl,
			T("確認を待っている通知が %zu 件あります。renraku inbox で見て、番号を指定してください。",
				"%zu notices wait. See renraku inbox and give the number."),
			t->n);
	return CTL_OK;
}

/* Several notices of one item, one id given: each gets its own, derived from it, so that repeating meets the same ones. */
static int acknowledge(struct ctl *ctl, uint64_t notice, size_t nth, uint32_t *incident)
{
	Renraku__Acknowledge ack = RENRAKU__ACKNOWLEDGE__INIT;
	Renraku__Command *command = link_command(ctl);
	const char *answer = opt_value(&ctl->line, "answer"), *comment = opt_value(&ctl->line, "comment"),
		   *terminal = opt_value(&ctl->line, "terminal");

	if (!command)
		return CTL_USAGE;
	ack.notice = notice;
	if (nth > 0 && opt_has(&ctl->line, "id"))
		command->id = arena_printf(ctl->arena, "%s-%zu", command->id, nth + 1);
	if (answer)
		ack.answer = arena_strdup(ctl->arena, answer);
	if (comment)
		ack.comment = arena_strdup(ctl->arena, comment);
	if (terminal)
		ack.terminal = arena_strdup(ctl->arena, terminal);
	command->act_case = RENRAKU__COMMAND__ACT_ACKNOWLEDGE;
	command->acknowledge = &ack;
	return link_run(ctl, command, incident);
}

static bool answer_known(const struct ctl *ctl)
{
	const char *answer = opt_value(&ctl->line, "answer");

	if (!answer || strcmp(answer, "present") == 0 || strcmp(answer, "absent") == 0 || strcmp(answer, "deputy") == 0)
		return true;
	out_usage(ctl,
		T("--answer「%s」は present（出席）・absent（欠席）・deputy（代理出席）のどれかです。",
			"--answer '%s': use present, absent or deputy."),
		answer);
	return false;
}

static int run(struct ctl *ctl)
{
	struct targets targets = {.n = 0};
	uint32_t incident = 0;
	int code;
	size_t i;

	if (!answer_known(ctl))
		return CTL_USAGE;
	if (link_again(ctl, RENRAKU__COMMAND__ACT_ACKNOWLEDGE, &code))
		return code;
	code = find(ctl, &targets);
	if (code != CTL_OK)
		return code;
	for (i = 0; i < targets.n && code == CTL_OK; i++)
		code = acknowledge(ctl, targets.notice[i], i, &incident);
	if (code == CTL_OK)
		told_after(ctl, incident, targets.item[0]);
	else if (!ctl->json && strcmp(ctl->refused, "WRONG_ANSWER") == 0)
		out_line(ctl, SHOW_PLAIN, "%s",
			opt_has(&ctl->line, "answer") ? T("出欠を聞く通知ではありません。--answer を付けずに実行してください。",
								"It asks for no attendance: leave --answer out.")
						      : T("会議の招集です。--answer "
							  "present（出席）・absent（欠席）・deputy（代理出席）のどれかを付けてください。",
								"It convenes a council: add --answer present, absent or deputy."));
	return code;
}

const struct cmd cmd_ack = {
	.name = "ack",
	.alias = "acknowledge",
	.group = "answer",
	.args_ja = "[通知番号 | 事案/項目]",
	.args_en = "[NOTICE | INCIDENT/ITEM]",
	.ja = "通知を受け取ったことを確認する（受領確認）",
	.en = "acknowledge a notice: 'I have it'",
	.more_ja = "例:\n"
		   "  renraku ack 12                 通知 12 を確認する（番号は renraku inbox）\n"
		   "  renraku ack 1/項目ID           事案 1 の、その項目の通知を確認する\n"
		   "  renraku ack                    待っている通知が一つだけなら、それを確認する\n"
		   "  renraku ack 15 --answer deputy --comment '副町長が出ます'\n"
		   "  renraku ack 15 --for 職員ID --by telephone --number 0749-00-0005 --at 09:40   電話で聞いた確認を代わりに入力する\n"
		   "  renraku ack 20 --terminal 端末ID   端末の代わりに、その場で見て確かめた\n",
	.more_en = "Examples:\n"
		   "  renraku ack 12                 notice 12 (numbers: renraku inbox)\n"
		   "  renraku ack 1/ITEM             the notices of that item of incident 1\n"
		   "  renraku ack 15 --answer deputy --comment 'the vice mayor comes'\n"
		   "  renraku ack 15 --for PERSON --by telephone --number 0749-00-0005 --at 09:40\n"
		   "  renraku ack 20 --terminal TERMINAL   checked on the spot instead of the terminal\n",
	.opts = options,
	.max_args = 1,
	.flags = CMD_ACTS,
	.run = run,
};
