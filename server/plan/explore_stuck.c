/* Why an incident stands still: the state behind a dead one from which nothing goes on, and what is missing there. */
#include "plan/explore_model.h"

#include <stdlib.h>

enum { MAX_CAUSES = 4, MAX_WALK = 200 * 1000, MAX_LOOK = 2000 };

/* ---- where it ends ---- */

static bool any_pick(struct x_search *x, int item, bool forth)
{
	const struct x_item *it = &x->m->items[item];

	for (uint32_t k = 0; k < it->n_picks; k++) {
		if (x_move_possible(x->at, item, k) && !(forth && x_move_sends_back(it, k)))
			return true;
	}
	return false;
}

/* Whatever can be done here sends work back. */
static bool only_back(struct x_search *x, uint32_t state)
{
	x_search_look(x, state);
	for (size_t i = 0; i < x->m->plan->n_items; i++) {
		const struct x_item *it = &x->m->items[i];
		bool ready = !it->it->standing && x_state_ready(x->at, (int)i);

		if (x->at->stored[i] == X_TOLD || (ready && (it->it->optional || any_pick(x, (int)i, true))))
			return false;
	}
	return true;
}

/* Where nothing goes on; of a round without end the place from which it begins again. */
static uint32_t last_state(struct x_search *x, uint32_t dead)
{
	const struct x_found *f = x->found;
	uint8_t *seen = xcalloc(f->n + 1, 1);
	uint32_t *todo = NULL, end = dead;
	size_t n = 0, cap = 0, walked = 0;
	uint32_t again = X_NO_STATE;

	todo = xgrow(todo, &cap, 1, sizeof *todo);
	todo[n++] = dead;
	seen[dead] = 1;
	while (n && walked++ < MAX_WALK) {
		uint32_t s = todo[--n];
		bool on = false;

		for (uint32_t e = f->edge_from[s]; e < f->edge_from[s + 1]; e++) {
			on |= f->edges[e] != s;
			if (seen[f->edges[e]])
				continue;
			seen[f->edges[e]] = 1;
			todo = xgrow(todo, &cap, n + 1, sizeof *todo);
			todo[n++] = f->edges[e];
		}
		end = s;
		if (!on) {
			again = s;
			break;
		}
		if (again == X_NO_STATE && walked < MAX_LOOK && only_back(x, s))
			again = s;
	}
	free(todo);
	free(seen);
	return again != X_NO_STATE ? again : end;
}

/* ---- what is missing ---- */

struct stuck {
	struct x_search *x;
	struct x_words w;
	int causes, item;
};

static bool begin_cause(struct stuck *t, int item)
{
	if (t->causes >= MAX_CAUSES)
		return false;
	if (t->causes++)
		x_words_both(&t->w, "。", ". ");
	else
		t->item = item;
	return true;
}

struct facts {
	struct stuck *t;
	bool *told;
	bool any;
};

static void on_fact(void *arg, const struct cond *c)
{
	struct facts *f = arg;
	struct x_state *s = f->t->x->at;

	if (c->subject != COND_FACT || f->told[c->ref])
		return;
	f->told[c->ref] = true;
	x_words_both(&f->t->w, f->any ? "、" : "；", f->any ? ", " : "; ");
	f->any = true;
	x_words_fact(&f->t->w, f->t->x->m->plan, c->ref, s->fact[c->ref] > 0 ? s->fact[c->ref] : s->pending[c->ref] ? -1 : 0);
}

static void each(const struct cond *c, void (*on)(void *, const struct cond *), void *arg)
{
	if (!c)
		return;
	if (c->op == COND_IN)
		on(arg, c);
	each(c->a, on, arg);
	each(c->b, on, arg);
}

/* The condition, and how the facts in it stand. */
static void condition(struct stuck *t, const struct cond *c)
{
	struct facts f = {.t = t, .told = xcalloc(t->x->m->plan->n_facts + 1, sizeof(bool))};

	x_words_both(&t->w, "（条件 ", " (condition ");
	x_words_cond(&t->w, t->x->m->plan, c);
	each(c, on_fact, &f);
	x_words_both(&t->w, "）", ")");
	free(f.told);
}

