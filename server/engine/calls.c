/*
 * calls: telephone calls to the bodies of an item: which of them count, and who is to be called again at what time. A call that nobody
 * answered satisfies nothing; when it was said when to try again, the caller is reminded then, until the body was called again or it was
 * said why not.
 */
#include <string.h>

#include "engine/core.h"

bool calls_count(const struct record_call *c)
{
	return !c->no_answer || !core_blank(c->reason);
}

bool calls_reached(const struct record_call *c)
{
	return !c->no_answer && core_blank(c->reason);
}

static bool to_body(const struct record_call *c, const char *body)
{
	return !body || core_same(c->body, body);
}

/* Calls logged after this record belong to the item as it is to be done, or stands done, now. */
static uint64_t since(const struct incident *in, int item)
{
	const struct item_state *s = &in->items[item];
	bool done = s->stored == ITEM_TOLD || s->stored == ITEM_DONE;
	return done ? s->round : s->entry.by.record;
}

bool calls_logged(const struct incident *in, int item, const char *body, bool (*which)(const struct record_call *))
{
	for (size_t i = 0; i < in->n_calls; i++)
		if (in->calls[i].item == item && in->calls[i].call.body && in->calls[i].by.record > since(in, item) &&
			to_body(&in->calls[i].call, body) && which(&in->calls[i].call))
			return true;
	return false;
}

const struct record_call *engine_item_call(const struct incident *in, int item, const char *body, bool *counts)
{
	const struct item_state *s = &in->items[item];
	const struct record_call *found = NULL;
	*counts = false;
	for (size_t i = 0; (s->stored == ITEM_TOLD || s->stored == ITEM_DONE) && i < s->entry.n_calls; i++)
		if (to_body(&s->entry.calls[i], body) && (!found || calls_count(&s->entry.calls[i])))
			found = &s->entry.calls[i];
	for (size_t i = 0; i < in->n_calls; i++) {
		const struct record_call *c = &in->calls[i].call;
		if (in->calls[i].item == item && c->body && in->calls[i].by.record > since(in, item) && to_body(c, body) &&
			(!found || calls_count(c) || !calls_count(found)))
			found = c;
	}
	*counts = found && calls_count(found);
	return found;
}

/* ---- to be called again ---- */

static bool same_whom(const struct call_again *a, const struct record_call *c, const char *person)
{
	return person ? core_same(a->person, person) : core_same(a->body, c->body);
}

static void over(struct engine *e, struct call_again *a)
{
	if (!a->over)
		e->n_agains--;
	a->over = true;
}

void calls_note(struct engine *e, struct incident *in, int item, const struct record_call *c, const char *person, const struct record *r)
{
	for (size_t i = 0; i < in->n_agains; i++) {
		struct call_again *a = &in->agains[i];
		if (same_whom(a, c, person) && (a->item == item || a->item < 0 || item < 0))
			over(e, a);
	}
	if (!c->again_at || !r->person)
		return;
	in->agains = xgrow(in->agains, &in->cap_agains, in->n_agains + 1, sizeof *in->agains);
	in->agains[in->n_agains++] = (struct call_again){.record = r->index,
		.item = item,
		.body = person ? NULL : arena_strdup(in->arena, c->body),
		.person = arena_strdup(in->arena, person),
		.number = arena_strdup(in->arena, c->number),
		.caller = arena_strdup(in->arena, r->entered_by ? r->entered_by : r->person),
		.at = c->again_at};
	e->n_agains++;
}

void calls_drop(struct engine *e, struct incident *in, int item)
{
	for (size_t i = 0; i < in->n_agains; i++)
		if (item < 0 || in->agains[i].item == item)
			over(e, &in->agains[i]);
}

/* Several calls of one entry have one record: the body tells them apart. */
static const char *key_of(struct arena *arena, const struct call_again *a)
{
	return arena_printf(arena, "call:%llu:%s", (unsigned long long)a->record, a->person ? a->person : a->body ? a->body : "");
}

void calls_reminded(struct incident *in, const struct notice *n)
{
	for (size_t i = 0; i < in->n_agains; i++)
		if (strcmp(key_of(in->arena, &in->agains[i]), n->key) == 0)
			in->agains[i].notice = n->id;
}

