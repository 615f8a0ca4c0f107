#include "plan/site_edit.h"

#include <stdlib.h>
#include <string.h>

#include "plan/node_edit.h"
#include "plan/read.h"

struct site_text {
	struct reader r;
	const char *text;
	size_t len;
	const struct node *root;
	struct node_edit edit;
};

static bool equal(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* ---- the text as it is ---- */

static const struct node *member(const struct node *map, const char *key)
{
	for (const struct node *m = map && map->type == NODE_MAP ? map->first : NULL; m; m = m->next)
		if (!strcmp(m->key->text, key))
			return m;
	return NULL;
}

static const char *said(const struct node *map, const char *key)
{
	const struct node *m = member(map, key);

	return m && m->type == NODE_SCALAR ? m->text : NULL;
}

/* The member of a list of mappings in which that key has that value. */
static const struct node *entry(const struct node *list, const char *key, const char *value)
{
	for (const struct node *m = list && list->type == NODE_SEQ ? list->first : NULL; m; m = m->next)
		if (said(m, key) && !strcmp(said(m, key), value))
			return m;
	return NULL;
}

static bool open_text(struct site_text *t, const char *file, const char *text, size_t len, struct plan_faults *faults)
{
	*t = (struct site_text){.r = {.arena = arena_new(0), .file = file, .faults = faults}, .text = text, .len = len};
	t->root = node_parse(t->r.arena, file, text, len, faults);
	node_edit_init(&t->edit, t->r.arena, text, len);
	return t->root && !faults->n_errors;
}

static void beyond(struct site_text *t, struct plan_pos pos)
{
	READ_FAULT(&t->r, pos,
		"This place is written in a way that cannot be changed here. Change the file and load it (renraku site load).",
		"ここの書き方のままでは、画面から変更できません。ファイルを直して読み込んでください（renraku site load）。");
}

/* The new text when `says` finds in it what was wanted; everything of the edit goes. */
static bool close_text(struct site_text *t, struct plan_pos pos, const void *wanted, bool (*says)(const struct site *, const void *),
	struct site_edited *out)
{
	size_t len = 0;
	char *text = t->r.faults->n_errors ? NULL : node_edit_apply(&t->edit, &len);
	struct site *site = text ? site_load(t->r.file, text, len, t->r.faults) : NULL;
	bool good = site && says(site, wanted);

	*out = (struct site_edited){0};
	if (good) {
		*out = (struct site_edited){.text = xmalloc(len + 1), .len = len, .site = site};
		memcpy(out->text, text, len + 1);
	} else {
		if (!t->r.faults->n_errors)
			beyond(t, pos);
		site_free(site);
	}
	arena_free(t->r.arena);
	return good;
}

static bool give_up(struct site_text *t)
{
	arena_free(t->r.arena);
	return false;
}

/* ---- holders ---- */

int site_edit_entry(const struct site *s, const struct site_edit_holders *w)
{
	int found = -1;
	size_t n = 0;

	for (size_t i = 0; i < s->n_holders; i++) {
		const struct site_holder *h = &s->holders[i];

		if (strcmp(h->role, w->role) != 0 || (w->section && !equal(h->section, w->section)) ||
			(w->organisation && !equal(h->organisation, w->organisation)))
			continue;
		if (equal(h->section, w->section) && equal(h->organisation, w->organisation))
			return (int)i;
		found = (int)i;
		n++;
	}
	return n > 1 ? -2 : found;
}

static const char *mays(struct arena *arena, unsigned may)
{
	static const char *const NAMES[] = {"acknowledge", "enter", "decide"}; /* bit i of enum site_may */
	const char *text = "";

	for (unsigned i = 0; i < 3; i++)
		if (may & 1U << i)
			text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "", NAMES[i]);
	return text;
}

static unsigned all_for_none(unsigned may)
{
	return may == 0 ? MAY_ALL : may;
}

static const char *means_person(struct arena *arena, const struct node *n)
{
	(void)arena;
	return n->type == NODE_SCALAR ? n->text : "";
}

/* "PERSON" or "PERSON: acknowledge, enter". */
static const char *deputy_means(struct arena *arena, const char *person, unsigned may)
{
	return may == MAY_ALL ? arena_strdup(arena, person) : arena_printf(arena, "%s: %s", person, mays(arena, may));
}

static const char *means_deputy(struct arena *arena, const struct node *n)
{
	const struct node *list = member(n, "may");
	unsigned may = list ? 0 : MAY_ALL;

	if (n->type == NODE_SCALAR)
		return n->text;
	for (const struct node *m = list ? list->first : NULL; m; m = m->next)
		for (unsigned bit = MAY_ACKNOWLEDGE; m->type == NODE_SCALAR && bit <= MAY_DECIDE; bit <<= 1)
			if (!strcmp(m->text, mays(arena, bit)))
				may |= bit;
	return said(n, "person") ? deputy_means(arena, said(n, "person"), may) : "";
}

static struct node_edit_member *person_members(struct arena *arena, const struct site_edit_holders *w)
{
	struct node_edit_member *out = arena_alloc(arena, (w->n_persons + 1) * sizeof *out);

