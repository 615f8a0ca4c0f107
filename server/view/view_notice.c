/* Notices: the message that goes to a device, and the row that says who was told and who has answered. */
#include <stdlib.h>
#include <string.h>

#include "view/view_build.h"

/* A row of a long notice is closed at this size; recipients go on in the next part. */
#define PART_MAX 24576u
#define BUNDLE_MAX 64u

/* Why a notice was withdrawn, as REC_WITHDRAWN says it. */
static const struct {
	const char *why, *ja, *en;
} why_texts[] = {
	{"acted", "対応済みです", "it has been dealt with"},
	{"not_ready", "今は対応の必要がなくなりました", "nothing is to be done now"},
	{"not_applicable", "条件が変わり、対象でなくなりました", "it does not apply any more"},
	{"called", "電話はかけ直されました", "the call was made"},
	{"lifted", "措置は解除されました", "the measure is lifted"},
	{"closed", "事案が終結しました", "the incident is closed"},
	{"given_up", "訓練は終わりました", "the drill is over"},
	{"real_alarm", "実際の通報があったため、訓練は中止になりました", "a real alarm came: the drill is off"},
	{"interrupted", "訓練は中止になりました", "the drill is off"},
	{"amended", "内容が修正され、新しい連絡に代わりました", "it was amended; a new notice takes its place"},
	{"reminded", "新しいお知らせに代わりました", "a newer reminder takes its place"},
	{"reopened", "手順がやり直しになりました", "the step is to be done again"},
};

const char *view_text_why(const char *why, bool english)
{
	for (size_t i = 0; why && i < sizeof why_texts / sizeof *why_texts; i++)
		if (strcmp(why_texts[i].why, why) == 0)
			return english ? why_texts[i].en : why_texts[i].ja;
	return why ? why : english ? "withdrawn" : "取り下げられました";
}

/* ---- what it says ---- */

/* Of what was ordered: the choice and how far it goes. The rest of a council's decisions is nobody's business at a counter. */
static const struct record_value *ordered_values(struct view_build *b, const struct notice *n, const struct measure *m, size_t *count)
{
	const struct plan_item *it = &n->incident->plan->items[n->item];
	struct record_value *out = arena_alloc(b->arena, (it->n_dims + m->n_extent + 1) * sizeof *out);
	*count = 0;
	for (size_t d = 0; d < it->n_dims; d++)
		for (size_t i = 0; !it->dims[d].constant && i < it->dims[d].n_options; i++)
			if (it->dims[d].options[i].orders != ROLE_NONE && strcmp(it->dims[d].options[i].title, m->option) == 0)
				out[(*count)++] = (struct record_value){.field = it->dims[d].id, .value = it->dims[d].options[i].id};
	for (size_t i = 0; i < m->n_extent; i++)
		out[(*count)++] = m->extent[i];
	return out;
}

/* The entry of the item it tells of; for 'your turn' nothing was entered yet, so what the alarm said. */
static const struct record_value *values_of(struct view_build *b, const struct notice *n, const struct plan_item **item, size_t *count)
{
	const struct incident *inc = n->incident;
	const struct measure *m = engine_notice_orders(n);
	bool alarm = n->kind != NOTICE_TELL || inc->plan->items[n->item].entry;
	*item = &inc->plan->items[alarm ? inc->entry : n->item];
	if (alarm) {
		*count = inc->n_alarms ? inc->alarms[0].n_values : 0;
		return inc->n_alarms ? inc->alarms[0].values : NULL;
	}
	if (m)
		return ordered_values(b, n, m, count);
	*count = inc->items[n->item].entry.n_values;
	return inc->items[n->item].entry.values;
}

/* A broadcast reaches terminals that may not be allowed to see the incident itself: then it says nothing but its own item. */
static bool tells_incident(const struct notice *n)
{
	return n->kind != NOTICE_REMINDER &&
	       (!n->broadcast || n->incident->plan->items[n->item].entry || people_open_to_terminals(n->incident));
}

