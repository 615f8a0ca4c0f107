/*
 * batch: runs a command through the engine (decide, evolve, react until nothing follows) and collects its records for
 * the store. One batch is on its way to the disk while the next collects.
 */
#ifndef APP_BATCH_H
#define APP_BATCH_H

#include "app/shell_state.h"

/* 0 accepted (also REASON_REPEATED), -1 refused. Fills the command's time. */
int batch_run(struct shell *, struct command *, struct verdict *);
/* A command of the shell's own, which is never refused. */
void batch_run_own(struct shell *, struct command *);
/* What follows from time alone. */
void batch_react(struct shell *);
/* Gives what was collected to the store, if the one before is through. */
void batch_flush(struct shell *);
/* Too much waits for a slow disk: take no more. */
bool batch_crowded(const struct shell *);
/* One entry of the log at start. NULL when fine, else what is wrong. */
const char *batch_replay(struct shell *, const struct store_entry *);
void batch_free(struct shell *);

#endif
