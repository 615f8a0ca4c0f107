/*
 * files: evidence is named, not sent. What is typed as FIELD=@PATH for a field of type `files` becomes "NAME sha256:HEX", several of them
 * joined with "; ". The file stays where it is.
 */
#ifndef CTL_FILES_H
#define CTL_FILES_H

#include "ctl/fill.h"

/* Is there a value that begins with '@', so that the item's form must be looked at? */
bool files_typed(const struct fill *);
/* Replaces the paths in the item's fields of type `files`. False after having said which file cannot be read. */
bool files_read(struct ctl *, const Renraku__ItemRow *, struct fill *);
/* One path, without the '@'; NULL after having said why not. In the arena. */
char *files_name(struct ctl *, const char *path);

#endif
