/* 6 会議録: convening, attendance, reports, agenda with what was decided or put off, minutes. */
#include <string.h>

#include "ctl/pick.h"
#include "ctl/say.h"
#include "report/sections.h"

static void attendance(struct doc *doc, const struct model *m, const Renraku__MeetingRow *meeting)
{
	struct doc_table *t = doc_table(doc, 4,
		(const char *const[]){T("構成員", "Member"), T("出欠", "Answer"), T("日時・手段", "When, how"), T("備考", "Remark")},
		(const double[]){0.22, 0.14, 0.3, 0.34});
	size_t i;

	for (i = 0; i < m->n_notices; i++) {
		const Renraku__RecipientRow *r = model_member(&m->notices[i], meeting);

		if (!r)
			continue;
		doc_row(doc, t, *r->answer ? DOC_ROW_PLAIN : DOC_ROW_WARN,
			(const char *const[]){r->name, *r->answer ? say_answer(r->answer) : T("返事なし", "no answer"),
				r->acknowledged ? arena_printf(m->arena, T("%s　%s %s", "%s %s %s"),
							  sections_when(m, (int64_t)r->acknowledged_at), say_channel(r->channel), r->number)
						: "",
				*r->entered_by ? arena_printf(m->arena, T("%s%s入力 %s", "%s%sentered by %s"), r->comment,
							 *r->comment ? "\n" : "", r->entered_by)
					       : r->comment});
	}
}

static void meeting(struct doc *doc, const struct model *m, const Renraku__MeetingRow *r)
{
	const struct m_item *it = model_item(m, r->item);
	struct doc_table *t;
	size_t i;

	doc_add(doc, DOC_SUBHEADING, T("%sの招集　%s", "%s convened: %s"), i18n_pick(r->role, r->role_en), sections_item(m, it));
	t = doc_pairs(doc, 0.18);
	for (i = 0; it && i < it->n_evidence; i++)
		if (it->evidence[i].kind == REC_ENTERED && !it->evidence[i].superseded) {
			doc_pair(doc, t, T("招集者", "Convened by"), T("%s　%s（記録 %llu）", "%s %s (record %llu)"),
				model_evidence_who(m, &it->evidence[i]), sections_when(m, it->evidence[i].at),
				(unsigned long long)it->evidence[i].record);
			doc_pair(doc, t, T("日時・場所等", "When, where"), "%s", it->evidence[i].text);
		}
	doc_pair(doc, t, T("出欠", "Attendance"),
		T("出席 %u、代理出席 %u、欠席 %u、返事なし %u　定足数 %u（%s）",
			"present %u, deputies %u, absent %u, silent %u; quorum %u (%s)"),
		r->present, r->deputies, r->absent, r->silent, r->quorum,
		r->present + r->deputies >= r->quorum ? T("満たす", "reached") : T("満たさない", "NOT reached"));
	attendance(doc, m, r);
}

static bool tells_group(const struct model *m, const struct m_item *it)
{
	size_t i, k;

	for (i = 0; it->row->plan && i < it->row->plan->n_tells; i++)
		for (k = 0; k < it->row->plan->tells[i]->n_to; k++) {
			const Renraku__Row *row =
				rows_find(m->source->plan, arena_printf(m->arena, "role:%s", it->row->plan->tells[i]->to[k]));

			if (row && row->body_case == RENRAKU__ROW__BODY_PLAN_ROLE && row->plan_role->group)
				return true;
		}
	return false;
}

static bool ratifies(const struct m_item *it)
{
	size_t i, k;

	for (i = 0; i < it->row->n_form; i++)
		for (k = 0; k < it->row->form[i]->n_options; k++)
			if (it->row->form[i]->options[k]->ratifies)
				return true;
	return false;
}

static bool is_convening(const struct model *m, const struct m_item *it)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_MEETING)))
		if (strcmp(row->meeting->item, it->row->id) == 0)
			return true;
	return false;
}

