#include "bench/town.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/process.h"

char *town_path(const struct town *t, const char *name)
{
	return xasprintf("%s/%s", t->dir, name);
}

static bool fail(const char *what, const char *path)
{
	fprintf(stderr, "fanout: %s: %s: %s\n", what, path, strerror(errno));
	return false;
}

/* ---- certificates ---- */

static bool certificates(const struct town *t)
{
	char *script = xasprintf("%s/certs/make-certs", t->source), *many = xasprintf("%s/mkcerts", t->bin);
	char *ca = town_path(t, "ca"), *out = town_path(t, "setup.txt"), n[24];
	bool ok;

	snprintf(n, sizeof n, "%zu", t->terminals);
	ok = process_run(out, (char *[]){script, "ca", ca, NULL}) && process_run(out, (char *[]){script, "server", ca, "main", NULL}) &&
	     process_run(out, (char *[]){many, ca, TOWN_TERMINAL, n, NULL});
	free(script);
	free(many);
	free(ca);
	free(out);
	return ok;
}

/* ---- the site ---- */

static void put_terminals(FILE *to, size_t n)
{
	fputs("terminals:\n", to);
	for (size_t i = 1; i <= n; i++)
		fprintf(to, "  - {id: " TOWN_TERMINAL "%zu, place: 端末 %zu, section: branch}\n", i, i);
	fputc('\n', to);
}

/* Nothing is to be repeated or escalated while the bench runs: that is other work. */
static void put_limits(FILE *to)
{
	fputs("limits:\n", to);
	for (int i = 0; i < 3; i++)
		fprintf(to, "  - {id: %s, repeat: 1d, ack: 1d, done: 2d}\n", (const char *[]){"at_once", "promptly", "default"}[i]);
	fputc('\n', to);
}

/* The sample site with its terminals and limits replaced: a part goes from its word to the next line that begins with a letter. */
static void copy_site(FILE *from, FILE *to, size_t n)
{
	char line[4096];
	bool skipping = false;

	while (fgets(line, sizeof line, from) != NULL) {
		if (line[0] >= 'a' && line[0] <= 'z')
			skipping = false;
		if (strncmp(line, "terminals:", 10) == 0) {
			put_terminals(to, n);
			skipping = true;
		} else if (strncmp(line, "limits:", 7) == 0) {
			put_limits(to);
			skipping = true;
		}
		if (!skipping)
			fputs(line, to);
	}
}

static bool make_site(const struct town *t, const char *path)
{
	char *sample = xasprintf("%s/server/plans/taga-demo-site.yaml", t->source);
	FILE *from = fopen(sample, "r"), *to = fopen(path, "w");
	bool ok = from != NULL && to != NULL;

	if (ok)
		copy_site(from, to, t->terminals);
	ok = ok && ferror(from) == 0 && ferror(to) == 0;
	if (from != NULL)
		fclose(from);
	if (to != NULL && fclose(to) != 0)
		ok = false;
	free(sample);
	return ok || fail("cannot make the site from server/plans/taga-demo-site.yaml", path);
}

/* ---- the plan ---- */

#define TELLS "{to: [every_terminal], ack: none}"

/* The town's own plan; for --acknowledge the first broadcast, that of the fault alarm, wants acknowledgements. */
static bool copy_plan(FILE *from, FILE *to, bool acknowledge)
{
	char line[4096], *at;
	bool changed = !acknowledge;

	while (fgets(line, sizeof line, from) != NULL) {
		at = changed ? NULL : strstr(line, TELLS);
		if (at != NULL) {
			*at = '\0';
			fprintf(to, "%s{to: [every_terminal], ack: all}%s", line, at + strlen(TELLS));
			changed = true;
		} else {
			fputs(line, to);
		}
	}
	return changed;
}

static bool make_plan(const struct town *t, const char *path)
{
	char *plan = xasprintf("%s/server/plans/taga-juki-net.yaml", t->source);
	FILE *from = fopen(plan, "r"), *to = fopen(path, "w");
	bool ok = from != NULL && to != NULL && copy_plan(from, to, t->acknowledge);

	if (from != NULL)
		fclose(from);
	if (to != NULL && fclose(to) != 0)
		ok = false;
	free(plan);
	return ok || fail("cannot make the plan from server/plans/taga-juki-net.yaml", path);
}

/* ---- the server ---- */

/* presence_hold is short only so that 'present' is on record before the rounds begin; the rest is as a town has it. */
static bool configuration(const struct town *t)
{
	char *path = town_path(t, "renrakud.yaml");
	FILE *f = fopen(path, "w");
	bool ok = f != NULL;

	if (ok)
		fprintf(f,
			"address: 127.0.0.1\nport: 0\nca: %s/ca/ca.pem\ncert: %s/ca/server-main.pem\nkey: %s/ca/server-main.key\ncrl: "
			"%s/ca/crl.pem\n"
			"store: %s/renraku.db\npresence_hold: 1s\npresence_grace: 1s\n",
			t->dir, t->dir, t->dir, t->dir, t->dir);
	if (f != NULL && fclose(f) != 0)
		ok = false;
	if (!ok)
		fail("cannot write", path);
	free(path);
	return ok;
}

static bool load(const struct town *t)
{
	char *program = xasprintf("%s/renrakud", t->bin), *plan = town_path(t, "plan.yaml");
	char *config = town_path(t, "renrakud.yaml"), *site = town_path(t, "site.yaml"), *out = town_path(t, "setup.txt");
	bool ok = make_plan(t, plan) && make_site(t, site) &&
		  process_run(out, (char *[]){program, "--config", config, "--load-plan", plan, "--load-site", site, NULL});

	free(program);
	free(plan);
	free(config);
	free(site);
	free(out);
	return ok;
}

bool town_make(struct town *t, size_t terminals)
{
	const char *tmp = getenv("TMPDIR");

	t->terminals = terminals;
	snprintf(t->dir, sizeof t->dir, "%s/renraku-bench.XXXXXX", tmp != NULL && *tmp != '\0' ? tmp : "/tmp");
	if (mkdtemp(t->dir) == NULL) {
		t->dir[0] = '\0';
		return fail("cannot make a folder in", tmp != NULL ? tmp : "/tmp");
	}
	return certificates(t) && configuration(t) && load(t);
}

static bool read_port(struct town *t)
{
	FILE *out = fdopen(t->server_out, "r");
	char line[256];
	unsigned port = 0;

	while (out != NULL && port == 0 && fgets(line, sizeof line, out) != NULL)
		if (sscanf(line, "listening on %*[^:]:%u", &port) != 1)
			port = 0;
	/* It says nothing more on its standard output. */
	if (out != NULL)
		fclose(out);
	t->port = (uint16_t)port;
	return port != 0;
}

bool town_start(struct town *t, int core)
{
	char *program = xasprintf("%s/renrakud", t->bin), *config = town_path(t, "renrakud.yaml"), *err = town_path(t, "log.txt");
	bool ok;

	t->server = process_start(core, err, (char *[]){program, "--config", config, NULL}, &t->server_out);
	ok = t->server > 0 && read_port(t);
	if (!ok)
		fprintf(stderr, "fanout: renrakud does not start; what it said is in %s\n", err);
	free(program);
	free(config);
	free(err);
	return ok;
}

bool town_stop(struct town *t)
{
	bool well = process_stop(t->server);

	t->server = 0;
	return well;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void town_remove(struct town *t)
{
	if (t->dir[0] != '\0')
		nftw(t->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
