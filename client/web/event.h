/*
 * event: what browsers are told, each text made once and counted, and the ring of the newest that a browser which comes back is told again.
 */
#ifndef WEB_EVENT_H
#define WEB_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_MAX_BYTES (256u << 10)

struct event_text {
	size_t refs;
	uint64_t number;  /* 0: without an id */
	const char *name; /* of a constant */
	size_t len;
	char json[];
};
struct event_text *event_text_new(const char *name, uint64_t number, const char *json, size_t len); /* with one reference */
struct event_text *event_text_ref(struct event_text *);
void event_text_unref(struct event_text *);

/* The newest events of one browser, their numbers without gaps. */
struct ring {
	struct event_text **at;
	size_t first, n, cap, bytes;
	uint64_t newest; /* number of the newest that ever was; 0: none */
};
void ring_free(struct ring *);
/* Takes its own reference. The number must be newest + 1. */
void ring_put(struct ring *, struct event_text *);
/* Is everything behind that number still here? */
bool ring_holds(const struct ring *, uint64_t number);
/* The event of that number, which ring_holds(number - 1) said is here. Borrowed. */
struct event_text *ring_at(const struct ring *, uint64_t number);

#endif
