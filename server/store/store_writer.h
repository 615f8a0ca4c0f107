/*
 * store_writer: one thread that makes appends durable in order. Everything that waits when it turns to the queue is joined into
 * one commit. After the first failure nothing is tried again: what is in the queue, and all that comes later, is
 * answered STORE_FAILED.
 *
 * The owner's thread calls everything here but the two hooks, which run in the writer's thread.
 */
#ifndef STORE_STORE_WRITER_H
#define STORE_STORE_WRITER_H

#include "store/store.h"

struct store_writer;

struct store_pending {
	struct store_pending *next;
	struct store_entry *entries; /* with their data in the same block */
	size_t n, bytes;
	store_durable_fn *fn;
	void *arg;
	enum store_status status;
};

struct store_writer_hooks {
	/* Commits the whole list as one transaction, synced when it returns STORE_OK. */
	enum store_status (*commit)(void *arg, const struct store_pending *, size_t bytes);
	/* After the senders were told: work that may take longer (checkpoints). A failure is final as well. */
	enum store_status (*after)(void *arg);
};

/* max_bytes bounds the queue: store_writer_append() waits while it is longer. */
struct store_writer *store_writer_new(const struct store_writer_hooks *, void *arg, size_t max_bytes);
/* Commits what waits, ends the thread. Callbacks not delivered yet are not called. */
void store_writer_free(struct store_writer *);
void store_writer_append(struct store_writer *, const struct store_entry *, size_t n, store_durable_fn *, void *arg);
int store_writer_fd(const struct store_writer *);
void store_writer_poll(struct store_writer *);
bool store_writer_failed(struct store_writer *);

#endif
