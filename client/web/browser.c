#include "web/browser_parts.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "web/csrf.h"

#define SWEEP_MS 5000
/* A session that is being made gets so long before a request is told that it cannot be. */
#define PATIENCE_MS 5000

static void arm(struct event *e, int ms)
{
	struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
	evtimer_add(e, &tv);
}

/* ---- by which cookies it is found ---- */

static void key_of(const char *person, const char *terminal, char out[65])
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	char *both = xasprintf("%s %s", person ? person : "", terminal ? terminal : "");
	SHA256((const unsigned char *)both, strlen(both), digest);
	OPENSSL_cleanse(both, strlen(both));
	free(both);
	text_hex(digest, sizeof digest, out);
}

static struct browser *find(struct browsers *all, const char key[65])
{
	struct browser *b;
	HASH_FIND_STR(all->by_key, key, b);
	return b;
}

static void unkey(struct browser *b)
{
	if (b->keyed)
		HASH_DEL(b->all->by_key, b);
	b->keyed = false;
}

/* One whose cookies another goes by already serves its requests to the end and lingers out. */
static void rekey(struct browser *b)
{
	unkey(b);
	key_of(b->tokens[0], b->tokens[1], b->key);
	if ((!b->tokens[0] && !b->tokens[1]) || find(b->all, b->key))
		return;
	HASH_ADD_STR(b->all->by_key, key, b);
	b->keyed = true;
}

static void set_secret(char **to, const char *value)
{
	char *old = *to;
	*to = value ? xstrdup(value) : NULL;
	if (old)
		OPENSSL_cleanse(old, strlen(old));
	free(old);
}

const char *browser_token(const struct browser *b, enum upstream_token which)
{
	return b->tokens[which];
}

void browser_set_token(struct browser *b, enum upstream_token which, const char *token)
{
	set_secret(&b->tokens[which], token);
	rekey(b);
	if (!b->up)
		return;
	upstream_set_token(b->up, which, token);
	/* The value that guards against forged requests follows from it. */
	if (upstream_ready(b->up))
		browser_tell_session(b);
}

void browser_give_up(struct browser *b, enum upstream_token which, bool done)
{
	browser_set_token(b, which, NULL);
	if (done || b->ended)
		return;
	/* As far as renrakud knows, somebody is still there: the session goes on without. */
	upstream_restart(b->up);
	if (!b->ended)
		browser_stand_no_more(b, which);
}

/* ---- requests that wait ---- */

void browser_hang_up(struct browser_call *c)
{
	struct browser *b = c->browser;
	if (!b)
		return;
	DL_DELETE(b->calls, c);
	b->n_calls--;
	b->used_at = clock_boot_ms();
	if (c->timer)
		event_free(c->timer);
	c->timer = NULL;
	c->browser = NULL;
}

static void fail(struct browser_call *c, enum browser_failure why)
{
	browser_hang_up(c);
	c->failed(c, why);
}

static void on_impatient(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	fail(arg, BROWSER_NO_SERVER);
}

static void perform(struct browser_call *c)
{
	c->performed = true;
	if (c->timer)
		event_free(c->timer);
	c->timer = NULL;
	c->perform(c);
}

bool browser_call(struct browser *b, struct browser_call *c)
{
	if (b->n_calls >= BROWSER_MAX_CALLS)
		return false;
	c->browser = b;
	c->performed = false;
	b->n_calls++;
	DL_APPEND(b->calls, c);
	if (b->ended)
		fail(c, BROWSER_NOBODY);
	else if (upstream_ready(b->up))
		perform(c);
	else if (upstream_hopeful(b->up)) {
		c->timer = evtimer_new(b->all->place->base, on_impatient, c);
		arm(c->timer, PATIENCE_MS);
	} else
		fail(c, BROWSER_NO_SERVER);
	return true;
}

/* The first of those that still wait. */
static struct browser_call *waiting(struct browser *b)
{
	struct browser_call *c;
	DL_FOREACH(b->calls, c)
		if (!c->performed)
			return c;
	return NULL;
}

void browser_calls_perform(struct browser *b)
{
	struct browser_call *c;
	while (!b->ended && upstream_ready(b->up) && (c = waiting(b)))
		perform(c);
}

void browser_calls_fail(struct browser *b)
{
	struct browser_call *c;
	while ((c = waiting(b)))
		fail(c, BROWSER_NO_SERVER);
}

/* ---- its end ---- */

void browser_end(struct browser *b, const char *code, const char *ja, const char *en)
{
	struct stream *s;
	if (b->ended)
		return;
	b->ended = true;
	unkey(b);
	upstream_free(b->up);
	b->up = NULL;
	while (b->calls)
		fail(b->calls, BROWSER_NOBODY);
	struct buf json;
	buf_init(&json, 4096);
	buf_printf(&json, "{\"code\":\"%s\",\"text\":", code);
	json_quote(&json, ja);
	buf_puts(&json, ",\"text_en\":");
	json_quote(&json, en);
	buf_puts(&json, "}");
	struct event_text *bye = event_text_new("bye", 0, buf_str(&json), json.len);
	buf_free(&json);
	for (size_t i = 0; i < b->n_streams; i++) {
		s = b->streams[i];
		stream_close(s, bye);
	}
	event_text_unref(bye);
	arm(b->all->sweep, 0);
}

