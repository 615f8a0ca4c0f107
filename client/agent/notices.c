#include "agent/notices.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uthash.h>

#include "agent/alert.h"
#include "agent/home.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "lib/durable.h"
#include "wire/codec.h"

#define ME "notices"
#define KEEP 4096
#define LINES_MAX 16384

struct seen {
	UT_hash_handle hh;
	uint64_t id, revision, at; /* at: when it was made; the same id with another time is another log's */
	int stage;                 /* what the server may be told: delivered or displayed */
	bool ended;
	uint64_t showing; /* revision that waits to be shown or runs; in memory only */
};

struct notices {
	struct agent *agent;
	struct seen *by_id; /* oldest first */
	char *path;
	int fd; /* of the file, for appending; -1: memory only */
	size_t lines;
	bool torn; /* the last write may have left half a line */
};

/* ---- the file: a line "id revision at stage ended." each time something changes; the last one for an id counts ---- */

static struct seen *find(struct notices *n, uint64_t id)
{
	struct seen *s;
	HASH_FIND(hh, n->by_id, &id, sizeof id, s);
	return s;
}

static struct seen *put(struct notices *n, uint64_t id)
{
	struct seen *s = find(n, id);
	if (s)
		return s;
	if (HASH_COUNT(n->by_id) >= KEEP) {
		struct seen *oldest = n->by_id;
		HASH_DEL(n->by_id, oldest);
		free(oldest);
	}
	s = xcalloc(1, sizeof *s);
	s->id = id;
	HASH_ADD(hh, n->by_id, id, sizeof s->id, s);
	return s;
}

