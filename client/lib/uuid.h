/*
 * uuid: random version 4 UUIDs from the kernel; command ids.
 */
#ifndef LIB_UUID_H
#define LIB_UUID_H

#include <stdbool.h>

#define UUID_SIZE 37

/* Lower-case with hyphens. Aborts when the kernel has no random numbers: an id that could repeat must not exist. */
void uuid_new(char out[UUID_SIZE]);
/* What the protocol allows as a command id: 16 to 64 characters [A-Za-z0-9-]. */
bool uuid_command_id(const char *);

#endif
