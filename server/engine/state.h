/*
 * state: what the engine holds, for those who may look inside: the engine's own files, server/view and tests. Nobody
 * outside server/engine changes it.
 *
 * Everything of an incident is owned by its arena. Indices `item`, `role`, `fact` are into the incident's plan.
 */
#ifndef ENGINE_STATE_H
#define ENGINE_STATE_H

#include "engine/engine.h"

enum item_stored { ITEM_OPEN, ITEM_TOLD, ITEM_DONE, ITEM_WAIVED };
enum item_life {
	LIFE_UNDETERMINED,
	LIFE_NOT_APPLICABLE,
	LIFE_WAITING,
	LIFE_READY,
	LIFE_TOLD,
	LIFE_DONE,
	LIFE_WAIVED,
	LIFE_HELD,
	LIFE_KEPT,
	LIFE_STANDING
};
const char *item_life_name(enum item_life); /* as in ItemRow.state */
enum tri { TRI_FALSE = 0, TRI_TRUE = 1, TRI_UNKNOWN = 2 };

/* Who did something, and how we know. */
struct deed {
	uint64_t record; /* 0: not done */
	int64_t at;
	const char *person, *terminal, *entered_by, *number, *role;
	enum capacity capacity;
	enum channel channel;
	int64_t said_at;
	enum { DEED_PLAIN, DEED_UNCONFIRMED, DEED_CONFIRMED, DEED_DENIED } confirmation; /* of what was not said on a screen */
};

struct item_entry { /* the newest entry of an item */
	struct deed by;
	struct record_value *values; /* form and agenda */
	size_t n_values;
	struct record_call *calls;
	size_t n_calls;
	const char *reason; /* of a waiving or reopening */
	bool amended;
	bool ordered; /* it put a measure in force */
};

struct chain_state {
	uint32_t at;     /* hop now; n_hops when through */
	uint32_t n_hops; /* via… then to */
	uint32_t quorum; /* of the group addressed, as the site had it when it was told; 0: none */
};

struct item_state {
	enum item_stored stored;
	struct item_entry entry;
	int64_t done_at;
	uint64_t round;             /* entry of the round before this one: calls logged after it belong to this one */
	struct chain_state *chains; /* plan item's n_tell, valid while told or done */
	bool chains_live;           /* an entry started them */
};

struct recipient {
	const char *id; /* person or terminal */
	enum recipient_as as;
	enum receipt_stage stage;
	int64_t stage_at;
	struct deed ack; /* a terminal of a broadcast, or a person (additional ones too) */
	const char *answer, *comment;
	const char *excused; /* reason, terminals only */
	uint64_t gone;       /* record that took the notice back from this one; 0: it did not */
	const char *why_gone;
};

/* Site-wide, for a term (term.c). in force: begun and not ended; both are said by records, never by a clock. */
struct absence {
	const char *person, *reason;
	struct deed by;
	int64_t since, until; /* until 0: until said otherwise */
	bool begun;
};
struct delegation { /* kept after its end: who comes too late is told of it */
	uint32_t id;
	const char *from, *to, *role; /* role NULL: every role that `from` holds */
	enum capacity kind;           /* CAP_DEPUTY 職務代理: while the holder is away; CAP_DELEGATE 委任: beside the holder */
	unsigned may;                 /* bits of enum site_may */
	const char *reason, *why_ended;
	struct deed by;
	int64_t since, until, ended_at; /* ended_at 0: not ended */
	bool begun;
};

enum notice_state { NOTICE_OPEN, NOTICE_ACKNOWLEDGED, NOTICE_WITHDRAWN };
const char *notice_state_name(enum notice_state);

