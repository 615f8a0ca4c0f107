/*
 * core: what the files of server/engine share. Not for anyone else; see state.h for looking inside.
 */
#ifndef ENGINE_CORE_H
#define ENGINE_CORE_H

#include <uthash.h>

#include "engine/state.h"

#define NEVER INT64_MAX
#define GRACE_DEFAULT_MS 30000
#define CLOCKS_DIFFER_MS 300000 /* what a sender's clock may be ahead */

struct edition { /* of plan or site; kept for ever, since incidents and notices point into it */
	uint64_t record;
	struct plan *plan;
	struct site *site;
	char *sha256;
	char *name, *text; /* of the newest site only: what the next one is made of */
	size_t len;
};
struct seen_command { /* an accepted command: key is sender, NUL, id */
	UT_hash_handle hh;
	uint8_t digest[RECORD_HASH];
	uint64_t record;
	uint32_t incident;
	bool joined;
	unsigned key_len;
	char key[];
};
struct presence_entry {
	UT_hash_handle hh;
	bool present;
	uint64_t epoch; /* of the server start it was learned after */
	int64_t since;
	char key[]; /* "person:p" or "terminal:t" */
};
struct notice_entry {
	UT_hash_handle hh;
	uint64_t id;
	struct notice *notice;
};
struct pending_entry {
	uint64_t record;
	struct incident *incident;
	struct deed *deed; /* in an item's entry or a notice */
	struct notice *notice;
	int item;
};

struct enrolled { /* a browser that stands for a terminal */
	uint32_t number;
	char *terminal;
};

struct engine {
	uint64_t index;
	int64_t time;
	struct edition *plans, *sites;
	size_t n_plans, cap_plans, n_sites, cap_sites;
	struct incident **incidents; /* id - 1 */
	size_t n_incidents, cap_incidents;
	struct notice_entry *notices;
	struct seen_command *seen;
	struct presence_entry *presence;
	uint64_t epoch;      /* record of the last server start; 0: none */
	int64_t grace_until; /* presence is unknown before */
	bool grace_pending;  /* the end of the grace has not been acted on */
	bool presence_dirty, site_dirty;
	uint32_t *dirty; /* incidents to react to */
	size_t n_dirty, cap_dirty;
	struct notice **heap; /* by next_at */
	size_t n_heap, cap_heap;
	size_t n_agains; /* calls to be made again, of all incidents */
	struct pending_entry *pending;
	size_t n_pending, cap_pending;
	int64_t remind_at; /* when the next follow-up is reminded of */
	bool remind_stale; /* …must be looked for anew */
	/* term.c */
	struct arena *terms; /* of their strings */
	struct absence *absences;
	size_t n_absences, cap_absences;
	struct delegation *delegations; /* id - 1 */
	size_t n_delegations, cap_delegations;
	bool stand_ins_dirty; /* who may stand in for whom has changed: by a term, or by a bar */
	/* test.c */
	struct test *tests[ENGINE_TESTS_KEPT]; /* oldest first */
	size_t n_tests;
	uint32_t newest_test; /* its number */
	int64_t daily_from;   /* daily tests that were to begin before this need not be made up for */
	int64_t daily_at;     /* when the next one begins; follows from daily_from, the site and the time */
	/* enrol.c */
	struct enrolled *enrolled; /* browsers that stand for terminals now, oldest first */
	size_t n_enrolled, cap_enrolled;
	uint32_t newest_enrolment; /* its number */
};

/* core.c */
bool core_blank(const char *);                  /* NULL, empty or spaces only, wide ones too */
uint32_t core_concerned(const struct record *); /* the incident that a command's answer names: of a split the new one */
bool core_joined(const struct record *);        /* an alarm or test that joined one that is open */
bool core_same(const char *, const char *);     /* both there and equal */
/* The newest site as it was loaded; there must be one. */
const char *core_site_text(const struct engine *, size_t *len, const char **name);
struct incident *core_incident(const struct engine *, uint32_t id);
struct notice *core_notice(const struct engine *, uint64_t id);
void core_dirty(struct engine *, struct incident *);
void core_forget_memo(struct incident *);
void core_changed_notice(struct changes *, struct notice *, uint64_t revision);
void core_changed_incident(struct changes *, struct incident *, uint64_t revision);
bool core_presence_known(const struct engine *, int64_t now);

/* heap.c: notices by their next deadline */
void heap_set(struct engine *, struct notice *, int64_t next_at); /* NEVER takes it out */
struct notice *heap_top(const struct engine *);

/* notice.c */
uint64_t notice_entry_of(const struct notice *); /* record of the entry it tells of */
bool notice_current(const struct notice *);      /* belongs to the item's newest entry */
bool notice_hop_met(const struct incident *, int item, uint32_t chain, uint32_t hop);
bool notice_hop_told(const struct incident *, int item, uint32_t chain, uint32_t hop);
/* Entered and told, everyone has answered, and it is not enough: a quorum that did not come about. */
bool notice_stuck(const struct incident *, int item);
struct recipient *notice_recipient(const struct notice *, const char *id);
uint32_t notice_hops(const struct plan_tell *);
/* Roles addressed at a hop, and what acknowledges it. */
void notice_hop_roles(const struct plan_tell *, uint32_t hop, struct plan_ints *roles, enum plan_ack *, int *number);
bool notice_blocks_closing(const struct notice *);

