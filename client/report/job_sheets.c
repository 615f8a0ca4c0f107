/*
 * renraku sheets: a form for each step of the plan, to be filled by hand when nothing works. What it asks for is what the plan asks
 * for; afterwards it is typed in as it was written (docs/report.md).
 */
#include <string.h>

#include "base/clock.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"
#include "report/job.h"
#include "report/town.h"
#include "report/layout.h"
#include "report/output.h"

#define PDF_MAX (256u << 20)
#define LINE 20.0 /* points: room for a line of handwriting */

struct sheets {
	struct ctl *ctl;
	struct town town;
	struct doc *doc;
};

static void box(struct sheets *s, struct doc_table *t, const char *what, const char *text, double lines)
{
	doc_row(s->doc, t, DOC_ROW_PLAIN, (const char *const[]){what, text})->height = lines * LINE;
}

static const char *blank_time(void)
{
	return T("　　　年　　　月　　　日　　　時　　　分", "      -     -      at      :");
}

/* ---- what is to be filled in ---- */

static const char *choices(struct sheets *s, Renraku__Option *const *options, size_t n)
{
	const char *text = "";
	size_t i, k;

	for (i = 0; i < n; i++) {
		const Renraku__Option *o = options[i];

		text = arena_printf(s->ctl->arena, "%s%s□ %s", text, *text ? "\n" : "", i18n_pick(o->title, o->title_en));
		for (k = 0; k < o->n_guide; k++)
			text = arena_printf(s->ctl->arena, "%s\n　　%s", text, o->guide[k]);
		for (k = 0; k < o->n_checks; k++)
			text = arena_printf(s->ctl->arena, "%s\n　　□ %s", text, o->checks[k]);
	}
	return text;
}

static void field(struct sheets *s, struct doc_table *t, const Renraku__Field *f)
{
	const char *title = i18n_pick(f->title, f->title_en), *text = choices(s, f->options, f->n_options);
	double lines = 2;

	if (strcmp(f->type, "time") == 0) {
		text = blank_time();
		lines = 1;
	} else if (strcmp(f->type, "number") == 0 || strcmp(f->type, "place") == 0) {
		lines = 1;
	}
	if (f->optional)
		title = arena_printf(s->ctl->arena, T("%s（任意）", "%s (optional)"), title);
	if (f->unknown)
		text = arena_printf(s->ctl->arena, T("%s%s□ 不明（理由　　　　　　　　　　　　　　　　）", "%s%s□ unknown, because"), text,
			*text ? "\n" : "\n\n");
	box(s, t, title, text, f->n_options ? 0 : lines);
}

static void agenda(struct sheets *s, const Renraku__ItemRow *it)
{
	struct doc_table *t =
		doc_table(s->doc, 3, (const char *const[]){T("議題", "Agenda"), T("定める内容", "Contents"), T("決定", "Decision")},
			(const double[]){0.24, 0.34, 0.42});
	size_t i;

	for (i = 0; i < it->n_agenda; i++) {
		const Renraku__Agenda *a = it->agenda[i];

		doc_row(s->doc, t, DOC_ROW_PLAIN,
			(const char *const[]){arena_printf(s->ctl->arena, "%zu　%s", i + 1, i18n_pick(a->title, a->title_en)),
				say_join(s->ctl->arena, a->contents, a->n_contents, "\n"),
				arena_printf(s->ctl->arena, T("%s%s□ 保留", "%s%s□ deferred"), choices(s, a->options, a->n_options),
					a->n_options ? "\n" : "")})
			->height = 2 * LINE;
	}
}

static const char *numbers(struct sheets *s, const char *body)
{
	const Renraku__Row *row;
	const char *text = "";
	size_t i = 0;

	while ((row = pick_next(s->town.contacts, &i, RENRAKU__ROW__BODY_CONTACT)))
		if (strcmp(row->contact->id, body) == 0)
			text = arena_printf(
				s->ctl->arena, "%s%s%s %s", text, *text ? "\n" : "", say_hours(row->contact->hours), row->contact->number);
	return text;
}

