/*
 * buf: a growing byte string that is born with its maximum. Appending beyond it sets `full` and drops the excess whole;
 * callers check once at the end. NUL-terminated for convenience; the terminator is not counted.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	uint8_t *data;
	size_t len, cap, max;
	bool full;
};

void buf_init(struct buf *, size_t max);
void buf_free(struct buf *);
void buf_reset(struct buf *); /* keeps the memory */
bool buf_append(struct buf *, const void *, size_t);
bool buf_puts(struct buf *, const char *);
bool buf_printf(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The text; never NULL. Valid until the next append. */
const char *buf_str(struct buf *);
/* Gives the malloc'ed text away and empties the buffer. */
char *buf_take(struct buf *);

#endif
