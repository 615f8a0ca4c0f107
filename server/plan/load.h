/*
 * load: what the loaders of a plan's parts share. First everything that has an id is declared, then each part is filled in, so
 * that names may be used before the line where they stand.
 */
#ifndef PLAN_LOAD_H
#define PLAN_LOAD_H

#include "plan/cond.h"
#include "plan/site.h"

enum item_key {
	ITEM_ID,
	ITEM_TITLE,
	ITEM_TITLE_EN,
	ITEM_WORDS,
	ITEM_NOTE,
	ITEM_ALARM,
	ITEM_CLAUSE,
	ITEM_BY,
	ITEM_FORM,
	ITEM_CALLS,
	ITEM_AGENDA,
	ITEM_TELL,
	ITEM_WHEN,
	ITEM_AFTER,
	ITEM_RESTS_ON,
	ITEM_OPTIONAL,
	ITEM_WITHIN,
	ITEM_DECIDED_BY,
	ITEM_ENTRY,
	ITEM_STANDING,
	ITEM_LIFTS,
	ITEM_CLOSES,
	ITEM_WITHDRAWS,
	ITEM_SETS,
	ITEM_JOINS,
	ITEM_FOLLOWUPS,
	ITEM_BY_TELEPHONE,
	ITEM_KEYS
};

/* What `after` and `rests_on` may name. */
enum { LOAD_MAX_ITEMS = 2000 };
struct load_ref {
	enum { REF_ITEM, REF_STEP, REF_PROCEDURE } kind;
	int index;
};

struct loader {
	struct reader r;
	struct plan *plan;
	struct plan_strings roles, bodies, limits, measures, facts, items;
	struct plan_strings refs; /* items, steps, procedures */
	struct load_ref *ref_at;
	struct cond_scope scope;
	const struct node *(*item)[ITEM_KEYS]; /* of each item */
	const struct node **step_when, **procedure_when, **seen_by, **bars;
	bool *damaged;                 /* of each fact: something that would set it has a fault, so it cannot be judged */
	const struct cond **step_cond; /* procedure's and step's own */
};

extern const struct noun LOAD_ROLE, LOAD_BODY, LOAD_LIMIT, LOAD_FACT, LOAD_ITEM;

/* plan_load.c, site_load.c: what could be read, also when it has faults; good enough to be checked further, not to be used. */
struct plan *load_plan_anyway(const char *file, const char *text, size_t len, struct plan_faults *);
struct site *load_site_anyway(const char *file, const char *text, size_t len, struct plan_faults *);
/* load_item.c */
void load_item_fill(struct loader *, int item);
/* load_form.c */
struct plan_field *load_form_fields(struct loader *, const struct node *list, size_t *n);
void load_form_calls(struct loader *, const struct node *, struct plan_calls *);
struct plan_agenda *load_form_agenda(struct loader *, const struct node *list, size_t *n);
/* One role of a list, or one of the reserved words that `allowed` lists (NULL-terminated); ROLE_NONE with a fault. */
int load_form_role(struct loader *, const struct node *, const char *const *allowed);
struct plan_ints load_form_roles(struct loader *, const struct node *list, const char *const *allowed);
/* A name that was meant for a fact and missed it. */
void load_form_damaged(struct loader *, const struct node *name);
/* load_property.c */
void load_properties(struct loader *, const struct node *list);
/* resolve.c: what is computed from what was read */
void resolve_references(struct loader *);
void resolve_dims(struct loader *);
void resolve_lift(struct loader *);
/* check_plan.c, check_form.c, check_order.c, check_reach.c */
void check_plan(struct loader *);
void check_form(struct loader *);
void check_order(struct loader *);
void check_reach(struct loader *);

#endif
