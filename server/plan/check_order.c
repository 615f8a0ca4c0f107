/*
 * Waiting that never ends. An item waits for those under `after` and `rests_on`; an item of aftercare for everything else; and an
 * item whose condition reads a fact that one item alone can set waits for that item. A circle of these stalls the incident.
 */
#include "plan/load.h"

#include <string.h>

enum mark { WHITE, GREY, BLACK };
struct walk {
	struct loader *l;
	enum mark *mark;
	int *path;
	struct plan_pos *edge; /* edge[i]: where it says that path[i] waits for the next */
	size_t depth;
	int *only_setter; /* of each fact: the one item, or -1 */
};

/* ---- circles among items ---- */

static void walk_item(struct walk *, int item);

/*
 * A circle is told at the one of its sentences that most likely is the mistake: the one that makes an item wait for the item
 * farthest below it in the file. The same sentence may close several circles; it is told once.
 */
static void tell_circle(struct walk *w, int back_to)
{
	const struct plan *plan = w->l->plan;
	const char *text = "";
	size_t from = w->depth, worst;

	while (from > 0 && w->path[from - 1] != back_to)
		from--;
	from = from ? from - 1 : 0;
	worst = from;
	for (size_t i = from; i < w->depth; i++) {
		int to = i + 1 < w->depth ? w->path[i + 1] : back_to, worst_to = worst + 1 < w->depth ? w->path[worst + 1] : back_to;

		text = READ_TEXT(&w->l->r, "%s%s -> ", text, plan->items[w->path[i]].id);
		if (to - w->path[i] > worst_to - w->path[worst])
			worst = i;
	}
	for (size_t i = 0; i < w->l->r.faults->n; i++) {
		const struct plan_fault *f = &w->l->r.faults->at[i];

		if (f->pos.line == w->edge[worst].line && f->pos.column == w->edge[worst].column &&
			strstr(f->text_en, "wait for each other"))
			return;
	}
	READ_FAULT(&w->l->r, w->edge[worst],
		"These items wait for each other, so none could begin: %s%s. Take one out of 'after', 'rests_on' or 'when'.",
		"次の項目が互いを待ち、どれも始まりません: %s%s。after・rests_on・when のいずれかから外してください。", text,
		plan->items[back_to].id);
}

static void follow(struct walk *w, int to, struct plan_pos pos)
{
	w->edge[w->depth - 1] = pos;
	if (w->mark[to] == WHITE)
		walk_item(w, to);
	else if (w->mark[to] == GREY)
		tell_circle(w, to);
}

/* Where `item` says that it comes after `to`: by its id, its step's or its procedure's. */
static struct plan_pos reference_pos(const struct walk *w, int item, int to)
{
	const struct plan *plan = w->l->plan;
	const struct plan_item *target = &plan->items[to];
	const char *names[] = {target->id, plan->steps[target->step].id, plan->procedures[target->procedure].id};

	for (size_t n = 0; n < 3; n++) {
		for (enum item_key k = ITEM_AFTER; k <= ITEM_RESTS_ON; k++) {
			const struct node *list = w->l->item[item][k];

			for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
				if (!strcmp(m->text, names[n]))
					return m->pos;
			}
		}
	}
	return plan->items[item].pos;
}

static void on_fact(void *context, const struct cond *c)
{
	struct walk *w = context;
	int setter;

	if (c->subject != COND_FACT || c->ref < 0)
		return;
	setter = w->only_setter[c->ref];
	/* An item that reads the fact it sets is told by the circle of conditions. */
	if (setter >= 0 && setter != w->path[w->depth - 1])
		follow(w, setter, c->pos);
}

static void walk_item(struct walk *w, int item)
{
	const struct plan *plan = w->l->plan;
	const struct plan_item *it = &plan->items[item];

	w->mark[item] = GREY;
	w->path[w->depth++] = item;
	for (size_t i = 0; i < it->pre.n; i++)
		follow(w, it->pre.at[i], reference_pos(w, item, it->pre.at[i]));
	if (!it->entry)
		cond_each(it->when, on_fact, w);
	for (size_t i = 0; it->aftercare && i < plan->n_items; i++) {
		if (!plan->items[i].aftercare && !plan->items[i].closes)
			follow(w, (int)i, it->pos);
	}
	w->depth--;
	w->mark[item] = BLACK;
}

