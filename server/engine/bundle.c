/*
 * bundle: one person in several capacities gets one notice. Notices of one item that stand open for the same person are shown as one, and
 * one acknowledgement of it is recorded for each of them. Each keeps its own ladder of escalation and its own acknowledgement.
 */
#include "engine/core.h"

/* What was told because somebody else does not answer is a matter of its own. */
static bool stands_for(const struct notice *n, const char *person)
{
	if (n->broadcast || n->kind == NOTICE_REMINDER || n->kind == NOTICE_CALL_AGAIN || n->state != NOTICE_OPEN ||
		engine_barred(n->incident, person))
		return false;
	const struct recipient *r = notice_recipient(n, person);
	return r && !r->gone && r->as != AS_ABOVE && !notice_answered(n, r);
}

/* An answer that must be chosen goes before a plain acknowledgement, and that before what only informs. */
static int rank(const struct notice *n)
{
	return n->group ? 0 : n->wants_ack ? 1 : 2;
}

const struct notice *bundle_lead(const struct notice *n, const char *person)
{
	const struct notice *best = n;
	if (!person || n->group || !stands_for(n, person))
		return n;
	for (size_t i = 0; i < n->incident->n_notices; i++) {
		const struct notice *m = n->incident->notices[i];
		bool before = rank(m) < rank(best) || (rank(m) == rank(best) && m->id < best->id);
		if (m->item == n->item && m->kind == n->kind && before && stands_for(m, person))
			best = m;
	}
	return best;
}

size_t bundle_list(const struct notice *lead, const char *person, const struct notice **out, size_t max)
{
	size_t n = 0;
	if (n < max)
		out[n++] = lead;
	for (size_t i = 0; person && i < lead->incident->n_notices; i++) {
		const struct notice *m = lead->incident->notices[i];
		if (m != lead && n < max && m->item == lead->item && m->kind == lead->kind && stands_for(m, person) &&
			bundle_lead(m, person) == lead)
			out[n++] = m;
	}
	return n;
}

const struct notice *bundle_left(const struct notice *n, const char *person)
{
	for (size_t i = 0; person && i < n->incident->n_notices; i++) {
		const struct notice *m = n->incident->notices[i];
		if (m != n && m->item == n->item && m->kind == n->kind && stands_for(m, person))
			return bundle_lead(m, person);
	}
	return NULL;
}
