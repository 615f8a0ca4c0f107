/*
 * react: what follows by itself, from the state and the time, each consequence as a record of its own. Asked again after its records were
 * evolved, until nothing follows. Order: incidents that changed, then people who went or came, then deadlines.
 */
#include <string.h>

#include "engine/core.h"

/* Incidents changed since the last time. */
static bool dirty_incidents(struct engine *e, int64_t now, struct records *out)
{
	while (e->n_dirty) {
		struct incident *in = core_incident(e, e->dirty[e->n_dirty - 1]);
		/* What is real goes first, also in the order in which people hear of it. */
		if (react_incident(e, in, now, out) || react_drill(e, in, now, out))
			return true; /* look again when these are evolved */
		in->dirty = false;
		e->n_dirty--;
	}
	return false;
}

enum over { OVER_OPEN, OVER_TAKEN, OVER_TOLD };

/* Runs `each` over what stands open, over turns somebody has taken too, or also over what was told for information: each is judged by
 * itself, so one pass is enough. */
static bool over_notices(struct engine *e, int64_t now, struct records *out,
	bool (*each)(struct engine *, struct notice *, int64_t, struct records *), enum over which)
{
	for (size_t i = 0; i < e->n_incidents; i++) {
		struct incident *in = e->incidents[i];
		if (!in->n_open && !(which != OVER_OPEN && in->state == INCIDENT_OPEN))
			continue;
		for (size_t k = 0; k < in->n_notices; k++) {
			struct notice *n = in->notices[k];
			bool turn = which != OVER_OPEN && n->kind != NOTICE_TELL && n->state == NOTICE_ACKNOWLEDGED;
			bool told = which == OVER_TOLD && in->n_bars && !n->wants_ack;
			if (told || (n->wants_ack && (n->state == NOTICE_OPEN || turn)))
				each(e, n, now, out);
		}
	}
	return out->n > 0;
}

bool engine_react(struct engine *e, int64_t now, struct records *out)
{
	if (!e->n_plans || !e->n_sites)
		return false;
	if (term_react(e, now, out))
		return true; /* before anything is judged by who stands in for whom */
	if (dirty_incidents(e, now, out))
		return true;
	if (e->site_dirty) {
		if (over_notices(e, now, out, react_readdress, OVER_TAKEN))
			return true;
		e->site_dirty = false;
		e->presence_dirty = true; /* a new holder may be away */
	}
	if (e->stand_ins_dirty) {
		if (over_notices(e, now, out, react_stand_ins, OVER_TOLD))
			return true;
		e->stand_ins_dirty = false;
	}
	if (react_remind(e, now, out)) /* whoever is away finds it in the inbox */
		return true;
	if (react_call_again(e, now, out))
		return true;
	if (!core_presence_known(e, now))
		return false; /* just started: nobody is escalated yet, neither for absence nor by time limits */
	if (e->grace_pending) {
		e->grace_pending = false;
		e->presence_dirty = true;
	}
	if (e->presence_dirty) {
		if (over_notices(e, now, out, react_absence, OVER_OPEN))
			return true;
		e->presence_dirty = false;
	}
	struct notice *n = heap_top(e);
	return (n && n->next_at <= now && react_escalate(e, n, now, out)) || react_test(e, now, out);
}

int64_t engine_deadline(const struct engine *e)
{
	if (!e->n_plans || !e->n_sites)
		return NEVER;
	const struct notice *n = heap_top(e);
	int64_t next = n ? n->next_at : NEVER, test = react_test_deadline(e);
	if (test < next)
		next = test;
	if (e->grace_pending) /* no notice is escalated before it */
		next = e->grace_until;
	int64_t term = term_deadline(e), again = calls_deadline(e);
	if (again < next)
		next = again;
	if (!e->remind_stale && e->remind_at < next)
		next = e->remind_at;
	return term < next ? term : next;
}
