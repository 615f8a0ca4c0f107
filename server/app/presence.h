/*
 * presence: whether a terminal or a person has a live session, told to the engine when it has differed from what the
 * engine knows for presence_hold_ms. So a server restart and a short cut of the network are no absence.
 */
#ifndef APP_PRESENCE_H
#define APP_PRESENCE_H

#include "app/shell_state.h"

/* The number of its sessions changed. */
void presence_touch(struct shell *, struct principal *);
/* Tells the engine what has held long enough. */
void presence_tick(struct shell *);
int64_t presence_deadline(const struct shell *);

#endif
