#include "web/print_child.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"

#define ME "print"
#define CPU_S 60
#define MEMORY_MAX (1ul << 30)
#define FILE_MAX (16ul << 20)
#define FILES_MAX 256

/* ---- the directory ---- */

static char *make_in(const char *parent)
{
	char *path;
	if (!parent || *parent != '/')
		return NULL;
	path = xasprintf("%.*s/renraku-print.XXXXXX", (int)strcspn(parent, ":"), parent);
	if (mkdtemp(path))
		return path;
	free(path);
	return NULL;
}

static void key(struct buf *out, const char *name, const char *value)
{
	char q = value && strchr(value, '\'') ? '"' : '\'';
	if (value)
		buf_printf(out, "%s: %c%s%c\n", name, q, value, q);
}

/* A relative path is as the web's own configuration means it: already resolved against that file. */
static void path_key(struct buf *out, const char *name, const char *value)
{
	char whole[PATH_MAX];
	key(out, name, value && realpath(value, whole) ? whole : value);
}

static bool put(const char *directory, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", directory, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	size_t len = strlen(text);
	bool ok = fd >= 0 && write(fd, text, len) == (ssize_t)len;
	if (fd >= 0)
		close(fd);
	if (!ok)
		log_error(ME, "cannot write %s: %s", path, strerror(errno));
	free(path);
	return ok;
}

char *print_make_directory(const struct settings *way, const char *token)
{
	const char *const places[] = {getenv("RUNTIME_DIRECTORY"), "/dev/shm", getenv("TMPDIR"), "/tmp"};
	char *directory = NULL;
	struct buf yaml;
	for (size_t i = 0; !directory && i < sizeof places / sizeof *places; i++)
		directory = make_in(places[i]);
	if (!directory) {
		log_error(ME, "there is no place for a private directory: %s", strerror(errno));
		return NULL;
	}
	buf_init(&yaml, 64u << 10);
	key(&yaml, "server", way->server);
	buf_printf(&yaml, "port: %u\n", (unsigned)way->port);
	key(&yaml, "server_name", way->server_name);
	path_key(&yaml, "ca", way->ca);
	path_key(&yaml, "cert", way->cert);
	path_key(&yaml, "key", way->key);
	path_key(&yaml, "crl", way->crl);
	buf_puts(&yaml, "token: token\nstate: state\n");
	bool ok = put(directory, "client.yaml", buf_str(&yaml)) && put(directory, "token", token);
	buf_free(&yaml);
	if (ok)
		return directory;
	print_remove_directory(directory);
	free(directory);
	return NULL;
}

static int on_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

void print_remove_directory(const char *path)
{
	if (nftw(path, on_entry, 8, FTW_DEPTH | FTW_PHYS) != 0)
		log_warning(ME, "cannot remove %s: %s", path, strerror(errno));
}

/* ---- the process ---- */

static void limit(int what, rlim_t most)
{
	struct rlimit l = {most, most};
	setrlimit(what, &l);
}

/* Only what is safe after fork. */
static void become(const struct print_child *c, char **argv, int out, int err)
{
	int none = open("/dev/null", O_RDONLY);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	if (none < 0 || dup2(none, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(126);
	/* Descriptors of ours are closed on exec; were one forgotten, it is no use to this program, and it is not kept. */
	for (int fd = 3; fd < 4096; fd++)
		close(fd);
	limit(RLIMIT_CPU, CPU_S);
#ifndef __SANITIZE_ADDRESS__
	limit(RLIMIT_AS, MEMORY_MAX);
#endif
	limit(RLIMIT_FSIZE, FILE_MAX);
	limit(RLIMIT_NOFILE, FILES_MAX);
	limit(RLIMIT_CORE, 0);
	signal(SIGPIPE, SIG_DFL);
	sigset_t nothing;
	sigemptyset(&nothing);
	sigprocmask(SIG_SETMASK, &nothing, NULL);
	execv(c->program, argv);
	_exit(127);
}

bool print_spawn(const struct print_child *c, pid_t *pid, int *out, int *err)
{
	char *config = xasprintf("%s/client.yaml", c->directory), number[16];
	char *argv[] = {(char *)(uintptr_t) "renraku-report", (char *)(uintptr_t)c->job, (char *)(uintptr_t) "--config", config,
		(char *)(uintptr_t) "--format", (char *)(uintptr_t)c->format, (char *)(uintptr_t) "--lang", (char *)(uintptr_t)c->lang,
		(char *)(uintptr_t) "--", c->incident ? number : NULL, NULL};
	int outs[2] = {-1, -1}, errs[2] = {-1, -1};
	snprintf(number, sizeof number, "%u", (unsigned)c->incident);
	bool ok = pipe2(outs, O_CLOEXEC) == 0 && pipe2(errs, O_CLOEXEC) == 0 && (*pid = fork()) >= 0;
	if (ok && *pid == 0)
		become(c, argv, outs[1], errs[1]);
	if (!ok)
		log_error(ME, "cannot start %s: %s", c->program, strerror(errno));
	else
		setpgid(*pid, *pid); /* whichever of the two comes first */
	if (outs[1] >= 0)
		close(outs[1]);
	if (errs[1] >= 0)
		close(errs[1]);
	free(config);
	if (ok) {
		*out = outs[0];
		*err = errs[0];
		return true;
	}
	*pid = 0;
	if (outs[0] >= 0)
		close(outs[0]);
	if (errs[0] >= 0)
		close(errs[0]);
	return false;
}
