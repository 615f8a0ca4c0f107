#include "unit/certs.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];
static char made[64][64];
static size_t n_made;

static void remove_folder(void)
{
	for (size_t i = 0; i < n_made; i++)
		unlink(certs_path(made[i]));
	rmdir(folder);
}

const char *certs_path(const char *file)
{
	static char paths[32][160];
	static unsigned next;
	if (!folder[0]) {
		snprintf(folder, sizeof folder, "/tmp/renraku-certs-XXXXXX");
		if (!mkdtemp(folder))
			abort();
		atexit(remove_folder);
	}
	char *path = paths[next++ % 32];
	snprintf(path, sizeof paths[0], "%s/%s", folder, file);
	return path;
}

static FILE *create(const char *name, const char *suffix)
{
	char file[64];
	snprintf(file, sizeof file, "%s%s", name, suffix);
	FILE *f = fopen(certs_path(file), "w");
	assert(f && n_made < sizeof made / sizeof *made);
	memcpy(made[n_made++], file, sizeof file);
	return f;
}

void certs_write(const char *file, const char *text)
{
	FILE *f = create(file, "");
	fputs(text, f);
	fclose(f);
}

static X509 *new_cert(const char *name, EVP_PKEY *key, long from, long to)
{
	X509 *x = X509_new();
	unsigned char serial[8];
	assert(RAND_bytes(serial, sizeof serial) == 1);
	serial[0] &= 0x7F;
	BIGNUM *n = BN_bin2bn(serial, sizeof serial, NULL);
	BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x));
	BN_free(n);
	X509_set_version(x, 2);
	X509_gmtime_adj(X509_getm_notBefore(x), from);
	X509_gmtime_adj(X509_getm_notAfter(x), to);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
	X509_set_pubkey(x, key);
	return x;
}

static void extend(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	assert(e);
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
}

static void write_cert(const char *name, const char *suffix, X509 *x)
{
	FILE *f = create(name, suffix);
	assert(PEM_write_X509(f, x) == 1);
	fclose(f);
}

void certs_ca_make(struct certs_ca *ca, const char *name)
{
	ca->key = EVP_EC_gen("P-256");
	ca->cert = new_cert(name, ca->key, -7200, 86400);
	X509_set_issuer_name(ca->cert, X509_get_subject_name(ca->cert));
	extend(ca->cert, ca->cert, NID_basic_constraints, "critical,CA:TRUE");
	extend(ca->cert, ca->cert, NID_key_usage, "critical,keyCertSign,cRLSign");
	assert(X509_sign(ca->cert, ca->key, EVP_sha256()) > 0);
	write_cert(name, ".pem", ca->cert);
}

void certs_ca_free(struct certs_ca *ca)
{
	EVP_PKEY_free(ca->key);
	X509_free(ca->cert);
}

void certs_make(const struct certs_ca *ca, const char *name, const char *san, long from, long to)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = new_cert(name, key, from, to);
	X509_set_issuer_name(x, X509_get_subject_name(ca->cert));
	if (san)
		extend(x, ca->cert, NID_subject_alt_name, san);
	assert(X509_sign(x, ca->key, EVP_sha256()) > 0);
	write_cert(name, ".crt", x);
	FILE *f = create(name, ".key");
	assert(PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) == 1);
	fclose(f);
	X509_free(x);
	EVP_PKEY_free(key);
}

void certs_encrypt(const char *name, const char *passphrase)
{
	char file[64];
	snprintf(file, sizeof file, "%s.key", name);
	FILE *in = fopen(certs_path(file), "r");
	assert(in);
	EVP_PKEY *key = PEM_read_PrivateKey(in, NULL, NULL, NULL);
	fclose(in);
	FILE *f = create(name, ".enc");
	assert(PEM_write_PKCS8PrivateKey(f, key, EVP_aes_128_cbc(), passphrase, (int)strlen(passphrase), NULL, NULL) == 1);
	fclose(f);
	EVP_PKEY_free(key);
}

void certs_crl(const struct certs_ca *ca, const char *name, const char *revoked, long next)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *t = X509_gmtime_adj(NULL, -3600);
	X509_CRL_set_version(crl, 1);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(ca->cert));
	X509_CRL_set1_lastUpdate(crl, t);
	if (revoked) {
		char file[64];
		snprintf(file, sizeof file, "%s.crt", revoked);
		FILE *in = fopen(certs_path(file), "r");
		assert(in);
		X509 *x = PEM_read_X509(in, NULL, NULL, NULL);
		fclose(in);
		X509_REVOKED *entry = X509_REVOKED_new();
		X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(x));
		X509_REVOKED_set_revocationDate(entry, t);
		X509_CRL_add0_revoked(crl, entry);
		X509_free(x);
	}
	X509_gmtime_adj(t, next);
	X509_CRL_set1_nextUpdate(crl, t);
	X509_CRL_sort(crl);
	assert(X509_CRL_sign(crl, ca->key, EVP_sha256()) > 0);
	FILE *f = create(name, ".crl");
	assert(PEM_write_X509_CRL(f, crl) == 1);
	fclose(f);
	ASN1_TIME_free(t);
	X509_CRL_free(crl);
}
