/*
 * words: people type what they read. The title of an option, and 保留 for a point of the agenda, become the ids they stand for.
 */
#ifndef CTL_WORDS_H
#define CTL_WORDS_H

#include "ctl/fill.h"

/* Is there a value that may be a title, so that the item's form must be looked at? Ids are ASCII without blanks. */
bool words_typed(const struct fill *);
void words_read(struct ctl *, const Renraku__ItemRow *, struct fill *);

#endif