static void calls(struct sheets *s, const Renraku__ItemRow *it)
{
	struct doc_table *t;
	size_t i, n = it->n_calls + (it->calls_extend ? 1 : 0);

	if (n == 0)
		return;
	doc_add(s->doc, DOC_NOTE, "%s",
		it->calls_all ? T("電話連絡（すべてに）", "Calls (to all of them)")
			      : T("電話連絡（いずれかに）", "Calls (to any of them)"));
	t = doc_table(s->doc, 5,
		(const char *const[]){T("相手先・番号", "Whom, number"), T("時刻", "Time"), T("出た者", "Answered"),
			T("伝えたこと・聞いたこと", "Said, heard"), T("応答なし", "No answer")},
		(const double[]){0.3, 0.11, 0.15, 0.27, 0.17});
	for (i = 0; i < n; i++) {
		const char *whom = i < it->n_calls
					   ? arena_printf(s->ctl->arena, "%s\n%s", i18n_pick(it->calls[i]->title, it->calls[i]->title_en),
						     numbers(s, it->calls[i]->body))
					   : T("その他（　　　　　　　　　）", "other:");

		doc_row(s->doc, t, DOC_ROW_PLAIN,
			(const char *const[]){whom, T("　　：", "    :"), "", "", T("□ 再　　：", "□ again    :")})
			->height = 1.6 * LINE;
	}
}

static void told(struct sheets *s, const Renraku__ItemRow *it)
{
	struct doc_table *t = NULL;
	size_t i, k;

	for (i = 0; it->plan && i < it->plan->n_tells; i++)
		for (k = 0; k < it->plan->tells[i]->n_via + it->plan->tells[i]->n_to; k++) {
			const Renraku__Tell *tell = it->plan->tells[i];
			const char *role = k < tell->n_via ? tell->via[k] : tell->to[k - tell->n_via];

			if (!t) {
				doc_add(s->doc, DOC_NOTE, "%s",
					T("知らせる相手（この順に。受け取った人が署名する）",
						"Whom to tell, in this order; who received it signs"));
				t = doc_table(s->doc, 4,
					(const char *const[]){
						T("相手", "Whom"), T("時刻", "Time"), T("手段", "How"), T("署名", "Signature")},
					(const double[]){0.34, 0.13, 0.27, 0.26});
			}
			doc_row(s->doc, t, DOC_ROW_PLAIN,
				(const char *const[]){
					arena_printf(s->ctl->arena, "%s%s", town_role_title(&s->town, role),
						strcmp(tell->ack, "none") == 0 ? T("（知らせるのみ）", " (for information)") : ""),
					T("　　：", "    :"), T("□対面 □電話 □書面", "□in person □tel. □paper"), ""})
				->height = 1.2 * LINE;
		}
}

static void follow_ups(struct sheets *s, const Renraku__ItemRow *it)
{
	struct doc_table *t;
	size_t i;

	if (it->n_follow_ups == 0)
		return;
	doc_add(s->doc, DOC_NOTE, "%s", T("対策（それぞれ担当と期限を）", "Measures, each with owner and due date"));
	t = doc_table(s->doc, 4, (const char *const[]){T("種別", "Kind"), T("内容", "What"), T("担当", "Owner"), T("期限", "Due")},
		(const double[]){0.36, 0.34, 0.15, 0.15});
	for (i = 0; i < it->n_follow_ups; i++) {
		const Renraku__FollowKind *k = it->follow_ups[i];
		const char *contents = say_join(s->ctl->arena, k->contents, k->n_contents, "\n・");

		doc_row(s->doc, t, DOC_ROW_PLAIN,
			(const char *const[]){arena_printf(s->ctl->arena, "□ %s%s%s", i18n_pick(k->title, k->title_en),
						      *contents ? "\n・" : "", contents),
				"", "", ""})
			->height = 2 * LINE;
	}
}

/* ---- an item, a step ---- */

static const char *limit_words(struct sheets *s, const Renraku__ItemPlan *p)
{
	const char *named = p ? i18n_pick(p->limit_title, p->limit_title_en) : "";

	if (!p || !p->acknowledge_ms || !*named)
		return "";
	return arena_printf(s->ctl->arena,
		T("　時限（町の定め）：%s　受領 %u分・完了 %u分", "  limit (the town's): %s, acknowledged %u min, done %u min"), named,
		(unsigned)(p->acknowledge_ms / 60000), (unsigned)(p->done_ms / 60000));
}

