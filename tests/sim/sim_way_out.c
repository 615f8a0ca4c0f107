/*
 * sim_way_out: from wherever the seed has led, can every open incident be closed by telephones alone (10)? One person, whoever may see the
 * incident, is signed in at one device and enters for everybody else what they say on the telephone.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"

struct scribe {
	struct sim *s;
	struct sim_client *by;
	bool progress;
	char last[200];
};

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

static bool tell(struct scribe *w, Renraku__Command *command, const char *person, bool in_person)
{
	struct sim *s = w->s;
	Renraku__Behalf b = RENRAKU__BEHALF__INIT;
	b.person = text(person);
	b.channel = in_person ? RENRAKU__CHANNEL__CHANNEL_IN_PERSON : RENRAKU__CHANNEL__CHANNEL_TELEPHONE;
	b.number = text("0749-00-0000");
	b.said_at = (uint64_t)s->now;
	if (person && strcmp(person, w->by->id) != 0)
		command->behalf = &b;
	sim_commands_new(w->by, command);
	size_t index = s->n_commands - 1;
	sim_send(s, &s->commands[index]);
	sim_settle(s);
	const struct sim_command *c = &s->commands[index];
	if (c->state == SIM_ACCEPTED)
		w->progress = true;
	return c->state == SIM_ACCEPTED;
}

/* Somebody who may now act for the role in everything: a holder, or who stands in where those are barred. */
static const char *holder_of(const struct engine *e, const struct incident *in, int role)
{
	const struct site *site = engine_site(e);
	for (int own = 1; role >= 0 && own >= 0; own--)
		for (size_t i = 0; i < site->n_persons; i++) {
			enum capacity as = people_capacity(e, in, site->persons[i].id, role, MAY_ALL);
			if (own ? as == CAP_SELF : as != CAP_NONE)
				return site->persons[i].id;
		}
	return NULL;
}

/* ---- acknowledgements ---- */

static void acknowledge(struct scribe *w, uint64_t id, const char *recipient)
{
	const struct engine *e = shell_engine(w->s->shell);
	const struct notice *n = engine_notice(e, id);
	if (n->state == NOTICE_WITHDRAWN)
		return;
	Renraku__Command command = RENRAKU__COMMAND__INIT;
	Renraku__Acknowledge a = RENRAKU__ACKNOWLEDGE__INIT;
	command.act_case = RENRAKU__COMMAND__ACT_ACKNOWLEDGE;
	command.acknowledge = &a;
	a.notice = id;
	bool broadcast = n->broadcast, by_telephone = n->incident->plan->items[n->item].by_telephone;
	if (broadcast)
		a.terminal = text(recipient); /* checked on the spot */
	if (n->group)
		a.answer = text("present");
	char *person = xstrdup(recipient);
	tell(w, &command, broadcast ? NULL : person, !by_telephone);
	free(person);
}

/* All have answered and too few come: whoever cannot come is talked round. */
static bool too_few_come(const struct notice *n)
{
	return n->group && n->state == NOTICE_ACKNOWLEDGED && n->incident->items[n->item].stored == ITEM_TOLD && n->answer &&
	       strcmp(n->answer, "absent") == 0;
}

static void acknowledge_all(struct scribe *w, const struct incident *in)
{
	for (size_t i = 0; i < in->n_notices && in->state == INCIDENT_OPEN && !w->s->violated; i++) {
		const struct notice *n = in->notices[i];
		if (too_few_come(n))
			acknowledge(w, n->id, n->recipients[0].id);
		if (n->state != NOTICE_OPEN || !n->wants_ack)
			continue;
		for (size_t k = 0; k < n->n_recipients && n->state == NOTICE_OPEN; k++)
			if (!n->recipients[k].ack.record && !n->recipients[k].excused && n->recipients[k].as != AS_ABOVE)
				acknowledge(w, n->id, n->recipients[k].id);
	}
}

/* ---- items ---- */

static bool enter_as(struct scribe *w, const struct incident *in, int item, const char *person)
{
	struct arena *arena = arena_new(0);
	Renraku__Command command = RENRAKU__COMMAND__INIT;
	Renraku__Enter enter = RENRAKU__ENTER__INIT;
	command.act_case = RENRAKU__COMMAND__ACT_ENTER;
	command.enter = &enter;
	sim_forms_fill(w->s, in, item, true, arena, &enter);
	bool accepted = tell(w, &command, person, !in->plan->items[item].by_telephone);
	arena_free(arena);
	if (!accepted)
		snprintf(w->last, sizeof w->last, "%s by %s: %s", in->plan->items[item].id, person,
			w->s->commands[w->s->n_commands - 1].code);
	return accepted;
}

