/*
 * outgoing_tell: what the clerk is told about an alarm on its way: not delivered yet and whom to telephone, delivered after all,
 * refused, or damaged.
 */
#ifndef AGENT_OUTGOING_TELL_H
#define AGENT_OUTGOING_TELL_H

#include <stddef.h>

#include "agent/agent.h"
#include "lib/spool.h"

void outgoing_tell_undelivered(struct agent *, const struct spool_entry *, const char *why, char *const *telephone, size_t n);
void outgoing_tell_damaged(struct agent *, const struct spool_entry *, char *const *telephone, size_t n);
void outgoing_tell_answered(struct agent *, const struct spool_entry *, const Renraku__Result *);

#endif
