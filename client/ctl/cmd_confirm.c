/* renraku confirm: 'yes, I said so', about what another entered for me by telephone; or the denial, which reopens the item. */
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/out.h"

static const struct opt_spec options[] = {
	{"deny", NULL, NULL, "言っていない（項目はやり直しになる）", "I did not say so (the item is reopened)"},
	{"comment", "文", "TEXT", "添える言葉", "a comment"}, OPT_END};

static int run(struct ctl *ctl)
{
	Renraku__Confirm confirm = RENRAKU__CONFIRM__INIT;
	const char *comment = opt_value(&ctl->line, "comment");
	Renraku__Command *command;

	confirm.record = fill_number64(ctl, T("記録", "record"), ctl->line.args[0]);
	command = confirm.record ? link_command(ctl) : NULL;
	if (!command)
		return CTL_USAGE;
	confirm.denied = opt_has(&ctl->line, "deny");
	if (comment)
		confirm.comment = arena_strdup(ctl->arena, comment);
	command->act_case = RENRAKU__COMMAND__ACT_CONFIRM;
	command->confirm = &confirm;
	return link_run(ctl, command, NULL);
}

const struct cmd cmd_confirm = {
	.name = "confirm",
	.group = "answer",
	.args_ja = "記録番号 [--deny]",
	.args_en = "RECORD [--deny]",
	.ja = "電話などで答えたと入力された内容を、本人が確認する（番号は renraku inbox）",
	.en = "confirm what was entered in your name (numbers: renraku inbox)",
	.opts = options,
	.min_args = 1,
	.max_args = 1,
	.flags = CMD_ACTS,
	.run = run,
};
