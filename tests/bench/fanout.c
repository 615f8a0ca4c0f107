/*
 * fanout: one alarm to N terminals over mutual TLS, each with a certificate of its own, and their receipts back, durable. The server is
 * the real renrakud with a town of N terminals on one core; all terminals are in this process on the other. Each round is followed by one
 * with the yardstick of bare.h, so that what the machine does at the moment falls on both. Nothing here judges a time: it fails only when
 * something that must be found in the log is not there. docs/performance.md explains the figures.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/disk.h"
#include "bench/process.h"
#include "bench/report.h"
#include "bench/rounds.h"
#include "bench/town.h"

#define PARTS 10 /* connecting alternates between the two servers so often */
#define SPARE_FILES 128

struct bench {
	size_t agents;
	unsigned rounds, answers;
	bool yardstick, acknowledge, contacts, keep;
	int core_server, core_load, epoll;
	struct town town;
	struct bare bare;
	struct identities *identities;
	struct side sides[2]; /* renrakud, the yardstick */
	struct report report;
};

/* ---- what the machine allows ---- */

static size_t fitting(size_t agents, bool yardstick)
{
	struct rlimit files;
	size_t each = yardstick ? 2 : 1, most;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	most = (size_t)files.rlim_cur > SPARE_FILES ? ((size_t)files.rlim_cur - SPARE_FILES) / each : 0;
	if (agents <= most)
		return agents;
	fprintf(stderr,
		"fanout: this process may open %llu files only, so %zu agents instead of %zu; raise the hard limit of `ulimit -n`%s\n",
		(unsigned long long)files.rlim_cur, most, agents, yardstick ? " or leave the yardstick out (--no-yardstick)" : "");
	return most;
}

/* ---- phases ---- */

static bool connect_part(struct bench *b, size_t which, bool resumed, size_t from, size_t to)
{
	struct side *s = &b->sides[which];
	int64_t cpu = process_cpu(s->server), at = figures_now();

	if (!crowd_connect(s->crowd, from, to))
		return false;
	report_connected(&b->report, which, resumed, to - from, figures_now() - at, process_cpu(s->server) - cpu);
	return true;
}

static bool connect_all(struct bench *b, bool resumed)
{
	for (size_t i = 0; i < PARTS; i++)
		for (size_t which = 0; which < (b->yardstick ? 2 : 1); which++)
			if (!connect_part(b, which, resumed, b->agents * i / PARTS, b->agents * (i + 1) / PARTS))
				return false;
	if (!rounds_await_presence(&b->sides[0], b->epoll, b->agents))
		return false;
	for (size_t which = 0; which < (b->yardstick ? 2 : 1); which++)
		report_memory(&b->report, which, resumed, process_memory(b->sides[which].server));
	return true;
}

static bool play_rounds(struct bench *b, unsigned first, unsigned n, bool counts)
{
	for (unsigned i = 0; i < n; i++) {
		/* A different terminal each time: its place makes it an incident of its own. */
		size_t who = ((first + i) * 37) % b->agents;

		for (size_t which = 0; which < (b->yardstick ? 2 : 1); which++)
			if (!rounds_alarm(&b->sides[which], b->epoll, who, first + i + 1))
				return false;
		if (counts)
			report_round(&b->report, &b->sides[0].now, b->yardstick ? &b->sides[1].now : NULL);
		if (counts && !disk_measure(b->town.dir, &b->report.disk))
			return false;
	}
	return true;
}

/* All leave, as on an evening, and come back with the sessions they had. */
static bool come_back(struct bench *b)
{
	for (size_t which = 0; which < (b->yardstick ? 2 : 1); which++)
		crowd_close(b->sides[which].crowd);
	if (!rounds_await_presence(&b->sides[0], b->epoll, 0) || !connect_all(b, true))
		return false;
	for (size_t which = 0; which < (b->yardstick ? 2 : 1); which++)
		report_resumed(&b->report, which, crowd_resumed(b->sides[which].crowd));
	return true;
}

static bool play(struct bench *b)
{
	for (size_t which = 0; which < (b->yardstick ? 2 : 1); which++)
		report_empty(&b->report, which, process_memory(b->sides[which].server));
	/* The first alarm on either side warms up; the last shows that resumed sessions are as good. */
	if (!connect_all(b, false) || !play_rounds(b, 0, 1, false) || !play_rounds(b, 1, b->rounds, true))
		return false;
	for (size_t which = 0; which < (b->yardstick ? 2 : 1); which++)
		report_incidents(&b->report, which, process_memory(b->sides[which].server));
	return come_back(b) && play_rounds(b, b->rounds + 1, 1, false);
}

/* ---- setting up ---- */

static bool make_side(struct bench *b, size_t which, const char *name, uint16_t port, const struct crowd_events *events)
{
	struct side *s = &b->sides[which];
	char *ca = town_path(&b->town, "ca/ca.pem");

	s->name = name;
	s->answers = b->answers;
	s->acknowledge = b->acknowledge && which == 0;
	s->contacts = b->contacts && which == 0;
	s->server = which == 0 ? b->town.server : b->bare.pid;
	s->crowd = crowd_new(b->epoll, name, b->identities, ca, port, events, s);
	free(ca);
	return s->crowd != NULL;
}

static bool start_yardstick(struct bench *b)
{
	char *ca = town_path(&b->town, "ca");
	bool ok = bare_start(&b->bare, b->core_server, b->town.dir, ca);

	free(ca);
	if (!ok)
		fprintf(stderr, "fanout: the yardstick does not start\n");
	return ok;
}

