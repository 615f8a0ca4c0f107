/*
 * act: a command from a peer: who its sender is, whether it may be taken at all now, the engine's verdict, the answer.
 */
#ifndef APP_ACT_H
#define APP_ACT_H

#include "app/shell_state.h"

void act_command(struct shell_peer *, uint64_t ref, const Renraku__Command *, struct arena *);

#endif
