/*
 * alert_run: one child process with a text on its stdin; only for alert.c.
 */
#ifndef AGENT_ALERT_RUN_H
#define AGENT_ALERT_RUN_H

#include <stddef.h>
#include <sys/types.h>

/* argv and env NULL-terminated; env is added to our own. The child is its own process group, with nothing open but stdin, stdout,
   stderr. The pid, or a negative errno. */
pid_t alert_run(char *const *argv, char *const *env, size_t n_env, const char *input);

#endif
