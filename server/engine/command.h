/*
 * command: what somebody asks the engine to do, and the engine's verdict. Borrowed strings live until engine_decide returns.
 */
#ifndef ENGINE_COMMAND_H
#define ENGINE_COMMAND_H

#include "plan/plan.h"
#include "plan/site_edit.h"
#include "record/record.h"

enum command_type {
	CMD_NONE,
	/* from people and terminals */
	CMD_ALARM,       /* item: entry item or alarm word; values; flag: drill; answer: of a drill, "unannounced"; text: reporter's name */
	CMD_WITHDRAW,    /* incident; text: ground */
	CMD_ACKNOWLEDGE, /* notice; answer; text: comment; about: terminal whose acknowledgement this replaces */
	CMD_EXCUSE,      /* notice; about: terminal; text: reason */
	CMD_ENTER,       /* incident, item, values, calls, follow_ups */
	CMD_WAIVE,       /* incident, item, text: reason */
	CMD_REOPEN,      /* incident, item, text: reason */
	CMD_LOG_CALL,    /* incident, item or NULL, calls[0]; about: person called, or NULL */
	CMD_HAND_OVER,   /* incident, ordinal, follow_ups[0].owner/due, text */
	CMD_COMMENT,     /* incident, item or NULL, text */
	CMD_FOLLOW_UP,   /* incident, ordinal (0: new), answer: state, text, follow_ups[0] */
	CMD_CONFIRM,     /* ref: record; flag: denied; text */
	CMD_SPLIT,       /* incident, ref: alarm's record, text */
	CMD_JOIN,        /* incident, ordinal: into, text */
	CMD_GIVE_UP,     /* incident, text */
	CMD_ABSENCE,     /* about: whose (NULL: one's own); since, until; text: reason; flag: back again */
	CMD_DELEGATE, /* about: who delegates (NULL: oneself); other: delegate; name: role or NULL; answer: "deputy" (職務代理) | "delegate"
			 (委任); stage: bits of enum site_may, 0 all; since, until; text: reason */
	CMD_END_DELEGATION, /* ordinal, text */
	CMD_BAR,            /* incident, about: person; text: ground; flag: readmit */
	CMD_TEST,           /* a connection test now */
	CMD_EDIT_HOLDERS,   /* edit_holders; text: reason */
	CMD_EDIT_PERSON,    /* edit_person; text: reason */
	CMD_LOAD_PLAN,      /* blob, name */
	CMD_LOAD_SITE,      /* blob, name */
	/* from the shell itself; never refused, no id */
	CMD_STARTED,   /* text: version */
	CMD_CLOCK,     /* until: skew in ms */
	CMD_PRESENCE,  /* recipients: "terminal:t1" …; flag: present */
	CMD_RECEIPTS,  /* notice, stage, recipients */
	CMD_PASSWORD,  /* about: person whose password was set; person: who did */
	CMD_READ,      /* incident, person; text: what (incident | log | report) */
	CMD_ANSWERS,   /* ordinal: connection test; stage; recipients "terminal:t1" … */
	CMD_ENROL,     /* about: terminal; name: gateway; person: who enrolled a browser for it */
	CMD_ENROL_END, /* about: terminal; ordinal: which enrolment, 0: all; text: why; person: who, or NULL */
};
const char *command_type_name(enum command_type);

struct command {
	enum command_type type;
	int64_t now; /* the engine's time: time comes in with the event */
	/* who: the session's principal */
	const char *sender;   /* "terminal:t1" or "person:p_tanaka"; part of the key of the command */
	const char *terminal; /* the terminal it came through, or NULL */
	const char *person;   /* person signed in, or NULL */
	const char *id;
	uint8_t digest[RECORD_HASH];
	int64_t made_at;
	/* on whose behalf */
	const char *behalf; /* person, or NULL */
	enum channel channel;
	const char *number;
	int64_t said_at;
	/* what */
	uint32_t incident, ordinal, stage;
	const char *item, *text, *answer, *about, *other, *name;
	uint64_t notice, ref;
	bool flag;
	int64_t since, until;
	const struct record_value *values;
	size_t n_values;
	const struct record_call *calls;
	size_t n_calls;
	const struct record_follow *follow_ups;
	size_t n_follow_ups;
	const struct record_recipient *recipients;
	size_t n_recipients;
	const uint8_t *blob;
	size_t blob_len;
	const struct site_edit_holders *edit_holders;
	const struct site_edit_person *edit_person;
};

