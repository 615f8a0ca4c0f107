/*
 * outgoing: delivers what lies in the spool, in order, each until it is answered for good; tells the clerk when one has not gone
 * out yet and whom to telephone, and when it has.
 */
#ifndef AGENT_OUTGOING_H
#define AGENT_OUTGOING_H

#include "agent/agent.h"
#include "renraku.pb-c.h"

/* NULL with *error when the spool directory cannot be used. */
struct outgoing *outgoing_new(struct agent *, char **error);
void outgoing_free(struct outgoing *);
void outgoing_poke(struct outgoing *); /* the session is up, or something may have changed */
void outgoing_disconnected(struct outgoing *);
void outgoing_result(struct outgoing *, const Renraku__Result *);

#endif
