/*
 * paper: hands a command over to renraku-report, which stands beside this program and alone has the libraries that set type.
 */
#ifndef CTL_PAPER_H
#define CTL_PAPER_H

#include "ctl/ctl.h"

/* Runs the job with the arguments and options of this command, and the same configuration, person and language. Returns only with an
   exit code of its own when the program cannot be started. */
int paper_run(struct ctl *, const char *job);

#endif
