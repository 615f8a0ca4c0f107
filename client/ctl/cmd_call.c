/* renraku call: a telephone call made for an incident, to a body or a person. With nothing about how it went it only shows the number for
 * this hour. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text_fold.h"
#include "ctl/behalf.h"
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"

static const struct opt_spec options[] = {{"item", "項目", "ITEM", "どの項目のための電話か", "the item it was made for"},
	{"number", "番号", "NUMBER", "かけた番号", "the number that was called"},
	{"answered", "応対者", "NAME", "電話に出た人", "who answered"}, {"said", "内容", "TEXT", "話した内容", "what was said"},
	{"at", "時刻", "TIME", "かけた時刻（既定は今）", "when (default now)"},
	{"no-answer", NULL, NULL, "電話に出なかった", "nobody answered"},
	{"again", "時刻", "TIME", "次にかけ直す時刻", "when to call again"}, {"reason", "理由", "TEXT", "電話した理由", "why it was made"},
	OPT_END};

static bool is_body(const Renraku__ContactRow *contact, const char *word)
{
	size_t i;

	if (strcmp(contact->kind, "role") == 0)
		return false;
	if (strcmp(contact->id, word) == 0 || text_fold_same(contact->title, word) ||
		(*contact->title_en && text_fold_same(contact->title_en, word)))
		return true;
	for (i = 0; i < contact->n_aliases; i++)
		if (text_fold_same(contact->aliases[i], word))
			return true;
	return false;
}

/* Is the call for a drill? Not known when the board cannot be had. */
static bool in_drill(struct ctl *ctl)
{
	struct rows *rows = link_peek(ctl, RENRAKU__VIEW__VIEW_BOARD, 0);
	const Renraku__IncidentRow *in = rows ? pick_incident(rows, (uint32_t)strtoul(ctl->line.args[0], NULL, 10)) : NULL;
	bool drill = in && in->drill;

	rows_free(rows);
	return drill;
}

/* The numbers of a body or person, the one for this hour marked. */
static int show_numbers(struct ctl *ctl, const struct rows *rows, const char *word)
{
	const Renraku__PersonRow *person = pick_person(rows, word);
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	if (person && ctl->json) {
		out_json(&person->base);
		n++;
	} else if (person) {
		out_line(ctl, SHOW_BOLD, "%s  %s", person->name, say_join(ctl->arena, person->numbers, person->n_numbers, " / "));
		n++;
	}
	while (!person && (row = pick_next(rows, &i, RENRAKU__ROW__BODY_CONTACT)))
		if (is_body(row->contact, word)) {
			n++;
			if (ctl->json) {
				out_json(&row->contact->base);
				continue;
			}
			out_line(ctl, row->contact->now ? SHOW_BOLD : SHOW_DIM, T("%s %s  %s（%s）", "%s %s  %s (%s)"),
				row->contact->now ? T("→ いまの番号", "-> now") : T("  　　　　　", "      "), row->contact->number,
				i18n_pick(row->contact->title, row->contact->title_en), say_hours(row->contact->hours));
		}
	if (n == 0) {
		out_error(T("「%s」という連絡先・職員はありません。renraku contacts で確かめてください。",
				  "No body or person '%s'. See renraku contacts."),
			word);
		return CTL_USAGE;
	}
	if (!ctl->json && in_drill(ctl))
		out_line(ctl, SHOW_DRILL, "%s", say_drill_call());
	if (!ctl->json)
		out_line(ctl, SHOW_PLAIN,
			T("かけ終わったら: renraku call %s %s --number かけた番号 --answered 出た人 --said 内容",
				"After the call: renraku call %s %s --number N --answered WHO --said TEXT"),
			ctl->line.args[0], word);
	return CTL_OK;
}

