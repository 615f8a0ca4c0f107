/* Strings for people: names, titles, shown values. Whatever a person wrote is cut to the row's budget here. */
#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "view/view_build.h"

#define TEXT_BUDGET 16384u
#define TEXT_LEAST 120u
#define TITLE_MAX 120u /* bytes: some forty Japanese characters */

void view_text_row(struct view_build *b)
{
	b->text_left = TEXT_BUDGET;
}

char *view_text_plain(const char *s)
{
	/* protobuf-c's fields are not const; packing only reads them. */
	return (char *)(uintptr_t)(s ? s : protobuf_c_empty_string);
}

/* The longest prefix of at most max bytes that ends between characters. */
static size_t prefix(const char *s, size_t len, size_t max)
{
	if (len <= max)
		return len;
	size_t n = max;
	while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80)
		n--;
	return n;
}

char *view_text_cut(struct view_build *b, const char *s)
{
	if (!s)
		return view_text_plain(NULL);
	size_t len = strlen(s), may = b->text_left / 2;
	if (may < TEXT_LEAST)
		may = TEXT_LEAST;
	if (len <= may) {
		b->text_left -= len < b->text_left ? len : b->text_left;
		return view_text_plain(s);
	}
	size_t n = prefix(s, len, may);
	b->text_left -= n < b->text_left ? n : b->text_left;
	return arena_printf(b->arena, "%.*s…", (int)n, s);
}

char **view_text_list(struct view_build *b, const struct plan_strings *list, size_t *n)
{
	char **out = list->n ? arena_alloc(b->arena, list->n * sizeof *out) : NULL;
	for (size_t i = 0; i < list->n; i++)
		out[i] = view_text_plain(list->at[i]);
	*n = list->n;
	return out;
}

char **view_text_roles(struct view_build *b, const struct plan *plan, const struct plan_ints *roles, size_t *n)
{
	char **out = roles->n ? arena_alloc(b->arena, roles->n * sizeof *out) : NULL;
	for (size_t i = 0; i < roles->n; i++)
		out[i] = view_text_plain(plan_role_id(plan, roles->at[i]));
	*n = roles->n;
	return out;
}

char *view_text_english(const char *ja, const char *en)
{
	return view_text_plain(en && strcmp(en, ja ? ja : "") != 0 ? en : NULL);
}

char *view_text_role_en(const struct plan *plan, int role)
{
	return view_text_english(plan_role_title(plan, role), plan_role_title_en(plan, role));
}

char *view_text_role_titles(struct view_build *b, const struct plan *plan, const struct plan_ints *roles, bool english)
{
	char *out = view_text_plain(NULL);
	for (size_t i = 0; i < roles->n; i++) {
		const char *title = plan_role_title(plan, roles->at[i]), *en = english ? plan_role_title_en(plan, roles->at[i]) : NULL;
		out = i ? arena_printf(b->arena, "%s%s%s", out, english ? ", " : "・", en ? en : title) : view_text_plain(en ? en : title);
	}
	return out;
}

char *view_text_person(struct view_build *b, const char *person)
{
	int i = person && b->site ? site_person_find(b->site, person) : -1;
	return view_text_plain(i >= 0 ? b->site->persons[i].name : person);
}

char *view_text_terminal(struct view_build *b, const char *terminal)
{
	int i = terminal && b->site ? site_terminal_find(b->site, terminal) : -1;
	return view_text_plain(i >= 0 && b->site->terminals[i].place ? b->site->terminals[i].place : terminal);
}

/* Entered by one person in the name of another? */
static bool on_behalf(const struct deed *deed)
{
	return deed->record && deed->entered_by && !(deed->person && strcmp(deed->entered_by, deed->person) == 0);
}

bool view_text_transcribed(const struct deed *deed)
{
	return deed->record && deed->channel == CH_PAPER && deed->entered_by && deed->said_at;
}

char *view_text_actor(struct view_build *b, const struct deed *deed)
{
	char when[24];
	if (!deed->record)
		return view_text_plain(NULL);
	char *who = deed->person ? view_text_person(b, deed->person) : view_text_terminal(b, deed->terminal);
	if (view_text_transcribed(deed))
		return arena_printf(b->arena, "%s（転記 %s、入力 %s）", who, clock_format(deed->said_at, false, when),
			view_text_person(b, deed->entered_by));
	if (!on_behalf(deed))
		return who;
	return arena_printf(b->arena, "%s（%s、入力 %s）", who, channel_title(deed->channel), view_text_person(b, deed->entered_by));
}

