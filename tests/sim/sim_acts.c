/*
 * sim_acts: what people and terminals do at random: mostly what somebody could sensibly do now, partly nonsense, and again and
 * again something they have sent before.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "sim/sim.h"
#include "wire/codec.h"
#include "wire/frame.h"

/* protobuf-c has no const. */
static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

/* ---- choosing whom, which, on whose behalf ---- */

struct act {
	struct sim *s;
	struct sim_client *by;
	const struct engine *e;
	const struct incident *in; /* may be NULL */
	struct arena *arena;
	Renraku__Command command;
};

static const struct incident *any_incident(struct sim *s, bool open)
{
	const struct incident *const *in;
	size_t n = engine_incidents(shell_engine(s->shell), &in);
	if (!n)
		return NULL;
	size_t start = sim_below(s, n);
	for (size_t i = 0; i < n && open; i++)
		if (in[(start + i) % n]->state == INCIDENT_OPEN)
			return in[(start + i) % n];
	return in[start];
}

static struct sim_client *client_of(struct sim *s, const char *id)
{
	for (size_t i = 0; i < s->n_clients; i++)
		if (strcmp(s->clients[i].id, id) == 0)
			return &s->clients[i];
	return NULL;
}

static struct sim_client *any_client(struct sim *s)
{
	return &s->clients[sim_below(s, s->n_clients)];
}

static void on_behalf(struct act *a, const char *person)
{
	Renraku__Behalf *b = arena_alloc(a->arena, sizeof *b);
	renraku__behalf__init(b);
	b->person = text(person);
	b->channel = (Renraku__Channel)(1 + sim_below(a->s, 3));
	if (!sim_chance(a->s, 10))
		b->said_at = (uint64_t)a->s->now;
	if (!sim_chance(a->s, 10))
		b->number = text("0749-00-0005");
	a->command.behalf = b;
}

/* Sent by this person's own client if they have one and happen to be there, else entered by somebody for them. */
static void by_person(struct act *a, const char *person)
{
	a->by = client_of(a->s, person);
	if (a->by && (a->by->peer || sim_chance(a->s, 50)) && !sim_chance(a->s, 15))
		return;
	do
		a->by = any_client(a->s);
	while (a->by->who != TLS_PERSON);
	on_behalf(a, person);
}

/* Somebody who holds or deputises one of the item's roles. */
static const char *somebody_of(struct act *a, const struct plan *p, int role)
{
	const struct site *site = engine_site(a->e);
	const struct site_holder *held[8];
	size_t n = role >= 0 ? people_holders(a->e, p, role, held, 8) : 0;
	if (!n)
		return site->persons[sim_below(a->s, site->n_persons)].id;
	const struct site_holder *h = held[sim_below(a->s, n)];
	if (h->n_deputies && sim_chance(a->s, 20))
		return site->persons[h->deputies[sim_below(a->s, h->n_deputies)].person].id;
	return site->persons[h->persons.at[sim_below(a->s, h->persons.n)]].id;
}

/* ---- acts ---- */

#define MESSAGE(type, init, field, which)                                                                                                  \
	Renraku__##type *m = arena_alloc(a->arena, sizeof *m);                                                                             \
	init(m);                                                                                                                           \
	a->command.act_case = which;                                                                                                       \
	a->command.field = m

static bool act_alarm(struct act *a)
{
	const struct plan *p = engine_plan(a->e);
	const struct incident *const *all;
	if (engine_incidents(a->e, &all) >= 6)
		return false;
	MESSAGE(Alarm, renraku__alarm__init, alarm, RENRAKU__COMMAND__ACT_ALARM);
	size_t entries[16], n = 0;
	for (size_t i = 0; i < p->n_items && n < 16; i++)
		if (p->items[i].entry)
			entries[n++] = i;
	const struct plan_item *it = &p->items[entries[sim_below(a->s, n)]];
	Renraku__Enter form = RENRAKU__ENTER__INIT;
	for (size_t i = 0; i < it->n_form; i++)
		sim_forms_field(a->s, NULL, &it->form[i], false, a->arena, &form);
	m->entry = text(it->alarm && sim_chance(a->s, 50) ? it->alarm : it->id);
	m->values = form.values;
	m->n_values = form.n_values;
	m->drill = sim_chance(a->s, 20);
	m->unannounced = sim_chance(a->s, 30);
	m->reporter = text("発見者");
	a->by = any_client(a->s);
	if (it->by.n && it->by.at[0] >= 0)
		by_person(a, somebody_of(a, p, it->by.at[0]));
	return true;
}

static const struct notice *any_notice(struct act *a)
{
	if (!a->in || !a->in->n_notices)
		return NULL;
	size_t start = sim_below(a->s, a->in->n_notices);
	for (size_t i = 0; i < a->in->n_notices; i++) {
		const struct notice *n = a->in->notices[(start + i) % a->in->n_notices];
		if (n->state == NOTICE_OPEN && n->wants_ack)
			return n;
	}
	return a->in->notices[start];
}

