/*
 * decide_load: editions of the plan and the site: files that an administrator loads, and sites of which only the holders of one role or one
 * person change. Nothing faulty comes into force.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/core.h"
#include "engine/value.h"
#include "plan/explore.h"
#include "plan/site_edit.h"
#include "record/chain.h"

static bool administrator(const struct engine *e, const struct command *c)
{
	if (strcmp(c->sender, "console") == 0)
		return true; /* the machine's own administration, see server/app */
	int p = c->person && engine_site(e) ? site_person_find(engine_site(e), c->person) : -1;
	return p >= 0 && engine_site(e)->persons[p].administrator;
}

static int faulty(struct decision *d, struct plan_faults *faults)
{
	for (size_t i = 0; i < faults->n; i++) {
		if (faults->at[i].warning)
			continue;
		char *line =
			xasprintf("%s:%d:%d: %s", faults->at[i].file, faults->at[i].pos.line, faults->at[i].pos.column, faults->at[i].text);
		verdict_missing(d->v, line);
		free(line);
	}
	plan_faults_free(faults);
	return verdict_refuse(d->v, REASON_PLAN_FAULTY, NULL);
}

/* An open incident stays with its edition of the plan: the new site must be able to carry that too. Each edition once. */
static void check_older_plan(const struct decision *d, size_t incident, const char *name, const struct site *s, struct plan_faults *faults)
{
	const struct incident *in = d->e->incidents[incident];
	if (in->state != INCIDENT_OPEN || in->plan == engine_plan(d->e) || !core_same(in->plan->id, s->plan))
		return;
	for (size_t i = 0; i < incident; i++)
		if (d->e->incidents[i]->state == INCIDENT_OPEN && d->e->incidents[i]->plan == in->plan)
			return;
	plan_check_site(name, in->plan, s, faults);
}

/*
 * A plan that leads into a dead end is not put into force. A short look, since everybody waits for it: every state without a disruption,
 * of a plan of usual size; `renraku plan load` has looked further before it asks.
 */
static void check_way_out(const struct decision *d, const struct plan *p, const char *name, struct plan_faults *faults)
{
	struct arena *a = arena_new(0);
	struct explore_limits limits = {.disruptions = 0, .states = 5000};
	if (engine_site(d->e))
		limits.people = plan_people_new(a, p, engine_site(d->e));
	struct explore_report *r = explore_plan(p, &limits);
	for (size_t i = 0; i < r->n_findings; i++)
		if (!r->findings[i].warning && r->findings[i].kind != EXPLORE_NEVER_READY) /* its turn may come after a disruption */
			plan_fault_texts(faults, name, r->findings[i].pos, false, r->findings[i].text_en, r->findings[i].text);
	explore_free(r);
	arena_free(a);
}

/* A site that can be read, against the plan in force and those that open incidents are handled by. */
static void check_site(const struct decision *d, const char *name, const struct site *s, struct plan_faults *faults)
{
	for (size_t i = 0; i < d->e->n_incidents; i++)
		check_older_plan(d, i, name, s, faults);
	if (engine_plan(d->e))
		plan_check_site(name, engine_plan(d->e), s, faults);
	else
		plan_fault_add(faults, name, (struct plan_pos){1, 1}, false, "load a plan first", "先に計画を読み込んでください");
}

static struct record *loaded(struct decision *d, enum record_kind kind, const char *name)
{
	const struct command *c = d->c;
	d->person = c->person;
	struct record *r = decide_deed(d, kind, NULL, c->person ? CAP_SELF : CAP_NONE);
	r->name = name;
	return r;
}

int decide_load(struct decision *d)
{
	const struct command *c = d->c;
	if (!administrator(d->e, c))
		return verdict_refuse(d->v, REASON_ADMIN_ONLY, NULL);
	struct plan_faults faults = {0};
	const char *name = c->name ? c->name : c->type == CMD_LOAD_PLAN ? "plan" : "site";
	struct plan *p = NULL;
	struct site *s = NULL;
	if (c->type == CMD_LOAD_PLAN)
		p = plan_load(name, (const char *)c->blob, c->blob_len, &faults);
	else
		s = site_load(name, (const char *)c->blob, c->blob_len, &faults);
	if (p && engine_site(d->e))
		plan_check_site("site", p, engine_site(d->e), &faults);
	if (p && !faults.n_errors)
		check_way_out(d, p, name, &faults);
	if (s)
		check_site(d, name, s, &faults);
	bool ok = (p || s) && faults.n_errors == 0;
	bool plan = p != NULL;
	plan_free(p);
	site_free(s);
	if (!ok)
		return faulty(d, &faults);
	plan_faults_free(&faults);
	struct record *r = loaded(d, plan ? REC_PLAN_LOADED : REC_SITE_LOADED, name);
	r->blob = c->blob;
	r->blob_len = c->blob_len;
	r->text = c->text;
	return 0;
}

/* ---- one thing of the site ---- */

/* Where somebody can administer, somebody must be able to afterwards. */
static void check_administrators(const struct decision *d, const char *name, const struct site *s, struct plan_faults *faults)
{
	const struct site *before = engine_site(d->e);
	bool was = false, is = false;
	for (size_t i = 0; i < before->n_persons; i++)
		was |= before->persons[i].administrator && before->persons[i].login;
	for (size_t i = 0; i < s->n_persons; i++)
		is |= s->persons[i].administrator && s->persons[i].login;
	if (was && !is)
		plan_fault_add(faults, name, s->persons[0].pos, false,
			"nobody who can sign in would be an administrator any more: make somebody else one first",
			"サインインできる管理者がいなくなります。先に他の人を管理者にしてください");
}

