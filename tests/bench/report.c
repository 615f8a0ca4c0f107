#include "bench/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

/* ---- collecting ---- */

void report_empty(struct report *r, size_t side, int64_t memory)
{
	r->sides[side].empty = memory;
}

void report_connected(struct report *r, size_t side, bool resumed, size_t n, int64_t time, int64_t cpu)
{
	r->sides[side].connected[resumed].n += n;
	r->sides[side].connected[resumed].time += time;
	r->sides[side].connected[resumed].cpu += cpu;
	r->yardstick = r->yardstick || side == 1;
}

void report_memory(struct report *r, size_t side, bool resumed, int64_t memory)
{
	r->sides[side].memory[resumed] = memory;
}

void report_incidents(struct report *r, size_t side, int64_t memory)
{
	r->sides[side].incidents = memory - r->sides[side].memory[false];
}

void report_resumed(struct report *r, size_t side, size_t n)
{
	r->sides[side].resumed = n;
}

static double us_each(const struct round *round)
{
	return (double)round->cpu / 1e3 / (double)round->n;
}

static void add_round(struct report_side *s, const struct round *round)
{
	for (size_t i = 0; i < round->n; i++)
		figures_add(&s->each, figures_ms(round->at[i] - round->sent));
	figures_add(&s->accepted, figures_ms(round->accepted - round->sent));
	figures_add(&s->delivered, figures_ms(round->delivered - round->sent));
	figures_add(&s->durable, figures_ms(round->durable - round->sent));
	figures_add(&s->cpu, us_each(round));
	figures_add(&s->records, (double)round->records);
}

void report_round(struct report *r, const struct round *town, const struct round *yard)
{
	add_round(&r->sides[0], town);
	if (yard == NULL)
		return;
	add_round(&r->sides[1], yard);
	figures_add(&r->delivered, (double)(town->delivered - town->sent) / (double)(yard->delivered - yard->sent));
	figures_add(&r->durable, (double)(town->durable - town->sent) / (double)(yard->durable - yard->sent));
	figures_add(&r->cpu, us_each(town) / us_each(yard));
}

/* ---- printing ---- */

static void heading(const struct report *r)
{
	printf("%-52s %12s", "", "renrakud");
	if (r->yardstick)
		printf(" %12s %8s", "yardstick", "ratio");
	putchar('\n');
}

static void line(const struct report *r, const char *what, double town, double yard, double ratio)
{
	printf("%-52s %12.*f", what, town < 100 ? 2 : 0, town);
	if (r->yardstick)
		printf(" %12.*f %8.2f", yard < 100 ? 2 : 0, yard, ratio);
	putchar('\n');
}

static void line_alone(const struct report *r, const char *what, double town)
{
	printf("%-52s %12.*f", what, town < 100 ? 2 : 0, town);
	if (r->yardstick)
		printf(" %12s %8s", "-", "-");
	putchar('\n');
}

static double over(double a, double b)
{
	return b > 0 ? a / b : 0;
}

static void connections(struct report *r, bool resumed)
{
	double rate[2], cpu[2], kib[2];

	for (size_t i = 0; i < 2; i++) {
		const struct report_side *s = &r->sides[i];
		double n = (double)s->connected[resumed].n;

		rate[i] = over(n, (double)s->connected[resumed].time / 1e9);
		cpu[i] = over((double)s->connected[resumed].cpu / 1e3, n);
		kib[i] = over((double)(s->memory[resumed] - s->empty - (resumed ? s->incidents : 0)) / 1024, n);
	}
	line(r, resumed ? "connections a second, resumed" : "connections a second, full handshake", rate[0], rate[1],
		over(rate[0], rate[1]));
	line(r, "  server CPU for each, us", cpu[0], cpu[1], over(cpu[0], cpu[1]));
	line(r, "  server memory for each session, KiB", kib[0], kib[1], over(kib[0], kib[1]));
}

