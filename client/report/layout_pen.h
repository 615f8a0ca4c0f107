/*
 * layout_pen: what layout.c (pages, text) and layout_table.c share while one document is drawn. Not for others.
 */
#ifndef REPORT_LAYOUT_PEN_H
#define REPORT_LAYOUT_PEN_H

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "report/doc.h"

#define MINCHO "IPAexMincho"
#define GOTHIC "IPAexGothic"
#define BODY 10.5
#define SMALL 9.0
#define PAD_X 3.5
#define PAD_Y 2.2
#define ROW_WHOLE 150.0 /* a row up to this high is never broken; a longer one goes on on the next page */

struct pen {
	const struct doc *doc;
	cairo_t *cairo;
	PangoContext *context;
	double left, top, bottom, width, y;
	const char *running;
	int page, pages; /* pages: 0 while they are counted */
};

/* width 0: as long as it is. To be unreferenced. */
PangoLayout *layout_text(struct pen *, const char *text, const char *font, double size, double width);
double layout_height(PangoLayout *);
void layout_ink(struct pen *, double grey);
void layout_show(struct pen *, PangoLayout *, double x, double y);
void layout_next_page(struct pen *);
double layout_room(const struct pen *);

/* ---- layout_table.c ---- */
void layout_table_draw(struct pen *, const struct doc_table *);
/* What must stand together at its beginning: its heads and first row (and the one after a group's name). */
double layout_table_start(struct pen *, const struct doc_table *);

#endif
