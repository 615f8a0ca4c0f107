/*
 * notices: which notices this terminal has had, so that one that comes again alerts nobody again. Kept across restarts in
 * STATE/notices.seen; when that cannot be written, in memory only (a repeated alert is better than none).
 */
#ifndef AGENT_NOTICES_H
#define AGENT_NOTICES_H

#include "agent/agent.h"
#include "renraku.pb-c.h"

struct notices *notices_new(struct agent *);
void notices_free(struct notices *);
void notices_take(struct notices *, const Renraku__Notice *);
/* The server's log is another one now (begun anew, or set back): its ids mean something else. */
void notices_forget(struct notices *);
/* For the hello: everything up to this log index needs no second showing. */
uint64_t notices_seen(const struct notices *);

#endif
