/* Ids and codes of the log in words: the log holds what was sent, the view says how the plan and the site call it. */
#include <string.h>

#include "base/clock.h"
#include "ctl/pick.h"
#include "ctl/say.h"
#include "report/model.h"

#define TEXT_MAX (1u << 20)

static const char *given(const char *s)
{
	return s && *s ? s : NULL;
}

const char *model_person(const struct model *m, const char *id)
{
	const Renraku__Row *row = given(id) ? rows_find(m->source->contacts, arena_printf(m->arena, "person:%s", id)) : NULL;

	if (row && row->body_case == RENRAKU__ROW__BODY_PERSON && *row->person->name)
		return row->person->name;
	return id ? id : "";
}

const char *model_role(const struct model *m, const char *id)
{
	const Renraku__Row *row = given(id) ? rows_find(m->source->plan, arena_printf(m->arena, "role:%s", id)) : NULL;
	size_t i;

	if (row && row->body_case == RENRAKU__ROW__BODY_PLAN_ROLE)
		return i18n_pick(row->plan_role->title, row->plan_role->title_en);
	for (i = 0; given(id) && i < m->n_notices; i++) /* reserved ones, and those of an older edition */
		if (strcmp(m->notices[i].row->role, id) == 0 && *m->notices[i].row->role_title)
			return i18n_pick(m->notices[i].row->role_title, m->notices[i].row->role_title_en);
	if (given(id) && strcmp(id, "every_terminal") == 0)
		return T("全端末", "every terminal");
	if (given(id) && strcmp(id, "anyone") == 0)
		return T("発見した職員", "whoever found it");
	if (given(id) && strcmp(id, "reporter") == 0)
		return T("通報した者", "who raised the alarm");
	return id ? id : "";
}

const char *model_terminal(const struct model *m, const char *id)
{
	const Renraku__Row *row;
	size_t i, k;

	for (i = 0; given(id) && (row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_ALARM));)
		if (strcmp(row->alarm->terminal, id) == 0 && *row->alarm->place)
			return row->alarm->place;
	for (i = 0; given(id) && i < m->n_notices; i++)
		for (k = 0; k < m->notices[i].n_recipients; k++)
			if (strcmp(m->notices[i].recipients[k]->as, "terminal") == 0 && strcmp(m->notices[i].recipients[k]->id, id) == 0)
				return m->notices[i].recipients[k]->name;
	return id ? id : "";
}

const char *model_body(const struct model *m, const char *id)
{
	const Renraku__Row *row;
	size_t i, k;

	for (i = 0; i < m->n_items; i++)
		for (k = 0; given(id) && k < m->items[i].row->n_calls; k++)
			if (strcmp(m->items[i].row->calls[k]->body, id) == 0)
				return i18n_pick(m->items[i].row->calls[k]->title, m->items[i].row->calls[k]->title_en);
	for (i = 0; given(id) && (row = pick_next(m->source->contacts, &i, RENRAKU__ROW__BODY_CONTACT));)
		if (strcmp(row->contact->id, id) == 0)
			return i18n_pick(row->contact->title, row->contact->title_en);
	return id ? id : "";
}

const struct m_item *model_item(const struct model *m, const char *id)
{
	size_t i;

	for (i = 0; given(id) && i < m->n_items; i++)
		if (strcmp(m->items[i].row->id, id) == 0)
			return &m->items[i];
	return NULL;
}

const char *model_item_title(const struct m_item *it)
{
	return i18n_pick(it->row->title, it->row->title_en);
}

const struct m_notice *model_notice(const struct model *m, uint64_t id)
{
	size_t i;

	for (i = 0; i < m->n_notices; i++)
		if (m->notices[i].row->id == id)
			return &m->notices[i];
	return NULL;
}

static const Renraku__Field *field_of(const struct m_item *it, const char *id)
{
	size_t i;

	for (i = 0; it && i < it->row->n_form; i++)
		if (strcmp(it->row->form[i]->id, id) == 0)
			return it->row->form[i];
	return NULL;
}

static const Renraku__Agenda *agenda_of(const struct m_item *it, const char *id, size_t len)
{
	size_t i;

	for (i = 0; it && i < it->row->n_agenda; i++)
		if (strncmp(it->row->agenda[i]->id, id, len) == 0 && !it->row->agenda[i]->id[len])
			return it->row->agenda[i];
	return NULL;
}

const char *model_value_title(const struct model *m, const struct m_item *it, const char *field)
{
	const Renraku__Field *f = field_of(it, field);
	const Renraku__Agenda *a = f ? NULL : agenda_of(it, field, strlen(field));
	size_t len = strlen(field);

	if (f)
		return i18n_pick(f->title, f->title_en);
	if (a)
		return i18n_pick(a->title, a->title_en);
	if (len > 5 && strcmp(field + len - 5, ".text") == 0 && (a = agenda_of(it, field, len - 5)))
		return arena_printf(m->arena, T("%s（内容）", "%s (text)"), i18n_pick(a->title, a->title_en));
	return field;
}

static const char *option_title(Renraku__Option *const *options, size_t n, const char *id)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(options[i]->id, id) == 0)
			return i18n_pick(options[i]->title, options[i]->title_en);
	return NULL;
}

