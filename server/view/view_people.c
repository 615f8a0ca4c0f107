/* The town: persons, terminals, telephone numbers of bodies, and what awaits somebody's confirmation. */
#include <stdlib.h>
#include <string.h>

#include "view/view_build.h"

#define NUMBERS_MAX 16u
#define HOLDERS_MAX 32u
#define CONFIRMATIONS_MAX 256u

void view_people_town(struct view_build *b)
{
	Renraku__TownRow row;
	renraku__town_row__init(&row);
	row.title = view_text_plain(b->site && b->site->title ? b->site->title : b->plan ? b->plan->title : NULL);
	row.title_en = view_text_plain(!(b->site && b->site->title) && b->plan ? view_text_english(row.title, b->plan->title_en) : NULL);
	row.edition = view_text_plain(b->plan ? b->plan->edition : NULL);
	row.plan = view_text_plain(b->plan ? b->plan->id : NULL);
	row.plan_title = view_text_plain(b->plan ? b->plan->title : NULL);
	row.plan_title_en = view_text_plain(b->plan ? view_text_english(row.plan_title, b->plan->title_en) : NULL);
	row.plan_sha256 = view_text_plain(b->plan ? engine_plan_sha256(b->engine, 0) : NULL);
	row.site = view_text_plain(b->site ? b->site->id : NULL);
	row.site_sha256 = view_text_plain(b->site ? engine_site_sha256(b->engine) : NULL);
	Renraku__Row out;
	renraku__row__init(&out);
	out.body_case = RENRAKU__ROW__BODY_TOWN;
	out.town = &row;
	view_rows_add(b, &out, "town", "00");
}

/* ---- persons ---- */

static bool among(const struct plan_ints *list, int who)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i] == who)
			return true;
	return false;
}

/* As the site calls it; its id where it has no name, NULL for none. */
static const char *section_title(const struct view_build *b, const char *section)
{
	for (size_t i = 0; section && i < b->site->sections.n && i < b->site->section_titles.n; i++)
		if (strcmp(b->site->sections.at[i], section) == 0)
			return b->site->section_titles.at[i];
	return section;
}

/* A role a person holds, is a member of, or stands in for; with its section where it has one. */
static void add_role(struct view_build *b, Renraku__PersonRow *row, const char *role, const char *section, bool deputy)
{
	int r = b->plan ? plan_role_find(b->plan, role) : ROLE_NONE;
	const char *title = r >= 0 ? b->plan->roles[r].title : role,
		   *en = r >= 0 && b->plan->roles[r].title_en ? b->plan->roles[r].title_en : title;
	if (deputy) {
		row->deputy_of[row->n_deputy_of++] = view_text_plain(role);
		return;
	}
	row->roles[row->n_roles++] = view_text_plain(role);
	const char *of = section_title(b, section);
	row->role_titles[row->n_role_titles++] = section ? arena_printf(b->arena, "%s（%s）", title, of) : view_text_plain(title);
	row->role_titles_en[row->n_role_titles_en++] = section ? arena_printf(b->arena, "%s (%s)", en, of) : view_text_plain(en);
}

/* For a term: the role as it was named, or each of the holder's. */
static void delegate_of(struct view_build *b, int who, Renraku__PersonRow *row)
{
	const struct delegation *list;
	size_t n = engine_delegations(b->engine, &list), count = 0, live = 0;
	for (size_t i = 0; i < n; i++) /* those that ended are many, in time */
		live += engine_delegation_live(&list[i]) && strcmp(list[i].to, b->site->persons[who].id) == 0;
	row->delegate_of = arena_alloc(b->arena, (live * (b->site->n_holders + 1) + 1) * sizeof *row->delegate_of);
	for (size_t i = 0; i < n; i++) {
		const struct delegation *g = &list[i];
		int from = site_person_find(b->site, g->from);
		if (!engine_delegation_live(g) || strcmp(g->to, b->site->persons[who].id) != 0)
			continue;
		for (size_t h = 0; !g->role && from >= 0 && h < b->site->n_holders; h++)
			if (among(&b->site->holders[h].persons, from))
				row->delegate_of[count++] = view_text_plain(b->site->holders[h].role);
		if (g->role)
			row->delegate_of[count++] = view_text_plain(g->role);
	}
	row->n_delegate_of = count;
}

