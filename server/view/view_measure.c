/* MeasureRow: the ledger of stops and cut-offs: what, how far, who ordered it on whose authority, which terminals have not acknowledged. */
#include <string.h>

#include "view/view_build.h"

/* Places named in a row; how many are missing beside them is told by the numbers. */
#define WAITING_MAX 60u

/* A measure keeps the title of the option that ordered it. */
static const char *title_en(const struct incident *inc, const struct measure *m)
{
	const struct plan_item *it = &inc->plan->items[m->item];
	for (size_t d = 0; m->option && d < it->n_dims; d++)
		for (size_t i = 0; i < it->dims[d].n_options; i++)
			if (strcmp(it->dims[d].options[i].title, m->option) == 0)
				return it->dims[d].options[i].title_en;
	return m->option ? NULL : view_text_item(inc, m->item, true);
}

static void authorities(struct view_build *b, const struct incident *inc, const struct measure *m, Renraku__MeasureRow *row)
{
	row->authorities = m->n_authorities ? arena_alloc(b->arena, m->n_authorities * sizeof *row->authorities) : NULL;
	row->authorities_en = m->n_authorities ? arena_alloc(b->arena, m->n_authorities * sizeof *row->authorities_en) : NULL;
	for (size_t i = 0; i < m->n_authorities; i++) {
		const char *en = plan_role_title_en(inc->plan, m->authorities[i]);
		row->authorities[row->n_authorities++] = view_text_plain(plan_role_title(inc->plan, m->authorities[i]));
		row->authorities_en[row->n_authorities_en++] = view_text_plain(en ? en : plan_role_title(inc->plan, m->authorities[i]));
	}
}

/* A council decided it beforehand (事前), or took over what was in force (事後承認); reading 21: recorded as which. */
static const char *approval(const struct incident *inc, const struct measure *m)
{
	if (m->n_authorities && inc->plan->roles[m->authorities[0]].group)
		return "before";
	for (size_t i = 1; i < m->n_authorities; i++)
		if (inc->plan->roles[m->authorities[i]].group)
			return "after";
	return NULL;
}

static void waiting(struct view_build *b, const struct notice *n, Renraku__MeasureTold *told)
{
	told->waiting = arena_alloc(b->arena, WAITING_MAX * sizeof *told->waiting);
	for (size_t i = 0; i < n->n_recipients; i++) {
		const struct recipient *r = &n->recipients[i];
		if (r->excused)
			continue;
		told->wanted++;
		told->acknowledged += r->ack.record != 0;
		if (!r->ack.record && n->state == NOTICE_OPEN && told->n_waiting < WAITING_MAX)
			told->waiting[told->n_waiting++] = view_text_cut(b, view_text_terminal(b, r->id));
	}
}

/* The broadcast of an item that was made for this entry or, after an amendment that ordered again, for a later one. */
static void told(struct view_build *b, const struct incident *inc, int item, uint64_t entry, const char *what, Renraku__MeasureRow *row)
{
	const struct notice *found = NULL;
	for (size_t i = 0; i < inc->n_notices; i++) {
		const struct notice *n = inc->notices[i];
		if (n->item == item && n->broadcast && n->wants_ack && n->kind == NOTICE_TELL && n->entry >= entry &&
			(!found || found->state == NOTICE_WITHDRAWN))
			found = n;
	}
	if (!found)
		return;
	Renraku__MeasureTold *t = row->told[row->n_told++] = arena_alloc(b->arena, sizeof *t);
	renraku__measure_told__init(t);
	t->what = view_text_plain(what);
	t->notice = found->id;
	waiting(b, found, t);
}

static int lifted_by(const struct incident *inc, const struct measure *m)
{
	for (size_t i = 0; i < inc->plan->n_items; i++)
		if (inc->plan->items[i].lifts && m->state == MEASURE_LIFTED && inc->items[i].entry.by.record >= m->ended.record)
			return (int)i;
	return -1;
}

static void how_it_ended(struct view_build *b, const struct incident *inc, const struct measure *m, Renraku__MeasureRow *row)
{
	int lifting = lifted_by(inc, m);
	row->ended_at = (uint64_t)m->ended.at;
	row->ended_by = view_text_actor(b, &m->ended);
	row->owner = view_follow_up_owner(b, inc, m->owner);
	row->due = view_text_plain(m->due);
	row->reason = view_text_cut(b, m->reason);
	if (lifting >= 0)
		told(b, inc, lifting, m->ended.record, "lifted", row);
}

void view_measure_add(struct view_build *b, const struct incident *inc, const struct measure *m, const char *order)
{
	static const char *const states[] = {"in_force", "lifted", "handed_over"};
	Renraku__MeasureTold *both[2];
	view_text_row(b);
	Renraku__MeasureRow row;
	renraku__measure_row__init(&row);
	row.id = m->id;
	row.incident = inc->id;
	row.drill = inc->drill;
	row.state = view_text_plain(states[m->state]);
	authorities(b, inc, m, &row);
	row.approval = view_text_plain(approval(inc, m));
	row.item = view_text_plain(inc->plan->items[m->item].id);
	row.title = view_text_plain(m->option ? m->option : view_text_item(inc, m->item, false));
	row.title_en = view_text_english(row.title, title_en(inc, m));
	row.extent = view_text_values(b, inc->plan, &inc->plan->items[m->item], m->extent, m->n_extent);
	row.n_extent = m->n_extent;
	row.ordered_at = (uint64_t)m->ordered.at;
	row.ordered_by = view_text_actor(b, &m->ordered);
	row.ordered_by_en = view_text_actor_en(b, &m->ordered);
	row.told = both;
	told(b, inc, m->item, m->ordered.record, "ordered", &row);
	how_it_ended(b, inc, m, &row);
	Renraku__Row out;
	renraku__row__init(&out);
	out.body_case = RENRAKU__ROW__BODY_MEASURE;
	out.measure = &row;
	view_rows_add(b, &out, arena_printf(b->arena, "measure:%u:%u", inc->id, m->id), order);
}
