/*
 * sim_world: the town, its sessions, its disk and its crashes.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "hub/internal.h"
#include "sim/sim.h"
#include "wire/codec.h"
#include "wire/frame.h"

#define BEGIN INT64_C(1795392000000) /* 2026-11-23 09:00 in Japan, a holiday */

void sim_trace(struct sim *s, const char *fmt, ...)
{
	if (!s->options.trace)
		return;
	va_list ap;
	va_start(ap, fmt);
	printf("%4u %9.3f  ", s->step, (double)(s->now - BEGIN) / 1000);
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
}

void sim_violation(struct sim *s, int invariant, const char *fmt, ...)
{
	if (s->violated || (s->options.only && s->options.only != invariant))
		return;
	va_list ap;
	va_start(ap, fmt);
	s->violated = invariant;
	vsnprintf(s->text, sizeof s->text, fmt, ap);
	va_end(ap);
	sim_trace(s, "INVARIANT %d: %s", s->violated, s->text);
}

/* ---- what the shell hands out ---- */

static void on_send(void *arg, struct shell_peer *peer, struct hub_frame *frame)
{
	(void)arg;
	sim_frames_take(shell_peer_owner(peer), frame->bytes + FRAME_HEADER, frame->len - FRAME_HEADER);
}

static void on_close(void *arg, struct shell_peer *peer, const char *why)
{
	struct sim_client *c = shell_peer_owner(peer);
	sim_trace(arg, "%s is sent away: %s", c->principal, why);
	c->closing = true;
}

static void on_hello_done(void *arg, struct shell_peer *peer)
{
	(void)arg;
	(void)peer;
}

static void on_fatal(void *arg, const char *why)
{
	struct sim *s = arg;
	sim_trace(s, "the server gives up: %s", why);
	s->fatal = true;
}

static void on_hash(void *arg, uint64_t ticket, const char *password, const char *stored)
{
	(void)arg;
	(void)ticket;
	(void)password;
	(void)stored; /* everyone here has a certificate of his own */
}

static void on_random(void *arg, void *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)out)[i] = (uint8_t)sim_random(arg);
}

static const struct shell_output output = {on_send, on_close, on_hello_done, on_fatal, on_hash, on_random, NULL};

/* ---- sessions ---- */

static void send_frame(struct sim_client *c, const Renraku__ClientFrame *frame)
{
	struct buf out;
	buf_init(&out, FRAME_MAX + FRAME_HEADER);
	bool packed = codec_pack_client(&out, frame);
	assert(packed);
	if (c->peer)
		shell_frame(c->sim->shell, c->peer, out.data + FRAME_HEADER, out.len - FRAME_HEADER, c->sim->now);
	buf_free(&out);
}

void sim_frames_subscribe(struct sim_client *c, int view)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Subscribe subscribe = RENRAKU__SUBSCRIBE__INIT;
	subscribe.view = view == 0 ? RENRAKU__VIEW__VIEW_INBOX : RENRAKU__VIEW__VIEW_BOARD;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_SUBSCRIBE;
	frame.subscribe = &subscribe;
	c->subscribed[view] = true;
	send_frame(c, &frame);
}

void sim_frames_receipts(struct sim_client *c)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Receipts receipts = RENRAKU__RECEIPTS__INIT;
	Renraku__Receipt one[16], *list[16];
	size_t n = c->n_receipts < 16 ? c->n_receipts : 16;
	for (size_t i = 0; i < n; i++) {
		renraku__receipt__init(&one[i]);
		one[i].notice = c->receipts[i];
		one[i].stage = sim_chance(c->sim, 50) ? RENRAKU__STAGE__STAGE_DELIVERED : RENRAKU__STAGE__STAGE_DISPLAYED;
		list[i] = &one[i];
	}
	c->n_receipts = 0;
	receipts.receipts = list;
	receipts.n_receipts = n;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_RECEIPTS;
	frame.receipts = &receipts;
	if (n)
		send_frame(c, &frame);
}

void sim_connect(struct sim *s, struct sim_client *c)
{
	if (c->peer)
		return;
	struct tls_peer tls = {.who = c->who};
	snprintf(tls.id, sizeof tls.id, "%s", c->id);
	sim_trace(s, "%s connects", c->principal);
	c->peer = shell_open(s->shell, &tls, c->principal, c, s->now);
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Hello hello = RENRAKU__HELLO__INIT;
	char program[] = "simulator";
	hello.version = 1;
	hello.program = program;
	hello.seen = c->seen;
	hello.wants_notices = true;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_HELLO;
	frame.hello = &hello;
	send_frame(c, &frame);
}

