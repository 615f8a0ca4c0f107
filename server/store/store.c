/*
 * store: forwards to the backend, and holds the caller to its promise that indices follow on.
 */
#include "store/store.h"

#include <assert.h>

#include "store/store_backend.h"

const char *store_status_name(enum store_status status)
{
	switch (status) {
	case STORE_OK:
		return "ok";
	case STORE_FAILED:
		return "failed";
	case STORE_FULL:
		return "full";
	case STORE_CORRUPT:
		return "corrupt";
	case STORE_LOCKED:
		return "locked";
	}
	return "unknown";
}

void store_close(struct store *s)
{
	if (s)
		s->ops->close(s);
}

void store_append(struct store *s, const struct store_entry *entries, size_t n, store_durable_fn *fn, void *arg)
{
	assert(n > 0 && fn);
	for (size_t i = 0; i < n; i++)
		assert(entries[i].index == s->appended + 1 + i);
	s->appended += n;
	s->ops->append(s, entries, n, fn, arg);
}

int store_wake_fd(const struct store *s)
{
	return s->ops->wake_fd(s);
}

void store_poll(struct store *s)
{
	s->ops->poll(s);
}

uint64_t store_head(struct store *s, uint8_t hash[STORE_HASH])
{
	return s->ops->head(s, hash);
}

enum store_status store_read(struct store *s, uint64_t from, size_t max, store_entry_fn *fn, void *arg)
{
	return s->ops->read(s, from ? from : 1, max, fn, arg);
}

enum store_status store_probe(struct store *s)
{
	return s->ops->probe(s);
}

bool store_low_space(struct store *s)
{
	return s->ops->low_space(s);
}

enum store_status store_secret_put(struct store *s, const char *key, const void *value, size_t len)
{
	return s->ops->secret_put(s, key, value, len);
}

enum store_status store_secret_get(struct store *s, const char *key, void **value, size_t *len)
{
	*value = NULL;
	*len = 0;
	return s->ops->secret_get(s, key, value, len);
}

enum store_status store_secret_each(struct store *s, const char *prefix, store_secret_fn *fn, void *arg)
{
	return s->ops->secret_each(s, prefix, fn, arg);
}
