/* renraku give-up: ends a drill at any moment. */
#include "ctl/fill.h"
#include "ctl/link.h"

static const struct opt_spec options[] = {{"reason", "理由", "TEXT", "理由（必須）", "the reason (needed)"}, OPT_END};

static int run(struct ctl *ctl)
{
	Renraku__GiveUp give_up = RENRAKU__GIVE_UP__INIT;
	const char *reason = fill_needed(ctl, "reason", T("訓練を中止する理由を書いてください。", "say why the drill is given up."));
	Renraku__Command *command;

	if (!reason)
		return CTL_USAGE;
	give_up.incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[0]);
	command = give_up.incident ? link_command(ctl) : NULL;
	if (!command)
		return CTL_USAGE;
	give_up.reason = arena_strdup(ctl->arena, reason);
	command->act_case = RENRAKU__COMMAND__ACT_GIVE_UP;
	command->give_up = &give_up;
	return link_run(ctl, command, NULL);
}

const struct cmd cmd_give_up = {
	.name = "give-up",
	.group = "work",
	.args_ja = "事案 --reason 理由",
	.args_en = "INCIDENT --reason TEXT",
	.ja = "訓練を途中でやめる（訓練だけ）",
	.en = "give up a drill (drills only)",
	.opts = options,
	.min_args = 1,
	.max_args = 1,
	.flags = CMD_ACTS,
	.run = run,
};
