/*
 * tls_peer: the verify callbacks of both kinds of context. For the files of tls only; the rest is in tls.h.
 */
#ifndef WIRE_TLS_PEER_H
#define WIRE_TLS_PEER_H

#include "wire/tls.h"

int tls_peer_on_verify_client(int ok, X509_STORE_CTX *); /* a server's: of its clients */
int tls_peer_on_verify_server(int ok, X509_STORE_CTX *); /* a client's: of its server */

#endif
