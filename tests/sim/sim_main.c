/*
 * sim: plays seeds and checks the invariants; see sim.h. Exit 0: all held (with --expect-caught: something did not).
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "sim/sim.h"

static const char *const fault_names[] = {"none", "lying", "cut", "forged"};

struct run {
	struct sim_options options;
	uint64_t first, count;
	bool expect_caught;
	unsigned long long crashes, commands, accepted, records, incidents, closed;
};

static void step(struct sim *s)
{
	sim_acts_random(s);
	if (!s->shell)
		return; /* it crashed and would not start from a damaged log */
	sim_after(s);
	if (sim_chance(s, 50)) {
		shell_turn(s->shell, s->now);
		sim_disk(s);
		sim_after(s);
	}
	if (s->fatal)
		sim_crash(s);
}

/* A quiet moment: everything durable, every view sent. */
static void look_closely(struct sim *s)
{
	sim_pass(s, 61000);
	sim_settle(s);
	sim_pass(s, 300);
	sim_settle(s);
	if (s->fatal) {
		sim_crash(s);
		return;
	}
	sim_check_same_state(s);
	sim_check_accepted(s);
	sim_frames_check_views(s);
}

static void play(struct sim *s)
{
	for (s->step = 1; s->step <= s->options.steps && !s->violated && s->shell; s->step++) {
		step(s);
		if (s->violated || !s->shell)
			break;
		if (s->step % 16 == 0)
			look_closely(s);
		if (!s->violated && s->shell)
			sim_check_state(s);
	}
	if (!s->violated && s->shell)
		look_closely(s);
	if (!s->violated && s->shell)
		sim_way_out(s);
	if (!s->violated && s->shell && !s->fatal) {
		look_closely(s);
		sim_check_tampering(s);
	}
}

static void count(struct run *r, const struct sim *s)
{
	const struct incident *const *in;
	size_t n = s->shell ? engine_incidents(shell_engine(s->shell), &in) : 0;
	r->crashes += s->crashes;
	r->commands += s->n_commands;
	for (size_t i = 0; i < s->n_commands; i++)
		r->accepted += s->commands[i].state == SIM_ACCEPTED;
	r->records += s->shell ? engine_index(shell_engine(s->shell)) : 0;
	r->incidents += n;
	for (size_t i = 0; i < n; i++)
		r->closed += in[i]->state != INCIDENT_OPEN;
}

/* Plays one seed; false when something does not hold. head: of its log. */
static bool play_seed(struct run *r, uint64_t seed, uint8_t head[RECORD_HASH])
{
	struct sim s;
	r->options.seed = seed;
	if (!sim_open(&s, &r->options)) {
		fprintf(stderr, "sim: the plan or the site is not accepted\n");
		exit(2);
	}
	play(&s);
	count(r, &s);
	sim_log_head(s.log, head);
	bool fine = s.violated == 0;
	if (!fine && !r->expect_caught) {
		printf("seed %llu, step %u: invariant %d does not hold: %s\n", (unsigned long long)seed, s.step, s.violated, s.text);
		printf("repeat: sim --plan %s --site %s --steps %u --break %s --seed %llu --trace\n", r->options.plan_path,
			r->options.site_path, r->options.steps, fault_names[r->options.fault], (unsigned long long)seed);
	} else if (!fine) {
		printf("caught by invariant %d in seed %llu, step %u: %s\n", s.violated, (unsigned long long)seed, s.step, s.text);
	}
	sim_close(&s);
	return fine;
}

/* Invariant 9: the same inputs give the same records. */
static bool same_again(struct run *r, uint64_t seed, const uint8_t head[RECORD_HASH])
{
	uint8_t again[RECORD_HASH];
	if (r->options.only && r->options.only != 9)
		return true;
	if (!play_seed(r, seed, again))
		return false;
	if (memcmp(head, again, RECORD_HASH) == 0)
		return true;
	printf("%sseed %llu: invariant 9 does not hold: played twice, it gives two logs\n", r->expect_caught ? "caught in " : "",
		(unsigned long long)seed);
	return false;
}

static int play_all(struct run *r)
{
	for (uint64_t i = 0; i < r->count; i++) {
		uint8_t head[RECORD_HASH];
		bool fine = play_seed(r, r->first + i, head) && (i % 10 != 0 || same_again(r, r->first + i, head));
		if (!fine)
			return r->expect_caught ? 0 : 1;
		fflush(stdout);
	}
	printf("%llu seeds of %u steps: %llu commands, %llu accepted; %llu crashes; %llu records; %llu incidents, %llu brought to an end\n",
		(unsigned long long)r->count, r->options.steps, r->commands, r->accepted, r->crashes, r->records, r->incidents, r->closed);
	if (r->expect_caught)
		printf("NOT CAUGHT\n");
	return r->expect_caught ? 1 : 0;
}

static void usage(void)
{
	puts("sim [--plan FILE] [--site FILE] [--seed N] [--count N] [--steps N] [--long] [--only INVARIANT] [--break "
	     "none|lying|cut|forged] [--expect-caught] [--trace]");
	exit(2);
}

static enum sim_fault fault_of(const char *name)
{
	for (size_t i = 0; i < sizeof fault_names / sizeof *fault_names; i++)
		if (strcmp(fault_names[i], name) == 0)
			return (enum sim_fault)i;
	usage();
	return SIM_SOUND;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"plan", 1, 0, 'p'},
		{"site", 1, 0, 's'},
		{"seed", 1, 0, 'n'},
		{"count", 1, 0, 'c'},
		{"steps", 1, 0, 't'},
		{"long", 0, 0, 'l'},
		{"only", 1, 0, 'o'},
		{"break", 1, 0, 'b'},
		{"expect-caught", 0, 0, 'x'},
		{"trace", 0, 0, 'v'},
		{0},
	};
	struct run r = {
		.options = {.plan_path = "tests/sim/plan.yaml", .site_path = "tests/sim/site.yaml", .steps = 200}, .first = 1, .count = 1};
	log_set_level(LOG_ERROR + 1);
	for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (o) {
		case 'p':
			r.options.plan_path = optarg;
			break;
		case 's':
			r.options.site_path = optarg;
			break;
		case 'n':
			r.first = strtoull(optarg, NULL, 10);
			break;
		case 'c':
			r.count = strtoull(optarg, NULL, 10);
			break;
		case 't':
			r.options.steps = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'l':
			r.count = 20000;
			r.options.steps = 400;
			break;
		case 'o':
			r.options.only = atoi(optarg);
			break;
		case 'b':
			r.options.fault = fault_of(optarg);
			break;
		case 'x':
			r.expect_caught = true;
			break;
		case 'v':
			r.options.trace = true;
			break;
		default:
			usage();
		}
	}
	return play_all(&r);
}
