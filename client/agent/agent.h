/*
 * agent: what the parts of renraku-agent share. One thread, one event loop; each part owns its own state and knows the others
 * only through this struct and their headers.
 */
#ifndef AGENT_AGENT_H
#define AGENT_AGENT_H

#include <event2/dns.h>
#include <event2/event.h>
#include <openssl/ssl.h>

#include "lib/settings.h"

#define AGENT_PROGRAM "renraku-agent 0.1"

struct agent {
	struct settings *settings;
	struct event_base *base;
	struct evdns_base *dns; /* NULL: names are looked up the blocking way */
	SSL_CTX *tls;
	SSL_SESSION *session; /* newest ticket: reconnecting costs the server a fraction of a full handshake; NULL: none */
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
