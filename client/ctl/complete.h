/*
 * complete: what may follow on the command line, one word a line; for the shell's completion.
 */
#ifndef CTL_COMPLETE_H
#define CTL_COMPLETE_H

#include "ctl/ctl.h"

/* argv: the words before the one being typed, without the program's name. */
int complete_words(struct ctl *, int argc, char **argv);

#endif
