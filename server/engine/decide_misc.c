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
	if (!to_person && form_call(d, d->item >= 0 ? &d->incident->plan->items[d->item] : NULL, &c->calls[0], call) < 0)
		return -1;
	form_call_missing(d, call);
	if (d->v->n_missing)
		return verdict_refuse(d->v, REASON_INCOMPLETE, "call");
	if (!call->at)
		call->at = c->now;
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
	if (!f || !form_date(f->due))
		verdict_missing(d->v, "due (YYYY-MM-DD)");
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

static int new_follow_up(struct decision *d)
{
	const struct command *c = d->c;
	const struct record_follow *f = c->n_follow_ups ? &c->follow_ups[0] : NULL;
	if (!f || core_blank(f->text))
		verdict_missing(d->v, "text");
	if (form_owner(d, f ? f->owner : NULL) < 0)
		return -1;
	if (!f || !form_date(f->due))
		verdict_missing(d->v, "due (YYYY-MM-DD)");
	if (d->v->n_missing)
		return verdict_refuse(d->v, REASON_INCOMPLETE, "follow_up");
	struct record *r = decide_deed(d, REC_FOLLOW_UP, NULL, CAP_SELF);
	r->ordinal = (uint32_t)d->incident->n_follow_ups + 1;
	r->follow_ups = arena_alloc(d->out->arena, sizeof *r->follow_ups);
	r->follow_ups[0] = *f;
	r->n_follow_ups = 1;
	return 0;
}

/* The owner, or anyone who was told of the item or stands above, says how it goes on; also after the incident closed. */
int decide_follow_up(struct decision *d)
{
	const struct incident *in = d->incident;
	const struct command *c = d->c;
	enum capacity cap;
	if (people_told_or_above(d->e, in, in->entry, d->person, &cap) == ROLE_NONE &&
		!(c->ordinal >= 1 && c->ordinal <= in->n_follow_ups && in->follow_ups[c->ordinal - 1].owner &&
			strcmp(in->follow_ups[c->ordinal - 1].owner, d->person) == 0))
		return verdict_refuse(d->v, REASON_NOT_ENTITLED, NULL);
	if (!c->ordinal)
		return new_follow_up(d);
	if (c->ordinal > in->n_follow_ups)
		return verdict_refuse(d->v, REASON_UNKNOWN_RECORD, "follow_up");
	if (!core_blank(c->answer) && strcmp(c->answer, "open") != 0 && strcmp(c->answer, "done") != 0)
		return verdict_refuse(d->v, REASON_WRONG_ANSWER, c->answer);
	if (core_blank(c->answer) && !c->n_follow_ups)
		return verdict_refuse(d->v, REASON_INCOMPLETE, "state");
	struct record *r = decide_deed(d, REC_FOLLOW_UP_CHANGED, NULL, CAP_SELF);
	r->ordinal = c->ordinal;
	r->answer = core_blank(c->answer) ? NULL : c->answer;
	r->text = c->text;
	if (c->n_follow_ups) {
		r->follow_ups = arena_alloc(d->out->arena, sizeof *r->follow_ups);
		r->follow_ups[0] = c->follow_ups[0];
		r->n_follow_ups = 1;
	}
	return 0;
}
