#include "ctl/scorecard.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"

#define QUARTERS 4

/* "45秒", "1分10秒", "2時間5分"; below a second counts as one. */
static const char *duration(struct ctl *ctl, uint64_t ms)
{
	uint64_t s = (ms + 999) / 1000;

	if (s < 60)
		return arena_printf(ctl->arena, T("%" PRIu64 "秒", "%" PRIu64 " s"), s);
	if (s < 3600)
		return s % 60 ? arena_printf(ctl->arena, T("%" PRIu64 "分%" PRIu64 "秒", "%" PRIu64 " min %" PRIu64 " s"), s / 60, s % 60)
			      : arena_printf(ctl->arena, T("%" PRIu64 "分", "%" PRIu64 " min"), s / 60);
	return arena_printf(ctl->arena, T("%" PRIu64 "時間%" PRIu64 "分", "%" PRIu64 " h %" PRIu64 " min"), s / 3600, s % 3600 / 60);
}

static const char *quarter(struct ctl *ctl, const uint64_t *quarters, size_t n, size_t q)
{
	return q < n ? duration(ctl, quarters[q]) : "-";
}

static const char *kept(const char *code)
{
	if (strcmp(code, "kept") == 0)
		return T("時限内", "kept");
	if (strcmp(code, "missed") == 0)
		return T("超過", "missed");
	return strcmp(code, "open") == 0 ? T("未応答あり", "open") : "-";
}

/* How it went before: the share, and the time of the last quarter that was reached. */
static const char *before(struct ctl *ctl, const Renraku__ScoreBefore *b)
{
	if (!b)
		return "-";
	if (!b->n_quarters)
		return arena_printf(ctl->arena, "%u/%u", b->answered, b->wanted);
	return arena_printf(ctl->arena, "%u/%u %s%s", b->answered, b->wanted,
		b->n_quarters < QUARTERS ? arena_printf(ctl->arena, "%zu%%:", b->n_quarters * 25) : "",
		duration(ctl, b->quarters[b->n_quarters - 1]));
}

static const char *means(struct ctl *ctl, const Renraku__ScoreRow *s)
{
	const char *out = "";
	const struct {
		uint32_t n;
		const char *code;
	} by[] = {{s->screen, "screen"}, {s->telephone, "telephone"}, {s->in_person, "in_person"}, {s->paper, "paper"}};
	size_t i;

	for (i = 0; i < sizeof by / sizeof *by; i++)
		if (by[i].n)
			out = arena_printf(ctl->arena, "%s%s%s%u", out, *out ? T("・", ", ") : "",
				arena_printf(ctl->arena, T("%s", "%s "), say_channel(by[i].code)), by[i].n);
	return out;
}

static const char *what(struct ctl *ctl, const Renraku__ScoreRow *s)
{
	const char *title = strcmp(s->kind, "drill") == 0 ? T("全体", "the whole drill") : i18n_pick(s->title, s->title_en),
		   *by = means(ctl, s);

	return *by ? arena_printf(ctl->arena, T("%s（%s）", "%s (%s)"), title, by) : title;
}

static void add(struct ctl *ctl, struct show_table *table, const Renraku__ScoreRow *s)
{
	const char *cells[11] = {s->id, arena_printf(ctl->arena, "%u/%u", s->answered, s->wanted)};
	size_t q;

	for (q = 0; q < QUARTERS; q++)
		cells[2 + q] = quarter(ctl, s->quarters, s->n_quarters, q);
	cells[6] = s->limit ? duration(ctl, s->limit) : "-";
	cells[7] = s->late ? arena_printf(ctl->arena, "%s%u", kept(s->kept), s->late) : kept(s->kept);
	cells[8] = before(ctl, s->previous);
	cells[9] = before(ctl, s->best);
	cells[10] = what(ctl, s);
	show_table_row(table, s->late ? SHOW_WARN : s->answered == s->wanted ? SHOW_GOOD : SHOW_PLAIN, cells);
}

static const Renraku__ScoreRow *next(const struct rows *rows, size_t *i, uint32_t incident)
{
	const Renraku__Row *row;

	while ((row = pick_next(rows, i, RENRAKU__ROW__BODY_SCORE)))
		if (row->score->incident == incident)
			return row->score;
	return NULL;
}

static const char *ending(struct ctl *ctl, const Renraku__IncidentRow *in)
{
	if (in->interrupted && in->interrupted_by)
		return arena_printf(ctl->arena, T("実際の通報（事案 %u）により中断", "interrupted by a real alarm (incident %u)"),
			in->interrupted_by);
	if (in->interrupted)
		return T("中断", "interrupted");
	if (strcmp(in->state, "given_up") == 0)
		return *in->given_up ? arena_printf(ctl->arena, T("打ち切り：%s", "given up: %s"), i18n_pick(in->given_up, in->given_up_en))
				     : T("打ち切り", "given up");
	return say_incident_state(in->state);
}

