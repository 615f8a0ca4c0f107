/* What is to be printed, for a browser that somebody stands behind. */
#include <stdlib.h>
#include <string.h>

#include "web/api_parts.h"
#include "web/print.h"

static bool one_of(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

static void wrong(struct api_call *c, const char *ja, const char *en)
{
	api_refuse(c, 400, "MALFORMED", ja, en, 0);
}

static void order(struct api_call *c, const char *job, const char *const *formats, uint32_t incident)
{
	static const char *const languages[] = {"ja", "en", NULL};
	const char *format = http_query(c->http, "format"), *lang = http_query(c->http, "lang");
	struct print_order o = {.job = job, .incident = incident};
	o.format = arena_strdup(c->arena, format ? format : "pdf");
	o.lang = arena_strdup(c->arena, lang ? lang : "ja");
	if (!one_of(o.format, formats)) {
		wrong(c, "format が正しくありません。", "format: this cannot be printed so");
		return;
	}
	if (!one_of(o.lang, languages)) {
		wrong(c, "lang は ja か en です。", "lang: ja or en");
		return;
	}
	const char *person = browser_token(c->browser, UPSTREAM_PERSON);
	o.token = person ? person : browser_token(c->browser, UPSTREAM_TERMINAL);
	if (!o.token) {
		api_refuse(c, 401, "NOT_SIGNED_IN", "サインインしてください。", "Sign in.", 0);
		return;
	}
	prints_add(c->api->prints, c->http, &o);
	api_release(c);
}

static void perform_report(struct api_call *c)
{
	static const char *const formats[] = {"pdf", "html", "json", "csv", NULL};
	const char *text = http_query(c->http, "incident");
	char *end = NULL;
	unsigned long incident = text && *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;
	if (!incident || *end || incident > UINT32_MAX)
		wrong(c, "incident（事案の番号）を指定してください。", "incident: its number");
	else
		order(c, "report", formats, (uint32_t)incident);
}

/* To be filled by hand: on paper only. */
static void perform_sheets(struct api_call *c)
{
	static const char *const formats[] = {"pdf", NULL};
	order(c, "sheets", formats, 0);
}

static void perform_contacts(struct api_call *c)
{
	static const char *const formats[] = {"pdf", "html", NULL};
	order(c, "contacts", formats, 0);
}

const struct api_route api_print_routes[] = {
	{HTTP_GET, "/api/print/report", NULL, perform_report, NULL, NULL, 0, false},
	{HTTP_GET, "/api/print/sheets", NULL, perform_sheets, NULL, NULL, 0, false},
	{HTTP_GET, "/api/print/contacts", NULL, perform_contacts, NULL, NULL, 0, false},
	{HTTP_GET, NULL, NULL, NULL, NULL, NULL, 0, false},
};
