#include "ctl/missing.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ctl/link.h"
#include "ctl/pick.h"
#include "lib/i18n.h"

/* The incident and item that a refused act is about. */
static bool about(const Renraku__Command *command, uint32_t *incident, const char **item)
{
	switch (command->act_case) {
	case RENRAKU__COMMAND__ACT_ENTER:
		*incident = command->enter->incident;
		*item = command->enter->item;
		return true;
	case RENRAKU__COMMAND__ACT_WAIVE:
		*incident = command->waive->incident;
		*item = command->waive->item;
		return true;
	case RENRAKU__COMMAND__ACT_REOPEN:
		*incident = command->reopen->incident;
		*item = command->reopen->item;
		return true;
	default:
		return false;
	}
}

static const char *of_form(const Renraku__ItemRow *item, const char *id)
{
	size_t i;

	for (i = 0; i < item->n_form; i++)
		if (strcmp(item->form[i]->id, id) == 0)
			return i18n_pick(item->form[i]->title, item->form[i]->title_en);
	for (i = 0; i < item->n_agenda; i++)
		if (strcmp(item->agenda[i]->id, id) == 0)
			return i18n_pick(item->agenda[i]->title, item->agenda[i]->title_en);
	for (i = 0; i < item->n_calls; i++)
		if (strcmp(item->calls[i]->body, id) == 0)
			return i18n_pick(item->calls[i]->title, item->calls[i]->title_en);
	return NULL;
}

/* malloc'ed; NULL: nobody knows it. */
static char *words(const struct rows *rows, const Renraku__ItemRow *item, uint32_t incident, const char *id)
{
	const char *title = of_form(item, id);
	const Renraku__ItemRow *other = title ? NULL : pick_item(rows, incident, id);

	if (title)
		return xasprintf("%s  %s", id, title);
	if (other && strcmp(other->state, "told") == 0) /* entered: it is not whoever does it that is waited for */
		return xasprintf(T("%s  %s（確認待ち。応えていない人は renraku status %u）",
					 "%s  %s (acknowledgements are missing: renraku status %u)"),
			id, i18n_pick(other->title, other->title_en), incident);
	if (other)
		return xasprintf(T("%s  %s（%s）", "%s  %s (%s)"), id, i18n_pick(other->title, other->title_en),
			i18n_pick(other->by_title, other->by_title_en));
	return NULL;
}

/* Roles come as Japanese titles. */
static void english_roles(const Renraku__ItemRow *item, Renraku__Result *result)
{
	if (i18n_get() != I18N_EN || !*item->by_title_en)
		return;
	while (result->n_missing > 1)
		free(result->missing[--result->n_missing]);
	free(result->missing[0]);
	result->missing[0] = xstrdup(item->by_title_en);
}

void missing_name(struct ctl *ctl, const Renraku__Command *command, Renraku__Result *result)
{
	const Renraku__ItemRow *item;
	const char *id = "";
	uint32_t incident = 0;
	struct rows *rows;
	size_t i;

	if (ctl->json || result->outcome != RENRAKU__OUTCOME__REFUSED || result->n_missing == 0 || !about(command, &incident, &id))
		return;
	rows = link_peek(ctl, RENRAKU__VIEW__VIEW_INCIDENT, incident);
	item = rows ? pick_item(rows, incident, id) : NULL;
	if (item && strcmp(result->code, "NOT_ENTITLED") == 0)
		english_roles(item, result);
	for (i = 0; item && i < result->n_missing; i++) {
		char *said = words(rows, item, incident, result->missing[i]);

		if (!said)
			continue;
		free(result->missing[i]);
		result->missing[i] = said;
	}
	rows_free(rows);
}
