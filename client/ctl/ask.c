#include "ctl/ask.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "ctl/files.h"
#include "ctl/form.h"
#include "ctl/out.h"
#include "ctl/say.h"

#define ANSWER_MAX 4000

bool ask_possible(const struct ctl *ctl)
{
	return !ctl->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* One line without blanks at its ends, in the arena; NULL at the end of input. */
static char *line(struct ctl *ctl, const char *prompt)
{
	char *text = NULL, *from, *end, *made;
	size_t size = 0;

	for (;;) {
		printf("%s ", prompt);
		fflush(stdout);
		if (getline(&text, &size, stdin) < 0) {
			free(text);
			puts("");
			return NULL;
		}
		for (from = text; *from == ' ' || *from == '\t'; from++)
			;
		for (end = from + strlen(from); end > from && strchr(" \t\r\n", end[-1]); end--)
			;
		*end = '\0';
		if (strlen(from) <= ANSWER_MAX && text_valid(from, strlen(from)))
			break;
		out_line(ctl, SHOW_WARN, "%s",
			T("  長すぎるか、読めない文字があります。もう一度入力してください。",
				"  Too long, or unreadable characters. Once more, please."));
	}
	made = arena_strdup(ctl->arena, from);
	free(text);
	return made;
}

static bool yes(struct ctl *ctl, const char *question)
{
	const char *answer = line(ctl, question);

	return answer &&
	       (strcmp(answer, "y") == 0 || strcmp(answer, "Y") == 0 || strcmp(answer, "yes") == 0 || strcmp(answer, "はい") == 0);
}

static void add_value(struct ctl *ctl, struct fill *fill, Renraku__Value *value)
{
	Renraku__Value **grown = arena_alloc(ctl->arena, (fill->n_values + 1) * sizeof *grown);

	if (fill->n_values)
		memcpy(grown, fill->values, fill->n_values * sizeof *grown);
	grown[fill->n_values++] = value;
	fill->values = grown;
}

static void add_call(struct ctl *ctl, struct fill *fill, Renraku__Call *call)
{
	Renraku__Call **grown = arena_alloc(ctl->arena, (fill->n_calls + 1) * sizeof *grown);

	if (fill->n_calls)
		memcpy(grown, fill->calls, fill->n_calls * sizeof *grown);
	grown[fill->n_calls++] = call;
	fill->calls = grown;
}

static void add_follow(struct ctl *ctl, struct fill *fill, Renraku__FollowUpNew *follow)
{
	Renraku__FollowUpNew **grown = arena_alloc(ctl->arena, (fill->n_follow_ups + 1) * sizeof *grown);

	if (fill->n_follow_ups)
		memcpy(grown, fill->follow_ups, fill->n_follow_ups * sizeof *grown);
	grown[fill->n_follow_ups++] = follow;
	fill->follow_ups = grown;
}

/* By its number in the list, its id or its title. */
static const Renraku__Option *chosen(Renraku__Option *const *options, size_t n, const char *answer)
{
	char *end;
	unsigned long number = strtoul(answer, &end, 10);

	if (*answer && !*end && number >= 1 && number <= n)
		return options[number - 1];
	return form_option(options, n, answer);
}

static void list(struct ctl *ctl, Renraku__Option *const *options, size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		out_line(ctl, options[i]->possible ? SHOW_PLAIN : SHOW_DIM, "    %zu  %s%s", i + 1,
			i18n_pick(options[i]->title, options[i]->title_en),
			options[i]->possible ? "" : T("（今は選べません）", " (not possible now)"));
		for (k = 0; k < options[i]->n_guide; k++)
			out_line(ctl, SHOW_DIM, "       ・%s", options[i]->guide[k]);
	}
}

static void ask_checks(struct ctl *ctl, const Renraku__Option *option, Renraku__Value *value)
{
	size_t i;

	value->checks = arena_alloc(ctl->arena, (option->n_checks + 1) * sizeof *value->checks);
	for (i = 0; i < option->n_checks; i++)
		if (yes(ctl, arena_printf(ctl->arena, T("    %s — しましたか [y/N]", "    %s - done? [y/N]"), option->checks[i])))
			value->checks[value->n_checks++] = arena_strdup(ctl->arena, option->checks[i]);
}

static const char *field_prompt(struct ctl *ctl, const Renraku__Field *field)
{
	return arena_printf(ctl->arena, "  %s%s%s%s:", i18n_pick(field->title, field->title_en),
		strcmp(field->type, "files") == 0 ? T("（@ファイルの場所）", " (@path of the file)") : "",
		field->optional ? T("（任意、なければ Enter）", " (optional)") : "",
		field->unknown ? T("（分からなければ ?）", " (? = unknown)") : "");
}

