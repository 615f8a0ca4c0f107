/* What an item asks for and offers: fields, options, agenda, calls, and the roles named in them. */
#include "plan/load.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

int load_form_role(struct loader *l, const struct node *n, const char *const *allowed)
{
	struct plan_strings names;
	int role;

	if (!n || n->type != NODE_SCALAR)
		return ROLE_NONE;
	for (const char *const *a = allowed; a && *a; a++) {
		if (!strcmp(*a, n->text))
			return plan_role_find(l->plan, n->text);
	}
	if (plan_role_find(l->plan, n->text) < ROLE_NONE) {
		READ_FAULT(&l->r, n->pos, "'%s' cannot stand here. Name a role of the plan.",
			"「%s」はここには書けません。計画の役割を書いてください。", n->text);
		return ROLE_NONE;
	}
	names = read_strings_new(&l->r, l->roles.n + 4);
	for (size_t i = 0; i < l->roles.n; i++)
		names.at[names.n++] = l->roles.at[i];
	for (const char *const *a = allowed; a && *a; a++)
		names.at[names.n++] = *a;
	role = read_name(&l->r, n, LOAD_ROLE, &names);
	return role >= 0 && (size_t)role < l->roles.n ? role : ROLE_NONE;
}

struct plan_ints load_form_roles(struct loader *l, const struct node *list, const char *const *allowed)
{
	struct plan_ints roles = {NULL, 0};

	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		int role = load_form_role(l, m, allowed);

		if (role == ROLE_NONE)
			continue;
		if (read_ints_has(&roles, role))
			READ_FAULT(&l->r, m->pos, "Role '%s' stands twice in this list. Remove one.",
				"役割「%s」がこの並びに二度あります。一つ消してください。", m->text);
		else
			read_ints_add(&l->r, &roles, role);
	}
	return roles;
}

void load_form_damaged(struct loader *l, const struct node *name)
{
	int fact = name && name->type == NODE_SCALAR ? read_nearest_index(name->text, &l->facts) : -1;

	if (fact >= 0)
		l->damaged[fact] = true;
}

/* ---- options ---- */

enum { OPT_ID, OPT_TITLE, OPT_TITLE_EN, OPT_WHEN, OPT_CHECKS, OPT_GUIDE, OPT_ORDERS, OPT_RATIFIES, OPT_REOPENS };
static const struct key OPTION[] = {{"id", KEY_ID, true}, {"title", KEY_TEXT, false}, {"title_en", KEY_TEXT, false},
	{"when", KEY_TEXT, false}, {"checks", KEY_TEXTS, false}, {"guide", KEY_TEXTS, false}, {"orders", KEY_TEXT, false},
	{"ratifies", KEY_TEXT, false}, {"reopens", KEY_TEXTS, false}};

static const struct plan_value *value_of(const struct loader *l, int fact, const char *id)
{
	const struct plan_fact *f = &l->plan->facts[fact];

	for (size_t i = 0; i < f->n_values; i++) {
		if (!strcmp(f->values[i].id, id))
			return &f->values[i];
	}
	return NULL;
}

static void option_of_fact(struct loader *l, struct plan_option *o, int fact, struct plan_pos pos)
{
	const struct plan_value *v = value_of(l, fact, o->id);
	struct plan_strings names;

	if (v) {
		if (!o->title) {
			o->title = v->title;
			o->title_en = v->title_en;
		}
		if (!o->guide.n)
			o->guide = v->guide;
		return;
	}
	l->damaged[fact] = true;
	names = read_strings_new(&l->r, l->plan->facts[fact].n_values);
	for (size_t i = 0; i < l->plan->facts[fact].n_values; i++)
		names.at[names.n++] = l->plan->facts[fact].values[i].id;
	READ_FAULT2(&l->r, pos,
		(&l->r, "Option '%s' is no value of the fact '%s'%s.", o->id, l->plan->facts[fact].id,
			read_nearest(&l->r, o->id, &names, false)),
		(&l->r, "選択肢「%s」は判断事項「%s」の値にありません%s。", o->id, l->plan->facts[fact].id,
			read_nearest(&l->r, o->id, &names, true)));
}

