/*
 * command_codec: a Command of the wire as the engine takes it. Sizes are checked to the bottom here; what they mean is the
 * engine's. Strings of the result live in the arena or in the message.
 */
#ifndef APP_COMMAND_CODEC_H
#define APP_COMMAND_CODEC_H

#include "engine/command.h"
#include "renraku.pb-c.h"

/* False with the verdict refused (BAD_ID, BAD_INPUT) and saying which field. Leaves who sends it to the caller. */
bool command_codec_read(struct arena *, const Renraku__Command *, struct command *, struct verdict *);
/* SHA-256 over the canonical bytes of the command without its id. */
void command_codec_digest(const Renraku__Command *, uint8_t out[RECORD_HASH]);
/* The sha256 a load names, or NULL: 32 bytes. */
const uint8_t *command_codec_blob(const Renraku__Command *);

#endif
