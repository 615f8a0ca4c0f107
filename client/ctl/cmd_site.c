/* renraku site: loads the town's persons, roles, terminals, contacts and limits. */
#include <stdlib.h>
#include <string.h>

#include "ctl/link.h"
#include "ctl/load.h"
#include "ctl/logread.h"
#include "ctl/out.h"
#include "record/record.h"

/* ---- the newest edition ---- */

#define LOOK_BACK 1000u

struct newest {
	char *text;
	size_t len;
};

static bool keep_newest(void *arg, const Renraku__LogEntry *entry)
{
	struct newest *found = arg;
	struct arena *arena = arena_new(0);
	struct record r;

	if (!entry->withheld && record_decode(arena, entry->record.data, entry->record.len, &r) && r.kind == REC_SITE_LOADED) {
		free(found->text);
		found->text = xstrndup((const char *)r.blob, r.blob_len);
		found->len = r.blob_len;
	}
	arena_free(arena);
	return true;
}

/* Further and further back until there is one. Byte for byte as it was loaded or edited: to be written into a file and loaded again. */
static int show(struct ctl *ctl)
{
	struct newest found = {0};
	uint64_t head = 0, back = LOOK_BACK;
	int code = CTL_OK;

	if (!link_open(ctl, link_deadline(ctl)))
		return link_failed(ctl);
	head = conn_welcome(ctl->conn)->head;
	while (code == CTL_OK && !found.text) {
		code = logread_server(ctl, head > back ? head - back : 1, 0, keep_newest, &found, &head);
		if (back >= head)
			break;
		back *= 10;
	}
	if (found.text)
		fwrite(found.text, 1, found.len, ctl->out);
	free(found.text);
	return code;
}

static int run(struct ctl *ctl)
{
	struct plan_faults faults = {0};
	const char *path = ctl->line.n_args > 1 ? ctl->line.args[1] : NULL;
	struct site *site;
	char *text;
	size_t len;
	int code;

	if (strcmp(ctl->line.args[0], "show") == 0 && !path)
		return show(ctl);
	if (strcmp(ctl->line.args[0], "load") != 0 || !path)
		return out_usage(ctl, "%s",
			T("renraku site load 登録情報.yaml か renraku site show と書きます。調べるだけなら renraku plan check 計画 "
			  "登録情報 "
			  "です。",
				"Use renraku site load SITE or renraku site show; to check only: renraku plan check PLAN SITE."));
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
	.args_ja = "load|show [登録情報.yaml]",
	.args_en = "load|show [SITE]",
	.ja = "庁内の登録情報（人・役割・端末・連絡先・時間）を読み込む、今の版を書き出す（管理者だけ）",
	.en = "load the site (persons, roles, terminals, contacts, limits), or print the one in force (administrators only)",
	.more_ja = "例:\n"
		   "  renraku site show > 登録情報.yaml    今の版（画面や renraku holders・person で変えたものを含む）\n"
		   "  renraku site load 登録情報.yaml      新しい版にする\n",
	.more_en = "Examples:\n"
		   "  renraku site show > site.yaml      the one in force, with what was changed by holders, person or in the console\n"
		   "  renraku site load site.yaml        the next edition\n",
	.min_args = 1,
	.max_args = 2,
	.flags = CMD_ACTS,
	.run = run,
};
