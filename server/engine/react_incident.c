/*
 * react_incident: after an incident changed: notices that no longer hold are withdrawn, relays go to their next hop, items
 * whose acknowledgements are in are done, and whose turn it is is told.
 */
#include <assert.h>
#include <string.h>

#include "engine/core.h"

#define MAX_HOLDERS 64

static struct record *add(struct engine *e, struct incident *in, struct records *out, enum record_kind kind, int64_t now)
{
	struct record *r = records_add(out, kind);
	r->at = now;
	r->site = e->sites[e->n_sites - 1].record;
	r->incident = in->id;
	r->drill = in->drill;
	return r;
}

/* ---- withdrawing ---- */

static bool turn_role(const struct plan_item *it, int role)
{
	for (size_t k = 0; k < it->by.n; k++)
		if (it->by.at[k] == role)
			return true;
	return false;
}

/* A reminder ends when the thing is done, given another owner or day, or reminded of again. */
static const char *reminder_over(const struct incident *in, const struct notice *n)
{
	const struct follow_up *f = &in->follow_ups[n->follow_up - 1];
	if (strcmp(f->state, "open") != 0)
		return "acted";
	if (f->set > n->id)
		return "amended";
	return f->reminded_at > n->at ? "reminded" : NULL;
}

/* What was ordered stays ordered until it is lifted, whatever becomes of the item: a terminal that has not acknowledged the order still
   must, and none is told that it was cancelled. */
static const char *must_end_of_measure(const struct incident *in, const struct notice *n, const struct measure *m)
{
	if (n->state != NOTICE_OPEN)
		return NULL;
	for (size_t i = 0; i < in->n_notices; i++)
		if (in->notices[i]->id > n->id && in->notices[i]->item == n->item && engine_notice_orders(in->notices[i]))
			return "amended";
	return m->state == MEASURE_IN_FORCE ? NULL : "lifted";
}

/* Why this notice must end now, or NULL; *cancel: what it told no longer holds, and its recipients hear so. */
static const char *must_end(const struct incident *in, const struct notice *n, bool *cancel)
{
	const struct item_state *s = &in->items[n->item];
	const struct plan_item *it = &in->plan->items[n->item];
	*cancel = false;
	if (n->kind == NOTICE_REMINDER)
		return n->state == NOTICE_OPEN ? reminder_over(in, n) : NULL;
	if (in->state != INCIDENT_OPEN) {
		bool owed = n->wants_ack && (n->state == NOTICE_OPEN || n->kind != NOTICE_TELL); /* also a turn that was taken */
		if (in->state == INCIDENT_GIVEN_UP)
			return react_drill_ends(in, n, owed, cancel);
		if (!owed || (it->closes && notice_current(n)))
			return NULL;
		return n->kind == NOTICE_YOUR_TURN && s->stored != ITEM_OPEN ? "acted" : "closed";
	}
	if (n->kind == NOTICE_CALL_AGAIN && (!engine_notice_call(n) || engine_notice_call(n)->over))
		return "called";
	const struct measure *m = engine_notice_orders(n);
	if (m && (it->tell[n->chain].if_ordered || derive_applies(in, n->item) == TRI_FALSE || !notice_current(n)))
		return must_end_of_measure(in, n, m);
	if (derive_applies(in, n->item) == TRI_FALSE) {
		*cancel = true;
		return "not_applicable";
	}
	if (n->kind == NOTICE_CALL_AGAIN)
		return NULL;
	if (n->kind == NOTICE_YOUR_TURN) {
		bool done = s->stored != ITEM_OPEN;
		if (notice_stuck(in, n->item))
			return NULL; /* a turn again */
		return done || !derive_ready(in, n->item) || (n->role >= 0 && !turn_role(it, n->role)) ? (done ? "acted" : "not_ready")
												       : NULL;
	}
	if (n->state != NOTICE_OPEN)
		return NULL;
	if (!notice_current(n)) {
		*cancel = !s->chains_live;
		return s->chains_live ? "amended" : "reopened";
	}
	const struct plan_tell *t = &it->tell[n->chain];
	bool last = n->hop == t->via.n;
	bool enough = n->wants_ack && notice_hop_met(in, n->item, n->chain, n->hop);
	return enough && (!last || t->ack == ACK_ANY || t->ack == ACK_NUMBER) ? "answered" : NULL;
}

