/*
 * alert: shows things to whoever sits at the terminal: runs notice_command, or prints.
 *
 * The command is a program with its arguments, never a shell line. It gets the whole matter as JSON on stdin and the key fields as
 * environment variables: RENRAKU_KIND (tell, your_turn, cancelled, confirm, reminder; and of the agent itself: undelivered, delivered,
 * refused, test), RENRAKU_TITLE, RENRAKU_TEXT (what to show, several lines), RENRAKU_DRILL, RENRAKU_ENDED, RENRAKU_NOTICE,
 * RENRAKU_INCIDENT, RENRAKU_ITEM, RENRAKU_ROLE, RENRAKU_PLACE, RENRAKU_WANTS_ACK, RENRAKU_ESCALATED, RENRAKU_REPEATS, RENRAKU_TELEPHONE,
 * RENRAKU_LANG. A flag is "1" or empty, so that a script may ask ${RENRAKU_DRILL:+…}.
 *
 * What counts as shown: the command ended with 0 (notice_shown: exit) or runs (notice_shown: start); without a command, that
 * stdout is a terminal, since a line in a journal is seen by nobody. A command that cannot be started or fails is tried
 * again twice, and the matter is printed as well. Real goes before drill; at most notice_children run at once, each at most
 * notice_timeout_ms.
 */
#ifndef AGENT_ALERT_H
#define AGENT_ALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/agent.h"
#include "base/buf.h"

struct alerts;
struct alert;

/* Called once, when it is known whether something was shown. */
typedef void alert_done_fn(void *arg, uint64_t notice, uint64_t revision, bool shown);

struct alerts *alerts_new(struct agent *);
void alerts_free(struct alerts *); /* ends the children it started */

struct alert *alert_new(const char *kind, bool drill);
/* name without RENRAKU_. */
void alert_set(struct alert *, const char *name, const char *value);
void alert_set_number(struct alert *, const char *name, uint64_t value);
void alert_set_text(struct alert *, const char *text); /* RENRAKU_TEXT and what is printed */
/* The same for what must not alarm: printed without a bell, shown by test_command and never by notice_command, behind all else. */
void alert_set_quiet_text(struct alert *, const char *text);
void alert_take_json(struct alert *, char *json); /* takes it */
void alert_about(struct alert *, uint64_t notice, uint64_t revision);

/* Takes the alert. on_done may be NULL. */
void alerts_post(struct alerts *, struct alert *, alert_done_fn *on_done, void *arg);

#endif
