#include "agent/probe.h"

#include <stdlib.h>

#include "agent/alert.h"
#include "agent/home.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "wire/codec.h"

#define ME "test"

static void on_done(void *arg, uint64_t test, uint64_t revision, bool shown)
{
	struct agent *a = arg;
	(void)revision;
	a->probe_showing = 0;
	if (!shown)
		return;
	a->probe_shown = test;
	home_probe_answer(a->home, (uint32_t)test, RENRAKU__STAGE__STAGE_DISPLAYED);
}

static void show(struct agent *a, const Renraku__Probe *p)
{
	struct alert *alert = alert_new("test", false);
	struct buf json;
	char at[24];
	char *line = xasprintf(T("%s 接続テスト：この端末に連絡が届いています。操作は要りません。\n",
				       "%s connection test: this terminal receives. Nothing is to be done.\n"),
		clock_format((int64_t)p->at, false, at));
	alert_set(alert, "TITLE", T("接続テスト", "Connection test"));
	alert_set_quiet_text(alert, line);
	free(line);
	buf_init(&json, 64u << 10);
	codec_json(&json, &p->base);
	buf_puts(&json, "\n");
	alert_take_json(alert, buf_take(&json));
	buf_free(&json);
	alert_about(alert, p->test, 0);
	a->probe_showing = p->test;
	alerts_post(a->alerts, alert, on_done, a);
}

void probe_take(struct agent *a, const Renraku__Probe *p)
{
	bool shown = a->probe_shown == p->test;
	home_probe_answer(a->home, p->test, shown ? RENRAKU__STAGE__STAGE_DISPLAYED : RENRAKU__STAGE__STAGE_DELIVERED);
	if (shown || a->probe_showing == p->test)
		return;
	log_info(ME, "connection test %u: answered", p->test);
	show(a, p);
}