static bool withdraw_stale(struct engine *e, struct incident *in, int64_t now, struct records *out)
{
	for (size_t i = 0; i < in->n_notices; i++) {
		struct notice *n = in->notices[i];
		bool cancel;
		const char *why = n->state == NOTICE_WITHDRAWN ? NULL : must_end(in, n, &cancel);
		if (!why)
			continue;
		struct record *r = add(e, in, out, REC_WITHDRAWN, now);
		r->notice = n->id;
		r->item = in->plan->items[n->item].id;
		r->text = why;
		r->flag = cancel;
	}
	return out->n > 0;
}

/* ---- telling ---- */

static void put_recipient(struct record *r, const char *id, enum recipient_as as)
{
	for (size_t i = 0; i < r->n_recipients; i++)
		if (strcmp(r->recipients[i].id, id) == 0)
			return;
	r->recipients[r->n_recipients++] = (struct record_recipient){id, as};
}

/* Did it go to this person (NULL: whoever), or, where the person is barred, to those who stand in? */
static bool went_to(const struct incident *in, const struct notice *n, const char *person)
{
	if (!person || notice_recipient(n, person))
		return true;
	if (!engine_barred(in, person))
		return false;
	for (size_t i = 0; i < n->n_recipients; i++)
		if (n->recipients[i].as == AS_HOLDER)
			return false;
	return true;
}

/* Was it told already, to whom the key stands for (and to this person, where one is named)? */
static bool told_before(const struct incident *in, const struct record *proto, const char *key, const char *person)
{
	for (size_t i = in->n_notices; i-- > 0;) {
		const struct notice *n = in->notices[i];
		if (n->state == NOTICE_WITHDRAWN || n->kind != (enum notice_kind)proto->stage ||
			strcmp(in->plan->items[n->item].id, proto->item) != 0)
			continue;
		if (n->kind == NOTICE_TELL && (!notice_current(n) || n->chain != proto->chain || n->hop != proto->hop))
			continue;
		if (strcmp(n->key, key) == 0 && went_to(in, n, person))
			return true;
	}
	return false;
}

static void put_deputies(
	struct engine *e, const struct incident *in, const struct site_holder *h, int role, const char *holder, struct record *r)
{
	const char *who[MAX_HOLDERS];
	size_t n = post_list(e, in, h, role, holder, CAP_DEPUTY, who, MAX_HOLDERS);
	for (size_t k = 0; k < n; k++)
		put_recipient(r, who[k], AS_DEPUTY);
}

/* One notice to one set of holders: all of a post, or one of them where every one must acknowledge. */
static void tell_holder(struct engine *e, struct incident *in, struct records *out, const struct record *proto, const struct site_holder *h,
	int one, int64_t now)
{
	const char *key = h->section ? arena_printf(out->arena, "%s:%s", proto->role, h->section) : proto->role;
	if (told_before(in, proto, key, one >= 0 ? people_id(e, h->persons.at[one]) : NULL))
		return;
	int role = plan_role_find(in->plan, proto->role);
	struct record *r = records_add(out, proto->kind);
	*r = *proto;
	r->notice = e->index + out->n;
	r->name = key;
	const char *holder = one >= 0 ? people_id(e, h->persons.at[one]) : NULL, *who[MAX_HOLDERS];
	size_t n = post_list(e, in, h, role, holder, CAP_DELEGATE, who, MAX_HOLDERS);
	r->recipients = arena_alloc(out->arena, (h->persons.n + 2 * MAX_HOLDERS) * sizeof *r->recipients);
	bool away = true, marked = true;
	for (size_t k = 0; k < h->persons.n; k++) {
		const char *id = people_id(e, h->persons.at[k]);
		if ((holder && !core_same(id, holder)) || engine_barred(in, id))
			continue;
		put_recipient(r, id, AS_HOLDER);
		away = away && engine_presence_in(e, in, id) == AWAY;
		marked = marked && post_marked_away(e, in, id);
	}
	for (size_t k = 0; k < n; k++) {
		put_recipient(r, who[k], AS_DELEGATE);
		away = away && engine_presence_in(e, in, who[k]) == AWAY;
	}
	/* nobody waits for a person who cannot be reached while a deputy can */
	if (!r->n_recipients || (away && proto->flag && (marked || core_presence_known(e, now))))
		put_deputies(e, in, h, role, holder, r);
	if (!r->n_recipients)
		out->n--; /* nobody may be told; a bar sees to it that another can answer */
}