static void load(struct notices *n)
{
	struct buf b;
	buf_init(&b, 4u << 20);
	int error = durable_read(n->path, &b);
	if (error && error != -ENOENT)
		log_warning(ME, "%s cannot be read (%s); notices may be shown once more", n->path, strerror(-error));
	for (char *line = error ? NULL : (char *)(uintptr_t)buf_str(&b), *next; line && *line; line = next) {
		uint64_t id, revision, at;
		int stage, ended, used = 0;
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (sscanf(line, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %d %d.%n", &id, &revision, &at, &stage, &ended, &used) != 5 ||
			!used || line[used])
			continue;
		struct seen *s = put(n, id);
		s->revision = revision;
		s->at = at;
		s->stage = stage;
		s->ended = ended != 0;
	}
	buf_free(&b);
}

/* The full stop ends a line that was written whole. */
static int format(const struct seen *s, char *out, size_t size)
{
	return snprintf(out, size, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %d %d.\n", s->id, s->revision, s->at, s->stage, s->ended ? 1 : 0);
}

static void rewrite(struct notices *n)
{
	struct buf b;
	char line[128];
	buf_init(&b, 4u << 20);
	for (struct seen *s = n->by_id; s; s = s->hh.next) {
		format(s, line, sizeof line);
		buf_puts(&b, line);
	}
	if (n->fd >= 0)
		close(n->fd);
	int error = durable_write(n->path, b.data ? b.data : (const uint8_t *)"", b.len, 0640);
	n->fd = open(n->path, O_WRONLY | O_APPEND | O_CLOEXEC);
	n->lines = HASH_COUNT(n->by_id);
	n->torn = false;
	if (error)
		log_warning(ME, "%s cannot be written (%s); after a restart notices may be shown once more", n->path, strerror(-error));
	buf_free(&b);
}

/* Not synced: losing the tail with the power means one alert more, and the loop must not wait for the disk while it alerts. */
static void keep(struct notices *n, const struct seen *s)
{
	char line[128];
	if (n->lines >= LINES_MAX) {
		rewrite(n);
		return;
	}
	if (n->fd < 0)
		return;
	line[0] = '\n';
	int len = format(s, line + 1, sizeof line - 1);
	const char *at = n->torn ? line : line + 1;
	size_t size = (size_t)len + (n->torn ? 1 : 0);
	n->torn = write(n->fd, at, size) != (ssize_t)size;
	n->lines++;
}

/* ---- showing ---- */

static void add_values(struct buf *b, const Renraku__Notice *m)
{
	for (size_t i = 0; i < m->n_values; i++) {
		const Renraku__ShownValue *v = m->values[i];
		const char *title = i18n_pick(v->title, v->title_en), *shown = i18n_pick(v->shown, v->shown_en);
		const char *value = *shown ? shown : *v->value ? v->value : v->unknown;
		if (*value)
			buf_printf(b, "  %s: %s\n", *title ? title : v->field, value);
	}
}

static char *compose(const Renraku__Notice *m)
{
	struct buf b;
	char at[24];
	buf_init(&b, 48u << 10);
	clock_format((int64_t)m->at, false, at);
	const char *title = i18n_pick(m->title, m->title_en);
	bool marked = strstr(title, "訓練") != NULL || strstr(title, "rill") != NULL;
	buf_printf(&b, "━━━━━━━━━━━━━━━━━━━━━━━━\n%s%s%s\n", m->drill && !marked ? T("【訓練】", "[DRILL] ") : "",
		m->ended       ? T("（終わりました）", "(ended) ")
		: m->escalated ? T("（ほかの方の応答がないため）", "(somebody else has not answered) ")
			       : "",
		title);
	buf_printf(&b, "  %s", at);
	if (*m->role_title)
		buf_printf(&b, T("　あて先: %s", "  to: %s"), i18n_pick(m->role_title, m->role_title_en));
	if (*m->from)
		buf_printf(&b, T("　発信: %s", "  from: %s"), i18n_pick(m->from, m->from_en));
	if (*m->place)
		buf_printf(&b, T("　場所: %s", "  place: %s"), m->place);
	buf_puts(&b, "\n");
	if (*m->drill_note)
		buf_printf(&b, "  %s\n", i18n_pick(m->drill_note, m->drill_note_en));
	if (m->ended && *m->ended_by)
		buf_printf(&b, "  %s\n", i18n_pick(m->ended_by, m->ended_by_en));
	add_values(&b, m);
	if (*m->words)
		buf_printf(&b, "  %s\n", m->words);
	if (m->wants_ack && !m->ended)
		buf_printf(&b, T("  確認したら: renraku ack %" PRIu64 "\n", "  when you have it: renraku ack %" PRIu64 "\n"), m->id);
	char *text = buf_take(&b);
	buf_free(&b);
	return text;
}

static void on_done(void *arg, uint64_t id, uint64_t revision, bool shown)
{
	struct notices *n = arg;
	struct seen *s = find(n, id);
	if (s && !shown && n->agent->settings->notice_command.n)
		s->showing = 0; /* when it comes again, it is tried again */
	if (!shown || !s || s->revision != revision)
		return;
	s->stage = RENRAKU__STAGE__STAGE_DISPLAYED;
	keep(n, s);
	home_receipt(n->agent->home, id, RENRAKU__STAGE__STAGE_DISPLAYED);
}

static void show(struct notices *n, const Renraku__Notice *m)
{
	struct alert *a = alert_new(*m->kind ? m->kind : "tell", m->drill);
	struct buf json;
	char *text = compose(m);
	alert_set(a, "TITLE", i18n_pick(m->title, m->title_en));
	alert_set_number(a, "NOTICE", m->id);
	alert_set_number(a, "INCIDENT", m->incident);
	alert_set(a, "ITEM", m->item);
	alert_set(a, "ROLE", i18n_pick(m->role_title, m->role_title_en));
	alert_set(a, "PLACE", m->place);
	alert_set(a, "ENDED", m->ended ? "1" : "");
	alert_set(a, "WANTS_ACK", m->wants_ack && !m->ended ? "1" : "");
	alert_set(a, "ESCALATED", m->escalated ? "1" : "");
	alert_set_number(a, "REPEATS", m->repeats);
	alert_set_text(a, text);
	free(text);
	buf_init(&json, 1u << 20);
	codec_json(&json, &m->base);
	buf_puts(&json, "\n");
	alert_take_json(a, buf_take(&json));
	buf_free(&json);
	alert_about(a, m->id, m->revision);
	alerts_post(n->agent->alerts, a, on_done, n);
}

void notices_take(struct notices *n, const Renraku__Notice *m)
{
	struct seen *s = find(n, m->id);
	if (s && s->at != m->at) {
		HASH_DEL(n->by_id, s);
		free(s);
		s = NULL;
	}
	bool known = s && s->revision >= m->revision;
	/* The server may not have our receipt yet: it is told again. What was delivered but never shown is shown now. */
	if (known && (s->stage >= RENRAKU__STAGE__STAGE_DISPLAYED || s->ended || s->showing == s->revision)) {
		home_receipt(n->agent->home, m->id, (Renraku__Stage)s->stage);
		return;
	}
	bool had = s != NULL, had_ended = s && s->ended;
	if (!s)
		s = put(n, m->id);
	s->revision = m->revision;
	s->at = m->at;
	s->ended = m->ended;
	s->stage = RENRAKU__STAGE__STAGE_DELIVERED;
	keep(n, s);
	home_receipt(n->agent->home, m->id, RENRAKU__STAGE__STAGE_DELIVERED);
	log_info(ME, "notice %" PRIu64 " (incident %u, %s)%s%s: %s", m->id, m->incident, m->kind, m->drill ? " drill" : "",
		m->ended ? " ended" : "", m->title);
	/* The end of something nobody here was alerted to is no news, nor is an end that was told: for this terminal first, then for all.
	   That it no longer holds is news also to who has acknowledged it. */
	if (m->ended && (!had || (had_ended && strcmp(m->kind, "cancelled") != 0)))
		return;
	s->showing = m->revision;
	show(n, m);
}

uint64_t notices_seen(const struct notices *n)
{
	uint64_t newest = 0, first_unshown = UINT64_MAX;
	for (struct seen *s = n->by_id; s; s = s->hh.next) {
		newest = s->revision > newest ? s->revision : newest;
		if (s->stage < RENRAKU__STAGE__STAGE_DISPLAYED && !s->ended && s->revision < first_unshown)
			first_unshown = s->revision;
	}
	return first_unshown <= newest ? first_unshown - 1 : newest;
}

struct notices *notices_new(struct agent *a)
{
	struct notices *n = xcalloc(1, sizeof *n);
	n->agent = a;
	n->fd = -1;
	n->path = xasprintf("%s/notices.seen", a->settings->state);
	load(n);
	rewrite(n);
	return n;
}

static void clear(struct notices *n)
{
	struct seen *s, *next;
	HASH_ITER(hh, n->by_id, s, next) {
		HASH_DEL(n->by_id, s);
		free(s);
	}
}

void notices_forget(struct notices *n)
{
	clear(n);
	rewrite(n);
}

void notices_free(struct notices *n)
{
	if (!n)
		return;
	clear(n);
	if (n->fd >= 0)
		close(n->fd);
	free(n->path);
	free(n);
}
