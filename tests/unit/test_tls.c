#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/err.h>

#include "unit/certs.h"
#include "wire/tls.h"

static struct certs_ca ca, other;

#define DAY 86400

static int make_all(void **state)
{
	(void)state;
	certs_ca_make(&ca, "ca");
	certs_ca_make(&other, "other");
	certs_make(&ca, "server", "URI:urn:renraku:server:s1,IP:127.0.0.1,DNS:localhost", -60, DAY);
	certs_make(&ca, "t1", "URI:urn:renraku:terminal:t1", -60, DAY);
	certs_make(&ca, "expired", "URI:urn:renraku:terminal:t2", -3600, -60);
	certs_make(&ca, "early", "URI:urn:renraku:person:p1", 3600, DAY);
	certs_make(&ca, "gone", "URI:urn:renraku:terminal:t3", -60, DAY);
	certs_make(&ca, "nouri", "DNS:t1", -60, DAY);
	certs_make(&ca, "nosan", NULL, -60, DAY);
	certs_make(&ca, "two", "URI:urn:renraku:terminal:t1,URI:urn:renraku:person:p1", -60, DAY);
	certs_make(&ca, "strange", "URI:urn:renraku:mayor:t1", -60, DAY);
	certs_make(&ca, "colon", "URI:urn:renraku:terminal:t1:x", -60, DAY);
	certs_make(&other, "foreign", "URI:urn:renraku:terminal:t1", -60, DAY);
	certs_encrypt("t1", "ひみつ");
	certs_crl(&ca, "none", NULL, DAY);
	certs_crl(&ca, "gone", "gone", DAY);
	certs_crl(&ca, "old", "gone", -60);
	certs_crl(&other, "theirs", NULL, DAY);
	certs_write("junk", "not a PEM file\n");
	return 0;
}

static int free_all(void **state)
{
	(void)state;
	certs_ca_free(&ca);
	certs_ca_free(&other);
	return 0;
}

static SSL_CTX *server_context(const char *crl)
{
	char *error;
	struct tls_files files = {.ca = certs_path("ca.pem"),
		.cert = certs_path("server.crt"),
		.key = certs_path("server.key"),
		.crl = crl ? certs_path(crl) : NULL};
	SSL_CTX *ctx = tls_server_context(&files, &error);
	assert_non_null(ctx);
	assert_null(error);
	return ctx;
}

static SSL_CTX *client_context(const char *name)
{
	char *error, cert[32], key[32];
	snprintf(cert, sizeof cert, "%s.crt", name);
	snprintf(key, sizeof key, "%s.key", name);
	struct tls_files files = {.ca = certs_path("ca.pem"), .cert = certs_path(cert), .key = certs_path(key)};
	SSL_CTX *ctx = tls_client_context(&files, &error);
	assert_non_null(ctx);
	return ctx;
}

struct pair {
	SSL *server, *client;
	bool done; /* both sides finished */
};

/* A handshake between two ends joined in memory. */
static struct pair shake(SSL_CTX *server, SSL_CTX *client, const char *host, SSL_SESSION *resume)
{
	struct pair p = {.server = SSL_new(server), .client = SSL_new(client)};
	BIO *a, *b;
	assert_int_equal(BIO_new_bio_pair(&a, 0, &b, 0), 1);
	SSL_set_bio(p.server, a, a);
	SSL_set_bio(p.client, b, b);
	SSL_set_accept_state(p.server);
	SSL_set_connect_state(p.client);
	if (host)
		assert_true(tls_expect_host(p.client, host));
	if (resume)
		SSL_set_session(p.client, resume);
	int rc_server = 0, rc_client = 0;
	for (int i = 0; i < 20 && (rc_server != 1 || rc_client != 1); i++) {
		rc_client = SSL_do_handshake(p.client);
		rc_server = SSL_do_handshake(p.server);
	}
	p.done = rc_server == 1 && rc_client == 1;
	ERR_clear_error();
	return p;
}

