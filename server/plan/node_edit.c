#include "plan/node_edit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void node_edit_init(struct node_edit *e, struct arena *arena, const char *text, size_t len)
{
	const char *first = memchr(text, '\n', len);

	memset(e, 0, sizeof *e);
	e->arena = arena;
	e->text = text;
	e->len = len;
	e->newline = first && first > text && first[-1] == '\r' ? "\r\n" : "\n";
}

static void change(struct node_edit *e, size_t from, size_t to, const char *put)
{
	assert(from <= to && to <= e->len);
	if (e->n == NODE_EDIT_MAX) {
		e->beyond = true;
		return;
	}
	e->at[e->n].from = from;
	e->at[e->n].to = to;
	e->at[e->n++].put = put;
}

/* ---- places in the text ---- */

static size_t line_start(const struct node_edit *e, size_t at)
{
	while (at > 0 && e->text[at - 1] != '\n')
		at--;
	return at;
}

/* Before the line's end; what is left of a line behind a node of a block is a comment. */
static size_t line_end(const struct node_edit *e, size_t at)
{
	while (at < e->len && e->text[at] != '\n')
		at++;
	return at > 0 && at < e->len && e->text[at - 1] == '\r' ? at - 1 : at;
}

static size_t next_line(const struct node_edit *e, size_t at)
{
	while (at < e->len && e->text[at] != '\n')
		at++;
	return at < e->len ? at + 1 : at;
}

/* The next character that is neither blank nor of a comment. */
static size_t skip(const struct node_edit *e, size_t at)
{
	while (at < e->len && strchr(" \t\r\n#", e->text[at]))
		at = e->text[at] == '#' ? next_line(e, at) : at + 1;
	return at;
}

static bool one_line(const struct node_edit *e, size_t from, size_t to)
{
	return !memchr(e->text + from, '\n', to - from);
}

static const char *spaces(const struct node_edit *e, size_t n)
{
	char *s = arena_alloc(e->arena, n + 1);

	memset(s, ' ', n);
	s[n] = '\0';
	return s;
}

/* ---- lists ---- */

struct list {
	struct node_edit *e;
	const struct node *seq;
	const struct node **at; /* its members */
	size_t n;
	const char *indent; /* of a block list's dashes */
};

static bool list_open(struct list *l, struct node_edit *e, const struct node *seq)
{
	size_t start = line_start(e, seq->from);

	*l = (struct list){.e = e, .seq = seq, .at = arena_alloc(e->arena, (seq->n + 1) * sizeof *l->at)};
	for (const struct node *m = seq->first; m; m = m->next)
		l->at[l->n++] = m;
	if (!seq->flow) {
		l->indent = spaces(e, seq->from - start);
		if (e->text[seq->from] != '-' || memcmp(e->text + start, l->indent, seq->from - start) != 0)
			e->beyond = true;
	}
	return !e->beyond;
}

static size_t dash(const struct list *l, size_t i)
{
	size_t at = i == 0 ? l->seq->from : skip(l->e, l->at[i - 1]->to);

	if (at >= l->e->len || l->e->text[at] != '-')
		l->e->beyond = true;
	return at;
}

static const char *joined(
	const struct list *l, const struct node_edit_member *m, size_t n, const char *before, const char *between, const char *after)
{
	const char *text = before;

	for (size_t i = 0; i < n; i++)
		text = arena_printf(l->e->arena, "%s%s%s", text, i ? between : "", m[i].yaml);
	return arena_printf(l->e->arena, "%s%s", text, after);
}

static void insert_flow(const struct list *l, size_t behind, const struct node_edit_member *m, size_t n)
{
	if (behind > 0)
		change(l->e, l->at[behind - 1]->to, l->at[behind - 1]->to, joined(l, m, n, ", ", ", ", ""));
	else if (l->n > 0)
		change(l->e, l->at[0]->from, l->at[0]->from, joined(l, m, n, "", ", ", ", "));
	else
		change(l->e, l->seq->from + 1, l->seq->from + 1, joined(l, m, n, "", ", ", ""));
}

static void insert_block(const struct list *l, size_t behind, const struct node_edit_member *m, size_t n)
{
	const char *line = arena_printf(l->e->arena, "%s%s- ", l->e->newline, l->indent);
	size_t at;

	if (behind == 0) {
		change(l->e, l->seq->from, l->seq->from,
			arena_printf(l->e->arena, "%s%s%s", joined(l, m, n, "- ", line, ""), l->e->newline, l->indent));
		return;
	}
	at = line_end(l->e, l->at[behind - 1]->to);
	change(l->e, at, at, joined(l, m, n, line, line, ""));
}

/* Each takes its own comma with it; where the last ones of a line go, the comma before them goes too. */
static void remove_flow(const struct list *l, size_t from, size_t to)
{
	bool all = from == 0 && to == l->n;
	size_t start = all ? l->seq->from + 1 : from > 0 ? l->at[from - 1]->to : l->at[from]->from;
	size_t behind = all ? l->seq->to - 1 : l->at[to - 1]->to;

	if (to == l->n && one_line(l->e, start, behind)) {
		change(l->e, start, behind, "");
		return;
	}
	for (size_t i = from; i < to; i++) {
		size_t end = l->at[i]->to, comma = skip(l->e, end);

		if (l->e->text[comma] == ',')
			for (end = comma + 1; end < l->e->len && l->e->text[end] == ' ';)
				end++;
		change(l->e, l->at[i]->from, end, "");
	}
}

