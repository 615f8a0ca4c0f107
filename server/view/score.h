/*
 * score: how a drill was answered. Counted are the notices that want an answer, a broadcast once for each terminal; not those that were
 * withdrawn before anybody answered them while the drill went on, not terminals out of service, not who tells himself. The time of an
 * answer is from being told until it was given (by telephone: when it was said). p % of n are reached with the ceil(p n / 100)-th answer.
 */
#ifndef VIEW_SCORE_H
#define VIEW_SCORE_H

#include "engine/state.h"

enum { SCORE_QUARTERS = 4 };
enum score_of { SCORE_DRILL, SCORE_STEP, SCORE_ITEM };
enum score_kept { SCORE_NO_LIMIT, SCORE_KEPT, SCORE_MISSED, SCORE_STILL_OPEN };

struct score {
	size_t wanted, answered;
	size_t late;                      /* answered behind their limit, or not though it has passed */
	size_t by[CH_PAPER + 1];          /* by channel */
	int64_t quarters[SCORE_QUARTERS]; /* ms; of 25, 50, 75, 100 % */
	size_t n_quarters;                /* as many as were reached */
	int64_t limit;                    /* ms, the shortest among them; 0: none */
	int64_t took;                     /* ms from the first being told to the last answer */
	enum score_kept kept;
};

/* index: of the plan's steps or items. `now` counts while the drill is open. */
void score_of(const struct incident *, enum score_of, int index, int64_t now, struct score *);
/* Whether `a` was answered better than `b`: the larger share, then the shorter time of the last quarter reached. */
bool score_better(const struct score *a, const struct score *b);
/* The step or item of that id in this incident's plan; -1: none. */
int score_find(const struct incident *, enum score_of, const char *id);
/* The drill before this one with the same entry in which that was measured, or NULL; with best the best answered of all before. */
const struct incident *score_earlier(
	const struct engine *, const struct incident *, enum score_of, const char *id, bool best, struct score *);

#endif
