/*
 * throttle: failed sign-ins of a person and of a certificate make the next one wait: never a lockout, since in an
 * emergency the right password must always get in after a delay.
 */
#ifndef APP_THROTTLE_H
#define APP_THROTTLE_H

#include "app/shell_state.h"

/* When an attempt under these keys may be tried; `now` when there were no failures. */
int64_t throttle_not_before(struct shell *, const char *person, const char *certificate);
void throttle_result(struct shell *, const char *person, const char *certificate, bool ok);
void throttle_free(struct shell *);

#endif
