#include "report/json.h"

#include <string.h>

#include "base/text.h"
#include "ctl/pick.h"

/* ---- writing ---- */

static void comma(struct buf *out)
{
	if (out->len && out->data[out->len - 1] != '{' && out->data[out->len - 1] != '[')
		buf_puts(out, ",");
}

static void key(struct buf *out, const char *name)
{
	comma(out);
	if (name)
		buf_printf(out, "\"%s\":", name);
}

static void text(struct buf *out, const char *name, const char *value)
{
	key(out, name);
	text_json(out, value ? value : "");
}

static void number(struct buf *out, const char *name, int64_t value)
{
	key(out, name);
	buf_printf(out, "%lld", (long long)value);
}

static void truth(struct buf *out, const char *name, bool value)
{
	key(out, name);
	buf_puts(out, value ? "true" : "false");
}

static void begin(struct buf *out, const char *name, const char *bracket)
{
	key(out, name);
	buf_puts(out, bracket);
}

static void end(struct buf *out, const char *bracket)
{
	buf_puts(out, bracket);
}

static void texts(struct buf *out, const char *name, char *const *list, size_t n)
{
	size_t i;

	begin(out, name, "[");
	for (i = 0; i < n; i++)
		text(out, NULL, list[i]);
	end(out, "]");
}

static void hash(struct buf *out, const char *name, const uint8_t *bytes)
{
	char hex[2 * RECORD_HASH + 1];

	text(out, name, text_hex(bytes, RECORD_HASH, hex));
}

/* ---- parts ---- */

static void evidence(struct buf *out, const struct evidence *e)
{
	begin(out, NULL, "{");
	number(out, "record", (int64_t)e->record);
	number(out, "last_record", (int64_t)e->last);
	number(out, "count", (int64_t)e->count);
	number(out, "at", e->at);
	text(out, "kind", record_kind_name(e->kind));
	text(out, "what", e->what);
	text(out, "who", e->who);
	text(out, "person", e->person);
	text(out, "role", e->role);
	text(out, "capacity", e->capacity);
	text(out, "channel", e->channel);
	text(out, "number", e->number);
	number(out, "said_at", e->said_at);
	number(out, "made_at", e->made_at);
	text(out, "entered_by", e->entered_by);
	text(out, "word", e->word);
	truth(out, "transcribed", e->transcribed);
	truth(out, "superseded", e->superseded);
	text(out, "text", e->text);
	end(out, "}");
}

static void gaps(struct buf *out, const struct m_item *it)
{
	size_t i;

	for (i = 0; i < it->n_gaps; i++) {
		begin(out, NULL, "{");
		text(out, "item", it->row->id);
		text(out, "kind", it->gaps[i].kind);
		truth(out, "open", it->gaps[i].open);
		number(out, "notice", (int64_t)it->gaps[i].notice);
		text(out, "text", it->gaps[i].text);
		end(out, "}");
	}
}

static void shown(struct buf *out, const char *name, Renraku__ShownValue *const *values, size_t n)
{
	size_t i;

	begin(out, name, "[");
	for (i = 0; i < n; i++) {
		begin(out, NULL, "{");
		text(out, "field", values[i]->field);
		text(out, "title", i18n_pick(values[i]->title, values[i]->title_en));
		text(out, "value", values[i]->value);
		text(out, "shown", i18n_pick(values[i]->shown, values[i]->shown_en));
		text(out, "unknown", values[i]->unknown);
		texts(out, "checks", values[i]->checks, values[i]->n_checks);
		end(out, "}");
	}
	end(out, "]");
}

