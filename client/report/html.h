/*
 * html: a document as one page that asks nothing of anybody: no script, no outside file, everything escaped. Prints well.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/buf.h"
#include "report/doc.h"

void html_write(const struct doc *, struct buf *out);

#endif
