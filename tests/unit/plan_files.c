#include "unit/plan_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

char *plan_files_read(const char *path)
{
	FILE *f = fopen(path, "rb");
	size_t cap = 4 << 20, n;
	char *text = xmalloc(cap);

	if (!f)
		fail_msg("cannot open %s (run from the project's root)", path);
	n = fread(text, 1, cap - 1, f);
	fclose(f);
	text[n] = '\0';
	return text;
}

void plan_files_print(const struct plan_faults *faults)
{
	for (size_t i = 0; i < faults->n; i++)
		print_message("%s:%d:%d: %s%s\n", faults->at[i].file, faults->at[i].pos.line, faults->at[i].pos.column,
			faults->at[i].warning ? "warning: " : "", faults->at[i].text_en);
}

struct plan *plan_files_plan(const char *path)
{
	struct plan_faults faults = {0};
	char *text = plan_files_read(path);
	struct plan *plan = plan_load(path, text, strlen(text), &faults);

	plan_files_print(&faults);
	assert_int_equal(faults.n, 0);
	assert_non_null(plan);
	plan_faults_free(&faults);
	free(text);
	return plan;
}

struct site *plan_files_site(const char *path)
{
	struct plan_faults faults = {0};
	char *text = plan_files_read(path);
	struct site *site = site_load(path, text, strlen(text), &faults);

	plan_files_print(&faults);
	assert_int_equal(faults.n_errors, 0);
	assert_non_null(site);
	plan_faults_free(&faults);
	free(text);
	return site;
}
