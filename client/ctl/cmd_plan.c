/* renraku plan: check a plan here, load it into the server, show which one is in force. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/link.h"
#include "ctl/load.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/prove.h"

struct judged { /* a plan, with its site or without */
	struct plan *plan;
	struct plan_faults faults;
	struct explore_report *explored; /* NULL when the plan could not be read whole */
	struct explore_limits limits;
};

static void summary_json(const struct judged *j)
{
	size_t found = j->explored ? j->explored->n_errors : 0, told = j->explored ? j->explored->n_findings : 0;

	printf("{\"errors\":%zu,\"warnings\":%zu", j->faults.n_errors + found, j->faults.n - j->faults.n_errors + told - found);
	if (j->explored)
		prove_json(j->explored);
	printf("}\n");
}

/* Faults in their order, then what exploring found, then one sentence on each. */
static int summary(struct ctl *ctl, const char *path, const struct judged *j)
{
	const struct explore_report *x = j->explored;
	size_t errors = j->faults.n_errors + (x ? x->n_errors : 0), warnings = j->faults.n + (x ? x->n_findings : 0) - errors;

	load_faults(ctl, &j->faults);
	if (x)
		prove_findings(ctl, path, x);
	if (ctl->json) {
		summary_json(j);
	} else if (errors) {
		out_line(ctl, SHOW_BAD,
			T("誤り %zu 件、注意 %zu 件。直してからもう一度確かめてください。",
				"%zu errors, %zu warnings. Mend them and check again."),
			errors, warnings);
	} else {
		out_line(ctl, SHOW_GOOD,
			T("誤りはありません（注意 %zu 件）。手順書 %zu、項目 %zu、役割 %zu、性質 %zu。",
				"No errors (%zu warnings). %zu procedures, %zu items, %zu roles, %zu properties."),
			warnings, j->plan->n_procedures, j->plan->n_items, j->plan->n_roles, j->plan->n_properties);
	}
	if (x && !ctl->json)
		prove_summary(ctl, x, &j->limits);
	return errors ? CTL_FAULTS : x && !x->complete ? CTL_UNPROVEN : CTL_OK;
}

/* All faults of both files and of their fit, and every state the plan can come to, in one run. */
static int judge(struct ctl *ctl, struct judged *j, const char *path, const char *text, size_t len, const char *site_path,
	const char *site_text, size_t site_len)
{
	struct plan_people *people = NULL;
	int code;

	j->plan = plan_check_files(path, text, len, site_path, site_text, site_len, &j->faults, &people);
	j->limits.people = people;
	j->limits.faulty = j->faults.n_errors > 0;
	if (j->plan)
		j->explored = explore_plan(j->plan, &j->limits);
	code = summary(ctl, path, j);
	explore_free(j->explored);
	plan_free(j->plan);
	plan_faults_free(&j->faults);
	return code;
}

static int check(struct ctl *ctl, const char *plan_path, const char *site_path)
{
	struct judged j = {0};
	size_t plan_len = 0, site_len = 0;
	char *plan_text, *site_text;
	int code = CTL_LOCAL;

	if (!prove_limits(ctl, &j.limits))
		return CTL_USAGE;
	plan_text = load_file(plan_path, &plan_len);
	site_text = site_path ? load_file(site_path, &site_len) : NULL;
	if (plan_text && (site_text || !site_path))
		code = judge(ctl, &j, plan_path, plan_text, plan_len, site_path, site_text, site_len);
	free(plan_text);
	free(site_text);
	return code;
}

/* A plan with a fault, or a way into a dead end, is not put into force; one that could not be explored to the end is, after a word. */
static int load(struct ctl *ctl, const char *path)
{
	struct judged j = {0};
	size_t len;
	char *text;
	int code;

	if (!prove_limits(ctl, &j.limits))
		return CTL_USAGE;
	text = load_file(path, &len);
	if (!text)
		return CTL_LOCAL;
	code = judge(ctl, &j, path, text, len, NULL, NULL, 0);
	if (code == CTL_OK || code == CTL_UNPROVEN)
		code = load_send(ctl, path, text, len, false);
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
		return check(ctl, path, site);
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

static const struct opt_spec own[] = {
	{"disruptions", "回数", "N", "訂正・やり直しなどを何回まで調べるか（普通は 1）",
		"explore up to N disruptions: amending, reopening … (default 1)"},
	{"states", "数", "N", "状態をいくつまで調べるか（普通は 1000000）", "explore at most N states (default 1000000)"},
	OPT_END,
};

const struct cmd cmd_plan = {
	.name = "plan",
	.group = "admin",
	.args_ja = "check 計画.yaml [登録情報.yaml] | load 計画.yaml | show",
	.args_en = "check PLAN [SITE] | load PLAN | show",
	.ja = "計画を調べる（サーバ不要）・読み込む・今の計画を見る",
	.en = "check a plan (no server needed), load it, show the one in force",
	.more_ja = "check は誤りをすべて、ファイル:行:桁 "
		   "で示します。起こりうる状態をすべてたどり、終結に届かなくなる道すじ（行き止まり）や、\n"
		   "計画の性質が破られる道すじを、だれが何をしたかの順に示します。誤りがあれば終了コード 6、調べきれなければ 8。\n"
		   "load も先に同じことを確かめ、誤りがあれば読み込みません。\n",
	.more_en = "check reports every fault with file:line:column. It walks every state the plan can come to and tells each way into a "
		   "dead\n"
		   "end, or to a violated property, as a story. Exit 6 when there are errors, 8 when not everything could be explored.\n"
		   "load checks the same first and does not load a plan with errors.\n",
	.opts = own,
	.min_args = 1,
	.max_args = 3,
	.flags = CMD_LOCAL,
	.run = run,
};
