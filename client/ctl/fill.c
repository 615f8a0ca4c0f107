#include "ctl/fill.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ctl/behalf.h"
#include "ctl/out.h"

struct reading {
	struct ctl *ctl;
	struct fill *fill;
	Renraku__Value *value;        /* the newest value: --check belongs to it */
	Renraku__Call *call;          /* the newest --call, while no --for came after it */
	Renraku__FollowUpNew *follow; /* the newest --follow-up */
};

static char *dup(const struct reading *r, const char *text)
{
	return arena_strdup(r->ctl->arena, text);
}

static Renraku__Value *value_add(struct reading *r, const char *field, size_t len)
{
	Renraku__Value *value = arena_alloc(r->ctl->arena, sizeof *value);

	renraku__value__init(value);
	value->field = arena_strndup(r->ctl->arena, field, len);
	r->fill->values[r->fill->n_values++] = value;
	r->value = value;
	return value;
}

/* "field=value"; the equals sign may be full-width, as a Japanese keyboard gives it. */
static const char *equals_of(const char *text, size_t *width)
{
	const char *plain = strchr(text, '='), *wide = strstr(text, "＝");

	if (wide && (!plain || wide < plain)) {
		*width = strlen("＝");
		return wide;
	}
	*width = 1;
	return plain;
}

static bool read_pair(struct reading *r, const char *text, bool unknown)
{
	size_t width;
	const char *equals = equals_of(text, &width);
	Renraku__Value *value;

	if (!equals || equals == text) {
		out_usage(r->ctl, T("「%s」は 項目=値 の形になっていません。", "'%s' is not FIELD=VALUE."), text);
		return false;
	}
	value = value_add(r, text, (size_t)(equals - text));
	if (unknown)
		value->unknown = dup(r, equals + width);
	else
		value->value = dup(r, equals + width);
	return true;
}

/* `--check kind=TEXT` names the field; without a name it is the value before it. */
static Renraku__Value *checked(const struct reading *r, const char **text)
{
	size_t width, i;
	const char *equals = equals_of(*text, &width);

	for (i = 0; equals && i < r->fill->n_values; i++) {
		Renraku__Value *value = r->fill->values[i];

		if (strlen(value->field) == (size_t)(equals - *text) && strncmp(value->field, *text, strlen(value->field)) == 0) {
			*text = equals + width;
			return value;
		}
	}
	return r->value;
}

static bool read_check(struct reading *r, const char *text)
{
	Renraku__Value *value = checked(r, &text);
	char **checks;

	if (!value) {
		out_usage(r->ctl, T("--check は、確認した項目（名前=値）の後に書きます。",
					  "--check stands after the value it belongs to (FIELD=VALUE)."));
		return false;
	}
	checks = arena_alloc(r->ctl->arena, (value->n_checks + 1) * sizeof *checks);
	if (value->n_checks)
		memcpy(checks, value->checks, value->n_checks * sizeof *checks);
	checks[value->n_checks++] = dup(r, text);
	value->checks = checks;
	return true;
}

/* The next part of BODY:NUMBER:ANSWERED:SAID; the last one takes the rest. */
static char *part(struct reading *r, const char **rest, bool last)
{
	const char *colon = last ? NULL : strchr(*rest, ':');
	char *made = colon ? arena_strndup(r->ctl->arena, *rest, (size_t)(colon - *rest)) : dup(r, *rest);

	*rest = colon ? colon + 1 : "";
	return made;
}

static bool read_call(struct reading *r, const char *text)
{
	Renraku__Call *call = arena_alloc(r->ctl->arena, sizeof *call);
	const char *rest = strncmp(text, "body=", 5) == 0 ? text + 5 : text;

	renraku__call__init(call);
	call->body = part(r, &rest, false);
	call->number = part(r, &rest, false);
	call->answered_by = part(r, &rest, false);
	call->said = part(r, &rest, true);
	call->at = (uint64_t)clock_wall_ms();
	r->fill->calls[r->fill->n_calls++] = call;
	r->call = call;
	return true;
}

static bool read_follow(struct reading *r, const char *text)
{
	Renraku__FollowUpNew *follow = arena_alloc(r->ctl->arena, sizeof *follow);
	const char *rest = strncmp(text, "kind=", 5) == 0 ? text + 5 : text;
	size_t width;
	const char *equals = equals_of(rest, &width);

	renraku__follow_up_new__init(follow);
	follow->kind = arena_strndup(r->ctl->arena, rest, equals ? (size_t)(equals - rest) : strlen(rest));
	if (equals)
		follow->text = dup(r, equals + width);
	r->fill->follow_ups[r->fill->n_follow_ups++] = follow;
	r->follow = follow;
	return true;
}

static bool no_call(const struct reading *r, const char *name)
{
	out_usage(r->ctl, T("--%s は --call 連絡先 の後に書きます。", "--%s stands after --call BODY."), name);
	return false;
}

