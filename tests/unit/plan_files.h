/*
 * plan_files: reading the plans under tests/plans and server/plans for tests (tests run in the project's root).
 */
#ifndef TESTS_PLAN_FILES_H
#define TESTS_PLAN_FILES_H

#include "plan/site.h"

/* The file's text, NUL-terminated, malloc'ed; fails the test when it cannot be read. */
char *plan_files_read(const char *path);
struct plan *plan_files_plan(const char *path);
struct site *plan_files_site(const char *path);
/* Prints the faults as `renraku plan check` does, to make a failing test readable. */
void plan_files_print(const struct plan_faults *);

#endif
