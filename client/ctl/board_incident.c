#include <string.h>

#include "ctl/board.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"

#define WAITS_SHOWN 4

void board_head(struct ctl *ctl, const struct rows *rows, uint32_t incident)
{
	const Renraku__IncidentRow *in = pick_incident(rows, incident);
	int64_t now = link_now(ctl);
	const char *category, *reporter;
	char when[48];

	if (!in)
		return;
	category = i18n_pick(in->category_title, in->category_title_en);
	reporter = i18n_pick(in->reporter, in->reporter_en);
	out_line(ctl, in->drill ? SHOW_DRILL : SHOW_BOLD, T("事案 %u  %s  （%s%s%s）", "Incident %u  %s  (%s%s%s)"), in->id,
		say_marked(ctl->arena, in->drill, i18n_pick(in->title, in->title_en)), say_incident_state(in->state),
		*category ? T("・", ", ") : "", category);
	out_line(ctl, SHOW_PLAIN, T("  発生 %s  場所 %s  通報者 %s", "  opened %s  place %s  reporter %s"),
		show_when((int64_t)in->opened_at, now, when), *in->place ? in->place : "-", *reporter ? reporter : "-");
	if (in->happened_at)
		out_line(ctl, SHOW_WARN, T("  【転記】書かれた時刻 %s  入力 %s", "  [copied from paper] written at %s, entered by %s"),
			show_when((int64_t)in->happened_at, now, when), in->transcribed_by);
	if (in->n_values)
		out_line(ctl, SHOW_PLAIN, "  %s", say_values(ctl->arena, in->values, in->n_values));
	if (in->n_facts)
		out_line(ctl, SHOW_PLAIN, T("  判断事項  %s", "  facts  %s"), say_values(ctl->arena, in->facts, in->n_facts));
	if (in->drill)
		out_line(ctl, SHOW_DRILL,
			T("  訓練（%s）  採点表: renraku drill score %u", "  drill (%s)  score card: renraku drill score %u"),
			in->unannounced ? T("予告なし", "unannounced") : T("予告あり", "announced"), in->id);
	if (*in->given_up)
		out_line(ctl, SHOW_WARN, T("  打ち切り: %s", "  given up: %s"), i18n_pick(in->given_up, in->given_up_en));
	if (in->joined_into)
		out_line(ctl, SHOW_WARN, T("  この事案は事案 %u にまとめられました。", "  Joined into incident %u."), in->joined_into);
	if (in->closed_at)
		out_line(ctl, SHOW_GOOD, T("  終結 %s  %s", "  closed %s  %s"), show_when((int64_t)in->closed_at, now, when),
			i18n_pick(in->closed_by, in->closed_by_en));
	else if (in->may_close)
		out_line(ctl, SHOW_GOOD, "%s", T("  終結できる状態です。", "  It may be closed now."));
}

static const char *waited(struct ctl *ctl, const Renraku__ItemRow *item)
{
	size_t n = item->n_waits_for < WAITS_SHOWN ? item->n_waits_for : WAITS_SHOWN;
	const char *names = say_join(ctl->arena, item->waits_for, n, " ");

	return n < item->n_waits_for ? arena_printf(ctl->arena, T("%s ほか%zu", "%s and %zu more"), names, item->n_waits_for - n) : names;
}

/* Who did it, or what it waits for. */
static const char *item_story(struct ctl *ctl, const Renraku__ItemRow *item)
{
	struct arena *arena = ctl->arena;
	int64_t now = link_now(ctl);
	char when[24];
	const char *by = i18n_pick(item->by_title, item->by_title_en), *story;

	if (strcmp(item->state, "waiting") == 0 || strcmp(item->state, "held") == 0)
		return arena_printf(arena, T("担当 %s　先に %s", "by %s  first %s"), by, waited(ctl, item));
	if (!*item->entered_by)
		return item->due ? arena_printf(arena, T("担当 %s　期限 %s", "by %s  due %s"), by, show_time((int64_t)item->due, now, when))
				 : arena_printf(arena, T("担当 %s", "by %s"), by);
	story = arena_printf(arena, "%s %s", show_time((int64_t)item->entered_at, now, when), say_actor(arena, item));
	if (item->amended)
		story = arena_printf(arena, T("%s 訂正あり", "%s amended"), story);
	if (item->unconfirmed)
		story = arena_printf(arena, T("%s ※本人の確認待ち", "%s *to be confirmed"), story);
	if (*item->reason)
		story = arena_printf(arena, T("%s 理由: %s", "%s reason: %s"), story, item->reason);
	if (item->n_values)
		story = arena_printf(arena, "%s  %s", story, say_values(arena, item->values, item->n_values));
	return story;
}

