/* ItemRow: one item of the plan in one incident, with all that is needed to act on it; and the forms of alarms. */
#include <string.h>

#include "view/view_build.h"

bool view_item_mine(struct view_build *b, const struct incident *inc, int item)
{
	enum capacity capacity;
	return inc->state == INCIDENT_OPEN && !inc->plan->items[item].entry && derive_ready(inc, item) &&
	       people_may_act(b->engine, inc, item, b->reader.person, b->reader.terminal, &capacity) != ROLE_NONE;
}

bool view_item_may_raise(struct view_build *b, const struct plan_item *it)
{
	const char *role;
	return (b->reader.person || b->reader.terminal) && people_may_raise(b->engine, b->plan, it, b->reader.person, &role) != CAP_NONE;
}

/* ---- what the plan says ---- */

static Renraku__Option **options(struct view_build *b, const struct incident *inc, const struct plan *plan, const struct plan_option *from,
	size_t n, int fact, size_t *n_out)
{
	Renraku__Option **out = n ? arena_alloc(b->arena, n * sizeof *out) : NULL;
	for (size_t i = 0; i < n; i++) {
		const struct plan_option *o = &from[i];
		const struct plan_value *v = NULL;
		for (size_t k = 0; fact >= 0 && !v && k < plan->facts[fact].n_values; k++)
			if (strcmp(plan->facts[fact].values[k].id, o->id) == 0)
				v = &plan->facts[fact].values[k];
		bool own = strcmp(o->title, o->id) != 0 || !v; /* else it is called as the fact's value */
		out[i] = arena_alloc(b->arena, sizeof **out);
		renraku__option__init(out[i]);
		out[i]->id = view_text_plain(o->id);
		out[i]->title = view_text_plain(own ? o->title : v->title);
		out[i]->title_en = view_text_plain(o->title_en ? o->title_en : v ? v->title_en : NULL);
		out[i]->checks = view_text_list(b, &o->checks, &out[i]->n_checks);
		out[i]->guide = view_text_list(b, o->guide.n || !v ? &o->guide : &v->guide, &out[i]->n_guide);
		out[i]->possible = !inc || derive_option_possible(inc, o);
		out[i]->sends_back = o->reopens.n > 0;
		out[i]->orders = o->orders != ROLE_NONE;
		out[i]->ratifies = o->ratifies != ROLE_NONE;
		out[i]->reopens = o->reopens.n ? arena_alloc(b->arena, o->reopens.n * sizeof *out[i]->reopens) : NULL;
		for (size_t k = 0; k < o->reopens.n; k++)
			out[i]->reopens[out[i]->n_reopens++] = view_text_plain(plan->items[o->reopens.at[k]].id);
	}
	*n_out = n;
	return out;
}

static Renraku__Field *field(struct view_build *b, const struct incident *inc, const struct plan *plan, const struct plan_field *f)
{
	Renraku__Field *out = arena_alloc(b->arena, sizeof *out);
	renraku__field__init(out);
	out->id = view_text_plain(f->id);
	out->title = view_text_plain(f->title);
	out->title_en = view_text_plain(f->title_en);
	out->type = view_text_plain(plan_field_type_name(f->type));
	out->optional = f->optional;
	out->unknown = f->unknown;
	if (f->sets >= 0) {
		out->sets = view_text_plain(plan->facts[f->sets].id);
		out->sets_title = view_text_plain(plan->facts[f->sets].title);
		out->sets_title_en = view_text_english(out->sets_title, plan->facts[f->sets].title_en);
	}
	out->options = options(b, inc, plan, f->options, f->n_options, f->sets, &out->n_options);
	return out;
}

/* The item's own fields, then those its calls ask for: they are entered together. */
static Renraku__Field **form(
	struct view_build *b, const struct incident *inc, const struct plan *plan, const struct plan_item *it, size_t *n)
{
	*n = it->n_form + it->calls.n_form;
	Renraku__Field **out = *n ? arena_alloc(b->arena, *n * sizeof *out) : NULL;
	for (size_t i = 0; i < it->n_form; i++)
		out[i] = field(b, inc, plan, &it->form[i]);
	for (size_t i = 0; i < it->calls.n_form; i++)
		out[it->n_form + i] = field(b, inc, plan, &it->calls.form[i]);
	return out;
}

static void agenda(
	struct view_build *b, const struct incident *inc, const struct plan *plan, const struct plan_item *it, Renraku__ItemRow *row)
{
	row->agenda = it->n_agenda ? arena_alloc(b->arena, it->n_agenda * sizeof *row->agenda) : NULL;
	for (size_t i = 0; i < it->n_agenda; i++) {
		Renraku__Agenda *a = row->agenda[row->n_agenda++] = arena_alloc(b->arena, sizeof *a);
		renraku__agenda__init(a);
		a->id = view_text_plain(it->agenda[i].id);
		a->title = view_text_plain(it->agenda[i].title);
		a->title_en = view_text_english(a->title, it->agenda[i].title_en);
		a->contents = view_text_list(b, &it->agenda[i].contents, &a->n_contents);
		a->options = options(b, inc, plan, it->agenda[i].options, it->agenda[i].n_options, -1, &a->n_options);
	}
}

