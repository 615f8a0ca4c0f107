/*
 * watching: stays connected, shows a view and notices as they change, and serves as the device of whoever is signed in: what it shows
 * gets a receipt 'displayed'. On a terminal it paints the whole screen; elsewhere it writes a line for each change. It reconnects by
 * itself.
 */
#ifndef CTL_WATCHING_H
#define CTL_WATCHING_H

#include "ctl/ctl.h"
#include "lib/rows.h"

/* Runs until SIGINT or SIGTERM (exit code 0). full_screen: paint, when stdout is a terminal. */
int watching_run(struct ctl *, Renraku__View, bool full_screen);

/* watching_line.c: one line for what became of a row (before NULL: new; after NULL: gone). Nothing when it is not worth one. */
void watching_line(struct ctl *, const Renraku__Row *before, const Renraku__Row *after);
/* A notice as lines for a person. */
void watching_notice(struct ctl *, const Renraku__Notice *);
void watching_probe(struct ctl *, const Renraku__Probe *);

#endif
