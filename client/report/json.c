#include "report/json.h"

#include <string.h>

#include "report/writer.h"

/* ---- parts ---- */

static void evidence(struct buf *out, const struct evidence *e)
{
	writer_begin(out, NULL, "{");
	writer_number(out, "record", (int64_t)e->record);
	writer_number(out, "last_record", (int64_t)e->last);
	writer_number(out, "count", (int64_t)e->count);
	writer_number(out, "at", e->at);
	writer_text(out, "kind", record_kind_name(e->kind));
	writer_text(out, "what", e->what);
	writer_text(out, "who", e->who);
	writer_text(out, "person", e->person);
	writer_text(out, "role", e->role);
	writer_text(out, "capacity", e->capacity);
	writer_text(out, "channel", e->channel);
	writer_text(out, "number", e->number);
	writer_number(out, "said_at", e->said_at);
	writer_number(out, "made_at", e->made_at);
	writer_text(out, "entered_by", e->entered_by);
	writer_text(out, "word", e->word);
	writer_truth(out, "transcribed", e->transcribed);
	writer_truth(out, "superseded", e->superseded);
	writer_text(out, "text", e->text);
	writer_end(out, "}");
}

static void gaps(struct buf *out, const struct m_item *it)
{
	size_t i;

	for (i = 0; i < it->n_gaps; i++) {
		writer_begin(out, NULL, "{");
		writer_text(out, "item", it->row->id);
		writer_text(out, "kind", it->gaps[i].kind);
		writer_truth(out, "open", it->gaps[i].open);
		writer_number(out, "notice", (int64_t)it->gaps[i].notice);
		writer_text(out, "text", it->gaps[i].text);
		writer_end(out, "}");
	}
}

static void item(struct buf *out, const struct m_item *it)
{
	size_t i;

	writer_begin(out, NULL, "{");
	writer_text(out, "id", it->row->id);
	writer_text(out, "title", model_item_title(it));
	writer_texts(out, "clause", it->row->clause, it->row->n_clause);
	writer_text(out, "words", it->row->words);
	writer_text(out, "note", it->row->note);
	writer_text(out, "procedure", i18n_pick(it->row->procedure_title, it->row->procedure_title_en));
	writer_text(out, "step", i18n_pick(it->row->step_title, it->row->step_title_en));
	writer_text(out, "by", i18n_pick(it->row->by_title, it->row->by_title_en));
	writer_text(out, "state", it->row->state);
	writer_text(out, "judged", model_state_name(it->state));
	writer_truth(out, "applicable", it->state != M_NOT_APPLICABLE && it->state != M_UNUSED);
	writer_truth(out, "optional", it->row->optional);
	writer_text(out, "when", it->row->plan ? i18n_pick(it->row->plan->when, it->row->plan->when_en) : "");
	writer_text(out, "reason", it->reason);
	writer_number(out, "done_at", (int64_t)it->row->done_at);
	writer_shown(out, "values", it->row->values, it->row->n_values);
	writer_begin(out, "evidence", "[");
	for (i = 0; i < it->n_evidence; i++)
		evidence(out, &it->evidence[i]);
	writer_end(out, "]");
	writer_begin(out, "gaps", "[");
	gaps(out, it);
	writer_end(out, "]");
	writer_end(out, "}");
}

static void clause(struct buf *out, const struct model *m, const struct m_clause *c)
{
	size_t i, k;

	writer_begin(out, NULL, "{");
	writer_text(out, "clause", c->id);
	writer_text(out, "title", c->title);
	writer_text(out, "state", model_state_name(c->state));
	writer_truth(out, "applicable", c->state != M_NOT_APPLICABLE);
	writer_text(out, "reason", c->reason);
	writer_begin(out, "items", "[");
	for (i = 0; i < c->n_items; i++)
		writer_text(out, NULL, m->items[c->items[i]].row->id);
	writer_end(out, "]");
	writer_begin(out, "evidence", "[");
	for (i = 0; i < c->n_evidence; i++)
		evidence(out, &c->evidence[i]);
	for (i = 0; i < c->n_items; i++)
		for (k = 0; k < m->items[c->items[i]].n_evidence; k++)
			evidence(out, &m->items[c->items[i]].evidence[k]);
	writer_end(out, "]");
	writer_begin(out, "gaps", "[");
	for (i = 0; i < c->n_items; i++)
		gaps(out, &m->items[c->items[i]]);
	writer_end(out, "]");
	writer_end(out, "}");
}