static void item(struct buf *out, const struct m_item *it)
{
	size_t i;

	begin(out, NULL, "{");
	text(out, "id", it->row->id);
	text(out, "title", model_item_title(it));
	texts(out, "clause", it->row->clause, it->row->n_clause);
	text(out, "words", it->row->words);
	text(out, "note", it->row->note);
	text(out, "procedure", i18n_pick(it->row->procedure_title, it->row->procedure_title_en));
	text(out, "step", i18n_pick(it->row->step_title, it->row->step_title_en));
	text(out, "by", i18n_pick(it->row->by_title, it->row->by_title_en));
	text(out, "state", it->row->state);
	text(out, "judged", model_state_name(it->state));
	truth(out, "applicable", it->state != M_NOT_APPLICABLE && it->state != M_UNUSED);
	truth(out, "optional", it->row->optional);
	text(out, "when", it->row->plan ? i18n_pick(it->row->plan->when, it->row->plan->when_en) : "");
	text(out, "reason", it->reason);
	number(out, "done_at", (int64_t)it->row->done_at);
	shown(out, "values", it->row->values, it->row->n_values);
	begin(out, "evidence", "[");
	for (i = 0; i < it->n_evidence; i++)
		evidence(out, &it->evidence[i]);
	end(out, "]");
	begin(out, "gaps", "[");
	gaps(out, it);
	end(out, "]");
	end(out, "}");
}

static void clause(struct buf *out, const struct model *m, const struct m_clause *c)
{
	size_t i, k;

	begin(out, NULL, "{");
	text(out, "clause", c->id);
	text(out, "title", c->title);
	text(out, "state", model_state_name(c->state));
	truth(out, "applicable", c->state != M_NOT_APPLICABLE);
	text(out, "reason", c->reason);
	begin(out, "items", "[");
	for (i = 0; i < c->n_items; i++)
		text(out, NULL, m->items[c->items[i]].row->id);
	end(out, "]");
	begin(out, "evidence", "[");
	for (i = 0; i < c->n_evidence; i++)
		evidence(out, &c->evidence[i]);
	for (i = 0; i < c->n_items; i++)
		for (k = 0; k < m->items[c->items[i]].n_evidence; k++)
			evidence(out, &m->items[c->items[i]].evidence[k]);
	end(out, "]");
	begin(out, "gaps", "[");
	for (i = 0; i < c->n_items; i++)
		gaps(out, &m->items[c->items[i]]);
	end(out, "]");
	end(out, "}");
}

/* Of a broadcast only those of whom there is something to say. */
static void recipients(struct buf *out, const struct m_notice *n)
{
	bool broadcast = strcmp(n->row->role, "every_terminal") == 0;
	size_t i;

	begin(out, "recipients", "[");
	for (i = 0; i < n->n_recipients; i++) {
		const Renraku__RecipientRow *r = n->recipients[i];

		if (broadcast && r->acknowledged && !*r->entered_by)
			continue;
		begin(out, NULL, "{");
		text(out, "id", r->id);
		text(out, "name", r->name);
		text(out, "as", r->as);
		number(out, "stage", (int64_t)r->stage);
		number(out, "stage_at", (int64_t)r->stage_at);
		truth(out, "acknowledged", r->acknowledged);
		number(out, "acknowledged_at", (int64_t)r->acknowledged_at);
		text(out, "capacity", r->acknowledged ? r->capacity : "");
		text(out, "channel", r->acknowledged ? r->channel : "");
		text(out, "number", r->acknowledged ? r->number : ""); /* not the one to call now */
		text(out, "entered_by", r->entered_by);
		truth(out, "unconfirmed", r->unconfirmed);
		text(out, "answer", r->answer);
		text(out, "comment", r->comment);
		text(out, "excused", r->excused);
		end(out, "}");
	}
	end(out, "]");
}

static void notice(struct buf *out, const struct m_notice *n)
{
	begin(out, NULL, "{");
	number(out, "notice", (int64_t)n->row->id);
	text(out, "item", n->row->item);
	texts(out, "clause", n->row->clause, n->row->n_clause);
	text(out, "kind", n->row->kind);
	text(out, "role", i18n_pick(n->row->role_title, n->row->role_title_en));
	text(out, "title", i18n_pick(n->row->title, n->row->title_en));
	truth(out, "wants_ack", n->row->wants_ack);
	text(out, "state", n->row->state);
	number(out, "at", (int64_t)n->row->at);
	number(out, "acknowledged_at", n->acknowledged_at);
	number(out, "repeats", n->row->repeats);
	text(out, "escalation", n->row->escalation);
	number(out, "addressed", (int64_t)n->n_recipients);
	number(out, "sent", (int64_t)(n->n_stage[1] + n->n_stage[2] + n->n_stage[3]));
	number(out, "delivered", (int64_t)(n->n_stage[2] + n->n_stage[3]));
	number(out, "displayed", (int64_t)n->n_stage[3]);
	number(out, "missing", (int64_t)(n->row->wants_ack ? n->n_missing : 0));
	number(out, "excused", n->row->excused);
	recipients(out, n);
	end(out, "}");
}

