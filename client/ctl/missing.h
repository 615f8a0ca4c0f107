/*
 * missing: what a refusal says is missing, in the plan's words. The server names fields, bodies and items by their ids, for programs.
 */
#ifndef CTL_MISSING_H
#define CTL_MISSING_H

#include "ctl/ctl.h"
#include "renraku.pb-c.h"

/* Puts each entry of result->missing that the incident's rows know into words; the others, and all where the rows cannot be had, stay. */
void missing_name(struct ctl *, const Renraku__Command *, Renraku__Result *);

#endif
