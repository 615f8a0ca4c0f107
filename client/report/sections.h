/*
 * sections: the report as a document. One function for each part of it; each adds its heading and what belongs under it, and says so where
 * there is nothing.
 */
#ifndef REPORT_SECTIONS_H
#define REPORT_SECTIONS_H

#include "report/doc.h"
#include "report/model.h"

struct doc *sections_report(const struct model *);

void sections_summary(struct doc *, const struct model *);    /* 1 */
void sections_clauses(struct doc *, const struct model *);    /* 2 */
void sections_notices(struct doc *, const struct model *);    /* 3 */
void sections_decisions(struct doc *, const struct model *);  /* 4 */
void sections_calls(struct doc *, const struct model *);      /* 5 */
void sections_council(struct doc *, const struct model *);    /* 6 */
void sections_measures(struct doc *, const struct model *);   /* 7 */
void sections_limits(struct doc *, const struct model *);     /* 8 */
void sections_follow_ups(struct doc *, const struct model *); /* 9 */
void sections_people(struct doc *, const struct model *);     /* 10 */
void sections_log(struct doc *, const struct model *);        /* 11 */
void sections_score(struct doc *, const struct model *);      /* 12, of a drill */

/* "F1.1b　原因の特定" */
const char *sections_item(const struct model *, const struct m_item *);
/* "11-23 10:05:07", on a line of its own what is said of it. */
const char *sections_when(const struct model *, int64_t at);
/* Says before a text that it no longer counts: it was put right, or done again after it was sent back or reopened. */
const char *sections_superseded(const struct model *, const struct evidence *, const char *text);
void sections_none(struct doc *, const char *text);

#endif