/* Of a broadcast only those of whom there is something to say. */
static void recipients(struct buf *out, const struct m_notice *n)
{
	bool broadcast = strcmp(n->row->role, "every_terminal") == 0;
	size_t i;

	writer_begin(out, "recipients", "[");
	for (i = 0; i < n->n_recipients; i++) {
		const Renraku__RecipientRow *r = n->recipients[i];

		if (broadcast && r->acknowledged && !*r->entered_by)
			continue;
		writer_begin(out, NULL, "{");
		writer_text(out, "id", r->id);
		writer_text(out, "name", r->name);
		writer_text(out, "as", r->as);
		writer_number(out, "stage", (int64_t)r->stage);
		writer_number(out, "stage_at", (int64_t)r->stage_at);
		writer_truth(out, "acknowledged", r->acknowledged);
		writer_number(out, "acknowledged_at", (int64_t)r->acknowledged_at);
		writer_text(out, "capacity", r->acknowledged ? r->capacity : "");
		writer_text(out, "channel", r->acknowledged ? r->channel : "");
		writer_text(out, "number", r->acknowledged ? r->number : ""); /* not the one to call now */
		writer_text(out, "entered_by", r->entered_by);
		writer_truth(out, "unconfirmed", r->unconfirmed);
		writer_text(out, "answer", r->answer);
		writer_text(out, "comment", r->comment);
		writer_text(out, "excused", r->excused);
		writer_end(out, "}");
	}
	writer_end(out, "]");
}

static void notice(struct buf *out, const struct m_notice *n)
{
	writer_begin(out, NULL, "{");
	writer_number(out, "notice", (int64_t)n->row->id);
	writer_text(out, "item", n->row->item);
	writer_texts(out, "clause", n->row->clause, n->row->n_clause);
	writer_text(out, "kind", n->row->kind);
	writer_text(out, "role", i18n_pick(n->row->role_title, n->row->role_title_en));
	writer_text(out, "title", i18n_pick(n->row->title, n->row->title_en));
	writer_truth(out, "wants_ack", n->row->wants_ack);
	writer_text(out, "state", n->row->state);
	writer_number(out, "at", (int64_t)n->row->at);
	writer_number(out, "acknowledged_at", n->acknowledged_at);
	writer_number(out, "repeats", n->row->repeats);
	writer_text(out, "escalation", n->row->escalation);
	writer_number(out, "addressed", (int64_t)n->n_recipients);
	writer_number(out, "sent", (int64_t)(n->n_stage[1] + n->n_stage[2] + n->n_stage[3]));
	writer_number(out, "delivered", (int64_t)(n->n_stage[2] + n->n_stage[3]));
	writer_number(out, "displayed", (int64_t)n->n_stage[3]);
	writer_number(out, "missing", (int64_t)(n->row->wants_ack ? n->n_missing : 0));
	writer_number(out, "excused", n->row->excused);
	recipients(out, n);
	writer_end(out, "}");
}

static void changes(struct buf *out, const struct model *m)
{
	size_t i;

	writer_begin(out, "facts", "[");
	for (i = 0; i < m->n_changes; i++) {
		const struct m_change *c = &m->changes[i];

		writer_begin(out, NULL, "{");
		writer_number(out, "record", (int64_t)c->line->r.index);
		writer_number(out, "at", c->line->r.at);
		writer_text(out, "fact", c->fact);
		writer_text(out, "title", c->title);
		writer_text(out, "value", c->value);
		writer_text(out, "shown", c->shown);
		writer_text(out, "by", model_person(m, c->line->r.person));
		writer_text(out, "item", c->line->r.item);
		writer_text(out, "ground", c->ground);
		writer_end(out, "}");
	}
	writer_end(out, "]");
}

