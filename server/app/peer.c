#include "app/peer.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/act.h"
#include "app/answer.h"
#include "app/auth.h"
#include "app/delivery.h"
#include "app/enrolments.h"
#include "app/logpage.h"
#include "app/principal.h"
#include "app/probes.h"
#include "app/receipts.h"
#include "app/release.h"
#include "app/tokens.h"
#include "app/uploads.h"
#include "app/views.h"
#include "base/log.h"
#include "base/text.h"
#include "wire/codec.h"

#define PROTOCOL_VERSION 1

struct shell_peer *peer_new(struct shell *shell, const struct tls_peer *tls, const char *subject, void *owner)
{
	struct shell_peer *peer = xcalloc(1, sizeof *peer);

	peer->shell = shell;
	peer->owner = owner;
	peer->tls = *tls;
	peer->subject = xstrdup(subject);
	snprintf(peer->name, sizeof peer->name, "%s:%s", tls_who_name(tls->who), tls->id);
	buf_init(&peer->upload.bytes, RECORD_BLOB_MAX);
	DL_APPEND(shell->peers, peer);
	return peer;
}

static void detach(struct shell_peer *peer)
{
	views_drop(peer);
	peer_sign_out(peer);
	peer_stand_down(peer);
	uploads_forget(peer);
}

static void free_if_unused(struct shell_peer *peer)
{
	if (!peer->gone || peer->uses > 0)
		return;
	DL_DELETE(peer->shell->peers, peer);
	buf_free(&peer->upload.bytes);
	free(peer->throttle);
	free(peer->subject);
	free(peer);
}

void peer_unuse(struct shell_peer *peer)
{
	assert(peer->uses > 0);
	peer->uses--;
	free_if_unused(peer);
}

void peer_closed(struct shell_peer *peer)
{
	assert(!peer->gone);
	if (!peer->closing)
		detach(peer);
	peer->closing = true;
	peer->gone = true;
	free_if_unused(peer);
}

static void say_goodbye(struct shell_peer *peer, const char *code, const char *detail)
{
	if (peer->closing)
		return;
	log_info(peer->subject, "goodbye: %s%s%s", code, detail != NULL ? ", " : "", detail != NULL ? detail : "");
	release_now(peer->shell, peer, answer_bye(code, detail));
	detach(peer);
	peer->closing = true;
	peer->shell->out.close(peer->shell->arg, peer, code);
}

void peer_bye(struct shell_peer *peer, const char *code)
{
	say_goodbye(peer, code, NULL);
}

void peer_send(struct shell_peer *peer, struct hub_frame *frame)
{
	release_frame(peer->shell, peer, frame);
}

void peer_refuse(struct shell_peer *peer, uint64_t ref, const char *code)
{
	peer_send(peer, answer_refusal(ref, code, NULL, 0));
}

static void leave_human(struct shell_peer *peer)
{
	if (peer->human != NULL)
		principal_leave(peer->human, peer);
	if (peer->token != NULL)
		peer->token->seen = peer->shell->now; /* written when it comes back: many leave at once */
	peer->human = NULL;
	peer->token = NULL;
}

static void leave_station(struct shell_peer *peer)
{
	if (peer->station != NULL)
		principal_leave(peer->station, peer);
	peer->station = NULL;
	peer->enrolment = NULL;
}

void peer_sign_in(struct shell_peer *peer, const char *person, struct token *token)
{
	struct principal *human = principal_get(peer->shell, "person", person);

	assert(!peer->closing);
	leave_human(peer);
	peer->human = human;
	peer->token = token;
	if (token != NULL)
		tokens_seen(peer->shell, token);
	principal_join(human, peer);
	views_reader_changed(peer);
	log_info(peer->subject, "signed in: %s", human->key);
}

void peer_sign_out(struct shell_peer *peer)
{
	if (peer->human == NULL)
		return;
	leave_human(peer);
	views_reader_changed(peer);
}

void peer_stand_for(struct shell_peer *peer, struct enrolment *enrolment)
{
	assert(peer->tls.who == TLS_GATEWAY && !peer->closing);
	leave_station(peer);
	peer->station = principal_get(peer->shell, "terminal", enrolment->terminal);
	peer->enrolment = enrolment;
	principal_join(peer->station, peer);
	views_reader_changed(peer);
	log_info(peer->subject, "stands for %s, enrolment %u", peer->station->key, (unsigned)enrolment->number);
}

void peer_stand_down(struct shell_peer *peer)
{
	if (peer->station == NULL)
		return;
	leave_station(peer);
	views_reader_changed(peer);
}

