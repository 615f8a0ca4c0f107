/* renraku join: two incidents that are one. */
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/out.h"

static const struct opt_spec options[] = {{"reason", "理由", "TEXT", "理由（必須）", "the reason (needed)"}, OPT_END};

static int run(struct ctl *ctl)
{
	Renraku__Join join = RENRAKU__JOIN__INIT;
	const char *reason = fill_needed(ctl, "reason", T("なぜ同じ事案ですか。", "why are they one?"));
	Renraku__Command *command;

	if (!reason)
		return CTL_USAGE;
	join.incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[0]);
	join.into = join.incident ? fill_number(ctl, T("事案", "incident"), ctl->line.args[1]) : 0;
	if (join.into && join.into == join.incident)
		return out_usage(ctl, "%s", T("同じ事案の番号です。まとめる先は別の事案です。", "Both numbers are the same incident."));
	command = join.into ? link_command(ctl) : NULL;
	if (!command)
		return CTL_USAGE;
	join.reason = arena_strdup(ctl->arena, reason);
	command->act_case = RENRAKU__COMMAND__ACT_JOIN;
	command->join = &join;
	return link_run(ctl, command, NULL);
}

const struct cmd cmd_join = {
	.name = "join",
	.group = "work",
	.args_ja = "事案 まとめる先の事案 --reason 理由",
	.args_en = "INCIDENT INTO --reason TEXT",
	.ja = "事案を別の事案にまとめる",
	.en = "join an incident into another one",
	.opts = options,
	.min_args = 2,
	.max_args = 2,
	.flags = CMD_ACTS,
	.run = run,
};
