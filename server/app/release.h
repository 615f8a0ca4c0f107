/*
 * release: the one way out. A frame carries the index of the newest record the engine had when it was made and leaves when
 * the store has made that index durable (invariant 5). Frames to one peer keep their order.
 */
#ifndef APP_RELEASE_H
#define APP_RELEASE_H

#include "app/shell_state.h"

/* Takes the frame's reference. */
void release_frame(struct shell *, struct shell_peer *, struct hub_frame *);
/* Borrows the frame: for one that goes to many. */
void release_shared(struct shell *, struct shell_peer *, struct hub_frame *);
/* To the sessions of a terminal or person that show notices, once in a round (shell->round): one can be reached as both. NULL: nobody. */
void release_to_devices(struct shell *, const struct principal *, struct hub_frame *);
/* Past the queue: heartbeats and 'not confirmed', which tell nothing of the state. Takes the frame's reference. */
void release_now(struct shell *, struct shell_peer *, struct hub_frame *);
/* Remembers a command whose answer is held, to tell its sender when that takes long. */
void release_await(struct shell *, struct shell_peer *, uint64_t ref, const char *id, uint32_t incident);
/* The store made batch.durable durable. */
void release_durable(struct shell *);
/* The store failed: nothing held may ever leave. */
void release_fail(struct shell *, const char *why);
void release_tick(struct shell *);
int64_t release_deadline(const struct shell *);
void release_free(struct shell *);

#endif