struct notice {
	uint64_t id;
	uint64_t revision; /* record of the newest change its recipients must hear of */
	struct incident *incident;
	int item;
	enum notice_kind kind;
	uint32_t chain, hop;
	int role;        /* plan role or ROLE_EVERY_TERMINAL */
	const char *key; /* role, role:section or role:member: what one acknowledgement stands for */
	uint64_t entry;  /* record of the entry it tells of, as the item had it when it was told */
	bool wants_ack;
	bool broadcast;      /* recipients are terminals, sorted by id */
	bool group;          /* one member of a group: answers */
	uint32_t follow_up;  /* of a reminder: what it reminds of */
	const char *reminds; /* of a reminder: soon | due | overdue */
	enum notice_state state;
	bool cancelled; /* withdrawn, and the recipients were told something that no longer holds */
	const char *why_withdrawn;
	struct deed ack;    /* the one that satisfied it */
	const char *answer; /* of a group's member */
	int64_t at, ended_at;
	struct recipient *recipients;
	size_t n_recipients, cap_recipients;
	size_t n_acknowledged; /* of a broadcast: acknowledged or excused */
	uint32_t repeats;
	enum escalation escalation;
	bool deputies_told, above_told;
	uint64_t overdue_at;  /* record with which a turn that was taken and forgotten was told anew; 0: it was not */
	int64_t owed_from;    /* since when the limit 'done' runs */
	uint64_t deputies_at; /* record with which deputies were told of it last; 0: never */
	int64_t next_at;      /* next escalation; INT64_MAX: stands */
	int64_t limit_repeat, limit_ack, limit_done; /* copied when told */
	uint64_t site;                               /* edition its recipients were computed from */
	size_t heap;                                 /* place in the engine's heap of deadlines, SIZE_MAX: not in it */
};

struct measure {
	uint32_t id;
	int item;
	const char *option; /* title of what was ordered */
	int *authorities;   /* roles */
	size_t n_authorities;
	enum { MEASURE_IN_FORCE, MEASURE_LIFTED, MEASURE_HANDED_OVER } state;
	struct deed ordered, ended;
	struct deed taken_over;      /* by the authority that ratified it first, after it was in force */
	struct record_value *extent; /* how far it goes: fields with `extent`, words beside the choice */
	size_t n_extent;
	const char *owner, *due, *reason; /* handed over to whom, until when, why */
};
struct follow_up {
	uint32_t id;
	int item;                                      /* -1: added freely */
	uint32_t measure;                              /* the measure that was handed over; 0: none */
	const char *kind, *text, *owner, *due, *state; /* owner: a person or a role */
	const char *remark;                            /* what was said when it was last changed */
	struct deed made, changed;
	int64_t since;       /* when owner and day were set */
	uint64_t set;        /* and by which record */
	int64_t reminded_at; /* since then; 0: not yet */
};
struct call_made {
	struct deed by;
	int item;
	struct record_call call;
	const char *person;
};
/* Nobody answered, or it was agreed so: to be called again then. */
struct call_again {
	uint64_t record; /* of the call */
	int item;        /* -1: of none */
	const char *body, *person, *number, *caller;
	int64_t at;
	uint64_t notice; /* newest reminder; 0: none yet */
	bool over;       /* called again, or it was said why not */
};
struct comment_made {
	struct deed by;
	int item;
	const char *text;
};
struct alarm_made {
	struct deed by;
	struct record_value *values;
	size_t n_values;
	const char *reporter;
	int64_t made_at;
	const char *entry;    /* id of the entry item it came by */
	uint32_t joined_from; /* incident it came with when that one joined; 0: it is this one's own */
	bool split_off;
};

enum incident_state { INCIDENT_OPEN, INCIDENT_CLOSED, INCIDENT_GIVEN_UP, INCIDENT_JOINED };
const char *incident_state_name(enum incident_state);

