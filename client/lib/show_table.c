#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "lib/show.h"

#define GAP 2
#define COLUMN_MIN 6
#define LAST_MIN 12

struct row {
	enum show_tone tone;
	char **cells;
};

struct show_table {
	size_t columns, n, cap;
	int indent;
	bool heads;
	struct row *rows; /* the heading is row 0 when there is one */
};

static char *clean(const char *s)
{
	struct buf b;
	buf_init(&b, 1u << 20);
	text_safe(&b, s ? s : "");
	char *out = buf_take(&b);
	buf_free(&b);
	for (char *at = out; *at; at++)
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	return out;
}

struct show_table *show_table_new(size_t columns, const char *const *heads, int indent)
{
	assert(columns > 0);
	struct show_table *t = xcalloc(1, sizeof *t);
	t->columns = columns;
	t->indent = indent;
	t->heads = heads != NULL;
	if (heads)
		show_table_row(t, SHOW_BOLD, heads);
	return t;
}

void show_table_free(struct show_table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++) {
		for (size_t c = 0; c < t->columns; c++)
			free(t->rows[i].cells[c]);
		free(t->rows[i].cells);
	}
	free(t->rows);
	free(t);
}

void show_table_row(struct show_table *t, enum show_tone tone, const char *const *cells)
{
	t->rows = xgrow(t->rows, &t->cap, t->n + 1, sizeof *t->rows);
	struct row *r = &t->rows[t->n++];
	r->tone = tone;
	r->cells = xcalloc(t->columns, sizeof *r->cells);
	for (size_t c = 0; c < t->columns; c++)
		r->cells[c] = clean(cells[c]);
}

static int total(const struct show_table *t, const int *widths)
{
	int sum = t->indent + GAP * ((int)t->columns - 1);
	for (size_t c = 0; c < t->columns; c++)
		sum += widths[c];
	return sum;
}

static size_t widest(const struct show_table *t, const int *widths)
{
	size_t at = 0;
	for (size_t c = 1; c + 1 < t->columns; c++)
		if (widths[c] > widths[at])
			at = c;
	return at;
}

/* The last column gives way first, then always the widest of the others. */
static void fit(const struct show_table *t, int *widths, int width)
{
	size_t last = t->columns - 1;
	for (size_t c = 0; c < t->columns; c++) {
		widths[c] = 0;
		for (size_t i = 0; i < t->n; i++) {
			int w = text_width(t->rows[i].cells[c]);
			widths[c] = w > widths[c] ? w : widths[c];
		}
	}
	int over = total(t, widths) - width;
	if (over > 0 && widths[last] > LAST_MIN) {
		int give = widths[last] - LAST_MIN < over ? widths[last] - LAST_MIN : over;
		widths[last] -= give;
	}
	while (total(t, widths) > width) {
		size_t c = widest(t, widths);
		if (widths[c] <= COLUMN_MIN)
			return;
		widths[c]--;
	}
}

static void write_row(const struct show_table *t, const struct row *r, const int *widths, struct buf *out, bool colours)
{
	size_t last = t->columns - 1;
	int at = t->indent;
	bool marked = colours && r->tone != SHOW_PLAIN;
	buf_printf(out, "%*s", t->indent, "");
	if (marked)
		buf_puts(out, show_on(r->tone, true));
	for (size_t c = 0; c < last; c++) {
		text_pad(out, r->cells[c], widths[c]);
		buf_printf(out, "%*s", GAP, "");
		at += widths[c] + GAP;
	}
	show_wrap(out, r->cells[last], at, at, at + widths[last]);
	/* A row whose last cells are empty leaves no blanks behind. */
	while (!marked && out->len && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
	if (marked)
		buf_puts(out, show_off(true));
	buf_puts(out, "\n");
}

void show_table_write(struct show_table *t, struct buf *out, bool colours, int width)
{
	int *widths = xcalloc(t->columns, sizeof *widths);
	fit(t, widths, width);
	for (size_t i = 0; i < t->n; i++)
		write_row(t, &t->rows[i], widths, out, colours);
	free(widths);
}
