#include "wire/frame.h"

#include <assert.h>

const char *frame_verdict_name(enum frame_verdict v)
{
	switch (v) {
	case FRAME_OK:
		return "ok";
	case FRAME_MORE:
		return "more";
	case FRAME_EMPTY:
		return "empty frame";
	case FRAME_TOO_LONG:
		return "frame too long";
	}
	return "?";
}

void frame_put_header(uint8_t out[FRAME_HEADER], size_t len)
{
	assert(len > 0 && len <= UINT32_MAX);
	out[0] = (uint8_t)(len >> 24);
	out[1] = (uint8_t)(len >> 16);
	out[2] = (uint8_t)(len >> 8);
	out[3] = (uint8_t)len;
}

enum frame_verdict frame_peek(const uint8_t *data, size_t have, size_t limit, size_t *len)
{
	if (have < FRAME_HEADER)
		return FRAME_MORE;
	size_t n = (size_t)data[0] << 24 | (size_t)data[1] << 16 | (size_t)data[2] << 8 | data[3];
	if (n == 0)
		return FRAME_EMPTY;
	if (n > limit)
		return FRAME_TOO_LONG;
	if (have - FRAME_HEADER < n)
		return FRAME_MORE;
	*len = n;
	return FRAME_OK;
}
