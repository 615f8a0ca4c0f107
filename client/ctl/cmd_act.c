/* renraku act: enters an item: a report, an instruction, a decision, a task, a call; all have one shape. */
#include <string.h>

#include "base/clock.h"
#include "base/text_fold.h"
#include "ctl/ask.h"
#include "ctl/behalf.h"
#include "ctl/files.h"
#include "ctl/fill.h"
#include "ctl/form.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/told.h"
#include "ctl/words.h"

/* A call is 'now' for so long. */
#define LONG_AGO_MS 60000u

static const struct opt_spec options[] = {{"form", NULL, NULL, "入力する項目を見るだけで、何も記録しない", "only show what is asked for"},
	FILL_VALUE_OPTIONS, FILL_CALL_OPTIONS, FILL_FOLLOW_OPTIONS, BEHALF_OPTIONS, OPT_END};

static bool empty(const struct fill *fill)
{
	return fill->n_values + fill->n_calls + fill->n_follow_ups == 0;
}

/* The item as the server has it now. Exit code in *code when it cannot be had. */
static const Renraku__ItemRow *fetch(struct ctl *ctl, uint32_t incident, const char *id, struct rows **rows, int *code)
{
	const Renraku__ItemRow *item;

	*rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_INCIDENT, incident, code);
	if (!*rows)
		return NULL;
	item = pick_item(*rows, incident, id);
	if (!item) {
		out_error(T("事案 %u に項目「%s」はありません。renraku status %u で項目を確かめてください。",
				  "Incident %u has no item '%s'. See renraku status %u."),
			incident, id, incident);
		*code = CTL_REFUSED;
	}
	return item;
}

/* Nothing was given: ask, or show the form; *go_on when there is something to record, or nothing is asked for. */
static int show(struct ctl *ctl, uint32_t incident, const char *id, struct fill *fill, bool *go_on)
{
	struct rows *rows = NULL;
	int code = CTL_OK;
	bool only_form = opt_has(&ctl->line, "form");
	const Renraku__ItemRow *item = fetch(ctl, incident, id, &rows, &code);

	if (item && !only_form && !form_asks(item)) {
		*go_on = true;
	} else if (item && !only_form && item->mine && ask_possible(ctl)) {
		*go_on = ask_item(ctl, item, fill);
		code = *go_on ? CTL_OK : CTL_USAGE;
	} else if (item) {
		if (ctl->json)
			out_json(&item->base);
		else
			form_show(ctl, item);
		code = only_form ? CTL_OK : CTL_USAGE;
		if (code == CTL_USAGE)
			out_error("%s", T("何も記録していません。上の項目を入れてもう一度実行してください。",
						"Nothing was recorded. Give the fields above and run it again."));
	}
	rows_free(rows);
	return code;
}

/* Refused for what was typed: show what may be typed. */
static void show_again(struct ctl *ctl, uint32_t incident, const char *id)
{
	static const char *const codes[] = {"INCOMPLETE", "NO_SUCH_CHOICE", "CHOICE_NOT_POSSIBLE", "UNKNOWN_FIELD", NULL};
	const Renraku__ItemRow *item;
	struct rows *rows;
	size_t i;

	for (i = 0; codes[i] && strcmp(codes[i], ctl->refused) != 0; i++)
		;
	rows = codes[i] && !ctl->json ? link_peek(ctl, RENRAKU__VIEW__VIEW_INCIDENT, incident) : NULL;
	item = rows ? pick_item(rows, incident, id) : NULL;
	if (item)
		form_show(ctl, item);
	rows_free(rows);
}

static const char *number_now(const Renraku__ItemRow *item, const char *body)
{
	size_t i, k;

	for (i = 0; i < item->n_calls; i++) {
		const Renraku__CallTarget *target = item->calls[i];

		if (strcmp(target->body, body) == 0 || text_fold_same(target->title, body) ||
			(*target->title_en && text_fold_same(target->title_en, body)))
			return target->number;
		for (k = 0; k < target->n_aliases; k++)
			if (text_fold_same(target->aliases[k], body))
				return target->number;
	}
	return "";
}

/* A call is recorded with the number that was used: where none was typed, the one for this hour, and it is said which. Of a body that
   the item does not list the server knows it. */
