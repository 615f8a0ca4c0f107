/*
 * certs: throwaway authorities and certificates for tests, made in the process, written into a folder that goes away with it.
 */
#ifndef TESTS_CERTS_H
#define TESTS_CERTS_H

#include <openssl/x509.h>

struct certs_ca {
	EVP_PKEY *key;
	X509 *cert;
};

/* NAME.pem */
void certs_ca_make(struct certs_ca *, const char *name);
void certs_ca_free(struct certs_ca *);
/* NAME.crt and NAME.key, valid from now + from to now + to seconds. san: "URI:urn:renraku:terminal:t1,IP:127.0.0.1" or NULL. */
void certs_make(const struct certs_ca *, const char *name, const char *san, long from, long to);
/* NAME.key once more, under a passphrase, as NAME.enc */
void certs_encrypt(const char *name, const char *passphrase);
/* NAME.crl naming the certificate `revoked` (NULL: none), next update in `next` seconds. */
void certs_crl(const struct certs_ca *, const char *name, const char *revoked, long next);
/* Path of a file in the folder; one of a few static buffers. */
const char *certs_path(const char *file);
/* A file with this content. */
void certs_write(const char *file, const char *text);

#endif
