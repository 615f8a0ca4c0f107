#include "app/command_codec.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define MAX_ID 64
#define MAX_TEXT 4000 /* bytes of one free text */
#define MAX_SHORT 200 /* a name, a number */
#define MAX_VALUES 200
#define MAX_CHECKS 100
#define MAX_CALLS 50
#define MAX_FOLLOW_UPS 50
#define MAX_TIME INT64_C(253402300800000) /* the year 10000 */

/* What is being read; `bad` names the first field that is wrong. */
struct reader {
	struct arena *arena;
	const char *bad;
};

static const char *text_of(struct reader *r, const char *name, const char *s, size_t max)
{
	if (s == NULL || s[0] == '\0')
		return NULL;
	if (strlen(s) > max && r->bad == NULL)
		r->bad = name;
	return s;
}

/* Ids of items, persons and fields are checked for length only; whether they exist is the engine's question. */
static const char *id_of(struct reader *r, const char *name, const char *s)
{
	return text_of(r, name, s, MAX_ID * 2);
}

static int64_t time_of(struct reader *r, const char *name, uint64_t t)
{
	if (t > (uint64_t)MAX_TIME) {
		if (r->bad == NULL)
			r->bad = name;
		return 0;
	}
	return (int64_t)t;
}

static bool count_ok(struct reader *r, const char *name, size_t n, size_t max)
{
	if (n <= max)
		return true;
	if (r->bad == NULL)
		r->bad = name;
	return false;
}

static void read_value(struct reader *r, const Renraku__Value *in, struct record_value *out)
{
	const char *unknown = text_of(r, "values.unknown", in->unknown, MAX_TEXT);

	out->field = text_of(r, "values.field", in->field, MAX_ID * 2);
	if (out->field == NULL && r->bad == NULL)
		r->bad = "values.field";
	text_of(r, "values.value", in->value, MAX_TEXT);
	if (unknown != NULL && in->value[0] != '\0' && r->bad == NULL)
		r->bad = "values: value and unknown together";
	out->unknown = unknown;
	out->value = unknown != NULL ? NULL : in->value;
	if (!count_ok(r, "values.checks", in->n_checks, MAX_CHECKS))
		return;
	out->checks = arena_alloc(r->arena, (in->n_checks + 1) * sizeof *out->checks);
	out->n_checks = in->n_checks;
	for (size_t i = 0; i < in->n_checks; i++) {
		text_of(r, "values.checks", in->checks[i], MAX_TEXT);
		out->checks[i] = in->checks[i];
	}
}

static void read_values(struct reader *r, Renraku__Value *const *in, size_t n, struct command *out)
{
	struct record_value *values;

	if (!count_ok(r, "values", n, MAX_VALUES))
		return;
	values = arena_alloc(r->arena, (n + 1) * sizeof *values);
	for (size_t i = 0; i < n; i++)
		read_value(r, in[i], &values[i]);
	out->values = values;
	out->n_values = n;
}

static void read_call(struct reader *r, const Renraku__Call *in, struct record_call *out)
{
	out->body = id_of(r, "calls.body", in->body);
	out->number = text_of(r, "calls.number", in->number, MAX_SHORT);
	out->answered_by = text_of(r, "calls.answered_by", in->answered_by, MAX_SHORT);
	out->said = text_of(r, "calls.said", in->said, MAX_TEXT);
	out->reason = text_of(r, "calls.reason", in->reason, MAX_TEXT);
	out->at = time_of(r, "calls.at", in->at);
	out->again_at = time_of(r, "calls.again_at", in->again_at);
	out->no_answer = in->no_answer;
}

static void read_calls(struct reader *r, Renraku__Call *const *in, size_t n, struct command *out)
{
	struct record_call *calls;

	if (!count_ok(r, "calls", n, MAX_CALLS))
		return;
	calls = arena_alloc(r->arena, (n + 1) * sizeof *calls);
	for (size_t i = 0; i < n; i++)
		read_call(r, in[i], &calls[i]);
	out->calls = calls;
	out->n_calls = n;
}

static void read_follow_ups(struct reader *r, Renraku__FollowUpNew *const *in, size_t n, struct command *out)
{
	struct record_follow *follows;

	if (!count_ok(r, "follow_ups", n, MAX_FOLLOW_UPS))
		return;
	follows = arena_alloc(r->arena, (n + 1) * sizeof *follows);
	for (size_t i = 0; i < n; i++) {
		follows[i].kind = id_of(r, "follow_ups.kind", in[i]->kind);
		follows[i].text = text_of(r, "follow_ups.text", in[i]->text, MAX_TEXT);
		follows[i].owner = text_of(r, "follow_ups.owner", in[i]->owner, MAX_SHORT);
		follows[i].due = text_of(r, "follow_ups.due", in[i]->due, MAX_SHORT);
	}
	out->follow_ups = follows;
	out->n_follow_ups = n;
}