static void forget_session(struct sim_client *c)
{
	c->peer = NULL;
	c->closing = false;
	sim_frames_forget_rows(c);
}

void sim_disconnect(struct sim *s, struct sim_client *c)
{
	if (!c->peer)
		return;
	sim_trace(s, "%s leaves", c->principal);
	shell_closed(s->shell, c->peer, s->now);
	forget_session(c);
}

void sim_send(struct sim *s, const struct sim_command *c)
{
	if (!c->by->peer || c->by->closing)
		return;
	shell_frame(s->shell, c->by->peer, c->bytes, c->len, s->now);
}

void sim_after(struct sim *s)
{
	for (size_t i = 0; i < s->n_clients; i++)
		if (s->clients[i].closing)
			sim_disconnect(s, &s->clients[i]);
	if (shell_deadline(s->shell) <= s->now)
		shell_tick(s->shell, s->now);
}

/* ---- time and disk ---- */

/* Like a loop with a timer: no deadline is passed by, however long the time. */
void sim_pass(struct sim *s, int64_t ms)
{
	int64_t until = s->now + ms;
	for (int at_once = 0; !s->fatal && shell_deadline(s->shell) <= until;) {
		int64_t next = shell_deadline(s->shell);
		at_once = next > s->now ? 0 : at_once + 1;
		if (next > s->now)
			s->now = next;
		shell_tick(s->shell, s->now);
		if (at_once > 5) {
			sim_violation(s, 12, "a tick never comes to an end: a loop would spin");
			break;
		}
	}
	s->now = until;
}

void sim_disk(struct sim *s)
{
	if (s->options.fault != SIM_LYING || sim_chance(s, 5))
		store_mem_sync(s->store);
	store_poll(s->store);
	sim_log_read(s);
}

void sim_settle(struct sim *s)
{
	for (int i = 0; i < 20 && !s->fatal; i++) {
		shell_turn(s->shell, s->now);
		sim_disk(s);
		sim_after(s);
		if (shell_settled(s->shell))
			return;
	}
	if (!s->fatal)
		sim_violation(s, 12, "the shell never comes to rest");
}

/* ---- crashing ---- */

static void start(struct sim *s)
{
	static const struct shell_config config = {.version = "sim"};
	char *error = NULL;
	store_mem_set_sync(s->store, false);
	if (s->options.fault == SIM_LYING)
		store_mem_set_lying(s->store, true);
	s->fatal = false;
	s->started_at = s->now;
	s->shell = shell_new(&config, s->store, &output, s, s->now, true, &error);
	if (!s->shell)
		sim_violation(s, 7, "the server does not start: %s", error);
	free(error);
}

/* A new store with what the old one had synced, without its newest record or with one record changed. */
static struct store *damage(struct sim *s, struct store *old);

void sim_crash(struct sim *s)
{
	/* What was written may have reached the disk although nobody was told. */
	if (s->options.fault != SIM_LYING && sim_chance(s, 30))
		store_mem_sync(s->store);
	sim_trace(s, "---- crash: %llu of the log are left", (unsigned long long)store_mem_synced(s->store));
	shell_free(s->shell);
	for (size_t i = 0; i < s->n_clients; i++)
		forget_session(&s->clients[i]);
	s->store = store_mem_crash(s->store);
	if (s->options.fault == SIM_CUT || s->options.fault == SIM_FORGED)
		s->store = damage(s, s->store);
	s->crashes++;
	s->now += (int64_t)sim_below(s, 5000);
	sim_log_free(s->log);
	sim_people_free(s);
	s->log = sim_log_new();
	sim_log_read(s);
	sim_check_accepted(s);
	start(s);
}

struct copying {
	struct store *to;
	uint64_t keep, change;
};

static void on_copied(void *arg, enum store_status status, uint64_t last)
{
	(void)arg;
	(void)status;
	(void)last;
}

static bool copy_entry(void *arg, const struct store_entry *e)
{
	struct copying *c = arg;
	struct store_entry to = *e;
	uint8_t *data = xmemdup(e->data, e->len);
	if (e->index > c->keep)
		return free(data), false;
	if (e->index == c->change)
		data[e->len - 1] ^= 1;
	to.data = data;
	store_append(c->to, &to, 1, on_copied, NULL);
	free(data);
	return true;
}

