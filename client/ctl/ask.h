/*
 * ask: fills in an item's form by asking a person at the terminal, one question a field. Used by `renraku act` when nothing was typed.
 */
#ifndef CTL_ASK_H
#define CTL_ASK_H

#include "ctl/ctl.h"
#include "ctl/fill.h"

/* Is there a person to ask? */
bool ask_possible(const struct ctl *);
/* False when the person gave up (end of input, or 'no' at the end): nothing is to be recorded. */
bool ask_item(struct ctl *, const Renraku__ItemRow *, struct fill *);

#endif
