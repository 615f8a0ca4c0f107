/*
 * csrf: the value a page must show with every POST. It follows from the cookies, so it stays valid over restarts and nothing need be kept.
 */
#ifndef WEB_CSRF_H
#define WEB_CSRF_H

#include <stdbool.h>

#define CSRF_TEXT 65 /* 64 hex digits, NUL */

/* HMAC-SHA256 under the cookies' values (NULL: that cookie is absent) of a fixed label. */
char *csrf_value(const char *person, const char *terminal, char out[CSRF_TEXT]);
/* In constant time. given may be NULL. */
bool csrf_matches(const char *person, const char *terminal, const char *given);

#endif