static void why_waiting(struct stuck *t, int item)
{
	const struct plan *p = t->x->m->plan;
	const struct plan_ints *pre = &p->items[item].pre;
	size_t told = 0;

	for (size_t k = 0; k < pre->n && told < 3; k++) {
		if (t->x->at->settled[pre->at[k]])
			continue;
		x_words_both(&t->w, told ? "と" : "", told ? " and " : "");
		x_words_item(&t->w, p, pre->at[k]);
		told++;
	}
}

static void open_item(struct stuck *t, int item)
{
	const struct plan *p = t->x->m->plan;
	struct x_state *s = t->x->at;
	const struct plan_item *it = &p->items[item];

	if (!begin_cause(t, item))
		return;
	x_words_item(&t->w, p, item);
	if (t->x->m->items[item].no_ack && s->stored[item] == X_TOLD)
		x_words_both(&t->w, "の受領確認を出せる者が、この庁内にいない",
			" waits for an acknowledgement that nobody in this town could give");
	else if (t->x->m->items[item].no_actor)
		x_words_both(&t->w, "を行える者が、この庁内にいない", " could be done by nobody in this town");
	else if (it->entry)
		x_words_both(
			&t->w, "がやり直しになっているが、通報は二度行えない", " was opened again, but an alarm cannot be entered twice");
	else if (!x_state_ready(s, item))
		x_words_both(&t->w, "は順番が来ない", " never has its turn");
	else if (!any_pick(t->x, item, false))
		x_words_both(&t->w, "に、今選べる選択肢がない", " offers no option that can be chosen now");
	else if (!any_pick(t->x, item, true))
		x_words_both(&t->w, "は、今選べる選択肢がどれも差し戻しで、終わらない",
			" can only be sent back: every option that can be chosen now does so");
	else
		x_words_both(&t->w, "を行っても先へ進まない", " can be done, and nothing goes on after it");
}

/* Items that stand still by themselves, not because something before them does. */
static void items(struct stuck *t)
{
	const struct x_model *m = t->x->m;
	struct x_state *s = t->x->at;

	for (size_t k = 0; k < m->n_order; k++) {
		int i = m->order[k];
		const struct plan_item *it = m->items[i].it;
		bool before = true;

		for (size_t j = 0; j < it->pre.n; j++)
			before &= s->settled[it->pre.at[j]];
		if (s->settled[i] || !before || x_state_applies(s, i) == X_FALSE || (it->aftercare && !s->over))
			continue;
		if (x_state_applies(s, i) == X_TRUE) {
			open_item(t, i);
		} else if (begin_cause(t, i)) {
			x_words_item(&t->w, m->plan, i);
			x_words_both(&t->w, "が当てはまるかどうかが、いつまでも決まらない", ": whether it applies never becomes known");
			condition(t, it->when);
		}
	}
}

static void lifter(struct stuck *t, int i)
{
	const struct plan *p = t->x->m->plan;
	struct x_state *s = t->x->at;
	enum x_tri a = x_state_applies(s, i);

	x_words_item(&t->w, p, i);
	if (a != X_TRUE) {
		x_words_both(&t->w, a == X_FALSE ? "は当てはまらない" : "は当てはまるかどうか決まらない",
			a == X_FALSE ? " does not apply" : " may or may not apply");
		condition(t, p->items[i].when);
	} else if (s->stored[i] != X_OPEN) {
		x_words_both(&t->w, s->stored[i] == X_WAIVED ? "は「不要」とされている" : "は済んでいる",
			s->stored[i] == X_WAIVED ? " was marked as not needed" : " is done already");
	} else {
		x_words_both(&t->w, "は待ったまま: ", " waits for ");
		why_waiting(t, i);
	}
}

/* How much of the item's procedure applies here: the lifting item that was meant for this incident comes first. */
static size_t nearness(struct stuck *t, int item)
{
	const struct plan *p = t->x->m->plan;
	size_t n = 0;

	for (size_t i = 0; i < p->n_items; i++)
		n += p->items[i].procedure == p->items[item].procedure && x_state_applies(t->x->at, (int)i) == X_TRUE;
	return n;
}

