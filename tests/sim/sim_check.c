/*
 * sim_check: what must hold of the state after every step, and of the log now and then.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"

/* ---- 1: accepted means kept; 4: once ---- */

void sim_check_accepted(struct sim *s)
{
	for (size_t i = 0; i < s->n_commands && !s->violated; i++) {
		const struct sim_command *c = &s->commands[i];
		if (c->state != SIM_ACCEPTED)
			continue;
		uint64_t found = sim_log_find(s->log, c->by->principal, c->id);
		if (found == c->record)
			continue;
		/* An acknowledgement may have been given before, under another id: then that one is the answer. */
		enum record_kind kind = sim_log_kind(s->log, c->record);
		if (!found && (kind == REC_ACKNOWLEDGED || kind == REC_EXCUSED || kind == REC_ENTERED || kind == REC_WAIVED))
			continue;
		/* …and when that one was denied or forgotten since, one's own repeated word counts anew. */
		if (found > c->record && kind == REC_ACKNOWLEDGED)
			continue;
		sim_violation(s, 1, "command %s was accepted as record %llu; the log has it %s", c->id, (unsigned long long)c->record,
			found ? "elsewhere" : "not");
	}
}

/* ---- 6: the log is the state ---- */

void sim_check_same_state(struct sim *s)
{
	uint8_t here[RECORD_HASH], there[RECORD_HASH];
	const struct engine *e = shell_engine(s->shell), *read = sim_log_engine(s->log);
	if (engine_index(e) != engine_index(read)) {
		sim_violation(s, 6, "the state stands at record %llu, the log at %llu", (unsigned long long)engine_index(e),
			(unsigned long long)engine_index(read));
		return;
	}
	engine_fingerprint(e, here);
	engine_fingerprint(read, there);
	if (memcmp(here, there, RECORD_HASH) != 0)
		sim_violation(s, 6, "at record %llu the state is not the fold of the log", (unsigned long long)engine_index(e));
}

/* ---- 8: no silent stall ---- */

static bool holders_away(const struct engine *e, const struct notice *n)
{
	bool any = false;
	for (size_t i = 0; i < n->n_recipients; i++) {
		if (n->recipients[i].as == AS_DELEGATE && !n->recipients[i].gone &&
			engine_presence_in(e, n->incident, n->recipients[i].id) != AWAY)
			return false; /* somebody who may answer in the holder's place is there */
		if (n->recipients[i].as != AS_HOLDER)
			continue;
		any = true;
		if (engine_presence_in(e, n->incident, n->recipients[i].id) != AWAY)
			return false;
	}
	return any;
}

static bool told_or_holds(const struct site *site, const struct notice *n, const struct site_holder *h, const char *person)
{
	for (size_t k = 0; k < h->persons.n; k++)
		if (strcmp(site->persons[h->persons.at[k]].id, person) == 0)
			return true;
	return engine_notice_recipient(n, person) != NULL || engine_barred(n->incident, person);
}

/* What the site must let a deputy do for the notice to be of use to them. */
static unsigned needed(const struct notice *n)
{
	const struct plan_item *it = &n->incident->plan->items[n->item];
	if (n->kind == NOTICE_TELL)
		return MAY_ACKNOWLEDGE;
	for (size_t d = 0; d < it->n_dims; d++)
		if (it->dims[d].live && !it->dims[d].constant)
			return MAY_ENTER | MAY_DECIDE;
	return MAY_ENTER;
}

/* Nobody waits for a person who cannot be reached while a deputy can. */
static void check_deputies(struct sim *s, const struct engine *e, const struct notice *n)
{
	const struct site *site = engine_site(e);
	const struct site_holder *held[16];
	if (n->broadcast || n->group || n->role < 0 || !holders_away(e, n))
		return;
	size_t count = people_holders(e, n->incident->plan, n->role, held, 16);
	for (size_t i = 0; i < count && i < 16; i++) {
		bool addressed = false;
		for (size_t k = 0; k < held[i]->persons.n; k++)
			addressed = addressed || engine_notice_recipient(n, site->persons[held[i]->persons.at[k]].id);
		for (size_t d = 0; addressed && d < held[i]->n_deputies; d++)
			if ((held[i]->deputies[d].may & needed(n)) == needed(n) &&
				!told_or_holds(site, n, held[i], site->persons[held[i]->deputies[d].person].id))
				sim_violation(s, 8, "notice %llu (%s) waits for %s who is away, and the deputy was not told",
					(unsigned long long)n->id, n->incident->plan->items[n->item].id, n->key);
	}
}

