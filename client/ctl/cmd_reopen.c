/* renraku reopen: reopen an item that was done. */
#include "ctl/behalf.h"
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/told.h"

static const struct opt_spec options[] = {{"reason", "理由", "TEXT", "理由（必須）", "the reason (needed)"}, BEHALF_OPTIONS, OPT_END};

static int run(struct ctl *ctl)
{
	Renraku__Reopen reopen = RENRAKU__REOPEN__INIT;
	const char *reason = fill_needed(ctl, "reason", T("理由は記録に残ります。", "it goes on record."));
	Renraku__Command *command;
	int code;

	if (!reason)
		return CTL_USAGE;
	reopen.incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[0]);
	command = reopen.incident ? link_command(ctl) : NULL;
	if (!command)
		return CTL_USAGE;
	reopen.item = arena_strdup(ctl->arena, ctl->line.args[1]);
	reopen.reason = arena_strdup(ctl->arena, reason);
	command->act_case = RENRAKU__COMMAND__ACT_REOPEN;
	command->reopen = &reopen;
	code = link_run(ctl, command, NULL);
	if (code == CTL_OK)
		told_after(ctl, reopen.incident, reopen.item);
	return code;
}

const struct cmd cmd_reopen = {
	.name = "reopen",
	.group = "work",
	.args_ja = "事案 項目 --reason 理由",
	.args_en = "INCIDENT ITEM --reason TEXT",
	.ja = "済んだ項目をやり直しに戻す",
	.en = "reopen an item that was done",
	.opts = options,
	.min_args = 2,
	.max_args = 2,
	.flags = CMD_ACTS,
	.run = run,
};
