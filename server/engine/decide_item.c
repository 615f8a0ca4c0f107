/*
 * decide_item: entering, marking not needed, reopening an item.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/core.h"

static const struct plan_item *item_of(const struct decision *d)
{
	return &d->incident->plan->items[d->item];
}

static int refuse_waiting(struct decision *d, enum reason reason)
{
	int waits[64];
	size_t n = derive_waits_for(d->incident, d->item, waits, 64);
	for (size_t i = 0; i < n; i++)
		verdict_missing(d->v, d->incident->plan->items[waits[i]].id);
	return decide_refuse_named(d, reason, item_of(d));
}

static const char *measure_named(struct decision *d, const struct measure *m)
{
	const struct plan_item *it = &d->incident->plan->items[m->item];
	return arena_printf(d->out->arena, "%u: %s（%s %s）", m->id, m->option ? m->option : it->title, it->id, it->title);
}

/* Closing: say what stands in the way before saying 'not ready'. */
static int check_closing(struct decision *d)
{
	struct incident *in = d->incident;
	if (derive_in_force(in)) {
		for (size_t m = 0; m < in->n_measures; m++)
			if (in->measures[m].state == MEASURE_IN_FORCE)
				verdict_missing(d->v, measure_named(d, &in->measures[m]));
		return verdict_refuse(d->v, REASON_MEASURE_IN_FORCE, NULL);
	}
	if (!derive_may_close(in))
		return refuse_waiting(d, REASON_ITEMS_OPEN);
	for (size_t i = 0; i < in->n_notices; i++)
		if (notice_blocks_closing(in->notices[i]))
			verdict_missing(
				d->v, arena_printf(d->out->arena, "%s/%s", in->plan->items[in->notices[i]->item].id, in->notices[i]->key));
	if (d->v->n_missing)
		return verdict_refuse(d->v, REASON_NOT_ACKNOWLEDGED, NULL);
	return 0;
}

static int who_may(struct decision *d, const char **role, enum capacity *cap)
{
	int r = people_may_act(d->e, d->incident, d->item, d->person, d->person == d->c->person ? d->c->terminal : NULL, cap);
	if (r == ROLE_NONE && !d->person)
		return verdict_refuse(d->v, REASON_NOT_SIGNED_IN, NULL);
	if (r == ROLE_NONE) {
		const struct plan_item *it = item_of(d);
		for (size_t k = 0; k < it->by.n; k++)
			verdict_missing(d->v, plan_role_title(d->incident->plan, it->by.at[k]));
		return decide_not_entitled(d, REASON_NOT_ENTITLED, it, it->by.at, it->by.n);
	}
	*role = plan_role_id(d->incident->plan, r);
	if (!decide_by_this_channel(d, item_of(d)))
		return verdict_refuse_item(d->v, REASON_NOT_BY_TELEPHONE, item_of(d));
	return 0;
}

/* Acting acknowledges one's own open notices of this incident: each as a record of its own. */
static void acknowledge_own(struct decision *d, bool amend)
{
	struct incident *in = d->incident;
	for (size_t i = 0; i < in->n_notices && d->person; i++) {
		struct notice *n = in->notices[i];
		if (n->state != NOTICE_OPEN || n->broadcast || n->group || !n->wants_ack)
			continue;
		if (n->kind == NOTICE_CALL_AGAIN)
			continue; /* only the call itself, or the caller's own word, ends it */
		if (amend && n->item == d->item && n->kind == NOTICE_TELL)
			continue; /* will be withdrawn: the newer entry tells anew */
		enum capacity cap = people_may_acknowledge(d->e, n, d->person, NULL);
		if (cap == CAP_NONE || !decide_by_this_channel(d, &in->plan->items[n->item]))
			continue;
		struct record *r = decide_deed(d, REC_ACKNOWLEDGED, plan_role_id(in->plan, n->role), cap);
		r->notice = n->id;
		r->item = in->plan->items[n->item].id;
		r->text = "acted";
	}
}

/* Told, done: entering again amends. Otherwise the item must be ready. */
static int check_life(struct decision *d, bool *amend)
{
	struct incident *in = d->incident;
	const struct plan_item *it = item_of(d);
	enum item_stored st = in->items[d->item].stored;
	*amend = (st == ITEM_DONE || st == ITEM_TOLD || (it->standing && in->items[d->item].chains_live));
	if (it->entry)
		return verdict_refuse_item(d->v, REASON_NOT_APPLICABLE, it);
	if (it->closes && derive_applies(in, d->item) != TRI_FALSE)
		return check_closing(d) < 0 ? -1 : derive_applies(in, d->item) == TRI_TRUE ? 0 : refuse_waiting(d, REASON_NOT_READY);
	if (derive_applies(in, d->item) == TRI_FALSE)
		return verdict_refuse_item(d->v, REASON_NOT_APPLICABLE, it);
	if (*amend && !it->standing)
		return derive_applies(in, d->item) == TRI_TRUE ? 0 : refuse_waiting(d, REASON_NOT_READY);
	return derive_ready(in, d->item) ? 0 : refuse_waiting(d, REASON_NOT_READY);
}

