/* A plan with a site: can the people, numbers and limits of this town carry the plan out? */
#include "plan/load.h"

#include <string.h>

struct check {
	struct reader r; /* the site's file; the arena is for sentences only */
	const struct plan *plan;
	const struct site *site;
};

/* ---- names ---- */

static struct plan_strings role_names(const struct check *c)
{
	struct plan_strings names = read_strings_new(&c->r, c->plan->n_roles);

	for (size_t i = 0; i < c->plan->n_roles; i++)
		names.at[names.n++] = c->plan->roles[i].id;
	return names;
}

static void no_such_role(struct check *c, struct plan_pos pos, const char *name)
{
	struct plan_strings names = role_names(c);

	READ_FAULT2(&c->r, pos, (&c->r, "The plan has no role '%s'%s. Correct the name.", name, read_nearest(&c->r, name, &names, false)),
		(&c->r, "計画に役割「%s」はありません%s。名前を直してください。", name, read_nearest(&c->r, name, &names, true)));
}

static bool known_role(struct check *c, struct plan_pos pos, const char *name)
{
	if (plan_role_find(c->plan, name) >= 0)
		return true;
	if (!strcmp(name, "?")) /* left out: told already */
		return false;
	no_such_role(c, pos, name);
	return false;
}

static void check_contact_names(struct check *c)
{
	struct plan_strings names = read_strings_new(&c->r, c->plan->n_bodies);

	for (size_t i = 0; i < c->plan->n_bodies; i++)
		names.at[names.n++] = c->plan->bodies[i].id;
	for (size_t i = 0; i < c->site->n_contacts; i++) {
		const struct site_contact *x = &c->site->contacts[i];

		if (!strcmp(x->body, "?")) /* left out: told already */
			continue;
		if (plan_body_find(c->plan, x->body) < 0)
			READ_FAULT2(&c->r, x->pos,
				(&c->r, "The plan has no body '%s'%s. Correct the name.", x->body,
					read_nearest(&c->r, x->body, &names, false)),
				(&c->r, "計画に関係機関「%s」はありません%s。名前を直してください。", x->body,
					read_nearest(&c->r, x->body, &names, true)));
		else if (!x->verified)
			READ_WARN(&c->r, x->pos, "The number of '%s' has no day of verification. Call it and add 'verified: YYYY-MM-DD'.",
				"「%s」の電話番号に確認日がありません。確かめて verified: 年-月-日 を書いてください。", x->body);
	}
}

static void check_names(struct check *c)
{
	const struct site *s = c->site;

	if (strcmp(s->plan, c->plan->id) && strcmp(s->plan, "?") && strcmp(c->plan->id, "?"))
		READ_FAULT(&c->r, s->plan_pos, "This site is for the plan '%s', not '%s'. Use the right file, or correct 'plan'.",
			"この登録情報は計画「%s」のもので、「%s」のものではありません。ファイルか plan を直してください。", s->plan,
			c->plan->id);
	for (size_t i = 0; i < s->n_holders; i++) {
		if (known_role(c, s->holders[i].pos, s->holders[i].role) &&
			c->plan->roles[plan_role_find(c->plan, s->holders[i].role)].group)
			READ_FAULT(&c->r, s->holders[i].pos, "'%s' is a group in the plan: put it under 'groups' with its members.",
				"「%s」は計画では会議体です。groups に構成員とともに書いてください。", s->holders[i].role);
	}
	for (size_t i = 0; i < s->n_groups; i++) {
		const struct site_group *g = &s->groups[i];

		if (known_role(c, g->pos, g->role) && !c->plan->roles[plan_role_find(c->plan, g->role)].group)
			READ_FAULT(&c->r, g->pos, "'%s' is no group in the plan: put it under 'holders'.",
				"「%s」は計画では会議体でありません。holders に書いてください。", g->role);
		if (g->chair)
			known_role(c, g->pos, g->chair);
	}
	for (size_t i = 0; i < s->private_to.n; i++)
		known_role(c, s->private_pos, s->private_to.at[i]);
	check_contact_names(c);
}

/* ---- holders ---- */

enum { MAX_HOLDERS = 256 };

