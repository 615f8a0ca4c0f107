/*
 * help: what a clerk reads first.
 */
#ifndef CTL_HELP_H
#define CTL_HELP_H

#include "ctl/ctl.h"

/* Both print to stdout and return CTL_OK. */
int help_overview(void);
int help_command(const struct cmd *);

#endif
