#include "report/sections.h"

#include <string.h>

#include "base/text.h"

const char *sections_item(const struct model *m, const struct m_item *it)
{
	return it ? arena_printf(m->arena, "%s　%s", it->row->id, model_item_title(it)) : "";
}

/* The year stands in the summary; in a table it only takes room. */
const char *sections_when(const struct model *m, int64_t at)
{
	const char *when = model_when(m, at);

	return strlen(when) > 5 ? when + 5 : when;
}

const char *sections_superseded(const struct model *m, const struct evidence *e, const char *text)
{
	const char *before = e->amended ? T("（訂正前）", "(before amendment) ") : T("（やり直しの前）", "(before it was done again) ");

	return arena_printf(m->arena, "%s%s", before, text);
}

void sections_none(struct doc *doc, const char *text)
{
	doc_add(doc, DOC_TEXT, "%s", text);
}

struct doc *sections_report(const struct model *m)
{
	struct doc *doc = doc_new();
	const char *town = m->town ? i18n_pick(m->town->title, m->town->title_en) : "";
	char hex[2 * RECORD_HASH + 1];

	doc->title = doc_safe(doc, arena_printf(m->arena, T("緊急時対応記録　事案 %u", "Record of incident %u"), m->incident->id));
	doc->author = doc_safe(doc, town);
	doc->running = doc_safe(
		doc, arena_printf(m->arena, T("%s　緊急時対応記録　事案 %u", "%s - record of incident %u"), town, m->incident->id));
	doc->foot = doc_safe(doc, arena_printf(m->arena, T("記録 %llu　%s", "record %llu  %s"),
					  (unsigned long long)m->source->head->r.index, text_hex(m->source->head->hash, RECORD_HASH, hex)));
	doc->stamp = m->incident->drill ? T("訓練", "DRILL") : NULL;
	doc->at = m->source->head->r.at;
	sections_summary(doc, m);
	sections_clauses(doc, m);
	sections_notices(doc, m);
	sections_decisions(doc, m);
	sections_calls(doc, m);
	sections_council(doc, m);
	sections_measures(doc, m);
	sections_limits(doc, m);
	sections_follow_ups(doc, m);
	sections_people(doc, m);
	sections_log(doc, m);
	if (m->incident->drill)
		sections_score(doc, m);
	return doc;
}