bool peer_is_administrator(const struct shell_peer *peer)
{
	const struct site *site = engine_site(peer->shell->engine);
	int index = peer->human != NULL && site != NULL ? site_person_find(site, peer->human->id) : -1;

	return index >= 0 && site->persons[index].administrator;
}

/* ---- hello ---- */

/* NULL: welcome; else the code of the goodbye. */
static const char *admit(const struct shell_peer *peer)
{
	const struct site *site = engine_site(peer->shell->engine);
	int person;

	if (peer->tls.who != TLS_TERMINAL && peer->tls.who != TLS_PERSON && peer->tls.who != TLS_GATEWAY)
		return "NOT_A_CLIENT";
	if (site == NULL)
		return "NO_SITE";
	if (peer->tls.who == TLS_TERMINAL && site_terminal_find(site, peer->tls.id) < 0)
		return "UNKNOWN_TERMINAL";
	if (peer->tls.who == TLS_GATEWAY && peer->tls.expired)
		return "CERTIFICATE_EXPIRED";
	if (peer->tls.who == TLS_PERSON) {
		person = site_person_find(site, peer->tls.id);
		if (person < 0 || !site->persons[person].login)
			return "UNKNOWN_PERSON";
	}
	return NULL;
}

void peer_welcome(struct shell_peer *peer, uint64_t ref)
{
	struct shell *shell = peer->shell;
	Renraku__ServerFrame message = RENRAKU__SERVER_FRAME__INIT;
	Renraku__Welcome welcome = RENRAKU__WELCOME__INIT;
	const struct site *site = engine_site(shell->engine);
	const char *person = shell_peer_person(peer);
	int index = person != NULL && site != NULL ? site_person_find(site, person) : -1;
	struct arena *arena = arena_new(0);

	welcome.version = PROTOCOL_VERSION;
	welcome.server = arena_printf(arena, "renrakud %s", shell->config.version);
	welcome.now = (uint64_t)shell->now;
	welcome.head = shell->batch.durable;
	welcome.principal = arena_strdup(arena, shell_peer_principal(peer));
	if (person != NULL)
		welcome.person = arena_strdup(arena, person);
	if (index >= 0)
		welcome.person_name = arena_strdup(arena, site->persons[index].name);
	welcome.administrator = peer_is_administrator(peer);
	welcome.cannot_record = !shell->recording;
	if (peer->tls.expired) {
		welcome.warning = arena_strdup(arena, answer_text("CERTIFICATE_EXPIRED", false));
		welcome.warning_en = arena_strdup(arena, answer_text("CERTIFICATE_EXPIRED", true));
	}
	welcome.heartbeat_ms = shell->config.heartbeat_ms;
	message.ref = ref;
	message.body_case = RENRAKU__SERVER_FRAME__BODY_WELCOME;
	message.welcome = &welcome;
	peer_send(peer, answer_pack(&message));
	arena_free(arena);
}

/* Wrong passwords count for the certificate; behind a gateway for each browser, or one could delay all. */
static void set_throttle(struct shell_peer *peer, const char *address)
{
	char fingerprint[65];

	text_hex(peer->tls.fingerprint, sizeof peer->tls.fingerprint, fingerprint);
	peer->throttle = peer->tls.who == TLS_GATEWAY ? xasprintf("%s/%.60s", fingerprint, address) : xstrdup(fingerprint);
}

static void on_hello(struct shell_peer *peer, uint64_t ref, const Renraku__Hello *hello)
{
	struct shell *shell = peer->shell;
	const char *no;

	if (hello->version != PROTOCOL_VERSION) {
		peer_bye(peer, "VERSION");
		return;
	}
	no = admit(peer);
	if (no != NULL) {
		peer_bye(peer, no);
		return;
	}
	peer->hello = true;
	set_throttle(peer, hello->on_behalf_address);
	peer->wants_notices = hello->wants_notices;
	peer->seen = hello->seen;
	shell->out.hello_done(shell->arg, peer);
	if (peer->tls.who == TLS_TERMINAL) {
		peer->station = principal_get(shell, "terminal", peer->tls.id);
		principal_join(peer->station, peer);
	} else if (peer->tls.who == TLS_PERSON) {
		peer_sign_in(peer, peer->tls.id, NULL);
	}
	log_info(peer->subject, "hello from %.80s%s%s", hello->program, peer->tls.expired ? ", certificate expired" : "",
		hello->on_behalf_address[0] != '\0' ? ", on behalf of a browser" : "");
	peer_welcome(peer, ref);
	delivery_open(peer, hello->seen);
	probes_open(peer);
}

