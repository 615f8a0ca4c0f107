#include "app/batch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "app/delivery.h"
#include "app/logpage.h"
#include "app/peer.h"
#include "app/probes.h"
#include "app/release.h"
#include "app/views.h"
#include "base/log.h"

/* One record: its place in the chain, its bytes for the store, its effect on the state. */
static void take_record(struct shell *shell, struct record *record)
{
	size_t from = shell->batch.bytes.len, i = shell->batch.n;
	struct store_entry *entry;

	record->index = engine_index(shell->engine) + 1;
	record_encode(record, &shell->batch.bytes);
	assert(!shell->batch.bytes.full);
	shell->batch.entries = xgrow(shell->batch.entries, &shell->batch.cap, i + 1, sizeof *shell->batch.entries);
	shell->batch.offsets = xgrow(shell->batch.offsets, &shell->batch.cap_offsets, i + 1, sizeof *shell->batch.offsets);
	entry = &shell->batch.entries[i];
	entry->index = record->index;
	entry->len = shell->batch.bytes.len - from;
	shell->batch.offsets[i] = from;
	memcpy(entry->prev, shell->batch.head, RECORD_HASH);
	chain_next(record->index, entry->prev, shell->batch.bytes.data + from, entry->len, entry->hash);
	memcpy(shell->batch.head, entry->hash, RECORD_HASH);
	shell->batch.n++;
	engine_evolve(shell->engine, record, &shell->batch.changes);
	logpage_note(shell, record);
}

static void take_records(struct shell *shell)
{
	struct records *records = &shell->batch.records;

	for (size_t i = 0; i < records->n; i++)
		take_record(shell, &records->at[i]);
	/* After all of them, so that each frame shows the state that the whole command left. */
	for (size_t i = 0; i < records->n; i++)
		delivery_record(shell, &records->at[i]);
	for (size_t i = 0; i < records->n; i++)
		probes_record(shell, &records->at[i]);
	records_clear(records);
}

static void settle(struct shell *shell)
{
	delivery_changes(shell, &shell->batch.changes);
	views_changes(shell, &shell->batch.changes);
	if (shell->batch.changes.site)
		peer_check_site(shell);
	changes_clear(&shell->batch.changes);
}

void batch_react(struct shell *shell)
{
	if (!shell->recording)
		return;
	while (engine_react(shell->engine, shell->now, &shell->batch.records))
		take_records(shell);
	settle(shell);
}

int batch_run(struct shell *shell, struct command *command, struct verdict *verdict)
{
	assert(shell->recording && !shell->failed);
	command->now = shell->now;
	if (engine_deadline(shell->engine) <= shell->now) /* what is over when the command comes is over before it */
		batch_react(shell);
	if (engine_decide(shell->engine, command, &shell->batch.records, verdict) != 0) {
		records_clear(&shell->batch.records);
		return -1;
	}
	take_records(shell);
	batch_react(shell);
	return 0;
}

void batch_run_own(struct shell *shell, struct command *command)
{
	struct verdict verdict = {0};

	if (!shell->recording || shell->failed)
		return;
	if (batch_run(shell, command, &verdict) != 0)
		log_error("engine", "refused %s of the server itself: %s", command_type_name(command->type), reason_name(verdict.reason));
	verdict_clear(&verdict);
}

bool batch_crowded(const struct shell *shell)
{
	return shell->batch.bytes.len > SHELL_MAX_COLLECTED;
}

static void on_durable(void *arg, enum store_status status, uint64_t last_index)
{
	struct shell *shell = arg;

	shell->batch.in_flight = false;
	if (status != STORE_OK) {
		release_fail(shell, store_status_name(status));
		return;
	}
	shell->batch.durable = last_index;
	release_durable(shell);
}

void batch_flush(struct shell *shell)
{
	if (shell->batch.in_flight || shell->batch.n == 0 || shell->failed)
		return;
	for (size_t i = 0; i < shell->batch.n; i++)
		shell->batch.entries[i].data = shell->batch.bytes.data + shell->batch.offsets[i];
	shell->batch.in_flight = true;
	store_append(shell->store, shell->batch.entries, shell->batch.n, on_durable, shell);
	shell->batch.n = 0;
	buf_reset(&shell->batch.bytes);
}

const char *batch_replay(struct shell *shell, const struct store_entry *entry)
{
	struct arena *arena = arena_new(0);
	struct record record = {0};
	const char *wrong = NULL;
	uint8_t hash[RECORD_HASH];

	chain_next(entry->index, shell->batch.head, entry->data, entry->len, hash);
	if (entry->index != engine_index(shell->engine) + 1)
		wrong = "an entry is missing";
	else if (memcmp(hash, entry->hash, RECORD_HASH) != 0 || memcmp(shell->batch.head, entry->prev, RECORD_HASH) != 0)
		wrong = "the hash chain is broken";
	else if (!record_decode(arena, entry->data, entry->len, &record))
		wrong = "the bytes are no record";
	if (wrong == NULL) {
		record.index = entry->index;
		engine_evolve(shell->engine, &record, &shell->batch.changes);
		changes_clear(&shell->batch.changes);
		logpage_note(shell, &record);
		memcpy(shell->batch.head, hash, RECORD_HASH);
		shell->batch.durable = entry->index;
	}
	arena_free(arena);
	return wrong;
}

void batch_free(struct shell *shell)
{
	buf_free(&shell->batch.bytes);
	free(shell->batch.entries);
	free(shell->batch.offsets);
	records_free(&shell->batch.records);
	changes_free(&shell->batch.changes);
}
