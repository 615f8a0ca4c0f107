#define _GNU_SOURCE
#include "base/clock.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#define SKEW_MS 2000

static int64_t read_ms(clockid_t id)
{
	struct timespec t;
	int rc = clock_gettime(id, &t);
	assert(rc == 0);
	(void)rc;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
	return read_ms(CLOCK_REALTIME);
}

int64_t clock_boot_ms(void)
{
	return read_ms(CLOCK_BOOTTIME);
}

void clock_engine_start(struct clock_engine *c, int64_t last_record_at)
{
	int64_t wall = clock_wall_ms();
	*c = (struct clock_engine){
		.base_wall = wall > last_record_at ? wall : last_record_at,
		.base_boot = clock_boot_ms(),
	};
}

int64_t clock_engine_now(const struct clock_engine *c)
{
	return c->base_wall + (clock_boot_ms() - c->base_boot);
}

bool clock_engine_skewed(struct clock_engine *c, int64_t *skew)
{
	*skew = clock_wall_ms() - clock_engine_now(c);
	if (llabs(*skew - c->reported_skew) <= SKEW_MS)
		return false;
	c->reported_skew = *skew;
	return true;
}
