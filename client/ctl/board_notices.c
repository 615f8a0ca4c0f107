/* The heart of `status`: one line for each person who was told, and how far it came with each. */
#include <string.h>

#include "ctl/board.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"

#define COLUMNS 6

struct listing {
	struct ctl *ctl;
	struct show_table *table;
	int64_t now;
	size_t n;
	bool brief; /* those who are to be telephoned stand in their own list already */
};

/* "09:06 田中（本人・画面）" or "未応答 5分". */
static const char *response(const struct listing *l, const Renraku__NoticeRow *notice, const Renraku__RecipientRow *r)
{
	struct arena *arena = l->ctl->arena;
	char when[24], elapsed[24];
	const char *how;

	if (*r->excused)
		return arena_printf(arena, T("使用不能: %s", "out of service: %s"), r->excused);
	if (!r->acknowledged) {
		if (!notice->wants_ack)
			return T("（応答不要）", "(no answer needed)");
		if (strcmp(notice->state, "open") != 0)
			return "-";
		return arena_printf(arena, T("未応答（%s）", "no answer (%s)"), show_elapsed((int64_t)notice->at, l->now, elapsed));
	}
	how = arena_printf(
		arena, "%s%s%s", say_capacity(r->capacity), *r->capacity && *r->channel ? T("・", ", ") : "", say_channel(r->channel));
	how = arena_printf(arena, T("%s %s（%s%s）", "%s %s (%s%s)"), show_time((int64_t)r->acknowledged_at, l->now, when),
		*r->answer ? say_answer(r->answer) : T("確認済", "acknowledged"), how,
		*r->entered_by ? arena_printf(arena, T("、入力 %s", ", entered by %s"), r->entered_by) : "");
	if (*r->comment)
		how = arena_printf(arena, T("%s「%s」", "%s '%s'"), how, say_cause(r->comment));
	if (r->unconfirmed)
		how = arena_printf(arena, T("%s ※本人の確認待ち", "%s *to be confirmed"), how);
	return how;
}

/* What happens next with an open notice. */
static const char *next_step(const struct listing *l, const Renraku__NoticeRow *notice)
{
	char when[24];
	const char *reached = say_escalation(notice->escalation);

	if (!notice->wants_ack || strcmp(notice->state, "open") != 0)
		return strcmp(notice->state, "withdrawn") == 0 ? T("取消", "withdrawn") : "";
	if (notice->telephone)
		return T("要電話", "telephone!");
	if (strcmp(notice->escalation, "telephone") == 0)
		return ""; /* it came to that, but nobody waits for this answer any more */
	if (notice->due == 0)
		return reached;
	return arena_printf(l->ctl->arena, T("%s%s次 %s", "%s%snext %s"), reached, *reached ? T("、", ", ") : "",
		show_time((int64_t)notice->due, l->now, when));
}

static const char *item_cell(struct ctl *ctl, const Renraku__NoticeRow *notice)
{
	return arena_printf(ctl->arena, "%s%u/%s%s", say_drill(notice->drill), notice->incident, notice->item,
		strcmp(notice->kind, "your_turn") == 0 ? T(" 着手", " to do") : "");
}

static enum show_tone tone_of(const Renraku__NoticeRow *notice, bool answered)
{
	if (answered)
		return SHOW_GOOD;
	if (strcmp(notice->state, "open") != 0 || !notice->wants_ack)
		return SHOW_DIM;
	return notice->telephone ? SHOW_BAD : strcmp(notice->escalation, "none") == 0 || !*notice->escalation ? SHOW_PLAIN : SHOW_WARN;
}

