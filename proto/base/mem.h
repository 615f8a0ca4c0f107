/*
 * mem: memory that cannot fail, and memory with a limit.
 *
 * The x functions abort the process when memory runs out; every size that a peer chooses is bounded before it gets here.
 * An arena hands out memory that is freed all at once; one made with a limit returns NULL when the limit is reached, so
 * that what a peer sends can be unpacked in bounded space.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
/* Grows an array to hold n elements, doubling; *cap counts elements. */
void *xgrow(void *p, size_t *cap, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
void *xmemdup(const void *p, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

struct arena;
/* max: most bytes it will hand out, 0 for no limit (then it aborts rather than return NULL). */
struct arena *arena_new(size_t max);
void arena_free(struct arena *);
void arena_reset(struct arena *);
void *arena_alloc(struct arena *, size_t size);    /* zeroed, aligned for any type */
char *arena_strdup(struct arena *, const char *s); /* NULL stays NULL */
char *arena_strndup(struct arena *, const char *s, size_t n);
char *arena_printf(struct arena *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
size_t arena_used(const struct arena *);

#endif