static bool waive_as(struct scribe *w, const struct incident *in, int item, const char *person)
{
	Renraku__Command command = RENRAKU__COMMAND__INIT;
	Renraku__Waive waive = RENRAKU__WAIVE__INIT;
	command.act_case = RENRAKU__COMMAND__ACT_WAIVE;
	command.waive = &waive;
	waive.incident = in->id;
	waive.item = text(in->plan->items[item].id);
	waive.reason = text("不要");
	return tell(w, &command, person, false);
}

static void do_item(struct scribe *w, const struct incident *in, int item)
{
	const struct engine *e = shell_engine(w->s->shell);
	const struct plan_item *it = &in->plan->items[item];
	bool closing = it->closes && derive_may_close(in);
	if (it->standing || it->entry || (it->closes ? !closing : !derive_ready(in, item)))
		return;
	for (size_t k = 0; k < it->by.n; k++) {
		const char *person = holder_of(e, in, it->by.at[k]);
		if (!person && it->by.at[k] == ROLE_REPORTER)
			person = in->alarms[0].by.person;
		if (!person && it->by.at[k] == ROLE_ANYONE)
			person = w->by->id;
		if (!person)
			continue;
		bool done = it->optional && sim_chance(w->s, 50) ? waive_as(w, in, item, person) : enter_as(w, in, item, person);
		if (done)
			return;
	}
}

static void pass_over(struct scribe *w, const struct incident *in)
{
	w->progress = false;
	acknowledge_all(w, in);
	for (size_t k = 0; k < in->plan->n_items && in->state == INCIDENT_OPEN && !w->s->violated && !w->s->fatal; k++)
		do_item(w, in, (int)k);
}

static void explain(struct scribe *w, const struct incident *in)
{
	char list[200] = "";
	for (size_t i = 0; i < in->plan->n_items; i++) {
		enum item_life life = derive_life(in, (int)i);
		size_t len = strlen(list);
		if (life != LIFE_DONE && life != LIFE_NOT_APPLICABLE && life != LIFE_WAIVED && life != LIFE_STANDING)
			snprintf(list + len, sizeof list - len, " %s=%s", in->plan->items[i].id, item_life_name(life));
	}
	sim_violation(w->s, 10, "incident %u cannot be brought to its close by %s with a telephone; last refusal %s; open:%s", in->id,
		w->by->id, w->last, list);
}

/* Somebody who may see the incident and has a device. */
static struct sim_client *scribe_for(struct sim *s, const struct incident *in)
{
	size_t start = sim_below(s, s->n_clients);
	for (size_t i = 0; i < s->n_clients; i++) {
		struct sim_client *c = &s->clients[(start + i) % s->n_clients];
		if (c->who == TLS_PERSON && people_may_see(shell_engine(s->shell), in, c->id, NULL))
			return c;
	}
	return NULL;
}

static void close_incident(struct sim *s, const struct incident *in)
{
	struct scribe w = {.s = s, .by = scribe_for(s, in), .progress = true};
	if (!w.by) {
		sim_violation(s, 10, "nobody may see incident %u", in->id);
		return;
	}
	sim_trace(s, "%s brings incident %u to its close", w.by->id, in->id);
	sim_connect(s, w.by);
	for (int i = 0; i < 100 && w.progress && in->state == INCIDENT_OPEN && !s->violated && !s->fatal; i++)
		pass_over(&w, in);
	if (in->state == INCIDENT_OPEN && !s->violated && !s->fatal)
		explain(&w, in);
	sim_disconnect(s, w.by);
}

void sim_way_out(struct sim *s)
{
	const struct incident *const *in;
	sim_trace(s, "---- the way out");
	store_mem_fail_at(s->store, 0, STORE_OK); /* the disk is sound from here */
	for (size_t i = 0; i < s->n_clients; i++)
		sim_disconnect(s, &s->clients[i]);
	sim_pass(s, 120000);
	sim_settle(s);
	size_t n = engine_incidents(shell_engine(s->shell), &in);
	for (size_t i = 0; i < n && !s->violated && !s->fatal; i++)
		if (in[i]->state == INCIDENT_OPEN)
			close_incident(s, in[i]);
}
