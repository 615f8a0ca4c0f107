/*
 * chain: see chain.h for the formula. SHA-256 comes from libsodium, which needs no initialisation for it and no system call.
 */
#include "record/chain.h"

#include <inttypes.h>
#include <sodium/crypto_hash_sha256.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char domain[] = "renraku-log-1";

void chain_next(uint64_t index, const uint8_t prev[RECORD_HASH], const uint8_t *data, size_t len, uint8_t out[RECORD_HASH])
{
	uint8_t number[8];
	for (int i = 0; i < 8; i++)
		number[i] = (uint8_t)(index >> (56 - 8 * i));
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const unsigned char *)domain, sizeof domain - 1);
	crypto_hash_sha256_update(&state, number, sizeof number);
	crypto_hash_sha256_update(&state, prev, RECORD_HASH);
	crypto_hash_sha256_update(&state, data, len);
	crypto_hash_sha256_final(&state, out);
}

void chain_sha256(const void *data, size_t len, char out[2 * RECORD_HASH + 1])
{
	uint8_t hash[RECORD_HASH];
	crypto_hash_sha256(hash, data, len);
	text_hex(hash, sizeof hash, out);
}

void chain_verifier_init(struct chain_verifier *v)
{
	*v = (struct chain_verifier){.next = 1};
}

static bool follows(struct chain_verifier *v, uint64_t index, const uint8_t prev[RECORD_HASH])
{
	if (v->error[0])
		return false; /* what comes after the first break proves nothing */
	if (index != v->next) {
		snprintf(v->error, sizeof v->error, "record %" PRIu64 " was expected but %" PRIu64 " came: a record was removed or moved",
			v->next, index);
		return false;
	}
	if (memcmp(prev, v->hash, RECORD_HASH) != 0) {
		snprintf(v->error, sizeof v->error,
			"record %" PRIu64 " does not follow on the one before: a record before it was changed or removed", index);
		return false;
	}
	return true;
}

static void step(struct chain_verifier *v, const uint8_t hash[RECORD_HASH])
{
	memcpy(v->hash, hash, RECORD_HASH);
	v->next++;
}

bool chain_verify(struct chain_verifier *v, uint64_t index, const uint8_t prev[RECORD_HASH], const uint8_t hash[RECORD_HASH],
	const uint8_t *data, size_t len)
{
	if (!follows(v, index, prev))
		return false;
	uint8_t own[RECORD_HASH];
	chain_next(index, prev, data, len, own);
	if (memcmp(own, hash, RECORD_HASH) != 0) {
		snprintf(v->error, sizeof v->error, "record %" PRIu64 " was changed: its content does not give its hash", index);
		return false;
	}
	step(v, hash);
	return true;
}

bool chain_follow(struct chain_verifier *v, uint64_t index, const uint8_t prev[RECORD_HASH], const uint8_t hash[RECORD_HASH])
{
	if (!follows(v, index, prev))
		return false;
	step(v, hash);
	return true;
}
