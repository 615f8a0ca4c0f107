/*
 * clock: the only place where a program reads time. Milliseconds.
 *
 * clock_engine_* carries the engine's time: the wall clock at start (never before the last record) carried on by
 * CLOCK_BOOTTIME, so that setting the wall clock moves no deadline.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

int64_t clock_wall_ms(void);
int64_t clock_boot_ms(void);

struct clock_engine {
	int64_t base_wall, base_boot;
	int64_t reported_skew;
};
void clock_engine_start(struct clock_engine *, int64_t last_record_at);
int64_t clock_engine_now(const struct clock_engine *);
/* True once for each change of more than 2 s between wall clock and engine clock; *skew is wall minus engine. */
bool clock_engine_skewed(struct clock_engine *, int64_t *skew);

/* Japan time (UTC+9, no daylight saving), whatever TZ says. */
struct clock_date {
	int year, month, day, hour, minute, second, weekday; /* weekday 0 = Sunday */
};
struct clock_date clock_japan(int64_t ms);
int64_t clock_from_japan(const struct clock_date *);
/* "2026-11-23 09:05:07" (second = true) or "2026-11-23 09:05", into buf of at least 20 bytes; returns buf. */
char *clock_format(int64_t ms, bool second, char *buf);
/* Parses "2026-11-23T09:05", "2026-11-23 09:05[:07]" or "09:05" (of the Japanese day of `today`); -1 when it is neither. */
int64_t clock_parse(const char *, int64_t today);

#endif