static void check_sections(struct check *c, const struct plan_role *role, const struct site_holder *const *h, size_t n)
{
	for (size_t s = 0; s < c->site->sections.n; s++) {
		const char *section = c->site->sections.at[s];
		bool held = false, used = false;

		for (size_t i = 0; i < n; i++)
			held |= !h[i]->section || !strcmp(h[i]->section, section);
		for (size_t i = 0; i < c->site->n_terminals; i++)
			used |= c->site->terminals[i].section && !strcmp(c->site->terminals[i].section, section);
		if (used && !held)
			READ_FAULT(&c->r, c->site->holders_pos,
				"Role '%s' (%s) is held per section, and nobody holds it for section '%s'. Add a holder.",
				"役割「%s」（%s）は課ごとに置くもので、課「%s」に担当者がいません。書き加えてください。", role->id,
				role->title, section);
	}
}

/* A holder or group whose role is a slip of the pen for this one: told already. */
static bool misspelt(struct check *c, int role)
{
	struct plan_strings names = role_names(c);

	for (size_t i = 0; i < c->site->n_holders; i++) {
		if (plan_role_find(c->plan, c->site->holders[i].role) < 0 && read_nearest_index(c->site->holders[i].role, &names) == role)
			return true;
	}
	for (size_t i = 0; i < c->site->n_groups; i++) {
		if (plan_role_find(c->plan, c->site->groups[i].role) < 0 && read_nearest_index(c->site->groups[i].role, &names) == role)
			return true;
	}
	return false;
}

static void check_held(struct check *c, int index, const char *used_by)
{
	const struct plan_role *role = &c->plan->roles[index];
	const struct site_holder *h[MAX_HOLDERS];
	size_t n;

	if (misspelt(c, index))
		return;
	if (role->group) {
		if (!site_group_find(c->site, role->id) && !role->optional)
			READ_FAULT(&c->r, c->site->groups_pos,
				"Group '%s' (%s) has no members, and item %s needs it. Add it under 'groups'.",
				"会議体「%s」（%s）の構成員がなく、項目 %s が行えません。groups に書いてください。", role->id, role->title,
				used_by);
		return;
	}
	n = plan_people_holders(c->plan, c->site, index, h, MAX_HOLDERS);
	if (!n && !role->optional)
		READ_FAULT(&c->r, c->site->holders_pos, "Nobody holds the role '%s' (%s), and item %s needs it. Add it under 'holders'.",
			"役割「%s」（%s）の担当者がおらず、項目 %s が行えません。holders に書いてください。", role->id, role->title,
			used_by);
	if (n && role->per_section)
		check_sections(c, role, h, n);
	for (size_t i = 0; i < n; i++) {
		if (!h[i]->n_deputies && !h[i]->organisation)
			READ_WARN(&c->r, h[i]->pos, "Role '%s' has no deputy: when the holder is away, everybody waits. Add 'deputies'.",
				"役割「%s」に代理がいません。本人が不在のとき止まります。deputies を書いてください。", h[i]->role);
	}
}

static const char *use_among(const struct plan_item *it, int role)
{
	if (read_ints_has(&it->by, role))
		return it->id;
	for (size_t i = 0; i < it->n_tell; i++) {
		if (read_ints_has(&it->tell[i].via, role) || read_ints_has(&it->tell[i].to, role))
			return it->id;
	}
	return NULL;
}

static void check_roles(struct check *c)
{
	for (size_t role = 0; role < c->plan->n_roles; role++) {
		const char *used_by = NULL;

		for (size_t i = 0; i < c->plan->n_items && !used_by; i++)
			used_by = use_among(&c->plan->items[i], (int)role);
		if (used_by)
			check_held(c, (int)role, used_by);
	}
}

static bool holds(const struct check *c, int role, int person)
{
	const struct site_holder *h[MAX_HOLDERS];
	size_t n = plan_people_holders(c->plan, c->site, role, h, MAX_HOLDERS);

	for (size_t i = 0; i < n; i++) {
		if (read_ints_has(&h[i]->persons, person))
			return true;
	}
	return false;
}

