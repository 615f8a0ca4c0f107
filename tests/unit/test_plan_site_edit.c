/*
 * Sites edited in place: parsed again they say exactly what was wanted and everything else as before, and no byte outside the entry has
 * changed: the sites of the towns, and made-up ones in every style that YAML has for them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plan/node.h"
#include "plan/site_edit.h"
#include "unit/plan_files.h"

#define MAX 80

static const char *const SITES[] = {"server/plans/taga-demo-site.yaml", "tests/plans/aomi/site.yaml", "tests/plans/mitani/site.yaml",
	"tests/plans/morino/site.yaml", "tests/plans/knots-site.yaml", "tests/plans/small-site.yaml", "tests/scenarios/site.yaml"};

static uint64_t seed = 1;

static unsigned random_below(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

/* ---- what a site says, a line for each thing ---- */

struct said {
	char *at[3 * MAX];
	size_t n;
};

static void say(struct said *s, char *line)
{
	assert_true(s->n < 3 * MAX);
	s->at[s->n++] = line;
}

static char *add(char *to, const char *fmt, ...)
{
	va_list args;
	char part[400], *out;

	va_start(args, fmt);
	vsnprintf(part, sizeof part, fmt, args);
	va_end(args);
	out = xasprintf("%s%s", to, part);
	free(to);
	return out;
}

#define OR(s) ((s) ? (s) : "-")

static char *person_line(const struct site_person *p)
{
	char *line = xasprintf("person %s|%s|%s|%d|%d", p->id, p->name, OR(p->name_en), p->login, p->administrator);

	for (size_t i = 0; i < p->n_tels; i++)
		line = add(line, "|%s/%s/%d", p->tels[i].number, OR(p->tels[i].label), p->tels[i].private_number);
	return line;
}

static char *holder_line(const struct site *s, const struct site_holder *h)
{
	char *line = xasprintf("holder %s|%s|%s:", h->role, OR(h->section), OR(h->organisation));

	for (size_t i = 0; i < h->persons.n; i++)
		line = add(line, " %s", s->persons[h->persons.at[i]].id);
	for (size_t i = 0; i < h->n_deputies; i++)
		line = add(line, " (%s %u)", s->persons[h->deputies[i].person].id, h->deputies[i].may);
	return line;
}

static char *group_line(const struct site *s, const struct site_group *g)
{
	char *line = xasprintf("group %s|%s|%d|%d:", g->role, OR(g->chair), g->quorum, g->recorder);

	for (size_t i = 0; i < g->members.n; i++)
		line = add(line, " %s", s->persons[g->members.at[i]].id);
	return line;
}

static char *rest_line(const struct site *s)
{
	char *line = xasprintf("%s|%s|%s|%zu|%d", s->id, s->plan, s->title, s->sections.n, s->retention_years);

	for (size_t i = 0; i < s->n_terminals; i++)
		line = add(line, "|%s %s %s", s->terminals[i].id, s->terminals[i].place, OR(s->terminals[i].section));
	for (size_t i = 0; i < s->n_contacts; i++)
		line = add(line, "|%s %s %s", s->contacts[i].body, s->contacts[i].tel, OR(s->contacts[i].title));
	for (size_t i = 0; i < s->n_limits; i++)
		line = add(line, "|%s %d", s->limits[i].id, (int)s->limits[i].ack);
	for (size_t i = 0; i < s->private_to.n; i++)
		line = add(line, "|%s", s->private_to.at[i]);
	return line;
}

static struct said what_it_says(const struct site *s)
{
	struct said said = {.n = 0};

	for (size_t i = 0; i < s->n_persons; i++)
		say(&said, person_line(&s->persons[i]));
	for (size_t i = 0; i < s->n_holders; i++)
		say(&said, holder_line(s, &s->holders[i]));
	for (size_t i = 0; i < s->n_groups; i++)
		say(&said, group_line(s, &s->groups[i]));
	say(&said, rest_line(s));
	return said;
}

static void said_free(struct said *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->at[i]);
}

static struct site *parsed(const char *text, size_t len)
{
	struct plan_faults faults = {0};
	struct site *s = site_load("site", text, len, &faults);

