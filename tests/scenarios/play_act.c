/*
 * play_act: a scenario's line as a command.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "play.h"

struct filled { /* what the command borrows */
	struct record_value values[LINE_PAIRS];
	struct record_call calls[LINE_PAIRS];
	struct record_follow follows[LINE_PAIRS];
};

static bool reserved(const char *key)
{
	static const char *const keys[] = {"for", "via", "number", "said", "in", "reason", "answer", "comment", "terminal", "into", "owner",
		"due", "kind_of", "state", "reporter", "since", "until", "role", "may", "as", "again", "dial", "why", "at_call"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

/* body:answered_by:said, '-' for no answer */
static void add_call(struct command *c, struct record_call *call, char *spec)
{
	call->body = strtok(spec, ":");
	call->answered_by = strtok(NULL, ":");
	call->said = strtok(NULL, ":");
	if (call->answered_by && strcmp(call->answered_by, "-") == 0) {
		call->answered_by = NULL;
		call->no_answer = true;
	}
	c->n_calls++;
}

/* kind|text|owner|due */
static void add_follow(struct command *c, struct record_follow *f, char *spec)
{
	f->kind = strtok(spec, "|");
	f->text = strtok(NULL, "|");
	f->owner = strtok(NULL, "|");
	f->due = strtok(NULL, "|");
	c->n_follow_ups++;
}

static void fill(struct command *c, const struct line *l, struct filled *f, int64_t now)
{
	c->values = f->values;
	c->calls = f->calls;
	c->follow_ups = f->follows;
	for (size_t i = 0; i < l->n_pairs; i++) {
		char *key = l->pairs[i].key, *value = l->pairs[i].value;
		struct record_call *last = c->n_calls ? &f->calls[c->n_calls - 1] : NULL;
		if (strcmp(key, "call") == 0)
			add_call(c, &f->calls[c->n_calls], value);
		else if (last && strcmp(key, "dial") == 0)
			last->number = value;
		else if (last && strcmp(key, "why") == 0)
			last->reason = value;
		else if (last && strcmp(key, "again") == 0)
			last->again_at = clock_parse(value, now);
		else if (last && strcmp(key, "at_call") == 0)
			last->at = clock_parse(value, now);
		else if (strcmp(key, "follow") == 0)
			add_follow(c, &f->follows[c->n_follow_ups], value);
		else if (strncmp(key, "unknown.", 8) == 0)
			f->values[c->n_values++] = (struct record_value){.field = key + 8, .unknown = value};
		else if (!reserved(key))
			f->values[c->n_values++] = (struct record_value){.field = key, .value = value};
	}
}

static void behalf(struct play *p, struct command *c, const struct line *l)
{
	c->behalf = line_get(l, "for");
	if (!c->behalf && !line_get(l, "via"))
		return;
	const char *via = line_get(l, "via"), *said = line_get(l, "said");
	c->channel = via && strcmp(via, "paper") == 0 ? CH_PAPER : via && strcmp(via, "in_person") == 0 ? CH_IN_PERSON : CH_TELEPHONE;
	c->number = line_get(l, "number");
	c->said_at = said ? clock_parse(said, p->now) : 0;
}

/* The notice of that item this person (or the one spoken for) has to acknowledge: the oldest open one, else the newest at all. */
static uint64_t notice_for(struct play *p, uint32_t incident, const char *item, const char *person, const char *terminal)
{
	const struct incident *in = engine_incident(p->engine, incident);
	uint64_t any = 0;
	if (!in || !item)
		return 0;
	if (item[0] >= '1' && item[0] <= '9' && strspn(item, "0123456789") == strlen(item))
		return strtoull(item, NULL, 10);
	for (size_t i = 0; i < in->n_notices; i++) {
		const struct notice *n = in->notices[i];
		if (strcmp(in->plan->items[n->item].id, item) != 0 || people_may_acknowledge(p->engine, n, person, terminal) == CAP_NONE)
			continue;
		if (n->kind == NOTICE_TELL && n->id < in->items[n->item].entry.by.record)
			continue; /* told of an entry that was amended since */
		if (n->state == NOTICE_OPEN && n->wants_ack)
			return n->id;
		if (n->state != NOTICE_WITHDRAWN || !any)
			any = n->id;
	}
	return any;
}

static uint64_t broadcast_of(struct play *p, uint32_t incident, const char *item)
{
	const struct incident *in = engine_incident(p->engine, incident);
	for (size_t i = in ? in->n_notices : 0; i-- > 0;)
		if (in->notices[i]->broadcast && strcmp(in->plan->items[in->notices[i]->item].id, item) == 0)
			return in->notices[i]->id;
	return 0;
}

/* The newest deed that awaits this person's word. */
static uint64_t to_confirm(struct play *p, const char *person)
{
	struct pending_confirmation c[16];
	size_t n = engine_pending_confirmations(p->engine, person, c, 16);
	return n ? c[n - 1].record : 0;
}

static const struct {
	const char *verb;
	enum command_type type;
} verbs[] = {
	{"alarm", CMD_ALARM},
	{"drill", CMD_ALARM},
	{"surprise", CMD_ALARM}, /* a drill that is not announced */
	{"test", CMD_TEST},
	{"withdraw", CMD_WITHDRAW},
	{"ack", CMD_ACKNOWLEDGE},
	{"check", CMD_ACKNOWLEDGE},
	{"excuse", CMD_EXCUSE},
	{"enter", CMD_ENTER},
	{"waive", CMD_WAIVE},
	{"reopen", CMD_REOPEN},
	{"call", CMD_LOG_CALL},
	{"comment", CMD_COMMENT},
	{"hand-over", CMD_HAND_OVER},
	{"confirm", CMD_CONFIRM},
	{"deny", CMD_CONFIRM},
	{"split", CMD_SPLIT},
	{"join", CMD_JOIN},
	{"give-up", CMD_GIVE_UP},
	{"follow-up", CMD_FOLLOW_UP},
	{"absent", CMD_ABSENCE},
	{"back", CMD_ABSENCE},
	{"delegate", CMD_DELEGATE},
	{"end-delegation", CMD_END_DELEGATION},
	{"bar", CMD_BAR},
	{"readmit", CMD_BAR},
	{"read", CMD_READ},
};

static int64_t time_of(struct play *p, const struct line *l, const char *key)
{
	return line_get(l, key) ? clock_parse(line_get(l, key), p->now) : 0;
}

/* Absence, delegation, bar: `p_ito delegate p_vice role=chief as=deputy until=17:00` */
static void fill_people(struct play *p, struct command *c, const struct line *l, const char *verb)
{
	const char *what = l->n_words > 2 ? l->words[2] : NULL;
	c->n_values = 0;
	c->since = time_of(p, l, "since");
	c->until = time_of(p, l, "until");
	switch (c->type) {
	case CMD_ABSENCE:
		c->about = what;
		c->flag = strcmp(verb, "back") == 0;
		break;
	case CMD_DELEGATE:
		c->other = what;
		c->about = line_get(l, "owner"); /* of the role: an administrator enters it */
		c->name = line_get(l, "role");
		c->answer = line_get(l, "as");
		c->stage = (uint32_t)atoi(line_get(l, "may") ? line_get(l, "may") : "0");
		break;
	case CMD_END_DELEGATION:
		c->ordinal = what ? (uint32_t)atoi(what) : 0;
		break;
	case CMD_READ:
		c->text = what;
		break;
	default:
		c->about = what;
		c->flag = strcmp(verb, "readmit") == 0;
	}
}

static void fill_one(struct play *p, struct command *c, const struct line *l, const char *verb)
{
	const char *what = l->n_words > 2 ? l->words[2] : NULL;
	switch (c->type) {
	case CMD_ALARM:
		c->item = what;
		c->flag = strcmp(verb, "alarm") != 0;
		c->answer = strcmp(verb, "surprise") == 0 ? "unannounced" : NULL;
		c->text = line_get(l, "reporter");
		break;
	case CMD_ACKNOWLEDGE:
		c->about = line_get(l, "terminal");
		c->answer = line_get(l, "answer");
		c->text = line_get(l, "comment");
		c->notice = c->about || strcmp(verb, "check") == 0
				    ? broadcast_of(p, c->incident, what)
				    : notice_for(p, c->incident, what, c->behalf ? c->behalf : c->person, c->terminal);
		break;
	case CMD_EXCUSE:
		c->notice = broadcast_of(p, c->incident, what);
		c->about = line_get(l, "terminal");
		break;
	case CMD_CONFIRM:
		c->ref = to_confirm(p, c->person);
		c->flag = strcmp(verb, "deny") == 0;
		break;
	case CMD_SPLIT:
		c->ref = what ? strtoull(what, NULL, 10) : 0;
		break;
	case CMD_JOIN:
		c->ordinal = (uint32_t)atoi(line_get(l, "into") ? line_get(l, "into") : "0");
		break;
	case CMD_HAND_OVER:
	case CMD_FOLLOW_UP:
		c->ordinal = what ? (uint32_t)atoi(what) : 0;
		c->answer = line_get(l, "state");
		break;
	case CMD_ABSENCE:
	case CMD_DELEGATE:
	case CMD_END_DELEGATION:
	case CMD_BAR:
	case CMD_READ:
		fill_people(p, c, l, verb);
		break;
	default:
		c->item = what;
	}
}

bool play_act(struct play *p, const struct line *l)
{
	struct filled f = {0};
	char sender[80], id[48];
	const char *who = l->words[0], *verb = l->n_words > 1 ? l->words[1] : "";
	struct command c = {.now = p->now, .made_at = p->now};
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(verb, verbs[i].verb) == 0)
			c.type = verbs[i].type;
	if (c.type == CMD_NONE)
		return false;
	bool terminal = strncmp(who, "terminal:", 9) == 0;
	if (terminal)
		c.terminal = who + 9;
	else
		c.person = who;
	snprintf(sender, sizeof sender, "%s%s", terminal ? "" : "person:", who);
	snprintf(id, sizeof id, "scenario-%010llu", (unsigned long long)++p->commands);
	c.sender = sender;
	c.id = id;
	c.incident = line_get(l, "in") ? (uint32_t)atoi(line_get(l, "in")) : 1;
	c.text = line_get(l, "reason");
	behalf(p, &c, l);
	fill(&c, l, &f, p->now);
	if (line_get(l, "owner")) {
		f.follows[0] = (struct record_follow){line_get(l, "kind_of"), c.text, line_get(l, "owner"), line_get(l, "due")};
		c.n_follow_ups = 1;
	}
	fill_one(p, &c, l, verb);
	play_command(p, &c);
	return true;
}
