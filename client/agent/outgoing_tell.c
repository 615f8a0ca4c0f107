#include "agent/outgoing_tell.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "agent/alert.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "wire/codec.h"

static bool is_drill(const struct spool_entry *e)
{
	return e->command && e->command->act_case == RENRAKU__COMMAND__ACT_ALARM && e->command->alarm->drill;
}

/* {"kind":…,"title":…,"text":…,"id":…,"made_at":…,"telephone":[…],"result":{…}} */
static char *as_json(const struct spool_entry *e, const char *kind, const char *title, const char *text, char *const *telephone, size_t n,
	const Renraku__Result *r)
{
	struct buf b;
	buf_init(&b, 256u << 10);
	buf_puts(&b, "{\"kind\":");
	text_json(&b, kind);
	buf_puts(&b, ",\"title\":");
	text_json(&b, title);
	buf_puts(&b, ",\"text\":");
	text_json(&b, text);
	buf_puts(&b, ",\"id\":");
	text_json(&b, e->id);
	buf_printf(&b, ",\"drill\":%s,\"made_at\":%" PRId64 ",\"telephone\":[", is_drill(e) ? "true" : "false", e->made_at);
	for (size_t i = 0; i < n; i++) {
		buf_puts(&b, i ? "," : "");
		text_json(&b, telephone[i]);
	}
	buf_puts(&b, "]");
	if (r) {
		buf_puts(&b, ",\"result\":");
		codec_json(&b, &r->base);
	}
	buf_puts(&b, "}\n");
	char *json = buf_take(&b);
	buf_free(&b);
	return json;
}

static void add_telephone(struct buf *b, char *const *telephone, size_t n)
{
	if (n)
		buf_puts(b, T("  電話で伝えてください:\n", "  telephone now:\n"));
	else
		buf_puts(b, T("  電話か直接、住基ネット担当者か上司に伝えてください。\n",
				    "  tell the operator or your superior by telephone or in person.\n"));
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "    ☎ %s\n", telephone[i]);
}

static void post(struct agent *agent, const struct spool_entry *e, const char *kind, const char *title, struct buf *text,
	char *const *telephone, size_t n, const Renraku__Result *r)
{
	struct alert *a = alert_new(kind, is_drill(e));
	struct buf lines;
	buf_init(&lines, 16u << 10);
	for (size_t i = 0; i < n; i++)
		buf_printf(&lines, "%s%s", i ? "\n" : "", telephone[i]);
	alert_set(a, "TITLE", title);
	alert_set(a, "TELEPHONE", buf_str(&lines));
	alert_set_text(a, buf_str(text));
	alert_take_json(a, as_json(e, kind, title, buf_str(text), telephone, n, r));
	alerts_post(agent->alerts, a, NULL, NULL);
	buf_free(&lines);
}

static const char rule[] = "━━━━━━━━━━━━━━━━━━━━━━━━\n";

void outgoing_tell_undelivered(struct agent *agent, const struct spool_entry *e, const char *why, char *const *telephone, size_t n)
{
	struct buf b;
	struct arena *a = arena_new(0);
	const char *title = T("通報がまだ届いていません", "The alarm is not delivered yet");
	buf_init(&b, 32u << 10);
	buf_printf(&b, "%s%s%s\n  %s\n", rule, is_drill(e) ? T("【訓練】", "[DRILL] ") : "", title, spool_title(e, a));
	if (*why)
		buf_printf(&b, T("  理由: %s\n", "  why: %s\n"), why);
	add_telephone(&b, telephone, n);
	buf_puts(&b, T("  つながりしだい、この端末が自動で一度だけ届けます。もう一度押す必要はありません。\n",
			     "  It is delivered by itself, once, as soon as the connection is back. No need to raise it again.\n"));
	post(agent, e, "undelivered", title, &b, telephone, n, NULL);
	buf_free(&b);
	arena_free(a);
}

void outgoing_tell_damaged(struct agent *agent, const struct spool_entry *e, char *const *telephone, size_t n)
{
	struct buf b;
	struct arena *a = arena_new(0);
	const char *title = T("通報の控えが壊れています", "An alarm kept here is damaged");
	buf_init(&b, 32u << 10);
	buf_printf(&b, "%s%s\n  %s\n", rule, title, spool_title(e, a));
	buf_puts(&b, T("  届けられません。届いていないときは、電話で伝えて、もう一度通報してください。\n",
			     "  It cannot be delivered. Unless it arrived, telephone and raise the alarm again.\n"));
	add_telephone(&b, telephone, n);
	post(agent, e, "undelivered", title, &b, telephone, n, NULL);
	buf_free(&b);
	arena_free(a);
}

void outgoing_tell_answered(struct agent *agent, const struct spool_entry *e, const Renraku__Result *r)
{
	struct buf b;
	struct arena *a = arena_new(0);
	char now[24];
	bool accepted = r->outcome == RENRAKU__OUTCOME__ACCEPTED;
	const char *title = accepted ? T("通報が届きました", "The alarm is delivered")
				     : T("通報が受け付けられませんでした", "The alarm was refused");
	buf_init(&b, 32u << 10);
	clock_format(clock_wall_ms(), false, now);
	buf_printf(&b, "%s%s%s\n  %s\n", rule, is_drill(e) ? T("【訓練】", "[DRILL] ") : "", title, spool_title(e, a));
	if (accepted && r->incident)
		buf_printf(&b, T("  %s に記録されました（事案 %u）。\n", "  recorded at %s (incident %u).\n"), now, r->incident);
	else if (accepted)
		buf_printf(&b, T("  %s に記録されました。\n", "  recorded at %s.\n"), now);
	else
		buf_printf(&b, "  %s (%s)\n", i18n_pick(r->text, r->text_en), r->code);
	if (!accepted)
		add_telephone(&b, r->telephone, r->n_telephone);
	post(agent, e, accepted ? "delivered" : "refused", title, &b, r->telephone, r->n_telephone, r);
	buf_free(&b);
	arena_free(a);
}
