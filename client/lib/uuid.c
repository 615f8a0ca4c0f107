#include "lib/uuid.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

void uuid_new(char out[UUID_SIZE])
{
	uint8_t b[16];
	size_t have = 0;
	while (have < sizeof b) {
		ssize_t n = getrandom(b + have, sizeof b - have, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			fputs("renraku: the kernel gives no random numbers\n", stderr);
			abort();
		}
		have += (size_t)n;
	}
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	snprintf(out, UUID_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4], b[5],
		b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

bool uuid_command_id(const char *s)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
	size_t n = strspn(s, allowed);
	return s[n] == '\0' && n >= 16 && n <= 64;
}