static const char *lead(const struct notice *n, bool english)
{
	if (n->cancelled)
		return english ? "Cancelled: " : "取り消し：";
	if (n->kind == NOTICE_YOUR_TURN && n->overdue_at && n->state == NOTICE_OPEN)
		return english ? "Acknowledged, but not done: " : "受領後、対応が済んでいません：";
	if (n->kind == NOTICE_YOUR_TURN)
		return english ? "Please act: " : "対応をお願いします：";
	if (engine_notice_orders(n))
		return english ? "A measure is ordered: " : "措置が命じられました：";
	if (n->broadcast && n->wants_ack && n->incident->plan->items[n->item].lifts)
		return english ? "Measures are lifted: " : "措置が解除されました：";
	if (n->group)
		return english ? "You are convened, please answer: " : "招集です。出欠を答えてください：";
	return "";
}

/* "電話をかけ直す時刻です：滋賀県 077-528-3233（保守作業の依頼・事案1）" */
static char *call_again(struct view_build *b, const struct notice *n, const char *drill, bool english)
{
	const struct incident *inc = n->incident;
	const struct call_again *a = engine_notice_call(n);
	int body = a && a->body ? plan_body_find(inc->plan, a->body) : -1;
	const struct plan_body *known = body >= 0 ? &inc->plan->bodies[body] : NULL;
	const char *whom = !a                           ? ""
			   : a->person                  ? view_text_person(b, a->person)
			   : !known                     ? a->body
			   : english && known->title_en ? known->title_en
							: known->title;
	const char *number = known && b->site ? contact_number_now(inc->plan, b->site, body, a->at) : a ? a->number : NULL;
	return arena_printf(b->arena, english ? "%s%s%.*s %s (%s, incident %u)" : "%s%s%.*s %s（%s・事案%u）", drill,
		n->cancelled ? lead(n, english)
		: english    ? "Time to call again: "
			     : "電話をかけ直す時刻です：",
		240, whom ? whom : "", number ? number : "", view_text_item(inc, n->item, english), inc->id);
}

char *view_notice_title(struct view_build *b, const struct notice *n, bool marked, bool english)
{
	const struct incident *inc = n->incident;
	const char *drill = !marked || !inc->drill ? "" : english ? "[DRILL] " : "【訓練】";
	if (inc->plan->items[n->item].entry && n->kind == NOTICE_TELL)
		return arena_printf(b->arena, "%s%s%s", drill, lead(n, english), view_text_incident(b, inc, english));
	if (n->kind == NOTICE_REMINDER)
		return view_follow_up_title(b, n, drill, english);
	if (n->kind == NOTICE_CALL_AGAIN)
		return call_again(b, n, drill, english);
	const struct plan_item *it;
	size_t count;
	const struct record_value *values = values_of(b, n, &it, &count);
	const char *chosen = n->kind == NOTICE_TELL ? view_text_choices(b, it, inc->plan, values, count, english) : NULL;
	const char *place = tells_incident(n) ? view_text_place(b, inc) : "";
	return arena_printf(b->arena, english ? "%s%s%s%s%s (incident %u%s%.*s)" : "%s%s%s%s%s（事案%u%s%.*s）", drill, lead(n, english),
		view_text_item(inc, n->item, english), chosen ? (english ? ": " : "：") : "", chosen ? chosen : "", inc->id,
		place[0] ? " " : "", 240, place);
}

/* Whose act it tells of. */
static char *from(struct view_build *b, const struct notice *n, bool english)
{
	const struct incident *inc = n->incident;
	if (n->kind != NOTICE_TELL)
		return view_text_plain(NULL);
	bool alarm = inc->plan->items[n->item].entry && inc->n_alarms;
	const struct deed *deed = alarm ? &inc->alarms[0].by : &inc->items[n->item].entry.by;
	const char *ja = view_text_actor(b, deed), *en = view_text_actor_en(b, deed);
	if (alarm && inc->alarms[0].reporter)
		return arena_printf(
			b->arena, english ? "%s (%s)" : "%s（%s）", view_text_cut(b, inc->alarms[0].reporter), english && *en ? en : ja);
	return view_text_plain(english ? en : ja);
}

