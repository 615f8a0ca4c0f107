/*
 * answer: frames to peers, and the sentences of refusals and goodbyes in one table. Codes of commands are the engine's
 * (engine/command.h); the codes here are those of sessions. All frames come with one reference, to be given to release_*.
 */
#ifndef APP_ANSWER_H
#define APP_ANSWER_H

#include "app/shell_state.h"

/* Packs; NULL (and a log line) when the message exceeds a frame. */
struct hub_frame *answer_pack(const Renraku__ServerFrame *);
/* detail: what exactly, or NULL; put in brackets behind the sentence. */
struct hub_frame *answer_refusal(uint64_t ref, const char *code, const char *detail, uint32_t retry_after_ms);
struct hub_frame *answer_bye(const char *code, const char *detail);
/* The result of a command: accepted when `accepted`, else refused. incident: of the command, for whom to telephone; 0: none. */
struct hub_frame *answer_result(
	struct shell *, const struct shell_peer *, uint64_t ref, const char *id, const struct verdict *, bool accepted, uint32_t incident);
struct hub_frame *answer_not_confirmed(struct shell *, const struct shell_peer *, uint64_t ref, const char *id, uint32_t incident);
struct hub_frame *answer_probe(const struct test *);
struct hub_frame *answer_ping(uint64_t nonce);
struct hub_frame *answer_pong(uint64_t ref, uint64_t nonce);
struct hub_frame *answer_upload(uint64_t ref, uint64_t received);
struct hub_frame *answer_token(uint64_t ref, const char *token, int64_t expires);
/* Sentence of a session code, for Welcome.warning. */
const char *answer_text(const char *code, bool english);

#endif
