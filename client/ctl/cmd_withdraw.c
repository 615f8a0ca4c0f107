/* renraku withdraw: a mistaken alarm (誤報), by the terminal that raised it or by those the plan names. Spooled as the alarm is. */
#include "ctl/behalf.h"
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/told.h"
#include "ctl/urgent.h"

static const struct opt_spec options[] = {
	{"ground", "理由", "TEXT", "誤報と判断した理由（必須）", "why it was a mistake (needed)"}, BEHALF_OPTIONS, OPT_END};

static int run(struct ctl *ctl)
{
	Renraku__Withdraw withdraw = RENRAKU__WITHDRAW__INIT;
	const char *ground = fill_needed(ctl, "ground", T("誤報と判断した理由を書いてください。", "say why it was a mistake."));
	Renraku__Command *command;
	Renraku__Result *result;
	int code;

	if (!ground)
		return CTL_USAGE;
	withdraw.incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[0]);
	command = withdraw.incident ? link_command(ctl) : NULL;
	if (!command)
		return CTL_USAGE;
	withdraw.ground = arena_strdup(ctl->arena, ground);
	command->act_case = RENRAKU__COMMAND__ACT_WITHDRAW;
	command->withdraw = &withdraw;
	code = urgent_run(ctl, command, &result);
	if (code != CTL_OK)
		return code;
	if (!ctl->json) {
		out_line(ctl, SHOW_GOOD,
			T("事案 %u を誤報として取り下げました。通報を受けた人に知らせます。",
				"Incident %u is withdrawn as a mistake; those who had the alarm are told."),
			withdraw.incident);
		told_since(ctl, withdraw.incident, result->record);
	}
	renraku__result__free_unpacked(result, NULL);
	return code;
}

const struct cmd cmd_withdraw = {
	.name = "withdraw",
	.group = "alarm",
	.args_ja = "事案 --ground 理由",
	.args_en = "INCIDENT --ground TEXT",
	.ja = "まちがって出した通報を取り下げる（誤報）",
	.en = "withdraw a mistaken alarm",
	.more_ja = "例:\n  renraku withdraw 3 --ground 'ケーブルが抜けていただけ'\n",
	.more_en = "Example:\n  renraku withdraw 3 --ground 'only a cable was loose'\n",
	.opts = options,
	.min_args = 1,
	.max_args = 1,
	.flags = CMD_URGENT,
	.run = run,
};
