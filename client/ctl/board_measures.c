/* The measures: in short for the board, and as the ledger of `renraku measures`. */
#include <string.h>

#include "ctl/board.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"

static const char *authorities(struct ctl *ctl, const Renraku__MeasureRow *m)
{
	return say_join(ctl->arena, say_either(m->authorities, m->n_authorities, m->authorities_en, m->n_authorities_en), m->n_authorities,
		T("・", ", "));
}

static const char *what(struct ctl *ctl, const Renraku__MeasureRow *m)
{
	const char *title = i18n_pick(m->title, m->title_en);
	size_t i;

	if (m->n_extent == 0)
		return say_marked(ctl->arena, m->drill, title);
	for (i = 0; i < m->n_extent; i++)
		title = arena_printf(ctl->arena, T("%s・%s", "%s, %s"), title, i18n_pick(m->extent[i]->shown, m->extent[i]->shown_en));
	return say_marked(ctl->arena, m->drill, title);
}

/* Which terminals have not acknowledged, by place. */
static void waiting(struct ctl *ctl, const Renraku__MeasureRow *m, const char *indent, bool all)
{
	size_t i;

	for (i = 0; i < m->n_told; i++) {
		const Renraku__MeasureTold *told = m->told[i];
		bool order = strcmp(told->what, "ordered") == 0, missing = told->acknowledged < told->wanted;
		const char *of = order ? T("命令", "order") : T("解除", "lifting");

		if (missing && told->n_waiting)
			out_line(ctl, SHOW_WARN,
				T("%s措置%u の%sをまだ受領していない端末（%u／%u）: %s",
					"%smeasure %u, %s not acknowledged by %u of %u: %s"),
				indent, m->id, of, told->wanted - told->acknowledged, told->wanted,
				say_join(ctl->arena, told->waiting, told->n_waiting, T("、", ", ")));
		else if (all)
			out_line(ctl, missing ? SHOW_DIM : SHOW_GOOD,
				T("%s端末への伝達（%s）: %u／%u が受領", "%sterminals (%s): %u of %u acknowledged"), indent, of,
				told->acknowledged, told->wanted);
	}
	if (m->n_told == 0 && all)
		out_line(ctl, SHOW_DIM, T("%s端末への伝達: 計画に定めがありません", "%sterminals: the plan tells none"), indent);
}

void board_measures(struct ctl *ctl, const struct rows *rows, uint32_t incident)
{
	const char *heads[] = {T("番号", "No."), T("事案", "Incident"), T("状態", "State"), T("根拠となる権限", "Authority"),
		T("命じた者", "Ordered by"), T("時刻", "At"), T("措置", "Measure")};
	struct show_table *table = show_table_new(7, heads, 2);
	int64_t now = link_now(ctl);
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_MEASURE))) {
		const Renraku__MeasureRow *m = row->measure;
		char when[24];
		const char *cells[7] = {arena_printf(ctl->arena, "%u", m->id), arena_printf(ctl->arena, "%u", m->incident),
			say_measure(m->state), authorities(ctl, m), i18n_pick(m->ordered_by, m->ordered_by_en),
			show_time((int64_t)m->ordered_at, now, when), NULL};

		if (incident && m->incident != incident)
			continue;
		cells[6] = *m->owner ? arena_printf(ctl->arena, T("%s（%s）→ %s、期限 %s", "%s (%s) -> %s, due %s"), what(ctl, m), m->item,
					       m->owner, m->due)
				     : arena_printf(ctl->arena, T("%s（%s）", "%s (%s)"), what(ctl, m), m->item);
		show_table_row(table, strcmp(m->state, "in_force") == 0 ? SHOW_WARN : SHOW_PLAIN, cells);
		n++;
	}
	if (n == 0) {
		show_table_free(table);
		return;
	}
	out_line(ctl, SHOW_BOLD, "\n%s", T("講じた措置", "Measures"));
	out_table(ctl, table);
	for (i = 0; (row = pick_next(rows, &i, RENRAKU__ROW__BODY_MEASURE));)
		if (!incident || row->measure->incident == incident)
			waiting(ctl, row->measure, "  ", false);
}

static void ledger_entry(struct ctl *ctl, const Renraku__MeasureRow *m)
{
	int64_t now = link_now(ctl);
	char ordered[24], ended[24];
	const char *approval = strcmp(m->approval, "before") == 0  ? T("（事前に決定）", " (decided beforehand)")
			       : strcmp(m->approval, "after") == 0 ? T("（事後承認）", " (approved afterwards)")
								   : "";

	out_line(ctl, strcmp(m->state, "in_force") == 0 ? SHOW_WARN : SHOW_BOLD,
		T("\n措置%u  事案%u  %s  %s（%s）", "\nmeasure %u  incident %u  %s  %s (%s)"), m->id, m->incident, say_measure(m->state),
		what(ctl, m), m->item);
	out_line(ctl, SHOW_PLAIN, T("    命じた者: %s  %s から", "    ordered by %s, since %s"), i18n_pick(m->ordered_by, m->ordered_by_en),
		show_time((int64_t)m->ordered_at, now, ordered));
	out_line(ctl, SHOW_PLAIN, T("    権限: %s%s", "    authority: %s%s"), authorities(ctl, m), approval);
	if (strcmp(m->state, "lifted") == 0)
		out_line(ctl, SHOW_PLAIN, T("    解除: %s  %s", "    lifted by %s at %s"), m->ended_by,
			show_time((int64_t)m->ended_at, now, ended));
	if (*m->owner)
		out_line(ctl, SHOW_PLAIN, T("    引継ぎ: %s → %s、期限 %s  %s", "    handed over by %s to %s, due %s  %s"), m->ended_by,
			m->owner, m->due, m->reason);
	waiting(ctl, m, "    ", true);
}

size_t board_ledger(struct ctl *ctl, const struct rows *rows)
{
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_MEASURE))) {
		ledger_entry(ctl, row->measure);
		n++;
	}
	return n;
}