	if (!s) {
		plan_files_print(&faults);
		fail_msg("this is no site:\n%.*s", (int)len, text);
	}
	plan_faults_free(&faults);
	return s;
}

/* Exactly one line differs, or one is new; it is returned. */
static char *difference(const struct said *was, const struct said *is, bool *new)
{
	char *found = NULL;
	size_t k = 0;

	*new = is->n > was->n;
	for (size_t i = 0; i < is->n; i++, k++) {
		if (k < was->n && !strcmp(was->at[k], is->at[i]))
			continue;
		assert_null(found);
		found = is->at[i];
		if (*new)
			k--;
	}
	assert_int_equal(k, was->n);
	return found;
}

/* ---- no byte changes outside of the entry ---- */

static void same_outside(const char *was, size_t was_len, const char *is, size_t is_len, size_t from, size_t to)
{
	size_t behind;

	while (to < was_len && was[to] != '\n') /* a new line is put behind the comment of the last one */
		to++;
	while (from > 0 && was[from - 1] != '\n') /* a line of a list goes as a whole */
		from--;
	behind = was_len - to;
	assert_true(is_len >= from + behind);
	assert_memory_equal(was, is, from);
	assert_memory_equal(was + to, is + is_len - behind, behind);
}

/* Where an entry stands: the n-th member of a list of the site. */
static void extent(const char *text, size_t len, const char *list, size_t n, size_t *from, size_t *to)
{
	struct arena *arena = arena_new(0);
	struct plan_faults faults = {0};
	const struct node *root = node_parse(arena, "site", text, len, &faults), *m = root->first;

	while (strcmp(m->key->text, list) != 0)
		m = m->next;
	if (n < m->n) {
		for (m = m->first; n > 0; n--)
			m = m->next;
	} else { /* a new one: behind the last */
		m = m->last ? m->last : m;
	}
	*from = m->from;
	*to = m->to;
	plan_faults_free(&faults);
	arena_free(arena);
}

/* ---- edits ---- */

struct drawn {
	struct site_edit_holders holders;
	struct site_edit_person person;
	const char *persons[MAX];
	struct site_edit_deputy deputies[MAX];
	struct site_edit_number numbers[MAX];
};

/* Some persons of the site, none twice. */
static size_t some(const struct site *s, const char **out, size_t least)
{
	size_t n = 0, want = least + random_below(4), from = random_below((unsigned)s->n_persons),
	       step = random_below(2) ? 1 : s->n_persons - 1;

	for (size_t i = 0; i < s->n_persons && n < want; i++)
		out[n++] = s->persons[(from + i * step) % s->n_persons].id;
	return n;
}

static void draw_holders(struct drawn *d, const struct site *s, const char *role)
{
	const char *all[MAX];
	size_t n = some(s, all, 2), persons = 1 + random_below((unsigned)n);

	d->holders.role = role;
	d->holders.persons = d->persons;
	d->holders.deputies = d->deputies;
	memcpy(d->persons, all, persons * sizeof *all);
	d->holders.n_persons = persons;
	d->holders.n_deputies = 0;
	for (size_t i = persons; i < n; i++)
		d->deputies[d->holders.n_deputies++] = (struct site_edit_deputy){all[i], random_below(3) ? random_below(8) : 0};
}

static const char *const NAMES[] = {"田中 健一", "O'Brien: \"Pat\" # {x}", "yes", "12", "- a", "ＡＢＣ　あ", "名, [前]", "a\\b", "*&!%@`",
	"~", "改 行 ", "é ü", "#", "true"};
static const char *const NUMBERS[] = {"0749-00-1234", "+81 749-00-1", "110", "内線 210", "#9110", "*67 0749", "(0749)00-0001"};

