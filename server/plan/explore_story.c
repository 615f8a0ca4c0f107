/* The way to a state as a story: who does what, one line after another. */
#include "plan/explore_model.h"

#include <stdlib.h>
#include <string.h>

struct story {
	struct x_search *x;
	struct x_words w;
	struct x_state *s; /* as it stands after the lines written so far */
	uint8_t *before;   /* stored states before the act */
	int line;
};

static void next_line(struct story *t)
{
	if (t->line)
		x_words_both(&t->w, "\n", "\n");
	t->line++;
	buf_printf(&t->w.ja, "%d. ", t->line);
	buf_printf(&t->w.en, "%d. ", t->line);
}

/* ---- one act ---- */

static const char *dim_title(const struct plan_item *it, const struct plan_dim *d, bool en)
{
	const struct plan_field *f = d->agenda ? NULL : plan_field_find(it, d->id);
	const struct plan_agenda *a = d->agenda ? plan_agenda_find(it, d->id) : NULL;

	if (f)
		return en && f->title_en ? f->title_en : f->title;
	if (a)
		return en && a->title_en ? a->title_en : a->title;
	return d->id;
}

static void choices(struct story *t, const struct x_item *x, uint32_t pick)
{
	for (size_t d = 0; d < x->n_dims; d++) {
		const struct plan_dim *dim = x->dims[d].dim;
		const struct plan_option *o = x_move_option(x, pick, d);

		buf_printf(&t->w.ja, "%s%s＝%s", d ? "、" : "：", dim_title(x->it, dim, false),
			o             ? o->title
			: dim->agenda ? "保留"
				      : "（書かない）");
		buf_printf(&t->w.en, "%s%s = %s", d ? ", " : ": ", dim_title(x->it, dim, true),
			o             ? o->title_en ? o->title_en : o->title
			: dim->agenda ? "deferred"
				      : "(left out)");
	}
}

static void effects(struct story *t, const struct x_item *x, uint32_t pick)
{
	const struct plan *p = t->x->m->plan;

	for (size_t d = 0; d < x->n_dims; d++) {
		const struct plan_option *o = x_move_option(x, pick, d);

		if (o && o->orders != ROLE_NONE) {
			x_words_both(&t->w, "\n   → 措置が始まる（権限: ", "\n   -> a measure is in force (authority: ");
			x_words_role(&t->w, p, o->orders);
			x_words_both(&t->w, "）", ")");
		}
		if (o && o->ratifies != ROLE_NONE && t->s->in_force) {
			x_words_both(&t->w, "\n   → 続いている措置を引き継ぐ: ", "\n   -> takes over the measures in force: ");
			x_words_role(&t->w, p, o->ratifies);
		}
	}
	if (x->it->lifts)
		x_words_both(&t->w, "\n   → 措置がすべて解かれる", "\n   -> every measure is lifted");
}

/* What had been done and must be done again. */
static void undone(struct story *t, int item)
{
	size_t n = 0, told = 0;

	for (size_t i = 0; i < t->x->m->plan->n_items; i++)
		n += (int)i != item && t->before[i] != X_OPEN && t->s->stored[i] == X_OPEN;
	for (size_t i = 0; i < t->x->m->plan->n_items && told < 6; i++) {
		if ((int)i == item || t->before[i] == X_OPEN || t->s->stored[i] != X_OPEN)
			continue;
		x_words_both(&t->w, told ? "、" : "\n   → やり直しになる: ", told ? ", " : "\n   -> to be done again: ");
		x_words_item(&t->w, t->x->m->plan, (int)i);
		told++;
	}
	if (n > told) {
		buf_printf(&t->w.ja, " ほか%zu", n - told);
		buf_printf(&t->w.en, " and %zu more", n - told);
	}
}

