/*
 * enrol: browsers that stand for a terminal of the site: which are enrolled now, as the log says. Their tokens are the shell's
 * (server/app/enrolments.c); here they are numbers.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/core.h"

uint32_t engine_browsers(const struct engine *e, const char *terminal)
{
	uint32_t n = 0;
	for (size_t i = 0; i < e->n_enrolled; i++)
		n += strcmp(e->enrolled[i].terminal, terminal) == 0;
	return n;
}

bool engine_enrolled(const struct engine *e, uint32_t number)
{
	for (size_t i = 0; i < e->n_enrolled; i++)
		if (e->enrolled[i].number == number)
			return true;
	return false;
}

uint32_t engine_enrolled_newest(const struct engine *e)
{
	return e->newest_enrolment;
}

uint32_t engine_enrolled_at(const struct engine *e, size_t i, const char **terminal)
{
	if (i >= e->n_enrolled)
		return 0;
	*terminal = e->enrolled[i].terminal;
	return e->enrolled[i].number;
}

/* ---- deciding ---- */

int decide_enrol(struct decision *d)
{
	const struct command *c = d->c;
	struct record *r = decide_record(d, REC_ENROLLED);
	r->ordinal = d->e->newest_enrolment + 1;
	r->terminal = c->about;
	r->name = c->name;
	r->person = c->person;
	return 0;
}

/* One that has ended ends no more. */
int decide_enrol_end(struct decision *d)
{
	const struct command *c = d->c;
	bool live = c->ordinal ? engine_enrolled(d->e, c->ordinal) : engine_browsers(d->e, c->about) > 0;
	if (!live)
		return 0;
	struct record *r = decide_record(d, REC_ENROLMENT_ENDED);
	r->ordinal = c->ordinal;
	r->terminal = c->about;
	r->text = c->text;
	r->person = c->person;
	return 0;
}

/* ---- evolving ---- */

static void ended(struct engine *e, const struct record *r)
{
	size_t n = 0;
	for (size_t i = 0; i < e->n_enrolled; i++) {
		bool over = r->ordinal ? e->enrolled[i].number == r->ordinal : core_same(e->enrolled[i].terminal, r->terminal);
		if (over)
			free(e->enrolled[i].terminal);
		else
			e->enrolled[n++] = e->enrolled[i];
	}
	e->n_enrolled = n;
}

void enrol_evolve(struct engine *e, const struct record *r, struct changes *ch)
{
	if (r->kind == REC_ENROLMENT_ENDED) {
		ended(e, r);
	} else if (r->terminal && r->ordinal > e->newest_enrolment) {
		e->enrolled = xgrow(e->enrolled, &e->cap_enrolled, e->n_enrolled + 1, sizeof *e->enrolled);
		e->enrolled[e->n_enrolled++] = (struct enrolled){.number = r->ordinal, .terminal = xstrdup(r->terminal)};
		e->newest_enrolment = r->ordinal;
	}
	if (ch)
		ch->presence = true; /* the rows of terminals say how many there are */
}

void enrol_free(struct engine *e)
{
	for (size_t i = 0; i < e->n_enrolled; i++)
		free(e->enrolled[i].terminal);
	free(e->enrolled);
}