static void pair(struct report *r, const char *what, struct samples *town, struct samples *yard, struct samples *ratio)
{
	static const double percents[] = {50, 99};
	char words[96];

	for (size_t i = 0; i < 2; i++) {
		double a = figures_at(town, percents[i]), b = figures_at(yard, percents[i]);

		snprintf(words, sizeof words, "%s, p%.0f", what, percents[i]);
		line(r, words, a, b, ratio != NULL ? figures_at(ratio, percents[i]) : over(a, b));
	}
}

static void rounds(struct report *r)
{
	struct report_side *town = &r->sides[0], *yard = &r->sides[1];

	line_alone(r, "alarm -> accepted (durable), ms, p50", figures_at(&town->accepted, 50));
	line_alone(r, "alarm -> accepted (durable), ms, p99", figures_at(&town->accepted, 99));
	pair(r, "alarm -> delivered to a terminal, ms", &town->each, &yard->each, NULL);
	pair(r, "alarm -> last delivered, ms", &town->delivered, &yard->delivered, &r->delivered);
	pair(r, "alarm -> last receipt durable, ms", &town->durable, &yard->durable, &r->durable);
	pair(r, "server CPU for each terminal and alarm, us", &town->cpu, &yard->cpu, &r->cpu);
	line_alone(r, "server memory for each terminal and open alarm, bytes",
		over((double)town->incidents, (double)(town->each.n + town->connected[0].n)));
	line_alone(r, "records of one alarm and its receipts, p50", figures_at(&town->records, 50));
}

/* "… : 123 records in 45 commits", said by renrakud at its end. */
static bool read_commits(const struct town *t, unsigned long long *records, unsigned long long *commits)
{
	char *path = town_path(t, "log.txt"), text[512];
	FILE *f = fopen(path, "r");
	bool found = false;

	free(path);
	while (f != NULL && fgets(text, sizeof text, f) != NULL) {
		const char *at = strstr(text, "written: ");

		found = (at != NULL && sscanf(at, "written: %llu records in %llu commits", records, commits) == 2) || found;
	}
	if (f != NULL)
		fclose(f);
	if (!found)
		fprintf(stderr, "fanout: renrakud did not say at its end how many commits it made\n");
	return found;
}

bool report_print(struct report *r, const struct town *t, size_t agents, unsigned answers, bool two_cores)
{
	unsigned long long records = 0, commits = 0;
	double receipts = (double)agents * answers * (double)(r->sides[0].durable.n + 2);

	if (!read_commits(t, &records, &commits))
		return false;
	printf("%zu terminals, %zu alarms, %u answer%s each; server and load on %s\n\n", agents, r->sides[0].durable.n, answers,
		answers > 1 ? "s" : "", two_cores ? "a core each" : "the same core");
	heading(r);
	connections(r, false);
	connections(r, true);
	rounds(r);
	line_alone(r, "records in a commit, whole run", over((double)records, (double)commits));
	line_alone(r, "receipts in a commit, whole run", over(receipts, (double)commits));
	printf("\nresumed: %zu of %zu", r->sides[0].resumed, agents);
	if (r->yardstick)
		printf(", yardstick %zu", r->sides[1].resumed);
	printf("; one sync of 4 KiB here: p50 %.2f, p99 %.2f ms\nEvery receipt was found in the log.\n", figures_at(&r->disk, 50),
		figures_at(&r->disk, 99));
	return true;
}

void report_free(struct report *r)
{
	struct samples *all[] = {&r->delivered, &r->durable, &r->cpu, &r->disk};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		figures_free(all[i]);
	for (size_t i = 0; i < 2; i++) {
		struct report_side *s = &r->sides[i];
		struct samples *of[] = {&s->each, &s->accepted, &s->delivered, &s->durable, &s->cpu, &s->records};

		for (size_t j = 0; j < sizeof of / sizeof *of; j++)
			figures_free(of[j]);
	}
}
