/*
 * telephone: whom to call when the server itself cannot take or confirm something. With an incident it is the view's
 * list of whom to call for it; otherwise those whom the plan tells first of any alarm.
 */
#ifndef APP_TELEPHONE_H
#define APP_TELEPHONE_H

#include "app/shell_state.h"

size_t telephone_list(
	const struct shell *, const struct shell_peer *, uint32_t incident, bool english, struct arena *, char **out, size_t max);

#endif
