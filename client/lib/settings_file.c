#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "lib/settings.h"

#define FILE_LIMIT (256u << 10)

/* NULL with *error, or the whole text. */
static char *read_file(const char *path, char **error)
{
	FILE *f = fopen(path, "re");
	if (!f) {
		*error = xasprintf(
			T("設定ファイル %s を開けません: %s", "cannot open the configuration file %s: %s"), path, strerror(errno));
		return NULL;
	}
	struct buf b;
	buf_init(&b, FILE_LIMIT);
	char part[4096];
	size_t n;
	while ((n = fread(part, 1, sizeof part, f)) > 0 && buf_append(&b, part, n))
		;
	bool failed = ferror(f) != 0, big = b.full, zero = b.len && memchr(b.data, 0, b.len);
	fclose(f);
	char *text = NULL;
	if (failed)
		*error = xasprintf(T("設定ファイル %s を読めません", "cannot read the configuration file %s"), path);
	else if (big || zero)
		*error = xasprintf(T("%s は設定ファイルではないようです", "%s does not look like a configuration file"), path);
	else
		text = xstrdup(buf_str(&b));
	buf_free(&b);
	return text;
}

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
	char *text = read_file(path, error);
	struct settings *s = text ? settings_parse(text, path, error) : NULL;
	free(text);
	free(path);
	return s;
}
