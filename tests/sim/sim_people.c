/*
 * sim_people: absences, delegations and bars: what people do with them at random, and what must hold of them by the log alone: a
 * delegation that is over never acts (3), whoever is barred neither acts nor is told (13).
 */
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"

struct term { /* a delegation as the log tells it */
	char from[48], to[48], role[48];
	enum capacity kind;
	int64_t since, until;
	bool begun, over;
};
struct barred {
	uint32_t incident;
	char person[48];
	bool over;
};
struct sim_people {
	struct term *terms; /* by number */
	size_t n_terms, cap_terms;
	struct barred *bars;
	size_t n_bars, cap_bars;
};

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

/* ---- acts ---- */

static const char *anybody(struct sim *s)
{
	const struct site *site = engine_site(shell_engine(s->shell));
	return site->persons[sim_below(s, site->n_persons)].id;
}

static uint64_t soon(struct sim *s, size_t least, size_t most)
{
	return (uint64_t)s->now + 1000 * (uint64_t)(least + sim_below(s, most - least));
}

static void absence(struct sim *s, struct arena *arena, Renraku__Command *c)
{
	Renraku__Absence *m = c->absence = arena_alloc(arena, sizeof *m);
	renraku__absence__init(m);
	c->act_case = RENRAKU__COMMAND__ACT_ABSENCE;
	m->back = sim_chance(s, 40);
	m->reason = text(sim_chance(s, 90) ? "出張" : "");
	m->since = sim_chance(s, 70) ? 0 : soon(s, 1, 900);
	m->until = sim_chance(s, 20) ? 0 : soon(s, 60, 7200);
	m->person = text(sim_chance(s, 20) ? anybody(s) : "");
}

static void delegation(struct sim *s, struct arena *arena, Renraku__Command *c)
{
	const struct plan *p = engine_plan(shell_engine(s->shell));
	Renraku__Delegate *m = c->delegate = arena_alloc(arena, sizeof *m);
	renraku__delegate__init(m);
	c->act_case = RENRAKU__COMMAND__ACT_DELEGATE;
	m->to = text(anybody(s));
	m->role = text(sim_chance(s, 50) ? "" : p->roles[sim_below(s, p->n_roles)].id);
	m->kind = text(sim_chance(s, 50) ? "delegate" : "deputy");
	m->may = sim_chance(s, 70) ? 0 : (uint32_t)sim_below(s, 8);
	m->since = sim_chance(s, 70) ? 0 : soon(s, 1, 900);
	m->until = soon(s, 30, 7200);
	m->reason = text("依頼");
	m->from = text(sim_chance(s, 10) ? anybody(s) : "");
}

static void end_delegation(struct sim *s, struct arena *arena, Renraku__Command *c)
{
	Renraku__EndDelegation *m = c->end_delegation = arena_alloc(arena, sizeof *m);
	renraku__end_delegation__init(m);
	c->act_case = RENRAKU__COMMAND__ACT_END_DELEGATION;
	m->delegation = 1 + (uint32_t)sim_below(s, 4);
}

static void bar(struct sim *s, const struct incident *in, struct arena *arena, Renraku__Command *c)
{
	Renraku__Bar *m = c->bar = arena_alloc(arena, sizeof *m);
	renraku__bar__init(m);
	c->act_case = RENRAKU__COMMAND__ACT_BAR;
	m->incident = in->id;
	m->person = text(anybody(s));
	for (size_t i = 0; i < in->n_bars && sim_chance(s, 50); i++)
		if (!in->bars[i].over) {
			m->person = text(in->bars[i].person);
			m->readmit = true;
		}
	m->ground = text("本人の操作を含む");
}

void sim_people_act(struct sim *s, const struct incident *in, struct arena *arena, Renraku__Command *c)
{
	size_t dice = sim_below(s, 10);
	if (dice < 3)
		absence(s, arena, c);
	else if (dice < 6)
		delegation(s, arena, c);
	else if (dice < 7 || !in)
		end_delegation(s, arena, c);
	else
		bar(s, in, arena, c);
}

/* ---- the log ---- */

