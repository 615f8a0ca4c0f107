#include "app/auth.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/answer.h"
#include "app/batch.h"
#include "app/delivery.h"
#include "app/enrolments.h"
#include "app/probes.h"
#include "app/peer.h"
#include "app/throttle.h"
#include "app/tokens.h"
#include "base/log.h"
#include "base/text.h"

#define MAX_JOBS 256u
#define MAX_JOBS_OF_PEER 4u
#define MAX_JOBS_OF_ADDRESS 32u /* behind a gateway; many browsers may share one */
#define MIN_PASSWORD 8u
#define MAX_PASSWORD 128u
/* Of a random password nobody knows, at the usual cost: compared when there is no such person, so that it takes as long. */
#define NOBODYS_HASH "$argon2id$v=19$m=65536,t=2,p=1$xXMUu/4VF9Nnq4t/DSYPhg$FQcH7kuHtfovfdzW+bBIT9GVN7f2RmnchVxKP0+fPjA"

/* ---- jobs ---- */

static char *secret_dup(const char *s)
{
	return s != NULL ? xstrdup(s) : NULL;
}

static void secret_free(char *s)
{
	if (s != NULL)
		OPENSSL_cleanse(s, strlen(s));
	free(s);
}

static struct auth_job *job_new(struct shell_peer *peer, uint64_t ref, const char *person)
{
	struct auth_job *job = xcalloc(1, sizeof *job);

	job->peer = peer;
	job->ref = ref;
	job->ticket = ++peer->shell->auth.tickets;
	job->person = xstrdup(person);
	peer->uses++;
	peer->hashing = true;
	DL_APPEND(peer->shell->auth.jobs, job);
	peer->shell->auth.n++;
	return job;
}

static void job_free(struct shell *shell, struct auth_job *job)
{
	DL_DELETE(shell->auth.jobs, job);
	shell->auth.n--;
	job->peer->hashing = false;
	peer_unuse(job->peer);
	free(job->person);
	secret_free(job->password);
	secret_free(job->new_password);
	secret_free(job->stored);
	free(job);
}

/* One sign-in at a time for each session, few for each certificate or browsers' address, so that nobody's delayed attempts fill the queue
   of all. */
static bool room(struct shell_peer *peer, uint64_t ref)
{
	const struct auth_job *job;
	unsigned n = 0, most = peer->tls.who == TLS_GATEWAY ? MAX_JOBS_OF_ADDRESS : MAX_JOBS_OF_PEER;

	DL_FOREACH(peer->shell->auth.jobs, job)
		n += strcmp(job->peer->throttle, peer->throttle) == 0;
	if (!peer->hashing && n < most && peer->shell->auth.n < MAX_JOBS)
		return true;
	peer_send(peer, answer_refusal(ref, "BUSY", NULL, 2000));
	return false;
}

static char *stored_hash(struct shell *shell, const char *person)
{
	char key[160], *hash = NULL;
	void *value = NULL;
	size_t len = 0;

	snprintf(key, sizeof key, "password:%s", person);
	if (store_secret_get(shell->store, key, &value, &len) == STORE_OK && value != NULL)
		hash = xstrndup(value, len);
	free(value);
	return hash;
}

static bool may_sign_in(const struct shell *shell, const char *person)
{
	const struct site *site = engine_site(shell->engine);
	int index = site != NULL ? site_person_find(site, person) : -1;

	return index >= 0 && site->persons[index].login;
}

static void start(struct shell *shell, struct auth_job *job)
{
	job->running = true;
	if (job->step == AUTH_MAKE_NEW)
		shell->out.hash(shell->arg, job->ticket, job->new_password, NULL);
	else
		shell->out.hash(shell->arg, job->ticket, job->password, job->stored);
}

/* An attempt at a password: waits for its turn if there were failures before. */
static void enqueue_attempt(struct shell_peer *peer, struct auth_job *job, const char *password)
{
	struct shell *shell = peer->shell;

	job->password = secret_dup(password);
	job->stored = stored_hash(shell, job->person);
	if (job->stored == NULL || !may_sign_in(shell, job->person)) {
		secret_free(job->stored);
		job->stored = xstrdup(NOBODYS_HASH);
		job->hopeless = true;
	}
	job->not_before = throttle_not_before(shell, job->person, peer->throttle);
	if (job->not_before <= shell->now)
		start(shell, job);
}

