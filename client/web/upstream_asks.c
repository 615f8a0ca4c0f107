#include <stdlib.h>
#include <utlist.h>

#include "base/mem.h"
#include "web/upstream_parts.h"

struct upstream_ask {
	struct upstream_ask *prev, *next;
	struct upstream *up;
	struct event *timer;
	uint64_t ref;
	upstream_answer *answer;
	void *arg;
};

static void ask_free(struct upstream_ask *a)
{
	DL_DELETE(a->up->asks, a);
	a->up->n_asks--;
	event_free(a->timer);
	free(a);
}

void upstream_cancel(struct upstream_ask *a)
{
	if (a)
		ask_free(a);
}

static void on_late(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct upstream_ask *a = arg;
	upstream_answer *answer = a->answer;
	void *to = a->arg;
	ask_free(a);
	answer(to, UPSTREAM_LATE, NULL);
}

/* Nothing new is asked meanwhile, since nothing is sent now. */
bool upstream_lose_asks(struct upstream *u)
{
	struct upstream_guard g;
	upstream_enter(u, &g);
	while (!g.freed && u->asks) {
		upstream_answer *answer = u->asks->answer;
		void *to = u->asks->arg;
		ask_free(u->asks);
		answer(to, UPSTREAM_LOST, NULL);
	}
	return upstream_leave(u, &g);
}

void upstream_drop_asks(struct upstream *u)
{
	while (u->asks)
		ask_free(u->asks);
}

bool upstream_answered(struct upstream *u, const Renraku__ServerFrame *f)
{
	struct upstream_ask *a, *still;
	struct upstream_guard g;
	DL_FOREACH(u->asks, a)
		if (a->ref == f->ref)
			break;
	if (!f->ref || !a)
		return true;
	upstream_enter(u, &g);
	bool more = a->answer(a->arg, UPSTREAM_ANSWERED, f);
	if (!upstream_leave(u, &g))
		return false;
	DL_FOREACH(u->asks, still) /* it may have been cancelled from inside */
		if (still == a && !more)
			break;
	if (still)
		ask_free(still);
	return true;
}

struct upstream_ask *upstream_ask(struct upstream *u, Renraku__ClientFrame *f, int timeout_ms, upstream_answer *answer, void *arg)
{
	if (upstream_full(u) || u->state != UPSTREAM_READY || !upstream_send(u, f))
		return NULL;
	struct upstream_ask *a = xcalloc(1, sizeof *a);
	a->up = u;
	a->ref = f->ref;
	a->answer = answer;
	a->arg = arg;
	a->timer = evtimer_new(u->place->base, on_late, a);
	upstream_arm(a->timer, timeout_ms);
	DL_APPEND(u->asks, a);
	u->n_asks++;
	return a;
}

bool upstream_full(const struct upstream *u)
{
	return u->n_asks >= UPSTREAM_MAX_ASKS;
}
