/* A plan's text to structs: the sections of the file. Items are in load_item.c, what follows from all of it in resolve.c. */
#include "plan/load.h"

#include <stdlib.h>
#include <string.h>

#include "plan/tel.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

const struct noun LOAD_ROLE = {"role", "役割"}, LOAD_BODY = {"body", "関係機関"}, LOAD_LIMIT = {"limit", "時限"},
		  LOAD_FACT = {"fact", "判断事項"}, LOAD_ITEM = {"item", "項目"};

enum {
	TOP_PLAN,
	TOP_LANGUAGE,
	TOP_TITLE,
	TOP_TITLE_EN,
	TOP_EDITION,
	TOP_ROLES,
	TOP_BODIES,
	TOP_CONTACTS,
	TOP_LIMITS,
	TOP_MEASURES,
	TOP_FACTS,
	TOP_PROPERTIES,
	TOP_PROCEDURES
};
static const struct key TOP[] = {{"plan", KEY_ID, true}, {"language", KEY_TEXT, true}, {"title", KEY_TEXT, true},
	{"title_en", KEY_TEXT, false}, {"edition", KEY_TEXT, false}, {"roles", KEY_MAPS, true}, {"bodies", KEY_MAPS, false},
	{"contacts", KEY_MAPS, false}, {"limits", KEY_MAPS, false}, {"measures", KEY_MAPS, false}, {"facts", KEY_MAPS, false},
	{"properties", KEY_MAPS, false}, {"procedures", KEY_MAPS, true}};

/* ---- roles ---- */

enum {
	ROL_ID,
	ROL_TITLE,
	ROL_TITLE_EN,
	ROL_NOTE,
	ROL_ALIASES,
	ROL_ABOVE,
	ROL_HELD_AS,
	ROL_TOLD_WITH,
	ROL_NEVER,
	ROL_GROUP,
	ROL_OPTIONAL,
	ROL_HOLDERS,
	ROL_PER
};
static const struct key ROLE[] = {{"id", KEY_ID, true}, {"title", KEY_TEXT, true}, {"title_en", KEY_TEXT, false}, {"note", KEY_TEXT, false},
	{"aliases", KEY_TEXTS, false}, {"above", KEY_TEXT, false}, {"held_as", KEY_TEXT, false}, {"told_with", KEY_TEXT, false},
	{"never", KEY_TEXTS, false}, {"group", KEY_BOOL, false}, {"optional", KEY_BOOL, false}, {"holders", KEY_TEXT, false},
	{"per", KEY_TEXT, false}};
static const char *const HOLDERS[] = {"any", "all"}, *const PER[] = {"section"};

static int other_role(struct loader *l, const struct node *n, int self)
{
	int role = load_form_role(l, n, NULL);

	if (role != ROLE_NONE && role == self) {
		READ_FAULT(&l->r, n->pos, "A role cannot name itself under '%s'.", "「%s」に自分自身は書けません。", n->key->text);
		return ROLE_NONE;
	}
	return role;
}

static void fill_roles(struct loader *l, const struct node *list)
{
	int i = 0;

	for (const struct node *m = list ? list->first : NULL; m; m = m->next, i++) {
		struct plan_role *role = &l->plan->roles[i];
		const struct node *k[COUNT(ROLE)];

		read_map(&l->r, m, LOAD_ROLE, ROLE, COUNT(ROLE), k);
		role->pos = m->pos;
		role->title = k[ROL_TITLE] ? read_text(&l->r, k[ROL_TITLE]) : role->id;
		role->title_en = read_text(&l->r, k[ROL_TITLE_EN]);
		role->note = read_text(&l->r, k[ROL_NOTE]);
		role->aliases = read_texts(&l->r, k[ROL_ALIASES]);
		role->above = other_role(l, k[ROL_ABOVE], i);
		role->held_as = other_role(l, k[ROL_HELD_AS], i);
		role->told_with = other_role(l, k[ROL_TOLD_WITH], i);
		role->never = load_form_roles(l, k[ROL_NEVER], NULL);
		role->group = read_bool(k[ROL_GROUP], false);
		role->optional = read_bool(k[ROL_OPTIONAL], false);
		role->holders_all = read_word(&l->r, k[ROL_HOLDERS], HOLDERS, COUNT(HOLDERS)) == 1;
		role->per_section = read_word(&l->r, k[ROL_PER], PER, COUNT(PER)) == 0;
	}
}

