/*
 * config: web.yaml, the configuration of renraku-web.
 *
 *   # /etc/renraku/web.yaml
 *   address: 192.0.2.10           # to listen on; default 127.0.0.1
 *   port: 8443                    # 0: any free one, printed when ready
 *   cert: server-web.pem          # the HTTPS certificate and its key; paths are relative to this file
 *   key: server-web.key
 *   names: renraku.town.example   # host[:port] that browsers may call this console by (a list); default: the names in the certificate
 *   client: client.yaml           # how renrakud is reached (lib/settings.h): server, ca, and a gateway's cert and key
 *   page: /usr/share/renraku/web  # folder of the page; default: beside the program
 *   report: /usr/bin/renraku-report   # what prints; default: beside the program
 *   telephone:                    # shown when nothing else is known
 *     - 住基ネット担当者 0749-00-0001
 *   lang: ja                      # of this program's own messages
 *   max_connections: 2000
 *   max_connections_of_address: 200
 *
 * The same subset of YAML as client.yaml; every fault is told at once, with its line.
 */
#ifndef WEB_CONFIG_H
#define WEB_CONFIG_H

#include <stdint.h>

#include "lib/i18n.h"
#include "lib/settings.h"

struct web_config {
	char *file; /* where it was read from */
	char *address;
	uint16_t port;
	char *cert, *key;
	struct settings_list names; /* empty: those of the certificate */
	char *client_file;
	struct settings *client; /* of client_file: server, ca, cert, key, crl, timings */
	char *page, *report;     /* never NULL */
	struct settings_list telephone;
	enum i18n_lang lang;
	int max_connections, max_connections_of_address;
};

/* NULL on error with *error malloc'ed, one fault a line. */
struct web_config *web_config_load(const char *path, char **error);
void web_config_free(struct web_config *);

#endif
