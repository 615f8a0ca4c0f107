/*
 * urgent: commands that must not be lost: alarms and withdrawals. They are in the spool, durably and under their final id, before
 * anything is sent; so a dead agent, a hung server and a lost answer all end the same: not confirmed, telephone, delivered once later.
 */
#ifndef CTL_URGENT_H
#define CTL_URGENT_H

#include "ctl/ctl.h"
#include "lib/rows.h"
#include "renraku.pb-c.h"

/* what: "障害の通報" for the sentences. Says the outcome; on CTL_OK *result is the answer (renraku__result__free_unpacked). */
int urgent_run(struct ctl *, const Renraku__Command *, Renraku__Result **result);
/* `--id UUID` of one that still waits in the spool: that very command; else NULL. */
const Renraku__Command *urgent_waiting(struct ctl *, const char *id);

/* Spooled ones that have not arrived, and ones delivered later of which nobody was told. Nothing when there are none. */
size_t urgent_show(struct ctl *); /* how many lines */
/* Where no agent keeps the contact network, this does: for the moment when the server is away. */
void urgent_keep_contacts(struct ctl *, const struct rows *);
/* Tries to deliver what waits, where no agent does it. Returns how many still wait. */
size_t urgent_deliver(struct ctl *);
/* The same by the way, while something else is being done; nothing when the spool was never used. */
void urgent_catch_up(struct ctl *);

#endif