/* ---- bodies, contacts, limits, measures ---- */

enum { BOD_ID, BOD_TITLE, BOD_TITLE_EN, BOD_NOTE, BOD_ALIASES };
static const struct key BODY[] = {{"id", KEY_ID, true}, {"title", KEY_TEXT, true}, {"title_en", KEY_TEXT, false}, {"note", KEY_TEXT, false},
	{"aliases", KEY_TEXTS, false}};

static void fill_bodies(struct loader *l, const struct node *list)
{
	struct plan_body *b = l->plan->bodies;

	for (const struct node *m = list ? list->first : NULL; m; m = m->next, b++) {
		const struct node *k[COUNT(BODY)];

		read_map(&l->r, m, LOAD_BODY, BODY, COUNT(BODY), k);
		b->pos = m->pos;
		b->title = k[BOD_TITLE] ? read_text(&l->r, k[BOD_TITLE]) : b->id;
		b->title_en = read_text(&l->r, k[BOD_TITLE_EN]);
		b->note = read_text(&l->r, k[BOD_NOTE]);
		b->aliases = read_texts(&l->r, k[BOD_ALIASES]);
	}
}

enum { CON_BODY, CON_TEL, CON_HOURS, CON_CLAUSE };
static const struct key CONTACT[] = {
	{"body", KEY_TEXT, true}, {"tel", KEY_TEXT, true}, {"hours", KEY_TEXT, false}, {"clause", KEY_TEXTS, false}};

static void fill_contacts(struct loader *l, const struct node *list)
{
	if (!list)
		return;
	l->plan->contacts = arena_alloc(l->r.arena, (list->n + 1) * sizeof *l->plan->contacts);
	for (const struct node *m = list->first; m; m = m->next) {
		struct plan_contact *c = &l->plan->contacts[l->plan->n_contacts];
		const struct node *k[COUNT(CONTACT)];

		read_map(&l->r, m, (struct noun){"contact", "連絡先"}, CONTACT, COUNT(CONTACT), k);
		c->pos = m->pos;
		c->body = read_name(&l->r, k[CON_BODY], LOAD_BODY, &l->bodies);
		c->tel = tel_number(&l->r, k[CON_TEL]);
		c->hours = tel_hours(&l->r, k[CON_HOURS]);
		c->clause = read_texts(&l->r, k[CON_CLAUSE]);
		if (c->body >= 0)
			l->plan->n_contacts++;
	}
}

enum { NAM_ID, NAM_TITLE, NAM_TITLE_EN, NAM_NOTE };
static const struct key NAMED[] = {
	{"id", KEY_ID, true}, {"title", KEY_TEXT, true}, {"title_en", KEY_TEXT, false}, {"note", KEY_TEXT, false}};

static void fill_named(struct loader *l, const struct node *list, struct noun what, struct plan_named *at)
{
	for (const struct node *m = list ? list->first : NULL; m; m = m->next, at++) {
		const struct node *k[COUNT(NAMED)];

		read_map(&l->r, m, what, NAMED, COUNT(NAMED), k);
		at->pos = m->pos;
		at->title = k[NAM_TITLE] ? read_text(&l->r, k[NAM_TITLE]) : at->id;
		at->title_en = read_text(&l->r, k[NAM_TITLE_EN]);
		at->note = read_text(&l->r, k[NAM_NOTE]);
	}
}

/* ---- facts ---- */

enum { FAC_ID, FAC_TITLE, FAC_TITLE_EN, FAC_NOTE, FAC_CLAUSE, FAC_VALUES };
static const struct key FACT[] = {{"id", KEY_ID, true}, {"title", KEY_TEXT, true}, {"title_en", KEY_TEXT, false}, {"note", KEY_TEXT, false},
	{"clause", KEY_TEXTS, false}, {"values", KEY_MAPS, true}};
enum { VAL_ID, VAL_TITLE, VAL_TITLE_EN, VAL_NOTE, VAL_GUIDE };
static const struct key VALUE[] = {{"id", KEY_ID, true}, {"title", KEY_TEXT, false}, {"title_en", KEY_TEXT, false},
	{"note", KEY_TEXT, false}, {"guide", KEY_TEXTS, false}};

