/* An item of the plan in this incident: what proves it, and what is missing. And the town's time limits. */
#include <string.h>

#include "ctl/say.h"
#include "report/model.h"

static const char *const state_names[] = {"not_applicable", "unused", "waived", "met", "open"};

const char *model_state_name(enum m_state s)
{
	return state_names[s];
}

static bool is(const char *a, const char *b)
{
	return a && strcmp(a, b) == 0;
}

/* ---- evidence ---- */

static struct evidence *add(struct m_item *it, struct evidence e)
{
	it->evidence = xgrow(it->evidence, &it->cap_evidence, it->n_evidence + 1, sizeof *it->evidence);
	it->evidence[it->n_evidence] = e;
	return &it->evidence[it->n_evidence++];
}

static void supersede(struct m_item *it, bool amended)
{
	size_t i;

	for (i = 0; i < it->n_evidence; i++) {
		struct evidence *e = &it->evidence[i];

		if (e->superseded || (e->kind != REC_ENTERED && e->kind != REC_WAIVED))
			continue;
		e->superseded = true;
		e->amended = amended;
	}
}

static void own_line(struct model *m, struct m_item *it, const struct source_line *line)
{
	struct evidence e;

	switch (line->r.kind) {
	case REC_OPENED:
	case REC_ALARM_JOINED:
	case REC_CALL:
	case REC_FOLLOW_UP:
		break;
	case REC_ENTERED:
	case REC_WAIVED:
	case REC_REOPENED:
		supersede(it, line->r.kind == REC_ENTERED && line->r.flag);
		break;
	default:
		return;
	}
	e = model_evidence(m, line);
	e.text = model_line(m, line);
	add(it, e);
}

/* Thousands of terminals answer one broadcast: they are one line, with how many and until when. */
static void acknowledgement(struct model *m, struct m_item *it, const struct source_line *line)
{
	const struct record *r = &line->r;
	const struct m_notice *n = model_notice(m, r->notice);
	struct evidence e, *last = it->n_evidence ? &it->evidence[it->n_evidence - 1] : NULL;
	bool terminal = r->terminal && (!r->person || !*r->person);

	if (!n || !is(n->row->item, it->row->id) || is(n->row->kind, "your_turn"))
		return;
	e = model_evidence(m, line);
	e.text = model_line(m, line);
	if (terminal && r->kind == REC_ACKNOWLEDGED && last && last->kind == REC_ACKNOWLEDGED && is(last->capacity, "terminal")) {
		last->count++;
		last->last = r->index;
		last->who = T("端末", "terminals");
		return;
	}
	add(it, e);
}

/* ---- what is missing ---- */

static void gap(struct m_item *it, const char *kind, const char *text, bool open, uint64_t notice)
{
	it->gaps = xgrow(it->gaps, &it->cap_gaps, it->n_gaps + 1, sizeof *it->gaps);
	it->gaps[it->n_gaps++] = (struct gap){kind, text, open, notice};
}

static const char *names_missing(const struct model *m, const struct m_notice *n)
{
	const char *text = "";
	size_t i, shown = 0;

	for (i = 0; i < n->n_recipients && shown < 10; i++) {
		const Renraku__RecipientRow *r = n->recipients[i];

		if (r->acknowledged || *r->excused)
			continue;
		text = arena_printf(m->arena, "%s%s%s", text, shown++ ? T("、", ", ") : "", *r->name ? r->name : r->id);
	}
	if (n->n_missing > shown)
		text = arena_printf(m->arena, T("%s ほか%zu", "%s and %zu more"), text, n->n_missing - shown);
	return text;
}

static void unanswered(struct model *m, struct m_item *it)
{
	size_t i;

	for (i = 0; i < m->n_notices; i++) {
		const struct m_notice *n = &m->notices[i];

		if (is(n->row->item, it->row->id) && n->row->wants_ack && is(n->row->state, "open") && !is(n->row->kind, "your_turn"))
			gap(it, "no_acknowledgement",
				arena_printf(m->arena, T("受領確認がない：%s［%s］", "no acknowledgement: %s [%s]"), names_missing(m, n),
					i18n_pick(n->row->role_title, n->row->role_title_en)),
				true, n->row->id);
	}
}