static void read_owner(struct reader *r, const Renraku__HandOver *in, struct command *out)
{
	struct record_follow *follow = arena_alloc(r->arena, sizeof *follow);

	follow->owner = text_of(r, "owner", in->owner, MAX_SHORT);
	follow->due = text_of(r, "due", in->due, MAX_SHORT);
	out->follow_ups = follow;
	out->n_follow_ups = 1;
}

static void read_behalf(struct reader *r, const Renraku__Behalf *in, struct command *out)
{
	if (in == NULL)
		return;
	out->behalf = id_of(r, "behalf.person", in->person);
	out->channel = (enum channel)in->channel;
	out->number = text_of(r, "behalf.number", in->number, MAX_SHORT);
	out->said_at = time_of(r, "behalf.said_at", in->said_at);
	if ((unsigned)in->channel > CH_PAPER && r->bad == NULL)
		r->bad = "behalf.channel";
}

#define INCIDENT(m) (out->incident = (m)->incident)
#define ITEM(m) (out->item = id_of(r, "item", (m)->item))
#define REASON(m) (out->text = text_of(r, "reason", (m)->reason, MAX_TEXT))

/* Acts about a notice, an alarm or an item: the daily ones. */
static bool read_daily(struct reader *r, const Renraku__Command *in, struct command *out)
{
	switch (in->act_case) {
	case RENRAKU__COMMAND__ACT_ALARM:
		out->type = CMD_ALARM;
		out->item = id_of(r, "entry", in->alarm->entry);
		out->flag = in->alarm->drill;
		out->answer = in->alarm->unannounced ? "unannounced" : NULL;
		out->text = text_of(r, "reporter", in->alarm->reporter, MAX_SHORT);
		read_values(r, in->alarm->values, in->alarm->n_values, out);
		return true;
	case RENRAKU__COMMAND__ACT_WITHDRAW:
		out->type = CMD_WITHDRAW;
		INCIDENT(in->withdraw);
		out->text = text_of(r, "ground", in->withdraw->ground, MAX_TEXT);
		return true;
	case RENRAKU__COMMAND__ACT_ACKNOWLEDGE:
		out->type = CMD_ACKNOWLEDGE;
		out->notice = in->acknowledge->notice;
		out->answer = id_of(r, "answer", in->acknowledge->answer);
		out->text = text_of(r, "comment", in->acknowledge->comment, MAX_TEXT);
		out->about = id_of(r, "terminal", in->acknowledge->terminal);
		return true;
	case RENRAKU__COMMAND__ACT_EXCUSE:
		out->type = CMD_EXCUSE;
		out->notice = in->excuse->notice;
		out->about = id_of(r, "terminal", in->excuse->terminal);
		REASON(in->excuse);
		return true;
	case RENRAKU__COMMAND__ACT_ENTER:
		out->type = CMD_ENTER;
		INCIDENT(in->enter);
		ITEM(in->enter);
		read_values(r, in->enter->values, in->enter->n_values, out);
		read_calls(r, in->enter->calls, in->enter->n_calls, out);
		read_follow_ups(r, in->enter->follow_ups, in->enter->n_follow_ups, out);
		return true;
	case RENRAKU__COMMAND__ACT_WAIVE:
		out->type = CMD_WAIVE;
		INCIDENT(in->waive);
		ITEM(in->waive);
		REASON(in->waive);
		return true;
	case RENRAKU__COMMAND__ACT_REOPEN:
		out->type = CMD_REOPEN;
		INCIDENT(in->reopen);
		ITEM(in->reopen);
		REASON(in->reopen);
		return true;
	case RENRAKU__COMMAND__ACT_LOG_CALL:
		out->type = CMD_LOG_CALL;
		INCIDENT(in->log_call);
		ITEM(in->log_call);
		out->about = id_of(r, "person", in->log_call->person);
		if (in->log_call->call != NULL)
			read_calls(r, &in->log_call->call, 1, out);
		else
			r->bad = "call";
		return true;
	default:
		return false;
	}
}

static void read_follow_up(struct reader *r, const Renraku__FollowUp *in, struct command *out)
{
	out->type = CMD_FOLLOW_UP;
	INCIDENT(in);
	out->ordinal = in->follow_up;
	out->answer = id_of(r, "state", in->state);
	out->text = text_of(r, "text", in->text, MAX_TEXT);
	if (in->change != NULL)
		read_follow_ups(r, (Renraku__FollowUpNew *const *)&in->change, 1, out);
}

