/*
 * out: printing for people. All text passes text_safe(), since names and words come from others; line breaks stay.
 */
#ifndef CTL_OUT_H
#define CTL_OUT_H

#include "base/buf.h"
#include "ctl/ctl.h"
#include "lib/rows.h"
#include "lib/show.h"

#define OUT_MAX (16u << 20)

/* One line (or several) on stdout; a line break is added. */
void out_line(const struct ctl *, enum show_tone, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The same on stderr, beginning with "renraku: ". */
void out_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* An error of usage with the hint how to get help; returns CTL_USAGE. */
int out_usage(const struct ctl *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A buffer made with the functions of show.h, whose colours must stay. */
void out_buf(const struct ctl *, struct buf *);
/* A message as one line of JSON on stdout. */
void out_json(const ProtobufCMessage *);
/* A whole view as one ViewUpdate in JSON. */
void out_view(const struct rows *, Renraku__View, uint32_t incident);
/* Only the rows that `keep` wants. */
typedef bool out_keep_fn(const Renraku__Row *, const void *arg);
void out_view_of(const struct rows *, Renraku__View, uint32_t incident, out_keep_fn *, const void *arg);
void out_table(const struct ctl *, struct show_table *); /* frees it */

#endif
