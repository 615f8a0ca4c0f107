/* renraku follow-up: measures against recurrence and the like, which outlive the incident. */
#include <string.h>

#include "base/clock.h"
#include "ctl/board.h"
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"

static const struct opt_spec options[] = {{"owner", "職員ID|役割", "PERSON|ROLE", "担当（職員か役割）", "its owner, a person or a role"},
	{"due", "年-月-日", "YYYY-MM-DD", "期限（list ではこの日までのものだけ）", "due date (of list: only what is due by then)"},
	{"kind", "種別", "KIND", "種別（renraku act 事案 項目 で見られる）", "its kind"},
	{"text", "文", "TEXT", "結果、または変更の理由", "the result, or why it is changed"},
	{"open", NULL, NULL, "list: 未了のものだけ", "list: only what is open"},
	{"near", NULL, NULL, "list: 期限が近いもの・過ぎたものだけ", "list: only what is due soon or overdue"}, OPT_END};

/* ---- list: of one incident, or of all that one may see or owns ---- */

static bool wanted(const Renraku__FollowUpRow *f, const void *arg)
{
	const struct ctl *ctl = arg;

	if (opt_has(&ctl->line, "open") && strcmp(f->state, "done") == 0)
		return false;
	if (opt_has(&ctl->line, "near") && !*f->when)
		return false;
	return !opt_has(&ctl->line, "due") || (*f->due && strcmp(f->due, opt_value(&ctl->line, "due")) <= 0);
}

static bool wanted_row(const Renraku__Row *row, const void *arg)
{
	return row->body_case != RENRAKU__ROW__BODY_FOLLOW_UP || wanted(row->follow_up, arg);
}

static int list(struct ctl *ctl, uint32_t incident)
{
	const char *due = opt_value(&ctl->line, "due");
	Renraku__View view = incident ? RENRAKU__VIEW__VIEW_INCIDENT : RENRAKU__VIEW__VIEW_FOLLOW_UPS;
	int code = CTL_OK;
	struct rows *rows;

	if (due && (strlen(due) != strlen("2026-12-31") || clock_parse(arena_printf(ctl->arena, "%s 00:00", due), 0) < 0))
		return out_usage(ctl, T("日付「%s」は 2027-03-31 の形で書いてください。", "'%s' is no date: write 2027-03-31."), due);
	rows = link_fetch(ctl, view, incident, &code);

	if (!rows)
		return code;
	if (ctl->json)
		out_view_of(rows, view, incident, wanted_row, ctl);
	else if (board_follow_ups_of(ctl, rows, T("今後の対策", "Follow-ups"), wanted, ctl) == 0)
		out_line(ctl, SHOW_PLAIN, "%s", T("該当する今後の対策はありません。", "There are no such follow-ups."));
	rows_free(rows);
	return code;
}

/* ---- what changes them ---- */

static void set(struct ctl *ctl, const char *option, char **to)
{
	const char *value = opt_value(&ctl->line, option);

	if (value)
		*to = arena_strdup(ctl->arena, value);
}

static int send(struct ctl *ctl, Renraku__FollowUp *follow_up)
{
	Renraku__Command *command = link_command(ctl);

	if (!command)
		return CTL_USAGE;
	command->act_case = RENRAKU__COMMAND__ACT_FOLLOW_UP;
	command->follow_up = follow_up;
	return link_run(ctl, command, NULL);
}

static int add(struct ctl *ctl, Renraku__FollowUp *follow_up)
{
	Renraku__FollowUpNew change = RENRAKU__FOLLOW_UP_NEW__INIT;

	if (ctl->line.n_args < 3)
		return out_usage(ctl, "%s",
			T("対策の内容を書いてください: renraku follow-up add 事案 '内容' --owner 職員ID --due 年-月-日",
				"Say what is to be done: renraku follow-up add INCIDENT 'TEXT' --owner P --due DATE"));
	if (!fill_needed(ctl, "owner", T("だれが行いますか。", "who does it?")) ||
		!fill_needed(ctl, "due", T("いつまでですか（年-月-日）。", "until when (YYYY-MM-DD)?")) ||
		!fill_due(ctl, opt_value(&ctl->line, "due")))
		return CTL_USAGE;
	change.text = arena_strdup(ctl->arena, ctl->line.args[2]);
	set(ctl, "owner", &change.owner);
	set(ctl, "due", &change.due);
	set(ctl, "kind", &change.kind);
	follow_up->state = arena_strdup(ctl->arena, "open");
	follow_up->change = &change;
	return send(ctl, follow_up);
}

