/* The hub against clients of this process, in one event loop, with short limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "hub/hub.h"
#include "unit/certs.h"
#include "wire/frame.h"

#define DAY 86400
#define PATIENCE_MS 20000

static struct certs_ca ca;

/* ---- the owner of the hub: notes what it is told ---- */

static struct {
	struct event_base *base;
	struct event *pulse; /* so that waiting for one event of the loop ends */
	SSL_CTX *tls;
	struct hub *hub;
	struct hub_session *last; /* newest session */
	int opened, closed, frames, beats;
	enum hub_bye bye;
	struct buf got; /* payloads received, each followed by '|' */
	bool refuse, hello, echo, close_on_frame, answer_beats;
	size_t bytes;
} town;

static struct hub_frame *frame_of(const void *payload, size_t len)
{
	uint8_t *bytes = malloc(FRAME_HEADER + len);
	frame_put_header(bytes, len);
	memcpy(bytes + FRAME_HEADER, payload, len);
	struct hub_frame *f = hub_frame_new(bytes, FRAME_HEADER + len);
	free(bytes);
	return f;
}

static void send_text(struct hub_session *s, const char *text)
{
	struct hub_frame *f = frame_of(text, strlen(text));
	hub_session_send(s, f);
	hub_frame_unref(f);
}

static bool on_open(void *arg, struct hub_session *s, const struct tls_peer *peer)
{
	(void)arg;
	assert_ptr_equal(peer, hub_session_peer(s));
	town.last = s;
	if (town.refuse) {
		send_text(s, "no");
		return false;
	}
	town.opened++;
	if (town.hello)
		hub_session_hello_done(s);
	hub_session_set_data(s, &town);
	return true;
}

static void on_frame(void *arg, struct hub_session *s, const uint8_t *data, size_t len)
{
	(void)arg;
	assert_ptr_equal(hub_session_data(s), &town);
	town.frames++;
	town.bytes += len;
	if (len < 100) {
		buf_append(&town.got, data, len);
		buf_puts(&town.got, "|");
	}
	if (town.echo) {
		struct hub_frame *f = frame_of(data, len);
		hub_session_send(s, f);
		hub_frame_unref(f);
	}
	if (town.close_on_frame) {
		send_text(s, "bye");
		hub_session_close(s, HUB_BYE_OWNER);
		send_text(s, "too late");
	}
}

static void on_close(void *arg, struct hub_session *s, enum hub_bye bye)
{
	(void)arg;
	assert_ptr_equal(hub_session_data(s), &town);
	town.closed++;
	town.bye = bye;
	if (town.last == s)
		town.last = NULL;
}

static void on_heartbeat(void *arg, struct hub_session *s)
{
	(void)arg;
	town.beats++;
	send_text(s, "ping");
}

static void on_pulse(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what, (void)arg;
}

static struct hub *open_hub(struct hub_config config)
{
	static const struct hub_events events = {on_open, on_frame, on_close, on_heartbeat, NULL};
	char *error;
	config.address = "127.0.0.1";
	config.tls = town.tls;
	struct hub *h = hub_new(town.base, &config, &events, NULL, &error);
	if (!h)
		fail_msg("%s", error);
	return h;
}

static int setup_with(struct hub_config config)
{
	char *error;
	memset(&town, 0, sizeof town);
	buf_init(&town.got, 100000);
	town.hello = true;
	town.base = event_base_new();
	town.pulse = event_new(town.base, -1, EV_PERSIST, on_pulse, NULL);
	struct timeval tv = {.tv_usec = 2000};
	event_add(town.pulse, &tv);
	struct tls_files files = {.ca = certs_path("ca.pem"),
		.cert = certs_path("server.crt"),
		.key = certs_path("server.key"),
		.crl = certs_path("none.crl")};
	town.tls = tls_server_context(&files, &error);
	town.hub = open_hub(config);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	hub_free(town.hub);
	SSL_CTX_free(town.tls);
	event_free(town.pulse);
	event_base_free(town.base);
	buf_free(&town.got);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	return setup_with((struct hub_config){0});
}