static void find_only_setters(struct walk *w)
{
	const struct plan *plan = w->l->plan;

	w->only_setter = arena_alloc(w->l->r.arena, (plan->n_facts + 1) * sizeof *w->only_setter);
	for (size_t f = 0; f < plan->n_facts; f++) {
		int n = 0, setter = -1;

		for (size_t i = 0; i < plan->n_slots; i++) {
			if (plan->slots[i].fact == (int)f) {
				n++;
				setter = plan->slots[i].item;
			}
		}
		/* Nobody waits for an entry (it is over) or for what may be done at any time. */
		w->only_setter[f] =
			n == 1 && !w->l->damaged[f] && !plan->items[setter].entry && !plan->items[setter].standing ? setter : -1;
	}
}

/* ---- circles among conditions ---- */

struct fact_walk {
	struct loader *l;
	enum mark *mark;
	int *path;
	size_t depth;
};

static void walk_fact(struct fact_walk *, int fact);

static void on_read(void *context, const struct cond *c)
{
	struct fact_walk *w = context;
	const struct plan *plan = w->l->plan;
	const char *text = "";
	size_t from = w->depth;

	if (c->subject != COND_FACT || c->ref < 0)
		return;
	if (w->mark[c->ref] == WHITE)
		walk_fact(w, c->ref);
	if (w->mark[c->ref] != GREY)
		return;
	while (from > 0 && w->path[from - 1] != c->ref)
		from--;
	for (size_t i = from ? from - 1 : 0; i < w->depth; i++)
		text = READ_TEXT(&w->l->r, "%s%s -> ", text, plan->facts[w->path[i]].id);
	for (size_t i = from ? from - 1 : 0; i < w->depth; i++)
		w->l->damaged[w->path[i]] = true; /* what follows from it need not be told too */
	READ_FAULT(&w->l->r, c->pos, "These facts decide about each other: %s%s. A fact may not depend on an item that sets it.",
		"次の判断事項が互いに依存しています: %s%s。判断事項は、それを定める項目の条件には使えません。", text,
		plan->facts[c->ref].id);
}

static void walk_fact(struct fact_walk *w, int fact)
{
	const struct plan *plan = w->l->plan;

	w->mark[fact] = GREY;
	w->path[w->depth++] = fact;
	for (size_t i = 0; i < plan->n_slots; i++) {
		const struct plan_item *it = &plan->items[plan->slots[i].item];

		if (plan->slots[i].fact == fact && !it->entry)
			cond_each(it->when, on_read, w);
	}
	w->depth--;
	w->mark[fact] = BLACK;
}

void check_order(struct loader *l)
{
	const struct plan *plan = l->plan;
	struct walk w = {.l = l};
	struct fact_walk fw = {.l = l};

	w.mark = arena_alloc(l->r.arena, (plan->n_items + 1) * sizeof *w.mark);
	w.path = arena_alloc(l->r.arena, (plan->n_items + 1) * sizeof *w.path);
	w.edge = arena_alloc(l->r.arena, (plan->n_items + 1) * sizeof *w.edge);
	fw.mark = arena_alloc(l->r.arena, (plan->n_facts + 1) * sizeof *fw.mark);
	fw.path = arena_alloc(l->r.arena, (plan->n_facts + 1) * sizeof *fw.path);
	for (size_t f = 0; f < plan->n_facts; f++) {
		if (fw.mark[f] == WHITE)
			walk_fact(&fw, (int)f);
	}
	find_only_setters(&w);
	for (size_t i = 0; i < plan->n_items; i++) {
		if (w.mark[i] == WHITE)
			walk_item(&w, (int)i);
	}
}
