/*
 * record: lists of records, and what each kind must carry.
 */
#include "record/record.h"

#include <stdlib.h>
#include <string.h>

void records_init(struct records *list)
{
	*list = (struct records){.arena = arena_new(0)};
}

void records_free(struct records *list)
{
	if (list->arena)
		arena_free(list->arena);
	free(list->at);
	*list = (struct records){0};
}

void records_clear(struct records *list)
{
	arena_reset(list->arena);
	list->n = 0;
}

struct record *records_add(struct records *list, enum record_kind kind)
{
	list->at = xgrow(list->at, &list->cap, list->n + 1, sizeof *list->at);
	struct record *r = &list->at[list->n++];
	*r = (struct record){.kind = kind};
	return r;
}

void records_recipient(struct records *list, struct record *r, const char *id, enum recipient_as as)
{
	for (size_t i = 0; i < r->n_recipients; i++)
		if (strcmp(r->recipients[i].id, id) == 0)
			return;
	struct record_recipient *grown = arena_alloc(list->arena, (r->n_recipients + 1) * sizeof *grown);
	if (r->n_recipients)
		memcpy(grown, r->recipients, r->n_recipients * sizeof *grown);
	grown[r->n_recipients++] = (struct record_recipient){id, as};
	r->recipients = grown;
}

/* ---- what a kind must carry ---- */

enum need {
	NEED_INCIDENT = 1 << 0,
	NEED_ITEM = 1 << 1,
	NEED_NOTICE = 1 << 2,
	NEED_ACTOR = 1 << 3, /* a person or a terminal */
	NEED_PERSON = 1 << 4,
	NEED_TERMINAL = 1 << 5,
	NEED_ROLE = 1 << 6,
	NEED_TEXT = 1 << 7,
	NEED_ORDINAL = 1 << 8,
	NEED_REF = 1 << 9,
	NEED_RECIPIENTS = 1 << 10,
	NEED_CALL = 1 << 11,
	NEED_FOLLOW_UP = 1 << 12,
	NEED_BLOB = 1 << 13,
	NEED_NAME = 1 << 14,
	NEED_STAGE = 1 << 15,
	NEED_OTHER = 1 << 16,
};

/* In the order of the bits. */
static const char *const need_texts[] = {
	"the incident is missing",
	"the item is missing",
	"the notice is missing",
	"neither person nor terminal is named",
	"the person is missing",
	"the terminal is missing",
	"the role is missing",
	"the text is missing",
	"the ordinal is missing",
	"the record referred to is missing",
	"there are no recipients",
	"the call is missing",
	"the follow-up is missing",
	"the blob is missing",
	"the name is missing",
	"the stage is missing",
	"the other person is missing",
};

