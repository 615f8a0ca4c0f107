#include "wire/tls.h"

#include <assert.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"

#define URI_PREFIX "urn:renraku:"
#define CERTIFICATES_MAX_BYTES 16384
#define CHAIN_DEPTH_MAX 4
#define SESSION_CACHE_MAX 20480
#define SESSION_SECONDS (7 * 24 * 3600) /* the most TLS 1.3 allows; expiry and revocation are judged again on each use */

const char *tls_who_name(enum tls_who who)
{
	switch (who) {
	case TLS_NOBODY:
		return "nobody";
	case TLS_TERMINAL:
		return "terminal";
	case TLS_PERSON:
		return "person";
	case TLS_GATEWAY:
		return "gateway";
	case TLS_SERVER:
		return "server";
	}
	return "?";
}

/* ---- whom a context trusts ---- */

/*
 * Revocation is judged by us and not by X509_STORE: a store cannot give a list back when a newer one is read, judges
 * nothing on resumption, and refuses everybody once the list is past its next update. Here a list that is out of date goes on
 * being used (with a line in the log): in an emergency it is better than turning every terminal away.
 */
struct trust {
	STACK_OF(X509) *authorities;
	STACK_OF(X509_CRL) *revoked;
};

static void trust_free(struct trust *t)
{
	if (!t)
		return;
	sk_X509_pop_free(t->authorities, X509_free);
	sk_X509_CRL_pop_free(t->revoked, X509_CRL_free);
	free(t);
}

static void on_context_freed(void *parent, void *p, CRYPTO_EX_DATA *ad, int index, long argl, void *argp)
{
	(void)parent, (void)ad, (void)index, (void)argl, (void)argp;
	trust_free(p);
}

static int trust_index(void)
{
	static int index = -1;
	if (index < 0)
		index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, on_context_freed);
	assert(index >= 0);
	return index;
}

static struct trust *trust_of(const SSL_CTX *ctx)
{
	return SSL_CTX_get_ex_data(ctx, trust_index());
}

static bool is_revoked(const struct trust *t, X509 *cert)
{
	for (int i = 0; t && i < sk_X509_CRL_num(t->revoked); i++) {
		X509_CRL *list = sk_X509_CRL_value(t->revoked, i);
		X509_REVOKED *entry;
		if (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_issuer_name(cert)) == 0 &&
		    X509_CRL_get0_by_cert(list, &entry, cert) == 1)
			return true;
	}
	return false;
}

/* ---- errors that say which file and what to do ---- */

static const char *openssl_reason(void)
{
	unsigned long code = ERR_peek_last_error();
	const char *why = code ? ERR_reason_error_string(code) : NULL;
	return why ? why : "unknown reason";
}

/* Why a file could not be used: what the system says where it cannot be opened, else what OpenSSL says. */
static char *file_error(const char *what, const char *what_en, const char *path, const char *hint)
{
	FILE *f = fopen(path, "r");
	const char *why = f ? openssl_reason() : strerror(errno);
	if (f)
		fclose(f);
	char *text = xasprintf("%s %s を使えません: %s。%s (cannot use the %s)", what, path, why, hint, what_en);
	ERR_clear_error();
	return text;
}

static bool load_authorities(SSL_CTX *ctx, struct trust *t, const char *path, char **error)
{
	BIO *file = BIO_new_file(path, "r");
	X509 *cert;
	while (file && (cert = PEM_read_bio_X509(file, NULL, NULL, NULL)) != NULL)
		sk_X509_push(t->authorities, cert);
	BIO_free(file);
	bool ok = sk_X509_num(t->authorities) > 0;
	for (int i = 0; ok && i < sk_X509_num(t->authorities); i++) {
		ok = X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), sk_X509_value(t->authorities, i)) == 1 &&
		     SSL_CTX_add_client_CA(ctx, sk_X509_value(t->authorities, i)) == 1;
	}
	if (!ok)
		*error = file_error("認証局の証明書", "CA certificate", path,
				    "PEM 形式の認証局証明書のパスを確認してください");
	ERR_clear_error(); /* reading ends with 'no start line' */
	return ok;
}

static bool signed_by_ours(const struct trust *t, X509_CRL *list)
{
	for (int i = 0; i < sk_X509_num(t->authorities); i++) {
		X509 *ca = sk_X509_value(t->authorities, i);
		if (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(ca)) == 0 &&
		    X509_CRL_verify(list, X509_get0_pubkey(ca)) == 1)
			return true;
	}
	return false;
}

