/* What a plan's structs need beyond what was written: steps expanded to items, dimensions and slots, what lifting rests on. */
#include "plan/load.h"

#include <stdlib.h>
#include <string.h>

/* ---- after, rests_on ---- */

static void add_items(struct loader *l, struct plan_ints *out, const struct plan_ints *items, int self)
{
	for (size_t i = 0; i < items->n; i++) {
		/* A reference to a step never includes a closing item, nor the item itself. */
		if (items->at[i] != self && !l->plan->items[items->at[i]].closes)
			read_ints_add(&l->r, out, items->at[i]);
	}
}

static void add_reference(struct loader *l, struct plan_ints *out, int ref, int self)
{
	const struct load_ref *to = &l->ref_at[ref];

	switch (to->kind) {
	case REF_ITEM:
		read_ints_add(&l->r, out, to->index);
		break;
	case REF_STEP:
		add_items(l, out, &l->plan->steps[to->index].items, self);
		break;
	case REF_PROCEDURE:
		for (size_t i = 0; i < l->plan->procedures[to->index].steps.n; i++)
			add_items(l, out, &l->plan->steps[l->plan->procedures[to->index].steps.at[i]].items, self);
		break;
	}
}

static struct plan_ints references(struct loader *l, const struct node *list, int self)
{
	static const struct noun what = {"item, step or procedure", "項目・手順・手順書"};
	struct plan_ints named = read_names(&l->r, list, what, &l->refs), out = {NULL, 0};

	for (size_t i = 0; i < named.n; i++)
		add_reference(l, &out, named.at[i], self);
	return out;
}

void resolve_references(struct loader *l)
{
	struct plan *plan = l->plan;

	for (size_t i = 0; i < plan->n_items; i++) {
		struct plan_item *it = &plan->items[i];

		it->after = references(l, l->item[i][ITEM_AFTER], (int)i);
		it->rests_on = references(l, l->item[i][ITEM_RESTS_ON], (int)i);
		for (size_t j = 0; j < it->after.n; j++)
			read_ints_add(&l->r, &it->pre, it->after.at[j]);
		for (size_t j = 0; j < it->rests_on.n; j++) {
			read_ints_add(&l->r, &it->pre, it->rests_on.at[j]);
			read_ints_add(&l->r, &plan->items[it->rests_on.at[j]].resters, (int)i);
		}
	}
}

/* ---- dimensions ---- */

static void mark_read(void *context, const struct cond *c)
{
	struct plan *plan = context;

	if (c->subject == COND_FACT && c->ref >= 0)
		plan->facts[c->ref].read = true;
}

static bool has_effect(const struct plan_option *o)
{
	return o->orders != ROLE_NONE || o->ratifies != ROLE_NONE || o->reopens.n > 0;
}

static void finish_dim(struct loader *l, struct plan_dim *d)
{
	d->slot = -1;
	d->live = d->fact >= 0 && l->plan->facts[d->fact].read;
	for (size_t i = 0; i < d->n_options; i++)
		d->live |= has_effect(&d->options[i]);
}

/* `sets: [fact = value]`: a dimension with one option. */
static void constant_dim(struct loader *l, const struct node *n, struct plan_dim *d)
{
	const struct reader *r = &l->r;
	const char *s = n->text, *eq = strchr(s, '=');
	struct plan_option *o = arena_alloc(r->arena, sizeof *o);
	struct node left = *n, right = *n;
	struct plan_strings values;

	d->fact = -1;
	d->constant = true;
	d->id = s;
	if (!eq) {
		READ_FAULT(r, n->pos, "'%s': write 'FACT = VALUE'.", "「%s」: 「判断事項 = 値」の形で書いてください。", s);
		return;
	}
	left.text = arena_strndup(r->arena, s, strcspn(s, " ="));
	right.text = arena_strdup(r->arena, eq + 1 + strspn(eq + 1, " "));
	((char *)right.text)[strcspn(right.text, " ")] = '\0';
	d->fact = read_name(r, &left, LOAD_FACT, &l->facts);
	if (d->fact < 0) {
		load_form_damaged(l, &left);
		return;
	}
	d->id = l->plan->facts[d->fact].id;
	values = read_strings_new(r, l->plan->facts[d->fact].n_values);
	for (size_t i = 0; i < l->plan->facts[d->fact].n_values; i++)
		values.at[values.n++] = l->plan->facts[d->fact].values[i].id;
	int v = read_name(r, &right, (struct noun){"value", "値"}, &values);

	if (v < 0)
		l->damaged[d->fact] = true;
	*o = (struct plan_option){.id = right.text, .title = right.text, .orders = ROLE_NONE, .ratifies = ROLE_NONE, .pos = n->pos};
	if (v >= 0) {
		o->title = l->plan->facts[d->fact].values[v].title;
		o->title_en = l->plan->facts[d->fact].values[v].title_en;
	}
	d->options = o;
	d->n_options = 1;
}

