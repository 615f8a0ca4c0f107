/*
 * sim_way_out: from wherever the seed has led, can every open incident be closed by telephones alone (10)? One person after another is
 * signed in at one device and enters, for everybody else, what they say on the telephone.
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
	sim_acts_new(w->by, command);
	size_t index = s->n_commands - 1;
	sim_send(s, &s->commands[index]);
	sim_settle(s);
	const struct sim_command *c = &s->commands[index];
	if (c->state == SIM_ACCEPTED)
		w->progress = true;
	return c->state == SIM_ACCEPTED;
}

static const char *holder_of(const struct engine *e, const struct plan *p, int role)
{
	const struct site_holder *held[1];
	return role >= 0 && people_holders(e, p, role, held, 1) ? engine_site(e)->persons[held[0]->persons.at[0]].id : NULL;
}

/* ---- acknowledgements ---- */

static void acknowledge(struct scribe *w, uint64_t id, const char *recipient)
{
	const struct engine *e = shell_engine(w->s->shell);
	const struct notice *n = engine_notice(e, id);
	if (n->state != NOTICE_OPEN)
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

static void acknowledge_all(struct scribe *w, const struct incident *in)
{
	for (size_t i = 0; i < in->n_notices && in->state == INCIDENT_OPEN && !w->s->violated; i++) {
		const struct notice *n = in->notices[i];
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
	sim_acts_fill(w->s, in, item, true, arena, &enter);
	bool accepted = tell(w, &command, person, !in->plan->items[item].by_telephone);
	arena_free(arena);
	if (!accepted)
		snprintf(w->last, sizeof w->last, "%s by %s: %s", in->plan->items[item].id, person, w->s->commands[w->s->n_commands - 1].code);
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
		const char *person = holder_of(e, in->plan, it->by.at[k]);
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

static void pass_over(struct scribe *w)
{
	const struct incident *const *in;
	const struct engine *e = shell_engine(w->s->shell);
	size_t n = engine_incidents(e, &in);
	for (size_t i = 0; i < n && !w->s->violated && !w->s->fatal; i++) {
		if (in[i]->state != INCIDENT_OPEN)
			continue;
		acknowledge_all(w, in[i]);
		for (size_t k = 0; k < in[i]->plan->n_items && in[i]->state == INCIDENT_OPEN && !w->s->violated; k++)
			do_item(w, in[i], (int)k);
	}
}

static const struct incident *still_open(struct sim *s)
{
	const struct incident *const *in;
	size_t n = engine_incidents(shell_engine(s->shell), &in);
	for (size_t i = 0; i < n; i++)
		if (in[i]->state == INCIDENT_OPEN)
			return in[i];
	return NULL;
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
	sim_violation(w->s, 10, "incident %u cannot be brought to its close by telephone; last refusal %s; open:%s", in->id, w->last, list);
}

void sim_way_out(struct sim *s)
{
	struct scribe w = { .s = s };
	sim_trace(s, "---- the way out");
	for (size_t i = 0; i < s->n_clients; i++)
		sim_disconnect(s, &s->clients[i]);
	sim_pass(s, 120000);
	sim_settle(s);
	for (size_t i = 0, idle = 0; idle < s->n_clients && still_open(s) && !s->violated && !s->fatal; i++) {
		w.by = &s->clients[i % s->n_clients];
		if (w.by->who != TLS_PERSON) {
			idle++;
			continue;
		}
		sim_connect(s, w.by);
		w.progress = false;
		pass_over(&w);
		idle = w.progress ? 0 : idle + 1;
		/* who is getting somewhere goes on */
		if (w.progress)
			i--;
		else
			sim_disconnect(s, w.by);
		if (s->n_commands > 4000)
			break;
	}
	const struct incident *in = still_open(s);
	if (in && !s->violated && !s->fatal)
		explain(&w, in);
}
