/* renraku waive: mark an optional item as not needed. */
#include "ctl/behalf.h"
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/told.h"

static const struct opt_spec options[] = {{"reason", "理由", "TEXT", "理由（必須）", "the reason (needed)"}, BEHALF_OPTIONS, OPT_END};

static int run(struct ctl *ctl)
{
	Renraku__Waive waive = RENRAKU__WAIVE__INIT;
	const char *reason = fill_needed(ctl, "reason", T("理由は記録に残ります。", "it goes on record."));
	Renraku__Command *command;
	int code;

	if (!reason)
		return CTL_USAGE;
	waive.incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[0]);
	command = waive.incident ? link_command(ctl) : NULL;
	if (!command)
		return CTL_USAGE;
	waive.item = arena_strdup(ctl->arena, ctl->line.args[1]);
	waive.reason = arena_strdup(ctl->arena, reason);
	command->act_case = RENRAKU__COMMAND__ACT_WAIVE;
	command->waive = &waive;
	code = link_run(ctl, command, NULL);
	if (code == CTL_OK)
		told_after(ctl, waive.incident, waive.item);
	return code;
}

const struct cmd cmd_waive = {
	.name = "waive",
	.alias = "not-needed",
	.group = "work",
	.args_ja = "事案 項目 --reason 理由",
	.args_en = "INCIDENT ITEM --reason TEXT",
	.ja = "任意の項目を「不要」とする（理由と名前が残る）",
	.en = "mark an optional item as not needed",
	.opts = options,
	.min_args = 2,
	.max_args = 2,
	.flags = CMD_ACTS,
	.run = run,
};
