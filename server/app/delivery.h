/*
 * delivery: notices to devices (sessions that said wants_notices). A notice is encoded once for each of its revisions and
 * sent to every session of every recipient. Delivery is at least once; devices drop repeats by (id, revision).
 */
#ifndef APP_DELIVERY_H
#define APP_DELIVERY_H

#include "app/shell_state.h"

/* Notices that the engine says are new or changed for their recipients. */
void delivery_changes(struct shell *, const struct changes *);
/* A recipient acknowledged (or was excused) while the notice stays open for others: its own devices stop alerting. */
void delivery_record(struct shell *, const struct record *);
/* What is open for the terminal and the person of this session, and what ended after `seen`; real ones before drills. */
void delivery_open(struct shell_peer *, uint64_t seen);
/* The recipient of that id, NULL when id is NULL or no recipient. */
const struct recipient *delivery_recipient(const struct notice *, const char *id);
void delivery_free(struct shell *);

#endif