static char *ended_by(struct view_build *b, const struct notice *n)
{
	if (n->state == NOTICE_WITHDRAWN)
		return view_text_plain(view_text_why(n->why_withdrawn, false));
	if (n->state != NOTICE_ACKNOWLEDGED)
		return view_text_plain(NULL);
	return arena_printf(b->arena, "受領済み：%s（%s、%s）", view_text_actor(b, &n->ack), capacity_title(n->ack.capacity),
		channel_title(n->ack.channel));
}

static char *ended_by_en(struct view_build *b, const struct notice *n)
{
	if (n->state == NOTICE_WITHDRAWN)
		return view_text_plain(view_text_why(n->why_withdrawn, true));
	if (n->state != NOTICE_ACKNOWLEDGED)
		return view_text_plain(NULL);
	const char *on_behalf = view_text_actor_en(b, &n->ack), *who = *on_behalf ? on_behalf : view_text_actor(b, &n->ack);
	return arena_printf(
		b->arena, "acknowledged by %s (%s)", who, n->ack.capacity == CAP_SELF ? "holder" : capacity_name(n->ack.capacity));
}

/* What is to be said beside the mark while it is open. */
static char *drill_note(const struct notice *n, bool english)
{
	bool announced = n->incident->drill && !n->incident->unannounced && n->state == NOTICE_OPEN;
	return view_text_plain(!announced ? NULL : english ? "This is an announced drill." : "これは予告された訓練です。");
}

void view_notice(const struct engine *engine, const struct notice *n, struct arena *arena, Renraku__Notice *out)
{
	struct view_build b;
	view_build_init(&b, engine, NULL, n->at, arena, NULL);
	const struct incident *inc = n->incident;
	const struct plan_item *it = &inc->plan->items[n->item], *said;
	renraku__notice__init(out);
	out->id = n->id;
	out->revision = n->revision;
	out->incident = inc->id;
	out->drill = inc->drill;
	out->item = view_text_plain(n->kind == NOTICE_REMINDER ? NULL : it->id);
	if (n->kind != NOTICE_REMINDER)
		out->clause = view_text_list(&b, &it->clause, &out->n_clause);
	out->title = view_notice_title(&b, n, true, false);
	out->title_en = view_notice_title(&b, n, true, true);
	out->words = view_text_plain(n->kind == NOTICE_REMINDER ? NULL : it->words);
	out->note = view_text_plain(n->kind == NOTICE_REMINDER ? NULL : it->note);
	out->kind = view_text_plain(n->cancelled ? "cancelled" : notice_kind_name(n->kind));
	out->role = view_text_plain(n->role == ROLE_NONE ? NULL : plan_role_id(inc->plan, n->role));
	out->role_title = view_text_plain(n->role == ROLE_NONE ? NULL : plan_role_title(inc->plan, n->role));
	out->role_title_en = view_text_role_en(inc->plan, n->role);
	out->wants_ack = n->wants_ack;
	out->ended = n->state != NOTICE_OPEN;
	out->ended_by = ended_by(&b, n);
	out->ended_by_en = ended_by_en(&b, n);
	out->repeats = n->repeats;
	out->at = (uint64_t)n->at;
	out->due = n->state == NOTICE_OPEN && n->next_at != INT64_MAX ? (uint64_t)n->next_at : 0;
	if (n->kind == NOTICE_TELL || tells_incident(n)) {
		size_t count;
		const struct record_value *values = values_of(&b, n, &said, &count);
		out->values = view_text_values(&b, inc->plan, said, values, count);
		out->n_values = count;
	}
	out->from = from(&b, n, false);
	out->from_en = from(&b, n, true);
	out->place = tells_incident(n) ? view_text_place(&b, inc) : view_text_plain(NULL);
	out->drill_note = drill_note(n, false);
	out->drill_note_en = drill_note(n, true);
	out->answer = n->group;
	out->follow_up = n->follow_up;
	out->due_date = view_text_plain(n->kind == NOTICE_REMINDER ? view_follow_up_of(n)->due : NULL);
	out->escalated = n->escalation >= ESC_DEPUTIES;
}

