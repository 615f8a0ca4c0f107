/*
 * conn_link: bytes with deadlines, over the agent's Unix socket or over TLS; only for conn.c.
 */
#ifndef LIB_CONN_LINK_H
#define LIB_CONN_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/conn.h"

struct conn_link;

/* NULL with *problem. */
struct conn_link *conn_link_unix(const char *path, int64_t deadline, struct conn_problem *);
struct conn_link *conn_link_tls(const struct settings *, const struct conn_options *, int64_t deadline, struct conn_problem *);
void conn_link_free(struct conn_link *); /* closes politely when it can be done at once */

/* > 0 bytes read; 0 the peer closed; CONN_TIMEOUT, CONN_CLOSED or CONN_CONFIG (our certificate was turned away; *problem says). */
int conn_link_read(struct conn_link *, void *, size_t, int64_t deadline, struct conn_problem *);
/* CONN_OK when all was written. */
enum conn_error conn_link_write(struct conn_link *, const void *, size_t, int64_t deadline, struct conn_problem *);
bool conn_link_pending(const struct conn_link *); /* bytes wait inside TLS, which poll() cannot see */

/* Sets error and both texts; returns the error. */
enum conn_error conn_link_fail(struct conn_problem *, enum conn_error, const char *code, const char *ja, const char *en);

#endif
