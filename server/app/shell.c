#include "app/shell.h"

#include <assert.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "app/answer.h"
#include "app/auth.h"
#include "app/batch.h"
#include "app/delivery.h"
#include "app/enrolments.h"
#include "app/logpage.h"
#include "app/peer.h"
#include "app/presence.h"
#include "app/principal.h"
#include "app/probes.h"
#include "app/receipts.h"
#include "app/release.h"
#include "app/tokens.h"
#include "app/views.h"
#include "base/log.h"
#include "base/text.h"

#define REPLAY_PAGE 512u
/* All that one turn may collect before it is given to the store: a full batch and one plan more. */
#define BATCH_BYTES (SHELL_MAX_COLLECTED + 4 * (size_t)RECORD_BLOB_MAX)

static int64_t or_default(int64_t value, int64_t otherwise)
{
	return value == 0 ? otherwise : value < 0 ? 0 : value;
}

static void set_config(struct shell *shell, const struct shell_config *config)
{
	shell->config = *config;
	shell->config.presence_hold_ms = or_default(config->presence_hold_ms, 15000);
	shell->config.slow_commit_ms = or_default(config->slow_commit_ms, 2000);
	shell->config.view_interval_ms = or_default(config->view_interval_ms, 200);
	shell->config.idle_ms = or_default(config->idle_ms, 300000);
	shell->config.token_ms = or_default(config->token_ms, INT64_C(30) * 24 * 3600 * 1000);
	shell->config.enrolment_ms = or_default(config->enrolment_ms, INT64_C(400) * 24 * 3600 * 1000);
	shell->config.presence_grace_ms = or_default(config->presence_grace_ms, 30000);
	shell->config.heartbeat_ms = config->heartbeat_ms != 0 ? config->heartbeat_ms : 3000;
	shell->config.version = config->version != NULL ? config->version : "0";
}

/* The engine's time never goes back, whatever the owner says. */
static void set_now(struct shell *shell, int64_t now)
{
	if (now > shell->now)
		shell->now = now;
}

/* ---- replay ---- */

struct replay {
	struct shell *shell;
	const char *wrong;
	uint64_t at;
	size_t n;
};

static bool on_entry(void *arg, const struct store_entry *entry)
{
	struct replay *r = arg;

	r->n++;
	r->at = entry->index;
	r->wrong = batch_replay(r->shell, entry);
	return r->wrong == NULL;
}

/* NULL, or a malloc'ed sentence. */
static char *replay(struct shell *shell)
{
	struct replay r = {.shell = shell};
	enum store_status status;

	do {
		r.n = 0;
		status = store_read(shell->store, engine_index(shell->engine) + 1, REPLAY_PAGE, on_entry, &r);
		if (r.wrong != NULL)
			return xasprintf("the log is damaged at entry %llu: %s. Keep the file as it is, run 'renraku log verify' on it, "
					 "and restore the newest good copy",
				(unsigned long long)r.at, r.wrong);
		if (status != STORE_OK)
			return xasprintf("the log cannot be read behind entry %llu: %s", (unsigned long long)engine_index(shell->engine),
				store_status_name(status));
	} while (r.n > 0);
	return NULL;
}

static void start_recording(struct shell *shell)
{
	struct command started = {.type = CMD_STARTED, .text = shell->config.version, .until = shell->config.presence_grace_ms};

	shell->recording = true;
	if (!shell->config.administration) {
		batch_run_own(shell, &started);
		enrolments_settle(shell);
	}
	batch_flush(shell);
}

struct shell *shell_new(const struct shell_config *config, struct store *store, const struct shell_output *out, void *arg, int64_t now,
	bool recording, char **error)
{
	struct shell *shell = xcalloc(1, sizeof *shell);

	set_config(shell, config);
	shell->store = store;
	shell->out = *out;
	shell->arg = arg;
	shell->engine = engine_new();
	shell->scratch = arena_new(0);
	buf_init(&shell->batch.bytes, BATCH_BYTES);
	records_init(&shell->batch.records);
	*error = replay(shell);
	if (*error != NULL) {
		shell_free(shell);
		return NULL;
	}
	set_now(shell, engine_time(shell->engine));
	set_now(shell, now);
	tokens_load(shell);
	enrolments_load(shell);
	if (recording)
		start_recording(shell);
	return shell;
}

char *shell_start_recording(struct shell *shell, int64_t now)
{
	char *error;

	assert(!shell->recording);
	set_now(shell, now);
	/* Without a lock somebody else may have written meanwhile. */
	error = replay(shell);
	if (error != NULL)
		return error;
	set_now(shell, engine_time(shell->engine));
	start_recording(shell);
	views_changes(shell, &(struct changes){.site = true}); /* the town's row says that commands are taken again */
	return NULL;
}

static void close_all(struct shell *shell)
{
	struct shell_peer *peer, *next;

	DL_FOREACH_SAFE(shell->peers, peer, next)
		if (!peer->gone)
			peer_closed(peer);
}

void shell_free(struct shell *shell)
{
	if (shell == NULL)
		return;
	close_all(shell);
	release_free(shell);
	auth_free(shell);
	assert(shell->peers == NULL);
	views_free(shell);
	receipts_free(shell);
	probes_free(shell);
	delivery_free(shell);
	logpage_free(shell);
	principal_free_all(shell);
	batch_free(shell);
	engine_free(shell->engine);
	arena_free(shell->scratch);
	free(shell);
}

