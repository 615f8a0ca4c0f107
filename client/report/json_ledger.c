/* The report's JSON, second half: what stands in ledgers and lists beside the clauses. */
#include "ctl/pick.h"
#include "report/json.h"
#include "report/writer.h"

static void calls(struct buf *out, const struct model *m)
{
	const struct source *s = m->source;
	size_t i, k;

	writer_begin(out, "calls", "[");
	for (i = 0; i < s->n; i++)
		for (k = 0; k < s->lines[i].r.n_calls; k++) {
			const struct record_call *c = &s->lines[i].r.calls[k];

			writer_begin(out, NULL, "{");
			writer_number(out, "record", (int64_t)s->lines[i].r.index);
			writer_number(out, "at", c->at ? c->at : s->lines[i].r.at);
			writer_text(out, "item", s->lines[i].r.item);
			writer_text(out, "body", c->body ? c->body : s->lines[i].r.name);
			writer_text(out, "title", c->body ? model_body(m, c->body) : model_person(m, s->lines[i].r.name));
			writer_text(out, "number", c->number);
			writer_text(out, "by", model_person(m, s->lines[i].r.person));
			writer_text(out, "answered_by", c->answered_by);
			writer_text(out, "said", c->said);
			writer_truth(out, "no_answer", c->no_answer);
			writer_number(out, "again_at", c->again_at);
			writer_text(out, "reason", c->reason);
			writer_end(out, "}");
		}
	writer_end(out, "]");
}

static void limits(struct buf *out, const struct model *m)
{
	static const char *const states[] = {"kept", "missed", "running"};
	size_t i;

	writer_begin(out, "limits", "[");
	for (i = 0; i < m->n_limits; i++) {
		const struct m_limit *l = &m->limits[i];

		writer_begin(out, NULL, "{");
		writer_text(out, "item", l->notice->row->item);
		writer_number(out, "notice", (int64_t)l->notice->row->id);
		writer_text(out, "until", l->done ? "done" : "acknowledged");
		writer_text(out, "role", i18n_pick(l->notice->row->role_title, l->notice->row->role_title_en));
		writer_number(out, "from", l->from);
		writer_number(out, "at", l->until);
		writer_number(out, "limit_ms", l->limit_ms);
		writer_text(out, "state", states[l->state]);
		writer_end(out, "}");
	}
	writer_end(out, "]");
}

static void measures(struct buf *out, const struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0, k;

	writer_begin(out, "measures", "[");
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_MEASURE))) {
		const Renraku__MeasureRow *r = row->measure;

		writer_begin(out, NULL, "{");
		writer_number(out, "id", r->id);
		writer_text(out, "title", i18n_pick(r->title, r->title_en));
		writer_text(out, "item", r->item);
		writer_text(out, "state", r->state);
		writer_texts(out, "authorities", r->authorities, r->n_authorities);
		writer_text(out, "ordered_by", i18n_pick(r->ordered_by, r->ordered_by_en));
		writer_number(out, "ordered_at", (int64_t)r->ordered_at);
		writer_number(out, "ended_at", (int64_t)r->ended_at);
		writer_text(out, "owner", r->owner);
		writer_text(out, "due", r->due);
		writer_text(out, "ended_by", r->ended_by);
		writer_text(out, "approval", r->approval);
		writer_text(out, "reason", r->reason);
		writer_shown(out, "extent", r->extent, r->n_extent);
		writer_begin(out, "told", "[");
		for (k = 0; k < r->n_told; k++) {
			writer_begin(out, NULL, "{");
			writer_text(out, "what", r->told[k]->what);
			writer_number(out, "wanted", r->told[k]->wanted);
			writer_number(out, "acknowledged", r->told[k]->acknowledged);
			writer_texts(out, "waiting", r->told[k]->waiting, r->told[k]->n_waiting);
			writer_end(out, "}");
		}
		writer_end(out, "]");
		writer_end(out, "}");
	}
	writer_end(out, "]");
}

