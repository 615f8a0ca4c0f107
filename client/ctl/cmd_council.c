/* renraku council: sugar for a council's meeting: convene, answer, decide the agenda, show who comes. */
#include <string.h>

#include "ctl/behalf.h"
#include "ctl/board.h"
#include "ctl/choose.h"
#include "ctl/form.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/words.h"

static const struct opt_spec options[] = {
	{"text", "文", "TEXT", "議事など", "minutes and the like"}, FILL_VALUE_OPTIONS, BEHALF_OPTIONS, OPT_END};

static bool has_agenda(const Renraku__ItemRow *item)
{
	return item->mine && item->n_agenda > 0;
}

/* A convening asks for a time and tells a group; on the wire that shows as a field of type time. */
static bool convenes(const Renraku__ItemRow *item)
{
	size_t i;

	for (i = 0; item->mine && i < item->n_form; i++)
		if (strcmp(item->form[i]->type, "time") == 0)
			return true;
	return false;
}

/* One line for each meeting, the answers to it, and each item with an agenda. */
static int show_json(const struct rows *rows)
{
	size_t i;

	for (i = 0; i < rows_count(rows); i++) {
		const Renraku__Row *row = rows_at(rows, i);

		if (row->body_case == RENRAKU__ROW__BODY_MEETING || (row->body_case == RENRAKU__ROW__BODY_NOTICE && row->notice->answer) ||
			(row->body_case == RENRAKU__ROW__BODY_ITEM && row->item->n_agenda))
			out_json(&row->base);
	}
	return CTL_OK;
}

static int show(struct ctl *ctl, const struct rows *rows, uint32_t incident)
{
	const Renraku__Row *row;
	size_t i = 0;

	if (ctl->json)
		return show_json(rows);
	board_meetings(ctl, rows);
	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_MEETING)))
		board_notices_of(ctl, rows, incident, row->meeting->item, 0);
	for (i = 0; (row = pick_next(rows, &i, RENRAKU__ROW__BODY_ITEM));)
		if (row->item->n_agenda && strcmp(row->item->state, "not_applicable") != 0)
			form_show(ctl, row->item);
	return CTL_OK;
}

static int enter(struct ctl *ctl, const struct rows *rows, uint32_t incident, const char *id, choose_fits_fn *fits, const char *what)
{
	int code = CTL_OK;
	const Renraku__ItemRow *item = choose_item(ctl, rows, incident, id, fits, what, &code);
	struct fill fill;

	if (!item)
		return code;
	if (!fill_read(ctl, id ? 3 : 2, &fill))
		return CTL_USAGE;
	if (fill.n_values == 0 && form_asks(item)) {
		form_show(ctl, item);
		return CTL_USAGE;
	}
	words_read(ctl, item, &fill);
	return choose_enter(ctl, incident, item->id, &fill);
}

/* The convening that waits for this person's answer. */
static uint64_t convening(struct ctl *ctl, uint32_t incident, int *code)
{
	struct rows *rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_INBOX, 0, code);
	const Renraku__Row *row;
	uint64_t notice = 0;
	size_t i = 0;

	while (rows && (row = pick_next(rows, &i, RENRAKU__ROW__BODY_NOTICE)))
		if (row->notice->incident == incident && row->notice->answer && row->notice->part == 0)
			notice = row->notice->id;
	if (rows && !notice) {
		out_error(T("事案 %u に、あなたの返事を待っている招集はありません。", "Incident %u: no convening waits for your answer."),
			incident);
		*code = CTL_REFUSED;
	}
	rows_free(rows);
	return notice;
}

