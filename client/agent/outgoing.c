#include "agent/outgoing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <uthash.h>

#include "agent/home.h"
#include "agent/outgoing_tell.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "lib/spool.h"

#define ME "spool"
#define RESCAN_MS 5000 /* also without inotify, and for what it missed */
#define WATCHED_RESCAN_MS 1000
#define PATIENCE_MS 12000 /* the server says 'not confirmed' after 2 s; this long without a word it is not answering */
#define KEEP_DONE 100
#define KEEP_DONE_MS (7LL * 24 * 3600 * 1000)
#define TELEPHONE_MAX 6

/* What is known of one waiting command, for as long as it waits. */
struct item {
	UT_hash_handle hh;
	char *name;
	int64_t first_seen, told_at, try_after; /* boot clock; told_at 0: the clerk was not told yet */
	bool mark;
};

struct outgoing {
	struct agent *agent;
	struct spool *spool;
	struct item *items;
	struct event *timer, *patience, *changed;
	int inotify;
	char sent_id[65], sent_name[128]; /* the one command on its way; "" none */
	size_t n_bad;                     /* damaged ones that the clerk was told of */
	char why[512];                    /* what the server said last, for the clerk */
};

static void arm(struct event *e, int64_t ms)
{
	struct timeval tv = agent_ms(ms < 0 ? 0 : ms);
	evtimer_add(e, &tv);
}

static struct item *item_of(struct outgoing *o, const char *name)
{
	struct item *i;
	HASH_FIND_STR(o->items, name, i);
	if (i)
		return i;
	i = xcalloc(1, sizeof *i);
	i->name = xstrdup(name);
	i->first_seen = clock_boot_ms();
	HASH_ADD_KEYPTR(hh, o->items, i->name, strlen(i->name), i);
	return i;
}

static void item_free(struct outgoing *o, struct item *i)
{
	HASH_DEL(o->items, i);
	free(i->name);
	free(i);
}

static void forget_gone(struct outgoing *o)
{
	struct item *i, *next;
	HASH_ITER(hh, o->items, i, next)
		if (!i->mark)
			item_free(o, i);
}

/* Still in the hands of a command line? Longer than the grace it is taken all the same: the command line may hang. */
static bool theirs(struct outgoing *o, const struct item *i, int64_t now)
{
	return now - i->first_seen < o->agent->settings->grace_ms && spool_held(o->spool, i->name);
}

static void tell_if_due(struct outgoing *o, const struct spool_entry *e, struct item *i, int64_t now)
{
	const struct settings *s = o->agent->settings;
	int64_t due = i->told_at ? i->told_at + s->undelivered_repeat_ms : i->first_seen + s->undelivered_ms;
	if (due > now)
		return;
	char *telephone[TELEPHONE_MAX];
	struct arena *a = arena_new(0);
	size_t n = home_telephone(o->agent->home, a, telephone, TELEPHONE_MAX);
	bool up = home_state(o->agent->home) == HOME_UP;
	const char *why = !up       ? T("サーバにつながっていません", "not connected to the server")
			  : *o->why ? o->why
				    : T("サーバから返事がありません", "the server does not answer");
	log_warning(ME, "%s is not delivered yet: %s", i->name, up ? why : home_why(o->agent->home));
	outgoing_tell_undelivered(o->agent, e, why, telephone, n);
	i->told_at = now;
	arena_free(a);
}

static void deliver(struct outgoing *o, const struct spool_entry *e)
{
	if (!home_command(o->agent->home, e->command))
		return;
	log_info(ME, "delivering %s (from %s)", e->name, e->sender);
	snprintf(o->sent_id, sizeof o->sent_id, "%s", e->id);
	snprintf(o->sent_name, sizeof o->sent_name, "%s", e->name);
	arm(o->patience, PATIENCE_MS);
}

/* Sets *next to when this must run again, in boot-clock ms. */
static void scan(struct outgoing *o, int64_t now, int64_t *next)
{
	struct arena *a = arena_new(0);
	struct spool_entry *entries;
	size_t n = spool_list(o->spool, SPOOL_WAITING, a, &entries);
	bool blocked = *o->sent_id != '\0' || home_state(o->agent->home) != HOME_UP;
	for (struct item *i = o->items; i; i = i->hh.next)
		i->mark = false;
	for (size_t k = 0; k < n; k++) {
		struct item *i = item_of(o, entries[k].name);
		i->mark = true;
		tell_if_due(o, &entries[k], i, now);
		int64_t told = i->told_at ? i->told_at + o->agent->settings->undelivered_repeat_ms
					  : i->first_seen + o->agent->settings->undelivered_ms;
		*next = told < *next ? told : *next;
		if (i->try_after > now)
			*next = i->try_after < *next ? i->try_after : *next;
		/* The order counts: a withdrawal must not overtake its alarm. So whatever holds one up holds up those after it. */
		bool free_to_go = !blocked && i->try_after <= now && !theirs(o, i, now);
		if (free_to_go)
			deliver(o, &entries[k]);
		blocked = true;
	}
	forget_gone(o);
	arena_free(a);
}

