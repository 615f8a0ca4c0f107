/*
 * fingerprint: a digest of everything the log determines, to compare an engine with the replay of its log (invariant 6). Not
 * cryptographic: four differently seeded 64-bit FNV-1a sums. Left out: memos, queues of work, presence across starts.
 */
#include <string.h>

#include "engine/core.h"

struct sum {
	uint64_t h[4];
};

static void add(struct sum *s, const void *p, size_t n)
{
	const uint8_t *b = p;
	for (size_t i = 0; i < n; i++)
		for (unsigned k = 0; k < 4; k++)
			s->h[k] = (s->h[k] ^ (uint64_t)(b[i] + 31u * k)) * 1099511628211u;
}

static void add_number(struct sum *s, uint64_t v)
{
	add(s, &v, sizeof v);
}

static void add_string(struct sum *s, const char *v)
{
	add(s, v ? v : "\x01", v ? strlen(v) + 1 : 1);
}

static void add_deed(struct sum *s, const struct deed *d)
{
	add_number(s, d->record);
	add_string(s, d->person);
	add_string(s, d->terminal);
	add_string(s, d->entered_by);
	add_number(s, (uint64_t)d->capacity);
	add_number(s, (uint64_t)d->channel);
	add_number(s, (uint64_t)d->confirmation);
}

static void add_notice(struct sum *s, const struct notice *n)
{
	add_number(s, n->id);
	add_number(s, n->entry);
	add_number(s, n->revision);
	add_number(s, (uint64_t)n->state);
	add_number(s, (uint64_t)n->escalation);
	add_number(s, (uint64_t)n->next_at);
	add_number(s, n->repeats);
	add_number(s, n->overdue_at);
	add_number(s, (uint64_t)n->owed_from);
	add_number(s, n->deputies_at);
	add_number(s, (uint64_t)n->deputies_told * 2 + n->above_told);
	add_string(s, n->answer);
	add_deed(s, &n->ack);
	for (size_t i = 0; i < n->n_recipients; i++) {
		const struct recipient *r = &n->recipients[i];
		add_string(s, r->id);
		add_number(s, (uint64_t)r->as);
		add_number(s, (uint64_t)r->stage);
		add_string(s, r->excused);
		add_deed(s, &r->ack);
		add_number(s, r->gone);
	}
}

static void add_terms(struct sum *s, const struct engine *e)
{
	for (size_t i = 0; i < e->n_absences; i++) {
		add_string(s, e->absences[i].person);
		add_deed(s, &e->absences[i].by);
		add_number(s, (uint64_t)e->absences[i].since);
		add_number(s, (uint64_t)e->absences[i].until);
		add_number(s, e->absences[i].begun);
	}
	for (size_t i = 0; i < e->n_delegations; i++) {
		const struct delegation *g = &e->delegations[i];
		add_string(s, g->from);
		add_string(s, g->to);
		add_string(s, g->role);
		add_deed(s, &g->by);
		add_number(s, (uint64_t)g->kind * 8 + g->may);
		add_number(s, (uint64_t)g->since);
		add_number(s, (uint64_t)g->until);
		add_number(s, (uint64_t)g->ended_at);
		add_number(s, g->begun);
	}
}

