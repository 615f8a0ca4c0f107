/*
 * engine: the pure core. Events come in with their time, records and changes come out; it reads no clock, draws no random
 * number, touches no file or socket (invariant 9). Include engine/state.h to look inside (views, tests).
 *
 * The caller's turn for each command, after engine_react() for what is due by then (engine_deadline()): a delegation that is over by the
 * command's time has ended before it:
 *     engine_decide()  -> refused with a reason, or records
 *     engine_evolve()  each record, in order, indices following on
 *     engine_react()   repeatedly while it returns records: what follows from them (next hop, your turn, done, escalation)
 * and commits all of them as one batch. Replay is engine_evolve() over the log, then engine_react().
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "engine/command.h"
#include "plan/plan.h"
#include "plan/site.h"

struct engine;

/* What an evolve changed: the shell delivers notices and refreshes views by it. Sets without repeats. */
struct changes {
	uint64_t *notices; /* created, or changed in a way its recipients must hear of */
	size_t n_notices, cap_notices;
	uint64_t *receipts; /* notices of which only receipts changed: views, no delivery */
	size_t n_receipts, cap_receipts;
	uint32_t *incidents;
	size_t n_incidents, cap_incidents;
	bool site, presence, tests;
};
void changes_free(struct changes *);
void changes_clear(struct changes *);

struct engine *engine_new(void);
void engine_free(struct engine *);

/* Pure. 0: accepted, records in `out` (none when verdict.reason is REASON_REPEATED). -1: refused, verdict says why. */
int engine_decide(const struct engine *, const struct command *, struct records *out, struct verdict *);
/* Cannot fail; the record was decided or comes from the log. Copies what it keeps. */
void engine_evolve(struct engine *, const struct record *, struct changes *);
/* What follows by itself from the state and the time. True when `out` got records; call again after evolving them.
   Always comes to an end. */
bool engine_react(struct engine *, int64_t now, struct records *out);
/* When engine_react() must be called again though nothing happened; INT64_MAX: never. */
int64_t engine_deadline(const struct engine *);

uint64_t engine_index(const struct engine *);          /* of the newest record evolved */
int64_t engine_time(const struct engine *);            /* of the newest record */
const struct plan *engine_plan(const struct engine *); /* newest edition, NULL when none was loaded */
const struct site *engine_site(const struct engine *);
/* A digest of everything, for 'the log is the state' (invariant 6): equal for equal states. */
void engine_fingerprint(const struct engine *, uint8_t out[RECORD_HASH]);

#endif