/* people.c, beside state.h */
size_t people_holders_in(const struct engine *, const struct incident *, int role, const struct site_holder **out, size_t max);
const char *people_id(const struct engine *, int person);
/* The posts a notice stands for: those of its section, of the holders it went to. */
size_t people_posts(const struct engine *, const struct notice *, const struct site_holder **out, size_t max);
/* After the incident's items changed: which of the procedures that say who may see it apply now. */
void people_note_seen(struct incident *);
/* Is this person a holder or deputy of the role, or a member of the group, entitled just now or not? */
bool people_belongs(const struct engine *, const struct incident *, const char *person, int role);
/* What doing the item asks of a deputy: bits of enum site_may. */
unsigned people_need(const struct plan_item *);
/* The role in which one may keep the other out of the incident, or ROLE_NONE. */
int people_may_bar(const struct engine *, const struct incident *, const char *actor, const char *person, enum capacity *);
/* Does the person hold a role that this one may never be held with? */
bool people_kept_apart(const struct engine *, const struct plan *, const char *person, int role);
bool people_is_reporter(const struct incident *, const char *person, const char *terminal);
/* Those told of the item, who did it, and everyone above them: may reopen it. The role, or ROLE_NONE. */
int people_may_reopen(const struct engine *, const struct incident *, int item, const char *person, enum capacity *);
int people_told_or_above(const struct engine *, const struct incident *, int item, const char *person, enum capacity *);

/* post.c: a post is a line of the site's holders: its persons, and who stands in for them */
bool post_holds(const struct engine *, const struct site_holder *, const char *person);
bool post_away(const struct engine *, const struct incident *, const struct site_holder *); /* every one of its persons */
/* Absent or barred by what is on record, whoever is connected: known at once, also just after a start. */
bool post_marked_away(const struct engine *, const struct incident *, const char *person);
/* Is the person entitled to stand in for the post now? CAP_DELEGATE, CAP_DEPUTY or CAP_NONE. incident may be NULL. */
enum capacity post_stands_in(
	const struct engine *, const struct incident *, const struct site_holder *, int role, const char *person, unsigned need);
/* The same where each holder must answer separately: for the one to whom that notice went. */
enum capacity post_stands_in_for(const struct engine *, const struct notice *, const struct site_holder *, const char *person);
/* Deputy or delegate at all, called in or not. */
bool post_names(const struct engine *, const struct incident *, const struct site_holder *, int role, const char *person);
/* Those who could answer for the post (for that holder of it, NULL: any), once called: CAP_DEPUTY or CAP_DELEGATE. */
size_t post_list(const struct engine *, const struct incident *, const struct site_holder *, int role, const char *holder,
	enum capacity kind, const char **out, size_t max);
bool post_may_all(const struct engine *, const struct incident *, const struct site_holder *, int role, const char *person);
/* A holder acted or acknowledged in that role: whatever deputies were called in for is over. */
void post_appear(struct incident *, const char *person, int role, uint64_t record);
/* The record with which that person last appeared in any role; 0: not yet. */
uint64_t post_last_seen(const struct incident *, const char *person);

/* term.c, beside state.h */
void term_evolve(struct engine *, const struct record *, struct changes *);
bool term_react(const struct engine *, int64_t now, struct records *out); /* terms that begin or end */
int64_t term_deadline(const struct engine *);
/* The live delegation of that kind by which the person stands in for a holder of the post (NULL: any). Whoever was kept out of the incident
 * (NULL: none in particular) sends nobody into it afterwards. */
const struct delegation *term_delegation(const struct engine *, const struct incident *, const struct site_holder *, const char *role,
	const char *holder, const char *person, enum capacity kind);
/* So many a person may have given that have not ended: what they cost everybody is bounded. */
#define TERM_DELEGATIONS_MAX 32
size_t term_delegations_of(const struct engine *, const char *from);
/* The newest one of this person for the role that is over or has not begun; NULL: none. */
const struct delegation *term_lapsed(const struct engine *, const struct plan *, int role, const char *person);

/* evolve_*.c */
void evolve_item(struct engine *, const struct record *, struct changes *);
void evolve_notice(struct engine *, const struct record *, struct changes *);
void evolve_incident(struct engine *, const struct record *, struct changes *);
struct deed evolve_deed(struct incident *, const struct record *);
void evolve_copy_values(struct arena *, const struct record *, struct record_value **, size_t *);
void evolve_advance(struct incident *, int item);
/* An incident is open again: acknowledgements that were denied while it was closed are asked for again. */
void evolve_denied_while_closed(struct engine *, struct incident *, const struct record *, struct changes *);
void evolve_pending(struct engine *, struct incident *, struct deed *, struct notice *, int item);