static enum show_tone item_tone(const Renraku__ItemRow *item)
{
	if (strcmp(item->state, "ready") == 0)
		return item->mine ? SHOW_BOLD : SHOW_WARN;
	if (strcmp(item->state, "told") == 0 || strcmp(item->state, "held") == 0)
		return SHOW_WARN;
	return strcmp(item->state, "done") == 0 ? SHOW_GOOD : SHOW_DIM;
}

static bool hidden(const Renraku__ItemRow *item, bool all)
{
	bool idle = strcmp(item->state, "standing") == 0 && !*item->entered_by;

	return !all && (idle || strcmp(item->state, "not_applicable") == 0 || strcmp(item->state, "undetermined") == 0);
}

void board_items(struct ctl *ctl, const struct rows *rows, uint32_t incident, bool all)
{
	const char *heads[] = {T("項目", "Item"), T("状態", "State"), T("すること", "What"), T("だれが・いつ・内容", "Who, when, what")};
	struct show_table *table = show_table_new(4, heads, 2);
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_ITEM))) {
		const Renraku__ItemRow *item = row->item;
		const char *cells[4] = {item->id,
			arena_printf(ctl->arena, "%s%s", say_item_state(item->state),
				item->optional && strcmp(item->state, "ready") == 0 ? T("(任意)", " (optional)") : ""),
			*item->title ? i18n_pick(item->title, item->title_en) : item->words, NULL};

		if (item->incident != incident || hidden(item, all))
			continue;
		cells[3] = item_story(ctl, item);
		show_table_row(table, item_tone(item), cells);
		n++;
	}
	if (n == 0) {
		show_table_free(table);
		return;
	}
	out_line(ctl, SHOW_BOLD, "\n%s", T("手順の進みぐあい", "The procedure"));
	out_table(ctl, table);
}

void board_meetings(struct ctl *ctl, const struct rows *rows)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_MEETING))) {
		const Renraku__MeetingRow *m = row->meeting;

		if (i == 1)
			out_line(ctl, SHOW_PLAIN, "%s", "");
		out_line(ctl, SHOW_BOLD,
			T("会議の出欠（%s %s）: 出席 %u・代理 %u・欠席 %u・未回答 %u ／ 定足数 %u",
				"Meeting (%s %s): present %u, deputies %u, absent %u, silent %u / quorum %u"),
			m->item, i18n_pick(m->role, m->role_en), m->present, m->deputies, m->absent, m->silent, m->quorum);
	}
}

void board_comments(struct ctl *ctl, const struct rows *rows)
{
	int64_t now = link_now(ctl);
	const Renraku__Row *row;
	size_t i = 0;
	bool first = true;
	char when[24];

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_COMMENT))) {
		if (first)
			out_line(ctl, SHOW_BOLD, "\n%s", T("コメント", "Comments"));
		first = false;
		out_line(ctl, SHOW_PLAIN, "  %s %s%s%s: %s", show_time((int64_t)row->comment->at, now, when),
			i18n_pick(row->comment->by, row->comment->by_en), *row->comment->item ? " " : "", row->comment->item,
			row->comment->text);
	}
}

void board_confirms(struct ctl *ctl, const struct rows *rows)
{
	int64_t now = link_now(ctl);
	const Renraku__Row *row;
	size_t i = 0;
	bool first = true;
	char when[24];

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_CONFIRM))) {
		const Renraku__ConfirmRow *c = row->confirm;

		if (first)
			out_line(ctl, SHOW_WARN, "\n%s",
				T("本人の確認を待っている入力（本人が renraku confirm 記録番号 で確認、違うときは --deny）",
					"Entered for somebody, to be confirmed by that person: renraku confirm RECORD (or --deny)"));
		first = false;
		out_line(ctl, SHOW_PLAIN,
			T("  記録 %llu  %s事案%u %s  %s  %s %s %s  入力 %s",
				"  record %llu  %sincident %u %s  %s  %s %s %s  entered by %s"),
			(unsigned long long)c->record, say_drill(c->drill), c->incident, c->item, i18n_pick(c->what, c->what_en),
			say_channel(c->channel), c->number, show_time((int64_t)c->said_at, now, when), c->entered_by);
	}
}

void board_alarms(struct ctl *ctl, const struct rows *rows)
{
	int64_t now = link_now(ctl);
	const Renraku__Row *row;
	size_t i = 0;

	if (pick_count(rows, RENRAKU__ROW__BODY_ALARM) < 2)
		return;
	out_line(ctl, SHOW_BOLD, "\n%s", T("まとめられた通報", "Alarms joined here"));
	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_ALARM))) {
		const Renraku__AlarmRow *a = row->alarm;
		char when[24];

		out_line(ctl, SHOW_PLAIN, T("  記録 %llu  %s  %s（%s）  %s", "  record %llu  %s  %s (%s)  %s"),
			(unsigned long long)a->record, show_time((int64_t)(a->made_at ? a->made_at : a->at), now, when), a->place,
			a->terminal, say_values(ctl->arena, a->values, a->n_values));
	}
}
