/* A site's text to structs. Names of persons, sections and terminals are settled here; roles and bodies belong to the plan (check_site.c).
 */
#include "plan/site.h"

#include <stdlib.h>
#include <string.h>

#include "plan/load.h"
#include "plan/site_value.h"
#include "plan/tel.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct noun PERSON_NOUN = {"person", "職員"}, SECTION_NOUN = {"section", "課"};

struct site_loader {
	struct reader r;
	struct site *site;
	struct plan_strings persons;
};

enum {
	TOP_SITE,
	TOP_PLAN,
	TOP_TITLE,
	TOP_SECTIONS,
	TOP_PERSONS,
	TOP_HOLDERS,
	TOP_GROUPS,
	TOP_TERMINALS,
	TOP_PLACES,
	TOP_CONTACTS,
	TOP_CALENDAR,
	TOP_LIMITS,
	TOP_RETENTION,
	TOP_REMINDERS,
	TOP_PRIVATE,
	TOP_CONNECTION_TEST
};
static const struct key TOP[] = {{"site", KEY_ID, true}, {"plan", KEY_TEXT, true}, {"title", KEY_TEXT, false},
	{"sections", KEY_MAPS, false}, {"persons", KEY_MAPS, true}, {"holders", KEY_MAPS, true}, {"groups", KEY_MAPS, false},
	{"terminals", KEY_MAPS, true}, {"places", KEY_TEXTS, false}, {"contacts", KEY_MAPS, false}, {"calendar", KEY_MAP, false},
	{"limits", KEY_MAPS, false}, {"retention", KEY_MAP, false}, {"reminders", KEY_MAP, false}, {"private_to", KEY_TEXTS, false},
	{"connection_test", KEY_MAP, false}};

/* ---- sections ---- */

static void fill_sections(struct site_loader *l, const struct node *list)
{
	static const struct key SECTION[] = {{"id", KEY_ID, true}, {"title", KEY_TEXT, false}};

	l->site->sections = read_strings_new(&l->r, list ? list->n : 0);
	l->site->section_titles = read_strings_new(&l->r, list ? list->n : 0);
	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		const struct node *k[COUNT(SECTION)];
		const char *id;

		read_map(&l->r, m, SECTION_NOUN, SECTION, COUNT(SECTION), k);
		id = read_id(&l->r, k[0], SECTION_NOUN, &l->site->sections);
		l->site->section_titles.at[l->site->section_titles.n++] = k[1] ? k[1]->text : id;
	}
}

static const char *section_of(struct site_loader *l, const struct node *n)
{
	if (n)
		read_name(&l->r, n, SECTION_NOUN, &l->site->sections);
	return read_text(&l->r, n);
}

/* ---- persons ---- */

enum { REA_VIA, REA_NUMBER, REA_LABEL, REA_PRIVATE };
static const struct key REACH[] = {
	{"via", KEY_TEXT, true}, {"number", KEY_TEXT, false}, {"label", KEY_TEXT, false}, {"private", KEY_BOOL, false}};
static const char *const VIAS[] = {"login", "tel"};

static void fill_reach(struct site_loader *l, const struct node *list, struct site_person *p)
{
	p->tels = arena_alloc(l->r.arena, ((list ? list->n : 0) + 1) * sizeof *p->tels);
	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		const struct node *k[COUNT(REACH)];
		int via;

		read_map(&l->r, m, (struct noun){"way to reach a person", "連絡方法"}, REACH, COUNT(REACH), k);
		via = read_word(&l->r, k[REA_VIA], VIAS, COUNT(VIAS));
		if (via == 0)
			p->login = true;
		if (via != 1)
			continue;
		if (!k[REA_NUMBER]) {
			READ_FAULT(&l->r, m->pos, "'via: tel' needs a 'number'.", "via: tel には number（電話番号）が必要です。");
			continue;
		}
		p->tels[p->n_tels++] = (struct site_tel){.number = tel_number(&l->r, k[REA_NUMBER]),
			.label = read_text(&l->r, k[REA_LABEL]),
			.private_number = read_bool(k[REA_PRIVATE], false)};
	}
}

enum { PER_ID, PER_NAME, PER_NAME_EN, PER_REACH, PER_ADMINISTRATOR };
static const struct key PERSON[] = {{"id", KEY_ID, true}, {"name", KEY_TEXT, true}, {"name_en", KEY_TEXT, false}, {"reach", KEY_MAPS, true},
	{"administrator", KEY_BOOL, false}};

