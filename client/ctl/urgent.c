#include "ctl/urgent.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "ctl/answer.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "lib/contacts.h"
#include "lib/durable.h"
#include "lib/spool.h"

/* An answer is waited for so long even when much is to be delivered. */
#define DELIVER_MS 5000

static struct spool *open_spool(struct ctl *ctl, char **error)
{
	*error = NULL;
	return spool_open(ctl->settings->spool, error);
}

static const char *why_kept(const struct ctl *ctl)
{
	if (ctl->settings->agent_socket)
		return T("この端末に控えてあります。つながりしだい自動で届きます（二重にはなりません）。",
			"It is kept on this terminal and will be delivered as soon as the connection is back (once only).");
	return T("控えてあります。次に renraku を使ったとき、または renraku outbox --send で届けます（二重にはなりません）。",
		"It is kept here and will be delivered the next time renraku is used, or by renraku outbox --send (once only).");
}

static int unconfirmed(struct ctl *ctl, const Renraku__Command *command, const struct link_answer *answer, bool spooled)
{
	if (ctl->json) {
		if (answer->result)
			out_json(&answer->result->base);
		else
			answer_json_silence(ctl, command->id, answer->sent);
		return CTL_NOT_CONFIRMED;
	}
	out_line(ctl, SHOW_BAD, "%s",
		T("まだ届いたことを確認できません。すぐに電話してください。",
			"Not confirmed: nobody may have been told yet. Telephone at once."));
	if (answer->result)
		out_line(ctl, SHOW_PLAIN, "  %s",
			T(answer->result->text, *answer->result->text_en ? answer->result->text_en : answer->result->text));
	else if (answer->sent)
		out_line(ctl, SHOW_PLAIN, "  %s",
			T("送りましたが、サーバの返事がありません。", "It was sent, but the server did not answer."));
	else
		out_line(ctl, SHOW_PLAIN, "  %s", conn_problem_text(&ctl->problem));
	answer_telephone(ctl, answer->result);
	if (spooled)
		out_line(ctl, SHOW_WARN, "%s", why_kept(ctl));
	else
		out_line(ctl, SHOW_BAD, "%s",
			T("控えを残せなかったため、後から自動では届きません。電話の後、もう一度この命令を実行してください。",
				"It could not be kept here and will NOT be delivered later. Telephone, then run this command again."));
	return CTL_NOT_CONFIRMED;
}

/* Spooled or not, the alarm is sent: a full disk must not silence it. */
static struct spool *put(struct ctl *ctl, const Renraku__Command *command, bool *spooled)
{
	char *error;
	struct spool *spool = open_spool(ctl, &error);
	int failed = spool ? spool_put(spool, command, NULL) : 0;

	*spooled = spool && failed == 0;
	if (!spool)
		out_error(T("控えの場所が使えません: %s", "The spool cannot be used: %s"), error ? error : "");
	else if (failed)
		out_error(T("控えを %s に残せません: %s", "It cannot be kept in %s: %s"), spool_dir(spool), strerror(-failed));
	free(error);
	return spool;
}

int urgent_run(struct ctl *ctl, const Renraku__Command *command, Renraku__Result **result)
{
	int64_t deadline = link_deadline(ctl);
	struct link_answer answer;
	bool spooled, settled, hopeless;
	struct spool *spool = put(ctl, command, &spooled);
	int code;

	*result = NULL;
	link_send(ctl, command, deadline, &answer);
	/* What can never be sent must not wait for ever either. */
	hopeless = answer.error == CONN_REFUSED && !answer.sent;
	settled = hopeless || (answer.error == CONN_OK && !answer_passing(answer.result));
	if (spooled && settled)
		(void)spool_drop(spool, command->id);
	else if (spooled)
		spool_let_go(spool, command->id);
	if (hopeless)
		code = link_failed(ctl);
	else if (!settled)
		code = unconfirmed(ctl, command, &answer, spooled);
	else if (answer.result->outcome == RENRAKU__OUTCOME__ACCEPTED && !ctl->json)
		code = CTL_OK; /* the caller says it in its own words */
	else
		code = answer_result(ctl, answer.result);
	if (code == CTL_OK)
		*result = answer.result;
	else if (answer.result)
		renraku__result__free_unpacked(answer.result, NULL);
	spool_free(spool);
	if (code == CTL_OK && ctl->conn && !conn_by_agent(ctl->conn))
		urgent_catch_up(ctl); /* earlier ones, now that the way is open */
	return code;
}

