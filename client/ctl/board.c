#include "ctl/board.h"

#include <string.h>

#include "base/clock.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"

void board_town(struct ctl *ctl, const struct rows *rows)
{
	const Renraku__TownRow *town = pick_town(rows);
	char when[20];

	if (!town)
		return;
	out_line(ctl, SHOW_DIM, T("%s  %s  %s 現在", "%s  %s  as of %s"), i18n_pick(town->title, town->title_en), town->edition,
		clock_format(link_now(ctl), true, when));
	if (town->cannot_record)
		out_line(ctl, SHOW_BAD, "%s",
			T("※ サーバは今、記録できません。操作は受け付けられません。電話で連絡してください。",
				"The server cannot record now: commands are refused. Telephone."));
}

/* The persons of one notice in the order in which to call them. Numbers stand last, so that they are wrapped and never cut. */
static void telephone_notice(struct ctl *ctl, const struct rows *rows, const Renraku__TelephoneRow *first)
{
	struct show_table *table = show_table_new(3, NULL, 4);
	int64_t now = link_now(ctl);
	const Renraku__Row *row;
	size_t i = 0, n = 0;
	char elapsed[24];

	out_line(ctl, first->drill ? SHOW_DRILL : SHOW_BAD, T("  %s%u/%s（通知 #%llu、%s）: %s", "  %s%u/%s (notice #%llu, %s): %s"),
		say_drill(first->drill), first->incident, first->item, (unsigned long long)first->notice,
		show_elapsed((int64_t)first->since, now, elapsed), say_why(first->why));
	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_TELEPHONE))) {
		const Renraku__TelephoneRow *t = row->telephone;
		const char *cells[3] = {
			NULL, i18n_pick(t->role_title, t->role_title_en), say_join(ctl->arena, t->numbers, t->n_numbers, " / ")};

		if (t->notice != first->notice)
			continue;
		cells[0] = arena_printf(ctl->arena, "%zu. %s", ++n, *t->name ? t->name : *t->terminal ? t->terminal : t->person);
		show_table_row(table, n == 1 ? SHOW_BOLD : SHOW_PLAIN, cells);
	}
	out_table(ctl, table);
}

static bool is_first(const struct rows *rows, const Renraku__TelephoneRow *t)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_TELEPHONE)))
		if (row->telephone->notice == t->notice)
			return row->telephone == t;
	return false;
}

void board_telephone(struct ctl *ctl, const struct rows *rows, uint32_t incident)
{
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_TELEPHONE))) {
		if ((incident && row->telephone->incident != incident) || !is_first(rows, row->telephone))
			continue;
		if (n++ == 0)
			out_line(ctl, SHOW_BAD, "\n%s",
				T("今すぐ電話してください（上から順に、つながった人に）",
					"Telephone now (from the top, until somebody answers)"));
		telephone_notice(ctl, rows, row->telephone);
	}
}

void board_incidents(struct ctl *ctl, const struct rows *rows)
{
	const char *heads[] = {T("事案", "No."), T("状態", "State"), T("発生", "Opened"), T("残り項目", "Items"), T("未応答", "Notices"),
		T("措置", "Measures"), T("場所", "Place"), T("内容", "What")};
	struct show_table *table = show_table_new(8, heads, 2);
	int64_t now = link_now(ctl);
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_INCIDENT))) {
		const Renraku__IncidentRow *in = row->incident;
		bool open = strcmp(in->state, "open") == 0;
		char when[48];
		const char *cells[8] = {arena_printf(ctl->arena, "%u", in->id), say_incident_state(in->state),
			show_when((int64_t)in->opened_at, now, when), open ? arena_printf(ctl->arena, "%u", in->items_open) : "-",
			arena_printf(ctl->arena, "%u", in->notices_open), arena_printf(ctl->arena, "%u", in->measures_in_force), in->place,
			NULL};

		cells[7] = say_marked(ctl->arena, in->drill, i18n_pick(in->title, in->title_en));
		show_table_row(table, !open ? SHOW_DIM : in->drill ? SHOW_DRILL : SHOW_BOLD, cells);
		n++;
	}
	out_line(ctl, SHOW_BOLD, "\n%s", n ? T("事案", "Incidents") : T("進行中の事案はありません。", "No incident is open."));
	if (n)
		out_table(ctl, table);
	else
		show_table_free(table);
}

