/* renraku split: takes one of several alarms out of an incident into one of its own. */
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/out.h"

static const struct opt_spec options[] = {{"reason", "理由", "TEXT", "理由（必須）", "the reason (needed)"}, OPT_END};

static int run(struct ctl *ctl)
{
	Renraku__Split split = RENRAKU__SPLIT__INIT;
	const char *reason = fill_needed(ctl, "reason", T("なぜ別の事案ですか。", "why is it another incident?"));
	Renraku__Command *command;
	uint32_t made = 0;
	int code;

	if (!reason)
		return CTL_USAGE;
	split.incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[0]);
	split.alarm = split.incident ? fill_number64(ctl, T("通報の記録番号", "the alarm's record"), ctl->line.args[1]) : 0;
	command = split.alarm ? link_command(ctl) : NULL;
	if (!command)
		return CTL_USAGE;
	split.reason = arena_strdup(ctl->arena, reason);
	command->act_case = RENRAKU__COMMAND__ACT_SPLIT;
	command->split = &split;
	code = link_run(ctl, command, &made);
	if (code == CTL_OK && !ctl->json && made)
		out_line(ctl, SHOW_PLAIN, T("分けた事案: %u", "Incident: %u"), made);
	return code;
}

const struct cmd cmd_split = {
	.name = "split",
	.group = "work",
	.args_ja = "事案 通報の記録番号 --reason 理由",
	.args_en = "INCIDENT RECORD --reason TEXT",
	.ja = "まとめられた通報を別の事案に分ける（記録番号は renraku status 事案）",
	.en = "split an alarm off into an incident of its own (RECORD: see renraku status INCIDENT)",
	.opts = options,
	.min_args = 2,
	.max_args = 2,
	.flags = CMD_ACTS,
	.run = run,
};
