/*
 * hasher: argon2id off the loop: one thread, so that passwords can never take more than one core, and a queue that the
 * shell bounds. Results are handed out in the owner's thread by hasher_poll() when hasher_fd() is readable.
 */
#ifndef APP_HASHER_H
#define APP_HASHER_H

#include <stdbool.h>
#include <stdint.h>

struct hasher;

/* new_hash: NULL when a password was compared, or when memory was short. */
typedef void hasher_fn(void *arg, uint64_t ticket, bool ok, const char *new_hash);

struct hasher *hasher_new(hasher_fn *, void *arg);
void hasher_free(struct hasher *); /* drops what waits */
int hasher_fd(const struct hasher *);
void hasher_poll(struct hasher *);
/* Copies both. stored NULL: make a hash. */
void hasher_add(struct hasher *, uint64_t ticket, const char *password, const char *stored);
/* At once, in the caller's thread; malloc'ed, NULL when memory is short. */
char *hasher_make(const char *password);

#endif