static struct store *damage(struct sim *s, struct store *old)
{
	uint8_t hash[STORE_HASH];
	uint64_t head = store_head(old, hash);
	struct copying c = {.to = store_open_mem(), .keep = head};
	if (s->options.fault == SIM_CUT && head > 3)
		c.keep = head - 1;
	if (s->options.fault == SIM_FORGED && head > 3)
		c.change = 3 + sim_below(s, head - 3);
	store_read(old, 1, SIZE_MAX, copy_entry, &c);
	store_poll(c.to);
	store_close(old);
	return c.to;
}

/* ---- opening ---- */

static char *read_text(const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f) {
		fprintf(stderr, "sim: %s: cannot be read\n", path);
		return NULL;
	}
	struct buf b;
	buf_init(&b, 4u << 20);
	char block[4096];
	size_t n;
	while ((n = fread(block, 1, sizeof block, f)) > 0)
		buf_append(&b, block, n);
	fclose(f);
	return buf_take(&b);
}

/* The site with its mark replaced, so that there are two editions to change between. */
static char *edition(const char *text, const char *operator)
{
	const char *mark = strstr(text, "@OPERATOR@");
	if (!mark)
		return xstrdup(text);
	return xasprintf("%.*s%s%s", (int)(mark - text), text, operator, mark + strlen("@OPERATOR@"));
}

static bool load(struct sim *s, bool site, const char *text)
{
	struct verdict v = {0};
	bool fine = shell_console_load(s->shell, site, site ? "site" : "plan", text, strlen(text), s->now, &v) == 0;
	for (size_t i = 0; !fine && i < v.n_missing; i++)
		fprintf(stderr, "sim: %s\n", v.missing[i]);
	verdict_clear(&v);
	sim_settle(s);
	return fine;
}

/* Two devices for the first person, one for everyone else who may sign in, one for each terminal. */
static void make_clients(struct sim *s)
{
	const struct site *site = engine_site(shell_engine(s->shell));
	s->clients = xcalloc(site->n_persons + site->n_terminals + 1, sizeof *s->clients);
	for (size_t i = 0; i < site->n_persons + 1; i++) {
		const struct site_person *p = &site->persons[i ? i - 1 : 0];
		if (!p->login)
			continue;
		struct sim_client *c = &s->clients[s->n_clients++];
		*c = (struct sim_client){.sim = s, .who = TLS_PERSON, .id = xstrdup(p->id)};
		snprintf(c->principal, sizeof c->principal, "person:%s", p->id);
	}
	for (size_t i = 0; i < site->n_terminals; i++) {
		struct sim_client *c = &s->clients[s->n_clients++];
		*c = (struct sim_client){.sim = s, .who = TLS_TERMINAL, .id = xstrdup(site->terminals[i].id)};
		snprintf(c->principal, sizeof c->principal, "terminal:%s", c->id);
	}
}

bool sim_open(struct sim *s, const struct sim_options *options)
{
	*s = (struct sim){.options = *options, .random = options->seed * UINT64_C(0x2545f4914f6cdd1d) + 1, .now = BEGIN};
	char *site = read_text(options->site_path);
	s->plan = read_text(options->plan_path);
	if (site) {
		s->site[0] = edition(site, "p_op");
		s->site[1] = edition(site, "p_op2");
	}
	free(site);
	s->log = sim_log_new();
	s->store = store_open_mem();
	start(s);
	if (!s->plan || !s->site[0] || !s->shell || !load(s, false, s->plan) || !load(s, true, s->site[0]))
		return false;
	make_clients(s);
	return true;
}

void sim_close(struct sim *s)
{
	shell_free(s->shell);
	store_close(s->store);
	sim_people_free(s);
	sim_log_free(s->log);
	for (size_t i = 0; i < s->n_clients; i++) {
		forget_session(&s->clients[i]);
		free(s->clients[i].receipts);
		free((char *)(uintptr_t)s->clients[i].id);
	}
	for (size_t i = 0; i < s->n_commands; i++)
		free(s->commands[i].bytes);
	free(s->clients);
	free(s->commands);
	free(s->plan);
	free(s->site[0]);
	free(s->site[1]);
}
