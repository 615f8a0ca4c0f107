/* What changed, in one line each: for logs, scripts and screens that cannot be painted. */
#include <string.h>

#include "base/clock.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/say.h"
#include "ctl/watching.h"

static const char *stamp(struct ctl *ctl)
{
	char when[20];

	return arena_strdup(ctl->arena, clock_format(link_now(ctl), true, when) + strlen("2026-11-23 "));
}

static void incident(struct ctl *ctl, const Renraku__IncidentRow *b, const Renraku__IncidentRow *a)
{
	if (b && strcmp(b->state, a->state) == 0 && b->items_open == a->items_open && b->measures_in_force == a->measures_in_force)
		return;
	out_line(ctl, strcmp(a->state, "open") == 0 ? SHOW_BOLD : SHOW_GOOD,
		T("%s 事案%u %s %s  残り項目%u 未応答%u 措置%u", "%s incident %u %s %s  items %u, open notices %u, measures %u"),
		stamp(ctl), a->id, say_marked(ctl->arena, a->drill, i18n_pick(a->title, a->title_en)), say_incident_state(a->state),
		a->items_open, a->notices_open, a->measures_in_force);
}

static const Renraku__RecipientRow *same_recipient(const Renraku__NoticeRow *notice, const char *id)
{
	size_t i;

	for (i = 0; notice && i < notice->n_recipients; i++)
		if (strcmp(notice->recipients[i]->id, id) == 0)
			return notice->recipients[i];
	return NULL;
}

static void recipient(struct ctl *ctl, const Renraku__NoticeRow *n, const Renraku__RecipientRow *b, const Renraku__RecipientRow *a)
{
	const char *to = *a->name ? a->name : a->id;
	const char *head = arena_printf(
		ctl->arena, "%s #%llu %s%u/%s", stamp(ctl), (unsigned long long)n->id, say_drill(n->drill), n->incident, n->item);

	if (a->acknowledged && !(b && b->acknowledged))
		out_line(ctl, SHOW_GOOD, T("%s  %s 確認済（%s・%s）%s", "%s  %s acknowledged (%s, %s)%s"), head, to,
			say_capacity(a->capacity), say_channel(a->channel), *a->answer ? say_answer(a->answer) : "");
	else if (*a->excused && !(b && *b->excused))
		out_line(ctl, SHOW_WARN, T("%s  %s 使用不能: %s", "%s  %s out of service: %s"), head, to, a->excused);
	else if (!b)
		out_line(ctl, SHOW_PLAIN, T("%s  %s（%s）へ通知: %s", "%s  to %s (%s): %s"), head, to,
			i18n_pick(n->role_title, n->role_title_en), say_marked(ctl->arena, n->drill, i18n_pick(n->title, n->title_en)));
	else if (a->stage > b->stage)
		out_line(ctl, SHOW_DIM, "%s  %s %s", head, to, say_stage(a->stage));
}

static void notice(struct ctl *ctl, const Renraku__NoticeRow *b, const Renraku__NoticeRow *a)
{
	const char *head = arena_printf(
		ctl->arena, "%s #%llu %s%u/%s", stamp(ctl), (unsigned long long)a->id, say_drill(a->drill), a->incident, a->item);
	size_t i;

	for (i = 0; i < a->n_recipients; i++)
		recipient(ctl, a, same_recipient(b, a->recipients[i]->id), a->recipients[i]);
	if (b && strcmp(b->escalation, a->escalation) != 0)
		out_line(ctl, SHOW_WARN, "%s  %s", head, say_escalation(a->escalation));
	if (b && a->telephone && !b->telephone)
		out_line(ctl, SHOW_BAD, T("%s  電話が必要です", "%s  telephone!"), head);
}

static void telephone(struct ctl *ctl, const Renraku__TelephoneRow *b, const Renraku__TelephoneRow *a)
{
	if (!b)
		out_line(ctl, SHOW_BAD, T("%s %s電話してください: %s %s %s（%s）", "%s %stelephone: %s %s %s (%s)"), stamp(ctl),
			say_drill(a->drill), i18n_pick(a->role_title, a->role_title_en), a->name,
			say_join(ctl->arena, a->numbers, a->n_numbers, " / "), say_why(a->why));
}

static void presence(struct ctl *ctl, const char *who, bool before, bool after)
{
	if (before != after)
		out_line(ctl, SHOW_DIM, "%s %s %s", stamp(ctl), who, after ? T("在席", "present") : T("不在", "away"));
}

