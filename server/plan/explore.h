/*
 * explore: walks every state that incidents of a plan can come to, and finds those from which closing cannot be reached
 * (docs/plan-language.md, 'What the exploration proves'). A second reading of what engine/derive.c and evolve_item.c mean, on a plan
 * alone: no people, no time, no words. tests/unit/test_explore_engine.c holds the two together.
 *
 * People and time are left out: any required acknowledgement can come. Choices that nothing reads and that have no effect are left
 * out, items without a choice are done as soon as they can be. States come in layers by the number of disruptions (amending, reopening,
 * standing items, handing over a measure) that it takes to get there.
 */
#ifndef PLAN_EXPLORE_H
#define PLAN_EXPLORE_H

#include "plan/site.h"

struct explore_limits {
	unsigned disruptions;             /* layers that must be whole before anything counts as proven */
	size_t states;                    /* most states held; memory is about 60 bytes for each */
	bool further;                     /* go on with further disruptions while that is cheap */
	const struct plan_people *people; /* who could act and acknowledge in this town; NULL: somebody always can */
	bool every_step; /* for tests: items without a choice are acts of their own, too; many more states, the same verdict */
	bool faulty;     /* the plan has faults that are told elsewhere: only what is sure in spite of them is told */
};
#define EXPLORE_DISRUPTIONS 1
#define EXPLORE_STATES 1000000
enum { EXPLORE_MAX_LAYERS = 16 };

enum explore_kind {
	EXPLORE_DEAD_END,     /* a state from which closing cannot be reached */
	EXPLORE_VIOLATED,     /* a property of the plan does not hold */
	EXPLORE_NEVER_READY,  /* an item whose turn never comes */
	EXPLORE_NEVER_CHOSEN, /* an option that can never be chosen */
	EXPLORE_NO_EFFECT     /* a decision that nothing reads and that has no effect */
};
const char *explore_kind_name(enum explore_kind);

struct explore_finding {
	enum explore_kind kind;
	bool warning;
	struct plan_pos pos;
	const char *text, *text_en;   /* what and why */
	const char *story, *story_en; /* numbered lines that lead there; "" where nothing can be told */
	const char *item;             /* id of the item, option or property it is about; of a dead end what is stuck */
	size_t states;                /* dead states of this kind */
};

struct explore_report {
	size_t states, edges, dead;
	size_t layer[EXPLORE_MAX_LAYERS]; /* states by disruptions needed */
	unsigned layers;                  /* layers that are whole: 0 to layers - 1 disruptions */
	bool complete;                    /* as many layers as were asked for */
	bool all;                         /* no further disruption leads anywhere new */
	size_t bytes;                     /* memory used for the states */
	struct explore_finding *findings;
	size_t n_findings, n_errors;
	struct arena *arena;
};

/* The plan may have faults as long as its names could be resolved (plan->sound). Never fails. */
struct explore_report *explore_plan(const struct plan *, const struct explore_limits *);
void explore_free(struct explore_report *);

#endif
