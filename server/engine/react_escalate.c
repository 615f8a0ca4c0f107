/*
 * react_escalate: what happens to a notice nobody acknowledges. The ladder, with the limits of the site:
 *
 *   told --repeat-- repeated … --ack-- deputies told --ack-- the next above told --ack-- 'call by telephone', where it stands
 *
 * A rung with nobody on it is skipped. If nobody entitled can be reached at all, it stands at the telephone at once, and the one
 * above hears of it (invariant 8). A turn that was acknowledged and then forgotten climbs the same ladder from its 'done' limit.
 */
#include <string.h>

#include "engine/core.h"

#define MAX_HOLDERS 64
#define LEAST_STEP_MS 1000

static struct record *add(struct engine *e, struct notice *n, struct records *out, enum record_kind kind, int64_t now)
{
	struct record *r = records_add(out, kind);
	r->at = now;
	r->site = e->sites[e->n_sites - 1].record;
	r->incident = n->incident->id;
	r->drill = n->incident->drill;
	r->notice = n->id;
	r->item = n->incident->plan->items[n->item].id;
	return r;
}

/* To take a turn one must be able to do what it asks: a deputy who may not decide is no help with a decision. */
static bool may_answer(const struct engine *e, const struct notice *n, const char *person)
{
	if (n->kind == NOTICE_YOUR_TURN && n->role >= 0)
		return people_capacity(e, n->incident, person, n->role, people_need(&n->incident->plan->items[n->item])) != CAP_NONE;
	return people_may_acknowledge(e, n, person, NULL) != CAP_NONE;
}

/* Somebody who was told, is there and may answer: who gave up the post since does not count. */
static bool reachable(const struct engine *e, const struct notice *n, bool deputies)
{
	for (size_t i = 0; i < n->n_recipients; i++) {
		const struct recipient *r = &n->recipients[i];
		if (r->as == AS_TERMINAL && engine_presence_terminal(e, r->id, NULL) == PRESENT)
			return true;
		if (r->gone || r->as == AS_TERMINAL || r->as == AS_ABOVE || r->as == AS_WITH || (r->as == AS_DEPUTY && !deputies))
			continue;
		if (engine_presence_in(e, n->incident, r->id) != AWAY && may_answer(e, n, r->id))
			return true;
	}
	return false;
}

static bool is_present(const struct engine *e, const struct incident *in, const char *person)
{
	return engine_presence_in(e, in, person) == PRESENT;
}

static void put(struct records *out, struct record *r, const struct notice *n, const char *id, enum recipient_as as)
{
	const struct recipient *has = notice_recipient(n, id);
	if ((has && !has->gone) || engine_barred(n->incident, id))
		return;
	records_recipient(out, r, id, as);
}

/* Where each holder must answer, whose stand-ins: those of the one this notice went to. */
static const char *only_for(const struct notice *n)
{
	for (size_t i = 0; n->incident->plan->roles[n->role].holders_all && i < n->n_recipients; i++)
		if (n->recipients[i].as == AS_HOLDER)
			return n->recipients[i].id;
	return NULL;
}

static size_t stand_ins(const struct engine *e, const struct notice *n, enum capacity kind, const char **out)
{
	const struct site_holder *hs[MAX_HOLDERS];
	size_t count = people_posts(e, n, hs, MAX_HOLDERS), found = 0;
	for (size_t i = 0; i < count && found < MAX_HOLDERS; i++)
		found += post_list(e, n->incident, hs[i], n->role, only_for(n), kind, out + found, MAX_HOLDERS - found);
	return found;
}

static void put_stand_ins(struct engine *e, const struct notice *n, enum capacity kind, struct records *out, struct record *r)
{
	const char *who[MAX_HOLDERS];
	size_t count = stand_ins(e, n, kind, who);
	for (size_t i = 0; i < count; i++)
		put(out, r, n, who[i], kind == CAP_DELEGATE ? AS_DELEGATE : AS_DEPUTY);
}

