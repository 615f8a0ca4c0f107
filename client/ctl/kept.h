/*
 * kept: commands that were sent and not confirmed, so that `--id UUID` repeats exactly what was sent, with its original times. One
 * small file each in `unconfirmed` beside the sign-in token; alarms and withdrawals have the spool instead.
 */
#ifndef CTL_KEPT_H
#define CTL_KEPT_H

#include "ctl/ctl.h"
#include "renraku.pb-c.h"

/* Before sending. False when it could not be kept: then repeating by --id may be refused as different. */
bool kept_put(struct ctl *, const Renraku__Command *);
/* Answered. */
void kept_drop(struct ctl *, const char *id);
/* The command kept under that id, or NULL; to be freed with renraku__command__free_unpacked. */
Renraku__Command *kept_get(struct ctl *, const char *id);

#endif