static bool act_acknowledge(struct act *a)
{
	static const char *const answers[] = {"present", "absent", "deputy", "maybe"};
	const struct notice *n = any_notice(a);
	if (!n || !n->n_recipients)
		return false;
	MESSAGE(Acknowledge, renraku__acknowledge__init, acknowledge, RENRAKU__COMMAND__ACT_ACKNOWLEDGE);
	m->notice = n->id;
	const char *to = n->recipients[sim_below(a->s, n->n_recipients)].id;
	if (sim_chance(a->s, 10))
		a->by = any_client(a->s);
	else if (!n->broadcast)
		by_person(a, to);
	else if (sim_chance(a->s, 70))
		a->by = client_of(a->s, to);
	else
		m->terminal = text(to);
	if (!a->by)
		a->by = any_client(a->s);
	if (n->group && !sim_chance(a->s, 5))
		m->answer = text(answers[sim_below(a->s, sim_chance(a->s, 80) ? 1 : 4)]);
	if (n->group || sim_chance(a->s, 20))
		m->comment = sim_some_text(a->s);
	return true;
}

/* Preferably an item that is ready. */
static int any_item(struct act *a)
{
	size_t n = a->in->plan->n_items, start = sim_below(a->s, n);
	bool impatient = sim_chance(a->s, 5); /* would like to be done with it */
	for (size_t i = 0; i < n && impatient; i++)
		if (a->in->plan->items[i].closes)
			return (int)i;
	for (size_t i = 0; i < n && !sim_chance(a->s, 5); i++) {
		int item = (int)((start + i) % n);
		const struct plan_item *it = &a->in->plan->items[item];
		if (!it->standing && !it->entry && (derive_ready(a->in, item) || (it->closes && derive_may_close(a->in))))
			return item;
	}
	return (int)start;
}

static bool act_enter(struct act *a)
{
	if (!a->in)
		return false;
	MESSAGE(Enter, renraku__enter__init, enter, RENRAKU__COMMAND__ACT_ENTER);
	int item = any_item(a);
	const struct plan_item *it = &a->in->plan->items[item];
	sim_forms_fill(a->s, a->in, item, sim_chance(a->s, 70), a->arena, m);
	if (sim_chance(a->s, 8))
		a->by = any_client(a->s);
	else
		by_person(a, somebody_of(a, a->in->plan, it->by.at[sim_below(a->s, it->by.n)]));
	return true;
}

static bool act_waive(struct act *a)
{
	if (!a->in)
		return false;
	MESSAGE(Waive, renraku__waive__init, waive, RENRAKU__COMMAND__ACT_WAIVE);
	int item = any_item(a);
	for (size_t i = 0; i < a->in->plan->n_items; i++)
		if (a->in->plan->items[i].optional && derive_ready(a->in, (int)i))
			item = (int)i;
	m->incident = a->in->id;
	m->item = text(a->in->plan->items[item].id);
	if (!sim_chance(a->s, 10))
		m->reason = sim_some_text(a->s);
	by_person(a, somebody_of(a, a->in->plan, a->in->plan->items[item].by.at[0]));
	return true;
}

static bool act_reopen(struct act *a)
{
	if (!a->in)
		return false;
	MESSAGE(Reopen, renraku__reopen__init, reopen, RENRAKU__COMMAND__ACT_REOPEN);
	int item = (int)sim_below(a->s, a->in->plan->n_items);
	m->incident = a->in->id;
	m->item = text(a->in->plan->items[item].id);
	m->reason = sim_some_text(a->s);
	by_person(a, somebody_of(a, a->in->plan, a->in->plan->items[item].by.at[0]));
	return true;
}

static bool act_withdraw(struct act *a)
{
	if (!a->in)
		return false;
	MESSAGE(Withdraw, renraku__withdraw__init, withdraw, RENRAKU__COMMAND__ACT_WITHDRAW);
	m->incident = a->in->id;
	m->ground = sim_some_text(a->s);
	a->by = any_client(a->s);
	return true;
}

static bool act_excuse(struct act *a)
{
	const struct notice *n = any_notice(a);
	if (!n || !n->broadcast)
		return false;
	MESSAGE(Excuse, renraku__excuse__init, excuse, RENRAKU__COMMAND__ACT_EXCUSE);
	m->notice = n->id;
	m->terminal = text(n->recipients[sim_below(a->s, n->n_recipients)].id);
	m->reason = sim_some_text(a->s);
	a->by = any_client(a->s);
	return true;
}

