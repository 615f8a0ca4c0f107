/*
 * probe: answers the server's connection tests: delivered at once, displayed when a quiet line was shown. No alarm sounds for it.
 */
#ifndef AGENT_PROBE_H
#define AGENT_PROBE_H

#include "agent/agent.h"
#include "renraku.pb-c.h"

void probe_take(struct agent *, const Renraku__Probe *);

#endif
