/*
 * evolve_notice: records about notices: made, received, acknowledged, escalated, withdrawn; and the confirmation or denial of what
 * was entered in somebody's name.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/core.h"

static struct recipient *add_recipient(struct notice *n, const char *id, enum recipient_as as, uint64_t record)
{
	struct recipient *r = n->broadcast ? NULL : notice_recipient(n, id);
	if (r && !r->gone)
		return r;
	if (!r) {
		n->recipients = xgrow(n->recipients, &n->cap_recipients, n->n_recipients + 1, sizeof *n->recipients);
		r = &n->recipients[n->n_recipients++];
		*r = (struct recipient){.id = arena_strdup(n->incident->arena, id)};
	}
	r->as = as;
	r->gone = 0; /* told again: entitled again */
	n->deputies_told = n->deputies_told || as == AS_DEPUTY;
	n->deputies_at = as == AS_DEPUTY ? record : n->deputies_at;
	n->above_told = n->above_told || as == AS_ABOVE;
	return r;
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct recipient *)a)->id, ((const struct recipient *)b)->id);
}

static void take_terminals(struct engine *e, struct notice *n)
{
	const struct site *s = engine_site(e);
	n->broadcast = true;
	n->recipients = xcalloc(s->n_terminals + 1, sizeof *n->recipients);
	n->cap_recipients = s->n_terminals + 1;
	for (size_t i = 0; i < s->n_terminals; i++)
		n->recipients[n->n_recipients++] = (struct recipient){.id = s->terminals[i].id, .as = AS_TERMINAL};
	qsort(n->recipients, n->n_recipients, sizeof *n->recipients, by_id);
}

static const char *key_of(struct incident *in, const struct record *r, bool group)
{
	if (group && r->n_recipients)
		return arena_printf(in->arena, "%s:%s", r->role, r->recipients[0].id);
	return arena_strdup(in->arena, r->name ? r->name : r->role);
}

static struct notice *notice_new(struct engine *e, struct incident *in, int item, const struct record *r)
{
	const struct plan_item *it = &in->plan->items[item];
	struct notice *n = xcalloc(1, sizeof *n);
	n->id = r->notice;
	n->incident = in;
	n->item = item;
	n->entry = in->items[item].entry.by.record;
	n->kind = r->kind == REC_REMINDED ? NOTICE_REMINDER : (enum notice_kind)r->stage;
	n->chain = r->chain;
	n->hop = r->hop;
	n->role = r->role ? plan_role_find(in->plan, r->role) : ROLE_NONE;
	n->wants_ack = r->flag;
	n->group = n->role >= 0 && in->plan->roles[n->role].group;
	n->at = n->owed_from = r->at;
	n->heap = SIZE_MAX;
	n->next_at = NEVER;
	n->site = e->n_sites ? e->sites[e->n_sites - 1].record : 0;
	struct site_limit l = site_limit_of(engine_site(e), it->within >= 0 ? in->plan->limits[it->within].id : "default");
	n->limit_repeat = l.repeat;
	n->limit_ack = l.ack;
	n->limit_done = l.done;
	n->key = key_of(in, r, n->group);
	return n;
}

/* The older reminder of the same thing ends by itself (react_incident). */
static void reminded(struct engine *e, struct notice *n, const struct record *r)
{
	struct incident *in = n->incident;
	if (r->ordinal < 1 || r->ordinal > in->n_follow_ups)
		return;
	n->follow_up = r->ordinal;
	n->reminds = arena_strdup(in->arena, r->text ? r->text : "soon");
	in->follow_ups[r->ordinal - 1].reminded_at = r->at;
	e->remind_stale = true;
}

