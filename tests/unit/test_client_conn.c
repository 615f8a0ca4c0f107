/*
 * The connection against a server that is played by a child process: over a Unix socket, and over TLS.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "lib/conn.h"
#include "lib/rows.h"
#include "unit/certs.h"
#include "wire/codec.h"
#include "wire/frame.h"
#include "wire/tls.h"

#define ID "00000000-0000-4000-8000-000000000001"

static char dir[64], token[96], path[96];
static struct certs_ca ca, other;

/* ---- the other side ---- */

struct side {
	int fd;
	SSL *ssl;
};

static void side_read(struct side *s, void *out, size_t n)
{
	char *at = out;
	while (n) {
		ssize_t got = s->ssl ? SSL_read(s->ssl, at, (int)n) : read(s->fd, at, n);
		if (got <= 0)
			_exit(0);
		at += got;
		n -= (size_t)got;
	}
}

static void side_write(struct side *s, const void *data, size_t n)
{
	ssize_t sent = s->ssl ? SSL_write(s->ssl, data, (int)n) : write(s->fd, data, n);
	if (sent != (ssize_t)n)
		_exit(0);
}

static Renraku__ClientFrame *side_next(struct side *s, struct arena *a)
{
	uint8_t head[4], *body;
	Renraku__ClientFrame *f;
	side_read(s, head, 4);
	size_t len = (size_t)head[2] << 8 | head[3];
	body = xmalloc(len + 1);
	side_read(s, body, len);
	if (codec_unpack_client(a, body, len, &f) != CODEC_OK)
		_exit(1);
	free(body);
	return f;
}

static void side_send(struct side *s, Renraku__ServerFrame *f)
{
	struct buf b;
	buf_init(&b, 1u << 17);
	if (!codec_pack_server(&b, f))
		_exit(1);
	side_write(s, b.data, b.len);
	buf_free(&b);
}

static void send_ping(struct side *s)
{
	Renraku__Ping ping = RENRAKU__PING__INIT;
	Renraku__ServerFrame f = RENRAKU__SERVER_FRAME__INIT;
	f.body_case = RENRAKU__SERVER_FRAME__BODY_PING;
	f.ping = &ping;
	ping.nonce = 5;
	side_send(s, &f);
}

static void send_welcome(struct side *s, uint64_t ref, const char *person)
{
	Renraku__Welcome w = RENRAKU__WELCOME__INIT;
	Renraku__ServerFrame f = RENRAKU__SERVER_FRAME__INIT;
	f.ref = ref;
	f.body_case = RENRAKU__SERVER_FRAME__BODY_WELCOME;
	f.welcome = &w;
	w.principal = (char *)(uintptr_t) "terminal:t1";
	w.person = (char *)(uintptr_t)person;
	side_send(s, &f);
}

static void send_refusal(struct side *s, uint64_t ref, const char *code, uint32_t retry)
{
	Renraku__Refusal r = RENRAKU__REFUSAL__INIT;
	Renraku__ServerFrame f = RENRAKU__SERVER_FRAME__INIT;
	f.ref = ref;
	f.body_case = RENRAKU__SERVER_FRAME__BODY_REFUSAL;
	f.refusal = &r;
	r.code = (char *)(uintptr_t)code;
	r.text = (char *)(uintptr_t) "だめです";
	r.retry_after_ms = retry;
	side_send(s, &f);
}

static void send_token(struct side *s)
{
	Renraku__Token t = RENRAKU__TOKEN__INIT;
	Renraku__ServerFrame f = RENRAKU__SERVER_FRAME__INIT;
	f.body_case = RENRAKU__SERVER_FRAME__BODY_TOKEN;
	f.token = &t;
	t.token = (char *)(uintptr_t) "secret-token";
	side_send(s, &f);
}