static void who_does(struct story *t, int item, const char *ja, const char *en)
{
	const struct plan *p = t->x->m->plan;
	const struct plan_ints *by = &p->items[item].by;

	if (by->n == 1 && by->at[0] == ROLE_ANYONE) {
		x_words_both(&t->w, "端末から", "At a terminal, somebody ");
	} else {
		x_words_actor(&t->w, p, item);
		x_words_both(&t->w, "が", " ");
	}
	buf_puts(&t->w.en, en);
	x_words_item(&t->w, p, item);
	buf_puts(&t->w.ja, ja);
}

static void act(struct story *t, struct x_move v)
{
	const struct x_item *x = v.item >= 0 ? &t->x->m->items[v.item] : NULL;

	next_line(t);
	switch (v.kind) {
	case X_ENTRY:
		who_does(t, v.item, "を行い、事案が始まる", "raises ");
		choices(t, x, v.pick);
		break;
	case X_DO:
		who_does(t, v.item, "を行う", "does ");
		choices(t, x, v.pick);
		break;
	case X_AMEND:
		who_does(t, v.item, "を改める", "amends ");
		choices(t, x, v.pick);
		break;
	case X_WAIVE:
		who_does(t, v.item, "を「不要」とする", "marks as not needed ");
		break;
	case X_REOPEN:
		x_words_item(&t->w, t->x->m->plan, v.item);
		x_words_both(&t->w, "がやり直しに戻される", " is reopened");
		break;
	case X_ACKED:
		x_words_item(&t->w, t->x->m->plan, v.item);
		x_words_both(&t->w, "の受領確認がそろう", " is acknowledged by all who must");
		break;
	case X_HAND_OVER:
		x_words_both(&t->w, "続いている措置が、担当者と期限を決めて引き継がれる",
			"The measures in force are handed over to a named owner with a due date");
		break;
	}
}

static void apply(struct story *t, struct x_move v)
{
	memcpy(t->before, t->s->stored, t->x->m->plan->n_items);
	x_state_derive(t->s);
	x_move_apply(t->s, v);
	if (v.kind == X_ENTRY || v.kind == X_DO || v.kind == X_AMEND) {
		x_state_derive(t->s);
		effects(t, &t->x->m->items[v.item], v.pick);
	}
	undone(t, v.kind == X_HAND_OVER ? -1 : v.item);
}

/* ---- what is done without a choice ---- */

static bool same_actors(const struct plan_item *a, const struct plan_item *b)
{
	return a->by.n == b->by.n && !memcmp(a->by.at, b->by.at, a->by.n * sizeof *a->by.at);
}

static void plain_acts(struct story *t)
{
	const struct plan *p = t->x->m->plan;

	x_state_settle(t->s);
	for (size_t k = 0; k < t->s->n_done; k++) {
		int item = t->s->done[k];
		bool more = k && same_actors(&p->items[item], &p->items[t->s->done[k - 1]]);

		if (more) {
			x_words_both(&t->w, "、", ", ");
			x_words_item(&t->w, p, item);
		} else {
			if (k)
				x_words_both(&t->w, "を行う", "");
			next_line(t);
			who_does(t, item, "", "does ");
		}
	}
	if (t->s->n_done)
		x_words_both(&t->w, "を行う", "");
}

void x_story(struct x_search *x, struct arena *arena, uint32_t state, const struct x_move *last, const char **ja, const char **en)
{
	struct story t = {.x = x, .s = x->next};
	const struct x_found *f = x->found;
	size_t n = 0;
	uint32_t *path;

	for (uint32_t s = state; s != X_NO_STATE; s = f->parent[s])
		n++;
	path = xcalloc(n + 1, sizeof *path);
	for (uint32_t s = state, k = (uint32_t)n; s != X_NO_STATE; s = f->parent[s])
		path[--k] = s;
	t.before = xcalloc(x->m->plan->n_items + 1, 1);
	x_words_init(&t.w);
	x_state_begin(t.s);
	for (size_t k = 0; k < n; k++) {
		struct x_move v = x_move_unpack(f->move[path[k]]);

		act(&t, v);
		apply(&t, v);
		plain_acts(&t);
	}
	if (last)
		act(&t, *last);
	x_words_take(&t.w, arena, ja, en);
	free(t.before);
	free(path);
}
