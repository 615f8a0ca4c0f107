/*
 * renraku: everything a person can do, from the command line. Finds the command, reads its options and the configuration, runs it.
 */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/complete.h"
#include "ctl/ctl.h"
#include "ctl/help.h"
#include "ctl/identity.h"
#include "ctl/link.h"
#include "ctl/out.h"

static const struct opt_spec *common_find(const char *word)
{
	const struct opt_spec *spec;
	size_t len = strcspn(word + 2, "=");

	for (spec = ctl_options; spec->name; spec++)
		if (strlen(spec->name) == len && strncmp(spec->name, word + 2, len) == 0)
			return spec;
	return NULL;
}

/* Where in argv the command stands: the first word that is neither an option nor an option's value; 0 when there is none. */
static int command_at(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		const struct opt_spec *spec;

		if (argv[i][0] != '-')
			return i;
		if (argv[i][1] != '-')
			continue;
		spec = common_find(argv[i]);
		if (spec && spec->arg_ja && !strchr(argv[i], '='))
			i++;
	}
	return 0;
}

/* Language first: even a complaint about the options is in it. The configuration may name it too; the option wins. */
static bool language(const struct opt_line *line, bool *chosen)
{
	const char *word = opt_value(line, "lang");
	enum i18n_lang lang;

	*chosen = word != NULL;
	if (!word)
		word = getenv("RENRAKU_LANG");
	if (!word || !*word)
		return true;
	*chosen = true;
	if (!i18n_parse(word, &lang)) {
		out_error(T("言語「%s」はありません。ja か en を指定してください。", "No such language: %s. Use ja or en."), word);
		return false;
	}
	i18n_set(lang);
	return true;
}

static void early_language(int argc, char **argv)
{
	enum i18n_lang lang;
	int i;

	if (getenv("RENRAKU_LANG") && i18n_parse(getenv("RENRAKU_LANG"), &lang))
		i18n_set(lang);
	for (i = 1; i < argc; i++) {
		const char *word = strncmp(argv[i], "--lang=", 7) == 0 ? argv[i] + 7 : NULL;

		if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
			word = argv[i + 1];
		if (word && i18n_parse(word, &lang))
			i18n_set(lang);
	}
}

static int complain(const struct ctl *ctl, enum opt_verdict verdict, const char *culprit)
{
	const char *near = opt_nearest(culprit, ctl_options, ctl->cmd ? ctl->cmd->opts : NULL);

	switch (verdict) {
	case OPT_NO_VALUE:
		return out_usage(ctl, T("%s には値が必要です。", "%s wants a value."), culprit);
	case OPT_HAS_VALUE:
		return out_usage(ctl, T("%s に値は付けられません。", "%s takes no value."), culprit);
	default:
		if (near)
			return out_usage(ctl, T("%s というオプションはありません。--%s のことですか。", "No option %s. Did you mean --%s?"),
				culprit, near);
		return out_usage(ctl, T("%s というオプションはありません。", "No option %s."), culprit);
	}
}

static int wrong_count(const struct ctl *ctl)
{
	const struct cmd *cmd = ctl->cmd;

	if (ctl->line.n_args < cmd->min_args)
		return out_usage(ctl, T("引数が足りません。  renraku %s %s", "Something is missing.  renraku %s %s"), cmd->name,
			T(cmd->args_ja, cmd->args_en));
	return out_usage(ctl,
		T("引数が多すぎます（「%s」から）。空白を含む文は '…' で囲んでください。  renraku %s %s",
			"Too many arguments (from '%s'). Put text with spaces in quotes.  renraku %s %s"),
		ctl->line.args[cmd->max_args], cmd->name, T(cmd->args_ja, cmd->args_en));
}

/*
 * Words that are not clean UTF-8 would be refused by the server as a broken frame. Most are a terminal set to another encoding: say
 * so. An alarm goes out all the same, with '?' for what cannot be read: somebody is to come, whatever the text says.
 */
static bool clean_words(struct ctl *ctl, int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++) {
		char *c;

		if (text_valid(argv[i], strlen(argv[i])))
			continue;
		if (!(ctl->cmd->flags & CMD_URGENT)) {
			out_usage(ctl,
				T("%d番目の言葉に、読めない文字か制御文字があります。端末の文字コードは UTF-8 ですか。",
					"Word %d has unreadable or control characters. Is the terminal set to UTF-8?"),
				i + 1);
			return false;
		}
		for (c = argv[i]; *c; c++)
			if ((unsigned char)*c >= 0x80 || (unsigned char)*c < ' ' || *c == 0x7f)
				*c = '?';
		out_error("%s", T("読めない文字を「?」に置きかえました。端末の文字コードを UTF-8 にしてください。",
					"Unreadable characters became '?'. Set the terminal to UTF-8."));
	}
	return true;
}