/* Reason codes: on the wire as their names; each has its sentence in command.c and its line in docs/protocol.md. */
enum reason {
	REASON_OK,
	REASON_REPEATED, /* accepted before; the first answer is given again */
	REASON_NOT_SIGNED_IN,
	REASON_NOT_ENTITLED,
	REASON_ADMIN_ONLY,
	REASON_NO_PLAN,
	REASON_UNKNOWN_INCIDENT,
	REASON_UNKNOWN_ITEM,
	REASON_UNKNOWN_NOTICE,
	REASON_UNKNOWN_PERSON,
	REASON_UNKNOWN_TERMINAL,
	REASON_UNKNOWN_RECORD,
	REASON_UNKNOWN_FIELD,
	REASON_NOTICE_CLOSED,
	REASON_NO_NOTICE_FOR_YOU,
	REASON_INCIDENT_CLOSED,
	REASON_NOT_READY,
	REASON_NOT_APPLICABLE,
	REASON_INCOMPLETE,
	REASON_NO_SUCH_CHOICE,
	REASON_CHOICE_NOT_POSSIBLE,
	REASON_NOT_OPTIONAL,
	REASON_MEASURE_IN_FORCE,
	REASON_NOT_ACKNOWLEDGED,
	REASON_ITEMS_OPEN,
	REASON_AMEND_NOT_YOURS,
	REASON_TELEPHONE_INCOMPLETE, /* number or time missing */
	REASON_NOT_BY_TELEPHONE,
	REASON_NO_REASON_GIVEN,
	REASON_NOT_A_DRILL,
	REASON_NOT_YOUR_ALARM,
	REASON_NOT_SEEN, /* need to know */
	REASON_ID_REUSED,
	REASON_BAD_ID,
	REASON_BAD_INPUT,
	REASON_PLAN_FAULTY,
	REASON_WRONG_ANSWER,
	REASON_DELEGATION_EXPIRED,
	REASON_UNKNOWN_DELEGATION,
	REASON_BARRED,       /* kept out of this incident, with a ground */
	REASON_CANNOT_JOIN,  /* the same one, a drill and a real one, or of narrower sight */
	REASON_BAD_DUE,      /* a day that has passed, or is beyond all planning */
	REASON_NO_DRILL_NOW, /* something real is being dealt with */
	REASON_NOBODY_TO_TEST,
	REASON_BAD_TERM,   /* a term that ends before it begins, or has ended */
	REASON_BAD_TIME,   /* in the future, or absurdly long ago */
	REASON_BAD_NUMBER, /* no telephone number */
	REASON_BAD_VALUE,  /* cannot be read as what the field asks for */
	REASON_DELEGATION_NOT_YET,
	REASON_NOT_TO_DELEGATE,
	REASON_NOBODY_LEFT, /* barring would leave nobody who can answer for a role */
	/* the shell's */
	REASON_CANNOT_RECORD,
	REASON_LOW_SPACE,
	REASON_BUSY,
	REASON_SIGN_IN_AGAIN,
	REASON_COUNT
};
const char *reason_name(enum reason); /* "NOT_ENTITLED" */

struct verdict {
	enum reason reason;   /* REASON_OK or REASON_REPEATED: accepted */
	char *text, *text_en; /* malloc'ed sentences when refused */
	uint64_t record;      /* accepted: first record's index */
	uint32_t incident;
	bool joined;
	char **missing;
	size_t n_missing;
};
void verdict_clear(struct verdict *);
/* Sets the reason with its sentence; detail (may be NULL) is put into it. Returns -1 for `return verdict_refuse(…)`. */
int verdict_refuse(struct verdict *, enum reason, const char *detail);
int verdict_refuse_both(struct verdict *, enum reason, const char *detail, const char *detail_en);
int verdict_refuse_item(struct verdict *, enum reason, const struct plan_item *); /* its title in each language */
void verdict_missing(struct verdict *, const char *what);

#endif
