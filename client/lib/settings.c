#include "lib/settings.h"

#include <assert.h>
#include <errno.h>
#include <openssl/sha.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#define LIST_LIMIT 64

enum kind { KIND_TEXT, KIND_PATH, KIND_PORT, KIND_MS, KIND_COUNT, KIND_LANG, KIND_WORDS, KIND_LINES, KIND_SHOWN };

struct key {
	const char *name;
	enum kind kind;
	size_t offset;
	int min, max;
};
#define KEY(k, kind, min, max)                                                                                                             \
	{                                                                                                                                  \
#k, kind, offsetof(struct settings, k), min, max                                                                           \
	}

static const struct key keys[] = {
	KEY(server, KIND_TEXT, 0, 0),
	KEY(port, KIND_PORT, 1, 65535),
	KEY(server_name, KIND_TEXT, 0, 0),
	KEY(ca, KIND_PATH, 0, 0),
	KEY(cert, KIND_PATH, 0, 0),
	KEY(key, KIND_PATH, 0, 0),
	KEY(crl, KIND_PATH, 0, 0),
	KEY(agent_socket, KIND_PATH, 0, 0),
	KEY(spool, KIND_PATH, 0, 0),
	KEY(state, KIND_PATH, 0, 0),
	KEY(token, KIND_PATH, 0, 0),
	KEY(place, KIND_TEXT, 0, 0),
	KEY(lang, KIND_LANG, 0, 0),
	KEY(notice_command, KIND_WORDS, 0, 0),
	KEY(test_command, KIND_WORDS, 0, 0),
	KEY(emergency_contacts, KIND_LINES, 0, 0),
	KEY(connect_ms, KIND_MS, 100, 60000),
	KEY(answer_ms, KIND_MS, 100, 60000),
	KEY(silence_ms, KIND_MS, 200, 600000),
	KEY(retry_min_ms, KIND_MS, 10, 60000),
	KEY(retry_max_ms, KIND_MS, 10, 600000),
	KEY(grace_ms, KIND_MS, 0, 600000),
	KEY(undelivered_ms, KIND_MS, 0, 600000),
	KEY(undelivered_repeat_ms, KIND_MS, 1000, 86400000),
	KEY(notice_timeout_ms, KIND_MS, 100, 3600000),
	{"notice_shown", KIND_SHOWN, offsetof(struct settings, notice_shown_at_start), 0, 0},
	KEY(notice_children, KIND_COUNT, 1, 64),
};
#define KEYS (sizeof keys / sizeof keys[0])

struct parse {
	struct settings *s;
	const char *file;
	struct buf faults;
	int line;
	const struct key *list; /* the list that `-` lines belong to */
	int seen[KEYS];         /* line where it stands, 0: not yet */
};

