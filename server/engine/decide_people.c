/*
 * decide_people: absences, delegations, and who is kept out of an incident; reading on record.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "engine/core.h"

#define READ_AGAIN_MS 3600000 /* one's further looks within the hour are the same reading */
#define MAX_HOLDERS 64

static bool administrator(const struct decision *d)
{
	const struct site *s = engine_site(d->e);
	int p = site_person_find(s, d->c->person);
	return p >= 0 && s->persons[p].administrator;
}

static bool known(const struct decision *d, const char *person)
{
	return person && site_person_find(engine_site(d->e), person) >= 0;
}

static const char *name_of(const struct decision *d, const char *person)
{
	int p = person ? site_person_find(engine_site(d->e), person) : -1;
	return p >= 0 ? engine_site(d->e)->persons[p].name : person;
}

/* A term that makes sense; *since becomes now when it was left out. */
static bool good_term(const struct command *c, int64_t *since, bool open_end)
{
	*since = c->since ? c->since : c->now;
	return c->until ? c->until > *since && c->until > c->now : open_end;
}

/* Whose it is: one's own; another's for administrators. What a person said by telephone is that person's own. */
static int whose(struct decision *d, const char **out, const char *ja, const char *en)
{
	const char *about = core_blank(d->c->about) ? d->person : d->c->about;
	if (!known(d, about))
		return verdict_refuse(d->v, REASON_UNKNOWN_PERSON, about);
	if (strcmp(about, d->person) != 0 && !administrator(d))
		return verdict_refuse_both(d->v, REASON_NOT_ENTITLED, ja, en);
	*out = about;
	return 0;
}

/* ---- absence ---- */

int decide_absence(struct decision *d)
{
	const struct command *c = d->c;
	const char *who;
	int64_t since = 0;
	if (whose(d, &who, "他の人の不在の登録（管理者が行うか、本人から聞いたことを --for で入力します）",
		    "mark somebody else's absence (an administrator may; what the person told you is entered with --for)") < 0)
		return -1;
	if (c->flag && !engine_absence(d->e, who, false))
		return verdict_refuse(d->v, REASON_UNKNOWN_RECORD, NULL);
	if (!c->flag && core_blank(c->text))
		return verdict_refuse(d->v, REASON_NO_REASON_GIVEN, NULL);
	if (!c->flag && !good_term(c, &since, true))
		return verdict_refuse(d->v, REASON_BAD_TERM, NULL);
	struct record *r = decide_deed(d, REC_ABSENCE, NULL, CAP_SELF);
	r->other = who;
	r->flag = c->flag;
	r->text = core_blank(c->text) ? NULL : c->text;
	r->since = c->flag ? 0 : since;
	r->until = c->flag ? 0 : c->until;
	return 0;
}

/* ---- delegation ---- */

static int not_to_delegate(struct decision *d, const char *ja, const char *en)
{
	return verdict_refuse_both(d->v, REASON_NOT_TO_DELEGATE, ja, en);
}

/* A role that `from` holds himself, and that `to` may hold. */
static int check_role(struct decision *d, const struct plan *p, int role, const char *from, const char *to, bool *holds)
{
	const struct site_holder *hs[MAX_HOLDERS];
	size_t n = people_holders(d->e, p, role, hs, MAX_HOLDERS);
	bool mine = false;
	for (size_t i = 0; i < n; i++)
		mine = mine || post_holds(d->e, hs[i], from);
	if (!mine)
		return 0;
	*holds = true;
	if (people_kept_apart(d->e, p, to, role))
		return not_to_delegate(d, arena_printf(d->out->arena, "%s は「%s」を兼ねられません", name_of(d, to), p->roles[role].title),
			arena_printf(d->out->arena, "%s may not hold '%s'", name_of(d, to), plan_role_id(p, role)));
	return 0;
}

/* Only who holds a role can pass it on: a deputy or delegate cannot, and a seat in a group is nobody's to give. */
static int check_roles(struct decision *d, const char *from, const char *to)
{
	const struct plan *p = engine_plan(d->e);
	bool holds = false;
	if (core_blank(d->c->name)) {
		for (size_t r = 0; r < p->n_roles; r++)
			if (!p->roles[r].group && check_role(d, p, (int)r, from, to, &holds) < 0)
				return -1;
	} else {
		int role = plan_role_find(p, d->c->name);
		if (role < 0)
			return verdict_refuse(d->v, REASON_BAD_INPUT, arena_printf(d->out->arena, "role: %s", d->c->name));
		if (p->roles[role].group)
			return not_to_delegate(d,
				"会議の委員の席は委任できません。招集に「代理」と答えて、出席する人の名前を書いてください",
				"a seat in a group: answer the convening with 'deputy' and say who comes");
		if (check_role(d, p, role, from, to, &holds) < 0)
			return -1;
	}
	return holds ? 0
		     : not_to_delegate(d,
			       "本人が務めている役割だけを委任できます（代理・委任で受けた役割を、さらに他の人へ渡すことはできません）",
			       "only a role that one holds oneself (what one was entrusted with cannot be passed on)");
}

