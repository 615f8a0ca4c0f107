#include "report/model.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/pick.h"
#include "ctl/say.h"

/* ---- notices ---- */

static void add_recipient(struct m_notice *n, Renraku__RecipientRow *r)
{
	n->recipients = xgrow(n->recipients, &n->cap_recipients, n->n_recipients + 1, sizeof *n->recipients);
	n->recipients[n->n_recipients++] = r;
	n->n_stage[r->stage <= RENRAKU__STAGE__STAGE_DISPLAYED ? (size_t)r->stage : 0]++;
	n->n_missing += !r->acknowledged && !*r->excused;
	if (r->acknowledged && (!n->acknowledged_at || (int64_t)r->acknowledged_at < n->acknowledged_at))
		n->acknowledged_at = (int64_t)r->acknowledged_at;
}

static bool is_broadcast(const struct m_notice *n)
{
	return n->n_recipients > 0 && strcmp(n->recipients[0]->as, "terminal") == 0;
}

/* Parts of a long notice follow their first one. */
static void notices(struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0, k, n = 0;

	m->notices = xcalloc(pick_count(m->source->incident, RENRAKU__ROW__BODY_NOTICE) + 1, sizeof *m->notices);
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_NOTICE)))
		if (row->notice->part == 0)
			m->notices[n++].row = row->notice;
	m->n_notices = n;
	for (i = 0; (row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_NOTICE));) {
		const struct m_notice *found = model_notice(m, row->notice->id);

		for (k = 0; found && k < row->notice->n_recipients; k++)
			add_recipient(&m->notices[found - m->notices], row->notice->recipients[k]);
	}
	for (i = 0; i < n; i++) /* a broadcast is answered when the last one has answered */
		if (is_broadcast(&m->notices[i]))
			m->notices[i].acknowledged_at =
				strcmp(m->notices[i].row->state, "acknowledged") == 0 ? (int64_t)m->notices[i].row->ended_at : 0;
}

/* ---- facts ---- */

static const char *grounds(const struct model *m, const struct m_item *it, const struct record *r, const char *except)
{
	struct record others = *r;
	size_t i;

	others.values = arena_alloc(m->arena, (r->n_values + 1) * sizeof *others.values);
	others.n_values = 0;
	for (i = 0; i < r->n_values; i++)
		if (strcmp(r->values[i].field, except) != 0)
			others.values[others.n_values++] = r->values[i];
	return model_values(m, it, &others);
}

static void change(struct model *m, struct m_change c)
{
	m->changes = xgrow(m->changes, &m->cap_changes, m->n_changes + 1, sizeof *m->changes);
	m->changes[m->n_changes++] = c;
}

static void decided(struct model *m, const struct m_item *it, const struct source_line *line)
{
	const struct record *r = &line->r;
	size_t i, k;

	for (i = 0; it->row->plan && i < it->row->plan->n_sets; i++) {
		const Renraku__ShownValue *v = it->row->plan->sets[i];

		change(m, (struct m_change){line, v->field, i18n_pick(v->title, v->title_en), v->value, i18n_pick(v->shown, v->shown_en),
				  grounds(m, it, r, "")});
	}
	for (i = 0; i < it->row->n_form; i++)
		for (k = 0; *it->row->form[i]->sets && k < r->n_values; k++)
			if (strcmp(it->row->form[i]->id, r->values[k].field) == 0)
				change(m, (struct m_change){line, it->row->form[i]->sets,
						  i18n_pick(it->row->form[i]->sets_title, it->row->form[i]->sets_title_en),
						  r->values[k].value ? r->values[k].value : "", model_value_shown(m, it, &r->values[k]),
						  grounds(m, it, r, r->values[k].field)});
}

static void changes(struct model *m)
{
	const struct source *s = m->source;
	size_t i;

	for (i = 0; i < s->n; i++) {
		const struct m_item *it = model_item(m, s->lines[i].r.item);

		if (it && (s->lines[i].r.kind == REC_OPENED || s->lines[i].r.kind == REC_ENTERED))
			decided(m, it, &s->lines[i]);
	}
}

