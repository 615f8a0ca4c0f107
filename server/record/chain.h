/*
 * chain: each record's hash covers the hash of the one before:
 *     hash(n) = SHA-256("renraku-log-1" || n as 8 bytes big-endian || hash(n-1) || record bytes), hash(0) = 32 zero bytes.
 * Changing, removing, reordering records breaks it; cutting off the end is seen by anyone who kept a later head.
 */
#ifndef RECORD_CHAIN_H
#define RECORD_CHAIN_H

#include "record/record.h"

void chain_next(uint64_t index, const uint8_t prev[RECORD_HASH], const uint8_t *data, size_t len, uint8_t out[RECORD_HASH]);

/* SHA-256 of a plan or site as records name it: 64 hex digits and NUL. */
void chain_sha256(const void *, size_t len, char out[2 * RECORD_HASH + 1]);

/* Verifies entries one after another as they are read. */
struct chain_verifier {
	uint64_t next; /* index expected */
	uint8_t hash[RECORD_HASH];
	char error[256]; /* first thing wrong, empty while fine */
};
void chain_verifier_init(struct chain_verifier *);
bool chain_verify(struct chain_verifier *, uint64_t index, const uint8_t prev[RECORD_HASH], const uint8_t hash[RECORD_HASH],
	const uint8_t *data, size_t len);
/* One whose content is withheld from the reader: only that it follows on the one before. */
bool chain_follow(struct chain_verifier *, uint64_t index, const uint8_t prev[RECORD_HASH], const uint8_t hash[RECORD_HASH]);

#endif
