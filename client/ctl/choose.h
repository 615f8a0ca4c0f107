/*
 * choose: acts that are sugar for `act`: approving, sending back, convening, deciding. The item is looked up in the incident's view; no
 * item, field or option of any plan is known here.
 */
#ifndef CTL_CHOOSE_H
#define CTL_CHOOSE_H

#include "ctl/ctl.h"
#include "ctl/fill.h"
#include "lib/rows.h"

/* The item named, or the only one that `fits` among those the viewer may act on now. NULL after having said why, with *code. */
typedef bool choose_fits_fn(const Renraku__ItemRow *);
const Renraku__ItemRow *choose_item(
	struct ctl *, const struct rows *, uint32_t incident, const char *id, choose_fits_fn *, const char *what, int *code);
/* Enters the item with these parts. */
int choose_enter(struct ctl *, uint32_t incident, const char *item, const struct fill *);
/* Approving takes the only possible option that does not send back (where there are several, the one that ratifies a measure); sending
   back takes the only possible one that does. The rest of the form comes from the command line. */
int choose_yes_no(struct ctl *, bool yes);

#endif
