/*
 * node: a YAML text as a tree whose every node knows its line and column, so that a mistake can be pointed at.
 *
 * Only what a plan needs: mappings, sequences, scalars, all without tags. Anchors, aliases and merge keys are refused:
 * what a reader sees on a line must be what holds there. Depth, size and number of nodes are bounded. The YAML library is
 * known to this file alone.
 */
#ifndef PLAN_NODE_H
#define PLAN_NODE_H

#include "plan/plan.h"

enum { NODE_MAX_BYTES = 1024 * 1024, NODE_MAX_DEPTH = 24, NODE_MAX_NODES = 100 * 1000, NODE_MAX_KEYS = 100 };

enum node_type { NODE_SCALAR, NODE_MAP, NODE_SEQ };
struct node {
	enum node_type type;
	struct plan_pos pos;
	const char *text;                 /* of a scalar */
	bool quoted;                      /* the scalar stood in quotes or in a block */
	bool flow;                        /* a mapping in {} or a list in [] */
	size_t from, to;                  /* its bytes in the text; of a block mapping or list to the end of its last member's */
	const struct node *key;           /* the key under which it stands in a mapping */
	struct node *first, *last, *next; /* members */
	size_t n;
};

/* The root, or NULL when there is none or the rest could not be read. Faults are added; a tree may come back with faults. */
struct node *node_parse(struct arena *, const char *file, const char *text, size_t len, struct plan_faults *);
/* How people name the kind of thing: ja when japanese. */
const char *node_type_name(enum node_type, bool japanese);

#endif
