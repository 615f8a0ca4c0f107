/* VIEW_PLAN: the plan in force without any incident, for forms on paper and for the order in which people telephone each other. */
#include <string.h>

#include "view/view_build.h"

#define ROLES_IN_TITLE 16u

/* ---- what the plan says of an item ---- */

static char *roles_text(struct view_build *b, const struct plan *plan, const struct plan_tell *t, bool english)
{
	char *out = view_text_plain(NULL);
	for (size_t i = 0; i < t->via.n + t->to.n; i++) {
		int role = i < t->via.n ? t->via.at[i] : t->to.at[i - t->via.n];
		const char *en = english ? plan_role_title_en(plan, role) : NULL;
		const char *join = i == 0 ? "" : i <= t->via.n ? (english ? " -> " : "→") : english ? ", " : "・";
		out = arena_printf(b->arena, "%s%s%s", out, join, en ? en : plan_role_title(plan, role));
	}
	return out;
}

static char *ack_name(struct view_build *b, const struct plan_tell *t)
{
	static const char *const names[] = {"none", "any", "all", "quorum"};
	if (t->ack == ACK_NUMBER)
		return arena_printf(b->arena, "%d", t->ack_number);
	return view_text_plain(names[t->ack]);
}

static void tells(struct view_build *b, const struct plan *plan, const struct plan_item *it, Renraku__ItemPlan *out)
{
	out->tells = it->n_tell ? arena_alloc(b->arena, it->n_tell * sizeof *out->tells) : NULL;
	for (size_t i = 0; i < it->n_tell; i++) {
		Renraku__Tell *t = out->tells[out->n_tells++] = arena_alloc(b->arena, sizeof *t);
		renraku__tell__init(t);
		t->via = view_text_roles(b, plan, &it->tell[i].via, &t->n_via);
		t->to = view_text_roles(b, plan, &it->tell[i].to, &t->n_to);
		t->ack = ack_name(b, &it->tell[i]);
		t->title = roles_text(b, plan, &it->tell[i], false);
		t->title_en = view_text_english(t->title, roles_text(b, plan, &it->tell[i], true));
	}
}

static void limits(struct view_build *b, const struct plan *plan, const struct plan_item *it, Renraku__ItemPlan *out)
{
	const struct plan_named *limit = it->within >= 0 ? &plan->limits[it->within] : NULL;
	if (limit) {
		out->limit = view_text_plain(limit->id);
		out->limit_title = view_text_plain(limit->title);
		out->limit_title_en = view_text_english(limit->title, limit->title_en);
	}
	if (!b->site)
		return;
	struct site_limit site = site_limit_of(b->site, limit ? limit->id : "default");
	out->repeat_ms = (uint64_t)site.repeat;
	out->acknowledge_ms = (uint64_t)site.ack;
	out->done_ms = (uint64_t)site.done;
}

static void sets(struct view_build *b, const struct plan *plan, const struct plan_item *it, Renraku__ItemPlan *out)
{
	out->sets = it->n_dims ? arena_alloc(b->arena, it->n_dims * sizeof *out->sets) : NULL;
	for (size_t i = 0; i < it->n_dims; i++)
		if (it->dims[i].constant && it->dims[i].fact >= 0 && it->dims[i].n_options)
			out->sets[out->n_sets++] = view_text_fact(b, plan, it->dims[i].fact, it->dims[i].options[0].id);
}

Renraku__ItemPlan *view_plan_item(struct view_build *b, const struct plan *plan, int item)
{
	const struct plan_item *it = &plan->items[item];
	Renraku__ItemPlan *out = arena_alloc(b->arena, sizeof *out);
	renraku__item_plan__init(out);
	out->when = view_cond_words(b, plan, it->when, false);
	out->when_en = view_text_english(out->when, view_cond_words(b, plan, it->when, true));
	limits(b, plan, it, out);
	tells(b, plan, it, out);
	sets(b, plan, it, out);
	out->standing = it->standing;
	out->aftercare = it->aftercare;
	out->after = it->pre.n ? arena_alloc(b->arena, it->pre.n * sizeof *out->after) : NULL;
	for (size_t i = 0; i < it->pre.n; i++)
		out->after[out->n_after++] = view_text_plain(plan->items[it->pre.at[i]].id);
	return out;
}

static int late(const struct plan_item *it)
{
	return it->standing ? 3 : it->closes ? 2 : it->aftercare ? 1 : 0;
}

char *view_plan_order(struct view_build *b, const struct plan *plan, int item, const char *section)
{
	return arena_printf(b->arena, "%s.%d.%05d", section, late(&plan->items[item]), item);
}

void view_plan_items(struct view_build *b, const char *section)
{
	for (size_t i = 0; b->plan && i < b->plan->n_items; i++)
		view_item_blank(b, b->plan, (int)i, view_plan_order(b, b->plan, (int)i, section));
}

/* ---- clauses beside the items' ---- */

