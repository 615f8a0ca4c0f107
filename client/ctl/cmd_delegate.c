/* renraku delegate: somebody stands in for the holder of a role for a term (職務代理, 委任), or does so no longer. */
#include <string.h>

#include "ctl/behalf.h"
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/may.h"
#include "ctl/out.h"
#include "ctl/term.h"

static const struct opt_spec options[] = {
	{"role", "役割ID", "ROLE", "任せる役割（省略すると務める役割すべて）", "the role (default: every role you hold)"},
	{"kind", "deputy|delegate", "deputy|delegate", "deputy 職務代理（不在の間）、delegate 委任（本人と並んで）",
		"deputy: while you are away; delegate: beside you"},
	TERM_OPTIONS,
	{"may", "範囲", "LIST", "できること acknowledge,enter,decide（既定はすべて）", "acknowledge,enter,decide (default all)"},
	{"of", "職員ID", "PERSON", "だれの役割か（管理者だけ。--reason が必要）", "whose role (administrators only, with --reason)"},
	{"reason", "理由", "TEXT", "理由", "the reason"},
	{"end", "番号", "NUMBER", "この番号の代理・委任を終える（番号は renraku status）", "end this delegation (see renraku status)"},
	BEHALF_OPTIONS, OPT_END};

static const char *read_kind(struct ctl *ctl)
{
	const char *kind = fill_needed(ctl, "kind",
		T("deputy（職務代理：不在の間だけ）か delegate（委任：本人と並んで）を選んでください。",
			"choose deputy (while you are away) or delegate (beside you)."));

	if (!kind)
		return NULL;
	if (strcmp(kind, "deputy") == 0 || strcmp(kind, "職務代理") == 0)
		return "deputy";
	if (strcmp(kind, "delegate") == 0 || strcmp(kind, "委任") == 0)
		return "delegate";
	out_usage(ctl, T("--kind「%s」は分かりません。deputy（職務代理）か delegate（委任）です。", "--kind '%s': use deputy or delegate."),
		kind);
	return NULL;
}

static char *given(struct ctl *ctl, const char *option)
{
	const char *value = opt_value(&ctl->line, option);

	return arena_strdup(ctl->arena, value ? value : "");
}

static int end(struct ctl *ctl)
{
	Renraku__EndDelegation message = RENRAKU__END_DELEGATION__INIT;
	Renraku__Command *command;

	if (ctl->line.n_args)
		return out_usage(ctl, "%s", T("--end は番号だけを書きます。", "--end takes the number only."));
	message.delegation = fill_number(ctl, T("代理・委任", "delegation"), opt_value(&ctl->line, "end"));
	command = message.delegation ? link_command(ctl) : NULL;
	if (!command)
		return CTL_USAGE;
	message.reason = given(ctl, "reason");
	command->act_case = RENRAKU__COMMAND__ACT_END_DELEGATION;
	command->end_delegation = &message;
	return link_run(ctl, command, NULL);
}

static int run(struct ctl *ctl)
{
	Renraku__Delegate message = RENRAKU__DELEGATE__INIT;
	const char *kind;
	Renraku__Command *command;
	int code;

	if (opt_has(&ctl->line, "end"))
		return end(ctl);
	if (!ctl->line.n_args)
		return out_usage(ctl, "%s",
			T("だれに任せますか。職員IDを書いてください（renraku status で分かります）。",
				"To whom? Give the person's id (see renraku status)."));
	kind = read_kind(ctl);
	if (!kind || !fill_needed(ctl, "until",
			     T("いつまで任せますか。期間のない代理・委任はできません。", "until when? A delegation needs an end.")))
		return CTL_USAGE;
	if (!term_read(ctl, &message.since, &message.until) || !may_read("may", opt_value(&ctl->line, "may"), &message.may))
		return CTL_USAGE;
	command = link_command(ctl);
	if (!command)
		return CTL_USAGE;
	message.to = arena_strdup(ctl->arena, ctl->line.args[0]);
	message.kind = arena_strdup(ctl->arena, kind);
	message.from = given(ctl, "of");
	message.role = given(ctl, "role");
	message.reason = given(ctl, "reason");
	command->act_case = RENRAKU__COMMAND__ACT_DELEGATE;
	command->delegate = &message;
	code = link_run(ctl, command, NULL);
	if (code == CTL_OK)
		term_say(ctl, "代理・委任", "delegation", message.since, message.until);
	return code;
}

const struct cmd cmd_delegate = {
	.name = "delegate",
	.group = "people",
	.args_ja = "職員ID --kind deputy|delegate [--role 役割] [--from 日時] --until 日時 | --end 番号",
	.args_en = "PERSON --kind deputy|delegate [--role ROLE] [--from TIME] --until TIME | --end NUMBER",
	.ja = "役割を期間を決めて任せる（職務代理・委任）、または終える",
	.en = "let somebody stand in for you for a term, or end that",
	.more_ja = "例:\n"
		   "  renraku delegate 職員ID --role 役割 --kind delegate --until 17:00   本人と並んで対応できる（委任）\n"
		   "  renraku delegate 職員ID --kind deputy --until 2026-12-03             不在の間だけ対応できる（職務代理）\n"
		   "  renraku delegate 職員ID --of 職員ID --kind deputy --until 18:00 --reason 本人の依頼   管理者が登録\n"
		   "  renraku delegate --end 2\n"
		   "自分が務める役割だけを任せられます。任された役割を、さらに他の人へ渡すことはできません。\n"
		   "期間が過ぎてから届いた操作は受け付けられません（終了コード 2、DELEGATION_EXPIRED）。\n",
	.more_en =
		"Examples:\n"
		"  renraku delegate PERSON --role ROLE --kind delegate --until 17:00   beside you\n"
		"  renraku delegate PERSON --kind deputy --until 2026-12-03             while you are away\n"
		"  renraku delegate PERSON --of PERSON --kind deputy --until 18:00 --reason 'on request'   by an administrator\n"
		"  renraku delegate --end 2\n"
		"Only a role you hold yourself; what you were entrusted with cannot be passed on. What arrives after the end is refused\n"
		"(exit 2, DELEGATION_EXPIRED).\n",
	.opts = options,
	.max_args = 1,
	.flags = CMD_ACTS,
	.run = run,
};
