/* 1 概要: what it was, from when until when, how it was judged, by which plan, and by what it can be verified. */
#include <string.h>

#include "base/text.h"
#include "ctl/pick.h"
#include "ctl/say.h"
#include "report/sections.h"

static void identity(struct doc *doc, const struct model *m)
{
	const Renraku__IncidentRow *inc = m->incident;
	struct doc_table *t = doc_pairs(doc, 0.22);

	doc_pair(doc, t, T("町", "Town"), "%s", m->town ? i18n_pick(m->town->title, m->town->title_en) : "");
	doc_pair(doc, t, T("事案", "Incident"), T("%s事案 %u", "%sincident %u"), inc->drill ? T("【訓練】", "[DRILL] ") : "", inc->id);
	doc_pair(doc, t, T("件名", "Title"), "%s", i18n_pick(inc->title, inc->title_en));
	doc_pair(doc, t, T("区分", "Kind"), "%s", i18n_pick(inc->category_title, inc->category_title_en));
	doc_pair(doc, t, T("場所", "Place"), "%s", inc->place);
	doc_pair(doc, t, T("通報者", "Raised by"), "%s", i18n_pick(inc->reporter, inc->reporter_en));
	doc_pair(doc, t, T("発生・覚知", "Opened"), "%s", model_when(m, (int64_t)inc->opened_at));
	doc_pair(doc, t, T("終結", "Closed"), "%s%s%s", inc->closed_at ? model_when(m, (int64_t)inc->closed_at) : T("（進行中）", "(open)"),
		*inc->closed_by ? T("　", " ") : "", i18n_pick(inc->closed_by, inc->closed_by_en));
	doc_pair(doc, t, T("状態", "State"), T("%s%s%s", "%s%s %s"), say_incident_state(inc->state), *inc->given_up ? T("：", ":") : "",
		i18n_pick(inc->given_up, inc->given_up_en));
	if (inc->drill)
		doc_pair(doc, t, T("訓練の別", "Drill"), "%s%s",
			inc->unannounced ? T("予告なし", "unannounced") : T("予告あり", "announced"),
			inc->interrupted ? T("、実際の通報により中断", ", interrupted by a real alarm") : "");
	if (inc->joined_into)
		doc_pair(doc, t, T("まとめた先", "Joined into"), T("事案 %u", "incident %u"), inc->joined_into);
	doc_pair(doc, t, T("所要", "Lasted"), "%s",
		model_span(m, (inc->closed_at ? (int64_t)inc->closed_at : m->source->head->r.at) - (int64_t)inc->opened_at));
	doc_pair(doc, t, T("通報の内容", "The alarm"), "%s", say_values(m->arena, inc->values, inc->n_values));
}

static void basis(struct doc *doc, const struct model *m)
{
	const Renraku__IncidentRow *inc = m->incident;
	const struct source *s = m->source;
	struct doc_table *t;
	char hex[2 * RECORD_HASH + 1];

	doc_add(doc, DOC_SUBHEADING, "%s", T("よりどころと検証", "What it rests on, and how to verify it"));
	t = doc_pairs(doc, 0.22);
	doc_pair(doc, t, T("計画", "Plan"), T("%s　%s", "%s, %s"), i18n_pick(inc->plan_title, inc->plan_title_en), inc->plan_edition);
	doc_pair(doc, t, T("計画のSHA-256", "SHA-256 of the plan"), "%s", inc->plan_sha256);
	doc_pair(doc, t, T("庁内登録のSHA-256", "SHA-256 of the site"), "%s", m->town ? m->town->site_sha256 : "");
	doc_pair(doc, t, T("記録の先頭", "Head of the record"), T("記録 %llu（%s）\n%s", "record %llu (%s)\n%s"),
		(unsigned long long)s->head->r.index, model_when(m, s->head->r.at), text_hex(s->head->hash, RECORD_HASH, hex));
	if (s->damage)
		doc_pair(doc, t, T("検証", "Verification"), T("検証できなかった：%s", "NOT VERIFIED: %s"), s->damage);
	else
		doc_pair(doc, t, T("検証", "Verification"),
			T("この事案の記録 %zu件を1件ずつハッシュと照合し、合っている（うち "
			  "%zu件は直前の記録とのつながりも確かめた）。全体のつながりは、管理者が"
			  "「renraku log verify」で検証する。そのとき記録 %llu "
			  "のハッシュが上の値と同じであれば、この報告書は改ざんされていない記録から作られている。",
				"All %zu records of this incident fit their hashes (%zu of them were also checked against the record "
				"before). "
				"Administrators verify the whole with 'renraku log verify'; record %llu must then have the hash above."),
			s->n - s->withheld, s->linked, (unsigned long long)s->head->r.index);
	if (s->withheld)
		doc_pair(doc, t, T("載せていない記録", "Left out"),
			T("%zu件（作成者が見てよい範囲の外）。ハッシュのつながりだけを確かめた。",
				"%zu records are not for who printed this; only their links were checked."),
			s->withheld);
	doc_pair(doc, t, T("作成", "Printed by"), "%s", *m->printed_by ? m->printed_by : T("端末", "a terminal"));
}

