/* renraku absent, renraku back: somebody is not there for a while. Deputies and delegates are told at once in the meantime. */
#include "ctl/behalf.h"
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/term.h"

static const struct opt_spec options[] = {TERM_OPTIONS, {"reason", "理由", "TEXT", "理由（必須）", "the reason (needed)"},
	{"person", "職員ID", "PERSON", "他の人の不在（管理者だけ）", "somebody else's absence (administrators only)"}, BEHALF_OPTIONS,
	OPT_END};
static const struct opt_spec back_options[] = {
	{"person", "職員ID", "PERSON", "他の人の不在を終える（管理者だけ）", "somebody else's (administrators only)"}, BEHALF_OPTIONS,
	OPT_END};

static int send(struct ctl *ctl, Renraku__Absence *absence, const char *ja, const char *en)
{
	const char *person = opt_value(&ctl->line, "person");
	Renraku__Command *command = link_command(ctl);
	int code;

	if (!command)
		return CTL_USAGE;
	if (person)
		absence->person = arena_strdup(ctl->arena, person);
	command->act_case = RENRAKU__COMMAND__ACT_ABSENCE;
	command->absence = absence;
	code = link_run(ctl, command, NULL);
	if (code == CTL_OK && !absence->back)
		term_say(ctl, "不在", "absent", absence->since, absence->until);
	if (code == CTL_OK && !ctl->json)
		out_line(ctl, SHOW_DIM, "%s", T(ja, en));
	return code;
}

static int run(struct ctl *ctl)
{
	Renraku__Absence absence = RENRAKU__ABSENCE__INIT;
	const char *reason = fill_needed(ctl, "reason", T("不在の理由を書いてください。", "say why."));

	if (!reason || !term_read(ctl, &absence.since, &absence.until))
		return CTL_USAGE;
	absence.reason = arena_strdup(ctl->arena, reason);
	return send(ctl, &absence,
		"不在の間、連絡は代理・委任を受けた人にもすぐ届きます。あなた宛ての連絡もそのまま残ります。戻ったら renraku back。",
		"While absent, deputies and delegates are told at once; your own notices stay. When you return: renraku back.");
}

static int run_back(struct ctl *ctl)
{
	Renraku__Absence absence = RENRAKU__ABSENCE__INIT;

	absence.back = true;
	return send(ctl, &absence, "不在を終えました。", "The absence has ended.");
}

const struct cmd cmd_absent = {
	.name = "absent",
	.group = "people",
	.args_ja = "[--from 日時] [--until 日時] --reason 理由",
	.args_en = "[--from TIME] [--until TIME] --reason TEXT",
	.ja = "不在を登録する（代理・委任を受けた人にすぐ連絡が行く）",
	.en = "mark yourself absent: deputies and delegates are told at once",
	.more_ja = "例:\n"
		   "  renraku absent --until 17:00 --reason 出張\n"
		   "  renraku absent --from 2026-12-01 --until 2026-12-03 --reason 休暇\n"
		   "  renraku absent --for 職員ID --number 0749-00-0005 --until 15:00 --reason 会議   電話で聞いて登録\n"
		   "電話の番号は renraku contacts にあります。不在の人が操作すれば、その事案ではいるものとして扱われます。\n",
	.more_en = "Examples:\n"
		   "  renraku absent --until 17:00 --reason 'business trip'\n"
		   "  renraku absent --from 2026-12-01 --until 2026-12-03 --reason leave\n"
		   "  renraku absent --for PERSON --number 0749-00-0005 --until 15:00 --reason meeting   as told by telephone\n"
		   "Whoever is absent and acts all the same counts as being there.\n",
	.opts = options,
	.flags = CMD_ACTS,
	.run = run,
};

const struct cmd cmd_back = {
	.name = "back",
	.group = "people",
	.args_ja = "",
	.args_en = "",
	.ja = "不在を終える（戻った）",
	.en = "end your absence",
	.opts = back_options,
	.flags = CMD_ACTS,
	.run = run_back,
};
