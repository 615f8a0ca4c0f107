/*
 * notice: questions about notices: does a hop have what it requires, to whom does a hop go.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/core.h"

uint64_t notice_entry_of(const struct notice *n)
{
	return n->incident->items[n->item].entry.by.record;
}

/* A notice made before the item's newest entry tells of something that no longer stands. */
bool notice_current(const struct notice *n)
{
	return n->kind == NOTICE_TELL && n->incident->items[n->item].chains_live && n->id > notice_entry_of(n);
}

uint32_t notice_hops(const struct plan_tell *t)
{
	return (uint32_t)t->via.n + 1;
}

void notice_hop_roles(const struct plan_tell *t, uint32_t hop, struct plan_ints *roles, enum plan_ack *ack, int *number)
{
	*number = 0;
	if (hop < t->via.n) {
		*roles = (struct plan_ints){&t->via.at[hop], 1};
		*ack = ACK_ANY;
		return;
	}
	*roles = t->to;
	*ack = t->ack;
	*number = t->ack_number;
}

static bool at_hop(const struct notice *n, int item, uint32_t chain, uint32_t hop)
{
	return n->item == item && n->chain == chain && n->hop == hop && n->state != NOTICE_WITHDRAWN && notice_current(n);
}

bool notice_hop_told(const struct incident *in, int item, uint32_t chain, uint32_t hop)
{
	for (size_t i = in->n_notices; i-- > 0;)
		if (at_hop(in->notices[i], item, chain, hop))
			return true;
	return false;
}

/* Any of the keys suffices, but all notices of one key are needed (a role may need all its holders). */
static bool any_key_whole(const struct incident *in, int item, uint32_t chain, uint32_t hop)
{
	for (size_t i = 0; i < in->n_notices; i++) {
		const struct notice *n = in->notices[i];
		if (!n->wants_ack || !at_hop(n, item, chain, hop))
			continue;
		if (n->broadcast) {
			if (n->n_acknowledged)
				return true;
			continue;
		}
		bool whole = true;
		for (size_t k = 0; k < in->n_notices && whole; k++) {
			const struct notice *m = in->notices[k];
			if (m->wants_ack && at_hop(m, item, chain, hop) && strcmp(m->key, n->key) == 0)
				whole = m->state == NOTICE_ACKNOWLEDGED;
		}
		if (whole)
			return true;
	}
	return false;
}

/* Addressees of whom every notice is acknowledged; all of them counted in *wanted. Terminals count one by one. */
static size_t whole_keys(const struct incident *in, int item, uint32_t chain, uint32_t hop, size_t *wanted)
{
	size_t whole = 0;
	*wanted = 0;
	for (size_t i = 0; i < in->n_notices; i++) {
		const struct notice *n = in->notices[i];
		if (!n->wants_ack || !at_hop(n, item, chain, hop))
			continue;
		bool first = true, all = true;
		for (size_t k = 0; k < in->n_notices && first && !n->broadcast; k++) {
			const struct notice *m = in->notices[k];
			if (!m->wants_ack || m->broadcast || !at_hop(m, item, chain, hop) || strcmp(m->key, n->key) != 0)
				continue;
			first = k >= i;
			all = all && m->state == NOTICE_ACKNOWLEDGED;
		}
		*wanted += n->broadcast ? n->n_recipients : first;
		whole += n->broadcast ? n->n_acknowledged : first && all;
	}
	return whole;
}

static bool quorum_met(const struct incident *in, int item, uint32_t chain, uint32_t hop, size_t quorum)
{
	size_t come = 0;
	for (size_t i = 0; i < in->n_notices; i++) {
		const struct notice *n = in->notices[i];
		if (at_hop(n, item, chain, hop) && n->state == NOTICE_ACKNOWLEDGED && n->answer && strcmp(n->answer, "absent") != 0)
			come++;
	}
	return come >= quorum;
}

