/*
 * print_child: renraku-report as a process: its private directory, its limits, its pipes. For print.c.
 */
#ifndef WEB_PRINT_CHILD_H
#define WEB_PRINT_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/settings.h"

struct print_child {
	const char *program, *directory, *job, *format, *lang;
	uint32_t incident;
};

/* A new directory that only this user can read, with client.yaml and the token in it. NULL: logged. The path is the caller's. */
char *print_make_directory(const struct settings *way, const char *token);
void print_remove_directory(const char *);
/* Starts it in a process group of its own. The caller owns both descriptors. False: logged. */
bool print_spawn(const struct print_child *, pid_t *pid, int *out, int *err);

#endif
