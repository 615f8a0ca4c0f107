/*
 * tls_trust: which authorities a context trusts and which certificates they have revoked. For the files of tls only.
 *
 * Revocation is judged by us and not by X509_STORE: a store cannot give a list back when a newer one is read, judges
 * nothing on resumption, and refuses everybody once the list is past its next update. Here a list that is out of date goes on
 * being used (with a line in the log): in an emergency it is better than turning every terminal away.
 */
#ifndef WIRE_TLS_TRUST_H
#define WIRE_TLS_TRUST_H

#include <openssl/ssl.h>
#include <stdbool.h>

/* Once for each context. False with *error (malloc'ed). */
bool tls_trust_load(SSL_CTX *, const char *ca, char **error);
/* Replaces the list; on error the old one stays. */
bool tls_trust_load_crl(SSL_CTX *, const char *path, char **error);
bool tls_trust_revoked(const SSL_CTX *, X509 *);
/* Why a file could not be used: what the system says where it cannot be opened, else what OpenSSL says. malloc'ed. */
char *tls_trust_error(const char *what, const char *what_en, const char *path, const char *hint);

#endif
