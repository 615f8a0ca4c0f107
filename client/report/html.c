#include "report/html.h"

#include <string.h>

#include "lib/i18n.h"

static const char style[] =
	"@page{size:A4;margin:18mm}"
	"body{font-family:'IPAexMincho','IPAex明朝','Hiragino Mincho ProN','Yu Mincho','Noto Serif CJK JP',serif;font-size:10.5pt;"
	"line-height:1.5;color:#000;background:#fff;max-width:190mm;margin:8mm auto;padding:0 4mm}"
	"h1{font-size:18pt;text-align:center;margin:4mm 0 6mm}"
	"h2,h3,th{font-family:'IPAexGothic','IPAexゴシック','Hiragino Sans','Yu Gothic','Noto Sans CJK JP',sans-serif}"
	"h2{font-size:13pt;border-bottom:1.5pt solid #000;margin:8mm 0 2mm;break-after:avoid}"
	"h3{font-size:11pt;margin:5mm 0 1mm;break-after:avoid}"
	"p{margin:1mm 0}.note{font-size:9pt;color:#333}.warn{border:1.5pt solid #b00;color:#b00;padding:1mm 2mm}"
	"table{border-collapse:collapse;width:100%;table-layout:fixed;font-size:9pt;margin:1mm 0 3mm}"
	"th,td{border:.5pt solid #555;padding:.6mm 1.2mm;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
	"thead{display:table-header-group}tr{break-inside:avoid}th{background:#eee;font-weight:normal}"
	"tr.group td{background:#f6f6f6;font-family:'IPAexGothic','IPAexゴシック',sans-serif}tr.warn td{background:#fff0f0}tr.dim "
	"td{color:#555}"
	".stamp{position:fixed;top:2mm;right:4mm;border:2pt solid #c00;color:#c00;font-size:16pt;padding:0 3mm;background:#fff}"
	".page{break-before:page}";

static void escape(struct buf *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&':
			buf_puts(out, "&amp;");
			break;
		case '<':
			buf_puts(out, "&lt;");
			break;
		case '>':
			buf_puts(out, "&gt;");
			break;
		case '"':
			buf_puts(out, "&quot;");
			break;
		case '\'':
			buf_puts(out, "&#39;");
			break;
		case '\n':
			buf_puts(out, "<br/>");
			break;
		default:
			buf_append(out, text, 1);
		}
}

static void element(struct buf *out, const char *open, const char *text, const char *close)
{
	buf_puts(out, open);
	escape(out, text);
	buf_puts(out, close);
	buf_puts(out, "\n");
}

static void columns(struct buf *out, const struct doc_table *t)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < t->columns; i++)
		sum += t->widths[i];
	buf_puts(out, "<colgroup>");
	for (i = 0; i < t->columns; i++)
		buf_printf(out, "<col style=\"width:%.1f%%\"/>", 100 * t->widths[i] / sum);
	buf_puts(out, "</colgroup>\n");
}

static void row(struct buf *out, const struct doc_table *t, const struct doc_line *line)
{
	static const char *const classes[] = {"", " class=\"group\"", " class=\"warn\"", " class=\"dim\""};
	size_t i;

	buf_printf(out, "<tr%s>", classes[line->kind]);
	if (line->kind == DOC_ROW_GROUP) {
		buf_printf(out, "<td colspan=\"%zu\">", t->columns);
		escape(out, line->cells[0]);
		buf_puts(out, "</td></tr>\n");
		return;
	}
	for (i = 0; i < t->columns; i++) {
		bool head = i == 0 && t->head_column;

		buf_puts(out, head ? "<th>" : "<td>");
		escape(out, line->cells[i]);
		buf_puts(out, head ? "</th>" : "</td>");
	}
	buf_puts(out, "</tr>\n");
}

static void table(struct buf *out, const struct doc_table *t)
{
	size_t i;

	buf_puts(out, "<table>");
	columns(out, t);
	if (t->headed) {
		buf_puts(out, "<thead><tr>");
		for (i = 0; i < t->columns; i++) {
			buf_puts(out, "<th>");
			escape(out, t->heads[i]);
			buf_puts(out, "</th>");
		}
		buf_puts(out, "</tr></thead>\n");
	}
	buf_puts(out, "<tbody>\n");
	for (i = 0; i < t->n; i++)
		row(out, t, &t->lines[i]);
	buf_puts(out, "</tbody></table>\n");
}

static void block(struct buf *out, const struct doc_block *b)
{
	switch (b->kind) {
	case DOC_TITLE:
		element(out, "<h1>", b->text, "</h1>");
		break;
	case DOC_HEADING:
		element(out, "<h2>", b->text, "</h2>");
		break;
	case DOC_SUBHEADING:
		element(out, "<h3>", b->text, "</h3>");
		break;
	case DOC_TEXT:
		element(out, "<p>", b->text, "</p>");
		break;
	case DOC_NOTE:
		element(out, "<p class=\"note\">", b->text, "</p>");
		break;
	case DOC_WARN:
		element(out, "<p class=\"warn\">", b->text, "</p>");
		break;
	case DOC_TABLE:
		table(out, b->table);
		break;
	case DOC_PAGE:
		buf_puts(out, "<div class=\"page\"></div>\n");
		break;
	}
}

void html_write(const struct doc *doc, struct buf *out)
{
	size_t i;

	buf_printf(out,
		"<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"/>\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
		"<meta name=\"viewport\" content=\"width=device-width\"/>\n",
		T("ja", "en"));
	element(out, "<title>", doc->title, "</title>");
	buf_printf(out, "<style>%s</style></head><body>\n", style);
	if (doc->stamp)
		element(out, "<div class=\"stamp\">", doc->stamp, "</div>");
	for (i = 0; i < doc->n; i++)
		block(out, &doc->blocks[i]);
	element(out, "<p class=\"note\">", doc->foot, "</p>");
	buf_puts(out, "</body></html>\n");
}
