#include "wire/tls_trust.h"

#include <assert.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"

struct tls_trust {
	STACK_OF(X509) * authorities;
	STACK_OF(X509_CRL) * revoked;
};

static void free_trust(struct tls_trust *t)
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
	free_trust(p);
}

static int trust_index(void)
{
	static int index = -1;
	if (index < 0)
		index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, on_context_freed);
	assert(index >= 0);
	return index;
}

static struct tls_trust *trust_of(const SSL_CTX *ctx)
{
	return SSL_CTX_get_ex_data(ctx, trust_index());
}

bool tls_trust_revoked(const SSL_CTX *ctx, X509 *cert)
{
	const struct tls_trust *t = trust_of(ctx);
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
char *tls_trust_error(const char *what, const char *what_en, const char *path, const char *hint)
{
	FILE *f = fopen(path, "r");
	const char *why = f ? openssl_reason() : strerror(errno);
	if (f)
		fclose(f);
	char *text = xasprintf("%s %s を使えません: %s。%s (cannot use the %s)", what, path, why, hint, what_en);
	ERR_clear_error();
	return text;
}

static bool load_authorities(SSL_CTX *ctx, struct tls_trust *t, const char *path, char **error)
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
		*error = tls_trust_error("認証局の証明書", "CA certificate", path, "PEM 形式の認証局証明書のパスを確認してください");
	ERR_clear_error(); /* reading ends with 'no start line' */
	return ok;
}

static bool signed_by_ours(const struct tls_trust *t, X509_CRL *list)
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
static STACK_OF(X509_CRL) * read_revoked(const struct tls_trust *t, const char *path, char **error)
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
		*error = tls_trust_error("失効リスト", "revocation list", path, "PEM 形式の CRL のパスを確認してください");
	else
		*error = xasprintf("失効リスト %s は設定された認証局の署名ではありません。その認証局で作り直してください "
				   "(the revocation list is not signed by the configured CA)",
			path);
	ERR_clear_error();
	sk_X509_CRL_pop_free(lists, X509_CRL_free);
	return NULL;
}

bool tls_trust_load(SSL_CTX *ctx, const char *ca, char **error)
{
	struct tls_trust *t = xcalloc(1, sizeof *t);
	t->authorities = sk_X509_new_null();
	t->revoked = sk_X509_CRL_new_null();
	SSL_CTX_set_ex_data(ctx, trust_index(), t);
	return load_authorities(ctx, t, ca, error);
}

bool tls_trust_load_crl(SSL_CTX *ctx, const char *path, char **error)
{
	struct tls_trust *t = trust_of(ctx);
	STACK_OF(X509_CRL) *lists = read_revoked(t, path, error);
	if (!lists)
		return false;
	sk_X509_CRL_pop_free(t->revoked, X509_CRL_free);
	t->revoked = lists;
	return true;
}
