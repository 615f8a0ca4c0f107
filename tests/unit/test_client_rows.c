#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/contacts.h"
#include "lib/rows.h"

static void person(Renraku__Row *r, Renraku__PersonRow *p, const char *key, const char *order, const char *name)
{
	renraku__row__init(r);
	renraku__person_row__init(p);
	r->key = (char *)(uintptr_t)key;
	r->order = (char *)(uintptr_t)order;
	r->body_case = RENRAKU__ROW__BODY_PERSON;
	r->person = p;
	p->name = (char *)(uintptr_t)name;
}

static struct rows *three(void)
{
	Renraku__Row r[3], *list[] = {&r[0], &r[1], &r[2]};
	Renraku__PersonRow p[3];
	person(&r[0], &p[0], "b", "2", "乙");
	person(&r[1], &p[1], "a", "2", "甲");
	person(&r[2], &p[2], "z", "1", "先");
	Renraku__ViewUpdate u = RENRAKU__VIEW_UPDATE__INIT;
	u.snapshot = true;
	u.n_rows = 2;
	u.rows = list;
	struct rows *rows = rows_new();
	assert_true(rows_apply(rows, &u));
	assert_false(rows_complete(rows));
	u.snapshot = false;
	u.complete = true;
	u.revision = 7;
	u.n_rows = 1;
	u.rows = list + 2;
	assert_true(rows_apply(rows, &u));
	return rows;
}

static void folds_and_sorts(void **state)
{
	(void)state;
	struct rows *rows = three();
	assert_true(rows_complete(rows));
	assert_int_equal(rows_revision(rows), 7);
	assert_int_equal(rows_count(rows), 3);
	assert_string_equal(rows_at(rows, 0)->key, "z");
	assert_string_equal(rows_at(rows, 1)->key, "a");
	assert_string_equal(rows_at(rows, 2)->person->name, "乙");
	assert_null(rows_at(rows, 3));

	Renraku__Row r, *list[] = {&r};
	Renraku__PersonRow p;
	person(&r, &p, "b", "0", "丙");
	char *gone[] = {(char *)(uintptr_t) "z", (char *)(uintptr_t) "never"};
	Renraku__ViewUpdate u = RENRAKU__VIEW_UPDATE__INIT;
	u.complete = true;
	u.revision = 8;
	u.n_rows = 1;
	u.rows = list;
	u.n_removed = 2;
	u.removed = gone;
	assert_true(rows_apply(rows, &u));
	assert_int_equal(rows_count(rows), 2);
	assert_string_equal(rows_at(rows, 0)->person->name, "丙");
	assert_null(rows_find(rows, "z"));
	assert_non_null(rows_find(rows, "a"));

	u = (Renraku__ViewUpdate)RENRAKU__VIEW_UPDATE__INIT;
	u.snapshot = u.complete = true;
	assert_true(rows_apply(rows, &u));
	assert_int_equal(rows_count(rows), 0);
	rows_free(rows);
	rows_free(NULL);
}

static void there_and_back(void **state)
{
	(void)state;
	char dir[] = "/tmp/renraku-rows-XXXXXX", path[64];
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/contacts.cache", dir);
	struct rows *rows = three(), *back;
	int64_t at;
	assert_int_equal(rows_load(path, &back, &at), -ENOENT);
	assert_int_equal(rows_save(rows, path, 123456), 0);
	assert_int_equal(rows_load(path, &back, &at), 0);
	assert_int_equal(at, 123456);
	assert_int_equal(rows_count(back), 3);
	assert_int_equal(rows_revision(back), 7);
	assert_string_equal(rows_at(back, 1)->person->name, "甲");
	rows_free(back);

	/* One flipped byte anywhere is noticed. */
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	for (off_t i = 0; i < st.st_size; i++) {
		FILE *f = fopen(path, "r+");
		fseek(f, (long)i, SEEK_SET);
		int c = fgetc(f);
		fseek(f, (long)i, SEEK_SET);
		fputc(c ^ 1, f);
		fclose(f);
		assert_int_equal(rows_load(path, &back, &at), -EBADMSG);
		assert_null(back);
		assert_int_equal(rows_save(rows, path, 123456), 0);
	}
	assert_true(rows_save(rows, "/proc/none/x", 1) < 0);
	rows_free(rows);
	unlink(path);
	rmdir(dir);
}

static void whom_to_telephone(void **state)
{
	(void)state;
	Renraku__Row r[4], *list[] = {&r[0], &r[1], &r[2], &r[3]};
	Renraku__PersonRow p[2];
	Renraku__ContactRow c[2] = {RENRAKU__CONTACT_ROW__INIT, RENRAKU__CONTACT_ROW__INIT};
	char *titles[] = {(char *)(uintptr_t) "住基ネット担当者"}, *numbers[] = {(char *)(uintptr_t) "0748-1"};
	person(&r[0], &p[0], "p1", "1", "田中");
	p[0].n_role_titles = p[0].n_numbers = 1;
	p[0].role_titles = titles;
	p[0].numbers = numbers;
	person(&r[1], &p[1], "p2", "1", "番号なし");
	for (int i = 0; i < 2; i++) {
		renraku__row__init(&r[2 + i]);
		r[2 + i].key = (char *)(uintptr_t)(i ? "b2" : "b1");
		r[2 + i].order = (char *)(uintptr_t) "0";
		r[2 + i].body_case = RENRAKU__ROW__BODY_CONTACT;
		r[2 + i].contact = &c[i];
		c[i].title = (char *)(uintptr_t) "滋賀県";
		c[i].number = (char *)(uintptr_t)(i ? "077-2" : "077-1");
		c[i].hours = (char *)(uintptr_t)(i ? "夜間" : "昼間");
		c[i].now = i == 1;
	}
	Renraku__ViewUpdate u = RENRAKU__VIEW_UPDATE__INIT;
	u.snapshot = u.complete = true;
	u.n_rows = 4;
	u.rows = list;
	struct rows *rows = rows_new();
	assert_true(rows_apply(rows, &u));
	struct arena *a = arena_new(0);
	char *out[8];
	assert_int_equal(contacts_lines(rows, a, out, 8), 3);
	assert_string_equal(out[0], "住基ネット担当者 田中 0748-1");
	assert_string_equal(out[1], "滋賀県 077-2 (夜間)");
	assert_string_equal(out[2], "滋賀県 077-1 (昼間)");
	assert_int_equal(contacts_lines(rows, a, out, 1), 1);
	arena_free(a);
	rows_free(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds_and_sorts),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(whom_to_telephone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