static void fill_option(struct loader *l, const struct node *n, int fact, struct plan_strings *ids, struct plan_option *o)
{
	static const struct noun what = {"option", "選択肢"};
	const struct node *k[COUNT(OPTION)];

	read_map(&l->r, n, what, OPTION, COUNT(OPTION), k);
	o->pos = n->pos;
	o->id = read_id(&l->r, k[OPT_ID], what, ids);
	o->title = read_text(&l->r, k[OPT_TITLE]);
	o->title_en = read_text(&l->r, k[OPT_TITLE_EN]);
	o->when = cond_parse(&l->scope, k[OPT_WHEN]);
	o->checks = read_texts(&l->r, k[OPT_CHECKS]);
	o->guide = read_texts(&l->r, k[OPT_GUIDE]);
	o->orders = load_form_role(l, k[OPT_ORDERS], NULL);
	o->ratifies = load_form_role(l, k[OPT_RATIFIES], NULL);
	o->reopens = read_names(&l->r, k[OPT_REOPENS], LOAD_ITEM, &l->items);
	if (fact >= 0 && k[OPT_ID])
		option_of_fact(l, o, fact, k[OPT_ID]->pos);
	if (!o->title)
		o->title = o->id;
}

static struct plan_option *options_of_values(struct loader *l, int fact, struct plan_pos pos, size_t *n)
{
	const struct plan_fact *f = &l->plan->facts[fact];
	struct plan_option *options = arena_alloc(l->r.arena, (f->n_values + 1) * sizeof *options);

	for (size_t i = 0; i < f->n_values; i++) {
		const struct plan_value *v = &f->values[i];

		options[i] = (struct plan_option){.id = v->id,
			.title = v->title,
			.title_en = v->title_en,
			.guide = v->guide,
			.orders = ROLE_NONE,
			.ratifies = ROLE_NONE,
			.pos = pos};
	}
	*n = f->n_values;
	return options;
}

static struct plan_option *options(struct loader *l, const struct node *list, int fact, size_t *n)
{
	struct plan_option *all = arena_alloc(l->r.arena, (list->n + 1) * sizeof *all);
	struct plan_strings ids = read_strings_new(&l->r, list->n);

	*n = 0;
	for (const struct node *m = list->first; m; m = m->next)
		fill_option(l, m, fact, &ids, &all[(*n)++]);
	if (!*n)
		READ_FAULT(&l->r, list->pos, "The list of options is empty. Give at least one.",
			"選択肢が一つもありません。少なくとも一つ書いてください。");
	return all;
}

/* ---- fields ---- */

enum { FLD_ID, FLD_TITLE, FLD_TITLE_EN, FLD_TYPE, FLD_OPTIONAL, FLD_UNKNOWN, FLD_SETS, FLD_OPTIONS, FLD_EXTENT };
static const struct key FIELD[] = {{"id", KEY_ID, true}, {"title", KEY_TEXT, false}, {"title_en", KEY_TEXT, false},
	{"type", KEY_TEXT, true}, {"optional", KEY_BOOL, false}, {"unknown", KEY_BOOL, false}, {"sets", KEY_TEXT, false},
	{"options", KEY_MAPS, false}, {"extent", KEY_BOOL, false}};
static const char *const TYPES[] = {"text", "time", "choice", "number", "place", "files"}; /* in the order of enum plan_field_type */

static void fill_choice(struct loader *l, const struct node **k, struct plan_field *f)
{
	if (f->type != FIELD_CHOICE) {
		load_form_damaged(l, k[FLD_SETS]);
		if (k[FLD_OPTIONS])
			READ_FAULT(&l->r, k[FLD_OPTIONS]->key->pos, "Only 'type: choice' has options.",
				"選択肢（options）は type: choice の欄だけに書けます。");
		if (k[FLD_SETS])
			READ_FAULT(&l->r, k[FLD_SETS]->key->pos, "Only 'type: choice' sets a fact.",
				"判断事項（sets）は type: choice の欄だけに書けます。");
		return;
	}
	if (k[FLD_OPTIONS])
		f->options = options(l, k[FLD_OPTIONS], f->sets, &f->n_options);
	else if (f->sets >= 0)
		f->options = options_of_values(l, f->sets, f->pos, &f->n_options);
	else if (!k[FLD_SETS])
		READ_FAULT(&l->r, f->pos, "A choice needs 'options', or 'sets: FACT' whose values it offers.",
			"choice の欄には options か、値を選択肢とする sets: 判断事項 が必要です。");
}

