#include "app/enrolments.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/answer.h"
#include "app/batch.h"
#include "app/delivery.h"
#include "app/peer.h"
#include "app/probes.h"
#include "app/tokens.h"
#include "base/log.h"
#include "base/text.h"

#define PREFIX "re-" /* of a token's text; a person's has another */
#define KEY "enrolment:"
/* Browsers of one terminal, and of all: so many rows of the store and no more. */
#define MAX_OF_TERMINAL 256u
#define MAX_OF_ALL 8192u
/* The end is moved on with each use, and written when it has moved so far. */
#define EXPIRES_STEP_MS INT64_C(86400000)

bool enrolments_text(const char *token)
{
	return strncmp(token, PREFIX, sizeof PREFIX - 1) == 0;
}

static void key_of(const char *text, char out[sizeof((struct enrolment *)0)->key])
{
	uint8_t hash[SHA256_DIGEST_LENGTH];

	SHA256((const unsigned char *)text, strlen(text), hash);
	memcpy(out, KEY, sizeof KEY - 1);
	text_hex(hash, sizeof hash, out + sizeof KEY - 1);
}

/* Stored as "TERMINAL FINGERPRINT NUMBER EXPIRES". */
static bool keep(struct shell *shell, struct enrolment *e)
{
	char value[400];
	int n = snprintf(value, sizeof value, "%s %s %" PRIu32 " %" PRId64, e->terminal, e->fingerprint, e->number, e->expires);

	if (!shell->recording || n <= 0 || (size_t)n >= sizeof value ||
		store_secret_put(shell->store, e->key, value, (size_t)n) != STORE_OK)
		return false;
	e->expires_stored = e->expires;
	return true;
}

static void drop(struct shell *shell, struct enrolment *e)
{
	HASH_DEL(shell->auth.enrolments, e);
	free(e->terminal);
	free(e);
}

/* The token is worth nothing from now on. Its sessions leave, but `stays`, which only stops being the terminal. */
static void revoke(struct shell *shell, struct enrolment *e, struct shell_peer *stays)
{
	struct shell_peer *peer, *next;

	if (store_secret_put(shell->store, e->key, NULL, 0) != STORE_OK)
		log_error("store", "the ended enrolment %" PRIu32 " of terminal %s could not be removed from the disk", e->number,
			e->terminal);
	DL_FOREACH_SAFE(shell->peers, peer, next) {
		if (peer->enrolment != e)
			continue;
		if (peer != stays)
			peer_bye(peer, "REMOVED");
		peer_stand_down(peer);
	}
	drop(shell, e);
}

static void record_end(struct shell *shell, const char *terminal, uint32_t number, const char *why, const char *person)
{
	struct command command = {.type = CMD_ENROL_END, .about = terminal, .ordinal = number, .text = why, .person = person};

	batch_run_own(shell, &command);
}

static void end_one(struct shell *shell, struct enrolment *e, const char *why, struct shell_peer *stays)
{
	record_end(shell, e->terminal, e->number, why, stays != NULL ? shell_peer_person(stays) : NULL);
	revoke(shell, e, stays);
}

static void end_all(struct shell *shell, const char *terminal, struct shell_peer *by)
{
	struct enrolment *e, *next;

	record_end(shell, terminal, 0, "ended", shell_peer_person(by));
	HASH_ITER(hh, shell->auth.enrolments, e, next)
		if (strcmp(e->terminal, terminal) == 0)
			revoke(shell, e, by);
}

/* ---- enrolling ---- */

static size_t count(const struct shell *shell, const char *terminal)
{
	size_t n = 0;

	for (const struct enrolment *e = shell->auth.enrolments; e != NULL; e = e->hh.next)
		n += strcmp(e->terminal, terminal) == 0;
	return n;
}

/* The code of the refusal, or NULL. */
static const char *not_by(const struct shell_peer *peer)
{
	if (peer->human == NULL)
		return "NOT_SIGNED_IN";
	if (!tokens_fresh(peer->shell, peer->token))
		return "SIGN_IN_AGAIN";
	if (!peer_is_administrator(peer))
		return "NOT_ENTITLED";
	if (peer->tls.expired)
		return "CERTIFICATE_EXPIRED";
	return peer->shell->recording ? NULL : "CANNOT_RECORD";
}

