#include "lib/conn_link.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "wire/tls.h"

struct conn_link {
	int fd;
	SSL_CTX *ctx;
	SSL *ssl; /* NULL: plain */
};

enum conn_error conn_link_fail(struct conn_problem *p, enum conn_error error, const char *code, const char *ja, const char *en)
{
	p->error = error;
	snprintf(p->code, sizeof p->code, "%s", code ? code : "");
	snprintf(p->ja, sizeof p->ja, "%s", ja);
	snprintf(p->en, sizeof p->en, "%s", en);
	return error;
}

/* Waits for events; false when the deadline has come. */
static bool await(int fd, short events, int64_t deadline)
{
	for (;;) {
		int64_t left = deadline - clock_boot_ms();
		if (left <= 0)
			return false;
		struct pollfd p = {.fd = fd, .events = events};
		int n = poll(&p, 1, left > 60000 ? 60000 : (int)left);
		if (n > 0)
			return true;
		if (n < 0 && errno != EINTR)
			return true; /* the next call on the socket tells */
	}
}

static int open_socket(int family, int protocol)
{
	return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}

/* 0, or a positive errno; ETIMEDOUT when the deadline came first. */
static int finish_connect(int fd, const struct sockaddr *address, socklen_t len, int64_t deadline)
{
	if (connect(fd, address, len) == 0)
		return 0;
	while (errno == EAGAIN) { /* a Unix socket whose queue is full: there is no event for 'room again' */
		struct pollfd nothing = {.fd = -1};
		if (clock_boot_ms() >= deadline)
			return ETIMEDOUT;
		poll(&nothing, 1, 20);
		if (connect(fd, address, len) == 0)
			return 0;
	}
	if (errno != EINPROGRESS && errno != EINTR)
		return errno;
	if (!await(fd, POLLOUT, deadline))
		return ETIMEDOUT;
	int error = 0;
	socklen_t size = sizeof error;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	return error;
}

static struct conn_link *link_new(int fd)
{
	struct conn_link *l = xcalloc(1, sizeof *l);
	l->fd = fd;
	return l;
}

static void explain_unix(struct conn_problem *p, const char *path, int error)
{
	char ja[512], en[512];
	if (error == EACCES) {
		snprintf(ja, sizeof ja,
			"端末の連絡係（renraku-agent）の窓口 %s "
			"を使う許可がありません。情報担当に利用者のグループを確かめてもらってください。",
			path);
		snprintf(en, sizeof en, "no permission for the agent's socket %s; have your user's group checked", path);
	} else {
		snprintf(ja, sizeof ja, "この端末の連絡係（renraku-agent）が動いていません（%s: %s）。", path, strerror(error));
		snprintf(en, sizeof en, "renraku-agent is not running on this terminal (%s: %s); start it", path, strerror(error));
	}
	conn_link_fail(p, CONN_UNREACHABLE, "AGENT_DOWN", ja, en);
}

struct conn_link *conn_link_unix(const char *path, int64_t deadline, struct conn_problem *p)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof address.sun_path) {
		conn_link_fail(p, CONN_CONFIG, "CONFIG", "agent_socket の名前が長すぎます（最大 107 文字）。設定を直してください。",
			"the path of agent_socket is too long (at most 107 bytes); correct the configuration");
		return NULL;
	}
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	int fd = open_socket(AF_UNIX, 0);
	int error = fd < 0 ? errno : finish_connect(fd, (const struct sockaddr *)&address, sizeof address, deadline);
	if (!error)
		return link_new(fd);
	if (fd >= 0)
		close(fd);
	explain_unix(p, path, error);
	return NULL;
}

