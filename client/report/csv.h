/*
 * csv: one line for each record, for a spreadsheet: RFC 4180, UTF-8 with a byte order mark (or Excel takes it for another encoding), and
 * nothing that a spreadsheet would take for a formula.
 */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "base/buf.h"
#include "report/model.h"

void csv_report(const struct model *, struct buf *out);

#endif
