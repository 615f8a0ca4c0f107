/* Who the peer is, and whether it is let in. */
#include "wire/tls_peer.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "wire/tls_trust.h"

#define URI_PREFIX "urn:renraku:"

/* ---- who the peer is ---- */

/* "urn:renraku:KIND:ID" */
static bool parse_uri(const char *uri, struct tls_peer *out)
{
	size_t n = strlen(URI_PREFIX);
	if (strncmp(uri, URI_PREFIX, n) != 0)
		return false;
	uri += n;
	for (enum tls_who who = TLS_TERMINAL; who <= TLS_SERVER; who++) {
		const char *name = tls_who_name(who);
		n = strlen(name);
		if (strncmp(uri, name, n) != 0 || uri[n] != ':')
			continue;
		const char *id = uri + n + 1;
		if (!text_id(id, sizeof out->id - 1) || strchr(id, ':'))
			return false;
		out->who = who;
		memcpy(out->id, id, strlen(id) + 1);
		return true;
	}
	return false;
}

/* The one URI of the certificate; *error says what is wrong with it otherwise. */
static bool read_identity(X509 *cert, struct tls_peer *out, const char **error)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	int uris = 0;
	bool good = false;
	for (int i = 0; names && i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		if (name->type != GEN_URI)
			continue;
		const ASN1_IA5STRING *s = name->d.uniformResourceIdentifier;
		char uri[128];
		uris++;
		if (s->length <= 0 || (size_t)s->length >= sizeof uri || memchr(s->data, '\0', (size_t)s->length))
			continue;
		memcpy(uri, s->data, (size_t)s->length);
		uri[s->length] = '\0';
		good = parse_uri(uri, out);
	}
	GENERAL_NAMES_free(names);
	if (uris != 1)
		*error = uris ? "the certificate carries more than one URI" : "the certificate carries no URI";
	else if (!good)
		*error = "the certificate's URI is not urn:renraku:KIND:ID";
	return uris == 1 && good;
}

/* ---- judging a certificate within the handshake ---- */

static SSL *ssl_of(X509_STORE_CTX *store)
{
	return X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
}

static int refusal_index(void)
{
	static int index = -1;
	if (index < 0)
		index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	assert(index >= 0);
	return index;
}

const char *tls_peer_refusal(const SSL *ssl)
{
	const char *why = SSL_get_ex_data(ssl, refusal_index());
	if (why)
		return why;
	long verdict = SSL_get_verify_result(ssl);
	return verdict == X509_V_OK ? NULL : X509_verify_cert_error_string(verdict);
}

static int judge_revocation(int ok, X509_STORE_CTX *store)
{
	X509 *cert = X509_STORE_CTX_get_current_cert(store);
	if (!ok || !cert || !tls_trust_revoked(SSL_get_SSL_CTX(ssl_of(store)), cert))
		return ok;
	X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REVOKED);
	return 0;
}

/* What both sides ask of a certificate that is otherwise good; *why is static. */
static bool right_side(X509 *cert, bool want_server, struct tls_peer *out, const char **why)
{
	if (!read_identity(cert, out, why))
		return false;
	if ((out->who == TLS_SERVER) == want_server)
		return true;
	*why = want_server ? "the certificate is not a server's" : "a server's certificate cannot be a client";
	return false;
}

/* Judged within the handshake, so that the peer is told in an alert: 'unsupported certificate'. */
static int judge_identity(int ok, X509_STORE_CTX *store, bool want_server)
{
	struct tls_peer peer;
	const char *why;
	if (!ok || X509_STORE_CTX_get_error_depth(store) != 0 ||
		right_side(X509_STORE_CTX_get_current_cert(store), want_server, &peer, &why))
		return ok;
	SSL_set_ex_data(ssl_of(store), refusal_index(), (void *)(uintptr_t)why);
	X509_STORE_CTX_set_error(store, X509_V_ERR_INVALID_PURPOSE);
	return 0;
}

/* A client's certificate out of its time is let through, to be explained after the handshake; its issuer's is not. */
int tls_peer_on_verify_client(int ok, X509_STORE_CTX *store)
{
	int why = X509_STORE_CTX_get_error(store);
	if (!ok && X509_STORE_CTX_get_error_depth(store) == 0 &&
		(why == X509_V_ERR_CERT_HAS_EXPIRED || why == X509_V_ERR_CERT_NOT_YET_VALID)) {
		X509_STORE_CTX_set_error(store, X509_V_OK);
		ok = 1;
	}
	return judge_identity(judge_revocation(ok, store), store, false);
}

int tls_peer_on_verify_server(int ok, X509_STORE_CTX *store)
{
	return judge_identity(judge_revocation(ok, store), store, true);
}

/* ---- and after it ---- */

static bool spoke_our_protocol(const SSL *ssl)
{
	const unsigned char *name;
	unsigned len;
	SSL_get0_alpn_selected(ssl, &name, &len);
	return len == sizeof TLS_ALPN - 1 && memcmp(name, TLS_ALPN, len) == 0;
}

bool tls_peer_of(SSL *ssl, struct tls_peer *out, const char **error)
{
	memset(out, 0, sizeof *out);
	*error = NULL;
	X509 *cert = SSL_get0_peer_certificate(ssl);
	if (!spoke_our_protocol(ssl)) {
		*error = "ALPN " TLS_ALPN " was not agreed on";
		return false;
	}
	if (!cert || SSL_get_verify_result(ssl) != X509_V_OK) {
		*error = "no verified certificate";
		return false;
	}
	if (!right_side(cert, !SSL_is_server(ssl), out, error))
		return false;
	/* A resumed session comes without a handshake's verification: judge again what may have changed since. */
	if (tls_trust_revoked(SSL_get_SSL_CTX(ssl), cert)) {
		*error = "the certificate was revoked";
		return false;
	}
	out->expired = X509_cmp_current_time(X509_get0_notAfter(cert)) < 0 || X509_cmp_current_time(X509_get0_notBefore(cert)) > 0;
	unsigned len = sizeof out->fingerprint;
	return X509_digest(cert, EVP_sha256(), out->fingerprint, &len) == 1;
}

bool tls_expect_host(SSL *ssl, const char *host)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
	if (X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1)
		return true;
	ERR_clear_error();
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}
