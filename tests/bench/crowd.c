#include "bench/crowd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/figures.h"
#include "wire/frame.h"
#include "wire/tls.h"

#define WINDOW 64      /* connections being made at once */
#define PATIENCE_S 120 /* for one step, before the bench gives up */
#define EVENTS 256
#define READ_MAX 16384

struct identities {
	size_t n;
	struct identity {
		X509 *cert;
		EVP_PKEY *key;
	} * at;
};

struct crowd {
	int epoll;
	const char *name;
	struct identities *identities;
	SSL_CTX *tls;
	struct sockaddr_in to;
	struct crowd_events on;
	void *arg;
	struct agent *agents;
	size_t n, n_up, n_shaking;
};

static bool lost; /* a session ended that nobody closed */

/* ---- identities ---- */

static bool read_identity(struct identity *out, const char *dir, const char *prefix, size_t i)
{
	char *cert = xasprintf("%s/terminal-%s%zu.pem", dir, prefix, i + 1), *key = xasprintf("%s/terminal-%s%zu.key", dir, prefix, i + 1);
	BIO *b = BIO_new_file(cert, "r");

	if (b != NULL)
		out->cert = PEM_read_bio_X509(b, NULL, NULL, NULL);
	BIO_free(b);
	b = BIO_new_file(key, "r");
	if (b != NULL)
		out->key = PEM_read_bio_PrivateKey(b, NULL, NULL, NULL);
	BIO_free(b);
	if (out->cert == NULL || out->key == NULL)
		fprintf(stderr, "fanout: cannot read %s or its key\n", cert);
	free(cert);
	free(key);
	return out->cert != NULL && out->key != NULL;
}

struct identities *identities_read(const char *dir, const char *prefix, size_t n)
{
	struct identities *ids = xcalloc(1, sizeof *ids);

	ids->n = n;
	ids->at = xcalloc(n, sizeof *ids->at);
	for (size_t i = 0; i < n; i++)
		if (!read_identity(&ids->at[i], dir, prefix, i)) {
			identities_free(ids);
			return NULL;
		}
	return ids;
}

void identities_free(struct identities *ids)
{
	if (ids == NULL)
		return;
	for (size_t i = 0; i < ids->n; i++) {
		X509_free(ids->at[i].cert);
		EVP_PKEY_free(ids->at[i].key);
	}
	free(ids->at);
	free(ids);
}

/* ---- the crowd ---- */

static int on_new_session(SSL *ssl, SSL_SESSION *session)
{
	struct agent *a = SSL_get_app_data(ssl);

	SSL_SESSION_free(a->session);
	a->session = session;
	return 1; /* kept */
}

struct crowd *crowd_new(
	int epoll, const char *name, struct identities *ids, const char *ca, uint16_t port, const struct crowd_events *on, void *arg)
{
	struct crowd *c = xcalloc(1, sizeof *c);
	char *error = NULL;

	c->tls = tls_client_context(&(struct tls_files){.ca = ca}, &error);
	if (c->tls == NULL) {
		fprintf(stderr, "fanout: %s\n", error);
		free(error);
		free(c);
		return NULL;
	}
	SSL_CTX_sess_set_new_cb(c->tls, on_new_session);
	c->epoll = epoll;
	c->name = name;
	c->identities = ids;
	c->on = *on;
	c->arg = arg;
	c->n = ids->n;
	c->agents = xcalloc(c->n, sizeof *c->agents);
	for (size_t i = 0; i < c->n; i++)
		c->agents[i] = (struct agent){.crowd = c, .id = i, .fd = -1};
	c->to = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	return c;
}

void crowd_free(struct crowd *c)
{
	if (c == NULL)
		return;
	crowd_close(c);
	for (size_t i = 0; i < c->n; i++)
		SSL_SESSION_free(c->agents[i].session);
	free(c->agents);
	SSL_CTX_free(c->tls);
	free(c);
}

size_t crowd_size(const struct crowd *c)
{
	return c->n;
}