char *view_text_actor_en(struct view_build *b, const struct deed *deed)
{
	char when[24];
	if (!view_text_transcribed(deed) && !on_behalf(deed))
		return view_text_plain(NULL); /* a name stays as it is */
	const char *who = deed->person ? view_text_person(b, deed->person) : view_text_terminal(b, deed->terminal);
	if (view_text_transcribed(deed))
		return arena_printf(b->arena, "%s (written %s, copied by %s)", who, clock_format(deed->said_at, false, when),
			view_text_person(b, deed->entered_by));
	const char *how = deed->channel == CH_IN_PERSON ? "in person" : channel_name(deed->channel);
	return arena_printf(b->arena, "%s (%s, entered by %s)", who, how, view_text_person(b, deed->entered_by));
}

/* A loader gives every title; where the plan wrote none it is the id, and the plan's own words say more than that. */
const char *view_text_item_of(const struct plan *plan, int item, bool english)
{
	const struct plan_item *it = &plan->items[item];
	if (english && it->title_en)
		return it->title_en;
	if (strcmp(it->title, it->id) != 0)
		return it->title;
	if (it->words && strlen(it->words) <= TITLE_MAX)
		return it->words;
	return it->step >= 0 && !it->words ? plan->steps[it->step].title : it->id;
}

const char *view_text_item(const struct incident *inc, int item, bool english)
{
	return view_text_item_of(inc->plan, item, english);
}

/* ---- values ---- */

static const struct plan_field *field_of(const struct plan_item *it, const char *id)
{
	const struct plan_field *f = plan_field_find(it, id);
	for (size_t i = 0; !f && i < it->calls.n_form; i++)
		if (strcmp(it->calls.form[i].id, id) == 0)
			f = &it->calls.form[i];
	return f;
}

static const char *fact_value_title(const struct plan *plan, int fact, const char *value, bool english)
{
	for (size_t i = 0; fact >= 0 && i < plan->facts[fact].n_values; i++) {
		const struct plan_value *v = &plan->facts[fact].values[i];
		if (strcmp(v->id, value) == 0)
			return english && v->title_en ? v->title_en : v->title;
	}
	return NULL;
}

/* An option that was written without a title of its own is called as the fact's value it stands for. */
static const char *option_title(
	const struct plan *plan, const struct plan_option *options, size_t n, int fact, const char *value, bool english)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(options[i].id, value) != 0)
			continue;
		if (english && options[i].title_en)
			return options[i].title_en;
		if (strcmp(options[i].title, options[i].id) != 0)
			return options[i].title;
	}
	return fact_value_title(plan, fact, value, english);
}

static const char *shown(
	struct view_build *b, const struct plan *plan, const struct plan_item *it, const struct record_value *v, bool english)
{
	if (!v->value)
		return english ? "unknown" : "不明";
	const struct plan_field *f = field_of(it, v->field);
	const struct plan_agenda *a = f ? NULL : plan_agenda_find(it, v->field);
	const char *title = NULL;
	if (f && f->type == FIELD_CHOICE)
		title = option_title(plan, f->options, f->n_options, f->sets, v->value, english);
	else if (a)
		title = option_title(plan, a->options, a->n_options, -1, v->value, english);
	else if (f && f->type == FIELD_PLACE)
		title = view_text_terminal(b, v->value);
	else if (f && f->type == FIELD_TIME) {
		int64_t at = clock_parse(v->value, b->now);
		if (at >= 0)
			title = clock_format(at, false, arena_alloc(b->arena, 32));
	}
	if (!title && strcmp(v->value, "deferred") == 0)
		title = english ? "deferred" : "見送り";
	return title ? title : v->value;
}

/* "ID.text" holds words beside the choice of agenda item ID. */
static const char *agenda_words(struct view_build *b, const struct plan_item *it, const char *field, bool english)
{
	size_t len = strlen(field);
	if (len <= 5 || strcmp(field + len - 5, ".text") != 0)
		return field;
	const struct plan_agenda *a = plan_agenda_find(it, arena_strndup(b->arena, field, len - 5));
	if (a && english)
		return arena_printf(b->arena, "%s (text)", a->title_en ? a->title_en : a->title);
	return a ? arena_printf(b->arena, "%s（内容）", a->title) : field;
}

