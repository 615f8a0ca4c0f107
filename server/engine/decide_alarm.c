/*
 * decide_alarm: raising an alarm, withdrawing it, alarms that join or are split, drills given up. Clauses G1, F1.1a, M1.1, M1.3.
 */
#include <string.h>

#include "engine/core.h"

static const struct record_value *value_of(const struct record_value *values, size_t n, const char *field)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(values[i].field, field) == 0)
			return &values[i];
	return NULL;
}

/* Same event: every field named by `joins` is equal. What is unknown is equal only at the same terminal. */
static bool same_event(const struct plan_item *it, const struct record *r, const struct alarm_made *a)
{
	for (size_t k = 0; k < it->joins.n; k++) {
		const struct record_value *x = value_of(r->values, r->n_values, it->joins.at[k]);
		const struct record_value *y = value_of(a->values, a->n_values, it->joins.at[k]);
		bool both_unknown = (!x || !x->value) && (!y || !y->value);
		if (both_unknown ? !core_same(r->terminal, a->by.terminal) : !(x && y && core_same(x->value, y->value)))
			return false;
	}
	return true;
}

/* Still being dealt with: an alarm after the emergency is over is a new incident. */
static bool takes_more(const struct incident *in)
{
	return in->state == INCIDENT_OPEN && derive_emergency(in);
}

static struct incident *open_incident_of(const struct engine *e, const struct plan_item *it, const struct record *r)
{
	for (size_t i = e->n_incidents; i-- > 0 && it->joins.n;) {
		struct incident *in = e->incidents[i];
		if (in->drill != r->drill || !takes_more(in))
			continue;
		for (size_t a = 0; a < in->n_alarms; a++)
			if (!in->alarms[a].split_off && strcmp(in->alarms[a].entry, it->id) == 0 && same_event(it, r, &in->alarms[a]))
				return in;
	}
	return NULL;
}

/* A drill does not begin while something real is being dealt with. Who may not see that is not told what it is. */
static int refuse_drill(struct decision *d)
{
	for (size_t i = 0; i < d->e->n_incidents; i++) {
		const struct incident *in = d->e->incidents[i];
		if (in->drill || !takes_more(in))
			continue;
		if (!people_may_see(d->e, in, d->c->person, d->c->terminal))
			return verdict_refuse_both(d->v, REASON_NO_DRILL_NOW, "", "");
		return verdict_refuse_both(d->v, REASON_NO_DRILL_NOW, arena_printf(d->out->arena, "実際の事案 %u に対応中です。", in->id),
			arena_printf(d->out->arena, "Incident %u is real and being dealt with. ", in->id));
	}
	return 0;
}

int decide_alarm(struct decision *d)
{
	const struct plan *p = engine_plan(d->e);
	const struct command *c = d->c;
	int item = c->item ? plan_item_find(p, c->item) : -1;
	if (item < 0 || !p->items[item].entry)
		return verdict_refuse(d->v, REASON_UNKNOWN_ITEM, c->item ? c->item : "");
	const struct plan_item *it = &p->items[item];
	const char *role = NULL;
	enum capacity cap = people_may_raise(d->e, p, it, d->person, &role);
	if (cap == CAP_NONE)
		return verdict_refuse_item(d->v, d->person ? REASON_NOT_ENTITLED : REASON_NOT_SIGNED_IN, it);
	if (c->flag && refuse_drill(d) < 0)
		return -1;
	struct record *r = decide_deed(d, REC_OPENED, role, cap);
	r->item = it->id;
	r->drill = c->flag;
	r->answer = !c->flag ? NULL : core_same(c->answer, "unannounced") ? "unannounced" : "announced";
	r->text = c->text;
	if (form_check(d, it, true, r) < 0)
		return -1;
	struct incident *in = open_incident_of(d->e, it, r);
	if (in) {
		r->kind = REC_ALARM_JOINED;
		r->answer = NULL; /* the drill was announced or not when it began */
	}
	r->incident = in ? in->id : (uint32_t)d->e->n_incidents + 1;
	return 0;
}

static const struct plan_item *withdrawing_item(struct decision *d)
{
	const struct plan *p = d->incident->plan;
	for (size_t i = 0; i < p->n_items; i++)
		if (p->items[i].withdraws) {
			d->item = (int)i;
			return &p->items[i];
		}
	return NULL;
}

