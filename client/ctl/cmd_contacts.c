/* renraku contacts: the contact network (clause F0), from the terminal's own copy when the server is away. */
#include <string.h>

#include "base/clock.h"
#include "ctl/answer.h"
#include "ctl/board.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/paper.h"
#include "ctl/pick.h"
#include "ctl/say.h"
#include "ctl/urgent.h"
#include "lib/contacts.h"

static void bodies(struct ctl *ctl, const struct rows *rows)
{
	const char *heads[] = {
		T("いま", "Now"), T("電話番号", "Number"), T("時間帯", "Hours"), T("確認日", "Verified"), T("連絡先", "Whom")};
	struct show_table *table = show_table_new(5, heads, 2);
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_CONTACT))) {
		const Renraku__ContactRow *c = row->contact;
		const char *aliases = say_join(ctl->arena, c->aliases, c->n_aliases, T("・", ", "));
		const char *cells[5] = {c->now ? "→" : "", c->number, say_hours(c->hours), *c->verified ? c->verified : "-",
			i18n_pick(c->title, c->title_en)};

		if (*aliases)
			cells[4] = arena_printf(ctl->arena, T("%s（%s）", "%s (%s)"), i18n_pick(c->title, c->title_en), aliases);
		show_table_row(table, c->now ? SHOW_BOLD : SHOW_DIM, cells);
		n++;
	}
	if (n == 0) {
		show_table_free(table);
		return;
	}
	out_line(ctl, SHOW_BOLD, "\n%s", T("関係機関（→ はこの時刻にかける番号）", "Bodies (-> the number for this hour)"));
	out_table(ctl, table);
}

static void persons(struct ctl *ctl, const struct rows *rows)
{
	const char *heads[] = {T("氏名", "Name"), T("電話番号", "Number"), T("役割", "Roles")};
	struct show_table *table = show_table_new(3, heads, 2);
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_PERSON))) {
		const Renraku__PersonRow *p = row->person;
		const char *cells[3] = {*p->name ? p->name : p->id,
			p->n_numbers ? say_join(ctl->arena, p->numbers, p->n_numbers, " / ") : "-", board_roles(ctl, p)};

		show_table_row(table, SHOW_PLAIN, cells);
		n++;
	}
	if (n == 0) {
		show_table_free(table);
		return;
	}
	out_line(ctl, SHOW_BOLD, "\n%s", T("庁内", "In the town office"));
	out_table(ctl, table);
}

static void show(struct ctl *ctl, const struct rows *rows)
{
	if (ctl->json) {
		out_view(rows, RENRAKU__VIEW__VIEW_CONTACTS, 0);
		return;
	}
	bodies(ctl, rows);
	persons(ctl, rows);
	board_terms(ctl, rows);
}

static int cached(struct ctl *ctl)
{
	struct rows *rows = NULL;
	char when[48];
	int64_t at;

	if (rows_load(contacts_path(ctl->settings, ctl->arena), &rows, &at) != 0) {
		int code = link_failed(ctl); /* ends with whom to telephone from the configuration */

		return ctl->settings->emergency_contacts.n && code == CTL_UNREACHABLE ? CTL_OK : code;
	}
	out_error(T("サーバにつながりません。この端末の控え（%s）を表示します。", "The server is away; this is the terminal's copy of %s."),
		show_when(at, clock_wall_ms(), when));
	show(ctl, rows);
	rows_free(rows);
	return CTL_OK;
}

static int run(struct ctl *ctl)
{
	struct rows *rows;

	if (opt_has(&ctl->line, "print"))
		return paper_run(ctl, "contacts");
	rows = link_peek(ctl, RENRAKU__VIEW__VIEW_CONTACTS, 0);
	if (!rows)
		return link_exit(ctl->problem.error) == CTL_UNREACHABLE ? cached(ctl) : link_failed(ctl);
	if (!conn_by_agent(ctl->conn))
		urgent_keep_contacts(ctl, rows);
	show(ctl, rows);
	rows_free(rows);
	return CTL_OK;
}

static const struct opt_spec options[] = {{"print", NULL, NULL, "A4一枚の PDF にする", "as a PDF on one A4 sheet"},
	{"out", "ファイル", "FILE", "--print の書き出し先", "where --print writes to"}, OPT_END};

const struct cmd cmd_contacts = {
	.name = "contacts",
	.group = "see",
	.args_ja = "[--print --out ファイル]",
	.args_en = "[--print --out FILE]",
	.ja = "緊急時連絡網を見る（サーバにつながらないときは、この端末の控え）",
	.en = "the contact network (this terminal's copy when the server is away)",
	.more_ja = "例:\n  renraku contacts --print --out renrakumou.pdf   連絡網を A4 一枚に（誰が誰に電話するか、番号、関係機関）\n"
		   "サーバにつながらないときは、この端末の控えから作り、控えた日を書きます。\n",
	.more_en = "Example:\n  renraku contacts --print --out contacts.pdf   who telephones whom, numbers and bodies on one A4 sheet\n"
		   "When the server is away it is made of this terminal's copy and says of which day.\n",
	.opts = options,
	.run = run,
};
