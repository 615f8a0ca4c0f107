/* IncidentRow and everything that belongs to one incident. */
#include <stdint.h>
#include <string.h>

#include "view/view_build.h"

/* "20.0.…": the section, real before drills, what is open before what is over, then the newest first. */
char *view_incident_order(struct view_build *b, const struct incident *inc, const char *section)
{
	return arena_printf(b->arena, "%s.%d.%d.%010u", section, inc->drill, inc->state != INCIDENT_OPEN, UINT32_MAX - inc->id);
}

static char *time_order(struct view_build *b, const char *section, int64_t at, uint64_t record)
{
	return arena_printf(b->arena, "%s.%015lld.%010llu", section, (long long)at, (unsigned long long)record);
}

/* ---- the incident itself ---- */

/* The fact that the alarm itself set is how the incident is classified. */
static int category_fact(const struct incident *inc)
{
	const struct plan_item *it = &inc->plan->items[inc->entry];
	for (size_t i = 0; i < it->n_dims; i++)
		if (it->dims[i].constant && it->dims[i].fact >= 0)
			return it->dims[i].fact;
	for (size_t i = 0; i < inc->plan->n_items; i++) /* sorted later: what withdrawing sets beside the other kinds */
		for (size_t d = 0; inc->plan->items[i].withdraws && d < inc->plan->items[i].n_dims; d++)
			if (inc->plan->items[i].dims[d].constant && inc->plan->items[i].dims[d].fact >= 0)
				return inc->plan->items[i].dims[d].fact;
	return -1;
}

static void facts(struct view_build *b, const struct incident *inc, Renraku__IncidentRow *row)
{
	const struct plan *plan = inc->plan;
	int category = category_fact(inc);
	row->facts = plan->n_facts ? arena_alloc(b->arena, plan->n_facts * sizeof *row->facts) : NULL;
	for (size_t i = 0; i < plan->n_facts; i++) {
		bool pending;
		const char *value = derive_fact(inc, (int)i, &pending);
		if (!value)
			continue;
		Renraku__ShownValue *shown = view_text_fact(b, plan, (int)i, value);
		row->facts[row->n_facts++] = shown;
		if ((int)i == category) {
			row->category = shown->value;
			row->category_title = shown->shown;
			row->category_title_en = shown->shown_en;
		}
	}
}

static void counts(const struct incident *inc, Renraku__IncidentRow *row)
{
	for (size_t i = 0; i < inc->plan->n_items; i++) {
		enum item_life life = derive_life(inc, (int)i);
		if (life == LIFE_READY || life == LIFE_TOLD || life == LIFE_WAITING || life == LIFE_HELD)
			row->items_open++;
	}
	for (size_t i = 0; i < inc->n_notices; i++)
		row->notices_open += inc->notices[i]->state == NOTICE_OPEN && inc->notices[i]->wants_ack;
	for (size_t i = 0; i < inc->n_measures; i++)
		row->measures_in_force += inc->measures[i].state == MEASURE_IN_FORCE;
}

/* Of what this terminal may not see it knows what was said at it, and no more. */
static const struct alarm_made *own_alarm(const struct view_build *b, const struct incident *inc)
{
	for (size_t i = 0; b->reader.terminal && i < inc->n_alarms; i++)
		if (!inc->alarms[i].split_off && inc->alarms[i].by.terminal && strcmp(inc->alarms[i].by.terminal, b->reader.terminal) == 0)
			return &inc->alarms[i];
	return &inc->alarms[0];
}

/* An alarm that came with another incident may have come by another entry. */
static const struct plan_item *entry_of(const struct incident *inc, const struct alarm_made *alarm)
{
	int item = plan_item_find(inc->plan, alarm->entry);
	return &inc->plan->items[item >= 0 ? item : inc->entry];
}

static void how_it_goes(struct view_build *b, const struct incident *inc, Renraku__IncidentRow *row)
{
	facts(b, inc, row);
	counts(inc, row);
	row->may_close = inc->state == INCIDENT_OPEN && derive_may_close(inc);
	row->closed_by = view_text_actor(b, &inc->closed);
	row->closed_by_en = view_text_actor_en(b, &inc->closed);
}

