/* For a term: who is absent, who stands in for whom; and who is kept out of an incident. */
#include <string.h>

#include "view/view_build.h"

static void absence(struct view_build *b, const struct absence *a, const char *order)
{
	view_text_row(b);
	Renraku__AbsenceRow row;
	renraku__absence_row__init(&row);
	row.person = view_text_plain(a->person);
	row.name = view_text_person(b, a->person);
	row.since = (uint64_t)a->since;
	row.until = (uint64_t)a->until;
	row.in_force = a->begun;
	row.reason = b->numbers ? view_text_cut(b, a->reason) : view_text_plain(NULL); /* why is nobody else's business */
	row.by = view_text_actor(b, &a->by);
	row.by_en = view_text_actor_en(b, &a->by);
	Renraku__Row out;
	renraku__row__init(&out);
	out.body_case = RENRAKU__ROW__BODY_ABSENCE;
	out.absence = &row;
	view_rows_add(b, &out, arena_printf(b->arena, "absence:%s", a->person), order);
}

static void delegation(struct view_build *b, const struct delegation *g, const char *order)
{
	view_text_row(b);
	Renraku__DelegationRow row;
	renraku__delegation_row__init(&row);
	int role = b->plan && g->role ? plan_role_find(b->plan, g->role) : ROLE_NONE;
	row.id = g->id;
	row.holder = view_text_plain(g->from);
	row.holder_name = view_text_person(b, g->from);
	row.person = view_text_plain(g->to);
	row.name = view_text_person(b, g->to);
	row.role = view_text_plain(g->role);
	row.role_title = view_text_plain(role >= 0 ? b->plan->roles[role].title : g->role);
	row.role_title_en = view_text_plain(role >= 0 ? view_text_role_en(b->plan, role) : NULL);
	row.kind = view_text_plain(capacity_name(g->kind));
	row.may = g->may;
	row.since = (uint64_t)g->since;
	row.until = (uint64_t)g->until;
	row.in_force = g->begun;
	row.reason = b->numbers ? view_text_cut(b, g->reason) : view_text_plain(NULL);
	row.by = view_text_actor(b, &g->by);
	row.by_en = view_text_actor_en(b, &g->by);
	Renraku__Row out;
	renraku__row__init(&out);
	out.body_case = RENRAKU__ROW__BODY_DELEGATION;
	out.delegation = &row;
	view_rows_add(b, &out, arena_printf(b->arena, "delegation:%u", g->id), order);
}

void view_term_all(struct view_build *b, const char *section)
{
	const struct absence *absences;
	const struct delegation *delegations;
	size_t n = engine_absences(b->engine, &absences), m = engine_delegations(b->engine, &delegations);
	for (size_t i = 0; i < n; i++)
		absence(b, &absences[i], arena_printf(b->arena, "%s.1.%015lld.%05zu", section, (long long)absences[i].since, i));
	for (size_t i = 0; i < m; i++)
		if (!delegations[i].ended_at)
			delegation(b, &delegations[i], arena_printf(b->arena, "%s.2.%010u", section, delegations[i].id));
}

void view_term_bars(struct view_build *b, const struct incident *inc, const char *section)
{
	for (size_t i = 0; i < inc->n_bars; i++) {
		const struct bar *bar = &inc->bars[i];
		view_text_row(b);
		Renraku__BarRow row;
		renraku__bar_row__init(&row);
		row.incident = inc->id;
		row.person = view_text_plain(bar->person);
		row.name = view_text_person(b, bar->person);
		row.ground = view_text_cut(b, bar->ground);
		row.by = view_text_actor(b, &bar->by);
		row.by_en = view_text_actor_en(b, &bar->by);
		row.at = (uint64_t)bar->by.at;
		row.over = bar->over;
		row.ended_by = view_text_actor(b, &bar->ended);
		row.ended_by_en = view_text_actor_en(b, &bar->ended);
		row.ended_at = (uint64_t)bar->ended.at;
		Renraku__Row out;
		renraku__row__init(&out);
		out.body_case = RENRAKU__ROW__BODY_BAR;
		out.bar = &row;
		view_rows_add(b, &out, arena_printf(b->arena, "bar:%u:%zu", inc->id, i), arena_printf(b->arena, "%s.%05zu", section, i));
	}
}