struct agent *crowd_agent(struct crowd *c, size_t id)
{
	return &c->agents[id];
}

size_t crowd_resumed(const struct crowd *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += c->agents[i].resumed;
	return n;
}

/* ---- one agent ---- */

static void close_agent(struct agent *a)
{
	struct crowd *c = a->crowd;

	if (a->state == AGENT_AWAY)
		return;
	c->n_up -= a->state == AGENT_UP;
	c->n_shaking -= a->state != AGENT_UP;
	a->state = AGENT_AWAY;
	ERR_clear_error();
	SSL_shutdown(a->ssl);
	SSL_free(a->ssl);
	close(a->fd);
	free(a->in);
	free(a->out);
	a->in = a->out = NULL;
	a->in_len = a->out_len = 0;
	a->ssl = NULL;
	a->fd = -1;
}

static void lose(struct agent *a, const char *why)
{
	unsigned long e = ERR_peek_last_error();

	if (!lost)
		fprintf(stderr, "fanout: %s: session of terminal %zu: %s%s%s\n", a->crowd->name, a->id + 1, why, e != 0 ? ": " : "",
			e != 0 ? ERR_reason_error_string(e) : "");
	lost = true;
	close_agent(a);
}

static void wait_for(struct agent *a, uint32_t events)
{
	struct epoll_event e = {.events = events, .data.ptr = a};

	epoll_ctl(a->crowd->epoll, EPOLL_CTL_MOD, a->fd, &e);
}

static void flush(struct agent *a)
{
	int n;

	ERR_clear_error();
	n = SSL_write(a->ssl, a->out, (int)a->out_len);
	if (n > 0 && (size_t)n == a->out_len) {
		free(a->out);
		a->out = NULL;
		a->out_len = 0;
		wait_for(a, EPOLLIN);
	} else if (n > 0) {
		memmove(a->out, a->out + n, a->out_len - (size_t)n);
		a->out_len -= (size_t)n;
	} else if (SSL_get_error(a->ssl, n) != SSL_ERROR_WANT_WRITE) {
		lose(a, "cannot write");
	}
}

void crowd_send(struct agent *a, const uint8_t *data, size_t len)
{
	int n = -1;

	if (a->state < AGENT_OPEN)
		return;
	ERR_clear_error();
	if (a->out_len == 0)
		n = SSL_write(a->ssl, data, (int)len);
	if (n > 0 && (size_t)n == len)
		return;
	if (a->out_len == 0 && n <= 0 && SSL_get_error(a->ssl, n) != SSL_ERROR_WANT_WRITE) {
		lose(a, "cannot write");
		return;
	}
	n = n > 0 ? n : 0;
	a->out = xrealloc(a->out, a->out_len + len - (size_t)n);
	memcpy(a->out + a->out_len, data + n, len - (size_t)n);
	a->out_len += len - (size_t)n;
	wait_for(a, EPOLLIN | EPOLLOUT);
}

void crowd_up(struct agent *a)
{
	if (a->state != AGENT_OPEN)
		return;
	a->state = AGENT_UP;
	a->crowd->n_shaking--;
	a->crowd->n_up++;
}

/* Hands out whole frames, keeps the rest. */
static void take(struct agent *a, const uint8_t *data, size_t n)
{
	size_t used = 0, len;
	uint8_t *joined = NULL;

	if (a->in_len > 0) {
		joined = a->in = xrealloc(a->in, a->in_len + n);
		memcpy(joined + a->in_len, data, n);
		n += a->in_len;
		data = joined;
		a->in = NULL;
		a->in_len = 0;
	}
	while (a->state != AGENT_AWAY && frame_peek(data + used, n - used, FRAME_MAX, &len) == FRAME_OK) {
		used += FRAME_HEADER + len;
		a->crowd->on.on_frame(a->crowd->arg, a, data + used - len, len);
	}
	if (a->state != AGENT_AWAY && used < n) {
		a->in = xmemdup(data + used, n - used);
		a->in_len = n - used;
	}
	free(joined);
}

