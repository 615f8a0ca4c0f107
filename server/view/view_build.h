/*
 * view_build: what the files of server/view share while one view is computed. Not for others.
 *
 * Everything lives in one arena. Text that people wrote is cut to what a row can hold: each row starts with a budget
 * (view_text_row), and each string may take half of what is left of it, so no row outgrows VIEW_ROW_MAX by text.
 */
#ifndef VIEW_VIEW_BUILD_H
#define VIEW_VIEW_BUILD_H

#include "view/view.h"

#define VIEW_ROW_MAX 32768u
/* Calls shown within an item; all of them are rows of the incident view. */
#define VIEW_CALLS_IN_ITEM 20u

struct view_build {
	const struct engine *engine;
	const struct plan *plan; /* newest edition; NULL before one was loaded */
	const struct site *site; /* NULL before one was loaded */
	struct view_reader reader;
	int64_t now;
	struct arena *arena;
	struct view_rows *rows; /* NULL where only a message is built */
	bool numbers;           /* the reader may see private telephone numbers */
	size_t text_left;
};
void view_build_init(
	struct view_build *, const struct engine *, const struct view_reader *, int64_t now, struct arena *, struct view_rows *);

/* ---- view_rows.c ---- */
/* Packs the row under its key; order sorts it for people. The row's body must be set. */
void view_rows_add(struct view_build *, Renraku__Row *, const char *key, const char *order);
void view_rows_sort(struct view_rows *);

/* ---- view_text.c: strings for people ---- */
void view_text_row(struct view_build *); /* a new row begins: its text budget is full again */
char *view_text_plain(const char *);     /* for message fields: never NULL, not copied */
char *view_text_cut(struct view_build *, const char *);
char **view_text_list(struct view_build *, const struct plan_strings *, size_t *n);
char **view_text_roles(struct view_build *, const struct plan *, const struct plan_ints *, size_t *n);
/* Their titles, joined. */
char *view_text_role_titles(struct view_build *, const struct plan *, const struct plan_ints *, bool english);
char *view_text_person(struct view_build *, const char *person);     /* name, else the id */
char *view_text_terminal(struct view_build *, const char *terminal); /* place, else the id */
char *view_text_actor(struct view_build *, const struct deed *);     /* who did it, and who entered it for whom */
bool view_text_transcribed(const struct deed *);                     /* 転記: from paper, with the time it was written */
/* ---- the …_en fields: "" where English would say the same, so that rows stay small ---- */
char *view_text_english(const char *ja, const char *en); /* en NULL: none */
char *view_text_actor_en(struct view_build *, const struct deed *);
char *view_text_role_en(const struct plan *, int role);
const char *view_text_item(const struct incident *, int item, bool english);
const char *view_text_item_of(const struct plan *, int item, bool english);
/* "障害の連絡：1階窓口（ハードウェア）": what the incident is, by its first alarm. Rows say `drill` beside their titles; only the Notice
   message, which a siren or a pop-up shows as it is, has 【訓練】 in its title. */
char *view_text_incident(struct view_build *, const struct incident *, bool english);
char *view_text_place(struct view_build *, const struct incident *);
char *view_text_choices(
	struct view_build *, const struct plan_item *, const struct plan *, const struct record_value *, size_t n, bool english);
Renraku__ShownValue **view_text_values(
	struct view_build *, const struct plan *, const struct plan_item *, const struct record_value *, size_t n);
Renraku__ShownValue *view_text_fact(struct view_build *, const struct plan *, int fact, const char *value);

/* ---- view_item.c ---- */
enum view_item_form { VIEW_ITEM_FULL, VIEW_ITEM_COMPACT };
void view_item_add(struct view_build *, const struct incident *, int item, enum view_item_form, const char *order);
/* The item as the plan has it, in no incident. */
void view_item_blank(struct view_build *, const struct plan *, int item, const char *order);
void view_item_alarm_forms(struct view_build *);
bool view_item_mine(struct view_build *, const struct incident *, int item);
/* May the reader raise this entry of the plan? */
bool view_item_may_raise(struct view_build *, const struct plan_item *);

