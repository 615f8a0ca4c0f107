#include "report/csv.h"

#include <string.h>

#include "base/text.h"
#include "ctl/say.h"

/* A cell that begins like a formula gets an apostrophe before it, as spreadsheets themselves mark text. */
static void cell(struct buf *out, const char *text, bool last)
{
	const char *c = text ? text : "";

	buf_puts(out, "\"");
	if (*c && strchr("=+-@\t\r", *c))
		buf_puts(out, "'");
	else if (strncmp(c, "＝", 3) == 0 || strncmp(c, "＋", 3) == 0 || strncmp(c, "－", 3) == 0 || strncmp(c, "＠", 3) == 0)
		buf_puts(out, "'"); /* some turn full-width signs into narrow ones */
	for (; *c; c++)
		buf_append(out, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
	buf_puts(out, last ? "\"\r\n" : "\",");
}

static void number(struct buf *out, unsigned long long n)
{
	buf_printf(out, "%llu,", n);
}

static void line(struct buf *out, const struct model *m, const struct source_line *l)
{
	const struct record *r = &l->r;
	const struct m_item *it = model_item(m, r->item);
	const struct m_notice *n = r->notice ? model_notice(m, r->notice) : NULL;
	struct evidence e = model_evidence(m, l);
	char hex[2 * RECORD_HASH + 1];

	if (!it && n)
		it = model_item(m, n->row->item);
	number(out, m->incident->id);
	cell(out, m->incident->drill ? T("訓練", "drill") : "", false);
	number(out, (unsigned long long)r->index);
	cell(out, model_when(m, r->at), false);
	cell(out, e.what, false);
	cell(out, it && it->row->n_clause ? say_join(m->arena, it->row->clause, it->row->n_clause, " ") : "", false);
	cell(out, it ? it->row->id : "", false);
	cell(out, it ? model_item_title(it) : "", false);
	if (r->notice)
		number(out, (unsigned long long)r->notice);
	else
		buf_puts(out, ",");
	cell(out, e.who, false);
	cell(out, e.role, false);
	cell(out, model_capacity(e.capacity), false);
	cell(out, *e.channel ? say_channel(e.channel) : "", false);
	cell(out, e.number, false);
	cell(out, model_when(m, e.said_at), false);
	cell(out, e.entered_by, false);
	cell(out, e.transcribed ? T("転記", "transcribed") : "", false);
	cell(out, model_line(m, l), false);
	cell(out, text_hex(l->hash, RECORD_HASH, hex), true);
}

void csv_report(const struct model *m, struct buf *out)
{
	static const char *const heads[][2] = {{"事案", "incident"}, {"訓練", "drill"}, {"記録番号", "record"}, {"日時", "time"},
		{"種類", "kind"}, {"条項", "clauses"}, {"項目", "item"}, {"件名", "title"}, {"通知", "notice"}, {"氏名・端末", "who"},
		{"役割", "role"}, {"資格", "capacity"}, {"手段", "channel"}, {"電話番号", "number"}, {"告げた日時", "said at"},
		{"入力者", "entered by"}, {"転記", "transcribed"}, {"内容", "content"}, {"ハッシュ", "hash"}};
	size_t i, n = sizeof heads / sizeof *heads;

	buf_puts(out, "\xEF\xBB\xBF");
	for (i = 0; i < n; i++)
		cell(out, T(heads[i][0], heads[i][1]), i + 1 == n);
	for (i = 0; i < m->source->n; i++)
		line(out, m, &m->source->lines[i]);
}