static void fill_persons(struct site_loader *l, const struct node *list)
{
	l->persons = read_strings_new(&l->r, list ? list->n : 0);
	l->site->persons = arena_alloc(l->r.arena, ((list ? list->n : 0) + 1) * sizeof *l->site->persons);
	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		struct site_person *p = &l->site->persons[l->site->n_persons++];
		const struct node *k[COUNT(PERSON)];

		read_map(&l->r, m, PERSON_NOUN, PERSON, COUNT(PERSON), k);
		p->pos = m->pos;
		p->id = read_id(&l->r, k[PER_ID], PERSON_NOUN, &l->persons);
		p->name = k[PER_NAME] ? read_text(&l->r, k[PER_NAME]) : p->id;
		p->name_en = read_text(&l->r, k[PER_NAME_EN]);
		p->administrator = read_bool(k[PER_ADMINISTRATOR], false);
		fill_reach(l, k[PER_REACH], p);
		if (k[PER_REACH] && !p->login && !p->n_tels)
			READ_FAULT(&l->r, k[PER_REACH]->key->pos,
				"%s can be reached neither by sign-in nor by telephone. Add {via: login} or {via: tel, number: …}.",
				"%s さんには画面でも電話でも連絡できません。{via: login} か {via: tel, number: …} を書いてください。",
				p->name);
	}
}

/* ---- holders and groups ---- */

enum { DEP_PERSON, DEP_MAY };
static const struct key DEPUTY[] = {{"person", KEY_TEXT, true}, {"may", KEY_TEXTS, false}};
static const char *const MAYS[] = {"acknowledge", "enter", "decide"}; /* bit i of enum site_may */

static unsigned may_of(struct site_loader *l, const struct node *list)
{
	unsigned may = list ? 0 : MAY_ALL;

	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		struct node named = *m;
		int word;

		named.key = list->key;
		word = read_word(&l->r, &named, MAYS, COUNT(MAYS));
		if (word >= 0)
			may |= 1U << word;
	}
	return may;
}

static void fill_deputies(struct site_loader *l, const struct node *list, struct site_holder *h)
{
	h->deputies = arena_alloc(l->r.arena, ((list ? list->n : 0) + 1) * sizeof *h->deputies);
	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		struct site_deputy d = {.person = -1, .may = MAY_ALL};
		const struct node *k[COUNT(DEPUTY)], *who = m;

		if (m->type == NODE_MAP) {
			read_map(&l->r, m, (struct noun){"deputy", "代理"}, DEPUTY, COUNT(DEPUTY), k);
			who = k[DEP_PERSON];
			d.may = may_of(l, k[DEP_MAY]);
		} else if (m->type != NODE_SCALAR) {
			READ_FAULT(&l->r, m->pos, "A deputy is a person's id or {person: ID, may: […]}.",
				"代理は職員のidか {person: id, may: […]} です。");
			continue;
		}
		d.person = read_name(&l->r, who, PERSON_NOUN, &l->persons);
		if (d.person < 0)
			continue;
		if (read_ints_has(&h->persons, d.person))
			READ_FAULT(&l->r, m->pos, "%s holds this role and cannot be the deputy too.",
				"%s さんはこの役割の本人で、代理にはなれません。", l->site->persons[d.person].name);
		for (size_t i = 0; i < h->n_deputies; i++) {
			if (h->deputies[i].person == d.person)
				READ_FAULT(&l->r, m->pos, "%s stands twice among the deputies. Keep the place in the order that is meant.",
					"%s さんが代理に二度あります。順番の正しい方を残してください。", l->site->persons[d.person].name);
		}
		h->deputies[h->n_deputies++] = d;
	}
}

enum { HOL_ROLE, HOL_SECTION, HOL_PERSONS, HOL_DEPUTIES, HOL_ORGANISATION };
static const struct key HOLDER[] = {{"role", KEY_TEXT, true}, {"section", KEY_TEXT, false}, {"persons", KEY_TEXTS, true},
	{"deputies", KEY_ANY, false}, {"organisation", KEY_TEXT, false}};

static bool same_seat(const struct site_holder *a, const struct site_holder *b)
{
	return !strcmp(a->role, b->role) && !strcmp(a->section ? a->section : "", b->section ? b->section : "");
}

