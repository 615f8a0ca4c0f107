#include "ctl/shown.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "ctl/link.h"
#include "ctl/pick.h"

/* Of one frame. */
#define RECEIPTS_MAX 500
#define PATIENCE_MS 2000

Renraku__Stage shown_stage(const struct ctl *ctl)
{
	return ctl->json && !isatty(STDOUT_FILENO) ? RENRAKU__STAGE__STAGE_DELIVERED : RENRAKU__STAGE__STAGE_DISPLAYED;
}

/* "terminal:t1" -> "t1"; a person's own certificate names no terminal. */
static const char *terminal_id(const struct ctl *ctl)
{
	static const char lead[] = "terminal:";
	const char *principal = conn_welcome(ctl->conn)->principal;

	return strncmp(principal, lead, sizeof lead - 1) == 0 ? principal + sizeof lead - 1 : "";
}

const Renraku__RecipientRow *shown_own(const struct ctl *ctl, const Renraku__NoticeRow *notice)
{
	size_t i;

	if (!ctl->conn)
		return NULL;
	for (i = 0; i < notice->n_recipients; i++) {
		const Renraku__RecipientRow *r = notice->recipients[i];
		const char *me = strcmp(r->as, "terminal") == 0 ? terminal_id(ctl) : conn_welcome(ctl->conn)->person;

		if (*me && strcmp(r->id, me) == 0)
			return r;
	}
	return NULL;
}

static bool send(struct ctl *ctl, Renraku__Receipt **list, size_t n)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Receipts receipts = RENRAKU__RECEIPTS__INIT;

	receipts.receipts = list;
	receipts.n_receipts = n;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_RECEIPTS;
	frame.receipts = &receipts;
	return conn_send(ctl->conn, &frame, clock_boot_ms() + PATIENCE_MS, &ctl->problem) == CONN_OK;
}

void shown_tell(struct ctl *ctl, const struct rows *rows, shown_which_fn *which)
{
	Renraku__Receipt **list = arena_alloc(ctl->arena, RECEIPTS_MAX * sizeof *list);
	const Renraku__Row *row;
	size_t i = 0, n = 0;
	bool going = true, any = false;

	if (!ctl->conn || fflush(stdout) != 0)
		return; /* nobody has seen it */
	while (going && (row = pick_next(rows, &i, RENRAKU__ROW__BODY_NOTICE))) {
		const Renraku__RecipientRow *own = shown_own(ctl, row->notice);

		if (!own || own->stage >= shown_stage(ctl) || (which && !which(ctl, row->notice)))
			continue;
		list[n] = arena_alloc(ctl->arena, sizeof **list);
		renraku__receipt__init(list[n]);
		list[n]->notice = row->notice->id;
		list[n++]->stage = shown_stage(ctl);
		any = true;
		if (n == RECEIPTS_MAX) {
			going = send(ctl, list, n);
			n = 0;
		}
	}
	if (n)
		going = send(ctl, list, n);
	if (any && going)
		(void)conn_flush(ctl->conn, clock_boot_ms() + PATIENCE_MS, &ctl->problem);
}
