/*
 * tls: contexts for TLS 1.3 with client certificates, and who a certificate is.
 *
 * A certificate of ours carries exactly one URI in its SAN: urn:renraku:terminal:ID, urn:renraku:person:ID,
 * urn:renraku:gateway:ID or urn:renraku:server:ID. Chain and revocation (a CRL file, if configured) are enforced in the handshake; expiry
 * of a client's certificate is let through and reported, so that it can be explained (architecture: Identity).
 */
#ifndef WIRE_TLS_H
#define WIRE_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

#define TLS_ALPN "renraku/1"

struct tls_files {
	const char *ca, *cert, *key, *crl; /* PEM paths; crl may be NULL; cert and key may be NULL for no identity */
	const char *(*passphrase)(void *); /* NULL: an encrypted key is an error */
	void *passphrase_arg;
};

enum tls_who { TLS_NOBODY, TLS_TERMINAL, TLS_PERSON, TLS_GATEWAY, TLS_SERVER };
const char *tls_who_name(enum tls_who); /* "terminal", "person", ... */

struct tls_peer {
	enum tls_who who;
	char id[64];
	bool expired;                  /* not within its validity now */
	unsigned char fingerprint[32]; /* SHA-256 of the certificate */
};

/* NULL on error; *error is then a malloc'ed sentence that says which file and what to do. */
SSL_CTX *tls_server_context(const struct tls_files *, char **error);
SSL_CTX *tls_client_context(const struct tls_files *, char **error);
/* Reads the revocation list again; on error the old one stays in force. Sessions already open: hub_recheck. */
bool tls_reload_crl(SSL_CTX *, const char *path, char **error);
/* Who the peer of a finished handshake is. False with *error (static) when the certificate is not one of ours, was revoked
   (judged again on resumption), or the protocol was not agreed on. A server's certificate is none to a server, and only it to a client. */
bool tls_peer_of(SSL *, struct tls_peer *, const char **error);
/* After a handshake that failed: why this side would not have the peer's certificate; NULL when that was not it. Static. */
const char *tls_peer_refusal(const SSL *);
/* Client side: server name check; host may be an address. */
bool tls_expect_host(SSL *, const char *host);

#endif