static bool act_log_call(struct act *a)
{
	if (!a->in || !a->in->plan->n_bodies)
		return false;
	MESSAGE(LogCall, renraku__log_call__init, log_call, RENRAKU__COMMAND__ACT_LOG_CALL);
	Renraku__Call *c = m->call = arena_alloc(a->arena, sizeof *c);
	renraku__call__init(c);
	c->body = text(a->in->plan->bodies[sim_below(a->s, a->in->plan->n_bodies)].id);
	c->said = sim_some_text(a->s);
	m->incident = a->in->id;
	m->item = text(a->in->plan->items[sim_below(a->s, a->in->plan->n_items)].id);
	a->by = any_client(a->s);
	return true;
}

static bool act_comment(struct act *a)
{
	if (!a->in)
		return false;
	MESSAGE(Comment, renraku__comment__init, comment, RENRAKU__COMMAND__ACT_COMMENT);
	m->incident = a->in->id;
	m->text = sim_some_text(a->s);
	a->by = any_client(a->s);
	return true;
}

/* What was entered in one's name is confirmed, sometimes denied. */
static bool act_confirm(struct act *a)
{
	const struct site *site = engine_site(a->e);
	struct pending_confirmation pending[4];
	size_t start = sim_below(a->s, site->n_persons);
	for (size_t i = 0; i < site->n_persons; i++) {
		const char *person = site->persons[(start + i) % site->n_persons].id;
		a->by = client_of(a->s, person);
		if (!a->by || !engine_pending_confirmations(a->e, person, pending, 4))
			continue;
		MESSAGE(Confirm, renraku__confirm__init, confirm, RENRAKU__COMMAND__ACT_CONFIRM);
		m->record = pending[0].record;
		m->denied = sim_chance(a->s, 30);
		m->comment = sim_some_text(a->s);
		if (sim_chance(a->s, 5))
			a->by = any_client(a->s);
		return true;
	}
	return false;
}

static bool act_split_or_join(struct act *a)
{
	const struct incident *other = any_incident(a->s, true);
	if (!a->in || !other)
		return false;
	if (a->in->n_alarms > 1 && sim_chance(a->s, 70)) {
		MESSAGE(Split, renraku__split__init, split, RENRAKU__COMMAND__ACT_SPLIT);
		m->incident = a->in->id;
		m->alarm = a->in->alarms[sim_below(a->s, a->in->n_alarms)].by.record;
		m->reason = sim_some_text(a->s);
	} else {
		MESSAGE(Join, renraku__join__init, join, RENRAKU__COMMAND__ACT_JOIN);
		m->incident = a->in->id;
		m->into = other->id;
		m->reason = sim_some_text(a->s);
	}
	by_person(a, somebody_of(a, a->in->plan,
			     a->in->plan->items[a->in->entry].n_tell ? a->in->plan->items[a->in->entry].tell[0].to.at[0] : ROLE_NONE));
	return true;
}

static bool act_give_up(struct act *a)
{
	if (!a->in)
		return false;
	MESSAGE(GiveUp, renraku__give_up__init, give_up, RENRAKU__COMMAND__ACT_GIVE_UP);
	m->incident = a->in->id;
	m->reason = sim_some_text(a->s);
	a->by = any_client(a->s);
	return true;
}

static bool act_hand_over(struct act *a)
{
	if (!a->in || !a->in->n_measures)
		return false;
	MESSAGE(HandOver, renraku__hand_over__init, hand_over, RENRAKU__COMMAND__ACT_HAND_OVER);
	m->incident = a->in->id;
	m->measure = a->in->measures[sim_below(a->s, a->in->n_measures)].id;
	m->owner = text(engine_site(a->e)->persons[0].id);
	m->due = text("2026-12-24");
	m->reason = sim_some_text(a->s);
	a->by = any_client(a->s);
	return true;
}

static bool act_follow_up(struct act *a)
{
	if (!a->in)
		return false;
	MESSAGE(FollowUp, renraku__follow_up__init, follow_up, RENRAKU__COMMAND__ACT_FOLLOW_UP);
	m->incident = a->in->id;
	m->follow_up = a->in->n_follow_ups ? a->in->follow_ups[sim_below(a->s, a->in->n_follow_ups)].id : 0;
	if (!m->follow_up || sim_chance(a->s, 30)) {
		m->change = arena_alloc(a->arena, sizeof *m->change);
		renraku__follow_up_new__init(m->change);
		m->change->text = sim_some_text(a->s);
		m->change->owner = sim_some_owner(a->s, a->in->plan);
		m->change->due = sim_some_day(a->s, a->arena);
	}
	m->state = text(sim_chance(a->s, 50) ? "done" : "open");
	m->text = sim_some_text(a->s);
	a->by = any_client(a->s);
	return true;
}

static bool act_test(struct act *a)
{
	MESSAGE(Test, renraku__test__init, test, RENRAKU__COMMAND__ACT_TEST);
	a->by = any_client(a->s);
	return true;
}

