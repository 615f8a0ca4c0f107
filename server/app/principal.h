/*
 * principal: which sessions a terminal or a person has. "terminal:t1" and "person:p_tanaka" are the keys, as in senders and
 * in the engine's presence.
 */
#ifndef APP_PRINCIPAL_H
#define APP_PRINCIPAL_H

#include "app/shell_state.h"

struct principal *principal_find(struct shell *, const char *kind, const char *id); /* NULL when it never had a session */
struct principal *principal_get(struct shell *, const char *kind, const char *id);
void principal_join(struct principal *, struct shell_peer *);
void principal_leave(struct principal *, struct shell_peer *);
void principal_free_all(struct shell *);

#endif