void view_incident_add(struct view_build *b, const struct incident *inc, const char *order)
{
	view_text_row(b);
	Renraku__IncidentRow row;
	renraku__incident_row__init(&row);
	row.id = inc->id;
	row.drill = inc->drill;
	row.state = view_text_plain(incident_state_name(inc->state));
	bool sees = people_may_see(b->engine, inc, b->reader.person, b->reader.terminal);
	const struct alarm_made *alarm = sees ? &inc->alarms[0] : own_alarm(b, inc);
	const struct plan_item *entry = entry_of(inc, alarm);
	row.title = sees ? view_text_incident(b, inc, false) : view_text_plain(entry->title);
	row.title_en = view_text_english(row.title, sees ? view_text_incident(b, inc, true) : entry->title_en);
	row.entry = view_text_plain(entry->id);
	row.opened_at = (uint64_t)inc->opened_at;
	row.closed_at = (uint64_t)inc->closed_at;
	row.place = sees ? view_text_place(b, inc) : view_text_terminal(b, alarm->by.terminal);
	if (view_text_transcribed(&alarm->by)) {
		row.happened_at = (uint64_t)alarm->by.said_at;
		row.transcribed_by = view_text_person(b, alarm->by.entered_by);
	}
	row.reporter = alarm->reporter ? view_text_cut(b, alarm->reporter) : view_text_actor(b, &alarm->by);
	row.reporter_en = view_text_plain(alarm->reporter ? NULL : view_text_actor_en(b, &alarm->by));
	row.values = view_text_values(b, inc->plan, entry, alarm->values, alarm->n_values);
	row.n_values = alarm->n_values;
	row.plan_sha256 = view_text_plain(engine_plan_sha256(b->engine, inc->plan_record));
	row.plan_title = view_text_plain(inc->plan->title);
	row.plan_title_en = view_text_english(row.plan_title, inc->plan->title_en);
	row.plan_edition = view_text_plain(inc->plan->edition);
	row.clauses = view_plan_clauses(b, inc->plan, &row.n_clauses);
	row.joined_into = inc->joined_into;
	if (sees)
		how_it_goes(b, inc, &row);
	view_drill_incident(b, inc, &row);
	Renraku__Row out;
	renraku__row__init(&out);
	out.body_case = RENRAKU__ROW__BODY_INCIDENT;
	out.incident = &row;
	view_rows_add(b, &out, arena_printf(b->arena, "incident:%u", inc->id), order);
}

/* ---- what belongs to it ---- */

Renraku__CallRow *view_incident_call(struct view_build *b, const struct incident *inc, const struct deed *by, int item,
	const struct record_call *made, const char *person)
{
	Renraku__CallRow *row = arena_alloc(b->arena, sizeof *row);
	Renraku__Call *call = arena_alloc(b->arena, sizeof *call);
	renraku__call_row__init(row);
	renraku__call__init(call);
	int body = made->body ? plan_body_find(inc->plan, made->body) : -1;
	row->record = by->record;
	row->incident = inc->id;
	row->item = view_text_plain(item >= 0 ? inc->plan->items[item].id : NULL);
	row->call = call;
	row->by = view_text_actor(b, by);
	row->by_en = view_text_actor_en(b, by);
	row->at = (uint64_t)by->at;
	row->title = person ? view_text_person(b, person) : view_text_plain(body >= 0 ? inc->plan->bodies[body].title : made->body);
	row->title_en = view_text_plain(!person && body >= 0 ? view_text_english(row->title, inc->plan->bodies[body].title_en) : NULL);
	row->person = view_text_plain(person);
	call->body = view_text_plain(made->body);
	call->number = view_text_cut(b, view_telephone_shown(b, made->number));
	call->at = (uint64_t)made->at;
	call->answered_by = view_text_cut(b, made->answered_by);
	call->said = view_text_cut(b, made->said);
	call->no_answer = made->no_answer;
	call->again_at = (uint64_t)made->again_at;
	call->reason = view_text_cut(b, made->reason);
	call->offered = view_text_plain(made->offered);
	return row;
}

