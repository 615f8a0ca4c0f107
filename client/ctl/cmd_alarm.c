/* renraku alarm WORD: opens an incident. The one command that must work whatever else does not. */
#include "ctl/behalf.h"
#include "ctl/fill.h"
#include "ctl/form.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/say.h"
#include "ctl/told.h"
#include "ctl/urgent.h"

static const struct opt_spec options[] = {
	{"drill", NULL, NULL, "訓練として発信する（すべての画面に【訓練】と出る）", "a drill (marked as such everywhere)"},
	{"reporter", "氏名", "NAME", "発見した人の名前", "who found it"}, FILL_VALUE_OPTIONS, BEHALF_OPTIONS, OPT_END};

static Renraku__Command *compose(struct ctl *ctl, Renraku__Alarm *alarm)
{
	const char *reporter = opt_value(&ctl->line, "reporter");
	Renraku__Command *command = link_command(ctl);
	struct fill fill;

	if (!command || !fill_read(ctl, 1, &fill))
		return NULL;
	alarm->entry = arena_strdup(ctl->arena, ctl->line.args[0]);
	alarm->values = fill.values;
	alarm->n_values = fill.n_values;
	alarm->drill = opt_has(&ctl->line, "drill");
	if (reporter)
		alarm->reporter = arena_strdup(ctl->arena, reporter);
	command->act_case = RENRAKU__COMMAND__ACT_ALARM;
	command->alarm = alarm;
	return command;
}

static void say_accepted(struct ctl *ctl, const Renraku__Result *result, bool drill)
{
	if (result->joined)
		out_line(ctl, SHOW_GOOD,
			T("%s受け付けました。すでに出ている事案 %u にまとめました（記録番号 %llu）。",
				"%sRecorded. It joined incident %u, which is open already (record %llu)."),
			say_drill(drill), result->incident, (unsigned long long)result->record);
	else
		out_line(ctl, SHOW_GOOD,
			T("%s受け付けました。事案 %u として記録されました（記録番号 %llu）。", "%sRecorded as incident %u (record %llu)."),
			say_drill(drill), result->incident, (unsigned long long)result->record);
	out_line(ctl, SHOW_PLAIN, T("知らせた相手（続きは renraku status %u）:", "Told so far (see renraku status %u):"), result->incident);
}

/* Refused: nobody was told. What the form allows is shown at once, since there is no time to look for it. */
static int show_form(struct ctl *ctl)
{
	struct rows *rows = ctl->json ? NULL : link_peek(ctl, RENRAKU__VIEW__VIEW_BOARD, 0);

	if (rows)
		form_alarms(ctl, rows, ctl->line.args[0]);
	rows_free(rows);
	if (!ctl->json)
		out_line(ctl, SHOW_BAD, "%s",
			T("通報は送られていません。上の項目に直してもう一度実行するか、すぐに電話してください（renraku contacts）。",
				"The alarm was NOT raised. Mend it as above and run it again, or telephone at once (renraku contacts)."));
	return CTL_REFUSED;
}

/* No word yet: which there are, and the command line of each. */
static int show_all(struct ctl *ctl)
{
	struct rows *rows = ctl->json ? NULL : link_peek(ctl, RENRAKU__VIEW__VIEW_BOARD, 0);

	if (rows)
		form_alarms(ctl, rows, NULL);
	rows_free(rows);
	return out_usage(ctl, "%s",
		T("通報はまだ送られていません。種別を付けて実行してください: renraku alarm 種別 --項目 値 …　急ぐときは電話も（renraku "
		  "contacts）。",
			"No alarm was raised yet. Say which: renraku alarm WORD --FIELD VALUE ... In a hurry, telephone too (renraku "
			"contacts)."));
}

static int run(struct ctl *ctl)
{
	const char *id = opt_value(&ctl->line, "id");
	const Renraku__Command *command = id ? urgent_waiting(ctl, id) : NULL;
	Renraku__Alarm alarm = RENRAKU__ALARM__INIT;
	Renraku__Result *result;
	int code;

	if (!command && ctl->line.n_args == 0)
		return show_all(ctl);
	if (!command)
		command = compose(ctl, &alarm);
	if (!command)
		return CTL_USAGE;
	if (command->behalf) /* 転記: what was written while nothing worked is entered by somebody who is signed in */
		return link_run(ctl, command, NULL);
	code = urgent_run(ctl, command, &result);
	if (code == CTL_REFUSED)
		return show_form(ctl);
	if (code != CTL_OK)
		return code;
	if (!ctl->json) {
		say_accepted(ctl, result, alarm.drill);
		told_since(ctl, result->incident, result->record);
	}
	renraku__result__free_unpacked(result, NULL);
	return code;
}

const struct cmd cmd_alarm = {
	.name = "alarm",
	.group = "alarm",
	.args_ja = "[種別] [--項目 値 …]",
	.args_en = "[WORD] [--FIELD VALUE ...]",
	.ja = "通報する（サインイン不要）。種別を書かなければ、選べる種別と書き方を表示する",
	.en = "raise an alarm (no sign-in); without WORD, show the alarms there are",
	.more_ja = "例:\n"
		   "  renraku alarm                                 この町の通報の種別と、それぞれの書き方\n"
		   "  renraku alarm 種別 --項目 値 --項目 '空白のある 値'\n"
		   "  renraku alarm 種別 --unknown 項目=調査中        今は分からない項目\n"
		   "場所を書かなければ、この端末の場所になります。\n"
		   "5 秒以内に返事がなければ「確認できません」と電話番号を表示し（終了コード 3）、つながりしだい一度だけ届きます。\n",
	.more_en = "Examples:\n"
		   "  renraku alarm                                 this town's alarms and how to raise each\n"
		   "  renraku alarm WORD --FIELD VALUE --FIELD 'two words'\n"
		   "  renraku alarm WORD --unknown FIELD=looking    what is not known yet\n"
		   "Without a place it is this terminal's.\n"
		   "Without an answer within 5 s it says 'not confirmed' and whom to telephone (exit 3); it is delivered once, later.\n",
	.opts = options,
	.max_args = 64,
	.flags = CMD_LOOSE | CMD_URGENT,
	.run = run,
};