static void fill_values(struct loader *l, const struct node *list, struct plan_fact *f)
{
	static const struct noun what = {"value", "値"};
	struct plan_strings ids;

	if (!list)
		return;
	ids = read_strings_new(&l->r, list->n);
	f->values = arena_alloc(l->r.arena, (list->n + 1) * sizeof *f->values);
	for (const struct node *m = list->first; m; m = m->next) {
		struct plan_value *v = &f->values[f->n_values++];
		const struct node *k[COUNT(VALUE)];

		read_map(&l->r, m, what, VALUE, COUNT(VALUE), k);
		v->pos = m->pos;
		v->id = read_id(&l->r, k[VAL_ID], what, &ids);
		v->title = k[VAL_TITLE] ? read_text(&l->r, k[VAL_TITLE]) : v->id;
		v->title_en = read_text(&l->r, k[VAL_TITLE_EN]);
		v->note = read_text(&l->r, k[VAL_NOTE]);
		v->guide = read_texts(&l->r, k[VAL_GUIDE]);
	}
	if (!f->n_values)
		READ_FAULT(&l->r, list->pos, "Fact '%s' has no values. Give at least one.",
			"判断事項「%s」に値がありません。少なくとも一つ書いてください。", f->id);
}

static void fill_facts(struct loader *l, const struct node *list)
{
	struct plan_fact *f = l->plan->facts;

	for (const struct node *m = list ? list->first : NULL; m; m = m->next, f++) {
		const struct node *k[COUNT(FACT)];

		read_map(&l->r, m, LOAD_FACT, FACT, COUNT(FACT), k);
		f->pos = m->pos;
		f->title = k[FAC_TITLE] ? read_text(&l->r, k[FAC_TITLE]) : f->id;
		f->title_en = read_text(&l->r, k[FAC_TITLE_EN]);
		f->note = read_text(&l->r, k[FAC_NOTE]);
		f->clause = read_texts(&l->r, k[FAC_CLAUSE]);
		fill_values(l, k[FAC_VALUES], f);
	}
}

/* ---- declaring: everything that has an id gets its place ---- */

static const struct node *member(const struct node *map, const char *key)
{
	for (const struct node *m = map->type == NODE_MAP ? map->first : NULL; m; m = m->next) {
		if (!strcmp(m->key->text, key))
			return m;
	}
	return NULL;
}

/* Declares the ids of a list of mappings in `table`; ids[i] of element i goes where `at` says. */
static struct plan_strings declare(struct loader *l, const struct node *list, struct noun what)
{
	struct plan_strings table = read_strings_new(&l->r, list ? list->n : 0);

	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		const struct node *id = member(m, "id");

		read_id(&l->r, id && id->type == NODE_SCALAR ? id : NULL, what, &table);
	}
	return table;
}

#define PLACES(l, table, array, count)                                                                                                     \
	do {                                                                                                                               \
		(l)->plan->count = (table).n;                                                                                              \
		(l)->plan->array = arena_alloc((l)->r.arena, ((table).n + 1) * sizeof *(l)->plan->array);                                  \
		for (size_t i_ = 0; i_ < (table).n; i_++)                                                                                  \
			(l)->plan->array[i_].id = (table).at[i_];                                                                          \
	} while (0)

static void declare_words(struct loader *l, const struct node **top)
{
	l->roles = declare(l, top[TOP_ROLES], LOAD_ROLE);
	PLACES(l, l->roles, roles, n_roles);
	l->bodies = declare(l, top[TOP_BODIES], LOAD_BODY);
	PLACES(l, l->bodies, bodies, n_bodies);
	l->limits = declare(l, top[TOP_LIMITS], LOAD_LIMIT);
	PLACES(l, l->limits, limits, n_limits);
	l->measures = declare(l, top[TOP_MEASURES], (struct noun){"measure", "措置"});
	PLACES(l, l->measures, measures, n_measures);
	l->facts = declare(l, top[TOP_FACTS], LOAD_FACT);
	PLACES(l, l->facts, facts, n_facts);
	l->damaged = arena_alloc(l->r.arena, l->facts.n + 1);
}

/* ---- procedures, steps, items ---- */

