#include "lib/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

int durable_sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = !slash ? xstrdup(".") : slash == path ? xstrdup("/") : xstrndup(path, (size_t)(slash - path));
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (fd < 0)
		return -errno;
	int error = fsync(fd) ? -errno : 0;
	close(fd);
	/* Some file systems cannot sync a directory at all; there is nothing better to be had there. */
	return error == -EINVAL ? 0 : error;
}

static int fill(int fd, const void *data, size_t len, mode_t mode)
{
	if (fchmod(fd, mode))
		return -errno;
	int error = write_all(fd, data, len);
	if (error)
		return error;
	return fsync(fd) ? -errno : 0;
}

int durable_write_locked(const char *path, const void *data, size_t len, mode_t mode)
{
	char *temp = xasprintf("%s.tmp-XXXXXX", path);
	int fd = mkostemp(temp, O_CLOEXEC);
	int error = fd < 0 ? -errno : 0;
	if (fd >= 0) {
		error = flock(fd, LOCK_EX | LOCK_NB) ? -errno : fill(fd, data, len, mode);
		if (!error && rename(temp, path))
			error = -errno;
		if (error)
			unlink(temp);
		else
			error = durable_sync_directory(path);
	}
	free(temp);
	if (!error)
		return fd;
	if (fd >= 0)
		close(fd);
	return error;
}

int durable_write(const char *path, const void *data, size_t len, mode_t mode)
{
	int fd = durable_write_locked(path, data, len, mode);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

int durable_read(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	struct stat st;
	int error = fstat(fd, &st) ? -errno : S_ISREG(st.st_mode) ? 0 : -EBADMSG;
	char part[8192];
	while (!error) {
		ssize_t n = read(fd, part, sizeof part);
		if (n == 0)
			break;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			error = -errno;
		else if (!buf_append(out, part, (size_t)n))
			error = -EFBIG;
	}
	close(fd);
	return error;
}

int durable_directory(const char *path, mode_t mode)
{
	char *copy = xstrdup(path);
	int error = 0;
	for (char *at = copy + 1; !error && *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(copy, 0755) && errno != EEXIST)
			error = -errno;
		*at = '/';
	}
	if (!error && mkdir(copy, mode) == 0) {
		/* mkdir honours the umask; the mode here is meant. */
		if (chmod(copy, mode))
			error = -errno;
	} else if (!error && errno != EEXIST) {
		error = -errno;
	}
	struct stat st;
	if (!error && (stat(copy, &st) || !S_ISDIR(st.st_mode)))
		error = -ENOTDIR;
	free(copy);
	return error;
}
