/*
 * relay: the command line's way to the server. Each connection on the agent's Unix socket gets a TLS session of its own with the
 * terminal's certificate, so the key stays with the agent and the command line speaks one protocol everywhere. The agent looks into
 * nothing. When the server cannot be reached the client gets a Bye with code SERVER_UNREACHABLE.
 *
 * Bounds: RELAYS_MAX connections, 256 KiB waiting each way; a side that does not read stops the other.
 */
#ifndef AGENT_RELAY_H
#define AGENT_RELAY_H

#include "agent/agent.h"

struct relays;
/* NULL with *error when the socket cannot be made. */
struct relays *relays_new(struct agent *, char **error);
void relays_free(struct relays *);

#endif
