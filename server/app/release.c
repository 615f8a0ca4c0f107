#include "app/release.h"

#include <stdlib.h>
#include <string.h>

#include "app/answer.h"
#include "app/peer.h"
#include "base/log.h"

static bool open_peer(const struct shell_peer *peer)
{
	return !peer->closing && !peer->too_much;
}

void release_now(struct shell *shell, struct shell_peer *peer, struct hub_frame *frame)
{
	if (frame != NULL && open_peer(peer))
		shell->out.send(shell->arg, peer, frame);
	if (frame != NULL)
		hub_frame_unref(frame);
}

void release_frame(struct shell *shell, struct shell_peer *peer, struct hub_frame *frame)
{
	uint64_t index = engine_index(shell->engine);
	struct held *held;

	if (frame == NULL || !open_peer(peer) || shell->failed || (shell->batch.durable >= index && shell->release.first == NULL)) {
		if (shell->failed && frame != NULL)
			hub_frame_unref(frame);
		else
			release_now(shell, peer, frame);
		return;
	}
	if (peer->held >= SHELL_MAX_HELD_OF_PEER || peer->held_bytes + hub_frame_len(frame) > SHELL_MAX_HELD_BYTES_OF_PEER ||
		shell->release.bytes + hub_frame_len(frame) > SHELL_MAX_HELD_BYTES) {
		/* Closed at the end of the turn: whoever sends is walking along lists that the session is in. */
		hub_frame_unref(frame);
		peer->too_much = shell->too_much = true;
		return;
	}
	held = xcalloc(1, sizeof *held);
	*held = (struct held){.peer = peer, .frame = frame, .index = index};
	peer->uses++;
	peer->held++;
	peer->held_bytes += hub_frame_len(frame);
	shell->release.bytes += hub_frame_len(frame);
	if (shell->release.last != NULL)
		shell->release.last->next = held;
	else
		shell->release.first = held;
	shell->release.last = held;
}

void release_shared(struct shell *shell, struct shell_peer *peer, struct hub_frame *frame)
{
	release_frame(shell, peer, hub_frame_ref(frame));
}

void release_to_devices(struct shell *shell, const struct principal *principal, struct hub_frame *frame)
{
	for (size_t i = 0; principal != NULL && i < principal->n_peers; i++) {
		struct shell_peer *peer = principal->peers[i];

		if (!peer->wants_notices || peer->closing || peer->stamp == shell->round)
			continue;
		peer->stamp = shell->round;
		release_shared(shell, peer, frame);
	}
}

void release_await(struct shell *shell, struct shell_peer *peer, uint64_t ref, const char *id, uint32_t incident)
{
	size_t len = strlen(id) + 1;
	struct waiting *w;

	if (shell->batch.durable >= engine_index(shell->engine))
		return;
	w = xcalloc(1, sizeof *w + len);
	w->peer = peer;
	w->ref = ref;
	w->index = engine_index(shell->engine);
	w->incident = incident;
	w->due = shell->now + shell->config.slow_commit_ms;
	memcpy(w->id, id, len);
	peer->uses++;
	if (shell->release.last_waiting != NULL)
		shell->release.last_waiting->next = w;
	else
		shell->release.first_waiting = w;
	shell->release.last_waiting = w;
	if (shell->release.slow_cursor == NULL)
		shell->release.slow_cursor = w;
}

static struct held *pop_held(struct shell *shell)
{
	struct held *held = shell->release.first;

	shell->release.first = held->next;
	if (shell->release.first == NULL)
		shell->release.last = NULL;
	held->peer->held--;
	held->peer->held_bytes -= hub_frame_len(held->frame);
	shell->release.bytes -= hub_frame_len(held->frame);
	return held;
}

static void pop_waiting(struct shell *shell)
{
	struct waiting *w = shell->release.first_waiting;

	shell->release.first_waiting = w->next;
	if (w->next == NULL)
		shell->release.last_waiting = NULL;
	if (shell->release.slow_cursor == w)
		shell->release.slow_cursor = w->next;
	peer_unuse(w->peer);
	free(w);
}

void release_durable(struct shell *shell)
{
	while (shell->release.first != NULL && shell->release.first->index <= shell->batch.durable) {
		struct held *held = pop_held(shell);

		release_now(shell, held->peer, held->frame);
		peer_unuse(held->peer);
		free(held);
	}
	while (shell->release.first_waiting != NULL && shell->release.first_waiting->index <= shell->batch.durable)
		pop_waiting(shell);
}

static void tell_unconfirmed(struct shell *shell, const struct waiting *w)
{
	release_now(shell, w->peer, answer_not_confirmed(shell, w->peer, w->ref, w->id, w->incident));
}

static void drop_held(struct shell *shell)
{
	while (shell->release.first != NULL) {
		struct held *held = pop_held(shell);

		hub_frame_unref(held->frame);
		peer_unuse(held->peer);
		free(held);
	}
}

void release_fail(struct shell *shell, const char *why)
{
	if (shell->failed)
		return;
	shell->failed = true;
	log_error("store", "the log cannot be written (%s); what was not confirmed stays unconfirmed, and the server restarts", why);
	drop_held(shell);
	while (shell->release.first_waiting != NULL) {
		if (!shell->release.first_waiting->told)
			tell_unconfirmed(shell, shell->release.first_waiting);
		pop_waiting(shell);
	}
	shell->out.on_fatal(shell->arg, why);
}

void release_tick(struct shell *shell)
{
	while (shell->release.slow_cursor != NULL && shell->release.slow_cursor->due <= shell->now) {
		struct waiting *w = shell->release.slow_cursor;

		shell->release.slow_cursor = w->next;
		w->told = true;
		tell_unconfirmed(shell, w);
	}
}

int64_t release_deadline(const struct shell *shell)
{
	return shell->release.slow_cursor != NULL ? shell->release.slow_cursor->due : INT64_MAX;
}

void release_free(struct shell *shell)
{
	drop_held(shell);
	while (shell->release.first_waiting != NULL)
		pop_waiting(shell);
}
