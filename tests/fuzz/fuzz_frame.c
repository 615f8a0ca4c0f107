/* A byte stream cut into frames, in two halves as it may come: both ways give the same frames. */
#include <assert.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "wire/frame.h"

/* Counts whole frames; *used is where the first that is not whole begins. */
static size_t count(const uint8_t *p, size_t n, size_t *used, enum frame_verdict *last)
{
	size_t frames = 0, len;
	*used = 0;
	while ((*last = frame_peek(p + *used, n - *used, FRAME_MAX, &len)) == FRAME_OK) {
		assert(len > 0 && len <= FRAME_MAX && *used + FRAME_HEADER + len <= n);
		*used += FRAME_HEADER + len;
		frames++;
	}
	return frames;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	size_t used, first, rest;
	enum frame_verdict whole, half;
	size_t frames = count(p, n, &used, &whole);
	size_t before = count(p, n / 2, &first, &half);
	if (half == FRAME_MORE) {
		before += count(p + first, n - first, &rest, &half);
		assert(first + rest == used);
	}
	assert(before == frames && half == whole);
	return 0;
}

size_t fuzz_seed(size_t i, uint8_t *out, size_t max)
{
	static const size_t lens[] = {1, 5, 300, 4096, FRAME_MAX};
	size_t n = 0;
	if (i >= sizeof lens / sizeof *lens)
		return 0;
	while (n + FRAME_HEADER + lens[i] <= max && n < 2000) {
		frame_put_header(out + n, lens[i]);
		memset(out + n + FRAME_HEADER, 0, lens[i]);
		n += FRAME_HEADER + lens[i];
	}
	return n;
}
