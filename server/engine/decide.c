/*
 * decide: may this command be done, and what then happened? Looks only; the records say it all. Deciders of items, notices and
 * incidents stand in files of their own.
 */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "engine/core.h"

struct record *decide_record(struct decision *d, enum record_kind kind)
{
	struct record *r = records_add(d->out, kind);
	const struct command *c = d->c;
	r->at = c->now;
	r->site = d->e->n_sites ? d->e->sites[d->e->n_sites - 1].record : 0;
	if (d->out->n == 1) { /* the first one carries the command's key */
		r->sender = c->sender;
		r->command = c->id;
		memcpy(r->digest, c->digest, sizeof r->digest);
		r->made_at = c->made_at;
	}
	if (d->incident) {
		r->incident = d->incident->id;
		r->drill = d->incident->drill;
	}
	return r;
}

/* 転記: what somebody wrote on paper, entered later by the same person, or of whoever is named in words. */
bool decide_transcribed(const struct command *c)
{
	return c->channel == CH_PAPER && c->person && c->said_at && (!c->behalf || strcmp(c->behalf, c->person) == 0);
}

/* A record of what a person or terminal did, by whatever channel (invariant 3). */
struct record *decide_deed(struct decision *d, enum record_kind kind, const char *role, enum capacity cap)
{
	const struct command *c = d->c;
	struct record *r = decide_record(d, kind);
	r->person = d->person;
	r->terminal = c->terminal;
	r->role = role;
	r->capacity = cap;
	if ((c->behalf && d->person != c->person) || decide_transcribed(c)) {
		r->channel = c->channel;
		r->number = c->number;
		r->said_at = c->said_at ? c->said_at : c->now;
		r->entered_by = c->person;
	}
	return r;
}

bool decide_by_this_channel(const struct decision *d, const struct plan_item *it)
{
	bool telephoned = d->c->behalf && d->person != d->c->person && d->c->channel == CH_TELEPHONE;
	return !telephoned || it->by_telephone;
}

static const struct seen_command *find_seen(const struct engine *e, const struct command *c)
{
	size_t sender = strlen(c->sender), id = strlen(c->id);
	char key[256];
	if (sender + 1 + id > sizeof key)
		return NULL;
	memcpy(key, c->sender, sender);
	key[sender] = '\0';
	memcpy(key + sender + 1, c->id, id);
	struct seen_command *s;
	HASH_FIND(hh, e->seen, key, (unsigned)(sender + 1 + id), s);
	return s;
}

