/* Frames, counted and shared, and the queue of those that wait for one session. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "hub/internal.h"

struct hub_frame *hub_frame_new(const void *bytes, size_t len)
{
	assert(len > 0);
	struct hub_frame *f = xmalloc(sizeof *f + len);
	f->refs = 1;
	f->len = len;
	memcpy(f->bytes, bytes, len);
	return f;
}

struct hub_frame *hub_frame_ref(struct hub_frame *f)
{
	assert(f->refs > 0);
	f->refs++;
	return f;
}

void hub_frame_unref(struct hub_frame *f)
{
	if (!f)
		return;
	assert(f->refs > 0);
	if (--f->refs == 0)
		free(f);
}

size_t hub_frame_len(const struct hub_frame *f)
{
	return f->len;
}

void hub_outbox_put(struct hub_outbox *o, struct hub_frame *f)
{
	if (o->first + o->count == o->cap && o->first > 0) {
		memmove(o->frames, o->frames + o->first, o->count * sizeof *o->frames);
		o->first = 0;
	}
	o->frames = xgrow(o->frames, &o->cap, o->first + o->count + 1, sizeof *o->frames);
	o->frames[o->first + o->count++] = hub_frame_ref(f);
	o->bytes += f->len;
}

size_t hub_outbox_peek(const struct hub_outbox *o, uint8_t scratch[HUB_RECORD_MAX], const uint8_t **data)
{
	if (!o->count)
		return 0;
	const struct hub_frame *f = o->frames[o->first];
	size_t n = f->len - o->sent;
	*data = f->bytes + o->sent;
	if (n >= HUB_RECORD_MAX)
		return HUB_RECORD_MAX;
	if (o->count == 1)
		return n;
	memcpy(scratch, *data, n);
	*data = scratch;
	for (size_t i = 1; i < o->count && n < HUB_RECORD_MAX; i++) {
		f = o->frames[o->first + i];
		size_t part = f->len < HUB_RECORD_MAX - n ? f->len : HUB_RECORD_MAX - n;
		memcpy(scratch + n, f->bytes, part);
		n += part;
	}
	return n;
}

void hub_outbox_drop(struct hub_outbox *o, size_t n)
{
	assert(n <= o->bytes);
	o->bytes -= n;
	n += o->sent;
	while (o->count && n >= o->frames[o->first]->len) {
		n -= o->frames[o->first]->len;
		hub_frame_unref(o->frames[o->first]);
		o->first++;
		o->count--;
	}
	o->sent = n;
	if (!o->count)
		hub_outbox_free(o);
}

void hub_outbox_free(struct hub_outbox *o)
{
	for (size_t i = 0; i < o->count; i++)
		hub_frame_unref(o->frames[o->first + i]);
	free(o->frames);
	*o = (struct hub_outbox){0};
}