/* Their titles, each once, in the order of the bundle. */
static char *capacities(struct view_build *b, const struct notice *const *all, size_t n, bool english)
{
	const struct plan *p = all[0]->incident->plan;
	char *text = view_text_plain(NULL);
	for (size_t i = 0; i < n; i++) {
		const char *en = english ? plan_role_title_en(p, all[i]->role) : NULL;
		bool again = false;
		for (size_t k = 0; k < i; k++)
			again = again || all[k]->role == all[i]->role;
		if (!again)
			text = arena_printf(b->arena, "%s%s%s", text,
				i == 0    ? ""
				: english ? ", "
					  : "・",
				en ? en : plan_role_title(p, all[i]->role));
	}
	return text;
}

static uint64_t *ids_of(struct view_build *b, const struct notice *const *all, size_t n)
{
	uint64_t *ids = arena_alloc(b->arena, n * sizeof *ids);
	for (size_t i = 0; i < n; i++)
		ids[i] = all[i]->id;
	return ids;
}

void view_notice_bundle(
	const struct engine *engine, const struct notice *lead_of, const char *person, struct arena *arena, Renraku__Notice *out)
{
	const struct notice *all[BUNDLE_MAX];
	size_t n = bundle_list(lead_of, person, all, BUNDLE_MAX);
	struct view_build b;
	view_build_init(&b, engine, NULL, lead_of->at, arena, NULL);
	view_notice(engine, lead_of, arena, out);
	if (n < 2)
		return;
	out->role_title = capacities(&b, all, n, false);
	out->role_title_en = capacities(&b, all, n, true);
	out->also = ids_of(&b, all + 1, n - 1);
	out->n_also = n - 1;
	for (size_t i = 1; i < n; i++)
		out->revision = all[i]->revision > out->revision ? all[i]->revision : out->revision;
}

void view_notice_gone(const struct notice *n, const struct recipient *who, Renraku__Notice *out)
{
	bool term = who->why_gone && strcmp(who->why_gone, "term") == 0; /* that somebody is barred is not said to him */
	renraku__notice__init(out);
	out->id = n->id;
	out->revision = who->gone;
	out->incident = n->incident->id;
	out->drill = n->incident->drill;
	out->title = view_text_plain(n->incident->drill ? "【訓練】この連絡は取り下げられました" : "この連絡は取り下げられました");
	out->title_en = view_text_plain(n->incident->drill ? "[DRILL] This notice was withdrawn" : "This notice was withdrawn");
	out->kind = view_text_plain(notice_kind_name(n->kind));
	out->role = view_text_plain(plan_role_id(n->incident->plan, n->role));
	out->at = (uint64_t)n->at;
	out->ended = true;
	out->ended_by = view_text_plain(term ? "代理・委任の期間が終わりました" : "対応の必要はありません");
	out->ended_by_en = view_text_plain(term ? "the delegation has ended" : "nothing is to be done");
}

/* ---- the row ---- */

static Renraku__Stage stage_of(enum receipt_stage stage)
{
	switch (stage) {
	case STAGE_SENT:
		return RENRAKU__STAGE__STAGE_SENT;
	case STAGE_DELIVERED:
		return RENRAKU__STAGE__STAGE_DELIVERED;
	case STAGE_DISPLAYED:
		return RENRAKU__STAGE__STAGE_DISPLAYED;
	case STAGE_NOT_SENT:
		break;
	}
	return RENRAKU__STAGE__STAGE_NONE;
}

static void recipient_ack(struct view_build *b, const struct notice *n, const struct recipient *r, Renraku__RecipientRow *out)
{
	/* A confirmation or denial is kept with the notice where this is the word that satisfied it. */
	const struct deed *ack = n->ack.record == r->ack.record ? &n->ack : &r->ack;
	out->acknowledged = !r->excused;
	out->acknowledged_at = (uint64_t)ack->at;
	out->number = view_text_cut(b, view_telephone_shown(b, ack->number)); /* by which it was given */
	out->capacity = view_text_plain(capacity_name(ack->capacity));
	out->channel = view_text_plain(channel_name(ack->channel));
	if (ack->entered_by)
		out->entered_by = view_text_person(b, ack->entered_by);
	else if (n->broadcast && ack->person)
		out->entered_by = view_text_person(b, ack->person); /* checked on the spot instead of the terminal itself */
	out->unconfirmed = ack->confirmation == DEED_UNCONFIRMED;
}

