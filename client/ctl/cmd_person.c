/* renraku person: a person of the town's registers: seen, changed, or made; by administrators. */
#include <string.h>

#include "ctl/board.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"

static const struct opt_spec options[] = {{"name", "氏名", "NAME", "氏名（新しい人には必須）", "the name (needed for a new person)"},
	{"name-en", "氏名", "NAME", "英語の画面での氏名", "the name on English screens"},
	{"tel", "番号[=説明]", "NUMBER[=LABEL]", "電話番号（順に繰り返し可。書いたものがすべてになる）",
		"a number (repeatable, in order; those given replace all)"},
	{"private-tel", "番号[=説明]", "NUMBER[=LABEL]", "登録情報が許す役割だけに見せる番号（同上）",
		"one that only the roles named in the site see (as above)"},
	{"no-tel", NULL, NULL, "電話番号をなくす", "no numbers"}, {"login", NULL, NULL, "サインインできる", "may sign in"},
	{"no-login", NULL, NULL, "サインインさせない（電話だけで連絡）", "does not sign in: reached by telephone only"},
	{"administrator", NULL, NULL, "管理者にする", "make an administrator"},
	{"no-administrator", NULL, NULL, "管理者から外す", "an administrator no longer"}, {"reason", "理由", "TEXT", "理由", "why"},
	OPT_END};

static int unknown(const struct ctl *ctl, const char *word)
{
	return out_usage(ctl,
		T("「%s」という人は登録されていません。登録するには --name と --login か --tel を付けてください。",
			"Nobody called '%s' is registered. To register, give --name and --login or --tel."),
		word);
}

static const char *number(struct ctl *ctl, const Renraku__PersonNumber *n)
{
	const char *private_number = n->private_number ? T("非公開", "private") : "";
	const char *between = *n->label && *private_number ? T("・", ", ") : "";

	if (!*n->label && !*private_number)
		return n->number;
	return arena_printf(ctl->arena, T("%s（%s%s%s）", "%s (%s%s%s)"), n->number, n->label, between, private_number);
}

static int show(struct ctl *ctl, const Renraku__PersonRow *p)
{
	if (ctl->json) {
		out_json(&p->base);
		return CTL_OK;
	}
	out_line(ctl, SHOW_BOLD, "%s  %s", p->id, p->name);
	out_line(ctl, SHOW_PLAIN, T("  役割      %s", "  roles         %s"), board_roles(ctl, p));
	out_line(ctl, SHOW_PLAIN, T("  サインイン  %s%s", "  sign-in       %s%s"),
		p->login ? T("できる", "yes") : T("しない（電話だけ）", "no (by telephone only)"),
		p->administrator ? T("、管理者", ", administrator") : "");
	for (size_t i = 0; i < p->n_all_numbers; i++)
		out_line(ctl, SHOW_PLAIN, T("  電話      %s", "  telephone     %s"), number(ctl, p->all_numbers[i]));
	for (size_t i = 0; p->n_all_numbers == 0 && i < p->n_numbers; i++)
		out_line(ctl, SHOW_PLAIN, T("  電話      %s", "  telephone     %s"), p->numbers[i]);
	return CTL_OK;
}

/* ---- changing ---- */

static Renraku__PersonNumber *typed_number(struct ctl *ctl, const char *text, bool private_number)
{
	Renraku__PersonNumber *n = arena_alloc(ctl->arena, sizeof *n);
	size_t len = strcspn(text, "=");

	renraku__person_number__init(n);
	n->number = arena_printf(ctl->arena, "%.*s", (int)len, text);
	n->label = arena_strdup(ctl->arena, text[len] ? text + len + 1 : "");
	n->private_number = private_number;
	return n;
}

static void take_numbers(struct ctl *ctl, const Renraku__PersonRow *now, Renraku__EditPerson *out)
{
	bool replaced = opt_has(&ctl->line, "no-tel") || opt_has(&ctl->line, "tel") || opt_has(&ctl->line, "private-tel");
	size_t had = now ? now->n_all_numbers : 0;

	out->numbers = arena_alloc(ctl->arena, (had + ctl->line.n_given + 1) * sizeof *out->numbers);
	for (size_t i = 0; i < had && !replaced; i++)
		out->numbers[out->n_numbers++] = now->all_numbers[i];
	for (size_t i = 0; i < ctl->line.n_given; i++) {
		const struct opt_given *g = &ctl->line.given[i];
		bool private_number = g->name && strcmp(g->name, "private-tel") == 0;

		if (private_number || (g->name && strcmp(g->name, "tel") == 0))
			out->numbers[out->n_numbers++] = typed_number(ctl, g->value, private_number);
	}
}

