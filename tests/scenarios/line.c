/*
 * line: cuts a scenario's line into words and key=value pairs; a value with spaces stands in double quotes.
 */
#include <stdlib.h>
#include <string.h>

#include "play.h"

static char *next_token(char **at)
{
	char *s = *at + strspn(*at, " \t\r\n");
	if (!*s || *s == '#')
		return NULL;
	char *from = s, *to = s;
	bool quoted = false;
	for (; *s && (quoted || !strchr(" \t\r\n", *s)); s++) {
		if (*s == '"')
			quoted = !quoted;
		else
			*to++ = *s;
	}
	*at = *s ? s + 1 : s;
	*to = '\0';
	return from;
}

bool line_parse(struct line *l, const char *text)
{
	*l = (struct line){.text = xstrdup(text)};
	char *at = l->text, *token;
	while ((token = next_token(&at))) {
		char *eq = strchr(token, '=');
		if (eq && l->n_pairs < LINE_PAIRS) {
			*eq = '\0';
			l->pairs[l->n_pairs].key = token;
			l->pairs[l->n_pairs++].value = eq + 1;
		} else if (!eq && l->n_words < LINE_WORDS) {
			l->words[l->n_words++] = token;
		}
	}
	if (l->n_words)
		return true;
	line_free(l);
	return false;
}

void line_free(struct line *l)
{
	free(l->text);
	*l = (struct line){0};
}

const char *line_get(const struct line *l, const char *key)
{
	for (size_t i = 0; i < l->n_pairs; i++)
		if (strcmp(l->pairs[i].key, key) == 0)
			return l->pairs[i].value;
	return NULL;
}