static void follow_ups(struct view_build *b, const struct plan_item *it, Renraku__ItemRow *row)
{
	row->follow_ups = it->n_followups ? arena_alloc(b->arena, it->n_followups * sizeof *row->follow_ups) : NULL;
	for (size_t i = 0; i < it->n_followups; i++) {
		Renraku__FollowKind *k = row->follow_ups[row->n_follow_ups++] = arena_alloc(b->arena, sizeof *k);
		renraku__follow_kind__init(k);
		k->id = view_text_plain(it->followups[i].id);
		k->title = view_text_plain(it->followups[i].title);
		k->title_en = view_text_english(k->title, it->followups[i].title_en);
		k->contents = view_text_list(b, &it->followups[i].contents, &k->n_contents);
	}
}

/* inc NULL: in no incident. */
static void from_plan(struct view_build *b, const struct incident *inc, const struct plan *plan, int item, Renraku__ItemRow *row)
{
	const struct plan_item *it = &plan->items[item];
	row->id = view_text_plain(it->id);
	row->title = view_text_plain(view_text_item_of(plan, item, false));
	row->title_en = view_text_english(row->title, view_text_item_of(plan, item, true));
	row->clause = view_text_list(b, &it->clause, &row->n_clause);
	row->words = view_text_plain(it->words);
	row->note = view_text_plain(it->note);
	if (it->procedure >= 0) {
		const struct plan_procedure *p = &plan->procedures[it->procedure];
		row->procedure = view_text_plain(p->id);
		row->procedure_title = view_text_plain(p->title);
		row->procedure_title_en = view_text_english(p->title, p->title_en);
	}
	if (it->step >= 0) {
		const struct plan_step *s = &plan->steps[it->step];
		row->step = view_text_plain(s->id);
		row->step_title = view_text_plain(s->title);
		row->step_title_en = view_text_english(s->title, s->title_en);
	}
	row->by = view_text_roles(b, plan, &it->by, &row->n_by);
	row->by_title = view_text_role_titles(b, plan, &it->by, false);
	row->by_title_en = view_text_english(row->by_title, view_text_role_titles(b, plan, &it->by, true));
	row->optional = it->optional;
	row->entry = it->entry;
	row->closes = it->closes;
	row->lifts = it->lifts;
	bool chair = it->decided_by_word && strcmp(it->decided_by_word, "chair") == 0;
	if (it->decided_by >= 0) {
		row->decided_by = view_text_plain(plan_role_title(plan, it->decided_by));
		row->decided_by_en = view_text_role_en(plan, it->decided_by);
	} else {
		row->decided_by = view_text_plain(chair ? "議長" : it->decided_by_word);
		row->decided_by_en = view_text_plain(chair ? "the chair" : NULL);
	}
	row->form = form(b, inc, plan, it, &row->n_form);
	agenda(b, inc, plan, it, row);
	view_calls_targets(b, inc, plan, item, row);
	follow_ups(b, it, row);
	row->plan = view_plan_item(b, plan, item);
}

/* ---- what has happened ---- */

static void called(struct view_build *b, const struct incident *inc, int item, Renraku__ItemRow *row)
{
	const struct item_entry *e = &inc->items[item].entry;
	row->called = arena_alloc(b->arena, VIEW_CALLS_IN_ITEM * sizeof *row->called);
	for (size_t i = 0; i < e->n_calls && row->n_called < VIEW_CALLS_IN_ITEM; i++)
		row->called[row->n_called++] = view_incident_call(b, inc, &e->by, item, &e->calls[i], NULL);
	for (size_t i = inc->n_calls; i-- > 0 && row->n_called < VIEW_CALLS_IN_ITEM;)
		if (inc->calls[i].item == item)
			row->called[row->n_called++] =
				view_incident_call(b, inc, &inc->calls[i].by, item, &inc->calls[i].call, inc->calls[i].person);
}

static void waits_for(struct view_build *b, const struct incident *inc, int item, Renraku__ItemRow *row)
{
	int before[32];
	size_t n = derive_waits_for(inc, item, before, 32);
	if (n > 32)
		n = 32;
	row->waits_for = n ? arena_alloc(b->arena, n * sizeof *row->waits_for) : NULL;
	for (size_t i = 0; i < n; i++)
		row->waits_for[row->n_waits_for++] = view_text_plain(inc->plan->items[before[i]].id);
}

/* How those whose turn it is were told; NULL when nobody was. */
static const struct notice *turn(const struct incident *inc, int item)
{
	for (size_t i = inc->n_notices; i-- > 0;) {
		const struct notice *n = inc->notices[i];
		if (n->item == item && n->kind == NOTICE_YOUR_TURN && n->state != NOTICE_WITHDRAWN)
			return n;
	}
	return NULL;
}