static void put_all_holders(struct engine *e, const struct notice *n, struct records *out, struct record *r)
{
	const struct site_holder *hs[MAX_HOLDERS];
	size_t count = people_posts(e, n, hs, MAX_HOLDERS);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < hs[i]->persons.n; k++)
			put(out, r, n, people_id(e, hs[i]->persons.at[k]), AS_HOLDER);
}

static void put_deputies(struct engine *e, const struct notice *n, struct records *out, struct record *r)
{
	put_stand_ins(e, n, CAP_DEPUTY, out, r);
}

/* The next above; above them too while nobody there is present. */
static void put_above(struct engine *e, const struct notice *n, struct records *out, struct record *r)
{
	const struct plan *p = n->incident->plan;
	int role = n->role >= 0 ? p->roles[n->role].above : ROLE_NONE;
	for (size_t guard = 0; role >= 0 && guard < p->n_roles; guard++, role = p->roles[role].above) {
		const struct site_holder *hs[MAX_HOLDERS];
		size_t count = people_holders_in(e, n->incident, role, hs, MAX_HOLDERS);
		bool present = false;
		for (size_t i = 0; i < count; i++)
			for (size_t k = 0; k < hs[i]->persons.n; k++) {
				put(out, r, n, people_id(e, hs[i]->persons.at[k]), AS_ABOVE);
				present = present || is_present(e, n->incident, people_id(e, hs[i]->persons.at[k]));
			}
		if (present)
			return;
	}
}

static int64_t step(const struct notice *n)
{
	return n->limit_ack <= 0 ? 60000 : n->limit_ack > LEAST_STEP_MS ? n->limit_ack : LEAST_STEP_MS;
}

/* Takes the next rung. Recipients are added; a rung that would add nobody is skipped. */
static void climb(struct engine *e, struct notice *n, int64_t now, const char *why, struct records *out)
{
	struct record *r = add(e, n, out, REC_ESCALATED, now);
	r->text = why;
	r->until = now + step(n);
	if (!n->broadcast && n->escalation < ESC_DEPUTIES && !n->deputies_told) {
		put_deputies(e, n, out, r);
		r->stage = ESC_DEPUTIES;
		if (r->n_recipients)
			return;
	}
	if (!n->broadcast && n->escalation < ESC_ABOVE && !n->above_told) {
		put_above(e, n, out, r);
		r->stage = ESC_ABOVE;
		if (r->n_recipients)
			return;
	}
	r->stage = ESC_TELEPHONE;
	r->until = 0;
}

bool react_escalate(struct engine *e, struct notice *n, int64_t now, struct records *out)
{
	bool overdue = n->state == NOTICE_ACKNOWLEDGED;                  /* taken, and nothing came of it */
	int64_t limit = n->limit_ack > 0 ? n->at + n->limit_ack : NEVER; /* without one it is only repeated */
	bool repeats = !overdue && n->limit_repeat > 0 && n->escalation <= ESC_REPEATED && !n->deputies_told && now < limit;
	if (!repeats && n->deputies_told && n->escalation == ESC_DEPUTIES && !overdue && now < limit)
		repeats = n->limit_repeat > 0; /* deputies were told at once: they too have their time */
	if (repeats) {
		struct record *r = add(e, n, out, REC_REPEATED, now);
		int64_t next = now + n->limit_repeat;
		r->until = next < limit ? next : limit;
		return true;
	}
	climb(e, n, now, overdue ? "overdue" : "silent", out);
	return true;
}

/* People went away, or are found not to be there. */
bool react_absence(struct engine *e, struct notice *n, int64_t now, struct records *out)
{
	if (n->broadcast || n->escalation == ESC_TELEPHONE)
		return false;
	if (reachable(e, n, false))
		return false;
	if (!n->deputies_told && n->role >= 0 && !n->group) {
		struct record *r = add(e, n, out, REC_ESCALATED, now);
		put_deputies(e, n, out, r);
		r->stage = ESC_DEPUTIES;
		r->text = "absent";
		r->until = n->next_at == NEVER ? 0 : n->next_at;
		if (r->n_recipients)
			return true;
		out->n--;
	}
	if (reachable(e, n, true))
		return false;
	struct record *r = add(e, n, out, REC_ESCALATED, now);
	if (!n->above_told)
		put_above(e, n, out, r);
	r->stage = ESC_TELEPHONE;
	r->text = "absent";
	r->until = 0;
	return true;
}

