/*
 * scorecard: how a drill was answered, for people: the whole, each step, each item, beside the town's limits and the drills before.
 */
#ifndef CTL_SCORECARD_H
#define CTL_SCORECARD_H

#include "ctl/ctl.h"
#include "lib/rows.h"

/* items: each item too, not only the steps. */
void scorecard_show(struct ctl *, const struct rows *, uint32_t incident, bool items);
/* The incident's row and its score rows, as one ViewUpdate. */
void scorecard_json(const struct rows *, uint32_t incident);
/* All drills with their totals, from the view of drills. */
void scorecard_list(struct ctl *, const struct rows *);

#endif