/* ---- clauses ---- */

static struct m_clause *clause(struct model *m, const char *id)
{
	struct m_clause *c;
	size_t i;

	for (i = 0; i < m->n_clauses; i++)
		if (strcmp(m->clauses[i].id, id) == 0)
			return &m->clauses[i];
	m->clauses = xgrow(m->clauses, &m->cap_clauses, m->n_clauses + 1, sizeof *m->clauses);
	c = &m->clauses[m->n_clauses++];
	*c = (struct m_clause){.id = id, .title = "", .fact = "", .reason = ""};
	return c;
}

static void clause_item(struct m_clause *c, size_t item)
{
	c->items = xgrow(c->items, &c->cap_items, c->n_items + 1, sizeof *c->items);
	c->items[c->n_items++] = item;
}

static void clause_evidence(struct m_clause *c, struct evidence e)
{
	c->evidence = xgrow(c->evidence, &c->cap_evidence, c->n_evidence + 1, sizeof *c->evidence);
	c->evidence[c->n_evidence++] = e;
}

/* Clauses of a procedure stand before those of its first item. */
static void of_procedure(struct model *m, const char *procedure)
{
	const Renraku__IncidentRow *inc = m->incident;
	size_t i, k;

	for (i = 0; i < inc->n_clauses; i++)
		for (k = 0; *procedure && strcmp(inc->clauses[i]->procedure, procedure) == 0 && k < inc->clauses[i]->n_clause; k++) {
			struct m_clause *c = clause(m, inc->clauses[i]->clause[k]);

			if (!*c->title)
				c->title = i18n_pick(inc->clauses[i]->title, inc->clauses[i]->title_en);
		}
}

static void of_items(struct model *m)
{
	size_t i, k;

	for (i = 0; i < m->n_items; i++) {
		of_procedure(m, m->items[i].row->procedure);
		for (k = 0; k < m->items[i].row->n_clause; k++)
			clause_item(clause(m, m->items[i].row->clause[k]), i);
	}
}

static void of_facts(struct model *m)
{
	const Renraku__IncidentRow *inc = m->incident;
	size_t i, k, n;

	for (i = 0; i < inc->n_clauses; i++)
		for (k = 0; *inc->clauses[i]->fact && k < inc->clauses[i]->n_clause; k++) {
			struct m_clause *c = clause(m, inc->clauses[i]->clause[k]);

			c->title = *c->title ? c->title : i18n_pick(inc->clauses[i]->title, inc->clauses[i]->title_en);
			c->fact = inc->clauses[i]->fact;
			for (n = 0; n < m->n_changes; n++)
				if (strcmp(m->changes[n].fact, c->fact) == 0) {
					struct evidence e = model_evidence(m, m->changes[n].line);

					e.text = arena_printf(m->arena, T("%s：%s", "%s: %s"), m->changes[n].title, m->changes[n].shown);
					clause_evidence(c, e);
				}
		}
}

/* A number on the contact network proves that it is offered; a call to it, that it was used. */
static void of_contact(struct model *m, const Renraku__ContactRow *contact, struct m_clause *c)
{
	const struct source *s = m->source;
	struct evidence on_file = {.kind = REC_SITE_LOADED,
		.count = 1,
		.what = T("連絡網に登録", "on the contact network"),
		.who = "",
		.role = "",
		.person = "",
		.capacity = "",
		.channel = "",
		.number = "",
		.entered_by = "",
		.word = ""};
	size_t i, k;

	on_file.text = arena_printf(m->arena, T("%s %s（%s、番号の確認日 %s）", "%s %s (%s, number verified %s)"),
		i18n_pick(contact->title, contact->title_en), contact->number, say_hours(contact->hours),
		*contact->verified ? contact->verified : "-");
	clause_evidence(c, on_file);
	for (i = 0; i < s->n; i++)
		for (k = 0; k < s->lines[i].r.n_calls; k++)
			if (s->lines[i].r.calls[k].number && strcmp(s->lines[i].r.calls[k].number, contact->number) == 0) {
				struct evidence e = model_evidence(m, &s->lines[i]);

				e.what = T("電話した番号", "number called");
				e.text = arena_printf(m->arena, "%s %s", i18n_pick(contact->title, contact->title_en), contact->number);
				clause_evidence(c, e);
			}
	if (!*c->title)
		c->title = T("緊急時連絡網の電話番号", "number of the contact network");
}

