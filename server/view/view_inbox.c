/* The inbox: what one reader has to know, confirm and do, the most pressing first. */
#include <stdint.h>
#include <string.h>

#include "view/view_build.h"

/* What came with the closing, or was missed before it, stays to be read for three days. */
#define CLOSED_SHOWN_MS (INT64_C(3) * 24 * 3600 * 1000)

static char *order_of(struct view_build *b, const char *section, const struct incident *inc, int64_t at, uint64_t id)
{
	return arena_printf(b->arena, "%s.%d.%015lld.%010llu", section, inc->drill, (long long)at, (unsigned long long)id);
}

static bool still_shown(struct view_build *b, const struct notice *n, const struct recipient *r)
{
	const struct incident *inc = n->incident;
	if (n->kind == NOTICE_REMINDER) /* as long as nothing has come of it */
		return n->state == NOTICE_OPEN && !r->ack.record;
	if (inc->state != INCIDENT_OPEN && b->now - inc->closed_at >= CLOSED_SHOWN_MS)
		return false;
	return n->cancelled || engine_notice_live_for(n, r);
}

static void notice(struct view_build *b, const struct notice *n, const struct recipient *r)
{
	bool out = !n->broadcast && b->reader.person && engine_barred(n->incident, b->reader.person);
	if (!n->broadcast && bundle_lead(n, b->reader.person) != n)
		return; /* shown with another */
	if (!r || r->gone || out || !still_shown(b, n, r))
		return;
	bool owed = n->wants_ack && n->state != NOTICE_WITHDRAWN && n->incident->state == INCIDENT_OPEN;
	view_notice_add(b, n, VIEW_RECIPIENTS_READER, order_of(b, owed ? "20" : "60", n->incident, n->at, n->id));
}

static bool raised_here(struct view_build *b, const struct incident *inc)
{
	for (size_t i = 0; b->reader.terminal && i < inc->n_alarms; i++)
		if (inc->alarms[i].by.terminal && !inc->alarms[i].split_off && strcmp(inc->alarms[i].by.terminal, b->reader.terminal) == 0)
			return true;
	return false;
}

static void own_alarm(struct view_build *b, const struct incident *inc)
{
	bool shown = inc->state == INCIDENT_OPEN || inc->state == INCIDENT_JOINED || b->now - inc->closed_at < CLOSED_SHOWN_MS;
	bool out = b->reader.person && engine_barred(inc, b->reader.person);
	bool sees = people_may_see(b->engine, inc, b->reader.person, b->reader.terminal);
	if (!raised_here(b, inc) || !shown || out)
		return;
	view_incident_add(b, inc, view_incident_order(b, inc, "50"));
	for (size_t i = 0; i < inc->n_notices; i++)
		if (!inc->notices[i]->broadcast &&
			(sees || inc->notices[i]->item == inc->entry)) /* the clerk telephones people, not the other counters */
			view_telephone_add(b, inc->notices[i], order_of(b, "40", inc, inc->notices[i]->at, inc->notices[i]->id));
}

static void items(struct view_build *b, const struct incident *inc)
{
	for (size_t i = 0; i < inc->plan->n_items; i++) {
		if (!view_item_mine(b, inc, (int)i))
			continue;
		bool standing = inc->plan->items[i].standing;
		view_item_add(b, inc, (int)i, standing ? VIEW_ITEM_COMPACT : VIEW_ITEM_FULL,
			order_of(b, standing ? "70" : "30", inc, inc->opened_at, i));
	}
}

void view_inbox_all(struct view_build *b)
{
	const struct incident *const *incidents;
	size_t n = engine_incidents(b->engine, &incidents);
	view_people_town(b);
	if (b->reader.person)
		view_people_confirmations(b, b->reader.person, NULL, "10");
	for (size_t i = 0; i < n; i++) {
		const struct incident *inc = incidents[i];
		for (size_t k = 0; k < inc->n_notices; k++)
			notice(b, inc->notices[k],
				engine_notice_recipient(
					inc->notices[k], inc->notices[k]->broadcast ? b->reader.terminal : b->reader.person));
		if (b->reader.person && !engine_barred(inc, b->reader.person))
			view_follow_up_own(b, inc, "65");
		own_alarm(b, inc);
		if (inc->state == INCIDENT_OPEN && (people_may_see(b->engine, inc, b->reader.person, b->reader.terminal) ||
							   people_raised(inc, b->reader.person, b->reader.terminal)))
			items(b, inc);
	}
}