static void read_some(struct agent *a)
{
	static uint8_t bytes[READ_MAX];

	while (a->state != AGENT_AWAY) {
		int n;

		ERR_clear_error();
		n = SSL_read(a->ssl, bytes, sizeof bytes);
		if (n > 0) {
			take(a, bytes, (size_t)n);
			continue;
		}
		switch (SSL_get_error(a->ssl, n)) {
		case SSL_ERROR_WANT_READ:
		case SSL_ERROR_WANT_WRITE:
			return;
		case SSL_ERROR_ZERO_RETURN:
			lose(a, "closed by the server");
			return;
		default:
			lose(a, "broken");
			return;
		}
	}
}

static void shake(struct agent *a)
{
	int rc;

	ERR_clear_error();
	rc = SSL_do_handshake(a->ssl);
	if (rc == 1) {
		a->state = AGENT_OPEN;
		a->resumed = SSL_session_reused(a->ssl) == 1;
		wait_for(a, EPOLLIN);
		a->crowd->on.on_open(a->crowd->arg, a);
	} else if (SSL_get_error(a->ssl, rc) == SSL_ERROR_WANT_READ) {
		wait_for(a, EPOLLIN);
	} else if (SSL_get_error(a->ssl, rc) != SSL_ERROR_WANT_WRITE) {
		lose(a, "no handshake");
	}
}

static bool start(struct agent *a)
{
	const struct identity *who = &a->crowd->identities->at[a->id];
	struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = a};

	a->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (a->fd < 0) {
		perror("fanout: socket");
		return false;
	}
	setsockopt(a->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	a->ssl = SSL_new(a->crowd->tls);
	if (a->ssl == NULL || SSL_use_certificate(a->ssl, who->cert) != 1 || SSL_use_PrivateKey(a->ssl, who->key) != 1 ||
		!tls_expect_host(a->ssl, "127.0.0.1") || SSL_set_fd(a->ssl, a->fd) != 1)
		abort(); /* out of memory, or a certificate that we have just made is none */
	SSL_set_app_data(a->ssl, a);
	SSL_set_connect_state(a->ssl);
	if (a->session != NULL)
		SSL_set_session(a->ssl, a->session);
	a->state = AGENT_SHAKING;
	a->crowd->n_shaking++;
	if (connect(a->fd, (const struct sockaddr *)&a->crowd->to, sizeof a->crowd->to) != 0 && errno != EINPROGRESS) {
		perror("fanout: connect");
		return false;
	}
	return epoll_ctl(a->crowd->epoll, EPOLL_CTL_ADD, a->fd, &e) == 0;
}

/* ---- turns ---- */

static void on_event(struct agent *a, uint32_t events)
{
	if (a->state == AGENT_SHAKING)
		shake(a);
	else if ((events & EPOLLOUT) != 0 && a->out_len > 0)
		flush(a);
	if (a->state >= AGENT_OPEN && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
		read_some(a);
}

bool crowd_turn(int epoll, int timeout_ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(epoll, events, EVENTS, timeout_ms);

	for (int i = 0; i < n; i++)
		on_event(events[i].data.ptr, events[i].events);
	return !lost;
}

bool crowd_connect(struct crowd *c, size_t from, size_t to)
{
	size_t up = c->n_up + (to - from), next = from;
	int64_t until = figures_now() + PATIENCE_S * INT64_C(1000000000);

	while (c->n_up < up) {
		while (next < to && c->n_shaking < WINDOW)
			if (!start(&c->agents[next++]))
				return false;
		if (!crowd_turn(c->epoll, 100))
			return false;
		if (figures_now() > until) {
			fprintf(stderr, "fanout: %s: only %zu of %zu terminals are connected after %d s\n", c->name, c->n_up, up,
				PATIENCE_S);
			return false;
		}
	}
	return true;
}

void crowd_close(struct crowd *c)
{
	for (size_t i = 0; i < c->n; i++)
		close_agent(&c->agents[i]);
}
