/* For a term: who is absent, who stands in for whom; and who is kept out of an incident. */
#include <string.h>

#include "ctl/board.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"

static const char *term(struct ctl *ctl, uint64_t since, uint64_t until)
{
	int64_t now = link_now(ctl);
	char from[48], to[48];

	return arena_printf(ctl->arena, T("%s ～ %s", "%s to %s"), show_when((int64_t)since, now, from),
		until ? show_when((int64_t)until, now, to) : T("（期限なし）", "(open)"));
}

static size_t absences(struct ctl *ctl, const struct rows *rows, struct show_table *table)
{
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_ABSENCE))) {
		const Renraku__AbsenceRow *a = row->absence;
		const char *cells[4] = {"", a->in_force ? T("不在", "absent") : T("不在（予定）", "absent (to come)"),
			term(ctl, a->since, a->until),
			*a->reason ? arena_printf(ctl->arena, T("%s（%s）", "%s (%s)"), a->name, a->reason) : a->name};

		show_table_row(table, a->in_force ? SHOW_WARN : SHOW_DIM, cells);
		n++;
	}
	return n;
}

static const char *kind(const Renraku__DelegationRow *d)
{
	bool deputy = strcmp(d->kind, "deputy") == 0;

	if (d->in_force)
		return deputy ? T("職務代理", "deputy") : T("委任", "delegate");
	return deputy ? T("職務代理（予定）", "deputy (to come)") : T("委任（予定）", "delegate (to come)");
}

static size_t delegations(struct ctl *ctl, const struct rows *rows, struct show_table *table)
{
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_DELEGATION))) {
		const Renraku__DelegationRow *d = row->delegation;
		const char *role = *d->role ? i18n_pick(d->role_title, d->role_title_en) : T("務める役割すべて", "every role held");
		const char *may = d->may == 7 ? "" : d->may & 4 ? T("、一部", ", in part") : T("、決定を除く", ", no decisions");
		const char *cells[4] = {arena_printf(ctl->arena, "%u", d->id), kind(d), term(ctl, d->since, d->until),
			arena_printf(ctl->arena, T("%s → %s（%s%s）", "%s -> %s (%s%s)"), d->holder_name, d->name, role, may)};

		show_table_row(table, d->in_force ? SHOW_PLAIN : SHOW_DIM, cells);
		n++;
	}
	return n;
}

void board_terms(struct ctl *ctl, const struct rows *rows)
{
	const char *heads[] = {T("番号", "No."), T("種別", "What"), T("期間", "Term"), T("だれ", "Who")};
	struct show_table *table;

	if (pick_count(rows, RENRAKU__ROW__BODY_ABSENCE) + pick_count(rows, RENRAKU__ROW__BODY_DELEGATION) == 0)
		return;
	table = show_table_new(4, heads, 2);
	absences(ctl, rows, table);
	delegations(ctl, rows, table);
	out_line(ctl, SHOW_BOLD, "\n%s", T("不在・職務代理・委任", "Absences and delegations"));
	out_table(ctl, table);
}

void board_bars(struct ctl *ctl, const struct rows *rows)
{
	const Renraku__Row *row;
	size_t i = 0, n = 0;
	char when[48];

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_BAR))) {
		const Renraku__BarRow *b = row->bar;

		if (n++ == 0)
			out_line(ctl, SHOW_BOLD, "\n%s", T("この事案から外されている人", "Kept out of this incident"));
		out_line(ctl, b->over ? SHOW_DIM : SHOW_WARN, T("  %s（%s）　%s　%s%s", "  %s (%s)  %s  %s%s"), b->name, b->person,
			arena_printf(ctl->arena, T("%s %s", "%s by %s"), show_when((int64_t)b->at, link_now(ctl), when),
				i18n_pick(b->by, b->by_en)),
			b->ground, b->over ? T("　（解除済み）", "  (readmitted)") : "");
	}
}