static void notified(struct engine *e, struct incident *in, const struct record *r, struct changes *ch)
{
	int item = plan_item_find(in->plan, r->item);
	if (item < 0 || core_notice(e, r->notice) || !engine_site(e))
		return;
	struct notice *n = notice_new(e, in, item, r);
	if (r->kind == REC_BROADCAST)
		take_terminals(e, n);
	for (size_t i = 0; i < r->n_recipients; i++)
		add_recipient(n, r->recipients[i].id, r->recipients[i].as, r->index);
	in->notices = xgrow(in->notices, &in->cap_notices, in->n_notices + 1, sizeof(struct notice *));
	in->notices[in->n_notices++] = n;
	struct notice_entry *entry = xcalloc(1, sizeof *entry);
	entry->id = n->id;
	entry->notice = n;
	HASH_ADD(hh, e->notices, id, sizeof entry->id, entry);
	if (r->kind == REC_REMINDED)
		reminded(e, n, r);
	if (n->kind == NOTICE_TELL && n->chain < in->plan->items[item].n_tell && r->ordinal)
		in->items[item].chains[n->chain].quorum = r->ordinal;
	if (n->wants_ack) {
		in->n_open++;
		n->escalation = n->deputies_told ? ESC_DEPUTIES : ESC_NONE;
		heap_set(e, n, r->until > 0 ? r->until : NEVER);
		e->presence_dirty = true;
	}
	if (n->kind == NOTICE_TELL)
		evolve_advance(in, item);
	if (n->kind == NOTICE_CALL_AGAIN)
		calls_reminded(in, n);
	core_changed_notice(ch, n, r->index);
}

/* Views show it; no recipient is told anything. */
static void changed_receipts(struct changes *ch, const struct notice *n)
{
	if (!ch)
		return;
	for (size_t i = ch->n_receipts; i-- > 0;)
		if (ch->receipts[i] == n->id)
			return;
	ch->receipts = xgrow(ch->receipts, &ch->cap_receipts, ch->n_receipts + 1, sizeof *ch->receipts);
	ch->receipts[ch->n_receipts++] = n->id;
}

static void receipts(struct notice *n, const struct record *r, struct changes *ch)
{
	for (size_t i = 0; i < r->n_recipients; i++) {
		struct recipient *to = notice_recipient(n, r->recipients[i].id);
		if (!to || to->stage >= (enum receipt_stage)r->stage)
			continue;
		to->stage = (enum receipt_stage)r->stage;
		to->stage_at = r->at;
	}
	changed_receipts(ch, n);
}

/* When a turn that was taken must be done. Who takes it late still has the time that one has to answer. */
static int64_t owed_by(const struct notice *n, int64_t taken)
{
	int64_t done = n->owed_from + n->limit_done, least = taken + (n->limit_ack > 0 ? n->limit_ack : n->limit_done);
	return done > least ? done : least;
}

/* The one place where a notice's state changes. */
static void set_state(struct engine *e, struct notice *n, enum notice_state to, int64_t at)
{
	if (n->wants_ack && (n->state == NOTICE_OPEN) != (to == NOTICE_OPEN))
		n->incident->n_open += to == NOTICE_OPEN ? 1 : (size_t)-1;
	n->state = to;
	n->ended_at = to == NOTICE_OPEN ? 0 : at;
	bool owed = to == NOTICE_ACKNOWLEDGED && (n->kind == NOTICE_YOUR_TURN || n->kind == NOTICE_CALL_AGAIN) && n->limit_done > 0;
	if (to == NOTICE_OPEN)
		heap_set(e, n, at + (n->limit_ack > 0 ? n->limit_ack : 1)), e->presence_dirty = true; /* is anyone there? */
	else
		heap_set(e, n, owed ? owed_by(n, at) : NEVER);
	if (to == NOTICE_ACKNOWLEDGED && n->escalation == ESC_TELEPHONE)
		n->escalation = ESC_ABOVE; /* nobody need be telephoned any more */
}

