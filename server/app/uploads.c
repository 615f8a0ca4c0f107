#include "app/uploads.h"

#include <openssl/sha.h>
#include <string.h>

#include "app/answer.h"
#include "app/peer.h"

/* The code of the refusal, or NULL. */
static const char *wrong(const struct shell_peer *peer, const Renraku__Upload *m)
{
	if (peer->human == NULL)
		return "NOT_SIGNED_IN";
	if (!peer_is_administrator(peer))
		return "NOT_ENTITLED";
	if (m->sha256.len != sizeof peer->upload.sha256 || m->total == 0 || m->part.len == 0)
		return "UPLOAD_ORDER";
	if (m->total > RECORD_BLOB_MAX)
		return "UPLOAD_TOO_BIG";
	if (m->offset == 0)
		return NULL;
	if (!peer->upload.open || memcmp(peer->upload.sha256, m->sha256.data, m->sha256.len) != 0)
		return "UPLOAD_ORDER";
	return m->offset != peer->upload.bytes.len || m->total != peer->upload.total ? "UPLOAD_ORDER" : NULL;
}

void uploads_forget(struct shell_peer *peer)
{
	peer->upload.open = false;
	buf_free(&peer->upload.bytes);
	buf_init(&peer->upload.bytes, RECORD_BLOB_MAX);
}

static bool whole(const struct shell_peer *peer)
{
	return peer->upload.open && peer->upload.bytes.len == peer->upload.total;
}

static bool genuine(const struct shell_peer *peer)
{
	uint8_t hash[SHA256_DIGEST_LENGTH];

	SHA256(peer->upload.bytes.data, peer->upload.bytes.len, hash);
	return memcmp(hash, peer->upload.sha256, sizeof hash) == 0;
}

void uploads_part(struct shell_peer *peer, uint64_t ref, const Renraku__Upload *m)
{
	const char *no = wrong(peer, m);

	if (no == NULL && m->offset == 0) {
		uploads_forget(peer);
		peer->upload.open = true;
		peer->upload.total = (size_t)m->total;
		memcpy(peer->upload.sha256, m->sha256.data, m->sha256.len);
	}
	if (no == NULL && m->part.len > peer->upload.total - peer->upload.bytes.len)
		no = "UPLOAD_ORDER";
	if (no == NULL) {
		buf_append(&peer->upload.bytes, m->part.data, m->part.len);
		if (whole(peer) && !genuine(peer))
			no = "UPLOAD_DAMAGED";
	}
	if (no != NULL) {
		uploads_forget(peer);
		peer_refuse(peer, ref, no);
		return;
	}
	peer_send(peer, answer_upload(ref, peer->upload.bytes.len));
}

bool uploads_find(const struct shell_peer *peer, const uint8_t sha256[32], const uint8_t **data, size_t *len)
{
	if (!whole(peer) || memcmp(sha256, peer->upload.sha256, sizeof peer->upload.sha256) != 0)
		return false;
	*data = peer->upload.bytes.data;
	*len = peer->upload.bytes.len;
	return true;
}
