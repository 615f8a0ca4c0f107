/* 2 条項ごとの実施状況: clause -> item with the plan's own words -> evidence -> gap. */
#include <string.h>

#include "ctl/say.h"
#include "report/sections.h"

static const char *state_words(enum m_state s)
{
	switch (s) {
	case M_NOT_APPLICABLE:
		return T("該当なし", "not applicable");
	case M_UNUSED:
		return T("行わず", "not used");
	case M_WAIVED:
		return T("不要", "not needed");
	case M_MET:
		return T("実施", "met");
	case M_OPEN:
		break;
	}
	return T("未了", "NOT COMPLETE");
}

static const char *remarks(const struct model *m, const struct evidence *e)
{
	const char *text = e->text;

	if (e->superseded)
		text = sections_superseded(m, e, text);
	if (*e->entered_by)
		text = arena_printf(m->arena, T("%s%s入力 %s%s%s", "%s%sentered by %s%s%s"), text, *text ? "\n" : "", e->entered_by,
			e->said_at ? T("、告げた時刻 ", ", said at ") : "", sections_when(m, e->said_at));
	if (strcmp(e->word, "confirmed") == 0)
		text = arena_printf(m->arena, T("%s（本人確認済み）", "%s (confirmed)"), text);
	else if (strcmp(e->word, "unconfirmed") == 0)
		text = arena_printf(m->arena, T("%s（本人は未確認）", "%s (not yet confirmed)"), text);
	else if (strcmp(e->word, "denied") == 0)
		text = arena_printf(m->arena, T("%s（本人が否認）", "%s (DENIED)"), text);
	if (e->transcribed)
		text = arena_printf(m->arena, T("【転記】%s", "[transcribed] %s"), text);
	return text;
}

static void evidence(struct doc *doc, const struct model *m, struct doc_table *t, const struct evidence *e)
{
	const char *record = !e->record ? ""
			     : e->last != e->record
				     ? arena_printf(m->arena, "%llu～%llu", (unsigned long long)e->record, (unsigned long long)e->last)
				     : arena_printf(m->arena, "%llu", (unsigned long long)e->record);
	const char *who = e->count > 1 ? arena_printf(m->arena, T("端末 %zu台", "%zu terminals"), e->count) : model_evidence_who(m, e);

	doc_row(doc, t, e->superseded ? DOC_ROW_DIM : DOC_ROW_PLAIN,
		(const char *const[]){e->what, sections_when(m, e->at), who, remarks(m, e), record});
}

static void item(struct doc *doc, const struct model *m, struct doc_table *t, const struct m_item *it)
{
	size_t i;

	doc_row(doc, t, DOC_ROW_GROUP,
		(const char *const[]){arena_printf(m->arena, T("%s　［%s］　%s%s%s", "%s [%s] %s%s%s"), sections_item(m, it),
			state_words(it->state), i18n_pick(it->row->by_title, it->row->by_title_en),
			*it->row->words ? T("\n原文：", "\nThe plan says: ") : "", it->row->words)});
	for (i = 0; i < it->n_evidence; i++)
		evidence(doc, m, t, &it->evidence[i]);
	if (*it->reason && !(it->state == M_WAIVED && it->n_evidence > 0))
		doc_row(doc, t, DOC_ROW_DIM, (const char *const[]){state_words(it->state), "", "", it->reason, ""});
	for (i = 0; i < it->n_gaps; i++)
		doc_row(doc, t, DOC_ROW_WARN,
			(const char *const[]){it->gaps[i].open ? T("不足", "MISSING") : T("注意", "NOTE"), "", "", it->gaps[i].text, ""});
}

/* Clauses that never applied are many and say little: they are one table at the end. */
static void clause(struct doc *doc, const struct model *m, const struct m_clause *c)
{
	struct doc_table *t;
	size_t i;

	doc_add(doc, DOC_SUBHEADING, T("%s　［%s］%s%s", "%s [%s]%s%s"), c->id, state_words(c->state), *c->title ? T("　", " ") : "",
		c->title);
	t = doc_table(doc, 5,
		(const char *const[]){T("証跡", "Evidence"), T("日時", "Time"),
			T("氏名（役割・資格・手段）", "Who (role, capacity, channel)"), T("内容", "What"), T("記録", "Record")},
		(const double[]){0.115, 0.165, 0.25, 0.385, 0.085});
	for (i = 0; i < c->n_evidence; i++)
		evidence(doc, m, t, &c->evidence[i]);
	for (i = 0; i < c->n_items; i++)
		if (m->items[c->items[i]].state > M_UNUSED || m->items[c->items[i]].n_evidence > 0)
			item(doc, m, t, &m->items[c->items[i]]);
	for (i = 0; i < c->n_items; i++) {
		const struct m_item *it = &m->items[c->items[i]];

		if (it->state <= M_UNUSED && it->n_evidence == 0)
			doc_row(doc, t, DOC_ROW_DIM,
				(const char *const[]){state_words(it->state), "", "",
					arena_printf(m->arena, T("%s：%s", "%s: %s"), sections_item(m, it), it->reason), ""});
	}
}

static void not_applicable(struct doc *doc, const struct model *m)
{
	struct doc_table *t = NULL;
	size_t i, k;

	for (i = 0; i < m->n_clauses; i++) {
		const struct m_clause *c = &m->clauses[i];
		const char *titles = c->title;

		if (c->state != M_NOT_APPLICABLE)
			continue;
		if (!t) {
			doc_add(doc, DOC_SUBHEADING, "%s", T("該当しなかった条項", "Clauses that did not apply"));
			t = doc_table(doc, 3, (const char *const[]){T("条項", "Clause"), T("項目", "Items"), T("理由", "Reason")},
				(const double[]){0.1, 0.4, 0.5});
		}
		for (k = 0; k < c->n_items; k++)
			titles = arena_printf(m->arena, "%s%s%s", titles, *titles ? "\n" : "", sections_item(m, &m->items[c->items[k]]));
		doc_row(doc, t, DOC_ROW_PLAIN, (const char *const[]){c->id, titles, c->reason});
	}
}

void sections_clauses(struct doc *doc, const struct model *m)
{
	size_t i;

	doc_add(doc, DOC_HEADING, "%s", T("2　条項ごとの実施状況", "2. Clause by clause"));
	doc_add(doc, DOC_NOTE, "%s",
		T("計画の条項ごとに、項目とその原文、実施の証跡、足りないところを示す。「記録」は記録番号。",
			"For each clause of the plan: its items in the plan's own words, what proves them, and what is missing. 'Record' "
			"is the number "
			"in the log."));
	for (i = 0; i < m->n_clauses; i++)
		if (m->clauses[i].state != M_NOT_APPLICABLE)
			clause(doc, m, &m->clauses[i]);
	not_applicable(doc, m);
}
