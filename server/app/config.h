/*
 * config: the server's configuration: a file of "key: value" lines (a subset of YAML) and command line options of the same
 * names, which win. Every key is checked; every mistake names file, line and what to do.
 */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct config {
	char *address, *ca, *cert, *key, *crl, *passphrase_file, *store, *log_level;
	int64_t port, max_sessions, max_sessions_of_peer, max_sessions_of_gateway, max_outbox;
	/* milliseconds */
	int64_t handshake, heartbeat, silence, presence_hold, presence_grace, slow_commit, idle, view_interval, token_life, enrolment_life,
		retry;
	/* what to do: from the command line only */
	char *load_plan, *load_site, *set_password, *lang;
	bool help, version;
};

void config_init(struct config *);
void config_free(struct config *);
/* False when anything is wrong; what, is written to `err`. */
bool config_read_arguments(struct config *, int argc, char **argv, FILE *err);
void config_help(FILE *, bool english);

#endif
