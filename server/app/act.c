#include "app/act.h"

#include <stdlib.h>
#include <string.h>

#include "app/answer.h"
#include "app/batch.h"
#include "app/command_codec.h"
#include "app/peer.h"
#include "app/release.h"
#include "app/tokens.h"
#include "app/uploads.h"
#include "base/text.h"

/* Did this terminal raise an alarm of this incident? */
static bool raised_by(const struct shell *shell, uint32_t incident, const char *terminal)
{
	const struct incident *of = engine_incident(shell->engine, incident);

	for (size_t i = 0; of != NULL && i < of->n_alarms; i++)
		if (of->alarms[i].by.terminal != NULL && strcmp(of->alarms[i].by.terminal, terminal) == 0)
			return true;
	return false;
}

/* What a terminal does by itself, whoever is signed in at it. */
static bool is_the_terminals(const struct shell_peer *peer, const struct command *command)
{
	const struct notice *notice;

	if (peer->station == NULL || command->behalf != NULL || command->channel == CH_PAPER)
		return false;
	if (command->type == CMD_ALARM || peer->human == NULL)
		return true;
	if (command->type == CMD_WITHDRAW)
		return raised_by(peer->shell, command->incident, peer->station->id);
	if (command->type != CMD_ACKNOWLEDGE || command->about != NULL)
		return false;
	notice = engine_notice(peer->shell->engine, command->notice);
	return notice != NULL && notice->broadcast;
}

static void set_sender(const struct shell_peer *peer, struct command *command)
{
	command->terminal = shell_peer_terminal(peer);
	command->person = is_the_terminals(peer, command) ? NULL : shell_peer_person(peer);
	if (command->person != NULL)
		command->sender = peer->human->key;
	else
		command->sender = shell_peer_principal(peer);
}

static bool may_do_expired(const struct shell_peer *peer, const struct command *command)
{
	return command->type == CMD_ALARM || (peer->station != NULL && command->person == NULL);
}

/* What is accepted with the disk nearly full. */
static bool goes_first(enum command_type type)
{
	return type == CMD_ALARM || type == CMD_ACKNOWLEDGE || type == CMD_ENTER || type == CMD_WAIVE || type == CMD_LOG_CALL ||
	       type == CMD_CONFIRM;
}

/* REASON_OK, or why the command cannot even be put before the engine. */
static enum reason admissible(struct shell_peer *peer, const struct command *command)
{
	struct shell *shell = peer->shell;

	if (shell_peer_nobody(peer))
		return REASON_NOT_SIGNED_IN;
	if (!shell->recording)
		return REASON_CANNOT_RECORD;
	if (peer->tls.expired && !may_do_expired(peer, command))
		return REASON_SIGN_IN_AGAIN;
	if (command->person != NULL && peer->station != NULL && !tokens_fresh(shell, peer->token))
		return REASON_SIGN_IN_AGAIN;
	if (store_low_space(shell->store) && !goes_first(command->type))
		return REASON_LOW_SPACE;
	if (batch_crowded(shell))
		return REASON_BUSY;
	return REASON_OK;
}

static bool take_blob(struct shell_peer *peer, const Renraku__Command *in, struct arena *arena, struct command *command)
{
	const uint8_t *sha256;

	if (command->type != CMD_LOAD_PLAN && command->type != CMD_LOAD_SITE)
		return true;
	sha256 = command_codec_blob(in);
	if (sha256 == NULL || !uploads_find(peer, sha256, &command->blob, &command->blob_len))
		return false;
	command->text = text_hex(sha256, RECORD_HASH, arena_alloc(arena, 2 * RECORD_HASH + 1));
	return true;
}

/* What was accepted before is answered as it was, however the server fares now. */
static bool accepted_before(struct shell *shell, struct command *command, struct verdict *verdict)
{
	struct records none;
	bool repeated;

	records_init(&none);
	if (command->blob == NULL)
		command->blob = (const uint8_t *)"";
	command->now = shell->now;
	repeated = engine_decide(shell->engine, command, &none, verdict) == 0 && verdict->reason == REASON_REPEATED;
	records_free(&none);
	if (!repeated)
		verdict_clear(verdict);
	return repeated;
}

static void refuse(const struct shell_peer *peer, enum reason no, struct verdict *verdict)
{
	verdict_refuse(verdict, no, no == REASON_BAD_INPUT ? "sha256: upload the file first" : NULL);
	if (no != REASON_SIGN_IN_AGAIN || !peer->tls.expired)
		return;
	/* No signing in mends this. */
	free(verdict->text);
	free(verdict->text_en);
	verdict->text = xstrdup(answer_text("CERTIFICATE_EXPIRED", false));
	verdict->text_en = xstrdup(answer_text("CERTIFICATE_EXPIRED", true));
}

static void answer(
	struct shell_peer *peer, uint64_t ref, const struct command *command, const char *id, const struct verdict *verdict, bool accepted)
{
	struct shell *shell = peer->shell;
	uint32_t incident = accepted ? verdict->incident : command->incident;

	release_await(shell, peer, ref, id, incident);
	peer_send(peer, answer_result(shell, peer, ref, id, verdict, accepted, incident));
}

void act_command(struct shell_peer *peer, uint64_t ref, const Renraku__Command *in, struct arena *arena)
{
	struct verdict verdict = {0};
	struct command command;
	enum reason no = REASON_OK;
	bool accepted = false;

	if (peer->shell->failed) {
		release_now(peer->shell, peer, answer_not_confirmed(peer->shell, peer, ref, in->id, 0));
		return;
	}
	if (command_codec_read(arena, in, &command, &verdict)) {
		set_sender(peer, &command);
		no = admissible(peer, &command);
		if (no == REASON_OK && !take_blob(peer, in, arena, &command))
			no = REASON_BAD_INPUT;
		if (no == REASON_OK)
			accepted = batch_run(peer->shell, &command, &verdict) == 0;
		else
			accepted = accepted_before(peer->shell, &command, &verdict);
		if (no != REASON_OK && !accepted)
			refuse(peer, no, &verdict);
	}
	if (accepted && no == REASON_OK && command.person != NULL)
		tokens_used(peer->shell, peer->token);
	if (accepted && command.blob_len > 0)
		uploads_forget(peer);
	answer(peer, ref, &command, in->id, &verdict, accepted);
	verdict_clear(&verdict);
}
