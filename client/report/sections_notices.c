/* 3 通知: who was told when, how far each notice came, who acknowledged it and how; and what was done where nobody answered. */
#include <stdlib.h>
#include <string.h>

#include "ctl/say.h"
#include "report/sections.h"

static bool is_broadcast(const struct m_notice *n)
{
	return strcmp(n->row->role, "every_terminal") == 0;
}

static const char *kind_words(const struct m_notice *n)
{
	if (strcmp(n->row->kind, "your_turn") == 0)
		return T("対応の依頼", "please act");
	if (strcmp(n->row->kind, "cancelled") == 0)
		return T("取り消し", "cancelled");
	if (n->row->answer)
		return T("招集", "convening");
	return is_broadcast(n) ? T("一斉通知", "broadcast") : T("報告・指示", "report, instruction");
}

static const char *state_words(const struct m_notice *n)
{
	if (!n->row->wants_ack)
		return T("知らせるのみ", "for information");
	if (strcmp(n->row->state, "open") == 0)
		return T("未確認", "NOT ACKNOWLEDGED");
	return strcmp(n->row->state, "withdrawn") == 0 ? T("取り下げ", "withdrawn") : T("受領済み", "acknowledged");
}

static const char *reached(const struct model *m, const Renraku__RecipientRow *r)
{
	return r->stage_at ? arena_printf(m->arena, "%s %s", say_stage(r->stage), sections_when(m, (int64_t)r->stage_at))
			   : say_stage(r->stage);
}

static const char *acknowledged(const struct model *m, const Renraku__RecipientRow *r)
{
	const char *text;

	if (*r->excused)
		return arena_printf(m->arena, T("除外：%s", "excused: %s"), r->excused);
	if (!r->acknowledged)
		return "";
	text = arena_printf(m->arena, T("%s（%s・%s%s%s）", "%s (%s, %s%s%s)"), sections_when(m, (int64_t)r->acknowledged_at),
		model_capacity(r->capacity), say_channel(r->channel), *r->number ? " " : "", r->number);
	if (*r->answer)
		text = arena_printf(m->arena, T("%s　%s", "%s %s"), text, say_answer(r->answer));
	if (*r->entered_by)
		text = arena_printf(m->arena, T("%s\n入力 %s%s", "%s\nentered by %s%s"), text, r->entered_by,
			r->unconfirmed ? T("（本人は未確認）", " (not yet confirmed)") : "");
	if (*r->comment)
		text = arena_printf(m->arena, "%s\n%s", text, say_cause(r->comment));
	return text;
}

/* What the log says happened to it: told again, deputies called in, withdrawn. */
static const char *escalations(const struct model *m, const struct m_notice *n)
{
	const struct source *s = m->source;
	const char *text = "";
	size_t i;

	for (i = 0; i < s->n; i++) {
		const struct record *r = &s->lines[i].r;

		if (r->notice != n->row->id ||
			!(r->kind == REC_REPEATED || r->kind == REC_ESCALATED || (r->kind == REC_WITHDRAWN && n->row->wants_ack)))
			continue;
		text = arena_printf(m->arena, "%s%s%s %s%s%s", text, *text ? "\n" : "", sections_when(m, r->at), model_kind(r),
			r->kind == REC_REPEATED ? "" : T("：", ": "), r->kind == REC_REPEATED ? "" : model_line(m, &s->lines[i]));
	}
	return text;
}

static void notice(struct doc *doc, const struct model *m, struct doc_table *t, const struct m_notice *n)
{
	const char *more = escalations(m, n);
	size_t i;

	doc_row(doc, t, DOC_ROW_GROUP,
		(const char *const[]){arena_printf(m->arena, T("#%llu　%s　%s　→ %s　［%s・%s］", "#%llu %s %s -> %s [%s, %s]"),
			(unsigned long long)n->row->id, sections_when(m, (int64_t)n->row->at), i18n_pick(n->row->title, n->row->title_en),
			i18n_pick(n->row->role_title, n->row->role_title_en), kind_words(n), state_words(n))});
	for (i = 0; i < n->n_recipients; i++) {
		const Renraku__RecipientRow *r = n->recipients[i];

		doc_row(doc, t, DOC_ROW_PLAIN,
			(const char *const[]){*r->name ? r->name : r->id, say_as(r->as), reached(m, r), acknowledged(m, r)});
	}
	if (*more)
		doc_row(doc, t, DOC_ROW_DIM, (const char *const[]){T("経過", "Course"), "", "", more});
}

/* ---- broadcasts ---- */

