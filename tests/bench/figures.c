#include "bench/figures.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"

void figures_add(struct samples *s, double v)
{
	s->v = xgrow(s->v, &s->cap, s->n + 1, sizeof *s->v);
	s->v[s->n++] = v;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double figures_at(struct samples *s, double percent)
{
	size_t rank;

	if (s->n == 0)
		return 0;
	qsort(s->v, s->n, sizeof *s->v, by_size);
	rank = (size_t)ceil(percent / 100 * (double)s->n);
	return s->v[rank > 0 ? rank - 1 : 0];
}

void figures_free(struct samples *s)
{
	free(s->v);
	*s = (struct samples){0};
}

int64_t figures_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

double figures_ms(int64_t ns)
{
	return (double)ns / 1e6;
}