int decide_delegate(struct decision *d)
{
	const struct command *c = d->c;
	bool deputy = core_same(c->answer, "deputy");
	const char *from;
	int64_t since = 0;
	if (whose(d, &from, "他の人の役割の委任（本人が行います。管理者は理由を付けて登録できます）",
		    "delegate somebody else's role (its holder does; an administrator may, with a reason)") < 0)
		return -1;
	if (!known(d, c->other))
		return verdict_refuse(d->v, REASON_UNKNOWN_PERSON, c->other ? c->other : "");
	if (!deputy && !core_same(c->answer, "delegate"))
		return verdict_refuse(d->v, REASON_BAD_INPUT, "kind (deputy | delegate)");
	if (c->stage > MAY_ALL)
		return verdict_refuse(d->v, REASON_BAD_INPUT, "may");
	if (strcmp(from, c->other) == 0)
		return not_to_delegate(d, "自分自身には委任できません", "not to oneself");
	if (d->person != c->person && core_same(c->other, c->person))
		return not_to_delegate(d, "電話などで聞いた委任は、委任を受ける人ではなく、ほかの人が入力してください",
			"to oneself on another's word: somebody else must enter it");
	if (term_delegations_of(d->e, from) >= TERM_DELEGATIONS_MAX)
		return not_to_delegate(d, arena_printf(d->out->arena, "一人が同時に出せる委任は %d 件までです", TERM_DELEGATIONS_MAX),
			arena_printf(d->out->arena, "one person gives at most %d at a time", TERM_DELEGATIONS_MAX));
	if (!good_term(c, &since, false))
		return verdict_refuse(d->v, REASON_BAD_TERM, NULL);
	if (check_roles(d, from, c->other) < 0)
		return -1;
	if (strcmp(from, d->person) != 0 && core_blank(c->text))
		return verdict_refuse(d->v, REASON_NO_REASON_GIVEN, NULL);
	struct record *r = decide_deed(d, REC_DELEGATED, core_blank(c->name) ? NULL : c->name, deputy ? CAP_DEPUTY : CAP_DELEGATE);
	r->ordinal = (uint32_t)d->e->n_delegations + 1;
	r->other = from;
	r->name = c->other;
	r->stage = c->stage ? c->stage : MAY_ALL;
	r->since = since;
	r->until = c->until;
	r->text = core_blank(c->text) ? NULL : c->text;
	return 0;
}

int decide_end_delegation(struct decision *d)
{
	const struct command *c = d->c;
	const struct delegation *g = c->ordinal >= 1 && c->ordinal <= d->e->n_delegations ? &d->e->delegations[c->ordinal - 1] : NULL;
	if (!g || g->ended_at)
		return verdict_refuse(d->v, REASON_UNKNOWN_DELEGATION, arena_printf(d->out->arena, "%u", c->ordinal));
	if (strcmp(g->from, d->person) != 0 && strcmp(g->to, d->person) != 0 && !administrator(d))
		return verdict_refuse(d->v, REASON_NOT_ENTITLED, NULL);
	struct record *r = decide_deed(d, REC_DELEGATION_ENDED, g->role, CAP_SELF);
	r->ordinal = g->id;
	r->other = g->from;
	r->name = g->to;
	r->text = core_blank(c->text) ? NULL : c->text;
	return 0;
}

/* "委任 3、伊藤 正人 → 林 信夫、2026-11-24 09:00 から 2026-11-24 17:00 まで" */
static const char *term_text(struct decision *d, const struct delegation *g, bool english)
{
	char since[24], until[24];
	clock_format(g->since, false, since);
	clock_format(g->ended_at && g->ended_at < g->until ? g->ended_at : g->until, false, until);
	const char *kind = english ? capacity_name(g->kind) : capacity_title(g->kind);
	return arena_printf(d->out->arena, english ? "%s no. %u, %s -> %s, from %s to %s" : "%s %u番、%s → %s、%s から %s まで", kind,
		g->id, name_of(d, g->from), name_of(d, g->to), since, until);
}

static int lapsed(struct decision *d, const struct delegation *g)
{
	return verdict_refuse_both(
		d->v, g->ended_at ? REASON_DELEGATION_EXPIRED : REASON_DELEGATION_NOT_YET, term_text(d, g, false), term_text(d, g, true));
}

int decide_not_seen(struct decision *d, struct incident *in, const char *number)
{
	const struct delegation *g = NULL;
	for (size_t r = 0; r < in->plan->n_roles && !g && d->c->person && !engine_barred(in, d->c->person); r++)
		g = term_lapsed(d->e, in->plan, (int)r, d->c->person);
	return g ? lapsed(d, g) : verdict_refuse(d->v, REASON_NOT_SEEN, number);
}

