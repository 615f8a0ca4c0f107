/*
 * evolve_deed: what every record about people brings: who did it and how we know, what was entered, whose word is awaited.
 */
#include <string.h>

#include "engine/core.h"

struct deed evolve_deed(struct incident *in, const struct record *r)
{
	struct arena *a = in->arena;
	return (struct deed){
		.record = r->index,
		.at = r->at,
		.person = arena_strdup(a, r->person),
		.terminal = arena_strdup(a, r->terminal),
		.entered_by = arena_strdup(a, r->entered_by),
		.number = arena_strdup(a, r->number),
		.role = arena_strdup(a, r->role),
		.capacity = r->capacity,
		.channel = r->channel,
		.said_at = r->said_at,
		.confirmation = r->entered_by && r->person && r->channel != CH_SCREEN && !core_same(r->entered_by, r->person)
					? DEED_UNCONFIRMED
					: DEED_PLAIN,
	};
}

void evolve_copy_values(struct arena *a, const struct record *r, struct record_value **out, size_t *n)
{
	*n = r->n_values;
	*out = r->n_values ? arena_alloc(a, r->n_values * sizeof **out) : NULL;
	for (size_t i = 0; i < r->n_values; i++) {
		const struct record_value *from = &r->values[i];
		struct record_value *to = &(*out)[i];
		to->field = arena_strdup(a, from->field);
		to->value = arena_strdup(a, from->value);
		to->unknown = arena_strdup(a, from->unknown);
		to->n_checks = from->n_checks;
		if (from->n_checks)
			to->checks = arena_alloc(a, from->n_checks * sizeof *to->checks);
		for (size_t k = 0; k < from->n_checks; k++)
			to->checks[k] = arena_strdup(a, from->checks[k]);
	}
}

/* What was entered in somebody's name awaits that person's word. */
void evolve_pending(struct engine *e, struct incident *in, struct deed *d, struct notice *n, int item)
{
	if (d->confirmation != DEED_UNCONFIRMED)
		return;
	e->pending = xgrow(e->pending, &e->cap_pending, e->n_pending + 1, sizeof *e->pending);
	e->pending[e->n_pending++] = (struct pending_entry){d->record, in, d, n, item};
}
