/*
 * engine_town: the engine under a test's eyes. After each record a second engine that was given the record's bytes must have the
 * same fingerprint; after each command everything that changed must be listed, nothing may be due any more, and a refusal
 * must have left nothing. Every function fails the test when something goes wrong. Tests run in the project's root.
 */
#ifndef TESTS_UNIT_ENGINE_TOWN_H
#define TESTS_UNIT_ENGINE_TOWN_H

#include "base/buf.h"
#include "engine/state.h"

struct engine_town {
	struct engine *live, *fold; /* fold: given the bytes only */
	struct arena *decoded;
	struct changes changes;
	struct buf log; /* the bytes of all records, one after another */
	int64_t now;
	uint64_t commands, reacts; /* reacts: how often engine_react was asked */
	uint64_t dice;
	bool plain;     /* do not compare after each record: for large towns */
	uint64_t *seen; /* digest of each notice as it was, by order of making */
	size_t n_seen, cap_seen;
};

void engine_town_init(struct engine_town *, const char *plan_text, const char *site_text);
void engine_town_free(struct engine_town *);
/* The sample town of server/plans with `line` added to its site, 31 s after the start; its operator and security officer are present. */
void engine_town_sample(struct engine_town *, const char *line);
/* That town's site with `line` added; malloc'ed. */
char *engine_town_sample_site(const char *line);
void engine_town_site(struct engine_town *, const char *site_text);
/* Fills in time and, where there is none, sender and id. What the engine answered. */
struct verdict engine_town_act(struct engine_town *, struct command);
/* As that, and says only why. */
enum reason engine_town_do(struct engine_town *, struct command);
void engine_town_presence(struct engine_town *, const char *who, bool present);
/* Lets time pass, with all that becomes due. */
void engine_town_wait(struct engine_town *, int64_t ms);
/* From 0 to n - 1, from the seed in `dice`. */
size_t engine_town_roll(struct engine_town *, size_t n);
/* Something that somebody might do, sensible or not, once in a while the same again. */
void engine_town_random(struct engine_town *);

#endif