static void calls(struct buf *out, const struct model *m)
{
	const struct source *s = m->source;
	size_t i, k;

	begin(out, "calls", "[");
	for (i = 0; i < s->n; i++)
		for (k = 0; k < s->lines[i].r.n_calls; k++) {
			const struct record_call *c = &s->lines[i].r.calls[k];

			begin(out, NULL, "{");
			number(out, "record", (int64_t)s->lines[i].r.index);
			number(out, "at", c->at ? c->at : s->lines[i].r.at);
			text(out, "item", s->lines[i].r.item);
			text(out, "body", c->body ? c->body : s->lines[i].r.name);
			text(out, "title", c->body ? model_body(m, c->body) : model_person(m, s->lines[i].r.name));
			text(out, "number", c->number);
			text(out, "by", model_person(m, s->lines[i].r.person));
			text(out, "answered_by", c->answered_by);
			text(out, "said", c->said);
			truth(out, "no_answer", c->no_answer);
			number(out, "again_at", c->again_at);
			text(out, "reason", c->reason);
			end(out, "}");
		}
	end(out, "]");
}

static void changes(struct buf *out, const struct model *m)
{
	size_t i;

	begin(out, "facts", "[");
	for (i = 0; i < m->n_changes; i++) {
		const struct m_change *c = &m->changes[i];

		begin(out, NULL, "{");
		number(out, "record", (int64_t)c->line->r.index);
		number(out, "at", c->line->r.at);
		text(out, "fact", c->fact);
		text(out, "title", c->title);
		text(out, "value", c->value);
		text(out, "shown", c->shown);
		text(out, "by", model_person(m, c->line->r.person));
		text(out, "item", c->line->r.item);
		text(out, "ground", c->ground);
		end(out, "}");
	}
	end(out, "]");
}

static void limits(struct buf *out, const struct model *m)
{
	static const char *const states[] = {"kept", "missed", "running"};
	size_t i;

	begin(out, "limits", "[");
	for (i = 0; i < m->n_limits; i++) {
		const struct m_limit *l = &m->limits[i];

		begin(out, NULL, "{");
		text(out, "item", l->notice->row->item);
		number(out, "notice", (int64_t)l->notice->row->id);
		text(out, "until", l->done ? "done" : "acknowledged");
		text(out, "role", i18n_pick(l->notice->row->role_title, l->notice->row->role_title_en));
		number(out, "from", l->from);
		number(out, "at", l->until);
		number(out, "limit_ms", l->limit_ms);
		text(out, "state", states[l->state]);
		end(out, "}");
	}
	end(out, "]");
}

static void measures(struct buf *out, const struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0, k;

	begin(out, "measures", "[");
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_MEASURE))) {
		const Renraku__MeasureRow *r = row->measure;

		begin(out, NULL, "{");
		number(out, "id", r->id);
		text(out, "title", i18n_pick(r->title, r->title_en));
		text(out, "item", r->item);
		text(out, "state", r->state);
		texts(out, "authorities", r->authorities, r->n_authorities);
		text(out, "ordered_by", i18n_pick(r->ordered_by, r->ordered_by_en));
		number(out, "ordered_at", (int64_t)r->ordered_at);
		number(out, "ended_at", (int64_t)r->ended_at);
		text(out, "owner", r->owner);
		text(out, "due", r->due);
		text(out, "ended_by", r->ended_by);
		text(out, "approval", r->approval);
		text(out, "reason", r->reason);
		shown(out, "extent", r->extent, r->n_extent);
		begin(out, "told", "[");
		for (k = 0; k < r->n_told; k++) {
			begin(out, NULL, "{");
			text(out, "what", r->told[k]->what);
			number(out, "wanted", r->told[k]->wanted);
			number(out, "acknowledged", r->told[k]->acknowledged);
			texts(out, "waiting", r->told[k]->waiting, r->told[k]->n_waiting);
			end(out, "}");
		}
		end(out, "]");
		end(out, "}");
	}
	end(out, "]");
}