static void call(struct view_build *b, const struct incident *inc, const struct deed *by, int item, const struct record_call *made,
	const char *person, size_t n)
{
	view_text_row(b);
	Renraku__Row out;
	renraku__row__init(&out);
	out.body_case = RENRAKU__ROW__BODY_CALL;
	out.call = view_incident_call(b, inc, by, item, made, person);
	view_rows_add(b, &out, arena_printf(b->arena, "call:%llu:%04zu", (unsigned long long)by->record, n),
		time_order(b, "60", made->at, by->record));
}

static void calls(struct view_build *b, const struct incident *inc)
{
	for (size_t i = 0; i < inc->plan->n_items; i++) {
		const struct item_entry *e = &inc->items[i].entry;
		for (size_t k = 0; k < e->n_calls; k++)
			call(b, inc, &e->by, (int)i, &e->calls[k], NULL, k);
	}
	for (size_t i = 0; i < inc->n_calls; i++)
		call(b, inc, &inc->calls[i].by, inc->calls[i].item, &inc->calls[i].call, inc->calls[i].person, 0);
}

static void comments(struct view_build *b, const struct incident *inc)
{
	for (size_t i = 0; i < inc->n_comments; i++) {
		const struct comment_made *c = &inc->comments[i];
		view_text_row(b);
		Renraku__CommentRow row;
		renraku__comment_row__init(&row);
		row.record = c->by.record;
		row.incident = inc->id;
		row.item = view_text_plain(c->item >= 0 ? inc->plan->items[c->item].id : NULL);
		row.text = view_text_cut(b, c->text);
		row.by = view_text_actor(b, &c->by);
		row.by_en = view_text_actor_en(b, &c->by);
		row.at = (uint64_t)c->by.at;
		Renraku__Row out;
		renraku__row__init(&out);
		out.body_case = RENRAKU__ROW__BODY_COMMENT;
		out.comment = &row;
		view_rows_add(b, &out, arena_printf(b->arena, "comment:%llu", (unsigned long long)c->by.record),
			time_order(b, "70", c->by.said_at ? c->by.said_at : c->by.at, c->by.record));
	}
}

static bool is_own(const struct view_build *b, const struct alarm_made *a)
{
	return (b->reader.terminal && a->by.terminal && strcmp(b->reader.terminal, a->by.terminal) == 0) ||
	       (b->reader.person && a->by.person && strcmp(b->reader.person, a->by.person) == 0);
}

static void alarms(struct view_build *b, const struct incident *inc)
{
	bool sees = people_may_see(b->engine, inc, b->reader.person, b->reader.terminal);
	for (size_t i = 0; i < inc->n_alarms; i++) {
		const struct alarm_made *a = &inc->alarms[i];
		if (a->split_off || !(sees || is_own(b, a)))
			continue;
		view_text_row(b);
		Renraku__AlarmRow row;
		renraku__alarm_row__init(&row);
		row.record = a->by.record;
		row.incident = inc->id;
		row.terminal = view_text_plain(a->by.terminal);
		row.place = view_text_terminal(b, a->by.terminal);
		row.values = view_text_values(b, inc->plan, entry_of(inc, a), a->values, a->n_values);
		row.n_values = a->n_values;
		row.at = (uint64_t)a->by.at;
		row.made_at = (uint64_t)a->made_at;
		row.reporter = a->reporter ? view_text_cut(b, a->reporter) : view_text_person(b, a->by.person);
		Renraku__Row out;
		renraku__row__init(&out);
		out.body_case = RENRAKU__ROW__BODY_ALARM;
		out.alarm = &row;
		view_rows_add(b, &out, arena_printf(b->arena, "alarm:%llu", (unsigned long long)a->by.record),
			time_order(b, "80", a->by.said_at ? a->by.said_at : a->by.at, a->by.record));
	}
}

/* ---- meetings ---- */

