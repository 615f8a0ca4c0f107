/* What goes on after incidents, as a table: of one incident, of all, or what is the reader's own. */
#include <string.h>

#include "ctl/board.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"

#define COLUMNS 7

static const char *state(const Renraku__FollowUpRow *f)
{
	if (strcmp(f->state, "done") == 0)
		return T("完了", "done");
	if (strcmp(f->when, "overdue") == 0)
		return T("期限切れ", "overdue");
	if (strcmp(f->when, "due") == 0)
		return T("今日まで", "due today");
	return strcmp(f->when, "soon") == 0 ? T("期限間近", "due soon") : T("未了", "open");
}

static enum show_tone style(const Renraku__FollowUpRow *f)
{
	if (strcmp(f->state, "done") == 0)
		return SHOW_GOOD;
	return strcmp(f->when, "overdue") == 0 ? SHOW_BAD : *f->when ? SHOW_WARN : SHOW_PLAIN;
}

static const char *what(struct ctl *ctl, const Renraku__FollowUpRow *f)
{
	const char *marked = say_marked(ctl->arena, f->drill, f->text);

	return *f->remark ? arena_printf(ctl->arena, T("%s（%s）", "%s (%s)"), marked, f->remark) : marked;
}

size_t board_follow_ups_of(struct ctl *ctl, const struct rows *rows, const char *title,
	bool (*keep)(const Renraku__FollowUpRow *, const void *), const void *arg)
{
	const char *heads[COLUMNS] = {T("事案", "Incident"), T("番号", "No."), T("状態", "State"), T("種別", "Kind"), T("担当", "Owner"),
		T("期限", "Due"), T("内容", "What")};
	struct show_table *table = show_table_new(COLUMNS, heads, 2);
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_FOLLOW_UP))) {
		const Renraku__FollowUpRow *f = row->follow_up;
		const char *kind = i18n_pick(f->kind_title, f->kind_title_en);
		const char *cells[COLUMNS] = {arena_printf(ctl->arena, "%u", f->incident), arena_printf(ctl->arena, "%u", f->id), state(f),
			*kind ? kind : f->kind, *f->owner_name ? f->owner_name : f->owner, f->due, what(ctl, f)};

		if (keep && !keep(f, arg))
			continue;
		show_table_row(table, style(f), cells);
		n++;
	}
	if (n == 0) {
		show_table_free(table);
		return 0;
	}
	out_line(ctl, SHOW_BOLD, "\n%s", title);
	out_table(ctl, table);
	return n;
}

void board_follow_ups(struct ctl *ctl, const struct rows *rows)
{
	board_follow_ups_of(ctl, rows, T("今後の対策", "Follow-ups"), NULL, NULL);
}
