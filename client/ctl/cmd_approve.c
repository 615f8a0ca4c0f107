/* renraku approve: sugar for act, for items with one choice of two. */
#include "ctl/behalf.h"
#include "ctl/choose.h"

static const struct opt_spec options[] = {
	{"text", "文", "TEXT", "理由・議事など、様式が求める文", "the ground or minutes that the form asks for"}, FILL_VALUE_OPTIONS,
	BEHALF_OPTIONS, OPT_END};

static int run(struct ctl *ctl)
{
	return choose_yes_no(ctl, true);
}

const struct cmd cmd_approve = {
	.name = "approve",
	.group = "work",
	.args_ja = "事案 [項目] --text 理由",
	.args_en = "INCIDENT [ITEM] --text TEXT",
	.ja = "承認項目で、差し戻しでない選択肢（承認する・再開する）を選ぶ",
	.en = "approve: the item's choice that does not send back",
	.opts = options,
	.min_args = 1,
	.max_args = 64,
	.flags = CMD_LOOSE | CMD_ACTS,
	.run = run,
};
