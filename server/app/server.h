/*
 * server: the running program: event loop, hub, shell, store, hasher, clock and signals joined. Returns renrakud's exit code.
 */
#ifndef APP_SERVER_H
#define APP_SERVER_H

#include "app/config.h"

enum { EXIT_FINE = 0, EXIT_USAGE = 1, EXIT_CANNOT_START = 2, EXIT_STORE_FAILED = 3, EXIT_NOT_ACCEPTED = 4 };

int server_run(const struct config *);

#endif