static bool fill_call(struct ctl *ctl, Renraku__Call *call)
{
	const char *at = opt_value(&ctl->line, "at"), *again = opt_value(&ctl->line, "again");
	struct {
		const char *option;
		char **to;
	} const texts[] = {{"number", &call->number}, {"answered", &call->answered_by}, {"said", &call->said}, {"reason", &call->reason}};
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		if (opt_value(&ctl->line, texts[i].option))
			*texts[i].to = arena_strdup(ctl->arena, opt_value(&ctl->line, texts[i].option));
	call->no_answer = opt_has(&ctl->line, "no-answer");
	call->at = at ? behalf_time(ctl, "at", at) : (uint64_t)clock_wall_ms();
	call->again_at = again ? behalf_time(ctl, "again", again) : 0;
	return call->at != 0 && (!again || call->again_at != 0);
}

/* Was something said of how it went? Then it was made, also without a number. */
static bool was_made(const Renraku__Call *call)
{
	return *call->number || *call->answered_by || *call->said || call->no_answer || call->again_at;
}

static const char *number_now(const struct rows *rows, const char *word)
{
	const Renraku__PersonRow *person = pick_person(rows, word);
	const Renraku__Row *row;
	size_t i = 0;

	if (person)
		return person->n_numbers ? person->numbers[0] : "";
	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_CONTACT)))
		if (row->contact->now && is_body(row->contact, word))
			return row->contact->number;
	return "";
}

/* Where no number was typed it is the one for this hour, and that is said; of another hour it must be typed. */
static void fill_number_now(struct ctl *ctl, const struct rows *rows, const char *word, Renraku__Call *call)
{
	if (*call->number || opt_value(&ctl->line, "at"))
		return;
	call->number = arena_strdup(ctl->arena, number_now(rows, word));
	if (*call->number && !ctl->json)
		out_line(ctl, SHOW_DIM, T("「%s」の番号はこの時刻の %s として記録します。", "Number of '%s' at this hour: %s."), word,
			call->number);
}

static int run(struct ctl *ctl)
{
	Renraku__LogCall log = RENRAKU__LOG_CALL__INIT;
	Renraku__Call call = RENRAKU__CALL__INIT;
	const char *word = ctl->line.args[1], *item = opt_value(&ctl->line, "item");
	const Renraku__PersonRow *person;
	Renraku__Command *command;
	struct rows *rows;
	int code = CTL_OK;

	log.incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[0]);
	if (!log.incident || !fill_call(ctl, &call))
		return CTL_USAGE;
	if (link_again(ctl, RENRAKU__COMMAND__ACT_LOG_CALL, &code))
		return code;
	rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_CONTACTS, 0, &code);
	if (!rows)
		return code;
	if (!was_made(&call)) {
		code = show_numbers(ctl, rows, word);
		rows_free(rows);
		return code;
	}
	fill_number_now(ctl, rows, word, &call);
	person = pick_person(rows, word);
	if (person)
		log.person = arena_strdup(ctl->arena, person->id);
	else
		call.body = arena_strdup(ctl->arena, word);
	rows_free(rows);
	if (item)
		log.item = arena_strdup(ctl->arena, item);
	log.call = &call;
	command = link_command(ctl);
	if (!command)
		return CTL_USAGE;
	command->act_case = RENRAKU__COMMAND__ACT_LOG_CALL;
	command->log_call = &log;
	return link_run(ctl, command, NULL);
}

const struct cmd cmd_call = {
	.name = "call",
	.group = "work",
	.args_ja = "事案 連絡先|職員",
	.args_en = "INCIDENT BODY|PERSON",
	.ja = "電話の番号を見る・かけた電話を記録する",
	.en = "show the number for this hour; record a call that was made",
	.more_ja = "例:\n"
		   "  renraku call 1 連絡先                      いまかける番号を見る（執務時間・夜間・休日）\n"
		   "  renraku call 1 連絡先 --number 077-528-3233 --answered 中村 --said '状況を伝えた' --item 項目ID\n"
		   "  renraku call 1 連絡先 --number 0749-00-1000 --no-answer --again 10:30\n",
	.more_en = "Examples:\n"
		   "  renraku call 1 BODY                      the number for this hour\n"
		   "  renraku call 1 BODY --number 077-528-3233 --answered Nakamura --said 'told them' --item ITEM\n",
	.opts = options,
	.min_args = 2,
	.max_args = 2,
	.flags = CMD_ACTS,
	.run = run,
};