/* Tries each address of the server. */
static int dial(const struct settings *s, int64_t deadline, struct conn_problem *p)
{
	char port[8], ja[512], en[512];
	snprintf(port, sizeof port, "%u", (unsigned)s->port);
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *found = NULL;
	int e = getaddrinfo(s->server, port, &hints, &found);
	if (e) {
		snprintf(ja, sizeof ja, "サーバの名前 %s が引けません（%s）。設定 %s の server を確かめてください。", s->server,
			gai_strerror(e), s->file);
		snprintf(en, sizeof en, "cannot resolve the server's name %s (%s); check `server` in %s", s->server, gai_strerror(e),
			s->file);
		conn_link_fail(p, CONN_UNREACHABLE, "SERVER_UNREACHABLE", ja, en);
		return -1;
	}
	int fd = -1, error = 0;
	for (struct addrinfo *a = found; a && fd < 0; a = a->ai_next) {
		fd = open_socket(a->ai_family, a->ai_protocol);
		error = fd < 0 ? errno : finish_connect(fd, a->ai_addr, a->ai_addrlen, deadline);
		if (fd >= 0 && error) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(found);
	if (fd >= 0)
		return fd;
	snprintf(ja, sizeof ja, "サーバ %s:%s につながりません（%s）。", s->server, port, strerror(error));
	snprintf(en, sizeof en, "cannot reach the server %s:%s (%s)", s->server, port, strerror(error));
	conn_link_fail(p, CONN_UNREACHABLE, "SERVER_UNREACHABLE", ja, en);
	return -1;
}

/* What a TLS failure means for the one who reads it. */
static enum conn_error explain_tls(struct conn_link *l, struct conn_problem *p)
{
	char ja[512], en[512];
	long verify = SSL_get_verify_result(l->ssl);
	unsigned long e = ERR_peek_last_error();
	int reason = ERR_GET_REASON(e);
	if (verify != X509_V_OK && reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
		const char *why = X509_verify_cert_error_string(verify);
		snprintf(ja, sizeof ja,
			"サーバの証明書を信用できません（%s）。ca, crl, server_name の設定と、サーバの証明書を確かめてください。", why);
		snprintf(en, sizeof en,
			"the server's certificate is not trusted (%s); check ca, crl, server_name and the server's certificate", why);
		return conn_link_fail(p, CONN_CONFIG, "SERVER_CERTIFICATE", ja, en);
	}
	/* Alerts of the peer are numbered from 1000 in OpenSSL's reasons: it is our certificate that was turned away. */
	if (reason > SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256) {
		const char *why = ERR_reason_error_string(e);
		snprintf(ja, sizeof ja, "サーバがこちらの証明書を受け付けません（%s）。失効していないか、町の証明書かを確かめてください。",
			why ? why : "");
		snprintf(en, sizeof en, "the server turns our certificate away (%s); check that it is not revoked and is the town's",
			why ? why : "");
		return conn_link_fail(p, CONN_CONFIG, "CERTIFICATE_REJECTED", ja, en);
	}
	return conn_link_fail(p, CONN_CLOSED, "", "サーバとの接続が切れました。", "the connection to the server was lost");
}

static enum conn_error no_answer(struct conn_problem *p)
{
	return conn_link_fail(p, CONN_TIMEOUT, "", "時間内に返事がありませんでした。", "no answer in time");
}

/* One step of an SSL operation that did not finish: waits as it asks. CONN_OK: try again. */
static enum conn_error again(struct conn_link *l, int result, int64_t deadline, struct conn_problem *p)
{
	switch (SSL_get_error(l->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		return await(l->fd, POLLIN, deadline) ? CONN_OK : no_answer(p);
	case SSL_ERROR_WANT_WRITE:
		return await(l->fd, POLLOUT, deadline) ? CONN_OK : no_answer(p);
	default:
		return explain_tls(l, p);
	}
}

static enum conn_error handshake(struct conn_link *l, int64_t deadline, struct conn_problem *p)
{
	for (;;) {
		ERR_clear_error();
		int n = SSL_do_handshake(l->ssl);
		if (n == 1)
			break;
		enum conn_error e = again(l, n, deadline, p);
		if (e != CONN_OK)
			return e;
	}
	struct tls_peer peer;
	const char *why = "";
	if (tls_peer_of(l->ssl, &peer, &why) && peer.who == TLS_SERVER)
		return CONN_OK;
	return conn_link_fail(p, CONN_CONFIG, "SERVER_CERTIFICATE",
		"相手は連絡サーバの証明書を持っていません。server と port の設定を確かめてください。",
		"the peer's certificate is not a Renraku server's; check server and port");
}

struct conn_link *conn_link_tls(const struct settings *s, const struct conn_options *o, int64_t deadline, struct conn_problem *p)
{
	struct tls_files files = {s->ca, s->cert, s->key, s->crl, o->passphrase, o->passphrase_arg};
	char *error = NULL;
	SSL_CTX *ctx = tls_client_context(&files, &error);
	if (!ctx) {
		conn_link_fail(p, CONN_CONFIG, "CONFIG", error, error);
		free(error);
		return NULL;
	}
	int fd = dial(s, deadline, p);
	if (fd < 0) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	struct conn_link *l = link_new(fd);
	l->ctx = ctx;
	l->ssl = SSL_new(ctx);
	if (!l->ssl || !SSL_set_fd(l->ssl, fd) || !tls_expect_host(l->ssl, s->server_name)) {
		conn_link_fail(p, CONN_CONFIG, "CONFIG", "TLS の用意ができません。server_name の設定を確かめてください。",
			"cannot prepare TLS; check server_name");
		conn_link_free(l);
		return NULL;
	}
	SSL_set_mode(l->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_set_connect_state(l->ssl);
	if (handshake(l, deadline, p) == CONN_OK)
		return l;
	conn_link_free(l);
	return NULL;
}

void conn_link_free(struct conn_link *l)
{
	if (!l)
		return;
	if (l->ssl) {
		ERR_clear_error();
		if (SSL_is_init_finished(l->ssl))
			SSL_shutdown(l->ssl);
		SSL_free(l->ssl);
		SSL_CTX_free(l->ctx);
	}
	close(l->fd);
	free(l);
}

static enum conn_error lost(struct conn_problem *p)
{
	return conn_link_fail(p, CONN_CLOSED, "", "接続が切れました。", "the connection was lost");
}

static int read_plain(struct conn_link *l, void *out, size_t size, int64_t deadline, struct conn_problem *p)
{
	for (;;) {
		ssize_t n = recv(l->fd, out, size, 0);
		if (n >= 0)
			return (int)n;
		if (errno != EAGAIN && errno != EINTR)
			return (int)lost(p);
		if (errno == EAGAIN && !await(l->fd, POLLIN, deadline))
			return (int)no_answer(p);
	}
}

int conn_link_read(struct conn_link *l, void *out, size_t size, int64_t deadline, struct conn_problem *p)
{
	if (size > (1u << 30))
		size = 1u << 30;
	if (!l->ssl)
		return read_plain(l, out, size, deadline, p);
	for (;;) {
		ERR_clear_error();
		int n = SSL_read(l->ssl, out, (int)size);
		if (n > 0)
			return n;
		if (SSL_get_error(l->ssl, n) == SSL_ERROR_ZERO_RETURN)
			return 0;
		enum conn_error e = again(l, n, deadline, p);
		if (e != CONN_OK)
			return (int)e;
	}
}

static ssize_t write_some(struct conn_link *l, const void *data, size_t len, int64_t deadline, struct conn_problem *p)
{
	if (l->ssl) {
		ERR_clear_error();
		int n = SSL_write(l->ssl, data, (int)len);
		return n > 0 ? n : (ssize_t)again(l, n, deadline, p);
	}
	ssize_t n = send(l->fd, data, len, MSG_NOSIGNAL);
	if (n >= 0 || errno == EINTR)
		return n < 0 ? 0 : n;
	if (errno != EAGAIN)
		return (ssize_t)lost(p);
	return await(l->fd, POLLOUT, deadline) ? 0 : (ssize_t)no_answer(p);
}

enum conn_error conn_link_write(struct conn_link *l, const void *data, size_t len, int64_t deadline, struct conn_problem *p)
{
	const char *at = data;
	while (len) {
		ssize_t n = write_some(l, at, len, deadline, p);
		if (n < 0)
			return (enum conn_error)n;
		at += n;
		len -= (size_t)n;
	}
	return CONN_OK;
}

bool conn_link_pending(const struct conn_link *l)
{
	return l->ssl && SSL_has_pending(l->ssl);
}
