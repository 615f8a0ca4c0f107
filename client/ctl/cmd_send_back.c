/* renraku send-back: sugar for act, for items with one choice of two. */
#include "ctl/behalf.h"
#include "ctl/choose.h"

static const struct opt_spec options[] = {
	{"text", "文", "TEXT", "理由・議事など、様式が求める文", "the ground or minutes that the form asks for"}, FILL_VALUE_OPTIONS,
	BEHALF_OPTIONS, OPT_END};

static int run(struct ctl *ctl)
{
	return choose_yes_no(ctl, false);
}

const struct cmd cmd_send_back = {
	.name = "send-back",
	.group = "work",
	.args_ja = "事案 [項目] --text 理由",
	.args_en = "INCIDENT [ITEM] --text TEXT",
	.ja = "承認項目で、やり直しに戻す選択肢（差し戻す・再開しない）を選ぶ",
	.en = "send back: the item's choice that has it done again",
	.opts = options,
	.min_args = 1,
	.max_args = 64,
	.flags = CMD_LOOSE | CMD_ACTS,
	.run = run,
};
