#include "report/layout.h"

#include <string.h>

#include "base/clock.h"
#include "lib/i18n.h"
#include "report/layout_pen.h"

#define PAGE_WIDTH 595.276
#define PAGE_HEIGHT 841.89
#define HEAD_SPACE 16.0 /* the running head above the text, the foot below it */

/* ---- type ---- */

PangoLayout *layout_text(struct pen *p, const char *text, const char *font, double size, double width)
{
	PangoLayout *layout = pango_layout_new(p->context);
	PangoFontDescription *description = pango_font_description_from_string(font);
	PangoAttrList *attributes;

	pango_font_description_set_absolute_size(description, size * p->doc->scale * PANGO_SCALE);
	pango_layout_set_font_description(layout, description);
	pango_font_description_free(description);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	attributes = pango_attr_list_new();
	pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE)); /* a hash or a number has none of its own */
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
	if (width > 0)
		pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_spacing(layout, (int)(size * 0.28 * PANGO_SCALE));
	pango_layout_set_text(layout, text, -1);
	return layout;
}

double layout_height(PangoLayout *layout)
{
	int height;

	pango_layout_get_size(layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

void layout_ink(struct pen *p, double grey)
{
	cairo_set_source_rgb(p->cairo, grey, grey, grey);
}

void layout_show(struct pen *p, PangoLayout *layout, double x, double y)
{
	cairo_move_to(p->cairo, x, y);
	pango_cairo_show_layout(p->cairo, layout);
}

/* ---- pages ---- */

static void stamp(struct pen *p)
{
	PangoLayout *layout = layout_text(p, p->doc->stamp, GOTHIC, 120, 0);
	int w, h;

	pango_layout_get_pixel_size(layout, &w, &h);
	cairo_save(p->cairo);
	cairo_translate(p->cairo, PAGE_WIDTH / 2, PAGE_HEIGHT / 2);
	cairo_rotate(p->cairo, -0.7);
	cairo_set_source_rgb(p->cairo, 1, 0.88, 0.88);
	layout_show(p, layout, -w / 2.0, -h / 2.0);
	cairo_restore(p->cairo);
	g_object_unref(layout);
	layout = layout_text(p, p->doc->stamp, GOTHIC, 15, 0);
	pango_layout_get_pixel_size(layout, &w, &h);
	cairo_set_source_rgb(p->cairo, 0.8, 0, 0);
	cairo_set_line_width(p->cairo, 1.5);
	cairo_rectangle(p->cairo, PAGE_WIDTH - p->left - w - 10, p->doc->margin * 0.35, w + 10, h + 3);
	cairo_stroke(p->cairo);
	layout_show(p, layout, PAGE_WIDTH - p->left - w - 5, p->doc->margin * 0.35 + 1);
	g_object_unref(layout);
}

static void marginal(struct pen *p, const char *text, double y, PangoAlignment align)
{
	PangoLayout *layout = layout_text(p, text, GOTHIC, 8, p->width);

	pango_layout_set_alignment(layout, align);
	pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
	layout_ink(p, 0.25);
	layout_show(p, layout, p->left, y);
	g_object_unref(layout);
}

static void page_begin(struct pen *p)
{
	char number[48];

	p->page++;
	p->y = p->top;
	if (p->doc->stamp)
		stamp(p);
	marginal(p, p->running, p->doc->margin * 0.62, PANGO_ALIGN_LEFT);
	if (*p->doc->foot || p->pages != 1) {
		snprintf(number, sizeof number, "－ %d ／ %d －", p->page, p->pages);
		if (i18n_get() == I18N_EN)
			snprintf(number, sizeof number, "- %d / %d -", p->page, p->pages);
		marginal(p, p->doc->foot, PAGE_HEIGHT - p->doc->margin * 0.75, PANGO_ALIGN_LEFT);
		marginal(p, number, PAGE_HEIGHT - p->doc->margin * 0.5, PANGO_ALIGN_CENTER);
	}
	layout_ink(p, 0);
}

void layout_next_page(struct pen *p)
{
	cairo_show_page(p->cairo);
	page_begin(p);
}

double layout_room(const struct pen *p)
{
	return p->bottom - p->y;
}

/* ---- text ---- */

/* Line by line, so that a long paragraph goes over the page's end. */
static void flow(struct pen *p, PangoLayout *layout, double x)
{
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	double from = p->y, base = 0;

	do {
		PangoRectangle logical;
		double top, height;

		pango_layout_iter_get_line_extents(iter, NULL, &logical);
		top = (double)logical.y / PANGO_SCALE;
		height = (double)logical.height / PANGO_SCALE;
		if (from + top - base + height > p->bottom && top > base) {
			layout_next_page(p);
			from = p->top;
			base = top;
		}
		cairo_move_to(p->cairo, x + (double)logical.x / PANGO_SCALE,
			from - base + (double)pango_layout_iter_get_baseline(iter) / PANGO_SCALE);
		pango_cairo_show_layout_line(p->cairo, pango_layout_iter_get_line_readonly(iter));
		p->y = from - base + top + height;
	} while (pango_layout_iter_next_line(iter));
	pango_layout_iter_free(iter);
}

static void paragraph(struct pen *p, const char *text, const char *font, double size, double before, double after)
{
	PangoLayout *layout = layout_text(p, text, font, size, p->width);

	if (p->y > p->top)
		p->y += before * p->doc->scale;
	if (layout_room(p) < size * p->doc->scale * 1.6)
		layout_next_page(p);
	flow(p, layout, p->left);
	p->y += after * p->doc->scale;
	g_object_unref(layout);
}

static void warning(struct pen *p, const char *text)
{
	PangoLayout *layout = layout_text(p, text, GOTHIC, BODY, p->width - 12);
	double height = layout_height(layout) + 8;

	p->y += 3;
	if (layout_room(p) < height)
		layout_next_page(p);
	cairo_set_source_rgb(p->cairo, 0.7, 0, 0);
	cairo_set_line_width(p->cairo, 1.2);
	cairo_rectangle(p->cairo, p->left, p->y, p->width, height);
	cairo_stroke(p->cairo);
	layout_show(p, layout, p->left + 6, p->y + 4);
	layout_ink(p, 0);
	p->y += height + 5;
	g_object_unref(layout);
}

static void heading(struct pen *p, const char *text)
{
	char link[32];

	paragraph(p, text, GOTHIC, 13, 14, 2);
	cairo_set_line_width(p->cairo, 1.1);
	cairo_move_to(p->cairo, p->left, p->y);
	cairo_line_to(p->cairo, p->left + p->width, p->y);
	cairo_stroke(p->cairo);
	p->y += 5 * p->doc->scale;
	if (!p->pages)
		return;
	snprintf(link, sizeof link, "page=%d", p->page);
	cairo_pdf_surface_add_outline(cairo_get_target(p->cairo), CAIRO_PDF_OUTLINE_ROOT, text, link, CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

static void title(struct pen *p, const char *text)
{
	PangoLayout *layout = layout_text(p, text, MINCHO, 19, p->width);

	pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
	p->y += 6 * p->doc->scale;
	layout_show(p, layout, p->left, p->y);
	p->y += layout_height(layout) + 12 * p->doc->scale;
	g_object_unref(layout);
}

/* ---- the whole ---- */

/* A heading does not stand alone at a page's end. */
static double with_next(struct pen *p, size_t i)
{
	const struct doc *d = p->doc;
	double height = 0;

	for (; i < d->n; i++)
		switch (d->blocks[i].kind) {
		case DOC_HEADING:
			height += 13 * 1.5 + 22;
			break;
		case DOC_SUBHEADING:
		case DOC_NOTE:
			height += 11 * 1.5 + 11;
			break;
		case DOC_TABLE:
			return height + layout_table_start(p, d->blocks[i].table);
		default:
			return height + 2.5 * BODY;
		}
	return height;
}

/* Does it belong to what comes after it? A note before a table says what the table is. */
static bool leads(const struct doc *d, size_t i)
{
	enum doc_kind kind = d->blocks[i].kind;

	return kind == DOC_HEADING || kind == DOC_SUBHEADING || (kind == DOC_NOTE && i + 1 < d->n && d->blocks[i + 1].kind == DOC_TABLE);
}

static void block(struct pen *p, size_t i)
{
	const struct doc_block *b = &p->doc->blocks[i];

	if (leads(p->doc, i) && layout_room(p) < with_next(p, i) * p->doc->scale && p->y > p->top)
		layout_next_page(p);
	switch (b->kind) {
	case DOC_TITLE:
		title(p, b->text);
		break;
	case DOC_HEADING:
		heading(p, b->text);
		break;
	case DOC_SUBHEADING:
		paragraph(p, b->text, GOTHIC, 11, 7, 3);
		break;
	case DOC_TEXT:
		paragraph(p, b->text, MINCHO, BODY, 0, 4);
		break;
	case DOC_NOTE:
		paragraph(p, b->text, MINCHO, SMALL, 0, 4);
		break;
	case DOC_WARN:
		warning(p, b->text);
		break;
	case DOC_TABLE:
		layout_table_draw(p, b->table);
		break;
	case DOC_PAGE:
		p->running = *b->text ? b->text : p->doc->running;
		if (p->y > p->top)
			layout_next_page(p);
		break;
	}
}

static void draw(const struct doc *doc, cairo_surface_t *surface, struct pen *p, int pages)
{
	size_t i;

	memset(p, 0, sizeof *p);
	p->doc = doc;
	p->running = doc->running;
	p->pages = pages;
	p->left = doc->margin;
	p->width = PAGE_WIDTH - 2 * doc->margin;
	p->top = doc->margin + HEAD_SPACE / 2;
	p->bottom = PAGE_HEIGHT - doc->margin - HEAD_SPACE / 2;
	p->cairo = cairo_create(surface);
	p->context = pango_cairo_create_context(p->cairo);
	pango_cairo_context_set_resolution(p->context, 72);
	pango_context_set_language(p->context, pango_language_from_string("ja"));
	page_begin(p);
	for (i = 0; i < doc->n; i++)
		block(p, i);
	cairo_show_page(p->cairo);
	g_object_unref(p->context);
	cairo_destroy(p->cairo);
}

static cairo_status_t to_buf(void *arg, const unsigned char *data, unsigned len)
{
	return buf_append(arg, data, len) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void metadata(const struct doc *doc, cairo_surface_t *surface)
{
	char at[20], date[40];

	clock_format(doc->at, true, at);
	snprintf(date, sizeof date, "%.10sT%.8s+09:00", at, at + 11);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, doc->title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, doc->author);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date); /* else Cairo takes the clock's */
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date);
}

int layout_pdf(const struct doc *doc, struct buf *out)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(NULL, NULL, PAGE_WIDTH, PAGE_HEIGHT);
	struct pen pen;

	draw(doc, surface, &pen, 0);
	cairo_surface_destroy(surface);
	surface = cairo_pdf_surface_create_for_stream(to_buf, out, PAGE_WIDTH, PAGE_HEIGHT);
	metadata(doc, surface);
	draw(doc, surface, &pen, pen.page);
	cairo_surface_finish(surface);
	cairo_surface_destroy(surface);
	return pen.page;
}

const char *layout_fonts(void)
{
	PangoFontMap *map = pango_cairo_font_map_get_default();
	PangoFontFamily **families;
	int n, i, found = 0;

	pango_font_map_list_families(map, &families, &n);
	for (i = 0; i < n; i++)
		found |= strcmp(pango_font_family_get_name(families[i]), MINCHO) == 0   ? 1
			 : strcmp(pango_font_family_get_name(families[i]), GOTHIC) == 0 ? 2
											: 0;
	g_free(families);
	return found == 3 ? NULL
			  : T("印刷に使う書体（IPAex明朝・IPAexゴシック）がありません。管理者に fonts-ipaexfont の導入を頼んでください。",
				    "The typefaces for printing are missing. Have the package fonts-ipaexfont installed.");
}
