/*
 * layout: a document as a PDF on A4 with Pango and Cairo. The same document gives the same bytes: no clock, no random number; it is dated
 * by what it tells of.
 */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include "base/buf.h"
#include "report/doc.h"

/* How many pages it has. */
int layout_pdf(const struct doc *, struct buf *out);
/* NULL: there is a font with Japanese in it. Else what is missing and what to do. */
const char *layout_fonts(void);

#endif
