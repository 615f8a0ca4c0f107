/* What the search found, as findings: dead ends, properties that do not hold, what can never come about. */
#include "plan/explore_model.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEAD_ENDS = 4, MAX_TRIES = 100 };

struct teller {
	struct x_search *x;
	struct explore_report *r;
	size_t cap;
	bool faulty;
};

static struct explore_finding *add(struct teller *t, enum explore_kind kind, bool warning, struct plan_pos pos, const char *about)
{
	t->r->findings = xgrow(t->r->findings, &t->cap, t->r->n_findings + 1, sizeof *t->r->findings);
	struct explore_finding *f = &t->r->findings[t->r->n_findings++];

	*f = (struct explore_finding){
		.kind = kind, .warning = warning, .pos = pos, .item = about, .text = "", .text_en = "", .story = "", .story_en = ""};
	t->r->n_errors += !warning;
	return f;
}

/* ---- dead ends ---- */

/* One story for each item that stands still is enough: the next one is told when that is mended. */
static struct explore_finding *same_dead_end(struct teller *t, const char *item)
{
	for (size_t i = 0; i < t->r->n_findings; i++) {
		if (t->r->findings[i].kind == EXPLORE_DEAD_END && !strcmp(t->r->findings[i].item, item))
			return &t->r->findings[i];
	}
	return NULL;
}

static void dead_end(struct teller *t, uint32_t state)
{
	struct arena *a = t->r->arena;
	const struct plan *p = t->x->m->plan;
	const char *ja, *en;
	int item;

	x_stuck(t->x, a, state, &item, &ja, &en);
	ja = arena_printf(a,
		"ここまで来ると終結できません。%s。ここからも終結に進めるよう、条件・順序・選択肢か、庁内の登録情報を直してください。", ja);
	en = arena_printf(a,
		"Once here, the incident can never be closed. %s. Change the conditions, the order, the options, or who there is in the "
		"site, so that a way leads on.",
		en);
	struct explore_finding *f = same_dead_end(t, item >= 0 ? p->items[item].id : "");

	if (!f && t->r->n_errors < MAX_DEAD_ENDS) {
		f = add(t, EXPLORE_DEAD_END, false, item >= 0 ? p->items[item].pos : p->procedures[0].pos,
			item >= 0 ? p->items[item].id : "");
		f->text = ja;
		f->text_en = en;
		x_story(t->x, a, state, NULL, &f->story, &f->story_en);
	}
	if (f)
		f->states++;
}

static void dead_ends(struct teller *t)
{
	const struct x_found *f = t->x->found;
	uint8_t *good = x_found_good(f);
	size_t tries = 0;

	for (size_t s = 0; s < f->n; s++)
		t->r->dead += !good[s];
	for (size_t s = 0; s < f->n && tries < MAX_TRIES; s++) {
		bool first = !good[s] && (f->parent[s] == X_NO_STATE || good[f->parent[s]]); /* the point of no return */

		if (!first)
			continue;
		dead_end(t, (uint32_t)s);
		tries++;
	}
	free(good);
}

/* ---- properties ---- */

static void properties(struct teller *t)
{
	const struct plan *p = t->x->m->plan;
	struct arena *a = t->r->arena;

	for (size_t k = 0; k < p->n_properties; k++) {
		const struct plan_property *pp = &p->properties[k];
		const struct x_violation *v = &t->x->violations[k];
		const char *title_en = pp->title_en ? pp->title_en : pp->title;

		if (v->found) {
			struct explore_finding *f = add(t, EXPLORE_VIOLATED, false, pp->pos, pp->id);

			f->text = arena_printf(a, "計画の性質「%s」（%s）が破られる道すじがあります。", pp->title, pp->id);
			f->text_en = arena_printf(a, "The plan's property '%s' (%s) can be violated.", title_en, pp->id);
			x_story(t->x, a, v->state, v->move.item >= 0 ? &v->move : NULL, &f->story, &f->story_en);
		} else if ((pp->done.n || pp->done_any.n || pp->settled.n || pp->holds) && !t->x->asked[k] && t->r->complete &&
			   !t->faulty && !t->r->dead) {
			struct explore_finding *f = add(t, EXPLORE_VIOLATED, true, pp->pos, pp->id);

			f->text = arena_printf(
				a, "計画の性質「%s」（%s）が問われる場面がありません。doing・when を確かめてください。", pp->title, pp->id);
			f->text_en = arena_printf(
				a, "There is no occasion for the property '%s' (%s): look at 'doing' and 'when'.", title_en, pp->id);
		}
	}
}

/* ---- what never comes about ---- */

