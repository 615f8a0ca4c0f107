/*
 * evolve_incident: records about an incident as a whole: opened, joined, split, calls, comments, measures handed over,
 * follow-ups, closed.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/core.h"

static void add_alarm(struct incident *in, const struct record *r)
{
	in->alarms = xgrow(in->alarms, &in->cap_alarms, in->n_alarms + 1, sizeof *in->alarms);
	struct alarm_made *a = &in->alarms[in->n_alarms++];
	*a = (struct alarm_made){.by = evolve_deed(in, r),
		.reporter = arena_strdup(in->arena, r->text),
		.made_at = r->made_at,
		.entry = arena_strdup(in->arena, r->item ? r->item : in->plan->items[in->entry].id)};
	a->by.confirmation = DEED_PLAIN;
	evolve_copy_values(in->arena, r, &a->values, &a->n_values);
}

static struct incident *incident_new(const struct edition *plan, uint32_t id)
{
	const struct plan *p = plan->plan;
	struct incident *in = xcalloc(1, sizeof *in);
	in->id = id;
	in->arena = arena_new(0);
	in->plan = p;
	in->plan_record = plan->record;
	in->items = arena_alloc(in->arena, p->n_items * sizeof *in->items);
	for (size_t i = 0; i < p->n_items; i++)
		in->items[i].chains = arena_alloc(in->arena, (p->items[i].n_tell + 1) * sizeof *in->items[i].chains);
	in->slot_value = arena_alloc(in->arena, (p->n_slots + 1) * sizeof *in->slot_value);
	in->slot_order = arena_alloc(in->arena, (p->n_slots + 1) * sizeof *in->slot_order);
	in->restricted = arena_alloc(in->arena, p->n_procedures + 1);
	in->memo_applies = arena_alloc(in->arena, p->n_items);
	in->memo_settled = arena_alloc(in->arena, p->n_items);
	return in;
}

static void opened(struct engine *e, const struct record *r, struct changes *ch)
{
	int item = e->n_plans ? plan_item_find(engine_plan(e), r->item) : -1;
	if (item < 0 || r->incident != e->n_incidents + 1)
		return;
	struct incident *in = incident_new(&e->plans[e->n_plans - 1], r->incident);
	e->incidents = xgrow(e->incidents, &e->cap_incidents, e->n_incidents + 1, sizeof(struct incident *));
	e->incidents[e->n_incidents++] = in;
	in->drill = r->drill;
	in->unannounced = r->drill && core_same(r->answer, "unannounced");
	in->entry = item;
	in->opened_at = r->at;
	add_alarm(in, r);
	evolve_item(e, r, ch); /* the entry item is entered by it */
}

static struct alarm_made *find_alarm(struct incident *in, uint64_t record)
{
	for (size_t i = 0; i < in->n_alarms; i++)
		if (in->alarms[i].by.record == record)
			return &in->alarms[i];
	return NULL;
}

static void joined(struct engine *e, struct incident *in, const struct record *r, struct changes *ch)
{
	struct incident *into = core_incident(e, r->ordinal);
	if (!into)
		return;
	in->state = INCIDENT_JOINED;
	in->joined_into = into->id;
	in->closed_at = r->at;
	in->closed = evolve_deed(in, r);
	for (size_t i = 0; i < in->n_alarms; i++) { /* incidents are never freed before the engine: what an alarm points to stays */
		if (in->alarms[i].split_off)
			continue;
		into->alarms = xgrow(into->alarms, &into->cap_alarms, into->n_alarms + 1, sizeof *into->alarms);
		into->alarms[into->n_alarms] = in->alarms[i];
		into->alarms[into->n_alarms++].joined_from = in->id;
	}
	core_dirty(e, into);
	core_changed_incident(ch, into, r->index);
}

