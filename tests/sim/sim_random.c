#include "sim/sim.h"

/* splitmix64 */
uint64_t sim_random(struct sim *s)
{
	uint64_t z = (s->random += UINT64_C(0x9e3779b97f4a7c15));
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

size_t sim_below(struct sim *s, size_t n)
{
	return (size_t)(sim_random(s) % n);
}

bool sim_chance(struct sim *s, unsigned percent)
{
	return sim_random(s) % 100 < percent;
}
