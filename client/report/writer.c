#include "report/writer.h"

#include "base/text.h"
#include "lib/i18n.h"

static void comma(struct buf *out)
{
	if (out->len && out->data[out->len - 1] != '{' && out->data[out->len - 1] != '[')
		buf_puts(out, ",");
}

static void key(struct buf *out, const char *name)
{
	comma(out);
	if (name)
		buf_printf(out, "\"%s\":", name);
}

void writer_text(struct buf *out, const char *name, const char *value)
{
	key(out, name);
	text_json(out, value ? value : "");
}

void writer_number(struct buf *out, const char *name, int64_t value)
{
	key(out, name);
	buf_printf(out, "%lld", (long long)value);
}

void writer_truth(struct buf *out, const char *name, bool value)
{
	key(out, name);
	buf_puts(out, value ? "true" : "false");
}

void writer_begin(struct buf *out, const char *name, const char *bracket)
{
	key(out, name);
	buf_puts(out, bracket);
}

void writer_end(struct buf *out, const char *bracket)
{
	buf_puts(out, bracket);
}

void writer_texts(struct buf *out, const char *name, char *const *list, size_t n)
{
	size_t i;

	writer_begin(out, name, "[");
	for (i = 0; i < n; i++)
		writer_text(out, NULL, list[i]);
	writer_end(out, "]");
}

void writer_hash(struct buf *out, const char *name, const uint8_t *bytes)
{
	char hex[2 * RECORD_HASH + 1];

	writer_text(out, name, text_hex(bytes, RECORD_HASH, hex));
}

void writer_shown(struct buf *out, const char *name, Renraku__ShownValue *const *values, size_t n)
{
	size_t i;

	writer_begin(out, name, "[");
	for (i = 0; i < n; i++) {
		writer_begin(out, NULL, "{");
		writer_text(out, "field", values[i]->field);
		writer_text(out, "title", i18n_pick(values[i]->title, values[i]->title_en));
		writer_text(out, "value", values[i]->value);
		writer_text(out, "shown", i18n_pick(values[i]->shown, values[i]->shown_en));
		writer_text(out, "unknown", values[i]->unknown);
		writer_texts(out, "checks", values[i]->checks, values[i]->n_checks);
		writer_end(out, "}");
	}
	writer_end(out, "]");
}
