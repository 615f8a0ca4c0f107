/*
 * pick: finding rows in a view.
 */
#ifndef CTL_PICK_H
#define CTL_PICK_H

#include "lib/rows.h"

/* for (i = 0; (row = pick_next(rows, &i, RENRAKU__ROW__BODY_NOTICE));) visits the rows of one kind. */
const Renraku__Row *pick_next(const struct rows *, size_t *i, Renraku__Row__BodyCase);
size_t pick_count(const struct rows *, Renraku__Row__BodyCase);
const Renraku__ItemRow *pick_item(const struct rows *, uint32_t incident, const char *id);
const Renraku__IncidentRow *pick_incident(const struct rows *, uint32_t id);
/* By id, or by the name as it is registered. NULL: nobody. */
const Renraku__PersonRow *pick_person(const struct rows *, const char *word);
const Renraku__TownRow *pick_town(const struct rows *);
/* A role's title as the rows of those who hold it have it, *len bytes of it; of a role that each section has its own holder for, without
 * the section. */
const char *pick_role_title(const struct rows *, const char *role, int *len);

#endif