/* One line: it becomes a value of the site's text. */
static const char *line_of(struct reader *r, const char *name, const char *s)
{
	const char *line = text_of(r, name, s, MAX_SHORT);

	if (line != NULL && strpbrk(line, "\n\t") != NULL && r->bad == NULL)
		r->bad = name;
	return line;
}

/* An id that must be there. */
static const char *needed_id(struct reader *r, const char *name, const char *s)
{
	const char *id = id_of(r, name, s);

	if ((id == NULL || !text_id(id, MAX_ID)) && r->bad == NULL)
		r->bad = name;
	return id != NULL ? id : "";
}

static void read_edit_holders(struct reader *r, const Renraku__EditHolders *in, struct command *out)
{
	struct site_edit_holders *w = arena_alloc(r->arena, sizeof *w);

	out->type = CMD_EDIT_HOLDERS;
	out->edit_holders = w;
	REASON(in);
	w->role = needed_id(r, "role", in->role);
	w->section = line_of(r, "section", in->section);
	w->organisation = line_of(r, "organisation", in->organisation);
	if (!count_ok(r, "persons", in->n_persons, SITE_EDIT_LIST_MAX) || !count_ok(r, "deputies", in->n_deputies, SITE_EDIT_LIST_MAX))
		return;
	w->persons = arena_alloc(r->arena, (in->n_persons + 1) * sizeof *w->persons);
	w->deputies = arena_alloc(r->arena, (in->n_deputies + 1) * sizeof *w->deputies);
	for (size_t i = 0; i < in->n_persons; i++)
		w->persons[w->n_persons++] = needed_id(r, "persons", in->persons[i]);
	for (size_t i = 0; i < in->n_deputies; i++) {
		if (in->deputies[i]->may > MAY_ALL && r->bad == NULL)
			r->bad = "deputies.may";
		w->deputies[w->n_deputies].may = in->deputies[i]->may;
		w->deputies[w->n_deputies++].person = needed_id(r, "deputies.person", in->deputies[i]->person);
	}
}

static void read_edit_person(struct reader *r, const Renraku__EditPerson *in, struct command *out)
{
	struct site_edit_person *w = arena_alloc(r->arena, sizeof *w);

	out->type = CMD_EDIT_PERSON;
	out->edit_person = w;
	REASON(in);
	w->id = needed_id(r, "person", in->person);
	w->name = line_of(r, "name", in->name);
	w->name_en = line_of(r, "name_en", in->name_en);
	w->login = in->login;
	w->administrator = in->administrator;
	if (!count_ok(r, "numbers", in->n_numbers, SITE_EDIT_LIST_MAX))
		return;
	w->numbers = arena_alloc(r->arena, (in->n_numbers + 1) * sizeof *w->numbers);
	for (size_t i = 0; i < in->n_numbers; i++)
		w->numbers[w->n_numbers++] = (struct site_edit_number){line_of(r, "numbers.number", in->numbers[i]->number),
			line_of(r, "numbers.label", in->numbers[i]->label), in->numbers[i]->private_number};
}

static bool read_people(struct reader *r, const Renraku__Command *in, struct command *out)
{
	switch (in->act_case) {
	case RENRAKU__COMMAND__ACT_ABSENCE:
		out->type = CMD_ABSENCE;
		out->about = id_of(r, "person", in->absence->person);
		out->since = time_of(r, "since", in->absence->since);
		out->until = time_of(r, "until", in->absence->until);
		REASON(in->absence);
		out->flag = in->absence->back;
		return true;
	case RENRAKU__COMMAND__ACT_DELEGATE:
		out->type = CMD_DELEGATE;
		out->about = id_of(r, "from", in->delegate->from);
		out->other = id_of(r, "to", in->delegate->to);
		out->name = id_of(r, "role", in->delegate->role);
		out->answer = id_of(r, "kind", in->delegate->kind);
		out->stage = in->delegate->may;
		out->since = time_of(r, "since", in->delegate->since);
		out->until = time_of(r, "until", in->delegate->until);
		REASON(in->delegate);
		return true;
	case RENRAKU__COMMAND__ACT_END_DELEGATION:
		out->type = CMD_END_DELEGATION;
		out->ordinal = in->end_delegation->delegation;
		REASON(in->end_delegation);
		return true;
	case RENRAKU__COMMAND__ACT_BAR:
		out->type = CMD_BAR;
		INCIDENT(in->bar);
		out->about = id_of(r, "person", in->bar->person);
		out->text = text_of(r, "ground", in->bar->ground, MAX_TEXT);
		out->flag = in->bar->readmit;
		return true;
	case RENRAKU__COMMAND__ACT_TEST:
		out->type = CMD_TEST;
		return true;
	case RENRAKU__COMMAND__ACT_EDIT_HOLDERS:
		read_edit_holders(r, in->edit_holders, out);
		return true;
	case RENRAKU__COMMAND__ACT_EDIT_PERSON:
		read_edit_person(r, in->edit_person, out);
		return true;
	default:
		return false;
	}
}

