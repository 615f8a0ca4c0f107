#include "agent/alert.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utlist.h>

#include "agent/alert_run.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "lib/show.h"

#define ME "alert"
#define WAITING_MAX 256
#define ENV_MAX 32
#define ATTEMPTS 3
#define AGAIN_MS 2000
#define KILL_MS 2000

struct alert {
	struct alert *prev, *next;
	char *kind, *text, *json;
	char *env[ENV_MAX];
	size_t n_env;
	bool drill, quiet, printed, told;
	uint64_t notice, revision;
	alert_done_fn *on_done;
	void *arg;
	int attempts;
	int64_t not_before, ends_at; /* boot clock */
	pid_t pid;
	bool ended; /* SIGTERM was sent */
};

struct alerts {
	struct agent *agent;
	struct alert *waiting, *running;
	int n_waiting, n_running;
	struct event *timer, *child;
};

/* ---- one alert ---- */

struct alert *alert_new(const char *kind, bool drill)
{
	struct alert *a = xcalloc(1, sizeof *a);
	a->kind = xstrdup(kind);
	a->drill = drill;
	a->text = xstrdup("");
	a->json = xstrdup("{}\n");
	alert_set(a, "KIND", kind);
	alert_set(a, "DRILL", drill ? "1" : "");
	alert_set(a, "LANG", T("ja", "en"));
	return a;
}

static void alert_free(struct alert *a)
{
	for (size_t i = 0; i < a->n_env; i++)
		free(a->env[i]);
	free(a->kind);
	free(a->text);
	free(a->json);
	free(a);
}

void alert_set(struct alert *a, const char *name, const char *value)
{
	if (a->n_env < ENV_MAX)
		a->env[a->n_env++] = xasprintf("RENRAKU_%s=%s", name, value);
}

void alert_set_number(struct alert *a, const char *name, uint64_t value)
{
	char s[24];
	snprintf(s, sizeof s, "%" PRIu64, value);
	alert_set(a, name, s);
}

void alert_set_text(struct alert *a, const char *text)
{
	free(a->text);
	a->text = xstrdup(text);
	alert_set(a, "TEXT", text);
}

void alert_set_quiet_text(struct alert *a, const char *text)
{
	a->quiet = true;
	alert_set_text(a, text);
}

static const struct settings_list *command_of(const struct alerts *s, const struct alert *a)
{
	return a->quiet ? &s->agent->settings->test_command : &s->agent->settings->notice_command;
}

void alert_take_json(struct alert *a, char *json)
{
	free(a->json);
	a->json = json;
}

void alert_about(struct alert *a, uint64_t notice, uint64_t revision)
{
	a->notice = notice;
	a->revision = revision;
}

/* ---- showing ---- */

static void tell(struct alert *a, bool shown)
{
	if (a->told || !a->on_done)
		return;
	a->told = true;
	a->on_done(a->arg, a->notice, a->revision, shown);
}

/* On the console. True when somebody may sit before it. */
static bool print(struct alert *a)
{
	struct buf b;
	if (!a->printed) {
		buf_init(&b, 64u << 10);
		buf_puts(&b, a->quiet ? "" : "\n");
		show_lines(&b, a->text);
		buf_puts(&b, a->quiet ? "" : isatty(STDOUT_FILENO) ? "\n\a" : "\n");
		fputs(buf_str(&b), stdout);
		fflush(stdout);
		buf_free(&b);
		a->printed = true;
	}
	return isatty(STDOUT_FILENO) && !ferror(stdout);
}

static void arm(struct alerts *s, int64_t ms)
{
	struct timeval tv = agent_ms(ms < 0 ? 0 : ms);
	evtimer_add(s->timer, &tv);
}

static void put_waiting(struct alerts *s, struct alert *a)
{
	DL_APPEND(s->waiting, a);
	s->n_waiting++;
}

static void finish(struct alert *a, bool shown)
{
	tell(a, shown);
	alert_free(a);
}

/* It failed: printed at least, and tried again a little later. */
static void failed(struct alerts *s, struct alert *a, const char *why)
{
	log_error(ME, "%s: %s (attempt %d of %d)", command_of(s, a)->at[0], why, a->attempts, ATTEMPTS);
	if (print(a)) {
		finish(a, true);
	} else if (a->attempts >= ATTEMPTS) {
		finish(a, false);
	} else {
		a->not_before = clock_boot_ms() + AGAIN_MS * a->attempts;
		put_waiting(s, a);
	}
}

static void run(struct alerts *s, struct alert *a)
{
	const struct settings *c = s->agent->settings;
	a->attempts++;
	pid_t pid = alert_run(command_of(s, a)->at, a->env, a->n_env, a->json);
	if (pid < 0) {
		failed(s, a, strerror(-(int)pid));
		return;
	}
	a->pid = pid;
	a->ended = false;
	a->ends_at = clock_boot_ms() + c->notice_timeout_ms;
	DL_APPEND(s->running, a);
	s->n_running++;
	if (c->notice_shown_at_start && !a->quiet)
		tell(a, true);
}

static int rank(const struct alert *a)
{
	return a->quiet ? 2 : a->drill ? 1 : 0;
}

