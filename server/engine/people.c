/*
 * people: who may do what now, and in which capacity (plan-semantics, 'People'; invariant 3). Reads the newest site.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/core.h"

#define MAX_HOLDERS 64

const char *people_id(const struct engine *e, int person)
{
	return engine_site(e)->persons[person].id;
}

size_t people_holders(const struct engine *e, const struct plan *p, int role, const struct site_holder **out, size_t max)
{
	const struct site *s = engine_site(e);
	for (size_t hops = 0; s && role >= 0 && hops <= p->n_roles; hops++, role = p->roles[role].held_as) {
		size_t n = 0;
		for (size_t i = 0; i < s->n_holders && n < max; i++)
			if (core_same(s->holders[i].role, p->roles[role].id))
				out[n++] = &s->holders[i];
		if (n)
			return n;
	}
	return 0;
}

static const char *section_of_alarm(const struct engine *e, const struct alarm_made *a)
{
	const struct site *s = engine_site(e);
	int t = a->by.terminal ? site_terminal_find(s, a->by.terminal) : -1;
	return t >= 0 ? s->terminals[t].section : NULL;
}

/* A role held per section is held, in an incident, by those of the sections whose terminals raised it; by all when none of them fits. */
size_t people_holders_in(const struct engine *e, const struct incident *in, int role, const struct site_holder **out, size_t max)
{
	size_t n = people_holders(e, in->plan, role, out, max), kept = 0;
	if (role < 0 || !in->plan->roles[role].per_section)
		return n;
	const struct site_holder *fit[MAX_HOLDERS];
	for (size_t i = 0; i < n && kept < MAX_HOLDERS; i++)
		for (size_t a = 0; a < in->n_alarms; a++)
			if (!in->alarms[a].split_off && core_same(out[i]->section, section_of_alarm(e, &in->alarms[a]))) {
				fit[kept++] = out[i];
				break;
			}
	for (size_t i = 0; i < kept; i++)
		out[i] = fit[i];
	return kept ? kept : n;
}

static bool group_member(const struct engine *e, const struct plan *p, int role, const char *person)
{
	const struct site_group *g = site_group_find(engine_site(e), p->roles[role].id);
	for (size_t i = 0; g && i < g->members.n; i++)
		if (core_same(people_id(e, g->members.at[i]), person))
			return true;
	return false;
}

bool people_is_reporter(const struct incident *in, const char *person, const char *terminal)
{
	const struct deed *by = &in->alarms[0].by;
	return by->person ? core_same(by->person, person) : core_same(by->terminal, terminal);
}

bool people_kept_apart(const struct engine *e, const struct plan *p, const char *person, int role)
{
	const struct plan_role *r = &p->roles[role];
	for (size_t k = 0; k < r->never.n; k++) {
		const struct site_holder *hs[MAX_HOLDERS];
		size_t n = people_holders(e, p, r->never.at[k], hs, MAX_HOLDERS);
		for (size_t i = 0; i < n; i++)
			if (post_holds(e, hs[i], person))
				return true;
	}
	return false;
}

/* Rather as a delegate than as a deputy. */
static enum capacity best_stand_in(const struct engine *e, const struct incident *in, const struct site_holder **hs, size_t n, int role,
	const char *person, unsigned need)
{
	enum capacity best = CAP_NONE;
	for (size_t i = 0; i < n && best != CAP_DELEGATE; i++) {
		enum capacity as = post_stands_in(e, in, hs[i], role, person, need);
		best = as != CAP_NONE ? as : best;
	}
	return best;
}

enum capacity people_capacity(const struct engine *e, const struct incident *in, const char *person, int role, unsigned need)
{
	if (!person || !engine_site(e) || site_person_find(engine_site(e), person) < 0 || engine_barred(in, person))
		return CAP_NONE;
	if (role == ROLE_ANYONE)
		return CAP_SELF;
	if (role == ROLE_REPORTER)
		return people_is_reporter(in, person, NULL) ? CAP_SELF : CAP_NONE;
	if (role < 0 || people_kept_apart(e, in->plan, person, role))
		return CAP_NONE;
	if (in->plan->roles[role].group)
		return group_member(e, in->plan, role, person) ? CAP_SELF : CAP_NONE;
	const struct site_holder *hs[MAX_HOLDERS];
	size_t n = people_holders_in(e, in, role, hs, MAX_HOLDERS);
	for (size_t i = 0; i < n; i++)
		if (post_holds(e, hs[i], person))
			return CAP_SELF;
	return best_stand_in(e, in, hs, n, role, person, need);
}

