/* renraku excuse: a terminal that cannot acknowledge, with the reason (invariant 3). */
#include "ctl/fill.h"
#include "ctl/link.h"

static const struct opt_spec options[] = {{"reason", "理由", "TEXT", "使えない理由（必須）", "why it is out of service (needed)"}, OPT_END};

static int run(struct ctl *ctl)
{
	Renraku__Excuse excuse = RENRAKU__EXCUSE__INIT;
	const char *reason =
		fill_needed(ctl, "reason", T("端末が使えない理由を書いてください。", "say why the terminal is out of service."));
	Renraku__Command *command;

	if (!reason)
		return CTL_USAGE;
	excuse.notice = fill_number64(ctl, T("通知", "notice"), ctl->line.args[0]);
	command = excuse.notice ? link_command(ctl) : NULL;
	if (!command)
		return CTL_USAGE;
	excuse.terminal = arena_strdup(ctl->arena, ctl->line.args[1]);
	excuse.reason = arena_strdup(ctl->arena, reason);
	command->act_case = RENRAKU__COMMAND__ACT_EXCUSE;
	command->excuse = &excuse;
	return link_run(ctl, command, NULL);
}

const struct cmd cmd_excuse = {
	.name = "excuse",
	.group = "answer",
	.args_ja = "通知番号 端末ID --reason 理由",
	.args_en = "NOTICE TERMINAL --reason TEXT",
	.ja = "使えない端末を、理由を残して確認の対象から外す",
	.en = "excuse a terminal that is out of service",
	.more_ja = "例:\n  renraku excuse 20 t3 --reason '電源が入らない'\n",
	.more_en = "Example:\n  renraku excuse 20 t3 --reason 'no power'\n",
	.opts = options,
	.min_args = 2,
	.max_args = 2,
	.flags = CMD_ACTS,
	.run = run,
};
