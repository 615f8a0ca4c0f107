/* Drills: the score card of one, and the list of all with their totals. */
#include <string.h>

#include "view/score.h"
#include "view/view_build.h"

static uint64_t *quarters(struct view_build *b, const struct score *s)
{
	uint64_t *out = arena_alloc(b->arena, SCORE_QUARTERS * sizeof *out);
	for (size_t i = 0; i < s->n_quarters; i++)
		out[i] = (uint64_t)s->quarters[i];
	return out;
}

static Renraku__ScoreBefore *before(struct view_build *b, const struct incident *inc, enum score_of what, const char *id, bool best)
{
	struct score s;
	const struct incident *earlier = score_earlier(b->engine, inc, what, id, best, &s);
	if (!earlier || !people_may_see(b->engine, earlier, b->reader.person, b->reader.terminal))
		return NULL;
	Renraku__ScoreBefore *out = arena_alloc(b->arena, sizeof *out);
	renraku__score_before__init(out);
	out->incident = earlier->id;
	out->wanted = (uint32_t)s.wanted;
	out->answered = (uint32_t)s.answered;
	out->quarters = quarters(b, &s);
	out->n_quarters = s.n_quarters;
	return out;
}

static void measured(struct view_build *b, const struct score *s, Renraku__ScoreRow *row)
{
	static const char *const kept[] = {"none", "kept", "missed", "open"};
	row->wanted = (uint32_t)s->wanted;
	row->answered = (uint32_t)s->answered;
	row->quarters = quarters(b, s);
	row->n_quarters = s->n_quarters;
	row->limit = (uint64_t)s->limit;
	row->late = (uint32_t)s->late;
	row->kept = view_text_plain(kept[s->kept]);
	row->screen = (uint32_t)s->by[CH_SCREEN];
	row->telephone = (uint32_t)s->by[CH_TELEPHONE];
	row->in_person = (uint32_t)s->by[CH_IN_PERSON];
	row->paper = (uint32_t)s->by[CH_PAPER];
	row->took = (uint64_t)s->took;
}

static void names(const struct incident *inc, enum score_of what, int index, Renraku__ScoreRow *row)
{
	const struct plan *p = inc->plan;
	const char *title = NULL, *en = NULL;
	row->kind = view_text_plain(what == SCORE_DRILL ? "drill" : what == SCORE_STEP ? "step" : "item");
	if (what == SCORE_STEP) {
		row->id = view_text_plain(p->steps[index].id);
		title = p->steps[index].title;
		en = p->steps[index].title_en;
	} else if (what == SCORE_ITEM) {
		row->id = view_text_plain(p->items[index].id);
		title = view_text_item(inc, index, false);
		en = view_text_item(inc, index, true);
	}
	row->title = view_text_plain(title);
	row->title_en = view_text_english(row->title, en);
}

/* Nothing where nobody was asked for an answer. */
static void score_row(struct view_build *b, const struct incident *inc, enum score_of what, int index, const char *order)
{
	struct score s;
	score_of(inc, what, index, b->now, &s);
	if (!s.wanted && what != SCORE_DRILL)
		return;
	view_text_row(b);
	Renraku__ScoreRow row;
	renraku__score_row__init(&row);
	row.incident = inc->id;
	names(inc, what, index, &row);
	measured(b, &s, &row);
	row.previous = before(b, inc, what, row.id, false);
	row.best = before(b, inc, what, row.id, true);
	Renraku__Row out;
	renraku__row__init(&out);
	out.body_case = RENRAKU__ROW__BODY_SCORE;
	out.score = &row;
	view_rows_add(b, &out, arena_printf(b->arena, "score:%u:%s:%s", inc->id, row.kind, row.id), order);
}

void view_drill_score(struct view_build *b, const struct incident *inc, const char *section)
{
	const struct plan *p = inc->plan;
	if (!inc->drill)
		return;
	score_row(b, inc, SCORE_DRILL, 0, arena_printf(b->arena, "%s.0", section));
	for (size_t i = 0; i < p->n_steps; i++)
		score_row(b, inc, SCORE_STEP, (int)i, arena_printf(b->arena, "%s.1.%05zu", section, i));
	for (size_t i = 0; i < p->n_items; i++)
		score_row(b, inc, SCORE_ITEM, (int)i, arena_printf(b->arena, "%s.2.%05zu", section, i));
}

/* The newest first, what is open before it. */
void view_drill_list(struct view_build *b)
{
	const struct incident *const *incidents;
	size_t n = engine_incidents(b->engine, &incidents), shown = 0;
	for (size_t i = n; i-- > 0 && shown < VIEW_DRILLS_SHOWN;) {
		const struct incident *inc = incidents[i];
		if (!inc->drill || !people_may_see(b->engine, inc, b->reader.person, b->reader.terminal))
			continue;
		const char *order = view_incident_order(b, inc, "20");
		view_incident_add(b, inc, order);
		score_row(b, inc, SCORE_DRILL, 0, arena_printf(b->arena, "%s.1", order));
		shown++;
	}
}

static const struct incident *interrupting(const struct view_build *b, const struct incident *inc)
{
	const struct incident *const *incidents;
	size_t n = inc->interrupted ? engine_incidents(b->engine, &incidents) : 0;
	for (size_t i = 0; i < n; i++)
		if (!incidents[i]->drill && incidents[i]->n_alarms && incidents[i]->alarms[0].by.record == inc->interrupted)
			return incidents[i];
	return NULL;
}

void view_drill_incident(struct view_build *b, const struct incident *inc, Renraku__IncidentRow *row)
{
	const struct incident *real = interrupting(b, inc);
	row->unannounced = inc->unannounced;
	row->interrupted = inc->interrupted != 0;
	if (real && people_may_see(b->engine, real, b->reader.person, b->reader.terminal))
		row->interrupted_by = real->id;
	if (!inc->given_up)
		return;
	row->given_up = view_text_cut(b, inc->interrupted ? view_text_why(inc->given_up, false) : inc->given_up);
	row->given_up_en = view_text_english(row->given_up, inc->interrupted ? view_text_why(inc->given_up, true) : NULL);
}