static void note_delegated(struct sim_people *p, const struct record *r)
{
	if (r->ordinal >= 1 && r->ordinal <= p->n_terms) {
		p->terms[r->ordinal - 1].begun = true;
		return;
	}
	p->terms = xgrow(p->terms, &p->cap_terms, p->n_terms + 1, sizeof *p->terms);
	struct term *t = &p->terms[p->n_terms++];
	*t = (struct term){.kind = r->capacity, .since = r->since, .until = r->until, .begun = r->since <= r->at};
	snprintf(t->from, sizeof t->from, "%s", r->other);
	snprintf(t->to, sizeof t->to, "%s", r->name);
	snprintf(t->role, sizeof t->role, "%s", r->role ? r->role : "");
}

static void note_barred(struct sim_people *p, const struct record *r)
{
	for (size_t i = 0; i < p->n_bars; i++)
		if (r->flag && p->bars[i].incident == r->incident && strcmp(p->bars[i].person, r->other) == 0)
			p->bars[i].over = true;
	if (r->flag)
		return;
	p->bars = xgrow(p->bars, &p->cap_bars, p->n_bars + 1, sizeof *p->bars);
	p->bars[p->n_bars] = (struct barred){.incident = r->incident};
	snprintf(p->bars[p->n_bars].person, sizeof p->bars[0].person, "%s", r->other);
	p->n_bars++;
}

static bool is_barred(const struct sim_people *p, uint32_t incident, const char *person)
{
	for (size_t i = 0; person && i < p->n_bars; i++)
		if (!p->bars[i].over && p->bars[i].incident == incident && strcmp(p->bars[i].person, person) == 0)
			return true;
	return false;
}

static void check_barred(struct sim *s, const struct record *r)
{
	if (!r->incident || r->kind == REC_RECEIPT || r->kind == REC_WITHDRAWN || r->kind == REC_REMINDED)
		return;
	if (r->kind != REC_ALARM_JOINED && is_barred(s->people, r->incident, r->person))
		sim_violation(s, 13, "record %llu (%s): %s is barred from incident %u", (unsigned long long)r->index,
			record_kind_name(r->kind), r->person, r->incident);
	for (size_t i = 0; r->kind != REC_BROADCAST && i < r->n_recipients; i++)
		if (is_barred(s->people, r->incident, r->recipients[i].id))
			sim_violation(s, 13, "record %llu (%s) goes to %s, barred from incident %u", (unsigned long long)r->index,
				record_kind_name(r->kind), r->recipients[i].id, r->incident);
}

void sim_people_note(struct sim *s, const struct record *r)
{
	if (!s->people)
		s->people = xcalloc(1, sizeof *s->people);
	check_barred(s, r);
	if (r->kind == REC_DELEGATED)
		note_delegated(s->people, r);
	else if (r->kind == REC_DELEGATION_ENDED && r->ordinal >= 1 && r->ordinal <= s->people->n_terms)
		s->people->terms[r->ordinal - 1].over = true;
	else if (r->kind == REC_BARRED)
		note_barred(s->people, r);
}

unsigned sim_people_entitled(
	const struct sim *s, const struct site *site, const struct site_holder *h, const char *role, const char *person, int64_t at)
{
	unsigned can = 0;
	for (size_t i = 0; s->people && i < s->people->n_terms; i++) {
		const struct term *t = &s->people->terms[i];
		bool holder = false;
		for (size_t k = 0; k < h->persons.n; k++)
			holder = holder || strcmp(site->persons[h->persons.at[k]].id, t->from) == 0;
		bool covers = holder && (!*t->role || strcmp(t->role, role) == 0 || strcmp(t->role, h->role) == 0);
		if (covers && t->begun && !t->over && at < t->until && strcmp(t->to, person) == 0)
			can |= t->kind == CAP_DELEGATE ? SIM_DELEGATE : SIM_DEPUTY;
	}
	return can;
}

void sim_people_free(struct sim *s)
{
	if (!s->people)
		return;
	free(s->people->terms);
	free(s->people->bars);
	free(s->people);
	s->people = NULL;
}
