#include "lib/keyfile.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "lib/i18n.h"

#define LIST_LIMIT 64
#define FILE_LIMIT (256u << 10)

void keyfile_fault(struct keyfile *p, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (p->line)
		buf_printf(&p->faults, "%s%s:%d: %s", p->faults.len ? "\n" : "", p->file, p->line, text);
	else
		buf_printf(&p->faults, "%s%s: %s", p->faults.len ? "\n" : "", p->file, text);
}

static void *slot(const struct keyfile *p, const struct keyfile_key *k)
{
	return (char *)p->into + k->offset;
}

/* Where a comment begins: '#' at the start or after a blank, outside quotes. */
static void cut_comment(char *s)
{
	char quote = 0;
	for (char *at = s; *at; at++) {
		if (quote) {
			if (*at == quote)
				quote = 0;
		} else if ((*at == '"' || *at == '\'') && (at == s || strchr(" \t[,:-", at[-1]))) {
			quote = *at;
		} else if (*at == '#' && (at == s || at[-1] == ' ' || at[-1] == '\t')) {
			*at = '\0';
			return;
		}
	}
}

static char *trim(char *s)
{
	while (*s == ' ' || *s == '\t')
		s++;
	size_t n = strlen(s);
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r'))
		s[--n] = '\0';
	return s;
}

/* Takes the quotes off in place; false (with a fault) when they do not match. */
static bool unquote(struct keyfile *p, char **s)
{
	char q = **s;
	if (q != '"' && q != '\'')
		return true;
	size_t n = strlen(*s);
	if (n < 2 || (*s)[n - 1] != q) {
		keyfile_fault(p, T("引用符 %c が閉じていません", "the quote %c is not closed"), q);
		return false;
	}
	(*s)[n - 1] = '\0';
	(*s)++;
	return true;
}

void settings_list_add(struct settings_list *l, const char *value)
{
	l->at = xrealloc(l->at, (l->n + 2) * sizeof *l->at);
	l->at[l->n++] = xstrdup(value);
	l->at[l->n] = NULL;
}

static void list_add(struct keyfile *p, struct settings_list *l, const char *value)
{
	if (l->n >= LIST_LIMIT) {
		keyfile_fault(p, T("一覧が長すぎます（最大 %d 件）", "the list is too long (at most %d)"), LIST_LIMIT);
		return;
	}
	settings_list_add(l, value);
}

static void list_free(struct settings_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->at[i]);
	free(l->at);
}

/* Splits by blanks (words) or commas (flow list); quotes keep a part together. */
static void add_split(struct keyfile *p, struct settings_list *l, char *s, const char *separators)
{
	while (*(s += strspn(s, " \t"))) {
		char *end = s;
		if (*s == '"' || *s == '\'') {
			end = strchr(s + 1, *s);
			if (!end) {
				keyfile_fault(p, T("引用符が閉じていません", "a quote is not closed"));
				return;
			}
			s++;
			*end++ = '\0';
			list_add(p, l, s);
			end += strspn(end, " \t");
			end += *end == ',' ? 1 : 0;
		} else {
			end += strcspn(s, separators);
			bool more = *end != '\0';
			*end = '\0';
			list_add(p, l, trim(s));
			end += more ? 1 : 0;
		}
		s = end;
	}
}

static void take_list(struct keyfile *p, const struct keyfile_key *k, char *value)
{
	struct settings_list *l = slot(p, k);
	size_t n = strlen(value);
	if (value[0] == '[') {
		if (value[n - 1] != ']') {
			keyfile_fault(p, T("%s: ] がありません", "%s: ] is missing"), k->name);
			return;
		}
		value[n - 1] = '\0';
		add_split(p, l, value + 1, ",");
	} else if (k->kind == KEYFILE_WORDS) {
		add_split(p, l, value, " \t");
	} else if (unquote(p, &value)) {
		list_add(p, l, value);
	}
}

static char *resolve(const char *file, const char *path)
{
	const char *home = getenv("HOME");
	if (!strncmp(path, "~/", 2) && home)
		return xasprintf("%s/%s", home, path + 2);
	const char *slash = strrchr(file, '/');
	if (path[0] == '/' || !slash)
		return xstrdup(path);
	return xasprintf("%.*s/%s", (int)(slash - file), file, path);
}

static bool take_number(struct keyfile *p, const struct keyfile_key *k, const char *value, int *out)
{
	char *end;
	errno = 0;
	long n = strtol(value, &end, 10);
	if (errno || end == value || *end || n < k->min || n > k->max) {
		keyfile_fault(p, T("%s は %d から %d までの数です（今は「%s」）", "%s must be a number from %d to %d (it is \"%s\")"),
			k->name, k->min, k->max, value);
		return false;
	}
	*out = (int)n;
	return true;
}

