/*
 * sim_log: the log, read again by rules of its own that are simpler than the engine's: who acknowledged which notice, and does an item that
 * is done have all it requires (2); was each deed done by somebody who may (3); is each command there once (4); is a drill a drill in every
 * record (11)? Beside it a second engine folds the same records, for comparison with the one at work (6).
 */
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"

struct seen {
	UT_hash_handle hh;
	uint64_t record;
	char key[];
};

struct log_notice { /* that wants an acknowledgement */
	uint64_t id, ack_record;
	uint32_t incident, chain, hop;
	bool tell, broadcast, withdrawn, comes;
	char item[32], role[32];
	size_t n_terminals, n_answered; /* of a broadcast */
};

struct log_incident {
	bool drill;
};

struct sim_log {
	struct chain_verifier chain;
	struct engine *engine;
	struct changes changes;
	struct seen *seen;
	struct log_notice *notices;
	size_t n_notices, cap_notices;
	struct log_incident *incidents; /* id - 1 */
	size_t n_incidents, cap_incidents;
	uint8_t *kinds; /* index - 1 */
	size_t n_kinds, cap_kinds;
};

struct sim_log *sim_log_new(void)
{
	struct sim_log *log = xcalloc(1, sizeof *log);
	chain_verifier_init(&log->chain);
	log->engine = engine_new();
	return log;
}

void sim_log_free(struct sim_log *log)
{
	struct seen *e, *next;
	HASH_ITER(hh, log->seen, e, next) {
		HASH_DEL(log->seen, e);
		free(e);
	}
	engine_free(log->engine);
	changes_free(&log->changes);
	free(log->notices);
	free(log->incidents);
	free(log->kinds);
	free(log);
}

const struct engine *sim_log_engine(const struct sim_log *log)
{
	return log->engine;
}

void sim_log_head(const struct sim_log *log, uint8_t hash[RECORD_HASH])
{
	memcpy(hash, log->chain.hash, RECORD_HASH);
}

enum record_kind sim_log_kind(const struct sim_log *log, uint64_t index)
{
	return index && index <= log->n_kinds ? (enum record_kind)log->kinds[index - 1] : REC_NONE;
}

uint64_t sim_log_find(const struct sim_log *log, const char *principal, const char *id)
{
	struct seen *e;
	char key[200];
	snprintf(key, sizeof key, "%s %s", principal, id);
	HASH_FIND_STR(log->seen, key, e);
	return e ? e->record : 0;
}

/* ---- 4: once ---- */

static void note_command(struct sim *s, const struct record *r)
{
	struct sim_log *log = s->log;
	if (!r->command)
		return;
	if (sim_log_find(log, r->sender, r->command)) {
		sim_violation(s, 4, "command %s of %s is in the log twice, again as record %llu", r->command, r->sender,
			(unsigned long long)r->index);
		return;
	}
	struct seen *e = xcalloc(1, sizeof *e + strlen(r->sender) + strlen(r->command) + 2);
	sprintf(e->key, "%s %s", r->sender, r->command);
	e->record = r->index;
	HASH_ADD_STR(log->seen, key, e);
}

/* ---- 2: acknowledgements ---- */

static struct log_notice *notice_of(const struct sim_log *log, uint64_t id)
{
	for (size_t i = log->n_notices; i-- > 0;)
		if (log->notices[i].id == id)
			return &log->notices[i];
	return NULL;
}

static void note_notice(struct sim *s, const struct record *r)
{
	struct sim_log *log = s->log;
	if (!r->flag)
		return; /* wants no acknowledgement */
	log->notices = xgrow(log->notices, &log->cap_notices, log->n_notices + 1, sizeof *log->notices);
	struct log_notice *n = &log->notices[log->n_notices++];
	*n = (struct log_notice){.id = r->notice,
		.incident = r->incident,
		.chain = r->chain,
		.hop = r->hop,
		.tell = r->stage == NOTICE_TELL,
		.broadcast = r->kind == REC_BROADCAST};
	snprintf(n->item, sizeof n->item, "%s", r->item);
	snprintf(n->role, sizeof n->role, "%s", r->role ? r->role : "");
	if (n->broadcast)
		n->n_terminals = engine_site(log->engine)->n_terminals;
}