void auth_tick(struct shell *shell)
{
	struct auth_job *job, *next;

	DL_FOREACH_SAFE(shell->auth.jobs, job, next) {
		if (job->running)
			continue;
		if (job->peer->closing)
			job_free(shell, job);
		else if (job->not_before <= shell->now)
			start(shell, job);
	}
}

int64_t auth_deadline(const struct shell *shell)
{
	int64_t deadline = INT64_MAX;
	struct auth_job *job;

	DL_FOREACH(shell->auth.jobs, job)
		if (!job->running && job->not_before < deadline)
			deadline = job->not_before;
	return deadline;
}

/* ---- signing in ---- */

static bool may_try(struct shell_peer *peer, uint64_t ref)
{
	if (peer->tls.who == TLS_PERSON) {
		peer_refuse(peer, ref, "ALREADY_SIGNED_IN");
		return false;
	}
	if (peer->tls.expired) {
		peer_refuse(peer, ref, "CERTIFICATE_EXPIRED");
		return false;
	}
	return true;
}

void auth_sign_in(struct shell_peer *peer, uint64_t ref, const char *person, const char *password)
{
	struct auth_job *job;

	if (!may_try(peer, ref) || !room(peer, ref))
		return;
	if (!text_id(person, 64) || strlen(password) > MAX_PASSWORD) {
		peer_refuse(peer, ref, "WRONG_PASSWORD");
		return;
	}
	job = job_new(peer, ref, person);
	job->step = AUTH_SIGN_IN;
	enqueue_attempt(peer, job, password);
}

/* seen: what this device knows already of this person's notices. */
static void signed_in(struct shell_peer *peer, uint64_t ref, struct token *token, uint64_t seen)
{
	peer_sign_in(peer, token->person, token);
	peer_welcome(peer, ref);
	delivery_open(peer, seen);
	probes_open(peer);
}

static void sign_in_done(struct auth_job *job, bool ok)
{
	struct shell_peer *peer = job->peer;
	struct shell *shell = peer->shell;
	struct token *token;
	char text[TOKENS_TEXT];

	if (!ok) {
		log_warning(peer->subject, "wrong password for %s", job->person);
		peer_refuse(peer, job->ref, "WRONG_PASSWORD");
		return;
	}
	token = tokens_new(shell, peer, job->person, text);
	if (peer->closing) /* its own older sign-in had to go */
		return;
	signed_in(peer, job->ref, token, 0);
	if (token->stored)
		peer_send(peer, answer_token(job->ref, text, token->expires));
	OPENSSL_cleanse(text, sizeof text);
}

void auth_resume(struct shell_peer *peer, uint64_t ref, const char *text)
{
	struct token *token;

	if (!may_try(peer, ref))
		return;
	if (enrolments_text(text)) {
		enrolments_resume(peer, ref, text);
		return;
	}
	token = tokens_find(peer->shell, peer, text);
	if (token == NULL || !may_sign_in(peer->shell, token->person))
		peer_refuse(peer, ref, "TOKEN_INVALID");
	else
		signed_in(peer, ref, token, peer->seen);
}

/* The person's other sessions that a password or token signed in; those with a certificate of their own stay. */
static void close_others(struct shell_peer *peer, const char *person)
{
	struct shell_peer *other, *next;

	DL_FOREACH_SAFE(peer->shell->peers, other, next) {
		const char *who = shell_peer_person(other);

		if (other != peer && other->tls.who != TLS_PERSON && who != NULL && strcmp(who, person) == 0)
			peer_bye(other, "SIGNED_OUT");
	}
}

void auth_sign_out(struct shell_peer *peer, uint64_t ref, bool everywhere)
{
	struct token *token = peer->token;
	char *person;

	if (peer->human == NULL) {
		peer_refuse(peer, ref, "NOT_SIGNED_IN");
		return;
	}
	person = xstrdup(peer->human->id);
	if (peer->tls.who != TLS_PERSON)
		peer_sign_out(peer);
	if (token != NULL)
		tokens_revoke(peer->shell, token);
	if (everywhere) {
		tokens_revoke_all(peer->shell, person, NULL);
		close_others(peer, person);
	}
	log_info(peer->subject, "signed out: %s%s", person, everywhere ? ", everywhere" : "");
	free(person);
	peer_welcome(peer, ref);
}

/* ---- passwords ---- */