static void take_value(struct keyfile *p, const struct keyfile_key *k, char *value)
{
	int n = 0;
	if (k->kind == KEYFILE_WORDS || k->kind == KEYFILE_LINES) {
		take_list(p, k, value);
		return;
	}
	if (!unquote(p, &value))
		return;
	if (!*value) {
		keyfile_fault(p,
			T("%s に値がありません。値を書くか、この行を消してください", "%s has no value; give one or remove the line"),
			k->name);
		return;
	}
	switch (k->kind) {
	case KEYFILE_TEXT:
		free(*(char **)slot(p, k));
		*(char **)slot(p, k) = xstrdup(value);
		break;
	case KEYFILE_PATH:
		free(*(char **)slot(p, k));
		*(char **)slot(p, k) = resolve(p->file, value);
		break;
	case KEYFILE_PORT:
		if (take_number(p, k, value, &n))
			*(uint16_t *)slot(p, k) = (uint16_t)n;
		break;
	case KEYFILE_NUMBER:
		if (take_number(p, k, value, &n))
			*(int *)slot(p, k) = n;
		break;
	case KEYFILE_LANG:
		if (!i18n_parse(value, slot(p, k)))
			keyfile_fault(p, T("lang は ja か en です（今は「%s」）", "lang must be ja or en (it is \"%s\")"), value);
		break;
	case KEYFILE_CHOICE:
		if (!strcmp(value, k->yes) || !strcmp(value, k->no))
			*(bool *)slot(p, k) = !strcmp(value, k->yes);
		else
			keyfile_fault(p, T("%s は %s か %s です（今は「%s」）", "%s must be %s or %s (it is \"%s\")"), k->name, k->yes,
				k->no, value);
		break;
	case KEYFILE_WORDS:
	case KEYFILE_LINES:
		assert(!"lists are handled above");
	}
}

static size_t find_key(const struct keyfile *p, const char *name)
{
	size_t i = 0;
	while (i < p->n && strcmp(p->keys[i].name, name) != 0)
		i++;
	return i;
}

static void take_entry(struct keyfile *p, char *s)
{
	s = trim(s + 1);
	if (!p->list) {
		keyfile_fault(p, T("「-」の行の上に、一覧の項目名（notice_command: など）がありません",
					 "a `-` line without a list key (such as notice_command:) above it"));
		return;
	}
	if (unquote(p, &s))
		list_add(p, slot(p, p->list), s);
}

static void take_line(struct keyfile *p, char *line)
{
	cut_comment(line);
	char *s = trim(line);
	if (!*s || !strcmp(s, "---"))
		return;
	if (s[0] == '-' && (s[1] == ' ' || s[1] == '\t')) {
		take_entry(p, s);
		return;
	}
	p->list = NULL;
	char *colon = strchr(s, ':');
	if (!colon || (colon[1] && colon[1] != ' ' && colon[1] != '\t')) {
		keyfile_fault(p, T("「項目名: 値」の形ではありません: %s", "this is not `key: value`: %s"), s);
		return;
	}
	*colon = '\0';
	size_t i = find_key(p, trim(s));
	if (i == p->n) {
		keyfile_fault(p, T("知らない項目名です: %s。つづりを確かめてください", "unknown key: %s; check the spelling"), s);
		return;
	}
	if (p->seen[i]) {
		keyfile_fault(p, T("%s は %d 行目にもあります。どちらかを消してください", "%s stands on line %d too; remove one of them"),
			s, p->seen[i]);
		return;
	}
	p->seen[i] = p->line;
	char *value = trim(colon + 1);
	bool list = p->keys[i].kind == KEYFILE_WORDS || p->keys[i].kind == KEYFILE_LINES;
	if (list && !*value)
		p->list = &p->keys[i];
	else
		take_value(p, &p->keys[i], value);
}

/* Files written on Windows end their lines with CR LF. */
static char *without_cr(const char *text)
{
	char *copy = xstrdup(text), *to = copy;
	for (const char *at = text; *at; at++)
		if (at[0] != '\r' || at[1] != '\n')
			*to++ = *at;
	*to = '\0';
	return copy;
}

void keyfile_read(struct keyfile *p, const struct keyfile_key *keys, size_t n, void *into, const char *text, const char *file)
{
	*p = (struct keyfile){.keys = keys, .n = n, .into = into, .file = file, .seen = xcalloc(n, sizeof *p->seen)};
	buf_init(&p->faults, 64u << 10);
	char *copy = without_cr(text);
	if (!text_valid(copy, strlen(copy)))
		keyfile_fault(p, T("UTF-8 の文字だけのファイルではありません", "the file is not clean UTF-8 text"));
	else
		for (char *line = copy, *next; line; line = next) {
			next = strchr(line, '\n');
			if (next)
				*next++ = '\0';
			p->line++;
			take_line(p, line);
		}
	free(copy);
	p->line = 0;
}

char *keyfile_end(struct keyfile *p)
{
	char *faults = p->faults.len > 0 ? buf_take(&p->faults) : NULL;
	buf_free(&p->faults);
	free(p->seen);
	return faults;
}

void keyfile_free_values(const struct keyfile_key *keys, size_t n, void *into)
{
	for (size_t i = 0; i < n; i++) {
		void *at = (char *)into + keys[i].offset;
		if (keys[i].kind == KEYFILE_TEXT || keys[i].kind == KEYFILE_PATH)
			free(*(char **)at);
		else if (keys[i].kind == KEYFILE_WORDS || keys[i].kind == KEYFILE_LINES)
			list_free(at);
	}
}

char *keyfile_load(const char *path, char **error)
{
	FILE *f = fopen(path, "re");
	if (!f) {
		*error = xasprintf(
			T("設定ファイル %s を開けません: %s", "cannot open the configuration file %s: %s"), path, strerror(errno));
		return NULL;
	}
	struct buf b;
	buf_init(&b, FILE_LIMIT);
	char part[4096];
	size_t n;
	while ((n = fread(part, 1, sizeof part, f)) > 0 && buf_append(&b, part, n))
		;
	bool failed = ferror(f) != 0, big = b.full, zero = b.len && memchr(b.data, 0, b.len);
	fclose(f);
	char *text = NULL;
	if (failed)
		*error = xasprintf(T("設定ファイル %s を読めません", "cannot read the configuration file %s"), path);
	else if (big || zero)
		*error = xasprintf(T("%s は設定ファイルではないようです", "%s does not look like a configuration file"), path);
	else
		text = xstrdup(buf_str(&b));
	buf_free(&b);
	return text;
}