static void check_notice(struct sim *s, const struct engine *e, const struct notice *n)
{
	const char *item = n->incident->plan->items[n->item].id;
	if (n->state != NOTICE_OPEN || !n->wants_ack || n->incident->state != INCIDENT_OPEN)
		return;
	if (n->escalation != ESC_TELEPHONE && n->next_at == INT64_MAX)
		sim_violation(s, 8, "notice %llu (%s) is open and nothing will ever happen", (unsigned long long)n->id, item);
	bool presence_known = s->now >= s->started_at + 30000 + 1;
	if (n->escalation != ESC_TELEPHONE && presence_known && n->next_at <= s->now)
		sim_violation(s, 8, "notice %llu (%s) was due %lld ms ago and nothing happened", (unsigned long long)n->id, item,
			(long long)(s->now - n->next_at));
	if (n->next_at < engine_deadline(e) && presence_known)
		sim_violation(s, 8, "notice %llu (%s) has a time that the engine will not be woken for", (unsigned long long)n->id, item);
	if (presence_known)
		check_deputies(s, e, n);
}

/* Whose turn it is has heard so. */
static void check_turn(struct sim *s, const struct incident *in, int item)
{
	const struct plan_item *it = &in->plan->items[item];
	if (it->standing || it->entry || !derive_ready(in, item))
		return;
	for (size_t k = 0; k < it->by.n; k++) {
		const struct site_holder *one;
		if (it->by.at[k] < 0 || !people_holders(shell_engine(s->shell), in->plan, it->by.at[k], &one, 1))
			continue;
		bool told = false;
		for (size_t i = 0; i < in->n_notices; i++)
			told = told || (in->notices[i]->kind == NOTICE_YOUR_TURN && in->notices[i]->item == item &&
					       in->notices[i]->role == it->by.at[k] && in->notices[i]->state != NOTICE_WITHDRAWN);
		if (!told)
			sim_violation(s, 8, "%s of incident %u is ready, and %s has not heard of it", it->id, in->id,
				plan_role_id(in->plan, it->by.at[k]));
	}
}

/* Settled only: what is done in the state is acknowledged in the log (2). */
static void check_done(struct sim *s, const struct incident *in, int item)
{
	const char *missing;
	if (in->items[item].stored == ITEM_DONE && !in->plan->items[item].standing && !sim_log_acknowledged(s->log, in, item, &missing))
		sim_violation(
			s, 2, "%s of incident %u is done without the acknowledgement of %s", in->plan->items[item].id, in->id, missing);
}

/* ---- 11: what is real goes first; a test comes to its end ---- */

static void check_drills(struct sim *s, const struct incident *const *in, size_t n)
{
	const struct incident *drill = NULL, *real = NULL;
	for (size_t i = 0; i < n; i++) {
		if (in[i]->state != INCIDENT_OPEN)
			continue;
		if (in[i]->drill)
			drill = in[i];
		else if (derive_emergency(in[i]))
			real = in[i];
	}
	if (drill && real)
		sim_violation(s, 11, "drill %u goes on while incident %u is real", drill->id, real->id);
}

static void check_test(struct sim *s, const struct engine *e)
{
	const struct test *t = engine_test_running(e);
	if (t && s->now >= s->started_at + 30000 + 1 && t->until <= s->now)
		sim_violation(s, 8, "test %u was to end %lld ms ago", t->id, (long long)(s->now - t->until));
}

/* Whoever owns what goes on has heard that its day is near. */
static void check_follow_ups(struct sim *s, const struct engine *e, const struct incident *in)
{
	for (size_t k = 0; k < in->n_follow_ups; k++) {
		const struct follow_up *f = &in->follow_ups[k];
		if (engine_follow_up_when(e, in, f, s->now) && !f->reminded_at)
			sim_violation(s, 8, "follow-up %u of incident %u is due %s and nobody was reminded", f->id, in->id, f->due);
		if (f->measure && (in->measures[f->measure - 1].state == MEASURE_HANDED_OVER) != (strcmp(f->state, "open") == 0))
			sim_violation(s, 2, "follow-up %u of incident %u and its measure differ", f->id, in->id);
	}
}