enum { PRO_ID, PRO_TITLE, PRO_TITLE_EN, PRO_NOTE, PRO_CLAUSE, PRO_WHEN, PRO_SEEN_BY, PRO_BARS, PRO_STEPS };
static const struct key PROCEDURE[] = {{"id", KEY_ID, true}, {"title", KEY_TEXT, true}, {"title_en", KEY_TEXT, false},
	{"note", KEY_TEXT, false}, {"clause", KEY_TEXTS, false}, {"when", KEY_TEXT, false}, {"seen_by", KEY_TEXTS, false},
	{"bars", KEY_TEXTS, false}, {"steps", KEY_MAPS, true}};
enum { STE_ID, STE_TITLE, STE_TITLE_EN, STE_NOTE, STE_WHEN, STE_AFTERCARE, STE_ITEMS };
static const struct key STEP[] = {{"id", KEY_ID, true}, {"title", KEY_TEXT, true}, {"title_en", KEY_TEXT, false}, {"note", KEY_TEXT, false},
	{"when", KEY_TEXT, false}, {"aftercare", KEY_BOOL, false}, {"items", KEY_MAPS, true}};
static const struct key ITEM[ITEM_KEYS] = {
	[ITEM_ID] = {"id", KEY_ID, true},
	[ITEM_TITLE] = {"title", KEY_TEXT, false},
	[ITEM_TITLE_EN] = {"title_en", KEY_TEXT, false},
	[ITEM_WORDS] = {"words", KEY_TEXT, false},
	[ITEM_NOTE] = {"note", KEY_TEXT, false},
	[ITEM_ALARM] = {"alarm", KEY_TEXT, false},
	[ITEM_CLAUSE] = {"clause", KEY_TEXTS, false},
	[ITEM_BY] = {"by", KEY_TEXTS, true},
	[ITEM_FORM] = {"form", KEY_MAPS, false},
	[ITEM_CALLS] = {"calls", KEY_MAP, false},
	[ITEM_AGENDA] = {"agenda", KEY_MAPS, false},
	[ITEM_TELL] = {"tell", KEY_MAPS, false},
	[ITEM_WHEN] = {"when", KEY_TEXT, false},
	[ITEM_AFTER] = {"after", KEY_TEXTS, false},
	[ITEM_RESTS_ON] = {"rests_on", KEY_TEXTS, false},
	[ITEM_OPTIONAL] = {"optional", KEY_BOOL, false},
	[ITEM_WITHIN] = {"within", KEY_TEXT, false},
	[ITEM_DECIDED_BY] = {"decided_by", KEY_TEXT, false},
	[ITEM_ENTRY] = {"entry", KEY_BOOL, false},
	[ITEM_STANDING] = {"standing", KEY_BOOL, false},
	[ITEM_LIFTS] = {"lifts", KEY_BOOL, false},
	[ITEM_CLOSES] = {"closes", KEY_BOOL, false},
	[ITEM_WITHDRAWS] = {"withdraws", KEY_BOOL, false},
	[ITEM_SETS] = {"sets", KEY_TEXTS, false},
	[ITEM_JOINS] = {"joins", KEY_TEXTS, false},
	[ITEM_FOLLOWUPS] = {"followups", KEY_MAPS, false},
	[ITEM_BY_TELEPHONE] = {"by_telephone", KEY_BOOL, false},
};

static const char *declare_ref(struct loader *l, const struct node *id, struct noun what, int kind, int index)
{
	l->ref_at[l->refs.n].kind = kind;
	l->ref_at[l->refs.n].index = index;
	return read_id(&l->r, id, what, &l->refs);
}

static void declare_item(struct loader *l, const struct node *n, struct plan_step *step, int step_index)
{
	int i = (int)l->plan->n_items++;
	struct plan_item *it = &l->plan->items[i];

	read_map(&l->r, n, LOAD_ITEM, ITEM, ITEM_KEYS, l->item[i]);
	it->id = declare_ref(l, l->item[i][ITEM_ID], LOAD_ITEM, REF_ITEM, i);
	l->items.at[l->items.n++] = it->id;
	it->procedure = step->procedure;
	it->step = step_index;
	it->pos = n->pos;
	read_ints_add(&l->r, &step->items, i);
}