static void draw_person(struct drawn *d, const struct site *s, const char *id)
{
	int i = site_person_find(s, id);

	d->person =
		(struct site_edit_person){.id = id, .numbers = d->numbers, .login = random_below(3) > 0, .administrator = random_below(2)};
	d->person.name = i < 0 || random_below(2) ? NAMES[random_below(sizeof NAMES / sizeof *NAMES)] : NULL;
	d->person.name_en = random_below(2) ? NAMES[random_below(sizeof NAMES / sizeof *NAMES)] : NULL;
	d->person.n_numbers = random_below(4) + !d->person.login;
	for (size_t k = 0; k < d->person.n_numbers; k++) {
		bool keep = i >= 0 && k < s->persons[i].n_tels && random_below(2);
		const struct site_tel *tel = keep ? &s->persons[i].tels[k] : NULL;

		d->numbers[k] = keep ? (struct site_edit_number){tel->number, tel->label, tel->private_number}
				     : (struct site_edit_number){NUMBERS[random_below(sizeof NUMBERS / sizeof *NUMBERS)],
					       random_below(2) ? NAMES[random_below(sizeof NAMES / sizeof *NAMES)] : NULL, random_below(2)};
	}
}

static char *wanted_holder(const struct drawn *d, const char *begin)
{
	char *line = xstrdup(begin);

	for (size_t i = 0; i < d->holders.n_persons; i++)
		line = add(line, " %s", d->persons[i]);
	for (size_t i = 0; i < d->holders.n_deputies; i++)
		line = add(line, " (%s %u)", d->deputies[i].person, d->deputies[i].may ? d->deputies[i].may : MAY_ALL);
	return line;
}

static char *wanted_person(const struct drawn *d, const struct site_person *was)
{
	struct site_tel tels[MAX];
	struct site_person p = {.id = d->person.id,
		.name = d->person.name,
		.name_en = d->person.name_en,
		.tels = tels,
		.n_tels = d->person.n_numbers,
		.login = d->person.login,
		.administrator = d->person.administrator};

	if (was && !p.name)
		p.name = was->name;
	if (was && !p.name_en)
		p.name_en = was->name_en;
	for (size_t i = 0; i < p.n_tels; i++)
		tels[i] = (struct site_tel){d->numbers[i].number, d->numbers[i].label, d->numbers[i].private_number};
	return person_line(&p);
}

/* What came of it; the new text takes the place of the old. */
static void check(char **text, size_t *len, char *now, size_t now_len, struct plan_faults *faults, const char *list, size_t n, char *wanted)
{
	struct site *was = parsed(*text, *len), *is;
	struct said before = what_it_says(was), after;
	size_t from, to;
	char *found;
	bool new;

	if (!now) {
		plan_files_print(faults);
		fail_msg("'%s' was not made of\n%.*s", wanted, (int)*len, *text);
	}
	assert_int_equal(strlen(now), now_len);
	is = parsed(now, now_len);
	after = what_it_says(is);
	found = difference(&before, &after, &new);
	if (found ? strcmp(found, wanted) != 0 : false)
		fail_msg("wanted %s\nfound %s\n%s\n---\n%s", wanted, found, *text, now);
	if (!found)
		assert_int_equal(*len, now_len); /* it said so already */
	extent(*text, *len, list, n, &from, &to);
	same_outside(*text, *len, now, now_len, from, to);
	said_free(&before);
	said_free(&after);
	site_free(was);
	site_free(is);
	free(wanted);
	free(*text);
	*text = now;
	*len = now_len;
}

/* The text alone; the site that comes with it is what the text says. */
static char *text_of(bool good, struct site_edited *out, size_t *len)
{
	assert_true(good == (out->text != NULL) && good == (out->site != NULL));
	site_free(out->site);
	*len = out->len;
	return out->text;
}

static char *holders_edited(const struct site *now, const char *text, size_t len, const struct site_edit_holders *w,
	struct plan_faults *faults, size_t *new_len)
{
	struct site_edited out = {0};
	bool good = site_edit_holders(now, "site", text, len, w, faults, &out);

	return text_of(good, &out, new_len);
}

static char *person_edited(const char *text, size_t len, const struct site_edit_person *w, struct plan_faults *faults, size_t *new_len)
{
	struct site_edited out = {0};
	bool good = site_edit_person("site", text, len, w, faults, &out);

	return text_of(good, &out, new_len);
}

