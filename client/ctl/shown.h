/*
 * shown: tells the server which notices a reading command has really put before somebody's eyes. Text counts as displayed, JSON only
 * on a terminal: elsewhere another program has it, and whether that one shows it is not known here, so it is 'delivered'.
 */
#ifndef CTL_SHOWN_H
#define CTL_SHOWN_H

#include "ctl/ctl.h"
#include "lib/rows.h"

Renraku__Stage shown_stage(const struct ctl *);
/* This reader's own part in a notice: the person signed in, or for a broadcast this terminal. NULL when it is addressed to others. */
const Renraku__RecipientRow *shown_own(const struct ctl *, const Renraku__NoticeRow *);
/* After printing: receipts for all notices among the rows that are the reader's own and had not come so far. `which` (may be NULL)
   picks those that were printed. Waits until the server has read them; says nothing when it cannot: the next look says it again. */
typedef bool shown_which_fn(const struct ctl *, const Renraku__NoticeRow *);
void shown_tell(struct ctl *, const struct rows *, shown_which_fn *which);

#endif