static const char *waits_for(const struct model *m, const struct m_item *it)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < it->row->n_waits_for; i++) {
		const struct m_item *before = model_item(m, it->row->waits_for[i]);

		text = arena_printf(m->arena, "%s%s%s", text, i ? T("、", ", ") : "",
			before ? arena_printf(m->arena, "%s %s", before->row->id, model_item_title(before)) : it->row->waits_for[i]);
	}
	return text;
}

static void words_given(struct m_item *it)
{
	size_t i;

	for (i = 0; i < it->n_evidence; i++) {
		const struct evidence *e = &it->evidence[i];

		if (is(e->word, "unconfirmed"))
			gap(it, "unconfirmed",
				T("代わって入力されたものを、本人がまだ確かめていない",
					"entered for somebody who has not confirmed it yet"),
				false, 0);
		else if (is(e->word, "denied"))
			gap(it, "denied", T("代わって入力されたものを、本人が否認した", "entered for somebody who denied it"), false, 0);
	}
}

static enum m_state settled(struct model *m, struct m_item *it)
{
	const Renraku__ItemRow *row = it->row;
	const char *when = row->plan ? i18n_pick(row->plan->when, row->plan->when_en) : "";
	const char *state = row->state;

	if (is(state, "not_applicable")) {
		it->reason = row->entry ? T("この種類の通報による事案ではない", "this incident was not opened by this kind of alarm")
			     : *when ? arena_printf(m->arena, T("条件が成り立たない：%sのとき", "only when %s"), when)
				     : T("該当しない", "does not apply");
		return M_NOT_APPLICABLE;
	}
	if (is(state, "undetermined")) {
		it->reason = *when ? arena_printf(m->arena, T("まだ定まらない：%sのとき", "not yet known: only when %s"), when) : "";
		return M_UNUSED;
	}
	if (row->plan && row->plan->standing && it->n_evidence == 0) { /* never owed, whatever its state */
		it->reason = T("必要なときに行うもの（行う必要がなかった）", "to be done when needed (it was not)");
		return M_UNUSED;
	}
	if (is(state, "kept")) {
		it->reason = T("行った後に条件が変わり、記録だけが残る", "done, then its condition ceased to hold: the record stays");
		return M_UNUSED;
	}
	if (is(state, "waived")) {
		it->reason = arena_printf(m->arena, T("不要とした：%s", "marked not needed: %s"), row->reason);
		return M_WAIVED;
	}
	if (is(state, "done") || (row->plan && row->plan->standing))
		return M_MET;
	if (is(state, "held"))
		gap(it, "held", arena_printf(m->arena, T("前の手順のやり直しを待つ：%s", "held until done again: %s"), waits_for(m, it)),
			true, 0);
	else if (is(state, "waiting"))
		gap(it, "waiting", arena_printf(m->arena, T("まだ行っていない。先に：%s", "not done; first: %s"), waits_for(m, it)), true,
			0);
	else if (!is(state, "told"))
		gap(it, "not_done",
			row->optional ? T("まだ行っていない（不要とするならその理由が要る）", "not done (or a reason why it is not needed)")
				      : T("まだ行っていない", "not done"),
			true, 0);
	return M_OPEN;
}

/* What stands in a record that is withheld from the caller, as far as the view shows it. */
static void from_view(struct model *m, struct m_item *it)
{
	struct evidence e = {
		.count = 1, .kind = REC_ENTERED, .what = T("入力", "entered"), .person = "", .role = "", .number = "", .word = ""};
	size_t i;

	for (i = 0; i < it->n_evidence; i++)
		if (it->evidence[i].at == (int64_t)it->row->entered_at)
			return;
	if (!it->row->entered_at || m->source->withheld == 0)
		return;
	e.at = (int64_t)it->row->entered_at;
	e.who = i18n_pick(it->row->entered_by, it->row->entered_by_en);
	e.capacity = it->row->capacity;
	e.channel = it->row->channel;
	e.entered_by = "";
	e.text = say_values(m->arena, it->row->values, it->row->n_values);
	add(it, e);
}

