/*
 * site_edit: the next edition of a site's text, in which only the holders of one role or one person differ; byte for byte the same
 * elsewhere, comments too. Pure.
 *
 * The result is a site that can be read and says what was wanted; whether it fits the plan is plan_check_site's question. What does not
 * work becomes faults, with their places in the text as it was (of the new text, where that cannot be read).
 */
#ifndef PLAN_SITE_EDIT_H
#define PLAN_SITE_EDIT_H

#include "plan/site.h"

enum { SITE_EDIT_LIST_MAX = 64 }; /* persons, deputies, numbers in one edit */

struct site_edit_deputy {
	const char *person;
	unsigned may; /* bits of enum site_may; 0: all */
};
/* Of a group only `persons`, its members. */
struct site_edit_holders {
	const char *role, *section, *organisation; /* NULL: the entry without, or the only one */
	const char **persons;
	size_t n_persons;
	struct site_edit_deputy *deputies;
	size_t n_deputies;
};
struct site_edit_number {
	const char *number, *label; /* label NULL: none */
	bool private_number;
};
struct site_edit_person {
	const char *id, *name, *name_en; /* NULL: as it is; a new person needs a name */
	bool login, administrator;
	struct site_edit_number *numbers;
	size_t n_numbers;
};

/* What came of it: the text malloc'ed and NUL-terminated, and the site it says. */
struct site_edited {
	char *text;
	size_t len;
	struct site *site;
};
/* `now` is the site that the text says. False with faults; else both parts of `out` are the caller's. */
bool site_edit_holders(const struct site *now, const char *file, const char *text, size_t len, const struct site_edit_holders *,
	struct plan_faults *, struct site_edited *out);
bool site_edit_person(
	const char *file, const char *text, size_t len, const struct site_edit_person *, struct plan_faults *, struct site_edited *out);

/* The entry that such an edit is about: its index in site->holders; -1: there is none yet; -2: several, the section must be said. */
int site_edit_entry(const struct site *, const struct site_edit_holders *);

#endif