const struct call_again *engine_notice_call(const struct notice *n)
{
	const struct incident *in = n->incident;
	for (size_t i = 0; n->kind == NOTICE_CALL_AGAIN && i < in->n_agains; i++)
		if (in->agains[i].notice == n->id)
			return &in->agains[i];
	return NULL;
}

static bool applies(const struct incident *in, const struct call_again *a)
{
	return a->item < 0 || derive_applies(in, a->item) != TRI_FALSE;
}

static bool due(const struct engine *e, const struct incident *in, const struct call_again *a)
{
	const struct notice *n = a->notice ? core_notice(e, a->notice) : NULL;
	return !a->over && applies(in, a) && (!n || n->state == NOTICE_WITHDRAWN);
}

/* What is past was reacted to, or there was nobody to remind. */
int64_t calls_deadline(const struct engine *e)
{
	int64_t next = NEVER;
	for (size_t i = 0; e->n_agains && i < e->n_incidents; i++)
		for (size_t k = 0; k < e->incidents[i]->n_agains; k++)
			if (e->incidents[i]->agains[k].at < next && e->incidents[i]->agains[k].at > e->time &&
				due(e, e->incidents[i], &e->incidents[i]->agains[k]))
				next = e->incidents[i]->agains[k].at;
	return next;
}

static void put(const struct incident *in, struct records *out, struct record *r, const char *id)
{
	if (!engine_barred(in, id))
		records_recipient(out, r, id, AS_HOLDER);
}

/* The caller; and where that person is not there any more, whoever else may do the item. */
static void put_whom(struct engine *e, struct incident *in, const struct call_again *a, int item, struct records *out, struct record *r)
{
	enum capacity cap;
	int role = people_may_act(e, in, item, a->caller, NULL, &cap);
	bool there = site_person_find(engine_site(e), a->caller) >= 0 && !engine_barred(in, a->caller);
	const struct site_holder *hs[64];
	for (size_t k = 0; role < 0 && k < in->plan->items[item].by.n; k++)
		if (in->plan->items[item].by.at[k] >= 0)
			role = in->plan->items[item].by.at[k];
	if (there)
		put(in, out, r, a->caller);
	size_t n = role >= 0 && (!there || engine_presence_person(e, a->caller, NULL) == AWAY) ? people_holders_in(e, in, role, hs, 64) : 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < hs[i]->persons.n; k++)
			put(in, out, r, people_id(e, hs[i]->persons.at[k]));
	r->role = plan_role_id(in->plan, role >= 0 ? role : ROLE_ANYONE);
}

static void remind(struct engine *e, struct incident *in, const struct call_again *a, int64_t now, struct records *out)
{
	int item = a->item >= 0 ? a->item : in->entry;
	const struct plan_item *it = &in->plan->items[item];
	struct site_limit l = site_limit_of(engine_site(e), it->within >= 0 ? in->plan->limits[it->within].id : "default");
	int64_t first = l.repeat > 0 && (l.ack <= 0 || l.repeat < l.ack) ? l.repeat : l.ack;
	struct record *r = records_add(out, REC_NOTIFIED);
	r->at = now;
	r->site = e->sites[e->n_sites - 1].record;
	r->incident = in->id;
	r->drill = in->drill;
	r->item = it->id;
	r->stage = NOTICE_CALL_AGAIN;
	r->flag = true;
	r->until = now + (first > 0 ? first : 60000);
	r->notice = e->index + out->n;
	r->ref = a->record;
	r->name = key_of(out->arena, a);
	put_whom(e, in, a, item, out, r);
	if (!r->n_recipients)
		out->n--;
}

bool react_call_again(struct engine *e, int64_t now, struct records *out)
{
	for (size_t i = 0; e->n_agains && i < e->n_incidents; i++)
		for (size_t k = 0; k < e->incidents[i]->n_agains; k++)
			if (e->incidents[i]->agains[k].at <= now && due(e, e->incidents[i], &e->incidents[i]->agains[k]))
				remind(e, e->incidents[i], &e->incidents[i]->agains[k], now, out);
	return out->n > 0;
}
