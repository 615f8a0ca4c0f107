/* renraku bar: keeps a person out of an incident, with a ground (invariant 13), or lets them in again. */
#include "ctl/behalf.h"
#include "ctl/fill.h"
#include "ctl/link.h"

static const struct opt_spec options[] = {{"ground", "根拠", "TEXT", "根拠（必須）", "the ground (needed)"},
	{"readmit", NULL, NULL, "関与の制限を解く", "let the person in again"}, BEHALF_OPTIONS, OPT_END};

static int run(struct ctl *ctl)
{
	Renraku__Bar bar = RENRAKU__BAR__INIT;
	const char *ground =
		fill_needed(ctl, "ground", T("根拠を書いてください（記録に残ります）。", "give the ground (it goes on record)."));
	Renraku__Command *command;

	if (!ground)
		return CTL_USAGE;
	bar.incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[0]);
	command = bar.incident ? link_command(ctl) : NULL;
	if (!command)
		return CTL_USAGE;
	bar.person = arena_strdup(ctl->arena, ctl->line.args[1]);
	bar.ground = arena_strdup(ctl->arena, ground);
	bar.readmit = opt_has(&ctl->line, "readmit");
	command->act_case = RENRAKU__COMMAND__ACT_BAR;
	command->bar = &bar;
	return link_run(ctl, command, NULL);
}

const struct cmd cmd_bar = {
	.name = "bar",
	.group = "people",
	.args_ja = "事案 職員ID --ground 根拠 [--readmit]",
	.args_en = "INCIDENT PERSON --ground TEXT [--readmit]",
	.ja = "関係が疑われる人を事案から外す（見ることも対応することもできなくする）、または戻す",
	.en = "keep a person out of an incident (need to know), or readmit them",
	.more_ja = "例:\n"
		   "  renraku bar 3 職員ID --ground 本人の操作履歴が対象に含まれるため\n"
		   "  renraku bar 3 職員ID --readmit --ground 無関係と確認した\n"
		   "外された人には、外したことも事案も表示されません。代理・委任を受けた人がすぐ代わります。\n"
		   "その役割を務められる人がだれもいなくなる場合はできません。先に renraku delegate で代理を定めてください。\n",
	.more_en = "Examples:\n"
		   "  renraku bar 3 PERSON --ground 'own operations are among those examined'\n"
		   "  renraku bar 3 PERSON --readmit --ground 'found to be unconnected'\n"
		   "The person sees neither the incident nor the bar; deputies and delegates step in at once. It is refused where nobody\n"
		   "would be left for a role: name a deputy first (renraku delegate).\n",
	.opts = options,
	.min_args = 2,
	.max_args = 2,
	.flags = CMD_ACTS,
	.run = run,
};
