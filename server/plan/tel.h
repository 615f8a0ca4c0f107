/*
 * tel: telephone numbers and the hours at which they answer, as plan and site write them.
 */
#ifndef PLAN_TEL_H
#define PLAN_TEL_H

#include "plan/read.h"

bool tel_plausible(const char *);
/* The number as written; a fault when it cannot be dialled. NULL for NULL. */
const char *tel_number(const struct reader *, const struct node *);
/* always | business | closed; always when not there. */
enum plan_hours tel_hours(const struct reader *, const struct node *);

#endif
