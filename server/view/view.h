/*
 * view: who may see what, computed from the engine's state; pure. A view is a set of rows (proto Row) with keys; the
 * shell compares the rows of two moments and sends the difference.
 *
 * This is the one place where the engine's state meets the wire's row messages: it fills and packs them directly.
 */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include "base/buf.h"
#include "base/mem.h"
#include "engine/state.h"
#include "renraku.pb-c.h"

/* Who looks: a terminal, a person, or a person at a terminal. */
struct view_reader {
	const char *terminal, *person; /* NULL when not */
};

struct view_row {
	const char *key;
	const uint8_t *bytes; /* a packed Row */
	size_t len;
};
struct view_rows {
	struct arena *arena;
	struct view_row *at;
	size_t n, cap;
};
void view_rows_init(struct view_rows *);
void view_rows_free(struct view_rows *);

/* Rows sorted by key. Incident view of an incident the reader may not see: no rows and false. */
bool view_compute(const struct engine *, Renraku__View, uint32_t incident, const struct view_reader *, int64_t now, struct view_rows *);
/* Would these changes alter that view at all? Cheap; may say yes wrongly. */
bool view_touched(const struct engine *, const struct changes *, Renraku__View, uint32_t incident, const struct view_reader *);
/* Two readers with equal audience keys see the same rows: compute and encode once. Writes into key[128]. */
void view_audience(const struct engine *, Renraku__View, uint32_t incident, const struct view_reader *, char key[128]);

/* Is it a private telephone number that the reader may not see? */
bool view_private_number(const struct engine *, const struct view_reader *, const char *number);
/* The Notice message for a notice; the same for all its recipients. Strings live in the arena. */
void view_notice(const struct engine *, const struct notice *, struct arena *, Renraku__Notice *out);
/* The same where several of that person's capacities are shown as one: names them all, stands at the newest of their revisions. */
void view_notice_bundle(const struct engine *, const struct notice *lead, const char *person, struct arena *, Renraku__Notice *out);
/* What one of its recipients hears when it was taken back from him alone: that it ended, and nothing of what it said. */
void view_notice_gone(const struct notice *, const struct recipient *, Renraku__Notice *out);
/* Whom to telephone for this incident now: "title name number" lines, for Result.telephone and telephone_en. */
size_t view_telephone(const struct engine *, const struct incident *, const struct view_reader *, int64_t now, bool english, struct arena *,
	char **out, size_t max);

#endif
