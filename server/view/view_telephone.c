/* Whom to telephone now, and why: the last rung of every escalation, and the first where nobody is signed in. */
#include <string.h>

#include "view/view_build.h"

/* Rows for one broadcast: of more terminals than these nobody telephones one by one. */
#define TERMINALS_MAX 50u
#define HOLDERS_MAX 32u

/* Can anybody who may answer see it? One above may not; he was told so that he sees to it. */
static bool reachable(struct view_build *b, const struct notice *n)
{
	for (size_t i = 0; i < n->n_recipients; i++) {
		enum recipient_as as = n->recipients[i].as;
		bool entitled = as == AS_HOLDER || as == AS_DEPUTY || as == AS_DELEGATE || as == AS_MEMBER;
		entitled = entitled && !n->recipients[i].gone;
		if (entitled && engine_presence_in(b->engine, n->incident, n->recipients[i].id) != AWAY)
			return true; /* unknown counts: nobody is called absent in the first moments after a start */
	}
	return false;
}

const char *view_telephone_why(struct view_build *b, const struct notice *n)
{
	if (n->state != NOTICE_OPEN || !n->wants_ack || n->incident->state != INCIDENT_OPEN)
		return NULL;
	if (engine_notice_hop_met(n)) /* e.g. a quorum has answered: nobody waits for this one */
		return NULL;
	if (n->broadcast)
		return n->escalation == ESC_TELEPHONE ? "silent" : NULL;
	if (!reachable(b, n))
		return "absent";
	if (n->escalation == ESC_TELEPHONE)
		return n->overdue_at ? "overdue" : "silent";
	return NULL;
}

static bool among(const struct plan_ints *list, int who)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i] == who)
			return true;
	return false;
}

static bool deputises(const struct site_holder *holder, int who)
{
	for (size_t i = 0; i < holder->n_deputies; i++)
		if (holder->deputies[i].person == who)
			return true;
	return false;
}

/* Named for a term: as long as it lasts. */
static bool delegated(const struct view_build *b, const struct site_holder *holder, const char *role, int who)
{
	const struct delegation *list;
	size_t n = engine_delegations(b->engine, &list);
	for (size_t i = 0; i < n; i++)
		if (engine_delegation_live(&list[i]) && strcmp(list[i].to, b->site->persons[who].id) == 0 &&
			among(&holder->persons, site_person_find(b->site, list[i].from)) &&
			(!list[i].role || strcmp(list[i].role, role) == 0 || strcmp(list[i].role, holder->role) == 0))
			return true;
	return false;
}

/*
 * Does the site name this person for the role, as holder, member or deputy? Whoever stands in needs the numbers as the holder
 * would, and the answer must not change with who is at a desk: readers of equal rights share their rows.
 */
static bool named(const struct view_build *b, const char *role, int who)
{
	const struct site_group *group = site_group_find(b->site, role);
	if (group && among(&group->members, who))
		return true;
	int r = b->plan ? plan_role_find(b->plan, role) : ROLE_NONE;
	const struct site_holder *holders[HOLDERS_MAX];
	size_t n = r >= 0 ? people_holders(b->engine, b->plan, r, holders, HOLDERS_MAX) : 0;
	for (size_t i = 0; i < n && i < HOLDERS_MAX; i++)
		if (among(&holders[i]->persons, who) || deputises(holders[i], who) || delegated(b, holders[i], role, who))
			return true;
	return false;
}

bool view_telephone_private(const struct view_build *b)
{
	int person = b->reader.person && b->site ? site_person_find(b->site, b->reader.person) : -1;
	if (person < 0)
		return false;
	if (b->site->persons[person].administrator)
		return true;
	for (size_t i = 0; i < b->site->private_to.n; i++)
		if (named(b, b->site->private_to.at[i], person))
			return true;
	return false;
}

char **view_telephone_numbers(struct view_build *b, int person, size_t *n)
{
	const struct site_person *p = &b->site->persons[person];
	bool own = b->reader.person && strcmp(b->reader.person, p->id) == 0;
	char **out = p->n_tels ? arena_alloc(b->arena, p->n_tels * sizeof *out) : NULL;
	*n = 0;
	for (size_t i = 0; i < p->n_tels; i++)
		if (!p->tels[i].private_number || b->numbers || own)
			out[(*n)++] = view_text_plain(p->tels[i].number);
	return out;
}

/* The digits alone, so that a hyphen left out does not make it another number. */
static bool same_number(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (*a && !(*a >= '0' && *a <= '9'))
			a++;
		while (*b && !(*b >= '0' && *b <= '9'))
			b++;
		if (*a != *b)
			return false;
		if (!*a)
			return true;
	}
}

const char *view_telephone_shown(const struct view_build *b, const char *number)
{
	for (size_t i = 0; number && *number && !b->numbers && b->site && i < b->site->n_persons; i++) {
		const struct site_person *p = &b->site->persons[i];
		bool own = b->reader.person && strcmp(b->reader.person, p->id) == 0;
		for (size_t k = 0; !own && k < p->n_tels; k++)
			if (p->tels[k].private_number && same_number(p->tels[k].number, number))
				return NULL;
	}
	return number;
}

bool view_private_number(const struct engine *engine, const struct view_reader *reader, const char *number)
{
	struct view_build b;
	view_build_init(&b, engine, reader, 0, NULL, NULL);
	return number && !view_telephone_shown(&b, number);
}

