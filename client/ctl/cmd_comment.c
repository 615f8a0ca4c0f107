/* renraku comment: a remark that stands beside an incident or an item. */
#include "ctl/behalf.h"
#include "ctl/fill.h"
#include "ctl/link.h"

static const struct opt_spec options[] = {BEHALF_OPTIONS, OPT_END};

static int run(struct ctl *ctl)
{
	Renraku__Comment comment = RENRAKU__COMMENT__INIT;
	const char *item;
	Renraku__Command *command;

	if (!fill_place(ctl, ctl->line.args[0], &comment.incident, &item))
		return CTL_USAGE;
	command = link_command(ctl);
	if (!command)
		return CTL_USAGE;
	if (item)
		comment.item = arena_strdup(ctl->arena, item);
	comment.text = arena_strdup(ctl->arena, ctl->line.args[1]);
	command->act_case = RENRAKU__COMMAND__ACT_COMMENT;
	command->comment = &comment;
	return link_run(ctl, command, NULL);
}

const struct cmd cmd_comment = {
	.name = "comment",
	.group = "work",
	.args_ja = "事案[/項目] '文'",
	.args_en = "INCIDENT[/ITEM] 'TEXT'",
	.ja = "事案や項目にコメントを残す",
	.en = "leave a comment on an incident or item",
	.more_ja = "例:\n  renraku comment 1 '業者が 14 時に到着'\n  renraku comment 1/項目ID '部品待ち'\n",
	.more_en = "Example:\n  renraku comment 1/ITEM 'waiting for a part'\n",
	.opts = options,
	.min_args = 2,
	.max_args = 2,
	.flags = CMD_ACTS,
	.run = run,
};
