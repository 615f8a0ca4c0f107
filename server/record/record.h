/*
 * record: one thing that happened. Past tense, versioned, never changed. All kinds share one struct; the table below says
 * which fields a kind carries (record_check() holds a record to it). Strings are borrowed from whoever made the record: the arena of a
 * struct records, or of the decoder.
 */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/mem.h"

#define RECORD_VERSION 1
#define RECORD_HASH 32
/* A record is at most this long, but for plans and sites (RECORD_BLOB_MAX). */
#define RECORD_MAX (4u << 20)
#define RECORD_BLOB_MAX (4u << 20)

/* Numbers are for ever: never reuse one. */
enum record_kind {
	REC_NONE = 0,
	REC_STARTED = 1,      /* server started; text: program version. Presence is unknown from here */
	REC_CLOCK = 2,        /* wall clock differs by `until` ms from the engine's */
	REC_PLAN_LOADED = 3,  /* blob: YAML; name; person: who; text: sha256 */
	REC_SITE_LOADED = 4,  /* the same; edited in place: role or other: whose, answer: the reason */
	REC_PASSWORD_SET = 5, /* person: whose; entered_by */
	REC_PRESENCE = 6,     /* recipients: who; flag: present. For terminals and persons, "terminal:t1" | "person:p" */
	/* People's absence and delegations (職務代理・委任): site-wide, in no incident */
	REC_ABSENCE = 7, /* other: whose; since, until (0: until said otherwise); text: reason; flag: back again (text "term": its time is
			    up). One that was entered beforehand is recorded again when it begins */
	REC_DELEGATED =
		8, /* ordinal: new number; other: who delegates; name: delegate; role (NULL: every role); capacity: CAP_DEPUTY 職務代理 or
		      CAP_DELEGATE 委任; stage: bits of enum site_may; since, until; text: reason. Recorded again when it begins */
	REC_DELEGATION_ENDED = 9, /* ordinal; text: reason, "term": its time is up */
	REC_OPENED = 10,       /* incident; item: entry; values; terminal or person; drill; text: reporter; answer: of a drill, announced |
				  unannounced */
	REC_ALARM_JOINED = 11, /* a further alarm joined incident; values, terminal, text: reporter */
	REC_SPLIT = 12,   /* ref: alarm's record; incident: from; ordinal: new incident; text: reason. The new one's REC_OPENED follows with
			     flag */
	REC_JOINED = 13,  /* incident joined into ordinal; text: reason */
	REC_ENTERED = 14, /* incident, item, values, calls, follow_ups; flag: amended; actor */
	REC_WAIVED = 15,  /* incident, item, text: reason */
	REC_REOPENED = 16, /* incident, item, text: reason; ref: denied record if by denial */
	REC_DONE = 17,     /* incident, item: every acknowledgement it requires is in */
	REC_NOTIFIED =
		20, /* notice, incident, item, chain, hop, role, stage: notice_kind, recipients, flag: wants ack, until: next escalation */
	REC_BROADCAST = 21,    /* as NOTIFIED, to the audience `role` as it stands in the site now; no recipients listed */
	REC_RECEIPT = 22,      /* notice; stage; recipients */
	REC_ACKNOWLEDGED = 23, /* notice; person (or terminal); role, capacity, channel, number, said_at, entered_by; answer; text: comment;
				  flag: additional */
	REC_EXCUSED = 24,      /* notice; terminal; text: reason; entered_by */
	REC_REPEATED = 25,     /* notice; until: next */
	REC_ESCALATED = 26,    /* notice; stage: escalation reached; recipients added; until: next, 0 = none; text: why (absent | silent |
				  readdressed | overdue) */
	REC_WITHDRAWN = 27, /* notice; text: why (acted | not_ready | not_applicable | closed | amended | reopened …); flag: recipients get
			       a cancellation. recipients: from these only, the others keep it (barred | term) */
	REC_CONFIRMED = 30, /* ref: record made on behalf; person */
	REC_DENIED = 31,    /* ref; person; text */
	REC_CALL = 32,      /* incident, item, calls[0], actor */
	REC_COMMENT = 33,
	REC_HANDED_OVER = 34,       /* incident, ordinal: measure, follow_ups[0].owner/due, text: reason */
	REC_FOLLOW_UP = 35,         /* incident, item, ordinal: follow-up (new), follow_ups[0] */
	REC_FOLLOW_UP_CHANGED = 36, /* incident, ordinal, answer: state, text, follow_ups[0] if changed */
	REC_CLOSED = 37,            /* incident */
	REC_GIVEN_UP = 38, /* drill incident; text: reason; ref: the real alarm's record that interrupted it, 0: somebody gave it up */
	REC_REMINDED = 39, /* a notice of its own kind: notice, incident, item, ordinal: follow-up; role: its owner, if a role; recipients;
			      text: why (soon | due | overdue) */
	/* Need to know (invariant 13) */
	REC_BARRED = 40, /* incident; other: who may no longer take part and see; text: ground; flag: readmitted */
	REC_READ = 41,   /* incident; person; text: what (incident | log | report) */
	/* Connection test: 'can you hear me'; in no incident */
	REC_TEST = 42, /* ordinal: new number; recipients: asked ("terminal:t1", "person:p"); until: answers wanted by; flag: the daily one;
			  ref: it joined the one that runs, asking nobody anew */
	REC_TEST_ANSWERED = 43, /* ordinal; recipients; stage: enum receipt_stage */
	REC_TEST_ENDED = 44,    /* ordinal */
	/* A browser that stands for a terminal of the site */
	REC_ENROLLED = 45,        /* ordinal: new number; terminal; name: the gateway it came through; person: who enrolled it */
	REC_ENROLMENT_ENDED = 46, /* terminal; ordinal: which, 0: all of that terminal; text: why (left | ended | term | lost); person: who,
				     if anybody */
};
const char *record_kind_name(enum record_kind);  /* "acknowledged" */
const char *record_kind_title(enum record_kind); /* "受領確認" */

