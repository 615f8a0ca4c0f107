#include "ctl/out.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "wire/codec.h"

/* text_safe line by line, so that a line break stays one. */
static void safe_lines(struct buf *out, char *text)
{
	char *line = text, *end;

	for (;;) {
		end = strchr(line, '\n');
		if (end)
			*end = '\0';
		text_safe(out, line);
		if (!end)
			return;
		buf_puts(out, "\n");
		line = end + 1;
	}
}

static char *format(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));
static char *format(const char *fmt, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, args) < 0)
		return xstrdup("");
	return text;
}

void out_line(const struct ctl *ctl, enum show_tone tone, const char *fmt, ...)
{
	struct buf out;
	va_list args;
	char *text;

	va_start(args, fmt);
	text = format(fmt, args);
	va_end(args);
	buf_init(&out, OUT_MAX);
	buf_puts(&out, show_on(tone, ctl->colours));
	safe_lines(&out, text);
	if (tone != SHOW_PLAIN)
		buf_puts(&out, show_off(ctl->colours));
	buf_puts(&out, "\n");
	out_buf(ctl, &out);
	buf_free(&out);
	free(text);
}

static void error(const char *prefix, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));
static void error(const char *prefix, const char *fmt, va_list args)
{
	struct buf out;
	char *text = format(fmt, args);

	buf_init(&out, OUT_MAX);
	safe_lines(&out, text);
	fflush(stdout);
	fprintf(stderr, "%s%s\n", prefix, buf_str(&out));
	buf_free(&out);
	free(text);
}

void out_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	error("renraku: ", fmt, args);
	va_end(args);
}

int out_usage(const struct ctl *ctl, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	error("renraku: ", fmt, args);
	va_end(args);
	if (ctl->cmd)
		fprintf(stderr, T("使い方は renraku %s --help で表示します。\n", "See renraku %s --help.\n"), ctl->cmd->name);
	else
		fprintf(stderr, "%s\n", T("使い方は renraku --help で表示します。", "See renraku --help."));
	return CTL_USAGE;
}

void out_buf(const struct ctl *ctl, struct buf *buf)
{
	const char *text = buf_str(buf);

	fwrite(text, 1, strlen(text), ctl->out);
}

void out_json(const ProtobufCMessage *message)
{
	struct buf out;

	buf_init(&out, OUT_MAX * 4);
	codec_json(&out, message);
	buf_puts(&out, "\n");
	fputs(buf_str(&out), stdout);
	fflush(stdout);
	buf_free(&out);
}

void out_table(const struct ctl *ctl, struct show_table *table)
{
	struct buf out;

	buf_init(&out, OUT_MAX);
	show_table_write(table, &out, ctl->colours, ctl->columns);
	out_buf(ctl, &out);
	buf_free(&out);
	show_table_free(table);
}

void out_view(const struct rows *rows, Renraku__View view, uint32_t incident)
{
	out_view_of(rows, view, incident, NULL, NULL);
}

void out_view_of(const struct rows *rows, Renraku__View view, uint32_t incident, out_keep_fn *keep, const void *arg)
{
	Renraku__ViewUpdate message = RENRAKU__VIEW_UPDATE__INIT;
	size_t i, n = rows_count(rows);

	message.view = view;
	message.incident = incident;
	message.revision = rows_revision(rows);
	message.complete = rows_complete(rows);
	message.rows = xcalloc(n + 1, sizeof *message.rows);
	/* codec_json only reads them; protobuf-c has no const. */
	for (i = 0; i < n; i++)
		if (!keep || keep(rows_at(rows, i), arg))
			message.rows[message.n_rows++] = (Renraku__Row *)(uintptr_t)rows_at(rows, i);
	out_json(&message.base);
	free(message.rows);
}
