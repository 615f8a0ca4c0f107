#include "ctl/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

#define SECRET_MAX 1024

const char *identity_as(const struct opt_line *line)
{
	const char *as = opt_value(line, "as");

	if (!as)
		as = getenv("RENRAKU_AS");
	return as && *as ? as : NULL;
}

/* client-PERSON.yaml beside `file`, if it can be read. */
static char *beside(const char *file, const char *as)
{
	const char *slash = strrchr(file, '/');
	size_t len = slash ? (size_t)(slash - file) + 1 : 0;
	char *path = xasprintf("%.*sclient-%s.yaml", (int)len, file, as);

	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

/* Without an explicit file: in the places settings_load searches, since a person's own file may stand where no client.yaml does. */
static char *personal(const char *as)
{
	const char *env = getenv("RENRAKU_CONFIG"), *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *base, *path = NULL;

	if (env && *env)
		return beside(env, as);
	if ((xdg && *xdg) || (home && *home)) {
		base = xdg && *xdg ? xasprintf("%s/renraku/", xdg) : xasprintf("%s/.config/renraku/", home);
		path = beside(base, as);
		free(base);
	}
	return path ? path : beside("/etc/renraku/", as);
}

struct settings *identity_settings(const char *file, const char *as, char **error)
{
	struct settings *settings;
	char *own = NULL;

	if (as && !text_id(as, 64)) {
		*error = xasprintf(T("--as「%s」は職員の ID ではありません。英数字と _ . - で指定してください。",
					   "--as '%s' is not a person's id (letters, digits, _ . -)."),
			as);
		return NULL;
	}
	if (as)
		own = file ? beside(file, as) : personal(as);
	settings = settings_load(own ? own : file, error);
	if (settings && as && !own) {
		char *token = xasprintf("%s-%s", settings->token, as);

		free(settings->token);
		settings->token = token;
	}
	free(own);
	return settings;
}

static char *line_of(FILE *from)
{
	char *line = xcalloc(1, SECRET_MAX);

	if (!fgets(line, SECRET_MAX, from)) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

char *identity_ask(const char *prompt)
{
	FILE *tty = fopen("/dev/tty", "r+");
	struct termios before, silent;
	char *secret;

	if (!tty)
		return NULL;
	if (tcgetattr(fileno(tty), &before) != 0) {
		fclose(tty);
		return NULL;
	}
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(fileno(tty), TCSAFLUSH, &silent);
	fprintf(tty, "%s", prompt);
	fflush(tty);
	secret = line_of(tty);
	tcsetattr(fileno(tty), TCSAFLUSH, &before);
	fprintf(tty, "\n");
	fclose(tty);
	return secret;
}

char *identity_stdin(void)
{
	return line_of(stdin);
}

void identity_wipe(char *secret)
{
	if (!secret)
		return;
	explicit_bzero(secret, strlen(secret));
	free(secret);
}

const char *identity_passphrase(void *unused)
{
	static char *kept; /* OpenSSL asks for it as a borrowed string */
	const char *path = getenv("RENRAKU_PASSPHRASE_FILE");
	FILE *file;

	(void)unused;
	if (kept)
		return kept;
	if (path) {
		file = fopen(path, "r");
		if (file) {
			kept = line_of(file);
			fclose(file);
		}
		return kept;
	}
	kept = identity_ask(T("証明書の鍵のパスフレーズ: ", "Passphrase of the certificate's key: "));
	return kept;
}