static bool act_people(struct act *a)
{
	sim_people_act(a->s, a->in, a->arena, &a->command);
	a->by = any_client(a->s);
	return true;
}

static const struct {
	bool (*act)(struct act *);
	unsigned weight;
	const char *name;
} acts[] = {
	{act_enter, 40, "enters"},
	{act_acknowledge, 36, "acknowledges"},
	{act_alarm, 8, "raises an alarm"},
	{act_confirm, 5, "confirms"},
	{act_waive, 3, "waives"},
	{act_reopen, 3, "reopens"},
	{act_excuse, 3, "excuses"},
	{act_log_call, 3, "logs a call"},
	{act_comment, 2, "comments"},
	{act_hand_over, 2, "hands over"},
	{act_follow_up, 2, "follows up"},
	{act_withdraw, 1, "withdraws"},
	{act_split_or_join, 2, "splits or joins"},
	{act_give_up, 1, "gives up"},
	{act_test, 2, "tests the connection"},
	{act_people, 6, "is absent, delegates or bars"},
};

static void act(struct sim *s)
{
	unsigned total = 0, pick;
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		total += acts[i].weight;
	pick = (unsigned)sim_below(s, total);
	size_t which = 0;
	while (pick >= acts[which].weight)
		pick -= acts[which++].weight;
	struct act a = {.s = s, .e = shell_engine(s->shell), .in = any_incident(s, !sim_chance(s, 3)), .arena = arena_new(0)};
	renraku__command__init(&a.command);
	if (acts[which].act(&a)) {
		struct sim_command *c = sim_commands_new(a.by, &a.command);
		sim_trace(s, "%s %s%s%s (%s)", a.by->principal, acts[which].name, a.command.behalf ? " for " : "",
			a.command.behalf ? a.command.behalf->person : "", c->id);
		if (!sim_chance(s, 10)) /* else it stays in the spool for later */
			sim_connect(s, a.by);
		sim_send(s, c);
		if (sim_chance(s, 5))
			sim_send(s, c); /* twice in one packet */
	}
	arena_free(a.arena);
}

/* Bytes that no client of ours would send. */
static void garbage(struct sim *s)
{
	uint8_t bytes[200];
	struct sim_client *c = any_client(s);
	size_t len = 1 + sim_below(s, sizeof bytes);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)sim_random(s);
	if (s->n_commands && sim_chance(s, 70)) { /* a frame with one byte wrong */
		const struct sim_command *from = &s->commands[sim_below(s, s->n_commands)];
		len = from->len < sizeof bytes ? from->len : sizeof bytes;
		memcpy(bytes, from->bytes, len);
		/* not in the ref or the command's id, which the simulator itself goes by */
		if (len > 60)
			bytes[60 + sim_below(s, len - 60)] ^= (uint8_t)(1u << sim_below(s, 8));
		bytes[0] ^= 0x40; /* nor as an answer to it: the field of the ref becomes another one */
	}
	if (c->peer && !c->closing) {
		sim_trace(s, "%s sends rubbish", c->principal);
		shell_frame(s->shell, c->peer, bytes, len, s->now);
	}
}

static void change_site(struct sim *s)
{
	struct verdict v = {0};
	s->site_edition = !s->site_edition;
	sim_trace(s, "the site changes");
	shell_console_load(s->shell, true, "site", s->site[s->site_edition], strlen(s->site[s->site_edition]), s->now, &v);
	verdict_clear(&v);
}

static void come_and_go(struct sim *s)
{
	struct sim_client *c = any_client(s);
	if (!c->peer)
		sim_connect(s, c);
	else if (sim_chance(s, 40))
		sim_disconnect(s, c);
	else if (c->probe && sim_chance(s, 60))
		sim_frames_answer_probe(c);
	else if (c->n_receipts)
		sim_frames_receipts(c);
	else
		sim_frames_subscribe(c, (int)sim_below(s, SIM_VIEWS));
}

void sim_acts_random(struct sim *s)
{
	size_t dice = sim_below(s, 1000);
	if (dice < 620)
		act(s);
	else if (dice < 720)
		sim_commands_repeat(s);
	else if (dice < 880)
		come_and_go(s);
	else if (dice < 960)
		sim_pass(s, sim_chance(s, 70) ? (int64_t)sim_below(s, 20000) : (int64_t)sim_below(s, 3600000));
	else if (dice < 968)
		store_mem_fail_at(s->store, 1 + (unsigned)sim_below(s, 3), sim_chance(s, 50) ? STORE_FULL : STORE_FAILED);
	else if (dice < 980)
		garbage(s);
	else if (dice < 984)
		change_site(s);
	else if (dice < 990)
		shell_clock_skewed(s->shell, (int64_t)sim_below(s, 100000) - 50000, s->now);
	else
		sim_crash(s);
}
