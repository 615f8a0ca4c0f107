/*
 * admin: what is done on the machine itself before the server runs: loading a plan and a site, setting passwords.
 */
#ifndef APP_ADMIN_H
#define APP_ADMIN_H

#include "app/config.h"

/* Returns renrakud's exit code. */
int admin_run(const struct config *);

#endif
