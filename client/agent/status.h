/*
 * status: one small file, STATE/agent.status, by which the command line can tell the clerk how this terminal stands, also when the
 * server is away: {"pid":…,"connected":true,"since":…,"server":"host:port","why":"…"}.
 */
#ifndef AGENT_STATUS_H
#define AGENT_STATUS_H

#include "agent/agent.h"

void status_write(struct agent *);

#endif