static int setup_quick(void **state)
{
	(void)state;
	return setup_with((struct hub_config){.handshake_ms = 300, .heartbeat_ms = 50, .silence_ms = 200});
}

static int setup_few(void **state)
{
	(void)state;
	return setup_with((struct hub_config){.max_sessions_of_peer = 2, .max_sessions_of_gateway = 3, .max_outbox = 100000});
}

/* ---- clients ---- */

struct client {
	int fd;
	SSL_CTX *ctx;
	SSL *ssl;
	bool shaken, ended;
	char why[100]; /* what ended it, as OpenSSL says */
	struct buf got;
	SSL_SESSION *session;
};

static int connect_socket(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(hub_port(town.hub)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	return fd;
}

static struct client new_client(const char *name, SSL_SESSION *resume)
{
	struct client c = {.fd = connect_socket()};
	char cert[32], key[32], *error;
	snprintf(cert, sizeof cert, "%s.crt", name);
	snprintf(key, sizeof key, "%s.key", name);
	struct tls_files files = {.ca = certs_path("ca.pem"), .cert = certs_path(cert), .key = certs_path(key)};
	c.ctx = tls_client_context(&files, &error);
	assert_non_null(c.ctx);
	c.ssl = SSL_new(c.ctx);
	SSL_set_fd(c.ssl, c.fd);
	SSL_set_connect_state(c.ssl);
	if (resume)
		SSL_set_session(c.ssl, resume);
	buf_init(&c.got, 4 << 20);
	return c;
}

static void end_client(struct client *c)
{
	SSL_set_shutdown(c->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(c->ssl);
	SSL_CTX_free(c->ctx);
	SSL_SESSION_free(c->session);
	if (c->fd >= 0)
		close(c->fd);
	buf_free(&c->got);
}

/* One step of a client: handshake, then reading all there is. */
static void step(struct client *c)
{
	ERR_clear_error();
	if (!c->shaken) {
		int rc = SSL_do_handshake(c->ssl);
		if (rc != 1) {
			int why = SSL_get_error(c->ssl, rc);
			c->ended = why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE;
			return;
		}
		c->shaken = true;
	}
	char bytes[16384];
	int n;
	while ((n = SSL_read(c->ssl, bytes, sizeof bytes)) > 0)
		buf_append(&c->got, bytes, (size_t)n);
	c->ended = SSL_get_error(c->ssl, n) != SSL_ERROR_WANT_READ;
}

static void note_why(struct client *c)
{
	unsigned long code = ERR_peek_last_error();
	const char *why = code ? ERR_reason_error_string(code) : "";
	snprintf(c->why, sizeof c->why, "%s", why ? why : "");
}

static void turn(struct client *c)
{
	event_base_loop(town.base, EVLOOP_ONCE);
	if (c && !c->ended) {
		step(c);
		if (c->ended)
			note_why(c);
	}
}

/* Runs server and client until the condition holds. */
#define UNTIL(client, condition)                                                                                                           \
	do {                                                                                                                               \
		int64_t give_up = clock_boot_ms() + PATIENCE_MS;                                                                           \
		while (!(condition)) {                                                                                                     \
			if (clock_boot_ms() > give_up)                                                                                     \
				fail_msg("never came true: %s", #condition);                                                               \
			turn(client);                                                                                                      \
		}                                                                                                                          \
	} while (0)

#define NOBODY ((struct client *)NULL)

static void client_write(struct client *c, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	int64_t give_up = clock_boot_ms() + PATIENCE_MS;
	while (n) {
		ERR_clear_error();
		int rc = SSL_write(c->ssl, p, n > 16384 ? 16384 : (int)n);
		if (rc > 0) {
			p += rc;
			n -= (size_t)rc;
		} else if (SSL_get_error(c->ssl, rc) != SSL_ERROR_WANT_WRITE || clock_boot_ms() > give_up) {
			return; /* the server has closed */
		} else {
			event_base_loop(town.base, EVLOOP_ONCE);
		}
	}
}

static void client_send(struct client *c, const char *text)
{
	uint8_t bytes[1000];
	size_t n = strlen(text);
	frame_put_header(bytes, n);
	memcpy(bytes + FRAME_HEADER, text, n);
	client_write(c, bytes, FRAME_HEADER + n);
}

/* Has the client received exactly this frame, first in its queue? Takes it. */
static bool take_frame(struct client *c, const char *text)
{
	size_t len;
	if (frame_peek(c->got.data, c->got.len, FRAME_MAX, &len) != FRAME_OK)
		return false;
	assert_int_equal(len, strlen(text));
	assert_memory_equal(c->got.data + FRAME_HEADER, text, len);
	memmove(c->got.data, c->got.data + FRAME_HEADER + len, c->got.len - FRAME_HEADER - len);
	c->got.len -= FRAME_HEADER + len;
	return true;
}

/* ---- tests ---- */

static void test_echo(void **state)
{
	(void)state;
	town.echo = true;
	struct client c = new_client("t1", NULL);
	UNTIL(&c, town.opened == 1 && c.shaken);
	assert_int_equal(hub_sessions(town.hub), 1);
	assert_non_null(strstr(hub_session_subject(town.last), "terminal:t1 127.0.0.1:"));
	client_send(&c, "起動しない");
	UNTIL(&c, take_frame(&c, "起動しない"));
	/* several frames in one packet, and one frame byte by byte */
	struct buf two;
	buf_init(&two, 1000);
	for (int i = 0; i < 3; i++) {
		uint8_t header[FRAME_HEADER];
		frame_put_header(header, 2);
		buf_append(&two, header, FRAME_HEADER);
		buf_puts(&two, i == 0 ? "aa" : i == 1 ? "bb" : "cc");
	}
	client_write(&c, two.data, two.len);
	for (size_t i = 0; i < two.len; i++) {
		client_write(&c, two.data + i, 1);
		event_base_loop(town.base, EVLOOP_NONBLOCK);
	}
	UNTIL(&c, town.frames == 7);
	assert_string_equal(buf_str(&town.got), "起動しない|aa|bb|cc|aa|bb|cc|");
	buf_free(&two);
	shutdown(c.fd, SHUT_RDWR);
	UNTIL(NOBODY, town.closed == 1);
	assert_int_equal(town.bye, HUB_BYE_PEER);
	assert_int_equal(hub_sessions(town.hub), 0);
	end_client(&c);
}

static void test_large(void **state)
{
	(void)state;
	town.echo = true;
	struct client c = new_client("t1", NULL);
	UNTIL(&c, town.opened == 1 && c.shaken);
	uint8_t *bytes = malloc(FRAME_HEADER + FRAME_MAX);
	memset(bytes, 'x', FRAME_HEADER + FRAME_MAX);
	frame_put_header(bytes, FRAME_MAX);
	client_write(&c, bytes, FRAME_HEADER + FRAME_MAX);
	client_write(&c, bytes, FRAME_HEADER + FRAME_MAX);
	UNTIL(&c, c.got.len == 2 * (FRAME_HEADER + FRAME_MAX));
	assert_int_equal(town.bytes, 2 * FRAME_MAX);
	assert_int_equal(town.closed, 0);
	free(bytes);
	end_client(&c);
}

static void check_malformed(const char *what, size_t n, bool cut)
{
	struct client c = new_client("t1", NULL);
	int closed = town.closed;
	UNTIL(&c, town.last && c.shaken);
	client_write(&c, what, n);
	if (cut)
		shutdown(c.fd, SHUT_WR);
	UNTIL(&c, town.closed == closed + 1);
	assert_int_equal(town.bye, HUB_BYE_MALFORMED);
	UNTIL(&c, c.ended);
	end_client(&c);
}

static void test_malformed(void **state)
{
	(void)state;
	check_malformed("\0\0\0\0", 4, false);                /* empty */
	check_malformed("\0\1\0\1", 4, false);                /* one byte too long */
	check_malformed("GET / HTTP/1.1\r\n\r\n", 18, false); /* somebody else's protocol */
	check_malformed("\0\0\0\5abc", 7, true);              /* cut short */
	check_malformed("\0\0", 2, true);
	town.hello = false;
	check_malformed("\0\0\x10\1", 4, false); /* 4097 bytes before the hello */
	assert_int_equal(town.frames, 0);
}

static void test_refused_by_owner(void **state)
{
	(void)state;
	town.refuse = true;
	struct client c = new_client("t1", NULL);
	UNTIL(&c, c.ended);
	assert_true(take_frame(&c, "no"));
	assert_int_equal(town.closed, 0);
	assert_int_equal(hub_sessions(town.hub), 0);
	end_client(&c);
}

/* What was queued before the close arrives, what came after does not, and what the peer still sends breaks nothing. */
static void test_close_flushes(void **state)
{
	(void)state;
	town.close_on_frame = true;
	struct client c = new_client("t1", NULL);
	UNTIL(&c, town.opened == 1 && c.shaken);
	client_send(&c, "one");
	client_send(&c, "two");
	UNTIL(NOBODY, town.closed == 1);
	client_send(&c, "three");
	UNTIL(&c, c.ended);
	assert_int_equal(SSL_get_shutdown(c.ssl) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
	assert_true(take_frame(&c, "bye"));
	assert_int_equal(c.got.len, 0);
	assert_int_equal(town.frames, 1);
	assert_int_equal(town.bye, HUB_BYE_OWNER);
	end_client(&c);
}

/* Turned away, and told why in an alert, though its own first frame is on the way already. */
static void check_stranger(const char *name, const char *why)
{
	struct client c = new_client(name, NULL);
	while (!c.shaken)
		turn(&c);
	client_send(&c, "hello");
	UNTIL(&c, c.ended);
	assert_string_equal(c.why, why);
	assert_int_equal(town.opened, 0);
	end_client(&c);
}

static void test_strangers(void **state)
{
	(void)state;
	check_stranger("foreign", "tlsv1 alert unknown ca");
	check_stranger("nouri", "sslv3 alert unsupported certificate");
	check_stranger("server", "sslv3 alert unsupported certificate");
	int fd = connect_socket();
	assert_int_equal(send(fd, "hello?\r\n", 8, MSG_NOSIGNAL), 8);
	char c;
	UNTIL(NOBODY, recv(fd, &c, 1, 0) == 0 || c != 0);
	close(fd);
	assert_int_equal(town.opened, 0);
}

static void test_expired_is_let_in(void **state)
{
	(void)state;
	struct client c = new_client("expired", NULL);
	UNTIL(&c, town.opened == 1);
	assert_true(hub_session_peer(town.last)->expired);
	end_client(&c);
}

/* A line that broke without a word does not keep the peer from resuming. */
static void test_resume_after_break(void **state)
{
	(void)state;
	town.echo = true;
	struct client c = new_client("t1", NULL);
	UNTIL(&c, town.opened == 1 && c.shaken);
	client_send(&c, "x");
	UNTIL(&c, take_frame(&c, "x")); /* the ticket came before it */
	SSL_SESSION *session = SSL_get1_session(c.ssl);
	assert_true(SSL_SESSION_is_resumable(session));
	struct linger hard = {.l_onoff = 1};
	setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
	close(c.fd); /* a reset */
	c.fd = -1;
	UNTIL(NOBODY, town.closed == 1);
	struct client d = new_client("t1", session);
	UNTIL(&d, town.opened == 2 && d.shaken);
	assert_true(SSL_session_reused(d.ssl));
	assert_string_equal(hub_session_peer(town.last)->id, "t1");
	SSL_SESSION_free(session);
	end_client(&c);
	end_client(&d);
}

static void test_recheck(void **state)
{
	(void)state;
	char *error;
	town.echo = true;
	struct client c = new_client("t1", NULL), d = new_client("gone", NULL);
	UNTIL(&c, town.opened >= 1 && c.shaken);
	UNTIL(&d, town.opened == 2 && d.shaken);
	client_send(&d, "x");
	UNTIL(&d, take_frame(&d, "x"));
	SSL_SESSION *session = SSL_get1_session(d.ssl);
	assert_true(tls_reload_crl(town.tls, certs_path("gone.crl"), &error));
	hub_recheck(town.hub);
	UNTIL(&d, d.ended);
	UNTIL(&c, town.closed == 1);
	assert_int_equal(town.bye, HUB_BYE_REVOKED);
	assert_int_equal(hub_sessions(town.hub), 1);
	/* coming back with the ticket helps nothing, and it hears why */
	end_client(&d);
	d = new_client("gone", session);
	UNTIL(&d, d.ended);
	assert_string_equal(d.why, "sslv3 alert certificate revoked");
	assert_int_equal(town.opened, 2);
	SSL_SESSION_free(session);
	end_client(&c);
	end_client(&d);
}

/* Clients come and go at random while the owner closes some: for the sanitizers. */
static void test_churn(void **state)
{
	(void)state;
	enum { MANY = 12 };
	struct client c[MANY] = {0};
	uint32_t x = 7;
	town.echo = true;
	for (int round = 0; round < 400; round++) {
		x = x * 1664525u + 1013904223u;
		struct client *one = &c[(x >> 8) % MANY];
		if (!one->ssl) {
			*one = new_client((x >> 20) % 5 ? "t1" : "foreign", NULL);
		} else if (one->shaken && (x >> 16) % 3 == 0) {
			client_write(one, "\0\0\0\2ab\0\0\0\1", (x >> 24) % 12);
		} else if ((x >> 16) % 4 == 0) {
			end_client(one);
			one->ssl = NULL;
		}
		if (town.last && (x >> 12) % 16 == 0) {
			send_text(town.last, "goodbye");
			hub_session_close(town.last, HUB_BYE_OWNER);
			hub_session_close(town.last, HUB_BYE_OWNER);
		}
		turn(one->ssl ? one : NULL);
	}
	for (int i = 0; i < MANY; i++)
		if (c[i].ssl)
			end_client(&c[i]);
	UNTIL(NOBODY, town.closed == town.opened);
	assert_int_equal(hub_sessions(town.hub), 0);
	assert_in_range(town.opened, 5, 400);
}

static void test_too_many_of_one(void **state)
{
	(void)state;
	struct client c[3], g[4], other;
	for (int i = 0; i < 2; i++) {
		c[i] = new_client("t1", NULL);
		UNTIL(&c[i], town.opened == i + 1 && c[i].shaken);
	}
	c[2] = new_client("t1", NULL);
	UNTIL(&c[2], c[2].ended);
	assert_int_equal(town.opened, 2);
	other = new_client("expired", NULL);
	UNTIL(&other, town.opened == 3);
	for (int i = 0; i < 3; i++) { /* gateways carry many people, and have a limit of their own */
		g[i] = new_client("gateway", NULL);
		UNTIL(&g[i], town.opened == 4 + i && g[i].shaken);
	}
	g[3] = new_client("gateway", NULL);
	UNTIL(&g[3], g[3].ended);
	assert_int_equal(town.opened, 6);
	for (int i = 0; i < 4; i++)
		end_client(&g[i]);
	UNTIL(NOBODY, town.closed == 3);
	/* a place that was left is free again */
	end_client(&c[0]);
	UNTIL(NOBODY, town.closed == 4);
	end_client(&c[2]);
	c[2] = new_client("t1", NULL);
	UNTIL(&c[2], town.opened == 7);
	end_client(&c[1]);
	end_client(&c[2]);
	end_client(&other);
}

/* One that does not read leaves; one that reads gets every byte. */
static void test_slow_reader(void **state)
{
	(void)state;
	struct client slow = new_client("t1", NULL), quick = new_client("expired", NULL);
	UNTIL(&slow, town.opened >= 1 && slow.shaken);
	struct hub_session *to_slow = town.last;
	UNTIL(&quick, town.opened == 2 && quick.shaken);
	struct hub_session *to_quick = town.last;
	static char text[60000];
	memset(text, 'n', sizeof text);
	struct hub_frame *f = frame_of(text, sizeof text);
	size_t sent = 0;
	while (!town.closed) {
		assert_in_range(hub_session_outbox(to_slow), 0, 100000);
		hub_session_send(to_slow, f);
		hub_session_send(to_quick, f);
		sent += hub_frame_len(f);
		quick.got.len = 0;
		int64_t give_up = clock_boot_ms() + PATIENCE_MS;
		do {
			event_base_loop(town.base, EVLOOP_ONCE);
			step(&quick);
			assert_true(clock_boot_ms() < give_up);
		} while (quick.got.len < hub_frame_len(f));
	}
	assert_int_equal(town.bye, HUB_BYE_SLOW);
	assert_in_range(sent, 100000, 50 << 20); /* what the kernel's buffers took is beyond us, but bounded */
	assert_int_equal(hub_sessions(town.hub), 1);
	hub_frame_unref(f);
	end_client(&slow);
	end_client(&quick);
}

static void test_heartbeats(void **state)
{
	(void)state;
	struct client c = new_client("t1", NULL);
	UNTIL(&c, town.opened == 1 && c.shaken);
	int64_t began = clock_boot_ms();
	while (town.beats < 20) { /* answered, the session outlives the limit of silence many times */
		UNTIL(&c, take_frame(&c, "ping"));
		client_send(&c, "pong");
	}
	assert_in_range(clock_boot_ms() - began, 600, PATIENCE_MS);
	assert_int_equal(town.closed, 0);
	/* now it only listens */
	began = clock_boot_ms();
	UNTIL(&c, town.closed == 1);
	assert_int_equal(town.bye, HUB_BYE_SILENT);
	assert_in_range(clock_boot_ms() - began, 100, 2000);
	end_client(&c);
}

static void test_no_hello(void **state)
{
	(void)state;
	town.hello = false;
	struct client c = new_client("t1", NULL);
	UNTIL(&c, town.opened == 1 && c.shaken);
	while (!town.closed) { /* talks, but never says hello */
		client_send(&c, "x");
		UNTIL(&c, true);
		event_base_loop(town.base, EVLOOP_ONCE);
	}
	assert_int_equal(town.bye, HUB_BYE_SILENT);
	assert_int_equal(town.beats, 0);
	end_client(&c);
}

static void test_silent_handshake(void **state)
{
	(void)state;
	int fd = connect_socket();
	char c = 1;
	int64_t began = clock_boot_ms();
	UNTIL(NOBODY, recv(fd, &c, 1, 0) == 0);
	assert_in_range(clock_boot_ms() - began, 200, 5000);
	assert_int_equal(town.opened, 0);
	close(fd);
}

static void test_frame_count(void **state)
{
	(void)state;
	struct hub_frame *f = frame_of("x", 1);
	assert_ptr_equal(hub_frame_ref(f), f);
	hub_frame_unref(f);
	assert_int_equal(hub_frame_len(f), 5);
	hub_frame_unref(f);
	hub_frame_unref(NULL);
	for (int b = HUB_BYE_PEER; b <= HUB_BYE_REVOKED; b++)
		assert_string_not_equal(hub_bye_name((enum hub_bye)b), "?");
}

static void test_port_in_use(void **state)
{
	(void)state;
	char *error;
	struct hub_config config = {.address = "127.0.0.1", .port = hub_port(town.hub), .tls = town.tls};
	struct hub_events events = {on_open, on_frame, on_close, on_heartbeat, NULL};
	assert_null(hub_new(town.base, &config, &events, NULL, &error));
	assert_non_null(strstr(error, "is in use"));
	free(error);
	config.address = "192.0.2.1";
	assert_null(hub_new(town.base, &config, &events, NULL, &error));
	assert_non_null(strstr(error, "192.0.2.1"));
	free(error);
	config.address = "not an address";
	assert_null(hub_new(town.base, &config, &events, NULL, &error));
	assert_non_null(strstr(error, "not an address"));
	free(error);
}

/* Out of descriptors: the hub waits without spinning, serves those it has, and accepts again when there is room. */
static void test_no_descriptors(void **state)
{
	(void)state;
	town.echo = true;
	struct client c = new_client("t1", NULL);
	UNTIL(&c, town.opened == 1 && c.shaken);
	struct client d = new_client("expired", NULL);
	struct rlimit old, few;
	getrlimit(RLIMIT_NOFILE, &old);
	int next = dup(0);
	close(next);
	few = old;
	few.rlim_cur = (rlim_t)next;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	client_send(&c, "still here");
	UNTIL(&c, take_frame(&c, "still here"));
	int64_t began = clock_boot_ms();
	int turns = 0;
	for (; clock_boot_ms() - began < 150; turns++)
		event_base_loop(town.base, EVLOOP_ONCE);
	assert_in_range(turns, 1, 150); /* the pulse makes one each 2 ms */
	assert_int_equal(town.opened, 1);
	setrlimit(RLIMIT_NOFILE, &old);
	UNTIL(&d, town.opened == 2 && d.shaken);
	end_client(&c);
	end_client(&d);
}

/* Strangers who connect and say nothing take every place for handshakes; still somebody honest gets in before their time is up. */
static void test_flood(void **state)
{
	(void)state;
	enum { MANY = 700 };
	static int fds[MANY];
	struct rlimit old, more;
	getrlimit(RLIMIT_NOFILE, &old);
	more = old;
	more.rlim_cur = 2 * MANY + 100;
	if (setrlimit(RLIMIT_NOFILE, &more) != 0)
		skip();
	int64_t began = clock_boot_ms();
	for (int i = 0; i < MANY; i++)
		fds[i] = connect_socket();
	struct client c = new_client("t1", NULL);
	UNTIL(&c, town.opened == 1 && c.shaken);
	assert_in_range(clock_boot_ms() - began, 1000, 8000);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
	end_client(&c);
	UNTIL(NOBODY, town.closed == 1);
	setrlimit(RLIMIT_NOFILE, &old);
}

/* hub_free tells each session's owner, and the last frame still leaves. */
static void test_stop(void **state)
{
	(void)state;
	struct client c = new_client("t1", NULL);
	UNTIL(&c, town.opened == 1 && c.shaken);
	send_text(town.last, "the server stops");
	hub_free(town.hub);
	town.hub = NULL;
	assert_int_equal(town.closed, 1);
	assert_int_equal(town.bye, HUB_BYE_STOP);
	UNTIL(&c, c.ended);
	assert_true(take_frame(&c, "the server stops"));
	end_client(&c);
}

static int make_certs(void **state)
{
	(void)state;
	struct certs_ca other;
	log_set_level(LOG_ERROR);
	signal(SIGPIPE, SIG_IGN);
	certs_ca_make(&ca, "ca");
	certs_make(&ca, "server", "URI:urn:renraku:server:s1,IP:127.0.0.1", -60, DAY);
	certs_make(&ca, "t1", "URI:urn:renraku:terminal:t1", -60, DAY);
	certs_make(&ca, "gone", "URI:urn:renraku:terminal:t3", -60, DAY);
	certs_make(&ca, "expired", "URI:urn:renraku:terminal:t2", -3600, -60);
	certs_make(&ca, "gateway", "URI:urn:renraku:gateway:web1", -60, DAY);
	certs_make(&ca, "nouri", NULL, -60, DAY);
	certs_ca_make(&other, "other");
	certs_make(&other, "foreign", "URI:urn:renraku:terminal:t1", -60, DAY);
	certs_ca_free(&other);
	certs_crl(&ca, "none", NULL, DAY);
	certs_crl(&ca, "gone", "gone", DAY);
	return 0;
}

static int free_certs(void **state)
{
	(void)state;
	certs_ca_free(&ca);
	return 0;
}

#define TEST(name, with) cmocka_unit_test_setup_teardown(name, with, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_echo, setup),
		TEST(test_large, setup),
		TEST(test_malformed, setup),
		TEST(test_refused_by_owner, setup),
		TEST(test_close_flushes, setup),
		TEST(test_strangers, setup),
		TEST(test_expired_is_let_in, setup),
		TEST(test_resume_after_break, setup),
		TEST(test_recheck, setup),
		TEST(test_churn, setup),
		TEST(test_too_many_of_one, setup_few),
		TEST(test_slow_reader, setup_few),
		TEST(test_heartbeats, setup_quick),
		TEST(test_no_hello, setup_quick),
		TEST(test_silent_handshake, setup_quick),
		TEST(test_frame_count, setup),
		TEST(test_port_in_use, setup),
		TEST(test_no_descriptors, setup),
		TEST(test_flood, setup),
		TEST(test_stop, setup),
	};
	return cmocka_run_group_tests(tests, make_certs, free_certs);
}