/* What an act on this item asks of a deputy: a decision is a choice that matters. */
unsigned people_need(const struct plan_item *it)
{
	for (size_t d = 0; d < it->n_dims; d++)
		if (it->dims[d].live && !it->dims[d].constant)
			return MAY_ENTER | MAY_DECIDE;
	return MAY_ENTER;
}

/* Keeps those posts for which `fits` holds, if there are any. */
static size_t keep(const struct engine *e, const struct notice *n, const struct site_holder **posts, size_t count,
	bool (*fits)(const struct engine *, const struct notice *, const struct site_holder *))
{
	const struct site_holder *fit[MAX_HOLDERS];
	size_t kept = 0;
	for (size_t i = 0; i < count && kept < MAX_HOLDERS; i++)
		if (fits(e, n, posts[i]))
			fit[kept++] = posts[i];
	for (size_t i = 0; i < kept; i++)
		posts[i] = fit[i];
	return kept ? kept : count;
}

static bool same_section(const struct engine *e, const struct notice *n, const struct site_holder *h)
{
	const char *section = strrchr(n->key, ':'), *role = plan_role_id(n->incident->plan, n->role);
	(void)e;
	if (strcmp(n->key, role) == 0)
		return !h->section;
	return section && core_same(section + 1, h->section);
}

static bool went_to(const struct engine *e, const struct notice *n, const struct site_holder *h)
{
	for (size_t i = 0; i < h->persons.n; i++) {
		const struct recipient *r = notice_recipient(n, people_id(e, h->persons.at[i]));
		if (r && r->as == AS_HOLDER)
			return true;
	}
	return false;
}

size_t people_posts(const struct engine *e, const struct notice *n, const struct site_holder **out, size_t max)
{
	if (n->role < 0 || n->group || n->broadcast)
		return 0;
	size_t count = people_holders_in(e, n->incident, n->role, out, max);
	count = keep(e, n, out, count, same_section);
	return keep(e, n, out, count, went_to);
}

int people_may_act(
	const struct engine *e, const struct incident *in, int item, const char *person, const char *terminal, enum capacity *cap)
{
	const struct plan_item *it = &in->plan->items[item];
	int found = ROLE_NONE;
	*cap = CAP_NONE;
	if (person && engine_barred(in, person))
		return ROLE_NONE;                                   /* at whatever terminal */
	for (size_t k = 0; k < it->by.n && *cap != CAP_SELF; k++) { /* rather in one's own role than as a deputy */
		int role = it->by.at[k];
		enum capacity as = people_capacity(e, in, person, role, people_need(it));
		bool there =
			terminal && (role == ROLE_REPORTER ? people_is_reporter(in, person, terminal) : role == ROLE_ANYONE && !person);
		if (as == CAP_NONE && there)
			as = person ? CAP_SELF : CAP_TERMINAL;
		if (as == CAP_SELF || (as != CAP_NONE && *cap == CAP_NONE)) {
			*cap = as;
			found = role;
		}
	}
	return found;
}

static bool recipient_still(const struct notice *n, const char *person)
{
	const struct recipient *r = notice_recipient(n, person);
	return r && !r->gone;
}

static bool any_connection(const struct incident *in, const char *person)
{
	for (size_t i = 0; i < in->n_notices; i++)
		/* to own what follows is no reason to see what happened */
		if (in->notices[i]->kind != NOTICE_REMINDER && recipient_still(in->notices[i], person))
			return true;
	return false;
}

enum capacity people_may_raise(
	const struct engine *e, const struct plan *p, const struct plan_item *it, const char *person, const char **role)
{
	for (size_t k = 0; k < it->by.n; k++) {
		int r = it->by.at[k];
		*role = plan_role_id(p, r);
		if (r == ROLE_ANYONE || r == ROLE_REPORTER)
			return person ? CAP_SELF : CAP_TERMINAL;
		const struct site_holder *hs[MAX_HOLDERS];
		size_t n = person && r >= 0 ? people_holders(e, p, r, hs, MAX_HOLDERS) : 0;
		for (size_t i = 0; i < n; i++)
			if (post_holds(e, hs[i], person))
				return CAP_SELF;
		for (size_t i = 0; i < n; i++) {
			enum capacity as = post_stands_in(e, NULL, hs[i], r, person, MAY_ENTER);
			if (as != CAP_NONE)
				return as;
		}
	}
	return CAP_NONE;
}