static void edit_holders(char **text, size_t *len)
{
	struct site *s = parsed(*text, *len);
	struct plan_faults faults = {0};
	struct drawn d = {0};
	size_t i = random_below((unsigned)s->n_holders + 1), now_len = 0;
	char begin[300], *now;

	draw_holders(&d, s, i < s->n_holders ? s->holders[i].role : "a_new.role");
	if (i < s->n_holders) {
		d.holders.section = s->holders[i].section;
		d.holders.organisation = s->holders[i].organisation;
	} else if (s->sections.n && random_below(2)) {
		d.holders.section = s->sections.at[0];
	}
	for (size_t k = 0; i == s->n_holders && k < s->n_holders; k++) /* it may be there from an edit before */
		if (!strcmp(s->holders[k].role, "a_new.role"))
			d.holders.section = s->holders[i = k].section;
	snprintf(begin, sizeof begin, "holder %s|%s|%s:", d.holders.role, OR(d.holders.section), OR(d.holders.organisation));
	now = holders_edited(s, *text, *len, &d.holders, &faults, &now_len);
	check(text, len, now, now_len, &faults, "holders", i, wanted_holder(&d, begin));
	plan_faults_free(&faults);
	site_free(s);
}

static void edit_group(char **text, size_t *len)
{
	struct site *s = parsed(*text, *len);
	struct plan_faults faults = {0};
	struct drawn d = {0};
	size_t now_len = 0, i = s->n_groups ? random_below((unsigned)s->n_groups) : 0;
	char begin[300], *now;

	if (s->n_groups && s->n_persons >= (size_t)s->groups[i].quorum) {
		const struct site_group *g = &s->groups[i];

		d.holders = (struct site_edit_holders){.role = g->role, .persons = d.persons};
		d.holders.n_persons = some(s, d.persons, (size_t)g->quorum);
		snprintf(begin, sizeof begin, "group %s|%s|%d|%d:", g->role, OR(g->chair), g->quorum, g->recorder);
		now = holders_edited(s, *text, *len, &d.holders, &faults, &now_len);
		check(text, len, now, now_len, &faults, "groups", i, wanted_holder(&d, begin));
	}
	plan_faults_free(&faults);
	site_free(s);
}

static void edit_person(char **text, size_t *len)
{
	struct site *s = parsed(*text, *len);
	struct plan_faults faults = {0};
	struct drawn d = {0};
	size_t i = random_below((unsigned)s->n_persons + 1), now_len = 0;
	char *now, id[40];

	snprintf(id, sizeof id, "%s", i < s->n_persons ? s->persons[i].id : "p_new-1");
	if (site_person_find(s, id) >= 0)
		i = (size_t)site_person_find(s, id);
	draw_person(&d, s, id);
	now = person_edited(*text, *len, &d.person, &faults, &now_len);
	check(text, len, now, now_len, &faults, "persons", i, wanted_person(&d, i < s->n_persons ? &s->persons[i] : NULL));
	plan_faults_free(&faults);
	site_free(s);
}

static void edit_often(char *text, size_t len, int times)
{
	for (int i = 0; i < times; i++) {
		unsigned which = random_below(5);

		(which < 2 ? edit_holders : which < 4 ? edit_person : edit_group)(&text, &len);
	}
	free(text);
}

static void test_towns(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof SITES / sizeof *SITES; i++)
		for (int round = 0; round < 20; round++) {
			char *text = plan_files_read(SITES[i]);

			edit_often(text, strlen(text), 15);
		}
}

/* ---- made-up sites in every style ---- */

struct style {
	char *text;
	bool crlf;
};

static void put(struct style *s, const char *fmt, ...)
{
	va_list args;
	char part[2000], *out;

	va_start(args, fmt);
	vsnprintf(part, sizeof part, fmt, args);
	va_end(args);
	for (char *c = part; *c; c++) {
		char one[3] = {s->crlf && *c == '\n' ? '\r' : *c, s->crlf && *c == '\n' ? '\n' : '\0', '\0'};

		out = xasprintf("%s%s", s->text, one);
		free(s->text);
		s->text = out;
	}
}

static const char *comment(void)
{
	static const char *const COMMENTS[] = {"", "", " # 注記", " # a, b: [c] - {d}", "  "};

	return COMMENTS[random_below(5)];
}

static const char *quoted(const char *word, char out[100])
{
	static const char *const QUOTES[] = {"", "'", "\""};
	const char *quote = QUOTES[random_below(3)];

	snprintf(out, 100, "%s%s%s", quote, word, quote);
	return out;
}

