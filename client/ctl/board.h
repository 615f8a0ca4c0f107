/*
 * board: the rows of the board, inbox and incident views as tables for people. Each function prints a section with its heading, or
 * nothing when there are no such rows. `incident` 0 means all.
 */
#ifndef CTL_BOARD_H
#define CTL_BOARD_H

#include "ctl/ctl.h"
#include "lib/rows.h"

void board_town(struct ctl *, const struct rows *);
void board_telephone(struct ctl *, const struct rows *, uint32_t incident);
void board_incidents(struct ctl *, const struct rows *);
void board_measures(struct ctl *, const struct rows *, uint32_t incident);
/* board_measures.c: each measure whole, with the terminals that have not acknowledged; returns how many. */
size_t board_ledger(struct ctl *, const struct rows *);
void board_presence(struct ctl *, const struct rows *);
void board_terms(struct ctl *, const struct rows *);               /* board_term.c: absences, delegations */
void board_bars(struct ctl *, const struct rows *);                /* of an incident's view */
const char *board_roles(struct ctl *, const Renraku__PersonRow *); /* their titles, joined */

/* board_mine.c: the open notices that wait for the reader's own answer, with their words. */
void board_mine(struct ctl *, const struct rows *, uint32_t incident);
bool board_waits(const struct ctl *, const Renraku__NoticeRow *);      /* is it one of those, or of the next? */
bool board_only_above(const struct ctl *, const Renraku__NoticeRow *); /* the reader hears of it as standing above, and cannot answer it */

/* board_notices.c: how far each notice came, who has responded, who has not and for how long. */
enum board_which { BOARD_OPEN, BOARD_ALL };
void board_notices(struct ctl *, const struct rows *, uint32_t incident, enum board_which);
/* Only those of one item (NULL: any), not older than record `since`, without heading: what a command caused. Returns how many. */
size_t board_notices_of(struct ctl *, const struct rows *, uint32_t incident, const char *item, uint64_t since);

/* board_tests.c: one connection test (0: the newest) with who did not answer; false when there is none. All of them, a line each. */
bool board_test(struct ctl *, const struct rows *, uint32_t test);
void board_tests(struct ctl *, const struct rows *);

/* board_incident.c: what only the incident view has. */
void board_head(struct ctl *, const struct rows *, uint32_t incident);
void board_items(struct ctl *, const struct rows *, uint32_t incident, bool all);
void board_meetings(struct ctl *, const struct rows *);
/* board_calls.c */
const char *board_call_state(struct ctl *, const Renraku__CallTarget *);    /* made, to be made again, not yet */
void board_call_list(struct ctl *, const struct rows *, uint32_t incident); /* those to be made, with the numbers for this hour */
void board_calls(struct ctl *, const struct rows *);
void board_comments(struct ctl *, const struct rows *);
void board_confirms(struct ctl *, const struct rows *);
void board_alarms(struct ctl *, const struct rows *);

/* board_follow_up.c: what goes on after incidents; those that `keep` wants. Returns how many. */
void board_follow_ups(struct ctl *, const struct rows *);
size_t board_follow_ups_of(
	struct ctl *, const struct rows *, const char *title, bool (*keep)(const Renraku__FollowUpRow *, const void *), const void *arg);

#endif
