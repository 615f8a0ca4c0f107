#include "app/receipts.h"

#include <stdlib.h>
#include <string.h>

#include "app/batch.h"
#include "app/delivery.h"

static struct receipt_set *set_of(struct shell *shell, uint64_t notice, uint64_t stage)
{
	struct receipt_set *set, probe;

	memset(&probe, 0, sizeof probe);
	probe.key.notice = notice;
	probe.key.stage = stage;
	HASH_FIND(hh, shell->receipts, &probe.key, sizeof probe.key, set);
	if (set != NULL)
		return set;
	set = xcalloc(1, sizeof *set);
	set->key = probe.key;
	HASH_ADD(hh, shell->receipts, key, sizeof set->key, set);
	return set;
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct record_recipient *)a)->id, ((const struct record_recipient *)b)->id);
}

/* A device that said it twice in one turn counts once. */
static void sort_unique(struct receipt_set *set)
{
	size_t n = 0;

	qsort(set->recipients, set->n, sizeof *set->recipients, by_id);
	for (size_t i = 0; i < set->n; i++) {
		if (n > 0 && strcmp(set->recipients[n - 1].id, set->recipients[i].id) == 0)
			free((char *)(uintptr_t)set->recipients[i].id);
		else
			set->recipients[n++] = set->recipients[i];
	}
	set->n = n;
}

static void add(struct shell *shell, const struct notice *notice, const struct recipient *who, enum receipt_stage stage)
{
	struct receipt_set *set = set_of(shell, notice->id, stage);

	if (set->n > 0 && strcmp(set->recipients[set->n - 1].id, who->id) == 0)
		return;
	set->recipients = xgrow(set->recipients, &set->cap, set->n + 1, sizeof *set->recipients);
	set->recipients[set->n++] = (struct record_recipient){.id = xstrdup(who->id), .as = who->as};
	/* A peer that repeats itself while the disk is slow must not fill the memory. */
	if (set->n > 2 * notice->n_recipients + 64)
		sort_unique(set);
}

/* What is shown with it has come as far. */
static void take_bundle(struct shell_peer *peer, const struct notice *lead, const char *person, enum receipt_stage stage)
{
	const struct notice *all[32];
	size_t n = bundle_list(lead, person, all, 32);

	for (size_t i = 1; i < n; i++) {
		const struct recipient *who = delivery_recipient(all[i], person);

		if (who != NULL && who->stage < stage)
			add(peer->shell, all[i], who, stage);
	}
}

static void take(struct shell_peer *peer, const Renraku__Receipt *receipt)
{
	const struct notice *notice = engine_notice(peer->shell->engine, receipt->notice);
	enum receipt_stage stage = (enum receipt_stage)receipt->stage;
	const struct recipient *who;

	if (notice == NULL || (stage != STAGE_DELIVERED && stage != STAGE_DISPLAYED))
		return;
	who = delivery_recipient(notice, notice->broadcast ? shell_peer_terminal(peer) : shell_peer_person(peer));
	if (who == NULL)
		return;
	if (who->stage < stage)
		add(peer->shell, notice, who, stage);
	if (!notice->broadcast && bundle_lead(notice, who->id) == notice)
		take_bundle(peer, notice, who->id, stage);
}

void receipts_take(struct shell_peer *peer, const Renraku__Receipts *receipts)
{
	if (!peer->shell->recording || peer->shell->failed)
		return;
	for (size_t i = 0; i < receipts->n_receipts; i++)
		take(peer, receipts->receipts[i]);
}

static void set_free(struct shell *shell, struct receipt_set *set)
{
	HASH_DEL(shell->receipts, set);
	for (size_t i = 0; i < set->n; i++)
		free((char *)(uintptr_t)set->recipients[i].id);
	free(set->recipients);
	free(set);
}

static void flush_stage(struct shell *shell, enum receipt_stage stage)
{
	struct receipt_set *set, *next;

	HASH_ITER(hh, shell->receipts, set, next) {
		if (set->key.stage != stage)
			continue;
		struct command command = {.type = CMD_RECEIPTS, .notice = set->key.notice, .stage = (uint32_t)set->key.stage};

		sort_unique(set);
		command.recipients = set->recipients;
		command.n_recipients = set->n;
		batch_run_own(shell, &command);
		set_free(shell, set);
	}
}

/* In their order, or a device that said both in one turn would have its 'delivered' dropped as old news. */
void receipts_flush(struct shell *shell)
{
	if (shell->receipts == NULL)
		return;
	flush_stage(shell, STAGE_DELIVERED);
	flush_stage(shell, STAGE_DISPLAYED);
}

void receipts_free(struct shell *shell)
{
	struct receipt_set *set, *next;

	HASH_ITER(hh, shell->receipts, set, next)
		set_free(shell, set);
}
