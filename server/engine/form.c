/*
 * form: is what was entered complete and possible? Fields, choices, calls, agenda, follow-ups of an item. Everything
 * missing is listed at once.
 */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "engine/core.h"
#include "engine/value.h"

#define DUE_FARTHEST_MS (INT64_C(3653) * 24 * 3600 * 1000)

static const struct record_value *find(const struct record *r, const char *field)
{
	for (size_t i = 0; i < r->n_values; i++)
		if (strcmp(r->values[i].field, field) == 0)
			return &r->values[i];
	return NULL;
}

static struct record_value *find_own(struct record *r, const char *field)
{
	for (size_t i = 0; i < r->n_values; i++)
		if (strcmp(r->values[i].field, field) == 0)
			return &r->values[i];
	return NULL;
}

static const struct plan_dim *dim_of(const struct plan_item *it, const char *id)
{
	for (size_t d = 0; d < it->n_dims; d++)
		if (!it->dims[d].constant && strcmp(it->dims[d].id, id) == 0)
			return &it->dims[d];
	return NULL;
}

static const struct plan_option *option_of(const struct plan_option *o, size_t n, const char *id)
{
	for (size_t i = 0; id && i < n; i++)
		if (strcmp(o[i].id, id) == 0)
			return &o[i];
	return NULL;
}

static struct record_value *add_value(struct decision *d, struct record *r, const char *field)
{
	struct record_value *grown = arena_alloc(d->out->arena, (r->n_values + 1) * sizeof *grown);
	if (r->n_values)
		memcpy(grown, r->values, r->n_values * sizeof *grown);
	r->values = grown;
	grown[r->n_values] = (struct record_value){.field = field};
	return &grown[r->n_values++];
}

static const char *place_of_terminal(const struct decision *d)
{
	const struct site *s = engine_site(d->e);
	int t = d->c->terminal ? site_terminal_find(s, d->c->terminal) : -1;
	return t >= 0 ? s->terminals[t].place : NULL;
}

/* An alarm is not turned away for a word: what is no choice of the form is kept as the reason why the choice is unknown. */
static void forgive(struct decision *d, const struct plan_field *f, struct record *r)
{
	for (size_t i = 0; i < r->n_values; i++) {
		struct record_value *v = &r->values[i];
		if (strcmp(v->field, f->id) != 0 || core_blank(v->value) || option_of(f->options, f->n_options, v->value))
			continue;
		v->unknown = strcmp(v->value, "unknown") == 0 ? "未確認" : arena_printf(d->out->arena, "入力：%s", v->value);
		v->value = NULL;
	}
}

/* What may be filled in by itself: the place of this terminal; what an alarm leaves open is unknown for now. */
static void fill_default(struct decision *d, const struct plan_field *f, bool entry, struct record *r)
{
	if (entry && f->unknown && f->type == FIELD_CHOICE)
		forgive(d, f, r);
	if (find(r, f->id))
		return;
	if (f->type == FIELD_PLACE && place_of_terminal(d))
		add_value(d, r, f->id)->value = place_of_terminal(d);
	else if (entry && f->unknown)
		add_value(d, r, f->id)->unknown = "未確認";
}

static int check_choice(struct decision *d, const struct plan_field *f, const struct record_value *v)
{
	const struct plan_option *o = option_of(f->options, f->n_options, v->value);
	if (!o)
		return verdict_refuse(d->v, REASON_NO_SUCH_CHOICE, arena_printf(d->out->arena, "%s: %s", f->id, v->value));
	if (o->when && !(d->incident && derive_option_possible(d->incident, o)))
		return verdict_refuse(d->v, REASON_CHOICE_NOT_POSSIBLE, arena_printf(d->out->arena, "%s: %s", f->title, o->title));
	for (size_t i = 0; i < v->n_checks; i++) { /* what was ticked must stand on the list */
		bool listed = false;
		for (size_t k = 0; k < o->checks.n && !listed; k++)
			listed = strcmp(o->checks.at[k], v->checks[i]) == 0;
		if (!listed)
			return verdict_refuse(d->v, REASON_NO_SUCH_CHOICE, arena_printf(d->out->arena, "%s: %s", f->title, v->checks[i]));
	}
	return 0;
}