static void follow_ups(struct buf *out, const struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0;

	begin(out, "follow_ups", "[");
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_FOLLOW_UP))) {
		const Renraku__FollowUpRow *r = row->follow_up;

		begin(out, NULL, "{");
		number(out, "id", r->id);
		text(out, "item", r->item);
		text(out, "kind", i18n_pick(r->kind_title, r->kind_title_en));
		text(out, "text", r->text);
		text(out, "owner", r->owner_name);
		text(out, "due", r->due);
		text(out, "state", r->state);
		text(out, "remark", r->remark);
		number(out, "reminded_at", (int64_t)r->reminded_at);
		number(out, "measure", r->measure);
		end(out, "}");
	}
	end(out, "]");
}

static void meetings(struct buf *out, const struct model *m)
{
	const Renraku__RecipientRow *who;
	const Renraku__Row *row;
	size_t i = 0, k;

	begin(out, "council", "[");
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_MEETING))) {
		const Renraku__MeetingRow *r = row->meeting;

		begin(out, NULL, "{");
		text(out, "item", r->item);
		text(out, "role", i18n_pick(r->role, r->role_en));
		number(out, "quorum", r->quorum);
		number(out, "present", r->present);
		number(out, "deputies", r->deputies);
		number(out, "absent", r->absent);
		number(out, "silent", r->silent);
		begin(out, "attendance", "[");
		for (k = 0; k < m->n_notices; k++)
			if ((who = model_member(&m->notices[k], r))) {

				begin(out, NULL, "{");
				text(out, "person", who->id);
				text(out, "name", who->name);
				text(out, "answer", who->answer);
				text(out, "comment", who->comment);
				text(out, "channel", who->acknowledged ? who->channel : "");
				text(out, "entered_by", who->entered_by);
				end(out, "}");
			}
		end(out, "]");
		end(out, "}");
	}
	end(out, "]");
}

static void comments(struct buf *out, const struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0;

	begin(out, "comments", "[");
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_COMMENT))) {
		begin(out, NULL, "{");
		number(out, "record", (int64_t)row->comment->record);
		number(out, "at", (int64_t)row->comment->at);
		text(out, "item", row->comment->item);
		text(out, "by", row->comment->by);
		text(out, "text", row->comment->text);
		end(out, "}");
	}
	end(out, "]");
}

static void bars(struct buf *out, const struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0;

	begin(out, "bars", "[");
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_BAR))) {
		begin(out, NULL, "{");
		text(out, "person", row->bar->person);
		text(out, "name", row->bar->name);
		text(out, "ground", row->bar->ground);
		text(out, "by", row->bar->by);
		number(out, "at", (int64_t)row->bar->at);
		truth(out, "over", row->bar->over);
		number(out, "ended_at", (int64_t)row->bar->ended_at);
		end(out, "}");
	}
	end(out, "]");
}

static void scores(struct buf *out, const struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0, k;

	begin(out, "score", "[");
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_SCORE))) {
		const Renraku__ScoreRow *r = row->score;

		begin(out, NULL, "{");
		text(out, "kind", r->kind);
		text(out, "id", r->id);
		text(out, "title", i18n_pick(r->title, r->title_en));
		number(out, "wanted", r->wanted);
		number(out, "answered", r->answered);
		begin(out, "quarters_ms", "[");
		for (k = 0; k < r->n_quarters; k++)
			number(out, NULL, (int64_t)r->quarters[k]);
		end(out, "]");
		number(out, "limit_ms", (int64_t)r->limit);
		number(out, "late", r->late);
		text(out, "kept", r->kept);
		end(out, "}");
	}
	end(out, "]");
}

