/*
 * auth: signing in with a password, resuming with a token, signing out, setting passwords. Hashing happens elsewhere
 * (shell_output.hash), one password at a time; the queue is bounded.
 */
#ifndef APP_AUTH_H
#define APP_AUTH_H

#include "app/shell_state.h"

void auth_sign_in(struct shell_peer *, uint64_t ref, const char *person, const char *password);
void auth_resume(struct shell_peer *, uint64_t ref, const char *token);
void auth_sign_out(struct shell_peer *, uint64_t ref, bool everywhere);
void auth_set_password(struct shell_peer *, uint64_t ref, const Renraku__SetPassword *);
void auth_hashed(struct shell *, uint64_t ticket, bool ok, const char *new_hash);
/* Starts what had to wait. */
void auth_tick(struct shell *);
int64_t auth_deadline(const struct shell *);
void auth_free(struct shell *);
/* Puts a person's hash into the store and the fact into the log; 0, or -1 with the verdict. by: who did, or NULL. */
int auth_store(struct shell *, const char *sender, const char *by, const char *person, const char *hash, struct verdict *);

#endif