static void note_answer(struct sim *s, const struct record *r)
{
	struct log_notice *n = notice_of(s->log, r->notice);
	if (!n)
		return;
	if (n->broadcast) {
		n->n_answered++;
	} else {
		n->ack_record = r->index;
		n->comes = r->answer && strcmp(r->answer, "absent") != 0;
	}
}

static void note_denial(struct sim *s, const struct record *r)
{
	for (size_t i = 0; i < s->log->n_notices; i++)
		if (s->log->notices[i].ack_record == r->ref)
			s->log->notices[i].ack_record = 0;
}

/* The notices of one hop that still count: told after the item's newest entry. */
struct hop {
	const struct sim_log *log;
	const struct incident *in;
	int item;
	uint32_t chain, hop;
	uint64_t after;
};

static bool counts(const struct hop *h, const struct log_notice *n)
{
	return n->tell && n->incident == h->in->id && n->chain == h->chain && n->hop == h->hop && n->id > h->after &&
	       strcmp(n->item, h->in->plan->items[h->item].id) == 0;
}

static bool answered(const struct log_notice *n)
{
	return n->broadcast ? n->n_answered >= n->n_terminals : n->ack_record != 0;
}

static size_t count_answered(const struct hop *h, bool coming, const char *role)
{
	size_t got = 0;
	for (size_t i = 0; i < h->log->n_notices; i++) {
		const struct log_notice *n = &h->log->notices[i];
		if (counts(h, n) && (!role || strcmp(n->role, role) == 0) &&
			(coming                ? n->ack_record && n->comes
				: n->broadcast ? n->n_answered > 0
					       : n->ack_record != 0))
			got++;
	}
	return got;
}

static bool all_answered(const struct hop *h)
{
	for (size_t i = 0; i < h->log->n_notices; i++)
		if (counts(h, &h->log->notices[i]) && !h->log->notices[i].withdrawn && !answered(&h->log->notices[i]))
			return false;
	return true;
}

/* Somebody of each role that was to be told, if there is anybody. */
static bool each_role(const struct hop *h, const struct plan_ints *roles)
{
	const struct plan *p = h->in->plan;
	for (size_t k = 0; k < roles->n; k++) {
		const struct site_holder *one;
		if (roles->at[k] >= 0 && people_holders(h->log->engine, p, roles->at[k], &one, 1) &&
			!count_answered(h, false, plan_role_id(p, roles->at[k])))
			return false;
	}
	return true;
}

static bool hop_acknowledged(const struct hop *h, const struct plan_tell *t)
{
	if (h->hop < t->via.n || t->ack == ACK_ANY)
		return count_answered(h, false, NULL) > 0;
	if (t->ack == ACK_ALL)
		return all_answered(h) && each_role(h, &t->to);
	if (t->ack == ACK_NUMBER)
		return count_answered(h, false, NULL) >= (size_t)t->ack_number || all_answered(h);
	const struct site_group *g = site_group_find(engine_site(h->log->engine), plan_role_id(h->in->plan, t->to.at[0]));
	return g && count_answered(h, true, NULL) >= (size_t)g->quorum;
}

bool sim_log_acknowledged(const struct sim_log *log, const struct incident *in, int item, const char **missing)
{
	const struct plan_item *it = &in->plan->items[item];
	for (uint32_t t = 0; t < it->n_tell; t++) {
		const struct plan_tell *tell = &it->tell[t];
		bool nobody = tell->to.n == 1 && tell->to.at[0] == ROLE_REPORTER;
		for (uint32_t hop = 0; hop <= tell->via.n && tell->ack != ACK_NONE && !nobody && !tell->if_ordered; hop++) {
			struct hop h = {log, in, item, t, hop, in->items[item].entry.by.record};
			*missing = plan_role_title(in->plan, hop < tell->via.n ? tell->via.at[hop] : tell->to.at[0]);
			if (!hop_acknowledged(&h, tell))
				return false;
		}
	}
	return true;
}