static void follow_ups(struct buf *out, const struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0;

	writer_begin(out, "follow_ups", "[");
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_FOLLOW_UP))) {
		const Renraku__FollowUpRow *r = row->follow_up;

		writer_begin(out, NULL, "{");
		writer_number(out, "id", r->id);
		writer_text(out, "item", r->item);
		writer_text(out, "kind", i18n_pick(r->kind_title, r->kind_title_en));
		writer_text(out, "text", r->text);
		writer_text(out, "owner", r->owner_name);
		writer_text(out, "due", r->due);
		writer_text(out, "state", r->state);
		writer_text(out, "remark", r->remark);
		writer_number(out, "reminded_at", (int64_t)r->reminded_at);
		writer_number(out, "measure", r->measure);
		writer_end(out, "}");
	}
	writer_end(out, "]");
}

static void meetings(struct buf *out, const struct model *m)
{
	const Renraku__RecipientRow *who;
	const Renraku__Row *row;
	size_t i = 0, k;

	writer_begin(out, "council", "[");
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_MEETING))) {
		const Renraku__MeetingRow *r = row->meeting;

		writer_begin(out, NULL, "{");
		writer_text(out, "item", r->item);
		writer_text(out, "role", i18n_pick(r->role, r->role_en));
		writer_number(out, "quorum", r->quorum);
		writer_number(out, "present", r->present);
		writer_number(out, "deputies", r->deputies);
		writer_number(out, "absent", r->absent);
		writer_number(out, "silent", r->silent);
		writer_begin(out, "attendance", "[");
		for (k = 0; k < m->n_notices; k++)
			if ((who = model_member(&m->notices[k], r))) {

				writer_begin(out, NULL, "{");
				writer_text(out, "person", who->id);
				writer_text(out, "name", who->name);
				writer_text(out, "answer", who->answer);
				writer_text(out, "comment", who->comment);
				writer_text(out, "channel", who->acknowledged ? who->channel : "");
				writer_text(out, "entered_by", who->entered_by);
				writer_end(out, "}");
			}
		writer_end(out, "]");
		writer_end(out, "}");
	}
	writer_end(out, "]");
}

static void comments(struct buf *out, const struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0;

	writer_begin(out, "comments", "[");
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_COMMENT))) {
		writer_begin(out, NULL, "{");
		writer_number(out, "record", (int64_t)row->comment->record);
		writer_number(out, "at", (int64_t)row->comment->at);
		writer_text(out, "item", row->comment->item);
		writer_text(out, "by", row->comment->by);
		writer_text(out, "text", row->comment->text);
		writer_end(out, "}");
	}
	writer_end(out, "]");
}

static void bars(struct buf *out, const struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0;

	writer_begin(out, "bars", "[");
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_BAR))) {
		writer_begin(out, NULL, "{");
		writer_text(out, "person", row->bar->person);
		writer_text(out, "name", row->bar->name);
		writer_text(out, "ground", row->bar->ground);
		writer_text(out, "by", row->bar->by);
		writer_number(out, "at", (int64_t)row->bar->at);
		writer_truth(out, "over", row->bar->over);
		writer_number(out, "ended_at", (int64_t)row->bar->ended_at);
		writer_end(out, "}");
	}
	writer_end(out, "]");
}

static void scores(struct buf *out, const struct model *m)
{
	const Renraku__Row *row;
	size_t i = 0, k;

	writer_begin(out, "score", "[");
	while ((row = pick_next(m->source->incident, &i, RENRAKU__ROW__BODY_SCORE))) {
		const Renraku__ScoreRow *r = row->score;

		writer_begin(out, NULL, "{");
		writer_text(out, "kind", r->kind);
		writer_text(out, "id", r->id);
		writer_text(out, "title", i18n_pick(r->title, r->title_en));
		writer_number(out, "wanted", r->wanted);
		writer_number(out, "answered", r->answered);
		writer_begin(out, "quarters_ms", "[");
		for (k = 0; k < r->n_quarters; k++)
			writer_number(out, NULL, (int64_t)r->quarters[k]);
		writer_end(out, "]");
		writer_number(out, "limit_ms", (int64_t)r->limit);
		writer_number(out, "late", r->late);
		writer_text(out, "kept", r->kept);
		writer_end(out, "}");
	}
	writer_end(out, "]");
}

void json_ledger(const struct model *m, struct buf *out)
{
	calls(out, m);
	meetings(out, m);
	measures(out, m);
	limits(out, m);
	follow_ups(out, m);
	comments(out, m);
	bars(out, m);
	scores(out, m);
}
