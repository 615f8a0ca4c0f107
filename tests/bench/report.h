/*
 * report: collects the figures of a run and prints them as a table, each beside the yardstick's and as a ratio to it. Side 0 is renrakud,
 * side 1 the yardstick.
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "bench/figures.h"
#include "bench/rounds.h"
#include "bench/town.h"

struct report_side {
	struct {
		size_t n;
		int64_t time, cpu;
	} connected[2];                      /* full, resumed */
	int64_t empty, memory[2], incidents; /* incidents: what the alarms left in memory, sessions being the same */
	size_t resumed;
	struct samples each;                              /* milliseconds to one terminal */
	struct samples accepted, delivered, durable, cpu; /* of each round: ms, ms, ms, us for each terminal */
	struct samples records;
};

struct report {
	struct report_side sides[2];
	struct samples delivered, durable, cpu; /* ratios, round by round */
	struct samples disk;
	bool yardstick;
};

void report_empty(struct report *, size_t side, int64_t memory);
void report_connected(struct report *, size_t side, bool resumed, size_t n, int64_t time, int64_t cpu);
void report_memory(struct report *, size_t side, bool resumed, int64_t memory);
void report_incidents(struct report *, size_t side, int64_t memory);
void report_resumed(struct report *, size_t side, size_t n);
/* yard: NULL without the yardstick. */
void report_round(struct report *, const struct round *town, const struct round *yard);
/* After the server has ended: its last lines tell of its commits. False when they are not there. */
bool report_print(struct report *, const struct town *, size_t agents, unsigned answers, bool two_cores);
void report_free(struct report *);

#endif
