/*
 * plan: the town's emergency plan as immutable structs, made from a YAML text by plan_load(). docs/plan-language.md says
 * what each key means; the rules are those of the plan semantics. No name of a role, step, fact or level stands in code.
 *
 * Everything is owned by the plan's arena and lives until plan_free(). Roles, bodies, facts, items … are referred to
 * by index into the plan's arrays; reserved roles have negative numbers. Optional strings are NULL when absent; `title` never is
 * (it falls back to the id).
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct plan_pos {
	int line, column; /* from 1; 0 when unknown */
};

/* Reserved roles. */
enum {
	ROLE_NONE = -1,
	ROLE_ANYONE = -2,
	ROLE_REPORTER = -3,
	ROLE_EVERY_TERMINAL = -4,
	ROLE_ENTRY = -5 /* in `to`: to whom the incident's alarm was told */
};

/* Text in Japanese, and English where the plan gives `…_en`. */
struct plan_strings {
	const char **at;
	size_t n;
};
struct plan_ints {
	int *at;
	size_t n;
};

enum cond_op { COND_TRUE, COND_IN, COND_NOT, COND_AND, COND_OR };
enum cond_subject { COND_FACT, COND_ENTRY, COND_MEASURES, COND_MEASURES_OF };
/* a == b is IN with one value; != is NOT IN. */
struct cond {
	enum cond_op op;
	enum cond_subject subject;
	int ref;                    /* fact index, or role index for MEASURES_OF */
	struct plan_strings values; /* "unset" may be among them */
	const struct cond *a, *b;
	struct plan_pos pos;
};

struct plan_role {
	const char *id, *title, *title_en, *note;
	struct plan_strings aliases;
	int above, held_as, told_with; /* role index or ROLE_NONE */
	struct plan_ints never;        /* roles whose holder may not hold this one */
	bool group, optional, holders_all, per_section;
	struct plan_pos pos;
};
struct plan_body {
	const char *id, *title, *title_en, *note;
	struct plan_strings aliases;
	struct plan_pos pos;
};
/* CLOSED is every hour but BUSINESS; the last four are parts of it. */
enum plan_hours { HOURS_ALWAYS, HOURS_BUSINESS, HOURS_CLOSED, HOURS_NIGHT, HOURS_WEEKEND, HOURS_HOLIDAY, HOURS_CLOSURE };
const char *plan_hours_name(enum plan_hours);
/* A printed number of the plan; the site may supersede it. */
struct plan_contact {
	int body;
	const char *tel;
	enum plan_hours hours;
	struct plan_strings clause;
	struct plan_pos pos;
};
struct plan_named { /* limits, measures */
	const char *id, *title, *title_en, *note;
	struct plan_pos pos;
};
struct plan_value {
	const char *id, *title, *title_en, *note;
	struct plan_strings guide;
	struct plan_pos pos;
};
struct plan_fact {
	const char *id, *title, *title_en, *note;
	struct plan_strings clause;
	struct plan_value *values;
	size_t n_values;
	bool read; /* some condition reads it */
	struct plan_pos pos;
};
struct plan_option {
	const char *id, *title, *title_en;
	const struct cond *when; /* NULL: always possible */
	struct plan_strings checks, guide;
	int orders, ratifies;     /* role whose authority orders / takes over a measure, or ROLE_NONE */
	struct plan_ints reopens; /* items sent back */
	struct plan_pos pos;
};
enum plan_field_type { FIELD_TEXT, FIELD_TIME, FIELD_CHOICE, FIELD_NUMBER, FIELD_PLACE, FIELD_FILES };
const char *plan_field_type_name(enum plan_field_type);
struct plan_field {
	const char *id, *title, *title_en;
	enum plan_field_type type;
	bool optional, unknown; /* may be left out; may be 'unknown' with a reason */
	bool extent;            /* says how far the measure goes that its item orders */
	int sets;               /* fact or -1 */
	struct plan_option *options;
	size_t n_options;
	struct plan_pos pos;
};
struct plan_agenda {
	const char *id, *title, *title_en;
	struct plan_strings contents;
	struct plan_option *options;
	size_t n_options;
	struct plan_pos pos;
};
struct plan_calls {
	struct plan_ints bodies;
	bool present;  /* the item has `calls` */
	bool all;      /* need: all, else any */
	bool extend;   /* further bodies may be added at the time */
	bool optional; /* not owed */
	struct plan_field *form;
	size_t n_form;
};
enum plan_ack { ACK_NONE, ACK_ANY, ACK_ALL, ACK_QUORUM, ACK_NUMBER };
struct plan_tell {
	struct plan_ints via, to; /* roles; `to` may hold ROLE_EVERY_TERMINAL, ROLE_ENTRY */
	enum plan_ack ack;
	int ack_number;
	bool if_ordered; /* told only when the entry put a measure in force; the item does not wait for it */
	struct plan_pos pos;
};
struct plan_follow {
	const char *id, *title, *title_en;
	struct plan_strings contents;
	struct plan_pos pos;
};

/*
 * A dimension of an item: something that is chosen when it is entered. `slot` numbers, over the whole plan, the
 * dimensions that set a fact (-1: none). `live`: the choice matters, because its fact is read or an option has an effect.
 */
struct plan_dim {
	const char *id; /* field or agenda id, or the fact of a `sets` */
	int fact, slot;
	const struct plan_option *options;
	size_t n_options;
	bool agenda, constant, live;
};

