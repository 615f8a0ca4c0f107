#include "lib/settings.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define KEY(k, kind, min, max)                                                                                                             \
	{                                                                                                                                  \
#k, kind, offsetof(struct settings, k), min, max, NULL, NULL                                                               \
	}

static const struct keyfile_key keys[] = {
	KEY(server, KEYFILE_TEXT, 0, 0),
	KEY(port, KEYFILE_PORT, 1, 65535),
	KEY(server_name, KEYFILE_TEXT, 0, 0),
	KEY(ca, KEYFILE_PATH, 0, 0),
	KEY(cert, KEYFILE_PATH, 0, 0),
	KEY(key, KEYFILE_PATH, 0, 0),
	KEY(crl, KEYFILE_PATH, 0, 0),
	KEY(agent_socket, KEYFILE_PATH, 0, 0),
	KEY(spool, KEYFILE_PATH, 0, 0),
	KEY(state, KEYFILE_PATH, 0, 0),
	KEY(token, KEYFILE_PATH, 0, 0),
	KEY(place, KEYFILE_TEXT, 0, 0),
	KEY(lang, KEYFILE_LANG, 0, 0),
	KEY(notice_command, KEYFILE_WORDS, 0, 0),
	KEY(test_command, KEYFILE_WORDS, 0, 0),
	KEY(emergency_contacts, KEYFILE_LINES, 0, 0),
	KEY(connect_ms, KEYFILE_NUMBER, 100, 60000),
	KEY(answer_ms, KEYFILE_NUMBER, 100, 60000),
	KEY(silence_ms, KEYFILE_NUMBER, 200, 600000),
	KEY(retry_min_ms, KEYFILE_NUMBER, 10, 60000),
	KEY(retry_max_ms, KEYFILE_NUMBER, 10, 600000),
	KEY(grace_ms, KEYFILE_NUMBER, 0, 600000),
	KEY(undelivered_ms, KEYFILE_NUMBER, 0, 600000),
	KEY(undelivered_repeat_ms, KEYFILE_NUMBER, 1000, 86400000),
	KEY(notice_timeout_ms, KEYFILE_NUMBER, 100, 3600000),
	{"notice_shown", KEYFILE_CHOICE, offsetof(struct settings, notice_shown_at_start), 0, 0, "exit", "start"},
	KEY(notice_children, KEYFILE_NUMBER, 1, 64),
};
#define KEYS (sizeof keys / sizeof keys[0])

static struct settings *defaults(const char *file)
{
	struct settings *s = xcalloc(1, sizeof *s);
	s->file = xstrdup(file);
	s->port = 7443;
	s->connect_ms = 3000;
	s->answer_ms = 5000;
	s->silence_ms = 9000;
	s->retry_min_ms = 200;
	s->retry_max_ms = 5000;
	s->grace_ms = 6000;
	s->undelivered_ms = 5000;
	s->undelivered_repeat_ms = 60000;
	s->notice_timeout_ms = 30000;
	s->notice_children = 8;
	return s;
}

static char *state_home(void)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	if (xdg && xdg[0] == '/')
		return xasprintf("%s/renraku", xdg);
	return xasprintf("%s/.local/state/renraku", home && *home ? home : "/var/lib");
}

/* One token for each server and identity, so that a person's two devices on one machine do not overwrite each other. */
static char *token_path(const struct settings *s)
{
	char *what = xasprintf("%s:%u %s", s->server ? s->server : "", (unsigned)s->port,
		s->agent_socket ? s->agent_socket
		: s->cert       ? s->cert
				: "");
	unsigned char sum[SHA256_DIGEST_LENGTH];
	char hex[2 * 8 + 1];
	SHA256((const unsigned char *)what, strlen(what), sum);
	text_hex(sum, 8, hex);
	char *home = state_home();
	char *path = xasprintf("%s/token-%s", home, hex);
	free(home);
	free(what);
	return path;
}

static void finish(struct keyfile *p)
{
	struct settings *s = p->into;
	if (!s->server && !s->agent_socket)
		keyfile_fault(p, T("server（サーバのアドレス）がありません", "`server` (the server's address) is missing"));
	if (!s->agent_socket && (!s->ca || !s->cert || !s->key))
		keyfile_fault(p, T("agent_socket がないので ca, cert, key の三つが必要です",
					 "without agent_socket, ca, cert and key are all needed"));
	if (!s->cert != !s->key)
		keyfile_fault(p, T("cert と key は両方書いてください", "give cert and key together"));
	if (s->retry_max_ms < s->retry_min_ms)
		keyfile_fault(p, T("retry_max_ms が retry_min_ms より小さくなっています", "retry_max_ms is below retry_min_ms"));
	if (!s->server_name && s->server)
		s->server_name = xstrdup(s->server);
	if (!s->state)
		s->state = state_home();
	if (!s->spool)
		s->spool = xasprintf("%s/spool", s->state);
	if (!s->token)
		s->token = token_path(s);
}

struct settings *settings_parse(const char *text, const char *file, char **error)
{
	struct settings *s = defaults(file);
	struct keyfile reading;
	keyfile_read(&reading, keys, KEYS, s, text, file);
	finish(&reading);
	char *faults = keyfile_end(&reading);
	if (!faults)
		return s;
	*error = faults;
	settings_free(s);
	return NULL;
}

void settings_free(struct settings *s)
{
	if (!s)
		return;
	free(s->file);
	keyfile_free_values(keys, KEYS, s);
	free(s);
}