static Renraku__ShownValue *value_row(
	struct view_build *b, const struct plan *plan, const struct plan_item *it, const struct record_value *v)
{
	Renraku__ShownValue *out = arena_alloc(b->arena, sizeof *out);
	renraku__shown_value__init(out);
	const struct plan_field *f = field_of(it, v->field);
	const struct plan_agenda *a = f ? NULL : plan_agenda_find(it, v->field);
	out->field = view_text_plain(v->field);
	out->title = view_text_plain(f ? f->title : a ? a->title : agenda_words(b, it, v->field, false));
	out->title_en = view_text_english(out->title, f ? f->title_en : a ? a->title_en : agenda_words(b, it, v->field, true));
	out->value = view_text_cut(b, v->value);
	const char *ja = shown(b, plan, it, v, false), *en = shown(b, plan, it, v, true);
	out->shown = view_text_cut(b, ja);
	out->shown_en = view_text_cut(b, view_text_english(ja, en));
	out->unknown = view_text_cut(b, v->unknown);
	if (v->n_checks)
		out->checks = arena_alloc(b->arena, v->n_checks * sizeof *out->checks);
	for (size_t i = 0; i < v->n_checks; i++)
		out->checks[out->n_checks++] = view_text_cut(b, v->checks[i]);
	return out;
}

Renraku__ShownValue **view_text_values(
	struct view_build *b, const struct plan *plan, const struct plan_item *it, const struct record_value *values, size_t n)
{
	Renraku__ShownValue **out = n ? arena_alloc(b->arena, n * sizeof *out) : NULL;
	for (size_t i = 0; i < n; i++)
		out[i] = value_row(b, plan, it, &values[i]);
	return out;
}

Renraku__ShownValue *view_text_fact(struct view_build *b, const struct plan *plan, int fact, const char *value)
{
	Renraku__ShownValue *out = arena_alloc(b->arena, sizeof *out);
	renraku__shown_value__init(out);
	const char *title = fact_value_title(plan, fact, value, false);
	out->field = view_text_plain(plan->facts[fact].id);
	out->title = view_text_plain(plan->facts[fact].title);
	out->value = view_text_plain(value);
	out->shown = view_text_plain(title ? title : value);
	out->title_en = view_text_english(out->title, plan->facts[fact].title_en);
	out->shown_en = view_text_english(out->shown, fact_value_title(plan, fact, value, true));
	return out;
}

/* What was chosen, in the order of the form: "ハードウェアの障害・命ずる". */
char *view_text_choices(struct view_build *b, const struct plan_item *it, const struct plan *plan, const struct record_value *values,
	size_t n, bool english)
{
	char *out = NULL;
	for (size_t i = 0; i < n; i++) {
		const struct plan_field *f = field_of(it, values[i].field);
		if (!f || f->type != FIELD_CHOICE || !values[i].value)
			continue;
		const char *s = shown(b, plan, it, &values[i], english);
		out = out ? arena_printf(b->arena, "%s%s%s", out, english ? ", " : "・", s) : arena_strdup(b->arena, s);
		if (strlen(out) > TITLE_MAX)
			break;
	}
	return out;
}

/* ---- incidents ---- */

char *view_text_place(struct view_build *b, const struct incident *inc)
{
	if (!inc->n_alarms)
		return view_text_plain(NULL);
	const struct alarm_made *alarm = &inc->alarms[0];
	const struct plan_item *it = &inc->plan->items[inc->entry];
	for (size_t i = 0; i < alarm->n_values; i++) {
		const struct plan_field *f = field_of(it, alarm->values[i].field);
		if (f && f->type == FIELD_PLACE && alarm->values[i].value)
			return view_text_plain(shown(b, inc->plan, it, &alarm->values[i], false));
	}
	return view_text_terminal(b, alarm->by.terminal);
}

char *view_text_incident(struct view_build *b, const struct incident *inc, bool english)
{
	const char *title = view_text_item(inc, inc->entry, english);
	const char *place = view_text_place(b, inc);
	const char *choices = inc->n_alarms ? view_text_choices(b, &inc->plan->items[inc->entry], inc->plan, inc->alarms[0].values,
						      inc->alarms[0].n_values, english)
					    : NULL;
	return arena_printf(b->arena, "%s%s%.*s%s%s%s", title, place[0] ? (english ? ": " : "：") : "",
		(int)prefix(place, strlen(place), 2 * TITLE_MAX), place, choices ? (english ? " (" : "（") : "", choices ? choices : "",
		choices ? (english ? ")" : "）") : "");
}
