#include "web/https.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SESSION_SECONDS 7200

static int on_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len, const unsigned char *in, unsigned in_len, void *arg)
{
	static const unsigned char http[] = "\x08http/1.1";
	unsigned char *chosen;
	(void)ssl, (void)arg;
	if (SSL_select_next_proto(&chosen, out_len, http, sizeof http - 1, in, in_len) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

/* Nobody is there to type one. */
static int on_passphrase(char *out, int size, int writing, void *arg)
{
	bool *asked = arg;
	(void)out, (void)size, (void)writing;
	*asked = true;
	return -1;
}

static char *file_error(const char *what_ja, const char *what_en, const char *path, bool encrypted)
{
	FILE *f = fopen(path, "re");
	unsigned long code = ERR_peek_last_error();
	const char *why = !f ? strerror(errno) : code ? ERR_reason_error_string(code) : NULL;
	if (f)
		fclose(f);
	char *error = encrypted ? xasprintf(T("%s %s は暗号化されています。パスフレーズのない鍵を使ってください",
						    "the %s %s is encrypted; use a key without a passphrase"),
					  T(what_ja, what_en), path)
				: xasprintf(T("%s %s を使えません: %s。PEM 形式のファイルのパスと読み取り権限を確認してください",
						    "the %s %s cannot be used: %s; check that it is a readable PEM file"),
					  T(what_ja, what_en), path, why ? why : "?");
	ERR_clear_error();
	return error;
}

static bool load(SSL_CTX *ctx, const char *cert, const char *key, char **error)
{
	bool asked = false;
	if (SSL_CTX_use_certificate_chain_file(ctx, cert) != 1) {
		*error = file_error("証明書", "certificate", cert, false);
		return false;
	}
	SSL_CTX_set_default_passwd_cb(ctx, on_passphrase);
	SSL_CTX_set_default_passwd_cb_userdata(ctx, &asked);
	bool good = SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) == 1;
	SSL_CTX_set_default_passwd_cb(ctx, NULL);
	SSL_CTX_set_default_passwd_cb_userdata(ctx, NULL);
	if (good)
		return true;
	if (ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH)
		*error = xasprintf(T("秘密鍵 %s は証明書 %s のものではありません。組を確認してください",
					   "the private key %s does not belong to the certificate %s; check the pair"),
			key, cert);
	else
		*error = file_error("秘密鍵", "private key", key, asked);
	ERR_clear_error();
	return false;
}

SSL_CTX *https_context(const char *cert, const char *key, char **error)
{
	*error = NULL;
	ERR_clear_error();
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	if (!ctx || SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
		SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!eNULL") != 1 ||
		SSL_CTX_set1_groups_list(ctx, "X25519:P-256:P-384") != 1) {
		*error = xasprintf(T("TLS を準備できません", "TLS cannot be set up"));
		SSL_CTX_free(ctx);
		return NULL;
	}
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF |
					 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	/* Tickets: the browser keeps the session, this process nothing. */
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"renraku-web", 11);
	SSL_CTX_set_timeout(ctx, SESSION_SECONDS);
	SSL_CTX_set_alpn_select_cb(ctx, on_alpn, NULL);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
	if (load(ctx, cert, key, error))
		return ctx;
	SSL_CTX_free(ctx);
	return NULL;
}

/* A name as ASCII text, or an address; NULL when it is neither, or a wildcard. */
static char *name_text(const GENERAL_NAME *name)
{
	char text[INET6_ADDRSTRLEN];
	if (name->type == GEN_DNS) {
		const ASN1_IA5STRING *s = name->d.dNSName;
		if (s->length <= 0 || s->length > 253 || s->data[0] == '*' || memchr(s->data, '\0', (size_t)s->length))
			return NULL;
		return xstrndup((const char *)s->data, (size_t)s->length);
	}
	if (name->type != GEN_IPADD)
		return NULL;
	const ASN1_OCTET_STRING *ip = name->d.iPAddress;
	if (ip->length == 4 && inet_ntop(AF_INET, ip->data, text, sizeof text))
		return xstrdup(text);
	return ip->length == 16 && inet_ntop(AF_INET6, ip->data, text, sizeof text) ? xasprintf("[%s]", text) : NULL;
}

void https_names(const SSL_CTX *ctx, struct settings_list *out)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(SSL_CTX_get0_certificate(ctx), NID_subject_alt_name, NULL, NULL);
	for (int i = 0; names && i < sk_GENERAL_NAME_num(names); i++) {
		char *text = name_text(sk_GENERAL_NAME_value(names, i));
		if (text)
			settings_list_add(out, text);
		free(text);
	}
	GENERAL_NAMES_free(names);
}

int https_days_left(const SSL_CTX *ctx)
{
	int days = 0, seconds = 0;
	if (ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(SSL_CTX_get0_certificate(ctx))) != 1)
		return 0;
	return days > 0 || seconds > 0 ? days : days - 1;
}
