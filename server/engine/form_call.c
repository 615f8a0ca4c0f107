/*
 * form_call: the calls of an entry, or one logged beforehand: to whom, with which number, when, who answered, what was said.
 */
#include <string.h>

#include "base/clock.h"
#include "engine/core.h"
#include "engine/value.h"

/* What happened is not in the future, and what is entered late is entered within a year. */
#define MINUTE_MS 60000
#define LONG_AGO_MS (INT64_C(366) * 24 * 3600 * 1000)

int form_time(struct decision *d, int64_t at, const char *what)
{
	char text[24];
	if (at <= d->c->now + CLOCKS_DIFFER_MS && at >= d->c->now - LONG_AGO_MS)
		return 0;
	return verdict_refuse(d->v, REASON_BAD_TIME, arena_printf(d->out->arena, "%s %s", what, clock_format(at, false, text)));
}

static bool listed(const struct plan_item *it, int body)
{
	for (size_t k = 0; k < it->calls.bodies.n; k++)
		if (it->calls.bodies.at[k] == body)
			return true;
	return false;
}

static int not_called_here(struct decision *d, const struct plan_item *it, const struct plan_body *b)
{
	return verdict_refuse_both(d->v, REASON_NO_SUCH_CHOICE,
		arena_printf(d->out->arena, "%sは、%s（%s）で連絡する先ではありません", b->title, it->id, it->title),
		arena_printf(d->out->arena, "%s is not called for %s (%s)", b->title_en ? b->title_en : b->title, it->id,
			it->title_en ? it->title_en : it->title));
}

static int check_number(struct decision *d, struct record_call *c)
{
	if (core_blank(c->number))
		return 0;
	const char *number = value_tel(d->out->arena, c->number);
	if (!number)
		return verdict_refuse(d->v, REASON_BAD_NUMBER, c->number);
	c->number = number;
	return 0;
}

static int check_times(struct decision *d, struct record_call *c)
{
	if (!c->at)
		c->at = d->c->said_at ? d->c->said_at : d->c->now;
	if (form_time(d, c->at, "call.at") < 0)
		return -1;
	if (c->again_at && c->again_at + MINUTE_MS < c->at) /* both may be written to the minute */
		return verdict_refuse(d->v, REASON_BAD_TIME, "call.again_at");
	return 0;
}

int form_call(struct decision *d, const struct plan_item *it, const struct record_call *from, struct record_call *to)
{
	const struct plan *p = d->incident->plan;
	int body = from->body ? plan_body_find(p, from->body) : -1;
	bool closed = it && it->calls.present && !it->calls.extend;
	*to = *from;
	to->offered = NULL;
	if (body < 0 && (core_blank(from->body) || closed))
		return verdict_refuse(d->v, REASON_UNKNOWN_FIELD, from->body ? from->body : "body");
	if (closed && !listed(it, body))
		return not_called_here(d, it, &p->bodies[body]);
	if (body >= 0)
		to->body = p->bodies[body].id;
	if (check_number(d, to) < 0 || check_times(d, to) < 0)
		return -1;
	if (body >= 0 && core_blank(to->reason)) /* the number of the hour in which it was called */
		to->offered = arena_strdup(d->out->arena, contact_number_now(p, engine_site(d->e), body, to->at));
	if (core_blank(to->number))
		to->number = to->offered;
	return 0;
}

int form_call_person(struct decision *d, const struct record_call *from, struct record_call *to)
{
	*to = *from;
	to->offered = NULL;
	return check_number(d, to) < 0 || check_times(d, to) < 0 ? -1 : 0;
}

void form_call_missing(struct decision *d, const struct record_call *c)
{
	const char *dot = core_blank(c->body) ? "" : arena_printf(d->out->arena, "%s.", c->body);
	if (!core_blank(c->reason))
		return; /* not called, and why */
	if (core_blank(c->number))
		verdict_missing(d->v, arena_printf(d->out->arena, "%snumber", dot));
	if (!c->no_answer && core_blank(c->answered_by))
		verdict_missing(d->v, arena_printf(d->out->arena, "%sanswered_by", dot));
}

/* Called in this entry, or logged beforehand since the item was last to be done; or not called, with a reason. */
static bool called(const struct decision *d, const struct record *r, const char *body)
{
	for (size_t i = 0; i < r->n_calls; i++)
		if (calls_count(&r->calls[i]) && (!body || core_same(r->calls[i].body, body)))
			return true;
	return calls_logged(d->incident, d->item, body, calls_count);
}

/* Amending what was said does not undo the calls that were made: those of the entry before are carried over. */
static void carry_over(struct decision *d, struct record *r)
{
	const struct item_state *s = &d->incident->items[d->item];
	size_t given = r->n_calls;
	if (!r->flag || d->incident->plan->items[d->item].standing || !s->entry.n_calls)
		return;
	struct record_call *all = arena_alloc(d->out->arena, (given + s->entry.n_calls) * sizeof *all);
	if (given)
		memcpy(all, r->calls, given * sizeof *all);
	for (size_t i = 0; i < s->entry.n_calls; i++) {
		bool anew = false;
		for (size_t k = 0; k < given && !anew; k++)
			anew = core_same(all[k].body, s->entry.calls[i].body);
		if (!anew)
			all[r->n_calls++] = s->entry.calls[i];
	}
	r->calls = all;
}

int form_calls(struct decision *d, const struct plan_item *it, struct record *r)
{
	const struct command *c = d->c;
	if (c->n_calls && !it->calls.present)
		return verdict_refuse(d->v, REASON_UNKNOWN_FIELD, "calls");
	if (c->n_calls)
		r->calls = arena_alloc(d->out->arena, c->n_calls * sizeof *r->calls);
	for (size_t i = 0; i < c->n_calls; i++) {
		struct record_call *to = &r->calls[r->n_calls++];
		if (form_call(d, it, &c->calls[i], to) < 0)
			return -1;
		form_call_missing(d, to);
	}
	carry_over(d, r);
	if (!it->calls.present || it->calls.optional)
		return 0;
	for (size_t k = 0; it->calls.all && k < it->calls.bodies.n; k++) {
		const char *body = d->incident->plan->bodies[it->calls.bodies.at[k]].id;
		if (!called(d, r, body))
			verdict_missing(d->v, body);
	}
	if (!called(d, r, NULL))
		verdict_missing(d->v, "calls");
	return 0;
}