/* 誤報, with a ground, told to whom the alarm was told (reading 26): an entry of the plan's withdrawing item. */
int decide_withdraw(struct decision *d)
{
	const struct incident *in = d->incident;
	const struct plan_item *it = withdrawing_item(d);
	if (!it)
		return verdict_refuse(d->v, REASON_UNKNOWN_ITEM, "withdraws");
	if (core_blank(d->c->text))
		return verdict_refuse(d->v, REASON_NO_REASON_GIVEN, NULL);
	for (size_t a = 0; !d->person && a < in->n_alarms; a++)
		if (!in->alarms[a].split_off && !core_same(in->alarms[a].by.terminal, d->c->terminal))
			return verdict_refuse(d->v, REASON_NOT_YOUR_ALARM, NULL);
	struct command c = *d->c;
	struct record_value ground = {.value = c.text};
	for (size_t f = 0; f < it->n_form && !ground.field; f++)
		if (it->form[f].type == FIELD_TEXT)
			ground.field = it->form[f].id;
	c.values = &ground;
	c.n_values = ground.field ? 1 : 0;
	d->c = &c;
	int rc = decide_enter(d);
	return rc; /* values were copied into the record's arena */
}

/* Whoever is kept out of an incident is kept out of what is split from it, before anybody is told. */
static void keep_out(struct decision *d, uint32_t next)
{
	for (size_t i = 0; i < d->incident->n_bars; i++) {
		const struct bar *b = &d->incident->bars[i];
		if (b->over)
			continue;
		struct record *r = decide_record(d, REC_BARRED);
		r->incident = next;
		r->ref = b->by.record;
		r->other = b->person;
		r->person = b->by.person;
		r->terminal = b->by.terminal;
		r->role = b->by.role;
		r->capacity = b->by.capacity;
		r->text = b->ground;
	}
}

int decide_split(struct decision *d)
{
	struct incident *in = d->incident;
	const struct alarm_made *a = NULL;
	for (size_t i = 1; i < in->n_alarms; i++) /* the first one is the incident */
		if (in->alarms[i].by.record == d->c->ref && !in->alarms[i].split_off)
			a = &in->alarms[i];
	if (!a)
		return verdict_refuse(d->v, REASON_UNKNOWN_RECORD, NULL);
	const char *entry = a->entry; /* the new incident opens under the newest plan */
	int there = plan_item_find(engine_plan(d->e), entry);
	if (there < 0 || !engine_plan(d->e)->items[there].entry)
		return verdict_refuse(d->v, REASON_UNKNOWN_ITEM, entry);
	enum capacity cap;
	int role = people_told_or_above(d->e, in, in->entry, d->person, &cap);
	if (role == ROLE_NONE)
		return verdict_refuse_item(d->v, REASON_NOT_ENTITLED, &in->plan->items[in->entry]);
	if (core_blank(d->c->text))
		return verdict_refuse(d->v, REASON_NO_REASON_GIVEN, NULL);
	uint32_t next = (uint32_t)d->e->n_incidents + 1;
	struct record *r = decide_deed(d, REC_SPLIT, plan_role_id(in->plan, role), cap);
	r->ref = a->by.record;
	r->ordinal = next;
	r->text = d->c->text;
	r = decide_record(d, REC_OPENED);
	r->incident = next;
	r->flag = true;
	r->ref = a->by.record;
	r->item = entry;
	r->person = a->by.person;
	r->terminal = a->by.terminal;
	r->role = a->by.role;
	r->capacity = a->by.capacity;
	r->values = a->values;
	r->n_values = a->n_values;
	r->text = a->reporter;
	r->answer = !in->drill ? NULL : in->unannounced ? "unannounced" : "announced";
	r->made_at = a->made_at;
	keep_out(d, next);
	return 0;
}

/* Whoever sees the incident it would join must be among those who see it: what few may know is not to end where many look. */
static bool narrower(const struct incident *in, const struct incident *into)
{
	for (size_t k = 0; k < in->plan->n_procedures; k++) {
		bool there = !in->restricted[k];
		for (size_t j = 0; j < into->plan->n_procedures && !there; j++)
			there = into->restricted[j] && strcmp(into->plan->procedures[j].id, in->plan->procedures[k].id) == 0;
		if (!there)
			return true;
	}
	return false;
}

/* Somebody kept out of the one takes part in the other, and would read there what it was about. */
static bool lets_in(const struct incident *in, const struct incident *into)
{
	for (size_t i = 0; i < in->n_bars; i++)
		if (!in->bars[i].over && !engine_barred(into, in->bars[i].person))
			return true;
	return false;
}

static bool set_by_alarms(const struct plan *p, int fact)
{
	for (size_t s = 0; s < p->n_slots; s++)
		if (p->slots[s].fact == fact && p->items[p->slots[s].item].entry)
			return true;
	return false;
}

/*
 * A decision that stands in the one and not in the other: the joined one ends, and what follows from its decisions would never be done.
 * Of what kind an alarm was is another matter.
 */