struct incident {
	uint32_t id;
	struct arena *arena;
	const struct plan *plan;
	uint64_t plan_record;
	bool drill, unannounced;
	uint64_t interrupted; /* the real alarm's record that ended this drill; 0: none */
	const char *given_up; /* why a drill ended before its end: a reason, or a code of react_drill.c */
	enum incident_state state;
	int entry; /* item */
	int64_t opened_at, closed_at;
	uint32_t joined_into;
	struct deed closed;
	struct item_state *items;
	/* facts: one value (option id) per slot of the plan, and the order of entries */
	const char **slot_value;
	uint64_t *slot_order;
	struct measure *measures;
	size_t n_measures, cap_measures;
	struct follow_up *follow_ups;
	size_t n_follow_ups, cap_follow_ups;
	struct call_made *calls;
	size_t n_calls, cap_calls;
	struct call_again *agains;
	size_t n_agains, cap_agains;
	struct comment_made *comments;
	size_t n_comments, cap_comments;
	struct alarm_made *alarms; /* the first one opened it */
	size_t n_alarms, cap_alarms;
	struct notice **notices;
	size_t n_notices, cap_notices;
	size_t n_open; /* of them: open ones that want an acknowledgement */
	/* when holders last appeared: what deputies were called in for before is over for (person, role) */
	struct {
		const char *person;
		int role;
		uint64_t record;
	} * appeared;
	size_t n_appeared, cap_appeared;
	/* need to know: who may neither see it nor take part; readmitted ones stay with their flag */
	struct bar {
		const char *person, *ground;
		struct deed by, ended;
		bool over;
	} * bars;
	size_t n_bars, cap_bars;
	struct {
		const char *person, *what;
		int64_t at;
	} * reads; /* the newest of each */
	size_t n_reads, cap_reads;
	bool dirty; /* engine_react must look at it */
	uint64_t revision;
	bool *restricted; /* for each procedure: it says who may see the incident, and applied at some time */
	/* memo of derived values, see derive.h; -1 unknown */
	signed char *memo_applies, *memo_settled;
};

enum presence { PRESENCE_UNKNOWN, PRESENT, AWAY };

/* A connection test ('can you hear me'): of the town, in no incident. */
#define ENGINE_TESTS_KEPT 30
struct test_asked {
	const char *id; /* "terminal:t1" | "person:p_tanaka" */
	enum receipt_stage stage;
	int64_t stage_at;
};
struct test {
	uint32_t id;
	uint64_t record;
	struct arena *arena;
	int64_t at, until, ended_at; /* ended_at 0: it runs */
	bool daily;
	const char *person, *terminal; /* who asked for it, from where; NULL: the daily one */
	struct test_asked *asked;      /* sorted by id */
	size_t n_asked;
};

/* ---- queries (pure) ---- */
const struct incident *engine_incident(const struct engine *, uint32_t id);
size_t engine_incidents(const struct engine *, const struct incident *const **out);
const struct notice *engine_notice(const struct engine *, uint64_t id);
enum presence engine_presence_person(const struct engine *, const char *person, int64_t *since);
/* As escalation counts it: marked absent (until acting all the same in that incident) or barred from it is away. incident NULL: any. */
enum presence engine_presence_in(const struct engine *, const struct incident *, const char *person);
/* In force, or only entered for a later term. NULL: none. */
const struct absence *engine_absence(const struct engine *, const char *person, bool in_force);
size_t engine_absences(const struct engine *, const struct absence **out);
size_t engine_delegations(const struct engine *, const struct delegation **out);
bool engine_delegation_live(const struct delegation *);
bool engine_barred(const struct incident *, const char *person);
enum presence engine_presence_terminal(const struct engine *, const char *terminal, int64_t *since);
/* SHA-256 (hex) of the plan edition recorded at `record` (0: the newest), of the newest site. NULL when none. */
const char *engine_plan_sha256(const struct engine *, uint64_t record);
const char *engine_site_sha256(const struct engine *);
/* The newest tests, oldest first. */
size_t engine_tests(const struct engine *, const struct test *const **out);
/* The one that runs, or NULL. */
const struct test *engine_test_running(const struct engine *);
const struct test_asked *engine_test_asked(const struct test *, const char *id);
/* Browsers that stand for a terminal of the site: how many for that one; is the one of that number still enrolled; the number of the newest
   ever; the number of the i-th now, 0 behind the last. */
uint32_t engine_browsers(const struct engine *, const char *terminal);
bool engine_enrolled(const struct engine *, uint32_t number);
uint32_t engine_enrolled_newest(const struct engine *);
uint32_t engine_enrolled_at(const struct engine *, size_t i, const char **terminal);
/* Is this notice still to be shown to that recipient? (open; one that only informs ends when it was displayed after closing) */
bool engine_notice_live_for(const struct notice *, const struct recipient *);
/* The recipient entry of a person or terminal, or NULL. */
const struct recipient *engine_notice_recipient(const struct notice *, const char *id);
/* The measure whose ordering this notice tells the terminals of, or NULL. */
const struct measure *engine_notice_orders(const struct notice *);
/* bundle.c: several capacities of one person, shown as one notice. The one under which n is shown to that person; n when it stands alone.
 */
