/*
 * codec: frames <-> messages of proto/renraku.proto, hardened: unpacking uses a capped arena, strings must be valid UTF-8
 * without NUL and control characters (newline and tab pass), enum values from clients in range; clients take a value they do
 * not know from a newer server as it is. Records of record.proto have their own codec in server/record.
 *
 * A message from codec_unpack_* lives in the arena given and is freed with it.
 */
#ifndef WIRE_CODEC_H
#define WIRE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/mem.h"
#include "renraku.pb-c.h"

enum codec_verdict {
	CODEC_OK = 0,
	CODEC_MALFORMED = -1, /* not protobuf, or no body */
	CODEC_TOO_BIG = -2,   /* needs more memory than FRAME_ARENA_MAX */
	CODEC_BAD_TEXT = -3,  /* a string is not clean UTF-8 */
	CODEC_UNKNOWN = -4,   /* a body this version does not know: ignored by the receiver */
};
const char *codec_verdict_name(enum codec_verdict);

enum codec_verdict codec_unpack_client(struct arena *, const uint8_t *, size_t, Renraku__ClientFrame **);
enum codec_verdict codec_unpack_server(struct arena *, const uint8_t *, size_t, Renraku__ServerFrame **);
/* Appends header and payload of one frame. False (and nothing appended) when it would exceed FRAME_MAX. */
bool codec_pack_client(struct buf *, const Renraku__ClientFrame *);
bool codec_pack_server(struct buf *, const Renraku__ServerFrame *);

/* Any message as JSON by reflection, snake_case names as in the .proto; fields with default values are left out.
   bytes become lower-case hex; enums their names. Appends to out. */
void codec_json(struct buf *out, const ProtobufCMessage *);
/* The same for readers with rules of their own for strings (quotes included) and bytes (likewise). */
struct codec_json_leaves {
	void (*string)(struct buf *out, const char *);
	void (*bytes)(struct buf *out, const ProtobufCBinaryData *);
};
void codec_json_with(struct buf *out, const ProtobufCMessage *, const struct codec_json_leaves *);
/* Checks every string of any message (used for records too). */
bool codec_texts_clean(const ProtobufCMessage *);

#endif