static void declare_step(struct loader *l, const struct node *n, int procedure)
{
	int i = (int)l->plan->n_steps++;
	struct plan_step *step = &l->plan->steps[i];
	const struct node *k[COUNT(STEP)];

	read_map(&l->r, n, (struct noun){"step", "手順"}, STEP, COUNT(STEP), k);
	step->id = declare_ref(l, k[STE_ID], (struct noun){"step", "手順"}, REF_STEP, i);
	step->title = k[STE_TITLE] ? read_text(&l->r, k[STE_TITLE]) : step->id;
	step->title_en = read_text(&l->r, k[STE_TITLE_EN]);
	step->note = read_text(&l->r, k[STE_NOTE]);
	step->aftercare = read_bool(k[STE_AFTERCARE], false);
	step->procedure = procedure;
	step->pos = n->pos;
	l->step_when[i] = k[STE_WHEN];
	read_ints_add(&l->r, &l->plan->procedures[procedure].steps, i);
	for (const struct node *m = k[STE_ITEMS] ? k[STE_ITEMS]->first : NULL; m; m = m->next)
		declare_item(l, m, step, i);
	if (k[STE_ITEMS] && !k[STE_ITEMS]->n)
		READ_FAULT(&l->r, k[STE_ITEMS]->pos, "Step '%s' has no items. Add one or remove the step.",
			"手順「%s」に項目がありません。項目を書くか、手順を消してください。", step->id);
}

static void declare_procedure(struct loader *l, const struct node *n)
{
	int i = (int)l->plan->n_procedures++;
	struct plan_procedure *p = &l->plan->procedures[i];
	const struct node *k[COUNT(PROCEDURE)];

	read_map(&l->r, n, (struct noun){"procedure", "手順書"}, PROCEDURE, COUNT(PROCEDURE), k);
	p->id = declare_ref(l, k[PRO_ID], (struct noun){"procedure", "手順書"}, REF_PROCEDURE, i);
	p->title = k[PRO_TITLE] ? read_text(&l->r, k[PRO_TITLE]) : p->id;
	p->title_en = read_text(&l->r, k[PRO_TITLE_EN]);
	p->note = read_text(&l->r, k[PRO_NOTE]);
	p->clause = read_texts(&l->r, k[PRO_CLAUSE]);
	p->pos = n->pos;
	l->procedure_when[i] = k[PRO_WHEN];
	l->seen_by[i] = k[PRO_SEEN_BY];
	l->bars[i] = k[PRO_BARS];
	for (const struct node *m = k[PRO_STEPS] ? k[PRO_STEPS]->first : NULL; m; m = m->next)
		declare_step(l, m, i);
}

/* Members of a list under `key`, in all the mappings of `list`, to have room before anything is read. */
static size_t count_below(const struct node *list, const char *key, const char *deeper)
{
	size_t n = 0;

	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		const struct node *below = member(m, key);

		if (below && below->type == NODE_SEQ)
			n += deeper ? count_below(below, deeper, NULL) : below->n;
	}
	return n;
}

static void declare_procedures(struct loader *l, const struct node *list)
{
	size_t p = list ? list->n : 0, s = count_below(list, "steps", NULL), i = count_below(list, "steps", "items");
	struct arena *a = l->r.arena;

	if (i > LOAD_MAX_ITEMS) {
		READ_FAULT(&l->r, list->pos, "%d items; at most %d.", "項目が%dあります（最大%d）。", (int)i, LOAD_MAX_ITEMS);
		list = NULL;
		p = s = i = 0;
	}
	l->plan->procedures = arena_alloc(a, (p + 1) * sizeof *l->plan->procedures);
	l->plan->steps = arena_alloc(a, (s + 1) * sizeof *l->plan->steps);
	l->plan->items = arena_alloc(a, (i + 1) * sizeof *l->plan->items);
	l->procedure_when = arena_alloc(a, (p + 1) * sizeof *l->procedure_when);
	l->seen_by = arena_alloc(a, (p + 1) * sizeof *l->seen_by);
	l->bars = arena_alloc(a, (p + 1) * sizeof *l->bars);
	l->step_when = arena_alloc(a, (s + 1) * sizeof *l->step_when);
	l->step_cond = arena_alloc(a, (s + 1) * sizeof *l->step_cond);
	l->item = arena_alloc(a, (i + 1) * sizeof *l->item);
	l->items = read_strings_new(&l->r, i);
	l->refs = read_strings_new(&l->r, p + s + i);
	l->ref_at = arena_alloc(a, (p + s + i + 1) * sizeof *l->ref_at);
	for (const struct node *m = list ? list->first : NULL; m; m = m->next)
		declare_procedure(l, m);
	if (list && !list->n)
		READ_FAULT(&l->r, list->pos, "The plan has no procedures.", "計画に手順書がありません。");
}

