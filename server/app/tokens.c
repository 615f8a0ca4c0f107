#include "app/tokens.h"

#include <inttypes.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/peer.h"
#include "base/log.h"
#include "base/text.h"

/* Devices of one person. A browser that forgets its cookies each evening leaves a sign-in behind each day, and these must not push out the
   telephone that is in use: the one that goes is the one not seen for longest, and only among those that are connected when all are. */
#define MAX_OF_PERSON 32u
#define SEEN_STEP_MS INT64_C(3600000)
/* The time of the last act is written when it is older than this, so that a restart does not wake an idle sign-in. */
#define ACTIVE_STEP_MS 30000

static void key_of(const char *text, char out[72])
{
	uint8_t hash[SHA256_DIGEST_LENGTH];

	SHA256((const unsigned char *)text, strlen(text), hash);
	memcpy(out, "token:", 6);
	text_hex(hash, sizeof hash, out + 6);
}

/* Stored as "PERSON FINGERPRINT EXPIRES ACTIVE SEEN"; of older versions without SEEN. */
static void store_token(struct shell *shell, struct token *token)
{
	char value[400];
	int n = snprintf(value, sizeof value, "%s %s %" PRId64 " %" PRId64 " %" PRId64, token->person, token->fingerprint, token->expires,
		token->active, token->seen);

	token->stored = shell->recording && n > 0 && (size_t)n < sizeof value &&
			store_secret_put(shell->store, token->key, value, (size_t)n) == STORE_OK;
	token->active_stored = token->active;
}

static void forget(struct shell *shell, struct token *token)
{
	HASH_DEL(shell->auth.tokens, token);
	free(token->person);
	free(token);
}

static bool connected(const struct shell *shell, const struct token *token)
{
	const struct shell_peer *peer;

	DL_FOREACH(shell->peers, peer)
		if (peer->token == token)
			return true;
	return false;
}

static void revoke(struct shell *shell, struct token *token, const char *why);

/* The expired leave, and one beyond a person's share. */
static void prune(struct shell *shell, const char *person)
{
	struct token *token, *next, *oldest = NULL;
	bool oldest_here = false;
	unsigned n = 0;

	HASH_ITER(hh, shell->auth.tokens, token, next) {
		if (token->expires <= shell->now) {
			tokens_revoke(shell, token);
			continue;
		}
		if (strcmp(token->person, person) != 0)
			continue;
		bool here = connected(shell, token);

		n++;
		if (oldest == NULL || (oldest_here && !here) || (oldest_here == here && token->seen < oldest->seen)) {
			oldest = token;
			oldest_here = here;
		}
	}
	if (n >= MAX_OF_PERSON) {
		log_info("sign-in", "%s has %u sign-ins: the one not seen for longest ends", person, n);
		revoke(shell, oldest, "TOO_MANY_SIGN_INS");
	}
}

struct token *tokens_new(struct shell *shell, const struct shell_peer *peer, const char *person, char text[TOKENS_TEXT])
{
	struct token *token;
	uint8_t secret[32];

	prune(shell, person);
	shell->out.random(shell->arg, secret, sizeof secret);
	memcpy(text, "rt-", 3);
	text_hex(secret, sizeof secret, text + 3);
	token = xcalloc(1, sizeof *token);
	key_of(text, token->key);
	token->person = xstrdup(person);
	text_hex(peer->tls.fingerprint, sizeof peer->tls.fingerprint, token->fingerprint);
	token->expires = shell->now + shell->config.token_ms;
	token->active = token->seen = shell->now;
	HASH_ADD_STR(shell->auth.tokens, key, token);
	store_token(shell, token);
	if (!token->stored)
		log_warning(peer->subject, "the sign-in of %s cannot be stored; it ends with the server", person);
	return token;
}

static bool load(void *arg, const char *key, const void *value, size_t len)
{
	struct shell *shell = arg;
	char person[128], fingerprint[65], text[400];
	int64_t expires, active, seen;
	struct token *token;
	int n;

	if (len >= sizeof text || strlen(key) >= sizeof token->key)
		return true;
	memcpy(text, value, len);
	text[len] = '\0';
	n = sscanf(text, "%127s %64s %" SCNd64 " %" SCNd64 " %" SCNd64, person, fingerprint, &expires, &active, &seen);
	if (n < 4)
		return true;
	token = xcalloc(1, sizeof *token);
	memcpy(token->key, key, strlen(key));
	memcpy(token->fingerprint, fingerprint, sizeof fingerprint);
	token->person = xstrdup(person);
	token->expires = expires;
	token->active = token->active_stored = active;
	token->seen = n > 4 ? seen : active;
	token->stored = true;
	HASH_ADD_STR(shell->auth.tokens, key, token);
	return true;
}

void tokens_load(struct shell *shell)
{
	if (store_secret_each(shell->store, "token:", load, shell) != STORE_OK)
		log_warning("store", "sign-ins cannot be read; everyone must sign in with the password");
}

struct token *tokens_find(struct shell *shell, const struct shell_peer *peer, const char *text)
{
	char key[72], fingerprint[65];
	struct token *token;

	if (strlen(text) != TOKENS_TEXT - 1)
		return NULL;
	key_of(text, key);
	HASH_FIND_STR(shell->auth.tokens, key, token);
	if (token == NULL)
		return NULL;
	text_hex(peer->tls.fingerprint, sizeof peer->tls.fingerprint, fingerprint);
	if (strcmp(fingerprint, token->fingerprint) != 0)
		return NULL;
	if (token->expires > shell->now)
		return token;
	tokens_revoke(shell, token);
	return NULL;
}

static void revoke(struct shell *shell, struct token *token, const char *why)
{
	struct shell_peer *peer, *next;

	DL_FOREACH_SAFE(shell->peers, peer, next)
		if (peer->token == token)
			peer_bye(peer, why);
	if (token->stored && store_secret_put(shell->store, token->key, NULL, 0) != STORE_OK)
		log_error("store", "a revoked sign-in of %s could not be removed from the disk", token->person);
	forget(shell, token);
}

void tokens_revoke(struct shell *shell, struct token *token)
{
	revoke(shell, token, "SIGNED_OUT");
}

void tokens_seen(struct shell *shell, struct token *token)
{
	bool write = shell->now - token->seen > SEEN_STEP_MS;

	token->seen = shell->now;
	if (write)
		store_token(shell, token);
}

void tokens_revoke_all(struct shell *shell, const char *person, const struct token *keep)
{
	struct token *token, *next;

	HASH_ITER(hh, shell->auth.tokens, token, next)
		if (token != keep && strcmp(token->person, person) == 0)
			tokens_revoke(shell, token);
}

bool tokens_fresh(const struct shell *shell, const struct token *token)
{
	return token == NULL || (shell->now < token->expires && shell->now - token->active <= shell->config.idle_ms);
}

void tokens_used(struct shell *shell, struct token *token)
{
	if (token == NULL)
		return;
	token->active = shell->now;
	if (token->active - token->active_stored > ACTIVE_STEP_MS)
		store_token(shell, token);
}

void tokens_free(struct shell *shell)
{
	struct token *token, *next;

	HASH_ITER(hh, shell->auth.tokens, token, next)
		forget(shell, token);
}