static char *number_to_call(struct view_build *b, const struct notice *n, const struct recipient *r)
{
	int person = !n->broadcast && b->site ? site_person_find(b->site, r->id) : -1;
	size_t count = 0;
	char **numbers = person >= 0 ? view_telephone_numbers(b, person, &count) : NULL;
	return view_text_plain(count ? numbers[0] : NULL);
}

static Renraku__RecipientRow *recipient(struct view_build *b, const struct notice *n, const struct recipient *r)
{
	Renraku__RecipientRow *out = arena_alloc(b->arena, sizeof *out);
	renraku__recipient_row__init(out);
	bool terminal = r->as == AS_TERMINAL;
	out->id = view_text_plain(r->id);
	out->name = terminal ? view_text_terminal(b, r->id) : view_text_person(b, r->id);
	out->as = view_text_plain(recipient_as_name(r->as));
	enum presence presence =
		terminal ? engine_presence_terminal(b->engine, r->id, NULL) : engine_presence_person(b->engine, r->id, NULL);
	/* Just after a start it is not known who is there; whoever received something since evidently is. */
	out->present = presence == PRESENT || (presence == PRESENCE_UNKNOWN && r->stage >= STAGE_DELIVERED);
	out->stage = stage_of(r->stage);
	out->stage_at = (uint64_t)r->stage_at;
	out->answer = view_text_plain(r->answer);
	out->comment = view_text_cut(b, r->comment);
	out->excused = view_text_cut(b, r->excused);
	if (terminal)
		out->place = view_text_terminal(b, r->id);
	if (r->ack.record)
		recipient_ack(b, n, r, out);
	else
		out->number = number_to_call(b, n, r);
	return out;
}

static void head(struct view_build *b, const struct notice *n, Renraku__NoticeRow *row)
{
	const struct incident *inc = n->incident;
	const struct plan_item *it = &inc->plan->items[n->item], *said;
	row->id = n->id;
	row->incident = inc->id;
	row->drill = inc->drill;
	row->item = view_text_plain(n->kind == NOTICE_REMINDER ? NULL : it->id);
	if (n->kind != NOTICE_REMINDER)
		row->clause = view_text_list(b, &it->clause, &row->n_clause);
	row->title = view_notice_title(b, n, false, false);
	row->title_en = view_notice_title(b, n, false, true);
	row->words = view_text_plain(n->kind == NOTICE_REMINDER ? NULL : it->words);
	row->kind = view_text_plain(n->cancelled ? "cancelled" : notice_kind_name(n->kind));
	row->role = view_text_plain(n->role == ROLE_NONE ? NULL : plan_role_id(inc->plan, n->role));
	row->role_title = view_text_plain(n->role == ROLE_NONE ? NULL : plan_role_title(inc->plan, n->role));
	row->role_title_en = view_text_role_en(inc->plan, n->role);
	row->wants_ack = n->wants_ack;
	row->state = view_text_plain(notice_state_name(n->state));
	row->at = (uint64_t)n->at;
	row->due = n->state == NOTICE_OPEN && n->next_at != INT64_MAX ? (uint64_t)n->next_at : 0;
	row->repeats = n->repeats;
	row->escalation = view_text_plain(escalation_name(n->escalation));
	for (size_t i = 0; n->broadcast && i < n->n_recipients; i++)
		row->excused += n->recipients[i].excused != NULL;
	row->wanted = !n->wants_ack ? 0 : n->broadcast ? (uint32_t)n->n_recipients - row->excused : 1;
	row->acknowledged = n->broadcast ? (uint32_t)n->n_acknowledged - row->excused : n->state == NOTICE_ACKNOWLEDGED;
	row->telephone = view_telephone_why(b, n) != NULL;
	row->overdue = n->overdue_at && n->state == NOTICE_OPEN;
	if (tells_incident(n) || n->kind == NOTICE_TELL) {
		size_t count;
		const struct record_value *values = values_of(b, n, &said, &count);
		row->values = view_text_values(b, inc->plan, said, values, count);
		row->n_values = count;
	}
	row->from = from(b, n, false);
	row->from_en = from(b, n, true);
	row->drill_note = drill_note(n, false);
	row->drill_note_en = drill_note(n, true);
	row->ended_by = ended_by(b, n);
	row->ended_by_en = ended_by_en(b, n);
	row->answer = n->group;
	row->ended_at = (uint64_t)n->ended_at;
	row->acknowledge_ms = (uint64_t)n->limit_ack;
	row->done_ms = (uint64_t)n->limit_done;
}