static void roles_of(struct view_build *b, int who, Renraku__PersonRow *row)
{
	const struct site *site = b->site;
	size_t max = site->n_holders + site->n_groups;
	row->roles = arena_alloc(b->arena, (max + 1) * sizeof *row->roles);
	row->role_titles = arena_alloc(b->arena, (max + 1) * sizeof *row->role_titles);
	row->role_titles_en = arena_alloc(b->arena, (max + 1) * sizeof *row->role_titles_en);
	row->deputy_of = arena_alloc(b->arena, (max + 1) * sizeof *row->deputy_of);
	for (size_t i = 0; i < site->n_holders; i++) {
		const struct site_holder *h = &site->holders[i];
		bool deputy = false;
		for (size_t k = 0; k < h->n_deputies; k++)
			deputy |= h->deputies[k].person == who;
		if (among(&h->persons, who))
			add_role(b, row, h->role, h->section, false);
		else if (deputy)
			add_role(b, row, h->role, h->section, true);
	}
	delegate_of(b, who, row);
	for (size_t i = 0; i < site->n_groups; i++)
		if (among(&site->groups[i].members, who))
			add_role(b, row, site->groups[i].role, NULL, false);
}

char *view_people_roles(struct view_build *b, int person, bool english)
{
	Renraku__PersonRow row;
	char *out = NULL;
	renraku__person_row__init(&row);
	roles_of(b, person, &row);
	for (size_t i = 0; i < row.n_role_titles; i++) {
		const char *title = english ? row.role_titles_en[i] : row.role_titles[i];
		out = out ? arena_printf(b->arena, "%s%s%s", out, english ? ", " : "・", title) : arena_strdup(b->arena, title);
	}
	return view_text_plain(out);
}

/* 0: told first by some alarm, 1: holds another role, 2: the rest. A clerk whose alarm is stuck calls from the top. */
static int rank(struct view_build *b, int who)
{
	int best = 2;
	for (size_t i = 0; i < b->site->n_holders; i++)
		if (among(&b->site->holders[i].persons, who))
			best = 1;
	for (size_t i = 0; b->plan && i < b->plan->n_items; i++) {
		const struct plan_item *it = &b->plan->items[i];
		for (size_t t = 0; it->entry && t < it->n_tell; t++) {
			const struct plan_ints *first = it->tell[t].via.n ? &it->tell[t].via : &it->tell[t].to;
			for (size_t k = 0; k < first->n; k++) {
				const struct site_holder *holders[HOLDERS_MAX];
				size_t n = first->at[k] >= 0 ? people_holders(b->engine, b->plan, first->at[k], holders, HOLDERS_MAX) : 0;
				for (size_t h = 0; h < n && h < HOLDERS_MAX; h++)
					if (among(&holders[h]->persons, who))
						return 0;
			}
		}
	}
	return best;
}

bool view_people_administrator(const struct view_build *b)
{
	int who = b->reader.person && b->site ? site_person_find(b->site, b->reader.person) : -1;
	return who >= 0 && b->site->persons[who].administrator;
}

/* As the site has them, for whoever edits them. */
static Renraku__PersonNumber **all_numbers(struct view_build *b, const struct site_person *p, size_t *n)
{
	Renraku__PersonNumber **out = arena_alloc(b->arena, (p->n_tels + 1) * sizeof *out);
	for (*n = 0; *n < p->n_tels; ++*n) {
		Renraku__PersonNumber *number = out[*n] = arena_alloc(b->arena, sizeof *number);
		renraku__person_number__init(number);
		number->number = view_text_plain(p->tels[*n].number);
		number->label = view_text_plain(p->tels[*n].label);
		number->private_number = p->tels[*n].private_number;
	}
	return out;
}

