/* Connection tests: when, how many answered, who did not: by place and by name, with the numbers the reader may see. */
#include <string.h>

#include "view/view_build.h"

/* A row of a test with many silent ones is closed at this size. */
#define PART_MAX 24576u

static Renraku__TestSilent *silent(struct view_build *b, const char *key)
{
	Renraku__TestSilent *out = arena_alloc(b->arena, sizeof *out);
	const char *id = strchr(key, ':') + 1;
	renraku__test_silent__init(out);
	out->id = view_text_plain(key);
	if (strncmp(key, "terminal:", 9) == 0) {
		out->name = view_text_plain(id);
		out->place = view_text_terminal(b, id);
		return out;
	}
	int person = b->site ? site_person_find(b->site, id) : -1;
	out->name = view_text_person(b, id);
	if (person < 0)
		return out;
	out->role_titles = view_people_roles(b, person, false);
	out->role_titles_en = view_text_english(out->role_titles, view_people_roles(b, person, true));
	out->numbers = view_telephone_numbers(b, person, &out->n_numbers);
	return out;
}

static void head(struct view_build *b, const struct test *t, Renraku__TestRow *row)
{
	row->record = t->record;
	row->at = (uint64_t)t->at;
	row->until = (uint64_t)t->until;
	row->ended_at = (uint64_t)t->ended_at;
	row->daily = t->daily;
	row->by = view_text_person(b, t->person);
	for (size_t i = 0; i < t->n_asked; i++) {
		const struct test_asked *a = &t->asked[i];
		bool terminal = strncmp(a->id, "terminal:", 9) == 0;
		*(terminal ? &row->terminals : &row->persons) += 1;
		*(terminal ? &row->terminals_answered : &row->persons_answered) += a->stage >= STAGE_DELIVERED;
		row->displayed += a->stage == STAGE_DISPLAYED;
	}
}

static void add(struct view_build *b, const struct test *t, Renraku__TestRow *row, const char *order)
{
	Renraku__Row out;
	renraku__row__init(&out);
	out.body_case = RENRAKU__ROW__BODY_TEST;
	out.test = row;
	view_rows_add(b, &out,
		row->part ? arena_printf(b->arena, "test:%010u:%05u", t->id, row->part) : arena_printf(b->arena, "test:%010u", t->id),
		arena_printf(b->arena, "%s.%010u.%05u", order, UINT32_MAX - t->id, row->part));
}

static void test(struct view_build *b, const struct test *t, const char *order, bool whole)
{
	Renraku__TestRow row;
	renraku__test_row__init(&row);
	view_text_row(b);
	row.id = t->id;
	head(b, t, &row);
	Renraku__TestSilent **list = row.silent = arena_alloc(b->arena, (t->n_asked + 1) * sizeof *list);
	size_t size = renraku__test_row__get_packed_size(&row);
	for (size_t i = 0; i < t->n_asked; i++) {
		if (t->asked[i].stage >= STAGE_DELIVERED)
			continue;
		Renraku__TestSilent *s = silent(b, t->asked[i].id);
		size_t len = renraku__test_silent__get_packed_size(s) + 8;
		if (size + len > PART_MAX && row.n_silent) {
			if (!whole)
				break;
			add(b, t, &row, order);
			uint32_t part = row.part + 1;
			list = row.silent + row.n_silent;
			renraku__test_row__init(&row);
			row.id = t->id;
			row.part = part;
			row.silent = list;
			view_text_row(b);
			size = 64;
		}
		row.silent[row.n_silent++] = s;
		size += len;
	}
	add(b, t, &row, order);
}

void view_test_all(struct view_build *b)
{
	const struct test *const *tests;
	size_t n = engine_tests(b->engine, &tests);
	for (size_t i = n; i-- > 0;)
		test(b, tests[i], "20", true);
}

void view_test_newest(struct view_build *b, const char *section)
{
	const struct test *const *tests;
	size_t n = engine_tests(b->engine, &tests);
	if (n)
		test(b, tests[n - 1], section, false);
}