bool people_raised(const struct incident *in, const char *person, const char *terminal)
{
	if (person && engine_barred(in, person))
		return false;
	for (size_t i = 0; i < in->n_alarms; i++)
		if (!in->alarms[i].split_off && !in->alarms[i].joined_from &&
			(core_same(in->alarms[i].by.person, person) || (!person && core_same(in->alarms[i].by.terminal, terminal))))
			return true;
	return false;
}

bool people_belongs(const struct engine *e, const struct incident *in, const char *person, int role)
{
	if (in->plan->roles[role].group)
		return group_member(e, in->plan, role, person);
	const struct site_holder *hs[MAX_HOLDERS];
	size_t n = people_holders_in(e, in, role, hs, MAX_HOLDERS);
	for (size_t i = 0; i < n; i++)
		if (post_holds(e, hs[i], person) || post_names(e, in, hs[i], role, person))
			return true;
	return false;
}

/* Does the procedure apply, or was it acted on? */
static bool concerns(const struct incident *in, int procedure)
{
	const struct plan *p = in->plan;
	for (size_t i = 0; i < p->n_items; i++)
		if (p->items[i].procedure == procedure && !p->items[i].entry &&
			(in->items[i].stored != ITEM_OPEN || (derive_applies(in, (int)i) == TRI_TRUE && !p->items[i].standing)))
			return true;
	return false;
}

void people_note_seen(struct incident *in)
{
	for (size_t k = 0; k < in->plan->n_procedures; k++)
		if (!in->restricted[k] && in->plan->procedures[k].seen_by.n)
			in->restricted[k] = concerns(in, (int)k);
}

bool people_restricted(const struct incident *in)
{
	for (size_t k = 0; k < in->plan->n_procedures; k++)
		if (in->restricted[k])
			return true;
	return false;
}

/* Where the plan names nobody: those above one of the person's roles. */
static int above_of(const struct engine *e, const struct incident *in, const char *actor, const char *person, enum capacity *cap)
{
	const struct plan *p = in->plan;
	for (size_t r = 0; r < p->n_roles; r++) {
		if (!people_belongs(e, in, person, (int)r))
			continue;
		int up = p->roles[r].above;
		for (size_t guard = 0; up >= 0 && guard < p->n_roles; guard++, up = p->roles[up].above)
			if ((*cap = people_capacity(e, in, actor, up, MAY_DECIDE)) != CAP_NONE)
				return up;
	}
	return ROLE_NONE;
}

int people_may_bar(const struct engine *e, const struct incident *in, const char *actor, const char *person, enum capacity *cap)
{
	bool said = false;
	for (size_t k = 0; k < in->plan->n_procedures; k++) {
		const struct plan_ints *bars = &in->plan->procedures[k].bars;
		if (!bars->n || !concerns(in, (int)k))
			continue;
		said = true;
		for (size_t r = 0; r < bars->n; r++)
			if ((*cap = people_capacity(e, in, actor, bars->at[r], MAY_DECIDE)) != CAP_NONE)
				return bars->at[r];
	}
	*cap = CAP_NONE;
	return said ? ROLE_NONE : above_of(e, in, actor, person, cap);
}

static bool broadcast(const struct incident *in)
{
	const struct plan_item *it = &in->plan->items[in->entry];
	for (size_t t = 0; t < it->n_tell; t++)
		for (size_t k = 0; k < it->tell[t].to.n; k++)
			if (it->tell[t].to.at[k] == ROLE_EVERY_TERMINAL)
				return true;
	return false;
}

bool people_open_to_terminals(const struct incident *in)
{
	return broadcast(in) && !people_restricted(in);
}

/* Unless fewer may see it, a terminal sees what it raised and what terminals were told of: an alarm that went to people only is theirs.
 * Anybody may sit down at one, so of what is for some roles it sees the own alarm at most (people_raised()). */
static bool terminal_may_see(const struct incident *in, const char *terminal)
{
	if (people_restricted(in))
		return false;
	bool told = broadcast(in);
	for (size_t i = 0; i < in->n_alarms && !told; i++)
		told = !in->alarms[i].split_off && core_same(in->alarms[i].by.terminal, terminal);
	for (size_t i = 0; i < in->n_notices && !told; i++)
		told = in->notices[i]->broadcast && engine_notice_recipient(in->notices[i], terminal);
	return told;
}

/* Need to know (invariant 13): each procedure that applies, or ever did, says who sees its incidents. Another classification may take a
 * look away from somebody; it gives nobody one. */
