/*
 * settings: the one configuration file of the agent and the command line.
 *
 *   # /etc/renraku/client.yaml
 *   server: 10.1.2.3
 *   port: 7443
 *   ca: ca.pem                   # paths are relative to this file
 *   cert: terminal-t1.pem
 *   key: terminal-t1.key
 *   crl: crl.pem
 *   agent_socket: /run/renraku/agent.sock
 *   spool: /var/lib/renraku/spool
 *   state: /var/lib/renraku/agent
 *   lang: ja
 *   notice_command:              # a program and its arguments, never a shell
 *     - /usr/local/bin/show-notice
 *   test_command: /usr/local/bin/show-line   # shows a connection test, quietly
 *   emergency_contacts:          # shown when nothing was ever cached
 *     - システム担当 0748-00-0000
 *
 * A subset of YAML: `key: value`, a list as lines that begin with `-` under its key, comments, single and double quotes.
 * Searched: --config, then $RENRAKU_CONFIG, then $XDG_CONFIG_HOME (or ~/.config)/renraku/client.yaml, then /etc/renraku/client.yaml.
 * An unknown key, a key twice, or a value that cannot be used is an error with file and line; nothing is guessed.
 */
#ifndef LIB_SETTINGS_H
#define LIB_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/i18n.h"
#include "lib/keyfile.h"

struct settings {
	char *file; /* where it was read from */
	char *server;
	uint16_t port;               /* default 7443 */
	char *server_name;           /* name in the server's certificate; default: server */
	char *ca, *cert, *key, *crl; /* crl may be NULL */
	char *agent_socket;          /* set: the command line talks to the agent. NULL: straight to the server */
	char *spool;                 /* directory of alarms on their way; default STATE/spool */
	char *state;                 /* cached contacts, seen notices; default $XDG_STATE_HOME or ~/.local/state/renraku */
	char *token; /* file of the sign-in token; default ~/.local/state/renraku/token-HASH (one for each server and identity) */
	char *place; /* this terminal's id or place, only for what is printed; may be NULL */
	enum i18n_lang lang;
	struct settings_list notice_command, test_command;
	struct settings_list emergency_contacts;   /* "name number" */
	int connect_ms;                            /* to be connected and greeted; default 3,000 */
	int answer_ms;                             /* for a command in all; default 5,000 */
	int silence_ms;                            /* agent: no frame for so long means the link is dead; default 9,000 */
	int retry_min_ms, retry_max_ms;            /* agent's backoff; defaults 200 and 5,000 */
	int grace_ms;                              /* agent leaves an alarm so long to the command line that holds it; default 6,000 */
	int undelivered_ms, undelivered_repeat_ms; /* when the clerk is told, and again; defaults 5,000 and 60,000 */
	int notice_timeout_ms;                     /* a notice command that runs longer is ended; default 30,000 */
	bool notice_shown_at_start; /* notice_shown: start — a pop-up that stays open counts as shown once it runs; default exit: when it
				       ended with 0 */
	int notice_children;        /* notice commands at once; default 8 */
};

/* explicit_path may be NULL (then it is searched). NULL on error with *error a malloc'ed text, one fault a line. */
struct settings *settings_load(const char *explicit_path, char **error);
/* The same from text; `file` is for messages and relative paths. */
struct settings *settings_parse(const char *text, const char *file, char **error);
void settings_free(struct settings *);

#endif
