/*
 * town: the contact network and the plan, fresh from the server, or what this terminal kept of them when the server is away.
 */
#ifndef REPORT_TOWN_H
#define REPORT_TOWN_H

#include "ctl/ctl.h"
#include "lib/rows.h"

struct town {
	struct rows *contacts, *plan; /* plan may be empty, never NULL */
	int64_t at;                   /* when it was so */
	bool away;                    /* from the terminal's own copy */
};
/* An exit code, having said what is wrong. */
int town_read(struct ctl *, struct town *);
void town_free(struct town *);

/* A role's row; NULL: the plan has none of that id. */
const Renraku__PlanRoleRow *town_role(const struct town *, const char *id);
const char *town_role_title(const struct town *, const char *id); /* also of reserved ones */
const Renraku__PersonRow *town_person(const struct town *, const char *id);

#endif
