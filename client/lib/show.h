/*
 * show: what people read on a terminal. Tables that line up with full-width text, wrapping, colour only on a tty, Japan time.
 * Every text passes text_safe: nothing that a peer sent can move the cursor or turn text around.
 */
#ifndef LIB_SHOW_H
#define LIB_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"

enum show_tone { SHOW_PLAIN, SHOW_BOLD, SHOW_DIM, SHOW_GOOD, SHOW_WARN, SHOW_BAD, SHOW_DRILL };

/* A tty, TERM is not dumb, NO_COLOR is not set. */
bool show_colours(FILE *);
/* Columns of the terminal; $COLUMNS, else 100 when it is not one. */
int show_columns(FILE *);
/* Start and end of a tone, "" when `colours` is false. */
const char *show_on(enum show_tone, bool colours);
const char *show_off(bool colours);
/* text_safe line by line: newlines stay newlines. */
void show_lines(struct buf *, const char *);
/* Appends text wrapped at `columns`, each further line indented by `indent` spaces; breaks between full-width characters, Latin
   words stay whole. The first line starts where the caller stands, at column `start`. */
void show_wrap(struct buf *, const char *, int start, int indent, int columns);

struct show_table;
/* heads NULL: no heading line. indent: spaces before each line. */
struct show_table *show_table_new(size_t columns, const char *const *heads, int indent);
void show_table_free(struct show_table *);
/* Cells are copied; NULL is empty. The tone is the whole row's. */
void show_table_row(struct show_table *, enum show_tone, const char *const *cells);
/* Fits the table into `width` columns by narrowing the last column first (it is wrapped, the others are cut). */
void show_table_write(struct show_table *, struct buf *, bool colours, int width);

/* "09:05" today, "11-22 09:05" on another day. out of at least 24 bytes; returns out. at 0: "-". */
char *show_time(int64_t at, int64_t now, char *out);
/* "たった今", "12分", "3時間5分", "2日" (minutes elapsed). */
char *show_elapsed(int64_t since, int64_t now, char *out);
/* "09:05（12分前）". */
char *show_when(int64_t at, int64_t now, char *out); /* 48 bytes */

#endif
