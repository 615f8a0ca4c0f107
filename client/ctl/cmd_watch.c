/* renraku watch: the live board, and a person's device. */
#include "ctl/link.h"
#include "ctl/watching.h"

static const struct opt_spec options[] = {
	{"lines", NULL, NULL, "画面を書きかえず、変化を一行ずつ表示する", "a line for each change instead of painting the screen"},
	OPT_END};

static int run(struct ctl *ctl)
{
	return watching_run(ctl, RENRAKU__VIEW__VIEW_BOARD, !opt_has(&ctl->line, "lines"));
}

const struct cmd cmd_watch = {
	.name = "watch",
	.group = "see",
	.args_ja = "[--lines]",
	.args_en = "[--lines]",
	.ja = "状況を表示しつづける。開いている間は在席となり、自分あての通知が届く",
	.en = "show the state live; while it runs you are present and notices reach you",
	.more_ja = "Ctrl-C で終わります。ここからは操作できません。応えるには別の画面で renraku ack 番号 と打ってください。\n",
	.more_en = "Ctrl-C ends it. Nothing is entered here: answer in another window with renraku ack NUMBER.\n",
	.opts = options,
	.run = run,
};
