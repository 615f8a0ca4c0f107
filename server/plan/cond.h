/*
 * cond: conditions, from text to structs. The grammar is in docs/plan-language.md; names are resolved as they are read.
 */
#ifndef PLAN_COND_H
#define PLAN_COND_H

#include "plan/read.h"

/* What a condition may name. */
struct cond_scope {
	const struct reader *reader;
	const struct plan *plan; /* facts and their values */
	const struct plan_strings *facts, *roles, *items;
};

/* NULL when there is none or it has a fault. */
const struct cond *cond_parse(const struct cond_scope *, const struct node *);
/* Either may be NULL: always. */
const struct cond *cond_both(struct arena *, const struct cond *, const struct cond *);
/* Calls back for each comparison. */
void cond_each(const struct cond *, void (*on_comparison)(void *, const struct cond *), void *);
bool cond_has_value(const struct cond *, const char *value);

#endif