/* done | open | change: of one that is there. */
static int change(struct ctl *ctl, Renraku__FollowUp *follow_up, const char *verb)
{
	Renraku__FollowUpNew changed = RENRAKU__FOLLOW_UP_NEW__INIT;

	if (ctl->line.n_args < 3)
		return out_usage(ctl,
			T("対策の番号を書いてください: renraku follow-up %s 事案 番号",
				"Give its number: renraku follow-up %s INCIDENT NUMBER"),
			verb);
	follow_up->follow_up = fill_number(ctl, T("対策", "follow-up"), ctl->line.args[2]);
	if (!follow_up->follow_up)
		return CTL_USAGE;
	if (!fill_needed(ctl, "text",
		    strcmp(verb, "done") == 0 ? T("どう終わりましたか。", "how did it end?") : T("理由を書いてください。", "why?")))
		return CTL_USAGE;
	if (opt_has(&ctl->line, "due") && !fill_due(ctl, opt_value(&ctl->line, "due")))
		return CTL_USAGE;
	if (strcmp(verb, "change") != 0)
		follow_up->state = arena_strdup(ctl->arena, verb);
	set(ctl, "text", &follow_up->text);
	if (opt_has(&ctl->line, "owner") || opt_has(&ctl->line, "due") || opt_has(&ctl->line, "kind")) {
		set(ctl, "owner", &changed.owner);
		set(ctl, "due", &changed.due);
		set(ctl, "kind", &changed.kind);
		follow_up->change = &changed;
	}
	return send(ctl, follow_up);
}

static int run(struct ctl *ctl)
{
	Renraku__FollowUp follow_up = RENRAKU__FOLLOW_UP__INIT;
	const char *verb = ctl->line.args[0];
	bool all = strcmp(verb, "list") == 0 && ctl->line.n_args == 1;

	if (all)
		return list(ctl, 0);
	if (ctl->line.n_args < 2)
		return out_usage(ctl,
			T("事案の番号を書いてください: renraku follow-up %s 事案",
				"Give the incident's number: renraku follow-up %s INCIDENT"),
			verb);
	follow_up.incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[1]);
	if (!follow_up.incident)
		return CTL_USAGE;
	if (strcmp(verb, "list") == 0)
		return list(ctl, follow_up.incident);
	if (strcmp(verb, "add") == 0)
		return add(ctl, &follow_up);
	if (strcmp(verb, "done") == 0 || strcmp(verb, "open") == 0 || strcmp(verb, "change") == 0)
		return change(ctl, &follow_up, verb);
	return out_usage(ctl,
		T("「%s」は分かりません。list、add、done、open、change のどれかです。", "'%s': use list, add, done, open or change."),
		verb);
}

const struct cmd cmd_follow_up = {
	.name = "follow-up",
	.group = "work",
	.args_ja = "list [事案] | add 事案 '内容' | done|open|change 事案 番号",
	.args_en = "list [INCIDENT] | add INCIDENT 'TEXT' | done|open|change INCIDENT NUMBER",
	.ja = "今後の対策（再発防止策・引き継いだ措置など）を見る・加える・完了にする",
	.en = "what goes on after incidents: list, add, change or finish follow-ups",
	.more_ja = "例:\n"
		   "  renraku follow-up list --open            すべての事案の、まだ終わっていないもの\n"
		   "  renraku follow-up add 1 '予備装置を確保する' --owner 職員ID --due 2027-03-31\n"
		   "  renraku follow-up done 1 2 --text '納品済み'\n"
		   "  renraku follow-up change 1 2 --due 2027-06-30 --text '納期が延びたため'\n",
	.more_en = "Examples:\n"
		   "  renraku follow-up list --open            of all incidents, what is not done\n"
		   "  renraku follow-up add 1 'buy a spare' --owner PERSON --due 2027-03-31\n"
		   "  renraku follow-up done 1 2 --text 'delivered'\n"
		   "  renraku follow-up change 1 2 --due 2027-06-30 --text 'delivery is late'\n",
	.opts = options,
	.min_args = 1,
	.max_args = 3,
	.flags = CMD_ACTS,
	.run = run,
};
