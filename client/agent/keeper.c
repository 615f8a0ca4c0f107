#include "agent/keeper.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#define SAVE_MS 500 /* changes come in bursts */

struct keeper {
	struct agent *agent;
	Renraku__View view;
	const char *what;
	char *path;
	struct rows *rows;
	struct event *save;
	bool failed;
};

static void on_save(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct keeper *k = arg;
	int error = rows_save(k->rows, k->path, clock_wall_ms());
	if (error && !k->failed)
		log_error(k->what, "cannot be kept in %s: %s; it is in memory only", k->path, strerror(-error));
	k->failed = error != 0;
}

struct keeper *keeper_new(struct agent *agent, Renraku__View view, const char *what, char *path)
{
	struct keeper *k = xcalloc(1, sizeof *k);
	int64_t at;
	k->agent = agent;
	k->view = view;
	k->what = what;
	k->path = path;
	k->save = evtimer_new(agent->base, on_save, k);
	int error = rows_load(path, &k->rows, &at);
	if (error) {
		k->rows = rows_new();
		if (error != -ENOENT)
			log_warning(what, "what was kept in %s cannot be read (%s); it is fetched anew", path, strerror(-error));
	}
	return k;
}

void keeper_free(struct keeper *k)
{
	if (!k)
		return;
	event_free(k->save);
	rows_free(k->rows);
	free(k->path);
	free(k);
}

void keeper_forget(struct keeper *k)
{
	rows_free(k->rows);
	k->rows = rows_new();
}

Renraku__View keeper_view(const struct keeper *k)
{
	return k->view;
}

uint64_t keeper_revision(const struct keeper *k)
{
	return rows_complete(k->rows) ? rows_revision(k->rows) : 0;
}

void keeper_take(struct keeper *k, const Renraku__ViewUpdate *u)
{
	if (u->view != k->view)
		return;
	if (!rows_apply(k->rows, u))
		log_warning(k->what, "larger than this terminal keeps; the rest is left out");
	if (u->complete) {
		struct timeval tv = agent_ms(SAVE_MS);
		evtimer_add(k->save, &tv);
	}
}

const struct rows *keeper_rows(const struct keeper *k)
{
	return k->rows;
}