static void item(struct sheets *s, const Renraku__ItemRow *it)
{
	const char *clause = say_join(s->ctl->arena, it->clause, it->n_clause, "・"), *when;
	struct doc_table *t;
	size_t i;

	when = it->plan ? i18n_pick(it->plan->when, it->plan->when_en) : "";
	doc_add(s->doc, DOC_SUBHEADING, T("□　%s　%s　（条項 %s）", "□ %s %s (clause %s)"), it->id, i18n_pick(it->title, it->title_en),
		clause);
	t = doc_pairs(s->doc, 0.2);
	doc_pair(s->doc, t, T("原文", "The plan says"), "%s", it->words);
	doc_pair(s->doc, t, T("読み方", "Note"), "%s", it->note);
	doc_pair(s->doc, t, T("行うとき", "When"), "%s", when);
	doc_pair(s->doc, t, T("担当", "Who"), "%s%s", i18n_pick(it->by_title, it->by_title_en), limit_words(s, it->plan));
	doc_pair(s->doc, t, T("決定者", "Decided by"), "%s", i18n_pick(it->decided_by, it->decided_by_en));
	for (i = 0; i < it->n_form; i++)
		field(s, t, it->form[i]);
	if (it->optional)
		box(s, t, T("不要とするとき", "Not needed"), T("□ 不要　　理由：", "□ not needed, because:"), 1.4);
	box(s, t, T("行った者", "Done by"),
		T("氏名　　　　　　　　　　　□本人 □代理　　時刻　　：　　　署名",
			"Name                         □holder □deputy   Time    :      Signature"),
		1.2);
	if (it->n_agenda)
		agenda(s, it);
	calls(s, it);
	told(s, it);
	follow_ups(s, it);
}

static void step_head(struct sheets *s, const Renraku__ItemRow *it)
{
	struct doc_table *t;

	doc_add(s->doc, DOC_PAGE, T("%s　%s　%s", "%s - %s - %s"), s->doc->running, i18n_pick(it->procedure_title, it->procedure_title_en),
		i18n_pick(it->step_title, it->step_title_en));
	doc_add(s->doc, DOC_HEADING, T("%s　%s", "%s - %s"), i18n_pick(it->procedure_title, it->procedure_title_en),
		*it->step_title ? i18n_pick(it->step_title, it->step_title_en) : "");
	t = doc_table(s->doc, 4, NULL, (const double[]){0.16, 0.34, 0.16, 0.34});
	t->head_column = true;
	doc_row(s->doc, t, DOC_ROW_PLAIN,
		(const char *const[]){T("事案・件名", "Incident"), "", T("日付", "Date"), T("　　　年　　　月　　　日", "")})
		->height = LINE;
	doc_row(s->doc, t, DOC_ROW_PLAIN,
		(const char *const[]){T("区別", "Kind"), T("□ 実際　　□ 訓練", "□ real   □ drill"), T("記入者", "Written by"), ""})
		->height = LINE;
}

static void cover(struct sheets *s, const Renraku__TownRow *town)
{
	char when[20];

	doc_add(s->doc, DOC_TITLE, "%s", T("緊急時対応　記入用紙", "Emergency forms"));
	doc_add(s->doc, DOC_TEXT, "%s　%s", town ? i18n_pick(town->title, town->title_en) : "",
		town ? i18n_pick(town->plan_title, town->plan_title_en) : "");
	doc_add(s->doc, DOC_TEXT,
		T("連絡のしくみも電話もつながらないときに、紙で手順を進めるための用紙。手順ごとに1枚。上から順に、行ったら □ "
		  "に印をつけ、時刻と氏名を書く。"
		  "知らせた相手には時刻と署名をもらう。",
			"For the day when neither this system nor the telephone works: a page for each step. Work from the top; tick what "
			"was done, with time and "
			"name; who was told signs."));
	doc_add(s->doc, DOC_TEXT, "%s",
		T("復旧したら、書いた時刻のとおりに転記する（手段は「書面」）。転記したことと入力した者は記録に残る。用紙は捨てずに保存する"
		  "。",
			"Afterwards type it in with the times as written (channel: paper). That it was transcribed, and by whom, stays on "
			"record. Keep the paper."));
	doc_add(s->doc, DOC_NOTE,
		s->town.away ? T("%.10s にこの端末が控えた計画から作った。計画 %s　SHA-256 %s",
				       "Made of the plan as this terminal kept it on %.10s. Edition %s, SHA-256 %s")
			     : T("%.10s 作成。計画 %s　SHA-256 %s", "Made on %.10s. Edition %s, SHA-256 %s"),
		clock_format(s->town.at, false, when), town ? town->edition : "", town ? town->plan_sha256 : "");
}