static void add_one(
	struct view_build *b, const struct notice *n, const struct recipient *r, size_t place, const char *why, const char *order)
{
	const struct incident *inc = n->incident;
	Renraku__TelephoneRow row;
	renraku__telephone_row__init(&row);
	row.notice = n->id;
	row.incident = inc->id;
	row.item = view_text_plain(inc->plan->items[n->item].id);
	row.role_title = view_text_plain(plan_role_title(inc->plan, n->role));
	row.role_title_en = view_text_role_en(inc->plan, n->role);
	row.since = (uint64_t)n->at;
	row.drill = inc->drill;
	row.why = view_text_plain(why);
	if (n->broadcast) {
		row.terminal = view_text_plain(r->id);
		row.name = view_text_terminal(b, r->id);
	} else {
		row.person = view_text_plain(r->id);
		row.name = view_text_person(b, r->id);
		int person = b->site ? site_person_find(b->site, r->id) : -1;
		if (person >= 0)
			row.numbers = view_telephone_numbers(b, person, &row.n_numbers);
		if (person >= 0 && !b->site->persons[person].login)
			row.why = view_text_plain("no_login");
		if (r->as != AS_HOLDER && r->as != AS_MEMBER) {
			bool deputy = r->as == AS_DEPUTY || r->as == AS_DELEGATE, above = r->as == AS_ABOVE;
			row.role_title_en = arena_printf(b->arena, "%s (%s)", *row.role_title_en ? row.role_title_en : row.role_title,
				deputy  ? "deputy"
				: above ? "above"
					: "with");
			row.role_title = arena_printf(b->arena, "%s（%s）", row.role_title, deputy ? "代理" : above ? "上位者" : "関係者");
		}
	}
	Renraku__Row out;
	renraku__row__init(&out);
	out.body_case = RENRAKU__ROW__BODY_TELEPHONE;
	out.telephone = &row;
	view_rows_add(b, &out, arena_printf(b->arena, "telephone:%llu:%s", (unsigned long long)n->id, r->id),
		arena_printf(b->arena, "%s.%d%04zu", order, r->as, place));
}

void view_telephone_add(struct view_build *b, const struct notice *n, const char *order)
{
	const char *why = view_telephone_why(b, n);
	size_t rows = 0;
	for (size_t i = 0; why && i < n->n_recipients && !(n->broadcast && rows >= TERMINALS_MAX); i++) {
		if (n->recipients[i].ack.record || n->recipients[i].excused || n->recipients[i].gone)
			continue;
		add_one(b, n, &n->recipients[i], i, why, order);
		rows++;
	}
}

/* ---- lines for an answer ---- */

struct lines {
	struct view_build *b;
	bool english;
	char **out;
	size_t n, max;
};

static void add_line(struct lines *lines, const struct plan *plan, int role, bool deputy, const char *person)
{
	int i = lines->b->site ? site_person_find(lines->b->site, person) : -1;
	const char *title = lines->english && plan_role_title_en(plan, role) ? plan_role_title_en(plan, role) : plan_role_title(plan, role);
	const char *as = !deputy ? "" : lines->english ? " (deputy)" : "（代理）";
	const char *none = lines->english ? "(see the office's directory for the number)" : "（番号は庁内名簿を見てください）";
	if (i < 0 || lines->n >= lines->max)
		return;
	size_t n;
	char **numbers = view_telephone_numbers(lines->b, i, &n);
	char *line = arena_printf(lines->b->arena, "%s%s %s %s", title, as, lines->b->site->persons[i].name, n ? numbers[0] : none);
	for (size_t k = 0; k < lines->n; k++)
		if (strcmp(lines->out[k], line) == 0)
			return;
	lines->out[lines->n++] = line;
}

/* Before anything is on record: those whom an alarm tells first. */
static void first_told(struct lines *lines)
{
	const struct plan *plan = lines->b->plan;
	for (size_t i = 0; plan && i < plan->n_items; i++)
		for (size_t t = 0; plan->items[i].entry && t < plan->items[i].n_tell; t++) {
			const struct plan_tell *tell = &plan->items[i].tell[t];
			const struct plan_ints *first = tell->via.n ? &tell->via : &tell->to;
			for (size_t k = 0; k < first->n; k++) {
				const struct site_holder *holders[HOLDERS_MAX];
				size_t n =
					first->at[k] >= 0 ? people_holders(lines->b->engine, plan, first->at[k], holders, HOLDERS_MAX) : 0;
				for (size_t h = 0; h < n && h < HOLDERS_MAX; h++) {
					for (size_t p = 0; p < holders[h]->persons.n; p++)
						add_line(lines, plan, first->at[k], false,
							lines->b->site->persons[holders[h]->persons.at[p]].id);
					for (size_t p = 0; p < holders[h]->n_deputies; p++)
						add_line(lines, plan, first->at[k], true,
							lines->b->site->persons[holders[h]->deputies[p].person].id);
				}
			}
		}
}

size_t view_telephone(const struct engine *engine, const struct incident *inc, const struct view_reader *reader, int64_t now, bool english,
	struct arena *arena, char **out, size_t max)
{
	struct view_build b;
	view_build_init(&b, engine, reader, now, arena, NULL);
	struct lines lines = {.b = &b, .english = english, .out = out, .max = max};
	if (!b.site)
		return 0;
	for (size_t i = 0; inc && i < inc->n_notices; i++) {
		const struct notice *n = inc->notices[i];
		for (size_t k = 0; !n->broadcast && view_telephone_why(&b, n) && k < n->n_recipients; k++)
			if (!n->recipients[k].ack.record && !n->recipients[k].gone)
				add_line(&lines, inc->plan, n->role, false, n->recipients[k].id);
	}
	if (!inc || (lines.n == 0 && inc->n_notices == 0))
		first_told(&lines);
	return lines.n;
}