const Renraku__Command *urgent_waiting(struct ctl *ctl, const char *id)
{
	char *error;
	struct spool *spool = open_spool(ctl, &error);
	struct spool_entry *entries;
	const Renraku__Command *found = NULL;
	size_t n, i;

	free(error);
	if (!spool)
		return NULL;
	n = spool_list(spool, SPOOL_WAITING, ctl->arena, &entries);
	for (i = 0; i < n; i++)
		if (strcmp(entries[i].id, id) == 0)
			found = entries[i].command;
	spool_free(spool);
	return found;
}

static size_t show_waiting(struct ctl *ctl, struct spool *spool)
{
	struct spool_entry *entries;
	size_t n = spool_list(spool, SPOOL_WAITING, ctl->arena, &entries), i;

	if (n == 0)
		return 0;
	out_line(ctl, SHOW_BAD, "%s",
		T("まだ届いていない通報があります。電話で知らせてください:", "Alarms that have not been delivered. Telephone:"));
	for (i = 0; i < n; i++)
		out_line(ctl, SHOW_PLAIN, "  %s", spool_title(&entries[i], ctl->arena));
	return n;
}

static size_t show_done(struct ctl *ctl, struct spool *spool)
{
	struct spool_entry *entries;
	size_t n = spool_list(spool, SPOOL_DONE, ctl->arena, &entries), i;
	int64_t now = clock_wall_ms();
	char when[24];

	for (i = 0; i < n; i++) {
		const Renraku__Result *result = entries[i].result;

		if (!result)
			continue;
		if (result->outcome == RENRAKU__OUTCOME__ACCEPTED)
			out_line(ctl, SHOW_GOOD, T("届きました（%s、事案 %u）: %s", "Delivered (%s, incident %u): %s"),
				show_time(entries[i].answered_at, now, when), result->incident, spool_title(&entries[i], ctl->arena));
		else
			out_line(ctl, SHOW_BAD, T("受け付けられませんでした（%s）: %s — %s", "Refused (%s): %s - %s"),
				show_time(entries[i].answered_at, now, when), spool_title(&entries[i], ctl->arena),
				T(result->text, result->text_en));
		spool_told(spool, entries[i].name);
	}
	return n;
}

size_t urgent_show(struct ctl *ctl)
{
	char *error;
	size_t n;
	struct spool *spool = open_spool(ctl, &error);

	free(error);
	if (!spool)
		return 0;
	n = show_waiting(ctl, spool);
	n += show_done(ctl, spool);
	spool_free(spool);
	return n;
}

void urgent_keep_contacts(struct ctl *ctl, const struct rows *rows)
{
	char *path = contacts_path(ctl->settings, ctl->arena);

	if (durable_directory(ctl->settings->state, 0700) == 0)
		(void)rows_save(rows, path, clock_wall_ms());
}

static bool deliver_one(struct ctl *ctl, struct spool *spool, const struct spool_entry *entry)
{
	struct link_answer answer;
	bool settled;

	link_send(ctl, entry->command, clock_boot_ms() + DELIVER_MS, &answer);
	settled = answer.error == CONN_OK && !answer_passing(answer.result) &&
		  spool_answered(spool, entry->name, answer.result, clock_wall_ms()) == 0;
	if (answer.result)
		renraku__result__free_unpacked(answer.result, NULL);
	return settled;
}

size_t urgent_deliver(struct ctl *ctl)
{
	char *error;
	struct spool *spool = open_spool(ctl, &error);
	struct spool_entry *entries;
	size_t n, i, left = 0;

	free(error);
	if (!spool)
		return 0;
	n = spool_list(spool, SPOOL_WAITING, ctl->arena, &entries);
	for (i = 0; i < n; i++)
		if (left || spool_held(spool, entries[i].name) || !entries[i].command || !deliver_one(ctl, spool, &entries[i]))
			left++; /* in order: what follows waits too */
	spool_free(spool);
	return left;
}

void urgent_catch_up(struct ctl *ctl)
{
	ctl->delivered = true;
	if (access(ctl->settings->spool, R_OK | W_OK) == 0)
		(void)urgent_deliver(ctl);
}
