#include "ctl/help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/out.h"
#include "lib/show.h"

#define NAME_COLUMNS 14
#define OPTION_COLUMNS 26

static const struct {
	const char *id, *ja, *en;
} groups[] = {
	{"alarm", "緊急時", "In an emergency"},
	{"answer", "受け取る・応える", "Receive and answer"},
	{"work", "手順を進める", "Carry out the procedure"},
	{"people", "不在・代理・関与の制限", "Absence, delegation, need to know"},
	{"see", "見る", "See"},
	{"drill", "訓練と点検", "Drills and tests"},
	{"admin", "管理", "Administration"},
};

static const struct {
	int code;
	const char *ja, *en;
} codes[] = {
	{CTL_OK, "受け付けられ、記録された（見る命令では、正常）", "accepted and on record (reading commands: fine)"},
	{CTL_USAGE, "書き方の誤り、または必要なものが足りない", "typed wrongly, or something needed is missing"},
	{CTL_REFUSED, "受け付けられなかった（記録されていない）", "refused; nothing was recorded"},
	{CTL_NOT_CONFIRMED, "確認できない。電話してください。通報は回線が戻りしだい届く",
		"not confirmed: telephone. An alarm is delivered once the connection is back"},
	{CTL_UNREACHABLE, "サーバにつながらない（見る命令）", "the server cannot be reached (reading commands)"},
	{CTL_UNVERIFIED, "記録の検証に失敗した", "the log does not verify"},
	{CTL_FAULTS, "計画・庁内登録情報に誤りがある", "the plan or site has faults"},
	{CTL_LOCAL, "この端末の設定・証明書・ファイルの問題", "a problem of this machine: configuration, certificate, file"},
	{CTL_UNPROVEN, "誤りは見つからないが、調べきれていない（plan check）", "no fault found, but not explored to the end (plan check)"},
};

static void emit(struct buf *out)
{
	fputs(buf_str(out), stdout);
	buf_free(out);
}

static void entry(struct buf *out, const char *name, int width, const char *text)
{
	buf_puts(out, "  ");
	if (text_width(name) >= width) {
		buf_printf(out, "%s\n  ", name);
		name = "";
	}
	text_pad(out, name, width);
	buf_puts(out, " ");
	show_wrap(out, text, width + 3, width + 3, show_columns(stdout));
	buf_puts(out, "\n");
}

static void group(struct buf *out, size_t g)
{
	const struct cmd *const *cmd;

	buf_printf(out, "\n%s\n", T(groups[g].ja, groups[g].en));
	for (cmd = commands_all; *cmd; cmd++)
		if (strcmp((*cmd)->group, groups[g].id) == 0)
			entry(out, (*cmd)->name, NAME_COLUMNS, T((*cmd)->ja, (*cmd)->en));
}

static void exit_codes(struct buf *out)
{
	char number[16];
	size_t i;

	buf_printf(out, "\n%s\n", T("終了コード", "Exit codes"));
	for (i = 0; i < sizeof codes / sizeof *codes; i++) {
		snprintf(number, sizeof number, "%d", codes[i].code);
		entry(out, number, 3, T(codes[i].ja, codes[i].en));
	}
}

static void option(struct buf *out, const struct opt_spec *spec)
{
	const char *arg = T(spec->arg_ja, spec->arg_en);
	struct buf name;

	buf_init(&name, 1024);
	buf_printf(&name, "--%s%s%s", spec->name, arg ? " " : "", arg ? arg : "");
	entry(out, buf_str(&name), OPTION_COLUMNS, T(spec->ja, spec->en));
	buf_free(&name);
}

static void options(struct buf *out, const char *heading, const struct opt_spec *spec)
{
	if (!spec || !spec->name)
		return;
	buf_printf(out, "\n%s\n", heading);
	for (; spec->name; spec++)
		option(out, spec);
}

int help_overview(void)
{
	struct buf out;
	size_t i;

	buf_init(&out, OUT_MAX);
	buf_puts(&out, T("緊急のとき: renraku alarm と打つと、この町の通報の種別と書き方が出ます（サインイン不要）。\n"
			 "「確認できません」と出たら、表示された番号へすぐ電話してください。\n",
			       "In an emergency: renraku alarm shows this town's alarms and how to raise each (no sign-in).\n"
			       "If it says 'not confirmed', telephone the numbers shown at once.\n"));
	buf_puts(&out, T("\n使い方: renraku 命令 [引数…] [オプション…]      命令の説明: renraku 命令 --help\n",
			       "\nUsage: renraku COMMAND [ARGUMENTS] [OPTIONS]      About a command: renraku COMMAND --help\n"));
	for (i = 0; i < sizeof groups / sizeof *groups; i++)
		group(&out, i);
	options(&out, T("どの命令にも使えるオプション", "Options of every command"), ctl_options);
	exit_codes(&out);
	emit(&out);
	return CTL_OK;
}

int help_command(const struct cmd *cmd)
{
	const char *more = T(cmd->more_ja, cmd->more_en);
	struct buf out;

	buf_init(&out, OUT_MAX);
	buf_printf(&out, T("renraku %s — %s\n\n使い方: renraku %s %s\n", "renraku %s - %s\n\nUsage: renraku %s %s\n"), cmd->name,
		T(cmd->ja, cmd->en), cmd->name, T(cmd->args_ja, cmd->args_en));
	if (cmd->alias)
		buf_printf(&out, T("別名: %s\n", "Alias: %s\n"), cmd->alias);
	if (more)
		buf_printf(&out, "\n%s", more);
	options(&out, T("オプション", "Options"), cmd->opts);
	options(&out, T("どの命令にも使えるオプション", "Options of every command"), ctl_options);
	buf_puts(&out, T("\n終了コードは renraku --help にあります。\n", "\nExit codes: see renraku --help.\n"));
	emit(&out);
	return CTL_OK;
}
