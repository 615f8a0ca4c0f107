/*
 * post: one line of the site's holders: who holds it, are they there, and who stands in for them: deputies of the site, and those whom a
 * holder named for a term (職務代理 while the holder is away, 委任 beside the holder).
 */
#include <string.h>

#include "engine/core.h"

bool engine_barred(const struct incident *in, const char *person)
{
	for (size_t i = 0; i < in->n_bars; i++)
		if (!in->bars[i].over && core_same(in->bars[i].person, person))
			return true;
	return false;
}

uint64_t post_last_seen(const struct incident *in, const char *person)
{
	uint64_t newest = 0;
	for (size_t i = 0; i < in->n_appeared; i++)
		if (in->appeared[i].record > newest && core_same(in->appeared[i].person, person))
			newest = in->appeared[i].record;
	return newest;
}

bool post_marked_away(const struct engine *e, const struct incident *in, const char *person)
{
	if (in && engine_barred(in, person))
		return true;
	const struct absence *a = engine_absence(e, person, true);
	return a && !(in && post_last_seen(in, person) > a->by.record); /* who acts all the same is there */
}

enum presence engine_presence_in(const struct engine *e, const struct incident *in, const char *person)
{
	return post_marked_away(e, in, person) ? AWAY : engine_presence_person(e, person, NULL);
}

bool post_holds(const struct engine *e, const struct site_holder *h, const char *person)
{
	for (size_t i = 0; i < h->persons.n; i++)
		if (core_same(people_id(e, h->persons.at[i]), person))
			return true;
	return false;
}

bool post_away(const struct engine *e, const struct incident *in, const struct site_holder *h)
{
	for (size_t i = 0; i < h->persons.n; i++)
		if (engine_presence_in(e, in, people_id(e, h->persons.at[i])) != AWAY)
			return false;
	return true;
}

void post_appear(struct incident *in, const char *person, int role, uint64_t record)
{
	size_t i = 0;
	while (i < in->n_appeared && !(in->appeared[i].role == role && core_same(in->appeared[i].person, person)))
		i++;
	if (i == in->n_appeared) {
		in->appeared = xgrow(in->appeared, &in->cap_appeared, in->n_appeared + 1, sizeof *in->appeared);
		in->appeared[in->n_appeared++].person = arena_strdup(in->arena, person);
	}
	in->appeared[i].role = role;
	in->appeared[i].record = record;
}

/* The record with which one of the post's holders last appeared in this role; 0: not yet. */
static uint64_t last_seen(const struct engine *e, const struct incident *in, const struct site_holder *h, int role)
{
	uint64_t newest = 0;
	for (size_t i = 0; i < in->n_appeared; i++)
		for (size_t k = 0; k < h->persons.n; k++)
			if (in->appeared[i].role == role && in->appeared[i].record > newest &&
				core_same(in->appeared[i].person, people_id(e, h->persons.at[k])))
				newest = in->appeared[i].record;
	return newest;
}

/* Was this deputy told of a notice of the role that nobody answered, since its holder last appeared? */
static bool called_in(const struct incident *in, const char *person, int role, uint64_t since)
{
	for (size_t i = 0; i < in->n_notices; i++) {
		const struct notice *n = in->notices[i];
		const struct recipient *r = n->role == role && n->deputies_at > since ? notice_recipient(n, person) : NULL;
		if (r && !r->gone && n->state != NOTICE_WITHDRAWN)
			return true;
	}
	return false;
}

static const struct site_deputy *deputy(const struct engine *e, const struct site_holder *h, const char *person)
{
	for (size_t i = 0; i < h->n_deputies; i++)
		if (core_same(people_id(e, h->deputies[i].person), person))
			return &h->deputies[i];
	return NULL;
}

/* What a deputy may do for the post, by the site and by a delegation together. */
static unsigned deputy_may(const struct engine *e, const struct incident *in, const struct site_holder *h, const char *role,
	const char *holder, const char *person)
{
	const struct site_deputy *d = deputy(e, h, person);
	const struct delegation *g = term_delegation(e, in, h, role, holder, person, CAP_DEPUTY);
	return (d ? d->may : 0) | (g ? g->may : 0);
}