static bool good_id(const char *id)
{
	size_t n = id ? strlen(id) : 0;
	return n >= 16 && n <= 64 && strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

/* Telephone, in person, on paper: who entered it must be signed in, and say when (and from which number). */
static int check_behalf(struct decision *d)
{
	const struct command *c = d->c;
	d->person = c->person;
	bool own_paper = c->channel == CH_PAPER && (!c->behalf || (c->person && strcmp(c->behalf, c->person) == 0));
	if (own_paper) {
		if (!c->person)
			return verdict_refuse(d->v, REASON_NOT_SIGNED_IN, NULL);
		return c->said_at ? form_time(d, c->said_at, "said_at") : verdict_refuse(d->v, REASON_TELEPHONE_INCOMPLETE, NULL);
	}
	if (!c->behalf || (c->person && strcmp(c->behalf, c->person) == 0))
		return 0;
	if (!c->person)
		return verdict_refuse(d->v, REASON_NOT_SIGNED_IN, NULL);
	if (site_person_find(engine_site(d->e), c->behalf) < 0)
		return verdict_refuse(d->v, REASON_UNKNOWN_PERSON, c->behalf);
	if (c->channel == CH_SCREEN)
		return verdict_refuse(d->v, REASON_BAD_INPUT, "channel");
	if (!c->said_at || (c->channel == CH_TELEPHONE && core_blank(c->number)))
		return verdict_refuse(d->v, REASON_TELEPHONE_INCOMPLETE, NULL);
	if (form_time(d, c->said_at, "said_at") < 0)
		return -1;
	d->person = c->behalf;
	return 0;
}

/* Who owns what follows may say how it goes on without seeing the incident it came from. */
static bool owns_it(const struct engine *e, const struct incident *in, const struct command *c)
{
	return c->type == CMD_FOLLOW_UP && c->ordinal >= 1 && c->ordinal <= in->n_follow_ups &&
	       engine_follow_up_owned(e, in, &in->follow_ups[c->ordinal - 1], c->person);
}

static int need_incident(struct decision *d)
{
	const struct command *c = d->c;
	struct incident *in = core_incident(d->e, c->incident);
	char number[16];
	snprintf(number, sizeof number, "%u", c->incident);
	if (!in)
		return verdict_refuse(d->v, REASON_UNKNOWN_INCIDENT, number);
	bool out = c->person && engine_barred(in, c->person);
	if (out || !(people_may_see(d->e, in, c->person, c->terminal) || people_raised(in, c->person, c->terminal) || owns_it(d->e, in, c)))
		return decide_not_seen(d, in, number);
	if (d->person && engine_barred(in, d->person))
		return verdict_refuse(d->v, REASON_BARRED, NULL);
	d->incident = in;
	if (in->state != INCIDENT_OPEN && c->type != CMD_FOLLOW_UP && c->type != CMD_COMMENT)
		return verdict_refuse(d->v, REASON_INCIDENT_CLOSED, number);
	return 0;
}

int decide_refuse_named(struct decision *d, enum reason reason, const struct plan_item *it)
{
	return verdict_refuse_both(d->v, reason, arena_printf(d->out->arena, "%s（%s）", it->title, it->id),
		arena_printf(d->out->arena, "%s (%s)", it->title_en ? it->title_en : it->title, it->id));
}

static int need_item(struct decision *d)
{
	d->item = d->c->item ? plan_item_find(d->incident->plan, d->c->item) : -1;
	if (d->item < 0)
		return verdict_refuse(d->v, REASON_UNKNOWN_ITEM, d->c->item ? d->c->item : "");
	return 0;
}

static int decide_presence(struct decision *d)
{
	const struct command *c = d->c;
	struct record *r = NULL;
	for (size_t i = 0; i < c->n_recipients; i++) {
		struct presence_entry *p;
		HASH_FIND_STR(d->e->presence, c->recipients[i].id, p);
		if (p && p->epoch == d->e->epoch && p->present == c->flag)
			continue;
		if (!r) {
			r = decide_record(d, REC_PRESENCE);
			r->flag = c->flag;
			r->recipients = arena_alloc(d->out->arena, c->n_recipients * sizeof *r->recipients);
		}
		r->recipients[r->n_recipients++] = c->recipients[i];
	}
	return 0;
}

static int decide_receipts(struct decision *d)
{
	const struct command *c = d->c;
	struct notice *n = core_notice(d->e, c->notice);
	struct record *r = NULL;
	for (size_t i = 0; n && i < c->n_recipients; i++) {
		struct recipient *to = notice_recipient(n, c->recipients[i].id);
		if (!to || to->stage >= (enum receipt_stage)c->stage)
			continue;
		if (!r) {
			d->incident = n->incident;
			r = decide_record(d, REC_RECEIPT);
			r->notice = n->id;
			r->stage = c->stage;
			r->recipients = arena_alloc(d->out->arena, c->n_recipients * sizeof *r->recipients);
		}
		r->recipients[r->n_recipients].as = to->as;
		r->recipients[r->n_recipients++].id = c->recipients[i].id;
	}
	return 0;
}

static int decide_internal(struct decision *d)
{
	const struct command *c = d->c;
	struct record *r;
	switch (c->type) {
	case CMD_STARTED:
		r = decide_record(d, REC_STARTED);
		r->text = c->text;
		r->until = c->until;
		return 0;
	case CMD_CLOCK:
		decide_record(d, REC_CLOCK)->until = c->until;
		return 0;
	case CMD_PASSWORD:
		r = decide_record(d, REC_PASSWORD_SET);
		r->person = c->about;
		r->entered_by = c->person;
		return 0;
	case CMD_PRESENCE:
		return decide_presence(d);
	case CMD_RECEIPTS:
		return decide_receipts(d);
	case CMD_READ:
		return decide_read(d);
	case CMD_ANSWERS:
		return decide_answers(d);
	case CMD_ENROL:
		return decide_enrol(d);
	case CMD_ENROL_END:
		return decide_enrol_end(d);
	default:
		return verdict_refuse(d->v, REASON_BAD_INPUT, "type");
	}
}

/* Commands upon an open incident, and those of them that are about an item. */
static const struct {
	int (*decide)(struct decision *);
	bool incident, item, signed_in;
} deciders[] = {
	[CMD_ALARM] = {decide_alarm, false, false, false},
	[CMD_WITHDRAW] = {decide_withdraw, true, false, false},
	[CMD_ACKNOWLEDGE] = {decide_acknowledge, false, false, false},
	[CMD_EXCUSE] = {decide_excuse, false, false, true},
	[CMD_ENTER] = {decide_enter, true, true, false},
	[CMD_WAIVE] = {decide_waive, true, true, true},
	[CMD_REOPEN] = {decide_reopen, true, true, true},
	[CMD_LOG_CALL] = {decide_log_call, true, false, true},
	[CMD_HAND_OVER] = {decide_hand_over, true, false, true},
	[CMD_COMMENT] = {decide_comment, true, false, true},
	[CMD_FOLLOW_UP] = {decide_follow_up, true, false, true},
	[CMD_CONFIRM] = {decide_confirm, false, false, true},
	[CMD_SPLIT] = {decide_split, true, false, true},
	[CMD_JOIN] = {decide_join, true, false, true},
	[CMD_ABSENCE] = {decide_absence, false, false, true},
	[CMD_DELEGATE] = {decide_delegate, false, false, true},
	[CMD_END_DELEGATION] = {decide_end_delegation, false, false, true},
	[CMD_BAR] = {decide_bar, true, false, true},
	[CMD_GIVE_UP] = {decide_give_up, true, false, false},
	[CMD_TEST] = {decide_test, false, false, true},
	[CMD_EDIT_HOLDERS] = {decide_edit_holders, false, false, true},
	[CMD_EDIT_PERSON] = {decide_edit_person, false, false, true},
};

/* What a person or terminal asked, once it is known not to be a repetition. */
static int decide_asked(struct decision *d)
{
	const struct command *c = d->c;
	if (c->type == CMD_LOAD_PLAN || c->type == CMD_LOAD_SITE)
		return decide_load(d);
	if (c->type <= CMD_NONE || (size_t)c->type >= sizeof deciders / sizeof *deciders || !deciders[c->type].decide)
		return verdict_refuse(d->v, REASON_BAD_INPUT, "type");
	if (!engine_plan(d->e) || !engine_site(d->e))
		return verdict_refuse(d->v, REASON_NO_PLAN, NULL);
	if (deciders[c->type].signed_in && !c->person)
		return verdict_refuse(d->v, REASON_NOT_SIGNED_IN, NULL);
	if (c->person && site_person_find(engine_site(d->e), c->person) < 0)
		return verdict_refuse(d->v, REASON_UNKNOWN_PERSON, c->person); /* signed in, and no longer in the site */
	if (check_behalf(d) < 0)
		return -1;
	if (deciders[c->type].incident && need_incident(d) < 0)
		return -1;
	if (deciders[c->type].item && need_item(d) < 0)
		return -1;
	return deciders[c->type].decide(d);
}

int engine_decide(const struct engine *e, const struct command *c, struct records *out, struct verdict *v)
{
	struct decision d = {.e = e, .c = c, .out = out, .v = v, .item = -1};
	verdict_clear(v);
	if (c->type >= CMD_STARTED)
		return decide_internal(&d);
	if (!c->sender || !good_id(c->id))
		return verdict_refuse(v, REASON_BAD_ID, NULL);
	const struct seen_command *seen = find_seen(e, c);
	if (seen) {
		if (memcmp(seen->digest, c->digest, sizeof seen->digest) != 0)
			return verdict_refuse(v, REASON_ID_REUSED, NULL);
		v->reason = REASON_REPEATED;
		v->record = seen->record;
		v->incident = seen->incident;
		v->joined = seen->joined;
		return 0;
	}
	if (decide_asked(&d) < 0) {
		records_clear(out);
		return -1;
	}
	if (out->n) {
		v->record = e->index + 1;
		v->incident = core_concerned(&out->at[0]);
		v->joined = core_joined(&out->at[0]);
	}
	return 0;
}