static int configure(struct ctl *ctl, bool language_chosen)
{
	char *error = NULL;

	ctl->as = identity_as(&ctl->line);
	ctl->settings = identity_settings(opt_value(&ctl->line, "config"), ctl->as, &error);
	if (!ctl->settings && !(ctl->cmd->flags & CMD_LOCAL)) {
		out_error("%s", error ? error : "");
		free(error);
		if (ctl->cmd->flags & CMD_URGENT)
			out_error("%s", T("通報は送られていません。すぐに電話で知らせてください（番号は緊急時連絡網の紙にあります）。",
						"The alarm was NOT raised. Telephone at once (numbers are on the printed contact sheet)."));
		return CTL_LOCAL;
	}
	free(error);
	if (ctl->settings && !language_chosen)
		i18n_set(ctl->settings->lang);
	return CTL_OK;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	const char *culprit = NULL;
	enum opt_verdict verdict = opt_parse(argc, argv, ctl_options, ctl->cmd->opts, ctl->cmd->flags & CMD_LOOSE, &ctl->line, &culprit);
	bool chosen;
	int code;

	if (opt_has(&ctl->line, "help"))
		return help_command(ctl->cmd);
	if (verdict != OPT_OK)
		return complain(ctl, verdict, culprit);
	if (!language(&ctl->line, &chosen))
		return CTL_USAGE;
	if (!clean_words(ctl, argc, argv))
		return CTL_USAGE;
	if (ctl->line.n_args < ctl->cmd->min_args || ctl->line.n_args > ctl->cmd->max_args)
		return wrong_count(ctl);
	code = configure(ctl, chosen);
	if (code != CTL_OK)
		return code;
	ctl->json = opt_has(&ctl->line, "json");
	code = ctl->cmd->run(ctl);
	if (code != CTL_UNREACHABLE || !(ctl->cmd->flags & CMD_ACTS))
		return code;
	/* Looking something up failed, before anything was sent. */
	if (!ctl->json)
		out_error("%s", T("この操作はまだ送っていません。つながったら、同じ命令をもう一度実行してください。",
					"Nothing was sent yet. Run the same command again when the connection is back."));
	return CTL_NOT_CONFIRMED;
}

/* No command: help, version, or a complaint. */
static int bare(struct ctl *ctl, int argc, char **argv)
{
	const char *culprit = NULL;
	enum opt_verdict verdict = opt_parse(argc - 1, argv + 1, ctl_options, NULL, false, &ctl->line, &culprit);
	int code;

	if (opt_has(&ctl->line, "version")) {
		printf("renraku %s\n", RENRAKU_VERSION);
		return CTL_OK;
	}
	if (opt_has(&ctl->line, "help"))
		return help_overview();
	if (verdict != OPT_OK)
		return complain(ctl, verdict, culprit);
	code = help_overview();
	return code ? code : CTL_USAGE;
}

static int unknown_command(const struct ctl *ctl, const char *word)
{
	const struct cmd *near = commands_nearest(word);

	if (near)
		return out_usage(ctl, T("「%s」という命令はありません。%s（%s）のことですか。", "No command '%s'. Did you mean %s (%s)?"),
			word, near->name, T(near->ja, near->en));
	return out_usage(ctl, T("「%s」という命令はありません。", "No command '%s'."), word);
}

static int start(struct ctl *ctl, int argc, char **argv)
{
	int at = command_at(argc, argv), i;
	char **rest;

	if (argc > 1 && strcmp(argv[1], "__complete") == 0)
		return complete_words(ctl, argc - 2, argv + 2);
	if (at == 0)
		return bare(ctl, argc, argv);
	if (strcmp(argv[at], "help") == 0) {
		const struct cmd *asked = at + 1 < argc && argv[at + 1][0] != '-' ? commands_find(argv[at + 1]) : NULL;

		if (at + 1 < argc && argv[at + 1][0] != '-' && !asked)
			return unknown_command(ctl, argv[at + 1]);
		return asked ? help_command(asked) : help_overview();
	}
	ctl->cmd = commands_find(argv[at]);
	if (!ctl->cmd)
		return unknown_command(ctl, argv[at]);
	rest = arena_alloc(ctl->arena, (size_t)argc * sizeof *rest);
	for (i = 1; i < at; i++)
		rest[i - 1] = argv[i];
	for (i = at + 1; i < argc; i++)
		rest[i - 2] = argv[i];
	return run(ctl, argc - 2, rest);
}

int main(int argc, char **argv)
{
	struct ctl ctl = {0};
	int code;

	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	early_language(argc, argv);
	ctl.arena = arena_new(0);
	ctl.out = stdout;
	ctl.colours = show_colours(stdout);
	ctl.columns = show_columns(stdout);
	code = start(&ctl, argc, argv);
	link_close(&ctl);
	opt_free(&ctl.line);
	settings_free(ctl.settings);
	arena_free(ctl.arena);
	if (fflush(stdout) != 0 && code == CTL_OK)
		code = CTL_LOCAL;
	return code;
}