static void send_bye(struct side *s)
{
	Renraku__Bye b = RENRAKU__BYE__INIT;
	Renraku__ServerFrame f = RENRAKU__SERVER_FRAME__INIT;
	f.body_case = RENRAKU__SERVER_FRAME__BODY_BYE;
	f.bye = &b;
	b.code = (char *)(uintptr_t) "SERVER_UNREACHABLE";
	b.text = (char *)(uintptr_t) "届きません";
	side_send(s, &f);
}

static void send_result(struct side *s, uint64_t ref, const char *id)
{
	Renraku__Result r = RENRAKU__RESULT__INIT;
	Renraku__ServerFrame f = RENRAKU__SERVER_FRAME__INIT;
	f.ref = ref;
	f.body_case = RENRAKU__SERVER_FRAME__BODY_RESULT;
	f.result = &r;
	r.id = (char *)(uintptr_t)id;
	r.outcome = RENRAKU__OUTCOME__ACCEPTED;
	r.incident = 4;
	side_send(s, &f);
}

static void send_view(struct side *s, uint64_t ref, bool complete)
{
	Renraku__ViewUpdate u = RENRAKU__VIEW_UPDATE__INIT;
	Renraku__TownRow t = RENRAKU__TOWN_ROW__INIT;
	Renraku__Row r = RENRAKU__ROW__INIT, *rows[] = {&r};
	Renraku__ServerFrame f = RENRAKU__SERVER_FRAME__INIT;
	f.ref = ref;
	f.body_case = RENRAKU__SERVER_FRAME__BODY_VIEW;
	f.view = &u;
	u.view = RENRAKU__VIEW__VIEW_BOARD;
	u.snapshot = !complete;
	u.complete = complete;
	u.n_rows = 1;
	u.rows = rows;
	r.key = (char *)(uintptr_t)(complete ? "b" : "a");
	r.body_case = RENRAKU__ROW__BODY_TOWN;
	r.town = &t;
	side_send(s, &f);
}

/* Answers for as long as the client stays: each ping must have been answered before the next request is. */
static void polite(struct side *s)
{
	bool pinged = false;
	for (;;) {
		struct arena *a = arena_new(FRAME_ARENA_MAX);
		Renraku__ClientFrame *f = side_next(s, a);
		if (f->body_case == RENRAKU__CLIENT_FRAME__BODY_PONG) {
			pinged = false;
			arena_free(a);
			continue;
		}
		if (pinged)
			_exit(2);
		if (f->body_case == RENRAKU__CLIENT_FRAME__BODY_HELLO) {
			send_welcome(s, f->ref, "");
		} else if (f->body_case == RENRAKU__CLIENT_FRAME__BODY_SIGN_IN) {
			if (strcmp(f->sign_in->password, "good") != 0)
				send_refusal(s, f->ref, "BAD_PASSWORD", 500);
			else
				send_welcome(s, f->ref, f->sign_in->person), send_token(s);
		} else if (f->body_case == RENRAKU__CLIENT_FRAME__BODY_RESUME) {
			if (strcmp(f->resume->token, "secret-token") != 0)
				send_refusal(s, f->ref, "TOKEN_UNKNOWN", 0);
			else
				send_welcome(s, f->ref, "p_tanaka");
		} else if (f->body_case == RENRAKU__CLIENT_FRAME__BODY_SIGN_OUT) {
			send_welcome(s, f->ref, "");
		} else if (f->body_case == RENRAKU__CLIENT_FRAME__BODY_SUBSCRIBE) {
			send_view(s, f->ref, false);
			send_view(s, 0, true);
		} else if (f->body_case == RENRAKU__CLIENT_FRAME__BODY_COMMAND) {
			send_ping(s);
			pinged = true;
			send_result(s, 999, "another");
			send_result(s, f->ref, f->command->id);
		}
		arena_free(a);
	}
}

static uint64_t take_hello(struct side *s)
{
	struct arena *a = arena_new(FRAME_ARENA_MAX);
	uint64_t ref = side_next(s, a)->ref;
	arena_free(a);
	return ref;
}