/* ---- the site changed ---- */

static void withdraw(struct engine *e, struct notice *n, int64_t now, struct records *out)
{
	add(e, n, out, REC_WITHDRAWN, now)->text = "readdressed";
}

/* Where each holder must acknowledge, who has no notice of this hop yet takes over that of one who is no holder any more. */
static void put_successor(
	const struct engine *e, const struct notice *n, const struct site_holder *h, struct records *out, struct record *r)
{
	const struct incident *in = n->incident;
	for (size_t k = 0; k < h->persons.n && !r->n_recipients; k++) {
		bool has = false;
		for (size_t i = 0; i < in->n_notices && !has; i++) {
			const struct notice *m = in->notices[i];
			const struct recipient *to = m->item == n->item && m->kind == n->kind && m->chain == n->chain && m->hop == n->hop &&
								     m->state != NOTICE_WITHDRAWN
							     ? notice_recipient(m, people_id(e, h->persons.at[k]))
							     : NULL;
			has = to && to->as == AS_HOLDER;
		}
		if (!has)
			put(out, r, n, people_id(e, h->persons.at[k]), AS_HOLDER);
	}
}

static bool still_held(const struct engine *e, const struct notice *n)
{
	for (size_t i = 0; i < n->n_recipients; i++)
		if ((n->recipients[i].as == AS_HOLDER || n->recipients[i].as == AS_MEMBER) &&
			people_may_acknowledge(e, n, n->recipients[i].id, NULL) == CAP_SELF)
			return true;
	return false;
}

/* Who holds the role now; and their deputies, if deputies were told. */
static void put_holders(struct engine *e, const struct notice *n, struct records *out, struct record *r)
{
	const struct site_holder *hs[MAX_HOLDERS];
	size_t count = people_posts(e, n, hs, MAX_HOLDERS);
	bool each = n->incident->plan->roles[n->role].holders_all;
	if (!each)
		put_all_holders(e, n, out, r);
	for (size_t i = 0; i < count && each && !still_held(e, n); i++)
		put_successor(e, n, hs[i], out, r);
	put_stand_ins(e, n, CAP_DELEGATE, out, r);
	if (n->deputies_told)
		put_deputies(e, n, out, r);
}

/* ---- who may stand in changed ---- */

static bool among(const char *const *list, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (core_same(list[i], id))
			return true;
	return false;
}

/* Takes the notice back from those whose part in it is over. */
static void take_back(struct engine *e, struct notice *n, int64_t now, struct records *out)
{
	const char *deputies[MAX_HOLDERS], *delegates[MAX_HOLDERS];
	size_t n_deputies = stand_ins(e, n, CAP_DEPUTY, deputies), n_delegates = stand_ins(e, n, CAP_DELEGATE, delegates);
	struct record_recipient *gone = arena_alloc(out->arena, (n->n_recipients + 1) * sizeof *gone);
	size_t count = 0;
	bool barred = false;
	for (size_t i = 0; i < n->n_recipients; i++) {
		const struct recipient *r = &n->recipients[i];
		bool bar = engine_barred(n->incident, r->id);
		bool over = (r->as == AS_DEPUTY && !among(deputies, n_deputies, r->id)) ||
			    (r->as == AS_DELEGATE && !among(delegates, n_delegates, r->id));
		if (r->gone || !(bar || (over && !r->ack.record)))
			continue;
		barred = barred || bar;
		gone[count++] = (struct record_recipient){r->id, r->as};
	}
	if (!count)
		return;
	struct record *r = add(e, n, out, REC_WITHDRAWN, now);
	r->text = barred ? "barred" : "term";
	r->recipients = gone;
	r->n_recipients = count;
}

