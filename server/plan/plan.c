/* Looking things up in a plan. */
#include "plan/plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text_fold.h"

static const struct {
	int role;
	const char *id, *title, *title_en;
} RESERVED[] = {
	{ROLE_ANYONE, "anyone", "発見した職員（誰でも）", "whoever found it"},
	{ROLE_REPORTER, "reporter", "発見者", "Reporter"},
	{ROLE_EVERY_TERMINAL, "every_terminal", "全端末", "Every terminal"},
	{ROLE_ENTRY, "entry", "通報を受けた者", "Those who had the alarm"},
};
enum { N_RESERVED = sizeof RESERVED / sizeof *RESERVED };

void plan_free(struct plan *plan)
{
	if (plan)
		arena_free(plan->arena);
}

int plan_role_find(const struct plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->n_roles; i++) {
		if (!strcmp(plan->roles[i].id, id))
			return (int)i;
	}
	for (size_t i = 0; i < N_RESERVED; i++) {
		if (!strcmp(RESERVED[i].id, id))
			return RESERVED[i].role;
	}
	return ROLE_NONE;
}

const char *plan_role_id(const struct plan *plan, int role)
{
	if (role >= 0) {
		assert((size_t)role < plan->n_roles);
		return plan->roles[role].id;
	}
	for (size_t i = 0; i < N_RESERVED; i++) {
		if (RESERVED[i].role == role)
			return RESERVED[i].id;
	}
	return "none";
}

const char *plan_role_title(const struct plan *plan, int role)
{
	if (role >= 0) {
		assert((size_t)role < plan->n_roles);
		return plan->roles[role].title;
	}
	for (size_t i = 0; i < N_RESERVED; i++) {
		if (RESERVED[i].role == role)
			return RESERVED[i].title;
	}
	return "―";
}

const char *plan_role_title_en(const struct plan *plan, int role)
{
	if (role >= 0) {
		assert((size_t)role < plan->n_roles);
		return plan->roles[role].title_en;
	}
	for (size_t i = 0; i < N_RESERVED; i++) {
		if (RESERVED[i].role == role)
			return RESERVED[i].title_en;
	}
	return NULL;
}

int plan_item_find(const struct plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->n_items; i++) {
		if (!strcmp(plan->items[i].id, id))
			return (int)i;
	}
	for (size_t i = 0; i < plan->n_items; i++) {
		if (plan->items[i].alarm && !strcmp(plan->items[i].alarm, id))
			return (int)i;
	}
	return -1;
}

static bool called(const struct plan_body *b, const char *name)
{
	if (text_fold_same(b->title, name) || (b->title_en && text_fold_same(b->title_en, name)))
		return true;
	for (size_t i = 0; i < b->aliases.n; i++) {
		if (text_fold_same(b->aliases.at[i], name))
			return true;
	}
	return false;
}

int plan_body_find(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n_bodies; i++) {
		if (!strcmp(plan->bodies[i].id, name))
			return (int)i;
	}
	for (size_t i = 0; i < plan->n_bodies; i++) {
		if (called(&plan->bodies[i], name))
			return (int)i;
	}
	return -1;
}

int plan_fact_find(const struct plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->n_facts; i++) {
		if (!strcmp(plan->facts[i].id, id))
			return (int)i;
	}
	return -1;
}

const struct plan_field *plan_field_find(const struct plan_item *item, const char *id)
{
	for (size_t i = 0; i < item->n_form; i++) {
		if (!strcmp(item->form[i].id, id))
			return &item->form[i];
	}
	return NULL;
}

const struct plan_agenda *plan_agenda_find(const struct plan_item *item, const char *id)
{
	for (size_t i = 0; i < item->n_agenda; i++) {
		if (!strcmp(item->agenda[i].id, id))
			return &item->agenda[i];
	}
	return NULL;
}

const char *plan_field_type_name(enum plan_field_type type)
{
	switch (type) {
	case FIELD_TEXT:
		return "text";
	case FIELD_TIME:
		return "time";
	case FIELD_CHOICE:
		return "choice";
	case FIELD_NUMBER:
		return "number";
	case FIELD_PLACE:
		return "place";
	case FIELD_FILES:
		return "files";
	}
	assert(false);
	return NULL;
}

const char *plan_hours_name(enum plan_hours hours)
{
	switch (hours) {
	case HOURS_ALWAYS:
		return "always";
	case HOURS_BUSINESS:
		return "business";
	case HOURS_CLOSED:
		return "closed";
	case HOURS_NIGHT:
		return "night";
	case HOURS_WEEKEND:
		return "weekend";
	case HOURS_HOLIDAY:
		return "holiday";
	case HOURS_CLOSURE:
		return "closure";
	}
	assert(false);
	return NULL;
}
