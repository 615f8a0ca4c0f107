/*
 * rowset: a view as one browser holds it, ready to be written as JSON. Many browsers hold the same rows: a row's text is made once for the
 * process and counted, so that neither memory nor the time to tell of a change grows with the number of readers. A set is an array of
 * pointers, sorted by key.
 *
 * One thread.
 */
#ifndef WEB_ROWSET_H
#define WEB_ROWSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define ROWSET_MAX_ROWS 65536u
#define ROWSET_MAX_BYTES (32u << 20) /* of JSON in one set */
#define ROWSET_CHUNK (48u << 10)     /* an event tells about so much at a time */

struct row_text {
	size_t refs, len;
	const char *key;
	const char *json;
};
struct row_text *row_text_ref(struct row_text *);
void row_text_unref(struct row_text *);
size_t row_texts(void); /* how many there are in the process */

struct rowset {
	int view;
	uint32_t incident;
	struct row_text **at;
	size_t n, cap, bytes;
	uint64_t revision;
	bool begun, complete; /* complete: it stands at `revision` */
};

void rowset_init(struct rowset *, int view, uint32_t incident);
void rowset_clear(struct rowset *);
/* Which view an encoded ViewUpdate is of. False: malformed. */
bool rowset_names(const uint8_t *update, size_t len, int *view, uint32_t *incident);
/* Merges an encoded ViewUpdate as docs/protocol.md ('Views') says, and gives what the browser is to be told: ViewUpdates as JSON, in their
   order, borrowed. False: malformed or too large; the set is then to be cleared and subscribed to again. */
bool rowset_apply(struct rowset *, const uint8_t *update, size_t len, void (*tell)(void *arg, const char *json, size_t len), void *arg);

/* ---- ViewUpdates as JSON, from texts ---- */
struct rowset_writer {
	struct buf json;
	int view;
	uint32_t incident;
	uint64_t revision;
	bool snapshot, complete, rows, removed, any;
};
void rowset_write_begin(struct rowset_writer *, const struct rowset *, bool snapshot);
void rowset_write_row(struct rowset_writer *, const struct row_text *);
/* All rows of an update stand before the keys it removes. */
void rowset_write_removed(struct rowset_writer *, const char *key);
/* The text, borrowed until the next begin or the end of the writer. */
const char *rowset_write_end(struct rowset_writer *, bool complete, size_t *len);
void rowset_writer_free(struct rowset_writer *);

#endif
