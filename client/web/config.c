#include "web/config.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define KEY(k, kind, min, max)                                                                                                             \
	{                                                                                                                                  \
#k, kind, offsetof(struct web_config, k), min, max, NULL, NULL                                                             \
	}

static const struct keyfile_key keys[] = {
	KEY(address, KEYFILE_TEXT, 0, 0),
	KEY(port, KEYFILE_PORT, 0, 65535),
	KEY(cert, KEYFILE_PATH, 0, 0),
	KEY(key, KEYFILE_PATH, 0, 0),
	KEY(names, KEYFILE_LINES, 0, 0),
	{"client", KEYFILE_PATH, offsetof(struct web_config, client_file), 0, 0, NULL, NULL},
	KEY(page, KEYFILE_PATH, 0, 0),
	KEY(report, KEYFILE_PATH, 0, 0),
	KEY(telephone, KEYFILE_LINES, 0, 0),
	KEY(lang, KEYFILE_LANG, 0, 0),
	KEY(max_connections, KEYFILE_NUMBER, 16, 100000),
	KEY(max_connections_of_address, KEYFILE_NUMBER, 4, 100000),
};
#define KEYS (sizeof keys / sizeof keys[0])

/* A path beside this program ("/usr/bin/renraku-web" -> "/usr/bin/" and what follows). */
static char *beside(const char *what)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	self[n > 0 ? n : 0] = '\0';
	char *slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	return xasprintf("%s/%s", slash ? self : "/usr/bin", what);
}

static void load_client(struct keyfile *p, struct web_config *c)
{
	char *error = NULL;
	c->client = settings_load(c->client_file, &error);
	if (!c->client)
		keyfile_fault(p, "client: %s", error);
	else if (!c->client->server || !c->client->ca || !c->client->cert || !c->client->key)
		keyfile_fault(p,
			T("client: %s には server, ca, cert, key（ゲートウェイの証明書）がすべて必要です",
				"client: %s needs all of server, ca, cert, key (a gateway's certificate)"),
			c->client_file);
	free(error);
}

static void finish(struct keyfile *p, struct web_config *c)
{
	if (!c->cert || !c->key)
		keyfile_fault(p, T("cert と key（ブラウザーに見せる証明書と秘密鍵）が必要です",
					 "cert and key (the certificate that browsers see, and its key) are needed"));
	if (!c->client_file)
		keyfile_fault(p, T("client（サーバーへの接続を書いたファイル）がありません",
					 "`client` (the file that says how renrakud is reached) is missing"));
	else
		load_client(p, c);
	if (!c->address)
		c->address = xstrdup("127.0.0.1");
	if (!c->page)
		c->page = beside("../share/renraku/web");
	if (!c->report)
		c->report = beside("renraku-report");
}

struct web_config *web_config_load(const char *path, char **error)
{
	*error = NULL;
	char *text = keyfile_load(path, error);
	if (!text)
		return NULL;
	struct web_config *c = xcalloc(1, sizeof *c);
	struct keyfile reading;
	c->file = xstrdup(path);
	c->port = 8443;
	c->lang = i18n_get();
	c->max_connections = 2000;
	c->max_connections_of_address = 200;
	keyfile_read(&reading, keys, KEYS, c, text, path);
	free(text);
	finish(&reading, c);
	*error = keyfile_end(&reading);
	if (!*error)
		return c;
	web_config_free(c);
	return NULL;
}

void web_config_free(struct web_config *c)
{
	if (!c)
		return;
	keyfile_free_values(keys, KEYS, c);
	settings_free(c->client);
	free(c->file);
	free(c);
}
