#include "app/view_frames.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "wire/frame.h"

/* Field numbers of renraku.proto. */
enum { SERVER_REF = 1, SERVER_VIEW = 5 };
enum { UPDATE_VIEW = 1, UPDATE_INCIDENT, UPDATE_REVISION, UPDATE_SNAPSHOT, UPDATE_COMPLETE, UPDATE_ROWS, UPDATE_REMOVED };
/* Beyond the rows: header, ref, and the fields before them. */
#define MAX_ROWS (FRAME_MAX - 256u)

static void put_varint(struct buf *out, uint64_t v)
{
	uint8_t bytes[10];
	size_t n = 0;

	do {
		bytes[n++] = (uint8_t)((v & 0x7f) | (v > 0x7f ? 0x80 : 0));
		v >>= 7;
	} while (v != 0);
	buf_append(out, bytes, n);
}

static void put_number(struct buf *out, unsigned field, uint64_t v)
{
	if (v == 0)
		return;
	put_varint(out, (uint64_t)field << 3);
	put_varint(out, v);
}

static void put_bytes(struct buf *out, unsigned field, const void *data, size_t len)
{
	put_varint(out, (uint64_t)field << 3 | 2);
	put_varint(out, len);
	buf_append(out, data, len);
}

/* The frames of one update being written. */
struct writer {
	struct view_frames *out;
	const struct audience *audience;
	uint64_t ref;
	bool snapshot;
	struct buf rows; /* of the frame being filled */
};

static void end_frame(struct writer *w, bool complete)
{
	uint8_t header[FRAME_HEADER];
	struct buf update, payload;

	buf_init(&update, FRAME_MAX);
	put_number(&update, UPDATE_VIEW, (uint64_t)w->audience->view);
	put_number(&update, UPDATE_INCIDENT, w->audience->incident);
	put_number(&update, UPDATE_REVISION, w->audience->revision);
	put_number(&update, UPDATE_SNAPSHOT, w->snapshot && w->out->n == 0);
	put_number(&update, UPDATE_COMPLETE, complete);
	buf_append(&update, w->rows.data, w->rows.len);
	buf_init(&payload, FRAME_MAX + FRAME_HEADER);
	buf_append(&payload, "\0\0\0\0", FRAME_HEADER);
	put_number(&payload, SERVER_REF, w->ref);
	put_bytes(&payload, SERVER_VIEW, update.data, update.len);
	frame_put_header(header, payload.len - FRAME_HEADER);
	memcpy(payload.data, header, sizeof header);
	w->out->at = xgrow(w->out->at, &w->out->cap, w->out->n + 1, sizeof(struct hub_frame *));
	w->out->at[w->out->n++] = hub_frame_new(payload.data, payload.len);
	buf_free(&payload);
	buf_free(&update);
	buf_reset(&w->rows);
}

static void put(struct writer *w, unsigned field, const void *data, size_t len)
{
	if (len + 16 > MAX_ROWS) {
		log_error("views", "a row of %zu bytes does not fit a frame and was left out", len);
		return;
	}
	if (w->rows.len + len + 16 > MAX_ROWS)
		end_frame(w, false);
	put_bytes(&w->rows, field, data, len);
}

void view_frames_snapshot(struct view_frames *out, const struct audience *audience, uint64_t ref)
{
	struct writer w = {.out = out, .audience = audience, .ref = ref, .snapshot = true};

	buf_init(&w.rows, FRAME_MAX);
	for (size_t i = 0; i < audience->rows.n; i++)
		put(&w, UPDATE_ROWS, audience->rows.at[i].bytes, audience->rows.at[i].len);
	end_frame(&w, true);
	buf_free(&w.rows);
}

/* Both are sorted by key: one walk along the two. */
void view_frames_changes(struct view_frames *out, const struct audience *audience, const struct view_rows *before)
{
	struct writer w = {.out = out, .audience = audience};
	size_t i = 0, j = 0;

	buf_init(&w.rows, FRAME_MAX);
	while (i < before->n || j < audience->rows.n) {
		const struct view_row *old = i < before->n ? &before->at[i] : NULL,
				      *row = j < audience->rows.n ? &audience->rows.at[j] : NULL;
		int order = old == NULL ? 1 : row == NULL ? -1 : strcmp(old->key, row->key);

		if (order < 0)
			put(&w, UPDATE_REMOVED, old->key, strlen(old->key));
		else if (order > 0 || old->len != row->len || memcmp(old->bytes, row->bytes, row->len) != 0)
			put(&w, UPDATE_ROWS, row->bytes, row->len);
		i += order <= 0;
		j += order >= 0;
	}
	if (w.rows.len > 0 || out->n > 0)
		end_frame(&w, true);
	buf_free(&w.rows);
}

void view_frames_free(struct view_frames *frames)
{
	for (size_t i = 0; i < frames->n; i++)
		hub_frame_unref(frames->at[i]);
	free(frames->at);
	*frames = (struct view_frames){0};
}