void view_people_persons(struct view_build *b, const char *section, bool presence)
{
	for (size_t i = 0; b->site && i < b->site->n_persons; i++) {
		const struct site_person *p = &b->site->persons[i];
		Renraku__PersonRow row;
		renraku__person_row__init(&row);
		row.id = view_text_plain(p->id);
		row.name = view_text_plain(p->name);
		roles_of(b, (int)i, &row);
		const struct absence *away = engine_absence(b->engine, p->id, true);
		row.absent = away != NULL;
		row.absent_until = away ? (uint64_t)away->until : 0;
		if (presence) {
			int64_t since = 0;
			row.present = engine_presence_person(b->engine, p->id, &since) == PRESENT;
			row.since = (uint64_t)since;
		}
		row.numbers = view_telephone_numbers(b, (int)i, &row.n_numbers);
		row.login = p->login;
		row.administrator = p->administrator;
		if (view_people_administrator(b))
			row.all_numbers = all_numbers(b, p, &row.n_all_numbers);
		Renraku__Row out;
		renraku__row__init(&out);
		out.body_case = RENRAKU__ROW__BODY_PERSON;
		out.person = &row;
		view_rows_add(b, &out, arena_printf(b->arena, "person:%s", p->id),
			arena_printf(b->arena, "%s.%d.%05zu", section, rank(b, (int)i), i));
	}
}

/* ---- terminals ---- */

static uint32_t *unacknowledged(struct view_build *b)
{
	uint32_t *count = arena_alloc(b->arena, (b->site->n_terminals + 1) * sizeof *count);
	const struct incident *const *incidents;
	size_t n = engine_incidents(b->engine, &incidents);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; incidents[i]->state == INCIDENT_OPEN && k < incidents[i]->n_notices; k++) {
			const struct notice *notice = incidents[i]->notices[k];
			if (!notice->broadcast || !notice->wants_ack || notice->state != NOTICE_OPEN)
				continue;
			for (size_t r = 0; r < notice->n_recipients; r++) {
				const struct recipient *to = &notice->recipients[r];
				int t = to->ack.record || to->excused ? -1 : site_terminal_find(b->site, to->id);
				if (t >= 0)
					count[t]++;
			}
		}
	return count;
}

void view_people_terminals(struct view_build *b, const char *section)
{
	uint32_t *count = b->site ? unacknowledged(b) : NULL;
	bool administrator = view_people_administrator(b);
	for (size_t i = 0; b->site && i < b->site->n_terminals; i++) {
		const struct site_terminal *t = &b->site->terminals[i];
		Renraku__TerminalRow row;
		renraku__terminal_row__init(&row);
		int64_t since = 0;
		row.id = view_text_plain(t->id);
		row.place = view_text_plain(t->place);
		row.section = view_text_plain(t->section);
		row.section_title = view_text_plain(section_title(b, t->section));
		row.present = engine_presence_terminal(b->engine, t->id, &since) == PRESENT;
		row.since = (uint64_t)since;
		row.unacknowledged = count[i];
		row.browsers = administrator ? engine_browsers(b->engine, t->id) : 0;
		Renraku__Row out;
		renraku__row__init(&out);
		out.body_case = RENRAKU__ROW__BODY_TERMINAL;
		out.terminal = &row;
		view_rows_add(b, &out, arena_printf(b->arena, "terminal:%s", t->id), arena_printf(b->arena, "%s.%05zu", section, i));
	}
}

/* ---- contacts ---- */

static void contact_clause(struct view_build *b, int body, const char *tel, Renraku__ContactRow *row)
{
	for (size_t i = 0; i < b->plan->n_contacts && !row->n_clause; i++)
		if (b->plan->contacts[i].body == body && strcmp(b->plan->contacts[i].tel, tel) == 0)
			row->clause = view_text_list(b, &b->plan->contacts[i].clause, &row->n_clause);
}

static void add_contact(struct view_build *b, Renraku__ContactRow *row, const char *key, const char *order)
{
	row->kind = view_text_plain("body");
	Renraku__Row out;
	renraku__row__init(&out);
	out.body_case = RENRAKU__ROW__BODY_CONTACT;
	out.contact = row;
	view_rows_add(b, &out, key, order);
}