enum capacity { CAP_NONE, CAP_SELF, CAP_DEPUTY, CAP_DELEGATE, CAP_TERMINAL };
enum channel { CH_SCREEN, CH_TELEPHONE, CH_IN_PERSON, CH_PAPER };
enum recipient_as { AS_HOLDER, AS_DEPUTY, AS_ABOVE, AS_WITH, AS_MEMBER, AS_TERMINAL, AS_DELEGATE };
enum receipt_stage { STAGE_NOT_SENT, STAGE_SENT, STAGE_DELIVERED, STAGE_DISPLAYED };
enum notice_kind { NOTICE_TELL, NOTICE_YOUR_TURN, NOTICE_REMINDER, NOTICE_CALL_AGAIN };
enum escalation { ESC_NONE, ESC_REPEATED, ESC_DEPUTIES, ESC_ABOVE, ESC_TELEPHONE };
const char *capacity_name(enum capacity);
const char *capacity_title(enum capacity); /* 本人 / 代理 / 委任 / 端末 */
const char *channel_name(enum channel);
const char *channel_title(enum channel); /* 画面 / 電話 / 対面 / 書面 */
const char *recipient_as_name(enum recipient_as);
const char *notice_kind_name(enum notice_kind);
const char *escalation_name(enum escalation);

struct record_value {
	const char *field, *value, *unknown; /* value NULL when unknown (unknown: the reason) */
	const char **checks;
	size_t n_checks;
};
struct record_call {
	const char *body, *number, *answered_by, *said, *reason;
	int64_t at, again_at;
	bool no_answer;
	const char *offered; /* the number of that hour, as it was offered; NULL: none was known */
};
struct record_follow {
	const char *kind, *text, *owner, *due;
};
struct record_recipient {
	const char *id;
	enum recipient_as as;
};

struct record {
	uint64_t index; /* set by the log; not in the bytes */
	enum record_kind kind;
	int64_t at;
	const char *sender, *command;
	uint8_t digest[RECORD_HASH];
	int64_t made_at;
	uint64_t site;
	const char *person, *role, *entered_by, *number, *terminal, *other;
	enum capacity capacity;
	enum channel channel;
	int64_t said_at;
	uint32_t incident;
	const char *item;
	uint64_t notice;
	uint32_t chain, hop, ordinal, stage;
	uint64_t ref;
	bool flag, drill;
	const char *text, *answer, *name;
	int64_t since, until;
	struct record_value *values;
	size_t n_values;
	struct record_call *calls;
	size_t n_calls;
	struct record_follow *follow_ups;
	size_t n_follow_ups;
	struct record_recipient *recipients;
	size_t n_recipients;
	const uint8_t *blob;
	size_t blob_len;
};

/* A list of records that owns what they borrow, in one arena. */
struct records {
	struct arena *arena;
	struct record *at;
	size_t n, cap;
};
void records_init(struct records *);
void records_free(struct records *);
void records_clear(struct records *);
struct record *records_add(struct records *, enum record_kind); /* zeroed; valid until the next add */
/* One more recipient, unless it stands there already. The id is borrowed. */
void records_recipient(struct records *, struct record *, const char *id, enum recipient_as);

/* Codec (record_codec.c). Encoding is deterministic: the same record gives the same bytes. */
void record_encode(const struct record *, struct buf *out);
/* Strings live in the arena. False when the bytes are not a record of ours. A kind of a later version decodes with its number. */
bool record_decode(struct arena *, const uint8_t *, size_t, struct record *);
/* Every required field of its kind is there, numbers are in range. NULL when fine, else what is wrong (static). */
const char *record_check(const struct record *);

#endif