/* ---- 3: only those who may ---- */

static bool among(const struct site *site, const struct plan_ints *persons, const char *id)
{
	for (size_t i = 0; i < persons->n; i++)
		if (strcmp(site->persons[persons->at[i]].id, id) == 0)
			return true;
	return false;
}

/* In which capacities the site and delegations let this person act for the role at all. */
static unsigned entitled(const struct sim *s, const struct plan *plan, int role, const char *person, int64_t at)
{
	const struct sim_log *log = s->log;
	const struct site *site = engine_site(log->engine);
	if (role == ROLE_ANYONE || role == ROLE_REPORTER)
		return 1;
	if (role < 0)
		return 0;
	const struct site_group *g = site_group_find(site, plan->roles[role].id);
	if (plan->roles[role].group)
		return g && among(site, &g->members, person);
	const struct site_holder *held[16];
	size_t n = people_holders(log->engine, plan, role, held, 16);
	unsigned can = 0;
	for (size_t i = 0; i < n && i < 16; i++) {
		can |= among(site, &held[i]->persons, person);
		for (size_t d = 0; d < held[i]->n_deputies; d++)
			can |= strcmp(site->persons[held[i]->deputies[d].person].id, person) == 0 ? SIM_DEPUTY : 0u;
		can |= sim_people_entitled(s, site, held[i], plan->roles[role].id, person, at);
	}
	return can;
}

static bool listed(const struct plan_ints *roles, int role)
{
	for (size_t i = 0; i < roles->n; i++)
		if (roles->at[i] == role)
			return true;
	return false;
}

static void check_channel(struct sim *s, const struct record *r)
{
	if (r->channel == CH_SCREEN)
		return;
	if (!r->entered_by)
		sim_violation(
			s, 3, "record %llu came by %s and says not who entered it", (unsigned long long)r->index, channel_name(r->channel));
	if (r->channel == CH_TELEPHONE && (!r->number || !r->said_at))
		sim_violation(s, 3, "record %llu came by telephone without number and time", (unsigned long long)r->index);
}

static void check_deed(struct sim *s, const struct record *r)
{
	const struct incident *in = engine_incident(s->log->engine, r->incident);
	if (!in || !r->role || strcmp(r->role, "every_terminal") == 0)
		return;
	check_channel(s, r);
	int role = plan_role_find(in->plan, r->role), item = r->item ? plan_item_find(in->plan, r->item) : -1;
	if (!r->person) {
		if (r->capacity != CAP_TERMINAL || (role != ROLE_ANYONE && role != ROLE_REPORTER))
			sim_violation(s, 3, "record %llu (%s %s) was done by nobody", (unsigned long long)r->index,
				record_kind_name(r->kind), r->item);
		return;
	}
	unsigned can = entitled(s, in->plan, role, r->person, r->at);
	unsigned as = r->capacity == CAP_DELEGATE ? SIM_DELEGATE : r->capacity == CAP_DEPUTY ? SIM_DEPUTY : SIM_HOLDER;
	if (!(can & as))
		sim_violation(s, 3, "record %llu: %s did %s %s as %s of %s", (unsigned long long)r->index, r->person,
			record_kind_name(r->kind), r->item, capacity_name(r->capacity), r->role);
	if ((r->kind == REC_ENTERED || r->kind == REC_WAIVED) && item >= 0 && !listed(&in->plan->items[item].by, role))
		sim_violation(s, 3, "record %llu: %s is not the role that does %s", (unsigned long long)r->index, r->role, r->item);
}

/* ---- 2: closing ---- */

static void check_closed(struct sim *s, const struct record *r)
{
	const struct incident *in = engine_incident(s->log->engine, r->incident);
	for (size_t m = 0; m < in->n_measures; m++)
		if (in->measures[m].state == MEASURE_IN_FORCE)
			sim_violation(s, 2, "incident %u was closed with a measure in force", r->incident);
	for (size_t i = 0; i < in->plan->n_items; i++) {
		enum item_life life = derive_life(in, (int)i);
		if (!in->plan->items[i].closes && !in->plan->items[i].standing && life != LIFE_NOT_APPLICABLE && life != LIFE_DONE &&
			life != LIFE_WAIVED && life != LIFE_STANDING && life != LIFE_KEPT)
			sim_violation(s, 2, "incident %u was closed with %s %s", r->incident, in->plan->items[i].id, item_life_name(life));
	}
}