static void fill_holder(struct site_loader *l, const struct node *m, struct site_holder *h)
{
	const struct node *k[COUNT(HOLDER)];

	read_map(&l->r, m, (struct noun){"holder", "担当"}, HOLDER, COUNT(HOLDER), k);
	h->pos = k[HOL_ROLE] ? k[HOL_ROLE]->pos : m->pos;
	h->role = k[HOL_ROLE] ? k[HOL_ROLE]->text : "?";
	h->section = section_of(l, k[HOL_SECTION]);
	h->organisation = read_text(&l->r, k[HOL_ORGANISATION]);
	h->persons = read_names(&l->r, k[HOL_PERSONS], PERSON_NOUN, &l->persons);
	if (k[HOL_PERSONS] && !k[HOL_PERSONS]->n)
		READ_FAULT(&l->r, k[HOL_PERSONS]->pos, "Nobody holds '%s'. Name at least one person.",
			"「%s」の担当者がいません。少なくとも一人書いてください。", h->role);
	if (k[HOL_DEPUTIES] && k[HOL_DEPUTIES]->type != NODE_SEQ)
		READ_FAULT(
			&l->r, k[HOL_DEPUTIES]->pos, "'deputies' must be a list [a, b].", "deputies は並び [a, b] でなければなりません。");
	else
		fill_deputies(l, k[HOL_DEPUTIES], h);
}

static void fill_holders(struct site_loader *l, const struct node *list)
{
	struct site *s = l->site;

	s->holders = arena_alloc(l->r.arena, ((list ? list->n : 0) + 1) * sizeof *s->holders);
	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		struct site_holder *h = &s->holders[s->n_holders];

		fill_holder(l, m, h);
		for (size_t i = 0; i < s->n_holders; i++) {
			if (same_seat(&s->holders[i], h))
				READ_FAULT(&l->r, h->pos, "Role '%s' is held already on line %d. Put all its persons into one entry.",
					"役割「%s」の担当は既に%d行目にあります。一つにまとめてください。", h->role,
					s->holders[i].pos.line);
		}
		s->n_holders++;
	}
}

enum { GRO_ROLE, GRO_CHAIR, GRO_MEMBERS, GRO_QUORUM, GRO_RECORDER };
static const struct key GROUP[] = {{"role", KEY_TEXT, true}, {"chair", KEY_TEXT, false}, {"members", KEY_TEXTS, true},
	{"quorum", KEY_TEXT, true}, {"recorder", KEY_TEXT, false}};

static void fill_groups(struct site_loader *l, const struct node *list)
{
	struct site *s = l->site;

	s->groups = arena_alloc(l->r.arena, ((list ? list->n : 0) + 1) * sizeof *s->groups);
	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		struct site_group *g = &s->groups[s->n_groups];
		const struct node *k[COUNT(GROUP)];

		read_map(&l->r, m, (struct noun){"group", "会議体"}, GROUP, COUNT(GROUP), k);
		g->pos = k[GRO_ROLE] ? k[GRO_ROLE]->pos : m->pos;
		g->role = k[GRO_ROLE] ? k[GRO_ROLE]->text : "?";
		g->chair = read_text(&l->r, k[GRO_CHAIR]);
		g->members = read_names(&l->r, k[GRO_MEMBERS], PERSON_NOUN, &l->persons);
		g->quorum = read_number(&l->r, k[GRO_QUORUM], 1, 1000, 1);
		g->recorder = read_name(&l->r, k[GRO_RECORDER], PERSON_NOUN, &l->persons);
		if (k[GRO_MEMBERS] && k[GRO_QUORUM] && g->quorum > (int)k[GRO_MEMBERS]->n)
			READ_FAULT(&l->r, k[GRO_QUORUM]->pos, "Quorum %d is more than the %d members: no meeting could ever begin.",
				"定足数%dが構成員数%dを超えており、会議が成立しません。", g->quorum, (int)k[GRO_MEMBERS]->n);
		for (size_t i = 0; i < s->n_groups; i++) {
			if (!strcmp(s->groups[i].role, g->role))
				READ_FAULT(&l->r, g->pos, "Group '%s' is there already. Keep one.",
					"会議体「%s」は既にあります。一つにしてください。", g->role);
		}
		s->n_groups++;
	}
}

/* ---- terminals, contacts ---- */

enum { TER_ID, TER_PLACE, TER_SECTION };
static const struct key TERMINAL[] = {{"id", KEY_ID, true}, {"place", KEY_TEXT, true}, {"section", KEY_TEXT, false}};

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct site_terminal *)a)->id, ((const struct site_terminal *)b)->id);
}

