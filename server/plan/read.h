/*
 * read: takes the nodes of a plan or site apart by tables of keys. Every function adds a fault for what it does not like
 * and goes on, so that one run finds all of them. A NULL node means 'not there, or refused already': nothing more is said.
 */
#ifndef PLAN_READ_H
#define PLAN_READ_H

#include "plan/node.h"

struct reader {
	struct arena *arena;
	const char *file;
	struct plan_faults *faults;
};

#define READ_FAULT(r, pos, ...) plan_fault_add((r)->faults, (r)->file, pos, false, __VA_ARGS__)
#define READ_WARN(r, pos, ...) plan_fault_add((r)->faults, (r)->file, pos, true, __VA_ARGS__)

/* Where the languages need different arguments: each text is (fmt, args…) in parentheses. */
#define READ_TEXT(r, ...) arena_printf((r)->arena, __VA_ARGS__)
#define READ_FAULT2(r, pos, en, ja) plan_fault_texts((r)->faults, (r)->file, pos, false, READ_TEXT en, READ_TEXT ja)
#define READ_WARN2(r, pos, en, ja) plan_fault_texts((r)->faults, (r)->file, pos, true, READ_TEXT en, READ_TEXT ja)

/* What a thing is called in a sentence. */
struct noun {
	const char *en, *ja;
};

enum key_kind {
	KEY_TEXT,  /* a scalar that is not empty */
	KEY_ID,    /* a new name: see read_id */
	KEY_BOOL,  /* true or false */
	KEY_TEXTS, /* a list of scalars */
	KEY_MAPS,  /* a list of mappings */
	KEY_MAP,
	KEY_ANY
};
struct key {
	const char *name;
	enum key_kind kind;
	bool required;
};

/* Checks a mapping against a table; out[i] becomes the node of keys[i] or NULL. False when it is no mapping at all. */
bool read_map(const struct reader *, const struct node *, struct noun, const struct key *keys, size_t n, const struct node **out);

const char *read_text(const struct reader *, const struct node *);
bool read_bool(const struct node *, bool otherwise);
struct plan_strings read_texts(const struct reader *, const struct node *);
/* A whole number from least to most; `otherwise` when not there or refused. */
int read_number(const struct reader *, const struct node *, int least, int most, int otherwise);
/* One of n words; its index, or -1. */
int read_word(const struct reader *, const struct node *, const char *const *words, size_t n);

/* Appends a new name to a table, which must have room; a fault when it stands there already. Never NULL: '?' when missing. */
const char *read_id(const struct reader *, const struct node *id, struct noun, struct plan_strings *table);
/* Index of a name in a table; -1 with a fault that suggests the nearest one. */
int read_name(const struct reader *, const struct node *, struct noun, const struct plan_strings *table);
struct plan_ints read_names(const struct reader *, const struct node *, struct noun, const struct plan_strings *table);
int read_find(const struct plan_strings *table, const char *name);
/* The nearest name, or -1 when none is near. */
int read_nearest_index(const char *name, const struct plan_strings *table);
/* " (did you mean 'x'?)" in the arena, or "". */
const char *read_nearest(const struct reader *, const char *name, const struct plan_strings *table, bool japanese);

struct plan_strings read_strings_new(const struct reader *, size_t room); /* empty, with room */
void read_ints_add(const struct reader *, struct plan_ints *, int value); /* grows in the arena */
bool read_ints_has(const struct plan_ints *, int value);

#endif
