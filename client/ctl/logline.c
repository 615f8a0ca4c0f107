#include "ctl/logline.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"
#include "record.pb-c.h"
#include "record/record.h"
#include "wire/codec.h"

#define LINE_MAX_BYTES 16384

static const char *name_of(const struct rows *names, const char *id)
{
	const Renraku__Row *row;
	size_t i = 0;

	while (names && (row = pick_next(names, &i, RENRAKU__ROW__BODY_PERSON)))
		if (strcmp(row->person->id, id) == 0 && *row->person->name)
			return row->person->name;
	return id;
}

/* "person:p_tanaka", as presence and connection tests name them. */
static const char *recipient_name(const struct rows *names, const char *id)
{
	return strncmp(id, "person:", 7) == 0 ? name_of(names, id + 7) : name_of(names, id);
}

static void put_role(struct buf *out, const struct rows *names, const char *role)
{
	int len;
	const char *title = pick_role_title(names, role, &len);

	if (strcmp(role, "every_terminal") == 0)
		buf_puts(out, T("全端末", "every terminal"));
	else if (strcmp(role, "anyone") == 0)
		buf_puts(out, T("発見者", "whoever found it"));
	else
		buf_printf(out, "%.*s", len, title);
}

static bool given(const char *text)
{
	return text && *text;
}

static void who(struct buf *out, const struct rows *names, const struct record *r)
{
	char written[24];

	if (r->kind == REC_ENROLLED || r->kind == REC_ENROLMENT_ENDED)
		buf_printf(out, T("  端末 %s", "  terminal %s"), given(r->terminal) ? r->terminal : "?");
	if (given(r->person))
		buf_printf(out, "  %s", name_of(names, r->person));
	else if (given(r->terminal) && r->kind != REC_ENROLMENT_ENDED)
		buf_printf(out, T("  端末 %s", "  terminal %s"), r->terminal);
	if (given(r->role) && r->kind != REC_NOTIFIED && r->kind != REC_BROADCAST) {
		buf_puts(out, T("［", " ["));
		put_role(out, names, r->role);
		buf_puts(out, T("］", "]"));
	}
	if (r->kind == REC_DELEGATED) /* what was given, not how it was done */
		buf_printf(out, T("（%s）", " (%s)"), say_capacity(capacity_name(r->capacity)));
	else if (r->capacity != CAP_NONE)
		buf_printf(out, T("（%s・%s%s%s）", " (%s, %s%s%s)"), say_capacity(capacity_name(r->capacity)),
			say_channel(channel_name(r->channel)), given(r->number) ? " " : "", given(r->number) ? r->number : "");
	if (given(r->entered_by) && (!given(r->person) || strcmp(r->entered_by, r->person) != 0))
		buf_printf(out, T(" 入力 %s", " entered by %s"), name_of(names, r->entered_by));
	if (r->channel == CH_PAPER && r->said_at)
		buf_printf(out, T(" 転記 %s", " written %s"), clock_format(r->said_at, false, written));
}

static void recipients(struct buf *out, const struct rows *names, const struct record *r)
{
	size_t i;

	if (given(r->role) && (r->kind == REC_NOTIFIED || r->kind == REC_BROADCAST)) {
		buf_puts(out, T(" → ［", " -> ["));
		put_role(out, names, r->role);
		buf_puts(out, T("］", "]"));
	}
	for (i = 0; i < r->n_recipients && i < 8; i++)
		buf_printf(out, "%s%s", i ? T("、", ", ") : " ", recipient_name(names, r->recipients[i].id));
	if (r->n_recipients > 8)
		buf_printf(out, T(" ほか%zu", " and %zu more"), r->n_recipients - 8);
	if (r->kind == REC_RECEIPT || r->kind == REC_TEST_ANSWERED)
		buf_printf(out, " %s", say_stage((Renraku__Stage)r->stage));
	if (r->kind == REC_ESCALATED)
		buf_printf(out, " %s", say_escalation(escalation_name((enum escalation)r->stage)));
	if (r->kind == REC_PRESENCE)
		buf_printf(out, " %s", r->flag ? T("在席", "present") : T("不在", "away"));
}

/* Absence, delegation, bar: of whom, to whom, for which term. */
static void people(struct buf *out, const struct rows *names, const struct record *r)
{
	bool back = r->flag && (r->kind == REC_ABSENCE || r->kind == REC_BARRED);
	char since[24], until[24];

	buf_printf(out, "  %s", name_of(names, r->other));
	if (given(r->name))
		buf_printf(out, " → %s", name_of(names, r->name));
	if (r->ordinal)
		buf_printf(out, T("（%u番）", " (no. %u)"), r->ordinal);
	if (r->since)
		buf_printf(out, T(" %s～%s", " %s to %s"), clock_format(r->since, false, since),
			r->until ? clock_format(r->until, false, until) : "");
	if (back)
		buf_puts(out, r->kind == REC_ABSENCE ? T(" 戻った", " back") : T(" 解除", " readmitted"));
}

