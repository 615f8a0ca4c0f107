#include "view/score.h"

#include <stdlib.h>
#include <string.h>

struct times {
	int64_t *at;
	size_t n, cap;
	int64_t first_told, last_answer;
};

static bool within(const struct notice *n, enum score_of what, int index)
{
	switch (what) {
	case SCORE_STEP:
		return n->incident->plan->items[n->item].step == index;
	case SCORE_ITEM:
		return n->item == index;
	case SCORE_DRILL:
		break;
	}
	return true;
}

/* Withdrawn by what happened in the drill, not by its end. */
static bool superseded(const struct notice *n)
{
	static const char *const by_the_end[] = {"closed", "given_up", "real_alarm", "interrupted"};
	if (n->state != NOTICE_WITHDRAWN)
		return false;
	for (size_t i = 0; n->why_withdrawn && i < sizeof by_the_end / sizeof *by_the_end; i++)
		if (strcmp(n->why_withdrawn, by_the_end[i]) == 0)
			return false;
	return true;
}

/* Whoever tells himself has acknowledged in the same moment. */
static bool told_himself(const struct notice *n, const struct deed *ack, const char *comment)
{
	return ack->record && ack->at == n->at && comment && strcmp(comment, "self") == 0;
}

static void count(struct score *s, struct times *t, const struct notice *n, const struct deed *ack, int64_t end)
{
	bool limited = n->limit_ack > 0;
	if (!ack->record && superseded(n))
		return;
	s->wanted++;
	if (limited && (!s->limit || n->limit_ack < s->limit))
		s->limit = n->limit_ack;
	if (t->first_told < 0 || n->at < t->first_told)
		t->first_told = n->at;
	if (!ack->record) {
		s->late += limited && end - n->at > n->limit_ack;
		return;
	}
	int64_t at = ack->said_at && ack->said_at < ack->at ? ack->said_at : ack->at;
	at = at < n->at ? n->at : at;
	s->answered++;
	s->late += limited && at - n->at > n->limit_ack;
	if ((unsigned)ack->channel <= CH_PAPER)
		s->by[ack->channel]++;
	t->at = xgrow(t->at, &t->cap, t->n + 1, sizeof *t->at);
	t->at[t->n++] = at - n->at;
	t->last_answer = at > t->last_answer ? at : t->last_answer;
}

static void count_notice(struct score *s, struct times *t, const struct notice *n, int64_t end)
{
	const struct recipient *by = n->broadcast || !n->ack.record ? NULL : engine_notice_recipient(n, n->ack.person);
	if (!n->broadcast) {
		if (!told_himself(n, &n->ack, by ? by->comment : NULL))
			count(s, t, n, &n->ack, end);
		return;
	}
	for (size_t i = 0; i < n->n_recipients; i++)
		if (!n->recipients[i].excused)
			count(s, t, n, &n->recipients[i].ack, end);
}

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static enum score_kept kept(const struct score *s)
{
	if (!s->limit)
		return SCORE_NO_LIMIT;
	return s->late ? SCORE_MISSED : s->answered == s->wanted ? SCORE_KEPT : SCORE_STILL_OPEN;
}

void score_of(const struct incident *in, enum score_of what, int index, int64_t now, struct score *s)
{
	struct times t = {.first_told = -1};
	*s = (struct score){0};
	for (size_t i = 0; i < in->n_notices; i++)
		if (in->notices[i]->wants_ack && in->notices[i]->kind != NOTICE_REMINDER && within(in->notices[i], what, index))
			count_notice(s, &t, in->notices[i], in->state == INCIDENT_OPEN ? now : in->closed_at);
	if (t.n)
		qsort(t.at, t.n, sizeof *t.at, by_time);
	for (size_t q = 1; q <= SCORE_QUARTERS && s->wanted; q++) {
		size_t nth = (q * s->wanted + SCORE_QUARTERS - 1) / SCORE_QUARTERS;
		if (nth > t.n)
			break;
		s->quarters[s->n_quarters++] = t.at[nth - 1];
	}
	s->took = s->answered ? t.last_answer - t.first_told : 0;
	s->kept = kept(s);
	free(t.at);
}

bool score_better(const struct score *a, const struct score *b)
{
	/* shares as cross products: nothing is rounded */
	size_t x = a->answered * b->wanted, y = b->answered * a->wanted;
	if (x != y)
		return x > y;
	if (a->n_quarters != b->n_quarters)
		return a->n_quarters > b->n_quarters;
	return a->n_quarters && a->quarters[a->n_quarters - 1] < b->quarters[b->n_quarters - 1];
}

int score_find(const struct incident *in, enum score_of what, const char *id)
{
	const struct plan *p = in->plan;
	if (what == SCORE_DRILL)
		return 0;
	if (what == SCORE_ITEM)
		return plan_item_find(p, id);
	for (size_t i = 0; i < p->n_steps; i++)
		if (strcmp(p->steps[i].id, id) == 0)
			return (int)i;
	return -1;
}

const struct incident *score_earlier(
	const struct engine *e, const struct incident *in, enum score_of what, const char *id, bool best, struct score *out)
{
	const struct incident *const *all, *found = NULL;
	size_t n = engine_incidents(e, &all);
	const char *entry = in->plan->items[in->entry].id;
	for (size_t i = n < in->id ? n : in->id - 1; i-- > 0 && (best || !found);) {
		const struct incident *before = all[i];
		struct score s;
		int index = before->drill && before->state != INCIDENT_OPEN && before->state != INCIDENT_JOINED &&
					    strcmp(before->plan->items[before->entry].id, entry) == 0
				    ? score_find(before, what, id)
				    : -1;
		if (index < 0)
			continue;
		score_of(before, what, index, before->closed_at, &s);
		if (!s.wanted || (found && !score_better(&s, out)))
			continue;
		*out = s;
		found = before;
	}
	return found;
}
