#include "ctl/prove.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "ctl/out.h"

static bool number(struct ctl *ctl, const char *name, unsigned long least, unsigned long most, unsigned long *out)
{
	const char *given = opt_value(&ctl->line, name);
	char *end;

	if (!given)
		return true;
	errno = 0;
	*out = strtoul(given, &end, 10);
	if (!errno && *given >= '0' && *given <= '9' && !*end && *out >= least && *out <= most)
		return true;
	out_usage(ctl, T("--%s には %lu から %lu までの数を書いてください。", "--%s takes a number from %lu to %lu."), name, least, most);
	return false;
}

bool prove_limits(struct ctl *ctl, struct explore_limits *limits)
{
	unsigned long disruptions = EXPLORE_DISRUPTIONS, states = EXPLORE_STATES;

	if (!number(ctl, "disruptions", 0, EXPLORE_MAX_LAYERS - 1, &disruptions) || !number(ctl, "states", 1, 200000000, &states))
		return false;
	*limits = (struct explore_limits){
		.disruptions = (unsigned)disruptions, .states = states, .further = !opt_has(&ctl->line, "disruptions")};
	return true;
}

/* ---- findings ---- */

static void finding_json(const char *path, const struct explore_finding *f)
{
	struct buf out;

	buf_init(&out, 1u << 20);
	buf_puts(&out, "{\"file\":");
	text_json(&out, path);
	buf_printf(&out, ",\"line\":%d,\"column\":%d,\"warning\":%s,\"kind\":\"%s\",\"about\":", f->pos.line, f->pos.column,
		f->warning ? "true" : "false", explore_kind_name(f->kind));
	text_json(&out, f->item);
	buf_puts(&out, ",\"text\":");
	text_json(&out, f->text);
	buf_puts(&out, ",\"text_en\":");
	text_json(&out, f->text_en);
	buf_puts(&out, ",\"story\":");
	text_json(&out, f->story);
	buf_puts(&out, ",\"story_en\":");
	text_json(&out, f->story_en);
	buf_puts(&out, "}\n");
	fputs(buf_str(&out), stdout);
	buf_free(&out);
}

static void finding(struct ctl *ctl, const char *path, const struct explore_finding *f)
{
	const char *story = T(f->story, f->story_en);

	out_line(ctl, f->warning ? SHOW_WARN : SHOW_BAD, "%s:%d:%d: %s: %s", path, f->pos.line, f->pos.column,
		f->warning ? T("注意", "warning") : T("誤り", "error"), T(f->text, f->text_en));
	if (!*story)
		return;
	out_line(ctl, SHOW_PLAIN, "%s", T("  そこに至る道すじ:", "  The way there:"));
	while (*story) {
		size_t len = strcspn(story, "\n");

		out_line(ctl, SHOW_PLAIN, "  %.*s", (int)len, story);
		story += len + (story[len] == '\n');
	}
	if (f->kind == EXPLORE_DEAD_END)
		out_line(ctl, SHOW_PLAIN, "%s",
			T("  → ここから先は、訂正や取消しをしないかぎり、何をしても終結に届きません。",
				"  -> From here nothing leads to closing, unless somebody amends or undoes what was entered."));
	else if (f->kind == EXPLORE_VIOLATED)
		out_line(ctl, SHOW_PLAIN, "%s", T("  → ここで性質が破られます。", "  -> Here the property is violated."));
}

void prove_findings(struct ctl *ctl, const char *path, const struct explore_report *r)
{
	for (size_t i = 0; i < r->n_findings; i++) {
		if (ctl->json)
			finding_json(path, &r->findings[i]);
		else
			finding(ctl, path, &r->findings[i]);
	}
}

/* ---- how far ---- */

void prove_summary(struct ctl *ctl, const struct explore_report *r, const struct explore_limits *limits)
{
	if (!r->complete && !r->layers)
		out_line(ctl, SHOW_WARN,
			T("証明できていません: 状態 %zu まで調べました（上限 %zu。訂正・やり直しなどのない道すじの途中まで）。--states "
			  "で上限を増やせます。",
				"Not proven beyond %zu states (limit %zu; not even whole without disruptions). Raise --states."),
			r->states, limits->states);
	else if (!r->complete)
		out_line(ctl, SHOW_WARN,
			T("証明できていません: 状態 %zu まで調べました（上限 %zu。訂正・やり直しなど %u "
			  "回までは調べきりました）。行き止まり %zu。"
			  "--states で上限を増やせます。",
				"Not proven beyond %zu states (limit %zu; whole for up to %u disruptions): %zu dead ends found. Raise "
				"--states."),
			r->states, limits->states, r->layers - 1, r->dead);
	else if (!r->states)
		out_line(ctl, SHOW_BAD, "%s", T("調べる状態がありません。どの通報も行えません。", "No states: no alarm can be raised."));
	else
		out_line(ctl, r->dead ? SHOW_BAD : SHOW_GOOD,
			T("調べきりました: 状態 %zu、訂正・やり直しなど %u 回まで%s、層 %u、行き止まり %zu。",
				"Complete: %zu states, %u disruptions%s, %u layers, %zu dead ends."),
			r->states, r->layers - 1, r->all ? T("（それ以上でも新しい状態はない）", " (more lead nowhere new)") : "",
			r->layers, r->dead);
}

void prove_json(const struct explore_report *r)
{
	printf(",\"states\":%zu,\"edges\":%zu,\"bytes\":%zu,\"layers\":[", r->states, r->edges, r->bytes);
	for (unsigned i = 0; i < r->layers; i++)
		printf("%s%zu", i ? "," : "", r->layer[i]);
	printf("],\"disruptions\":%d,\"complete\":%s,\"all\":%s,\"dead\":%zu", (int)r->layers - 1, r->complete ? "true" : "false",
		r->all ? "true" : "false", r->dead);
}