/* Each kind of value has one form on record. */
static int check_typed(struct decision *d, const struct plan_field *f, struct record_value *v)
{
	static const struct {
		const char *ja, *en;
	} hints[] = {[FIELD_TIME] = {"日時は 2026-11-23 14:30、14:30、14時30分 のように", "a time: 2026-11-23 14:30, or 14:30"},
		[FIELD_NUMBER] = {"数値は数字だけで", "a number: digits only"},
		[FIELD_FILES] = {"ファイルは「名前 sha256:64桁」。renraku では 項目=@ファイル",
			"files: NAME sha256:64 digits; with renraku FIELD=@FILE"}};
	struct arena *a = d->out->arena;
	const char *read = v->value;
	if (f->type == FIELD_TIME)
		read = value_time(a, v->value, d->c->said_at ? d->c->said_at : d->c->now);
	else if (f->type == FIELD_NUMBER)
		read = value_number(a, v->value);
	else if (f->type == FIELD_FILES)
		read = value_files(a, v->value);
	if (!read)
		return verdict_refuse_both(d->v, REASON_BAD_VALUE, arena_printf(a, "%s「%s」（%s）", f->title, v->value, hints[f->type].ja),
			arena_printf(a, "%s '%s' (%s)", f->title_en ? f->title_en : f->title, v->value, hints[f->type].en));
	v->value = read;
	return 0;
}

static int check_field(struct decision *d, const struct plan_item *it, const struct plan_field *f, struct record *r)
{
	struct record_value *v = find_own(r, f->id);
	const struct plan_dim *dim = dim_of(it, f->id);
	if (v && v->value && !core_blank(v->value))
		return f->type == FIELD_CHOICE ? check_choice(d, f, v) : check_typed(d, f, v);
	bool takes_unknown = f->unknown && !(dim && dim->live && !option_of(dim->options, dim->n_options, "unknown"));
	bool ok = v && !v->value && !core_blank(v->unknown) ? takes_unknown : f->optional && (!v || !v->unknown);
	if (!ok)
		verdict_missing(d->v, f->id);
	return 0;
}

/* Field names that the item does not have are a slip of the pen that must not be lost silently. */
static int check_names(struct decision *d, const struct plan_item *it, const struct record *r)
{
	for (size_t i = 0; i < r->n_values; i++) {
		const char *name = r->values[i].field;
		size_t len = strlen(name);
		bool known = plan_field_find(it, name) || plan_agenda_find(it, name);
		if (!known && len > 5 && strcmp(name + len - 5, ".text") == 0) { /* words beside an agenda item's choice */
			char *base = arena_strndup(d->out->arena, name, len - 5);
			known = plan_agenda_find(it, base) != NULL;
		}
		for (size_t f = 0; f < it->calls.n_form && !known; f++)
			known = strcmp(it->calls.form[f].id, name) == 0;
		if (!known)
			return verdict_refuse(d->v, REASON_UNKNOWN_FIELD, name);
		for (size_t k = 0; k < i; k++)
			if (strcmp(r->values[k].field, name) == 0)
				return verdict_refuse(d->v, REASON_BAD_INPUT, name);
	}
	return 0;
}

static int check_agenda(struct decision *d, const struct plan_item *it, const struct record *r)
{
	for (size_t i = 0; i < it->n_agenda; i++) {
		const struct plan_agenda *a = &it->agenda[i];
		const struct record_value *v = find(r, a->id);
		if (!v || core_blank(v->value)) {
			verdict_missing(d->v, a->id);
			continue;
		}
		if (!a->n_options || strcmp(v->value, "deferred") == 0)
			continue;
		const struct plan_option *o = option_of(a->options, a->n_options, v->value);
		if (!o)
			return verdict_refuse(d->v, REASON_NO_SUCH_CHOICE, arena_printf(d->out->arena, "%s: %s", a->id, v->value));
		if (o->when && !derive_option_possible(d->incident, o))
			return verdict_refuse(d->v, REASON_CHOICE_NOT_POSSIBLE, arena_printf(d->out->arena, "%s: %s", a->title, o->title));
	}
	return 0;
}

bool form_date(const char *s)
{
	int y, m, day;
	char tail;
	if (!s || strlen(s) != 10 || sscanf(s, "%4d-%2d-%2d%c", &y, &m, &day, &tail) != 3 || m < 1 || m > 12)
		return false;
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
	return day >= 1 && day <= days[m - 1] + (m == 2 && leap);
}