static bool another_step(const Renraku__ItemRow *a, const Renraku__ItemRow *b)
{
	return !a || strcmp(a->procedure, b->procedure) != 0 || strcmp(a->step, b->step) != 0;
}

/* Which sheets there are, in the order of the plan. */
static void contents(struct sheets *s)
{
	struct doc_table *t = doc_table(s->doc, 3, (const char *const[]){T("手順", "Step"), T("項目", "Items"), T("担当", "Who")},
		(const double[]){0.36, 0.4, 0.24});
	const Renraku__ItemRow *last = NULL;
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(s->town.plan, &i, RENRAKU__ROW__BODY_ITEM))) {
		const Renraku__ItemRow *it = row->item;
		const char *title = i18n_pick(it->title, it->title_en), *step = i18n_pick(it->step_title, it->step_title_en);

		if (!last || strcmp(last->procedure, it->procedure) != 0)
			doc_row(s->doc, t, DOC_ROW_GROUP, (const char *const[]){i18n_pick(it->procedure_title, it->procedure_title_en)});
		doc_row(s->doc, t, DOC_ROW_PLAIN,
			(const char *const[]){another_step(last, it) ? step : "", arena_printf(s->ctl->arena, "%s　%s", it->id, title),
				i18n_pick(it->by_title, it->by_title_en)});
		last = it;
	}
}

static void make(struct sheets *s)
{
	const Renraku__TownRow *town = pick_town(s->town.plan);
	const Renraku__ItemRow *last = NULL;
	const Renraku__Row *row;
	size_t i = 0;

	s->doc->margin = 40;
	s->doc->title = T("緊急時対応　記入用紙", "Emergency forms");
	s->doc->author = doc_safe(s->doc, town ? i18n_pick(town->title, town->title_en) : "");
	s->doc->running =
		doc_safe(s->doc, arena_printf(s->ctl->arena, T("%s　緊急時対応　記入用紙", "%s - emergency forms"), s->doc->author));
	s->doc->foot = doc_safe(
		s->doc, town ? arena_printf(s->ctl->arena, "%s %s", i18n_pick(town->plan_title, town->plan_title_en), town->edition) : "");
	s->doc->at = s->town.at;
	cover(s, town);
	contents(s);
	for (; (row = pick_next(s->town.plan, &i, RENRAKU__ROW__BODY_ITEM)); last = row->item) {
		if (another_step(last, row->item))
			step_head(s, row->item);
		item(s, row->item);
	}
}

static int print(struct sheets *s)
{
	struct buf out;
	int code;

	if (pick_count(s->town.plan, RENRAKU__ROW__BODY_ITEM) == 0) {
		out_error("%s", T("この端末には計画の控えがありません。サーバーにつながるときに一度作り、印刷して置いてください。",
					"This terminal keeps no copy of the plan. Make the sheets once while the server is there, and keep "
					"them printed."));
		return CTL_UNREACHABLE;
	}
	s->doc = doc_new();
	make(s);
	buf_init(&out, PDF_MAX);
	layout_pdf(s->doc, &out);
	code = output_write(s->ctl, out.data, out.len, true);
	buf_free(&out);
	doc_free(s->doc);
	return code;
}

int job_sheets(struct ctl *ctl)
{
	struct sheets s = {.ctl = ctl};
	const char *fonts = layout_fonts();
	int code;

	if (fonts) {
		out_error("%s", fonts);
		return CTL_LOCAL;
	}
	code = town_read(ctl, &s.town);
	if (code == CTL_OK)
		code = print(&s);
	town_free(&s.town);
	return code;
}
