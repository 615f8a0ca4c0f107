/*
 * json: the report for programs: the whole model, complete and stable. docs/report.md says what each key means.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "base/buf.h"
#include "report/model.h"

void json_report(const struct model *, struct buf *out);
/* calls, council, measures, limits, follow-ups, comments, bars, score (json_ledger.c) */
void json_ledger(const struct model *, struct buf *out);

#endif
