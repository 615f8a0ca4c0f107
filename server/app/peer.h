/*
 * peer: one session: hello, who it is, which frame goes where, its end.
 */
#ifndef APP_PEER_H
#define APP_PEER_H

#include "app/shell_state.h"

struct shell_peer *peer_new(struct shell *, const struct tls_peer *, const char *subject, void *owner);
void peer_frame(struct shell_peer *, const uint8_t *, size_t);
void peer_garbled(struct shell_peer *, const char *why);
/* Says why and closes. Safe to call twice. */
void peer_bye(struct shell_peer *, const char *code);
/* The session is gone; memory goes when nothing refers to it any more. */
void peer_closed(struct shell_peer *);
void peer_unuse(struct shell_peer *); /* gives back one of `uses` */

void peer_send(struct shell_peer *, struct hub_frame *); /* held until durable; takes the reference */
void peer_refuse(struct shell_peer *, uint64_t ref, const char *code);
void peer_welcome(struct shell_peer *, uint64_t ref);
/* token NULL: by the person's own certificate. */
void peer_sign_in(struct shell_peer *, const char *person, struct token *);
void peer_sign_out(struct shell_peer *);
/* A gateway's session stands for a terminal of the site, in place of another if it stood for one; and no longer. */
void peer_stand_for(struct shell_peer *, struct enrolment *);
void peer_stand_down(struct shell_peer *);
/* Is the person signed in an administrator? */
bool peer_is_administrator(const struct shell_peer *);
/* The site changed: those it no longer names leave. */
void peer_check_site(struct shell *);

#endif
