/*
 * react_drill: what is real goes first (invariant 11). While a real incident is being dealt with, no drill stays open: each is given up by
 * itself, with the real alarm's record, and everybody who was told of it hears so once.
 */
#include <string.h>

#include "engine/core.h"

/* Codes of why, as REC_GIVEN_UP and REC_WITHDRAWN say it. The first is not said where the real incident is one that not everybody may
 * know of (invariant 13): a terminal must not learn of it by the end of a drill. */
static const char real_alarm[] = "real_alarm", interrupted[] = "interrupted";

static void end(struct engine *e, const struct incident *drill, const struct incident *real, int64_t now, struct records *out)
{
	struct record *r = records_add(out, REC_GIVEN_UP);
	r->at = now;
	r->site = e->sites[e->n_sites - 1].record;
	r->incident = drill->id;
	r->drill = true;
	r->ref = real->alarms[0].by.record;
	r->text = people_may_see(e, real, NULL, NULL) ? real_alarm : interrupted;
}

/* A drill whose closing was denied is open again, and may find something real going on. */
static bool opened_again(struct engine *e, const struct incident *drill, int64_t now, struct records *out)
{
	for (size_t i = 0; i < e->n_incidents; i++) {
		const struct incident *real = e->incidents[i];
		if (real->drill || real->state != INCIDENT_OPEN || !derive_emergency(real))
			continue;
		end(e, drill, real, now, out);
		return true;
	}
	return false;
}

bool react_drill(struct engine *e, const struct incident *real, int64_t now, struct records *out)
{
	if (real->drill && real->state == INCIDENT_OPEN)
		return opened_again(e, real, now, out);
	if (real->drill || real->state != INCIDENT_OPEN)
		return false;
	bool asked = false;
	for (size_t i = 0; i < e->n_incidents; i++) {
		const struct incident *in = e->incidents[i];
		if (!in->drill || in->state != INCIDENT_OPEN)
			continue;
		if (!asked && !derive_emergency(real))
			return false;
		asked = true;
		end(e, in, real, now, out);
	}
	return out->n > 0;
}

/* Is this the last that somebody heard of the drill? */
static bool newest_for_somebody(const struct incident *in, const struct notice *n)
{
	for (size_t r = 0; r < n->n_recipients; r++) {
		bool later = false;
		for (size_t i = in->n_notices; i-- > 0 && in->notices[i]->id > n->id && !later;)
			later = in->notices[i]->broadcast == n->broadcast && engine_notice_recipient(in->notices[i], n->recipients[r].id);
		if (!later)
			return true;
	}
	return false;
}

const char *react_drill_ends(const struct incident *in, const struct notice *n, bool owed, bool *cancel)
{
	*cancel = in->interrupted && newest_for_somebody(in, n);
	if (!owed && !*cancel)
		return NULL;
	return !in->interrupted ? "given_up" : core_same(in->given_up, real_alarm) ? real_alarm : interrupted;
}
