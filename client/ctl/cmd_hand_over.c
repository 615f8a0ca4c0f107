/* renraku hand-over: a measure in force goes to a named owner with a due date, so that the incident can close. */
#include "ctl/fill.h"
#include "ctl/link.h"

static const struct opt_spec options[] = {{"owner", "職員ID", "PERSON", "引き継ぐ人（必須）", "its owner (needed)"},
	{"due", "年-月-日", "YYYY-MM-DD", "期限（必須）", "due date (needed)"}, {"reason", "理由", "TEXT", "理由", "the reason"}, OPT_END};

static int run(struct ctl *ctl)
{
	Renraku__HandOver hand_over = RENRAKU__HAND_OVER__INIT;
	const char *owner = fill_needed(ctl, "owner", T("だれが引き継ぎますか。", "who takes it over?"));
	const char *due = owner ? fill_needed(ctl, "due", T("いつまでですか（年-月-日）。", "until when (YYYY-MM-DD)?")) : NULL;
	const char *reason = opt_value(&ctl->line, "reason");
	Renraku__Command *command;

	if (!due || !fill_due(ctl, due))
		return CTL_USAGE;
	hand_over.incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[0]);
	hand_over.measure = hand_over.incident ? fill_number(ctl, T("措置", "measure"), ctl->line.args[1]) : 0;
	command = hand_over.measure ? link_command(ctl) : NULL;
	if (!command)
		return CTL_USAGE;
	hand_over.owner = arena_strdup(ctl->arena, owner);
	hand_over.due = arena_strdup(ctl->arena, due);
	if (reason)
		hand_over.reason = arena_strdup(ctl->arena, reason);
	command->act_case = RENRAKU__COMMAND__ACT_HAND_OVER;
	command->hand_over = &hand_over;
	return link_run(ctl, command, NULL);
}

const struct cmd cmd_hand_over = {
	.name = "hand-over",
	.group = "work",
	.args_ja = "事案 措置番号 --owner 職員ID --due 年-月-日",
	.args_en = "INCIDENT MEASURE --owner PERSON --due YYYY-MM-DD",
	.ja = "続いている措置を担当者に引き継ぐ（終結の前に）",
	.en = "hand a measure in force over to a named owner",
	.opts = options,
	.min_args = 2,
	.max_args = 2,
	.flags = CMD_ACTS,
	.run = run,
};