static const char *cannot_enrol(const struct shell_peer *peer, const char *terminal)
{
	const struct site *site = engine_site(peer->shell->engine);
	const char *no = peer->tls.who == TLS_GATEWAY ? not_by(peer) : "NOT_A_BROWSER";

	if (no != NULL)
		return no;
	if (site == NULL || site_terminal_find(site, terminal) < 0)
		return "UNKNOWN_TERMINAL";
	if (count(peer->shell, terminal) >= MAX_OF_TERMINAL || HASH_COUNT(peer->shell->auth.enrolments) >= MAX_OF_ALL)
		return "TOO_MANY_BROWSERS";
	return NULL;
}

static struct enrolment *make(struct shell_peer *peer, const char *terminal, char text[TOKENS_TEXT])
{
	struct shell *shell = peer->shell;
	struct enrolment *e = xcalloc(1, sizeof *e);
	uint8_t secret[32];

	shell->out.random(shell->arg, secret, sizeof secret);
	memcpy(text, PREFIX, sizeof PREFIX - 1);
	text_hex(secret, sizeof secret, text + sizeof PREFIX - 1);
	OPENSSL_cleanse(secret, sizeof secret);
	key_of(text, e->key);
	e->terminal = xstrdup(terminal);
	text_hex(peer->tls.fingerprint, sizeof peer->tls.fingerprint, e->fingerprint);
	e->number = engine_enrolled_newest(shell->engine) + 1;
	e->expires = shell->now + shell->config.enrolment_ms;
	HASH_ADD_STR(shell->auth.enrolments, key, e);
	return e;
}

static void enrol(struct shell_peer *peer, uint64_t ref, const char *terminal)
{
	struct shell *shell = peer->shell;
	struct command command = {.type = CMD_ENROL, .about = terminal, .name = peer->tls.id, .person = shell_peer_person(peer)};
	const char *no = cannot_enrol(peer, terminal);
	char text[TOKENS_TEXT];
	struct enrolment *e;

	if (no != NULL) {
		peer_refuse(peer, ref, no);
		return;
	}
	if (peer->enrolment != NULL) /* from now on it is another's */
		end_one(shell, peer->enrolment, "left", peer);
	e = make(peer, terminal, text);
	if (keep(shell, e)) {
		batch_run_own(shell, &command);
		log_info(peer->subject, "enrolled for terminal %s by %s", terminal, peer->human->id);
		peer_send(peer, answer_token(ref, text, e->expires));
	} else {
		drop(shell, e);
		peer_refuse(peer, ref, "CANNOT_RECORD");
	}
	OPENSSL_cleanse(text, sizeof text);
}

/* A browser leaves by itself, whoever sits at it; but somebody who was signed in there and has gone is not to be had without the five
   minutes of a terminal. */
static void leave(struct shell_peer *peer, uint64_t ref)
{
	if (peer->enrolment == NULL) {
		peer_refuse(peer, ref, "NOT_ENROLLED");
	} else if (peer->human != NULL && !tokens_fresh(peer->shell, peer->token)) {
		peer_refuse(peer, ref, "SIGN_IN_AGAIN");
	} else if (!peer->shell->recording) {
		peer_refuse(peer, ref, "CANNOT_RECORD");
	} else {
		log_info(peer->subject, "is terminal %s no longer", peer->enrolment->terminal);
		end_one(peer->shell, peer->enrolment, "left", peer);
		peer_welcome(peer, ref);
	}
}

static void end(struct shell_peer *peer, uint64_t ref, const char *terminal)
{
	const struct site *site = engine_site(peer->shell->engine);
	const char *no = not_by(peer);

	/* Of a terminal that the site no longer names, too. */
	if (no == NULL && count(peer->shell, terminal) == 0 && (site == NULL || site_terminal_find(site, terminal) < 0))
		no = "UNKNOWN_TERMINAL";
	if (no != NULL) {
		peer_refuse(peer, ref, no);
		return;
	}
	log_info(peer->subject, "the browsers of terminal %s are ended by %s", terminal, peer->human->id);
	end_all(peer->shell, terminal, peer);
	peer_welcome(peer, ref);
}

void enrolments_frame(struct shell_peer *peer, uint64_t ref, const Renraku__Enrol *m)
{
	if (!m->end)
		enrol(peer, ref, m->terminal);
	else if (m->terminal[0] == '\0')
		leave(peer, ref);
	else
		end(peer, ref, m->terminal);
}