static void head(struct ctl *ctl, const Renraku__IncidentRow *in)
{
	char from[24], to[24];

	out_line(ctl, SHOW_DRILL, T("【訓練】採点表  事案 %u  %s", "[DRILL] Score card  incident %u  %s"), in->id,
		i18n_pick(in->title, in->title_en));
	out_line(ctl, SHOW_PLAIN, T("  %s  開始 %s%s%s  %s", "  %s  began %s%s%s  %s"),
		in->unannounced ? T("予告なし", "unannounced") : T("予告あり", "announced"),
		clock_format((int64_t)in->opened_at, true, from), in->closed_at ? T("  終了 ", "  ended ") : "",
		in->closed_at ? clock_format((int64_t)in->closed_at, true, to) : "", ending(ctl, in));
}

static void foot(struct ctl *ctl, const Renraku__ScoreRow *whole)
{
	if (whole && whole->previous)
		out_line(ctl, SHOW_DIM,
			T("  前回は事案 %u、最良は事案 %u（同じ種類の訓練）",
				"  before: incident %u; best: incident %u (drills of the same kind)"),
			whole->previous->incident, whole->best ? whole->best->incident : whole->previous->incident);
	out_line(ctl, SHOW_DIM, "%s",
		T("  時間は、知らせてから応えるまで。25% は四分の一が応えるまで。",
			"  Times are from being told to the answer; 25% is when a quarter had answered."));
}

void scorecard_show(struct ctl *ctl, const struct rows *rows, uint32_t incident, bool items)
{
	const char *heads[] = {T("手順", "Step"), T("応答", "Answered"), "25%", "50%", "75%", "100%", T("時限", "Limit"), T("判定", "Kept"),
		T("前回", "Before"), T("最良", "Best"), T("内容", "What")};
	const Renraku__IncidentRow *in = pick_incident(rows, incident);
	const Renraku__ScoreRow *s, *whole = NULL;
	struct show_table *table;
	size_t i = 0;

	if (!in)
		return;
	head(ctl, in);
	table = show_table_new(sizeof heads / sizeof *heads, heads, 2);
	while ((s = next(rows, &i, incident))) {
		if (strcmp(s->kind, "drill") == 0)
			whole = s;
		if (items || strcmp(s->kind, "item") != 0)
			add(ctl, table, s);
	}
	out_table(ctl, table);
	foot(ctl, whole);
}

void scorecard_json(const struct rows *rows, uint32_t incident)
{
	Renraku__ViewUpdate message = RENRAKU__VIEW_UPDATE__INIT;
	size_t i, n = rows_count(rows);

	message.view = RENRAKU__VIEW__VIEW_INCIDENT;
	message.incident = incident;
	message.revision = rows_revision(rows);
	message.complete = rows_complete(rows);
	message.rows = xcalloc(n + 1, sizeof *message.rows);
	for (i = 0; i < n; i++) {
		const Renraku__Row *row = rows_at(rows, i);

		/* codec_json only reads them; protobuf-c has no const. */
		if (row->body_case == RENRAKU__ROW__BODY_INCIDENT || row->body_case == RENRAKU__ROW__BODY_SCORE)
			message.rows[message.n_rows++] = (Renraku__Row *)(uintptr_t)row;
	}
	out_json(&message.base);
	free(message.rows);
}

void scorecard_list(struct ctl *ctl, const struct rows *rows)
{
	const char *heads[] = {T("事案", "No."), T("開始", "Began"), T("予告", "Announced"), T("応答", "Answered"), "50%", "100%",
		T("判定", "Kept"), T("状態", "State"), T("内容", "What")};
	struct show_table *table = show_table_new(sizeof heads / sizeof *heads, heads, 2);
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_INCIDENT))) {
		const Renraku__IncidentRow *in = row->incident;
		size_t k = 0;
		const Renraku__ScoreRow *s = next(rows, &k, in->id);
		char when[24];
		const char *cells[9] = {arena_printf(ctl->arena, "%u", in->id),
			arena_strdup(ctl->arena, clock_format((int64_t)in->opened_at, false, when)),
			in->unannounced ? T("なし", "no") : T("あり", "yes"),
			s ? arena_printf(ctl->arena, "%u/%u", s->answered, s->wanted) : "-",
			s ? quarter(ctl, s->quarters, s->n_quarters, 1) : "-", s ? quarter(ctl, s->quarters, s->n_quarters, 3) : "-",
			s ? kept(s->kept) : "-", ending(ctl, in), say_marked(ctl->arena, true, i18n_pick(in->title, in->title_en))};

		show_table_row(table, strcmp(in->state, "open") == 0 ? SHOW_DRILL : SHOW_PLAIN, cells);
		n++;
	}
	out_line(ctl, SHOW_BOLD, "%s", n ? T("訓練", "Drills") : T("訓練の記録はまだありません。", "There has been no drill yet."));
	if (n)
		out_table(ctl, table);
	else
		show_table_free(table);
}
