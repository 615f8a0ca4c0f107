#include "app/probes.h"

#include <stdlib.h>
#include <string.h>

#include "app/answer.h"
#include "app/batch.h"
#include "app/principal.h"
#include "app/release.h"

void probes_record(struct shell *shell, const struct record *record)
{
	const struct test *test = record->kind == REC_TEST && record->ref == 0 ? engine_test_running(shell->engine) : NULL;
	struct hub_frame *frame = test != NULL ? answer_probe(test) : NULL;
	struct principal *principal;

	if (frame == NULL)
		return;
	shell->round++;
	for (size_t i = 0; i < test->n_asked; i++) {
		HASH_FIND_STR(shell->principals, test->asked[i].id, principal);
		release_to_devices(shell, principal, frame);
	}
	hub_frame_unref(frame);
}

static const struct test_asked *asked(const struct test *test, const struct principal *principal)
{
	return principal != NULL ? engine_test_asked(test, principal->key) : NULL;
}

void probes_open(struct shell_peer *peer)
{
	const struct test *test = engine_test_running(peer->shell->engine);
	const struct test_asked *as_terminal, *as_person;
	bool wanted;

	if (test == NULL || !peer->wants_notices || peer->closing)
		return;
	as_terminal = asked(test, peer->station);
	as_person = asked(test, peer->human);
	wanted = (as_terminal != NULL && as_terminal->stage < STAGE_DISPLAYED) || (as_person != NULL && as_person->stage < STAGE_DISPLAYED);
	if (wanted)
		release_frame(peer->shell, peer, answer_probe(test));
}

/* ---- answers ---- */

/* One byte for each that was asked: nothing that a peer repeats takes more. */
static void note(struct shell *shell, const struct test *test, const struct test_asked *who, enum receipt_stage stage)
{
	size_t i = who != NULL ? (size_t)(who - test->asked) : 0;

	if (who == NULL || who->stage >= stage)
		return;
	if (shell->probes.test != test->id) {
		free(shell->probes.stages);
		shell->probes.stages = xcalloc(test->n_asked, 1);
		shell->probes.test = test->id;
	}
	if (shell->probes.stages[i] < (uint8_t)stage)
		shell->probes.stages[i] = (uint8_t)stage;
	shell->probes.any = true;
}

void probes_take(struct shell_peer *peer, const Renraku__ProbeAnswer *answer)
{
	struct shell *shell = peer->shell;
	const struct test *test = engine_test_running(shell->engine);
	enum receipt_stage stage = (enum receipt_stage)answer->stage;

	if (!shell->recording || shell->failed || !peer->wants_notices || test == NULL || test->id != answer->test ||
		(stage != STAGE_DELIVERED && stage != STAGE_DISPLAYED))
		return;
	note(shell, test, asked(test, peer->station), stage);
	note(shell, test, asked(test, peer->human), stage);
}

static void flush_stage(struct shell *shell, const struct test *test, enum receipt_stage stage)
{
	struct command command = {.type = CMD_ANSWERS, .ordinal = test->id, .stage = (uint32_t)stage};
	struct record_recipient *who = xcalloc(test->n_asked + 1, sizeof *who);

	for (size_t i = 0; i < test->n_asked; i++)
		if (shell->probes.stages[i] == (uint8_t)stage)
			who[command.n_recipients++].id = test->asked[i].id;
	command.recipients = who;
	if (command.n_recipients > 0)
		batch_run_own(shell, &command);
	free(who);
}

void probes_flush(struct shell *shell)
{
	const struct test *test = engine_test_running(shell->engine);

	if (!shell->probes.any)
		return;
	shell->probes.any = false;
	if (test == NULL || test->id != shell->probes.test)
		return; /* too late */
	flush_stage(shell, test, STAGE_DELIVERED);
	if (engine_test_running(shell->engine) == test)
		flush_stage(shell, test, STAGE_DISPLAYED);
	memset(shell->probes.stages, 0, test->n_asked);
}

void probes_free(struct shell *shell)
{
	free(shell->probes.stages);
}
