/* Telephone calls: those to be made for what is ready, with the numbers for this hour, and those that were made. */
#include <string.h>

#include "ctl/board.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"

const char *board_call_state(struct ctl *ctl, const Renraku__CallTarget *call)
{
	int64_t now = link_now(ctl);
	char at[24], again[24];

	if (strcmp(call->state, "called") == 0)
		return arena_printf(ctl->arena, T("済 %s %s", "called %s %s"), show_time((int64_t)call->at, now, at), call->answered_by);
	if (strcmp(call->state, "not_called") == 0)
		return T("かけない（理由あり）", "not called (reason given)");
	if (call->again_at)
		return arena_printf(ctl->arena,
			(int64_t)call->again_at <= now ? T("★ いまかけ直す（%s の約束）", "* call again now (was for %s)")
						       : T("%s にかけ直す", "call again at %s"),
			show_time((int64_t)call->again_at, now, again));
	if (strcmp(call->state, "no_answer") == 0)
		return arena_printf(ctl->arena, T("出ず %s", "no answer %s"), show_time((int64_t)call->at, now, at));
	return T("まだ", "not yet");
}

/* What is ready, and what is done but where somebody waits to be called again. */
static bool to_call(const Renraku__ItemRow *item)
{
	size_t i;

	if (strcmp(item->state, "ready") == 0)
		return true;
	for (i = 0; i < item->n_calls; i++)
		if (item->calls[i]->again_at)
			return true;
	return false;
}

void board_call_list(struct ctl *ctl, const struct rows *rows, uint32_t incident)
{
	const char *heads[] = {T("項目", "Item"), T("相手", "Whom"), T("いまの番号", "Number now"), T("状態", "State")};
	struct show_table *table = show_table_new(4, heads, 2);
	const Renraku__Row *row;
	const Renraku__ItemRow *any = NULL;
	size_t i = 0, k;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_ITEM))) {
		const Renraku__ItemRow *item = row->item;

		for (k = 0; item->incident == incident && to_call(item) && k < item->n_calls; k++) {
			const Renraku__CallTarget *call = item->calls[k];
			bool settled = strcmp(call->state, "called") == 0 || strcmp(call->state, "not_called") == 0;
			const char *cells[4] = {item->id,
				arena_printf(ctl->arena, T("%s（%s）", "%s (%s)"), i18n_pick(call->title, call->title_en), call->body),
				*call->number ? call->number : "-", board_call_state(ctl, call)};

			any = item;
			show_table_row(table, settled && !call->again_at ? SHOW_DIM : call->again_at ? SHOW_WARN : SHOW_PLAIN, cells);
		}
	}
	if (!any) {
		show_table_free(table);
		return;
	}
	out_line(ctl, SHOW_BOLD, T("\n電話の一覧%s", "\nCalls to make%s"), say_hour(ctl->arena, any));
	out_table(ctl, table);
}

static const char *number_used(struct ctl *ctl, const Renraku__Call *call)
{
	if (!*call->offered || strcmp(call->offered, call->number) == 0)
		return call->number;
	return arena_printf(ctl->arena, T("%s（登録は %s）", "%s (offered %s)"), call->number, call->offered);
}

void board_calls(struct ctl *ctl, const struct rows *rows)
{
	const char *heads[] = {T("項目", "Item"), T("時刻", "At"), T("相手", "Whom"), T("番号", "Number"), T("応対者", "Answered"),
		T("記録者", "By"), T("内容", "Said")};
	struct show_table *table = show_table_new(7, heads, 2);
	int64_t now = link_now(ctl);
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_CALL))) {
		const Renraku__CallRow *made = row->call;
		const Renraku__Call *call = made->call;
		char when[24];
		const char *title = i18n_pick(made->title, made->title_en);
		const char *cells[7] = {made->item, NULL, *title ? title : made->person, "", "", i18n_pick(made->by, made->by_en), ""};

		if (call) {
			cells[1] = show_time((int64_t)(call->at ? call->at : made->at), now, when);
			cells[3] = number_used(ctl, call);
			cells[4] = *call->reason ? T("かけず", "not called") : call->no_answer ? T("出ず", "no answer") : call->answered_by;
			cells[6] = *call->reason ? call->reason : call->said;
		}
		show_table_row(table, SHOW_PLAIN, cells);
		n++;
	}
	if (n == 0) {
		show_table_free(table);
		return;
	}
	out_line(ctl, SHOW_BOLD, "\n%s", T("電話の記録", "Calls"));
	out_table(ctl, table);
}
