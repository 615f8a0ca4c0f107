#include "app/passphrase.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"

const char *passphrase_line(FILE *file, char *buf, size_t size)
{
	size_t len;

	if (fgets(buf, (int)size, file) == NULL)
		return NULL;
	len = strcspn(buf, "\r\n");
	if (buf[len] == '\0' && len + 1 == size)
		return NULL;
	buf[len] = '\0';
	return buf;
}

const char *passphrase_read(void *arg)
{
	static char line[512];
	FILE *file = fopen(arg, "re");
	const char *found = NULL;

	if (file != NULL) {
		found = passphrase_line(file, line, sizeof line);
		fclose(file);
	}
	if (found == NULL)
		log_error(
			"tls", "passphrase file %s: %s", (const char *)arg, file == NULL ? strerror(errno) : "no line in it, or too long");
	return found;
}