static int nearest_lifter(struct stuck *t, const bool *told)
{
	const struct plan *p = t->x->m->plan;
	int best = -1;

	for (size_t i = 0; i < p->n_items; i++) {
		if (p->items[i].lifts && !told[i] && (best < 0 || nearness(t, (int)i) > nearness(t, best)))
			best = (int)i;
	}
	return best;
}

static void measures(struct stuck *t)
{
	bool *told = xcalloc(t->x->m->plan->n_items + 1, sizeof *told);
	int n = 0;

	for (int i; n < MAX_CAUSES && (i = nearest_lifter(t, told)) >= 0; n++) {
		if (!n && !begin_cause(t, i))
			break;
		x_words_both(
			&t->w, n ? "、" : "措置が続いているが、解く項目", n ? ", " : "A measure is in force, and the item that lifts it, ");
		lifter(t, i);
		told[i] = true;
	}
	if (!n && begin_cause(t, -1))
		x_words_both(&t->w, "措置が続いているが、解く項目（lifts）がない", "A measure is in force, and no item lifts it");
	free(told);
}

static void closing(struct stuck *t)
{
	const struct plan *p = t->x->m->plan;

	for (size_t i = 0; i < p->n_items; i++) {
		enum x_tri a = x_state_applies(t->x->at, (int)i);

		if (!p->items[i].closes || !begin_cause(t, (int)i))
			continue;
		x_words_both(&t->w, "終結の項目", "The closing item ");
		x_words_item(&t->w, p, (int)i);
		if (a != X_TRUE) {
			x_words_both(&t->w, a == X_FALSE ? "が当てはまらない" : "が当てはまるかどうか決まらない",
				a == X_FALSE ? " does not apply" : " may or may not apply");
			condition(t, p->items[i].when);
		} else {
			x_words_both(&t->w, "に、終わりになる選択肢がない", " has no option that can be chosen now and closes");
		}
	}
	if (!t->causes && begin_cause(t, -1))
		x_words_both(&t->w, "終結の項目（closes）がない", "There is no item that closes");
}

/* Whom an unsettled item waits for. */
static int waits_for(struct stuck *t, int item)
{
	const struct plan *p = t->x->m->plan;
	const struct plan_item *it = &p->items[item];

	for (size_t k = 0; k < it->pre.n; k++) {
		if (!t->x->at->settled[it->pre.at[k]])
			return it->pre.at[k];
	}
	for (size_t i = 0; it->aftercare && i < p->n_items; i++) {
		if (!p->items[i].aftercare && !p->items[i].closes && !t->x->at->settled[i])
			return (int)i;
	}
	return -1;
}

/* Nothing stands still by itself: items wait for each other. */
static void circle(struct stuck *t)
{
	const struct plan *p = t->x->m->plan;
	bool *seen = xcalloc(p->n_items + 1, sizeof *seen);
	int at = -1, first;

	for (size_t k = 0; k < t->x->m->n_order && at < 0; k++) {
		if (!t->x->at->settled[t->x->m->order[k]])
			at = t->x->m->order[k];
	}
	for (; at >= 0 && !seen[at]; at = waits_for(t, at))
		seen[at] = true;
	first = at;
	for (bool more = at >= 0 && begin_cause(t, at); more; more = at >= 0 && at != first) {
		x_words_item(&t->w, p, at);
		x_words_both(&t->w, "は", " waits for ");
		at = waits_for(t, at);
		if (at >= 0)
			x_words_item(&t->w, p, at);
		x_words_both(&t->w, at == first ? "を待つ（互いに待ち合っている）" : "を待ち、",
			at == first ? " (they wait for each other)" : ", ");
	}
	free(seen);
}

void x_stuck(struct x_search *x, struct arena *arena, uint32_t dead, int *item, const char **ja, const char **en)
{
	struct stuck t = {.x = x, .item = -1};

	x_search_look(x, last_state(x, dead));
	for (size_t i = 0; i < x->m->plan->n_items; i++)
		x_state_applies(x->at, (int)i);
	x_words_init(&t.w);
	items(&t);
	if (x->at->in_force)
		measures(&t);
	if (x->at->may_close)
		closing(&t);
	if (!t.causes)
		circle(&t);
	*item = t.item;
	x_words_take(&t.w, arena, ja, en);
}
