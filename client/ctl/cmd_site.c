/* renraku site: loads the town's persons, roles, terminals, contacts and limits. */
#include <stdlib.h>
#include <string.h>

#include "ctl/link.h"
#include "ctl/load.h"
#include "ctl/out.h"

static int run(struct ctl *ctl)
{
	struct plan_faults faults = {0};
	const char *path = ctl->line.args[1];
	struct site *site;
	char *text;
	size_t len;
	int code;

	if (strcmp(ctl->line.args[0], "load") != 0)
		return out_usage(ctl, "%s",
			T("renraku site load 登録情報.yaml と書きます。調べるだけなら renraku plan check 計画 登録情報 です。",
				"Use renraku site load SITE; to check only: renraku plan check PLAN SITE."));
	text = load_file(path, &len);
	if (!text)
		return CTL_LOCAL;
	site = site_load(path, text, len, &faults);
	code = load_faults(ctl, &faults);
	if (site)
		site_free(site);
	plan_faults_free(&faults);
	if (code == CTL_OK)
		code = load_send(ctl, path, text, len, true);
	free(text);
	return code;
}

const struct cmd cmd_site = {
	.name = "site",
	.group = "admin",
	.args_ja = "load 登録情報.yaml",
	.args_en = "load SITE",
	.ja = "庁内の登録情報（人・役割・端末・連絡先・時間）を読み込む",
	.en = "load the site: persons, roles, terminals, contacts, limits",
	.min_args = 2,
	.max_args = 2,
	.flags = CMD_ACTS,
	.run = run,
};
