/*
 * views: subscriptions. Readers who see the same share an audience, whose rows are computed and encoded once; changes go
 * out at most once per view_interval_ms; one who lags gets a fresh snapshot later, never a longer queue.
 */
#ifndef APP_VIEWS_H
#define APP_VIEWS_H

#include "app/shell_state.h"

void views_subscribe(struct shell_peer *, uint64_t ref, const Renraku__Subscribe *);
void views_unsubscribe(struct shell_peer *, const Renraku__Unsubscribe *);
/* Remembers what changed until the next flush. */
void views_changes(struct shell *, const struct changes *);
/* The reader became another (signed in or out, or the site changed): its subscriptions move to other audiences. */
void views_reader_changed(struct shell_peer *);
/* Ends all subscriptions of a session. */
void views_drop(struct shell_peer *);
void views_tick(struct shell *);
int64_t views_deadline(const struct shell *);
void views_free(struct shell *);

#endif