static void content(struct buf *out, const struct rows *names, const struct record *r)
{
	size_t i;

	for (i = 0; i < r->n_values; i++)
		if (given(r->values[i].unknown))
			buf_printf(out, T("  %s=不明（%s）", "  %s=unknown (%s)"), r->values[i].field, r->values[i].unknown);
		else
			buf_printf(out, "  %s=%s", r->values[i].field, given(r->values[i].value) ? r->values[i].value : "");
	for (i = 0; i < r->n_calls; i++)
		buf_printf(out, T("  電話 %s %s %s", "  call %s %s %s"), given(r->calls[i].body) ? r->calls[i].body : "",
			given(r->calls[i].number) ? r->calls[i].number : "", given(r->calls[i].said) ? r->calls[i].said : "");
	for (i = 0; i < r->n_follow_ups; i++)
		buf_printf(out, T("  対策 %s（%s、%s）", "  follow-up %s (%s, %s)"),
			given(r->follow_ups[i].text)   ? r->follow_ups[i].text
			: given(r->follow_ups[i].kind) ? r->follow_ups[i].kind
						       : "",
			given(r->follow_ups[i].owner) ? name_of(names, r->follow_ups[i].owner) : "",
			given(r->follow_ups[i].due) ? r->follow_ups[i].due : "");
	if (given(r->answer))
		buf_printf(out, "  %s", say_answer(r->answer));
	/* A notice's name is the key of its hop, which its role says already. */
	if (r->kind == REC_SITE_LOADED && given(r->other)) /* edited: whose registration */
		buf_printf(out, T("  %s の登録", "  registration of %s"), name_of(names, r->other));
	else if (given(r->other))
		people(out, names, r);
	else if (given(r->name) && r->kind != REC_NOTIFIED && r->kind != REC_BROADCAST)
		buf_printf(out, "  %s", r->name);
	if (given(r->text))
		buf_printf(out, T("  「%s」", "  '%s'"), say_cause(r->text));
}

static enum show_tone tone_of(enum record_kind kind)
{
	switch (kind) {
	case REC_OPENED:
	case REC_ALARM_JOINED:
		return SHOW_BAD;
	case REC_ACKNOWLEDGED:
	case REC_DONE:
	case REC_CLOSED:
		return SHOW_GOOD;
	case REC_ESCALATED:
	case REC_REPEATED:
	case REC_REOPENED:
	case REC_DENIED:
		return SHOW_WARN;
	case REC_RECEIPT:
	case REC_PRESENCE:
	case REC_TEST_ANSWERED:
	case REC_STARTED:
	case REC_CLOCK:
		return SHOW_DIM;
	default:
		return SHOW_PLAIN;
	}
}

void logline_show(struct ctl *ctl, const struct rows *names, const Renraku__LogEntry *entry)
{
	struct arena *arena = arena_new(0);
	struct record r;
	struct buf out;
	char when[20];

	buf_init(&out, LINE_MAX_BYTES);
	if (entry->withheld) {
		out_line(ctl, SHOW_DIM, T("%6llu  （あなたには公開されない記録）", "%6llu  (a record that is not for you)"),
			(unsigned long long)entry->index);
	} else if (!record_decode(arena, entry->record.data, entry->record.len, &r)) {
		out_line(ctl, SHOW_BAD, T("%6llu  読めない記録です", "%6llu  unreadable record"), (unsigned long long)entry->index);
	} else {
		buf_printf(&out, "%6llu  %s  ", (unsigned long long)entry->index, clock_format(r.at, true, when));
		text_pad(&out, i18n_get() == I18N_EN ? record_kind_name(r.kind) : record_kind_title(r.kind), 14);
		if (r.incident)
			buf_printf(&out, T(" 事案%u", " incident %u"), r.incident);
		if (r.drill)
			buf_puts(&out, say_drill(true));
		if (given(r.item))
			buf_printf(&out, " %s", r.item);
		if (r.notice)
			buf_printf(&out, " #%llu", (unsigned long long)r.notice);
		who(&out, names, &r);
		recipients(&out, names, &r);
		content(&out, names, &r);
		out_line(ctl, tone_of(r.kind), "%s", buf_str(&out));
	}
	buf_free(&out);
	arena_free(arena);
}

static void put_hex(struct buf *out, const char *name, ProtobufCBinaryData data)
{
	char *hex = xmalloc(data.len * 2 + 1);

	buf_printf(out, ",\"%s\":\"%s\"", name, text_hex(data.data, data.len, hex));
	free(hex);
}

void logline_json(const Renraku__LogEntry *entry)
{
	Renraku__Record__Record *record =
		entry->withheld ? NULL : renraku__record__record__unpack(NULL, entry->record.len, entry->record.data);
	struct buf out;

	buf_init(&out, OUT_MAX);
	buf_printf(&out, "{\"index\":%llu", (unsigned long long)entry->index);
	put_hex(&out, "prev_hash", entry->prev_hash);
	put_hex(&out, "hash", entry->hash);
	if (entry->withheld)
		buf_puts(&out, ",\"withheld\":true");
	if (record) {
		/* A plan as hexadecimal helps nobody; its sha256 is in the record's text. */
		size_t blob = record->blob.len;

		record->blob.len = 0;
		buf_printf(&out, ",\"kind\":\"%s\",\"record\":", record_kind_name((enum record_kind)record->kind));
		codec_json(&out, &record->base);
		record->blob.len = blob;
		renraku__record__record__free_unpacked(record, NULL);
	}
	buf_puts(&out, "}\n");
	fputs(buf_str(&out), stdout);
	buf_free(&out);
}
