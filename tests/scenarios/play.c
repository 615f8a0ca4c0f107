/*
 * play: turns of the engine, and the narrative of its records that scenarios are compared by.
 */
#include "play.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static void print_who(FILE *f, const struct record *r)
{
	if (r->role)
		fprintf(f, " %s", r->role);
	if (r->person)
		fprintf(f, " %s", r->person);
	if (r->terminal)
		fprintf(f, " @%s", r->terminal);
	if (r->other)
		fprintf(f, " of %s", r->other);
	if (r->name && (r->kind == REC_DELEGATED || r->kind == REC_DELEGATION_ENDED))
		fprintf(f, " to %s", r->name);
	if (r->capacity != CAP_NONE)
		fprintf(f, " %s", capacity_title(r->capacity));
	if (r->entered_by)
		fprintf(f, " %s %s entered by %s", channel_title(r->channel), r->number ? r->number : "-", r->entered_by);
}

static void print_term(FILE *f, const struct record *r)
{
	char since[24], until[24];
	if (r->since)
		fprintf(f, " %s..%s", clock_format(r->since, false, since), r->until ? clock_format(r->until, false, until) : "");
	if (r->flag)
		fprintf(f, " back");
}

static void print_what(FILE *f, const struct record *r)
{
	for (size_t i = 0; i < r->n_values; i++)
		fprintf(f, " %s=%s%s", r->values[i].field, r->values[i].value ? r->values[i].value : "?",
			r->values[i].unknown ? r->values[i].unknown : "");
	for (size_t i = 0; i < r->n_calls; i++)
		fprintf(f, " call:%s/%s", r->calls[i].body ? r->calls[i].body : "-", r->calls[i].number ? r->calls[i].number : "-");
	for (size_t i = 0; i < r->n_follow_ups; i++)
		fprintf(f, " follow-up:%s/%s", r->follow_ups[i].kind ? r->follow_ups[i].kind : "-",
			r->follow_ups[i].owner ? r->follow_ups[i].owner : "-");
	for (size_t i = 0; i < r->n_recipients; i++)
		fprintf(f, "%s%s(%s)", i ? "," : " -> ", r->recipients[i].id, recipient_as_name(r->recipients[i].as));
	if (r->kind == REC_ABSENCE || r->kind == REC_DELEGATED)
		print_term(f, r);
	if (r->answer)
		fprintf(f, " answer=%s", r->answer);
	if (r->text && r->kind != REC_PLAN_LOADED && r->kind != REC_SITE_LOADED && r->kind != REC_STARTED)
		fprintf(f, " \"%s\"", r->text);
}

static void print_record(FILE *f, const struct record *r)
{
	char at[24];
	struct clock_date d = clock_japan(r->at);
	snprintf(at, sizeof at, "%02d:%02d:%02d", d.hour, d.minute, d.second);
	fprintf(f, "  %s %s%s", at, r->drill ? "訓練 " : "", record_kind_name(r->kind));
	if (r->incident)
		fprintf(f, " #%u", r->incident);
	if (r->item)
		fprintf(f, " %s", r->item);
	if (r->kind == REC_ESCALATED)
		fprintf(f, " [%s]", escalation_name((enum escalation)r->stage));
	if (r->kind == REC_NOTIFIED || r->kind == REC_BROADCAST)
		fprintf(f, " [%s%s]", notice_kind_name((enum notice_kind)r->stage), r->flag ? "" : ", for information");
	print_who(f, r);
	print_what(f, r);
	fputc('\n', f);
}

static void evolve_all(struct play *p, struct records *rs)
{
	for (size_t i = 0; i < rs->n; i++) {
		rs->at[i].index = engine_index(p->engine) + 1;
		const char *wrong = record_check(&rs->at[i]);
		if (wrong)
			fprintf(p->out, "BROKEN RECORD %s: %s\n", record_kind_name(rs->at[i].kind), wrong);
		engine_evolve(p->engine, &rs->at[i], NULL);
		if (!p->quiet)
			print_record(p->out, &rs->at[i]);
	}
}

static void react(struct play *p)
{
	struct records rs;
	records_init(&rs);
	while (engine_react(p->engine, p->now, &rs)) {
		evolve_all(p, &rs);
		records_clear(&rs);
	}
	records_free(&rs);
}

bool play_command(struct play *p, struct command *c)
{
	struct records rs;
	struct verdict v = {0};
	records_init(&rs);
	bool ok = engine_decide(p->engine, c, &rs, &v) == 0;
	if (ok) {
		fprintf(p->out, v.reason == REASON_REPEATED ? "= repeated\n" : "= accepted\n");
		evolve_all(p, &rs);
	} else {
		fprintf(p->out, "= refused %s", reason_name(v.reason));
		for (size_t i = 0; i < v.n_missing; i++)
			fprintf(p->out, "%s %s", i ? "," : ":", v.missing[i]);
		fputc('\n', p->out);
	}
	verdict_clear(&v);
	records_free(&rs);
	react(p);
	return ok;
}

void play_wait(struct play *p, int64_t ms)
{
	int64_t until = p->now + ms;
	react(p);
	for (int64_t next = engine_deadline(p->engine); next <= until; next = engine_deadline(p->engine)) {
		if (next > p->now)
			p->now = next;
		react(p);
	}
	p->now = until;
	react(p);
}

static char *read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return NULL;
	char *text = xmalloc(4u << 20);
	*len = fread(text, 1, 4u << 20, f);
	fclose(f);
	return text;
}

bool play_load(struct play *p, bool site, const char *path)
{
	size_t len;
	char *text = read_file(path, &len), id[48];
	if (!text) {
		fprintf(stderr, "play: cannot read %s\n", path);
		return false;
	}
	snprintf(id, sizeof id, "scenario-%010llu", (unsigned long long)++p->commands);
	struct command c = {.type = site ? CMD_LOAD_SITE : CMD_LOAD_PLAN,
		.now = p->now,
		.sender = "console",
		.id = id,
		.blob = (const uint8_t *)text,
		.blob_len = len,
		.name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path,
		.text = "-"};
	bool quiet = p->quiet;
	p->quiet = true;
	bool ok = play_command(p, &c);
	p->quiet = quiet;
	free(text);
	return ok;
}

void play_show(struct play *p, uint32_t incident, bool all)
{
	const struct incident *in = engine_incident(p->engine, incident);
	if (!in)
		return;
	fprintf(p->out, "# %s%s%s", incident_state_name(in->state), derive_may_close(in) ? " may-close" : "",
		derive_in_force(in) ? " in-force" : "");
	for (size_t i = 0; i < in->plan->n_items; i++) {
		enum item_life l = derive_life(in, (int)i);
		if (all || (l != LIFE_NOT_APPLICABLE && l != LIFE_WAITING && l != LIFE_UNDETERMINED))
			fprintf(p->out, " %s:%s", in->plan->items[i].id, item_life_name(l));
	}
	fputc('\n', p->out);
}
