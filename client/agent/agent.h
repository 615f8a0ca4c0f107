/*
 * agent: what the parts of renraku-agent share. One thread, one event loop; each part owns its own state and knows the others
 * only through this struct and their headers.
 */
#ifndef AGENT_AGENT_H
#define AGENT_AGENT_H

#include <event2/event.h>

#include "lib/link.h"
#include "lib/settings.h"

#define AGENT_PROGRAM "renraku-agent 0.1"

struct agent {
	struct settings *settings;
	struct event_base *base;
	struct link_way *way;
	struct home *home;
	struct alerts *alerts;
	struct notices *notices;
	struct outgoing *outgoing;
	struct relays *relays;
	uint64_t probe_showing, probe_shown; /* probe.c: connection tests by number; 0: none */
};

/* A timer value. */
static inline struct timeval agent_ms(int64_t ms)
{
	return (struct timeval){.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
}

#endif