static void fill_terminals(struct site_loader *l, const struct node *list)
{
	struct site *s = l->site;

	s->terminals = arena_alloc(l->r.arena, ((list ? list->n : 0) + 1) * sizeof *s->terminals);
	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		struct site_terminal *t = &s->terminals[s->n_terminals++];
		const struct node *k[COUNT(TERMINAL)];
		struct plan_strings alone = read_strings_new(&l->r, 1);

		read_map(&l->r, m, (struct noun){"terminal", "端末"}, TERMINAL, COUNT(TERMINAL), k);
		t->pos = k[TER_ID] ? k[TER_ID]->pos : m->pos;
		t->id = read_id(&l->r, k[TER_ID], (struct noun){"terminal", "端末"}, &alone);
		t->place = k[TER_PLACE] ? k[TER_PLACE]->text : t->id;
		t->section = section_of(l, k[TER_SECTION]);
	}
	/* Sorted, since a big office has thousands of them and each connection asks for one. */
	qsort(s->terminals, s->n_terminals, sizeof *s->terminals, by_id);
	for (size_t i = 1; i < s->n_terminals; i++) {
		const struct site_terminal *a = &s->terminals[i - 1], *b = &s->terminals[i];

		if (!strcmp(a->id, b->id)) {
			bool later = b->pos.line > a->pos.line || (b->pos.line == a->pos.line && b->pos.column > a->pos.column);

			READ_FAULT(&l->r, later ? b->pos : a->pos, "Terminal '%s' is there already (line %d). Each id may stand once.",
				"端末「%s」は既にあります（%d行目）。idは一度だけ使えます。", b->id, later ? a->pos.line : b->pos.line);
		}
	}
}

enum { CON_BODY, CON_TEL, CON_HOURS, CON_VERIFIED, CON_TITLE };
static const struct key CONTACT[] = {{"body", KEY_TEXT, true}, {"tel", KEY_TEXT, true}, {"hours", KEY_TEXT, false},
	{"verified", KEY_TEXT, false}, {"title", KEY_TEXT, false}};

static void fill_contacts(struct site_loader *l, const struct node *list)
{
	struct site *s = l->site;

	s->contacts = arena_alloc(l->r.arena, ((list ? list->n : 0) + 1) * sizeof *s->contacts);
	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		struct site_contact *c = &s->contacts[s->n_contacts++];
		const struct node *k[COUNT(CONTACT)];

		read_map(&l->r, m, (struct noun){"contact", "連絡先"}, CONTACT, COUNT(CONTACT), k);
		c->pos = k[CON_BODY] ? k[CON_BODY]->pos : m->pos;
		c->body = k[CON_BODY] ? k[CON_BODY]->text : "?";
		c->tel = k[CON_TEL] ? tel_number(&l->r, k[CON_TEL]) : "?";
		c->hours = tel_hours(&l->r, k[CON_HOURS]);
		c->verified = site_value_date(&l->r, k[CON_VERIFIED]);
		c->title = read_text(&l->r, k[CON_TITLE]);
	}
}

/* ---- limits ---- */

enum { LIM_ID, LIM_REPEAT, LIM_ACK, LIM_DONE };
static const struct key LIMIT[] = {{"id", KEY_ID, true}, {"repeat", KEY_TEXT, false}, {"ack", KEY_TEXT, false}, {"done", KEY_TEXT, false}};

static void fill_limits(struct site_loader *l, const struct node *list)
{
	struct site *s = l->site;
	struct plan_strings ids = read_strings_new(&l->r, list ? list->n : 0);

	s->limits = arena_alloc(l->r.arena, ((list ? list->n : 0) + 1) * sizeof *s->limits);
	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		struct site_limit *x = &s->limits[s->n_limits++];
		const struct node *k[COUNT(LIMIT)];

		read_map(&l->r, m, (struct noun){"limit", "時限"}, LIMIT, COUNT(LIMIT), k);
		x->pos = k[LIM_ID] ? k[LIM_ID]->pos : m->pos;
		x->id = read_id(&l->r, k[LIM_ID], (struct noun){"limit", "時限"}, &ids);
		x->repeat = site_value_duration(&l->r, k[LIM_REPEAT]);
		x->ack = site_value_duration(&l->r, k[LIM_ACK]);
		x->done = site_value_duration(&l->r, k[LIM_DONE]);
	}
}

#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* Of follow-ups; a week where the town says nothing. Oftener than once a day nobody heeds it any more. */
static void fill_reminders(struct site_loader *l, const struct node *n)
{
	static const struct key REMINDERS[] = {{"before", KEY_TEXT, false}, {"every", KEY_TEXT, false}};
	const struct node *k[COUNT(REMINDERS)] = {NULL};
	struct site *s = l->site;

	s->remind_before = s->remind_every = 7 * DAY_MS;
	if (!n || !read_map(&l->r, n, (struct noun){"'reminders'", "reminders"}, REMINDERS, COUNT(REMINDERS), k))
		return;
	if (k[0])
		s->remind_before = site_value_duration(&l->r, k[0]);
	if (k[1])
		s->remind_every = site_value_duration(&l->r, k[1]);
	if (s->remind_every >= DAY_MS)
		return;
	if (s->remind_every > 0)
		READ_FAULT(&l->r, k[1]->pos, "'every' must be a day at least: 1d, 7d.", "every は1日以上にしてください（1d、7d など）。");
	s->remind_every = DAY_MS;
}