/* ---- sessions ---- */

struct shell_peer *shell_open(struct shell *shell, const struct tls_peer *tls, const char *subject, void *owner, int64_t now)
{
	set_now(shell, now);
	return peer_new(shell, tls, subject, owner);
}

void *shell_peer_owner(const struct shell_peer *peer)
{
	return peer->owner;
}

void shell_frame(struct shell *shell, struct shell_peer *peer, const uint8_t *data, size_t len, int64_t now)
{
	set_now(shell, now);
	peer_frame(peer, data, len);
}

void shell_garbled(struct shell *shell, struct shell_peer *peer, const char *why, int64_t now)
{
	set_now(shell, now);
	peer_garbled(peer, why);
}

void shell_closed(struct shell *shell, struct shell_peer *peer, int64_t now)
{
	set_now(shell, now);
	peer_closed(peer);
}

void shell_heartbeat(struct shell *shell, struct shell_peer *peer, int64_t now)
{
	set_now(shell, now);
	if (peer->hello)
		release_now(shell, peer, answer_ping((uint64_t)now));
}

void shell_say_goodbye(struct shell *shell, const char *code, bool (*match)(void *, const struct tls_peer *), void *match_arg, int64_t now)
{
	struct shell_peer *peer, *next;

	set_now(shell, now);
	DL_FOREACH_SAFE(shell->peers, peer, next)
		if (!peer->gone && (match == NULL || match(match_arg, &peer->tls)))
			peer_bye(peer, code);
}

/* ---- turns ---- */

static void close_greedy(struct shell *shell)
{
	struct shell_peer *peer, *next;

	shell->too_much = false;
	DL_FOREACH_SAFE(shell->peers, peer, next)
		if (peer->too_much && !peer->closing)
			peer_bye(peer, "TOO_SLOW");
}

void shell_turn(struct shell *shell, int64_t now)
{
	set_now(shell, now);
	if (shell->too_much)
		close_greedy(shell);
	if (shell->batch.in_flight || shell->failed || !shell->recording)
		return;
	/* Receipts wait for a batch that can leave: the longer the disk takes, the more of them share one record. */
	receipts_flush(shell);
	probes_flush(shell);
	batch_flush(shell);
}

void shell_tick(struct shell *shell, int64_t now)
{
	set_now(shell, now);
	if (!shell->failed) {
		if (shell->recording && engine_deadline(shell->engine) <= shell->now)
			batch_react(shell);
		presence_tick(shell);
		views_tick(shell);
	}
	auth_tick(shell);
	release_tick(shell);
	shell_turn(shell, now);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t shell_deadline(const struct shell *shell)
{
	int64_t deadline = earlier(auth_deadline(shell), release_deadline(shell));

	if (shell->failed)
		return deadline;
	if (shell->recording)
		deadline = earlier(deadline, engine_deadline(shell->engine));
	return earlier(deadline, earlier(presence_deadline(shell), views_deadline(shell)));
}

void shell_clock_skewed(struct shell *shell, int64_t skew, int64_t now)
{
	struct command command = {.type = CMD_CLOCK, .until = skew};

	set_now(shell, now);
	batch_run_own(shell, &command);
}

void shell_hashed(struct shell *shell, uint64_t ticket, bool ok, const char *new_hash, int64_t now)
{
	set_now(shell, now);
	auth_hashed(shell, ticket, ok, new_hash);
}

const struct engine *shell_engine(const struct shell *shell)
{
	return shell->engine;
}

bool shell_recording(const struct shell *shell)
{
	return shell->recording && !shell->failed;
}

bool shell_settled(const struct shell *shell)
{
	return shell->batch.durable >= engine_index(shell->engine);
}

/* ---- administration ---- */

int shell_console_load(struct shell *shell, bool site, const char *name, const void *text, size_t len, int64_t now, struct verdict *verdict)
{
	struct command command = {
		.type = site ? CMD_LOAD_SITE : CMD_LOAD_PLAN, .sender = "console", .name = name, .blob = text, .blob_len = len};
	uint8_t random[16], hash[SHA256_DIGEST_LENGTH];
	char id[2 * sizeof random + 1], sha256[2 * sizeof hash + 1];

	set_now(shell, now);
	if (!shell_recording(shell))
		return verdict_refuse(verdict, REASON_CANNOT_RECORD, NULL);
	shell->out.random(shell->arg, random, sizeof random);
	SHA256(text, len, hash);
	command.id = text_hex(random, sizeof random, id);
	command.text = text_hex(hash, sizeof hash, sha256);
	memcpy(command.digest, hash, sizeof hash);
	return batch_run(shell, &command, verdict);
}

int shell_console_password(struct shell *shell, const char *person, const char *hash, int64_t now, struct verdict *verdict)
{
	set_now(shell, now);
	if (engine_site(shell->engine) == NULL || site_person_find(engine_site(shell->engine), person) < 0)
		return verdict_refuse(verdict, REASON_UNKNOWN_PERSON, person);
	if (auth_store(shell, "console", NULL, person, hash, verdict) != 0)
		return -1;
	tokens_revoke_all(shell, person, NULL);
	return 0;
}
