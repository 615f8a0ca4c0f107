/*
 * logline: one record as one line for people, or as JSON.
 */
#ifndef CTL_LOGLINE_H
#define CTL_LOGLINE_H

#include "ctl/ctl.h"
#include "lib/rows.h"
#include "renraku.pb-c.h"

/* names: the contacts view, for persons' names; may be NULL. */
void logline_show(struct ctl *, const struct rows *names, const Renraku__LogEntry *);
void logline_json(const Renraku__LogEntry *);

#endif