/* A list of words behind its key, in one of the styles; `indent` is the key's. */
static void put_list(struct style *s, int indent, const char *const *words, size_t n)
{
	char word[100];
	int own = indent + (random_below(2) ? 2 : 0), style = (int)random_below(4);

	if (style == 0) {
		put(s, "%s\n", comment());
		for (size_t i = 0; i < n; i++) {
			if (random_below(3) == 0)
				put(s, "%*s# about the next one\n", own, "");
			put(s, "%*s-%*s%s%s\n", own, "", 1 + (int)random_below(3), "",
				words[i][0] == '{' ? words[i] : quoted(words[i], word), comment());
		}
		return;
	}
	put(s, " [%s", style == 1 ? " # open\n      " : "");
	for (size_t i = 0; i < n; i++)
		put(s, "%s%s%s", words[i][0] == '{' ? words[i] : quoted(words[i], word), i + 1 < n || style == 2 ? "," : "",
			style == 1 ? " # of this one\n      " : " ");
	put(s, "]%s\n", comment());
}

static const char *const IDS[] = {"p_a", "p_b", "p_c", "p_d", "p_e"};

static void put_person(struct style *s, int indent, int i)
{
	char number[100];
	const char *const reach[] = {"{via: login}", number, "{via: tel, number: 090-0000-0009, label: 携帯, private: true}"};

	snprintf(number, sizeof number, "{via: tel, number: 0749-00-000%d}", i);
	if (random_below(2)) {
		put(s, "%*s- {id: %s, name: 人 %d, reach: [{via: login}, %s]%s}%s\n", indent, "", IDS[i], i, number,
			i == 0 ? ", administrator: true" : "", comment());
		return;
	}
	put(s, "%*s- id: %s%s\n", indent, "", IDS[i], comment());
	put(s, "%*s  name: \"人 %d\"%s\n", indent, "", i, comment());
	put(s, "%*s  reach:", indent, "");
	put_list(s, indent + 2, reach, 1 + random_below(3));
	if (i == 0)
		put(s, "%*s  administrator: true\n", indent, "");
}

static void put_holder(struct style *s, int indent, const char *role)
{
	const char *const deputies[] = {"p_c", "{person: p_d, may: [acknowledge, enter]}", "p_e"};

	put(s, "%*s- role: %s%s\n", indent, "", role, comment());
	put(s, "%*s  persons:", indent, "");
	put_list(s, indent + 2, IDS, 1 + random_below(2));
	if (random_below(4) == 0)
		return;
	put(s, "%*s  deputies:", indent, "");
	put_list(s, indent + 2, deputies, 1 + random_below(3));
}

static char *made_up(size_t *len)
{
	struct style s = {.text = xstrdup(random_below(4) ? "" : "\xEF\xBB\xBF"), .crlf = random_below(3) == 0};
	int indent = random_below(2) ? 2 : 0;

	put(&s, "# 架空の町\nsite: x # the site\nplan: y\ntitle: 町\n\npersons:%s\n", comment());
	for (int i = 0; i < 5; i++)
		put_person(&s, indent, i);
	put(&s, "\n# who does what\nholders:%s\n", comment());
	put_holder(&s, indent, "watch");
	put_holder(&s, indent, "head");
	put(&s, "# groups and the rest\ngroups:\n%*s- role: board\n%*s  quorum: 1\n%*s  members:", indent, "", indent, "", indent, "");
	put_list(&s, indent + 2, IDS, 3);
	put(&s, "terminals: [{id: t1, place: 窓口1}]%s", random_below(2) ? "\n" : "");
	*len = strlen(s.text);
	return s.text;
}

static void test_every_style(void **state)
{
	(void)state;
	for (int i = 0; i < 200; i++) {
		size_t len;
		char *text = made_up(&len);

		edit_often(text, len, 8);
	}
}

/* ---- as people see it ---- */

#define HEAD                                                                                                                                  \
	"site: x\nplan: y\nterminals: []\npersons:\n  - {id: p_a, name: 甲, administrator: true, reach: [{via: login}]} # 係長\n  - {id: " \
	"p_b, name: 乙, "                                                                                                                    \
	"reach: [{via: login}]}\n"

