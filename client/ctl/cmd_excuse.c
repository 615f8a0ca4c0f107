/* renraku excuse: a terminal that cannot acknowledge, with the reason (invariant 3). */
#include <string.h>

#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"

static const struct opt_spec options[] = {{"reason", "理由", "TEXT", "使えない理由（必須）", "why it is out of service (needed)"}, OPT_END};

static bool asks(const Renraku__NoticeRow *notice, uint32_t incident, const char *item, const char *terminal)
{
	size_t i;

	if (notice->incident != incident || strcmp(notice->item, item) != 0 || !notice->wants_ack || strcmp(notice->state, "open") != 0)
		return false;
	for (i = 0; i < notice->n_recipients; i++)
		if (strcmp(notice->recipients[i]->as, "terminal") == 0 && strcmp(notice->recipients[i]->id, terminal) == 0)
			return true;
	return false;
}

/* The notice of INCIDENT/ITEM that waits for this terminal; 0 after having said why not. */
static uint64_t waiting(struct ctl *ctl, const char *place, const char *terminal, int *code)
{
	const char *item = NULL;
	uint32_t incident = 0;
	const Renraku__Row *row;
	struct rows *rows;
	uint64_t found = 0;
	size_t i = 0;

	*code = CTL_USAGE;
	if (!fill_place(ctl, place, &incident, &item) || !(rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_INCIDENT, incident, code)))
		return 0;
	while (item && (row = pick_next(rows, &i, RENRAKU__ROW__BODY_NOTICE)))
		if (asks(row->notice, incident, item, terminal))
			found = row->notice->id;
	rows_free(rows);
	if (!found) {
		out_error(T("「%s」に、端末 %s の確認を待っている通知はありません。renraku status %u で確かめてください。",
				  "'%s': no notice waits for terminal %s. See renraku status %u."),
			place, terminal, incident);
		*code = CTL_REFUSED;
	}
	return found;
}

static int run(struct ctl *ctl)
{
	Renraku__Excuse excuse = RENRAKU__EXCUSE__INIT;
	const char *reason =
		fill_needed(ctl, "reason", T("端末が使えない理由を書いてください。", "say why the terminal is out of service."));
	const char *notice = ctl->line.args[0];
	Renraku__Command *command;
	int code = CTL_USAGE;

	if (!reason)
		return CTL_USAGE;
	if (link_again(ctl, RENRAKU__COMMAND__ACT_EXCUSE, &code))
		return code;
	excuse.notice =
		strchr(notice, '/') ? waiting(ctl, notice, ctl->line.args[1], &code) : fill_number64(ctl, T("通知", "notice"), notice);
	if (!excuse.notice)
		return code;
	command = link_command(ctl);
	if (!command)
		return CTL_USAGE;
	excuse.terminal = arena_strdup(ctl->arena, ctl->line.args[1]);
	excuse.reason = arena_strdup(ctl->arena, reason);
	command->act_case = RENRAKU__COMMAND__ACT_EXCUSE;
	command->excuse = &excuse;
	return link_run(ctl, command, NULL);
}

const struct cmd cmd_excuse = {
	.name = "excuse",
	.group = "answer",
	.args_ja = "通知番号|事案/項目 端末ID --reason 理由",
	.args_en = "NOTICE|INCIDENT/ITEM TERMINAL --reason TEXT",
	.ja = "使えない端末を、理由を残して確認の対象から外す",
	.en = "excuse a terminal that is out of service",
	.more_ja = "例:\n  renraku excuse 1/項目ID 端末ID --reason '電源が入らない'\n",
	.more_en = "Example:\n  renraku excuse 1/ITEM TERMINAL --reason 'no power'\n",
	.opts = options,
	.min_args = 2,
	.max_args = 2,
	.flags = CMD_ACTS,
	.run = run,
};