/* Roles that one person may not hold together. */
static void check_never(struct check *c)
{
	for (size_t role = 0; role < c->plan->n_roles; role++) {
		const struct plan_ints *never = &c->plan->roles[role].never;

		for (size_t k = 0; k < never->n; k++) {
			for (size_t p = 0; p < c->site->n_persons; p++) {
				if (holds(c, (int)role, (int)p) && holds(c, never->at[k], (int)p))
					READ_FAULT(&c->r, c->site->persons[p].pos,
						"%s holds '%s' and '%s', which the plan forbids. Give one to somebody else.",
						"%sさんが「%s」と「%"
						"s」を兼ねています（計画が禁じています）。どちらかを他の人にしてください。",
						c->site->persons[p].name, c->plan->roles[role].id, c->plan->roles[never->at[k]].id);
			}
		}
	}
}

/* ---- approving one's own work ---- */

static bool sends_back(const struct plan_item *it)
{
	for (size_t i = 0; i < it->n_dims; i++) {
		for (size_t k = 0; k < it->dims[i].n_options; k++) {
			if (it->dims[i].options[k].reopens.n)
				return true;
		}
	}
	return false;
}

static bool acts(const struct check *c, const struct plan_item *it, int person)
{
	for (size_t i = 0; i < it->by.n; i++) {
		if (it->by.at[i] >= 0 && !c->plan->roles[it->by.at[i]].group && holds(c, it->by.at[i], person))
			return true;
	}
	return false;
}

/* Whoever enters what a council decided does not decide it. */
static bool of_a_group(const struct check *c, const struct plan_item *it)
{
	return it->decided_by >= 0 && c->plan->roles[it->decided_by].group;
}

static void check_self_approval(struct check *c)
{
	for (size_t i = 0; i < c->plan->n_items; i++) {
		const struct plan_item *it = &c->plan->items[i];

		for (size_t k = 0; sends_back(it) && !of_a_group(c, it) && k < it->rests_on.n; k++) {
			const struct plan_item *below = &c->plan->items[it->rests_on.at[k]];

			if (of_a_group(c, below))
				continue;
			for (size_t p = 0; p < c->site->n_persons; p++) {
				if (acts(c, it, (int)p) && acts(c, below, (int)p))
					READ_WARN(&c->r, c->site->persons[p].pos,
						"%s would approve in item %s what the same person did in %s. Let somebody else hold one of "
						"the roles.",
						"%sさんが項目 %s で、自分が %s "
						"で行ったことを承認することになります。どちらかの役割を他の人にしてください。",
						c->site->persons[p].name, it->id, below->id);
			}
		}
	}
}

/* ---- numbers, limits ---- */

/* Kinds of hours in which no number of the body holds. */
static unsigned uncovered(unsigned missing, enum plan_hours hours)
{
	for (enum plan_hours now = HOURS_BUSINESS; now <= HOURS_CLOSURE; now++) {
		if (contact_fits(hours, now))
			missing &= ~(1U << now);
	}
	return missing;
}

static const char *hours_texts(const struct check *c, unsigned missing, bool japanese)
{
	static const struct noun NAMES[] = {[HOURS_BUSINESS] = {"in business hours", "執務時間中"},
		[HOURS_NIGHT] = {"at night", "夜間"},
		[HOURS_WEEKEND] = {"at weekends", "週末"},
		[HOURS_HOLIDAY] = {"on holidays", "休日"},
		[HOURS_CLOSURE] = {"while the office is closed over the year's end", "閉庁期間"}};
	const char *text = "";

	for (unsigned h = HOURS_BUSINESS; h <= HOURS_CLOSURE; h++) {
		if (!(missing & 1U << h) || h == HOURS_CLOSED)
			continue;
		text = arena_printf(
			c->r.arena, "%s%s%s", text, *text ? (japanese ? "・" : ", ") : "", japanese ? NAMES[h].ja : NAMES[h].en);
	}
	return text;
}