void sim_check_state(struct sim *s)
{
	const struct engine *e = shell_engine(s->shell);
	const struct incident *const *in;
	size_t n = engine_incidents(e, &in);
	bool settled = shell_settled(s->shell) && engine_index(e) == engine_index(sim_log_engine(s->log));
	if (s->fatal)
		return;
	check_drills(s, in, n);
	check_test(s, e);
	for (size_t i = 0; i < n && !s->violated; i++) {
		check_follow_ups(s, e, in[i]);
		for (size_t k = 0; k < in[i]->n_notices; k++)
			check_notice(s, e, in[i]->notices[k]);
		for (size_t k = 0; k < in[i]->plan->n_items && in[i]->state == INCIDENT_OPEN; k++) {
			check_turn(s, in[i], (int)k);
			if (settled)
				check_done(s, in[i], (int)k);
		}
	}
}

/* ---- 7: the log shows tampering ---- */

struct entries {
	struct store_entry *at;
	size_t n, cap;
};

static bool collect(void *arg, const struct store_entry *e)
{
	struct entries *list = arg;
	list->at = xgrow(list->at, &list->cap, list->n + 1, sizeof *list->at);
	list->at[list->n] = *e;
	list->at[list->n++].data = xmemdup(e->data, e->len);
	return true;
}

static void change_byte(struct sim *s, struct store_entry *e)
{
	((uint8_t *)(uintptr_t)e->data)[sim_below(s, e->len)] ^= (uint8_t)(1u << sim_below(s, 8));
}

static void remove_entry(struct entries *list, size_t at, bool renumber)
{
	free((void *)(uintptr_t)list->at[at].data);
	memmove(&list->at[at], &list->at[at + 1], (--list->n - at) * sizeof *list->at);
	for (size_t i = at; renumber && i < list->n; i++)
		list->at[i].index--;
}

/* As somebody would who can write the file but not the past. */
static void tamper(struct sim *s, struct entries *list, size_t at, int way)
{
	struct store_entry *e = &list->at[at], swap;
	switch (way) {
	case 0:
		change_byte(s, e);
		break;
	case 1: /* with a hash that fits */
		change_byte(s, e);
		chain_next(e->index, e->prev, e->data, e->len, e->hash);
		break;
	case 2: /* and the next one pointing to it */
		change_byte(s, e);
		chain_next(e->index, e->prev, e->data, e->len, e->hash);
		memcpy(list->at[at + 1].prev, e->hash, STORE_HASH);
		break;
	case 3:
		remove_entry(list, at, false);
		break;
	case 4:
		remove_entry(list, at, true);
		break;
	case 5:
		swap = list->at[at];
		list->at[at] = list->at[at + 1];
		list->at[at + 1] = swap;
		break;
	case 6: /* removed, and what is left joined up again: only who kept a later head can tell */
		remove_entry(list, at, true);
		for (size_t i = at; i < list->n; i++) {
			if (i)
				memcpy(list->at[i].prev, list->at[i - 1].hash, STORE_HASH);
			chain_next(list->at[i].index, list->at[i].prev, list->at[i].data, list->at[i].len, list->at[i].hash);
		}
		break;
	default: /* cut off: likewise */
		while (list->n > at)
			remove_entry(list, list->n - 1, false);
		break;
	}
}

static bool verifies(const struct entries *list, const uint8_t kept_head[RECORD_HASH])
{
	struct chain_verifier v;
	chain_verifier_init(&v);
	for (size_t i = 0; i < list->n; i++)
		if (!chain_verify(&v, list->at[i].index, list->at[i].prev, list->at[i].hash, list->at[i].data, list->at[i].len))
			return false;
	return memcmp(v.hash, kept_head, RECORD_HASH) == 0;
}

void sim_check_tampering(struct sim *s)
{
	uint8_t head[RECORD_HASH];
	sim_log_head(s->log, head);
	for (int way = 0; way < 8 && !s->violated; way++) {
		struct entries list = {0};
		store_read(s->store, 1, store_mem_synced(s->store), collect, &list);
		if (list.n > 4) {
			if (!verifies(&list, head))
				sim_violation(s, 7, "the log that nobody touched does not verify");
			size_t at = sim_below(s, list.n - 2);
			tamper(s, &list, at, way);
			if (verifies(&list, head))
				sim_violation(s, 7, "tampering with record %zu in way %d is not seen", at + 1, way);
		}
		for (size_t i = 0; i < list.n; i++)
			free((void *)(uintptr_t)list.at[i].data);
		free(list.at);
	}
}