/* Since when it waits, and until when by the site's limit. */
static void from_turn(const struct incident *inc, int item, Renraku__ItemRow *row)
{
	const struct notice *n = turn(inc, item);
	if (!n)
		return;
	row->ready_since = (uint64_t)n->at;
	row->due = n->limit_done > 0 ? (uint64_t)(n->at + n->limit_done) : 0;
}

static void from_state(struct view_build *b, const struct incident *inc, int item, Renraku__ItemRow *row)
{
	const struct plan_item *it = &inc->plan->items[item];
	const struct item_state *s = &inc->items[item];
	enum item_life life = derive_life(inc, item);
	row->incident = inc->id;
	row->drill = view_text_plain(inc->drill ? "訓練" : NULL);
	row->state = view_text_plain(item_life_name(life));
	row->mine = view_item_mine(b, inc, item);
	row->applied = derive_applies(inc, item) == TRI_TRUE;
	if (life == LIFE_WAITING || life == LIFE_HELD)
		waits_for(b, inc, item, row);
	if (life == LIFE_READY)
		from_turn(inc, item, row);
	row->done_at = (uint64_t)s->done_at;
	row->reason = view_text_cut(b, s->entry.reason);
	if (!s->entry.by.record)
		return;
	row->values = view_text_values(b, inc->plan, it, s->entry.values, s->entry.n_values);
	row->n_values = s->entry.n_values;
	row->entered_by = view_text_actor(b, &s->entry.by);
	row->entered_by_en = view_text_actor_en(b, &s->entry.by);
	row->capacity = view_text_plain(capacity_name(s->entry.by.capacity));
	row->channel = view_text_plain(channel_name(s->entry.by.channel));
	row->entered_at = (uint64_t)s->entry.by.at;
	if (view_text_transcribed(&s->entry.by)) {
		row->said_at = (uint64_t)s->entry.by.said_at;
		row->transcribed_by = view_text_person(b, s->entry.by.entered_by);
	}
	row->amended = s->entry.amended;
	row->unconfirmed = s->entry.by.confirmation == DEED_UNCONFIRMED;
}

void view_item_add(struct view_build *b, const struct incident *inc, int item, enum view_item_form how, const char *order)
{
	view_text_row(b);
	Renraku__ItemRow row;
	renraku__item_row__init(&row);
	from_plan(b, inc, inc->plan, item, &row);
	from_state(b, inc, item, &row);
	called(b, inc, item, &row);
	if (how == VIEW_ITEM_COMPACT) {
		row.note = view_text_plain(NULL);
		row.plan = NULL;
		row.n_form = row.n_agenda = row.n_calls = row.n_follow_ups = row.n_values = row.n_called = 0;
	}
	Renraku__Row out;
	renraku__row__init(&out);
	out.body_case = RENRAKU__ROW__BODY_ITEM;
	out.item = &row;
	view_rows_add(b, &out, arena_printf(b->arena, "item:%u:%s", inc->id, inc->plan->items[item].id), order);
}

void view_item_blank(struct view_build *b, const struct plan *plan, int item, const char *order)
{
	view_text_row(b);
	Renraku__ItemRow row;
	renraku__item_row__init(&row);
	from_plan(b, NULL, plan, item, &row);
	Renraku__Row out;
	renraku__row__init(&out);
	out.body_case = RENRAKU__ROW__BODY_ITEM;
	out.item = &row;
	view_rows_add(b, &out, arena_printf(b->arena, "item:0:%s", plan->items[item].id), order);
}

void view_item_alarm_forms(struct view_build *b)
{
	for (size_t i = 0; b->plan && i < b->plan->n_items; i++) {
		const struct plan_item *it = &b->plan->items[i];
		if (!it->entry)
			continue;
		Renraku__AlarmFormRow row;
		renraku__alarm_form_row__init(&row);
		row.entry = view_text_plain(it->id);
		row.word = view_text_plain(it->alarm);
		row.title = view_text_plain(view_text_item_of(b->plan, (int)i, false));
		row.title_en = view_text_english(row.title, view_text_item_of(b->plan, (int)i, true));
		row.clause = view_text_list(b, &it->clause, &row.n_clause);
		row.form = form(b, NULL, b->plan, it, &row.n_form);
		row.mine = view_item_may_raise(b, it);
		row.by_title = view_text_role_titles(b, b->plan, &it->by, false);
		row.by_title_en = view_text_english(row.by_title, view_text_role_titles(b, b->plan, &it->by, true));
		Renraku__Row out;
		renraku__row__init(&out);
		out.body_case = RENRAKU__ROW__BODY_ALARM_FORM;
		out.alarm_form = &row;
		view_rows_add(b, &out, arena_printf(b->arena, "form:%s", it->id), arena_printf(b->arena, "80.%04zu", i));
	}
}