static void attendance(const struct incident *inc, int item, int role, Renraku__MeetingRow *row)
{
	for (size_t i = 0; i < inc->n_notices; i++) {
		const struct notice *n = inc->notices[i];
		if (n->item != item || n->role != role || !n->group || n->state == NOTICE_WITHDRAWN)
			continue;
		if (!n->answer)
			row->silent++;
		else if (strcmp(n->answer, "present") == 0)
			row->present++;
		else if (strcmp(n->answer, "deputy") == 0)
			row->deputies++;
		else
			row->absent++;
	}
}

static void meetings(struct view_build *b, const struct incident *inc)
{
	for (size_t i = 0; i < inc->n_notices; i++) {
		const struct notice *n = inc->notices[i];
		bool first = n->group && n->state != NOTICE_WITHDRAWN;
		for (size_t k = 0; first && k < i; k++) {
			const struct notice *m = inc->notices[k];
			first = !(m->group && m->state != NOTICE_WITHDRAWN && m->item == n->item && m->role == n->role);
		}
		if (!first)
			continue;
		Renraku__MeetingRow row;
		renraku__meeting_row__init(&row);
		row.incident = inc->id;
		row.item = view_text_plain(inc->plan->items[n->item].id);
		row.role = view_text_plain(plan_role_title(inc->plan, n->role));
		row.role_en = view_text_role_en(inc->plan, n->role);
		const struct site_group *group = b->site ? site_group_find(b->site, plan_role_id(inc->plan, n->role)) : NULL;
		row.quorum = group && group->quorum > 0 ? (uint32_t)group->quorum : 0;
		if (inc->items[n->item].chains_live && inc->items[n->item].chains[n->chain].quorum) /* what it was when it was convened */
			row.quorum = inc->items[n->item].chains[n->chain].quorum;
		attendance(inc, n->item, n->role, &row);
		Renraku__Row out;
		renraku__row__init(&out);
		out.body_case = RENRAKU__ROW__BODY_MEETING;
		out.meeting = &row;
		view_rows_add(b, &out, arena_printf(b->arena, "meeting:%u:%s:%s", inc->id, row.item, plan_role_id(inc->plan, n->role)),
			arena_printf(b->arena, "25.%05d", n->item));
	}
}

void view_incident_all(struct view_build *b, const struct incident *inc)
{
	view_incident_add(b, inc, "00");
	for (size_t i = 0; i < inc->n_notices; i++) {
		const struct notice *n = inc->notices[i];
		view_notice_add(b, n, VIEW_RECIPIENTS_ALL, time_order(b, "30", n->at, n->id));
		view_telephone_add(b, n, time_order(b, "10", n->at, n->id));
	}
	view_people_confirmations(b, NULL, inc, "15");
	for (size_t i = 0; i < inc->plan->n_items; i++)
		view_item_add(b, inc, (int)i, VIEW_ITEM_FULL, view_plan_order(b, inc->plan, (int)i, "20"));
	meetings(b, inc);
	for (size_t i = 0; i < inc->n_measures; i++)
		view_measure_add(b, inc, &inc->measures[i], arena_printf(b->arena, "40.%05u", inc->measures[i].id));
	view_follow_up_incident(b, inc);
	calls(b, inc);
	comments(b, inc);
	alarms(b, inc);
	view_drill_score(b, inc, "90");
	view_term_bars(b, inc, "85");
}

/* Of an incident that is for some only, what its reporter may know. */
void view_incident_own(struct view_build *b, const struct incident *inc)
{
	view_incident_add(b, inc, "00");
	for (size_t i = 0; i < inc->n_notices; i++) {
		const struct notice *n = inc->notices[i];
		if (n->item == inc->entry && n->kind == NOTICE_TELL)
			view_notice_add(b, n, VIEW_RECIPIENTS_ALL, time_order(b, "30", n->at, n->id));
		view_telephone_add(b, n, time_order(b, "10", n->at, n->id));
	}
	for (size_t i = 0; i < inc->plan->n_items; i++)
		if (view_item_mine(b, inc, (int)i))
			view_item_add(b, inc, (int)i, VIEW_ITEM_FULL, view_plan_order(b, inc->plan, (int)i, "20"));
	alarms(b, inc);
}
