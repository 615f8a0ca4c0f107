/*
 * decide_misc: calls, comments, handing a measure over, follow-ups: what is recorded beside the items.
 */
#include <stdio.h>
#include <string.h>

#include "engine/core.h"

/* An item is optional here, but one that is named must exist. */
static int optional_item(struct decision *d)
{
	if (core_blank(d->c->item))
		return 0;
	d->item = plan_item_find(d->incident->plan, d->c->item);
	return d->item >= 0 ? 0 : verdict_refuse(d->v, REASON_UNKNOWN_ITEM, d->c->item);
}

static struct record_call *one_call(struct decision *d)
{
	return arena_alloc(d->out->arena, sizeof(struct record_call));
}

int decide_log_call(struct decision *d)
{
	const struct command *c = d->c;
	if (optional_item(d) < 0)
		return -1;
	if (!c->n_calls)
		return verdict_refuse(d->v, REASON_INCOMPLETE, "call");
	struct record_call *call = one_call(d);
	*call = c->calls[0];
	bool to_person = !core_blank(c->about);
	if (to_person && site_person_find(engine_site(d->e), c->about) < 0)
		return verdict_refuse(d->v, REASON_UNKNOWN_PERSON, c->about);
	/* Whoever only raised it telephones people, and makes none of the calls that an item owes. */
	if (d->item >= 0 && !to_person && !people_may_see(d->e, d->incident, c->person, c->terminal))
		return verdict_refuse(d->v, REASON_NOT_SEEN, arena_printf(d->out->arena, "%u", c->incident));
	const struct plan_item *it = d->item >= 0 ? &d->incident->plan->items[d->item] : NULL;
	if ((to_person ? form_call_person(d, &c->calls[0], call) : form_call(d, it, &c->calls[0], call)) < 0)
		return -1;
	form_call_missing(d, call);
	if (d->v->n_missing)
		return verdict_refuse(d->v, REASON_INCOMPLETE, "call");
	struct record *r = decide_deed(d, REC_CALL, NULL, CAP_SELF);
	r->item = d->item >= 0 ? d->incident->plan->items[d->item].id : NULL;
	r->calls = call;
	r->n_calls = 1;
	r->name = to_person ? c->about : NULL;
	return 0;
}

int decide_comment(struct decision *d)
{
	if (optional_item(d) < 0)
		return -1;
	if (core_blank(d->c->text))
		return verdict_refuse(d->v, REASON_INCOMPLETE, "text");
	struct record *r = decide_deed(d, REC_COMMENT, NULL, CAP_SELF);
	r->item = d->item >= 0 ? d->incident->plan->items[d->item].id : NULL;
	r->text = d->c->text;
	return 0;
}

/* A measure that stays in force beyond the incident: to a named owner, with a due date, by who may close the incident or ordered it. */
int decide_hand_over(struct decision *d)
{
	const struct incident *in = d->incident;
	const struct command *c = d->c;
	if (c->ordinal < 1 || c->ordinal > in->n_measures || in->measures[c->ordinal - 1].state != MEASURE_IN_FORCE)
		return verdict_refuse(d->v, REASON_UNKNOWN_RECORD, "measure");
	const struct measure *m = &in->measures[c->ordinal - 1];
	enum capacity cap = CAP_NONE;
	int speaks = ROLE_NONE;
	for (size_t k = 0; k < m->n_authorities && cap == CAP_NONE; k++) {
		const struct plan_role *role = &in->plan->roles[m->authorities[k]];
		const struct site_group *g = role->group ? site_group_find(engine_site(d->e), role->id) : NULL;
		speaks = g && g->chair ? plan_role_find(in->plan, g->chair) : m->authorities[k]; /* a group speaks through its chair */
		cap = people_capacity(d->e, in, d->person, speaks, MAY_DECIDE);
	}
	if (cap == CAP_NONE)
		return verdict_refuse(d->v, REASON_NOT_ENTITLED, m->option);
	const struct record_follow *f = c->n_follow_ups ? &c->follow_ups[0] : NULL;
	if (form_owner(d, f ? f->owner : NULL) < 0)
		return -1;
	if (form_due(d, f ? f->due : NULL, "due") < 0)
		return -1;
	if (core_blank(c->text))
		verdict_missing(d->v, "reason");
	if (d->v->n_missing)
		return verdict_refuse(d->v, REASON_INCOMPLETE, m->option);
	struct record *r = decide_deed(d, REC_HANDED_OVER, plan_role_id(in->plan, speaks), cap);
	r->ordinal = m->id;
	r->item = in->plan->items[m->item].id;
	r->text = c->text;
	r->follow_ups = arena_alloc(d->out->arena, sizeof *r->follow_ups);
	r->follow_ups[0] = *f;
	r->n_follow_ups = 1;
	return 0;
}

