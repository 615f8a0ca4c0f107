#include "unit/engine_town.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/plan_files.h"

#define MAX_REACTS 5000 /* for one command: it must come to an end */

size_t engine_town_roll(struct engine_town *t, size_t n)
{
	t->dice = t->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return n ? (size_t)((t->dice >> 33) % n) : 0;
}

/* ---- one turn ---- */

static uint64_t mix(uint64_t h, uint64_t v)
{
	return (h ^ v) * UINT64_C(1099511628211);
}

static uint64_t digest_of(const struct notice *n)
{
	uint64_t h = mix(mix(mix(mix(n->id, n->revision), (uint64_t)n->state), (uint64_t)n->escalation), n->ack.record);
	h = mix(mix(mix(h, n->n_recipients), n->repeats), (uint64_t)n->ack.confirmation);
	for (size_t i = 0; i < n->n_recipients; i++)
		h = mix(mix(mix(h, (uint64_t)n->recipients[i].stage), n->recipients[i].ack.record), n->recipients[i].excused != NULL);
	return h;
}

static bool listed(const struct changes *c, uint64_t id)
{
	for (size_t i = 0; i < c->n_notices; i++)
		if (c->notices[i] == id)
			return true;
	for (size_t i = 0; i < c->n_receipts; i++)
		if (c->receipts[i] == id)
			return true;
	return false;
}

/* A notice that changed without being listed would reach nobody. */
static void check_changes(struct engine_town *t)
{
	const struct incident *const *in;
	size_t n = engine_incidents(t->live, &in), place = 0, total = 0;
	for (size_t i = 0; i < n; i++)
		total += in[i]->n_notices;
	uint64_t *now = xcalloc(total + 1, 2 * sizeof *now);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < in[i]->n_notices; k++, place++) {
			const struct notice *of = in[i]->notices[k];
			uint64_t was = 0;
			now[2 * place] = of->id;
			now[2 * place + 1] = digest_of(of);
			for (size_t s = 0; s < t->n_seen && !was; s++)
				was = t->seen[2 * s] == of->id ? t->seen[2 * s + 1] : 0;
			if (was != now[2 * place + 1] && !listed(&t->changes, of->id))
				fail_msg("record %llu: notice %llu changed and is not listed", (unsigned long long)engine_index(t->live),
					(unsigned long long)of->id);
		}
	free(t->seen);
	t->seen = now;
	t->n_seen = total;
}

static void take(struct engine_town *t, struct records *rs)
{
	uint8_t a[RECORD_HASH], b[RECORD_HASH];
	for (size_t i = 0; i < rs->n; i++) {
		struct record *r = &rs->at[i], back = {0};
		size_t from = t->log.len;
		r->index = engine_index(t->live) + 1;
		const char *wrong = record_check(r);
		if (wrong)
			fail_msg("record %llu, %s: %s", (unsigned long long)r->index, record_kind_name(r->kind), wrong);
		record_encode(r, &t->log);
		assert_false(t->log.full);
		assert_true(record_decode(t->decoded, t->log.data + from, t->log.len - from, &back));
		back.index = r->index;
		engine_evolve(t->live, r, &t->changes);
		engine_evolve(t->fold, &back, NULL);
		if (t->plain)
			continue;
		engine_fingerprint(t->live, a);
		engine_fingerprint(t->fold, b);
		if (memcmp(a, b, sizeof a) != 0)
			fail_msg("record %llu, %s: the state is not the fold of the log", (unsigned long long)r->index,
				record_kind_name(r->kind));
	}
	records_clear(rs);
}

static void settle(struct engine_town *t)
{
	struct records rs;
	records_init(&rs);
	size_t rounds = 0;
	for (; engine_react(t->live, t->now, &rs); t->reacts++) {
		assert_true(rs.n > 0);
		assert_true(++rounds < MAX_REACTS);
		take(t, &rs);
	}
	assert_int_equal(rs.n, 0);
	assert_true(engine_deadline(t->live) > t->now);
	records_free(&rs);
	if (!t->plain)
		check_changes(t);
	changes_clear(&t->changes);
}

