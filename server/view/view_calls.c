/* Whom an item calls: the bodies of the plan and those added at the time, each with the number for this hour and how far it has come. */
#include <string.h>

#include "view/view_build.h"

static void state(const struct incident *inc, int item, const char *body, Renraku__CallTarget *t)
{
	bool counts;
	const struct record_call *c = engine_item_call(inc, item, body, &counts);
	if (!c)
		return;
	t->state = view_text_plain(!counts ? "no_answer" : c->reason && *c->reason ? "not_called" : "called");
	t->at = (uint64_t)c->at;
	t->answered_by = view_text_plain(c->answered_by);
	for (size_t i = 0; i < inc->n_agains; i++)
		if (!inc->agains[i].over && inc->agains[i].body && strcmp(inc->agains[i].body, body) == 0 &&
			(inc->agains[i].item == item || inc->agains[i].item < 0))
			t->again_at = (uint64_t)inc->agains[i].at;
}

static size_t add(const char **bodies, size_t n, const char *body)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(bodies[i], body) == 0)
			return n;
	if (n < VIEW_CALLS_IN_ITEM)
		bodies[n++] = body;
	return n;
}

static size_t bodies_of(const struct incident *inc, const struct plan *plan, int item, const char **out)
{
	const struct plan_ints *planned = &plan->items[item].calls.bodies;
	size_t n = 0;
	for (size_t i = 0; i < planned->n; i++)
		n = add(out, n, plan->bodies[planned->at[i]].id);
	for (size_t i = 0; inc && i < inc->items[item].entry.n_calls; i++)
		n = add(out, n, inc->items[item].entry.calls[i].body);
	for (size_t i = 0; inc && i < inc->n_calls; i++)
		if (inc->calls[i].item == item && inc->calls[i].call.body)
			n = add(out, n, inc->calls[i].call.body);
	return n;
}

static Renraku__CallTarget *target(struct view_build *b, const struct plan *plan, const char *id)
{
	int known = plan_body_find(plan, id);
	const struct plan_body *body = known >= 0 ? &plan->bodies[known] : NULL;
	Renraku__CallTarget *t = arena_alloc(b->arena, sizeof *t);
	renraku__call_target__init(t);
	t->body = view_text_plain(id);
	t->title = view_text_plain(body ? body->title : id);
	t->title_en = view_text_english(t->title, body ? body->title_en : NULL);
	if (body)
		t->aliases = view_text_list(b, &body->aliases, &t->n_aliases);
	return t;
}

void view_calls_targets(struct view_build *b, const struct incident *inc, const struct plan *plan, int item, Renraku__ItemRow *row)
{
	const struct plan_item *it = &plan->items[item];
	const char *bodies[VIEW_CALLS_IN_ITEM], *holiday = NULL;
	size_t n = it->calls.present ? bodies_of(inc, plan, item, bodies) : 0;
	row->calls_all = it->calls.present && it->calls.all;
	row->calls_extend = it->calls.extend;
	row->calls_optional = it->calls.optional;
	row->calls = n ? arena_alloc(b->arena, n * sizeof *row->calls) : NULL;
	for (size_t i = 0; i < n; i++) {
		int known = plan_body_find(plan, bodies[i]);
		Renraku__CallTarget *t = row->calls[row->n_calls++] = target(b, plan, bodies[i]);
		if (!inc)
			continue; /* which number to call depends on the hour: none is given where no incident is */
		t->number = view_text_plain(known >= 0 && b->site ? contact_number_now(plan, b->site, known, b->now) : NULL);
		state(inc, item, bodies[i], t);
	}
	if (n && inc && b->site) {
		row->calls_hour = view_text_plain(plan_hours_name(site_hour(b->site, b->now, &holiday)));
		row->calls_holiday = view_text_plain(holiday);
	}
}