static void called(struct engine *e, struct incident *in, const struct record *r)
{
	if (!r->n_calls)
		return;
	in->calls = xgrow(in->calls, &in->cap_calls, in->n_calls + 1, sizeof *in->calls);
	struct call_made *c = &in->calls[in->n_calls++];
	const struct record_call *from = &r->calls[0];
	struct arena *a = in->arena;
	*c = (struct call_made){
		.by = evolve_deed(in, r), .item = r->item ? plan_item_find(in->plan, r->item) : -1, .person = arena_strdup(a, r->name)};
	c->call = (struct record_call){arena_strdup(a, from->body), arena_strdup(a, from->number), arena_strdup(a, from->answered_by),
		arena_strdup(a, from->said), arena_strdup(a, from->reason), from->at, from->again_at, from->no_answer,
		arena_strdup(a, from->offered)};
	calls_note(e, in, c->item, &c->call, c->person, r);
}

static void commented(struct incident *in, const struct record *r)
{
	in->comments = xgrow(in->comments, &in->cap_comments, in->n_comments + 1, sizeof *in->comments);
	in->comments[in->n_comments++] = (struct comment_made){
		evolve_deed(in, r), r->item ? plan_item_find(in->plan, r->item) : -1, arena_strdup(in->arena, r->text)};
}

static struct follow_up *add_follow_up(struct incident *in, const struct record *r)
{
	const struct record_follow *f = &r->follow_ups[0];
	struct arena *a = in->arena;
	in->follow_ups = xgrow(in->follow_ups, &in->cap_follow_ups, in->n_follow_ups + 1, sizeof *in->follow_ups);
	struct follow_up *to = &in->follow_ups[in->n_follow_ups++];
	*to = (struct follow_up){.id = (uint32_t)in->n_follow_ups,
		.item = r->item ? plan_item_find(in->plan, r->item) : -1,
		.measure = r->stage,
		.kind = arena_strdup(a, f->kind),
		.text = arena_strdup(a, f->text),
		.owner = arena_strdup(a, f->owner),
		.due = arena_strdup(a, f->due),
		.state = "open",
		.made = evolve_deed(in, r),
		.since = r->at,
		.set = r->index};
	return to;
}

/* It goes on beyond the incident: whoever answers for it now is reminded of it like of any follow-up. */
static void handed_over(struct incident *in, const struct record *r)
{
	if (r->ordinal < 1 || r->ordinal > in->n_measures || !r->n_follow_ups)
		return;
	struct measure *m = &in->measures[r->ordinal - 1];
	m->state = MEASURE_HANDED_OVER;
	m->ended = evolve_deed(in, r);
	m->owner = arena_strdup(in->arena, r->follow_ups[0].owner);
	m->due = arena_strdup(in->arena, r->follow_ups[0].due);
	m->reason = arena_strdup(in->arena, r->text);
	struct follow_up *f = add_follow_up(in, r);
	f->measure = m->id;
	f->text = m->option;
	f->remark = arena_strdup(in->arena, r->text);
}

/* A measure that was handed over ends when its owner says so. */
static void measure_of(struct incident *in, const struct follow_up *f)
{
	if (!f->measure || f->measure > in->n_measures)
		return;
	struct measure *m = &in->measures[f->measure - 1];
	m->state = strcmp(f->state, "done") == 0 ? MEASURE_LIFTED : MEASURE_HANDED_OVER;
	m->ended = f->changed;
	m->owner = f->owner;
	m->due = f->due;
}