static void send_notice(struct side *s, uint64_t id)
{
	Renraku__Notice n = RENRAKU__NOTICE__INIT;
	Renraku__ServerFrame f = RENRAKU__SERVER_FRAME__INIT;
	f.body_case = RENRAKU__SERVER_FRAME__BODY_NOTICE;
	f.notice = &n;
	n.id = id;
	side_send(s, &f);
}

/* A device hears of its terminal's notices before its person is resumed. Receipts and a ping come last. */
static void early(struct side *s)
{
	struct arena *a = arena_new(FRAME_ARENA_MAX);
	send_welcome(s, take_hello(s), "");
	send_notice(s, 1);
	send_notice(s, 2);
	Renraku__ClientFrame *f = side_next(s, a);
	send_welcome(s, f->ref, "p_tanaka");
	send_notice(s, 3);
	f = side_next(s, a);
	if (f->body_case != RENRAKU__CLIENT_FRAME__BODY_PING)
		_exit(3);
	Renraku__Pong pong = RENRAKU__PONG__INIT;
	Renraku__ServerFrame answer = RENRAKU__SERVER_FRAME__INIT;
	answer.body_case = RENRAKU__SERVER_FRAME__BODY_PONG;
	answer.pong = &pong;
	pong.nonce = f->ping->nonce;
	send_notice(s, 4);
	side_send(s, &answer);
	arena_free(a);
}

static void unreachable(struct side *s)
{
	send_bye(s);
}

static void mute(struct side *s)
{
	char c;
	while (read(s->fd, &c, 1) > 0)
		;
}

static void garbage(struct side *s)
{
	take_hello(s);
	side_write(s, "\0\0\0\7garbage", 11);
}

static void too_long(struct side *s)
{
	take_hello(s);
	side_write(s, "\1\0\0\0", 4);
}

static void cut_short(struct side *s)
{
	send_welcome(s, take_hello(s), "");
	side_write(s, "\0\0\0\7gar", 7);
}

static void silent_after_hello(struct side *s)
{
	send_welcome(s, take_hello(s), "");
	mute(s);
}

/* ---- playing ---- */

static pid_t child;

static void play(int listener, void (*role)(struct side *), SSL_CTX *ctx)
{
	child = fork();
	if (child)
		return;
	signal(SIGPIPE, SIG_IGN);
	struct side s = {.fd = accept(listener, NULL, NULL)};
	if (ctx) {
		s.ssl = SSL_new(ctx);
		SSL_set_fd(s.ssl, s.fd);
		if (SSL_accept(s.ssl) != 1) {
			/* Closing over bytes not read would reset the connection, and the alert that says why would be lost with it. */
			char rest[256];
			shutdown(s.fd, SHUT_WR);
			while (read(s.fd, rest, sizeof rest) > 0)
				;
			_exit(0);
		}
	}
	role(&s);
	_exit(0);
}

static void play_unix(void (*role)(struct side *))
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	unlink(path);
	snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(fd, 5), 0);
	play(fd, role, NULL);
	close(fd);
}

