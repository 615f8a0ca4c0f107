#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

#define LINE_MAX_BYTES 8192

static _Atomic int log_least = LOG_INFO;
static const char *_Atomic log_program = "renraku";

void log_set_level(enum log_level level)
{
	atomic_store(&log_least, (int)level);
}

void log_set_program(const char *name)
{
	atomic_store(&log_program, name);
}

static const struct {
	const char *word;
	const char *journal; /* priority prefix that systemd's journal understands */
} levels[] = {
	[LOG_DEBUG] = {"debug", "<7>"},
	[LOG_INFO] = {"info", "<6>"},
	[LOG_WARNING] = {"warning", "<4>"},
	[LOG_ERROR] = {"error", "<3>"},
};

/* One write for each line, so that lines of several threads do not mix. */
static void write_line(const char *s, size_t n)
{
	while (n) {
		ssize_t done = write(STDERR_FILENO, s, n);
		if (done <= 0)
			return; /* nobody to tell */
		s += done;
		n -= (size_t)done;
	}
}

void log_line(enum log_level level, const char *subject, const char *fmt, ...)
{
	if ((int)level < atomic_load(&log_least))
		return;
	char message[4096], stamp[20];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(message, sizeof message, fmt, ap);
	va_end(ap);

	struct buf line;
	buf_init(&line, LINE_MAX_BYTES + 16);
	if (getenv("JOURNAL_STREAM"))
		buf_puts(&line, levels[level].journal);
	buf_printf(&line, "%s %s %s", clock_format(clock_wall_ms(), true, stamp), atomic_load(&log_program), levels[level].word);
	if (subject && *subject) {
		buf_puts(&line, " ");
		text_safe(&line, subject);
	}
	buf_puts(&line, ": ");
	text_safe(&line, message);
	buf_puts(&line, "\n");
	write_line(buf_str(&line), line.len);
	buf_free(&line);
}