const struct notice *bundle_lead(const struct notice *, const char *person);
/* All that are shown under it, itself first. */
size_t bundle_list(const struct notice *lead, const char *person, const struct notice **out, size_t max);
/* Another of the same item that still stands open for that person, by its lead; NULL: none. */
const struct notice *bundle_left(const struct notice *, const char *person);
/* Has this recipient answered it, since it was last told to everybody? */
bool notice_answered(const struct notice *, const struct recipient *);
/* The call that this notice says is to be made again, or NULL. */
const struct call_again *engine_notice_call(const struct notice *);
/* The newest call to that body for the item as it is to be done, or stands done, now; rather one that counts: answered, or why not. */
const struct record_call *engine_item_call(const struct incident *, int item, const char *body, bool *counts);
/* Does the hop of this notice have what it requires? */
bool engine_notice_hop_met(const struct notice *);
/* How a follow-up's day stands: soon | due | overdue; NULL: done, or far off. */
const char *engine_follow_up_when(const struct engine *, const struct incident *, const struct follow_up *, int64_t now);
/* Is it this person's, or that of a role this person may act in? */
bool engine_follow_up_owned(const struct engine *, const struct incident *, const struct follow_up *, const char *person);
/* Who a recorded deed that awaits confirmation is about. */
struct pending_confirmation {
	uint64_t record;
	const struct incident *incident;
	const struct deed *deed;
	int item;
	const char *what;
};
size_t engine_pending_confirmations(const struct engine *, const char *person, struct pending_confirmation *out, size_t max);

/* derive.c: what follows from what is stored; plan-semantics, 'Life of an item' */
enum tri derive_applies(const struct incident *, int item);
bool derive_settled(const struct incident *, int item);
bool derive_ready(const struct incident *, int item);
enum item_life derive_life(const struct incident *, int item);
bool derive_in_force(const struct incident *); /* any measure */
bool derive_may_close(const struct incident *);
/* Still being dealt with: something is left that is neither aftercare nor closing, or a measure is in force. */
bool derive_emergency(const struct incident *);
/* Value of a fact: NULL with *pending telling pending from absent. */
const char *derive_fact(const struct incident *, int fact, bool *pending);
bool derive_option_possible(const struct incident *, const struct plan_option *);
/* Items that stand in the way of `item`; returns how many, writes at most max. */
size_t derive_waits_for(const struct incident *, int item, int *out, size_t max);

/* people.c: who may; plan-semantics, 'People' */
/* Capacity in which a person may act in a role in this incident now, CAP_NONE if not. need: bits of enum site_may. */
enum capacity people_capacity(const struct engine *, const struct incident *, const char *person, int role, unsigned need);
/* The first of the item's `by` roles the person may act in; ROLE_NONE if none. terminal: for anyone/reporter. */
int people_may_act(const struct engine *, const struct incident *, int item, const char *person, const char *terminal, enum capacity *);
/* May this person (NULL: a terminal) raise this entry, and as what? An alarm opens the incident its role is judged in: only 'anyone' and plain
   holders and deputies can be asked before it exists. *role is set where the answer is not CAP_NONE. */
enum capacity people_may_raise(const struct engine *, const struct plan *, const struct plan_item *, const char *person, const char **role);
/* Is it for some roles only, so that reading it goes on record? */
bool people_restricted(const struct incident *);
/* May every terminal see it? What is broadcast of other incidents says nothing but its own item. */
bool people_open_to_terminals(const struct incident *);
bool people_may_see(const struct engine *, const struct incident *, const char *person, const char *terminal);
/* Whoever raised it sees the own alarm, who may be told of it and what is asked of the reporter, even where the rest is not for them. */
bool people_raised(const struct incident *, const char *person, const char *terminal);
/* May this person acknowledge this notice now, and in which capacity? */
enum capacity people_may_acknowledge(const struct engine *, const struct notice *, const char *person, const char *terminal);
/* Holders of a role (through held_as); indices into the site's holders. */
size_t people_holders(const struct engine *, const struct plan *, int role, const struct site_holder **out, size_t max);

#endif
