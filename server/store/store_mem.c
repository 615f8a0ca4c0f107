/*
 * store_mem: a log in memory for tests. It has no thread: store_poll() makes durable (unless told not to) and calls back.
 *
 * entries[0..synced) survive store_mem_crash(); entries[0..claimed) were called back as durable. On an honest disk
 * claimed <= synced; a lying one breaks exactly that.
 */
#include "store/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/store_backend.h"

struct waiting {
	store_durable_fn *fn;
	void *arg;
	uint64_t last;
	enum store_status status; /* already decided when not STORE_OK */
};

struct secret {
	char *key;
	void *value;
	size_t len;
};

struct store_mem {
	struct store base;
	struct store_entry *entries; /* data owned */
	size_t n, cap;
	size_t synced, claimed;
	struct waiting *queue;
	size_t n_queue, cap_queue;
	struct secret *secrets;
	size_t n_secrets, cap_secrets;
	bool automatic, lying, failed;
	unsigned fail_in; /* 0: never */
	enum store_status fail_with;
	int fd;
};

static struct store_mem *mem_of(struct store *);

static void wake(struct store_mem *m)
{
	uint64_t one = 1;
	ssize_t done = write(m->fd, &one, sizeof one);
	(void)done; /* the counter is full: it is readable already */
}

static void mem_free(struct store_mem *m)
{
	for (size_t i = 0; i < m->n; i++)
		free((void *)(uintptr_t)m->entries[i].data);
	free(m->entries);
	free(m->queue);
	for (size_t i = 0; i < m->n_secrets; i++) {
		free(m->secrets[i].key);
		free(m->secrets[i].value);
	}
	free(m->secrets);
	close(m->fd);
	free(m);
}

static void mem_close(struct store *s)
{
	mem_free(mem_of(s));
}

static void keep(struct store_mem *m, const struct store_entry *e)
{
	m->entries = xgrow(m->entries, &m->cap, m->n + 1, sizeof *m->entries);
	m->entries[m->n] = *e;
	m->entries[m->n].data = xmemdup(e->data, e->len);
	m->n++;
}

static enum store_status fate_of_append(struct store_mem *m)
{
	if (m->failed)
		return STORE_FAILED;
	if (m->fail_in == 0 || --m->fail_in > 0)
		return STORE_OK;
	m->failed = true;
	return m->fail_with;
}

static void mem_append(struct store *s, const struct store_entry *entries, size_t n, store_durable_fn *fn, void *arg)
{
	struct store_mem *m = mem_of(s);
	bool was_failed = m->failed;
	enum store_status fate = fate_of_append(m);
	/* What fails may have reached the disk all the same: it is kept, and store_mem_sync() may make it durable. */
	for (size_t i = 0; i < n && !was_failed; i++)
		keep(m, &entries[i]);
	m->queue = xgrow(m->queue, &m->cap_queue, m->n_queue + 1, sizeof *m->queue);
	m->queue[m->n_queue++] = (struct waiting){fn, arg, entries[n - 1].index, fate};
	wake(m);
}

static int mem_wake_fd(const struct store *s)
{
	return ((const struct store_mem *)(const void *)s)->fd;
}

static bool deliverable(const struct store_mem *m, const struct waiting *w)
{
	return w->status != STORE_OK || m->lying || w->last <= m->synced;
}

static void mem_poll(struct store *s)
{
	struct store_mem *m = mem_of(s);
	uint64_t count;
	ssize_t got = read(m->fd, &count, sizeof count);
	(void)got; /* nothing there is fine */
	if (m->automatic && !m->lying)
		for (size_t i = 0; i < m->n_queue && m->queue[i].status == STORE_OK; i++)
			m->synced = m->queue[i].last;
	/* Only what waits now: a callback may append more. */
	for (size_t n = m->n_queue; n > 0 && deliverable(m, &m->queue[0]); n--) {
		struct waiting w = m->queue[0];
		memmove(m->queue, m->queue + 1, --m->n_queue * sizeof *m->queue);
		if (w.status == STORE_OK && w.last > m->claimed)
			m->claimed = w.last;
		w.fn(w.arg, w.status, w.last);
	}
}

static size_t visible(const struct store_mem *m)
{
	if (m->failed)
		return m->claimed;
	return m->claimed > m->synced ? m->claimed : m->synced;
}

