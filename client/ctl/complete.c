#include "ctl/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/commands.h"
#include "ctl/identity.h"
#include "ctl/link.h"
#include "ctl/pick.h"

/* A person who presses Tab does not wait for a server that is away. */
#define PATIENCE_MS 700

static void option_words(const struct opt_spec *spec)
{
	for (; spec && spec->name; spec++)
		printf("--%s\n", spec->name);
}

static void command_words(void)
{
	const struct cmd *const *cmd;

	for (cmd = commands_all; *cmd; cmd++)
		puts((*cmd)->name);
	puts("help");
	option_words(ctl_options);
}

/* The verbs of a command stand in its usage line before the first blank: "list|add|done …". */
static void verb_words(const struct cmd *cmd)
{
	char verbs[64];
	char *word, *rest = NULL;
	size_t len = strcspn(cmd->args_en, " ");

	if (len >= sizeof verbs || !memchr(cmd->args_en, '|', len) || cmd->args_en[0] == '[')
		return;
	memcpy(verbs, cmd->args_en, len);
	verbs[len] = '\0';
	for (word = strtok_r(verbs, "|", &rest); word; word = strtok_r(NULL, "|", &rest))
		if (word[0] >= 'a' && word[0] <= 'z')
			puts(word);
}

static void open_incidents(const struct rows *rows)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_INCIDENT)))
		if (strcmp(row->incident->state, "open") == 0)
			printf("%u\n", row->incident->id);
}

static void ready_items(const struct rows *rows, uint32_t incident)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_ITEM)))
		if (row->item->incident == incident && row->item->mine)
			puts(row->item->id);
}

static void notices(const struct rows *rows)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_NOTICE)))
		if (row->notice->wants_ack && strcmp(row->notice->state, "open") == 0)
			printf("%llu\n%u/%s\n", (unsigned long long)row->notice->id, row->notice->incident, row->notice->item);
}

static void alarm_words(const struct rows *rows)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_ALARM_FORM)))
		puts(*row->alarm_form->word ? row->alarm_form->word : row->alarm_form->entry);
}

/* Ids of roles, persons, terminals. */
static void ids(const struct rows *rows, Renraku__Row__BodyCase kind)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(rows, &i, kind)))
		puts(kind == RENRAKU__ROW__BODY_PLAN_ROLE   ? row->plan_role->id
			: kind == RENRAKU__ROW__BODY_PERSON ? row->person->id
							    : row->terminal->id);
}

static struct rows *ask(struct ctl *ctl, Renraku__View view, uint32_t incident)
{
	if (ctl->settings->answer_ms > PATIENCE_MS)
		ctl->settings->answer_ms = PATIENCE_MS;
	return link_peek(ctl, view, incident);
}

/* What the first (or second) argument may be, as the usage line calls it. */
static void argument_words(struct ctl *ctl, const struct cmd *cmd)
{
	size_t n = ctl->line.n_args;
	const char *usage = cmd->args_en;
	struct rows *rows = NULL;

	bool drill = n == 1 && strcmp(cmd->name, "drill") == 0 && strcmp(ctl->line.args[0], "start") == 0;

	if (((n == 0 && strcmp(cmd->name, "alarm") == 0) || drill) && (rows = ask(ctl, RENRAKU__VIEW__VIEW_BOARD, 0)))
		alarm_words(rows);
	else if (n == 0 && strstr(usage, "NOTICE") && (rows = ask(ctl, RENRAKU__VIEW__VIEW_INBOX, 0)))
		notices(rows);
	else if (strstr(usage, "INCIDENT") && (n == 0 || (n == 1 && strchr(usage, '|'))) && (rows = ask(ctl, RENRAKU__VIEW__VIEW_BOARD, 0)))
		open_incidents(rows);
	else if (n == 1 && strstr(usage, "ITEM") && atoi(ctl->line.args[0]) > 0 && (rows = ask(ctl, RENRAKU__VIEW__VIEW_INBOX, 0)))
		ready_items(rows, (uint32_t)atoi(ctl->line.args[0]));
	else if (n == 0 && strcmp(cmd->name, "holders") == 0 && (rows = ask(ctl, RENRAKU__VIEW__VIEW_PLAN, 0)))
		ids(rows, RENRAKU__ROW__BODY_PLAN_ROLE);
	else if (((n == 0 && strcmp(cmd->name, "person") == 0) || (n == 1 && strcmp(cmd->name, "holders") == 0)) &&
		 (rows = ask(ctl, RENRAKU__VIEW__VIEW_CONTACTS, 0)))
		ids(rows, RENRAKU__ROW__BODY_PERSON);
	else if (n == 1 && strcmp(cmd->name, "terminal") == 0 && (rows = ask(ctl, RENRAKU__VIEW__VIEW_BOARD, 0)))
		ids(rows, RENRAKU__ROW__BODY_TERMINAL);
	rows_free(rows);
}

int complete_words(struct ctl *ctl, int argc, char **argv)
{
	const char *culprit = NULL;
	char *error = NULL;
	int i, at = -1;

	for (i = 0; i < argc && at < 0; i++)
		if (commands_find(argv[i]))
			at = i;
	if (at < 0) {
		command_words();
		return CTL_OK;
	}
	ctl->cmd = commands_find(argv[at]);
	option_words(ctl->cmd->opts);
	option_words(ctl_options);
	/* options count wherever they stand: close the gap that the command's name leaves */
	for (i = at; i + 1 < argc; i++)
		argv[i] = argv[i + 1];
	(void)opt_parse(argc - 1, argv, ctl_options, ctl->cmd->opts, true, &ctl->line, &culprit);
	if (ctl->line.n_args == 0)
		verb_words(ctl->cmd);
	ctl->as = opt_value(&ctl->line, "as");
	ctl->settings = identity_settings(opt_value(&ctl->line, "config"), ctl->as, &error);
	free(error);
	if (ctl->settings)
		argument_words(ctl, ctl->cmd);
	return CTL_OK;
}
