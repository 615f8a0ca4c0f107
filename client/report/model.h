/*
 * model: what happened, put together from the view (titles, states) and the log (who, when, by which record). The four forms of the report
 * are made of this and of nothing else. Strings are borrowed from the source or live in its arena.
 */
#ifndef REPORT_MODEL_H
#define REPORT_MODEL_H

#include "report/source.h"

/* One thing on record that proves something. */
struct evidence {
	uint64_t record, last; /* last: of several alike, else = record */
	size_t count;          /* 1, or how many terminals */
	int64_t at;
	enum record_kind kind;
	const char *what;               /* 入力, 受領確認 … */
	const char *who, *role;         /* names; "" where nobody */
	const char *person;             /* id, "" */
	const char *capacity, *channel; /* codes, "" */
	const char *number, *entered_by;
	int64_t said_at, made_at;
	const char *word; /* "" | confirmed | unconfirmed | denied: of what was entered in somebody's name */
	bool transcribed; /* written on paper first */
	bool superseded;  /* a later entry took its place */
	bool amended;     /* … by amending it, not because it had to be done again */
	const char *text;
};
/* What is missing or was not as it should be. */
struct gap {
	const char *kind; /* not_done | waiting | held | no_acknowledgement | late | unconfirmed | denied */
	const char *text;
	bool open; /* still missing; else it only went wrong */
	uint64_t notice;
};
enum m_state { M_NOT_APPLICABLE, M_UNUSED, M_WAIVED, M_MET, M_OPEN };
const char *model_state_name(enum m_state);

struct m_item {
	const Renraku__ItemRow *row;
	enum m_state state;
	const char *reason; /* why not applicable, why waived, what stands in the way */
	struct evidence *evidence;
	size_t n_evidence, cap_evidence;
	struct gap *gaps;
	size_t n_gaps, cap_gaps;
};
struct m_notice {
	const Renraku__NoticeRow *row;
	Renraku__RecipientRow **recipients; /* of all parts */
	size_t n_recipients, cap_recipients;
	int64_t acknowledged_at;      /* 0: not */
	size_t n_stage[4], n_missing; /* how far it came; recipients of a broadcast without acknowledgement or excuse */
};
struct m_clause {
	const char *id;
	size_t *items, n_items, cap_items; /* into model.items */
	const char *title;                 /* of a fact or procedure that carries it */
	const char *fact;
	enum m_state state;
	const char *reason;
	struct evidence *evidence; /* beside the items' */
	size_t n_evidence, cap_evidence;
};
enum m_limit_state { LIMIT_KEPT, LIMIT_MISSED, LIMIT_RUNNING };
struct m_limit {
	const struct m_notice *notice;
	const struct m_item *item;
	bool done;                     /* 'until done', else 'until acknowledged' */
	int64_t from, until, limit_ms; /* until 0: not yet */
	enum m_limit_state state;
};
/* A fact was decided: what, as what, by which record. */
struct m_change {
	const struct source_line *line;
	const char *fact, *title, *value, *shown, *ground;
};

struct model {
	struct source *source;
	struct arena *arena;
	const Renraku__IncidentRow *incident;
	const Renraku__TownRow *town;
	const char *printed_by;
	struct m_item *items;
	size_t n_items;
	struct m_notice *notices;
	size_t n_notices;
	struct m_clause *clauses;
	size_t n_clauses, cap_clauses;
	struct m_limit *limits;
	size_t n_limits, cap_limits;
	struct m_change *changes;
	size_t n_changes, cap_changes;
};

void model_make(struct model *, struct source *, const char *printed_by);
void model_free(struct model *);

/* ---- model_names.c: ids in words ---- */
const char *model_person(const struct model *, const char *id);
const char *model_role(const struct model *, const char *id);
const char *model_terminal(const struct model *, const char *id);
const char *model_body(const struct model *, const char *id);
const struct m_item *model_item(const struct model *, const char *id); /* NULL: none */
const char *model_item_title(const struct m_item *);
const struct m_notice *model_notice(const struct model *, uint64_t id);
const char *model_value_title(const struct model *, const struct m_item *, const char *field);
const char *model_value_shown(const struct model *, const struct m_item *, const struct record_value *);
/* "種類：ハードウェア　場所：1階" of a record. */
const char *model_values(const struct model *, const struct m_item *, const struct record *);
const char *model_when(const struct model *, int64_t at); /* "2026-11-23 10:05:07"; "" for 0 */
const char *model_span(const struct model *, int64_t ms); /* "4分30秒" */
const char *model_capacity(const char *code);             /* 本人 … as the document has it; "" for none */
/* "田中 健一（住基ネット担当者・本人・電話 0749-…）" */
const char *model_evidence_who(const struct model *, const struct evidence *);
struct evidence model_evidence(const struct model *, const struct source_line *); /* of one record */
const char *model_kind(const struct record *);                                    /* what kind of record, in words */

/* ---- model_line.c ---- */
/* What a record says, beside who and when: one line (several for what was entered). */
const char *model_line(const struct model *, const struct source_line *);
/* The member whom this notice convenes to that meeting, who answered it or should have; NULL: it is another notice. */
const Renraku__RecipientRow *model_member(const struct m_notice *, const Renraku__MeetingRow *);
const char *model_call(const struct model *, const struct record *, const struct record_call *);

/* ---- model_item.c ---- */
void model_fold_item(struct model *, struct m_item *);
void model_limits(struct model *);

#endif
