/* renraku inbox: what waits for me: notices, items I may act on, what was entered in my name. */
#include <string.h>

#include "ctl/board.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"
#include "ctl/shown.h"
#include "ctl/urgent.h"
#include "ctl/watching.h"

static const struct opt_spec options[] = {
	{"follow", NULL, NULL, "届くたびに表示しつづける（Ctrl-C で終わる）", "keep showing what arrives (Ctrl-C ends)"}, OPT_END};

static bool answered_by_me(const struct ctl *ctl, const Renraku__NoticeRow *notice)
{
	const char *me = ctl->conn ? conn_welcome(ctl->conn)->person : "";
	size_t i;

	for (i = 0; i < notice->n_recipients; i++)
		if (notice->recipients[i]->acknowledged && (notice->n_recipients == 1 || strcmp(notice->recipients[i]->id, me) == 0))
			return true;
	return false;
}

static void notice_lines(struct ctl *ctl, const Renraku__NoticeRow *notice)
{
	int64_t now = link_now(ctl);
	char when[48], due[24];
	bool open = notice->wants_ack && strcmp(notice->state, "open") == 0 && !answered_by_me(ctl, notice);
	bool waits = open && !board_only_above(ctl, notice);

	out_line(ctl, waits ? (notice->drill ? SHOW_DRILL : SHOW_BOLD) : SHOW_DIM, "#%llu %s %s  %s", (unsigned long long)notice->id,
		waits ? "●" : "・", show_when((int64_t)notice->at, now, when),
		say_marked(ctl->arena, notice->drill, i18n_pick(notice->title, notice->title_en)));
	if (*notice->drill_note)
		out_line(ctl, SHOW_DRILL, "     %s", i18n_pick(notice->drill_note, notice->drill_note_en));
	if (strcmp(notice->kind, "cancelled") == 0)
		out_line(ctl, SHOW_WARN, "     %s", i18n_pick(notice->ended_by, notice->ended_by_en));
	if (*notice->words)
		out_line(ctl, SHOW_DIM, T("     計画の文: %s", "     plan: %s"), notice->words);
	if (notice->n_values)
		out_line(ctl, SHOW_PLAIN, "     %s", say_values(ctl->arena, notice->values, notice->n_values));
	if (*notice->from)
		out_line(ctl, SHOW_DIM, T("     %s から（あて先 %s）", "     from %s (to %s)"), i18n_pick(notice->from, notice->from_en),
			i18n_pick(notice->role_title, notice->role_title_en));
	if (open && !waits)
		out_line(ctl, SHOW_WARN, "%s",
			T("     応答がないので、上位者に知らせています。応えるのはあて先の人です（番号は renraku status）",
				"     no answer, so those above are told; it is for whom it is addressed to (numbers: renraku status)"));
	if (!waits)
		return;
	if (notice->due)
		out_line(ctl, SHOW_WARN,
			strcmp(notice->role, "every_terminal") == 0 ? T("     %s までに応えてください", "     answer by %s")
								    : T("     %s までに応えてください（過ぎると代理・上位者に連絡します）",
									      "     answer by %s (then deputies and those above are told)"),
			show_time((int64_t)notice->due, now, due));
	if (notice->answer)
		out_line(ctl, SHOW_PLAIN,
			T("     → renraku ack %llu --answer present|absent|deputy",
				"     -> renraku ack %llu --answer present|absent|deputy"),
			(unsigned long long)notice->id);
	else
		out_line(ctl, SHOW_PLAIN, T("     → renraku ack %llu", "     -> renraku ack %llu"), (unsigned long long)notice->id);
}

static size_t notices(struct ctl *ctl, const struct rows *rows)
{
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_NOTICE))) {
		if (row->notice->part > 0)
			continue;
		if (n++ == 0)
			out_line(ctl, SHOW_BOLD, "\n%s", T("通知", "Notices"));
		notice_lines(ctl, row->notice);
	}
	return n;
}

static size_t items(struct ctl *ctl, const struct rows *rows)
{
	int64_t now = link_now(ctl);
	const Renraku__Row *row;
	size_t i = 0, n = 0;
	char due[24];

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_ITEM))) {
		const Renraku__ItemRow *item = row->item;

		if (!item->mine || strcmp(item->state, "standing") == 0)
			continue;
		if (n++ == 0)
			out_line(ctl, SHOW_BOLD, "\n%s", T("あなたがすること", "What you are to do"));
		out_line(ctl, SHOW_PLAIN, T("  事案%u  %s  %s%s%s%s", "  incident %u  %s  %s%s%s%s"), item->incident, item->id,
			*item->drill ? T("【訓練】", "[DRILL] ") : "", i18n_pick(item->title, item->title_en),
			item->optional ? T("（任意）", " (optional)") : "",
			item->due ? arena_printf(ctl->arena, T("　期限 %s", "  due %s"), show_time((int64_t)item->due, now, due)) : "");
	}
	if (n)
		out_line(ctl, SHOW_DIM, "%s",
			T("  → renraku act 事案 項目  で、何を入れるかが表示されます",
				"  -> renraku act INCIDENT ITEM shows what is asked for"));
	return n;
}

static int show(struct ctl *ctl)
{
	struct rows *rows;
	int code = CTL_OK;
	size_t n;

	rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_INBOX, 0, &code);
	if (!rows)
		return code;
	if (ctl->json) {
		out_view(rows, RENRAKU__VIEW__VIEW_INBOX, 0);
		shown_tell(ctl, rows, NULL);
		rows_free(rows);
		return CTL_OK;
	}
	board_town(ctl, rows);
	if (*link_person(ctl))
		out_line(ctl, SHOW_BOLD, T("%s さんの受信箱", "Inbox of %s"), link_person(ctl));
	else
		out_line(ctl, SHOW_BOLD,
			T("この端末（%s）の受信箱。個人あての通知は、サインインすると見えます。",
				"Inbox of this terminal (%s). Sign in to see what is addressed to you."),
			conn_welcome(ctl->conn)->principal);
	board_confirms(ctl, rows);
	n = notices(ctl, rows) + items(ctl, rows) +
	    board_follow_ups_of(ctl, rows,
		    T("あなたの担当の今後の対策（renraku follow-up done 事案 番号）",
			    "Follow-ups that are yours (renraku follow-up done INCIDENT NO.)"),
		    NULL, NULL);
	if (pick_count(rows, RENRAKU__ROW__BODY_INCIDENT))
		board_incidents(ctl, rows);
	board_telephone(ctl, rows, 0);
	if (n == 0)
		out_line(ctl, SHOW_PLAIN, "%s", T("待っているものはありません。", "Nothing waits for you."));
	shown_tell(ctl, rows, NULL);
	rows_free(rows);
	return CTL_OK;
}

static int run(struct ctl *ctl)
{
	if (!ctl->json)
		urgent_show(ctl);
	if (opt_has(&ctl->line, "follow"))
		return watching_run(ctl, RENRAKU__VIEW__VIEW_INBOX, false);
	return show(ctl);
}

const struct cmd cmd_inbox = {
	.name = "inbox",
	.group = "answer",
	.args_ja = "[--follow]",
	.args_en = "[--follow]",
	.ja = "自分（この端末）あての通知と、自分がすることを見る",
	.en = "notices for you (or this terminal), and what you are to do",
	.more_ja = "通知の番号に renraku ack 番号 で応えます。することは、表示された renraku act … のとおりに進めます。\n",
	.more_en = "Answer a notice by its number: renraku ack NUMBER. What you are to do: renraku act, as it is shown.\n",
	.opts = options,
	.run = run,
};