/* What is done in the step in which a meeting is convened is that meeting's: reports to it, its answers. */
static bool in_its_step(const struct model *m, const struct m_item *it)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_MEETING))) {
		const struct m_item *convening = model_item(m, row->meeting->item);

		if (convening && *it->row->step && strcmp(convening->row->step, it->row->step) == 0 &&
			strcmp(convening->row->procedure, it->row->procedure) == 0)
			return true;
	}
	return false;
}

static const struct evidence *newest(const struct m_item *it)
{
	size_t i;

	for (i = it->n_evidence; i-- > 0;)
		if ((it->evidence[i].kind == REC_ENTERED || it->evidence[i].kind == REC_WAIVED) && !it->evidence[i].superseded)
			return &it->evidence[i];
	return NULL;
}

/* What was shown for an agenda item: its choice, and the words beside it. */
static const char *decided(const struct model *m, const struct m_item *it, const char *id)
{
	const char *text = "", *beside = arena_printf(m->arena, "%s.text", id);
	size_t i;

	for (i = 0; i < it->row->n_values; i++) {
		const Renraku__ShownValue *v = it->row->values[i];
		const char *shown = i18n_pick(v->shown, v->shown_en);

		if (strcmp(v->field, id) == 0 && strcmp(v->value, "deferred") == 0)
			text = T("保留", "deferred");
		else if (strcmp(v->field, id) == 0)
			text = *v->unknown ? arena_printf(m->arena, T("不明（%s）", "unknown (%s)"), v->unknown) : shown;
		else if (strcmp(v->field, beside) == 0)
			text = arena_printf(m->arena, "%s%s%s", text, *text ? "\n" : "", shown);
	}
	return text;
}

static void agenda(struct doc *doc, const struct model *m, const struct m_item *it)
{
	struct doc_table *t = doc_table(doc, 3,
		(const char *const[]){T("議題", "Agenda"), T("計画に定める内容", "As the plan lists it"), T("決定", "Decision")},
		(const double[]){0.24, 0.36, 0.4});
	size_t i;

	for (i = 0; i < it->row->n_agenda; i++) {
		const Renraku__Agenda *a = it->row->agenda[i];
		const char *what = decided(m, it, a->id);

		doc_row(doc, t, *what ? DOC_ROW_PLAIN : DOC_ROW_WARN,
			(const char *const[]){arena_printf(m->arena, "%zu　%s", i + 1, i18n_pick(a->title, a->title_en)),
				say_join(m->arena, a->contents, a->n_contents, "\n"), *what ? what : T("（記録なし）", "(none)")});
	}
}

static void minutes(struct doc *doc, const struct model *m, const struct m_item *it)
{
	const struct evidence *e = newest(it);
	struct doc_table *t;

	if (!e)
		return;
	doc_add(doc, DOC_SUBHEADING, "%s", sections_item(m, it));
	t = doc_pairs(doc, 0.18);
	doc_pair(doc, t, T("記録", "On record"), T("%s　%s（記録 %llu）", "%s %s (record %llu)"), model_evidence_who(m, e),
		sections_when(m, e->at), (unsigned long long)e->record);
	if (*it->row->decided_by)
		doc_pair(doc, t, T("決定者", "Decided by"), "%s", i18n_pick(it->row->decided_by, it->row->decided_by_en));
	if (it->row->n_agenda)
		agenda(doc, m, it);
	else
		doc_pair(doc, t, e->kind == REC_WAIVED ? T("不要とした理由", "Not needed because") : T("内容", "Contents"), "%s", e->text);
}

void sections_council(struct doc *doc, const struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0;
	bool any = false;

	doc_add(doc, DOC_HEADING, "%s", T("6　会議録", "6. Council"));
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_MEETING))) {
		meeting(doc, m, row->meeting);
		any = true;
	}
	for (i = 0; i < m->n_items; i++) {
		const struct m_item *it = &m->items[i];

		if (is_convening(m, it) || !newest(it) ||
			!(it->row->n_agenda || *it->row->decided_by || ratifies(it) || tells_group(m, it) || in_its_step(m, it)))
			continue;
		minutes(doc, m, it);
		any = true;
	}
	if (!any)
		sections_none(doc, T("会議は招集されなかった。", "No council was convened."));
}