static bool delegate_may(const struct engine *e, const struct incident *in, const struct site_holder *h, const char *role,
	const char *holder, const char *person, unsigned need)
{
	const struct delegation *g = term_delegation(e, in, h, role, holder, person, CAP_DELEGATE);
	return g && (g->may & need) == need;
}

/* Before an incident is opened its role is one of the newest plan, and only absence counts. */
static const char *role_id(const struct engine *e, const struct incident *in, int role)
{
	return plan_role_id(in ? in->plan : engine_plan(e), role);
}

enum capacity post_stands_in(
	const struct engine *e, const struct incident *in, const struct site_holder *h, int role, const char *person, unsigned need)
{
	const char *id = role_id(e, in, role);
	if (delegate_may(e, in, h, id, NULL, person, need))
		return CAP_DELEGATE;
	unsigned may = deputy_may(e, in, h, id, NULL, person);
	if (!may || (may & need) != need)
		return CAP_NONE;
	return post_away(e, in, h) || (in && called_in(in, person, role, last_seen(e, in, h, role))) ? CAP_DEPUTY : CAP_NONE;
}

static const char *addressed(const struct engine *e, const struct notice *n, const struct site_holder *h)
{
	for (size_t i = 0; i < n->n_recipients; i++)
		if (n->recipients[i].as == AS_HOLDER && post_holds(e, h, n->recipients[i].id))
			return n->recipients[i].id;
	return NULL;
}

enum capacity post_stands_in_for(const struct engine *e, const struct notice *n, const struct site_holder *h, const char *person)
{
	const char *id = plan_role_id(n->incident->plan, n->role), *holder = addressed(e, n, h);
	const struct recipient *r = notice_recipient(n, person);
	if (!r || r->gone)
		return CAP_NONE;
	if (r->as == AS_DELEGATE && delegate_may(e, n->incident, h, id, holder, person, MAY_ACKNOWLEDGE))
		return CAP_DELEGATE;
	return r->as == AS_DEPUTY && (deputy_may(e, n->incident, h, id, holder, person) & MAY_ACKNOWLEDGE) ? CAP_DEPUTY : CAP_NONE;
}

bool post_names(const struct engine *e, const struct incident *in, const struct site_holder *h, int role, const char *person)
{
	const char *id = plan_role_id(in->plan, role);
	return deputy_may(e, in, h, id, NULL, person) || delegate_may(e, in, h, id, NULL, person, 0);
}

bool post_may_all(const struct engine *e, const struct incident *in, const struct site_holder *h, int role, const char *person)
{
	const char *id = plan_role_id(in->plan, role);
	return deputy_may(e, in, h, id, NULL, person) == MAY_ALL || delegate_may(e, in, h, id, NULL, person, MAY_ALL);
}

static void list_one(
	const struct engine *e, const struct incident *in, int role, const char *person, const char **out, size_t *n, size_t max)
{
	if (people_kept_apart(e, in->plan, person, role) || engine_barred(in, person) || site_person_find(engine_site(e), person) < 0)
		return;
	for (size_t i = 0; i < *n; i++)
		if (core_same(out[i], person))
			return;
	if (*n < max)
		out[(*n)++] = person;
}

size_t post_list(const struct engine *e, const struct incident *in, const struct site_holder *h, int role, const char *holder,
	enum capacity kind, const char **out, size_t max)
{
	const char *id = plan_role_id(in->plan, role);
	size_t n = 0;
	for (size_t i = 0; kind == CAP_DEPUTY && i < h->n_deputies; i++)
		if (h->deputies[i].may & MAY_ACKNOWLEDGE)
			list_one(e, in, role, people_id(e, h->deputies[i].person), out, &n, max);
	for (size_t i = 0; i < e->n_delegations; i++) {
		const char *to = e->delegations[i].to;
		bool live =
			engine_delegation_live(&e->delegations[i]) && e->delegations[i].kind == kind; /* all that ever were are listed */
		const struct delegation *g = live ? term_delegation(e, in, h, id, holder, to, kind) : NULL;
		if (g && (g->may & MAY_ACKNOWLEDGE))
			list_one(e, in, role, to, out, &n, max);
	}
	return n;
}
