#include "agent/alert_run.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"

extern char **environ;

/* A file in memory instead of a pipe: a child that does not read cannot hold us up. */
static int input_fd(const char *text)
{
	int fd = memfd_create("renraku-notice", MFD_CLOEXEC);
	size_t len = strlen(text);
	while (fd >= 0 && len) {
		ssize_t n = write(fd, text, len);
		if (n < 0 && errno != EINTR) {
			int error = errno;
			close(fd);
			return -error;
		}
		text += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	if (fd < 0)
		return -errno;
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* Ours, without older RENRAKU_ fields, and then the notice's. */
static char **environment(char *const *env, size_t n_env)
{
	size_t n = 0, used = 0;
	while (environ[n])
		n++;
	char **all = xcalloc(n + n_env + 1, sizeof *all);
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], "RENRAKU_", 8) != 0 || !strncmp(environ[i], "RENRAKU_CONFIG=", 15))
			all[used++] = environ[i];
	for (size_t i = 0; i < n_env; i++)
		all[used++] = env[i];
	return all;
}

static int spawn(pid_t *pid, char *const *argv, char *const *env, int fd)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGTERM);
	sigaddset(&defaults, SIGINT);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setsigmask(&attributes, &none);
	int error = posix_spawnp(pid, argv[0], &actions, &attributes, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return error;
}

pid_t alert_run(char *const *argv, char *const *env, size_t n_env, const char *input)
{
	int fd = input_fd(input);
	if (fd < 0)
		return fd;
	char **all = environment(env, n_env);
	pid_t pid = -1;
	int error = spawn(&pid, argv, all, fd);
	free(all);
	close(fd);
	return error ? -error : pid;
}