static void tell_role(struct engine *e, struct incident *in, struct records *out, const struct record *proto, int role, int64_t now)
{
	const struct plan_role *pr = &in->plan->roles[role];
	const struct site_holder *hs[MAX_HOLDERS];
	size_t n = people_holders_in(e, in, role, hs, MAX_HOLDERS);
	for (size_t i = 0; i < n; i++) {
		size_t times = pr->holders_all && proto->flag ? hs[i]->persons.n : 1;
		for (size_t k = 0; k < times; k++)
			tell_holder(e, in, out, proto, hs[i], times > 1 ? (int)k : -1, now);
	}
}

static void tell_group(struct engine *e, struct incident *in, struct records *out, const struct record *proto, int role)
{
	const struct site_group *g = site_group_find(engine_site(e), in->plan->roles[role].id);
	for (size_t i = 0; g && i < g->members.n; i++) {
		const char *member = people_id(e, g->members.at[i]);
		if (engine_barred(in, member) || told_before(in, proto, arena_printf(out->arena, "%s:%s", proto->role, member), NULL))
			continue;
		struct record *r = records_add(out, proto->kind);
		*r = *proto;
		r->notice = e->index + out->n;
		r->ordinal = (uint32_t)g->quorum;
		r->recipients = arena_alloc(out->arena, sizeof *r->recipients);
		put_recipient(r, member, AS_MEMBER);
	}
}

/* Those who are told together with a role, for information. */
static void tell_with(
	struct engine *e, struct incident *in, struct records *out, struct record proto, const struct plan_ints *roles, int64_t now)
{
	proto.flag = false;
	proto.until = 0;
	for (size_t r = 0; r < in->plan->n_roles; r++) {
		for (size_t k = 0; k < roles->n; k++) {
			if (in->plan->roles[r].told_with == ROLE_NONE || in->plan->roles[r].told_with != roles->at[k])
				continue;
			proto.role = in->plan->roles[r].id;
			tell_role(e, in, out, &proto, (int)r, now);
		}
	}
}

static struct record prototype_of(struct engine *e, struct incident *in, int item, enum notice_kind kind, bool wants_ack, int64_t now)
{
	const struct plan_item *it = &in->plan->items[item];
	struct site_limit l = site_limit_of(engine_site(e), it->within >= 0 ? in->plan->limits[it->within].id : "default");
	int64_t first = l.repeat > 0 && (l.ack <= 0 || l.repeat < l.ack) ? l.repeat : l.ack;
	return (struct record){
		.kind = REC_NOTIFIED,
		.at = now,
		.site = e->sites[e->n_sites - 1].record,
		.incident = in->id,
		.drill = in->drill,
		.item = it->id,
		.stage = (uint32_t)kind,
		.flag = wants_ack,
		.until = wants_ack ? now + (first > 0 ? first : 60000) : 0,
	};
}

/* The notice of out's record `told` acknowledged by that deed. */
static void acknowledge_as(struct engine *e, struct incident *in, struct records *out, int item, size_t told, const struct deed *by,
	const char *why, int64_t now)
{
	struct record *r = add(e, in, out, REC_ACKNOWLEDGED, now);
	r->notice = out->at[told].notice;
	r->item = in->plan->items[item].id;
	r->person = by->person;
	r->terminal = by->terminal;
	r->role = out->at[told].role;
	r->capacity = CAP_SELF;
	r->channel = by->channel;
	r->number = by->number;
	r->said_at = by->said_at;
	r->entered_by = by->entered_by;
	r->text = why;
}

/* Whoever tells himself has acknowledged. */
static void acknowledge_self(struct engine *e, struct incident *in, struct records *out, int item, int64_t now)
{
	const struct deed *by = &in->items[item].entry.by;
	size_t told = out->n;
	for (size_t i = 0; i < told && by->person; i++) {
		const struct record *n = &out->at[i];
		bool mine = false;
		int role = plan_role_find(in->plan, n->role);
		for (size_t k = 0; k < n->n_recipients; k++)
			mine = mine || (n->recipients[k].as == AS_HOLDER && strcmp(n->recipients[k].id, by->person) == 0);
		if (mine && n->flag && role >= 0 && !in->plan->roles[role].group)
			acknowledge_as(e, in, out, item, i, by, "self", now);
	}
}