/* ---- view_notice.c ---- */
enum view_notice_recipients { VIEW_RECIPIENTS_ALL, VIEW_RECIPIENTS_PERSONS, VIEW_RECIPIENTS_READER };
void view_notice_add(struct view_build *, const struct notice *, enum view_notice_recipients, const char *order);
/* Why a notice or drill ended, in words; a text that is no code as it is. */
const char *view_text_why(const char *code, bool english);
char *view_notice_title(struct view_build *, const struct notice *, bool marked, bool english);

/* ---- view_telephone.c ---- */
/* Why this notice needs a telephone now: absent (nobody who may answer is signed in) | silent (no answer in time); NULL: it does not. */
const char *view_telephone_why(struct view_build *, const struct notice *);
void view_telephone_add(struct view_build *, const struct notice *, const char *order);
/* The numbers of a person that the reader may see. */
char **view_telephone_numbers(struct view_build *, int person, size_t *n);
bool view_telephone_private(const struct view_build *);

/* NULL or "" where it is a private one that the reader may not see. */
const char *view_telephone_shown(const struct view_build *, const char *number);

/* ---- view_term.c ---- */
void view_term_all(struct view_build *, const char *section);
void view_term_bars(struct view_build *, const struct incident *, const char *section);

/* ---- view_incident.c ---- */
/* Only what whoever raised it may know. */
void view_incident_own(struct view_build *, const struct incident *);
void view_incident_add(struct view_build *, const struct incident *, const char *order);
void view_incident_all(struct view_build *, const struct incident *);
Renraku__CallRow *view_incident_call(
	struct view_build *, const struct incident *, const struct deed *, int item, const struct record_call *, const char *person);
char *view_incident_order(struct view_build *, const struct incident *, const char *section);

/* ---- view_follow_up.c ---- */
void view_follow_up_incident(struct view_build *, const struct incident *);
void view_follow_up_own(struct view_build *, const struct incident *, const char *section);
void view_follow_up_all(struct view_build *);
char *view_follow_up_owner(struct view_build *, const struct incident *, const char *owner); /* a role's title or a person's name */
const struct follow_up *view_follow_up_of(const struct notice *);                            /* what a reminder reminds of, else NULL */
char *view_follow_up_title(struct view_build *, const struct notice *, const char *lead, bool english);
/* ---- view_drill.c ---- */
/* Drills in the list of them; older ones can still be asked for by number. */
#define VIEW_DRILLS_SHOWN 100u
void view_drill_score(struct view_build *, const struct incident *, const char *section); /* nothing for what is real */
void view_drill_list(struct view_build *);
void view_drill_incident(struct view_build *, const struct incident *, Renraku__IncidentRow *);

/* ---- view_test.c ---- */
void view_test_all(struct view_build *);
void view_test_newest(struct view_build *, const char *section); /* its first part */

/* ---- view_calls.c ---- */
/* inc NULL: in no incident. */
void view_calls_targets(struct view_build *, const struct incident *, const struct plan *, int item, Renraku__ItemRow *);

/* ---- view_measure.c ---- */
void view_measure_add(struct view_build *, const struct incident *, const struct measure *, const char *order);

/* ---- view_people.c ---- */
/* Titles of the roles a person holds, joined; "" when none. */
char *view_people_roles(struct view_build *, int person, bool english);
bool view_people_administrator(const struct view_build *); /* the reader */
void view_people_town(struct view_build *);
void view_people_persons(struct view_build *, const char *section, bool presence);
void view_people_terminals(struct view_build *, const char *section);
void view_people_contacts(struct view_build *, const char *section);
void view_people_confirmations(struct view_build *, const char *person, const struct incident *, const char *section);

/* ---- view_plan.c ---- */
/* What the plan says of an item whatever happens. */
Renraku__ItemPlan *view_plan_item(struct view_build *, const struct plan *, int item);
void view_plan_roles(struct view_build *, const char *section);
void view_plan_items(struct view_build *, const char *section);
/* Clauses that no item carries. */
Renraku__ClauseTitle **view_plan_clauses(struct view_build *, const struct plan *, size_t *n);
/* In the plan's order, but what ends an incident stands at the end, and what may be done at any time behind it. */
char *view_plan_order(struct view_build *, const struct plan *, int item, const char *section);

/* ---- view_cond.c ---- */
/* A condition as people say it; "" where there is none. */
char *view_cond_words(struct view_build *, const struct plan *, const struct cond *, bool english);

/* ---- view_inbox.c ---- */
void view_inbox_all(struct view_build *);

#endif