static const struct plan_fact *decided_otherwise(const struct incident *in, const struct incident *into)
{
	for (size_t i = 0; i < in->plan->n_facts; i++) {
		const struct plan_fact *f = &in->plan->facts[i];
		const char *here = set_by_alarms(in->plan, (int)i) ? NULL : derive_fact(in, (int)i, NULL), *there = NULL;
		for (size_t k = 0; here && k < into->plan->n_facts; k++)
			if (strcmp(into->plan->facts[k].id, f->id) == 0)
				there = derive_fact(into, (int)k, NULL);
		if (here && (!there || strcmp(here, there) != 0))
			return f;
	}
	return NULL;
}

static int check_join(struct decision *d, const struct incident *in, const struct incident *into)
{
	const struct plan_fact *f;
	if (into == in)
		return verdict_refuse_both(d->v, REASON_CANNOT_JOIN, "同じ事案です。", "it is the same incident.");
	if (into->drill != in->drill)
		return verdict_refuse_both(
			d->v, REASON_CANNOT_JOIN, "一方は訓練、一方は実際の事案です。", "one is a drill and the other is real.");
	if (narrower(in, into))
		return verdict_refuse_both(d->v, REASON_CANNOT_JOIN,
			"見られる人が限られている事案を、そうでない事案に入れることはできません。先に区分をそろえるか、逆に入れてください"
			"。",
			"what only few may see cannot go into what many see. Give both the same kind first, or join them the other way "
			"round.");
	if (lets_in(in, into))
		return verdict_refuse_both(d->v, REASON_CANNOT_JOIN,
			"閲覧・関与の制限を受けている人が、相手の事案では制限されていません。先に相手の事案でも制限してください。",
			"somebody is barred from it and not from the other one. Bar that person there first.");
	if ((f = decided_otherwise(in, into)))
		return verdict_refuse_both(d->v, REASON_CANNOT_JOIN,
			arena_printf(d->out->arena,
				"「%s」の判断が、まとめる先の事案では同じではありません。先にまとめる先で同じ判断をするか、別々に終結して"
				"ください。",
				f->title),
			arena_printf(d->out->arena,
				"'%s' was not decided in the same way in the other incident. Decide it there first, or close each by "
				"itself.",
				f->title_en ? f->title_en : f->title));
	return 0;
}

int decide_join(struct decision *d)
{
	struct incident *in = d->incident, *into = core_incident(d->e, d->c->ordinal);
	const char *number = arena_printf(d->out->arena, "%u", d->c->ordinal);
	if (!into || !people_may_see(d->e, into, d->c->person, d->c->terminal))
		return verdict_refuse(d->v, REASON_UNKNOWN_INCIDENT, number);
	if (check_join(d, in, into) < 0)
		return -1;
	if (into->state != INCIDENT_OPEN)
		return verdict_refuse(d->v, REASON_INCIDENT_CLOSED, number);
	enum capacity cap, there;
	int role = people_told_or_above(d->e, in, in->entry, d->person, &cap);
	if (role == ROLE_NONE || people_told_or_above(d->e, into, into->entry, d->person, &there) == ROLE_NONE)
		return verdict_refuse_item(d->v, REASON_NOT_ENTITLED, &in->plan->items[in->entry]);
	if (derive_in_force(in))
		return verdict_refuse(d->v, REASON_MEASURE_IN_FORCE, NULL);
	if (core_blank(d->c->text))
		return verdict_refuse(d->v, REASON_NO_REASON_GIVEN, NULL);
	struct record *r = decide_deed(d, REC_JOINED, plan_role_id(in->plan, role), cap);
	r->ordinal = into->id;
	r->text = d->c->text;
	return 0;
}

/* A drill may be given up at any moment by who raised it or may close it; recorded as such. */
int decide_give_up(struct decision *d)
{
	const struct incident *in = d->incident;
	enum capacity cap = d->person ? CAP_SELF : CAP_TERMINAL;
	int role = people_is_reporter(in, d->person, d->c->terminal) ? ROLE_REPORTER : ROLE_NONE;
	for (size_t i = 0; i < in->plan->n_items && role == ROLE_NONE && d->person; i++)
		if (in->plan->items[i].closes)
			role = people_may_act(d->e, in, (int)i, d->person, NULL, &cap);
	if (role == ROLE_NONE && !d->person)
		return verdict_refuse(d->v, REASON_NOT_SIGNED_IN, NULL);
	if (!in->drill)
		return verdict_refuse(d->v, REASON_NOT_A_DRILL, NULL);
	if (role == ROLE_NONE)
		return verdict_refuse(d->v, REASON_NOT_ENTITLED, NULL);
	if (core_blank(d->c->text))
		return verdict_refuse(d->v, REASON_NO_REASON_GIVEN, NULL);
	struct record *r = decide_deed(d, REC_GIVEN_UP, plan_role_id(in->plan, role), cap);
	r->text = d->c->text;
	return 0;
}