bool notice_hop_met(const struct incident *in, int item, uint32_t chain, uint32_t hop)
{
	const struct plan_tell *t = &in->plan->items[item].tell[chain];
	struct plan_ints roles;
	enum plan_ack ack;
	int number;
	notice_hop_roles(t, hop, &roles, &ack, &number);
	size_t wanted = 0, got = 0;
	for (size_t i = 0; i < in->n_notices; i++) {
		const struct notice *n = in->notices[i];
		if (!n->wants_ack || !at_hop(n, item, chain, hop))
			continue;
		wanted += n->broadcast ? n->n_recipients : 1;
		got += n->broadcast ? n->n_acknowledged : n->state == NOTICE_ACKNOWLEDGED;
	}
	if (!wanted)
		return ack == ACK_NONE;
	switch (ack) {
	case ACK_NONE:
		return true;
	case ACK_ANY:
		return any_key_whole(in, item, chain, hop);
	case ACK_ALL:
		return got >= wanted;
	case ACK_NUMBER:
		got = whole_keys(in, item, chain, hop, &wanted);
		return got >= (size_t)number || got >= wanted;
	case ACK_QUORUM:
		break;
	}
	size_t quorum = in->items[item].chains[chain].quorum;
	return quorum_met(in, item, chain, hop, quorum ? quorum : wanted);
}

bool notice_stuck(const struct incident *in, int item)
{
	const struct item_state *s = &in->items[item];
	if (s->stored != ITEM_TOLD || !s->chains_live)
		return false;
	for (uint32_t t = 0; t < in->plan->items[item].n_tell; t++) {
		uint32_t hop = s->chains[t].at;
		bool open = hop >= s->chains[t].n_hops || !notice_hop_told(in, item, t, hop) || notice_hop_met(in, item, t, hop);
		for (size_t i = 0; i < in->n_notices && !open; i++)
			open = in->notices[i]->wants_ack && in->notices[i]->state == NOTICE_OPEN && at_hop(in->notices[i], item, t, hop);
		if (!open)
			return true;
	}
	return false;
}

bool engine_notice_hop_met(const struct notice *n)
{
	return n->kind == NOTICE_TELL && notice_hop_met(n->incident, n->item, n->chain, n->hop);
}

const struct measure *engine_notice_orders(const struct notice *n)
{
	const struct incident *in = n->incident;
	for (size_t i = 0; n->kind == NOTICE_TELL && n->broadcast && n->wants_ack && i < in->n_measures; i++)
		if (in->measures[i].item == n->item && in->measures[i].ordered.record == n->entry)
			return &in->measures[i];
	return NULL;
}

static int by_id(const void *key, const void *elem)
{
	return strcmp(key, ((const struct recipient *)elem)->id);
}

struct recipient *notice_recipient(const struct notice *n, const char *id)
{
	if (!id)
		return NULL;
	if (n->broadcast)
		return bsearch(id, n->recipients, n->n_recipients, sizeof *n->recipients, by_id);
	for (size_t i = 0; i < n->n_recipients; i++)
		if (strcmp(n->recipients[i].id, id) == 0)
			return &n->recipients[i];
	return NULL;
}

bool notice_answered(const struct notice *n, const struct recipient *r)
{
	return r->excused || r->ack.record > n->overdue_at;
}

const struct recipient *engine_notice_recipient(const struct notice *n, const char *id)
{
	return notice_recipient(n, id);
}

bool engine_notice_live_for(const struct notice *n, const struct recipient *r)
{
	if (n->state == NOTICE_WITHDRAWN || r->gone)
		return false;
	if (n->broadcast && n->wants_ack)
		return !r->ack.record && !r->excused;
	if (!n->wants_ack)
		return !r->ack.record && (n->incident->state == INCIDENT_OPEN || r->stage < STAGE_DISPLAYED);
	if (n->state == NOTICE_OPEN)
		return true;
	return r->as == AS_HOLDER && !r->ack.record && n->ack.capacity != CAP_SELF; /* the absent holder's own stays open */
}

bool notice_blocks_closing(const struct notice *n)
{
	return n->kind == NOTICE_TELL && n->wants_ack && n->state == NOTICE_OPEN && !notice_hop_met(n->incident, n->item, n->chain, n->hop);
}
