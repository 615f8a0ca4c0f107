/*
 * probes: asks the devices of a connection test and collects what they answer. A session answers for the terminal and for the person it
 * reaches; what comes in one turn is one record for each stage.
 */
#ifndef APP_PROBES_H
#define APP_PROBES_H

#include "app/shell_state.h"

/* After each record: a test that begins asks every device that is there. */
void probes_record(struct shell *, const struct record *);
/* A session that has just come, or whose person has: asked, unless it has shown the question already. */
void probes_open(struct shell_peer *);
void probes_take(struct shell_peer *, const Renraku__ProbeAnswer *);
void probes_flush(struct shell *);
void probes_free(struct shell *);

#endif