/* decide_*.c: 0 or -1 */
struct decision { /* what every decider needs */
	const struct engine *e;
	const struct command *c;
	struct records *out;
	struct verdict *v;
	struct incident *incident; /* found, open and visible, or NULL */
	const char *person;        /* who acts: signed in, or on whose behalf */
	int item;
};
struct record *decide_record(struct decision *, enum record_kind);
struct record *decide_deed(struct decision *, enum record_kind, const char *role, enum capacity);
bool decide_transcribed(const struct command *);
/* False for what was only said by telephone where the plan forbids that. */
bool decide_by_this_channel(const struct decision *, const struct plan_item *);
int decide_alarm(struct decision *);
int decide_withdraw(struct decision *);
int decide_split(struct decision *);
int decide_join(struct decision *);
int decide_give_up(struct decision *);
int decide_enter(struct decision *);
int decide_waive(struct decision *);
int decide_reopen(struct decision *);
int decide_acknowledge(struct decision *);
int decide_excuse(struct decision *);
int decide_confirm(struct decision *);
int decide_absence(struct decision *);
int decide_delegate(struct decision *);
int decide_end_delegation(struct decision *);
int decide_bar(struct decision *);
/* The same where the incident is not for this person. */
int decide_not_seen(struct decision *, struct incident *, const char *number);
int decide_read(struct decision *);                                                /* never refuses */
int decide_refuse_named(struct decision *, enum reason, const struct plan_item *); /* by its title and id, as it can be typed */
/* Refuses, saying so where a delegation is over or has not begun. item may be NULL. */
int decide_not_entitled(struct decision *, enum reason, const struct plan_item *, const int *roles, size_t n_roles);
int decide_log_call(struct decision *);
int decide_hand_over(struct decision *);
int decide_comment(struct decision *);
int decide_follow_up(struct decision *);
/* Is the form complete and possible? (form.c) Fills defaults into r's values. */
int form_check(struct decision *, const struct plan_item *, bool entry, struct record *r);
bool form_date(const char *);                                        /* YYYY-MM-DD */
int form_owner(struct decision *, const char *owner);                /* a person of the site or a role that somebody holds */
int form_due(struct decision *, const char *due, const char *field); /* a day from today on, not beyond ten years */
/* Copies a call with its defaults (number of the hour, now); refuses unknown bodies. */
int form_call(struct decision *, const struct plan_item *, const struct record_call *from, struct record_call *to);
int form_call_person(struct decision *, const struct record_call *from, struct record_call *to); /* to somebody of the office */
int form_calls(struct decision *, const struct plan_item *, struct record *);                    /* those of an entry, into r */
int form_time(struct decision *, int64_t at, const char *what);                                  /* neither future nor absurd */
/* Notes what a call on record lacks: the number used, who answered (clause F1.1c). */
void form_call_missing(struct decision *, const struct record_call *);

/* test.c */
void test_free(struct test *);
void test_evolve(struct engine *, const struct record *, struct changes *);
/* The site is another one: from now on its daily time counts. */
void test_site_loaded(struct engine *, const struct site *before, int64_t at);
int decide_test(struct decision *);
int decide_answers(struct decision *);

/* decide_load.c */
int decide_load(struct decision *);
int decide_edit_holders(struct decision *);
int decide_edit_person(struct decision *);

/* enrol.c */
int decide_enrol(struct decision *);
int decide_enrol_end(struct decision *);
void enrol_evolve(struct engine *, const struct record *, struct changes *);
void enrol_free(struct engine *);
bool react_test(struct engine *, int64_t now, struct records *out);
int64_t react_test_deadline(const struct engine *);
/* calls.c */
bool calls_count(const struct record_call *);   /* reached somebody, or says why nobody was called */
bool calls_reached(const struct record_call *); /* reached somebody */
/* Is there such a call to the body (NULL: any) logged beforehand for the item, since it was last to be done? */
bool calls_logged(const struct incident *, int item, const char *body, bool (*which)(const struct record_call *));
void calls_note(struct engine *, struct incident *, int item, const struct record_call *, const char *person, const struct record *);
void calls_drop(struct engine *, struct incident *, int item); /* none of these is to be made again; item -1: of none of the items */
void calls_reminded(struct incident *, const struct notice *);
int64_t calls_deadline(const struct engine *);
bool react_call_again(struct engine *, int64_t now, struct records *out);

/* react_*.c */
/* A real alarm ends every drill; why its notices end. */
bool react_drill(struct engine *, const struct incident *real, int64_t now, struct records *out);
const char *react_drill_ends(const struct incident *, const struct notice *, bool owed, bool *cancel);
bool react_incident(struct engine *, struct incident *, int64_t now, struct records *out);
bool react_escalate(struct engine *, struct notice *, int64_t now, struct records *out);
bool react_absence(struct engine *, struct notice *, int64_t now, struct records *out);
bool react_remind(struct engine *, int64_t now, struct records *out); /* remind.c */
bool remind_owns(const struct engine *, const struct incident *, const struct follow_up *, const char *person);
/* Who stands in has changed: told are those who do now, and those who do no more hear no more. */
bool react_stand_ins(struct engine *, struct notice *, int64_t now, struct records *out);
bool react_readdress(struct engine *, struct notice *, int64_t now, struct records *out);

#endif
