#include "plan/read.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { MAX_ID = 64, MAX_NEAR = 40 };

static const char *kind_name(enum key_kind kind, bool ja)
{
	switch (kind) {
	case KEY_TEXT:
	case KEY_ID:
		return ja ? "値" : "a single value";
	case KEY_BOOL:
		return ja ? "true か false" : "true or false";
	case KEY_TEXTS:
		return ja ? "値の並び [a, b]" : "a list of values [a, b]";
	case KEY_MAPS:
		return ja ? "組の並び [{…}, {…}]" : "a list of mappings [{…}, {…}]";
	case KEY_MAP:
		return ja ? "組 {…}" : "a mapping {…}";
	case KEY_ANY:
		break;
	}
	return "";
}

static bool is_nothing(const struct node *n)
{
	return n->type == NODE_SCALAR && !n->quoted && (!*n->text || !strcmp(n->text, "~") || !strcmp(n->text, "null"));
}

static bool shape_fits(const struct node *n, enum key_kind kind)
{
	if (kind == KEY_ANY)
		return true;
	if (kind == KEY_MAP)
		return n->type == NODE_MAP;
	if (kind == KEY_MAPS || kind == KEY_TEXTS)
		return n->type == NODE_SEQ;
	if (n->type != NODE_SCALAR)
		return false;
	return kind != KEY_BOOL || (!n->quoted && (!strcmp(n->text, "true") || !strcmp(n->text, "false")));
}

/* Members of a list are checked here too, so that readers of lists meet only what they expect. */
static bool members_fit(const struct reader *r, const struct node *list, enum key_kind kind)
{
	enum node_type want = kind == KEY_MAPS ? NODE_MAP : NODE_SCALAR;
	bool fit = true;

	if (kind != KEY_MAPS && kind != KEY_TEXTS)
		return true;
	for (const struct node *m = list->first; m; m = m->next) {
		if (m->type == want && !is_nothing(m))
			continue;
		READ_FAULT2(r, m->pos, (r, "A member of '%s' must be %s.", list->key->text, node_type_name(want, false)),
			(r, "「%s」の中身は%sでなければなりません。", list->key->text, node_type_name(want, true)));
		fit = false;
	}
	return fit;
}

static const struct node *accept(const struct reader *r, const struct node *n, const struct key *key)
{
	if (key->kind != KEY_ANY && is_nothing(n)) {
		READ_FAULT(r, n->key->pos, "'%s' has no value. Give one or remove the key.",
			"「%s」に値がありません。値を書くか、キーを消してください。", key->name);
		return NULL;
	}
	if (!shape_fits(n, key->kind)) {
		READ_FAULT2(r, n->pos, (r, "'%s' must be %s.", key->name, kind_name(key->kind, false)),
			(r, "「%s」は%sでなければなりません。", key->name, kind_name(key->kind, true)));
		return NULL;
	}
	if (key->kind == KEY_TEXT && n->quoted && !*n->text) {
		READ_FAULT(r, n->pos, "'%s' is empty. Give a value or remove the key.",
			"「%s」が空です。値を書くか、キーを消してください。", key->name);
		return NULL;
	}
	return members_fit(r, n, key->kind) ? n : NULL;
}

static void unknown_key(const struct reader *r, const struct node *m, struct noun what, const struct key *keys, size_t n)
{
	struct plan_strings names = read_strings_new(r, n);

	for (size_t i = 0; i < n; i++)
		names.at[names.n++] = keys[i].name;
	READ_FAULT2(r, m->key->pos,
		(r, "Unknown key '%s' in %s%s. Correct or remove it.", m->key->text, what.en, read_nearest(r, m->key->text, &names, false)),
		(r, "%sに未知のキー「%s」があります%s。直すか消してください。", what.ja, m->key->text,
			read_nearest(r, m->key->text, &names, true)));
}

static const struct node *first_of(const struct node *map, const char *key)
{
	const struct node *m = map->first;

	while (m && strcmp(m->key->text, key))
		m = m->next;
	return m;
}