static void fill_procedures(struct loader *l)
{
	struct plan *plan = l->plan;

	for (size_t i = 0; i < plan->n_procedures; i++) {
		const struct cond *when = cond_parse(&l->scope, l->procedure_when[i]);

		plan->procedures[i].seen_by = load_form_roles(l, l->seen_by[i], NULL);
		plan->procedures[i].bars = load_form_roles(l, l->bars[i], NULL);
		for (size_t j = 0; j < plan->procedures[i].steps.n; j++) {
			int s = plan->procedures[i].steps.at[j];

			l->step_cond[s] = cond_both(l->r.arena, when, cond_parse(&l->scope, l->step_when[s]));
		}
	}
	for (size_t i = 0; i < plan->n_items; i++)
		load_item_fill(l, (int)i);
}

static void fill_head(struct loader *l, const struct node **top)
{
	struct plan_strings none = read_strings_new(&l->r, 1);

	l->plan->id = read_id(&l->r, top[TOP_PLAN], (struct noun){"plan", "計画"}, &none);
	l->plan->language = read_number(&l->r, top[TOP_LANGUAGE], 1, 1, 1);
	l->plan->title = top[TOP_TITLE] ? read_text(&l->r, top[TOP_TITLE]) : l->plan->id;
	l->plan->title_en = read_text(&l->r, top[TOP_TITLE_EN]);
	l->plan->edition = read_text(&l->r, top[TOP_EDITION]);
}

static void load_all(struct loader *l, const struct node *root, size_t errors)
{
	const struct node *top[COUNT(TOP)];

	if (!read_map(&l->r, root, (struct noun){"plan", "計画"}, TOP, COUNT(TOP), top))
		return;
	fill_head(l, top);
	declare_words(l, top);
	declare_procedures(l, top[TOP_PROCEDURES]);
	l->scope = (struct cond_scope){.reader = &l->r, .plan = l->plan, .facts = &l->facts, .roles = &l->roles, .items = &l->items};
	fill_roles(l, top[TOP_ROLES]);
	fill_bodies(l, top[TOP_BODIES]);
	fill_contacts(l, top[TOP_CONTACTS]);
	fill_named(l, top[TOP_LIMITS], LOAD_LIMIT, l->plan->limits);
	fill_named(l, top[TOP_MEASURES], (struct noun){"measure", "措置"}, l->plan->measures);
	fill_facts(l, top[TOP_FACTS]);
	fill_procedures(l);
	resolve_references(l);
	resolve_dims(l);
	resolve_lift(l);
	load_properties(l, top[TOP_PROPERTIES]);
	l->plan->sound = l->r.faults->n_errors == errors;
	check_plan(l);
	check_form(l);
	check_order(l);
	check_reach(l);
}

struct plan *load_plan_anyway(const char *file, const char *text, size_t len, struct plan_faults *faults)
{
	struct arena *arena = arena_new(0);
	struct loader l = {.r = {.arena = arena, .file = file, .faults = faults}};
	const struct node *root;
	size_t errors = faults->n_errors;

	l.plan = arena_alloc(arena, sizeof *l.plan);
	l.plan->arena = arena;
	root = node_parse(arena, file, text, len, faults);
	if (root && root->type == NODE_MAP) {
		load_all(&l, root, errors);
		return l.plan;
	}
	if (root)
		READ_FAULT(&l.r, root->pos, "A plan is a mapping that begins with 'plan: ID'.",
			"計画は「plan: id」で始まるキーと値の組です。");
	arena_free(arena);
	return NULL;
}

struct plan *plan_load(const char *file, const char *text, size_t len, struct plan_faults *faults)
{
	size_t before = faults->n_errors;
	struct plan *plan = load_plan_anyway(file, text, len, faults);

	if (faults->n_errors == before)
		return plan;
	plan_free(plan);
	return NULL;
}