/* --login, --no-login, or as it is. */
static bool truth(const struct ctl *ctl, const char *yes, const char *no, bool now)
{
	return opt_has(&ctl->line, yes) || (now && !opt_has(&ctl->line, no));
}

static char *text_of(struct ctl *ctl, const char *option)
{
	const char *value = opt_value(&ctl->line, option);

	return arena_strdup(ctl->arena, value ? value : "");
}

static int change(struct ctl *ctl, const Renraku__PersonRow *now, const char *id)
{
	Renraku__EditPerson message = RENRAKU__EDIT_PERSON__INIT;
	Renraku__Command *command;
	int code;

	if (!now && !opt_has(&ctl->line, "name"))
		return unknown(ctl, id);
	message.person = arena_strdup(ctl->arena, now ? now->id : id);
	message.name = text_of(ctl, "name");
	message.name_en = text_of(ctl, "name-en");
	message.reason = text_of(ctl, "reason");
	message.login = truth(ctl, "login", "no-login", now && now->login);
	message.administrator = truth(ctl, "administrator", "no-administrator", now && now->administrator);
	take_numbers(ctl, now, &message);
	command = link_command(ctl);
	if (!command)
		return CTL_USAGE;
	command->act_case = RENRAKU__COMMAND__ACT_EDIT_PERSON;
	command->edit_person = &message;
	code = link_run(ctl, command, NULL);
	if (code == CTL_OK && !ctl->json && !now && message.login)
		out_line(ctl, SHOW_PLAIN,
			T("登録しました。renraku password %s で最初のパスワードを設定してください。",
				"Registered. Set the first password: renraku password %s."),
			id);
	return code;
}

static int run(struct ctl *ctl)
{
	const Renraku__PersonRow *now;
	bool changes = false;
	struct rows *rows;
	int code = CTL_OK;

	for (const struct opt_spec *o = options; o->name; o++)
		changes |= opt_has(&ctl->line, o->name);
	if (link_again(ctl, RENRAKU__COMMAND__ACT_EDIT_PERSON, &code))
		return code;
	rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_CONTACTS, 0, &code);
	if (!rows)
		return code;
	now = pick_person(rows, ctl->line.args[0]);
	if (changes)
		code = change(ctl, now, ctl->line.args[0]);
	else
		code = now ? show(ctl, now) : unknown(ctl, ctl->line.args[0]);
	rows_free(rows);
	return code;
}

const struct cmd cmd_person = {
	.name = "person",
	.group = "admin",
	.args_ja = "職員ID [--name 氏名] [--tel 番号[=説明]]… [--login|--no-login] [--reason 理由]",
	.args_en = "PERSON [--name NAME] [--tel NUMBER[=LABEL]]… [--login|--no-login] [--reason TEXT]",
	.ja = "職員の登録を見る・変える・加える（変えるのは管理者だけ）",
	.en = "a person's registration: see it; administrators change it or add one",
	.more_ja = "例:\n"
		   "  renraku person 職員ID                                             登録の内容\n"
		   "  renraku person 職員ID --name '新井 花子' --login --tel 0749-00-0020=職場    新しい人を加える\n"
		   "  renraku person 職員ID --tel 0749-00-0020=職場 --private-tel 090-0000-0020=携帯 --reason 番号変更\n"
		   "電話番号は、書いたものがすべてになります。書かなかった項目は変わりません。\n",
	.more_en = "Examples:\n"
		   "  renraku person PERSON                                             what is registered\n"
		   "  renraku person PERSON --name 'ARAI Hanako' --login --tel 0749-00-0020=office    a new person\n"
		   "  renraku person PERSON --tel 0749-00-0020=office --private-tel 090-0000-0020=mobile --reason 'new number'\n"
		   "Numbers given replace all; what is not given stays.\n",
	.opts = options,
	.min_args = 1,
	.max_args = 1,
	.flags = CMD_ACTS,
	.run = run,
};
