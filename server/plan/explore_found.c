/* The states found: packed keys one behind another, a table to find them again, and the forward edges between them. */
#include "plan/explore_model.h"

#include <stdlib.h>
#include <string.h>

struct x_found *x_found_new(const struct x_model *m, size_t max)
{
	struct x_found *f = xcalloc(1, sizeof *f);

	f->m = m;
	f->max = max < X_NO_STATE / 4 ? max : X_NO_STATE / 4;
	f->table_size = 1024;
	f->table = xcalloc(f->table_size, sizeof *f->table);
	return f;
}

void x_found_free(struct x_found *f)
{
	free(f->keys);
	free(f->parent);
	free(f->move);
	free(f->edge_from);
	free(f->edges);
	free(f->closable);
	free(f->layer);
	free(f->table);
	free(f);
}

size_t x_found_bytes(const struct x_found *f)
{
	size_t each = f->m->key_words * sizeof *f->keys + sizeof *f->parent + sizeof *f->move + sizeof *f->edge_from + sizeof *f->closable +
		      sizeof *f->layer;

	return f->cap * each + f->cap_edges * sizeof *f->edges + f->table_size * sizeof *f->table;
}

const uint64_t *x_found_key(const struct x_found *f, uint32_t state)
{
	return f->keys + (size_t)state * f->m->key_words;
}

static uint64_t hash(const uint64_t *key, unsigned words)
{
	uint64_t h = UINT64_C(0x9e3779b97f4a7c15);

	for (unsigned i = 0; i < words; i++) {
		h = (h ^ key[i]) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	return h * UINT64_C(0xc4ceb9fe1a85ec53) >> 16;
}

static void grow_table(struct x_found *f)
{
	free(f->table);
	f->table_size *= 2;
	f->table = xcalloc(f->table_size, sizeof *f->table);
	for (size_t s = 0; s < f->n; s++) {
		size_t at = hash(x_found_key(f, (uint32_t)s), f->m->key_words) & (f->table_size - 1);

		while (f->table[at])
			at = (at + 1) & (f->table_size - 1);
		f->table[at] = (uint32_t)s + 1;
	}
}

static void grow(struct x_found *f)
{
	f->cap = f->cap ? f->cap * 2 : 512;
	f->keys = xrealloc(f->keys, f->cap * f->m->key_words * sizeof *f->keys);
	f->parent = xrealloc(f->parent, f->cap * sizeof *f->parent);
	f->move = xrealloc(f->move, f->cap * sizeof *f->move);
	f->edge_from = xrealloc(f->edge_from, (f->cap + 1) * sizeof *f->edge_from);
	f->closable = xrealloc(f->closable, f->cap);
	f->layer = xrealloc(f->layer, f->cap);
}

uint32_t x_found_put(struct x_found *f, const uint64_t *key, uint32_t parent, uint32_t move, unsigned layer)
{
	unsigned words = f->m->key_words;
	size_t at = hash(key, words) & (f->table_size - 1);

	for (; f->table[at]; at = (at + 1) & (f->table_size - 1)) {
		if (!memcmp(x_found_key(f, f->table[at] - 1), key, words * sizeof *key))
			return f->table[at] - 1;
	}
	if (f->n == f->max) {
		f->full = true;
		return X_NO_STATE;
	}
	if (f->n == f->cap)
		grow(f);
	memcpy(f->keys + f->n * words, key, words * sizeof *key);
	f->parent[f->n] = parent;
	f->move[f->n] = move;
	f->closable[f->n] = 0;
	f->layer[f->n] = (uint8_t)layer;
	f->table[at] = (uint32_t)++f->n;
	if (f->n * 3 > f->table_size * 2)
		grow_table(f);
	return (uint32_t)f->n - 1;
}

void x_found_edge(struct x_found *f, uint32_t to)
{
	f->edges = xgrow(f->edges, &f->cap_edges, f->n_edges + 1, sizeof *f->edges);
	f->edges[f->n_edges++] = to;
}

void x_found_expanded(struct x_found *f)
{
	if (!f->n_expanded)
		f->edge_from[0] = 0;
	f->edge_from[++f->n_expanded] = (uint32_t)f->n_edges;
}

static bool leads_to_good(const struct x_found *f, const uint8_t *good, size_t state)
{
	for (uint32_t e = f->edge_from[state]; e < f->edge_from[state + 1]; e++) {
		if (good[f->edges[e]])
			return true;
	}
	return false;
}

uint8_t *x_found_good(const struct x_found *f)
{
	uint8_t *good = xcalloc(f->n + 1, 1);
	bool more = true;

	for (size_t s = 0; s < f->n; s++)
		good[s] = s >= f->n_expanded || f->closable[s];
	while (more) { /* edges lead mostly to later states: few rounds */
		more = false;
		for (size_t s = f->n_expanded; s-- > 0;) {
			if (!good[s] && leads_to_good(f, good, s))
				good[s] = more = true;
		}
	}
	return good;
}
