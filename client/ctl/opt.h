/*
 * opt: options of the command line, by tables. Written by hand because glibc's argp misaligns Japanese columns and because
 * here order matters: `--number` belongs to the `--call` or `--for` before it.
 *
 * Options may stand before and after the arguments; `--name=value` and `--name value` are the same; `--` ends options. All
 * strings are borrowed from argv.
 */
#ifndef CTL_OPT_H
#define CTL_OPT_H

#include <stdbool.h>
#include <stddef.h>

struct opt_spec {
	const char *name;            /* without dashes */
	const char *arg_ja, *arg_en; /* what the value is called in help; NULL: a flag */
	const char *ja, *en;         /* one line of help */
};
#define OPT_END                                                                                                                            \
	{                                                                                                                                  \
		0                                                                                                                          \
	}

struct opt_given {
	const struct opt_spec *spec; /* NULL: unknown, taken as a field of a form; or an argument */
	const char *name, *value;    /* name NULL: an argument, in its place among the options. value NULL for a flag */
};

struct opt_line {
	struct opt_given *given; /* in the order given */
	size_t n_given;
	const char **args;
	size_t n_args;
};

enum opt_verdict {
	OPT_OK = 0,
	OPT_UNKNOWN = -1,  /* no such option */
	OPT_NO_VALUE = -2, /* it wants a value */
	OPT_HAS_VALUE = -3 /* a flag was given a value */
};

/*
 * Parses argv[0..argc) against two tables (either may be NULL). loose: an unknown `--name value` is kept as a field. On a
 * negative verdict *culprit is the option as written (borrowed). The line is freed by opt_free() in any case.
 */
enum opt_verdict opt_parse(int argc, char **argv, const struct opt_spec *common, const struct opt_spec *own, bool loose, struct opt_line *,
	const char **culprit);
void opt_free(struct opt_line *);

/* Value of the last option of that name: its value, "" for a flag, NULL when it was not given. */
const char *opt_value(const struct opt_line *, const char *name);
bool opt_has(const struct opt_line *, const char *name);
/* The name in the tables nearest to what was typed, or NULL when nothing is near. */
const char *opt_nearest(const char *typed, const struct opt_spec *common, const struct opt_spec *own);
/* Edit distance, for suggestions; stops counting beyond 8. */
size_t opt_distance(const char *, const char *);

#endif