/* Rows name the roles of a deputy by id; their titles stand with those who hold them. */
static const char *deputy_titles(struct ctl *ctl, const struct rows *rows, const Renraku__PersonRow *p)
{
	const char *titles = "", *title;
	size_t i;
	int len;

	for (i = 0; i < p->n_deputy_of; i++) {
		if (i && strcmp(p->deputy_of[i], p->deputy_of[i - 1]) == 0)
			continue; /* of the same role in another section */
		title = pick_role_title(rows, p->deputy_of[i], &len);
		titles = arena_printf(ctl->arena, "%s%s%.*s", titles, i ? T("・", ", ") : "", len, title);
	}
	return titles;
}

const char *board_roles(struct ctl *ctl, const Renraku__PersonRow *p)
{
	return say_join(ctl->arena, say_either(p->role_titles, p->n_role_titles, p->role_titles_en, p->n_role_titles_en), p->n_role_titles,
		T("・", ", "));
}

/* Marked absent counts, whether or not somebody is signed in. */
static const char *presence(struct ctl *ctl, const Renraku__PersonRow *p)
{
	char when[48];

	if (!p->absent)
		return p->present ? T("在席", "yes") : T("不在", "no");
	if (!p->absent_until)
		return T("不在（登録）", "absent");
	return arena_printf(ctl->arena, T("不在（～%s）", "absent until %s"), show_when((int64_t)p->absent_until, link_now(ctl), when));
}

static void persons(struct ctl *ctl, const struct rows *rows)
{
	const char *heads[] = {T("氏名", "Name"), T("在席", "Present"), T("から", "Since"), T("電話", "Telephone"), T("役割", "Roles")};
	struct show_table *table = show_table_new(5, heads, 2);
	int64_t now = link_now(ctl);
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_PERSON))) {
		const Renraku__PersonRow *p = row->person;
		const char *deputy = deputy_titles(ctl, rows, p);
		const char *roles = board_roles(ctl, p);
		char when[24];
		const char *cells[5] = {*p->name ? p->name : p->id, presence(ctl, p), show_time((int64_t)p->since, now, when),
			p->n_numbers ? p->numbers[0] : "-", roles};

		if (*deputy)
			cells[4] = arena_printf(ctl->arena, T("%s%s（%s の代理）", "%s%s(deputy of %s)"), roles, *roles ? " " : "", deputy);
		show_table_row(table, p->present && !p->absent ? SHOW_PLAIN : SHOW_DIM, cells);
	}
	out_table(ctl, table);
}

static void terminals(struct ctl *ctl, const struct rows *rows)
{
	const Renraku__Row *row;
	size_t i = 0, present = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_TERMINAL))) {
		n++;
		present += row->terminal->present ? 1 : 0;
	}
	if (n == 0)
		return;
	out_line(ctl, SHOW_PLAIN, T("  端末 %zu台中 %zu台が接続中", "  %zu terminals, %zu connected"), n, present);
	for (i = 0; (row = pick_next(rows, &i, RENRAKU__ROW__BODY_TERMINAL));)
		if (!row->terminal->present)
			out_line(ctl, SHOW_WARN, T("  ・%s（%s）はつながっていません", "  - %s (%s) is not connected"), row->terminal->id,
				row->terminal->place);
}

void board_presence(struct ctl *ctl, const struct rows *rows)
{
	if (pick_count(rows, RENRAKU__ROW__BODY_PERSON) + pick_count(rows, RENRAKU__ROW__BODY_TERMINAL) == 0)
		return;
	out_line(ctl, SHOW_BOLD, "\n%s", T("在席・端末", "Presence"));
	if (pick_count(rows, RENRAKU__ROW__BODY_PERSON))
		persons(ctl, rows);
	terminals(ctl, rows);
	board_terms(ctl, rows);
}