	for (size_t i = 0; i < w->n_persons; i++)
		out[i] = (struct node_edit_member){node_edit_scalar(arena, w->persons[i]), w->persons[i]};
	return out;
}

static struct node_edit_member *deputy_members(struct arena *arena, const struct site_edit_holders *w)
{
	struct node_edit_member *out = arena_alloc(arena, (w->n_deputies + 1) * sizeof *out);

	for (size_t i = 0; i < w->n_deputies; i++) {
		const char *person = node_edit_scalar(arena, w->deputies[i].person);
		unsigned may = all_for_none(w->deputies[i].may);

		out[i].means = deputy_means(arena, w->deputies[i].person, may);
		out[i].yaml = may == MAY_ALL ? person : arena_printf(arena, "{person: %s, may: [%s]}", person, mays(arena, may));
	}
	return out;
}

static const char *listed(struct arena *arena, const struct node_edit_member *members, size_t n)
{
	const char *text = "[";

	for (size_t i = 0; i < n; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", members[i].yaml);
	return arena_printf(arena, "%s]", text);
}

static void new_holders(struct site_text *t, const struct node *list, const struct site_edit_holders *w)
{
	struct arena *a = t->r.arena;
	const char *text = arena_printf(a, "{role: %s", node_edit_scalar(a, w->role));

	if (w->section)
		text = arena_printf(a, "%s, section: %s", text, node_edit_scalar(a, w->section));
	if (w->organisation)
		text = arena_printf(a, "%s, organisation: %s", text, node_edit_scalar(a, w->organisation));
	text = arena_printf(a, "%s, persons: %s", text, listed(a, person_members(a, w), w->n_persons));
	if (w->n_deputies)
		text = arena_printf(a, "%s, deputies: %s", text, listed(a, deputy_members(a, w), w->n_deputies));
	node_edit_append(&t->edit, list, arena_printf(a, "%s}", text));
}

static void change_holders(struct site_text *t, const struct node *m, const struct site_edit_holders *w)
{
	struct arena *a = t->r.arena;
	const struct node *persons = member(m, "persons"), *deputies = member(m, "deputies"), *role = member(m, "role");
	struct node_edit_member *standing_in = deputy_members(a, w);

	node_edit_list(&t->edit, persons, person_members(a, w), w->n_persons, means_person);
	if (deputies)
		node_edit_list(&t->edit, deputies, standing_in, w->n_deputies, means_deputy);
	else if (w->n_deputies) /* in a block behind the role: the last line of the persons may go */
		node_edit_key(&t->edit, m, m->flow ? persons : role, "deputies", listed(a, standing_in, w->n_deputies));
}

static bool same_persons(const struct site *s, const struct plan_ints *persons, const struct site_edit_holders *w)
{
	if (persons->n != w->n_persons)
		return false;
	for (size_t i = 0; i < w->n_persons; i++)
		if (strcmp(s->persons[persons->at[i]].id, w->persons[i]) != 0)
			return false;
	return true;
}

static bool says_holders(const struct site *s, const void *wanted)
{
	const struct site_edit_holders *w = wanted;
	const struct site_group *group = site_group_find(s, w->role);
	int i = group ? -1 : site_edit_entry(s, w);

	if (group)
		return same_persons(s, &group->members, w);
	if (i < 0 || !same_persons(s, &s->holders[i].persons, w) || s->holders[i].n_deputies != w->n_deputies)
		return false;
	for (size_t k = 0; k < w->n_deputies; k++) {
		const struct site_deputy *d = &s->holders[i].deputies[k];

		if (strcmp(s->persons[d->person].id, w->deputies[k].person) != 0 || d->may != all_for_none(w->deputies[k].may))
			return false;
	}
	return true;
}

static const struct node *nth(const struct node *list, int n)
{
	const struct node *m = list->first;

	while (n-- > 0)
		m = m->next;
	return m;
}

bool site_edit_holders(const struct site *now, const char *file, const char *text, size_t len, const struct site_edit_holders *w,
	struct plan_faults *faults, struct site_edited *out)
{
	bool group = site_group_find(now, w->role);
	int which = group ? -1 : site_edit_entry(now, w);
	const struct node *list, *m;
	struct site_text t;

	if (!open_text(&t, file, text, len, faults))
		return give_up(&t);
	list = member(t.root, group ? "groups" : "holders");
	m = group ? entry(list, "role", w->role) : which >= 0 ? nth(list, which) : NULL;
	if (which == -2)
		READ_FAULT(&t.r, list->key->pos, "'%s' stands several times: say for which section.",
			"「%s」は複数あります。どの課のものか指定してください。", w->role);
	else if (group)
		node_edit_list(&t.edit, member(m, "members"), person_members(t.r.arena, w), w->n_persons, means_person);
	else if (m)
		change_holders(&t, m, w);
	else
		new_holders(&t, list, w);
	return close_text(&t, m ? m->pos : list->key->pos, w, says_holders, out);
}

/* ---- persons ---- */

static const char *number_means(struct arena *arena, const char *number, const char *label, bool private_number)
{
	return arena_printf(arena, "tel %s %d %s", number, private_number, label ? label : "");
}

static const char *means_reach(struct arena *arena, const struct node *n)
{
	const char *via = said(n, "via"), *number = said(n, "number");

	if (!via || strcmp(via, "tel") != 0 || !number)
		return via ? via : "";
	return number_means(arena, number, said(n, "label"), said(n, "private") && !strcmp(said(n, "private"), "true"));
}

static const char *number_yaml(struct arena *a, const struct site_edit_number *w)
{
	const char *text = arena_printf(a, "{via: tel, number: %s", node_edit_scalar(a, w->number));

	if (w->label)
		text = arena_printf(a, "%s, label: %s", text, node_edit_scalar(a, w->label));
	return arena_printf(a, "%s%s}", text, w->private_number ? ", private: true" : "");
}

/* The sign-in keeps its place among the numbers, as far as there are so many. */
static struct node_edit_member *reach_members(struct arena *a, const struct node *list, const struct site_edit_person *w, size_t *n)
{
	struct node_edit_member *out = arena_alloc(a, (w->n_numbers + 2) * sizeof *out);
	size_t place = 0, i = 0;

	for (const struct node *m = list ? list->first : NULL; m; m = m->next, i++)
		if (!strcmp(means_reach(a, m), "login"))
			place = i;
	*n = 0;
	for (i = 0; i < w->n_numbers || (w->login && i <= w->n_numbers); i++) {
		if (w->login && *n == i && (i == place || i == w->n_numbers))
			out[(*n)++] = (struct node_edit_member){"{via: login}", "login"};
		if (i < w->n_numbers)
			out[(*n)++] = (struct node_edit_member){number_yaml(a, &w->numbers[i]),
				number_means(a, w->numbers[i].number, w->numbers[i].label, w->numbers[i].private_number)};
	}
	return out;
}

static void new_person(struct site_text *t, const struct node *list, const struct site_edit_person *w)
{
	struct arena *a = t->r.arena;
	size_t n;
	const struct node_edit_member *reach = reach_members(a, NULL, w, &n);
	const char *text = arena_printf(a, "{id: %s, name: %s", node_edit_scalar(a, w->id), node_edit_scalar(a, w->name ? w->name : w->id));

	if (w->name_en)
		text = arena_printf(a, "%s, name_en: %s", text, node_edit_scalar(a, w->name_en));
	if (w->administrator)
		text = arena_printf(a, "%s, administrator: true", text);
	node_edit_append(&t->edit, list, arena_printf(a, "%s, reach: %s}", text, listed(a, reach, n)));
}

static void change_text(struct site_text *t, const struct node *m, const char *key, const char *now, const char *yaml)
{
	const struct node *value = member(m, key);

	if (!value)
		node_edit_key(&t->edit, m, member(m, "name"), key, yaml);
	else if (!equal(value->text, now))
		node_edit_value(&t->edit, value, yaml);
}

static void change_person(struct site_text *t, const struct node *m, const struct site_edit_person *w)
{
	struct arena *a = t->r.arena;
	const struct node *reach = member(m, "reach");
	size_t n;
	const struct node_edit_member *members = reach_members(a, reach, w, &n);

	if (w->name)
		change_text(t, m, "name", w->name, node_edit_scalar(a, w->name));
	if (w->name_en)
		change_text(t, m, "name_en", w->name_en, node_edit_scalar(a, w->name_en));
	if (w->administrator || member(m, "administrator"))
		change_text(t, m, "administrator", w->administrator ? "true" : "false", w->administrator ? "true" : "false");
	node_edit_list(&t->edit, reach, members, n, means_reach);
}

static bool says_person(const struct site *s, const void *wanted)
{
	const struct site_edit_person *w = wanted;
	int i = site_person_find(s, w->id);
	const struct site_person *p = i >= 0 ? &s->persons[i] : NULL;

	if (!p || p->login != w->login || p->administrator != w->administrator || p->n_tels != w->n_numbers ||
		(w->name && !equal(p->name, w->name)) || (w->name_en && !equal(p->name_en, w->name_en)))
		return false;
	for (size_t k = 0; k < w->n_numbers; k++)
		if (!equal(p->tels[k].number, w->numbers[k].number) || !equal(p->tels[k].label, w->numbers[k].label) ||
			p->tels[k].private_number != w->numbers[k].private_number)
			return false;
	return true;
}

bool site_edit_person(const char *file, const char *text, size_t len, const struct site_edit_person *w, struct plan_faults *faults,
	struct site_edited *out)
{
	const struct node *list, *m;
	struct site_text t;

	if (!open_text(&t, file, text, len, faults))
		return give_up(&t);
	list = member(t.root, "persons");
	m = entry(list, "id", w->id);
	if (m)
		change_person(&t, m, w);
	else if (w->name)
		new_person(&t, list, w);
	else
		READ_FAULT(&t.r, list->key->pos, "'%s' is a new person and needs a name.", "「%s」は新しい人です。氏名が必要です。", w->id);
	return close_text(&t, m ? m->pos : list->key->pos, w, says_person, out);
}