static bool ask_field(struct ctl *ctl, const Renraku__Field *field, struct fill *fill)
{
	Renraku__Value *value = arena_alloc(ctl->arena, sizeof *value);
	const Renraku__Option *option = NULL;
	const char *answer;

	renraku__value__init(value);
	value->field = arena_strdup(ctl->arena, field->id);
	list(ctl, field->options, field->n_options);
	for (;;) {
		answer = line(ctl, field_prompt(ctl, field));
		if (!answer)
			return false;
		if (!*answer && field->optional)
			return true;
		if (field->unknown && (strcmp(answer, "?") == 0 || strcmp(answer, "？") == 0)) {
			value->unknown = line(ctl, T("    分からない理由:", "    why is it unknown:"));
			if (!value->unknown)
				return false;
			break;
		}
		option = chosen(field->options, field->n_options, answer);
		if (field->n_options ? option != NULL : *answer != '\0')
			break;
		out_line(ctl, SHOW_WARN, "%s",
			field->n_options ? T("    番号で選んでください。", "    Choose a number.")
					 : T("    何か入力してください。", "    Something must be entered."));
	}
	if (!*value->unknown)
		value->value = arena_strdup(ctl->arena, option ? option->id : answer);
	if (answer[0] == '@' && strcmp(field->type, "files") == 0 && !(value->value = files_name(ctl, answer + 1)))
		return false;
	if (option && option->n_checks)
		ask_checks(ctl, option, value);
	add_value(ctl, fill, value);
	return true;
}

static bool ask_agenda(struct ctl *ctl, const Renraku__Agenda *agenda, struct fill *fill)
{
	Renraku__Value *value = arena_alloc(ctl->arena, sizeof *value);
	const Renraku__Option *option = NULL;
	const char *answer;
	size_t i;

	renraku__value__init(value);
	value->field = arena_strdup(ctl->arena, agenda->id);
	for (i = 0; i < agenda->n_contents; i++)
		out_line(ctl, SHOW_DIM, "    ・%s", agenda->contents[i]);
	list(ctl, agenda->options, agenda->n_options);
	do {
		answer = line(ctl, arena_printf(ctl->arena, T("  %s（保留なら Enter）:", "  %s (Enter = deferred):"),
					   i18n_pick(agenda->title, agenda->title_en)));
		if (!answer)
			return false;
		option = chosen(agenda->options, agenda->n_options, answer);
	} while (*answer && agenda->n_options && !option);
	value->value = arena_strdup(ctl->arena, !*answer ? "deferred" : option ? option->id : answer);
	add_value(ctl, fill, value);
	return true;
}

static bool ask_call(struct ctl *ctl, const Renraku__CallTarget *target, struct fill *fill)
{
	Renraku__Call *call;
	const char *number;

	if (!yes(ctl, arena_printf(ctl->arena, T("  %s（いまの番号 %s）に電話しましたか [y/N]", "  Did you call %s (number now %s)? [y/N]"),
			      i18n_pick(target->title, target->title_en), *target->number ? target->number : "-")))
		return true;
	call = arena_alloc(ctl->arena, sizeof *call);
	renraku__call__init(call);
	call->body = arena_strdup(ctl->arena, target->body);
	call->at = (uint64_t)clock_wall_ms();
	number = line(
		ctl, arena_printf(ctl->arena, T("    かけた番号（%s なら Enter）:", "    number called (Enter = %s):"), target->number));
	call->answered_by = number ? line(ctl, T("    出た人（出なければ Enter）:", "    who answered (Enter = nobody):")) : NULL;
	call->said = call->answered_by ? line(ctl, T("    話した内容:", "    what was said:")) : NULL;
	if (!call->said)
		return false;
	call->number = arena_strdup(ctl->arena, *number ? number : target->number);
	call->no_answer = !*call->answered_by;
	add_call(ctl, fill, call);
	return true;
}

static bool ask_follow(struct ctl *ctl, const Renraku__FollowKind *kind, struct fill *fill)
{
	for (;;) {
		Renraku__FollowUpNew *follow = arena_alloc(ctl->arena, sizeof *follow);

		renraku__follow_up_new__init(follow);
		follow->kind = arena_strdup(ctl->arena, kind->id);
		follow->text = line(ctl, arena_printf(ctl->arena, T("  %s の対策（なければ Enter）:", "  %s (Enter = no more):"),
						 i18n_pick(kind->title, kind->title_en)));
		if (!follow->text)
			return false;
		if (!*follow->text)
			return true;
		follow->owner = line(ctl, T("    担当の職員ID:", "    owner (id):"));
		follow->due = follow->owner ? line(ctl, T("    期限（年-月-日）:", "    due (YYYY-MM-DD):")) : NULL;
		if (!follow->due)
			return false;
		add_follow(ctl, fill, follow);
	}
}

bool ask_item(struct ctl *ctl, const Renraku__ItemRow *item, struct fill *fill)
{
	bool going = true;
	size_t i;

	out_line(ctl, *item->drill ? SHOW_DRILL : SHOW_BOLD, "%s%s  %s", say_drill(*item->drill), item->id,
		i18n_pick(item->title, item->title_en));
	if (*item->drill && item->n_calls)
		out_line(ctl, SHOW_DRILL, "%s", say_drill_call());
	if (*item->words)
		out_line(ctl, SHOW_DIM, T("  計画の文: %s", "  plan: %s"), item->words);
	for (i = 0; going && i < item->n_form; i++)
		going = ask_field(ctl, item->form[i], fill);
	for (i = 0; going && i < item->n_agenda; i++)
		going = ask_agenda(ctl, item->agenda[i], fill);
	for (i = 0; going && i < item->n_calls; i++)
		going = ask_call(ctl, item->calls[i], fill);
	for (i = 0; going && i < item->n_follow_ups; i++)
		going = ask_follow(ctl, item->follow_ups[i], fill);
	if (going && yes(ctl, T("この内容で記録しますか [y/N]", "Record this? [y/N]")))
		return true;
	out_line(ctl, SHOW_WARN, "%s", T("記録しませんでした。", "Nothing was recorded."));
	return false;
}
