#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "web/browser_parts.h"
#include "web/csrf.h"

#define SESSION_MAX (64u << 10)

void browser_who_free(struct browser_who *w)
{
	free(w->person);
	free(w->person_name);
	free(w->terminal);
	free(w->warning);
	free(w->warning_en);
	*w = (struct browser_who){0};
}

void browser_who_read(struct browser_who *w, const Renraku__Welcome *m)
{
	static const char terminal[] = "terminal:";
	browser_who_free(w);
	w->person = *m->person ? xstrdup(m->person) : NULL;
	w->person_name = *m->person_name ? xstrdup(m->person_name) : NULL;
	w->terminal = !strncmp(m->principal, terminal, sizeof terminal - 1) ? xstrdup(m->principal + sizeof terminal - 1) : NULL;
	w->warning = *m->warning ? xstrdup(m->warning) : NULL;
	w->warning_en = *m->warning_en ? xstrdup(m->warning_en) : NULL;
	w->administrator = m->administrator;
	w->cannot_record = m->cannot_record;
}

static bool same(const char *a, const char *b)
{
	return (!a && !b) || (a && b && !strcmp(a, b));
}

bool browser_who_same(const struct browser_who *a, const struct browser_who *b)
{
	return same(a->person, b->person) && same(a->terminal, b->terminal);
}

static void put_text(struct buf *out, const char *name, const char *value)
{
	if (!value)
		return;
	buf_printf(out, ",\"%s\":", name);
	json_quote(out, value);
}

static void put_lines(struct buf *out, char *const *lines)
{
	if (!lines || !*lines)
		return;
	for (size_t i = 0; lines[i]; i++) {
		buf_puts(out, i ? "," : ",\"telephone\":[");
		json_quote(out, lines[i]);
	}
	buf_puts(out, "]");
}

static void begin(struct browsers *all, const char *person, const char *terminal, bool up, struct buf *out)
{
	char csrf[CSRF_TEXT];
	buf_printf(out, "{\"csrf\":\"%s\",\"link\":\"%s\"", csrf_value(person, terminal, csrf), up ? "up" : "down");
	put_lines(out, all->lines);
}

void browsers_session_of_nobody(struct browsers *all, bool up, struct buf *out)
{
	begin(all, NULL, NULL, up, out);
	buf_printf(out, ",\"now\":%" PRId64 "}", streams_now(all->streams));
}

/* All but the clock, which is no change to be told. */
static void describe(const struct browser *b, struct buf *out)
{
	const struct browser_who *w = &b->who;
	bool up = b->up && upstream_ready(b->up);
	begin(b->all, b->tokens[UPSTREAM_PERSON], b->tokens[UPSTREAM_TERMINAL], up, out);
	put_text(out, "person", w->person);
	put_text(out, "person_name", w->person_name);
	put_text(out, "terminal", w->terminal);
	put_text(out, "warning", w->warning);
	put_text(out, "warning_en", w->warning_en);
	put_text(out, "epoch", b->epoch);
	if (w->administrator)
		buf_puts(out, ",\"administrator\":true");
	if (w->cannot_record)
		buf_puts(out, ",\"cannot_record\":true");
	/* There are cookies, and renrakud cannot be asked whose. */
	if (!up && !b->known && (b->tokens[0] || b->tokens[1]))
		buf_puts(out, ",\"unknown\":true");
}

void browser_session(struct browser *b, struct buf *out)
{
	describe(b, out);
	buf_printf(out, ",\"now\":%" PRId64 "}", streams_now(b->all->streams));
}

void browser_tell_session(struct browser *b)
{
	struct buf json;
	buf_init(&json, SESSION_MAX);
	describe(b, &json);
	bool changed = !b->session_json || strcmp(b->session_json, buf_str(&json)) != 0;
	if (changed) {
		free(b->session_json);
		b->session_json = xstrdup(buf_str(&json));
		buf_printf(&json, ",\"now\":%" PRId64 "}", streams_now(b->all->streams));
		browser_tell(b, "session", buf_str(&json), json.len);
	}
	buf_free(&json);
}

const char *browser_person(const struct browser *b)
{
	return b->who.person ? b->who.person : "";
}

const char *browser_terminal(const struct browser *b)
{
	return b->who.terminal ? b->who.terminal : "";
}
