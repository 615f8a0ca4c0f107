/* Mutates seeds at random: fuzz_NAME [ROUNDS [SEED]]. The same seed gives the same inputs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

#define INPUT_MAX 70000

static uint64_t x;

static uint32_t any(uint32_t below)
{
	x ^= x << 13, x ^= x >> 7, x ^= x << 17;
	return below ? (uint32_t)((x >> 16) % below) : 0;
}

static size_t mutate(uint8_t *p, size_t len)
{
	static const uint8_t nasty[] = {0x00, 0x01, 0x7F, 0x80, 0xFF, 0x0A, 0x12, 0xFE};
	size_t at = any((uint32_t)len + 1), n;
	switch (any(6)) {
	case 0: /* another byte */
		if (at < len)
			p[at] = (uint8_t)any(256);
		break;
	case 1: /* a nasty byte */
		if (at < len)
			p[at] = nasty[any(sizeof nasty)];
		break;
	case 2: /* cut */
		return at;
	case 3: /* leave out */
		n = any((uint32_t)(len - at) + 1);
		memmove(p + at, p + at + n, len - at - n);
		return len - n;
	case 4: /* repeat */
		n = any((uint32_t)(len - at) + 1);
		if (len + n > INPUT_MAX)
			break;
		memmove(p + at + n, p + at, len - at);
		return len + n;
	default: /* one bit */
		if (at < len)
			p[at] ^= (uint8_t)(1u << any(8));
	}
	return len;
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? atol(argv[1]) : 20000;
	static uint8_t input[INPUT_MAX];
	size_t seeds = 0;
	x = argc > 2 ? strtoull(argv[2], NULL, 10) | 1 : 88172645463325252u;
	while (fuzz_seed(seeds, input, sizeof input))
		seeds++;
	for (long i = 0; i < rounds; i++) {
		size_t len = fuzz_seed(any((uint32_t)seeds), input, sizeof input);
		for (uint32_t k = any(12); k > 0; k--)
			len = mutate(input, len);
		/* a copy of exactly this length, so that the sanitizer sees a read beyond it */
		uint8_t *copy = malloc(len ? len : 1);
		memcpy(copy, input, len);
		LLVMFuzzerTestOneInput(copy, len);
		free(copy);
	}
	printf("%ld inputs from %zu seeds\n", rounds, seeds);
	return 0;
}