static void add_part(struct view_build *b, const struct notice *n, Renraku__NoticeRow *row, const char *order)
{
	Renraku__Row out;
	renraku__row__init(&out);
	out.body_case = RENRAKU__ROW__BODY_NOTICE;
	out.notice = row;
	const char *key = row->part ? arena_printf(b->arena, "notice:%llu:%05u", (unsigned long long)n->id, row->part)
				    : arena_printf(b->arena, "notice:%llu", (unsigned long long)n->id);
	view_rows_add(b, &out, key, row->part ? arena_printf(b->arena, "%s.%05u", order, row->part) : order);
}

/* Further parts name the notice and go on with its recipients; everything else stands in the first. */
static void next_part(const struct notice *n, Renraku__NoticeRow *row)
{
	uint32_t part = row->part + 1;
	Renraku__RecipientRow **recipients = row->recipients;
	renraku__notice_row__init(row);
	row->id = n->id;
	row->incident = n->incident->id;
	row->drill = n->incident->drill;
	row->part = part;
	row->recipients = recipients;
}

static bool shown(struct view_build *b, const struct recipient *r, enum view_notice_recipients which)
{
	if (which == VIEW_RECIPIENTS_ALL)
		return true;
	if (which == VIEW_RECIPIENTS_PERSONS)
		return r->as != AS_TERMINAL;
	return r->as != AS_TERMINAL || (b->reader.terminal && strcmp(b->reader.terminal, r->id) == 0);
}

/* The reader's own, where several are shown as one. */
static void with_capacities(struct view_build *b, const struct notice *n, Renraku__NoticeRow *row)
{
	const struct notice *all[BUNDLE_MAX];
	size_t count = bundle_list(n, b->reader.person, all, BUNDLE_MAX);
	if (count < 2 || bundle_lead(n, b->reader.person) != n)
		return;
	row->role_title = capacities(b, all, count, false);
	row->role_title_en = capacities(b, all, count, true);
	row->also = ids_of(b, all + 1, count - 1);
	row->n_also = count - 1;
}

void view_notice_add(struct view_build *b, const struct notice *n, enum view_notice_recipients which, const char *order)
{
	view_text_row(b);
	Renraku__NoticeRow row;
	renraku__notice_row__init(&row);
	head(b, n, &row);
	if (which == VIEW_RECIPIENTS_READER && !n->broadcast)
		with_capacities(b, n, &row);
	const struct recipient *own =
		n->broadcast && which == VIEW_RECIPIENTS_READER ? engine_notice_recipient(n, b->reader.terminal) : NULL;
	const struct recipient *from_r = own ? own : n->recipients;
	size_t count = own ? 1 : n->n_recipients;
	row.recipients = arena_alloc(b->arena, (count + 1) * sizeof *row.recipients);
	size_t size = renraku__notice_row__get_packed_size(&row);
	for (size_t i = 0; i < count; i++) {
		if (!shown(b, &from_r[i], which) || (from_r[i].gone && !from_r[i].ack.record))
			continue;
		Renraku__RecipientRow *r = recipient(b, n, &from_r[i]);
		size_t len = renraku__recipient_row__get_packed_size(r) + 8;
		if (size + len > PART_MAX && row.n_recipients) {
			add_part(b, n, &row, order);
			next_part(n, &row);
			view_text_row(b);
			size = 64;
		}
		row.recipients[row.n_recipients++] = r;
		size += len;
	}
	add_part(b, n, &row, order);
}