/* ---- coming back ---- */

static struct enrolment *find(struct shell *shell, const struct shell_peer *peer, const char *text)
{
	char key[sizeof((struct enrolment *)0)->key], fingerprint[65];
	struct enrolment *e;

	if (strlen(text) != TOKENS_TEXT - 1)
		return NULL;
	key_of(text, key);
	HASH_FIND_STR(shell->auth.enrolments, key, e);
	text_hex(peer->tls.fingerprint, sizeof peer->tls.fingerprint, fingerprint);
	return e != NULL && strcmp(e->fingerprint, fingerprint) == 0 ? e : NULL;
}

void enrolments_resume(struct shell_peer *peer, uint64_t ref, const char *text)
{
	struct shell *shell = peer->shell;
	const struct site *site = engine_site(shell->engine);
	struct enrolment *e = find(shell, peer, text);

	if (e != NULL && e->expires <= shell->now) {
		end_one(shell, e, "term", NULL);
		e = NULL;
	}
	if (e == NULL || site_terminal_find(site, e->terminal) < 0) {
		peer_refuse(peer, ref, e == NULL ? "TOKEN_INVALID" : "UNKNOWN_TERMINAL");
		return;
	}
	e->expires = shell->now + shell->config.enrolment_ms;
	if (e->expires - e->expires_stored > EXPIRES_STEP_MS && !keep(shell, e))
		log_warning("store", "that enrolment %" PRIu32 " of terminal %s was used cannot be stored", e->number, e->terminal);
	peer_stand_for(peer, e);
	peer_welcome(peer, ref);
	delivery_open(peer, peer->seen);
	probes_open(peer);
}

/* ---- start and end ---- */

static bool load(void *arg, const char *key, const void *value, size_t len)
{
	struct shell *shell = arg;
	char terminal[128], fingerprint[65], text[400];
	struct enrolment *e;
	uint32_t number;
	int64_t expires;

	if (len >= sizeof text || strlen(key) >= sizeof e->key)
		return true;
	memcpy(text, value, len);
	text[len] = '\0';
	if (sscanf(text, "%127s %64s %" SCNu32 " %" SCNd64, terminal, fingerprint, &number, &expires) != 4)
		return true;
	e = xcalloc(1, sizeof *e);
	memcpy(e->key, key, strlen(key));
	memcpy(e->fingerprint, fingerprint, sizeof fingerprint);
	e->terminal = xstrdup(terminal);
	e->number = number;
	e->expires = e->expires_stored = expires;
	HASH_ADD_STR(shell->auth.enrolments, key, e);
	return true;
}

void enrolments_load(struct shell *shell)
{
	if (store_secret_each(shell->store, KEY, load, shell) != STORE_OK)
		log_warning("store", "the enrolments of browsers cannot be read; they must be enrolled again");
}

static bool has_token(const struct shell *shell, uint32_t number)
{
	for (const struct enrolment *e = shell->auth.enrolments; e != NULL; e = e->hh.next)
		if (e->number == number)
			return true;
	return false;
}

/* On record and not among the secrets, as after a copy of the log alone was put back: nobody can come back with it. */
static bool end_a_lost_one(struct shell *shell)
{
	const char *terminal;
	uint32_t number;

	for (size_t i = 0; (number = engine_enrolled_at(shell->engine, i, &terminal)) != 0; i++) {
		char *name;

		if (has_token(shell, number))
			continue;
		name = xstrdup(terminal);
		record_end(shell, name, number, "lost", NULL);
		free(name);
		return !engine_enrolled(shell->engine, number);
	}
	return false;
}

void enrolments_settle(struct shell *shell)
{
	struct enrolment *e, *next;

	/* A token whose record never became durable was given to nobody. */
	HASH_ITER(hh, shell->auth.enrolments, e, next) {
		if (e->expires <= shell->now)
			end_one(shell, e, "term", NULL);
		else if (!engine_enrolled(shell->engine, e->number))
			revoke(shell, e, NULL);
	}
	while (end_a_lost_one(shell))
		;
}

void enrolments_free(struct shell *shell)
{
	struct enrolment *e, *next;

	HASH_ITER(hh, shell->auth.enrolments, e, next)
		drop(shell, e);
}
