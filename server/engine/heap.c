/*
 * heap: open notices by the time at which something must happen to them next (a binary heap that knows each one's place).
 */
#include "engine/core.h"

static bool before(const struct notice *a, const struct notice *b)
{
	return a->next_at != b->next_at ? a->next_at < b->next_at : a->id < b->id;
}

static void put(struct engine *e, size_t at, struct notice *n)
{
	e->heap[at] = n;
	n->heap = at;
}

static void sift(struct engine *e, struct notice *n)
{
	size_t at = n->heap;
	while (at > 0 && before(n, e->heap[(at - 1) / 2])) {
		put(e, at, e->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	for (;;) {
		size_t child = 2 * at + 1;
		if (child >= e->n_heap)
			break;
		if (child + 1 < e->n_heap && before(e->heap[child + 1], e->heap[child]))
			child++;
		if (!before(e->heap[child], n))
			break;
		put(e, at, e->heap[child]);
		at = child;
	}
	put(e, at, n);
}

void heap_set(struct engine *e, struct notice *n, int64_t next_at)
{
	n->next_at = next_at;
	if (next_at == NEVER) {
		if (n->heap == SIZE_MAX)
			return;
		size_t at = n->heap;
		struct notice *last = e->heap[--e->n_heap];
		n->heap = SIZE_MAX;
		if (last != n) {
			put(e, at, last);
			sift(e, last);
		}
		return;
	}
	if (n->heap == SIZE_MAX) {
		e->heap = xgrow(e->heap, &e->cap_heap, e->n_heap + 1, sizeof *e->heap);
		put(e, e->n_heap++, n);
	}
	sift(e, n);
}

struct notice *heap_top(const struct engine *e)
{
	return e->n_heap ? e->heap[0] : NULL;
}