struct plan_item {
	const char *id, *title, *title_en, *words, *note, *alarm; /* alarm: the word for `renraku alarm WORD` */
	struct plan_strings clause;
	int procedure, step;
	struct plan_ints by;
	struct plan_field *form;
	size_t n_form;
	struct plan_calls calls;
	struct plan_agenda *agenda;
	size_t n_agenda;
	struct plan_tell *tell;
	size_t n_tell;
	const struct cond *when;          /* procedure's, step's and own joined by `and`; NULL: always */
	struct plan_ints after, rests_on; /* as written, steps expanded to their items */
	struct plan_ints pre;             /* after + rests_on: what must be settled first */
	struct plan_ints resters;         /* items that rest on this one directly */
	struct plan_follow *followups;
	size_t n_followups;
	struct plan_strings joins; /* field ids */
	struct plan_dim *dims;
	size_t n_dims;
	int within;                  /* limit or -1 */
	int decided_by;              /* role, or -1 */
	const char *decided_by_word; /* as written: a role, or 'chair' */
	bool optional, entry, standing, lifts, closes, withdraws, aftercare, under_lift;
	bool by_telephone; /* default true: what was said by telephone may be entered by another */
	struct plan_pos pos;
};
struct plan_step {
	const char *id, *title, *title_en, *note;
	int procedure;
	bool aftercare;
	struct plan_ints items;
	struct plan_pos pos;
};
struct plan_procedure {
	const char *id, *title, *title_en, *note;
	struct plan_strings clause;
	struct plan_ints seen_by; /* roles; empty: everyone */
	struct plan_ints bars;    /* roles that may keep a person out of such an incident; empty: those above the person */
	struct plan_ints steps;
	struct plan_pos pos;
};
/*
 * What must hold on every way through the plan; the exploration looks for one on which it does not. Either `never`, a condition that no
 * state may fulfil; or: whenever one of `doing` is done while `when` holds, what follows must be so (judged before the act).
 */
struct plan_property {
	const char *id, *title, *title_en, *note;
	struct plan_strings clause;
	struct plan_ints doing;       /* items; empty with `never` */
	struct plan_strings choosing; /* only when one of these options is chosen with it */
	const struct cond *when, *holds, *never;
	struct plan_ints done, done_any, settled; /* items: each done; one of them; each done, not needed or not applicable */
	struct plan_pos pos;
};
/* A slot: dimension `dim` of `item` sets `fact`. */
struct plan_slot {
	int item, dim, fact;
};

struct plan {
	struct arena *arena;
	const char *id, *title, *title_en, *edition;
	int language;
	struct plan_role *roles;
	size_t n_roles;
	struct plan_body *bodies;
	size_t n_bodies;
	struct plan_contact *contacts;
	size_t n_contacts;
	struct plan_named *limits, *measures;
	size_t n_limits, n_measures;
	struct plan_fact *facts;
	size_t n_facts;
	struct plan_procedure *procedures;
	size_t n_procedures;
	struct plan_step *steps;
	size_t n_steps;
	struct plan_item *items;
	size_t n_items;
	struct plan_slot *slots;
	size_t n_slots;
	struct plan_property *properties;
	size_t n_properties;
	bool sound; /* everything could be read and every name is known: good enough to be explored, whatever else is wrong */
};

/* A mistake in a plan or site: what, where, what to do. */
struct plan_fault {
	const char *file; /* as given to the loader */
	struct plan_pos pos;
	char *text; /* Japanese */
	char *text_en;
	bool warning; /* does not refuse the plan */
};
struct plan_faults {
	struct plan_fault *at;
	size_t n, cap;
	size_t n_errors; /* those that are no warnings */
};
void plan_faults_free(struct plan_faults *);
/* en and ja are printf formats over the same arguments in the same order. `file` is borrowed. Faults of a file stand in its order. */
void plan_fault_add(struct plan_faults *, const char *file, struct plan_pos, bool warning, const char *en, const char *ja, ...)
	__attribute__((format(printf, 5, 7), format(printf, 6, 7)));

/* The same with ready sentences, where the two languages need different arguments. */
void plan_fault_texts(struct plan_faults *, const char *file, struct plan_pos, bool warning, const char *en, const char *ja);

/* Parses and checks a plan by itself: syntax, unknown keys and names, cycles, conditions on facts nothing sets, unreachable
   items … All faults in one run. NULL when there is an error among them. `text` need not be NUL-terminated. */
struct plan *plan_load(const char *file, const char *text, size_t len, struct plan_faults *);
void plan_free(struct plan *);

int plan_role_find(const struct plan *, const char *id);       /* index, reserved number, or ROLE_NONE */
const char *plan_role_id(const struct plan *, int role);       /* also of reserved ones */
const char *plan_role_title(const struct plan *, int role);    /* also of reserved ones: 全端末 … */
const char *plan_role_title_en(const struct plan *, int role); /* NULL where the plan gives none */
int plan_item_find(const struct plan *, const char *id);       /* -1 when none; an entry's alarm word counts too */
/* By id, title or alias, however it is typed: full- or half-width, large or small (base/text_fold.h). */
int plan_body_find(const struct plan *, const char *name);
int plan_fact_find(const struct plan *, const char *id);
const struct plan_field *plan_field_find(const struct plan_item *, const char *id);
const struct plan_agenda *plan_agenda_find(const struct plan_item *, const char *id);

#endif
