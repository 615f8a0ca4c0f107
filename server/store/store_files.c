#include "store/store_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"

#define RESERVE ((uint64_t)16 << 20)
/* Beside the bytes themselves: pages, indices, the file of the next checkpoint. */
#define HEADROOM ((uint64_t)1 << 20)

static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return xstrdup(".");
	return slash == path ? xstrdup("/") : xstrndup(path, (size_t)(slash - path));
}

void store_files_init(struct store_files *f, const char *path, uint64_t reserve)
{
	*f = (struct store_files){.lock_fd = -1};
	f->path = xstrdup(path);
	f->dir = directory_of(path);
	f->lock = xasprintf("%s-lock", path);
	f->ballast = xasprintf("%s-ballast", path);
	f->reserve = reserve ? reserve : RESERVE;
	f->ballast_size = f->reserve / 4;
	pthread_mutex_init(&f->mutex, NULL);
}

void store_files_free(struct store_files *f)
{
	if (f->lock_fd >= 0)
		close(f->lock_fd);
	pthread_mutex_destroy(&f->mutex);
	free(f->path);
	free(f->dir);
	free(f->lock);
	free(f->ballast);
}

static enum store_status status_of_errno(int e)
{
	return e == ENOSPC || e == EDQUOT ? STORE_FULL : STORE_FAILED;
}

enum store_status store_files_look(const struct store_files *f, char **error)
{
	struct stat st;
	if (stat(f->dir, &st) != 0) {
		*error = xasprintf(
			"log %s: directory %s: %s; create it, owned by the user the server runs as", f->path, f->dir, strerror(errno));
		return STORE_FAILED;
	}
	if (!S_ISDIR(st.st_mode)) {
		*error = xasprintf("log %s: %s is not a directory", f->path, f->dir);
		return STORE_FAILED;
	}
	if (stat(f->path, &st) == 0 && !S_ISREG(st.st_mode)) {
		*error = xasprintf("log %s: is not a regular file; name a file in a directory of its own", f->path);
		return STORE_CORRUPT;
	}
	return STORE_OK;
}

/* flock and not fcntl: it belongs to the open file, so no other close in this process can drop it. */
enum store_status store_files_lock(struct store_files *f, char **error)
{
	if (f->lock_fd >= 0)
		return STORE_OK;
	int fd = open(f->lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		int e = errno;
		*error = xasprintf(
			"log %s: cannot make the lock file %s: %s; the directory must be writable for the user the server runs as", f->path,
			f->lock, strerror(e));
		return status_of_errno(e);
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		f->lock_fd = fd;
		f->ballast_held = access(f->ballast, F_OK) == 0; /* of an earlier run */
		return STORE_OK;
	}
	int e = errno;
	close(fd);
	if (e == EWOULDBLOCK) {
		*error = xasprintf("log %s: another process has it open (it holds %s); stop that server first", f->path, f->lock);
		return STORE_LOCKED;
	}
	*error = xasprintf("log %s: cannot lock %s: %s", f->path, f->lock, strerror(e));
	return STORE_FAILED;
}

enum store_status store_files_sync_directory(const struct store_files *f, char **error)
{
	int fd = open(f->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int e = fd < 0 ? errno : fsync(fd) != 0 ? errno : 0;
	if (fd >= 0)
		close(fd);
	if (e == 0)
		return STORE_OK;
	*error = xasprintf("log %s: cannot sync the directory %s: %s", f->path, f->dir, strerror(e));
	return status_of_errno(e);
}

/* ---- space ---- */

/* What this process may still use; UINT64_MAX when it cannot be found out, since a guess must not stop the town. */
static uint64_t free_space(const struct store_files *f)
{
	struct statvfs vfs;
	if (statvfs(f->dir, &vfs) != 0)
		return UINT64_MAX;
	return (uint64_t)vfs.f_bavail * (vfs.f_frsize ? vfs.f_frsize : vfs.f_bsize);
}

static void ballast_give_up(struct store_files *f)
{
	if (unlink(f->ballast) == 0)
		log_warning("log", "%s: little space is left; the reserve %s was given up. Make room on this disk", f->path, f->ballast);
	f->ballast_held = false;
}

static void ballast_take(struct store_files *f)
{
	int fd = open(f->ballast, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return;
	f->ballast_held = posix_fallocate(fd, 0, (off_t)f->ballast_size) == 0;
	close(fd);
	if (!f->ballast_held)
		unlink(f->ballast);
}

void store_files_balance(struct store_files *f, size_t bytes)
{
	uint64_t space = free_space(f), wanted = HEADROOM + 2 * (uint64_t)bytes;
	pthread_mutex_lock(&f->mutex);
	if (f->ballast_held && space < wanted)
		ballast_give_up(f);
	else if (!f->ballast_held && space != UINT64_MAX && space >= f->reserve + f->ballast_size + wanted)
		ballast_take(f);
	pthread_mutex_unlock(&f->mutex);
}

bool store_files_low(const struct store_files *f)
{
	return free_space(f) < f->reserve;
}
