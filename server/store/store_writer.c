#include "store/store_writer.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"

struct list {
	struct store_pending *first, **end;
	size_t bytes;
};

struct store_writer {
	struct store_writer_hooks hooks;
	void *arg;
	size_t max_bytes;
	pthread_t thread;
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t has_work, has_room;
	struct list queue, done;
	bool stop, failed;
	int fd;
};

static void list_clear(struct list *l)
{
	*l = (struct list){.end = &l->first};
}

static void list_add(struct list *l, struct store_pending *p)
{
	p->next = NULL;
	*l->end = p;
	l->end = &p->next;
	l->bytes += p->bytes;
}

/* `from` to the end of `to`; empties `from`. */
static void list_move(struct list *to, struct list *from)
{
	if (!from->first)
		return;
	*to->end = from->first;
	to->end = from->end;
	to->bytes += from->bytes;
	list_clear(from);
}

static void list_free(struct list *l)
{
	for (struct store_pending *p = l->first, *next; p; p = next) {
		next = p->next;
		free(p->entries);
		free(p);
	}
	list_clear(l);
}

static void wake(struct store_writer *w)
{
	uint64_t one = 1;
	ssize_t done = write(w->fd, &one, sizeof one);
	(void)done; /* a full counter is readable already */
}

/* Called with the lock held; gives it away while it commits. */
static void commit_batch(struct store_writer *w)
{
	struct list batch;
	list_clear(&batch);
	list_move(&batch, &w->queue);
	bool failed = w->failed;
	pthread_mutex_unlock(&w->lock);

	enum store_status status = failed ? STORE_FAILED : w->hooks.commit(w->arg, batch.first, batch.bytes);
	for (struct store_pending *p = batch.first; p; p = p->next)
		p->status = status;

	pthread_mutex_lock(&w->lock);
	if (status != STORE_OK)
		w->failed = true;
	list_move(&w->done, &batch);
	pthread_cond_broadcast(&w->has_room);
	pthread_mutex_unlock(&w->lock);
	wake(w);

	bool later_failed = status == STORE_OK && w->hooks.after && w->hooks.after(w->arg) != STORE_OK;
	pthread_mutex_lock(&w->lock);
	if (later_failed)
		w->failed = true;
}

static void *writer_run(void *arg)
{
	struct store_writer *w = arg;
	pthread_mutex_lock(&w->lock);
	while (!w->stop || w->queue.first) {
		if (w->queue.first)
			commit_batch(w);
		else
			pthread_cond_wait(&w->has_work, &w->lock);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct store_writer *store_writer_new(const struct store_writer_hooks *hooks, void *arg, size_t max_bytes)
{
	struct store_writer *w = xcalloc(1, sizeof *w);
	w->hooks = *hooks;
	w->arg = arg;
	w->max_bytes = max_bytes;
	list_clear(&w->queue);
	list_clear(&w->done);
	w->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	assert(w->fd >= 0);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->has_work, NULL);
	pthread_cond_init(&w->has_room, NULL);
	/* Signals belong to the owner's loop. */
	sigset_t all, old;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	int rc = pthread_create(&w->thread, NULL, writer_run, w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	assert(rc == 0);
	return w;
}

void store_writer_free(struct store_writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->has_work);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	list_free(&w->queue);
	list_free(&w->done);
	pthread_cond_destroy(&w->has_work);
	pthread_cond_destroy(&w->has_room);
	pthread_mutex_destroy(&w->lock);
	close(w->fd);
	free(w);
}

static struct store_pending *pending_new(const struct store_entry *entries, size_t n, store_durable_fn *fn, void *arg)
{
	size_t bytes = 0;
	for (size_t i = 0; i < n; i++)
		bytes += entries[i].len;
	struct store_pending *p = xcalloc(1, sizeof *p);
	p->entries = xmalloc(n * sizeof *p->entries + bytes);
	uint8_t *data = (uint8_t *)(p->entries + n);
	for (size_t i = 0; i < n; i++) {
		p->entries[i] = entries[i];
		p->entries[i].data = data;
		if (entries[i].len)
			memcpy(data, entries[i].data, entries[i].len);
		data += entries[i].len;
	}
	p->n = n;
	p->bytes = bytes;
	p->fn = fn;
	p->arg = arg;
	return p;
}

void store_writer_append(struct store_writer *w, const struct store_entry *entries, size_t n, store_durable_fn *fn, void *arg)
{
	struct store_pending *p = pending_new(entries, n, fn, arg);
	pthread_mutex_lock(&w->lock);
	while (w->queue.first && w->queue.bytes + p->bytes > w->max_bytes)
		pthread_cond_wait(&w->has_room, &w->lock);
	list_add(&w->queue, p);
	pthread_cond_signal(&w->has_work);
	pthread_mutex_unlock(&w->lock);
}

int store_writer_fd(const struct store_writer *w)
{
	return w->fd;
}

void store_writer_poll(struct store_writer *w)
{
	uint64_t count;
	ssize_t got = read(w->fd, &count, sizeof count);
	(void)got; /* polled without need: nothing is done */
	struct list done;
	list_clear(&done);
	pthread_mutex_lock(&w->lock);
	list_move(&done, &w->done);
	pthread_mutex_unlock(&w->lock);
	for (const struct store_pending *p = done.first; p; p = p->next)
		p->fn(p->arg, p->status, p->entries[p->n - 1].index);
	list_free(&done);
}

bool store_writer_failed(struct store_writer *w)
{
	pthread_mutex_lock(&w->lock);
	bool failed = w->failed;
	pthread_mutex_unlock(&w->lock);
	return failed;
}