static void check_body(struct check *c, int body, const struct plan_item *it)
{
	const struct plan_body *b = &c->plan->bodies[body];
	const unsigned every = 1U << HOURS_BUSINESS | 1U << HOURS_NIGHT | 1U << HOURS_WEEKEND | 1U << HOURS_HOLIDAY | 1U << HOURS_CLOSURE;
	unsigned missing = every;
	bool site = false;

	for (size_t i = 0; i < c->site->n_contacts; i++) {
		if (plan_body_find(c->plan, c->site->contacts[i].body) == body) {
			site = true;
			missing = uncovered(missing, c->site->contacts[i].hours);
		}
	}
	for (size_t i = 0; !site && i < c->plan->n_contacts; i++) {
		if (c->plan->contacts[i].body == body)
			missing = uncovered(missing, c->plan->contacts[i].hours);
	}
	if (missing == every)
		READ_FAULT(&c->r, c->site->contacts_pos, "There is no number for '%s' (%s), which item %s calls. Add it under 'contacts'.",
			"「%s」（%s）の電話番号がなく、項目 %s で連絡できません。contacts に書いてください。", b->id, b->title, it->id);
	else if (missing)
		READ_WARN2(&c->r, c->site->contacts_pos,
			(&c->r, "'%s' (%s) has no number %s.", b->id, b->title, hours_texts(c, missing, false)),
			(&c->r, "「%s」（%s）に%sの電話番号がありません。", b->id, b->title, hours_texts(c, missing, true)));
}

static void check_bodies(struct check *c)
{
	for (size_t b = 0; b < c->plan->n_bodies; b++) {
		const struct plan_item *caller = NULL;

		for (size_t i = 0; i < c->plan->n_items && !caller; i++) {
			if (read_ints_has(&c->plan->items[i].calls.bodies, (int)b))
				caller = &c->plan->items[i];
		}
		if (caller)
			check_body(c, (int)b, caller);
	}
}

static void check_limits(struct check *c)
{
	const struct site *s = c->site;

	for (size_t i = 0; i < c->plan->n_limits; i++) {
		bool found = false;

		for (size_t k = 0; k < s->n_limits; k++)
			found |= !strcmp(s->limits[k].id, c->plan->limits[i].id);
		if (!found)
			READ_WARN(&c->r, s->limits_pos,
				"The plan names the limit '%s' (%s), the site gives no minutes for it; 'default' is used.",
				"計画の時限「%s」（%s）に分数の定めがなく、default を用います。", c->plan->limits[i].id,
				c->plan->limits[i].title);
	}
	for (size_t k = 0; k < s->n_limits; k++) {
		const struct site_limit *x = &s->limits[k];
		bool named = !strcmp(x->id, "default");

		for (size_t i = 0; i < c->plan->n_limits; i++)
			named |= !strcmp(x->id, c->plan->limits[i].id);
		if (!named)
			READ_WARN(&c->r, x->pos, "The plan has no limit '%s': it is never used.", "計画に時限「%s」はなく、使われません。",
				x->id);
		if (x->ack && x->done && x->ack > x->done)
			READ_WARN(&c->r, x->pos, "Limit '%s': 'ack' is longer than 'done'.",
				"時限「%s」: ack が done より長くなっています。", x->id);
		if (x->repeat && x->ack && x->repeat > x->ack)
			READ_WARN(&c->r, x->pos, "Limit '%s': 'repeat' is longer than 'ack', so nothing would be repeated.",
				"時限「%s」: repeat が ack より長く、再通知されません。", x->id);
	}
}

static void check_terminals(struct check *c)
{
	if (!c->site->n_terminals)
		READ_WARN(&c->r, c->site->terminals_pos, "There is no terminal: alarms could only be raised by signed-in persons.",
			"端末が一つもなく、通報できるのは利用者として入った職員だけです。");
}

void plan_check_site(const char *site_file, const struct plan *plan, const struct site *site, struct plan_faults *faults)
{
	struct check c = {.r = {.arena = arena_new(0), .file = site_file, .faults = faults}, .plan = plan, .site = site};

	check_names(&c);
	check_roles(&c);
	check_never(&c);
	check_self_approval(&c);
	check_bodies(&c);
	check_limits(&c);
	check_terminals(&c);
	arena_free(c.r.arena);
}

struct plan *plan_check_files(const char *plan_file, const char *plan_text, size_t plan_len, const char *site_file, const char *site_text,
	size_t site_len, struct plan_faults *faults, struct plan_people **people)
{
	struct plan *plan = load_plan_anyway(plan_file, plan_text, plan_len, faults);
	struct site *site = site_text ? load_site_anyway(site_file, site_text, site_len, faults) : NULL;

	if (plan && site)
		plan_check_site(site_file, plan, site, faults);
	if (people)
		*people = plan && plan->sound && site ? plan_people_new(plan->arena, plan, site) : NULL;
	site_free(site);
	if (plan && plan->sound)
		return plan;
	plan_free(plan);
	return NULL;
}