/* ---- frames ---- */

static void wipe(char *secret)
{
	if (secret != NULL && secret[0] != '\0')
		OPENSSL_cleanse(secret, strlen(secret));
}

static void on_body(struct shell_peer *peer, const Renraku__ClientFrame *frame, struct arena *arena)
{
	uint64_t ref = frame->ref;

	switch (frame->body_case) {
	case RENRAKU__CLIENT_FRAME__BODY_HELLO:
		peer_refuse(peer, ref, "HELLO_AGAIN");
		return;
	case RENRAKU__CLIENT_FRAME__BODY_SIGN_IN:
		auth_sign_in(peer, ref, frame->sign_in->person, frame->sign_in->password);
		wipe(frame->sign_in->password);
		return;
	case RENRAKU__CLIENT_FRAME__BODY_RESUME:
		auth_resume(peer, ref, frame->resume->token);
		return;
	case RENRAKU__CLIENT_FRAME__BODY_SIGN_OUT:
		auth_sign_out(peer, ref, frame->sign_out->everywhere);
		return;
	case RENRAKU__CLIENT_FRAME__BODY_SET_PASSWORD:
		auth_set_password(peer, ref, frame->set_password);
		wipe(frame->set_password->old_password);
		wipe(frame->set_password->new_password);
		return;
	case RENRAKU__CLIENT_FRAME__BODY_COMMAND:
		act_command(peer, ref, frame->command, arena);
		return;
	case RENRAKU__CLIENT_FRAME__BODY_SUBSCRIBE:
		views_subscribe(peer, ref, frame->subscribe);
		return;
	case RENRAKU__CLIENT_FRAME__BODY_UNSUBSCRIBE:
		views_unsubscribe(peer, frame->unsubscribe);
		return;
	case RENRAKU__CLIENT_FRAME__BODY_RECEIPTS:
		receipts_take(peer, frame->receipts);
		return;
	case RENRAKU__CLIENT_FRAME__BODY_PROBE_ANSWER:
		probes_take(peer, frame->probe_answer);
		return;
	case RENRAKU__CLIENT_FRAME__BODY_PING:
		release_now(peer->shell, peer, answer_pong(ref, frame->ping->nonce));
		return;
	case RENRAKU__CLIENT_FRAME__BODY_UPLOAD:
		uploads_part(peer, ref, frame->upload);
		return;
	case RENRAKU__CLIENT_FRAME__BODY_LOG_REQUEST:
		logpage_request(peer, ref, frame->log_request);
		return;
	case RENRAKU__CLIENT_FRAME__BODY_ENROL:
		enrolments_frame(peer, ref, frame->enrol);
		return;
	default: /* a pong, or a kind of a later version */
		return;
	}
}

void peer_frame(struct shell_peer *peer, const uint8_t *data, size_t len)
{
	struct arena *arena = peer->shell->scratch;
	Renraku__ClientFrame *frame = NULL;
	enum codec_verdict verdict;

	if (peer->closing)
		return;
	verdict = codec_unpack_client(arena, data, len, &frame);
	if (verdict == CODEC_OK && !peer->hello) {
		if (frame->body_case == RENRAKU__CLIENT_FRAME__BODY_HELLO)
			on_hello(peer, frame->ref, frame->hello);
		else
			peer_bye(peer, "HELLO_FIRST");
	} else if (verdict == CODEC_OK) {
		on_body(peer, frame, arena);
	} else if (verdict != CODEC_UNKNOWN) {
		say_goodbye(peer, "MALFORMED", codec_verdict_name(verdict));
	}
	arena_reset(arena);
}

void peer_garbled(struct shell_peer *peer, const char *why)
{
	say_goodbye(peer, "MALFORMED", why);
}

void peer_check_site(struct shell *shell)
{
	const struct site *site = engine_site(shell->engine);
	struct shell_peer *peer, *next;

	if (site == NULL)
		return;
	DL_FOREACH_SAFE(shell->peers, peer, next) {
		const char *person = shell_peer_person(peer);
		int index = person != NULL ? site_person_find(site, person) : 0;

		if (!peer->hello || peer->closing)
			continue;
		if (admit(peer) != NULL || (peer->station != NULL && site_terminal_find(site, peer->station->id) < 0))
			peer_bye(peer, "REMOVED");
		else if (person != NULL && (index < 0 || !site->persons[index].login))
			peer_bye(peer, "REMOVED");
		else
			views_reader_changed(peer);
	}
}