static void body_contacts(struct view_build *b, const char *section, size_t body)
{
	const struct plan_body *p = &b->plan->bodies[body];
	struct contact_number numbers[NUMBERS_MAX];
	size_t n = contact_numbers(b->plan, b->site, (int)body, b->now, numbers, NUMBERS_MAX);
	const char *offered = contact_number_now(b->plan, b->site, (int)body, b->now);
	for (size_t i = 0; i < n && i < NUMBERS_MAX; i++) {
		Renraku__ContactRow row;
		renraku__contact_row__init(&row);
		row.id = view_text_plain(p->id);
		row.title = view_text_plain(p->title);
		row.title_en = view_text_english(p->title, p->title_en);
		row.aliases = view_text_list(b, &p->aliases, &row.n_aliases);
		row.number = view_text_plain(numbers[i].tel);
		row.hours = view_text_plain(plan_hours_name(numbers[i].hours));
		row.now = numbers[i].now && offered && strcmp(offered, numbers[i].tel) == 0;
		row.verified = view_text_plain(numbers[i].verified);
		row.source = view_text_plain(numbers[i].from_site ? "site" : "plan");
		contact_clause(b, (int)body, numbers[i].tel, &row);
		add_contact(b, &row, arena_printf(b->arena, "contact:%s:%zu", p->id, i),
			arena_printf(b->arena, "%s.%05zu.%02zu", section, body, i));
	}
}

/* A number of the site for somebody the plan does not name, e.g. the fire station. */
static void other_contact(struct view_build *b, const char *section, size_t i)
{
	const struct site_contact *c = &b->site->contacts[i];
	Renraku__ContactRow row;
	renraku__contact_row__init(&row);
	row.id = view_text_plain(c->body);
	row.title = view_text_plain(c->title ? c->title : c->body);
	row.number = view_text_plain(c->tel);
	row.hours = view_text_plain(plan_hours_name(c->hours));
	row.now = contact_fits(c->hours, site_hour(b->site, b->now, NULL));
	row.verified = view_text_plain(c->verified);
	row.source = view_text_plain("site");
	add_contact(b, &row, arena_printf(b->arena, "contact:other:%zu", i), arena_printf(b->arena, "%s.9%04zu", section, i));
}

void view_people_contacts(struct view_build *b, const char *section)
{
	for (size_t i = 0; b->plan && b->site && i < b->plan->n_bodies; i++)
		body_contacts(b, section, i);
	for (size_t i = 0; b->site && i < b->site->n_contacts; i++)
		if (!b->plan || plan_body_find(b->plan, b->site->contacts[i].body) < 0)
			other_contact(b, section, i);
}

/* ---- confirmations ---- */

/* person NULL: everybody's. */
void view_people_confirmations(struct view_build *b, const char *person, const struct incident *only, const char *section)
{
	struct pending_confirmation pending[CONFIRMATIONS_MAX];
	size_t n = engine_pending_confirmations(b->engine, person, pending, CONFIRMATIONS_MAX);
	for (size_t i = 0; i < n && i < CONFIRMATIONS_MAX; i++) {
		const struct pending_confirmation *p = &pending[i];
		if ((only && p->incident != only) || (person && p->incident && engine_barred(p->incident, person)))
			continue;
		view_text_row(b);
		Renraku__ConfirmRow row;
		renraku__confirm_row__init(&row);
		row.record = p->record;
		row.incident = p->incident ? p->incident->id : 0;
		row.drill = p->incident && p->incident->drill;
		row.item = view_text_plain(p->incident && p->item >= 0 ? p->incident->plan->items[p->item].id : NULL);
		bool item = p->incident && p->item >= 0, ack = p->what && strcmp(p->what, "acknowledged") == 0;
		row.what = arena_printf(
			b->arena, "%s：%s", ack ? "受領確認" : "記入", item ? view_text_item(p->incident, p->item, false) : "");
		row.what_en = arena_printf(
			b->arena, "%s: %s", ack ? "acknowledgement" : "entry", item ? view_text_item(p->incident, p->item, true) : "");
		row.channel = view_text_plain(channel_name(p->deed->channel));
		row.number = view_text_plain(view_telephone_shown(b, p->deed->number));
		row.said_at = (uint64_t)p->deed->said_at;
		row.entered_by = view_text_person(b, p->deed->entered_by);
		row.person = view_text_plain(p->deed->person);
		Renraku__Row out;
		renraku__row__init(&out);
		out.body_case = RENRAKU__ROW__BODY_CONFIRM;
		out.confirm = &row;
		view_rows_add(b, &out, arena_printf(b->arena, "confirm:%llu", (unsigned long long)p->record),
			arena_printf(b->arena, "%s.%010llu", section, (unsigned long long)p->record));
	}
}