/* The edition that came of it, unless it does not fit the plan. Its parts are taken. */
static struct record *edited(struct decision *d, struct site_edited *new, const char *name, struct plan_faults *faults)
{
	if (new->site) {
		check_site(d, name, new->site, faults);
		check_administrators(d, name, new->site, faults);
	}
	bool ok = new->site && !faults->n_errors;
	site_free(new->site);
	if (!ok) {
		free(new->text);
		faulty(d, faults);
		return NULL;
	}
	plan_faults_free(faults);
	/* The name is the edition's that this one takes the place of. */
	struct record *r = loaded(d, REC_SITE_LOADED, arena_strdup(d->out->arena, name));
	uint8_t *blob = arena_alloc(d->out->arena, new->len + 1);
	char *sha256 = arena_alloc(d->out->arena, 2 * RECORD_HASH + 1);
	memcpy(blob, new->text, new->len);
	free(new->text);
	chain_sha256(blob, new->len, sha256);
	r->blob = blob;
	r->blob_len = new->len;
	r->text = sha256;
	r->answer = core_blank(d->c->text) ? NULL : d->c->text;
	return r;
}

static int unknown_person(struct decision *d, const char *id)
{
	return site_person_find(engine_site(d->e), id) < 0 ? verdict_refuse(d->v, REASON_UNKNOWN_PERSON, id) : 0;
}

static int known_persons(struct decision *d, const struct site_edit_holders *w)
{
	for (size_t i = 0; i < w->n_persons; i++)
		if (unknown_person(d, w->persons[i]) < 0)
			return -1;
	for (size_t i = 0; i < w->n_deputies; i++)
		if (unknown_person(d, w->deputies[i].person) < 0)
			return -1;
	return 0;
}

/* By id or by title, as the rows give it. */
static int section_id(struct decision *d, const char **section)
{
	const struct site *s = engine_site(d->e);
	for (size_t i = 0; *section && i < s->sections.n; i++) {
		if (!core_same(s->sections.at[i], *section) && !core_same(s->section_titles.at[i], *section))
			continue;
		*section = s->sections.at[i];
		return 0;
	}
	return *section ? verdict_refuse(d->v, REASON_BAD_INPUT, "section") : 0;
}

int decide_edit_holders(struct decision *d)
{
	struct site_edit_holders w = *d->c->edit_holders;
	const struct site *s = engine_site(d->e);
	if (!administrator(d->e, d->c))
		return verdict_refuse(d->v, REASON_ADMIN_ONLY, NULL);
	int role = core_blank(w.role) ? ROLE_NONE : plan_role_find(engine_plan(d->e), w.role);
	if (role < 0)
		return verdict_refuse(d->v, REASON_BAD_INPUT, "role");
	if (!w.n_persons) {
		verdict_missing(d->v, "persons");
		return verdict_refuse(d->v, REASON_INCOMPLETE, w.role);
	}
	if (known_persons(d, &w) < 0 || section_id(d, &w.section) < 0)
		return -1;
	bool group = engine_plan(d->e)->roles[role].group;
	if (group && w.n_deputies)
		return verdict_refuse(d->v, REASON_BAD_INPUT, "deputies");
	if (!group && site_edit_entry(s, &w) == -2) {
		verdict_missing(d->v, "section");
		return verdict_refuse(d->v, REASON_INCOMPLETE, w.role);
	}
	if (core_blank(d->c->text))
		return verdict_refuse(d->v, REASON_NO_REASON_GIVEN, NULL);
	struct plan_faults faults = {0};
	const char *name;
	size_t len;
	const char *text = core_site_text(d->e, &len, &name);
	struct site_edited new = {0};
	site_edit_holders(s, name, text, len, &w, &faults, &new);
	struct record *r = edited(d, &new, name, &faults);
	if (!r)
		return -1;
	r->role = w.role;
	return 0;
}

/* Numbers as people type them; the first that is none is named. */
static int good_numbers(struct decision *d, const struct site_edit_person *w, struct site_edit_number *out)
{
	for (size_t i = 0; i < w->n_numbers; i++) {
		out[i] = w->numbers[i];
		out[i].number = core_blank(w->numbers[i].number) ? NULL : value_tel(d->out->arena, w->numbers[i].number);
		if (!out[i].number)
			return verdict_refuse(d->v, REASON_BAD_NUMBER, w->numbers[i].number ? w->numbers[i].number : "");
	}
	return 0;
}

int decide_edit_person(struct decision *d)
{
	struct site_edit_person w = *d->c->edit_person;
	if (!administrator(d->e, d->c))
		return verdict_refuse(d->v, REASON_ADMIN_ONLY, NULL);
	if (core_blank(w.id))
		return verdict_refuse(d->v, REASON_BAD_INPUT, "person");
	if (core_blank(w.name))
		w.name = NULL;
	if (core_blank(w.name_en))
		w.name_en = NULL;
	if (!w.name && site_person_find(engine_site(d->e), w.id) < 0)
		verdict_missing(d->v, "name");
	if (!w.login && !w.n_numbers)
		verdict_missing(d->v, "numbers");
	if (d->v->n_missing)
		return verdict_refuse(d->v, REASON_INCOMPLETE, w.id);
	struct site_edit_number numbers[SITE_EDIT_LIST_MAX];
	if (good_numbers(d, &w, numbers) < 0)
		return -1;
	w.numbers = numbers;
	struct plan_faults faults = {0};
	const char *name;
	size_t len;
	const char *text = core_site_text(d->e, &len, &name);
	struct site_edited new = {0};
	site_edit_person(name, text, len, &w, &faults, &new);
	struct record *r = edited(d, &new, name, &faults);
	if (!r)
		return -1;
	r->other = w.id;
	return 0;
}
