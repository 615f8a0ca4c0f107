/* Connection tests: how many answered, and who did not: by place and by name, with the numbers the reader may see. */
#include "base/clock.h"
#include "ctl/board.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"

static const Renraku__TestRow *head_of(const struct rows *rows, uint32_t test)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_TEST)))
		if (row->test->part == 0 && (!test || row->test->id == test))
			return row->test;
	return NULL;
}

static void silent(struct ctl *ctl, struct show_table *table, const Renraku__TestSilent *s)
{
	const char *roles = i18n_pick(s->role_titles, s->role_titles_en);
	const char *cells[3] = {
		s->name, *s->place ? s->place : roles, s->n_numbers ? say_join(ctl->arena, s->numbers, s->n_numbers, " / ") : ""};

	show_table_row(table, SHOW_WARN, cells);
}

static void silent_ones(struct ctl *ctl, const struct rows *rows, const Renraku__TestRow *t)
{
	struct show_table *table = show_table_new(3, NULL, 4);
	const Renraku__Row *row;
	size_t i = 0, k, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_TEST)))
		for (k = 0; row->test->id == t->id && k < row->test->n_silent; k++, n++)
			silent(ctl, table, row->test->silent[k]);
	if (n == 0) {
		show_table_free(table);
		return;
	}
	out_line(ctl, SHOW_WARN, "%s", t->ended_at ? T("  応答なし:", "  no answer:") : T("  まだ応答なし:", "  no answer yet:"));
	out_table(ctl, table);
}

bool board_test(struct ctl *ctl, const struct rows *rows, uint32_t test)
{
	const Renraku__TestRow *t = head_of(rows, test);
	char at[24], until[24];

	if (!t)
		return false;
	out_line(ctl, SHOW_BOLD,
		T("\n接続テスト %u  %s（%s）  端末 %u/%u・職員 %u/%u が応答%s%s%s",
			"\nConnection test %u  %s (%s)  answered: terminals %u/%u, persons %u/%u%s%s%s"),
		t->id, clock_format((int64_t)t->at, false, at), t->daily ? T("毎日", "daily") : t->by, t->terminals_answered, t->terminals,
		t->persons_answered, t->persons, t->ended_at ? "" : T("（", " ("),
		t->ended_at ? "" : show_time((int64_t)t->until, link_now(ctl), until),
		t->ended_at ? "" : T(" まで待ちます）", " is waited for)"));
	silent_ones(ctl, rows, t);
	return true;
}

void board_tests(struct ctl *ctl, const struct rows *rows)
{
	const char *heads[] = {
		T("番号", "No."), T("時刻", "At"), T("だれが", "By"), T("端末", "Terminals"), T("職員", "Persons"), T("状態", "State")};
	struct show_table *table = show_table_new(6, heads, 2);
	const Renraku__Row *row;
	size_t i = 0, n = 0;
	char at[24];

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_TEST))) {
		const Renraku__TestRow *t = row->test;
		const char *cells[6] = {arena_printf(ctl->arena, "%u", t->id),
			arena_strdup(ctl->arena, clock_format((int64_t)t->at, false, at)), t->daily ? T("毎日", "daily") : t->by,
			arena_printf(ctl->arena, "%u/%u", t->terminals_answered, t->terminals),
			arena_printf(ctl->arena, "%u/%u", t->persons_answered, t->persons),
			t->ended_at ? T("終了", "ended") : T("待っています", "running")};
		bool all = t->terminals_answered == t->terminals && t->persons_answered == t->persons;

		if (t->part)
			continue;
		show_table_row(table, !t->ended_at ? SHOW_BOLD : all ? SHOW_GOOD : SHOW_WARN, cells);
		n++;
	}
	out_line(ctl, SHOW_BOLD, "%s",
		n ? T("接続テスト", "Connection tests") : T("接続テストはまだありません。", "There has been no connection test yet."));
	if (n)
		out_table(ctl, table);
	else
		show_table_free(table);
}