void browser_settle(struct browser *b)
{
	if (!b->ended && !b->tokens[0] && !b->tokens[1] && !b->calls)
		browser_end(b, "SIGNED_OUT", "サインアウトしました。", "Signed out.");
}

static void browser_free(struct browser *b)
{
	DL_DELETE(b->all->list, b);
	b->all->n--;
	unkey(b);
	upstream_free(b->up);
	set_secret(&b->tokens[0], NULL);
	set_secret(&b->tokens[1], NULL);
	browser_views_free(b);
	browser_notices_clear(b);
	if (b->probe)
		event_text_unref(b->probe);
	ring_free(&b->ring);
	browser_who_free(&b->who);
	browser_who_free(&b->fresh);
	browser_bye_free(b);
	free(b->session_json);
	free(b->link_json);
	free(b->address);
	free(b);
}

static void on_sweep(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct browsers *all = arg;
	struct browser *b, *next;
	int64_t now = clock_boot_ms();
	arm(all->sweep, SWEEP_MS);
	DL_FOREACH_SAFE(all->list, b, next) {
		bool idle = !b->n_open && !b->calls;
		if (b->ended && idle)
			browser_free(b);
		else if (idle && now - b->used_at > BROWSER_LINGER_MS)
			browser_free(b);
	}
}

/* ---- making one ---- */

/* Room for one more, if need be that of the one that was idle for longest, a stranger before one that is known. */
static bool room(struct browsers *all)
{
	struct browser *b, *oldest = NULL, *stranger = NULL;
	size_t unknown = 0;
	DL_FOREACH(all->list, b) {
		bool idle = !b->n_open && !b->calls && !b->ended; /* those that have ended go with the sweep */
		unknown += !b->known;
		if (idle && b->known && (!oldest || b->used_at < oldest->used_at))
			oldest = b;
		if (idle && !b->known && (!stranger || b->used_at < stranger->used_at))
			stranger = b;
	}
	if (unknown < BROWSER_MAX_UNKNOWN && all->n < BROWSER_MAX)
		return true;
	b = stranger ? stranger : unknown < BROWSER_MAX_UNKNOWN ? oldest : NULL;
	if (b)
		browser_free(b);
	return b != NULL;
}

void browser_new_epoch(struct browser *b)
{
	uint8_t epoch[8];
	RAND_bytes(epoch, sizeof epoch);
	text_hex(epoch, sizeof epoch, b->epoch);
}

static struct browser *make(struct browsers *all, const char *person, const char *terminal, const char *address)
{
	struct browser *b = xcalloc(1, sizeof *b);
	b->all = all;
	b->address = xstrdup(address);
	b->used_at = clock_boot_ms();
	browser_new_epoch(b);
	set_secret(&b->tokens[UPSTREAM_PERSON], person);
	set_secret(&b->tokens[UPSTREAM_TERMINAL], terminal);
	DL_APPEND(all->list, b);
	all->n++;
	rekey(b);
	b->up = upstream_new(all->place, address, true, person, terminal, &browser_events, b);
	return b;
}

struct browser *browser_get(struct browsers *all, const char *person, const char *terminal, const char *address)
{
	char key[65];
	struct browser *b = NULL;
	if (person || terminal) {
		key_of(person, terminal, key);
		b = find(all, key);
	}
	if (!b && !room(all)) {
		log_warning("browsers", "too many; one of %s is turned away", address);
		return NULL;
	}
	if (!b)
		b = make(all, person, terminal, address);
	b->used_at = clock_boot_ms();
	return b;
}

struct upstream *browser_upstream(struct browser *b)
{
	return b->up;
}

struct browsers *browsers_new(const struct upstream_place *place, char *const *lines)
{
	struct browsers *all = xcalloc(1, sizeof *all);
	all->place = place;
	all->lines = lines;
	all->streams = streams_new(place->base);
	all->sweep = evtimer_new(place->base, on_sweep, all);
	arm(all->sweep, SWEEP_MS);
	return all;
}

void browsers_stop(struct browsers *all)
{
	struct browser *b;
	DL_FOREACH(all->list, b) {
		upstream_free(b->up);
		b->up = NULL;
		b->ended = true;
	}
}

void browsers_free(struct browsers *all)
{
	if (!all)
		return;
	while (all->list)
		browser_free(all->list);
	event_free(all->sweep);
	streams_free(all->streams);
	free(all);
}

struct streams *browsers_streams(struct browsers *all)
{
	return all->streams;
}
