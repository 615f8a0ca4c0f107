/* 10 関係者・補足, 11 経過. */
#include <string.h>

#include "base/text.h"
#include "ctl/pick.h"
#include "report/sections.h"

/* ---- 10 ---- */

static void alarms(struct doc *doc, const struct model *m)
{
	const struct source *s = m->source;
	struct doc_table *t = NULL;
	size_t i;

	for (i = 0; i < s->n; i++) {
		const struct record *r = &s->lines[i].r;
		struct evidence e = model_evidence(m, &s->lines[i]);

		if (r->kind != REC_OPENED && r->kind != REC_ALARM_JOINED && r->kind != REC_SPLIT && r->kind != REC_JOINED)
			continue;
		if (!t) {
			doc_add(doc, DOC_SUBHEADING, "%s", T("通報（加わったもの・分けたもの・まとめたもの）", "Alarms: joined, split"));
			t = doc_table(doc, 5,
				(const char *const[]){T("日時", "Time"), T("種別", "Kind"), T("端末・氏名", "Where, who"),
					T("内容", "What"), T("記録", "Record")},
				(const double[]){0.165, 0.13, 0.22, 0.4, 0.085});
		}
		doc_row(doc, t, DOC_ROW_PLAIN,
			(const char *const[]){sections_when(m, e.at), e.what,
				arena_printf(m->arena, "%s%s%s", r->terminal ? model_terminal(m, r->terminal) : "",
					r->terminal && *e.person ? "\n" : "", *e.person ? e.who : ""),
				model_line(m, &s->lines[i]), arena_printf(m->arena, "%llu", (unsigned long long)e.record)});
	}
}

/* Of the incident's own records: who was kept out and why, who read it. */
static void kinds(struct doc *doc, const struct model *m, const char *title, enum record_kind kind, bool transcribed)
{
	const struct source *s = m->source;
	struct doc_table *t = NULL;
	size_t i;

	for (i = 0; i < s->n; i++) {
		const struct record *r = &s->lines[i].r;
		struct evidence e = model_evidence(m, &s->lines[i]);

		if (transcribed ? !e.transcribed : r->kind != kind)
			continue;
		if (!t) {
			doc_add(doc, DOC_SUBHEADING, "%s", title);
			t = doc_table(doc, 4,
				(const char *const[]){T("日時", "Time"), T("氏名", "Who"), T("内容", "What"), T("記録", "Record")},
				(const double[]){0.165, 0.28, 0.47, 0.085});
		}
		doc_row(doc, t, DOC_ROW_PLAIN,
			(const char *const[]){transcribed && e.said_at
						      ? arena_printf(m->arena, T("%s\n（書いた時刻 %s）", "%s\n(written %s)"),
								sections_when(m, e.at), sections_when(m, e.said_at))
						      : sections_when(m, e.at),
				*e.entered_by ? arena_printf(m->arena, T("%s\n転記・入力 %s", "%s\nentered by %s"),
							model_evidence_who(m, &e), e.entered_by)
					      : model_evidence_who(m, &e),
				arena_printf(m->arena, "%s%s%s%s", transcribed ? e.what : "", transcribed ? T("：", ": ") : "",
					transcribed ? sections_item(m, model_item(m, r->item)) : "", model_line(m, &s->lines[i])),
				arena_printf(m->arena, "%llu", (unsigned long long)e.record)});
	}
}

static void comments(struct doc *doc, const struct model *m)
{
	const Renraku__Row *row;
	struct doc_table *t = NULL;
	size_t i = 0;

	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_COMMENT))) {
		const Renraku__CommentRow *c = row->comment;

		if (!t) {
			doc_add(doc, DOC_SUBHEADING, "%s", T("コメント", "Comments"));
			t = doc_table(doc, 4,
				(const char *const[]){T("日時", "Time"), T("氏名", "Who"), T("内容", "What"), T("記録", "Record")},
				(const double[]){0.165, 0.28, 0.47, 0.085});
		}
		doc_row(doc, t, DOC_ROW_PLAIN,
			(const char *const[]){sections_when(m, (int64_t)c->at),
				*c->item ? arena_printf(m->arena, "%s\n%s", i18n_pick(c->by, c->by_en), c->item)
					 : i18n_pick(c->by, c->by_en),
				c->text, arena_printf(m->arena, "%llu", (unsigned long long)c->record)});
	}
}

/* Terms that fall into the incident; of a closed one the capacities in the record say who stood in. */
static bool overlaps(const struct model *m, uint64_t since, uint64_t until)
{
	return !m->incident->closed_at && (int64_t)since <= m->source->head->r.at && (until == 0 || until >= m->incident->opened_at);
}

static void term(struct doc *doc, const struct model *m, struct doc_table **t, const char *kind, const char *who, uint64_t since,
	uint64_t until, const char *reason)
{
	if (!*t) {
		doc_add(doc, DOC_SUBHEADING, "%s",
			T("不在・職務代理・委任（進行中に登録されているもの）",
				"Absences, deputies, delegations (on file while it is open)"));
		*t = doc_table(doc, 4, (const char *const[]){T("種別", "Kind"), T("氏名", "Who"), T("期間", "Term"), T("理由", "Reason")},
			(const double[]){0.13, 0.32, 0.3, 0.25});
	}
	doc_row(doc, *t, DOC_ROW_PLAIN,
		(const char *const[]){kind, who,
			arena_printf(m->arena, T("%.16s ～ %.16s", "%.16s to %.16s"), model_when(m, (int64_t)since),
				until ? model_when(m, (int64_t)until) : T("定めなし", "open")),
			reason});
}

