/*
 * answer: says to a person what became of a command, and gives the exit code.
 */
#ifndef CTL_ANSWER_H
#define CTL_ANSWER_H

#include "ctl/ctl.h"
#include "renraku.pb-c.h"

/* The server's result. */
int answer_result(struct ctl *, const Renraku__Result *);
/* No answer. sent: it may be on record. Tells how to repeat with the same id. */
int answer_silence(struct ctl *, const char *id, bool sent);
/* Whom to telephone: from the result, else the cached contact network, else the configuration. On stdout. */
void answer_telephone(struct ctl *, const Renraku__Result *);
/* The server's refusal means 'not now' rather than 'never': the alarm stays in the spool. */
bool answer_passing(const Renraku__Result *);
/* {"outcome": "NOT_CONFIRMED", …} for --json where the server said nothing. */
void answer_json_silence(struct ctl *, const char *id, bool sent);

#endif