/* A role that somebody holds now, or a group that has members: its people are found in the site. */
static bool held_role(const struct decision *d, const char *id)
{
	int role = plan_role_find(d->incident->plan, id);
	const struct site_holder *h;
	if (role >= 0 && d->incident->plan->roles[role].group)
		return site_group_find(engine_site(d->e), id) != NULL;
	return role >= 0 && people_holders(d->e, d->incident->plan, role, &h, 1) > 0;
}

int form_owner(struct decision *d, const char *owner)
{
	if (core_blank(owner))
		verdict_missing(d->v, "owner");
	else if (site_person_find(engine_site(d->e), owner) < 0 && !held_role(d, owner))
		return verdict_refuse(d->v, REASON_UNKNOWN_PERSON, owner);
	return 0;
}

/* From today on; of what was written on paper, from the day it was written. */
int form_due(struct decision *d, const char *due, const char *field)
{
	const struct command *c = d->c;
	struct clock_date today = clock_japan(c->behalf && c->said_at ? c->said_at : c->now), day = {0};
	if (!form_date(due)) {
		verdict_missing(d->v, arena_printf(d->out->arena, "%s (YYYY-MM-DD)", field));
		return 0;
	}
	today.hour = today.minute = today.second = 0;
	sscanf(due, "%4d-%2d-%2d", &day.year, &day.month, &day.day);
	int64_t from = clock_from_japan(&today), at = clock_from_japan(&day);
	if (at < from || at > from + DUE_FARTHEST_MS)
		return verdict_refuse(d->v, REASON_BAD_DUE, due);
	return 0;
}

static int check_follow_ups(struct decision *d, const struct plan_item *it)
{
	const struct command *c = d->c;
	if (c->n_follow_ups && !it->n_followups)
		return verdict_refuse(d->v, REASON_UNKNOWN_FIELD, "follow_ups");
	if (it->n_followups && !c->n_follow_ups)
		verdict_missing(d->v, "follow_ups");
	for (size_t i = 0; i < c->n_follow_ups; i++) {
		const struct record_follow *f = &c->follow_ups[i];
		bool none = f->kind && strcmp(f->kind, "none") == 0, known = none;
		for (size_t k = 0; k < it->n_followups && !known; k++)
			known = f->kind && strcmp(it->followups[k].id, f->kind) == 0;
		if (!known)
			return verdict_refuse(d->v, REASON_NO_SUCH_CHOICE, f->kind ? f->kind : "kind");
		if (core_blank(f->text))
			verdict_missing(d->v, "follow_up.text");
		if (!none && form_owner(d, f->owner) < 0)
			return -1;
		if (!none && form_due(d, f->due, "follow_up.due") < 0)
			return -1;
	}
	return 0;
}

/* What the plan asks about the calls is asked where somebody was reached. */
static int check_calls_form(struct decision *d, const struct plan_item *it, struct record *r)
{
	bool reached = calls_logged(d->incident, d->item, NULL, calls_reached);
	for (size_t i = 0; i < r->n_calls && !reached; i++)
		reached = calls_reached(&r->calls[i]);
	for (size_t i = 0; i < it->calls.n_form; i++)
		if ((reached || find(r, it->calls.form[i].id)) && check_field(d, it, &it->calls.form[i], r) < 0)
			return -1;
	return 0;
}

int form_check(struct decision *d, const struct plan_item *it, bool entry, struct record *r)
{
	const struct command *c = d->c;
	if (c->n_values) {
		r->values = arena_alloc(d->out->arena, c->n_values * sizeof *r->values);
		memcpy(r->values, c->values, c->n_values * sizeof *r->values);
		r->n_values = c->n_values;
	}
	for (size_t i = 0; i < r->n_values; i++)
		if (core_blank(r->values[i].field))
			return verdict_refuse(d->v, REASON_BAD_INPUT, "field");
	if (check_names(d, it, r) < 0)
		return -1;
	for (size_t i = 0; i < it->n_form; i++) {
		fill_default(d, &it->form[i], entry, r);
		if (check_field(d, it, &it->form[i], r) < 0)
			return -1;
	}
	if (!entry &&
		(check_agenda(d, it, r) < 0 || form_calls(d, it, r) < 0 || check_calls_form(d, it, r) < 0 || check_follow_ups(d, it) < 0))
		return -1;
	if (d->v->n_missing)
		return decide_refuse_named(d, REASON_INCOMPLETE, it);
	return 0;
}