static void acknowledged_terminal(struct engine *e, struct notice *n, const struct record *r)
{
	struct recipient *to = notice_recipient(n, r->terminal);
	if (!to || to->ack.record || to->excused)
		return;
	if (r->kind == REC_EXCUSED)
		to->excused = arena_strdup(n->incident->arena, r->text ? r->text : "");
	to->ack = evolve_deed(n->incident, r);
	to->ack.confirmation = DEED_PLAIN;
	if (++n->n_acknowledged == n->n_recipients)
		set_state(e, n, NOTICE_ACKNOWLEDGED, r->at);
}

static void appear(struct incident *in, const struct notice *n, const struct record *r)
{
	if (r->capacity != CAP_SELF || n->role < 0 || n->group || !r->person)
		return;
	post_appear(in, r->person, n->role, r->index);
}

static enum recipient_as part_of(enum capacity c)
{
	return c == CAP_DEPUTY ? AS_DEPUTY : c == CAP_DELEGATE ? AS_DELEGATE : AS_HOLDER;
}

static void acknowledged(struct engine *e, struct notice *n, const struct record *r)
{
	struct incident *in = n->incident;
	if (n->broadcast) {
		acknowledged_terminal(e, n, r);
		return;
	}
	if (n->state == NOTICE_WITHDRAWN)
		return;
	struct recipient *who = add_recipient(n, r->person, part_of(r->capacity), r->index);
	who->ack = evolve_deed(in, r);
	who->answer = arena_strdup(in->arena, r->answer);
	who->comment = arena_strdup(in->arena, r->text);
	if (n->state == NOTICE_OPEN || n->group) {
		n->ack = who->ack;
		n->answer = who->answer;
		set_state(e, n, NOTICE_ACKNOWLEDGED, r->at);
		evolve_pending(e, in, &n->ack, n, n->item);
	}
	appear(in, n, r);
}

static void escalated(struct engine *e, struct notice *n, const struct record *r)
{
	if (r->kind == REC_REPEATED)
		n->repeats++;
	else if (n->state == NOTICE_ACKNOWLEDGED) { /* acknowledged and forgotten is as if it were not acknowledged */
		n->overdue_at = r->index;
		n->owed_from = r->at;
		set_state(e, n, NOTICE_OPEN, r->at);
	}
	for (size_t i = 0; i < r->n_recipients; i++)
		add_recipient(n, r->recipients[i].id, r->recipients[i].as, r->index);
	if (r->kind == REC_ESCALATED && r->stage > (uint32_t)n->escalation)
		n->escalation = (enum escalation)r->stage;
	n->site = e->n_sites ? e->sites[e->n_sites - 1].record : 0;
	heap_set(e, n, r->until > 0 ? r->until : NEVER);
}

/* From some of its recipients only: the others keep it. */
static void take_back(struct notice *n, const struct record *r)
{
	for (size_t i = 0; i < r->n_recipients; i++) {
		struct recipient *to = notice_recipient(n, r->recipients[i].id);
		if (!to || to->gone)
			continue;
		to->gone = r->index;
		to->why_gone = arena_strdup(n->incident->arena, r->text);
	}
}

/* The notice wants its acknowledgement again, the item is no longer done; only while the incident is open. */
static void ask_again(struct engine *e, struct notice *n, int64_t at)
{
	struct incident *in = n->incident;
	struct item_state *s = &in->items[n->item];
	if (in->state != INCIDENT_OPEN || !(n->kind == NOTICE_YOUR_TURN || n->kind == NOTICE_CALL_AGAIN || notice_current(n)))
		return;
	n->ack = (struct deed){0};
	n->answer = NULL;
	if (!n->wants_ack)
		return;
	set_state(e, n, NOTICE_OPEN, at);
	e->site_dirty = true; /* who holds the role, and who is here, may have changed since */
	if (n->kind != NOTICE_TELL || notice_hop_met(in, n->item, n->chain, n->hop))
		return;
	if (s->chains[n->chain].at > n->hop)
		s->chains[n->chain].at = n->hop;
	evolve_advance(in, n->item); /* the others may be enough */
	if (s->chains[n->chain].at <= n->hop && s->stored == ITEM_DONE && !in->plan->items[n->item].closes)
		s->stored = ITEM_TOLD;
}

