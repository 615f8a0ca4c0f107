/*
 * site: who and what there is in this town: persons, holders, deputies, terminals, contacts, calendar, time limits. Made
 * from a YAML text; names roles and bodies of the plan by id, resolved when asked, since a site outlives an edition of the plan.
 * Owned by the site's arena. Durations are milliseconds.
 */
#ifndef PLAN_SITE_H
#define PLAN_SITE_H

#include "plan/plan.h"

struct site_tel {
	const char *number, *label;
	bool private_number; /* shown only to roles in private_to */
};
struct site_person {
	const char *id, *name, *name_en;
	struct site_tel *tels;
	size_t n_tels;
	bool login;         /* can be reached by a session at all */
	bool administrator; /* may load plans and sites, set passwords */
	struct plan_pos pos;
};
enum site_may { MAY_ACKNOWLEDGE = 1, MAY_ENTER = 2, MAY_DECIDE = 4, MAY_ALL = 7 };
struct site_deputy {
	int person;
	unsigned may; /* bits of enum site_may; DECIDE: items with a choice that matters */
};
struct site_holder {
	const char *role, *section; /* section NULL: all */
	struct plan_ints persons;
	struct site_deputy *deputies;
	size_t n_deputies;
	const char *organisation; /* held by a contractor or joint office: needs no deputy of the town */
	struct plan_pos pos;
};
struct site_group {
	const char *role, *chair; /* chair: a role */
	struct plan_ints members;
	int quorum, recorder; /* recorder: person or -1 */
	struct plan_pos pos;
};
struct site_terminal {
	const char *id, *place, *section;
	struct plan_pos pos;
};
struct site_contact {
	const char *body, *tel, *title, *verified; /* verified: YYYY-MM-DD or NULL */
	enum plan_hours hours;
	struct plan_pos pos;
};
struct site_limit {
	const char *id;
	int64_t repeat, ack, done; /* ms; 0: none */
	struct plan_pos pos;
};
struct site_calendar {
	int open_minute, close_minute; /* minutes of the day */
	unsigned days;                 /* bit 0 = Sunday */
	struct plan_strings holidays;  /* YYYY-MM-DD, sorted */
	bool japan;                    /* the national holidays too, see holidays.h */
	struct {
		int from, to;
	} closed[16]; /* month*100+day, may wrap over the year's end */
	size_t n_closed;
};
struct site_connection_test {
	bool daily;     /* by itself, at `minute` of the Japanese day */
	bool every_day; /* else on business days */
	int minute;
	int64_t answer; /* ms in which answers are awaited */
};
struct site {
	struct arena *arena;
	const char *id, *plan, *title;
	struct plan_strings sections, section_titles;
	struct site_person *persons;
	size_t n_persons;
	struct site_holder *holders;
	size_t n_holders;
	struct site_group *groups;
	size_t n_groups;
	struct site_terminal *terminals;
	size_t n_terminals;
	struct plan_strings places; /* beside the terminals' own */
	struct site_contact *contacts;
	size_t n_contacts;
	struct site_calendar calendar;
	struct site_connection_test connection_test;
	struct site_limit *limits;
	size_t n_limits;
	struct plan_strings private_to;      /* roles that see private numbers; empty: administrators only */
	int64_t remind_before, remind_every; /* of follow-ups: ms before the day, and between reminders after it */
	int retention_years;                 /* 0: not said */
	struct plan_pos plan_pos, holders_pos, groups_pos, terminals_pos, contacts_pos, limits_pos,
		private_pos; /* of these keys; the document's when missing */
};

struct site *site_load(const char *file, const char *text, size_t len, struct plan_faults *);
void site_free(struct site *);

int site_person_find(const struct site *, const char *id);   /* -1 */
int site_terminal_find(const struct site *, const char *id); /* -1; O(log n) */
const struct site_group *site_group_find(const struct site *, const char *role);
/* The limit of that name, else the one called "default", else built-in (repeat 10 min, ack 30 min, done 8 h). */
struct site_limit site_limit_of(const struct site *, const char *id);
/* What kind of hour `at` is (Japan time), by the site's days, holidays and closures: never ALWAYS or CLOSED. A closure goes before a
   holiday, a holiday before a weekend; *holiday (may be NULL) gets its name where one of Japan is meant. */
enum plan_hours site_hour(const struct site *, int64_t at, const char **holiday);
bool site_business_hours(const struct site *, int64_t at);

/* Does a number given for `hours` hold in an hour of that kind (site_hour)? */
bool contact_fits(enum plan_hours hours, enum plan_hours now);
/* When the daily connection test is to begin that day (the Japanese day `at` lies in); -1: not on that day. */
int64_t site_connection_test_at(const struct site *, int64_t at);

/* The numbers of a body at an hour: the site's if it has any for that body, else the plan's printed ones. Newest first;
   `now` of the matching ones is true. Returns how many were written, at most max. */
struct contact_number {
	const char *tel, *verified;
	enum plan_hours hours;
	bool now, from_site;
};
size_t contact_numbers(const struct plan *, const struct site *, int body, int64_t at, struct contact_number *out, size_t max);
/* The one to offer now, or NULL when there is none. */
const char *contact_number_now(const struct plan *, const struct site *, int body, int64_t at);

/* By item: nobody in this town could do it; nobody could give an acknowledgement that it waits for. In the arena. */
struct plan_people {
	bool *no_actor, *no_ack;
};
struct plan_people *plan_people_new(struct arena *, const struct plan *, const struct site *);
/* Holders of a role, through held_as; at most max are written. */
size_t plan_people_holders(const struct plan *, const struct site *, int role, const struct site_holder **out, size_t max);

/* A plan with a site: roles without holder or deputy, missing contacts, quorum, self-approval, unknown names, forbidden double roles. */
void plan_check_site(const char *site_file, const struct plan *, const struct site *, struct plan_faults *);
/*
 * Both files as people wrote them: the faults of each and of their fit, in one run, also where one of them has faults. site_text
 * may be NULL. The plan when it could be read whole, good or not (to be freed), else NULL. *people (NULL: not wanted) is set when
 * there is a site, and belongs to the plan.
 */
struct plan *plan_check_files(const char *plan_file, const char *plan_text, size_t plan_len, const char *site_file, const char *site_text,
	size_t site_len, struct plan_faults *, struct plan_people **people);

#endif