static void timeline(struct buf *out, const struct model *m)
{
	const struct source *s = m->source;
	size_t i;

	writer_begin(out, "timeline", "[");
	for (i = 0; i < s->n; i++) {
		const struct record *r = &s->lines[i].r;
		struct evidence e = model_evidence(m, &s->lines[i]);

		writer_begin(out, NULL, "{");
		writer_number(out, "record", (int64_t)r->index);
		writer_hash(out, "hash", s->lines[i].hash);
		writer_number(out, "at", r->at);
		writer_text(out, "kind", record_kind_name(r->kind));
		writer_text(out, "what", e.what);
		writer_text(out, "item", r->item);
		writer_number(out, "notice", (int64_t)r->notice);
		writer_text(out, "who", e.who);
		writer_text(out, "role", e.role);
		writer_text(out, "capacity", e.capacity);
		writer_text(out, "channel", e.channel);
		writer_text(out, "number", e.number);
		writer_text(out, "entered_by", e.entered_by);
		writer_text(out, "text", model_line(m, &s->lines[i]));
		writer_end(out, "}");
	}
	writer_end(out, "]");
}

static void heading(struct buf *out, const struct model *m)
{
	const Renraku__IncidentRow *inc = m->incident;
	const struct source *s = m->source;

	writer_number(out, "format", 1);
	writer_number(out, "incident", inc->id);
	writer_truth(out, "drill", inc->drill);
	writer_truth(out, "unannounced", inc->unannounced);
	writer_truth(out, "interrupted", inc->interrupted);
	writer_text(out, "given_up", inc->given_up);
	writer_text(out, "town", m->town ? i18n_pick(m->town->title, m->town->title_en) : "");
	writer_text(out, "title", i18n_pick(inc->title, inc->title_en));
	writer_text(out, "state", inc->state);
	writer_text(out, "category", inc->category);
	writer_text(out, "category_title", i18n_pick(inc->category_title, inc->category_title_en));
	writer_number(out, "opened_at", (int64_t)inc->opened_at);
	writer_number(out, "closed_at", (int64_t)inc->closed_at);
	writer_text(out, "place", inc->place);
	writer_text(out, "reporter", i18n_pick(inc->reporter, inc->reporter_en));
	writer_text(out, "closed_by", i18n_pick(inc->closed_by, inc->closed_by_en));
	writer_number(out, "joined_into", inc->joined_into);
	writer_begin(out, "plan", "{");
	writer_text(out, "title", i18n_pick(inc->plan_title, inc->plan_title_en));
	writer_text(out, "edition", inc->plan_edition);
	writer_text(out, "sha256", inc->plan_sha256);
	writer_end(out, "}");
	writer_begin(out, "site", "{");
	writer_text(out, "id", m->town ? m->town->site : "");
	writer_text(out, "sha256", m->town ? m->town->site_sha256 : "");
	writer_end(out, "}");
	writer_text(out, "printed_by", m->printed_by);
	writer_begin(out, "log", "{");
	writer_number(out, "records", (int64_t)s->n);
	writer_number(out, "withheld", (int64_t)s->withheld);
	writer_number(out, "head", (int64_t)s->head->r.index);
	writer_hash(out, "hash", s->head->hash);
	writer_number(out, "at", s->head->r.at);
	writer_truth(out, "verified", s->damage == NULL);
	writer_text(out, "damage", s->damage);
	writer_end(out, "}");
	writer_shown(out, "alarm", inc->values, inc->n_values);
}

void json_report(const struct model *m, struct buf *out)
{
	size_t i;

	buf_puts(out, "{");
	heading(out, m);
	changes(out, m);
	writer_begin(out, "clauses", "[");
	for (i = 0; i < m->n_clauses; i++)
		clause(out, m, &m->clauses[i]);
	writer_end(out, "]");
	writer_begin(out, "items", "[");
	for (i = 0; i < m->n_items; i++)
		item(out, &m->items[i]);
	writer_end(out, "]");
	writer_begin(out, "notices", "[");
	for (i = 0; i < m->n_notices; i++)
		notice(out, &m->notices[i]);
	writer_end(out, "]");
	json_ledger(m, out);
	timeline(out, m);
	buf_puts(out, "}\n");
}
