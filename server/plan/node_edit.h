/*
 * node_edit: changes a YAML text in place, at the bytes its nodes stand at; everything else stays byte for byte, comments too. What is
 * written is in flow style with names in quotes where they need them; a list in block style gets a line for each member. Pure.
 *
 * A change is noted and made by node_edit_apply(). A text whose layout is beyond this (a dash that is not the first of its line) is said to
 * be so. Whoever edits parses the result and looks whether it says what was wanted.
 */
#ifndef PLAN_NODE_EDIT_H
#define PLAN_NODE_EDIT_H

#include "plan/node.h"

enum { NODE_EDIT_MAX = 512 }; /* changes of one text */

struct node_edit {
	struct arena *arena;
	const char *text;
	size_t len;
	const char *newline; /* as the text has them */
	struct {
		size_t from, to;
		const char *put;
	} at[NODE_EDIT_MAX];
	size_t n;
	bool beyond; /* the text's layout, or the number of changes, is */
};
/* The text is borrowed. */
void node_edit_init(struct node_edit *, struct arena *, const char *text, size_t len);

/* A member of a list as it is wanted: its text, and what it means, to be compared with what node_edit_list's `means` says of those that are
   there. Members that mean the same stay as they are written. */
struct node_edit_member {
	const char *yaml, *means;
};
typedef const char *node_edit_means(struct arena *, const struct node *);
void node_edit_list(struct node_edit *, const struct node *list, const struct node_edit_member *, size_t n, node_edit_means *);
void node_edit_append(struct node_edit *, const struct node *list, const char *yaml); /* one more member, at the end */
void node_edit_value(struct node_edit *, const struct node *, const char *yaml);      /* in place of that node */
/* A further key of the mapping, behind the one whose value is `after` (a member of it). */
void node_edit_key(struct node_edit *, const struct node *map, const struct node *after, const char *key, const char *yaml);

/* The new text in the arena, NUL-terminated; NULL when it is beyond this. */
char *node_edit_apply(struct node_edit *, size_t *len);

/* A scalar so that it is read as just these characters, inside [] and {} too. In the arena. */
const char *node_edit_scalar(struct arena *, const char *);

#endif