static void of_contacts(struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0, k;

	while ((row = pick_next(m->source->contacts, &i, RENRAKU__ROW__BODY_CONTACT)))
		for (k = 0; k < row->contact->n_clause; k++)
			of_contact(m, row->contact, clause(m, row->contact->clause[k]));
}

/* A fact may be decided under another clause, too: none of this one's items ever applied. */
static bool never_applied(const struct model *m, const struct m_clause *c)
{
	size_t i;

	for (i = 0; i < c->n_items; i++)
		if (m->items[c->items[i]].state > M_UNUSED || m->items[c->items[i]].n_evidence > 0)
			return false;
	return c->n_items > 0;
}

static void judge(struct model *m, struct m_clause *c)
{
	bool met = c->n_evidence > 0 && !never_applied(m, c), waived = false, open = false;
	const char *unused = "", *waiver = "";
	size_t i;

	for (i = 0; i < c->n_items; i++) {
		const struct m_item *it = &m->items[c->items[i]];

		met = met || it->state == M_MET;
		open = open || it->state == M_OPEN;
		if (it->state == M_WAIVED) {
			waived = true;
			waiver = it->reason;
		} else if (it->state <= M_UNUSED && !*unused) {
			unused = it->reason;
		}
	}
	c->state = open ? M_OPEN : met ? M_MET : waived ? M_WAIVED : M_NOT_APPLICABLE;
	c->reason = c->state == M_WAIVED ? waiver : c->state == M_NOT_APPLICABLE ? unused : "";
	if (c->state == M_NOT_APPLICABLE && !*c->reason)
		c->reason = *c->fact ? T("この事案では決められなかった", "was not decided in this incident")
				     : T("この事案の手順ではない", "not a procedure of this incident");
}

/* ---- all together ---- */

static void items(struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	m->items = xcalloc(pick_count(m->source->incident, RENRAKU__ROW__BODY_ITEM) + 1, sizeof *m->items);
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_ITEM)))
		m->items[n++].row = row->item;
	m->n_items = n;
}

void model_make(struct model *m, struct source *s, const char *printed_by)
{
	size_t i;

	memset(m, 0, sizeof *m);
	m->source = s;
	m->arena = s->arena;
	m->printed_by = printed_by;
	m->incident = pick_incident(s->incident, s->id);
	m->town = pick_town(s->contacts);
	items(m);
	notices(m);
	for (i = 0; i < m->n_items; i++)
		model_fold_item(m, &m->items[i]);
	model_limits(m);
	changes(m);
	of_items(m);
	of_facts(m);
	of_contacts(m);
	for (i = 0; i < m->n_clauses; i++)
		judge(m, &m->clauses[i]);
}

void model_free(struct model *m)
{
	size_t i;

	for (i = 0; i < m->n_items; i++) {
		free(m->items[i].evidence);
		free(m->items[i].gaps);
	}
	for (i = 0; i < m->n_notices; i++)
		free(m->notices[i].recipients);
	for (i = 0; i < m->n_clauses; i++) {
		free(m->clauses[i].items);
		free(m->clauses[i].evidence);
	}
	free(m->items);
	free(m->notices);
	free(m->clauses);
	free(m->limits);
	free(m->changes);
}