/* All lists of the file, or NULL with *error. */
static STACK_OF(X509_CRL) *read_revoked(const struct trust *t, const char *path, char **error)
{
	STACK_OF(X509_CRL) *lists = sk_X509_CRL_new_null();
	BIO *file = BIO_new_file(path, "r");
	X509_CRL *list;
	bool ours = true;
	while (file && (list = PEM_read_bio_X509_CRL(file, NULL, NULL, NULL)) != NULL) {
		ours = ours && signed_by_ours(t, list);
		const ASN1_TIME *next = X509_CRL_get0_nextUpdate(list);
		if (next && X509_cmp_current_time(next) < 0)
			log_warning(path, "the revocation list is past its next update; it is used all the same, make a new one");
		sk_X509_CRL_push(lists, list);
	}
	BIO_free(file);
	if (sk_X509_CRL_num(lists) > 0 && ours) {
		ERR_clear_error();
		return lists;
	}
	if (ours)
		*error = file_error("失効リスト", "revocation list", path, "PEM 形式の CRL のパスを確認してください");
	else
		*error = xasprintf("失効リスト %s は設定された認証局の署名ではありません。その認証局で作り直してください "
				   "(the revocation list is not signed by the configured CA)",
				   path);
	ERR_clear_error();
	sk_X509_CRL_pop_free(lists, X509_CRL_free);
	return NULL;
}

bool tls_reload_crl(SSL_CTX *ctx, const char *path, char **error)
{
	struct trust *t = trust_of(ctx);
	STACK_OF(X509_CRL) *lists = read_revoked(t, path, error);
	if (!lists)
		return false;
	sk_X509_CRL_pop_free(t->revoked, X509_CRL_free);
	t->revoked = lists;
	return true;
}

/* ---- our own certificate and key ---- */

struct asked {
	const struct tls_files *files;
	bool was;
};

static int on_passphrase(char *out, int size, int writing, void *arg)
{
	struct asked *asked = arg;
	(void)writing;
	asked->was = true;
	const char *pass = asked->files->passphrase ? asked->files->passphrase(asked->files->passphrase_arg) : NULL;
	if (!pass || strlen(pass) >= (size_t)size)
		return -1;
	size_t n = strlen(pass);
	memcpy(out, pass, n);
	return (int)n;
}

static char *key_error(const struct tls_files *files, bool asked)
{
	if (!asked)
		return file_error("秘密鍵", "private key", files->key, "PEM 形式の鍵のパスと読み取り権限を確認してください");
	ERR_clear_error();
	return xasprintf("秘密鍵 %s は暗号化されています。%s (the private key is encrypted: %s)", files->key,
			 files->passphrase ? "パスフレーズが違います" : "パスフレーズが必要です",
			 files->passphrase ? "wrong passphrase" : "a passphrase is needed");
}

static bool load_identity(SSL_CTX *ctx, const struct tls_files *files, char **error)
{
	if (!files->cert || !files->key)
		return true;
	if (SSL_CTX_use_certificate_chain_file(ctx, files->cert) != 1) {
		*error = file_error("証明書", "certificate", files->cert, "PEM 形式の証明書のパスを確認してください");
		return false;
	}
	struct asked asked = {.files = files};
	SSL_CTX_set_default_passwd_cb(ctx, on_passphrase);
	SSL_CTX_set_default_passwd_cb_userdata(ctx, &asked);
	/* Set last: it also fails when the key does not belong to the certificate. */
	bool ok = SSL_CTX_use_PrivateKey_file(ctx, files->key, SSL_FILETYPE_PEM) == 1;
	SSL_CTX_set_default_passwd_cb(ctx, NULL);
	SSL_CTX_set_default_passwd_cb_userdata(ctx, NULL);
	if (ok)
		return true;
	if (ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH) {
		ERR_clear_error();
		*error = xasprintf("秘密鍵 %s は証明書 %s のものではありません。組を確認してください "
				   "(the private key does not belong to the certificate)",
				   files->key, files->cert);
	} else {
		*error = key_error(files, asked.was);
	}
	return false;
}

/* ---- verifying peers ---- */

static SSL_CTX *context_of(X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	return SSL_get_SSL_CTX(ssl);
}

static int judge_revocation(int ok, X509_STORE_CTX *store)
{
	X509 *cert = X509_STORE_CTX_get_current_cert(store);
	if (!ok || !cert || !is_revoked(trust_of(context_of(store)), cert))
		return ok;
	X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REVOKED);
	return 0;
}