static void part(struct pair *p)
{
	SSL_set_shutdown(p->server, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_set_shutdown(p->client, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(p->server);
	SSL_free(p->client);
}

/* The server's verdict on this client; "" for one of ours, with *peer. */
static const char *verdict(const char *name, const char *crl, struct tls_peer *peer)
{
	SSL_CTX *server = server_context(crl), *client = client_context(name);
	struct pair p = shake(server, client, "127.0.0.1", NULL);
	const char *why = "";
	if (!p.done)
		why = tls_peer_refusal(p.server);
	else if (tls_peer_of(p.server, peer, &why))
		why = "";
	part(&p);
	SSL_CTX_free(client);
	SSL_CTX_free(server);
	return why;
}

static void test_good(void **state)
{
	(void)state;
	struct tls_peer peer, server_peer;
	const char *why;
	SSL_CTX *server = server_context("none.crl"), *client = client_context("t1");
	struct pair p = shake(server, client, "localhost", NULL);
	assert_true(p.done);
	assert_true(tls_peer_of(p.server, &peer, &why));
	assert_int_equal(peer.who, TLS_TERMINAL);
	assert_string_equal(peer.id, "t1");
	assert_false(peer.expired);
	assert_true(tls_peer_of(p.client, &server_peer, &why));
	assert_int_equal(server_peer.who, TLS_SERVER);
	assert_string_equal(server_peer.id, "s1");
	assert_memory_not_equal(peer.fingerprint, server_peer.fingerprint, 32);
	assert_string_equal(SSL_get_version(p.server), "TLSv1.3");
	assert_string_equal(SSL_get_cipher(p.server), "TLS_AES_128_GCM_SHA256");
	part(&p);
	SSL_CTX_free(client);
	SSL_CTX_free(server);
}

static void test_out_of_time(void **state)
{
	(void)state;
	struct tls_peer peer;
	assert_string_equal(verdict("expired", NULL, &peer), "");
	assert_true(peer.expired);
	assert_string_equal(peer.id, "t2");
	assert_string_equal(verdict("early", NULL, &peer), "");
	assert_true(peer.expired);
	assert_int_equal(peer.who, TLS_PERSON);
}

static void test_refused(void **state)
{
	(void)state;
	struct tls_peer peer;
	assert_string_not_equal(verdict("foreign", NULL, &peer), "");
	assert_string_equal(verdict("gone", "none.crl", &peer), "");
	assert_string_equal(verdict("gone", "gone.crl", &peer), "certificate revoked");
	/* a list past its next update goes on being used, for and against */
	assert_string_equal(verdict("gone", "old.crl", &peer), "certificate revoked");
	assert_string_equal(verdict("t1", "old.crl", &peer), "");
	assert_string_equal(verdict("nouri", NULL, &peer), "the certificate carries no URI");
	assert_string_equal(verdict("nosan", NULL, &peer), "the certificate carries no URI");
	assert_string_equal(verdict("two", NULL, &peer), "the certificate carries more than one URI");
	assert_string_equal(verdict("strange", NULL, &peer), "the certificate's URI is not urn:renraku:KIND:ID");
	assert_string_equal(verdict("colon", NULL, &peer), "the certificate's URI is not urn:renraku:KIND:ID");
	assert_string_equal(verdict("server", NULL, &peer), "a server's certificate cannot be a client");
}

/* A client without a certificate, with an older protocol, or another application protocol. */
static void test_strangers(void **state)
{
	(void)state;
	struct tls_peer peer;
	const char *why;
	SSL_CTX *server = server_context(NULL);
	struct tls_files files = {.ca = certs_path("ca.pem")};
	char *error;
	SSL_CTX *client = tls_client_context(&files, &error);
	struct pair p = shake(server, client, NULL, NULL);
	assert_false(p.done);
	part(&p);
	SSL_CTX_free(client);

	client = client_context("t1");
	SSL_CTX_set_min_proto_version(client, TLS1_2_VERSION);
	SSL_CTX_set_max_proto_version(client, TLS1_2_VERSION);
	p = shake(server, client, NULL, NULL);
	assert_false(p.done);
	part(&p);

	SSL_CTX_set_max_proto_version(client, TLS1_3_VERSION);
	SSL_CTX_set_alpn_protos(client, (const unsigned char *)"\x02h2", 3);
	p = shake(server, client, NULL, NULL);
	assert_false(p.done);
	part(&p);

	SSL_CTX_set_alpn_protos(client, NULL, 0);
	p = shake(server, client, NULL, NULL);
	assert_true(p.done);
	assert_false(tls_peer_of(p.server, &peer, &why));
	assert_string_equal(why, "ALPN renraku/1 was not agreed on");
	part(&p);
	SSL_CTX_free(client);
	SSL_CTX_free(server);
}

static void test_wrong_server(void **state)
{
	(void)state;
	SSL_CTX *server = server_context(NULL), *client = client_context("t1");
	struct pair p = shake(server, client, "127.0.0.2", NULL);
	assert_false(p.done);
	assert_int_equal(SSL_get_verify_result(p.client), X509_V_ERR_IP_ADDRESS_MISMATCH);
	part(&p);
	p = shake(server, client, "example.jp", NULL);
	assert_false(p.done);
	assert_int_equal(SSL_get_verify_result(p.client), X509_V_ERR_HOSTNAME_MISMATCH);
	part(&p);
	SSL_CTX_free(server);

	/* a terminal that poses as the server */
	struct tls_files files = {.ca = certs_path("ca.pem"), .cert = certs_path("t1.crt"), .key = certs_path("t1.key")};
	char *error;
	server = tls_server_context(&files, &error);
	p = shake(server, client, NULL, NULL);
	assert_false(p.done);
	assert_string_equal(tls_peer_refusal(p.client), "the certificate is not a server's");
	part(&p);
	SSL_CTX_free(client);
	SSL_CTX_free(server);
}

/* Reads the ticket that follows the handshake and takes the session. */
static SSL_SESSION *session_of(struct pair *p)
{
	char c;
	assert_int_equal(SSL_read(p->client, &c, 1), -1);
	SSL_SESSION *s = SSL_get1_session(p->client);
	assert_true(SSL_SESSION_is_resumable(s));
	return s;
}

static void test_resumption(void **state)
{
	(void)state;
	struct tls_peer first, again;
	const char *why;
	char *error;
	SSL_CTX *server = server_context("none.crl"), *client = client_context("gone");
	struct pair p = shake(server, client, "127.0.0.1", NULL);
	assert_true(p.done && tls_peer_of(p.server, &first, &why));
	SSL_SESSION *session = session_of(&p);
	part(&p);

	p = shake(server, client, "127.0.0.1", session);
	assert_true(p.done && SSL_session_reused(p.server));
	assert_true(tls_peer_of(p.server, &again, &why));
	assert_memory_equal(&first, &again, sizeof first);
	SSL_SESSION_free(session);
	session = session_of(&p);
	part(&p);

	/* revoked meanwhile: the handshake is the old one's, the verdict is new */
	assert_false(tls_reload_crl(server, certs_path("theirs.crl"), &error));
	free(error);
	assert_true(tls_reload_crl(server, certs_path("gone.crl"), &error));
	p = shake(server, client, "127.0.0.1", session);
	assert_true(p.done && SSL_session_reused(p.server));
	assert_false(tls_peer_of(p.server, &again, &why));
	assert_string_equal(why, "the certificate was revoked");
	part(&p);
	SSL_SESSION_free(session);
	SSL_CTX_free(client);
	SSL_CTX_free(server);
}

static const char *say_wrong(void *arg)
{
	return arg;
}

static void check_error(struct tls_files files, const char *part_of_text)
{
	char *error = NULL;
	assert_null(tls_client_context(&files, &error));
	assert_non_null(error);
	if (!strstr(error, part_of_text))
		fail_msg("\"%s\" says nothing of \"%s\"", error, part_of_text);
	free(error);
}

static void test_bad_files(void **state)
{
	(void)state;
	struct tls_files good = {.ca = certs_path("ca.pem"), .cert = certs_path("t1.crt"), .key = certs_path("t1.key")}, bad;
	bad = good, bad.ca = "/nonexistent/ca.pem";
	check_error(bad, "/nonexistent/ca.pem");
	bad = good, bad.ca = certs_path("junk");
	check_error(bad, "junk");
	bad = good, bad.cert = certs_path("junk");
	check_error(bad, "junk");
	bad = good, bad.key = "/nonexistent/t1.key";
	check_error(bad, "No such file");
	bad = good, bad.key = certs_path("junk");
	check_error(bad, "junk");
	bad = good, bad.key = certs_path("gone.key");
	check_error(bad, "does not belong");
	bad = good, bad.crl = certs_path("junk");
	check_error(bad, "junk");
	bad = good, bad.crl = certs_path("theirs.crl");
	check_error(bad, "not signed by");
	bad = good, bad.key = certs_path("t1.enc");
	check_error(bad, "passphrase is needed");
	bad.passphrase = say_wrong, bad.passphrase_arg = (char *)"wrong";
	check_error(bad, "wrong passphrase");
	bad.passphrase_arg = (char *)"ひみつ";
	char *error;
	SSL_CTX *ctx = tls_client_context(&bad, &error);
	assert_non_null(ctx);
	SSL_CTX_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_out_of_time),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_wrong_server),
		cmocka_unit_test(test_resumption),
		cmocka_unit_test(test_bad_files),
	};
	return cmocka_run_group_tests(tests, make_all, free_all);
}
