#include "bench/disk.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

#define TIMES 10

bool disk_measure(const char *dir, struct samples *samples)
{
	static const char page[4096];
	char *path = xasprintf("%s/sync", dir);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	bool ok = fd >= 0;

	for (int i = 0; ok && i < TIMES; i++) {
		int64_t at = figures_now();

		ok = write(fd, page, sizeof page) == (ssize_t)sizeof page && fdatasync(fd) == 0;
		figures_add(samples, figures_ms(figures_now() - at));
	}
	if (!ok)
		perror("fanout: cannot sync a file");
	if (fd >= 0)
		close(fd);
	free(path);
	return ok;
}
