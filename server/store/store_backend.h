/*
 * store_backend: what a backend of the store provides. Its own struct begins with `struct store base`. store.c forwards each call of
 * store.h to these, after checking what the caller promised.
 */
#ifndef STORE_STORE_BACKEND_H
#define STORE_STORE_BACKEND_H

#include "store/store.h"

struct store_ops {
	const char *name; /* "sqlite", "mem" */
	void (*close)(struct store *);
	void (*append)(struct store *, const struct store_entry *, size_t n, store_durable_fn *, void *arg);
	int (*wake_fd)(const struct store *);
	void (*poll)(struct store *);
	uint64_t (*head)(struct store *, uint8_t hash[STORE_HASH]);
	enum store_status (*read)(struct store *, uint64_t from, size_t max, store_entry_fn *, void *arg);
	enum store_status (*probe)(struct store *);
	bool (*low_space)(struct store *);
	enum store_status (*secret_put)(struct store *, const char *key, const void *value, size_t len);
	enum store_status (*secret_get)(struct store *, const char *key, void **value, size_t *len);
	enum store_status (*secret_each)(struct store *, const char *prefix, store_secret_fn *, void *arg);
};

struct store {
	const struct store_ops *ops;
	uint64_t appended; /* index of the newest entry handed to store_append */
};

#endif
