/*
 * decide_notice: acknowledging by any channel of invariant 3, excusing a terminal, confirming or denying what was entered in one's name.
 */
#include <stdio.h>
#include <string.h>

#include "engine/core.h"

#define MAX_BUNDLE 64

static struct notice *find_notice(struct decision *d)
{
	struct notice *n = core_notice(d->e, d->c->notice);
	char id[24];
	snprintf(id, sizeof id, "%llu", (unsigned long long)d->c->notice);
	bool own = n && (notice_recipient(n, d->c->terminal) || (n->kind == NOTICE_REMINDER && notice_recipient(n, d->c->person)));
	bool out = n && d->c->person && engine_barred(n->incident, d->c->person);
	if (!n || out || !(own || people_may_see(d->e, n->incident, d->c->person, d->c->terminal))) {
		verdict_refuse(d->v, REASON_UNKNOWN_NOTICE, id);
		return NULL;
	}
	if (d->person && engine_barred(n->incident, d->person)) {
		verdict_refuse(d->v, REASON_BARRED, NULL);
		return NULL;
	}
	d->incident = n->incident;
	return n;
}

/* After the close what the closing told can still be acknowledged, and so can an absent holder's own notice. */
static bool outlives(const struct notice *n)
{
	const struct incident *in = n->incident;
	if (n->state == NOTICE_ACKNOWLEDGED)
		return !n->group;
	return in->state == INCIDENT_CLOSED && in->plan->items[n->item].closes && notice_current(n);
}

/* Asked after 'already': whoever has acknowledged gets the same answer for ever. */
static bool still_open(struct decision *d, const struct notice *n)
{
	char id[24];
	if (n->state != NOTICE_WITHDRAWN && (n->incident->state == INCIDENT_OPEN || !n->wants_ack || outlives(n)))
		return true;
	snprintf(id, sizeof id, "%llu", (unsigned long long)n->id);
	verdict_refuse(d->v, REASON_NOTICE_CLOSED, id);
	return false;
}

static struct record *ack_record(struct decision *d, const struct notice *n, enum capacity cap)
{
	struct record *r = decide_deed(d, REC_ACKNOWLEDGED, n->role == ROLE_NONE ? NULL : plan_role_id(n->incident->plan, n->role), cap);
	r->notice = n->id;
	r->item = n->incident->plan->items[n->item].id;
	r->text = d->c->text;
	return r;
}

/* A repeated acknowledgement with another id changes nothing and is no error: the first one stands. */
static int already(struct decision *d, uint64_t record)
{
	d->v->reason = REASON_REPEATED;
	d->v->record = record;
	d->v->incident = d->incident->id;
	return 0;
}

/* Of a broadcast: the terminal's own, or a named person's check on the spot. */
static int acknowledge_terminal(struct decision *d, struct notice *n)
{
	const struct command *c = d->c;
	const char *terminal = c->about && *c->about ? c->about : c->terminal;
	if (!terminal)
		return verdict_refuse_item(d->v, REASON_NO_NOTICE_FOR_YOU, &n->incident->plan->items[n->item]);
	struct recipient *to = notice_recipient(n, terminal);
	if (!to)
		return verdict_refuse(d->v, REASON_UNKNOWN_TERMINAL, terminal);
	if (!decide_by_this_channel(d, &n->incident->plan->items[n->item]))
		return verdict_refuse_item(d->v, REASON_NOT_BY_TELEPHONE, &n->incident->plan->items[n->item]);
	bool own = c->terminal && strcmp(c->terminal, terminal) == 0 && !c->behalf;
	if (!own && !c->person)
		return verdict_refuse(d->v, REASON_NOT_SIGNED_IN, NULL);
	if (to->ack.record)
		return already(d, to->ack.record);
	if (!still_open(d, n))
		return -1;
	struct record *r = ack_record(d, n, own ? CAP_TERMINAL : CAP_SELF);
	r->terminal = to->id;
	if (!own && !c->behalf) {
		r->channel = CH_IN_PERSON;
		r->entered_by = c->person;
	}
	return 0;
}

static int check_answer(struct decision *d, const struct notice *n)
{
	const char *a = d->c->answer;
	if (!n->group)
		return core_blank(a) ? 0 : verdict_refuse(d->v, REASON_WRONG_ANSWER, a);
	if (core_blank(a) || (strcmp(a, "present") != 0 && strcmp(a, "absent") != 0 && strcmp(a, "deputy") != 0))
		return verdict_refuse(d->v, REASON_WRONG_ANSWER, a);
	if (strcmp(a, "deputy") == 0 && core_blank(d->c->text)) /* who comes instead */
		return verdict_refuse(d->v, REASON_NO_REASON_GIVEN, "comment");
	return 0;
}

/* What was shown with it as one: a record for each capacity. */
static void other_capacities(struct decision *d, const struct notice *n)
{
	const struct notice *all[MAX_BUNDLE];
	size_t count = bundle_list(bundle_lead(n, d->person), d->person, all, MAX_BUNDLE);
	bool shown = false;
	for (size_t i = 0; i < count; i++)
		shown = shown || all[i] == n;
	for (size_t i = 0; shown && i < count; i++) {
		enum capacity cap = all[i] == n || all[i]->group || !all[i]->wants_ack
					    ? CAP_NONE
					    : people_may_acknowledge(d->e, all[i], d->person, d->c->terminal);
		if (cap != CAP_NONE)
			ack_record(d, all[i], cap);
	}
}