static int answer(struct ctl *ctl, uint32_t incident)
{
	Renraku__Acknowledge ack = RENRAKU__ACKNOWLEDGE__INIT;
	const char *word = ctl->line.n_args > 2 ? ctl->line.args[2] : "", *comment = opt_value(&ctl->line, "text");
	Renraku__Command *command;
	int code = CTL_OK;
	struct fill fill;

	if (!fill_read(ctl, 3, &fill))
		return CTL_USAGE;
	if (fill.n_values) /* a slip of the pen must not be lost silently */
		return out_usage(ctl,
			T("「%s」は出欠の返事にはありません。添える言葉は --text に書いてください。",
				"'%s' is no part of an answer. Words go with --text."),
			fill.values[0]->field);
	if (strcmp(word, "present") != 0 && strcmp(word, "absent") != 0 && strcmp(word, "deputy") != 0)
		return out_usage(ctl, "%s",
			T("返事は present（出席）・absent（欠席）・deputy（代理出席）のどれかです。", "Answer present, absent or deputy."));
	if (strcmp(word, "deputy") == 0 && (!comment || !*comment))
		return out_usage(
			ctl, "%s", T("代理で出席する人の名前を --text に書いてください。", "Who comes instead? Say it with --text."));
	ack.notice = convening(ctl, incident, &code);
	command = ack.notice ? link_command(ctl) : NULL;
	if (!command)
		return code == CTL_OK ? CTL_USAGE : code;
	ack.answer = arena_strdup(ctl->arena, word);
	if (comment)
		ack.comment = arena_strdup(ctl->arena, comment);
	command->act_case = RENRAKU__COMMAND__ACT_ACKNOWLEDGE;
	command->acknowledge = &ack;
	return link_run(ctl, command, NULL);
}

static int run(struct ctl *ctl)
{
	const char *verb = ctl->line.args[0];
	uint32_t incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[1]);
	const char *id = ctl->line.n_args > 2 && !strchr(ctl->line.args[2], '=') ? ctl->line.args[2] : NULL;
	struct rows *rows;
	int code = CTL_OK;

	if (!incident)
		return CTL_USAGE;
	if (link_again(ctl, RENRAKU__COMMAND__ACT_ENTER, &code) || link_again(ctl, RENRAKU__COMMAND__ACT_ACKNOWLEDGE, &code))
		return code;
	if (strcmp(verb, "answer") == 0)
		return answer(ctl, incident);
	rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_INCIDENT, incident, &code);
	if (!rows)
		return code;
	if (strcmp(verb, "show") == 0)
		code = show(ctl, rows, incident);
	else if (strcmp(verb, "convene") == 0)
		code = enter(ctl, rows, incident, id, convenes, T("招集", "convene"));
	else if (strcmp(verb, "decide") == 0)
		code = enter(ctl, rows, incident, id, has_agenda, T("議題の決定", "decide"));
	else
		code = out_usage(ctl,
			T("「%"
			  "s」は分かりません。convene（招集）、answer（出欠の返事）、decide（議題の決定）、show（出欠と議題）のどれかです"
			  "。",
				"'%s': use convene, answer, decide or show."),
			verb);
	rows_free(rows);
	return code;
}

const struct cmd cmd_council = {
	.name = "council",
	.group = "work",
	.args_ja = "convene|answer|decide|show 事案 [項目|返事] [項目名=値 …]",
	.args_en = "convene|answer|decide|show INCIDENT [ITEM|ANSWER] [FIELD=VALUE ...]",
	.ja = "会議を招集する・出欠を返事する・議題を決める・出欠を見る",
	.en = "convene a council, answer, decide its agenda, see who comes",
	.more_ja = "例:\n"
		   "  renraku council convene 1 at='2026-11-23 10:00' place=第1会議室\n"
		   "  renraku council answer 1 present        （absent 欠席、deputy 代理出席。--text に、だれが来るか）\n"
		   "  renraku council show 1\n"
		   "  renraku council decide 1 議題=値 議題=deferred\n",
	.more_en = "Examples:\n"
		   "  renraku council convene 1 at='2026-11-23 10:00' place='room 1'\n"
		   "  renraku council decide 1 AGENDUM=VALUE AGENDUM=deferred\n",
	.opts = options,
	.min_args = 2,
	.max_args = 64,
	.flags = CMD_LOOSE | CMD_ACTS,
	.run = run,
};