/* Who has acknowledged at one hop and holds the role of the next has it already: on record for that capacity too. */
static void acknowledge_relayed(
	struct engine *e, struct incident *in, struct records *out, int item, uint32_t chain, uint32_t hop, int64_t now)
{
	size_t told = out->n;
	for (size_t i = 0; i < in->n_notices; i++) {
		const struct notice *n = in->notices[i];
		if (n->item != item || n->chain != chain || n->hop + 1 != hop || n->state != NOTICE_ACKNOWLEDGED || !notice_current(n))
			continue;
		for (size_t k = 0; k < told; k++) {
			const struct record *next = &out->at[k];
			bool his = false, done = false;
			for (size_t q = told; q < out->n; q++)
				done = done || out->at[q].notice == next->notice;
			for (size_t q = 0; next->kind == REC_NOTIFIED && next->flag && q < next->n_recipients; q++)
				his = his || (next->recipients[q].as == AS_HOLDER && core_same(next->recipients[q].id, n->ack.person));
			int role = his ? plan_role_find(in->plan, next->role) : ROLE_NONE;
			if (!done && role >= 0 && !in->plan->roles[role].group)
				acknowledge_as(e, in, out, item, k, &n->ack, "relayed", now);
		}
	}
}

static void tell_as_entry(struct engine *e, struct incident *in, struct records *out, const struct record *proto, int64_t now);

static void tell_one(struct engine *e, struct incident *in, struct records *out, const struct record *proto, int role, int64_t now)
{
	struct record p = *proto;
	if (role == ROLE_ENTRY) {
		tell_as_entry(e, in, out, proto, now);
		return;
	}
	p.role = plan_role_id(in->plan, role);
	if (role < 0 && told_before(in, &p, p.role, NULL))
		return;
	if (role == ROLE_EVERY_TERMINAL) {
		struct record *r = records_add(out, REC_BROADCAST);
		*r = p;
		r->kind = REC_BROADCAST;
		r->notice = e->index + out->n;
	} else if (role == ROLE_REPORTER) {
		const char *who = in->alarms[0].by.person;
		if (!who || engine_barred(in, who))
			return;
		struct record *r = records_add(out, p.kind);
		*r = p;
		r->notice = e->index + out->n;
		r->recipients = arena_alloc(out->arena, sizeof *r->recipients);
		put_recipient(r, who, AS_HOLDER);
	} else if (role >= 0 && in->plan->roles[role].group) {
		tell_group(e, in, out, &p, role);
	} else if (role >= 0) {
		tell_role(e, in, out, &p, role, now);
	}
}

static bool tells(const struct plan_item *it, int role)
{
	for (size_t t = 0; t < it->n_tell; t++)
		for (size_t k = 0; k < it->tell[t].to.n; k++)
			if (it->tell[t].to.at[k] == role)
				return true;
	return false;
}

/* Every role the incident's alarm was told to, but for those whom the item itself tells anyway. */
static void tell_as_entry(struct engine *e, struct incident *in, struct records *out, const struct record *proto, int64_t now)
{
	const struct plan_item *it = &in->plan->items[in->entry], *own = &in->plan->items[plan_item_find(in->plan, proto->item)];
	for (size_t t = 0; t < it->n_tell; t++)
		for (size_t k = 0; k < it->tell[t].to.n; k++)
			if (it->tell[t].to.at[k] != ROLE_ENTRY && !tells(own, it->tell[t].to.at[k]))
				tell_one(e, in, out, proto, it->tell[t].to.at[k], now);
}