/* The next one that may run now: real before drill before tests, else the oldest. */
static struct alert *choose(struct alerts *s, int64_t now)
{
	struct alert *a, *best = NULL;
	DL_FOREACH(s->waiting, a)
		if (a->not_before <= now && (!best || rank(a) < rank(best)))
			best = a;
	return best;
}

static void end_children(struct alerts *s, int64_t now)
{
	struct alert *a;
	DL_FOREACH(s->running, a) {
		if (a->ends_at > now)
			continue;
		if (!a->ended)
			log_warning(ME, "%s runs longer than %d ms; it is ended", command_of(s, a)->at[0],
				s->agent->settings->notice_timeout_ms);
		kill(-a->pid, a->ended ? SIGKILL : SIGTERM);
		a->ended = true;
		a->ends_at = now + KILL_MS;
	}
}

/* Pop-ups that stay open would otherwise keep a real alarm from being shown. */
static void make_room(struct alerts *s, int64_t now)
{
	struct alert *a;
	DL_FOREACH(s->running, a)
		if (!a->ended) {
			a->ends_at = now;
			return;
		}
}

static void plan_next(struct alerts *s, int64_t now)
{
	int64_t next = INT64_MAX;
	struct alert *a;
	DL_FOREACH(s->running, a)
		next = a->ends_at < next ? a->ends_at : next;
	if (s->n_running < s->agent->settings->notice_children)
		DL_FOREACH(s->waiting, a)
			next = a->not_before < next ? a->not_before : next;
	if (next < INT64_MAX)
		arm(s, next - now);
}

static void work(struct alerts *s)
{
	int64_t now = clock_boot_ms();
	int most = s->agent->settings->notice_children;
	struct alert *a;
	while (s->n_running < most && (a = choose(s, now))) {
		DL_DELETE(s->waiting, a);
		s->n_waiting--;
		run(s, a);
	}
	a = choose(s, now);
	if (s->n_running >= most && s->agent->settings->notice_shown_at_start && a && !a->quiet)
		make_room(s, now);
	end_children(s, now);
	plan_next(s, now);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	work(arg);
}

static void ended(struct alerts *s, struct alert *a, int status)
{
	char why[64];
	DL_DELETE(s->running, a);
	s->n_running--;
	if (a->told || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
		finish(a, true);
		return;
	}
	if (WIFEXITED(status))
		snprintf(why, sizeof why, "exit status %d", WEXITSTATUS(status));
	else
		snprintf(why, sizeof why, "ended by signal %d", WTERMSIG(status));
	failed(s, a, why);
}

static void on_child(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct alerts *s = arg;
	struct alert *a, *next;
	DL_FOREACH_SAFE(s->running, a, next) {
		int status;
		if (waitpid(a->pid, &status, WNOHANG) == a->pid)
			ended(s, a, status);
	}
	work(s);
}

/* Too many wait: the oldest of the least pressing goes. It is printed, so the journal has it. */
static void drop_one(struct alerts *s)
{
	struct alert *a, *victim = s->waiting;
	DL_FOREACH(s->waiting, a)
		if (rank(a) > rank(victim))
			victim = a;
	log_warning(ME, "more than %d notices wait to be shown; one is only printed", WAITING_MAX);
	DL_DELETE(s->waiting, victim);
	s->n_waiting--;
	finish(victim, print(victim));
}

void alerts_post(struct alerts *s, struct alert *a, alert_done_fn *on_done, void *arg)
{
	a->on_done = on_done;
	a->arg = arg;
	if (command_of(s, a)->n == 0) {
		finish(a, print(a));
		return;
	}
	put_waiting(s, a);
	if (s->n_waiting > WAITING_MAX)
		drop_one(s);
	arm(s, 0);
}

struct alerts *alerts_new(struct agent *agent)
{
	struct alerts *s = xcalloc(1, sizeof *s);
	s->agent = agent;
	s->timer = evtimer_new(agent->base, on_timer, s);
	s->child = evsignal_new(agent->base, SIGCHLD, on_child, s);
	evsignal_add(s->child, NULL);
	const struct settings *c = agent->settings;
	/* Better found out now than with the first alarm. */
	if (c->notice_command.n && strchr(c->notice_command.at[0], '/') && access(c->notice_command.at[0], X_OK))
		log_error(ME, "notice_command %s cannot be run (%s); correct %s, or nothing is shown here", c->notice_command.at[0],
			strerror(errno), c->file);
	if (!c->notice_command.n && !isatty(STDOUT_FILENO))
		log_warning(ME, "no notice_command in %s: notices go to the log only, and count as delivered, not as displayed", c->file);
	return s;
}

void alerts_free(struct alerts *s)
{
	struct alert *a, *next;
	if (!s)
		return;
	DL_FOREACH_SAFE(s->waiting, a, next)
		alert_free(a);
	/* A pop-up that stands open may stay; one that is expected to end is told to. */
	DL_FOREACH_SAFE(s->running, a, next) {
		if (!s->agent->settings->notice_shown_at_start)
			kill(-a->pid, SIGTERM);
		alert_free(a);
	}
	event_free(s->timer);
	event_free(s->child);
	free(s);
}
