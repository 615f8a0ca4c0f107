/*
 * remind: what goes on after an incident (follow-ups, measures handed over) has an owner and a day. The owner is reminded before it, on it,
 * and again and again once it has passed, whether or not the incident is closed; from the second time after the day those who answer for
 * the incident hear of it too. Reminders come when the office opens. What a drill left behind is nobody's duty.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "engine/core.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define MAX_HOLDERS 64

/* ---- when ---- */

/* The hour at which the office opens on that day; NEVER when there is no such day. */
static int64_t opening(const struct site *s, const char *due)
{
	struct clock_date d = {.hour = s->calendar.open_minute / 60, .minute = s->calendar.open_minute % 60};
	if (!form_date(due) || sscanf(due, "%4d-%2d-%2d", &d.year, &d.month, &d.day) != 3)
		return NEVER;
	return clock_from_japan(&d);
}

static bool owed(const struct incident *in, const struct follow_up *f)
{
	return !in->drill && strcmp(f->state, "open") == 0 && f->due;
}

const char *engine_follow_up_when(const struct engine *e, const struct incident *in, const struct follow_up *f, int64_t now)
{
	const struct site *s = engine_site(e);
	int64_t due = s && owed(in, f) ? opening(s, f->due) : NEVER;
	if (due == NEVER)
		return NULL;
	int64_t midnight = due - s->calendar.open_minute * INT64_C(60000);
	if (now >= midnight + DAY_MS)
		return "overdue";
	return now >= midnight ? "due" : now >= due - s->remind_before ? "soon" : NULL;
}

static int64_t next_of(const struct engine *e, const struct incident *in, const struct follow_up *f)
{
	const struct site *s = engine_site(e);
	int64_t due = owed(in, f) ? opening(s, f->due) : NEVER, soon = due == NEVER ? due : due - s->remind_before;
	if (due == NEVER)
		return NEVER;
	if (!f->reminded_at) /* laid on somebody when the day is near already: at once */
		return soon > f->since ? soon : f->since;
	if (f->reminded_at < due)
		return due;
	int64_t over = due + DAY_MS;
	return f->reminded_at < over ? over : over + ((f->reminded_at - over) / s->remind_every + 1) * s->remind_every;
}

/* ---- whom ---- */

static void put(const struct incident *in, struct records *out, struct record *r, const char *id, enum recipient_as as)
{
	if (!engine_barred(in, id))
		records_recipient(out, r, id, as);
}

static void put_role(
	const struct engine *e, const struct incident *in, int role, struct records *out, struct record *r, enum recipient_as as)
{
	const struct site_group *g = in->plan->roles[role].group ? site_group_find(engine_site(e), in->plan->roles[role].id) : NULL;
	int chair = g && g->chair ? plan_role_find(in->plan, g->chair) : ROLE_NONE;
	const struct site_holder *hs[MAX_HOLDERS];
	size_t n = people_holders_in(e, in, chair >= 0 ? chair : role, hs, MAX_HOLDERS);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < hs[i]->persons.n; k++)
			put(in, out, r, people_id(e, hs[i]->persons.at[k]), as);
	for (size_t i = 0; g && chair < 0 && i < g->members.n; i++)
		put(in, out, r, people_id(e, g->members.at[i]), as);
}

/* Those above the role that owns it, and who closes incidents. */
static void put_answerable(const struct engine *e, const struct incident *in, int role, struct records *out, struct record *r)
{
	if (role >= 0 && in->plan->roles[role].above >= 0)
		put_role(e, in, in->plan->roles[role].above, out, r, AS_ABOVE);
	for (size_t i = 0; i < in->plan->n_items; i++)
		for (size_t k = 0; in->plan->items[i].closes && k < in->plan->items[i].by.n; k++)
			if (in->plan->items[i].by.at[k] >= 0)
				put_role(e, in, in->plan->items[i].by.at[k], out, r, AS_ABOVE);
}

static int owner_role(const struct engine *e, const struct incident *in, const char *owner)
{
	int role = owner && site_person_find(engine_site(e), owner) < 0 ? plan_role_find(in->plan, owner) : ROLE_NONE;
	return role >= 0 ? role : ROLE_NONE;
}

bool remind_owns(const struct engine *e, const struct incident *in, const struct follow_up *f, const char *person)
{
	int role = owner_role(e, in, f->owner);
	return core_same(f->owner, person) || (role >= 0 && people_capacity(e, in, person, role, MAY_ENTER) != CAP_NONE);
}

bool engine_follow_up_owned(const struct engine *e, const struct incident *in, const struct follow_up *f, const char *person)
{
	return person && engine_site(e) && !engine_barred(in, person) && remind_owns(e, in, f, person);
}

/* False: there is nobody to remind as the site stands, and nothing was added. */
static bool remind(struct engine *e, const struct incident *in, const struct follow_up *f, int64_t now, struct records *out)
{
	const struct site *s = engine_site(e);
	int role = owner_role(e, in, f->owner);
	struct record *r = records_add(out, REC_REMINDED);
	if (role >= 0)
		put_role(e, in, role, out, r, AS_HOLDER);
	else if (site_person_find(s, f->owner) >= 0)
		put(in, out, r, f->owner, AS_HOLDER);
	if (!r->n_recipients || now >= opening(s, f->due) + DAY_MS + s->remind_every)
		put_answerable(e, in, role, out, r);
	if (!r->n_recipients) {
		out->n--;
		return false;
	}
	const char *why = engine_follow_up_when(e, in, f, now);
	r->at = now;
	r->site = e->sites[e->n_sites - 1].record;
	r->incident = in->id;
	r->notice = e->index + out->n;
	r->item = in->plan->items[f->item >= 0 ? f->item : in->entry].id;
	r->ordinal = f->id;
	r->name = arena_printf(out->arena, "follow-up:%u", f->id);
	r->role = role >= 0 ? in->plan->roles[role].id : NULL;
	r->text = why ? why : "soon";
	return true;
}

/* Reminds of all whose time has come, and notes when the next one is. */
bool react_remind(struct engine *e, int64_t now, struct records *out)
{
	if (!e->remind_stale && now < e->remind_at)
		return false;
	e->remind_stale = false;
	e->remind_at = NEVER;
	for (size_t i = 0; i < e->n_incidents; i++) {
		struct incident *in = e->incidents[i];
		for (size_t k = 0; k < in->n_follow_ups; k++) {
			int64_t next = next_of(e, in, &in->follow_ups[k]);
			if (next <= now)
				remind(e, in, &in->follow_ups[k], now, out);
			else if (next < e->remind_at)
				e->remind_at = next;
		}
	}
	return out->n > 0;
}
