#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "lib/settings.h"

/* The first that exists. NULL when there is none; *looked says where was looked. */
static char *search(char **looked)
{
	const char *env = getenv("RENRAKU_CONFIG"), *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	if (env && *env)
		return xstrdup(env);
	char *own = xdg && xdg[0] == '/' ? xasprintf("%s/renraku/client.yaml", xdg)
					 : xasprintf("%s/.config/renraku/client.yaml", home && *home ? home : "");
	static const char common[] = "/etc/renraku/client.yaml";
	if (access(own, F_OK) == 0)
		return own;
	if (access(common, F_OK) == 0) {
		free(own);
		return xstrdup(common);
	}
	*looked = xasprintf("%s, %s", own, common);
	free(own);
	return NULL;
}

struct settings *settings_load(const char *explicit_path, char **error)
{
	char *looked = NULL;
	char *path = explicit_path ? xstrdup(explicit_path) : search(&looked);
	if (!path) {
		*error = xasprintf(T("設定ファイルがありません（探した場所: %s）。--config か RENRAKU_CONFIG で指定してください",
					   "there is no configuration file (looked at: %s); name one with --config or RENRAKU_CONFIG"),
			looked);
		free(looked);
		return NULL;
	}
	char *text = keyfile_load(path, error);
	struct settings *s = text ? settings_parse(text, path, error) : NULL;
	free(text);
	free(path);
	return s;
}