/* An outcome that sends work back never completes its own item, the closing one neither. */
static bool sends_back(const struct plan_item *it, const struct record *r)
{
	for (size_t d = 0; d < it->n_dims; d++)
		for (size_t o = 0; o < it->dims[d].n_options; o++)
			for (size_t v = 0; it->dims[d].options[o].reopens.n && v < r->n_values; v++)
				if (core_same(r->values[v].field, it->dims[d].id) &&
					core_same(r->values[v].value, it->dims[d].options[o].id))
					return true;
	return false;
}

static void add_follow_ups(struct decision *d)
{
	const struct command *c = d->c;
	uint32_t next = (uint32_t)d->incident->n_follow_ups + 1;
	for (size_t i = 0; i < c->n_follow_ups; i++) {
		if (strcmp(c->follow_ups[i].kind, "none") == 0)
			continue;
		struct record *r = decide_record(d, REC_FOLLOW_UP);
		r->item = item_of(d)->id;
		r->person = d->person;
		r->ordinal = next++;
		r->follow_ups = arena_alloc(d->out->arena, sizeof *r->follow_ups);
		r->follow_ups[0] = c->follow_ups[i];
		r->n_follow_ups = 1;
	}
}

int decide_enter(struct decision *d)
{
	const struct plan_item *it = item_of(d);
	struct item_state *s = &d->incident->items[d->item];
	const char *role;
	enum capacity cap;
	bool amend;
	if (who_may(d, &role, &cap) < 0 || check_life(d, &amend) < 0)
		return -1;
	if (amend && !it->standing && s->stored == ITEM_DONE && cap != CAP_SELF &&
		!(s->entry.by.person && d->person && strcmp(s->entry.by.person, d->person) == 0))
		return verdict_refuse(d->v, REASON_AMEND_NOT_YOURS, s->entry.by.person);
	struct record *r = decide_deed(d, REC_ENTERED, role, cap);
	r->item = it->id;
	r->flag = amend;
	if (form_check(d, it, false, r) < 0)
		return -1;
	if (d->c->n_follow_ups) {
		r->follow_ups = arena_alloc(d->out->arena, d->c->n_follow_ups * sizeof *r->follow_ups);
		memcpy(r->follow_ups, d->c->follow_ups, d->c->n_follow_ups * sizeof *r->follow_ups);
		r->n_follow_ups = d->c->n_follow_ups;
	}
	bool closes = it->closes && !sends_back(it, r);
	acknowledge_own(d, amend);
	add_follow_ups(d);
	if (closes)
		decide_deed(d, REC_CLOSED, role, cap);
	return 0;
}

int decide_waive(struct decision *d)
{
	const struct plan_item *it = item_of(d);
	const char *role;
	enum capacity cap;
	if (who_may(d, &role, &cap) < 0)
		return -1;
	if (!it->optional)
		return verdict_refuse_item(d->v, REASON_NOT_OPTIONAL, it);
	if (it->standing || !derive_ready(d->incident, d->item))
		return refuse_waiting(d, REASON_NOT_READY);
	if (core_blank(d->c->text))
		return verdict_refuse(d->v, REASON_NO_REASON_GIVEN, NULL);
	struct record *r = decide_deed(d, REC_WAIVED, role, cap);
	r->item = it->id;
	r->text = d->c->text;
	acknowledge_own(d, false);
	return 0;
}

int decide_reopen(struct decision *d)
{
	const struct plan_item *it = item_of(d);
	const struct item_state *s = &d->incident->items[d->item];
	enum capacity cap;
	int role = people_may_reopen(d->e, d->incident, d->item, d->person, &cap);
	if (role == ROLE_NONE)
		return verdict_refuse_item(d->v, REASON_NOT_ENTITLED, it);
	if (it->entry || it->standing || it->closes || s->stored == ITEM_OPEN || derive_applies(d->incident, d->item) != TRI_TRUE)
		return verdict_refuse_item(d->v, REASON_NOT_APPLICABLE, it);
	if (core_blank(d->c->text))
		return verdict_refuse(d->v, REASON_NO_REASON_GIVEN, NULL);
	struct record *r = decide_deed(d, REC_REOPENED, plan_role_id(d->incident->plan, role), cap);
	r->item = it->id;
	r->text = d->c->text;
	return 0;
}