static void person_line(struct listing *l, const Renraku__NoticeRow *notice, const Renraku__RecipientRow *r, bool first)
{
	const char *as = strcmp(r->as, "holder") == 0 || !*r->as ? "" : arena_printf(l->ctl->arena, T("（%s）", " (%s)"), say_as(r->as));
	const char *step = first ? next_step(l, notice) : "";
	const char *cells[COLUMNS] = {first ? arena_printf(l->ctl->arena, "#%llu", (unsigned long long)notice->id) : "",
		first ? item_cell(l->ctl, notice) : "", first ? i18n_pick(notice->role_title, notice->role_title_en) : "",
		arena_printf(l->ctl->arena, "%s%s", *r->name ? r->name : r->id, as), NULL, NULL};

	cells[4] = arena_printf(
		l->ctl->arena, T("%s・%s", "%s, %s"), r->present ? T("在席", "present") : T("不在", "away"), say_stage(r->stage));
	cells[5] = arena_printf(l->ctl->arena, "%s%s%s", response(l, notice, r), *step ? T("　", "  ") : "", step);
	show_table_row(l->table, tone_of(notice, r->acknowledged), cells);
}

static bool is_terminal(const Renraku__RecipientRow *r)
{
	return strcmp(r->as, "terminal") == 0;
}

/* A broadcast: how many, and the ones that have not answered (or, where no answer is wanted, have not got it). */
static void broadcast_lines(struct listing *l, const Renraku__NoticeRow *notice, const struct rows *rows)
{
	size_t i = 0, shown = 0, silent = 0, reached[4] = {0}, total = 0;
	const Renraku__Row *row;
	struct buf who, excused;
	const char *text;

	buf_init(&who, 4096);
	buf_init(&excused, 4096);
	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_NOTICE))) {
		size_t k;

		for (k = 0; row->notice->id == notice->id && k < row->notice->n_recipients; k++) {
			const Renraku__RecipientRow *r = row->notice->recipients[k];
			bool lacking = notice->wants_ack ? !r->acknowledged && !*r->excused : r->stage < RENRAKU__STAGE__STAGE_DISPLAYED;

			total++;
			reached[(unsigned)r->stage < 4 ? (unsigned)r->stage : 0]++;
			if (*r->excused && excused.len < 400)
				buf_printf(&excused, T("　使用不能: %s（%s）", "  out of service: %s (%s)"), *r->name ? r->name : r->id,
					r->excused);
			if (!lacking)
				continue;
			if (shown++ < 12)
				buf_printf(&who, "%s%s", shown > 1 ? T("、", ", ") : "", *r->name ? r->name : r->id);
			silent++;
		}
	}
	if (notice->wants_ack)
		text = arena_printf(l->ctl->arena, T("%u/%u台が確認済%s%s", "%u of %u acknowledged%s%s"), notice->acknowledged,
			notice->wanted, silent ? T("　未確認: ", "  not yet: ") : "", buf_str(&who));
	else
		text = arena_printf(l->ctl->arena, T("%zu台中 表示 %zu・配達 %zu%s%s", "of %zu: displayed %zu, delivered %zu%s%s"), total,
			reached[3], reached[2], silent ? T("　未表示: ", "  not displayed: ") : "", buf_str(&who));
	if (silent > 12)
		text = arena_printf(l->ctl->arena, T("%s ほか%zu台", "%s and %zu more"), text, silent - 12);
	if (notice->excused)
		text = arena_printf(l->ctl->arena, "%s%s", text,
			excused.len ? buf_str(&excused)
				    : arena_printf(l->ctl->arena, T("　使用不能 %u台", "  out of service %u"), notice->excused));
	buf_free(&who);
	buf_free(&excused);
	show_table_row(l->table, tone_of(notice, silent == 0),
		(const char *[COLUMNS]){arena_printf(l->ctl->arena, "#%llu", (unsigned long long)notice->id), item_cell(l->ctl, notice),
			i18n_pick(notice->role_title, notice->role_title_en),
			arena_printf(l->ctl->arena, T("%zu台", "%zu terminals"), total), "", text});
}

/* Once somebody's word has satisfied a notice, or it was withdrawn after it, those of whom it is no longer wanted need no line. */
static bool spared(const Renraku__NoticeRow *notice, const Renraku__RecipientRow *r)
{
	size_t i;

	if (strcmp(notice->state, "open") == 0 || r->acknowledged)
		return false;
	for (i = 0; i < notice->n_recipients; i++)
		if (notice->recipients[i]->acknowledged)
			return true;
	return false;
}

