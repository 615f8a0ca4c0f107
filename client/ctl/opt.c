#include "ctl/opt.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define DISTANCE_MAX 8
#define NAME_MAX_LEN 40

static const struct opt_spec *find(const struct opt_spec *table, const char *name, size_t len)
{
	for (; table && table->name; table++)
		if (strlen(table->name) == len && memcmp(table->name, name, len) == 0)
			return table;
	return NULL;
}

static void give(struct opt_line *line, const struct opt_spec *spec, const char *name, const char *value)
{
	line->given[line->n_given++] = (struct opt_given){spec, name, value};
}

/* `-5` and `-` are arguments; so is anything that does not begin with a dash. */
static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] && !(word[1] >= '0' && word[1] <= '9');
}

struct parse {
	int argc;
	char **argv;
	const struct opt_spec *common, *own;
	bool loose;
	const char **culprit;
};

/* One option; *i moves on when its value is the next word. */
static enum opt_verdict take(const struct parse *p, int *i, struct opt_line *line)
{
	const char *word = p->argv[*i], *name, *equals, *value = NULL;
	const struct opt_spec *spec;
	size_t len;

	*p->culprit = word;
	if (strcmp(word, "-h") == 0)
		word = "--help";
	if (word[1] != '-')
		return OPT_UNKNOWN;
	name = word + 2;
	equals = strchr(name, '=');
	len = equals ? (size_t)(equals - name) : strlen(name);
	spec = find(p->own, name, len);
	if (!spec)
		spec = find(p->common, name, len);
	if (!spec && !p->loose)
		return OPT_UNKNOWN;
	if (spec && !spec->arg_ja) {
		if (equals)
			return OPT_HAS_VALUE;
		give(line, spec, spec->name, NULL);
		return OPT_OK;
	}
	if (equals)
		value = equals + 1;
	else if (*i + 1 < p->argc)
		value = p->argv[++*i];
	if (!value)
		return OPT_NO_VALUE;
	give(line, spec, spec ? spec->name : name, value);
	return OPT_OK;
}

enum opt_verdict opt_parse(int argc, char **argv, const struct opt_spec *common, const struct opt_spec *own, bool loose,
	struct opt_line *line, const char **culprit)
{
	struct parse parse = {argc, argv, common, own, loose, culprit};
	bool options = true;
	int i;

	memset(line, 0, sizeof *line);
	line->given = xcalloc((size_t)argc + 1, sizeof *line->given);
	line->args = xcalloc((size_t)argc + 1, sizeof *line->args);
	for (i = 0; i < argc; i++) {
		enum opt_verdict verdict;

		if (!options || !is_option(argv[i])) {
			line->args[line->n_args++] = argv[i];
			give(line, NULL, NULL, argv[i]);
			continue;
		}
		if (strcmp(argv[i], "--") == 0) {
			options = false;
			continue;
		}
		verdict = take(&parse, &i, line);
		if (verdict != OPT_OK)
			return verdict;
	}
	return OPT_OK;
}

void opt_free(struct opt_line *line)
{
	free(line->given);
	free(line->args);
	memset(line, 0, sizeof *line);
}

const char *opt_value(const struct opt_line *line, const char *name)
{
	size_t i;

	for (i = line->n_given; i-- > 0;)
		if (line->given[i].spec && strcmp(line->given[i].spec->name, name) == 0)
			return line->given[i].value ? line->given[i].value : "";
	return NULL;
}

bool opt_has(const struct opt_line *line, const char *name)
{
	return opt_value(line, name) != NULL;
}

static size_t least(size_t a, size_t b, size_t c)
{
	size_t d = a < b ? a : b;

	return d < c ? d : c;
}

size_t opt_distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_LEN + 1], n = strlen(b), i, j;

	if (n > NAME_MAX_LEN || strlen(a) > NAME_MAX_LEN)
		return DISTANCE_MAX;
	for (j = 0; j <= n; j++)
		row[j] = j;
	for (i = 0; a[i]; i++) {
		size_t corner = row[0];

		row[0] = i + 1;
		for (j = 0; j < n; j++) {
			size_t above = row[j + 1];

			row[j + 1] = least(above + 1, row[j] + 1, corner + (a[i] != b[j]));
			corner = above;
		}
	}
	return row[n] < DISTANCE_MAX ? row[n] : DISTANCE_MAX;
}

static void nearer(const struct opt_spec *table, const char *typed, const char **best, size_t *distance)
{
	for (; table && table->name; table++) {
		size_t d = opt_distance(typed, table->name);

		if (d < *distance) {
			*distance = d;
			*best = table->name;
		}
	}
}

const char *opt_nearest(const char *typed, const struct opt_spec *common, const struct opt_spec *own)
{
	const char *best = NULL;
	size_t distance = 3; /* further away is no likeness */

	while (*typed == '-')
		typed++;
	nearer(own, typed, &best, &distance);
	nearer(common, typed, &best, &distance);
	return best;
}
