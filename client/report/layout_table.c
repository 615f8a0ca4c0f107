/* Tables over pages: heads repeat, short rows stay whole, long ones go on. */
#include "report/layout_pen.h"

struct row_cells {
	PangoLayout *at[DOC_COLUMNS];
	double x[DOC_COLUMNS], width[DOC_COLUMNS];
	size_t n;
	double height; /* of the highest, with padding */
};

static void row_layout(struct pen *p, const struct doc_table *t, const char *const *cells, bool across, bool gothic, struct row_cells *row)
{
	double sum = 0, x = p->left, size = SMALL;
	size_t i;

	for (i = 0; i < t->columns; i++)
		sum += t->widths[i];
	row->n = across ? 1 : t->columns;
	row->height = 0;
	for (i = 0; i < row->n; i++) {
		double height;

		row->x[i] = x;
		row->width[i] = across ? p->width : p->width * t->widths[i] / sum;
		row->at[i] =
			layout_text(p, cells[i], gothic || (i == 0 && t->head_column) ? GOTHIC : MINCHO, size, row->width[i] - 2 * PAD_X);
		height = layout_height(row->at[i]) + 2 * PAD_Y * p->doc->scale;
		row->height = height > row->height ? height : row->height;
		x += row->width[i];
	}
}

static void row_free(struct row_cells *row)
{
	size_t i;

	for (i = 0; i < row->n; i++)
		g_object_unref(row->at[i]);
}

static void frame(struct pen *p, const struct row_cells *row, double height, double shade, bool head_column)
{
	size_t i;

	for (i = 0; i < row->n; i++) {
		double grey = i == 0 && head_column ? 0.94 : shade;

		if (grey < 1) {
			layout_ink(p, grey);
			cairo_rectangle(p->cairo, row->x[i], p->y, row->width[i], height);
			cairo_fill(p->cairo);
		}
	}
	layout_ink(p, 0.35);
	cairo_set_line_width(p->cairo, 0.5);
	for (i = 0; i < row->n; i++)
		cairo_rectangle(p->cairo, row->x[i], p->y, row->width[i], height);
	cairo_stroke(p->cairo);
	layout_ink(p, 0);
}

static void row_whole(struct pen *p, const struct row_cells *row, double height, double shade, bool head_column, double grey)
{
	size_t i;

	frame(p, row, height, shade, head_column);
	layout_ink(p, grey);
	for (i = 0; i < row->n; i++)
		layout_show(p, row->at[i], row->x[i] + PAD_X, p->y + PAD_Y * p->doc->scale);
	layout_ink(p, 0);
	p->y += height;
}

static void heads(struct pen *p, const struct doc_table *t)
{
	struct row_cells row;

	if (!t->headed)
		return;
	row_layout(p, t, t->heads, false, true, &row);
	row_whole(p, &row, row.height, 0.9, false, 0);
	row_free(&row);
}

/* The lines of a cell from *line on that fit into `room`; returns their height. */
static double cell_part(struct pen *p, PangoLayout *layout, double x, int *line, double space)
{
	int n = pango_layout_get_line_count(layout), i = 0;
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	double first = -1, used = 0;

	do {
		PangoRectangle logical;
		double top, height;

		if (i++ < *line)
			continue;
		pango_layout_iter_get_line_extents(iter, NULL, &logical);
		top = (double)logical.y / PANGO_SCALE;
		height = (double)logical.height / PANGO_SCALE;
		first = first < 0 ? top : first;
		if (top - first + height > space)
			break;
		used = top - first + height;
		cairo_move_to(
			p->cairo, x, p->y + PAD_Y * p->doc->scale + (double)pango_layout_iter_get_baseline(iter) / PANGO_SCALE - first);
		pango_cairo_show_layout_line(p->cairo, pango_layout_iter_get_line_readonly(iter));
		*line = i;
	} while (i < n && pango_layout_iter_next_line(iter));
	pango_layout_iter_free(iter);
	return used;
}

/* A row higher than what a page should lose to white: it goes on on the next page, its frame too. */
static void row_broken(struct pen *p, const struct doc_table *t, const struct row_cells *row)
{
	int line[DOC_COLUMNS] = {0};
	bool more = true;

	while (more) {
		double space = layout_room(p) - 2 * PAD_Y * p->doc->scale, used = 0;
		size_t i;

		more = false;
		for (i = 0; i < row->n; i++) {
			double height = cell_part(p, row->at[i], row->x[i] + PAD_X, &line[i], space);

			used = height > used ? height : used;
			more = more || line[i] < pango_layout_get_line_count(row->at[i]);
		}
		used += 2 * PAD_Y * p->doc->scale;
		layout_ink(p, 0.35);
		cairo_set_line_width(p->cairo, 0.5);
		for (i = 0; i < row->n; i++)
			cairo_rectangle(p->cairo, row->x[i], p->y, row->width[i], used);
		cairo_stroke(p->cairo);
		layout_ink(p, 0);
		p->y += used;
		if (more) {
			layout_next_page(p);
			heads(p, t);
		}
	}
}

static void table_row(struct pen *p, const struct doc_table *t, const struct doc_line *line, double next)
{
	static const double shades[] = {1, 0.96, 0.92, 1};
	struct row_cells row;
	double height, whole = p->bottom - p->top;

	row_layout(p, t, line->cells, line->kind == DOC_ROW_GROUP, line->kind == DOC_ROW_GROUP, &row);
	height = row.height > line->height * p->doc->scale ? row.height : line->height * p->doc->scale;
	if (height + (line->kind == DOC_ROW_GROUP ? next : 0) > layout_room(p) && (height <= ROW_WHOLE || layout_room(p) < 80) &&
		height < whole) {
		layout_next_page(p);
		heads(p, t);
	}
	if (height <= layout_room(p))
		row_whole(p, &row, height, shades[line->kind], t->head_column && line->kind != DOC_ROW_GROUP,
			line->kind == DOC_ROW_DIM ? 0.35 : 0);
	else
		row_broken(p, t, &row);
	row_free(&row);
}

static double row_height(struct pen *p, const struct doc_table *t, const struct doc_line *line)
{
	struct row_cells row;

	row_layout(p, t, line->cells, line->kind == DOC_ROW_GROUP, line->kind == DOC_ROW_GROUP, &row);
	row_free(&row);
	return row.height > line->height * p->doc->scale ? row.height : line->height * p->doc->scale;
}

double layout_table_start(struct pen *p, const struct doc_table *t)
{
	double height = 0;
	size_t i;

	if (t->headed) {
		struct row_cells row;

		row_layout(p, t, t->heads, false, true, &row);
		height = row.height;
		row_free(&row);
	}
	for (i = 0; i < t->n && i < 2; i++) {
		height += row_height(p, t, &t->lines[i]);
		if (t->lines[i].kind != DOC_ROW_GROUP)
			break;
	}
	return height < ROW_WHOLE ? height : ROW_WHOLE;
}

void layout_table_draw(struct pen *p, const struct doc_table *t)
{
	size_t i;

	if (t->n == 0)
		return;
	if (layout_room(p) < layout_table_start(p, t))
		layout_next_page(p);
	heads(p, t);
	for (i = 0; i < t->n; i++)
		table_row(p, t, &t->lines[i], t->lines[i].kind == DOC_ROW_GROUP && i + 1 < t->n ? row_height(p, t, &t->lines[i + 1]) : 0);
	p->y += 7 * p->doc->scale;
}