static bool tell_hop(struct engine *e, struct incident *in, int item, uint32_t chain, uint32_t hop, int64_t now, struct records *out)
{
	const struct plan_tell *t = &in->plan->items[item].tell[chain];
	struct plan_ints roles;
	enum plan_ack ack;
	int number;
	notice_hop_roles(t, hop, &roles, &ack, &number);
	struct record proto = prototype_of(e, in, item, NOTICE_TELL, ack != ACK_NONE, now);
	proto.chain = chain;
	proto.hop = hop;
	for (size_t k = 0; k < roles.n; k++)
		if (roles.at[k] != ROLE_EVERY_TERMINAL)
			tell_one(e, in, out, &proto, roles.at[k], now);
	struct record terminals = proto;
	if (!engine_site(e)->n_terminals) { /* last, and without: it must not pass for all that the hop requires */
		terminals.flag = false;
		terminals.until = 0;
	}
	for (size_t k = 0; k < roles.n; k++)
		if (roles.at[k] == ROLE_EVERY_TERMINAL)
			tell_one(e, in, out, &terminals, roles.at[k], now);
	if (!notice_hop_told(in, item, chain, hop))
		tell_with(e, in, out, proto, &roles, now);
	if (out->n)
		acknowledge_self(e, in, out, item, now);
	if (out->n && hop > 0)
		acknowledge_relayed(e, in, out, item, chain, hop, now);
	return out->n > 0;
}

/* An optional role may have no holder, and 'to whom the alarm was told' may be nobody: then there is nothing to wait for. */
static bool may_be_nobody(const struct incident *in, const struct plan_tell *t, uint32_t hop)
{
	struct plan_ints roles;
	enum plan_ack ack;
	int number;
	notice_hop_roles(t, hop, &roles, &ack, &number);
	for (size_t k = 0; k < roles.n; k++) {
		int role = roles.at[k];
		if (role != ROLE_ENTRY && role != ROLE_REPORTER && !(role >= 0 && in->plan->roles[role].optional))
			return false;
	}
	return true;
}

/* Is what the item's newest entry ordered still in force? Once it is lifted, nobody is told of it any more. */
static bool order_stands(const struct incident *in, int item)
{
	for (size_t i = 0; i < in->n_measures; i++)
		if (in->measures[i].item == item && in->measures[i].ordered.record == in->items[item].entry.by.record &&
			in->measures[i].state == MEASURE_IN_FORCE)
			return true;
	return false;
}

/* Relays that stand at a hop nobody was told of yet, or that somebody came to by a change of the site or a further alarm; items whose every
 * chain is through. */
static bool carry_on(struct engine *e, struct incident *in, int item, int64_t now, struct records *out)
{
	struct item_state *s = &in->items[item];
	const struct plan_item *it = &in->plan->items[item];
	if (!s->chains_live || derive_applies(in, item) == TRI_FALSE)
		return false;
	bool through = true;
	for (uint32_t t = 0; t < it->n_tell; t++) {
		const struct chain_state *c = &s->chains[t];
		bool wait = false, over = it->tell[t].if_ordered && !order_stands(in, item);
		for (uint32_t hop = c->at; hop < c->n_hops && !wait && !over; hop++) {
			if (tell_hop(e, in, item, t, hop, now, out))
				return true;
			wait = notice_hop_told(in, item, t, hop) || !may_be_nobody(in, &it->tell[t], hop);
		}
		through = through && (!wait || it->tell[t].if_ordered); /* a repair does not wait for a terminal that is off */
	}
	if (!through || s->stored != ITEM_TOLD)
		return false;
	add(e, in, out, REC_DONE, now)->item = it->id;
	return true;
}

/* Ready notifies: those in `by` hear that it is their turn. */
static bool your_turn(struct engine *e, struct incident *in, int item, int64_t now, struct records *out)
{
	const struct plan_item *it = &in->plan->items[item];
	if (it->standing || it->entry || !(derive_ready(in, item) || notice_stuck(in, item)))
		return false;
	for (size_t k = 0; k < it->by.n; k++) {
		int role = it->by.at[k];
		if (role == ROLE_ANYONE || (role == ROLE_REPORTER && !in->alarms[0].by.person))
			continue;
		struct record proto = prototype_of(e, in, item, NOTICE_YOUR_TURN, true, now);
		tell_one(e, in, out, &proto, role, now);
	}
	return out->n > 0;
}

bool react_incident(struct engine *e, struct incident *in, int64_t now, struct records *out)
{
	if (withdraw_stale(e, in, now, out))
		return true;
	for (size_t i = 0; i < in->plan->n_items; i++) {
		if (in->state != INCIDENT_OPEN && !(in->state == INCIDENT_CLOSED && in->plan->items[i].closes))
			continue;
		if (carry_on(e, in, (int)i, now, out))
			return true;
	}
	for (size_t i = 0; i < in->plan->n_items && in->state == INCIDENT_OPEN; i++)
		if (your_turn(e, in, (int)i, now, out))
			return true;
	return false;
}