static void fill_rest(struct site_loader *l, const struct node **top)
{
	static const struct key RETENTION[] = {{"years", KEY_TEXT, true}};
	const struct node *k[COUNT(RETENTION)];
	struct site *s = l->site;
	bool administrator = false;

	s->places = read_texts(&l->r, top[TOP_PLACES]);
	s->private_to = read_texts(&l->r, top[TOP_PRIVATE]);
	fill_reminders(l, top[TOP_REMINDERS]);
	site_value_calendar(&l->r, top[TOP_CALENDAR], &s->calendar);
	site_value_connection_test(&l->r, top[TOP_CONNECTION_TEST], &s->connection_test);
	if (top[TOP_RETENTION] &&
		read_map(&l->r, top[TOP_RETENTION], (struct noun){"'retention'", "retention"}, RETENTION, COUNT(RETENTION), k))
		s->retention_years = read_number(&l->r, k[0], 1, 100, 0);
	for (size_t i = 0; i < s->n_persons; i++)
		administrator |= s->persons[i].administrator;
	if (top[TOP_PERSONS] && !administrator)
		READ_WARN(&l->r, top[TOP_PERSONS]->key->pos,
			"No person is an administrator: nobody could load another plan or site. Add 'administrator: true' to one.",
			"管理者がいません。計画や登録情報を入れ替えられる人がいなくなります。一人に administrator: true "
			"を書いてください。");
}

static struct plan_pos pos_or(const struct node *n, const struct node *otherwise)
{
	return n ? n->key->pos : otherwise->pos;
}

static void load_all(struct site_loader *l, const struct node *root)
{
	const struct node *top[COUNT(TOP)];
	struct plan_strings none = read_strings_new(&l->r, 1);
	struct site *s = l->site;

	if (!read_map(&l->r, root, (struct noun){"site", "庁内の登録情報"}, TOP, COUNT(TOP), top))
		return;
	s->id = read_id(&l->r, top[TOP_SITE], (struct noun){"site", "庁内の登録情報"}, &none);
	s->plan = top[TOP_PLAN] ? top[TOP_PLAN]->text : "?";
	s->title = top[TOP_TITLE] ? top[TOP_TITLE]->text : s->id;
	s->plan_pos = top[TOP_PLAN] ? top[TOP_PLAN]->pos : root->pos;
	s->holders_pos = pos_or(top[TOP_HOLDERS], root);
	s->groups_pos = pos_or(top[TOP_GROUPS], root);
	s->terminals_pos = pos_or(top[TOP_TERMINALS], root);
	s->contacts_pos = pos_or(top[TOP_CONTACTS], root);
	s->limits_pos = pos_or(top[TOP_LIMITS], root);
	s->private_pos = pos_or(top[TOP_PRIVATE], root);
	fill_sections(l, top[TOP_SECTIONS]);
	fill_persons(l, top[TOP_PERSONS]);
	fill_holders(l, top[TOP_HOLDERS]);
	fill_groups(l, top[TOP_GROUPS]);
	fill_terminals(l, top[TOP_TERMINALS]);
	fill_contacts(l, top[TOP_CONTACTS]);
	fill_limits(l, top[TOP_LIMITS]);
	fill_rest(l, top);
}

struct site *load_site_anyway(const char *file, const char *text, size_t len, struct plan_faults *faults)
{
	struct arena *arena = arena_new(0);
	struct site_loader l = {.r = {.arena = arena, .file = file, .faults = faults}};
	const struct node *root;

	l.site = arena_alloc(arena, sizeof *l.site);
	l.site->arena = arena;
	root = node_parse(arena, file, text, len, faults);
	if (root && root->type == NODE_MAP) {
		load_all(&l, root);
		return l.site;
	}
	if (root)
		READ_FAULT(&l.r, root->pos, "A site is a mapping that begins with 'site: ID'.",
			"庁内の登録情報は「site: id」で始まるキーと値の組です。");
	arena_free(arena);
	return NULL;
}

struct site *site_load(const char *file, const char *text, size_t len, struct plan_faults *faults)
{
	size_t before = faults->n_errors;
	struct site *site = load_site_anyway(file, text, len, faults);

	if (faults->n_errors == before)
		return site;
	site_free(site);
	return NULL;
}
