/*
 * uploads: plans and sites are larger than a frame; a session sends one in parts, in order, before the command that loads
 * it. Administrators only; one at a time for each session, at most RECORD_BLOB_MAX bytes.
 */
#ifndef APP_UPLOADS_H
#define APP_UPLOADS_H

#include "app/shell_state.h"

void uploads_part(struct shell_peer *, uint64_t ref, const Renraku__Upload *);
/* The whole, checked against its sha256; borrowed until the next part. */
bool uploads_find(const struct shell_peer *, const uint8_t sha256[32], const uint8_t **data, size_t *len);
void uploads_forget(struct shell_peer *);

#endif
