/*
 * play: the engine run from a text, for scenarios and for the comparison with the prototype. Pure engine, no server; time passes
 * only when the text says so.
 */
#ifndef SCENARIOS_PLAY_H
#define SCENARIOS_PLAY_H

#include <stdio.h>

#include "engine/state.h"

struct play {
	struct engine *engine;
	int64_t now;
	uint64_t commands; /* how many, for their ids */
	bool quiet;        /* no trace of records */
	FILE *out;
};

/* One line: WHO VERB [WORDS] [key=value …] */
#define LINE_WORDS 16
#define LINE_PAIRS 48
struct line {
	char *text; /* owns everything below */
	char *words[LINE_WORDS];
	size_t n_words;
	struct {
		char *key, *value;
	} pairs[LINE_PAIRS];
	size_t n_pairs;
};
/* False for a blank line or comment. */
bool line_parse(struct line *, const char *text);
void line_free(struct line *);
const char *line_get(const struct line *, const char *key);

/* Loads a file as plan or site; prints its faults. */
bool play_load(struct play *, bool site, const char *path);
/* Lets time pass, with everything that becomes due on the way. */
void play_wait(struct play *, int64_t ms);
/* Decides, evolves, reacts; prints "refused CODE: sentence" or the records. Returns whether it was accepted. */
bool play_command(struct play *, struct command *);
/* A line that asks the engine for something; false when the verb is unknown. */
bool play_act(struct play *, const struct line *);
/* Prints life of each item of an incident, whether it may close, what is in force. */
void play_show(struct play *, uint32_t incident, bool all);

#endif