static void fault(struct parse *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void fault(struct parse *p, const char *fmt, ...)
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

static void *slot(const struct parse *p, const struct key *k)
{
	return (char *)p->s + k->offset;
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
static bool unquote(struct parse *p, char **s)
{
	char q = **s;
	if (q != '"' && q != '\'')
		return true;
	size_t n = strlen(*s);
	if (n < 2 || (*s)[n - 1] != q) {
		fault(p, T("引用符 %c が閉じていません", "the quote %c is not closed"), q);
		return false;
	}
	(*s)[n - 1] = '\0';
	(*s)++;
	return true;
}

static void list_add(struct parse *p, struct settings_list *l, const char *value)
{
	if (l->n >= LIST_LIMIT) {
		fault(p, T("一覧が長すぎます（最大 %d 件）", "the list is too long (at most %d)"), LIST_LIMIT);
		return;
	}
	l->at = xrealloc(l->at, (l->n + 2) * sizeof *l->at);
	l->at[l->n++] = xstrdup(value);
	l->at[l->n] = NULL;
}

static void list_free(struct settings_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->at[i]);
	free(l->at);
}

/* Splits by blanks (words) or commas (flow list); quotes keep a part together. */
static void add_split(struct parse *p, struct settings_list *l, char *s, const char *separators)
{
	while (*(s += strspn(s, " \t"))) {
		char *end = s;
		if (*s == '"' || *s == '\'') {
			end = strchr(s + 1, *s);
			if (!end) {
				fault(p, T("引用符が閉じていません", "a quote is not closed"));
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

static void take_list(struct parse *p, const struct key *k, char *value)
{
	struct settings_list *l = slot(p, k);
	size_t n = strlen(value);
	if (value[0] == '[') {
		if (value[n - 1] != ']') {
			fault(p, T("%s: ] がありません", "%s: ] is missing"), k->name);
			return;
		}
		value[n - 1] = '\0';
		add_split(p, l, value + 1, ",");
	} else if (k->kind == KIND_WORDS) {
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

static bool take_number(struct parse *p, const struct key *k, const char *value, int *out)
{
	char *end;
	errno = 0;
	long n = strtol(value, &end, 10);
	if (errno || end == value || *end || n < k->min || n > k->max) {
		fault(p, T("%s は %d から %d までの数です（今は「%s」）", "%s must be a number from %d to %d (it is \"%s\")"), k->name,
			k->min, k->max, value);
		return false;
	}
	*out = (int)n;
	return true;
}

static void take_value(struct parse *p, const struct key *k, char *value)
{
	int n = 0;
	if (k->kind == KIND_WORDS || k->kind == KIND_LINES) {
		take_list(p, k, value);
		return;
	}
	if (!unquote(p, &value))
		return;
	if (!*value) {
		fault(p, T("%s に値がありません。値を書くか、この行を消してください", "%s has no value; give one or remove the line"),
			k->name);
		return;
	}
	switch (k->kind) {
	case KIND_TEXT:
		free(*(char **)slot(p, k));
		*(char **)slot(p, k) = xstrdup(value);
		break;
	case KIND_PATH:
		free(*(char **)slot(p, k));
		*(char **)slot(p, k) = resolve(p->file, value);
		break;
	case KIND_PORT:
		if (take_number(p, k, value, &n))
			*(uint16_t *)slot(p, k) = (uint16_t)n;
		break;
	case KIND_MS:
	case KIND_COUNT:
		if (take_number(p, k, value, &n))
			*(int *)slot(p, k) = n;
		break;
	case KIND_LANG:
		if (!i18n_parse(value, slot(p, k)))
			fault(p, T("lang は ja か en です（今は「%s」）", "lang must be ja or en (it is \"%s\")"), value);
		break;
	case KIND_SHOWN:
		if (!strcmp(value, "start") || !strcmp(value, "exit"))
			*(bool *)slot(p, k) = !strcmp(value, "start");
		else
			fault(p, T("notice_shown は start か exit です（今は「%s」）", "notice_shown must be start or exit (it is \"%s\")"),
				value);
		break;
	case KIND_WORDS:
	case KIND_LINES:
		assert(!"lists are handled above");
	}
}

static size_t find_key(const char *name)
{
	size_t i = 0;
	while (i < KEYS && strcmp(keys[i].name, name) != 0)
		i++;
	return i;
}

static void take_entry(struct parse *p, char *s)
{
	s = trim(s + 1);
	if (!p->list) {
		fault(p, T("「-」の行の上に、一覧の項目名（notice_command: など）がありません",
				 "a `-` line without a list key (such as notice_command:) above it"));
		return;
	}
	if (unquote(p, &s))
		list_add(p, slot(p, p->list), s);
}

static void take_line(struct parse *p, char *line)
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
		fault(p, T("「項目名: 値」の形ではありません: %s", "this is not `key: value`: %s"), s);
		return;
	}
	*colon = '\0';
	size_t i = find_key(trim(s));
	if (i == KEYS) {
		fault(p, T("知らない項目名です: %s。つづりを確かめてください", "unknown key: %s; check the spelling"), s);
		return;
	}
	if (p->seen[i]) {
		fault(p, T("%s は %d 行目にもあります。どちらかを消してください", "%s stands on line %d too; remove one of them"), s,
			p->seen[i]);
		return;
	}
	p->seen[i] = p->line;
	char *value = trim(colon + 1);
	bool list = keys[i].kind == KIND_WORDS || keys[i].kind == KIND_LINES;
	if (list && !*value)
		p->list = &keys[i];
	else
		take_value(p, &keys[i], value);
}

static struct settings *defaults(const char *file)
{
	struct settings *s = xcalloc(1, sizeof *s);
	s->file = xstrdup(file);
	s->port = 7443;
	s->connect_ms = 3000;
	s->answer_ms = 5000;
	s->silence_ms = 9000;
	s->retry_min_ms = 200;
	s->retry_max_ms = 5000;
	s->grace_ms = 6000;
	s->undelivered_ms = 5000;
	s->undelivered_repeat_ms = 60000;
	s->notice_timeout_ms = 30000;
	s->notice_children = 8;
	return s;
}

static char *state_home(void)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	if (xdg && xdg[0] == '/')
		return xasprintf("%s/renraku", xdg);
	return xasprintf("%s/.local/state/renraku", home && *home ? home : "/var/lib");
}

/* One token for each server and identity, so that a person's two devices on one machine do not overwrite each other. */
static char *token_path(const struct settings *s)
{
	char *what = xasprintf("%s:%u %s", s->server ? s->server : "", (unsigned)s->port,
		s->agent_socket ? s->agent_socket
		: s->cert       ? s->cert
				: "");
	unsigned char sum[SHA256_DIGEST_LENGTH];
	char hex[2 * 8 + 1];
	SHA256((const unsigned char *)what, strlen(what), sum);
	text_hex(sum, 8, hex);
	char *home = state_home();
	char *path = xasprintf("%s/token-%s", home, hex);
	free(home);
	free(what);
	return path;
}

static void finish(struct parse *p)
{
	struct settings *s = p->s;
	p->line = 0;
	if (!s->server && !s->agent_socket)
		fault(p, T("server（サーバのアドレス）がありません", "`server` (the server's address) is missing"));
	if (!s->agent_socket && (!s->ca || !s->cert || !s->key))
		fault(p, T("agent_socket がないので ca, cert, key の三つが必要です",
				 "without agent_socket, ca, cert and key are all needed"));
	if (!s->cert != !s->key)
		fault(p, T("cert と key は両方書いてください", "give cert and key together"));
	if (s->retry_max_ms < s->retry_min_ms)
		fault(p, T("retry_max_ms が retry_min_ms より小さくなっています", "retry_max_ms is below retry_min_ms"));
	if (!s->server_name && s->server)
		s->server_name = xstrdup(s->server);
	if (!s->state)
		s->state = state_home();
	if (!s->spool)
		s->spool = xasprintf("%s/spool", s->state);
	if (!s->token)
		s->token = token_path(s);
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

struct settings *settings_parse(const char *text, const char *file, char **error)
{
	struct parse p = {.s = defaults(file), .file = file};
	buf_init(&p.faults, 64u << 10);
	char *copy = without_cr(text);
	if (!text_valid(copy, strlen(copy)))
		fault(&p, T("UTF-8 の文字だけのファイルではありません", "the file is not clean UTF-8 text"));
	else
		for (char *line = copy, *next; line; line = next) {
			next = strchr(line, '\n');
			if (next)
				*next++ = '\0';
			p.line++;
			take_line(&p, line);
		}
	free(copy);
	finish(&p);
	bool bad = p.faults.len > 0;
	if (bad) {
		*error = buf_take(&p.faults);
		settings_free(p.s);
	}
	buf_free(&p.faults);
	return bad ? NULL : p.s;
}

void settings_free(struct settings *s)
{
	if (!s)
		return;
	free(s->file);
	for (size_t i = 0; i < KEYS; i++) {
		void *at = (char *)s + keys[i].offset;
		if (keys[i].kind == KIND_TEXT || keys[i].kind == KIND_PATH)
			free(*(char **)at);
		else if (keys[i].kind == KIND_WORDS || keys[i].kind == KIND_LINES)
			list_free(at);
	}
	free(s);
}