bool read_map(const struct reader *r, const struct node *map, struct noun what, const struct key *keys, size_t n, const struct node **out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = NULL;
	if (!map)
		return false;
	if (map->type != NODE_MAP) {
		READ_FAULT2(r, map->pos, (r, "A %s must be a mapping of keys and values.", what.en),
			(r, "%sはキーと値の組でなければなりません。", what.ja));
		return false;
	}
	for (const struct node *m = map->first; m; m = m->next) {
		size_t i = 0;

		while (i < n && strcmp(keys[i].name, m->key->text))
			i++;
		if (i == n)
			unknown_key(r, m, what, keys, n);
		else if (m == first_of(map, m->key->text)) /* the others are refused already; room was made for this one */
			out[i] = accept(r, m, &keys[i]);
	}
	for (size_t i = 0; i < n; i++) {
		if (keys[i].required && !first_of(map, keys[i].name))
			READ_FAULT2(r, map->pos, (r, "This %s lacks '%s'. Add it.", what.en, keys[i].name),
				(r, "%sに「%s」がありません。書き加えてください。", what.ja, keys[i].name));
	}
	return true;
}

const char *read_text(const struct reader *r, const struct node *n)
{
	(void)r;
	return n ? n->text : NULL;
}

bool read_bool(const struct node *n, bool otherwise)
{
	return n ? !strcmp(n->text, "true") : otherwise;
}

struct plan_strings read_strings_new(const struct reader *r, size_t room)
{
	return (struct plan_strings){.at = arena_alloc(r->arena, (room ? room : 1) * sizeof(const char *)), .n = 0};
}

struct plan_strings read_texts(const struct reader *r, const struct node *n)
{
	struct plan_strings s = read_strings_new(r, n ? n->n : 0);

	for (const struct node *m = n ? n->first : NULL; m; m = m->next)
		s.at[s.n++] = m->text;
	return s;
}

int read_number(const struct reader *r, const struct node *n, int least, int most, int otherwise)
{
	char *end;
	long v;

	if (!n)
		return otherwise;
	v = n->type == NODE_SCALAR && *n->text ? strtol(n->text, &end, 10) : 0;
	if (n->type != NODE_SCALAR || !isdigit((unsigned char)*n->text) || *end || v < least || v > most) {
		READ_FAULT(r, n->pos, "'%s' must be a whole number from %d to %d.", "「%s」は%dから%dまでの整数でなければなりません。",
			n->key ? n->key->text : "?", least, most);
		return otherwise;
	}
	return (int)v;
}

int read_word(const struct reader *r, const struct node *n, const char *const *words, size_t n_words)
{
	struct plan_strings table = read_strings_new(r, n_words);
	const char *list = "";
	int found;

	if (!n)
		return -1;
	for (size_t i = 0; i < n_words; i++) {
		table.at[table.n++] = words[i];
		list = arena_printf(r->arena, "%s%s%s", list, i ? ", " : "", words[i]);
	}
	found = n->type == NODE_SCALAR ? read_find(&table, n->text) : -1;
	if (found < 0)
		READ_FAULT(r, n->pos, "'%s' may be one of: %s. Found '%s'.", "「%s」は次のいずれかです: %s。「%s」は使えません。",
			n->key ? n->key->text : "?", list, n->type == NODE_SCALAR ? n->text : "[ ] { }");
	return found;
}

/* Words that other readers of YAML turn into something else, and words of the language itself. */
static const char *const RESERVED[] = {"none", "in_force", "ended", "unset", "entry", "measures", "anyone", "reporter", "every_terminal",
	"chair", "and", "or", "not", "in"};
static const char *const BOOLEAN[] = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"};

static bool one_of(const char *s, const char *const *words, size_t n, int (*compare)(const char *, const char *))
{
	for (size_t i = 0; i < n; i++) {
		if (!compare(s, words[i]))
			return true;
	}
	return false;
}