/* A turn that was taken by somebody who has no part in the role any more is nobody's. */
static bool taker_left(const struct engine *e, const struct notice *n)
{
	return engine_barred(n->incident, n->ack.person) || !people_belongs(e, n->incident, n->ack.person, n->role);
}

/* Whom a bar took it from, and who may take part again. */
static void put_readmitted(const struct notice *n, struct records *out, struct record *r)
{
	for (size_t i = 0; i < n->n_recipients; i++) {
		const struct recipient *to = &n->recipients[i];
		if (to->gone && core_same(to->why_gone, "barred") && !(to->as == AS_DEPUTY || to->as == AS_DELEGATE))
			put(out, r, n, to->id, to->as);
	}
}

/* Told to nobody any more, or to a member of a group whose answer nobody waits for. */
static bool nobodys(const struct notice *n)
{
	bool somebody = false;
	for (size_t i = 0; i < n->n_recipients; i++)
		somebody = somebody || !(n->recipients[i].gone || engine_barred(n->incident, n->recipients[i].id));
	return !somebody;
}

static void tell_stand_ins(struct engine *e, struct notice *n, int64_t now, struct records *out)
{
	struct record *r = add(e, n, out, REC_ESCALATED, now);
	r->stage = (uint32_t)n->escalation;
	r->text = "readdressed";
	r->until = n->next_at == NEVER ? 0 : n->next_at;
	put_readmitted(n, out, r);
	if (n->incident->n_bars && !n->incident->plan->roles[n->role].holders_all)
		put_all_holders(e, n, out, r); /* also one who was barred when it was told */
	if (n->wants_ack)
		put_stand_ins(e, n, CAP_DELEGATE, out, r);
	if (n->deputies_told || nobodys(n)) {
		put_deputies(e, n, out, r);
		r->stage = nobodys(n) && r->stage < ESC_DEPUTIES ? ESC_DEPUTIES : r->stage;
	}
	out->n -= r->n_recipients == 0;
}

bool react_stand_ins(struct engine *e, struct notice *n, int64_t now, struct records *out)
{
	size_t before = out->n;
	if (n->broadcast || n->state == NOTICE_WITHDRAWN)
		return false;
	if (n->wants_ack && n->state == NOTICE_ACKNOWLEDGED) {
		if (n->kind == NOTICE_YOUR_TURN && n->role >= 0 && taker_left(e, n))
			withdraw(e, n, now, out);
		return out->n > before;
	}
	if (n->group || n->role < 0) {
		if (nobodys(n))
			withdraw(e, n, now, out);
		return out->n > before;
	}
	take_back(e, n, now, out);
	tell_stand_ins(e, n, now, out);
	if (n->wants_ack && nobodys(n)) {
		const char *who[MAX_HOLDERS];
		if (stand_ins(e, n, CAP_DEPUTY, who) + stand_ins(e, n, CAP_DELEGATE, who) == 0)
			withdraw(e, n, now, out); /* of several who must all answer, one has no part any more */
	}
	return out->n > before;
}

/* Open notices also go to whoever holds the role now; what was addressed to nobody any more is told anew, or not owed. */
bool react_readdress(struct engine *e, struct notice *n, int64_t now, struct records *out)
{
	uint64_t site = e->sites[e->n_sites - 1].record;
	if (n->broadcast || n->role < 0 || n->site == site)
		return false;
	n->site = site;
	if (n->state == NOTICE_ACKNOWLEDGED) { /* a turn: whoever took it may be gone */
		if (people_belongs(e, n->incident, n->ack.person, n->role))
			return false;
		withdraw(e, n, now, out);
		return true;
	}
	struct record *r = add(e, n, out, REC_ESCALATED, now);
	r->stage = (uint32_t)n->escalation;
	r->text = "readdressed";
	r->until = n->next_at == NEVER ? 0 : n->next_at;
	if (!n->group)
		put_holders(e, n, out, r);
	if (r->n_recipients)
		return true;
	out->n--;
	if (still_held(e, n) || !(n->group || n->incident->plan->roles[n->role].holders_all))
		return false;
	withdraw(e, n, now, out); /* no member any more, or one of fewer holders */
	return true;
}