/* ---- reading ---- */

static void check_drill(struct sim *s, const struct record *r)
{
	struct sim_log *log = s->log;
	if (r->kind == REC_OPENED && r->incident == log->n_incidents + 1) {
		log->incidents = xgrow(log->incidents, &log->cap_incidents, log->n_incidents + 1, sizeof *log->incidents);
		log->incidents[log->n_incidents++].drill = r->drill;
	} else if (r->incident && r->incident <= log->n_incidents && log->incidents[r->incident - 1].drill != r->drill) {
		sim_violation(s, 11, "record %llu (%s) says drill=%d of incident %u", (unsigned long long)r->index,
			record_kind_name(r->kind), r->drill, r->incident);
	}
}

static void note_record(struct sim *s, const struct record *r)
{
	const char *missing;
	const struct incident *in = engine_incident(s->log->engine, r->incident);
	sim_people_note(s, r);
	switch (r->kind) {
	case REC_NOTIFIED:
	case REC_BROADCAST:
		note_notice(s, r);
		break;
	case REC_ACKNOWLEDGED:
		check_deed(s, r);
		note_answer(s, r);
		break;
	case REC_EXCUSED:
		note_answer(s, r);
		break;
	case REC_DENIED:
		note_denial(s, r);
		break;
	case REC_WITHDRAWN:
		if (!r->n_recipients && notice_of(s->log, r->notice))
			notice_of(s->log, r->notice)->withdrawn = true;
		break;
	case REC_ENTERED:
	case REC_WAIVED:
		check_deed(s, r);
		break;
	case REC_DONE:
		if (in && !sim_log_acknowledged(s->log, in, plan_item_find(in->plan, r->item), &missing))
			sim_violation(s, 2, "%s of incident %u is done without the acknowledgement of %s", r->item, r->incident, missing);
		break;
	case REC_CLOSED:
		check_closed(s, r);
		break;
	default:
		break;
	}
}

static bool on_entry(void *arg, const struct store_entry *e)
{
	struct sim *s = arg;
	struct sim_log *log = s->log;
	struct record r;
	if (e->index > store_mem_synced(s->store))
		return false; /* claimed, not kept */
	if (!chain_verify(&log->chain, e->index, e->prev, e->hash, e->data, e->len)) {
		sim_violation(s, 7, "%s", log->chain.error);
		return false;
	}
	struct arena *arena = arena_new(0);
	if (!record_decode(arena, e->data, e->len, &r)) {
		sim_violation(s, 6, "record %llu cannot be read again", (unsigned long long)e->index);
		arena_free(arena);
		return false;
	}
	r.index = e->index;
	if (record_check(&r))
		sim_violation(s, 6, "record %llu (%s): %s", (unsigned long long)e->index, record_kind_name(r.kind), record_check(&r));
	sim_trace(s, "  log %llu %s %s%s%s%s%s", (unsigned long long)r.index, record_kind_name(r.kind), r.item ? r.item : "",
		r.person ? " " : "", r.person ? r.person : "", r.text && r.kind != REC_PLAN_LOADED && r.kind != REC_SITE_LOADED ? " " : "",
		r.text && r.kind != REC_PLAN_LOADED && r.kind != REC_SITE_LOADED ? r.text : "");
	log->kinds = xgrow(log->kinds, &log->cap_kinds, log->n_kinds + 1, 1);
	log->kinds[log->n_kinds++] = (uint8_t)r.kind;
	engine_evolve(log->engine, &r, &log->changes);
	changes_clear(&log->changes);
	note_command(s, &r);
	check_drill(s, &r);
	note_record(s, &r);
	arena_free(arena);
	return !s->violated;
}

void sim_log_read(struct sim *s)
{
	store_read(s->store, s->log->chain.next, SIZE_MAX, on_entry, s);
}
