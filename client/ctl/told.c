#include "ctl/told.h"

#include <string.h>

#include "ctl/board.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"

#define NEXT_MAX 6

static void item_line(struct ctl *ctl, const struct rows *rows, uint32_t incident, const char *id)
{
	const Renraku__ItemRow *item = pick_item(rows, incident, id);

	if (!item)
		return;
	out_line(ctl, SHOW_PLAIN, T("%s事案%u %s「%s」: %s%s%s", "%sincident %u %s '%s': %s%s%s"),
		say_drill(pick_incident(rows, incident) && pick_incident(rows, incident)->drill), incident, item->id,
		i18n_pick(item->title, item->title_en), say_item_state(item->state), *item->entered_by ? T("　入力 ", "  by ") : "",
		*item->entered_by ? say_actor(ctl->arena, item) : "");
}

static void next_lines(struct ctl *ctl, const struct rows *rows, uint32_t incident)
{
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_ITEM))) {
		const Renraku__ItemRow *item = row->item;

		if (item->incident != incident || strcmp(item->state, "ready") != 0)
			continue;
		if (n++ == 0)
			out_line(ctl, SHOW_DIM, "%s", T("いま着手できる項目:", "Ready now:"));
		if (n <= NEXT_MAX)
			out_line(ctl, item->mine ? SHOW_BOLD : SHOW_DIM, T("  %s  %s（%s%s）", "  %s  %s (%s%s)"), item->id,
				i18n_pick(item->title, item->title_en), i18n_pick(item->by_title, item->by_title_en),
				item->mine ? T("：あなた", ": you") : "");
	}
	if (n > NEXT_MAX)
		out_line(ctl, SHOW_DIM, T("  ほか %zu 件（renraku status %u）", "  and %zu more (renraku status %u)"), n - NEXT_MAX,
			incident);
}

void told_after(struct ctl *ctl, uint32_t incident, const char *item)
{
	struct rows *rows;

	if (ctl->json || incident == 0 || !item)
		return;
	rows = link_peek(ctl, RENRAKU__VIEW__VIEW_INCIDENT, incident);
	if (!rows)
		return;
	item_line(ctl, rows, incident, item);
	board_notices_of(ctl, rows, incident, item, 0);
	next_lines(ctl, rows, incident);
	rows_free(rows);
}

/* As it was understood: a slip in a choice is on record as 'unknown', and the clerk sees that. */
static void recorded(struct ctl *ctl, const struct rows *rows, uint64_t record)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_ALARM)))
		if (row->alarm->record == record && row->alarm->n_values)
			out_line(ctl, SHOW_PLAIN, T("記録した内容: %s", "On record: %s"),
				say_values(ctl->arena, row->alarm->values, row->alarm->n_values));
}

void told_since(struct ctl *ctl, uint32_t incident, uint64_t record)
{
	struct rows *rows = ctl->json || incident == 0 ? NULL : link_peek(ctl, RENRAKU__VIEW__VIEW_INCIDENT, incident);
	const Renraku__IncidentRow *row;

	if (!rows)
		return;
	row = pick_incident(rows, incident);
	if (board_notices_of(ctl, rows, incident, NULL, record) == 0 && row)
		board_notices_of(ctl, rows, incident, row->entry, 0);
	recorded(ctl, rows, record);
	board_telephone(ctl, rows, incident); /* the clerk who raised it is told whom nobody else can reach (invariant 8) */
	rows_free(rows);
}
