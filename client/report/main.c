/*
 * renraku-report: the record on paper. `renraku report`, `renraku contacts --print` and `renraku sheets` run it, with the caller's
 * configuration and rights; it is a program of its own because only it needs the libraries that set type.
 */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/identity.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "report/job.h"

#ifdef __SANITIZE_ADDRESS__
/* What the libraries that set type keep for the process's life is not ours to free; our own leaks are still found. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\nleak:libcairo\nleak:libglib\nleak:libgobject\n";
}
const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}
#endif

static const struct opt_spec options[] = {{"format", "html|pdf|json|csv", "html|pdf|json|csv", "形式", "the form"},
	{"out", "ファイル", "FILE", "書き出すファイル", "the file to write"}, OPT_END};

static const struct cmd jobs[] = {
	{.name = "report", .opts = options, .min_args = 1, .max_args = 1, .flags = CMD_REPORTS, .run = job_report},
	{.name = "contacts", .opts = options, .run = job_contacts}, {.name = "sheets", .opts = options, .run = job_sheets}};

static const struct cmd *job(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof jobs / sizeof *jobs; i++)
		if (name && strcmp(jobs[i].name, name) == 0)
			return &jobs[i];
	return NULL;
}

/* The configuration names a language too; an option, or the environment, goes before it. */
static int configure(struct ctl *ctl)
{
	const char *word = opt_value(&ctl->line, "lang");
	enum i18n_lang lang;
	char *error = NULL;

	if (!word)
		word = getenv("RENRAKU_LANG");
	if (word && *word && !i18n_parse(word, &lang))
		return out_usage(
			ctl, T("言語「%s」はありません。ja か en を指定してください。", "No such language: %s. Use ja or en."), word);
	if (word && *word)
		i18n_set(lang);
	ctl->as = identity_as(&ctl->line);
	ctl->settings = identity_settings(opt_value(&ctl->line, "config"), ctl->as, &error);
	if (!ctl->settings) {
		out_error("%s", error ? error : "");
		free(error);
		return CTL_LOCAL;
	}
	if (!word || !*word)
		i18n_set(ctl->settings->lang);
	return CTL_OK;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	const char *culprit = NULL;
	int code;

	if (opt_parse(argc - 2, argv + 2, ctl_options, ctl->cmd->opts, false, &ctl->line, &culprit) != OPT_OK)
		return out_usage(ctl, T("%s が正しくありません。", "%s is not right."), culprit);
	if (ctl->line.n_args < ctl->cmd->min_args || ctl->line.n_args > ctl->cmd->max_args)
		return out_usage(ctl, "%s", T("引数の数が合いません。", "Wrong number of arguments."));
	ctl->json = opt_has(&ctl->line, "json");
	code = configure(ctl);
	return code == CTL_OK ? ctl->cmd->run(ctl) : code;
}

int main(int argc, char **argv)
{
	struct ctl ctl = {0};
	int code;

	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	ctl.arena = arena_new(0);
	ctl.out = stdout;
	ctl.columns = 100;
	ctl.cmd = job(argc > 1 ? argv[1] : NULL);
	code = ctl.cmd ? run(&ctl, argc, argv)
		       : out_usage(&ctl, "%s",
				 T("renraku report、renraku contacts --print、renraku sheets から使ってください。",
					 "It is run by renraku report, renraku contacts --print and renraku sheets."));
	link_close(&ctl);
	opt_free(&ctl.line);
	settings_free(ctl.settings);
	arena_free(ctl.arena);
	return code;
}
