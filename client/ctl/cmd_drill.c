/* renraku drill: begins a drill of any entry, ends it, shows how it was answered. */
#include <string.h>

#include "ctl/fill.h"
#include "ctl/form.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/scorecard.h"
#include "ctl/told.h"

static const struct opt_spec options[] = {{"unannounced", NULL, NULL, "予告なしの訓練にする", "not announced beforehand"},
	{"reporter", "氏名", "NAME", "訓練で発見者とする人", "who found it, in the drill"},
	{"reason", "理由", "TEXT", "終える理由（end。なければ「訓練を終える」）", "why it ends (end)"},
	{"items", NULL, NULL, "項目ごとにも表示する（score・end）", "each item, too (score, end)"}, FILL_VALUE_OPTIONS, OPT_END};

static int score(struct ctl *ctl, uint32_t incident)
{
	int code = CTL_OK;
	struct rows *rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_INCIDENT, incident, &code);
	const Renraku__IncidentRow *in = rows ? pick_incident(rows, incident) : NULL;

	if (!rows)
		return code;
	if (!in || !in->drill) {
		out_error(T("事案 %u は訓練ではありません。renraku drill list で番号を確かめてください。",
				  "Incident %u is no drill. See renraku drill list."),
			incident);
		code = CTL_USAGE;
	} else if (ctl->json) {
		scorecard_json(rows, incident);
	} else {
		scorecard_show(ctl, rows, incident, opt_has(&ctl->line, "items"));
	}
	rows_free(rows);
	return code;
}

static int list(struct ctl *ctl)
{
	int code = CTL_OK;
	struct rows *rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_DRILLS, 0, &code);

	if (!rows)
		return code;
	if (ctl->json)
		out_view(rows, RENRAKU__VIEW__VIEW_DRILLS, 0);
	else
		scorecard_list(ctl, rows);
	rows_free(rows);
	return CTL_OK;
}

/* What the forms of alarms allow, where the server refused for that. */
static void show_form(struct ctl *ctl, const char *word)
{
	struct rows *rows = ctl->json || strcmp(ctl->refused, "NO_DRILL_NOW") == 0 ? NULL : link_peek(ctl, RENRAKU__VIEW__VIEW_BOARD, 0);

	if (rows)
		form_alarms(ctl, rows, word);
	rows_free(rows);
}

/* Not kept for later like an alarm: a drill that begins by itself hours later helps nobody. */
static int start(struct ctl *ctl)
{
	Renraku__Alarm alarm = RENRAKU__ALARM__INIT;
	const char *reporter = opt_value(&ctl->line, "reporter");
	Renraku__Command *command;
	struct fill fill;
	uint32_t incident = 0;
	int code;

	if (ctl->line.n_args < 2)
		return out_usage(ctl, "%s",
			T("訓練の種別を書いてください: renraku drill start 種別 --項目 値",
				"Say which alarm: renraku drill start WORD --FIELD VALUE"));
	command = fill_read(ctl, 2, &fill) ? link_command(ctl) : NULL;
	if (!command)
		return CTL_USAGE;
	alarm.entry = arena_strdup(ctl->arena, ctl->line.args[1]);
	alarm.values = fill.values;
	alarm.n_values = fill.n_values;
	alarm.drill = true;
	alarm.unannounced = opt_has(&ctl->line, "unannounced");
	if (reporter)
		alarm.reporter = arena_strdup(ctl->arena, reporter);
	command->act_case = RENRAKU__COMMAND__ACT_ALARM;
	command->alarm = &alarm;
	code = link_run(ctl, command, &incident);
	if (code == CTL_REFUSED)
		show_form(ctl, ctl->line.args[1]);
	if (code != CTL_OK || ctl->json)
		return code;
	out_line(ctl, SHOW_DRILL,
		T("【訓練】事案 %u を%sの訓練として始めました。終えるには: renraku drill end %u",
			"[DRILL] Incident %u has begun as %s drill. To end it: renraku drill end %u"),
		incident, alarm.unannounced ? T("予告なし", "an unannounced") : T("予告あり", "an announced"), incident);
	told_since(ctl, incident, 0);
	return code;
}

static int end(struct ctl *ctl, uint32_t incident)
{
	Renraku__GiveUp give_up = RENRAKU__GIVE_UP__INIT;
	const char *reason = opt_value(&ctl->line, "reason");
	Renraku__Command *command = link_command(ctl);
	int code;

	if (!command)
		return CTL_USAGE;
	give_up.incident = incident;
	give_up.reason = arena_strdup(ctl->arena, reason && *reason ? reason : "訓練を終える");
	command->act_case = RENRAKU__COMMAND__ACT_GIVE_UP;
	command->give_up = &give_up;
	code = link_run(ctl, command, NULL);
	return code == CTL_OK ? score(ctl, incident) : code;
}

static int run(struct ctl *ctl)
{
	const char *verb = ctl->line.args[0];
	bool about = strcmp(verb, "score") == 0 || strcmp(verb, "end") == 0;
	uint32_t incident = 0;

	if (strcmp(verb, "start") == 0)
		return start(ctl);
	if (ctl->line.n_args > (about ? 2u : 1u))
		return out_usage(ctl, T("「%s」は余分です。", "'%s' is too much."), ctl->line.args[about ? 2 : 1]);
	if (strcmp(verb, "list") == 0)
		return list(ctl);
	if (!about)
		return out_usage(ctl,
			T("「%s」は分かりません。start、end、score、list のどれかです。", "'%s': use start, end, score or list."), verb);
	if (ctl->line.n_args < 2)
		return out_usage(
			ctl, T("事案の番号を書いてください: renraku drill %s 事案", "Give the incident: renraku drill %s INCIDENT"), verb);
	incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[1]);
	if (!incident)
		return CTL_USAGE;
	return strcmp(verb, "end") == 0 ? end(ctl, incident) : score(ctl, incident);
}

const struct cmd cmd_drill = {
	.name = "drill",
	.group = "drill",
	.args_ja = "start|end|score|list [種別|事案] [--項目 値 …]",
	.args_en = "start|end|score|list [WORD|INCIDENT] [--FIELD VALUE ...]",
	.ja = "訓練を始める・終える、採点表と訓練の一覧を見る",
	.en = "begin and end a drill, see its score card and the list of drills",
	.more_ja = "例:\n"
		   "  renraku drill start 種別 --項目 '想定: 起動しない'\n"
		   "  renraku drill start 種別 --unannounced --項目 '想定'\n"
		   "  renraku drill score 3 --items      途中でも見られる\n"
		   "  renraku drill end 3                終えて採点表を表示する\n"
		   "  renraku drill list\n"
		   "訓練はすべての画面・通知・印刷に【訓練】と出ます。実際の通報があると、訓練はその場で中止になります。\n",
	.more_en = "Examples:\n"
		   "  renraku drill start WORD --FIELD 'as if: does not start'\n"
		   "  renraku drill start WORD --unannounced --FIELD 'as if'\n"
		   "  renraku drill score 3 --items      while it goes on, too\n"
		   "  renraku drill end 3                ends it and shows the score card\n"
		   "  renraku drill list\n"
		   "A drill is marked [DRILL] everywhere. A real alarm ends every drill at once.\n",
	.opts = options,
	.min_args = 1,
	.max_args = 64,
	.flags = CMD_LOOSE | CMD_ACTS,
	.run = run,
};