int decide_not_entitled(struct decision *d, enum reason reason, const struct plan_item *it, const int *roles, size_t n_roles)
{
	const struct delegation *g = NULL;
	for (size_t i = 0; i < n_roles && !g && d->person && d->incident; i++)
		g = term_lapsed(d->e, d->incident->plan, roles[i], d->person);
	if (g)
		return lapsed(d, g);
	return it ? verdict_refuse_item(d->v, reason, it) : verdict_refuse(d->v, reason, NULL);
}

/* ---- need to know ---- */

static bool left_out(const struct incident *in, const char *person, const char *leaving)
{
	return core_same(person, leaving) || engine_barred(in, person);
}

/* Can a post still be answered for, in everything it may have to do, without this person? */
static bool post_remains(const struct decision *d, const struct site_holder *h, int role, const char *leaving)
{
	const struct incident *in = d->incident;
	const char *who[MAX_HOLDERS];
	for (size_t k = 0; k < h->persons.n; k++)
		if (!left_out(in, people_id(d->e, h->persons.at[k]), leaving))
			return true;
	for (int kind = CAP_DEPUTY; kind <= CAP_DELEGATE; kind++) {
		size_t n = post_list(d->e, in, h, role, NULL, (enum capacity)kind, who, MAX_HOLDERS);
		for (size_t k = 0; k < n; k++)
			if (!left_out(in, who[k], leaving) && post_may_all(d->e, in, h, role, who[k]))
				return true;
	}
	return false;
}

static bool role_remains(const struct decision *d, int role, const char *leaving)
{
	const struct plan_role *pr = &d->incident->plan->roles[role];
	const struct site_holder *hs[MAX_HOLDERS];
	size_t n = people_holders_in(d->e, d->incident, role, hs, MAX_HOLDERS), remain = 0;
	bool concerned = false;
	for (size_t i = 0; i < n; i++) {
		concerned = concerned || post_holds(d->e, hs[i], leaving) || post_names(d->e, d->incident, hs[i], role, leaving);
		remain += post_remains(d, hs[i], role, leaving);
	}
	return !concerned || remain || pr->optional;
}

static bool group_remains(const struct decision *d, int role, const char *leaving)
{
	const struct site_group *g = site_group_find(engine_site(d->e), d->incident->plan->roles[role].id);
	size_t left = 0;
	bool member = false;
	for (size_t i = 0; g && i < g->members.n; i++) {
		const char *id = people_id(d->e, g->members.at[i]);
		member = member || core_same(id, leaving);
		left += !left_out(d->incident, id, leaving);
	}
	return !member || left >= (size_t)g->quorum;
}

/* Closing must stay within reach: whoever is kept out leaves somebody behind in each role. */
static int somebody_remains(struct decision *d, const char *leaving)
{
	const struct plan *p = d->incident->plan;
	for (size_t r = 0; r < p->n_roles; r++)
		if (!(p->roles[r].group ? group_remains(d, (int)r, leaving) : role_remains(d, (int)r, leaving)))
			return verdict_refuse_both(d->v, REASON_NOBODY_LEFT, p->roles[r].title,
				p->roles[r].title_en ? p->roles[r].title_en : p->roles[r].title);
	return 0;
}

int decide_bar(struct decision *d)
{
	const struct command *c = d->c;
	enum capacity cap;
	if (!known(d, c->about))
		return verdict_refuse(d->v, REASON_UNKNOWN_PERSON, c->about ? c->about : "");
	int role = people_may_bar(d->e, d->incident, d->person, c->about, &cap);
	if (role == ROLE_NONE || strcmp(c->about, d->person) == 0)
		return verdict_refuse(d->v, REASON_NOT_ENTITLED, NULL);
	if (core_blank(c->text))
		return verdict_refuse(d->v, REASON_NO_REASON_GIVEN, NULL);
	if (engine_barred(d->incident, c->about) != c->flag)
		return verdict_refuse(d->v, REASON_UNKNOWN_RECORD, NULL);
	if (!c->flag && somebody_remains(d, c->about) < 0)
		return -1;
	struct record *r = decide_deed(d, REC_BARRED, plan_role_id(d->incident->plan, role), cap);
	r->other = c->about;
	r->text = c->text;
	r->flag = c->flag;
	return 0;
}

int decide_read(struct decision *d)
{
	const struct command *c = d->c;
	struct incident *in = core_incident(d->e, c->incident);
	if (!in || !c->person || !people_restricted(in))
		return 0;
	for (size_t i = 0; i < in->n_reads; i++)
		if (core_same(in->reads[i].person, c->person) && core_same(in->reads[i].what, c->text) &&
			in->reads[i].at + READ_AGAIN_MS > c->now)
			return 0;
	d->incident = in;
	struct record *r = decide_record(d, REC_READ);
	r->person = c->person;
	r->terminal = c->terminal;
	r->text = c->text;
	return 0;
}
