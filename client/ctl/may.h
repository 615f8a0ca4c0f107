/*
 * may: what somebody who stands in may do: acknowledge 1, enter 2, decide 4, added up; 0: all.
 */
#ifndef CTL_MAY_H
#define CTL_MAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

/* "acknowledge,enter". False after having said what is wrong (option: where it stood). */
bool may_read(const char *option, const char *text, uint32_t *out);
/* For people, "" when all. */
const char *may_say(struct arena *, uint32_t may);

#endif
