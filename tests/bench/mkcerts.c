/*
 * mkcerts DIR PREFIX N [FIRST]: N terminal certificates as certs/make-certs makes them, PREFIX1 … PREFIXN (or from FIRST on), signed by
 * DIR/ca.key, into DIR/terminal-ID.pem and .key. The script needs two processes for each; this needs 5,000 for a bench in seconds.
 * They do not enter the authority's index.txt, so `make-certs list` does not know them; revoking them works.
 */
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VALID_DAYS 1095

struct authority {
	X509 *cert;
	EVP_PKEY *key;
};

static void fail(const char *what, const char *path)
{
	fprintf(stderr, "mkcerts: %s: %s\n", what, path);
	ERR_print_errors_fp(stderr);
	exit(1);
}

static FILE *open_file(const char *path, const char *mode, mode_t rights)
{
	int fd = *mode == 'r' ? open(path, O_RDONLY) : open(path, O_WRONLY | O_CREAT | O_TRUNC, rights);
	FILE *f = fd < 0 ? NULL : fdopen(fd, mode);
	if (!f)
		fail(*mode == 'r' ? "cannot read (run certs/make-certs ca first)" : "cannot write", path);
	return f;
}

static struct authority read_authority(const char *dir)
{
	char path[4096];
	struct authority ca;

	snprintf(path, sizeof path, "%s/ca.pem", dir);
	FILE *f = open_file(path, "r", 0);
	ca.cert = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	if (!ca.cert)
		fail("not a certificate", path);
	snprintf(path, sizeof path, "%s/ca.key", dir);
	f = open_file(path, "r", 0);
	ca.key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	fclose(f);
	if (!ca.key)
		fail("not a key, or under a passphrase", path);
	return ca;
}

static void add_extension(X509 *cert, X509V3_CTX *ctx, int nid, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, ctx, nid, value);
	if (!ext || !X509_add_ext(cert, ext, -1))
		fail("extension", value);
	X509_EXTENSION_free(ext);
}

static void set_serial(X509 *cert)
{
	unsigned char bytes[16];
	if (RAND_bytes(bytes, sizeof bytes) != 1)
		fail("no random numbers", "serial");
	bytes[0] &= 0x7f;
	BIGNUM *n = BN_bin2bn(bytes, sizeof bytes, NULL);
	BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert));
	BN_free(n);
}

static X509 *make_certificate(const struct authority *ca, EVP_PKEY *key, const char *id)
{
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	char uri[256];

	X509_set_version(cert, 2);
	set_serial(cert);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_time_adj_ex(X509_getm_notAfter(cert), VALID_DAYS, 0, NULL);
	X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const unsigned char *)"Renraku", -1, -1, 0);
	X509_NAME_add_entry_by_txt(name, "OU", MBSTRING_UTF8, (const unsigned char *)"terminal", -1, -1, 0);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)id, -1, -1, 0);
	X509_set_issuer_name(cert, X509_get_subject_name(ca->cert));
	X509_set_pubkey(cert, key);

	X509V3_CTX ctx;
	X509V3_set_ctx(&ctx, ca->cert, cert, NULL, NULL, 0);
	X509V3_set_ctx_nodb(&ctx);
	snprintf(uri, sizeof uri, "URI:urn:renraku:terminal:%s", id);
	add_extension(cert, &ctx, NID_basic_constraints, "critical,CA:FALSE");
	add_extension(cert, &ctx, NID_key_usage, "critical,digitalSignature");
	add_extension(cert, &ctx, NID_ext_key_usage, "clientAuth");
	add_extension(cert, &ctx, NID_subject_key_identifier, "hash");
	add_extension(cert, &ctx, NID_authority_key_identifier, "keyid:always");
	add_extension(cert, &ctx, NID_subject_alt_name, uri);
	if (!X509_sign(cert, ca->key, EVP_sha256()))
		fail("cannot sign", id);
	return cert;
}

static void write_files(const char *dir, const char *id, X509 *cert, EVP_PKEY *key)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/terminal-%s.key", dir, id);
	FILE *f = open_file(path, "w", 0600);
	if (!PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) || fclose(f))
		fail("cannot write", path);
	snprintf(path, sizeof path, "%s/terminal-%s.pem", dir, id);
	f = open_file(path, "w", 0644);
	if (!PEM_write_X509(f, cert) || fclose(f))
		fail("cannot write", path);
}

int main(int argc, char **argv)
{
	if (argc < 4 || argc > 5) {
		fputs("usage: mkcerts DIR PREFIX N [FIRST]\n", stderr);
		return 2;
	}
	const char *dir = argv[1], *prefix = argv[2];
	long n = strtol(argv[3], NULL, 10), first = argc == 5 ? strtol(argv[4], NULL, 10) : 1;
	struct authority ca = read_authority(dir);

	for (long i = first; i < first + n; i++) {
		char id[64];
		snprintf(id, sizeof id, "%s%ld", prefix, i);
		EVP_PKEY *key = EVP_EC_gen("P-256");
		if (!key)
			fail("cannot make a key", id);
		X509 *cert = make_certificate(&ca, key, id);
		write_files(dir, id, cert, key);
		X509_free(cert);
		EVP_PKEY_free(key);
	}
	X509_free(ca.cert);
	EVP_PKEY_free(ca.key);
	return 0;
}
