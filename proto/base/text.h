/*
 * text: UTF-8 as people see it.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Valid UTF-8 without NUL; newlines and tabs pass, other C0/C1 control characters do not. */
bool text_valid(const char *, size_t len);
/* An id: 1..max of [A-Za-z0-9_.:-]. */
bool text_id(const char *, size_t max);
/* Columns on a terminal: full-width counts two, combining zero (East Asian Width, ambiguous = narrow unless said). */
int text_width(const char *);
/* Appends s cut or padded with spaces to exactly `columns`; a cut ends in an ellipsis. */
void text_pad(struct buf *, const char *s, int columns);
/* Appends s with control characters shown as '?', and bidirectional controls removed: safe for a terminal. */
void text_safe(struct buf *, const char *s);
/* Appends s as a JSON string with quotes. */
void text_json(struct buf *, const char *s);
/* Lower-case hexadecimal; out has room for 2*n+1. */
char *text_hex(const uint8_t *, size_t n, char *out);
bool text_unhex(const char *, uint8_t *out, size_t n);

#endif
