/*
 * writer: JSON into a buffer. name NULL: inside a list. Commas come by themselves.
 */
#ifndef REPORT_WRITER_H
#define REPORT_WRITER_H

#include "base/buf.h"
#include "record/record.h"
#include "renraku.pb-c.h"

void writer_text(struct buf *, const char *name, const char *value); /* NULL: "" */
void writer_number(struct buf *, const char *name, int64_t);
void writer_truth(struct buf *, const char *name, bool);
void writer_begin(struct buf *, const char *name, const char *bracket); /* "{" or "[" */
void writer_end(struct buf *, const char *bracket);
void writer_texts(struct buf *, const char *name, char *const *, size_t n);
void writer_hash(struct buf *, const char *name, const uint8_t *);
void writer_shown(struct buf *, const char *name, Renraku__ShownValue *const *, size_t n);

#endif