static uint64_t mem_head(struct store *s, uint8_t hash[STORE_HASH])
{
	struct store_mem *m = mem_of(s);
	size_t n = visible(m);
	memset(hash, 0, STORE_HASH);
	if (n > 0)
		memcpy(hash, m->entries[n - 1].hash, STORE_HASH);
	return n;
}

static enum store_status mem_read(struct store *s, uint64_t from, size_t max, store_entry_fn *fn, void *arg)
{
	struct store_mem *m = mem_of(s);
	for (uint64_t i = from; i <= visible(m) && max > 0; i++, max--)
		if (!fn(arg, &m->entries[i - 1]))
			break;
	return STORE_OK;
}

static enum store_status mem_probe(struct store *s)
{
	return mem_of(s)->failed ? STORE_FAILED : STORE_OK;
}

static bool mem_low_space(struct store *s)
{
	(void)s;
	return false;
}

static struct secret *secret_find(struct store_mem *m, const char *key)
{
	for (size_t i = 0; i < m->n_secrets; i++)
		if (strcmp(m->secrets[i].key, key) == 0)
			return &m->secrets[i];
	return NULL;
}

static enum store_status mem_secret_put(struct store *s, const char *key, const void *value, size_t len)
{
	struct store_mem *m = mem_of(s);
	struct secret *old = secret_find(m, key);
	if (old) {
		free(old->key);
		free(old->value);
		*old = m->secrets[--m->n_secrets];
	}
	if (value) {
		m->secrets = xgrow(m->secrets, &m->cap_secrets, m->n_secrets + 1, sizeof *m->secrets);
		m->secrets[m->n_secrets++] = (struct secret){xstrdup(key), xmemdup(value, len), len};
	}
	return STORE_OK;
}

static enum store_status mem_secret_get(struct store *s, const char *key, void **value, size_t *len)
{
	const struct secret *found = secret_find(mem_of(s), key);
	if (found) {
		*value = xmemdup(found->value, found->len);
		*len = found->len;
	}
	return STORE_OK;
}

static enum store_status mem_secret_each(struct store *s, const char *prefix, store_secret_fn *fn, void *arg)
{
	struct store_mem *m = mem_of(s);
	for (size_t i = 0; i < m->n_secrets; i++) {
		const struct secret *e = &m->secrets[i];
		if (strncmp(e->key, prefix, strlen(prefix)) == 0 && !fn(arg, e->key, e->value, e->len))
			break;
	}
	return STORE_OK;
}

static const struct store_ops ops = {
	.name = "mem",
	.close = mem_close,
	.append = mem_append,
	.wake_fd = mem_wake_fd,
	.poll = mem_poll,
	.head = mem_head,
	.read = mem_read,
	.probe = mem_probe,
	.low_space = mem_low_space,
	.secret_put = mem_secret_put,
	.secret_get = mem_secret_get,
	.secret_each = mem_secret_each,
};

static struct store_mem *mem_of(struct store *s)
{
	assert(s->ops == &ops);
	return (struct store_mem *)(void *)s;
}

struct store *store_open_mem(void)
{
	struct store_mem *m = xcalloc(1, sizeof *m);
	m->base.ops = &ops;
	m->automatic = true;
	m->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	assert(m->fd >= 0);
	return &m->base;
}

void store_mem_set_sync(struct store *s, bool automatic)
{
	mem_of(s)->automatic = automatic;
}

void store_mem_sync(struct store *s)
{
	struct store_mem *m = mem_of(s);
	m->synced = m->n;
	wake(m);
}

uint64_t store_mem_synced(struct store *s)
{
	return mem_of(s)->synced;
}

void store_mem_set_lying(struct store *s, bool lying)
{
	mem_of(s)->lying = lying;
}

struct store *store_mem_crash(struct store *s)
{
	struct store_mem *m = mem_of(s);
	struct store *fresh = store_open_mem();
	struct store_mem *to = mem_of(fresh);
	for (size_t i = 0; i < m->synced; i++)
		keep(to, &m->entries[i]);
	to->base.appended = to->synced = to->claimed = m->synced;
	for (size_t i = 0; i < m->n_secrets; i++)
		mem_secret_put(fresh, m->secrets[i].key, m->secrets[i].value, m->secrets[i].len);
	mem_free(m);
	return fresh;
}

void store_mem_fail_at(struct store *s, unsigned k, enum store_status status)
{
	struct store_mem *m = mem_of(s);
	m->fail_in = k;
	m->fail_with = status;
}
