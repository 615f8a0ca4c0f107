/*
 * Who could act and acknowledge at all: a plan with a site, item by item. The rules are those of engine/people.c, notice.c and
 * react_incident.c (a hop that nobody was told of, a broadcast without terminals), for persons who are all there.
 */
#include "plan/site.h"

#include <string.h>

enum { MAX_HOLDERS = 256 };

size_t plan_people_holders(const struct plan *p, const struct site *s, int role, const struct site_holder **out, size_t max)
{
	size_t n = 0;

	for (size_t hops = 0; role >= 0 && hops <= p->n_roles && !n; hops++, role = p->roles[role].held_as) {
		for (size_t i = 0; i < s->n_holders; i++) {
			if (!strcmp(s->holders[i].role, p->roles[role].id) && n < max)
				out[n++] = &s->holders[i];
		}
	}
	return n;
}

static bool among(const struct plan_ints *list, int value)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->at[i] == value)
			return true;
	}
	return false;
}

/* Holds a role that this one may never be held with. */
static bool excluded(const struct plan *p, const struct site *s, int role, int person)
{
	const struct plan_ints *never = &p->roles[role].never;

	for (size_t k = 0; k < never->n; k++) {
		const struct site_holder *h[MAX_HOLDERS];
		size_t n = plan_people_holders(p, s, never->at[k], h, MAX_HOLDERS);

		for (size_t i = 0; i < n; i++) {
			if (among(&h[i]->persons, person))
				return true;
		}
	}
	return false;
}

/* Is there anybody in that role, holder or deputy, who is not excluded from it? */
static bool somebody(const struct plan *p, const struct site *s, int role)
{
	const struct site_holder *h[MAX_HOLDERS];
	size_t n;

	if (role == ROLE_ANYONE || role == ROLE_REPORTER || role == ROLE_ENTRY)
		return true;
	if (role == ROLE_EVERY_TERMINAL)
		return s->n_terminals > 0;
	if (p->roles[role].group) {
		const struct site_group *g = site_group_find(s, p->roles[role].id);

		for (size_t i = 0; g && i < g->members.n; i++) {
			if (!excluded(p, s, role, g->members.at[i]))
				return true;
		}
		return false;
	}
	n = plan_people_holders(p, s, role, h, MAX_HOLDERS);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < h[i]->persons.n; k++) {
			if (!excluded(p, s, role, h[i]->persons.at[k]))
				return true;
		}
		for (size_t k = 0; k < h[i]->n_deputies; k++) {
			if (!excluded(p, s, role, h[i]->deputies[k].person))
				return true;
		}
	}
	return false;
}

/* Somebody must be able to sign in, if only to enter what the others say. */
static bool anybody_signs_in(const struct site *s)
{
	for (size_t i = 0; i < s->n_persons; i++) {
		if (s->persons[i].login)
			return true;
	}
	return false;
}

static bool has_actor(const struct plan *p, const struct site *s, const struct plan_item *it)
{
	bool signs_in = anybody_signs_in(s);

	for (size_t k = 0; k < it->by.n; k++) {
		bool at_terminal = (it->by.at[k] == ROLE_ANYONE || it->by.at[k] == ROLE_REPORTER) && s->n_terminals;

		if (at_terminal || (signs_in && somebody(p, s, it->by.at[k])))
			return true;
	}
	return false;
}

/* A hop goes on by itself when nobody need be there. */
static bool may_be_nobody(const struct plan *p, const struct plan_ints *roles)
{
	for (size_t k = 0; k < roles->n; k++) {
		int role = roles->at[k];

		if (role != ROLE_ENTRY && role != ROLE_REPORTER && !(role >= 0 && p->roles[role].optional))
			return false;
	}
	return true;
}

static bool hop_stuck(const struct plan *p, const struct site *s, const struct plan_ints *roles, enum plan_ack ack)
{
	size_t there = 0, terminals = 0;

	for (size_t k = 0; k < roles->n; k++) {
		there += somebody(p, s, roles->at[k]);
		terminals += roles->at[k] == ROLE_EVERY_TERMINAL;
	}
	if (ack == ACK_QUORUM && roles->n == 1 && roles->at[0] >= 0) {
		const struct site_group *g = site_group_find(s, p->roles[roles->at[0]].id);

		if (g && g->quorum > (int)g->members.n)
			return true;
	}
	if (there || may_be_nobody(p, roles))
		return false;
	return ack != ACK_NONE || terminals < roles->n; /* a broadcast to no terminal is made, and nobody need answer it */
}

static bool no_ack(const struct plan *p, const struct site *s, const struct plan_item *it)
{
	for (size_t t = 0; t < it->n_tell; t++) {
		if (it->tell[t].if_ordered)
			continue; /* not waited for */
		for (size_t h = 0; h < it->tell[t].via.n; h++) {
			if (hop_stuck(p, s, &(struct plan_ints){&it->tell[t].via.at[h], 1}, ACK_ANY))
				return true;
		}
		if (hop_stuck(p, s, &it->tell[t].to, it->tell[t].ack))
			return true;
	}
	return false;
}

struct plan_people *plan_people_new(struct arena *a, const struct plan *p, const struct site *s)
{
	struct plan_people *out = arena_alloc(a, sizeof *out);

	out->no_actor = arena_alloc(a, p->n_items + 1);
	out->no_ack = arena_alloc(a, p->n_items + 1);
	for (size_t i = 0; i < p->n_items; i++) {
		out->no_actor[i] = !has_actor(p, s, &p->items[i]);
		out->no_ack[i] = !p->items[i].closes && no_ack(p, s, &p->items[i]);
	}
	return out;
}