static void follow_up_changed(struct incident *in, const struct record *r)
{
	if (r->ordinal < 1 || r->ordinal > in->n_follow_ups)
		return;
	struct follow_up *f = &in->follow_ups[r->ordinal - 1];
	struct arena *a = in->arena;
	const struct record_follow *n = r->n_follow_ups ? &r->follow_ups[0] : NULL;
	f->changed = evolve_deed(in, r);
	f->remark = arena_strdup(a, r->text);
	bool again = r->answer && strcmp(r->answer, f->state) != 0, moved = n && (n->owner || n->due);
	if (r->answer)
		f->state = arena_strdup(a, r->answer);
	if (n && n->text)
		f->text = arena_strdup(a, n->text);
	if (n && n->kind)
		f->kind = arena_strdup(a, n->kind);
	if (n && n->owner)
		f->owner = arena_strdup(a, n->owner);
	if (n && n->due)
		f->due = arena_strdup(a, n->due);
	if (again || moved) {
		f->since = r->at;
		f->set = r->index;
		f->reminded_at = 0;
	}
	measure_of(in, f);
}

static void closed(struct incident *in, const struct record *r)
{
	in->state = r->kind == REC_CLOSED ? INCIDENT_CLOSED : INCIDENT_GIVEN_UP;
	in->closed_at = r->at;
	in->closed = evolve_deed(in, r);
	if (r->kind != REC_GIVEN_UP)
		return;
	in->interrupted = r->ref;
	in->given_up = arena_strdup(in->arena, r->text);
}

static void barred(struct engine *e, struct incident *in, const struct record *r)
{
	e->stand_ins_dirty = e->presence_dirty = true;
	for (size_t i = 0; r->flag && i < in->n_bars; i++)
		if (!in->bars[i].over && core_same(in->bars[i].person, r->other)) {
			in->bars[i].over = true;
			in->bars[i].ended = evolve_deed(in, r);
		}
	if (r->flag)
		return;
	in->bars = xgrow(in->bars, &in->cap_bars, in->n_bars + 1, sizeof *in->bars);
	in->bars[in->n_bars++] = (struct bar){
		.person = arena_strdup(in->arena, r->other), .ground = arena_strdup(in->arena, r->text), .by = evolve_deed(in, r)};
}

static void was_read(struct incident *in, const struct record *r)
{
	size_t i = 0;
	while (i < in->n_reads && !(core_same(in->reads[i].person, r->person) && core_same(in->reads[i].what, r->text)))
		i++;
	if (i == in->n_reads) {
		in->reads = xgrow(in->reads, &in->cap_reads, in->n_reads + 1, sizeof *in->reads);
		in->reads[in->n_reads].person = arena_strdup(in->arena, r->person);
		in->reads[in->n_reads++].what = arena_strdup(in->arena, r->text);
	}
	in->reads[i].at = r->at;
}

void evolve_incident(struct engine *e, const struct record *r, struct changes *ch)
{
	if (r->kind == REC_OPENED) {
		opened(e, r, ch);
		return;
	}
	struct incident *in = core_incident(e, r->incident);
	if (!in)
		return;
	struct alarm_made *alarm;
	switch (r->kind) {
	case REC_ALARM_JOINED:
		add_alarm(in, r);
		break;
	case REC_SPLIT:
		if ((alarm = find_alarm(in, r->ref)))
			alarm->split_off = true;
		break;
	case REC_JOINED:
		joined(e, in, r, ch);
		calls_drop(e, in, -1);
		break;
	case REC_CALL:
		called(e, in, r);
		break;
	case REC_COMMENT:
		commented(in, r);
		break;
	case REC_HANDED_OVER:
		handed_over(in, r);
		e->remind_stale = true;
		break;
	case REC_FOLLOW_UP:
		if (r->n_follow_ups)
			add_follow_up(in, r);
		e->remind_stale = true;
		break;
	case REC_FOLLOW_UP_CHANGED:
		follow_up_changed(in, r);
		e->remind_stale = true;
		break;
	case REC_CLOSED:
	case REC_GIVEN_UP:
		closed(in, r);
		calls_drop(e, in, -1);
		break;
	case REC_BARRED:
		barred(e, in, r);
		break;
	case REC_READ:
		was_read(in, r);
		return; /* nothing follows, and no row says it */
	default:
		return;
	}
	core_dirty(e, in);
	core_changed_incident(ch, in, r->index);
}
