/*
 * told: after a command was accepted, shows what came of it: the item's state, who has been told, and what can be done next.
 */
#ifndef CTL_TOLD_H
#define CTL_TOLD_H

#include "ctl/ctl.h"

/* Nothing with --json, or when the view cannot be had: the command itself is on record either way. item may be NULL. */
void told_after(struct ctl *, uint32_t incident, const char *item);
/* Who was told by what began at that record; where that is nobody (an alarm that joined), who was told of the incident's alarm. */
void told_since(struct ctl *, uint32_t incident, uint64_t record);

#endif
