#include "web/print.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utlist.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "web/print_child.h"

#define ME "print"
#define ERRORS_MAX 2048u
/* Exit codes of renraku-report that come with something printed: done; done, and the record does not fit its hashes (it says so itself). */
enum { EXIT_DONE = 0, EXIT_REFUSED = 2, EXIT_UNREACHABLE = 4, EXIT_UNVERIFIED = 5 };

struct output {
	struct event *event;
	int fd;
	struct buf bytes;
};

struct print {
	struct print *prev, *next;
	struct prints *all;
	struct http_request *http; /* NULL: the browser has left */
	char *job, *format, *lang, *token, *directory;
	uint32_t incident;
	pid_t pid; /* 0: it waits */
	struct output out, err;
	struct event *deadline;
	bool exited, late;
	int status;
};

struct prints {
	struct event_base *base;
	const char *program;
	const struct settings *way;
	struct event *child;
	struct print *list;
	bool stopped;
};

/* ---- the end of one ---- */

static void output_close(struct output *o)
{
	if (o->event)
		event_free(o->event);
	o->event = NULL;
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
}

static void print_free(struct print *p)
{
	DL_DELETE(p->all->list, p);
	output_close(&p->out);
	output_close(&p->err);
	buf_free(&p->out.bytes);
	buf_free(&p->err.bytes);
	if (p->deadline)
		event_free(p->deadline);
	if (p->directory)
		print_remove_directory(p->directory);
	OPENSSL_cleanse(p->token, strlen(p->token));
	free(p->token);
	free(p->job);
	free(p->format);
	free(p->lang);
	free(p->directory);
	free(p);
}

static void kill_it(struct print *p)
{
	if (p->pid && !p->exited)
		kill(-p->pid, SIGKILL);
}

/* ---- answers ---- */

static void answer_document(struct print *p)
{
	static const struct {
		const char *format, *type;
		bool page;
	} kinds[] = {{"pdf", "application/pdf", false}, {"html", "text/html; charset=utf-8", true}, {"json", "application/json", false},
		{"csv", "text/csv; charset=utf-8", false}};
	size_t k = 0;
	char name[128], number[16] = "";
	while (k < 3 && strcmp(kinds[k].format, p->format) != 0)
		k++;
	if (p->incident)
		snprintf(number, sizeof number, "-%u", (unsigned)p->incident);
	snprintf(name, sizeof name, "%s; filename=\"renraku-%s%s.%s\"", k < 2 ? "inline" : "attachment", p->job, number, p->format);
	http_add_header(p->http, "Content-Disposition", name);
	/* The document brings its own styles and nothing else; it runs nothing and may ask for nothing. */
	if (kinds[k].page)
		http_add_header(p->http, "Content-Security-Policy",
			"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
			"sandbox");
	http_reply(p->http, 200, kinds[k].type, p->out.bytes.data, p->out.bytes.len);
}

/* What renraku-report said of it, its first line. */
static char *complaint(struct print *p)
{
	static const char prefix[] = "renraku: ";
	const char *text = buf_str(&p->err.bytes);
	if (!strncmp(text, prefix, sizeof prefix - 1))
		text += sizeof prefix - 1;
	size_t len = strcspn(text, "\n");
	return len && text_valid(text, len) ? xstrndup(text, len) : NULL;
}

static void answer_failure(struct print *p)
{
	int code = WIFEXITED(p->status) ? WEXITSTATUS(p->status) : -1;
	char *line = complaint(p);
	log_warning(ME, "%s %s: ended with %d: %s", p->job, p->format, code, line ? line : "");
	if (p->late)
		http_refuse(p->http, 504, "TOO_LONG", "1分で作り終わりませんでした。", "It was not finished within a minute.", 5000);
	else if (p->out.bytes.full)
		http_refuse(p->http, 500, "TOO_LARGE", "大きすぎて渡せません。", "It is too large to be handed over.", 0);
	else if (code == EXIT_REFUSED)
		http_refuse(p->http, 403, "REFUSED", line ? line : "作れません。", line ? line : "It cannot be made.", 0);
	else if (code == EXIT_UNREACHABLE)
		http_refuse(p->http, 503, "NO_SERVER", "連絡サーバにつながりません。", "The server cannot be reached.", 2000);
	else
		http_refuse(p->http, 500, "PRINTING_FAILED", line ? line : "印刷のプログラムが終わってしまいました。",
			line ? line : "The printing program failed.", 0);
	free(line);
}

static void answer(struct print *p)
{
	int code = WIFEXITED(p->status) ? WEXITSTATUS(p->status) : -1;
	bool made = p->out.bytes.len && !p->out.bytes.full && !p->late;
	if (made && (code == EXIT_DONE || code == EXIT_UNVERIFIED))
		answer_document(p);
	else
		answer_failure(p);
}

static void start_next(struct prints *);

