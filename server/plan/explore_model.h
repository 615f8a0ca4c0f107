/*
 * explore_model: what the files explore*.c share: a plan made ready for speed, one state unpacked, and what follows from it.
 */
#ifndef PLAN_EXPLORE_MODEL_H
#define PLAN_EXPLORE_MODEL_H

#include "base/buf.h"
#include "plan/explore.h"

enum x_stored { X_OPEN, X_DONE, X_WAIVED, X_TOLD };
enum x_tri { X_FALSE, X_TRUE, X_UNKNOWN };

struct x_node { /* of a condition */
	enum cond_op op;
	enum cond_subject subject;
	int ref;                /* fact, or bit of the authority; -1: nobody has it */
	const uint8_t *accepts; /* by value: of a fact 0 is unset, then its values; of the entry its item; none, in force, ended */
	int a, b;
};
struct x_dim { /* something to be chosen that matters */
	const struct plan_dim *dim;
	int *when;         /* condition of each option, -1: none */
	uint32_t n_picks;  /* options, and one more where it may be left out */
	size_t first_seen; /* place of its options in x_search.chosen */
};
struct x_item {
	const struct plan_item *it;
	int when; /* -1: always */
	struct x_dim *dims;
	size_t n_dims;
	uint32_t n_picks;        /* product over dims */
	bool plain;              /* no choice, no effect: done as soon as it is ready */
	bool acked;              /* a property asks whether it is done, and it is told to somebody who must acknowledge */
	bool no_ack, no_actor;   /* nobody could acknowledge it; nobody could do it */
	struct plan_ints lapses; /* all that rests on it, however indirectly */
};
struct x_slot {
	int item, fact;
	bool ranked; /* another item sets the fact, too */
};
struct x_field { /* of the packed key: a byte of the state */
	uint16_t at;
	uint8_t bits;
};
struct x_property {
	int when, holds, never; /* conditions, -1: none */
};
struct x_model {
	const struct plan *plan;
	struct arena *arena;
	struct x_node *nodes;
	size_t n_nodes, cap_nodes;
	struct x_root {
		const struct cond *cond;
		int node;
	} * roots; /* conditions by number */
	size_t n_roots, cap_roots;
	struct x_item *items;
	int *entries;
	size_t n_entries;
	int *order; /* items, each behind what it comes after, aftercare last; closing ones left out */
	size_t n_order;
	struct x_slot *slots;
	size_t n_slots;
	struct plan_ints *setters; /* of each fact: slots */
	int *slot_of_plan;         /* plan slot to slot here, -1: nothing reads it */
	bool *read;                /* facts */
	int *authority;            /* role to bit, -1: it orders and ratifies nothing */
	struct x_property *properties;
	size_t n_options; /* of all choices that matter */
	bool too_large;   /* more authorities or choices than can be told apart: nothing can be proven */
	size_t n_bytes, at_value, at_rank, at_ledger, at_entry; /* of a state */
	size_t n_authorities;
	struct x_field *fields;
	size_t n_fields;
	unsigned key_words;
};

struct x_state {
	const struct x_model *m;
	uint8_t *bytes;        /* all that is stored; the next five point into it */
	uint8_t *stored;       /* by item */
	uint8_t *value, *rank; /* by slot: 0 none, else value of the fact + 1; the higher rank is newer, 0 where it does not matter */
	uint8_t *ledger;       /* by authority: enum x_ledger */
	uint8_t *entry;        /* place in x_model.entries */
	/* what follows, valid after x_state_derive() or x_state_settle() */
	signed char *applies; /* by item, enum x_tri; -1 not looked at yet */
	signed char *root;    /* by condition, the same */
	short *fact;          /* by fact: -1 not looked at yet, 0 unset, else value + 1 */
	bool *pending;        /* by fact: unset, and may still be set */
	bool *settled;        /* by item */
	bool in_force, over, may_close;
	int *done; /* plain items that x_state_settle() did, in order */
	size_t n_done;
};
enum x_ledger { X_NONE, X_IN_FORCE, X_ENDED }; /* of the measures with an authority: one in force is enough */

enum x_move_kind { X_ENTRY, X_DO, X_WAIVE, X_ACKED, X_AMEND, X_REOPEN, X_HAND_OVER };
enum { X_ITEM_BITS = 12, X_PICK_BITS = 17 };
struct x_move {
	enum x_move_kind kind;
	int item;
	uint32_t pick;
};
uint32_t x_move_pack(struct x_move);
struct x_move x_move_unpack(uint32_t);

/* The states found, in the order of finding: each is expanded in its turn, so that the edges of one state stand together. */
struct x_found {
	const struct x_model *m;
	uint64_t *keys;
	uint32_t *parent, *move; /* of the first way there; parent NO_STATE: the alarm */
	uint32_t *edge_from;     /* first of each expanded state's edges, and one behind the last */
	uint32_t *edges;         /* states that one forward move leads to */
	uint8_t *closable;       /* closing can be entered here and now */
	uint8_t *layer;
	uint32_t *table; /* open addressing: state + 1 */
	size_t n, cap, max, n_expanded, n_edges, cap_edges, table_size;
	bool full;
};
#define X_NO_STATE UINT32_MAX