static void acknowledged_in_view(struct m_item *it, const struct m_notice *n)
{
	size_t i, k;

	for (i = 0; i < n->n_recipients; i++) {
		const Renraku__RecipientRow *r = n->recipients[i];
		bool known = !r->acknowledged || strcmp(r->as, "terminal") == 0;
		struct evidence e = {.count = 1,
			.kind = REC_ACKNOWLEDGED,
			.at = (int64_t)r->acknowledged_at,
			.what = T("受領確認", "acknowledged"),
			.who = r->name,
			.role = i18n_pick(n->row->role_title, n->row->role_title_en),
			.person = r->id,
			.capacity = r->capacity,
			.channel = r->channel,
			.number = r->number,
			.entered_by = r->entered_by,
			.word = r->unconfirmed ? "unconfirmed" : "",
			.text = *r->answer ? say_answer(r->answer) : ""};

		for (k = 0; k < it->n_evidence && !known; k++)
			known = it->evidence[k].at == e.at && is(it->evidence[k].person, r->id);
		if (!known)
			add(it, e);
	}
}

static void withheld(struct model *m, struct m_item *it)
{
	size_t i;

	from_view(m, it);
	for (i = 0; i < m->n_notices; i++)
		if (is(m->notices[i].row->item, it->row->id) && !is(m->notices[i].row->kind, "your_turn"))
			acknowledged_in_view(it, &m->notices[i]);
}

void model_fold_item(struct model *m, struct m_item *it)
{
	const struct source *s = m->source;
	size_t i;

	it->reason = "";
	for (i = 0; i < s->n; i++) {
		const struct record *r = &s->lines[i].r;

		if ((r->kind == REC_ACKNOWLEDGED || r->kind == REC_EXCUSED) && r->notice)
			acknowledgement(m, it, &s->lines[i]);
		else if (is(r->item, it->row->id) || (r->kind == REC_ALARM_JOINED && is(m->incident->entry, it->row->id)))
			own_line(m, it, &s->lines[i]);
	}
	if (s->withheld)
		withheld(m, it);
	it->state = settled(m, it);
	unanswered(m, it);
	words_given(it);
}

/* ---- time limits ---- */

static void limit(struct model *m, const struct m_notice *n, bool done, int64_t until, uint64_t ms)
{
	int64_t now = m->source->head->r.at, from = (int64_t)n->row->at, end = until ? until : now;
	struct m_limit *l;

	m->limits = xgrow(m->limits, &m->cap_limits, m->n_limits + 1, sizeof *m->limits);
	l = &m->limits[m->n_limits++];
	*l = (struct m_limit){
		.notice = n, .item = model_item(m, n->row->item), .done = done, .from = from, .until = until, .limit_ms = (int64_t)ms};
	l->state = end - from > (int64_t)ms ? LIMIT_MISSED : until ? LIMIT_KEPT : LIMIT_RUNNING;
}

static int64_t acted_at(const struct model *m, const struct m_notice *n)
{
	const struct source *s = m->source;
	size_t i;

	for (i = 0; i < s->n; i++) {
		const struct record *r = &s->lines[i].r;

		if (r->index > n->row->id && (r->kind == REC_ENTERED || r->kind == REC_WAIVED) && is(r->item, n->row->item))
			return r->at;
	}
	return 0;
}

static void late(struct model *m, const struct m_limit *l)
{
	struct m_item *it = l->item ? &m->items[l->item - m->items] : NULL;
	int64_t took = (l->until ? l->until : m->source->head->r.at) - l->from;

	if (it && l->state == LIMIT_MISSED)
		gap(it, "late",
			arena_printf(m->arena,
				l->done ? T("時限に遅れた（完了）：%s［%s］、時限 %s", "late (done): %s [%s], limit %s")
					: T("時限に遅れた（受領）：%s［%s］、時限 %s", "late (acknowledgement): %s [%s], limit %s"),
				model_span(m, took), i18n_pick(l->notice->row->role_title, l->notice->row->role_title_en),
				model_span(m, l->limit_ms)),
			false, l->notice->row->id);
}

void model_limits(struct model *m)
{
	size_t i;

	for (i = 0; i < m->n_notices; i++) {
		const struct m_notice *n = &m->notices[i];
		bool open = is(n->row->state, "open");

		if (n->row->wants_ack && n->row->acknowledge_ms && (n->acknowledged_at || open))
			limit(m, n, false, n->acknowledged_at, n->row->acknowledge_ms);
		if (is(n->row->kind, "your_turn") && n->row->done_ms) {
			int64_t at = acted_at(m, n);

			if (at || !is(n->row->state, "withdrawn"))
				limit(m, n, true, at, n->row->done_ms);
		}
	}
	for (i = 0; i < m->n_limits; i++)
		late(m, &m->limits[i]);
}
