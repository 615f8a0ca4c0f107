#include "report/doc.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define TEXT_MAX (8u << 20)

struct doc *doc_new(void)
{
	struct doc *doc = xcalloc(1, sizeof *doc);

	doc->arena = arena_new(0);
	doc->scale = 1;
	doc->margin = 51; /* 18 mm */
	doc->title = doc->author = doc->running = doc->foot = "";
	return doc;
}

void doc_free(struct doc *doc)
{
	size_t i;

	if (!doc)
		return;
	for (i = 0; i < doc->n; i++)
		if (doc->blocks[i].table)
			free(doc->blocks[i].table->lines);
	free(doc->blocks);
	arena_free(doc->arena);
	free(doc);
}

/* Line by line: a line break is the writer's, other control characters are not. */
const char *doc_safe(struct doc *doc, const char *text)
{
	struct buf out;
	char *line, *end;

	if (!text || !*text)
		return "";
	buf_init(&out, TEXT_MAX);
	for (line = arena_strdup(doc->arena, text);; line = end + 1) {
		end = strchr(line, '\n');
		if (end)
			*end = '\0';
		text_safe(&out, line);
		if (!end)
			break;
		buf_puts(&out, "\n");
	}
	line = arena_strdup(doc->arena, buf_str(&out));
	buf_free(&out);
	return line;
}

static char *format(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));
static char *format(const char *fmt, va_list args)
{
	char *text = NULL;

	return vasprintf(&text, fmt, args) < 0 ? xstrdup("") : text;
}

static struct doc_block *block(struct doc *doc, enum doc_kind kind)
{
	struct doc_block *b;

	doc->blocks = xgrow(doc->blocks, &doc->cap, doc->n + 1, sizeof *doc->blocks);
	b = &doc->blocks[doc->n++];
	memset(b, 0, sizeof *b);
	b->kind = kind;
	b->text = "";
	return b;
}

void doc_add(struct doc *doc, enum doc_kind kind, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = format(fmt, args);
	va_end(args);
	block(doc, kind)->text = doc_safe(doc, text);
	free(text);
}

struct doc_table *doc_table(struct doc *doc, size_t columns, const char *const *heads, const double *widths)
{
	struct doc_table *t = arena_alloc(doc->arena, sizeof *t);
	size_t i;

	assert(columns > 0 && columns <= DOC_COLUMNS);
	t->columns = columns;
	t->headed = heads != NULL;
	for (i = 0; i < columns; i++) {
		t->widths[i] = widths[i];
		t->heads[i] = heads ? doc_safe(doc, heads[i]) : "";
	}
	block(doc, DOC_TABLE)->table = t;
	return t;
}

struct doc_line *doc_row(struct doc *doc, struct doc_table *t, enum doc_row kind, const char *const *cells)
{
	struct doc_line *line;
	size_t i;

	t->lines = xgrow(t->lines, &t->cap, t->n + 1, sizeof *t->lines);
	line = &t->lines[t->n++];
	memset(line, 0, sizeof *line);
	line->kind = kind;
	for (i = 0; i < t->columns; i++)
		line->cells[i] = kind == DOC_ROW_GROUP && i > 0 ? "" : doc_safe(doc, cells[i]);
	return line;
}

struct doc_table *doc_pairs(struct doc *doc, double first_share)
{
	struct doc_table *t = doc_table(doc, 2, NULL, (const double[]){first_share, 1 - first_share});

	t->head_column = true;
	return t;
}

void doc_pair(struct doc *doc, struct doc_table *t, const char *what, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = format(fmt, args);
	va_end(args);
	if (*text)
		doc_row(doc, t, DOC_ROW_PLAIN, (const char *const[]){what, text});
	free(text);
}
