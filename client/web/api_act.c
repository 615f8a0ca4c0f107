/* What one does and watches. */
#include "web/api_parts.h"

/* ---- commands ---- */

static void perform_command(struct api_call *c)
{
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_COMMAND;
	f.command = (Renraku__Command *)c->body;
	api_ask(c, &f);
}

static void odd(struct api_call *c)
{
	api_refuse(c, 502, "MALFORMED", "連絡サーバの返事が読めません。", "The server's answer makes no sense.", 0);
}

static bool answered_command(struct api_call *c, const Renraku__ServerFrame *f)
{
	if (f->body_case == RENRAKU__SERVER_FRAME__BODY_RESULT)
		api_reply_message(c, &f->result->base);
	else
		odd(c);
	return false;
}

/* ---- what has no answer ---- */

static void perform_receipts(struct api_call *c)
{
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_RECEIPTS;
	f.receipts = (Renraku__Receipts *)c->body;
	api_tell(c, &f);
}

static void perform_probe(struct api_call *c)
{
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_PROBE_ANSWER;
	f.probe_answer = (Renraku__ProbeAnswer *)c->body;
	api_tell(c, &f);
}

/* ---- views ---- */

static bool wrong_view(struct api_call *c, const Renraku__Unsubscribe *m)
{
	if (m->view && (m->incident != 0) == (m->view == RENRAKU__VIEW__VIEW_INCIDENT))
		return false;
	api_refuse(c, 400, "MALFORMED", "view が正しくありません。", "view must be named, and incident only with VIEW_INCIDENT.", 0);
	return true;
}

static void perform_watch(struct api_call *c)
{
	const Renraku__Unsubscribe *m = (const Renraku__Unsubscribe *)c->body;
	Renraku__Subscribe s = RENRAKU__SUBSCRIBE__INIT;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	if (wrong_view(c, m))
		return;
	if (browser_view(c->browser, m->view, m->incident)) {
		api_reply_empty(c, 204);
		return;
	}
	if (!browser_add_view(c->browser, m->view, m->incident)) {
		api_refuse(c, 429, "TOO_MANY", "同時に見られるのは16画面までです。", "16 views at most can be watched at a time.", 0);
		return;
	}
	s.view = m->view;
	s.incident = m->incident;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_SUBSCRIBE;
	f.subscribe = &s;
	api_ask(c, &f);
}

static bool answered_watch(struct api_call *c, const Renraku__ServerFrame *f)
{
	const Renraku__Unsubscribe *m = (const Renraku__Unsubscribe *)c->body;
	if (f->body_case != RENRAKU__SERVER_FRAME__BODY_REFUSAL) {
		api_reply_empty(c, 204);
		return false;
	}
	browser_drop_view(c->browser, m->view, m->incident);
	api_refuse_as(c, f->refusal);
	return false;
}

static void perform_unwatch(struct api_call *c)
{
	Renraku__Unsubscribe *m = (Renraku__Unsubscribe *)c->body;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	if (wrong_view(c, m))
		return;
	browser_drop_view(c->browser, m->view, m->incident);
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_UNSUBSCRIBE;
	f.unsubscribe = m;
	api_tell(c, &f);
}

const struct api_route api_act_routes[] = {
	{HTTP_POST, "/api/command", &renraku__command__descriptor, perform_command, answered_command, NULL, 0, false},
	{HTTP_POST, "/api/receipts", &renraku__receipts__descriptor, perform_receipts, NULL, NULL, 0, false},
	{HTTP_POST, "/api/probe", &renraku__probe_answer__descriptor, perform_probe, NULL, NULL, 0, false},
	{HTTP_POST, "/api/watch", &renraku__unsubscribe__descriptor, perform_watch, answered_watch, NULL, 0, true},
	{HTTP_POST, "/api/unwatch", &renraku__unsubscribe__descriptor, perform_unwatch, NULL, NULL, 0, false},
	{HTTP_GET, NULL, NULL, NULL, NULL, NULL, 0, false},
};
