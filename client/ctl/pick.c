#include "ctl/pick.h"

#include <string.h>

#include "ctl/say.h"
#include "lib/i18n.h"

const Renraku__Row *pick_next(const struct rows *rows, size_t *i, Renraku__Row__BodyCase kind)
{
	size_t n = rows_count(rows);

	while (*i < n) {
		const Renraku__Row *row = rows_at(rows, (*i)++);

		if (row->body_case == kind)
			return row;
	}
	return NULL;
}

size_t pick_count(const struct rows *rows, Renraku__Row__BodyCase kind)
{
	size_t i = 0, n = 0;

	while (pick_next(rows, &i, kind))
		n++;
	return n;
}

const Renraku__ItemRow *pick_item(const struct rows *rows, uint32_t incident, const char *id)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_ITEM)))
		if (row->item->incident == incident && strcmp(row->item->id, id) == 0)
			return row->item;
	return NULL;
}

const Renraku__IncidentRow *pick_incident(const struct rows *rows, uint32_t id)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_INCIDENT)))
		if (row->incident->id == id)
			return row->incident;
	return NULL;
}

const Renraku__PersonRow *pick_person(const struct rows *rows, const char *word)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_PERSON)))
		if (strcmp(row->person->id, word) == 0 || strcmp(row->person->name, word) == 0)
			return row->person;
	return NULL;
}

const Renraku__TownRow *pick_town(const struct rows *rows)
{
	const Renraku__Row *row;
	size_t i = 0;

	row = pick_next(rows, &i, RENRAKU__ROW__BODY_TOWN);
	return row ? row->town : NULL;
}

const char *pick_role_title(const struct rows *rows, const char *role, int *len)
{
	const Renraku__Row *row;
	const char *title = NULL, *section;
	size_t i = 0, k;

	*len = (int)strlen(role);
	while (rows && (row = pick_next(rows, &i, RENRAKU__ROW__BODY_PERSON))) {
		const Renraku__PersonRow *p = row->person;
		char *const *titles = say_either(p->role_titles, p->n_role_titles, p->role_titles_en, p->n_role_titles_en);

		for (k = 0; k < p->n_roles && k < p->n_role_titles; k++) {
			if (strcmp(p->roles[k], role) != 0)
				continue;
			if (!title) {
				title = titles[k];
				*len = (int)strlen(title);
			} else if (strcmp(title, titles[k]) != 0) {
				section = strstr(title, T("（", " ("));
				*len = section ? (int)(section - title) : *len;
			}
		}
	}
	return title ? title : role;
}