struct verdict engine_town_act(struct engine_town *t, struct command c)
{
	char sender[80], id[48];
	struct records rs;
	struct verdict v = {0};
	uint64_t before = engine_index(t->live);
	c.now = c.made_at = t->now;
	if (!c.sender) {
		snprintf(sender, sizeof sender, "%s:%s", c.person ? "person" : "terminal",
			c.person     ? c.person
			: c.terminal ? c.terminal
				     : "?");
		c.sender = sender;
	}
	if (!c.id) {
		snprintf(id, sizeof id, "engine-town-%010llu", (unsigned long long)++t->commands);
		c.id = id;
	}
	records_init(&rs);
	bool accepted = engine_decide(t->live, &c, &rs, &v) == 0;
	assert_int_equal(engine_index(t->live), before);
	if (!accepted || v.reason == REASON_REPEATED)
		assert_int_equal(rs.n, 0);
	if (!accepted)
		assert_true(v.text && *v.text && v.text_en && *v.text_en);
	take(t, &rs);
	records_free(&rs);
	settle(t);
	return v;
}

enum reason engine_town_do(struct engine_town *t, struct command c)
{
	struct verdict v = engine_town_act(t, c);
	enum reason why = v.reason;
	verdict_clear(&v);
	return why;
}

static void load(struct engine_town *t, enum command_type type, const char *text)
{
	struct command c = {
		.type = type, .sender = "console", .name = "test", .text = "-", .blob = (const uint8_t *)text, .blob_len = strlen(text)};
	struct verdict v = engine_town_act(t, c);
	if (v.reason != REASON_OK)
		fail_msg("%s", v.n_missing ? v.missing[0] : v.text);
	verdict_clear(&v);
}

void engine_town_site(struct engine_town *t, const char *site_text)
{
	load(t, CMD_LOAD_SITE, site_text);
}

void engine_town_init(struct engine_town *t, const char *plan_text, const char *site_text)
{
	*t = (struct engine_town){
		.live = engine_new(), .fold = engine_new(), .decoded = arena_new(0), .now = INT64_C(1795478400000), .dice = 1};
	buf_init(&t->log, 256u << 20);
	load(t, CMD_LOAD_PLAN, plan_text);
	load(t, CMD_LOAD_SITE, site_text);
	engine_town_do(t, (struct command){.type = CMD_STARTED, .text = "test", .until = 30000});
}

void engine_town_free(struct engine_town *t)
{
	engine_free(t->live);
	engine_free(t->fold);
	arena_free(t->decoded);
	changes_free(&t->changes);
	buf_free(&t->log);
	free(t->seen);
}

void engine_town_presence(struct engine_town *t, const char *who, bool present)
{
	struct record_recipient one = {.id = who};
	engine_town_do(t, (struct command){.type = CMD_PRESENCE, .flag = present, .recipients = &one, .n_recipients = 1});
}

void engine_town_wait(struct engine_town *t, int64_t ms)
{
	int64_t until = t->now + ms;
	for (int64_t next = engine_deadline(t->live); next <= until; next = engine_deadline(t->live)) {
		t->now = next > t->now ? next : t->now;
		settle(t);
	}
	t->now = until;
	settle(t);
}

/* ---- at random ---- */

struct deed_of { /* what a random command borrows */
	struct record_value values[32];
	struct record_call calls[16];
	struct record_follow follow;
};

static const char *somebody(struct engine_town *t)
{
	const struct site *s = engine_site(t->live);
	return s->persons[engine_town_roll(t, s->n_persons)].id;
}

/* One who holds what the item asks for, mostly. */
static const char *actor(struct engine_town *t, const struct incident *in, int item)
{
	const struct plan_item *it = &in->plan->items[item];
	const struct site_holder *hs[8];
	int role = it->by.n ? it->by.at[engine_town_roll(t, it->by.n)] : ROLE_NONE;
	size_t n = role >= 0 ? people_holders(t->live, in->plan, role, hs, 8) : 0;
	if (!n || !engine_town_roll(t, 8))
		return somebody(t);
	const struct site_holder *h = hs[engine_town_roll(t, n)];
	if (h->n_deputies && !engine_town_roll(t, 4))
		return engine_site(t->live)->persons[h->deputies[0].person].id;
	return engine_site(t->live)->persons[h->persons.at[engine_town_roll(t, h->persons.n)]].id;
}

