/*
 * tokens: sign-ins that can be resumed. 256 random bits known to the client only; kept hashed, bound to the certificate that
 * carried them, expiring, in the store's table of secrets. Without a working store they live until the server ends.
 */
#ifndef APP_TOKENS_H
#define APP_TOKENS_H

#include "app/shell_state.h"

#define TOKENS_TEXT 68 /* "rt-" and 64 hex digits, NUL */

/* Makes one; its text (for the client only) goes into `text`. */
struct token *tokens_new(struct shell *, const struct shell_peer *, const char *person, char text[TOKENS_TEXT]);
/* The one of that text, if it is valid for this certificate now. */
struct token *tokens_find(struct shell *, const struct shell_peer *, const char *text);
/* Reads those that the store keeps; once, at start. */
void tokens_load(struct shell *);
/* Sessions that it signed in are closed. */
void tokens_revoke(struct shell *, struct token *);
/* All of a person but `keep` (may be NULL). */
void tokens_revoke_all(struct shell *, const char *person, const struct token *keep);
/* Acted within the idle limit? NULL (signed in by certificate) always did. */
bool tokens_fresh(const struct shell *, const struct token *);
/* A session begins with it. */
void tokens_seen(struct shell *, struct token *);
void tokens_used(struct shell *, struct token *);
void tokens_free(struct shell *);

#endif
