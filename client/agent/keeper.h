/*
 * keeper: one view, held in memory and kept on this terminal's disk for the day when there is no network: the contact network, the plan.
 */
#ifndef AGENT_KEEPER_H
#define AGENT_KEEPER_H

#include "agent/agent.h"
#include "lib/rows.h"

struct keeper;

/* what: for the log. path is taken (malloc'ed). What is there already is loaded. */
struct keeper *keeper_new(struct agent *, Renraku__View, const char *what, char *path);
void keeper_free(struct keeper *); /* NULL is fine */
/* The server's log is another one: what is held says nothing any more. The file stays until there is something better. */
void keeper_forget(struct keeper *);
Renraku__View keeper_view(const struct keeper *);
uint64_t keeper_revision(const struct keeper *);                /* for Subscribe; 0: nothing whole is held */
void keeper_take(struct keeper *, const Renraku__ViewUpdate *); /* of another view: nothing happens */
const struct rows *keeper_rows(const struct keeper *);

#endif