/* Whole lines; the comments between them stay. */
static void remove_block(const struct list *l, size_t from, size_t to)
{
	if (from == 0 && to == l->n) {
		size_t colon = l->seq->key ? skip(l->e, l->seq->key->to) : l->e->len;

		if (colon < l->e->len && l->e->text[colon] == ':')
			change(l->e, colon + 1, l->at[l->n - 1]->to, " []");
		else
			l->e->beyond = true;
		return;
	}
	for (size_t i = from; i < to; i++)
		change(l->e, line_start(l->e, dash(l, i)), next_line(l->e, l->at[i]->to), "");
}

void node_edit_list(struct node_edit *e, const struct node *seq, const struct node_edit_member *want, size_t n, node_edit_means *means)
{
	size_t first = 0, last = 0, pairs;
	struct list l;

	if (!list_open(&l, e, seq))
		return;
	while (first < n && first < l.n && !strcmp(want[first].means, means(e->arena, l.at[first])))
		first++;
	while (last < n - first && last < l.n - first && !strcmp(want[n - 1 - last].means, means(e->arena, l.at[l.n - 1 - last])))
		last++;
	pairs = (l.n < n ? l.n : n) - first - last;
	for (size_t i = first; i < first + pairs; i++)
		node_edit_value(e, l.at[i], want[i].yaml);
	if (n > l.n)
		(seq->flow ? insert_flow : insert_block)(&l, first + pairs, want + first + pairs, n - l.n);
	else if (n < l.n)
		(seq->flow ? remove_flow : remove_block)(&l, first + pairs, l.n - last);
}

void node_edit_append(struct node_edit *e, const struct node *seq, const char *yaml)
{
	const struct node_edit_member member = {.yaml = yaml, .means = ""};
	struct list l;

	if (list_open(&l, e, seq))
		(seq->flow ? insert_flow : insert_block)(&l, l.n, &member, 1);
}

/* ---- values and keys ---- */

void node_edit_value(struct node_edit *e, const struct node *n, const char *yaml)
{
	change(e, n->from, n->to, yaml);
}

void node_edit_key(struct node_edit *e, const struct node *map, const struct node *after, const char *key, const char *yaml)
{
	size_t at = after->to;

	if (map->flow) {
		change(e, at, at, arena_printf(e->arena, ", %s: %s", key, yaml));
		return;
	}
	at = line_end(e, at);
	/* Under the first key, whatever stands before that one. */
	change(e, at, at, arena_printf(e->arena, "%s%s%s: %s", e->newline, spaces(e, (size_t)map->first->key->pos.column - 1), key, yaml));
}

/* ---- the new text ---- */

char *node_edit_apply(struct node_edit *e, size_t *len)
{
	size_t size = e->len + 1, done = 0;
	char *out;

	if (e->beyond)
		return NULL;
	for (size_t i = 0; i < e->n; i++)
		size += strlen(e->at[i].put);
	out = arena_alloc(e->arena, size);
	*len = 0;
	for (size_t made = 0; made < e->n; made++) {
		size_t next = SIZE_MAX;

		/* In the order of the text; of equal places in the order they were noted. */
		for (size_t i = 0; i < e->n; i++)
			if (e->at[i].put && (next == SIZE_MAX || e->at[i].from < e->at[next].from))
				next = i;
		if (e->at[next].from < done)
			return NULL; /* two changes of one place */
		memcpy(out + *len, e->text + done, e->at[next].from - done);
		*len += e->at[next].from - done;
		memcpy(out + *len, e->at[next].put, strlen(e->at[next].put));
		*len += strlen(e->at[next].put);
		done = e->at[next].to;
		e->at[next].put = NULL;
	}
	memcpy(out + *len, e->text + done, e->len - done);
	*len += e->len - done;
	out[*len] = '\0';
	return out;
}

/* ---- scalars ---- */

/* Letters of whatever script, figures, and signs that mean nothing to YAML anywhere inside a word. */
static bool plain(const char *s)
{
	static const char *const WORDS[] = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"};
	static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
	size_t n = strlen(s);

	if (n == 0 || s[n - 1] == ' ' || strspn(s, "0123456789.") == n)
		return false;
	for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
		size_t k = 0;

		while (WORDS[i][k] && (s[k] | 0x20) == WORDS[i][k])
			k++;
		if (!WORDS[i][k] && !s[k])
			return false;
	}
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		/* From U+3000 on, but for the end of the plane, where there are marks and signs that are no text. */
		bool letter = strchr(LETTERS, c) || (c >= 0xE3 && c <= 0xED) || (i > 0 && (c & 0xC0) == 0x80);

		if (!letter && (i == 0 || !strchr(" -./", c)))
			return false;
	}
	return true;
}

const char *node_edit_scalar(struct arena *arena, const char *s)
{
	char *out, *to;

	if (plain(s))
		return arena_strdup(arena, s);
	to = out = arena_alloc(arena, 6 * strlen(s) + 3);
	*to++ = '"';
	for (; *s; s++) {
		static const char HEX[] = "0123456789abcdef";
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c == 0x7F) {
			memcpy(to, "\\x", 2);
			to[2] = HEX[c >> 4];
			to[3] = HEX[c & 15];
			to += 4;
			continue;
		}
		if (c == '"' || c == '\\')
			*to++ = '\\';
		*to++ = (char)c;
	}
	*to++ = '"';
	*to = '\0';
	return out;
}
