/*
 * json: protobuf messages <-> JSON by their descriptors, as docs/web.md ('JSON') says. No message is known here by name.
 */
#ifndef WEB_JSON_H
#define WEB_JSON_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/mem.h"

/* Appends the message as one line of JSON (safe inside text/event-stream, and inside HTML: no raw '<', U+2028, U+2029). */
void json_write(struct buf *, const ProtobufCMessage *);
/* A JSON string with its quotes. */
void json_quote(struct buf *, const char *);
/* Reads a message of that kind; all of it lives in the arena, which has no limit of its own. NULL with *why (in the arena): which name or value, and where. Bounded:
   64 KiB, nesting 8, 4,096 values. Strings are held to the protocol's rules (UTF-8, no control characters but newline and tab). */
ProtobufCMessage *json_read(struct arena *, const ProtobufCMessageDescriptor *, const char *text, size_t len, const char **why);

#endif
