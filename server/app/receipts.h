/*
 * receipts: how far notices have come at devices. Those of one turn are one command and one record for each notice and
 * stage, however many devices there are. 'Sent' is the hub's knowledge and is not recorded.
 */
#ifndef APP_RECEIPTS_H
#define APP_RECEIPTS_H

#include "app/shell_state.h"

void receipts_take(struct shell_peer *, const Renraku__Receipts *);
/* Gives them to the engine; called when the next batch is about to leave. */
void receipts_flush(struct shell *);
void receipts_free(struct shell *);

#endif