static void fill_field(struct loader *l, const struct node *n, struct plan_strings *ids, struct plan_field *f)
{
	static const struct noun what = {"field", "欄"};
	const struct node *k[COUNT(FIELD)];
	int type;

	read_map(&l->r, n, what, FIELD, COUNT(FIELD), k);
	f->pos = n->pos;
	f->id = read_id(&l->r, k[FLD_ID], what, ids);
	f->title = read_text(&l->r, k[FLD_TITLE]);
	f->title_en = read_text(&l->r, k[FLD_TITLE_EN]);
	type = read_word(&l->r, k[FLD_TYPE], TYPES, COUNT(TYPES));
	f->type = type >= 0 ? (enum plan_field_type)type : FIELD_TEXT;
	f->optional = read_bool(k[FLD_OPTIONAL], false);
	f->unknown = read_bool(k[FLD_UNKNOWN], false);
	f->extent = read_bool(k[FLD_EXTENT], false);
	f->sets = read_name(&l->r, k[FLD_SETS], LOAD_FACT, &l->facts);
	if (f->sets < 0)
		load_form_damaged(l, k[FLD_SETS]);
	if (f->sets >= 0 && !f->title) {
		f->title = l->plan->facts[f->sets].title;
		f->title_en = l->plan->facts[f->sets].title_en;
	}
	if (!f->title)
		f->title = f->id;
	if (type >= 0)
		fill_choice(l, k, f);
}

struct plan_field *load_form_fields(struct loader *l, const struct node *list, size_t *n)
{
	struct plan_field *all;
	struct plan_strings ids;

	*n = 0;
	if (!list)
		return NULL;
	all = arena_alloc(l->r.arena, (list->n + 1) * sizeof *all);
	ids = read_strings_new(&l->r, list->n);
	for (const struct node *m = list->first; m; m = m->next)
		fill_field(l, m, &ids, &all[(*n)++]);
	return all;
}

/* ---- agenda ---- */

enum { AGE_ID, AGE_TITLE, AGE_TITLE_EN, AGE_CONTENTS, AGE_OPTIONS };
static const struct key AGENDA[] = {{"id", KEY_ID, true}, {"title", KEY_TEXT, true}, {"title_en", KEY_TEXT, false},
	{"contents", KEY_TEXTS, false}, {"options", KEY_MAPS, false}};

struct plan_agenda *load_form_agenda(struct loader *l, const struct node *list, size_t *n)
{
	static const struct noun what = {"agenda item", "議題"};
	struct plan_agenda *all;
	struct plan_strings ids;

	*n = 0;
	if (!list)
		return NULL;
	all = arena_alloc(l->r.arena, (list->n + 1) * sizeof *all);
	ids = read_strings_new(&l->r, list->n);
	for (const struct node *m = list->first; m; m = m->next) {
		struct plan_agenda *a = &all[(*n)++];
		const struct node *k[COUNT(AGENDA)];

		read_map(&l->r, m, what, AGENDA, COUNT(AGENDA), k);
		a->pos = m->pos;
		a->id = read_id(&l->r, k[AGE_ID], what, &ids);
		a->title = k[AGE_TITLE] ? read_text(&l->r, k[AGE_TITLE]) : a->id;
		a->title_en = read_text(&l->r, k[AGE_TITLE_EN]);
		a->contents = read_texts(&l->r, k[AGE_CONTENTS]);
		if (k[AGE_OPTIONS])
			a->options = options(l, k[AGE_OPTIONS], -1, &a->n_options);
	}
	return all;
}

/* ---- calls ---- */

enum { CALL_BODIES, CALL_NEED, CALL_EXTEND, CALL_OPTIONAL, CALL_FORM };
static const struct key CALLS[] = {{"bodies", KEY_TEXTS, false}, {"need", KEY_TEXT, false}, {"extend", KEY_BOOL, false},
	{"optional", KEY_BOOL, false}, {"form", KEY_MAPS, false}};
static const char *const NEED[] = {"all", "any"};

void load_form_calls(struct loader *l, const struct node *n, struct plan_calls *c)
{
	const struct node *k[COUNT(CALLS)];

	if (!n)
		return;
	read_map(&l->r, n, (struct noun){"'calls'", "calls"}, CALLS, COUNT(CALLS), k);
	c->present = true;
	c->bodies = read_names(&l->r, k[CALL_BODIES], LOAD_BODY, &l->bodies);
	c->all = read_word(&l->r, k[CALL_NEED], NEED, COUNT(NEED)) != 1;
	c->extend = read_bool(k[CALL_EXTEND], false);
	c->optional = read_bool(k[CALL_OPTIONAL], false);
	c->form = load_form_fields(l, k[CALL_FORM], &c->n_form);
	if ((!k[CALL_BODIES] || !k[CALL_BODIES]->n) && !c->extend)
		READ_FAULT(&l->r, n->key->pos, "'calls' names nobody to call: give 'bodies' or 'extend: true'.",
			"calls に連絡先がありません。bodies を書くか extend: true としてください。");
}