static char *held(const char *text, const char *const *persons, size_t n, const char *deputy, struct plan_faults *faults)
{
	const char *list[MAX];
	struct site_edit_deputy d = {deputy, MAY_ACKNOWLEDGE};
	struct site_edit_holders w = {.role = "watch", .persons = list, .n_persons = n, .deputies = &d, .n_deputies = deputy != NULL};
	struct site *now = site_load("site", text, strlen(text), faults);
	char *made;
	size_t len;

	memcpy(list, persons, n * sizeof *list);
	if (!now)
		return NULL;
	made = holders_edited(now, text, strlen(text), &w, faults, &len);
	site_free(now);
	return made;
}

static void becomes(const char *text, const char *const *persons, size_t n, const char *deputy, const char *wanted)
{
	struct plan_faults faults = {0};
	char *now = held(text, persons, n, deputy, &faults);

	plan_files_print(&faults);
	assert_non_null(now);
	assert_string_equal(now, wanted);
	free(now);
	plan_faults_free(&faults);
}

static void test_it_reads_as_one_would_write_it(void **state)
{
	static const char *const A[] = {"p_a"}, *const B[] = {"p_b"}, *const BOTH[] = {"p_a", "p_b"};

	(void)state;
	becomes(HEAD "holders:\n  - {role: watch, persons: [p_a]} # 当番\n", B, 1, "p_a",
		HEAD "holders:\n  - {role: watch, persons: [p_b], deputies: [{person: p_a, may: [acknowledge]}]} # 当番\n");
	becomes(HEAD "holders:\n- role: watch\n  persons:\n  - p_a # 正\n  deputies: [p_b] # 副\nplaces: [庫]\n", BOTH, 2, NULL,
		HEAD "holders:\n- role: watch\n  persons:\n  - p_a # 正\n  - p_b\n  deputies: [] # 副\nplaces: [庫]\n");
	becomes(HEAD "holders:\n  - role: watch\n    persons: [p_a, p_b]\n", A, 1, "p_b",
		HEAD "holders:\n  - role: watch\n    deputies: [{person: p_b, may: [acknowledge]}]\n    persons: [p_a]\n");
	becomes(HEAD "holders: [{role: head, persons: [p_a]}]\n", B, 1, NULL,
		HEAD "holders: [{role: head, persons: [p_a]}, {role: watch, persons: [p_b]}]\n");
	becomes(HEAD "holders:\n  - {role: head, persons: [p_a]} # last\n", B, 1, NULL,
		HEAD "holders:\n  - {role: head, persons: [p_a]} # last\n  - {role: watch, persons: [p_b]}\n");
}

static void refused(const char *text, const char *const *persons, size_t n, const char *deputy, int line)
{
	struct plan_faults faults = {0};
	char *now = held(text, persons, n, deputy, &faults);

	assert_null(now);
	assert_true(faults.n_errors > 0);
	assert_int_equal(faults.at[0].pos.line, line);
	free(now);
	plan_faults_free(&faults);
}

static void test_what_cannot_be(void **state)
{
	static const char *const NOBODY[] = {"p_zz"}, *const A[] = {"p_a"};

	(void)state;
	refused(HEAD "holders:\n  - {role: watch, persons: [p_a]}\n", NOBODY, 1, NULL, 8);
	refused(HEAD "holders:\n  - {role: watch, persons: [p_a]}\n", A, 0, NULL, 8);
	refused(HEAD "holders:\n  - {role: watch, persons: [p_a]}\n", A, 1, "p_a", 8); /* holder and deputy */
	refused(HEAD "sections: [{id: s, title: S}, {id: r, title: R}]\nholders:\n  - {role: watch, section: s, persons: [p_a]}\n"
		     "  - {role: watch, section: r, persons: [p_a]}\n",
		A, 1, NULL, 8); /* which of them? */
	refused("site: [", A, 1, NULL, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_towns),
		cmocka_unit_test(test_every_style),
		cmocka_unit_test(test_it_reads_as_one_would_write_it),
		cmocka_unit_test(test_what_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