static void never_ready(struct teller *t, int i)
{
	const struct plan_item *it = &t->x->m->plan->items[i];
	bool applies = t->x->applied[i] != X_NO_STATE;
	struct explore_finding *f = add(t, EXPLORE_NEVER_READY, t->r->dead > 0, it->pos, it->id);
	struct x_words w;

	x_words_init(&w);
	x_words_item(&w, t->x->m->plan, i);
	if (applies) {
		x_words_both(&w, "は、当てはまっても、どの道すじでも順番が来ません。",
			" applies at times, but its turn never comes on any way.");
		x_story(t->x, t->r->arena, t->x->applied[i], NULL, &f->story, &f->story_en);
	} else {
		x_words_both(&w, "は、どの道すじでも当てはまることがありません。", " can never apply on any way.");
		if (it->when && !it->entry) {
			x_words_both(&w, "条件: ", " Condition: ");
			x_words_cond(&w, t->x->m->plan, it->when);
		}
	}
	x_words_take(&w, t->r->arena, &f->text, &f->text_en);
}

static void never_chosen(struct teller *t, int i)
{
	const struct x_item *x = &t->x->m->items[i];
	struct arena *a = t->r->arena;

	for (size_t d = 0; d < x->n_dims; d++) {
		const struct plan_dim *dim = x->dims[d].dim;

		for (size_t o = 0; o < dim->n_options; o++) {
			const struct plan_option *op = &dim->options[o];

			if (t->x->chosen[x->dims[d].first_seen + o])
				continue;
			struct explore_finding *f = add(t, EXPLORE_NEVER_CHOSEN, true, op->when ? op->when->pos : op->pos, op->id);

			f->text =
				arena_printf(a, "項目 %s の選択肢「%s」（%s）は、どの道すじでも選べません。", x->it->id, op->title, op->id);
			f->text_en = arena_printf(a, "Option '%s' (%s) of item %s can never be chosen on any way.",
				op->title_en ? op->title_en : op->title, op->id, x->it->id);
		}
	}
}

static bool effective(const struct plan_dim *d)
{
	for (size_t o = 0; o < d->n_options; o++) {
		const struct plan_option *op = &d->options[o];

		if (op->orders != ROLE_NONE || op->ratifies != ROLE_NONE || op->reopens.n)
			return true;
	}
	return false;
}

/* A choice that looks like a decision: it sets a fact, or somebody is named who decides, or lifting rests on it. */
static void no_effect(struct teller *t, int i)
{
	const struct x_model *m = t->x->m;
	const struct plan_item *it = &m->plan->items[i];
	struct arena *a = t->r->arena;

	for (size_t d = 0; d < it->n_dims; d++) {
		const struct plan_dim *dim = &it->dims[d];
		bool deciding = !dim->agenda && dim->n_options > 1 && (it->decided_by_word || (it->under_lift && it->rests_on.n));

		if (dim->constant || effective(dim) || (dim->fact >= 0 ? m->read[dim->fact] : !deciding))
			continue;
		struct explore_finding *f = add(t, EXPLORE_NO_EFFECT, true, dim->n_options ? dim->options[0].pos : it->pos, it->id);

		f->text = arena_printf(
			a, "項目 %s の選択「%s」は何にも影響しません。どの条件も読まず、措置も差し戻しもありません。", it->id, dim->id);
		f->text_en = arena_printf(a,
			"The choice '%s' of item %s has no effect: no condition reads it, and no option orders, ratifies or sends back.",
			dim->id, it->id);
	}
}

void x_tell(struct x_search *x, const struct explore_limits *limits, struct explore_report *r)
{
	struct teller t = {.x = x, .r = r, .faulty = limits->faulty};
	const struct explore_finding *found;
	size_t n = x->m->plan->n_items;
	bool never = r->complete && (r->layers > 1 || r->all); /* without a look behind disruptions nothing is said to be impossible */

	if (r->layers) {
		dead_ends(&t);
		properties(&t);
	}
	for (size_t i = 0; i < n && !limits->faulty; i++) {
		if (!r->states && !x->m->plan->items[i].entry)
			continue; /* no alarm can be raised */
		if (never && !x->ready[i] &&
			!(r->dead &&
				(x->applied[i] != X_NO_STATE || r->dead > r->states / 2))) /* what a dead end explains is not told again */
			never_ready(&t, (int)i);
		else if (never && x->ready[i])
			never_chosen(&t, (int)i);
		no_effect(&t, (int)i);
	}
	found = r->findings; /* the report owns them from here */
	r->findings = NULL;
	if (r->n_findings) {
		r->findings = arena_alloc(r->arena, r->n_findings * sizeof *r->findings);
		memcpy(r->findings, found, r->n_findings * sizeof *r->findings);
	}
	free((void *)(uintptr_t)found);
}
