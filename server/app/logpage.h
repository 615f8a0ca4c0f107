/*
 * logpage: pages of the log over the wire, with the caller's rights: a whole log to administrators, an incident's
 * records to those who may see the incident. Only what is durable.
 */
#ifndef APP_LOGPAGE_H
#define APP_LOGPAGE_H

#include "app/shell_state.h"

/* Remembers to which incident an entry belongs. */
void logpage_note(struct shell *, const struct record *);
/* Puts on record that this person looks, where the incident is for some only (invariant 13); what: incident | log | report. What is
   shown afterwards waits for that record (invariant 5). In 'cannot record' mode it is only in the program's own log. */
void logpage_reading(struct shell_peer *, uint32_t incident, const char *what);
void logpage_request(struct shell_peer *, uint64_t ref, const Renraku__LogRequest *);
void logpage_free(struct shell *);

#endif