static size_t count_dims(const struct loader *l, size_t item)
{
	const struct plan_item *it = &l->plan->items[item];

	return (l->item[item][ITEM_SETS] ? l->item[item][ITEM_SETS]->n : 0) + it->n_form + it->n_agenda;
}

static void item_dims(struct loader *l, size_t item)
{
	struct plan_item *it = &l->plan->items[item];

	it->dims = arena_alloc(l->r.arena, (count_dims(l, item) + 1) * sizeof *it->dims);
	for (const struct node *m = l->item[item][ITEM_SETS] ? l->item[item][ITEM_SETS]->first : NULL; m; m = m->next)
		constant_dim(l, m, &it->dims[it->n_dims++]);
	for (size_t i = 0; i < it->n_form; i++) {
		const struct plan_field *f = &it->form[i];

		if (f->type == FIELD_CHOICE)
			it->dims[it->n_dims++] =
				(struct plan_dim){.id = f->id, .fact = f->sets, .options = f->options, .n_options = f->n_options};
	}
	for (size_t i = 0; i < it->n_agenda; i++) {
		const struct plan_agenda *a = &it->agenda[i];

		if (a->n_options)
			it->dims[it->n_dims++] = (struct plan_dim){
				.id = a->id, .fact = -1, .options = a->options, .n_options = a->n_options, .agenda = true};
	}
}

static void add_slot(struct plan *plan, int item, int dim)
{
	struct plan_dim *d = &plan->items[item].dims[dim];

	if (d->fact < 0)
		return;
	d->slot = (int)plan->n_slots;
	plan->slots[plan->n_slots++] = (struct plan_slot){.item = item, .dim = dim, .fact = d->fact};
}

void resolve_dims(struct loader *l)
{
	struct plan *plan = l->plan;
	size_t n = 0;

	for (size_t i = 0; i < plan->n_items; i++) {
		item_dims(l, i);
		n += plan->items[i].n_dims;
		cond_each(plan->items[i].when, mark_read, plan);
		for (size_t j = 0; j < plan->items[i].n_dims; j++) {
			for (size_t k = 0; k < plan->items[i].dims[j].n_options; k++)
				cond_each(plan->items[i].dims[j].options[k].when, mark_read, plan);
		}
	}
	plan->slots = arena_alloc(l->r.arena, (n + 1) * sizeof *plan->slots);
	for (size_t i = 0; i < plan->n_items; i++) {
		for (size_t j = 0; j < plan->items[i].n_dims; j++) {
			finish_dim(l, &plan->items[i].dims[j]);
			add_slot(plan, (int)i, (int)j);
		}
	}
}

/* ---- what lifting rests on ---- */

void resolve_lift(struct loader *l)
{
	struct plan *plan = l->plan;
	struct plan_ints todo = {NULL, 0};

	for (size_t i = 0; i < plan->n_items; i++) {
		if (plan->items[i].lifts) {
			plan->items[i].under_lift = true;
			read_ints_add(&l->r, &todo, (int)i);
		}
	}
	for (size_t i = 0; i < todo.n; i++) {
		const struct plan_item *it = &plan->items[todo.at[i]];

		for (size_t j = 0; j < it->rests_on.n; j++) {
			struct plan_item *below = &plan->items[it->rests_on.at[j]];

			if (!below->under_lift) {
				below->under_lift = true;
				read_ints_add(&l->r, &todo, it->rests_on.at[j]);
			}
		}
	}
}