/* A damaged alarm cannot be delivered by anybody but a person who remembers it: so that person is told. */
static void look_for_damage(struct outgoing *o)
{
	char *telephone[TELEPHONE_MAX];
	struct arena *a = arena_new(0);
	struct spool_entry *bad;
	size_t n = spool_list(o->spool, SPOOL_BAD, a, &bad);
	size_t n_telephone = n > o->n_bad ? home_telephone(o->agent->home, a, telephone, TELEPHONE_MAX) : 0;
	for (size_t k = o->n_bad; k < n; k++) {
		log_error(ME, "%s/%s is damaged and set aside as .bad; it is not delivered", spool_dir(o->spool), bad[k].name);
		outgoing_tell_damaged(o->agent, &bad[k], telephone, n_telephone);
	}
	o->n_bad = n;
	arena_free(a);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct outgoing *o = arg;
	int64_t now = clock_boot_ms();
	int64_t rescan = o->inotify >= 0 && !o->items ? RESCAN_MS : WATCHED_RESCAN_MS, next = now + rescan;
	scan(o, now, &next);
	look_for_damage(o);
	if (o->items && next > now + WATCHED_RESCAN_MS)
		next = now + WATCHED_RESCAN_MS;
	arm(o->timer, next - now < 10 ? 10 : next - now);
}

void outgoing_poke(struct outgoing *o)
{
	if (o)
		arm(o->timer, 0);
}

void outgoing_disconnected(struct outgoing *o)
{
	if (!o)
		return;
	o->sent_id[0] = '\0';
	event_del(o->patience);
}

static void on_patience(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct outgoing *o = arg;
	home_restart(o->agent->home, "no answer to a command");
}

/* Answered for good: kept beside its result, and the clerk hears of it. */
static void settle(struct outgoing *o, const Renraku__Result *r)
{
	struct arena *a = arena_new(0);
	struct spool_entry *entries;
	size_t n = spool_list(o->spool, SPOOL_WAITING, a, &entries);
	int error = spool_answered(o->spool, o->sent_name, r, clock_wall_ms());
	if (error)
		log_warning(ME, "%s is answered, which cannot be noted: %s", o->sent_name, strerror(-error));
	for (size_t k = 0; k < n; k++)
		if (!strcmp(entries[k].name, o->sent_name))
			outgoing_tell_answered(o->agent, &entries[k], r);
	spool_prune(o->spool, clock_wall_ms() - KEEP_DONE_MS, KEEP_DONE);
	arena_free(a);
}

void outgoing_result(struct outgoing *o, const Renraku__Result *r)
{
	if (!*o->sent_id || strcmp(r->id, o->sent_id) != 0)
		return;
	event_del(o->patience);
	bool final = spool_final(r);
	log_info(ME, "%s: %s%s%s", o->sent_name,
		r->outcome == RENRAKU__OUTCOME__ACCEPTED ? "accepted"
		: final                                  ? "refused "
							 : "not yet ",
		r->code, final ? "" : "; it stays in the spool");
	o->why[0] = '\0';
	if (final) {
		settle(o, r);
	} else {
		item_of(o, o->sent_name)->try_after = clock_boot_ms() + o->agent->settings->retry_max_ms;
		snprintf(o->why, sizeof o->why, "%s", i18n_pick(r->text, r->text_en));
	}
	o->sent_id[0] = '\0';
	outgoing_poke(o);
}

static void on_changed(evutil_socket_t fd, short what, void *arg)
{
	(void)what;
	char events[4096];
	while (read(fd, events, sizeof events) > 0)
		;
	outgoing_poke(arg);
}

static void watch(struct outgoing *o)
{
	o->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (o->inotify >= 0 && inotify_add_watch(o->inotify, spool_dir(o->spool), IN_MOVED_TO | IN_CLOSE_WRITE) < 0) {
		close(o->inotify);
		o->inotify = -1;
	}
	if (o->inotify < 0) {
		log_warning(ME, "the spool cannot be watched (%s); it is looked at every second", strerror(errno));
		return;
	}
	o->changed = event_new(o->agent->base, o->inotify, EV_READ | EV_PERSIST, on_changed, o);
	event_add(o->changed, NULL);
}

struct outgoing *outgoing_new(struct agent *a, char **error)
{
	struct spool *spool = spool_open(a->settings->spool, error);
	if (!spool)
		return NULL;
	struct outgoing *o = xcalloc(1, sizeof *o);
	o->agent = a;
	o->spool = spool;
	o->inotify = -1;
	o->timer = evtimer_new(a->base, on_timer, o);
	o->patience = evtimer_new(a->base, on_patience, o);
	watch(o);
	arm(o->timer, 0);
	return o;
}

void outgoing_free(struct outgoing *o)
{
	struct item *i, *next;
	if (!o)
		return;
	HASH_ITER(hh, o->items, i, next)
		item_free(o, i);
	event_free(o->timer);
	event_free(o->patience);
	if (o->changed)
		event_free(o->changed);
	if (o->inotify >= 0)
		close(o->inotify);
	spool_free(o->spool);
	free(o);
}