const char *model_value_shown(const struct model *m, const struct m_item *it, const struct record_value *v)
{
	const Renraku__Field *f = field_of(it, v->field);
	const Renraku__Agenda *a = f ? NULL : agenda_of(it, v->field, strlen(v->field));
	const char *title = NULL;
	int64_t at;

	if (!v->value)
		return arena_printf(m->arena, T("不明（%s）", "unknown (%s)"), v->unknown ? v->unknown : "");
	if (f)
		title = option_title(f->options, f->n_options, v->value);
	else if (a)
		title = option_title(a->options, a->n_options, v->value);
	if (title)
		return title;
	if (a && strcmp(v->value, "deferred") == 0)
		return T("保留（見送り）", "deferred");
	if (f && strcmp(f->type, "place") == 0)
		return model_terminal(m, v->value);
	if (f && strcmp(f->type, "time") == 0 && (at = clock_parse(v->value, m->source->head->r.at)) >= 0)
		return clock_format(at, false, arena_alloc(m->arena, 20));
	return v->value;
}

const char *model_values(const struct model *m, const struct m_item *it, const struct record *r)
{
	struct buf out;
	char *text;
	size_t i, k;

	buf_init(&out, TEXT_MAX);
	for (i = 0; i < r->n_values; i++) {
		buf_printf(&out, T("%s%s：%s", "%s%s: %s"), i ? "\n" : "", model_value_title(m, it, r->values[i].field),
			model_value_shown(m, it, &r->values[i]));
		for (k = 0; k < r->values[i].n_checks; k++)
			buf_printf(&out, "%s☑%s", k ? " " : "　", r->values[i].checks[k]);
	}
	text = arena_strdup(m->arena, buf_str(&out));
	buf_free(&out);
	return text;
}

const char *model_when(const struct model *m, int64_t at)
{
	return at > 0 ? clock_format(at, true, arena_alloc(m->arena, 20)) : "";
}

const char *model_span(const struct model *m, int64_t ms)
{
	long long s = (long long)(ms / 1000);

	if (s < 0)
		s = 0;
	if (s < 60)
		return arena_printf(m->arena, T("%lld秒", "%lld s"), s);
	if (s < 3600)
		return s % 60 ? arena_printf(m->arena, T("%lld分%lld秒", "%lld min %lld s"), s / 60, s % 60)
			      : arena_printf(m->arena, T("%lld分", "%lld min"), s / 60);
	if (s < 86400)
		return s % 3600 / 60 ? arena_printf(m->arena, T("%lld時間%lld分", "%lld h %lld min"), s / 3600, s % 3600 / 60)
				     : arena_printf(m->arena, T("%lld時間", "%lld h"), s / 3600);
	return s % 86400 / 3600 ? arena_printf(m->arena, T("%lld日%lld時間", "%lld d %lld h"), s / 86400, s % 86400 / 3600)
				: arena_printf(m->arena, T("%lld日", "%lld d"), s / 86400);
}

const char *model_capacity(const char *code)
{
	return given(code) && strcmp(code, "none") != 0 ? say_capacity(code) : "";
}

const char *model_kind(const struct record *r)
{
	if (i18n_get() == I18N_EN)
		return r->kind == REC_ENTERED && r->flag ? "amended" : record_kind_name(r->kind);
	return r->kind == REC_ENTERED && r->flag ? "訂正" : record_kind_title(r->kind);
}

static void part(struct buf *out, const char *text)
{
	if (!given(text))
		return;
	buf_puts(out, out->len ? T("・", ", ") : "");
	buf_puts(out, text);
}

const char *model_evidence_who(const struct model *m, const struct evidence *e)
{
	struct buf in;
	char *text;

	if (!*e->who)
		return "";
	buf_init(&in, TEXT_MAX);
	part(&in, e->role);
	part(&in, model_capacity(e->capacity));
	if (given(e->channel) && strcmp(e->channel, "screen") != 0) {
		part(&in, say_channel(e->channel));
		if (given(e->number))
			buf_printf(&in, " %s", e->number);
	}
	text = in.len ? arena_printf(m->arena, T("%s（%s）", "%s (%s)"), e->who, buf_str(&in)) : arena_strdup(m->arena, e->who);
	buf_free(&in);
	return text;
}

/* What was said of a record that was entered in somebody's name. */
static const char *word_of(const struct model *m, const struct record *r)
{
	const struct source *s = m->source;
	size_t i;

	if (r->channel == CH_SCREEN || !given(r->person) || !given(r->entered_by) || strcmp(r->person, r->entered_by) == 0)
		return "";
	for (i = s->n; i-- > 0;)
		if (s->lines[i].r.ref == r->index && (s->lines[i].r.kind == REC_CONFIRMED || s->lines[i].r.kind == REC_DENIED))
			return s->lines[i].r.kind == REC_CONFIRMED ? "confirmed" : "denied";
	return "unconfirmed";
}

struct evidence model_evidence(const struct model *m, const struct source_line *line)
{
	const struct record *r = &line->r;
	struct evidence e = {.record = r->index, .last = r->index, .count = 1, .at = r->at, .kind = r->kind, .what = model_kind(r)};
	bool person = given(r->person);

	e.who = person ? model_person(m, r->person) : given(r->terminal) ? model_terminal(m, r->terminal) : "";
	e.person = person ? r->person : "";
	e.role = given(r->role) ? model_role(m, r->role) : "";
	e.capacity = r->capacity == CAP_NONE ? "" : capacity_name(r->capacity);
	e.channel = person ? channel_name(r->channel) : "";
	e.number = r->number ? r->number : "";
	e.entered_by = given(r->entered_by) && !(person && strcmp(r->entered_by, r->person) == 0) ? model_person(m, r->entered_by) : "";
	e.said_at = r->said_at;
	e.made_at = r->made_at;
	e.word = word_of(m, r);
	e.transcribed = r->channel == CH_PAPER;
	e.text = r->text ? r->text : "";
	return e;
}