static Renraku__ClauseTitle *clause(struct view_build *b, const struct plan_strings *ids, const char *title, const char *title_en)
{
	Renraku__ClauseTitle *out = arena_alloc(b->arena, sizeof *out);
	renraku__clause_title__init(out);
	out->clause = view_text_list(b, ids, &out->n_clause);
	out->title = view_text_plain(title);
	out->title_en = view_text_english(title, title_en);
	return out;
}

Renraku__ClauseTitle **view_plan_clauses(struct view_build *b, const struct plan *plan, size_t *n)
{
	Renraku__ClauseTitle **out = arena_alloc(b->arena, (plan->n_facts + plan->n_procedures + 1) * sizeof *out);
	*n = 0;
	for (size_t i = 0; i < plan->n_facts; i++)
		if (plan->facts[i].clause.n) {
			out[*n] = clause(b, &plan->facts[i].clause, plan->facts[i].title, plan->facts[i].title_en);
			out[(*n)++]->fact = view_text_plain(plan->facts[i].id);
		}
	for (size_t i = 0; i < plan->n_procedures; i++)
		if (plan->procedures[i].clause.n) {
			out[*n] = clause(b, &plan->procedures[i].clause, plan->procedures[i].title, plan->procedures[i].title_en);
			out[(*n)++]->procedure = view_text_plain(plan->procedures[i].id);
		}
	return out;
}

/* ---- roles and who holds them ---- */

static char **persons(struct view_build *b, const struct plan_ints *who, size_t *n)
{
	char **out = who->n ? arena_alloc(b->arena, who->n * sizeof *out) : NULL;
	*n = 0;
	for (size_t i = 0; i < who->n; i++)
		if (who->at[i] >= 0)
			out[(*n)++] = view_text_plain(b->site->persons[who->at[i]].id);
	return out;
}

static const char *section_title(const struct site *site, const char *section)
{
	for (size_t i = 0; section && i < site->sections.n && i < site->section_titles.n; i++)
		if (strcmp(site->sections.at[i], section) == 0)
			return site->section_titles.at[i];
	return section;
}

static Renraku__RoleHolders *holders(struct view_build *b, const struct site_holder *h)
{
	Renraku__RoleHolders *out = arena_alloc(b->arena, sizeof *out);
	renraku__role_holders__init(out);
	out->section = view_text_plain(section_title(b->site, h->section));
	out->organisation = view_text_plain(h->organisation);
	out->persons = persons(b, &h->persons, &out->n_persons);
	out->deputies = arena_alloc(b->arena, (h->n_deputies + 1) * sizeof *out->deputies);
	out->deputies_may = arena_alloc(b->arena, (h->n_deputies + 1) * sizeof *out->deputies_may);
	for (size_t i = 0; i < h->n_deputies; i++) {
		if (h->deputies[i].person < 0)
			continue;
		out->deputies[out->n_deputies++] = view_text_plain(b->site->persons[h->deputies[i].person].id);
		out->deputies_may[out->n_deputies_may++] = h->deputies[i].may == MAY_ALL ? 0 : h->deputies[i].may;
	}
	return out;
}

static void held_by(struct view_build *b, int role, Renraku__PlanRoleRow *row)
{
	const struct site_holder *found[ROLES_IN_TITLE];
	size_t n = people_holders(b->engine, b->plan, role, found, ROLES_IN_TITLE);
	const struct site_group *group = site_group_find(b->site, b->plan->roles[role].id);
	row->holders = arena_alloc(b->arena, (ROLES_IN_TITLE + 1) * sizeof *row->holders);
	for (size_t i = 0; i < n && i < ROLES_IN_TITLE; i++)
		row->holders[row->n_holders++] = holders(b, found[i]);
	if (!group)
		return;
	Renraku__RoleHolders *members = row->holders[row->n_holders++] = arena_alloc(b->arena, sizeof *members);
	renraku__role_holders__init(members);
	members->persons = persons(b, &group->members, &members->n_persons);
	row->chair = view_text_plain(group->chair);
	row->quorum = group->quorum > 0 ? (uint32_t)group->quorum : 0;
}

void view_plan_roles(struct view_build *b, const char *section)
{
	for (size_t i = 0; b->plan && i < b->plan->n_roles; i++) {
		const struct plan_role *r = &b->plan->roles[i];
		Renraku__PlanRoleRow row;
		renraku__plan_role_row__init(&row);
		row.id = view_text_plain(r->id);
		row.title = view_text_plain(r->title);
		row.title_en = view_text_english(r->title, r->title_en);
		row.aliases = view_text_list(b, &r->aliases, &row.n_aliases);
		row.above = view_text_plain(r->above >= 0 ? b->plan->roles[r->above].id : NULL);
		row.group = r->group;
		if (b->site)
			held_by(b, (int)i, &row);
		Renraku__Row out;
		renraku__row__init(&out);
		out.body_case = RENRAKU__ROW__BODY_PLAN_ROLE;
		out.plan_role = &row;
		view_rows_add(b, &out, arena_printf(b->arena, "role:%s", r->id), arena_printf(b->arena, "%s.%05zu", section, i));
	}
}