static const char *counts(const struct model *m, const struct m_notice *n)
{
	size_t total = n->n_recipients;

	return arena_printf(m->arena,
		T("端末 %zu台：送信 %zu、配達 %zu、表示 %zu、受領 %zu、除外 %u、未受領 %zu",
			"%zu terminals: sent %zu, delivered %zu, displayed %zu, acknowledged %zu, excused %u, not acknowledged %zu"),
		total, n->n_stage[1] + n->n_stage[2] + n->n_stage[3], n->n_stage[2] + n->n_stage[3], n->n_stage[3],
		total - n->n_missing - n->row->excused, n->row->excused, n->row->wants_ack ? n->n_missing : 0);
}

static int by_place(const void *a, const void *b)
{
	return strcmp((*(Renraku__RecipientRow *const *)a)->name, (*(Renraku__RecipientRow *const *)b)->name);
}

#define LISTED 200u

/* Those of whom there is something to say, by place; of the rest their number is enough. */
static void exceptions(struct doc *doc, const struct model *m, struct doc_table *t, const struct m_notice *n)
{
	Renraku__RecipientRow **sorted = arena_alloc(m->arena, (n->n_recipients + 1) * sizeof *sorted);
	size_t i, shown = 0, left = 0;

	memcpy(sorted, n->recipients, n->n_recipients * sizeof *sorted);
	qsort(sorted, n->n_recipients, sizeof *sorted, by_place);
	for (i = 0; i < n->n_recipients; i++) {
		const Renraku__RecipientRow *r = sorted[i];
		bool plain = (r->acknowledged && !*r->entered_by) || (!n->row->wants_ack && r->stage == RENRAKU__STAGE__STAGE_DISPLAYED);

		if (plain && n->n_recipients > 20)
			continue;
		if (shown++ >= LISTED) {
			left++;
			continue;
		}
		doc_row(doc, t, n->row->wants_ack && !r->acknowledged && !*r->excused ? DOC_ROW_WARN : DOC_ROW_PLAIN,
			(const char *const[]){*r->name ? r->name : r->id, r->id, reached(m, r), acknowledged(m, r)});
	}
	if (left)
		doc_row(doc, t, DOC_ROW_DIM,
			(const char *const[]){arena_printf(m->arena, T("ほか %zu台", "%zu more"), left), "", "",
				T("CSV・JSON の報告に全部ある", "all of them are in the CSV and JSON reports")});
}

static void broadcast(struct doc *doc, const struct model *m, struct doc_table *t, const struct m_notice *n)
{
	const char *more = escalations(m, n);

	doc_row(doc, t, DOC_ROW_GROUP,
		(const char *const[]){arena_printf(m->arena, T("#%llu　%s　%s　［%s］\n%s", "#%llu %s %s [%s]\n%s"),
			(unsigned long long)n->row->id, sections_when(m, (int64_t)n->row->at), i18n_pick(n->row->title, n->row->title_en),
			state_words(n), counts(m, n))});
	exceptions(doc, m, t, n);
	if (*more)
		doc_row(doc, t, DOC_ROW_DIM, (const char *const[]){T("経過", "Course"), "", "", more});
}

static void all(struct doc *doc, const struct model *m, bool broadcasts)
{
	struct doc_table *t = NULL;
	size_t i;

	for (i = 0; i < m->n_notices; i++) {
		if (is_broadcast(&m->notices[i]) != broadcasts)
			continue;
		if (!t)
			t = doc_table(doc, 4,
				(const char *const[]){broadcasts ? T("端末（場所）", "Terminal (place)") : T("相手", "Whom"),
					broadcasts ? T("端末ID", "Id") : T("立場", "As"), T("どこまで届いたか", "How far it came"),
					T("受領確認（資格・手段）", "Acknowledged (capacity, channel)")},
				(const double[]){0.22, 0.12, 0.24, 0.42});
		if (broadcasts)
			broadcast(doc, m, t, &m->notices[i]);
		else
			notice(doc, m, t, &m->notices[i]);
	}
	if (!t)
		sections_none(doc, T("なし。", "None."));
}

void sections_notices(struct doc *doc, const struct model *m)
{
	doc_add(doc, DOC_HEADING, "%s", T("3　通知と受領確認", "3. Who was told, and who acknowledged"));
	doc_add(doc, DOC_SUBHEADING, "%s", T("職員への通知", "To people"));
	all(doc, m, false);
	doc_add(doc, DOC_SUBHEADING, "%s", T("全端末への一斉通知（場所別）", "To every terminal, by place"));
	all(doc, m, true);
}
