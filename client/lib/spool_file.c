#include "lib/spool_file.h"

#include <endian.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <string.h>

#include "wire/codec.h"
#include "lib/uuid.h"

#define MAGIC "RNSP1\n"
#define MAGIC_LEN 6
#define HEAD (MAGIC_LEN + SHA256_DIGEST_LENGTH)

static void put_part(struct buf *b, const void *data, size_t len)
{
	uint32_t be = htobe32((uint32_t)len);
	buf_append(b, &be, sizeof be);
	buf_append(b, data, len);
}

/* A whole client frame is stored, because its codec is the hardened one: what a file holds is trusted no more than a peer. */
bool spool_file_pack(struct buf *b, const char *sender, const Renraku__Command *command)
{
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_COMMAND;
	f.command = (Renraku__Command *)(uintptr_t)command;
	struct buf frame;
	uint8_t sum[SHA256_DIGEST_LENGTH] = {0};
	buf_init(&frame, SPOOL_FILE_MAX);
	bool packed = codec_pack_client(&frame, &f);
	if (packed) {
		buf_append(b, MAGIC, MAGIC_LEN);
		buf_append(b, sum, sizeof sum);
		put_part(b, sender, strlen(sender));
		put_part(b, frame.data + 4, frame.len - 4);
		packed = !b->full;
	}
	if (packed) {
		SHA256(b->data + HEAD, b->len - HEAD, sum);
		memcpy(b->data + MAGIC_LEN, sum, sizeof sum);
	}
	buf_free(&frame);
	return packed;
}

/* The next part; false when the rest is too short for it. */
static bool take_part(const struct buf *b, size_t *at, const uint8_t **data, size_t *len)
{
	uint32_t be;
	if (b->len - *at < sizeof be)
		return false;
	memcpy(&be, b->data + *at, sizeof be);
	*at += sizeof be;
	*len = be32toh(be);
	if (b->len - *at < *len)
		return false;
	*data = b->data + *at;
	*at += *len;
	return true;
}

bool spool_file_unpack(const struct buf *b, struct arena *arena, const char **sender, Renraku__Command **command)
{
	uint8_t sum[SHA256_DIGEST_LENGTH];
	if (b->len < HEAD || memcmp(b->data, MAGIC, MAGIC_LEN) != 0)
		return false;
	SHA256(b->data + HEAD, b->len - HEAD, sum);
	if (memcmp(sum, b->data + MAGIC_LEN, sizeof sum) != 0)
		return false;
	size_t at = HEAD, sender_len, len;
	const uint8_t *who, *frame;
	if (!take_part(b, &at, &who, &sender_len) || !take_part(b, &at, &frame, &len) || at != b->len || sender_len > 256)
		return false;
	Renraku__ClientFrame *f;
	if (codec_unpack_client(arena, frame, len, &f) != CODEC_OK || f->body_case != RENRAKU__CLIENT_FRAME__BODY_COMMAND)
		return false;
	*sender = arena_strndup(arena, (const char *)who, sender_len);
	*command = f->command;
	return uuid_command_id(f->command->id);
}