static void courses(struct doc *doc, const struct model *m)
{
	struct doc_table *t;
	size_t i;

	doc_add(doc, DOC_SUBHEADING, "%s", T("区分・脅威度などの判断の経過", "How kind and level were judged"));
	if (m->n_changes == 0) {
		sections_none(doc, T("判断の記録はない。", "Nothing was judged."));
		return;
	}
	t = doc_table(doc, 5,
		(const char *const[]){
			T("日時", "Time"), T("判断", "What"), T("結果", "As"), T("判断した者", "By"), T("根拠・記録", "Ground, record")},
		(const double[]){0.165, 0.18, 0.16, 0.21, 0.285});
	for (i = 0; i < m->n_changes; i++) {
		const struct m_change *c = &m->changes[i];
		struct evidence e = model_evidence(m, c->line);

		doc_row(doc, t, DOC_ROW_PLAIN,
			(const char *const[]){sections_when(m, e.at), c->title, c->shown, model_evidence_who(m, &e),
				arena_printf(m->arena, T("%s%s（記録 %llu）", "%s%s(record %llu)"), c->ground, *c->ground ? "\n" : "",
					(unsigned long long)e.record)});
	}
}

static void tally(struct doc *doc, const struct model *m)
{
	size_t n[5] = {0}, missed = 0, waiting = 0, unconfirmed = 0, i, k;
	struct doc_table *t;

	for (i = 0; i < m->n_clauses; i++)
		n[m->clauses[i].state]++;
	for (i = 0; i < m->n_limits; i++)
		missed += m->limits[i].state == LIMIT_MISSED;
	for (i = 0; i < m->n_items; i++)
		for (k = 0; k < m->items[i].n_gaps; k++) {
			waiting += strcmp(m->items[i].gaps[k].kind, "no_acknowledgement") == 0;
			unconfirmed += strcmp(m->items[i].gaps[k].kind, "unconfirmed") == 0;
		}
	doc_add(doc, DOC_SUBHEADING, "%s", T("結果の要約", "In short"));
	t = doc_pairs(doc, 0.22);
	doc_pair(doc, t, T("条項", "Clauses"),
		T("実施 %zu、不要と判断 %zu、未了 %zu、該当なし %zu",
			"%zu met, %zu marked not needed, %zu not complete, %zu not applicable"),
		n[M_MET], n[M_WAIVED], n[M_OPEN], n[M_NOT_APPLICABLE]);
	doc_pair(doc, t, T("受領確認のない通知", "Not acknowledged"), T("%zu件", "%zu"), waiting);
	doc_pair(doc, t, T("本人が未確認の代行入力", "Unconfirmed entries"), T("%zu件", "%zu"), unconfirmed);
	doc_pair(doc, t, T("時限", "Time limits"),
		T("%zu件中 %zu件が遅れた（時限は町が定めたもの）", "of %zu, %zu missed (the limits are the town's)"), m->n_limits, missed);
	doc_pair(doc, t, T("効力のある措置", "Measures in force"), T("%u件", "%u"), m->incident->measures_in_force);
}

void sections_summary(struct doc *doc, const struct model *m)
{
	doc_add(doc, DOC_TITLE, "%s", T("緊急時対応記録", "Record of an emergency response"));
	if (m->incident->drill)
		doc_add(doc, DOC_WARN, "%s",
			T("この記録は訓練のものである。実際に起きたことではない。", "This is the record of a drill. It did not happen."));
	if (m->source->damage)
		doc_add(doc, DOC_WARN, T("記録の検証に失敗した：%s", "NOT VERIFIED: %s"), m->source->damage);
	doc_add(doc, DOC_HEADING, "%s", T("1　概要", "1. Summary"));
	identity(doc, m);
	tally(doc, m);
	courses(doc, m);
	basis(doc, m);
}
