#include "lib/show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "lib/i18n.h"

bool show_colours(FILE *f)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");
	return isatty(fileno(f)) && term && strcmp(term, "dumb") != 0 && !(no && *no);
}

int show_columns(FILE *f)
{
	struct winsize w;
	if (ioctl(fileno(f), TIOCGWINSZ, &w) == 0 && w.ws_col >= 20)
		return w.ws_col;
	const char *env = getenv("COLUMNS");
	int n = env ? atoi(env) : 0;
	return n >= 20 && n <= 1000 ? n : 100;
}

const char *show_on(enum show_tone tone, bool colours)
{
	static const char *const codes[] = {
		[SHOW_PLAIN] = "",
		[SHOW_BOLD] = "\033[1m",
		[SHOW_DIM] = "\033[2m",
		[SHOW_GOOD] = "\033[32m",
		[SHOW_WARN] = "\033[33m",
		[SHOW_BAD] = "\033[1;31m",
		[SHOW_DRILL] = "\033[1;36m",
	};
	return colours ? codes[tone] : "";
}

const char *show_off(bool colours)
{
	return colours ? "\033[0m" : "";
}

void show_lines(struct buf *out, const char *text)
{
	char *copy = xstrdup(text);
	for (char *line = copy, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		text_safe(out, line);
		if (next)
			buf_puts(out, "\n");
	}
	free(copy);
}

/* ---- wrapping ---- */

static size_t char_len(const char *s)
{
	unsigned char c = (unsigned char)*s;
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	for (size_t i = 1; i < n; i++)
		if (!s[i])
			return i;
	return n;
}

static bool in_set(const char *set, const char *s, size_t n)
{
	for (; *set; set += char_len(set))
		if (char_len(set) == n && !memcmp(set, s, n))
			return true;
	return false;
}

/* What may not be parted: a Latin word, or one character with the closing marks after it and the opening ones before it. */
static size_t piece_len(const char *s)
{
	static const char closing[] = "、。，．）」』】〕・：；？！ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ),.:;!?";
	static const char opening[] = "（「『【〔(";
	size_t n = 0;
	while (s[n] && in_set(opening, s + n, char_len(s + n)))
		n += char_len(s + n);
	if (s[n] && (unsigned char)s[n] < 0x80)
		while (s[n] && (unsigned char)s[n] < 0x80 && s[n] != ' ' && s[n] != '\n')
			n++;
	else if (s[n])
		n += char_len(s + n);
	while (s[n] && in_set(closing, s + n, char_len(s + n)))
		n += char_len(s + n);
	return n ? n : char_len(s);
}

static void new_line(struct buf *out, int indent, int *column)
{
	buf_printf(out, "\n%*s", indent, "");
	*column = indent;
}

void show_wrap(struct buf *out, const char *text, int start, int indent, int columns)
{
	struct buf safe;
	buf_init(&safe, 1u << 20);
	show_lines(&safe, text);
	int column = start;
	bool begun = false;
	int gap = 0; /* blanks are held back: at the end of a line they only trail */
	for (const char *s = buf_str(&safe); *s;) {
		if (*s == '\n' || *s == ' ') {
			gap = *s == '\n' || !begun || column + gap <= indent ? 0 : gap + 1;
			if (*s == '\n')
				new_line(out, indent, &column);
			s++;
			continue;
		}
		char piece[256];
		size_t n = piece_len(s);
		n = n < sizeof piece ? n : sizeof piece - 1;
		memcpy(piece, s, n);
		piece[n] = '\0';
		int width = text_width(piece);
		if (column + gap + width > columns && column > indent) {
			new_line(out, indent, &column);
			gap = 0;
		}
		column += width + gap;
		for (; gap > 0; gap--)
			buf_puts(out, " ");
		buf_puts(out, piece);
		begun = true;
		s += n;
	}
	buf_free(&safe);
}

/* ---- time ---- */

char *show_time(int64_t at, int64_t now, char *out)
{
	if (at <= 0) {
		strcpy(out, "-");
		return out;
	}
	struct clock_date a = clock_japan(at), n = clock_japan(now);
	bool same_day = a.year == n.year && a.month == n.month && a.day == n.day;
	if (same_day)
		snprintf(out, 24, "%02d:%02d", a.hour % 100, a.minute % 100);
	else if (a.year == n.year)
		snprintf(out, 24, "%02d-%02d %02d:%02d", a.month % 100, a.day % 100, a.hour % 100, a.minute % 100);
	else
		clock_format(at, false, out);
	return out;
}

char *show_elapsed(int64_t since, int64_t now, char *out)
{
	int64_t minutes = (now - since) / 60000;
	if (minutes < 1)
		snprintf(out, 24, "%s", T("たった今", "just now"));
	else if (minutes < 60)
		snprintf(out, 24, T("%" PRId64 "分", "%" PRId64 " min"), minutes);
	else if (minutes < 48 * 60)
		snprintf(out, 24, T("%" PRId64 "時間%" PRId64 "分", "%" PRId64 " h %" PRId64 " min"), minutes / 60, minutes % 60);
	else
		snprintf(out, 24, T("%" PRId64 "日", "%" PRId64 " days"), minutes / (24 * 60));
	return out;
}

char *show_when(int64_t at, int64_t now, char *out)
{
	char clock[24], since[24];
	if (at <= 0) {
		strcpy(out, "-");
		return out;
	}
	show_time(at, now, clock);
	show_elapsed(at, now, since);
	if (at - now >= 60000) /* to come */
		snprintf(out, 48, "%s", clock);
	else if (now - at < 60000)
		snprintf(out, 48, T("%s（%s）", "%s (%s)"), clock, since);
	else
		snprintf(out, 48, T("%s（%s前）", "%s (%s ago)"), clock, since);
	return out;
}
