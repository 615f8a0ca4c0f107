/* 4 判断と根拠, 5 電話連絡. */
#include <string.h>

#include "ctl/say.h"
#include "report/sections.h"

/* ---- 4 ---- */

/* Something was chosen there, or decided upon. */
static bool is_decision(const struct m_item *it)
{
	size_t i;

	if (it->row->n_agenda || *it->row->decided_by)
		return true;
	for (i = 0; i < it->row->n_form; i++)
		if (it->row->form[i]->n_options)
			return true;
	return false;
}

static void revision(struct doc *doc, const struct model *m, struct doc_table *t, const struct evidence *e, unsigned number)
{
	const char *text = e->text;

	if (*e->entered_by)
		text = arena_printf(m->arena, T("%s\n入力 %s", "%s\nentered by %s"), text, e->entered_by);
	doc_row(doc, t, e->superseded ? DOC_ROW_DIM : DOC_ROW_PLAIN,
		(const char *const[]){arena_printf(m->arena, "%u%s", number, e->superseded ? T("（旧）", " (old)") : ""),
			sections_when(m, e->at), arena_printf(m->arena, "%s\n%s", e->what, model_evidence_who(m, e)), text,
			arena_printf(m->arena, "%llu", (unsigned long long)e->record)});
}

void sections_decisions(struct doc *doc, const struct model *m)
{
	struct doc_table *t = NULL;
	size_t i, k;

	doc_add(doc, DOC_HEADING, "%s", T("4　判断とその根拠", "4. Decisions and their grounds"));
	doc_add(doc, DOC_NOTE, "%s",
		T("訂正されたものは、訂正の前後をすべて順に示す。（旧）は後の記録に代わったもの。",
			"Of what was amended, every version in its order. (old): a later one took its place."));
	for (i = 0; i < m->n_items; i++) {
		const struct m_item *it = &m->items[i];
		unsigned number = 0;

		if (!is_decision(it) || it->n_evidence == 0)
			continue;
		for (k = 0; k < it->n_evidence; k++) {
			const struct evidence *e = &it->evidence[k];

			if (e->kind != REC_OPENED && e->kind != REC_ENTERED && e->kind != REC_WAIVED && e->kind != REC_REOPENED)
				continue;
			if (!t)
				t = doc_table(doc, 5,
					(const char *const[]){T("版", "No."), T("日時", "Time"), T("誰が", "By"),
						T("判断の内容と根拠", "Decision and ground"), T("記録", "Record")},
					(const double[]){0.085, 0.165, 0.25, 0.415, 0.085});
			if (number++ == 0)
				doc_row(doc, t, DOC_ROW_GROUP,
					(const char *const[]){arena_printf(m->arena, "%s%s%s%s", sections_item(m, it),
						*it->row->decided_by ? T("（決定者：", " (decided by: ") : "",
						i18n_pick(it->row->decided_by, it->row->decided_by_en),
						*it->row->decided_by ? T("）", ")") : "")});
			revision(doc, m, t, e, number);
		}
	}
	if (!t)
		sections_none(doc, T("判断の記録はない。", "No decisions on record."));
}

/* ---- 5 ---- */

/* A call that was entered with an item counts no more when the item was entered again. */
static const struct evidence *superseded(const struct model *m, const struct record *r)
{
	const struct m_item *it = r->kind == REC_ENTERED ? model_item(m, r->item) : NULL;
	size_t i;

	for (i = 0; it && i < it->n_evidence; i++)
		if (it->evidence[i].record == r->index && it->evidence[i].superseded)
			return &it->evidence[i];
	return NULL;
}

static void call(struct doc *doc, const struct model *m, struct doc_table *t, const struct source_line *line, const struct record_call *c)
{
	struct evidence e = model_evidence(m, line);
	const char *whom = c->body ? model_body(m, c->body) : model_person(m, line->r.name);
	const struct evidence *old = superseded(m, &line->r);
	const char *said = c->said ? c->said : "";

	if (c->reason && *c->reason)
		said = arena_printf(m->arena, T("かけない理由：%s", "not called because: %s"), c->reason);
	if (c->again_at)
		said = arena_printf(m->arena, T("%s%s次にかける時刻 %s", "%s%stry again at %s"), said, *said ? "\n" : "",
			sections_when(m, c->again_at));
	if (old)
		said = sections_superseded(m, old, said);
	doc_row(doc, t, old ? DOC_ROW_DIM : DOC_ROW_PLAIN,
		(const char *const[]){sections_when(m, c->at ? c->at : e.at), whom, c->number ? c->number : "", e.who,
			c->no_answer     ? T("応答なし", "no answer")
			: c->answered_by ? c->answered_by
					 : "",
			said, arena_printf(m->arena, "%s\n%llu", line->r.item ? line->r.item : "", (unsigned long long)e.record)});
}

void sections_calls(struct doc *doc, const struct model *m)
{
	const struct source *s = m->source;
	struct doc_table *t = NULL;
	size_t i, k;

	doc_add(doc, DOC_HEADING, "%s", T("5　関係機関等への電話連絡", "5. Calls"));
	for (i = 0; i < s->n; i++)
		for (k = 0; k < s->lines[i].r.n_calls; k++) {
			if (!t)
				t = doc_table(doc, 7,
					(const char *const[]){T("日時", "Time"), T("相手先", "Whom"), T("かけた番号", "Number"),
						T("かけた者", "Caller"), T("出た者", "Answered"),
						T("伝えたこと・依頼・再連絡", "Said, asked, try again"), T("項目・記録", "Item, record")},
					(const double[]){0.165, 0.155, 0.17, 0.115, 0.11, 0.19, 0.095});
			call(doc, m, t, &s->lines[i], &s->lines[i].r.calls[k]);
		}
	if (!t)
		sections_none(doc, T("電話連絡の記録はない。", "No calls on record."));
}
