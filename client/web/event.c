#include "web/event.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct event_text *event_text_new(const char *name, uint64_t number, const char *json, size_t len)
{
	struct event_text *e = xmalloc(sizeof *e + len + 1);
	*e = (struct event_text){.refs = 1, .number = number, .name = name, .len = len};
	memcpy(e->json, json, len);
	e->json[len] = '\0';
	return e;
}

struct event_text *event_text_ref(struct event_text *e)
{
	e->refs++;
	return e;
}

void event_text_unref(struct event_text *e)
{
	assert(e->refs > 0);
	if (--e->refs == 0)
		free(e);
}

static void drop_oldest(struct ring *r)
{
	struct event_text *e = r->at[r->first];
	r->bytes -= e->len;
	r->first = (r->first + 1) % r->cap;
	r->n--;
	event_text_unref(e);
}

void ring_free(struct ring *r)
{
	while (r->n)
		drop_oldest(r);
	free(r->at);
	*r = (struct ring){0};
}

static void grow(struct ring *r)
{
	size_t cap = r->cap ? r->cap * 2 : 16;
	struct event_text **at = xcalloc(cap, sizeof(struct event_text *));
	for (size_t i = 0; i < r->n; i++)
		at[i] = r->at[(r->first + i) % r->cap];
	free(r->at);
	r->at = at;
	r->first = 0;
	r->cap = cap;
}

void ring_put(struct ring *r, struct event_text *e)
{
	assert(e->number == r->newest + 1);
	r->newest = e->number;
	if (r->n == r->cap)
		grow(r);
	r->at[(r->first + r->n++) % r->cap] = event_text_ref(e);
	r->bytes += e->len;
	while (r->bytes > RING_MAX_BYTES)
		drop_oldest(r);
}

bool ring_holds(const struct ring *r, uint64_t number)
{
	return number > 0 && number <= r->newest && number + r->n >= r->newest;
}

struct event_text *ring_at(const struct ring *r, uint64_t number)
{
	assert(number + r->n > r->newest && number <= r->newest);
	return r->at[(r->first + (size_t)(number - 1 - (r->newest - r->n))) % r->cap];
}
