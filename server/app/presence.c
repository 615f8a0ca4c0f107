#include "app/presence.h"

#include <stdlib.h>

#include "app/batch.h"

static enum presence live(const struct principal *p)
{
	return p->n_peers > 0 ? PRESENT : AWAY;
}

void presence_touch(struct shell *shell, struct principal *p)
{
	bool differs = p->told != live(p);

	if (differs == p->waiting)
		return;
	p->waiting = differs;
	if (!differs) {
		DL_DELETE2(shell->presence, p, prev_waiting, next_waiting);
		return;
	}
	/* The hold is the same for all, so appending keeps the list in order of time. */
	p->changed_at = shell->now;
	DL_APPEND2(shell->presence, p, prev_waiting, next_waiting);
}

static int64_t due(const struct shell *shell, const struct principal *p)
{
	return p->changed_at + shell->config.presence_hold_ms;
}

static void tell(struct shell *shell, bool present, struct record_recipient *who, size_t n)
{
	struct command command = {.type = CMD_PRESENCE, .flag = present, .recipients = who, .n_recipients = n};

	if (n > 0)
		batch_run_own(shell, &command);
}

void presence_tick(struct shell *shell)
{
	struct record_recipient *come = NULL, *left = NULL;
	size_t n_come = 0, cap_come = 0, n_left = 0, cap_left = 0;

	if (!shell->recording)
		return;
	while (shell->presence != NULL && due(shell, shell->presence) <= shell->now) {
		struct principal *p = shell->presence;

		DL_DELETE2(shell->presence, p, prev_waiting, next_waiting);
		p->waiting = false;
		p->told = live(p);
		if (p->told == PRESENT) {
			come = xgrow(come, &cap_come, n_come + 1, sizeof *come);
			come[n_come++] = (struct record_recipient){.id = p->key};
		} else {
			left = xgrow(left, &cap_left, n_left + 1, sizeof *left);
			left[n_left++] = (struct record_recipient){.id = p->key};
		}
	}
	tell(shell, true, come, n_come);
	tell(shell, false, left, n_left);
	free(come);
	free(left);
}

int64_t presence_deadline(const struct shell *shell)
{
	return shell->recording && shell->presence != NULL ? due(shell, shell->presence) : INT64_MAX;
}
