/*
 * commands: the list of all commands.
 */
#ifndef CTL_COMMANDS_H
#define CTL_COMMANDS_H

#include "ctl/ctl.h"

extern const struct cmd *const commands_all[]; /* NULL-terminated, in the order of the overview */
const struct cmd *commands_find(const char *name_or_alias);
const struct cmd *commands_nearest(const char *typed); /* NULL when nothing is near */

#endif