/* The child must not have found fault with us. */
static void over(void)
{
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static struct settings *at_agent(void)
{
	char text[512], *error = NULL;
	snprintf(text, sizeof text, "agent_socket: %s\ntoken: %s\nstate: %s\nconnect_ms: 2000\n", path, token, dir);
	struct settings *s = settings_parse(text, "t", &error);
	assert_non_null(s);
	return s;
}

static int64_t in(int ms)
{
	return clock_boot_ms() + ms;
}

static Renraku__Command *command(void)
{
	static Renraku__Withdraw w;
	static Renraku__Command c;
	renraku__withdraw__init(&w);
	renraku__command__init(&c);
	c.id = (char *)(uintptr_t)ID;
	c.act_case = RENRAKU__COMMAND__ACT_WITHDRAW;
	c.withdraw = &w;
	return &c;
}

/* ---- tests ---- */

static void through_the_agent(void **state)
{
	(void)state;
	struct settings *s = at_agent();
	struct conn_options o = {.program = "test"};
	struct conn_problem p;
	const Renraku__Result *r;
	play_unix(polite);
	struct conn *c = conn_open(s, &o, in(3000), &p);
	assert_non_null(c);
	assert_true(conn_by_agent(c));
	assert_false(conn_token_lapsed(c));
	assert_string_equal(conn_welcome(c)->principal, "terminal:t1");
	assert_int_equal(conn_command(c, command(), in(3000), &r, &p), CONN_OK);
	assert_int_equal(r->incident, 4);
	assert_int_equal(conn_command(c, command(), in(3000), &r, &p), CONN_OK);
	struct rows *rows = rows_fetch(c, RENRAKU__VIEW__VIEW_BOARD, 0, in(3000), &p);
	assert_non_null(rows);
	assert_int_equal(rows_count(rows), 2);
	rows_free(rows);
	conn_close(c);
	over();
	settings_free(s);
}

static void signing_in_and_out(void **state)
{
	(void)state;
	struct settings *s = at_agent();
	struct conn_options o = {.program = "test"};
	struct conn_problem p;
	struct stat st;
	play_unix(polite);
	struct conn *c = conn_open(s, &o, in(3000), &p);
	assert_non_null(c);
	assert_int_equal(conn_sign_in(c, "p_tanaka", "bad", in(3000), &p), CONN_REFUSED);
	assert_string_equal(p.code, "BAD_PASSWORD");
	assert_int_equal(p.retry_after_ms, 500);
	assert_string_equal(conn_problem_text(&p), "だめです");
	assert_int_not_equal(stat(token, &st), 0);
	assert_int_equal(conn_sign_in(c, "p_tanaka", "good", in(3000), &p), CONN_OK);
	assert_string_equal(conn_welcome(c)->person, "p_tanaka");
	assert_int_equal(stat(token, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	conn_close(c);
	over();

	play_unix(polite);
	c = conn_open(s, &o, in(3000), &p);
	assert_non_null(c);
	assert_string_equal(conn_welcome(c)->person, "p_tanaka"); /* resumed */
	assert_int_equal(conn_sign_out(c, false, in(3000), &p), CONN_OK);
	assert_string_equal(conn_welcome(c)->person, "");
	assert_int_not_equal(stat(token, &st), 0);
	conn_close(c);
	over();

	FILE *f = fopen(token, "w");
	fputs("an old one\n", f);
	fclose(f);
	play_unix(polite);
	c = conn_open(s, &o, in(3000), &p);
	assert_non_null(c);
	assert_true(conn_token_lapsed(c));
	assert_int_not_equal(stat(token, &st), 0);
	conn_close(c);
	over();
	settings_free(s);
}

/* None is lost while the session is resumed or while the connection waits for a pong; they come in their order. */
static void notices_before_the_second_welcome(void **state)
{
	(void)state;
	struct settings *s = at_agent();
	struct conn_options o = {.program = "test", .wants_notices = true};
	struct conn_problem p;
	const Renraku__ServerFrame *f;
	FILE *file = fopen(token, "w");
	fputs("secret-token\n", file);
	fclose(file);
	play_unix(early);
	struct conn *c = conn_open(s, &o, in(3000), &p);
	assert_non_null(c);
	assert_string_equal(conn_welcome(c)->person, "p_tanaka");
	assert_true(conn_pending(c));
	assert_int_equal(conn_flush(c, in(3000), &p), CONN_OK);
	for (uint64_t id = 1; id <= 4; id++) {
		assert_int_equal(conn_next(c, in(3000), &f, &p), CONN_OK);
		assert_int_equal(f->body_case, RENRAKU__SERVER_FRAME__BODY_NOTICE);
		assert_int_equal(f->notice->id, id);
	}
	assert_int_equal(conn_next(c, in(3000), &f, &p), CONN_CLOSED);
	conn_close(c);
	over();
	settings_free(s);
	unlink(token);
}

/* Opening fails with the right error and a sentence in both languages. */
static void fails(void (*role)(struct side *), enum conn_error expected, const char *code)
{
	struct settings *s = at_agent();
	struct conn_options o = {.program = "test"};
	struct conn_problem p;
	s->connect_ms = 300;
	play_unix(role);
	assert_null(conn_open(s, &o, in(3000), &p));
	assert_int_equal(p.error, expected);
	assert_string_equal(p.code, code);
	assert_true(*p.ja && *p.en);
	over();
	settings_free(s);
}

static void no_good_server(void **state)
{
	(void)state;
	fails(unreachable, CONN_UNREACHABLE, "SERVER_UNREACHABLE");
	fails(mute, CONN_UNREACHABLE, "SERVER_UNREACHABLE");
	fails(garbage, CONN_MALFORMED, "");
	fails(too_long, CONN_MALFORMED, "");
}

static void no_agent(void **state)
{
	(void)state;
	struct settings *s = at_agent();
	struct conn_options o = {.program = "test"};
	struct conn_problem p;
	unlink(path);
	assert_null(conn_open(s, &o, in(3000), &p));
	assert_int_equal(p.error, CONN_UNREACHABLE);
	assert_string_equal(p.code, "AGENT_DOWN");
	settings_free(s);
}

static void lost_on_the_way(void **state)
{
	(void)state;
	struct settings *s = at_agent();
	struct conn_options o = {.program = "test"};
	struct conn_problem p;
	const Renraku__Result *r;
	play_unix(cut_short);
	struct conn *c = conn_open(s, &o, in(3000), &p);
	assert_non_null(c);
	assert_int_equal(conn_command(c, command(), in(3000), &r, &p), CONN_CLOSED);
	assert_int_equal(conn_command(c, command(), in(3000), &r, &p), CONN_CLOSED); /* stays lost */
	conn_close(c);
	over();

	play_unix(silent_after_hello);
	c = conn_open(s, &o, in(3000), &p);
	assert_non_null(c);
	int64_t from = clock_boot_ms();
	assert_int_equal(conn_command(c, command(), in(200), &r, &p), CONN_TIMEOUT);
	assert_in_range((uint64_t)(clock_boot_ms() - from), 190, 2000);
	conn_close(c);
	over();
	settings_free(s);
}

/* ---- TLS ---- */

static uint16_t play_tls(const char *name, void (*role)(struct side *))
{
	struct tls_files files = {.ca = NULL};
	char cert[128], key[128], root[128], *error = NULL;
	snprintf(cert, sizeof cert, "%s.crt", name);
	snprintf(key, sizeof key, "%s.key", name);
	snprintf(cert, sizeof cert, "%s", certs_path(cert));
	snprintf(key, sizeof key, "%s", certs_path(key));
	snprintf(root, sizeof root, "%s", certs_path("ca.pem"));
	files.ca = root;
	files.cert = cert;
	files.key = key;
	SSL_CTX *ctx = tls_server_context(&files, &error);
	assert_non_null(ctx);
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(fd, 5), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	play(fd, role, ctx);
	close(fd);
	SSL_CTX_free(ctx);
	return ntohs(a.sin_port);
}

static struct settings *straight(uint16_t port, const char *client, const char *root)
{
	char text[1024], *error = NULL, file[64];
	int n = snprintf(text, sizeof text, "server: 127.0.0.1\nport: %u\ntoken: %s\nstate: %s\nconnect_ms: 2000\nca: %s\n", (unsigned)port,
		token, dir, certs_path(root));
	snprintf(file, sizeof file, "%s.crt", client);
	n += snprintf(text + n, sizeof text - (size_t)n, "cert: %s\n", certs_path(file));
	snprintf(file, sizeof file, "%s.key", client);
	snprintf(text + n, sizeof text - (size_t)n, "key: %s\n", certs_path(file));
	struct settings *s = settings_parse(text, "t", &error);
	assert_non_null(s);
	return s;
}

static void over_tls(void **state)
{
	(void)state;
	struct settings *s = straight(play_tls("server", polite), "t1", "ca.pem");
	struct conn_options o = {.program = "test"};
	struct conn_problem p;
	const Renraku__Result *r;
	struct conn *c = conn_open(s, &o, in(3000), &p);
	if (!c)
		fail_msg("%s", p.en);
	assert_false(conn_by_agent(c));
	for (int i = 0; i < 3; i++)
		assert_int_equal(conn_command(c, command(), in(3000), &r, &p), CONN_OK);
	conn_close(c);
	over();
	settings_free(s);
}

static void tls_fails(const char *server, const char *client, const char *root, const char *code)
{
	struct settings *s = straight(play_tls(server, polite), client, root);
	struct conn_options o = {.program = "test"};
	struct conn_problem p;
	assert_null(conn_open(s, &o, in(3000), &p));
	assert_int_equal(p.error, CONN_CONFIG);
	assert_string_equal(p.code, code);
	over();
	settings_free(s);
}

static void tls_unhappy(void **state)
{
	(void)state;
	tls_fails("server", "t1", "other.pem", "SERVER_CERTIFICATE");     /* another town's authority */
	tls_fails("server", "foreign", "ca.pem", "CERTIFICATE_REJECTED"); /* ours is another town's */
	tls_fails("elsewhere", "t1", "ca.pem", "SERVER_CERTIFICATE");     /* another host's name */
	tls_fails("posing", "t1", "ca.pem", "SERVER_CERTIFICATE");        /* a terminal that plays server */
}

static void nobody_listens(void **state)
{
	(void)state;
	struct settings *s = straight(1, "t1", "ca.pem");
	struct conn_options o = {.program = "test"};
	struct conn_problem p;
	assert_null(conn_open(s, &o, in(3000), &p));
	assert_int_equal(p.error, CONN_UNREACHABLE);
	free(s->key);
	s->key = xstrdup("/nowhere.key");
	assert_null(conn_open(s, &o, in(3000), &p));
	assert_int_equal(p.error, CONN_CONFIG);
	assert_non_null(strstr(p.ja, "/nowhere.key"));
	settings_free(s);
}

static int setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/renraku-conn-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(token, sizeof token, "%s/token", dir);
	snprintf(path, sizeof path, "%s/agent.sock", dir);
	certs_ca_make(&ca, "ca");
	certs_ca_make(&other, "other");
	certs_make(&ca, "server", "URI:urn:renraku:server:s1,IP:127.0.0.1", -60, 86400);
	certs_make(&ca, "elsewhere", "URI:urn:renraku:server:s2,DNS:elsewhere.example", -60, 86400);
	certs_make(&ca, "posing", "URI:urn:renraku:terminal:t9,IP:127.0.0.1", -60, 86400);
	certs_make(&ca, "t1", "URI:urn:renraku:terminal:t1", -60, 86400);
	certs_make(&other, "foreign", "URI:urn:renraku:terminal:t1", -60, 86400);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	certs_ca_free(&ca);
	certs_ca_free(&other);
	unlink(token);
	unlink(path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(through_the_agent),
		cmocka_unit_test(signing_in_and_out),
		cmocka_unit_test(notices_before_the_second_welcome),
		cmocka_unit_test(no_good_server),
		cmocka_unit_test(no_agent),
		cmocka_unit_test(lost_on_the_way),
		cmocka_unit_test(over_tls),
		cmocka_unit_test(tls_unhappy),
		cmocka_unit_test(nobody_listens),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
