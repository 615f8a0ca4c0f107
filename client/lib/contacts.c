#include "lib/contacts.h"

#include <string.h>

#include "lib/i18n.h"

char *contacts_path(const struct settings *s, struct arena *arena)
{
	return arena_printf(arena, "%s/contacts.cache", s->state);
}

char *contacts_plan_path(const struct settings *s, struct arena *arena)
{
	return arena_printf(arena, "%s/plan.cache", s->state);
}

const char *contacts_hours(const char *code)
{
	if (!strcmp(code, "always"))
		return T("終日", "always");
	if (!strcmp(code, "business"))
		return T("執務時間", "business hours");
	if (!strcmp(code, "closed"))
		return T("夜間・休日", "nights, holidays");
	if (!strcmp(code, "night"))
		return T("夜間", "nights");
	if (!strcmp(code, "weekend"))
		return T("週末", "weekends");
	if (!strcmp(code, "holiday"))
		return T("祝日", "holidays");
	if (!strcmp(code, "closure"))
		return T("閉庁期間", "office closed");
	return code;
}

/* What is cached may be hours old: the number that held then comes first, the others with their hours after it. */
static size_t bodies(const struct rows *r, bool now, struct arena *arena, char **out, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < rows_count(r) && n < max; i++) {
		const Renraku__Row *row = rows_at(r, i);
		if (row->body_case != RENRAKU__ROW__BODY_CONTACT || row->contact->now != now || !*row->contact->number)
			continue;
		const Renraku__ContactRow *c = row->contact;
		const char *title = i18n_pick(c->title, c->title_en);
		if (*c->hours && strcmp(c->hours, "always") != 0)
			out[n++] = arena_printf(arena, "%s %s (%s)", title, c->number, contacts_hours(c->hours));
		else
			out[n++] = arena_printf(arena, "%s %s", title, c->number);
	}
	return n;
}

/* First the office's own people who hold a role, then the outside bodies' numbers that hold at this hour. */
size_t contacts_lines(const struct rows *r, struct arena *arena, char **out, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < rows_count(r) && n < max; i++) {
		const Renraku__Row *row = rows_at(r, i);
		if (row->body_case != RENRAKU__ROW__BODY_PERSON)
			continue;
		const Renraku__PersonRow *p = row->person;
		if (p->n_numbers && p->n_role_titles)
			out[n++] = arena_printf(arena, "%s %s %s",
				i18n_pick(p->role_titles[0], p->n_role_titles_en ? p->role_titles_en[0] : NULL), p->name, p->numbers[0]);
	}
	n += bodies(r, true, arena, out + n, max - n);
	n += bodies(r, false, arena, out + n, max - n);
	return n;
}

size_t contacts_telephone(const struct settings *s, struct arena *arena, char **out, size_t max, int64_t *at)
{
	struct rows *r;
	size_t n = 0;
	*at = 0;
	if (rows_load(contacts_path(s, arena), &r, at) == 0) {
		n = contacts_lines(r, arena, out, max);
		rows_free(r);
	}
	if (n)
		return n;
	*at = 0;
	for (size_t i = 0; i < s->emergency_contacts.n && n < max; i++)
		out[n++] = arena_strdup(arena, s->emergency_contacts.at[i]);
	return n;
}