/* The child has ended and what it wrote has been read. */
static void finish_if_over(struct print *p)
{
	struct prints *all = p->all;
	if (!p->exited || p->out.fd >= 0 || p->err.fd >= 0)
		return;
	if (p->http && !all->stopped)
		answer(p);
	print_free(p);
	start_next(all);
}

static void on_gone(void *arg)
{
	struct print *p = arg;
	p->http = NULL;
	if (p->pid)
		kill_it(p);
	else
		print_free(p);
}

/* ---- running ---- */

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	(void)what;
	struct print *p = arg;
	struct output *o = fd == p->out.fd ? &p->out : &p->err;
	uint8_t part[65536];
	ssize_t n = read(fd, part, sizeof part);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		buf_append(&o->bytes, part, (size_t)n);
		if (p->out.bytes.full)
			kill_it(p);
		return;
	}
	output_close(o);
	finish_if_over(p);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct print *p = arg;
	p->late = true;
	kill_it(p);
}

static void on_child(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct prints *all = arg;
	struct print *p, *next;
	DL_FOREACH_SAFE(all->list, p, next) {
		if (!p->pid || p->exited || waitpid(p->pid, &p->status, WNOHANG) != p->pid)
			continue;
		kill(-p->pid, SIGKILL); /* what it started and left behind */
		p->exited = true;
		finish_if_over(p);
		next = all->list; /* others may have begun or ended */
	}
}

static void read_from(struct print *p, struct output *o, int fd)
{
	o->fd = fd;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	o->event = event_new(p->all->base, fd, EV_READ | EV_PERSIST, on_readable, p);
	event_add(o->event, NULL);
}

static bool start(struct print *p)
{
	struct prints *all = p->all;
	struct print_child child = {.program = all->program, .job = p->job, .format = p->format, .lang = p->lang, .incident = p->incident};
	int out, err;
	p->directory = print_make_directory(all->way, p->token);
	child.directory = p->directory;
	if (!p->directory || !print_spawn(&child, &p->pid, &out, &err))
		return false;
	struct timeval limit = {PRINT_MS / 1000, 0};
	read_from(p, &p->out, out);
	read_from(p, &p->err, err);
	p->deadline = evtimer_new(all->base, on_deadline, p);
	evtimer_add(p->deadline, &limit);
	return true;
}

static size_t running(const struct prints *all)
{
	const struct print *p;
	size_t n = 0;
	DL_FOREACH(all->list, p)
		n += p->pid != 0;
	return n;
}

static void start_next(struct prints *all)
{
	struct print *p, *next;
	DL_FOREACH_SAFE(all->list, p, next) {
		if (all->stopped || running(all) >= PRINT_RUNNING)
			return;
		if (p->pid || start(p))
			continue;
		http_refuse(p->http, 500, "PRINTING_FAILED", "印刷のプログラムを始められません。管理者に知らせてください。",
			"The printing program cannot be started; tell an administrator.", 0);
		print_free(p);
	}
}

/* ---- the queue ---- */

static bool room(const struct prints *all, const char *token)
{
	const struct print *p;
	size_t n = 0, own = 0;
	DL_FOREACH(all->list, p) {
		n++;
		own += strcmp(p->token, token) == 0;
	}
	return n < PRINT_RUNNING + PRINT_WAITING && own < PRINT_OF_ONE;
}

void prints_add(struct prints *all, struct http_request *r, const struct print_order *order)
{
	if (!room(all, order->token)) {
		http_refuse(
			r, 429, "BUSY", "印刷が混み合っています。少し待ってください。", "Too much is being printed; wait a little.", 5000);
		return;
	}
	struct print *p = xcalloc(1, sizeof *p);
	p->all = all;
	p->http = r;
	p->job = xstrdup(order->job);
	p->format = xstrdup(order->format);
	p->lang = xstrdup(order->lang);
	p->token = xstrdup(order->token);
	p->incident = order->incident;
	p->out.fd = p->err.fd = -1;
	buf_init(&p->out.bytes, PRINT_MAX_BYTES);
	buf_init(&p->err.bytes, ERRORS_MAX);
	DL_APPEND(all->list, p);
	http_later(r, on_gone, p);
	start_next(all);
}

struct prints *prints_new(struct event_base *base, const char *program, const struct settings *way)
{
	struct prints *all = xcalloc(1, sizeof *all);
	all->base = base;
	all->program = program;
	all->way = way;
	all->child = evsignal_new(base, SIGCHLD, on_child, all);
	event_add(all->child, NULL);
	return all;
}

void prints_stop(struct prints *all)
{
	struct print *p;
	all->stopped = true;
	DL_FOREACH(all->list, p)
		kill_it(p);
}

void prints_free(struct prints *all)
{
	if (!all)
		return;
	while (all->list) {
		if (all->list->pid && !all->list->exited)
			waitpid(all->list->pid, NULL, 0); /* it was killed */
		print_free(all->list);
	}
	event_free(all->child);
	free(all);
}