/* A denied word does not count. */
static void denied_ack(struct engine *e, struct notice *n, const struct record *r)
{
	n->ack.confirmation = DEED_DENIED;
	struct recipient *who = notice_recipient(n, n->ack.person);
	if (who) {
		who->ack = (struct deed){0};
		who->answer = NULL;
	}
	ask_again(e, n, r->at);
}

void evolve_denied_while_closed(struct engine *e, struct incident *in, const struct record *r, struct changes *ch)
{
	for (size_t i = 0; i < in->n_notices; i++) {
		struct notice *n = in->notices[i];
		if (n->state != NOTICE_ACKNOWLEDGED || n->ack.confirmation != DEED_DENIED)
			continue;
		ask_again(e, n, r->at);
		core_changed_notice(ch, n, r->index);
	}
}

static void confirmation(struct engine *e, const struct record *r, struct changes *ch)
{
	for (size_t i = 0; i < e->n_pending; i++) {
		struct pending_entry *p = &e->pending[i];
		if (p->record != r->ref)
			continue;
		struct incident *in = p->incident;
		if (p->deed->record == p->record) {
			if (r->kind == REC_CONFIRMED)
				p->deed->confirmation = DEED_CONFIRMED;
			else if (p->notice)
				denied_ack(e, p->notice, r);
			else
				p->deed->confirmation = DEED_DENIED; /* a REC_REOPENED follows */
		}
		if (p->notice)
			core_changed_notice(ch, p->notice, r->index);
		e->pending[i] = e->pending[--e->n_pending];
		core_dirty(e, in);
		core_changed_incident(ch, in, r->index);
		return;
	}
}

void evolve_notice(struct engine *e, const struct record *r, struct changes *ch)
{
	if (r->kind == REC_CONFIRMED || r->kind == REC_DENIED) {
		confirmation(e, r, ch);
		return;
	}
	struct incident *in = core_incident(e, r->incident);
	if (r->kind == REC_NOTIFIED || r->kind == REC_BROADCAST || r->kind == REC_REMINDED) {
		if (!in)
			return;
		notified(e, in, r, ch);
		core_dirty(e, in);
		core_changed_incident(ch, in, r->index);
		return;
	}
	struct notice *n = core_notice(e, r->notice);
	if (!n)
		return;
	in = n->incident;
	enum notice_state before = n->state;
	switch (r->kind) {
	case REC_RECEIPT:
		receipts(n, r, ch);
		return; /* nothing follows from a receipt */
	case REC_ACKNOWLEDGED:
		acknowledged(e, n, r);
		break;
	case REC_EXCUSED:
		acknowledged_terminal(e, n, r);
		break;
	case REC_REPEATED:
	case REC_ESCALATED:
		escalated(e, n, r);
		break;
	case REC_WITHDRAWN:
		if (r->n_recipients) {
			take_back(n, r);
			break;
		}
		n->why_withdrawn = arena_strdup(in->arena, r->text);
		n->cancelled = r->flag;
		set_state(e, n, NOTICE_WITHDRAWN, r->at);
		break;
	default:
		return;
	}
	core_dirty(e, in);
	if (n->kind == NOTICE_TELL)
		evolve_advance(in, n->item);
	/* One of several has answered: that is no news to the others, and must not alert them again. */
	bool some = r->kind == REC_ACKNOWLEDGED || r->kind == REC_EXCUSED || (r->kind == REC_WITHDRAWN && r->n_recipients);
	bool news = n->state != before || !some;
	if (news)
		core_changed_notice(ch, n, r->index);
	else
		changed_receipts(ch, n);
	core_changed_incident(ch, in, r->index);
}
