/*
 * identity: which configuration speaks for whom, and asking for secrets.
 *
 * --as PERSON: if client-PERSON.yaml stands beside the configuration that would be used (a certificate of that person's own), that
 * file is used; else the ordinary one, with a sign-in kept for that person alone, so that several persons can use one terminal.
 */
#ifndef CTL_IDENTITY_H
#define CTL_IDENTITY_H

#include "ctl/opt.h"
#include "lib/settings.h"

/* Whom --as or RENRAKU_AS names; NULL: nobody. */
const char *identity_as(const struct opt_line *);
/* NULL with *error malloc'ed. */
struct settings *identity_settings(const char *file, const char *as, char **error);
/* Asks at the terminal without echo; NULL when there is no terminal or nothing was typed. malloc'ed; wipe with identity_wipe. */
char *identity_ask(const char *prompt);
/* The first line of stdin. NULL when there is none. */
char *identity_stdin(void);
void identity_wipe(char *secret); /* frees */
/* conn's passphrase callback: $RENRAKU_PASSPHRASE_FILE, else asks. */
const char *identity_passphrase(void *unused);

#endif
