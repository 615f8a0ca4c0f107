/*
 * https: TLS as browsers speak it. 1.2 and 1.3, suites with forward secrecy only, resumption by tickets, ALPN http/1.1, no client
 * certificates.
 */
#ifndef WEB_HTTPS_H
#define WEB_HTTPS_H

#include <openssl/ssl.h>

#include "lib/settings.h"

/* From PEM files: the certificate (with its chain behind it) and its key. NULL with *error malloc'ed, saying which file and what to do. */
SSL_CTX *https_context(const char *cert, const char *key, char **error);
/* Appends the DNS names of the context's certificate (no wildcards) and its addresses. */
void https_names(const SSL_CTX *, struct settings_list *out);
/* Days until the certificate ends; negative: it has ended. */
int https_days_left(const SSL_CTX *);

#endif
