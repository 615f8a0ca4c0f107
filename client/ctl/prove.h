/*
 * prove: what exploring a plan found, for people and as JSON: each finding with the story that leads there, and how far it was proven.
 */
#ifndef CTL_PROVE_H
#define CTL_PROVE_H

#include "ctl/ctl.h"
#include "plan/explore.h"

/* --disruptions and --states of the command line; false after having said what is wrong with them. */
bool prove_limits(struct ctl *, struct explore_limits *);
/* Prints the findings. */
void prove_findings(struct ctl *, const char *path, const struct explore_report *);
/* One sentence: complete, or not proven. */
void prove_summary(struct ctl *, const struct explore_report *, const struct explore_limits *);
/* ,"states":…,"complete":… of a JSON object. */
void prove_json(const struct explore_report *);

#endif
