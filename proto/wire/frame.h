/*
 * frame: cuts a byte stream into frames. A frame is a length of four bytes, big-endian, then that many bytes.
 * A length of 0 or beyond the limit is an error at once, before anything is stored. The limit is FRAME_MAX_BEFORE_HELLO until
 * the hello was accepted and FRAME_MAX after it.
 */
#ifndef WIRE_FRAME_H
#define WIRE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_HEADER 4u
#define FRAME_MAX 65536u
#define FRAME_MAX_BEFORE_HELLO 4096u
/* What unpacking one frame may allocate. */
#define FRAME_ARENA_MAX (1u << 20)

enum frame_verdict {
	FRAME_OK = 0,     /* a whole frame is there */
	FRAME_MORE = 1,   /* wait for more bytes */
	FRAME_EMPTY = -1, /* length 0 */
	FRAME_TOO_LONG = -2,
};
const char *frame_verdict_name(enum frame_verdict);

void frame_put_header(uint8_t out[FRAME_HEADER], size_t len);
/* Looks at the first `have` bytes of the stream; on FRAME_OK *len is the payload's length. */
enum frame_verdict frame_peek(const uint8_t *data, size_t have, size_t limit, size_t *len);

#endif