static const struct {
	enum record_kind kind;
	unsigned need;
	uint32_t stage_max;
} rules[] = {
	{REC_STARTED, 0, 0},
	{REC_CLOCK, 0, 0},
	{REC_PLAN_LOADED, NEED_BLOB | NEED_TEXT, 0},
	{REC_SITE_LOADED, NEED_BLOB | NEED_TEXT, 0},
	{REC_PASSWORD_SET, NEED_PERSON, 0},
	{REC_ABSENCE, NEED_OTHER, 0},
	{REC_DELEGATED, NEED_ORDINAL | NEED_OTHER | NEED_NAME | NEED_STAGE, 7},
	{REC_DELEGATION_ENDED, NEED_ORDINAL, 0},
	{REC_PRESENCE, NEED_RECIPIENTS, 0},
	{REC_OPENED, NEED_INCIDENT | NEED_ITEM, 0},
	{REC_ALARM_JOINED, NEED_INCIDENT, 0},
	{REC_SPLIT, NEED_INCIDENT | NEED_ORDINAL | NEED_REF, 0},
	{REC_JOINED, NEED_INCIDENT | NEED_ORDINAL, 0},
	{REC_ENTERED, NEED_INCIDENT | NEED_ITEM, 0},
	{REC_WAIVED, NEED_INCIDENT | NEED_ITEM | NEED_ACTOR | NEED_TEXT, 0},
	{REC_REOPENED, NEED_INCIDENT | NEED_ITEM, 0},
	{REC_DONE, NEED_INCIDENT | NEED_ITEM, 0},
	{REC_NOTIFIED, NEED_NOTICE | NEED_INCIDENT | NEED_ITEM, NOTICE_CALL_AGAIN},
	{REC_BROADCAST, NEED_NOTICE | NEED_INCIDENT | NEED_ITEM | NEED_ROLE, NOTICE_YOUR_TURN},
	{REC_RECEIPT, NEED_NOTICE | NEED_STAGE | NEED_RECIPIENTS, STAGE_DISPLAYED},
	{REC_ACKNOWLEDGED, NEED_NOTICE | NEED_ACTOR, 0},
	{REC_EXCUSED, NEED_NOTICE | NEED_TERMINAL | NEED_TEXT, 0},
	{REC_REPEATED, NEED_NOTICE, 0},
	{REC_ESCALATED, NEED_NOTICE, ESC_TELEPHONE},
	{REC_WITHDRAWN, NEED_NOTICE, 0},
	{REC_CONFIRMED, NEED_REF | NEED_PERSON, 0},
	{REC_DENIED, NEED_REF | NEED_PERSON, 0},
	{REC_CALL, NEED_INCIDENT | NEED_CALL, 0},
	{REC_COMMENT, NEED_INCIDENT | NEED_TEXT, 0},
	{REC_HANDED_OVER, NEED_INCIDENT | NEED_ORDINAL | NEED_FOLLOW_UP, 0},
	{REC_FOLLOW_UP, NEED_INCIDENT | NEED_ORDINAL | NEED_FOLLOW_UP, 0},
	{REC_FOLLOW_UP_CHANGED, NEED_INCIDENT | NEED_ORDINAL, 0},
	{REC_CLOSED, NEED_INCIDENT, 0},
	{REC_GIVEN_UP, NEED_INCIDENT, 0},
	{REC_REMINDED, NEED_NOTICE | NEED_INCIDENT | NEED_ITEM | NEED_ORDINAL | NEED_RECIPIENTS | NEED_TEXT, 0},
	{REC_BARRED, NEED_INCIDENT | NEED_OTHER | NEED_TEXT, 0},
	{REC_READ, NEED_INCIDENT | NEED_PERSON | NEED_TEXT, 0},
	{REC_TEST, NEED_ORDINAL | NEED_RECIPIENTS, 0},
	{REC_TEST_ANSWERED, NEED_ORDINAL | NEED_RECIPIENTS | NEED_STAGE, STAGE_DISPLAYED},
	{REC_TEST_ENDED, NEED_ORDINAL, 0},
	{REC_ENROLLED, NEED_TERMINAL | NEED_ORDINAL | NEED_NAME | NEED_PERSON, 0},
	{REC_ENROLMENT_ENDED, NEED_TERMINAL | NEED_TEXT, 0},
};

/* What the record has, as the same bits. */
static unsigned has(const struct record *r)
{
	unsigned bits = 0;
	bits |= r->incident ? NEED_INCIDENT : 0u;
	bits |= r->item ? NEED_ITEM : 0u;
	bits |= r->notice ? NEED_NOTICE : 0u;
	bits |= r->person || r->terminal ? NEED_ACTOR : 0u;
	bits |= r->person ? NEED_PERSON : 0u;
	bits |= r->terminal ? NEED_TERMINAL : 0u;
	bits |= r->role ? NEED_ROLE : 0u;
	bits |= r->text ? NEED_TEXT : 0u;
	bits |= r->ordinal ? NEED_ORDINAL : 0u;
	bits |= r->ref ? NEED_REF : 0u;
	bits |= r->n_recipients ? NEED_RECIPIENTS : 0u;
	bits |= r->n_calls ? NEED_CALL : 0u;
	bits |= r->n_follow_ups ? NEED_FOLLOW_UP : 0u;
	bits |= r->blob_len ? NEED_BLOB : 0u;
	bits |= r->name ? NEED_NAME : 0u;
	bits |= r->stage ? NEED_STAGE : 0u;
	bits |= r->other ? NEED_OTHER : 0u;
	return bits;
}

static const char *check_numbers(const struct record *r, uint32_t stage_max)
{
	if ((unsigned)r->capacity > CAP_TERMINAL)
		return "the capacity is out of range";
	if ((unsigned)r->channel > CH_PAPER)
		return "the channel is out of range";
	if (r->stage > stage_max)
		return "the stage is out of range";
	for (size_t i = 0; i < r->n_recipients; i++) {
		if (!r->recipients[i].id)
			return "a recipient has no id";
		if ((unsigned)r->recipients[i].as > AS_DELEGATE)
			return "a recipient's part is out of range";
	}
	for (size_t i = 0; i < r->n_values; i++)
		if (!r->values[i].field)
			return "a value has no field";
	if (r->command && !r->sender)
		return "a command has no sender";
	return NULL;
}

const char *record_check(const struct record *r)
{
	if (r->at < 0)
		return "the time is before 1970";
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		if (rules[i].kind != r->kind)
			continue;
		unsigned missing = rules[i].need & ~has(r);
		for (size_t bit = 0; bit < sizeof need_texts / sizeof *need_texts; bit++)
			if (missing & (1u << bit))
				return need_texts[bit];
		return check_numbers(r, rules[i].stage_max);
	}
	return r->kind == REC_NONE ? "the kind is missing" : "a kind that this version does not know";
}