static bool set_up(struct bench *b)
{
	char *ca, *log;
	bool ok;

	/* The children first: they are to have little memory of ours. */
	if (!town_make(&b->town, b->agents) || !town_start(&b->town, b->core_server) || (b->yardstick && !start_yardstick(b)))
		return false;
	process_pin(b->core_load);
	b->epoll = epoll_create1(EPOLL_CLOEXEC);
	ca = town_path(&b->town, "ca");
	log = town_path(&b->town, "renraku.db");
	b->identities = identities_read(ca, TOWN_TERMINAL, b->agents);
	b->sides[0].proof = proof_new(log, TOWN_TERMINAL, b->agents);
	free(ca);
	free(log);
	ok = b->identities != NULL && b->sides[0].proof != NULL && make_side(b, 0, "renrakud", b->town.port, &rounds_town_events);
	if (ok && b->yardstick) {
		b->sides[1].bare = &b->bare;
		ok = make_side(b, 1, "yardstick", atomic_load(&b->bare.shared->port), &rounds_yard_events);
	}
	return ok;
}

static bool stop(struct bench *b)
{
	bool well;

	for (size_t which = 0; which < 2; which++) {
		crowd_free(b->sides[which].crowd);
		proof_free(b->sides[which].proof);
		free(b->sides[which].now.at);
	}
	identities_free(b->identities);
	bare_stop(&b->bare);
	well = town_stop(&b->town);
	if (!well)
		fprintf(stderr, "fanout: renrakud did not end well; its lines are in %s/log.txt\n", b->town.dir);
	return well;
}

/* ---- options ---- */

static const char usage[] =
	"usage: fanout [--agents N] [--rounds R] [--answers 1|2] [--acknowledge] [--contacts] [--no-yardstick] [--keep]\n"
	"  --agents N      terminals, each with its certificate and session (100)\n"
	"  --rounds R      alarms that are measured (20)\n"
	"  --answers 1     each terminal answers 'displayed' only; 2: 'delivered', then 'displayed', as the agent does (2)\n"
	"  --acknowledge   the alarm wants every terminal's acknowledgement, and gets it\n"
	"  --contacts      each terminal also subscribes to the contact network, as the agent does\n"
	"  --no-yardstick  renrakud alone; twice as many agents fit into the limit of open files\n"
	"  --keep          leave the town's folder and say where it is\n"
	"Programs are found beside this one, or in $RENRAKU_BIN; the tree is $RENRAKU_SOURCE if set.\n";

static unsigned number(const char *text, unsigned long most)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text == '\0' || *end != '\0' || n == 0 || n > most) {
		fprintf(stderr, "fanout: expected a number from 1 to %lu, not '%s'\n%s", most, text, usage);
		exit(2);
	}
	return (unsigned)n;
}

static void read_options(struct bench *b, int argc, char **argv)
{
	static const struct option options[] = {
		{"agents", required_argument, NULL, 'n'},
		{"rounds", required_argument, NULL, 'r'},
		{"answers", required_argument, NULL, 'a'},
		{"acknowledge", no_argument, NULL, 'w'},
		{"contacts", no_argument, NULL, 'c'},
		{"no-yardstick", no_argument, NULL, 'y'},
		{"keep", no_argument, NULL, 'k'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1)
		switch (c) {
		case 'n':
			b->agents = number(optarg, 20000);
			break;
		case 'r':
			b->rounds = number(optarg, 10000);
			break;
		case 'a':
			b->answers = number(optarg, 2);
			break;
		case 'w':
			b->acknowledge = true;
			break;
		case 'c':
			b->contacts = true;
			break;
		case 'y':
			b->yardstick = false;
			break;
		case 'k':
			b->keep = true;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			fputs(usage, stderr);
			exit(2);
		}
}

static char *own_folder(void)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	path[n > 0 ? n : 0] = '\0';
	*(strrchr(path, '/') != NULL ? strrchr(path, '/') : path) = '\0';
	return xstrdup(path);
}

int main(int argc, char **argv)
{
	struct bench b = {.agents = 100, .rounds = 20, .answers = 2, .yardstick = true};
	char *here = own_folder();
	bool ok;

	read_options(&b, argc, argv);
	signal(SIGPIPE, SIG_IGN);
	b.agents = fitting(b.agents, b.yardstick);
	b.town.bin = getenv("RENRAKU_BIN") != NULL ? getenv("RENRAKU_BIN") : here;
	b.town.source = getenv("RENRAKU_SOURCE") != NULL ? getenv("RENRAKU_SOURCE") : RENRAKU_SOURCE;
	b.town.acknowledge = b.acknowledge;
	process_cores(&b.core_server, &b.core_load);
	/* One round more before and after: see play(). */
	ok = b.agents >= b.rounds + 2;
	if (!ok)
		fprintf(stderr, "fanout: %u rounds and two more need as many terminals, each with its place; there are %zu\n", b.rounds,
			b.agents);
	ok = ok && set_up(&b) && play(&b);
	ok = stop(&b) && ok;
	if (ok)
		ok = report_print(&b.report, &b.town, b.agents, b.answers, b.core_server != b.core_load);
	if (b.keep || !ok)
		fprintf(stderr, "fanout: the town stays in %s\n", b.town.dir);
	else
		town_remove(&b.town);
	report_free(&b.report);
	free(here);
	return ok ? 0 : 1;
}