/* One line for a notice whose people are all listed under 'telephone now'. */
static void brief_line(struct listing *l, const Renraku__NoticeRow *notice)
{
	char elapsed[24];

	show_table_row(l->table, SHOW_BAD,
		(const char *[COLUMNS]){arena_printf(l->ctl->arena, "#%llu", (unsigned long long)notice->id), item_cell(l->ctl, notice),
			i18n_pick(notice->role_title, notice->role_title_en),
			arena_printf(l->ctl->arena, T("%zu人", "%zu persons"), notice->n_recipients), "",
			arena_printf(l->ctl->arena, T("だれも応えていません（%s）　要電話", "nobody has answered (%s)  telephone!"),
				show_elapsed((int64_t)notice->at, l->now, elapsed))});
}

static void notice_lines(struct listing *l, const Renraku__NoticeRow *notice, const struct rows *rows)
{
	bool first = true;
	size_t i;

	l->n++;
	if (notice->n_recipients > 0 && is_terminal(notice->recipients[0])) {
		broadcast_lines(l, notice, rows);
		return;
	}
	if (l->brief && notice->telephone && notice->n_recipients > 1) {
		brief_line(l, notice);
		return;
	}
	for (i = 0; i < notice->n_recipients; i++)
		if (!spared(notice, notice->recipients[i])) {
			person_line(l, notice, notice->recipients[i], first);
			first = false;
		}
	if (notice->n_recipients == 0) {
		static const Renraku__RecipientRow nobody = RENRAKU__RECIPIENT_ROW__INIT;
		Renraku__RecipientRow shown = nobody;

		shown.name = (char *)(uintptr_t)T("（該当者なし）", "(nobody)");
		person_line(l, notice, &shown, true);
	}
}

static struct listing begin(struct ctl *ctl)
{
	const char *heads[COLUMNS] = {T("通知", "Notice"), T("事案/項目", "Item"), T("あて先", "To"), T("相手", "Who"),
		T("在席・到達", "Presence, reached"), T("応答・次の段階", "Answer, next step")};

	return (struct listing){.ctl = ctl, .table = show_table_new(COLUMNS, heads, 2), .now = link_now(ctl)};
}

static void finish(struct listing *l, const char *heading)
{
	if (l->n == 0) {
		show_table_free(l->table);
		return;
	}
	if (heading)
		out_line(l->ctl, SHOW_BOLD, "\n%s", heading);
	out_table(l->ctl, l->table);
}

void board_notices(struct ctl *ctl, const struct rows *rows, uint32_t incident, enum board_which which)
{
	struct listing listing = begin(ctl);
	const Renraku__Row *row;
	size_t i = 0;

	listing.brief = incident == 0;
	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_NOTICE))) {
		const Renraku__NoticeRow *notice = row->notice;

		if (notice->part > 0 || (incident && notice->incident != incident))
			continue;
		if (which == BOARD_OPEN && (strcmp(notice->state, "open") != 0 || !notice->wants_ack))
			continue;
		notice_lines(&listing, notice, rows);
	}
	finish(&listing, which == BOARD_OPEN ? T("応答を待っている通知", "Notices that wait for an answer")
					     : T("だれに知らせたか", "Who has been told"));
}

size_t board_notices_of(struct ctl *ctl, const struct rows *rows, uint32_t incident, const char *item, uint64_t since)
{
	struct listing listing = begin(ctl);
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_NOTICE)))
		if (row->notice->part == 0 && row->notice->id >= since && row->notice->incident == incident &&
			(!item || strcmp(row->notice->item, item) == 0) && strcmp(row->notice->state, "withdrawn") != 0)
			notice_lines(&listing, row->notice, rows);
	finish(&listing, NULL);
	return listing.n;
}