static void timeline(struct buf *out, const struct model *m)
{
	const struct source *s = m->source;
	size_t i;

	begin(out, "timeline", "[");
	for (i = 0; i < s->n; i++) {
		const struct record *r = &s->lines[i].r;
		struct evidence e = model_evidence(m, &s->lines[i]);

		begin(out, NULL, "{");
		number(out, "record", (int64_t)r->index);
		hash(out, "hash", s->lines[i].hash);
		number(out, "at", r->at);
		text(out, "kind", record_kind_name(r->kind));
		text(out, "what", e.what);
		text(out, "item", r->item);
		number(out, "notice", (int64_t)r->notice);
		text(out, "who", e.who);
		text(out, "role", e.role);
		text(out, "capacity", e.capacity);
		text(out, "channel", e.channel);
		text(out, "number", e.number);
		text(out, "entered_by", e.entered_by);
		text(out, "text", model_line(m, &s->lines[i]));
		end(out, "}");
	}
	end(out, "]");
}

static void heading(struct buf *out, const struct model *m)
{
	const Renraku__IncidentRow *inc = m->incident;
	const struct source *s = m->source;

	number(out, "format", 1);
	number(out, "incident", inc->id);
	truth(out, "drill", inc->drill);
	truth(out, "unannounced", inc->unannounced);
	truth(out, "interrupted", inc->interrupted);
	text(out, "given_up", inc->given_up);
	text(out, "town", m->town ? i18n_pick(m->town->title, m->town->title_en) : "");
	text(out, "title", i18n_pick(inc->title, inc->title_en));
	text(out, "state", inc->state);
	text(out, "category", inc->category);
	text(out, "category_title", i18n_pick(inc->category_title, inc->category_title_en));
	number(out, "opened_at", (int64_t)inc->opened_at);
	number(out, "closed_at", (int64_t)inc->closed_at);
	text(out, "place", inc->place);
	text(out, "reporter", i18n_pick(inc->reporter, inc->reporter_en));
	text(out, "closed_by", i18n_pick(inc->closed_by, inc->closed_by_en));
	number(out, "joined_into", inc->joined_into);
	begin(out, "plan", "{");
	text(out, "title", i18n_pick(inc->plan_title, inc->plan_title_en));
	text(out, "edition", inc->plan_edition);
	text(out, "sha256", inc->plan_sha256);
	end(out, "}");
	begin(out, "site", "{");
	text(out, "id", m->town ? m->town->site : "");
	text(out, "sha256", m->town ? m->town->site_sha256 : "");
	end(out, "}");
	text(out, "printed_by", m->printed_by);
	begin(out, "log", "{");
	number(out, "records", (int64_t)s->n);
	number(out, "withheld", (int64_t)s->withheld);
	number(out, "head", (int64_t)s->head->r.index);
	hash(out, "hash", s->head->hash);
	number(out, "at", s->head->r.at);
	truth(out, "verified", s->damage == NULL);
	text(out, "damage", s->damage);
	end(out, "}");
	shown(out, "alarm", inc->values, inc->n_values);
}

void json_report(const struct model *m, struct buf *out)
{
	size_t i;

	buf_puts(out, "{");
	heading(out, m);
	changes(out, m);
	begin(out, "clauses", "[");
	for (i = 0; i < m->n_clauses; i++)
		clause(out, m, &m->clauses[i]);
	end(out, "]");
	begin(out, "items", "[");
	for (i = 0; i < m->n_items; i++)
		item(out, &m->items[i]);
	end(out, "]");
	begin(out, "notices", "[");
	for (i = 0; i < m->n_notices; i++)
		notice(out, &m->notices[i]);
	end(out, "]");
	calls(out, m);
	meetings(out, m);
	measures(out, m);
	limits(out, m);
	follow_ups(out, m);
	comments(out, m);
	bars(out, m);
	scores(out, m);
	timeline(out, m);
	buf_puts(out, "}\n");
}
