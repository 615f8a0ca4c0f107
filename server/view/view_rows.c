/* Rows of a view: packed once, kept under their keys. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_build.h"

void view_rows_init(struct view_rows *rows)
{
	memset(rows, 0, sizeof *rows);
	rows->arena = arena_new(0);
}

void view_rows_free(struct view_rows *rows)
{
	arena_free(rows->arena);
	free(rows->at);
	memset(rows, 0, sizeof *rows);
}

/*
 * Text of people is cut before it comes here, so only a plan with pages of words in one item makes a row this long. Its words can
 * be read in the plan; what is needed to act stays.
 */
static void shorten(Renraku__Row *row)
{
	if (row->body_case != RENRAKU__ROW__BODY_ITEM || renraku__row__get_packed_size(row) <= VIEW_ROW_MAX)
		return;
	row->item->note = view_text_plain("（長いため省略。計画の原文を見てください）");
	row->item->n_called = 0;
	for (size_t i = 0; i < row->item->n_form; i++)
		for (size_t k = 0; k < row->item->form[i]->n_options; k++)
			row->item->form[i]->options[k]->n_guide = 0;
	for (size_t i = 0; i < row->item->n_agenda; i++)
		row->item->agenda[i]->n_contents = 0;
}

void view_rows_add(struct view_build *b, Renraku__Row *row, const char *key, const char *order)
{
	struct view_rows *rows = b->rows;
	assert(rows && row->body_case != RENRAKU__ROW__BODY__NOT_SET);
	row->key = view_text_plain(key);
	row->order = view_text_plain(order);
	shorten(row);
	rows->at = xgrow(rows->at, &rows->cap, rows->n + 1, sizeof *rows->at);
	struct view_row *at = &rows->at[rows->n++];
	at->key = arena_strdup(rows->arena, key);
	at->len = renraku__row__get_packed_size(row);
	uint8_t *bytes = arena_alloc(rows->arena, at->len);
	renraku__row__pack(row, bytes);
	at->bytes = bytes;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct view_row *)a)->key, ((const struct view_row *)b)->key);
}

void view_rows_sort(struct view_rows *rows)
{
	if (rows->n)
		qsort(rows->at, rows->n, sizeof *rows->at, by_key);
}