int decide_acknowledge(struct decision *d)
{
	struct notice *n = find_notice(d);
	if (!n)
		return -1;
	if (n->broadcast)
		return acknowledge_terminal(d, n);
	if (!d->person)
		return verdict_refuse(d->v, REASON_NOT_SIGNED_IN, NULL);
	const struct plan_item *it = &n->incident->plan->items[n->item];
	enum capacity cap = people_may_acknowledge(d->e, n, d->person, d->c->terminal);
	if (cap == CAP_NONE)
		return decide_not_entitled(d, REASON_NO_NOTICE_FOR_YOU, it, &n->role, 1);
	if (!decide_by_this_channel(d, it))
		return verdict_refuse_item(d->v, REASON_NOT_BY_TELEPHONE, it);
	if (check_answer(d, n) < 0)
		return -1;
	struct recipient *me = notice_recipient(n, d->person);
	/* An acknowledgement made before it was told anew does not answer that, however late it is repeated. */
	bool answered = me && me->ack.record && (me->ack.record > n->overdue_at || d->c->made_at < n->owed_from);
	if (answered && (!n->group || (me->answer && strcmp(me->answer, d->c->answer) == 0)))
		return already(d, me->ack.record);
	if (!still_open(d, n))
		return -1;
	struct record *r = ack_record(d, n, cap);
	r->answer = n->group ? d->c->answer : NULL;
	r->flag = n->state != NOTICE_OPEN; /* somebody acknowledged before: on record beside it */
	other_capacities(d, n);
	return 0;
}

/* It is the excusing that is refused, not the item. */
static int refuse_excusing(struct decision *d, const struct notice *n)
{
	const struct plan *plan = n->incident->plan;
	const struct plan_item *it = &plan->items[n->item];
	for (size_t k = 0; k < it->by.n; k++)
		verdict_missing(d->v, plan_role_title(plan, it->by.at[k]));
	return verdict_refuse(d->v, REASON_NOT_ENTITLED, NULL);
}

int decide_excuse(struct decision *d)
{
	struct notice *n = find_notice(d);
	if (!n)
		return -1;
	struct recipient *to = n->broadcast ? notice_recipient(n, d->c->about) : NULL;
	if (!to)
		return verdict_refuse(d->v, REASON_UNKNOWN_TERMINAL, d->c->about ? d->c->about : "");
	enum capacity cap;
	int role = people_may_act(d->e, n->incident, n->item, d->person, NULL, &cap);
	if (role == ROLE_NONE)
		role = people_told_or_above(d->e, n->incident, n->item, d->person, &cap);
	if (role == ROLE_NONE)
		return refuse_excusing(d, n);
	if (core_blank(d->c->text))
		return verdict_refuse(d->v, REASON_NO_REASON_GIVEN, NULL);
	if (to->ack.record)
		return already(d, to->ack.record);
	if (!still_open(d, n))
		return -1;
	struct record *r = decide_deed(d, REC_EXCUSED, plan_role_id(n->incident->plan, role), cap);
	r->notice = n->id;
	r->item = n->incident->plan->items[n->item].id;
	r->terminal = to->id;
	r->text = d->c->text;
	return 0;
}

int decide_confirm(struct decision *d)
{
	const struct pending_entry *p = NULL;
	for (size_t i = 0; i < d->e->n_pending; i++)
		if (d->e->pending[i].record == d->c->ref)
			p = &d->e->pending[i];
	if (!p || p->deed->record != p->record || engine_barred(p->incident, d->c->person))
		return verdict_refuse(d->v, REASON_UNKNOWN_RECORD, NULL);
	if (!p->deed->person || strcmp(p->deed->person, d->c->person) != 0 || d->c->behalf)
		return verdict_refuse(d->v, REASON_NOT_ENTITLED, NULL);
	if (d->c->flag && core_blank(d->c->text))
		return verdict_refuse(d->v, REASON_NO_REASON_GIVEN, NULL);
	struct incident *in = p->incident;
	d->incident = in;
	struct record *r = decide_deed(d, d->c->flag ? REC_DENIED : REC_CONFIRMED, NULL, CAP_SELF);
	r->ref = p->record;
	r->item = in->plan->items[p->item].id;
	r->text = d->c->text;
	/* A closing that its author denies closed nothing: the incident is open again. */
	bool open = in->state == INCIDENT_OPEN || (in->state == INCIDENT_CLOSED && in->plan->items[p->item].closes);
	bool reopens = d->c->flag && !p->notice && open && in->items[p->item].stored != ITEM_OPEN;
	if (reopens) {
		r = decide_deed(d, REC_REOPENED, NULL, CAP_SELF);
		r->item = in->plan->items[p->item].id;
		r->ref = p->record;
		r->text = d->c->text;
	}
	return 0;
}
