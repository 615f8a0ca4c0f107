/*
 * contacts: the contact network as the terminal keeps it (clause F0), for the moment when the server is away.
 */
#ifndef LIB_CONTACTS_H
#define LIB_CONTACTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "lib/rows.h"
#include "lib/settings.h"

/* Where the agent keeps them: STATE/contacts.cache. In the arena. */
char *contacts_path(const struct settings *, struct arena *);
/* And the plan beside them, for forms on paper: STATE/plan.cache. */
char *contacts_plan_path(const struct settings *, struct arena *);
/* Whom to telephone now, as lines "title name number", most useful first: from the cache if there is one (*at: when it was saved),
   else from emergency_contacts (*at = 0). May be none. Returns how many of at most `max`. */
size_t contacts_telephone(const struct settings *, struct arena *, char **out, size_t max, int64_t *at);
/* ContactRow.hours in words. */
const char *contacts_hours(const char *code);
/* The same from rows at hand. */
size_t contacts_lines(const struct rows *, struct arena *, char **out, size_t max);

#endif