bool people_may_see(const struct engine *e, const struct incident *in, const char *person, const char *terminal)
{
	const struct plan *p = in->plan;
	if (person && engine_barred(in, person))
		return false;
	if (terminal && !person)
		return terminal_may_see(in, terminal);
	for (size_t k = 0; person && k < p->n_procedures; k++) {
		const struct plan_procedure *pr = &p->procedures[k];
		for (size_t r = 0; in->restricted[k] && r < pr->seen_by.n; r++) {
			int role = pr->seen_by.at[r];
			if (role == ROLE_ANYONE || (role >= 0 && people_belongs(e, in, person, role)))
				return true;
		}
	}
	return !people_restricted(in) || (person && any_connection(in, person));
}

/* Capacity is per post: of one's section, and where every holder must acknowledge, each is replaced separately. */
static enum capacity in_post(const struct engine *e, const struct notice *n, const char *person, const struct recipient *r)
{
	const struct site_holder *hs[MAX_HOLDERS];
	size_t count = people_kept_apart(e, n->incident->plan, person, n->role) ? 0 : people_posts(e, n, hs, MAX_HOLDERS);
	bool each = n->incident->plan->roles[n->role].holders_all;
	for (size_t i = 0; i < count; i++)
		if (post_holds(e, hs[i], person) && (!each || (r && r->as == AS_HOLDER)))
			return CAP_SELF;
	if (!each)
		return best_stand_in(e, n->incident, hs, count, n->role, person, MAY_ACKNOWLEDGE);
	for (size_t i = 0; i < count; i++) {
		enum capacity as = post_stands_in_for(e, n, hs[i], person);
		if (as != CAP_NONE)
			return as;
	}
	return CAP_NONE;
}

enum capacity people_may_acknowledge(const struct engine *e, const struct notice *n, const char *person, const char *terminal)
{
	if (n->broadcast)
		return terminal && engine_notice_recipient(n, terminal) ? CAP_TERMINAL : CAP_NONE;
	if (!person || engine_barred(n->incident, person))
		return CAP_NONE;
	const struct recipient *r = engine_notice_recipient(n, person);
	if (n->group)
		return r && r->as == AS_MEMBER && group_member(e, n->incident->plan, n->role, person) ? CAP_SELF : CAP_NONE;
	if (n->role < 0 || (n->kind == NOTICE_CALL_AGAIN && r && r->as == AS_HOLDER))
		return r ? CAP_SELF : CAP_NONE; /* the reporter; who made the call */
	return in_post(e, n, person, r);
}

int people_told_or_above(const struct engine *e, const struct incident *in, int item, const char *person, enum capacity *cap)
{
	const struct plan *p = in->plan;
	const struct plan_item *it = &p->items[item];
	bool *listed = xcalloc(p->n_roles + 1, sizeof *listed);
	for (size_t t = 0; t < it->n_tell; t++) {
		for (size_t k = 0; k < it->tell[t].via.n; k++)
			if (it->tell[t].via.at[k] >= 0)
				listed[it->tell[t].via.at[k]] = true;
		for (size_t k = 0; k < it->tell[t].to.n; k++)
			if (it->tell[t].to.at[k] >= 0)
				listed[it->tell[t].to.at[k]] = true;
	}
	for (size_t k = 0; k < it->by.n; k++)
		if (it->by.at[k] >= 0)
			listed[it->by.at[k]] = true;
	for (bool more = true; more;) { /* everyone above them */
		more = false;
		for (size_t r = 0; r < p->n_roles; r++)
			if (listed[r] && p->roles[r].above >= 0 && !listed[p->roles[r].above])
				listed[p->roles[r].above] = more = true;
	}
	int found = ROLE_NONE;
	*cap = CAP_NONE;
	for (size_t r = 0; r < p->n_roles && *cap != CAP_SELF; r++) {
		enum capacity as = listed[r] ? people_capacity(e, in, person, (int)r, MAY_ENTER) : CAP_NONE;
		if (as == CAP_SELF || (as != CAP_NONE && *cap == CAP_NONE)) {
			*cap = as;
			found = (int)r;
		}
	}
	free(listed);
	return found;
}

int people_may_reopen(const struct engine *e, const struct incident *in, int item, const char *person, enum capacity *cap)
{
	const struct plan_ints *by = &in->plan->items[item].by;
	for (size_t k = 0; k < by->n; k++)
		if (by->at[k] == ROLE_REPORTER && people_is_reporter(in, person, NULL)) {
			*cap = CAP_SELF;
			return ROLE_REPORTER;
		}
	return people_told_or_above(e, in, item, person, cap);
}
