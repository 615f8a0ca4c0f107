/*
 * source: what a report is made of, as the caller may see it: the incident's view, the plan and the contact network, and the incident's
 * records out of the log, each checked against its hash while it is read.
 *
 * Everything stands at one moment, the newest record of the incident that is no reading: printing a report is itself on record, and a
 * second print must not differ from the first for that. Records that came while it was read are left out.
 */
#ifndef REPORT_SOURCE_H
#define REPORT_SOURCE_H

#include "ctl/ctl.h"
#include "lib/rows.h"
#include "record/record.h"

struct source_line {
	struct record r; /* of a withheld one: its index, and the time of the one before */
	uint8_t hash[RECORD_HASH];
	bool withheld; /* it holds what is not for the caller: only its hashes came */
};
struct source {
	struct arena *arena;
	uint32_t id;
	struct rows *incident, *contacts, *plan;
	struct source_line *lines;
	size_t n, cap;
	const struct source_line *head; /* never NULL */
	size_t withheld;
	size_t linked; /* lines whose predecessor in the log is of this incident too, and fits */
	char *damage;  /* NULL: every record has its hash and is readable */
	/* while reading */
	uint64_t revision, last;
	uint8_t last_hash[RECORD_HASH];
};

/* An exit code; CTL_OK: filled. Says what is wrong. */
int source_read(struct ctl *, uint32_t incident, struct source *);
void source_free(struct source *);

#endif
