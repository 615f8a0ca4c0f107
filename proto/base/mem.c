#include "base/mem.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Written without allocating: there is nothing left to allocate from. */
static _Noreturn void out_of_memory(void)
{
	fputs("out of memory\n", stderr);
	abort();
}

void *xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);
	if (!p)
		out_of_memory();
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);
	if (!p)
		out_of_memory();
	return p;
}

void *xrealloc(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);
	if (!p)
		out_of_memory();
	return p;
}

void *xgrow(void *p, size_t *cap, size_t n, size_t size)
{
	assert(size > 0);
	if (n <= *cap)
		return p;
	size_t want = *cap ? *cap : 8;
	while (want < n) {
		if (want > SIZE_MAX / 2)
			out_of_memory();
		want *= 2;
	}
	if (want > SIZE_MAX / size)
		out_of_memory();
	p = xrealloc(p, want * size);
	*cap = want;
	return p;
}

char *xstrdup(const char *s)
{
	return xmemdup(s, strlen(s) + 1);
}

char *xstrndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = xmalloc(len + 1);
	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

void *xmemdup(const void *from, size_t n)
{
	void *p = xmalloc(n);
	if (n)
		memcpy(p, from, n);
	return p;
}

static int printed_len(const char *fmt, va_list ap)
{
	va_list copy;
	va_copy(copy, ap);
	int n = vsnprintf(NULL, 0, fmt, copy);
	va_end(copy);
	assert(n >= 0);
	return n;
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	size_t size = (size_t)printed_len(fmt, ap) + 1;
	char *p = xmalloc(size);
	vsnprintf(p, size, fmt, ap);
	va_end(ap);
	return p;
}

/* ---- arena ---- */

#define CHUNK_FIRST 2048u
#define CHUNK_LARGEST 65536u

struct chunk {
	struct chunk *next;
	size_t size, used;
	_Alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct chunk *chunks; /* the newest, which allocations come from, first */
	size_t max, used;
};

struct arena *arena_new(size_t max)
{
	struct arena *a = xcalloc(1, sizeof *a);
	a->max = max;
	return a;
}

static void free_chunks(struct chunk *c)
{
	while (c) {
		struct chunk *next = c->next;
		free(c);
		c = next;
	}
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	free_chunks(a->chunks);
	free(a);
}

/* Keeps the newest chunk, so that an arena used in a loop stops allocating. */
void arena_reset(struct arena *a)
{
	if (a->chunks) {
		free_chunks(a->chunks->next);
		a->chunks->next = NULL;
		a->chunks->used = 0;
	}
	a->used = 0;
}

static struct chunk *add_chunk(struct arena *a, size_t at_least)
{
	size_t size = a->chunks ? a->chunks->size * 2 : CHUNK_FIRST;
	if (size > CHUNK_LARGEST)
		size = CHUNK_LARGEST;
	if (size < at_least)
		size = at_least;
	struct chunk *c = xmalloc(sizeof *c + size);
	c->size = size;
	c->used = 0;
	c->next = a->chunks;
	a->chunks = c;
	return c;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	if (size > SIZE_MAX / 2) {
		if (a->max)
			return NULL;
		out_of_memory();
	}
	size = size ? (size + align - 1) / align * align : align;
	if (a->max && (size > a->max || a->used > a->max - size))
		return NULL;
	struct chunk *c = a->chunks;
	if (!c || c->size - c->used < size)
		c = add_chunk(a, size);
	void *p = c->data + c->used;
	c->used += size;
	a->used += size;
	return memset(p, 0, size);
}

char *arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = arena_alloc(a, len + 1);
	if (p)
		memcpy(p, s, len);
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	size_t size = (size_t)printed_len(fmt, ap) + 1;
	char *p = arena_alloc(a, size);
	if (p)
		vsnprintf(p, size, fmt, ap);
	va_end(ap);
	return p;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}