static int new_follow_up(struct decision *d, const char *role, enum capacity cap)
{
	const struct command *c = d->c;
	const struct record_follow *f = c->n_follow_ups ? &c->follow_ups[0] : NULL;
	if (!f || core_blank(f->text))
		verdict_missing(d->v, "text");
	if (form_owner(d, f ? f->owner : NULL) < 0)
		return -1;
	if (form_due(d, f ? f->due : NULL, "due") < 0)
		return -1;
	if (d->v->n_missing)
		return verdict_refuse(d->v, REASON_INCOMPLETE, "follow_up");
	struct record *r = decide_deed(d, REC_FOLLOW_UP, role, cap);
	r->ordinal = (uint32_t)d->incident->n_follow_ups + 1;
	r->follow_ups = arena_alloc(d->out->arena, sizeof *r->follow_ups);
	r->follow_ups[0] = *f;
	r->n_follow_ups = 1;
	return 0;
}

/* What the change says: a new state, owner or day, each with its reason. */
static int check_change(struct decision *d, const struct follow_up *f)
{
	const struct command *c = d->c;
	const struct record_follow *to = c->n_follow_ups ? &c->follow_ups[0] : NULL;
	if (!core_blank(c->answer) && strcmp(c->answer, "open") != 0 && strcmp(c->answer, "done") != 0)
		return verdict_refuse(d->v, REASON_WRONG_ANSWER, c->answer);
	if (core_blank(c->answer) && !to)
		return verdict_refuse(d->v, REASON_INCOMPLETE, "state");
	if (to && !core_blank(to->owner) && form_owner(d, to->owner) < 0)
		return -1;
	if (to && !core_blank(to->due) && form_due(d, to->due, "due") < 0)
		return -1;
	if (d->v->n_missing)
		return verdict_refuse(d->v, REASON_INCOMPLETE, "follow_up");
	if (f->measure && to && !core_blank(to->text))
		return verdict_refuse(d->v, REASON_UNKNOWN_FIELD, "text"); /* what was ordered stays what it was */
	return core_blank(c->text) ? verdict_refuse(d->v, REASON_NO_REASON_GIVEN, NULL) : 0;
}

static void copy_change(struct decision *d, struct record *r)
{
	const struct record_follow *from = &d->c->follow_ups[0];
	r->follow_ups = arena_alloc(d->out->arena, sizeof *r->follow_ups);
	r->follow_ups[0] = (struct record_follow){core_blank(from->kind) ? NULL : from->kind, core_blank(from->text) ? NULL : from->text,
		core_blank(from->owner) ? NULL : from->owner, core_blank(from->due) ? NULL : from->due};
	r->n_follow_ups = 1;
}

/* The owner, or anyone who was told of the alarm or stands above, says how it goes on; also after the incident closed. */
int decide_follow_up(struct decision *d)
{
	const struct incident *in = d->incident;
	const struct command *c = d->c;
	const struct follow_up *f = c->ordinal >= 1 && c->ordinal <= in->n_follow_ups ? &in->follow_ups[c->ordinal - 1] : NULL;
	enum capacity cap;
	int role = people_told_or_above(d->e, in, in->entry, d->person, &cap);
	if (role == ROLE_NONE && f && f->item >= 0)
		role = people_told_or_above(d->e, in, f->item, d->person, &cap);
	if (role == ROLE_NONE && !(f && remind_owns(d->e, in, f, d->person)))
		return verdict_refuse(d->v, REASON_NOT_ENTITLED, NULL);
	const char *as = role == ROLE_NONE ? NULL : plan_role_id(in->plan, role);
	if (role == ROLE_NONE)
		cap = CAP_SELF;
	if (!c->ordinal)
		return new_follow_up(d, as, cap);
	if (!f)
		return verdict_refuse(d->v, REASON_UNKNOWN_RECORD, "follow_up");
	if (check_change(d, f) < 0)
		return -1;
	struct record *r = decide_deed(d, REC_FOLLOW_UP_CHANGED, as, cap);
	r->ordinal = c->ordinal;
	r->answer = core_blank(c->answer) ? NULL : c->answer;
	r->text = c->text;
	if (c->n_follow_ups)
		copy_change(d, r);
	return 0;
}
