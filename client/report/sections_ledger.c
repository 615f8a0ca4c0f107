/* 7 措置の台帳, 8 時限, 9 再発防止・恒久対策. */
#include <string.h>

#include "ctl/pick.h"
#include "ctl/say.h"
#include "report/sections.h"

/* ---- 7 ---- */

static const char *told(const struct model *m, const Renraku__MeasureRow *r)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < r->n_told; i++) {
		const Renraku__MeasureTold *t = r->told[i];
		size_t missing = t->wanted > t->acknowledged ? t->wanted - t->acknowledged : 0;

		text = arena_printf(m->arena, T("%s%s%s：%u台中 %u台が受領%s%s", "%s%s%s: %u terminals, %u acknowledged%s%s"), text,
			*text ? "\n" : "", strcmp(t->what, "lifted") == 0 ? T("解除の伝達", "lifting") : T("命令の伝達", "order"),
			t->wanted, t->acknowledged, missing ? T("。未受領：", "; not acknowledged: ") : "",
			say_join(m->arena, t->waiting, t->n_waiting, T("、", ", ")));
		if (missing > t->n_waiting)
			text = arena_printf(m->arena, T("%s ほか%zu台", "%s and %zu more"), text, missing - t->n_waiting);
	}
	return text;
}

static const char *approval(const Renraku__MeasureRow *r)
{
	if (strcmp(r->approval, "before") == 0)
		return T("事前（会議が決定した）", "before (the council decided it)");
	return strcmp(r->approval, "after") == 0 ? T("事後承認（命じた後に会議が引き取った）", "afterwards (the council took it over)")
						 : T("なし", "none");
}

static void measure(struct doc *doc, const struct model *m, const Renraku__MeasureRow *r)
{
	char *const *authorities = say_either(r->authorities, r->n_authorities, r->authorities_en, r->n_authorities_en);
	struct doc_table *t;

	doc_add(doc, DOC_SUBHEADING, T("措置 %u　%s　［%s］", "Measure %u: %s [%s]"), r->id, i18n_pick(r->title, r->title_en),
		say_measure(r->state));
	t = doc_pairs(doc, 0.22);
	doc_pair(doc, t, T("範囲", "Extent"), "%s", say_values(m->arena, r->extent, r->n_extent));
	doc_pair(doc, t, T("命じた者", "Ordered by"), T("%s　%s（%s）", "%s %s (%s)"), i18n_pick(r->ordered_by, r->ordered_by_en),
		model_when(m, (int64_t)r->ordered_at), r->item);
	doc_pair(doc, t, T("権限", "Authorities"), "%s", say_join(m->arena, authorities, r->n_authorities, T("、後に ", ", later ")));
	doc_pair(doc, t, T("会議の承認", "Council's approval"), "%s", approval(r));
	if (r->ended_at)
		doc_pair(doc, t, strcmp(r->state, "handed_over") == 0 ? T("引継ぎ", "Handed over") : T("解除", "Lifted"), "%s　%s",
			model_when(m, (int64_t)r->ended_at), r->ended_by);
	doc_pair(doc, t, T("引継ぎ先", "Handed to"), "%s%s%s%s%s", r->owner, *r->due ? T("　期限 ", ", due ") : "", r->due,
		*r->reason ? T("　理由：", ", because: ") : "", r->reason);
	doc_pair(doc, t, T("端末への伝達", "The terminals"), "%s", r->n_told ? told(m, r) : T("計画に定めがない", "the plan tells none"));
}

void sections_measures(struct doc *doc, const struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	doc_add(doc, DOC_HEADING, "%s", T("7　停止・切り離し等の措置の台帳", "7. Measures (stops and cut-offs)"));
	for (; (row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_MEASURE)); n++)
		measure(doc, m, row->measure);
	if (n == 0)
		sections_none(doc, T("停止・切り離し等の措置は講じられなかった。", "No measure was ordered."));
}

/* ---- 8 ---- */

static const char *limit_state(const struct m_limit *l)
{
	return l->state == LIMIT_KEPT ? T("守った", "kept") : l->state == LIMIT_MISSED ? T("遅れた", "MISSED") : T("進行中", "running");
}

static void limit(struct doc *doc, const struct model *m, struct doc_table *t, const struct m_limit *l)
{
	const Renraku__ItemPlan *plan = l->item ? l->item->row->plan : NULL;
	const char *named = plan ? i18n_pick(plan->limit_title, plan->limit_title_en) : "";

	doc_row(doc, t, l->state == LIMIT_MISSED ? DOC_ROW_WARN : DOC_ROW_PLAIN,
		(const char *const[]){sections_item(m, l->item), i18n_pick(l->notice->row->role_title, l->notice->row->role_title_en),
			l->done ? T("完了まで", "until done") : T("受領まで", "until acknowledged"),
			arena_printf(m->arena, "%s%s%s", named, *named ? "\n" : "", model_span(m, l->limit_ms)), sections_when(m, l->from),
			l->until ? model_span(m, l->until - l->from) : "-", limit_state(l)});
}

void sections_limits(struct doc *doc, const struct model *m)
{
	struct doc_table *t;
	size_t i, missed = 0;

	doc_add(doc, DOC_HEADING, "%s", T("8　時限", "8. Time limits"));
	for (i = 0; i < m->n_limits; i++)
		missed += m->limits[i].state == LIMIT_MISSED;
	doc_add(doc, DOC_NOTE,
		T("時限は町が定めたもので、計画が定めたものではない。%zu件のうち %zu件が遅れた。",
			"The limits are the town's and not the plan's. Of %zu, %zu were missed."),
		m->n_limits, missed);
	if (m->n_limits == 0)
		return;
	t = doc_table(doc, 7,
		(const char *const[]){T("項目", "Item"), T("相手", "Whom"), T("何まで", "Until"), T("時限", "Limit"), T("起点", "From"),
			T("所要", "Took"), T("結果", "Result")},
		(const double[]){0.26, 0.185, 0.105, 0.095, 0.165, 0.1, 0.09});
	for (i = 0; i < m->n_limits; i++)
		limit(doc, m, t, &m->limits[i]);
}

/* ---- 9 ---- */

void sections_follow_ups(struct doc *doc, const struct model *m)
{
	const Renraku__Row *row;
	struct doc_table *t = NULL;
	size_t i = 0;

	doc_add(doc, DOC_HEADING, "%s", T("9　再発防止策・恒久対策", "9. Follow-up"));
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_FOLLOW_UP))) {
		const Renraku__FollowUpRow *r = row->follow_up;

		if (!t)
			t = doc_table(doc, 6,
				(const char *const[]){T("番号", "No."), T("種別", "Kind"), T("内容", "What"), T("担当", "Owner"),
					T("期限", "Due"), T("状態", "State")},
				(const double[]){0.07, 0.22, 0.34, 0.14, 0.13, 0.1});
		doc_row(doc, t, DOC_ROW_PLAIN,
			(const char *const[]){arena_printf(m->arena, "%u", r->id),
				*r->kind_title ? i18n_pick(r->kind_title, r->kind_title_en) : r->kind,
				*r->remark ? arena_printf(m->arena, "%s\n%s", r->text, r->remark) : r->text, r->owner_name, r->due,
				strcmp(r->state, "done") == 0   ? T("完了", "done")
				: strcmp(r->state, "open") == 0 ? T("未了", "open")
								: r->state});
	}
	if (!t)
		sections_none(doc, T("まだ決められていない。", "None was decided."));
}