static void add_incident(struct sum *s, const struct incident *in)
{
	add_number(s, (uint64_t)in->state);
	add_number(s, in->drill);
	add_number(s, in->unannounced);
	add_number(s, in->interrupted);
	add_string(s, in->given_up);
	for (size_t i = 0; i < in->plan->n_items; i++) {
		const struct item_state *it = &in->items[i];
		add_number(s, (uint64_t)it->stored);
		add_number(s, (uint64_t)derive_life(in, (int)i));
		add_deed(s, &it->entry.by);
		add_number(s, it->entry.ordered);
		add_number(s, it->round);
		for (size_t t = 0; it->chains_live && t < in->plan->items[i].n_tell; t++)
			add_number(s, it->chains[t].at);
	}
	for (size_t i = 0; i < in->plan->n_slots; i++) {
		add_string(s, in->slot_value[i]);
		add_number(s, in->slot_order[i]);
	}
	for (size_t i = 0; i < in->plan->n_procedures; i++)
		add_number(s, in->restricted[i]);
	for (size_t i = 0; i < in->n_measures; i++) {
		add_number(s, (uint64_t)in->measures[i].state);
		add_number(s, in->measures[i].n_authorities);
		add_number(s, in->measures[i].n_extent);
		add_deed(s, &in->measures[i].ordered);
		add_deed(s, &in->measures[i].taken_over);
		add_deed(s, &in->measures[i].ended);
	}
	for (size_t i = 0; i < in->n_follow_ups; i++) {
		add_string(s, in->follow_ups[i].state);
		add_string(s, in->follow_ups[i].owner);
		add_string(s, in->follow_ups[i].due);
		add_number(s, (uint64_t)in->follow_ups[i].since);
		add_number(s, (uint64_t)in->follow_ups[i].reminded_at);
	}
	add_number(s, in->n_calls);
	add_number(s, in->n_comments);
	for (size_t i = 0; i < in->n_agains; i++) {
		add_number(s, in->agains[i].record);
		add_number(s, (uint64_t)in->agains[i].at);
		add_number(s, in->agains[i].over);
		add_number(s, in->agains[i].notice);
	}
	for (size_t i = 0; i < in->n_alarms; i++) {
		add_number(s, in->alarms[i].by.record);
		add_number(s, in->alarms[i].joined_from);
		add_number(s, in->alarms[i].split_off);
	}
	for (size_t i = 0; i < in->n_appeared; i++) {
		add_string(s, in->appeared[i].person);
		add_number(s, (uint64_t)in->appeared[i].role);
		add_number(s, in->appeared[i].record);
	}
	for (size_t i = 0; i < in->n_bars; i++) {
		add_string(s, in->bars[i].person);
		add_string(s, in->bars[i].ground);
		add_deed(s, &in->bars[i].by);
		add_number(s, in->bars[i].over);
	}
	for (size_t i = 0; i < in->n_reads; i++) {
		add_string(s, in->reads[i].person);
		add_string(s, in->reads[i].what);
		add_number(s, (uint64_t)in->reads[i].at);
	}
	for (size_t i = 0; i < in->n_notices; i++)
		add_notice(s, in->notices[i]);
}

static void add_test(struct sum *s, const struct test *t)
{
	add_number(s, t->id);
	add_number(s, t->record);
	add_number(s, (uint64_t)t->until);
	add_number(s, (uint64_t)t->ended_at);
	add_number(s, t->daily);
	for (size_t i = 0; i < t->n_asked; i++) {
		add_string(s, t->asked[i].id);
		add_number(s, (uint64_t)t->asked[i].stage);
	}
}

void engine_fingerprint(const struct engine *e, uint8_t out[RECORD_HASH])
{
	struct sum s = {{14695981039346656037u, 1099511628211u, 88172645463325252u, 6364136223846793005u}};
	add_number(&s, e->index);
	add_number(&s, (uint64_t)e->time);
	add_number(&s, e->n_plans);
	add_number(&s, e->n_sites);
	add_number(&s, e->epoch);
	add_number(&s, HASH_COUNT(e->seen));
	add_terms(&s, e);
	add_number(&s, e->newest_enrolment);
	for (size_t i = 0; i < e->n_enrolled; i++) {
		add_number(&s, e->enrolled[i].number);
		add_string(&s, e->enrolled[i].terminal);
	}
	add_number(&s, e->newest_test);
	add_number(&s, (uint64_t)e->daily_from);
	for (size_t i = 0; i < e->n_tests; i++)
		add_test(&s, e->tests[i]);
	for (size_t i = 0; i < e->n_incidents; i++)
		add_incident(&s, e->incidents[i]);
	memcpy(out, s.h, RECORD_HASH);
}
