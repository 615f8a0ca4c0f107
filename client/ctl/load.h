/*
 * load: plans and sites: reading the file, checking it here, uploading it and giving the command.
 */
#ifndef CTL_LOAD_H
#define CTL_LOAD_H

#include "ctl/ctl.h"
#include "plan/site.h"

#define LOAD_MAX (4u << 20)

/* The file's text, malloc'ed; NULL after having said why. */
char *load_file(const char *path, size_t *len);
/* Every fault with file:line:column, what and what to do; as JSON lines with --json. Returns CTL_OK or CTL_FAULTS. */
int load_faults(struct ctl *, const struct plan_faults *);
/* Uploads and loads. site: else a plan. */
int load_send(struct ctl *, const char *path, const char *text, size_t len, bool site);

#endif