static void check_id(const struct reader *r, const struct node *id)
{
	const char *s = id->text;

	if (!text_id(s, MAX_ID))
		READ_FAULT(r, id->pos, "'%s' cannot be an id: use 1 to %d letters a-z A-Z, digits, '_', '-', '.', ':'.",
			"「%s」はidにできません。半角の英数字と _ - . : を1～%d文字使ってください。", s, MAX_ID);
	else if (one_of(s, BOOLEAN, sizeof BOOLEAN / sizeof *BOOLEAN, strcasecmp))
		READ_FAULT(r, id->pos, "Id '%s' is read as a boolean by other YAML readers. Choose another.",
			"id「%s」は他のYAMLの読み手が真偽値とみなします。別の語にしてください。", s);
	else if (one_of(s, RESERVED, sizeof RESERVED / sizeof *RESERVED, strcmp))
		READ_FAULT(r, id->pos, "Id '%s' is a word of the plan language itself. Choose another.",
			"id「%s」は計画の言語が使う語です。別の語にしてください。", s);
	else if (strspn(s, "0123456789.-:_") == strlen(s))
		READ_FAULT(r, id->pos, "Id '%s' is read as a number by other YAML readers. Begin with a letter.",
			"id「%s」は他のYAMLの読み手が数とみなします。英字を入れてください。", s);
}

const char *read_id(const struct reader *r, const struct node *id, struct noun what, struct plan_strings *table)
{
	const char *s = "?";

	if (id && id->type == NODE_SCALAR) {
		s = id->text;
		check_id(r, id);
		if (read_find(table, s) >= 0)
			READ_FAULT2(r, id->pos, (r, "%s '%s' is there already. Each id may stand once.", what.en, s),
				(r, "%s「%s」は既にあります。idは一度だけ使えます。", what.ja, s));
	}
	table->at[table->n++] = s;
	return s;
}

int read_find(const struct plan_strings *table, const char *name)
{
	for (size_t i = 0; i < table->n; i++) {
		if (!strcmp(table->at[i], name))
			return (int)i;
	}
	return -1;
}

int read_name(const struct reader *r, const struct node *n, struct noun what, const struct plan_strings *table)
{
	int i;

	if (!n || n->type != NODE_SCALAR)
		return -1;
	i = read_find(table, n->text);
	if (i < 0)
		READ_FAULT2(r, n->pos,
			(r, "There is no %s '%s'%s. Correct the name or add it.", what.en, n->text, read_nearest(r, n->text, table, false)),
			(r, "%s「%s」はありません%s。名前を直すか、書き加えてください。", what.ja, n->text,
				read_nearest(r, n->text, table, true)));
	return i;
}

struct plan_ints read_names(const struct reader *r, const struct node *list, struct noun what, const struct plan_strings *table)
{
	struct plan_ints ints = {NULL, 0};

	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		int i = read_name(r, m, what, table);

		if (i >= 0 && read_ints_has(&ints, i))
			READ_FAULT2(r, m->pos, (r, "%s '%s' stands twice in this list.", what.en, m->text),
				(r, "%s「%s」がこの並びに二度あります。", what.ja, m->text));
		else if (i >= 0)
			read_ints_add(r, &ints, i);
	}
	return ints;
}

/* Edit distance, up to MAX_NEAR bytes. */
static size_t distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b), row[MAX_NEAR + 1];

	if (la > MAX_NEAR || lb > MAX_NEAR)
		return MAX_NEAR;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t change = corner + (tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]));
			size_t other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

			corner = row[j];
			row[j] = change < other ? change : other;
		}
	}
	return row[lb];
}

int read_nearest_index(const char *name, const struct plan_strings *table)
{
	int best = -1;
	size_t least = strlen(name) / 3 + 2;

	for (size_t i = 0; i < table->n; i++) {
		size_t d = distance(name, table->at[i]);

		if (d < least) {
			least = d;
			best = (int)i;
		}
	}
	return best;
}

const char *read_nearest(const struct reader *r, const char *name, const struct plan_strings *table, bool japanese)
{
	int best = read_nearest_index(name, table);

	if (best < 0)
		return "";
	return arena_printf(r->arena, japanese ? "（「%s」の誤りですか）" : " (did you mean '%s'?)", table->at[best]);
}

void read_ints_add(const struct reader *r, struct plan_ints *ints, int value)
{
	/* Powers of two mark where room was made last. */
	if (!(ints->n & (ints->n - 1))) {
		int *at = arena_alloc(r->arena, (ints->n ? ints->n * 2 : 1) * sizeof *at);

		if (ints->n)
			memcpy(at, ints->at, ints->n * sizeof *at);
		ints->at = at;
	}
	ints->at[ints->n++] = value;
}

bool read_ints_has(const struct plan_ints *ints, int value)
{
	for (size_t i = 0; i < ints->n; i++) {
		if (ints->at[i] == value)
			return true;
	}
	return false;
}