static void fill(struct engine_town *t, struct command *c, const struct plan *p, const struct plan_item *it, struct deed_of *d)
{
	c->values = d->values;
	c->calls = d->calls;
	for (size_t f = 0; f < it->n_form && f < 16; f++) {
		const struct plan_field *of = &it->form[f];
		const char *value = of->type == FIELD_CHOICE && of->n_options ? of->options[engine_town_roll(t, of->n_options)].id
				    : engine_town_roll(t, 2)                  ? "x"
									      : "y";
		if (engine_town_roll(t, 30))
			d->values[c->n_values++] = (struct record_value){.field = of->id, .value = value};
	}
	for (size_t a = 0; a < it->n_agenda && a < 16; a++) {
		const struct plan_agenda *of = &it->agenda[a];
		d->values[c->n_values++] = (struct record_value){
			.field = of->id, .value = of->n_options ? of->options[engine_town_roll(t, of->n_options)].id : "x"};
	}
	for (size_t b = 0; b < it->calls.bodies.n && b < 16; b++)
		d->calls[c->n_calls++] = (struct record_call){.body = p->bodies[it->calls.bodies.at[b]].id, .answered_by = "x"};
	if (it->n_followups) {
		d->follow = (struct record_follow){it->followups[0].id, "x", somebody(t), "2027-01-31"};
		c->follow_ups = &d->follow;
		c->n_follow_ups = 1;
	}
}

static void raise_alarm(struct engine_town *t, struct command *c, struct deed_of *d)
{
	const struct plan *p = engine_plan(t->live);
	const struct site *s = engine_site(t->live);
	size_t i = engine_town_roll(t, p->n_items);
	while (!p->items[i].entry)
		i = (i + 1) % p->n_items;
	c->type = CMD_ALARM;
	c->item = p->items[i].id;
	c->flag = !engine_town_roll(t, 5);
	if (engine_town_roll(t, 2))
		c->terminal = s->terminals[engine_town_roll(t, s->n_terminals)].id;
	else
		c->person = somebody(t);
	fill(t, c, p, &p->items[i], d);
}

static void answer(struct engine_town *t, struct command *c, const struct incident *in)
{
	static const char *const answers[] = {"present", "present", "absent", "deputy"};
	const struct notice *n = in->notices[engine_town_roll(t, in->n_notices)];
	for (size_t i = 0; n->state != NOTICE_OPEN && i < 8; i++)
		n = in->notices[engine_town_roll(t, in->n_notices)];
	const struct recipient *to = n->n_recipients ? &n->recipients[engine_town_roll(t, n->n_recipients)] : NULL;
	c->type = CMD_ACKNOWLEDGE;
	c->notice = n->id;
	c->answer = n->group ? answers[engine_town_roll(t, 4)] : NULL;
	c->text = n->group ? "x" : NULL;
	if (n->broadcast)
		c->terminal = to ? to->id : NULL;
	else
		c->person = to && engine_town_roll(t, 6) ? to->id : somebody(t);
	if (n->broadcast && !engine_town_roll(t, 4)) {
		c->type = CMD_EXCUSE;
		c->person = somebody(t);
		c->about = c->terminal;
		c->text = "x";
	} else if (!n->broadcast && !engine_town_roll(t, 4)) {
		c->behalf = c->person;
		c->person = somebody(t);
		c->channel = (enum channel)(1 + engine_town_roll(t, 3));
		c->number = "0749-00-0000";
		c->said_at = t->now;
	}
}

