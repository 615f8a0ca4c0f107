#include "wire/tls.h"

#include <assert.h>
#include <openssl/err.h>
#include <string.h>

#include "base/mem.h"
#include "wire/tls_peer.h"
#include "wire/tls_trust.h"

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
		return tls_trust_error("秘密鍵", "private key", files->key, "PEM 形式の鍵のパスと読み取り権限を確認してください");
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
		*error = tls_trust_error("証明書", "certificate", files->cert, "PEM 形式の証明書のパスを確認してください");
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

/* ---- contexts ---- */

static const unsigned char alpn_list[] = {sizeof TLS_ALPN - 1, 'r', 'e', 'n', 'r', 'a', 'k', 'u', '/', '1'};

static int on_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len, const unsigned char *in, unsigned in_len, void *arg)
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
	return SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) == 1 && SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION) == 1 &&
	       SSL_CTX_set_ciphersuites(ctx, "TLS_AES_128_GCM_SHA256") == 1 && SSL_CTX_set1_groups_list(ctx, "X25519:P-256") == 1;
}

static SSL_CTX *new_context(const SSL_METHOD *method, const struct tls_files *files, char **error)
{
	*error = NULL;
	ERR_clear_error();
	SSL_CTX *ctx = SSL_CTX_new(method);
	if (!ctx || !set_common(ctx)) {
		const char *why = ERR_reason_error_string(ERR_peek_last_error());
		*error = xasprintf("TLS を準備できません: %s (cannot set up TLS)", why ? why : "?");
		SSL_CTX_free(ctx);
		return NULL;
	}
	assert(files->ca);
	if (tls_trust_load(ctx, files->ca, error) && (!files->crl || tls_reload_crl(ctx, files->crl, error)) &&
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
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT | SSL_VERIFY_CLIENT_ONCE, tls_peer_on_verify_client);
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
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, tls_peer_on_verify_server);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	int rc = SSL_CTX_set_alpn_protos(ctx, alpn_list, sizeof alpn_list);
	assert(rc == 0);
	(void)rc;
	return ctx;
}

bool tls_reload_crl(SSL_CTX *ctx, const char *path, char **error)
{
	return tls_trust_load_crl(ctx, path, error);
}
