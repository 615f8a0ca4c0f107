/*
 * value: what people type into a field of a kind, as it goes on record: one form for one thing, however it was written. Pure.
 * NULL: it cannot be read as that kind.
 */
#ifndef ENGINE_VALUE_H
#define ENGINE_VALUE_H

#include <stdint.h>

#include "base/mem.h"

/* "2026-11-23T14:30": from YYYY-MM-DD HH:MM, HH:MM (of the Japanese day of `day`), 14時30分, 14時, 2026年11月23日 14時30分, 11月23日 14:30,
   full-width too. */
const char *value_time(struct arena *, const char *, int64_t day);
/* Digits with at most one point, and a sign; thousands' commas and full-width digits are taken. */
const char *value_number(struct arena *, const char *);
/* "NAME sha256:64 hex digits", several divided by ';' or lines. */
const char *value_files(struct arena *, const char *);
/* A telephone number: half-width digits and signs; 内線 may stand before it. */
const char *value_tel(struct arena *, const char *);

#endif