static void deed(struct engine_town *t, struct command *c, const struct incident *in, struct deed_of *d)
{
	int item = (int)engine_town_roll(t, in->plan->n_items);
	for (size_t i = 0; i < 30 && derive_life(in, item) != LIFE_READY; i++)
		item = (int)engine_town_roll(t, in->plan->n_items);
	const struct plan_item *it = &in->plan->items[item];
	static const enum command_type rare[] = {CMD_WAIVE, CMD_REOPEN, CMD_HAND_OVER, CMD_COMMENT, CMD_GIVE_UP, CMD_SPLIT, CMD_JOIN,
		CMD_WITHDRAW, CMD_FOLLOW_UP, CMD_LOG_CALL};
	c->type = engine_town_roll(t, 6) ? CMD_ENTER : rare[engine_town_roll(t, sizeof rare / sizeof *rare)];
	c->item = it->id;
	c->person = actor(t, in, item);
	fill(t, c, in->plan, it, d);
	if (c->type == CMD_ENTER)
		return;
	c->text = "x";
	c->ordinal = 1 + (uint32_t)engine_town_roll(t, 3);
	c->ref = in->n_alarms > 1 ? in->alarms[in->n_alarms - 1].by.record : 1;
	if (c->type == CMD_WITHDRAW)
		c->n_values = c->n_calls = c->n_follow_ups = 0;
}

static void confirm(struct engine_town *t, struct command *c)
{
	struct pending_confirmation p[4];
	size_t n = engine_pending_confirmations(t->live, NULL, p, 4);
	c->type = CMD_CONFIRM;
	c->person = n ? p[0].deed->person : somebody(t);
	c->ref = n ? p[0].record : 1;
	c->flag = engine_town_roll(t, 2);
	c->text = "x";
}

static void again(struct engine_town *t, struct command c, const struct verdict *first)
{
	struct verdict v = engine_town_act(t, c);
	assert_int_equal(v.reason, REASON_REPEATED);
	assert_int_equal(v.record, first->record);
	assert_int_equal(v.incident, first->incident);
	verdict_clear(&v);
	c.digest[0] ^= 1;
	assert_int_equal(engine_town_do(t, c), REASON_ID_REUSED);
}

void engine_town_random(struct engine_town *t)
{
	struct command c = {0};
	struct deed_of d = {0};
	const struct incident *const *in;
	char id[48], key[80];
	size_t n = engine_incidents(t->live, &in), dice = engine_town_roll(t, 20);
	const struct incident *of = n ? in[n - 1 - engine_town_roll(t, n < 3 ? n : 3)] : NULL;
	if (dice == 0) {
		snprintf(key, sizeof key, "person:%s", somebody(t));
		engine_town_presence(t, key, engine_town_roll(t, 2));
		return;
	}
	if (dice == 1) {
		engine_town_wait(t, (int64_t)engine_town_roll(t, 40 * 60000));
		return;
	}
	if (!of || (dice == 2 && n < 6))
		raise_alarm(t, &c, &d);
	else if (dice < 11 && of->n_notices)
		answer(t, &c, of);
	else if (dice == 11)
		confirm(t, &c);
	else
		deed(t, &c, of, &d);
	c.incident = of ? of->id : 0;
	snprintf(id, sizeof id, "engine-town-%010llu", (unsigned long long)++t->commands);
	c.id = id;
	struct verdict v = engine_town_act(t, c);
	char sender[80];
	snprintf(sender, sizeof sender, "%s:%s", c.person ? "person" : "terminal", c.person ? c.person : c.terminal ? c.terminal : "?");
	c.sender = sender;
	if (v.reason == REASON_OK && !engine_town_roll(t, 3))
		again(t, c, &v);
	verdict_clear(&v);
}

/* ---- the sample town ---- */

char *engine_town_sample_site(const char *line)
{
	char *site = plan_files_read("server/plans/taga-demo-site.yaml"), *with = xasprintf("%s\n%s\n", site, line);
	free(site);
	return with;
}

void engine_town_sample(struct engine_town *t, const char *line)
{
	char *plan = plan_files_read("server/plans/taga-juki-net.yaml"), *site = engine_town_sample_site(line);
	engine_town_init(t, plan, site);
	free(plan);
	free(site);
	engine_town_presence(t, "person:p_tanaka", true);
	engine_town_presence(t, "person:p_suzuki", true);
	engine_town_wait(t, 31000);
}
