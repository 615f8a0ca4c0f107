/*
 * The file: "RNROWS1\n", SHA-256 of the rest, time saved (8 bytes, big-endian), then one packed ViewUpdate: a whole snapshot.
 */
#include <endian.h>
#include <errno.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lib/durable.h"
#include "lib/rows.h"

#define MAGIC "RNROWS1\n"
#define HEAD (8 + SHA256_DIGEST_LENGTH)

int rows_save(const struct rows *r, const char *path, int64_t at)
{
	Renraku__ViewUpdate u = RENRAKU__VIEW_UPDATE__INIT;
	u.snapshot = u.complete = true;
	u.revision = rows_revision(r);
	u.n_rows = rows_count(r);
	u.rows = xcalloc(u.n_rows + 1, sizeof(Renraku__Row *));
	for (size_t i = 0; i < u.n_rows; i++)
		memcpy(&u.rows[i], &(const Renraku__Row *){rows_at(r, i)}, sizeof(Renraku__Row *));
	size_t size = renraku__view_update__get_packed_size(&u), total = HEAD + 8 + size;
	uint8_t *bytes = xmalloc(total);
	uint64_t be = htobe64((uint64_t)at);
	memcpy(bytes, MAGIC, 8);
	memcpy(bytes + HEAD, &be, 8);
	renraku__view_update__pack(&u, bytes + HEAD + 8);
	SHA256(bytes + HEAD, 8 + size, bytes + 8);
	int error = durable_write(path, bytes, total, 0644);
	free(bytes);
	free(u.rows);
	return error;
}

static int decode(const struct buf *b, struct rows **out, int64_t *at)
{
	uint8_t sum[SHA256_DIGEST_LENGTH];
	if (b->len < HEAD + 8 || memcmp(b->data, MAGIC, 8) != 0)
		return -EBADMSG;
	SHA256(b->data + HEAD, b->len - HEAD, sum);
	if (memcmp(sum, b->data + 8, sizeof sum) != 0)
		return -EBADMSG;
	/* Under a checksum of ours, so the generated unpacker may have it. */
	Renraku__ViewUpdate *u = renraku__view_update__unpack(NULL, b->len - HEAD - 8, b->data + HEAD + 8);
	if (!u)
		return -EBADMSG;
	uint64_t be;
	memcpy(&be, b->data + HEAD, 8);
	*at = (int64_t)be64toh(be);
	*out = rows_new();
	bool kept = rows_apply(*out, u);
	renraku__view_update__free_unpacked(u, NULL);
	if (kept)
		return 0;
	rows_free(*out);
	*out = NULL;
	return -EFBIG;
}

int rows_load(const char *path, struct rows **out, int64_t *at)
{
	*out = NULL;
	struct buf b;
	buf_init(&b, ROWS_MAX_BYTES + 4096);
	int error = durable_read(path, &b);
	if (!error)
		error = decode(&b, out, at);
	buf_free(&b);
	return error;
}