/* Acts about an incident as a whole, its by-products, and administration. */
static bool read_other(struct reader *r, const Renraku__Command *in, struct command *out)
{
	switch (in->act_case) {
	case RENRAKU__COMMAND__ACT_HAND_OVER:
		out->type = CMD_HAND_OVER;
		INCIDENT(in->hand_over);
		out->ordinal = in->hand_over->measure;
		REASON(in->hand_over);
		read_owner(r, in->hand_over, out);
		return true;
	case RENRAKU__COMMAND__ACT_COMMENT:
		out->type = CMD_COMMENT;
		INCIDENT(in->comment);
		ITEM(in->comment);
		out->text = text_of(r, "text", in->comment->text, MAX_TEXT);
		return true;
	case RENRAKU__COMMAND__ACT_FOLLOW_UP:
		read_follow_up(r, in->follow_up, out);
		return true;
	case RENRAKU__COMMAND__ACT_CONFIRM:
		out->type = CMD_CONFIRM;
		out->ref = in->confirm->record;
		out->flag = in->confirm->denied;
		out->text = text_of(r, "comment", in->confirm->comment, MAX_TEXT);
		return true;
	case RENRAKU__COMMAND__ACT_SPLIT:
		out->type = CMD_SPLIT;
		INCIDENT(in->split);
		out->ref = in->split->alarm;
		REASON(in->split);
		return true;
	case RENRAKU__COMMAND__ACT_JOIN:
		out->type = CMD_JOIN;
		INCIDENT(in->join);
		out->ordinal = in->join->into;
		REASON(in->join);
		return true;
	case RENRAKU__COMMAND__ACT_GIVE_UP:
		out->type = CMD_GIVE_UP;
		INCIDENT(in->give_up);
		REASON(in->give_up);
		return true;
	case RENRAKU__COMMAND__ACT_LOAD_PLAN:
		out->type = CMD_LOAD_PLAN;
		out->name = text_of(r, "name", in->load_plan->name, MAX_SHORT);
		return true;
	case RENRAKU__COMMAND__ACT_LOAD_SITE:
		out->type = CMD_LOAD_SITE;
		out->name = text_of(r, "name", in->load_site->name, MAX_SHORT);
		return true;
	default:
		return false;
	}
}

static bool good_id(const char *id)
{
	size_t len = strlen(id);

	return len >= 16 && len <= MAX_ID && strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

bool command_codec_read(struct arena *arena, const Renraku__Command *in, struct command *out, struct verdict *verdict)
{
	struct reader r = {arena, NULL};

	memset(out, 0, sizeof *out);
	if (!good_id(in->id)) {
		verdict_refuse(verdict, REASON_BAD_ID, NULL);
		return false;
	}
	out->id = in->id;
	out->made_at = time_of(&r, "made_at", in->made_at);
	read_behalf(&r, in->behalf, out);
	if (!read_daily(&r, in, out) && !read_other(&r, in, out) && !read_people(&r, in, out))
		r.bad = "act";
	if (r.bad != NULL) {
		verdict_refuse(verdict, REASON_BAD_INPUT, r.bad);
		return false;
	}
	command_codec_digest(in, out->digest);
	return true;
}

void command_codec_digest(const Renraku__Command *in, uint8_t out[RECORD_HASH])
{
	Renraku__Command content = *in;
	size_t len;
	uint8_t *bytes;

	content.id = (char *)(uintptr_t)protobuf_c_empty_string;
	len = renraku__command__get_packed_size(&content);
	bytes = xmalloc(len + 1);
	renraku__command__pack(&content, bytes);
	SHA256(bytes, len, out);
	free(bytes);
}

const uint8_t *command_codec_blob(const Renraku__Command *in)
{
	const ProtobufCBinaryData *sha = NULL;

	if (in->act_case == RENRAKU__COMMAND__ACT_LOAD_PLAN)
		sha = &in->load_plan->sha256;
	else if (in->act_case == RENRAKU__COMMAND__ACT_LOAD_SITE)
		sha = &in->load_site->sha256;
	return sha != NULL && sha->len == RECORD_HASH ? sha->data : NULL;
}
