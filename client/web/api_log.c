/* The record, as renrakud lets this reader have it: each entry as it is hashed, and beside it what it says. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "record.pb-c.h"
#include "web/api_parts.h"
#include "web/json.h"

#define PAGE_MAX (4u << 20)
#define COUNT_MAX 256u

/* A number of the query; `otherwise` when it is absent. False: it is no number. */
static bool number(const struct api_call *c, const char *name, uint64_t otherwise, uint64_t max, uint64_t *out)
{
	const char *text = http_query(c->http, name);
	char *end = NULL;
	*out = otherwise;
	if (!text)
		return true;
	*out = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && *out <= max;
}

static void perform_log(struct api_call *c)
{
	Renraku__LogRequest m = RENRAKU__LOG_REQUEST__INIT;
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	uint64_t count, incident;
	if (!number(c, "from", 1, INT64_MAX, &m.from) || !number(c, "count", COUNT_MAX, COUNT_MAX, &count) ||
		!number(c, "incident", 0, UINT32_MAX, &incident) || !number(c, "offset", 0, INT64_MAX, &m.offset)) {
		api_refuse(c, 400, "MALFORMED", "from、count、incident、offset は数で指定してください。",
			"from, count (256 at most), incident and offset are numbers.", 0);
		return;
	}
	m.count = (uint32_t)count;
	m.incident = (uint32_t)incident;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_LOG_REQUEST;
	f.log_request = &m;
	api_ask(c, &f);
}

/* The fields of a record that came whole. */
static void put_fields(struct buf *out, const Renraku__LogEntry *e)
{
	if (e->withheld || e->total)
		return;
	Renraku__Record__Record *r = renraku__record__record__unpack(NULL, e->record.len, e->record.data);
	if (!r)
		return;
	buf_puts(out, ",\"fields\":");
	json_write(out, &r->base);
	renraku__record__record__free_unpacked(r, NULL);
}

static void put_entry(struct buf *out, const Renraku__LogEntry *e)
{
	size_t before = out->len;
	json_write(out, &e->base);
	if (out->full || out->len - before < 2)
		return;
	out->len--; /* its closing brace stands behind the fields */
	put_fields(out, e);
	buf_puts(out, "}");
}

static bool answered_log(struct api_call *c, const Renraku__ServerFrame *f)
{
	const Renraku__LogPage *p = f->body_case == RENRAKU__SERVER_FRAME__BODY_LOG_PAGE ? f->log_page : NULL;
	struct buf json;
	buf_init(&json, PAGE_MAX);
	buf_puts(&json, "{");
	for (size_t i = 0; p && i < p->n_entries; i++) {
		buf_puts(&json, i ? "," : "\"entries\":[");
		put_entry(&json, p->entries[i]);
	}
	if (p)
		buf_printf(&json, "%s\"head\":%" PRIu64 "%s", p->n_entries ? "]," : "", p->head, p->last ? ",\"last\":true" : "");
	buf_puts(&json, "}");
	api_reply(c, &json);
	buf_free(&json);
	return false;
}

const struct api_route api_log_routes[] = {
	{HTTP_GET, "/api/log", NULL, perform_log, answered_log, NULL, 0, false},
	{HTTP_GET, NULL, NULL, NULL, NULL, NULL, 0, false},
};