/* The code of the refusal, or NULL. */
static const char *may_set(const struct shell_peer *peer, const Renraku__SetPassword *m, bool own)
{
	size_t len = strlen(m->new_password);

	if (peer->human == NULL)
		return "NOT_SIGNED_IN";
	if (!tokens_fresh(peer->shell, peer->token))
		return "SIGN_IN_AGAIN";
	if (!own && !peer_is_administrator(peer))
		return "NOT_ENTITLED";
	if (peer->tls.expired)
		return "CERTIFICATE_EXPIRED";
	if (!peer->shell->recording)
		return "CANNOT_RECORD";
	if (!may_sign_in(peer->shell, m->person))
		return "UNKNOWN_PERSON";
	return len < MIN_PASSWORD || len > MAX_PASSWORD || strlen(m->old_password) > MAX_PASSWORD ? "WEAK_PASSWORD" : NULL;
}

void auth_set_password(struct shell_peer *peer, uint64_t ref, const Renraku__SetPassword *m)
{
	bool own = peer->human != NULL && strcmp(peer->human->id, m->person) == 0;
	const char *no = may_set(peer, m, own);
	struct auth_job *job;

	if (no != NULL) {
		peer_refuse(peer, ref, no);
		return;
	}
	if (!room(peer, ref))
		return;
	job = job_new(peer, ref, m->person);
	job->new_password = secret_dup(m->new_password);
	job->step = own ? AUTH_CHECK_OLD : AUTH_MAKE_NEW;
	if (own)
		enqueue_attempt(peer, job, m->old_password);
	else
		start(peer->shell, job);
}

int auth_store(struct shell *shell, const char *sender, const char *by, const char *person, const char *hash, struct verdict *verdict)
{
	struct command command = {.type = CMD_PASSWORD, .sender = sender, .person = by, .about = person};
	char key[160];

	snprintf(key, sizeof key, "password:%s", person);
	if (!shell->recording || shell->failed || store_secret_put(shell->store, key, hash, strlen(hash)) != STORE_OK)
		return verdict_refuse(verdict, REASON_CANNOT_RECORD, NULL);
	return batch_run(shell, &command, verdict);
}

static void new_hash_done(struct auth_job *job, const char *hash)
{
	struct shell_peer *peer = job->peer;
	struct shell *shell = peer->shell;
	struct verdict verdict = {0};
	bool own;

	if (peer->human == NULL || hash == NULL) {
		peer_refuse(peer, job->ref, hash == NULL ? "BUSY" : "NOT_SIGNED_IN");
		return;
	}
	own = strcmp(peer->human->id, job->person) == 0;
	if (auth_store(shell, peer->human->key, peer->human->id, job->person, hash, &verdict) == 0) {
		verdict.record = verdict.record != 0 ? verdict.record : engine_index(shell->engine);
		peer_send(peer, answer_result(shell, peer, job->ref, "", &verdict, true, 0));
		/* Whoever knew the old password is out; the session that changed its own stays. */
		tokens_revoke_all(shell, job->person, own ? peer->token : NULL);
	} else {
		peer_send(peer, answer_result(shell, peer, job->ref, "", &verdict, false, 0));
	}
	verdict_clear(&verdict);
}

static struct auth_job *find(struct shell *shell, uint64_t ticket)
{
	struct auth_job *job;

	DL_FOREACH(shell->auth.jobs, job)
		if (job->ticket == ticket)
			return job;
	return NULL;
}

void auth_hashed(struct shell *shell, uint64_t ticket, bool ok, const char *new_hash)
{
	struct auth_job *job = find(shell, ticket);

	if (job == NULL)
		return;
	ok = ok && !job->hopeless && (job->step == AUTH_MAKE_NEW || may_sign_in(shell, job->person));
	if (job->step != AUTH_MAKE_NEW)
		throttle_result(shell, job->person, job->peer->throttle, ok);
	if (job->peer->closing) {
		job_free(shell, job);
	} else if (job->step == AUTH_CHECK_OLD && ok) {
		job->step = AUTH_MAKE_NEW;
		start(shell, job);
	} else {
		if (job->step == AUTH_SIGN_IN)
			sign_in_done(job, ok);
		else if (job->step == AUTH_CHECK_OLD)
			peer_refuse(job->peer, job->ref, "WRONG_PASSWORD");
		else
			new_hash_done(job, new_hash);
		job_free(shell, job);
	}
}

void auth_free(struct shell *shell)
{
	struct auth_job *job, *next;

	DL_FOREACH_SAFE(shell->auth.jobs, job, next)
		job_free(shell, job);
	throttle_free(shell);
	tokens_free(shell);
	enrolments_free(shell);
}
