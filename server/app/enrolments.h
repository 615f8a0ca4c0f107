/*
 * enrolments: browsers that stand for a terminal of the site. An administrator enrols one through a gateway; its token (256 random bits
 * known to that browser only) is kept hashed, bound to the gateway's certificate, in the store's table of secrets. It is good for
 * shell_config.enrolment_ms after its last use. Which are enrolled is on record (REC_ENROLLED, REC_ENROLMENT_ENDED), so that the log tells
 * who let whom stand for a terminal; an end is one for all sessions of that browser.
 */
#ifndef APP_ENROLMENTS_H
#define APP_ENROLMENTS_H

#include "app/shell_state.h"

/* Answers with a Token or a refusal; of an end with a Welcome. */
void enrolments_frame(struct shell_peer *, uint64_t ref, const Renraku__Enrol *);
/* Is this the text of such a token, whether it holds or not? */
bool enrolments_text(const char *token);
/* The session stands for its terminal from now on: answered by a Welcome, or a refusal. */
void enrolments_resume(struct shell_peer *, uint64_t ref, const char *token);
/* Reads those that the store keeps; once, at start. */
void enrolments_load(struct shell *);
/* At start, when records can be made: what the log knows and the store does not, or the other way round, ends. */
void enrolments_settle(struct shell *);
void enrolments_free(struct shell *);

#endif