static void terms(struct doc *doc, const struct model *m)
{
	const Renraku__Row *row;
	struct doc_table *t = NULL;
	size_t i = 0;

	while ((row = pick_next(m->source->contacts, &i, RENRAKU__ROW__BODY_ABSENCE)))
		if (overlaps(m, row->absence->since, row->absence->until))
			term(doc, m, &t, T("不在", "absent"), row->absence->name, row->absence->since, row->absence->until,
				row->absence->reason);
	for (i = 0; (row = pick_next(m->source->contacts, &i, RENRAKU__ROW__BODY_DELEGATION));) {
		const Renraku__DelegationRow *d = row->delegation;

		if (overlaps(m, d->since, d->until))
			term(doc, m, &t, strcmp(d->kind, "deputy") == 0 ? T("職務代理", "deputy") : T("委任", "delegate"),
				arena_printf(m->arena, "%s → %s%s%s", d->holder_name, d->name, *d->role_title ? "\n" : "",
					i18n_pick(d->role_title, d->role_title_en)),
				d->since, d->until, d->reason);
	}
}

void sections_people(struct doc *doc, const struct model *m)
{
	size_t before;

	doc_add(doc, DOC_HEADING, "%s", T("10　関係者・通報・補足", "10. People, alarms, remarks"));
	before = doc->n;
	alarms(doc, m);
	terms(doc, m);
	kinds(doc, m, T("関与から外した者（理由）", "Barred, with the ground"), REC_BARRED, false);
	kinds(doc, m, T("紙からの転記", "Transcribed from paper"), REC_NONE, true);
	comments(doc, m);
	kinds(doc, m, T("この事案を閲覧した者", "Who read this incident"), REC_READ, false);
	if (doc->n == before)
		sections_none(doc, T("なし。", "None."));
}

/* ---- 11 ---- */

static bool same(const struct model *m, const struct source_line *a, const struct source_line *b)
{
	bool terminal = a->r.terminal && (!a->r.person || !*a->r.person), receipt = a->r.kind == REC_RECEIPT && a->r.stage == b->r.stage;

	(void)m;
	return !a->withheld && !b->withheld && a->r.kind == b->r.kind && a->r.notice == b->r.notice && a->r.notice &&
	       (receipt || (a->r.kind == REC_ACKNOWLEDGED && terminal && b->r.terminal && (!b->r.person || !*b->r.person)));
}

/* Records alike that follow on each other (terminals answering, receipts) are one row. */
static void lines(struct doc *doc, const struct model *m, struct doc_table *t, size_t from, size_t to)
{
	const struct source_line *first = &m->source->lines[from], *last = &m->source->lines[to];
	const struct record *r = &first->r;
	const struct m_notice *n = r->notice ? model_notice(m, r->notice) : NULL;
	const struct m_item *it = model_item(m, r->item ? r->item : n ? n->row->item : NULL);
	struct evidence e = model_evidence(m, first);
	const char *text = model_line(m, first), *who = model_evidence_who(m, &e), *index;
	char hex[2 * RECORD_HASH + 1];

	if (from != to) {
		text = arena_printf(m->arena, T("%zu件（%s まで）", "%zu alike (until %s)"), to - from + 1, sections_when(m, last->r.at));
		who = r->kind == REC_ACKNOWLEDGED ? T("端末", "terminals") : "";
	}
	if (*e.entered_by)
		text = arena_printf(m->arena, T("%s%s入力 %s", "%s%sentered by %s"), text, *text ? "\n" : "", e.entered_by);
	if (it)
		text = arena_printf(m->arena, "%s%s%s%s", it->row->id,
			n && r->notice ? arena_printf(m->arena, " #%llu", (unsigned long long)r->notice) : "", *text ? T("　", " ") : "",
			text);
	index = from == to ? arena_printf(m->arena, "%llu", (unsigned long long)r->index)
			   : arena_printf(m->arena, "%llu～%llu", (unsigned long long)r->index, (unsigned long long)last->r.index);
	doc_row(doc, t, r->kind == REC_RECEIPT || r->kind == REC_READ ? DOC_ROW_DIM : DOC_ROW_PLAIN,
		(const char *const[]){index, sections_when(m, r->at), e.what, who, text,
			arena_printf(m->arena, "%.10s", text_hex(last->hash, RECORD_HASH, hex))});
}

void sections_log(struct doc *doc, const struct model *m)
{
	const struct source *s = m->source;
	struct doc_table *t;
	size_t i, k;

	doc_add(doc, DOC_HEADING, "%s", T("11　経過（全記録）", "11. What happened (all records)"));
	doc_add(doc, DOC_NOTE, "%s",
		T("ハッシュは先頭の10文字。全体は「--format csv」か「renraku log」で出せる。同じ種類で続く到達・受領は1行にまとめた。",
			"The first 10 characters of each hash; in whole: --format csv, or renraku log. Receipts and acknowledgements alike "
			"that follow on "
			"each other are one row."));
	t = doc_table(doc, 6,
		(const char *const[]){T("記録", "Record"), T("日時", "Time"), T("種類", "Kind"), T("誰が", "Who"), T("内容", "What"),
			T("ハッシュ", "Hash")},
		(const double[]){0.085, 0.165, 0.11, 0.18, 0.32, 0.14});
	for (i = 0; i < s->n; i = k) {
		for (k = i + 1; k < s->n && same(m, &s->lines[i], &s->lines[k]);)
			k++;
		lines(doc, m, t, i, k - 1);
	}
}