static bool read_call_part(struct reading *r, const char *name, const char *value)
{
	if (strcmp(name, "number") == 0)
		r->call->number = dup(r, value);
	else if (strcmp(name, "answered") == 0)
		r->call->answered_by = dup(r, value);
	else if (strcmp(name, "said") == 0)
		r->call->said = dup(r, value);
	else if (strcmp(name, "why-not") == 0)
		r->call->no_answer = (r->call->reason = dup(r, value)) != NULL;
	else if (strcmp(name, "no-answer") == 0)
		r->call->no_answer = true;
	else if (strcmp(name, "at") == 0)
		return (r->call->at = behalf_time(r->ctl, name, value)) != 0;
	else if (strcmp(name, "again") == 0)
		return (r->call->again_at = behalf_time(r->ctl, name, value)) != 0;
	return true;
}

static bool read_follow_part(struct reading *r, const char *name, const char *value)
{
	if (!r->follow) {
		out_usage(r->ctl, T("--%s は --follow-up 種別=内容 の後に書きます。", "--%s stands after --follow-up KIND=TEXT."), name);
		return false;
	}
	if (strcmp(name, "owner") == 0)
		r->follow->owner = dup(r, value);
	else
		r->follow->due = dup(r, value);
	return true;
}

static bool among(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

static bool read_option(struct reading *r, const struct opt_given *given)
{
	static const char *const call_only[] = {"answered", "said", "why-not", "no-answer", "again", NULL};
	static const char *const shared[] = {"number", "at", NULL}; /* of --call, --for or --by, else a field */
	static const char *const follow_parts[] = {"owner", "due", NULL};
	const char *name = given->name, *value = given->value;

	if (!given->spec) {
		value_add(r, name, strlen(name))->value = dup(r, value);
		return true;
	}
	if (strcmp(name, "unknown") == 0)
		return read_pair(r, value, true);
	if (strcmp(name, "check") == 0)
		return read_check(r, value);
	if (strcmp(name, "call") == 0)
		return read_call(r, value);
	if (strcmp(name, "follow-up") == 0)
		return read_follow(r, value);
	if (strcmp(name, "for") == 0 || strcmp(name, "by") == 0)
		r->call = NULL;
	if (among(name, call_only))
		return r->call ? read_call_part(r, name, value) : no_call(r, name);
	if (among(name, shared) && r->call)
		return read_call_part(r, name, value);
	if (among(name, shared) && given != behalf_own(&r->ctl->line, name)) {
		value_add(r, name, strlen(name))->value = dup(r, value);
		return true;
	}
	if (among(name, follow_parts))
		return read_follow_part(r, name, value);
	return true;
}

bool fill_read(struct ctl *ctl, size_t first_arg, struct fill *fill)
{
	const struct opt_line *line = &ctl->line;
	struct reading r = {.ctl = ctl, .fill = fill};
	size_t most = line->n_given + 1, n_args = 0, i;

	memset(fill, 0, sizeof *fill);
	fill->values = arena_alloc(ctl->arena, most * sizeof *fill->values);
	fill->calls = arena_alloc(ctl->arena, most * sizeof *fill->calls);
	fill->follow_ups = arena_alloc(ctl->arena, most * sizeof *fill->follow_ups);
	for (i = 0; i < line->n_given; i++) {
		const struct opt_given *given = &line->given[i];
		bool fine;

		if (given->name)
			fine = read_option(&r, given);
		else
			fine = n_args++ < first_arg || read_pair(&r, given->value, false);
		if (!fine)
			return false;
	}
	return true;
}

uint64_t fill_number64(const struct ctl *ctl, const char *what, const char *text)
{
	unsigned long long number;
	char *end;

	if (*text == '#')
		text++;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno || end == text || *end || number == 0 || *text == '-') {
		out_usage(ctl,
			T("%s「%s」は番号ではありません。renraku status で番号を確かめてください。",
				"%s '%s' is not a number. See renraku status."),
			what, text);
		return 0;
	}
	return number;
}

uint32_t fill_number(const struct ctl *ctl, const char *what, const char *text)
{
	uint64_t number = fill_number64(ctl, what, text);

	if (number > UINT32_MAX) {
		out_usage(ctl, T("%s「%s」は大きすぎます。", "%s '%s' is too large."), what, text);
		return 0;
	}
	return (uint32_t)number;
}

bool fill_place(struct ctl *ctl, const char *text, uint32_t *incident, const char **item)
{
	const char *slash = strchr(text, '/');
	const char *number = slash ? arena_strndup(ctl->arena, text, (size_t)(slash - text)) : text;

	*incident = fill_number(ctl, T("事案", "incident"), number);
	*item = slash && slash[1] ? slash + 1 : NULL;
	return *incident != 0;
}

bool fill_due(const struct ctl *ctl, const char *text)
{
	int64_t now = clock_wall_ms(), end = -1;
	char evening[24];

	if (strlen(text) == strlen("2026-12-31")) {
		snprintf(evening, sizeof evening, "%s 23:59", text);
		end = clock_parse(evening, now);
	}
	if (end >= now)
		return true;
	if (end < 0)
		out_usage(ctl,
			T("期限「%s」は日付として読めません。2026-12-31 のように書いてください。",
				"The due date '%s' is no date. Write it like 2026-12-31."),
			text);
	else
		out_usage(ctl, T("期限「%s」は過ぎています。", "The due date '%s' is past."), text);
	return false;
}

const char *fill_needed(const struct ctl *ctl, const char *option, const char *why)
{
	const char *value = opt_value(&ctl->line, option);

	if (value && *value)
		return value;
	out_usage(ctl, T("--%s が必要です: %s", "--%s is needed: %s"), option, why);
	return NULL;
}
