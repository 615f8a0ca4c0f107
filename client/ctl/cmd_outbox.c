/* renraku outbox: alarms that have not arrived. */
#include <stdlib.h>

#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/urgent.h"

static const struct opt_spec options[] = {{"send", NULL, NULL, "今すぐ届けてみる", "try to deliver them now"}, OPT_END};

static int run(struct ctl *ctl)
{
	size_t left = 0;

	if (opt_has(&ctl->line, "send"))
		left = urgent_deliver(ctl);
	if (urgent_show(ctl) == 0)
		out_line(ctl, SHOW_PLAIN, "%s", T("届いていない通報はありません。", "Every alarm has been delivered."));
	if (left)
		out_error(T("まだ %zu 件届いていません。", "%zu not delivered yet."), left);
	return left ? CTL_NOT_CONFIRMED : CTL_OK;
}

const struct cmd cmd_outbox = {
	.name = "outbox",
	.group = "alarm",
	.args_ja = "[--send]",
	.args_en = "[--send]",
	.ja = "まだ届いていない通報と、後から届いた通報を見る",
	.en = "alarms not delivered yet, and those delivered later",
	.opts = options,
	.run = run,
};
