/* renraku plan: check a plan here, load it into the server, show which one is in force. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/link.h"
#include "ctl/load.h"
#include "ctl/out.h"
#include "ctl/pick.h"

static void summary_json(const struct plan_faults *faults)
{
	printf("{\"errors\":%zu,\"warnings\":%zu}\n", faults->n_errors, faults->n - faults->n_errors);
}

static int summary(struct ctl *ctl, const struct plan *plan, const struct plan_faults *faults)
{
	int code = load_faults(ctl, faults);

	if (ctl->json)
		summary_json(faults);
	else if (code != CTL_OK)
		out_line(ctl, SHOW_BAD,
			T("誤り %zu 件、注意 %zu 件。直してからもう一度確かめてください。",
				"%zu errors, %zu warnings. Mend them and check again."),
			faults->n_errors, faults->n - faults->n_errors);
	else
		out_line(ctl, SHOW_GOOD,
			T("誤りはありません（注意 %zu 件）。手順書 %zu、項目 %zu、役割 %zu。",
				"No errors (%zu warnings). %zu procedures, %zu items, %zu roles."),
			faults->n, plan->n_procedures, plan->n_items, plan->n_roles);
	return code;
}

/* All faults of both files and of their fit in one run. */
static int check_both(struct ctl *ctl, const char *plan_path, const char *site_path)
{
	struct plan_faults faults = {0};
	size_t plan_len = 0, site_len = 0;
	char *plan_text = load_file(plan_path, &plan_len), *site_text = site_path ? load_file(site_path, &site_len) : NULL;
	int code = CTL_LOCAL;

	if (plan_text && (site_text || !site_path)) {
		struct plan *plan = plan_check_files(plan_path, plan_text, plan_len, site_path, site_text, site_len, &faults);

		code = summary(ctl, plan, &faults);
		plan_free(plan);
	}
	plan_faults_free(&faults);
	free(plan_text);
	free(site_text);
	return code;
}

static int load(struct ctl *ctl, const char *path)
{
	struct plan_faults faults = {0};
	size_t len;
	char *text = load_file(path, &len);
	struct plan *plan;
	int code;

	if (!text)
		return CTL_LOCAL;
	plan = plan_load(path, text, len, &faults);
	code = faults.n_errors ? summary(ctl, plan, &faults) : load_send(ctl, path, text, len, false);
	if (plan)
		plan_free(plan);
	plan_faults_free(&faults);
	free(text);
	return code;
}

static int show(struct ctl *ctl)
{
	int code = CTL_OK;
	struct rows *rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_BOARD, 0, &code);
	const Renraku__TownRow *town;

	if (!rows)
		return code;
	town = pick_town(rows);
	if (!town || !*town->plan)
		out_line(ctl, SHOW_WARN, "%s",
			T("計画はまだ読み込まれていません（renraku plan load）。", "No plan is loaded (renraku plan load)."));
	else if (ctl->json)
		out_json(&town->base);
	else
		out_line(ctl, SHOW_PLAIN,
			T("計画        %s  %s\n  sha256    %s\n庁内登録情報  %s\n  sha256    %s",
				"plan  %s  %s\n  sha256  %s\nsite  %s\n  sha256  %s"),
			town->plan, town->edition, town->plan_sha256, town->site, town->site_sha256);
	rows_free(rows);
	return CTL_OK;
}

static int run(struct ctl *ctl)
{
	const char *verb = ctl->line.args[0], *path = ctl->line.n_args > 1 ? ctl->line.args[1] : NULL,
		   *site = ctl->line.n_args > 2 ? ctl->line.args[2] : NULL;

	if (strcmp(verb, "check") == 0 && path)
		return check_both(ctl, path, site);
	if (strcmp(verb, "show") != 0 && (strcmp(verb, "load") != 0 || !path))
		return out_usage(ctl, "%s",
			T("renraku plan check 計画 [登録情報]、plan load 計画、plan show のどれかです。",
				"Use renraku plan check PLAN [SITE], plan load PLAN or plan show."));
	if (!ctl->settings) {
		out_error("%s", T("設定ファイルがありません。--config で指定してください（plan check には要りません）。",
					"There is no configuration file; give --config (plan check needs none)."));
		return CTL_LOCAL;
	}
	if (strcmp(verb, "show") == 0)
		return show(ctl);
	return load(ctl, path);
}

const struct cmd cmd_plan = {
	.name = "plan",
	.group = "admin",
	.args_ja = "check 計画.yaml [登録情報.yaml] | load 計画.yaml | show",
	.args_en = "check PLAN [SITE] | load PLAN | show",
	.ja = "計画を調べる（サーバ不要）・読み込む・今の計画を見る",
	.en = "check a plan (no server needed), load it, show the one in force",
	.more_ja = "check は誤りをすべて、ファイル:行:桁 で示します。誤りがあれば終了コード 6。\n",
	.more_en = "check reports every fault with file:line:column; exit 6 when there are errors.\n",
	.min_args = 1,
	.max_args = 3,
	.flags = CMD_LOCAL,
	.run = run,
};
