/*
 * home: the agent's own session with the server: keeps it up, answers its pings, keeps the contact network, and passes notices
 * and results on. Reconnects with jittered backoff: a short cut is over within a second, a long outage costs one attempt in
 * retry_max_ms.
 */
#ifndef AGENT_HOME_H
#define AGENT_HOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/agent.h"
#include "base/mem.h"
#include "renraku.pb-c.h"

enum home_state { HOME_DOWN, HOME_DIALLING, HOME_GREETING, HOME_UP };

struct home *home_new(struct agent *);
void home_free(struct home *);
enum home_state home_state(const struct home *);
/* Since when it is in this state (wall clock), and why it was lost last ("" when never). */
int64_t home_since(const struct home *);
const char *home_why(const struct home *);
/* The server refuses commands now; telephone. */
bool home_cannot_record(const struct home *);

/* False when the session is not up. */
bool home_command(struct home *, const Renraku__Command *);
/* Sent with the others of this turn; dropped when not up (the server sends the notice again after reconnecting). */
void home_receipt(struct home *, uint64_t notice, Renraku__Stage);
/* Of a connection test; dropped when not up. */
void home_probe_answer(struct home *, uint32_t test, Renraku__Stage);
/* The server does not answer what it should have answered: begin anew. */
void home_restart(struct home *, const char *why);
/* Whom to telephone: "title name number"; see lib/contacts.h. */
size_t home_telephone(const struct home *, struct arena *, char **out, size_t max);
/* The contact network was said to be old (SIGHUP): ask again. */
void home_reload(struct home *);

#endif
