#include "ctl/commands.h"

#include <string.h>

extern const struct cmd cmd_ack, cmd_act, cmd_alarm, cmd_approve, cmd_call, cmd_comment, cmd_confirm, cmd_contacts, cmd_council, cmd_excuse,
	cmd_follow_up, cmd_forms, cmd_give_up, cmd_hand_over, cmd_inbox, cmd_join, cmd_log, cmd_measures, cmd_outbox, cmd_password,
	cmd_plan, cmd_reopen, cmd_send_back, cmd_sign_in, cmd_sign_out, cmd_site, cmd_split, cmd_status, cmd_waive, cmd_watch, cmd_withdraw;
extern const struct cmd cmd_report, cmd_sheets;
extern const struct cmd cmd_drill, cmd_test;
extern const struct cmd cmd_holders, cmd_person, cmd_terminal;
extern const struct cmd cmd_absent, cmd_back, cmd_delegate, cmd_bar;

const struct cmd *const commands_all[] = {&cmd_alarm, &cmd_withdraw, &cmd_outbox, &cmd_forms, &cmd_sign_in, &cmd_sign_out, &cmd_inbox,
	&cmd_ack, &cmd_confirm, &cmd_excuse, &cmd_act, &cmd_waive, &cmd_reopen, &cmd_approve, &cmd_send_back, &cmd_council, &cmd_call,
	&cmd_comment, &cmd_follow_up, &cmd_hand_over, &cmd_split, &cmd_join, &cmd_give_up, &cmd_status, &cmd_watch, &cmd_measures,
	&cmd_contacts, &cmd_log, &cmd_report, &cmd_sheets, /* paper */
	&cmd_drill, &cmd_test, &cmd_absent, &cmd_back, &cmd_delegate, &cmd_bar, &cmd_holders, &cmd_person, &cmd_terminal, &cmd_plan,
	&cmd_site, &cmd_password, NULL};

const struct cmd *commands_find(const char *word)
{
	const struct cmd *const *cmd;

	for (cmd = commands_all; *cmd; cmd++)
		if (strcmp((*cmd)->name, word) == 0 || ((*cmd)->alias && strcmp((*cmd)->alias, word) == 0))
			return *cmd;
	return NULL;
}

const struct cmd *commands_nearest(const char *typed)
{
	const struct cmd *const *cmd;
	const struct cmd *best = NULL;
	size_t distance = 3;

	for (cmd = commands_all; *cmd; cmd++) {
		size_t d = opt_distance(typed, (*cmd)->name);

		if (d < distance) {
			distance = d;
			best = *cmd;
		}
	}
	return best;
}
