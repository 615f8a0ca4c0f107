/*
 * figures: numbers measured, and their percentiles. Owned by whoever declares a struct samples; reads no clock but in figures_now().
 */
#ifndef BENCH_FIGURES_H
#define BENCH_FIGURES_H

#include <stddef.h>
#include <stdint.h>

struct samples {
	double *v;
	size_t n, cap;
};

void figures_add(struct samples *, double);
/* Nearest rank; 0 when there is none. Sorts the samples. */
double figures_at(struct samples *, double percent);
void figures_free(struct samples *);
/* Nanoseconds, the same clock in every process. */
int64_t figures_now(void);
double figures_ms(int64_t ns);

#endif