static int fill_numbers(struct ctl *ctl, uint32_t incident, const char *id, const struct fill *fill)
{
	struct rows *rows = NULL;
	const Renraku__ItemRow *item = NULL;
	int code = CTL_OK;
	size_t i;

	for (i = 0; i < fill->n_calls && code == CTL_OK; i++) {
		Renraku__Call *call = fill->calls[i];

		if (*call->number || *call->reason || call->at + LONG_AGO_MS < (uint64_t)clock_wall_ms())
			continue; /* the server knows the number of another hour */
		if (!item)
			item = fetch(ctl, incident, id, &rows, &code);
		if (!item)
			break;
		call->number = arena_strdup(ctl->arena, number_now(item, call->body));
		if (*call->number && !ctl->json)
			out_line(ctl, SHOW_DIM, T("「%s」の番号はこの時刻の %s として記録します。", "Number of '%s' at this hour: %s."),
				call->body, call->number);
	}
	rows_free(rows);
	return code;
}

/* Files that were named with '@' become names and hashes, where the form asks for files; titles of options become their ids. */
static int fill_values(struct ctl *ctl, uint32_t incident, const char *id, struct fill *fill)
{
	struct rows *rows = NULL;
	int code = CTL_OK;
	const Renraku__ItemRow *item = files_typed(fill) || words_typed(fill) ? fetch(ctl, incident, id, &rows, &code) : NULL;

	if (item && !files_read(ctl, item, fill))
		code = CTL_LOCAL;
	if (item)
		words_read(ctl, item, fill);
	rows_free(rows);
	return code;
}

static int run(struct ctl *ctl)
{
	Renraku__Enter enter = RENRAKU__ENTER__INIT;
	const char *id = ctl->line.args[1];
	Renraku__Command *command;
	struct fill fill;
	bool go_on = false;
	int code;

	enter.incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[0]);
	if (!enter.incident || !fill_read(ctl, 2, &fill))
		return CTL_USAGE;
	if (link_again(ctl, RENRAKU__COMMAND__ACT_ENTER, &code))
		return code;
	if (empty(&fill) || opt_has(&ctl->line, "form")) {
		code = show(ctl, enter.incident, id, &fill, &go_on);
		if (!go_on)
			return code;
	}
	code = fill_values(ctl, enter.incident, id, &fill);
	if (code == CTL_OK)
		code = fill_numbers(ctl, enter.incident, id, &fill);
	command = code == CTL_OK ? link_command(ctl) : NULL;
	if (!command)
		return code == CTL_OK ? CTL_USAGE : code;
	enter.item = arena_strdup(ctl->arena, id);
	enter.values = fill.values;
	enter.n_values = fill.n_values;
	enter.calls = fill.calls;
	enter.n_calls = fill.n_calls;
	enter.follow_ups = fill.follow_ups;
	enter.n_follow_ups = fill.n_follow_ups;
	command->act_case = RENRAKU__COMMAND__ACT_ENTER;
	command->enter = &enter;
	code = link_run(ctl, command, NULL);
	if (code == CTL_OK)
		told_after(ctl, enter.incident, id);
	else if (code == CTL_REFUSED)
		show_again(ctl, enter.incident, id);
	return code;
}

const struct cmd cmd_act = {
	.name = "act",
	.alias = "enter",
	.group = "work",
	.args_ja = "事案 項目 [項目名=値 …]",
	.args_en = "INCIDENT ITEM [FIELD=VALUE ...]",
	.ja = "項目を実施・報告・指示・決定して記録する（訂正も同じ命令）",
	.en = "carry out an item: report, instruct, decide, record (also amends)",
	.more_ja = "例:\n"
		   "  renraku act 1 項目ID                       一つずつ質問に答えて入力する（端末で。最後に確認があります）\n"
		   "  renraku act 1 項目ID --form                何を入れるかを見るだけ\n"
		   "  renraku act 1 項目ID 名前=値 --check 確認事項 名前='空白のある 値' --unknown 名前=調査中\n"
		   "  renraku act 1 項目ID --call 連絡先 --number 0749-00-1000 --answered 山田 --said '明朝来庁'\n"
		   "  renraku act 1 項目ID --follow-up 種別=障害監視の強化 --owner 職員ID --due 2026-12-25\n",
	.more_en = "Examples:\n"
		   "  renraku act 1 ITEM                       asks for each field (at a terminal; confirms at the end)\n"
		   "  renraku act 1 ITEM --form                only show what is asked for\n"
		   "  renraku act 1 ITEM FIELD=VALUE --check CHECK FIELD='two words' --unknown FIELD='looking'\n"
		   "  renraku act 1 ITEM --call BODY --number 0749-00-1000 --answered Yamada --said 'comes tomorrow'\n",
	.opts = options,
	.min_args = 2,
	.max_args = 128,
	.flags = CMD_LOOSE | CMD_ACTS,
	.run = run,
};