static void measure(struct ctl *ctl, const Renraku__MeasureRow *b, const Renraku__MeasureRow *a)
{
	if (!b || strcmp(b->state, a->state) != 0)
		out_line(ctl, SHOW_WARN, T("%s %s事案%u 措置%u「%s」 %s", "%s %sincident %u measure %u '%s' %s"), stamp(ctl),
			say_drill(a->drill), a->incident, a->id, i18n_pick(a->title, a->title_en), say_measure(a->state));
}

static void item(struct ctl *ctl, const Renraku__ItemRow *b, const Renraku__ItemRow *a)
{
	if (a->mine && !(b && b->mine) && strcmp(a->state, "standing") != 0)
		out_line(ctl, SHOW_BOLD,
			T("%s %s事案%u %s「%s」をお願いします（renraku act %u %s）",
				"%s %sincident %u %s '%s': your turn (renraku act %u %s)"),
			stamp(ctl), say_drill(*a->drill), a->incident, a->id, i18n_pick(a->title, a->title_en), a->incident, a->id);
}

void watching_line(struct ctl *ctl, const Renraku__Row *b, const Renraku__Row *a)
{
	if (!a || (b && b->body_case != a->body_case))
		return;
	switch (a->body_case) {
	case RENRAKU__ROW__BODY_INCIDENT:
		incident(ctl, b ? b->incident : NULL, a->incident);
		break;
	case RENRAKU__ROW__BODY_NOTICE:
		if (a->notice->part == 0)
			notice(ctl, b ? b->notice : NULL, a->notice);
		break;
	case RENRAKU__ROW__BODY_TELEPHONE:
		telephone(ctl, b ? b->telephone : NULL, a->telephone);
		break;
	case RENRAKU__ROW__BODY_MEASURE:
		measure(ctl, b ? b->measure : NULL, a->measure);
		break;
	case RENRAKU__ROW__BODY_ITEM:
		item(ctl, b ? b->item : NULL, a->item);
		break;
	case RENRAKU__ROW__BODY_PERSON:
		if (b)
			presence(ctl, a->person->name, b->person->present, a->person->present);
		break;
	case RENRAKU__ROW__BODY_TERMINAL:
		if (b)
			presence(ctl, a->terminal->id, b->terminal->present, a->terminal->present);
		break;
	default:
		break;
	}
}

void watching_notice(struct ctl *ctl, const Renraku__Notice *n)
{
	const char *title = say_marked(ctl->arena, n->drill, i18n_pick(n->title, n->title_en));
	char due[24];

	if (n->ended) {
		out_line(ctl, SHOW_DIM, T("%s ■ 通知 #%llu は終わりました%s%s: %s", "%s # notice #%llu has ended%s%s: %s"), stamp(ctl),
			(unsigned long long)n->id, *n->ended_by ? T("、", ", ") : "", i18n_pick(n->ended_by, n->ended_by_en), title);
		return;
	}
	out_line(ctl, n->drill ? SHOW_DRILL : SHOW_BAD, T("%s ★ 通知 #%llu %s%s", "%s * notice #%llu %s%s"), stamp(ctl),
		(unsigned long long)n->id,
		n->escalated ? T("（ほかの人の応答がないため）", "(because somebody else has not answered) ") : "", title);
	if (*n->drill_note)
		out_line(ctl, SHOW_DRILL, "          %s", i18n_pick(n->drill_note, n->drill_note_en));
	if (*n->words)
		out_line(ctl, SHOW_PLAIN, T("          計画の文: %s", "          plan: %s"), n->words);
	if (n->n_values)
		out_line(ctl, SHOW_PLAIN, "          %s", say_values(ctl->arena, n->values, n->n_values));
	if (n->wants_ack)
		out_line(ctl, SHOW_PLAIN, T("          応えるには: renraku ack %llu%s%s%s", "          answer: renraku ack %llu%s%s%s"),
			(unsigned long long)n->id, n->answer ? " --answer present|absent|deputy" : "", n->due ? T("　期限 ", "  by ") : "",
			n->due ? show_time((int64_t)n->due, link_now(ctl), due) : "");
}

void watching_probe(struct ctl *ctl, const Renraku__Probe *probe)
{
	(void)probe;
	out_line(ctl, SHOW_DIM,
		T("%s 接続テスト：この画面に連絡が届いています。操作は要りません。",
			"%s connection test: this screen receives. Nothing is to be done."),
		stamp(ctl));
}
