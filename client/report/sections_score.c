/* 12 採点表, of a drill: how fast it was answered, beside the town's limits and earlier drills. */
#include <string.h>

#include "ctl/pick.h"
#include "report/sections.h"

static const char *quarter(const struct model *m, const uint64_t *quarters, size_t n, size_t i)
{
	return i < n ? model_span(m, (int64_t)quarters[i]) : "-";
}

static const char *kept(const Renraku__ScoreRow *r)
{
	if (strcmp(r->kept, "kept") == 0)
		return T("守った", "kept");
	if (strcmp(r->kept, "missed") == 0)
		return T("遅れた", "MISSED");
	return strcmp(r->kept, "open") == 0 ? T("進行中", "open") : "-";
}

static void before(struct doc *doc, const struct model *m, struct doc_table *t, const char *what, const Renraku__ScoreBefore *b)
{
	if (b)
		doc_row(doc, t, DOC_ROW_DIM,
			(const char *const[]){arena_printf(m->arena, T("　%s（事案 %u）", "  %s (incident %u)"), what, b->incident),
				arena_printf(m->arena, "%u／%u", b->answered, b->wanted), quarter(m, b->quarters, b->n_quarters, 0),
				quarter(m, b->quarters, b->n_quarters, 1), quarter(m, b->quarters, b->n_quarters, 2),
				quarter(m, b->quarters, b->n_quarters, 3), "", ""});
}

static void row(struct doc *doc, const struct model *m, struct doc_table *t, const Renraku__ScoreRow *r)
{
	const char *title = strcmp(r->kind, "drill") == 0 ? T("訓練全体", "The whole drill") : i18n_pick(r->title, r->title_en);

	doc_row(doc, t, strcmp(r->kept, "missed") == 0 ? DOC_ROW_WARN : DOC_ROW_PLAIN,
		(const char *const[]){strcmp(r->kind, "item") == 0 ? arena_printf(m->arena, T("　%s　%s", "  %s %s"), r->id, title) : title,
			arena_printf(m->arena, "%u／%u", r->answered, r->wanted), quarter(m, r->quarters, r->n_quarters, 0),
			quarter(m, r->quarters, r->n_quarters, 1), quarter(m, r->quarters, r->n_quarters, 2),
			quarter(m, r->quarters, r->n_quarters, 3), r->limit ? model_span(m, (int64_t)r->limit) : "-", kept(r)});
	before(doc, m, t, T("前回", "last time"), r->previous);
	before(doc, m, t, T("最良", "best"), r->best);
}

void sections_score(struct doc *doc, const struct model *m)
{
	const Renraku__Row *found;
	struct doc_table *t = NULL;
	size_t i = 0;

	doc_add(doc, DOC_HEADING, "%s", T("12　訓練の採点表", "12. Score card of the drill"));
	doc_add(doc, DOC_NOTE, "%s",
		T("知らせてから、求めた応答の25・50・75・100%がそろうまでの時間。時限は町が定めたもの。",
			"Time from being told until 25, 50, 75 and 100 % of the answers asked for were in. The limits are the town's."));
	while ((found = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_SCORE))) {
		if (!t)
			t = doc_table(doc, 8,
				(const char *const[]){T("手順・項目", "Step, item"), T("応答", "Answered"), "25%", "50%", "75%", "100%",
					T("時限", "Limit"), T("結果", "Result")},
				(const double[]){0.34, 0.1, 0.095, 0.095, 0.095, 0.095, 0.09, 0.09});
		row(doc, m, t, found->score);
	}
	if (!t)
		sections_none(doc, T("採点するものがない。", "There is nothing to score."));
}