/* A client's certificate out of its time is let through, to be explained after the handshake; its issuer's is not. */
static int on_verify_client(int ok, X509_STORE_CTX *store)
{
	int why = X509_STORE_CTX_get_error(store);
	if (!ok && X509_STORE_CTX_get_error_depth(store) == 0 &&
	    (why == X509_V_ERR_CERT_HAS_EXPIRED || why == X509_V_ERR_CERT_NOT_YET_VALID)) {
		X509_STORE_CTX_set_error(store, X509_V_OK);
		ok = 1;
	}
	return judge_revocation(ok, store);
}

static int on_verify_server(int ok, X509_STORE_CTX *store)
{
	return judge_revocation(ok, store);
}

/* ---- contexts ---- */

static const unsigned char alpn_list[] = {sizeof TLS_ALPN - 1, 'r', 'e', 'n', 'r', 'a', 'k', 'u', '/', '1'};

static int on_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len, const unsigned char *in, unsigned in_len,
		   void *arg)
{
	(void)ssl, (void)arg;
	unsigned char *chosen;
	if (SSL_select_next_proto(&chosen, out_len, alpn_list, sizeof alpn_list, in, in_len) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

/* One suite: every TLS 1.3 peer has it, it is the fastest here, and it spares memory in each session. */
static bool set_common(SSL_CTX *ctx)
{
	SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_max_cert_list(ctx, CERTIFICATES_MAX_BYTES);
	SSL_CTX_set_verify_depth(ctx, CHAIN_DEPTH_MAX);
	return SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) == 1 &&
	       SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION) == 1 &&
	       SSL_CTX_set_ciphersuites(ctx, "TLS_AES_128_GCM_SHA256") == 1 && SSL_CTX_set1_groups_list(ctx, "X25519:P-256") == 1;
}

static SSL_CTX *new_context(const SSL_METHOD *method, const struct tls_files *files, char **error)
{
	*error = NULL;
	ERR_clear_error();
	SSL_CTX *ctx = SSL_CTX_new(method);
	if (!ctx || !set_common(ctx)) {
		*error = xasprintf("TLS を準備できません: %s (cannot set up TLS)", openssl_reason());
		SSL_CTX_free(ctx);
		return NULL;
	}
	struct trust *t = xcalloc(1, sizeof *t);
	t->authorities = sk_X509_new_null();
	t->revoked = sk_X509_CRL_new_null();
	SSL_CTX_set_ex_data(ctx, trust_index(), t);
	assert(files->ca);
	if (load_authorities(ctx, t, files->ca, error) && (!files->crl || tls_reload_crl(ctx, files->crl, error)) &&
	    load_identity(ctx, files, error))
		return ctx;
	SSL_CTX_free(ctx);
	return NULL;
}

SSL_CTX *tls_server_context(const struct tls_files *files, char **error)
{
	assert(files->cert && files->key);
	SSL_CTX *ctx = new_context(TLS_server_method(), files, error);
	if (!ctx)
		return NULL;
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT | SSL_VERIFY_CLIENT_ONCE, on_verify_client);
	SSL_CTX_set_alpn_select_cb(ctx, on_alpn, NULL);
	/* A bounded cache instead of tickets: a ticket carries the client's certificate, to be parsed again each time. */
	SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
	SSL_CTX_set_num_tickets(ctx, 1);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_SERVER);
	SSL_CTX_sess_set_cache_size(ctx, SESSION_CACHE_MAX);
	SSL_CTX_set_timeout(ctx, SESSION_SECONDS);
	SSL_CTX_set_session_id_context(ctx, (const unsigned char *)TLS_ALPN, sizeof TLS_ALPN - 1);
	return ctx;
}

SSL_CTX *tls_client_context(const struct tls_files *files, char **error)
{
	SSL_CTX *ctx = new_context(TLS_client_method(), files, error);
	if (!ctx)
		return NULL;
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, on_verify_server);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	int rc = SSL_CTX_set_alpn_protos(ctx, alpn_list, sizeof alpn_list);
	assert(rc == 0);
	(void)rc;
	return ctx;
}

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
	if (!read_identity(cert, out, error))
		return false;
	if (SSL_is_server(ssl) == (out->who == TLS_SERVER)) {
		*error = SSL_is_server(ssl) ? "a server's certificate cannot be a client" : "the certificate is not a server's";
		return false;
	}
	/* A resumed session comes without a handshake's verification: judge again what may have changed since. */
	if (is_revoked(trust_of(SSL_get_SSL_CTX(ssl)), cert)) {
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
