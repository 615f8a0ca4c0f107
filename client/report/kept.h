/*
 * kept: the contact network and the plan, fresh from the server, or what this terminal kept of them when the server is away.
 */
#ifndef REPORT_KEPT_H
#define REPORT_KEPT_H

#include "ctl/ctl.h"
#include "lib/rows.h"

struct kept {
	struct rows *contacts, *plan; /* plan may be empty, never NULL */
	int64_t at;                   /* when it was so */
	bool away;                    /* from the terminal's own copy */
};
/* An exit code, having said what is wrong. */
int kept_read(struct ctl *, struct kept *);
void kept_free(struct kept *);

/* A role's row; NULL: the plan has none of that id. */
const Renraku__PlanRoleRow *kept_role(const struct kept *, const char *id);
const char *kept_role_title(const struct kept *, const char *id); /* also of reserved ones */
const Renraku__PersonRow *kept_person(const struct kept *, const char *id);

#endif