struct x_violation { /* the first one found of each property */
	bool found;
	uint32_t state;
	struct x_move move; /* kind X_HAND_OVER, item -1: the state itself is forbidden */
};
struct x_search {
	struct x_model *m;
	struct x_found *found;
	struct x_state *at, *next; /* being expanded; what a move leads to */
	uint64_t *key;
	bool *ready, *chosen; /* by item; by option of the model */
	uint32_t *applied;    /* by item: the first state in which it applies, X_NO_STATE: in none */
	bool *asked;          /* by property: there was an occasion for it */
	struct x_violation *violations;
	uint32_t from;
	bool disrupting;
};

/* explore_model.c */
struct x_model *x_model_new(const struct plan *, const struct explore_limits *);
void x_model_free(struct x_model *);
/* explore_watch.c: by item, is it what a property's acts do; must it be seen step by step whether it is done or settled? */
void x_watch(const struct plan *, bool *doing, bool *observed);
/* explore_found.c */
struct x_found *x_found_new(const struct x_model *, size_t max);
void x_found_free(struct x_found *);
/* The state's number; a new one is added with its way. X_NO_STATE when there is no room. */
uint32_t x_found_put(struct x_found *, const uint64_t *key, uint32_t parent, uint32_t move, unsigned layer);
const uint64_t *x_found_key(const struct x_found *, uint32_t state);
void x_found_edge(struct x_found *, uint32_t to);
void x_found_expanded(struct x_found *); /* the next state has all its edges */
size_t x_found_bytes(const struct x_found *);
/* For each state: can closing be reached by forward moves? What was not expanded is taken to be well. malloc'ed. */
uint8_t *x_found_good(const struct x_found *);
/* explore_state.c */
struct x_state *x_state_new(struct x_model *); /* in the model's arena */
void x_state_copy(struct x_state *, const struct x_state *);
void x_state_begin(struct x_state *); /* before the alarm */
void x_state_pack(const struct x_state *, uint64_t *key);
void x_state_unpack(struct x_state *, const uint64_t *key);
/* Facts, conditions, what is settled; as the state stands. */
void x_state_derive(struct x_state *);
/* The same, and plain items are done as they become ready. */
void x_state_settle(struct x_state *);
enum x_tri x_state_when(struct x_state *, int root); /* -1: always */
enum x_tri x_state_applies(struct x_state *, int item);
bool x_state_ready(struct x_state *, int item);
int x_state_entry(const struct x_state *); /* item */
/* Done and nothing before it opened again, and it applies. */
bool x_state_done(struct x_state *, int item);
/* explore_move.c */
/* The option that a pick takes in a dimension; NULL when it is left out. */
const struct plan_option *x_move_option(const struct x_item *, uint32_t pick, size_t dim);
/* May each option of this pick be chosen now? */
bool x_move_possible(struct x_state *, int item, uint32_t pick);
bool x_move_sends_back(const struct x_item *, uint32_t pick);
/* Changes what is stored; derive anew after it. */
void x_move_apply(struct x_state *, struct x_move);
/* Calls back for everything that could be done now; `forward` false: disruptions. */
void x_move_each(struct x_state *, bool forward, void (*on_move)(void *, struct x_move), void *);
/* explore_tell.c: what was found, in words */
void x_tell(struct x_search *, const struct explore_limits *, struct explore_report *);
/* explore_words.c: both languages side by side */
struct x_words {
	struct buf ja, en;
};
void x_words_init(struct x_words *);
void x_words_take(struct x_words *, struct arena *, const char **ja, const char **en); /* and frees */
void x_words_both(struct x_words *, const char *ja, const char *en);
void x_words_item(struct x_words *, const struct plan *, int item);  /* 「title」（id） */
void x_words_actor(struct x_words *, const struct plan *, int item); /* those in `by` */
void x_words_role(struct x_words *, const struct plan *, int role);
void x_words_fact(struct x_words *, const struct plan *, int fact, int value); /* 'fact = value'; value 0: unset, -1: pending */
void x_words_cond(struct x_words *, const struct plan *, const struct cond *);
/* explore_story.c: numbered lines that lead to a state, and one line more for `last` if it is not NULL. In the report's arena. */
void x_story(struct x_search *, struct arena *, uint32_t state, const struct x_move *last, const char **ja, const char **en);
/* explore_stuck.c: brings search->at to a state behind a dead one from which nothing goes on, and says what is missing there. */
void x_stuck(struct x_search *, struct arena *, uint32_t dead, int *item, const char **ja, const char **en);
/* explore.c: searches within the limits and counts into the report */
struct x_search *x_search_new(const struct plan *, const struct explore_limits *, struct explore_report *);
void x_search_free(struct x_search *);
/* Unpacks a state into search->at and derives it. */
void x_search_look(struct x_search *, uint32_t state);

#endif
