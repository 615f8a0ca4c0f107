/* Properties: what must hold on every way through the plan. */
#include "plan/load.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum {
	PRP_ID,
	PRP_TITLE,
	PRP_TITLE_EN,
	PRP_NOTE,
	PRP_CLAUSE,
	PRP_DOING,
	PRP_CHOOSING,
	PRP_WHEN,
	PRP_DONE,
	PRP_DONE_ANY,
	PRP_SETTLED,
	PRP_HOLDS,
	PRP_NEVER
};
static const struct key PROPERTY[] = {{"id", KEY_ID, true}, {"title", KEY_TEXT, true}, {"title_en", KEY_TEXT, false},
	{"note", KEY_TEXT, false}, {"clause", KEY_TEXTS, false}, {"doing", KEY_TEXTS, false}, {"choosing", KEY_TEXTS, false},
	{"when", KEY_TEXT, false}, {"done", KEY_TEXTS, false}, {"done_any", KEY_TEXTS, false}, {"settled", KEY_TEXTS, false},
	{"holds", KEY_TEXT, false}, {"never", KEY_TEXT, false}};

static void add_once(struct loader *l, struct plan_ints *to, int item)
{
	if (!read_ints_has(to, item))
		read_ints_add(&l->r, to, item);
}

/* As in `after`: an item, or all items of a step or procedure but the closing ones. */
static void add_named(struct loader *l, struct plan_ints *to, int ref)
{
	const struct load_ref *at = &l->ref_at[ref];
	const struct plan *p = l->plan;

	for (size_t i = 0; i < p->n_items; i++) {
		const struct plan_item *it = &p->items[i];
		bool within = at->kind == REF_STEP ? it->step == at->index : at->kind == REF_PROCEDURE && it->procedure == at->index;

		if (at->kind == REF_ITEM ? (int)i == at->index : within && !it->closes)
			add_once(l, to, (int)i);
	}
}

static struct plan_ints items(struct loader *l, const struct node *list)
{
	static const struct noun what = {"item, step or procedure", "項目・手順・手順書"};
	struct plan_ints named = read_names(&l->r, list, what, &l->refs), out = {NULL, 0};

	for (size_t i = 0; i < named.n; i++)
		add_named(l, &out, named.at[i]);
	return out;
}

/* 'lifts' and 'closes' stand for all items that do so. */
static struct plan_ints doing(struct loader *l, const struct node *list)
{
	static const struct noun what = {"item, step or procedure", "項目・手順・手順書"};
	struct plan_ints out = {NULL, 0};

	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		bool lifts = m->type == NODE_SCALAR && !strcmp(m->text, "lifts"),
		     closes = m->type == NODE_SCALAR && !strcmp(m->text, "closes");

		if ((lifts || closes) && read_find(&l->refs, m->text) < 0) {
			for (size_t i = 0; i < l->plan->n_items; i++) {
				if (lifts ? l->plan->items[i].lifts : l->plan->items[i].closes)
					add_once(l, &out, (int)i);
			}
			continue;
		}
		int ref = m->type == NODE_SCALAR ? read_name(&l->r, m, what, &l->refs) : -1;

		if (ref >= 0)
			add_named(l, &out, ref);
	}
	return out;
}

static bool offered(const struct plan *p, const struct plan_ints *by, const char *option)
{
	for (size_t i = 0; i < by->n; i++) {
		const struct plan_item *it = &p->items[by->at[i]];

		for (size_t d = 0; d < it->n_dims; d++) {
			for (size_t o = 0; o < it->dims[d].n_options; o++) {
				if (!strcmp(it->dims[d].options[o].id, option))
					return true;
			}
		}
	}
	return false;
}

static void check_property(struct loader *l, const struct node *const *k, const struct plan_property *p)
{
	bool asks = k[PRP_DONE] || k[PRP_DONE_ANY] || k[PRP_SETTLED] || k[PRP_HOLDS];

	if (k[PRP_NEVER] && (k[PRP_DOING] || k[PRP_CHOOSING] || k[PRP_WHEN] || asks))
		READ_FAULT(&l->r, k[PRP_NEVER]->key->pos, "'never' stands alone: make two properties of it.",
			"never は単独で書きます。二つの性質に分けてください。");
	else if (!k[PRP_NEVER] && (!k[PRP_DOING] || !(asks || k[PRP_WHEN])))
		READ_FAULT(&l->r, p->pos,
			"Property '%s' says nothing: give 'never: CONDITION', or 'doing' with 'when', 'done', 'done_any', 'settled' or "
			"'holds'.",
			"性質「%s」は何も定めていません。never: 条件、または doing と when・done・done_any・settled・holds "
			"のどれかを書いてください。",
			p->id);
	for (const struct node *m = k[PRP_CHOOSING] ? k[PRP_CHOOSING]->first : NULL; m; m = m->next) {
		if (m->type == NODE_SCALAR && !offered(l->plan, &p->doing, m->text))
			READ_FAULT(&l->r, m->pos, "No item under 'doing' offers the option '%s'.",
				"doing の項目に選択肢「%s」はありません。", m->text);
	}
}

static void fill(struct loader *l, const struct node *n, struct plan_strings *ids, struct plan_property *p)
{
	static const struct noun what = {"property", "性質"};
	const struct node *k[COUNT(PROPERTY)];

	read_map(&l->r, n, what, PROPERTY, COUNT(PROPERTY), k);
	p->pos = n->pos;
	p->id = read_id(&l->r, k[PRP_ID], what, ids);
	p->title = k[PRP_TITLE] ? read_text(&l->r, k[PRP_TITLE]) : p->id;
	p->title_en = read_text(&l->r, k[PRP_TITLE_EN]);
	p->note = read_text(&l->r, k[PRP_NOTE]);
	p->clause = read_texts(&l->r, k[PRP_CLAUSE]);
	p->doing = doing(l, k[PRP_DOING]);
	p->choosing = read_texts(&l->r, k[PRP_CHOOSING]);
	p->when = cond_parse(&l->scope, k[PRP_WHEN]);
	p->holds = cond_parse(&l->scope, k[PRP_HOLDS]);
	p->never = cond_parse(&l->scope, k[PRP_NEVER]);
	p->done = items(l, k[PRP_DONE]);
	p->done_any = items(l, k[PRP_DONE_ANY]);
	p->settled = items(l, k[PRP_SETTLED]);
	check_property(l, k, p);
}

void load_properties(struct loader *l, const struct node *list)
{
	struct plan_strings ids;

	if (!list)
		return;
	ids = read_strings_new(&l->r, list->n);
	l->plan->properties = arena_alloc(l->r.arena, (list->n + 1) * sizeof *l->plan->properties);
	for (const struct node *m = list->first; m; m = m->next)
		fill(l, m, &ids, &l->plan->properties[l->plan->n_properties++]);
}
