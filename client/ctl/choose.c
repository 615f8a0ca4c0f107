#include "ctl/choose.h"

#include <string.h>

#include "ctl/behalf.h"
#include "ctl/form.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/told.h"

const Renraku__ItemRow *choose_item(
	struct ctl *ctl, const struct rows *rows, uint32_t incident, const char *id, choose_fits_fn *fits, const char *what, int *code)
{
	const Renraku__ItemRow *found = NULL;
	const Renraku__Row *row;
	size_t i = 0, n = 0;

	if (id) {
		found = pick_item(rows, incident, id);
		if (!found) {
			out_error(T("事案 %u に項目「%s」はありません。renraku status %u で確かめてください。",
					  "Incident %u has no item '%s'. See renraku status %u."),
				incident, id, incident);
			*code = CTL_REFUSED;
		}
		return found;
	}
	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_ITEM)))
		if (row->item->incident == incident && strcmp(row->item->state, "ready") == 0 && fits(row->item)) {
			found = row->item;
			n++;
		}
	if (n == 1)
		return found;
	*code = CTL_USAGE;
	if (n == 0)
		out_error(T("事案 %u に、いま%sができる項目はありません。renraku status %u で確かめてください。",
				  "Incident %u: no item ready for '%s'. See renraku status %u."),
			incident, what, incident);
	else
		out_usage(ctl,
			T("事案 %u に、いま%sができる項目が %zu 件あります。項目を指定してください。",
				"Incident %u: for '%s' there are %zu items. Name one."),
			incident, what, n);
	return NULL;
}

int choose_enter(struct ctl *ctl, uint32_t incident, const char *item, const struct fill *fill)
{
	Renraku__Enter enter = RENRAKU__ENTER__INIT;
	Renraku__Command *command = link_command(ctl);
	int code;

	if (!command)
		return CTL_USAGE;
	enter.incident = incident;
	enter.item = arena_strdup(ctl->arena, item);
	enter.values = fill->values;
	enter.n_values = fill->n_values;
	enter.calls = fill->calls;
	enter.n_calls = fill->n_calls;
	enter.follow_ups = fill->follow_ups;
	enter.n_follow_ups = fill->n_follow_ups;
	command->act_case = RENRAKU__COMMAND__ACT_ENTER;
	command->enter = &enter;
	code = link_run(ctl, command, NULL);
	if (code == CTL_OK)
		told_after(ctl, incident, enter.item);
	return code;
}

/* Does the plan mark one of the options as that of an approval: it sends back, or stands behind a measure? */
static bool marked(const Renraku__Field *field)
{
	size_t i;

	for (i = 0; i < field->n_options; i++)
		if (field->options[i]->sends_back || field->options[i]->ratifies)
			return true;
	return false;
}

/* The field of an approval: the only marked choice, else the item's only choice. */
static const Renraku__Field *approval(const Renraku__ItemRow *item)
{
	const Renraku__Field *choice = NULL, *found = NULL;
	size_t i, choices = 0, marks = 0;

	for (i = 0; i < item->n_form; i++) {
		if (item->form[i]->n_options == 0)
			continue;
		choice = item->form[i];
		choices++;
		if (marked(choice)) {
			found = choice;
			marks++;
		}
	}
	return marks == 1 ? found : marks == 0 && choices == 1 ? choice : NULL;
}

static bool may_choose(const Renraku__ItemRow *item)
{
	const Renraku__Field *field = item->mine ? approval(item) : NULL;

	return field && marked(field);
}

/* NULL when none or several would do; *n says which. */
static const Renraku__Option *option_for(const Renraku__Field *field, bool yes, size_t *n)
{
	const Renraku__Option *found = NULL, *ratifies = NULL;
	size_t i, ratifying = 0;

	*n = 0;
	for (i = 0; i < field->n_options; i++) {
		const Renraku__Option *option = field->options[i];

		if (!option->possible || option->sends_back == yes)
			continue;
		found = option;
		++*n;
		if (option->ratifies) {
			ratifies = option;
			ratifying++;
		}
	}
	return *n == 1 ? found : yes && ratifying == 1 ? ratifies : NULL;
}

/* It is for the person to say which: nothing is guessed. */
static int not_clear(struct ctl *ctl, uint32_t incident, const Renraku__ItemRow *item, const Renraku__Field *field, bool yes, size_t n)
{
	const char *what = yes ? T("承認", "approve") : T("差し戻し", "send back");

	if (n == 0)
		out_usage(ctl,
			T("項目 %s に、いま選べる「%s」の選択肢はありません。renraku act %u %s %s=選択肢 を使ってください。",
				"Item %s has no option for '%s' that is possible now. Use renraku act %u %s %s=OPTION."),
			item->id, what, incident, item->id, field->id);
	else
		out_usage(ctl,
			T("項目 %s は「%s」がどの選択肢か決まりません。renraku act %u %s %s=選択肢 を使ってください。",
				"Item %s: which option is '%s' is not clear. Use renraku act %u %s %s=OPTION."),
			item->id, what, incident, item->id, field->id);
	if (!ctl->json)
		form_fields(ctl, (Renraku__Field *const *)(uintptr_t)&field, 1);
	return CTL_USAGE;
}

static bool given(const struct fill *fill, const char *field)
{
	size_t i;

	for (i = 0; i < fill->n_values; i++)
		if (strcmp(fill->values[i]->field, field) == 0)
			return true;
	return false;
}

/* Text that the form still wants is taken from --text, into its first empty required field. */
static void add_text(struct ctl *ctl, const Renraku__ItemRow *item, struct fill *fill)
{
	const char *text = opt_value(&ctl->line, "text");
	Renraku__Value *value;
	size_t i;

	for (i = 0; text && i < item->n_form; i++) {
		const Renraku__Field *field = item->form[i];

		if (field->n_options || given(fill, field->id))
			continue;
		value = arena_alloc(ctl->arena, sizeof *value);
		renraku__value__init(value);
		value->field = arena_strdup(ctl->arena, field->id);
		value->value = arena_strdup(ctl->arena, text);
		fill->values[fill->n_values++] = value;
		return;
	}
}

static const Renraku__Field *wants_text(const Renraku__ItemRow *item, const struct fill *fill)
{
	size_t i;

	for (i = 0; i < item->n_form; i++)
		if (!item->form[i]->n_options && !item->form[i]->optional && !given(fill, item->form[i]->id))
			return item->form[i];
	return NULL;
}

static int choose_in(struct ctl *ctl, const struct rows *rows, uint32_t incident, const char *id, bool yes)
{
	const char *what = yes ? T("承認", "approve") : T("差し戻し", "send back");
	int code = CTL_OK;
	const Renraku__ItemRow *item = choose_item(ctl, rows, incident, id, may_choose, what, &code);
	const Renraku__Field *field;
	const Renraku__Option *option;
	Renraku__Value *value;
	struct fill fill;
	size_t n;

	if (!item)
		return code;
	field = approval(item);
	if (!field)
		return out_usage(ctl,
			T("項目 %s は承認・差し戻しの項目ではありません。renraku act %u %s を使ってください。",
				"Item %s is no approval. Use renraku act %u %s."),
			item->id, incident, item->id);
	if (!fill_read(ctl, ctl->line.n_args > 1 && !strchr(ctl->line.args[1], '=') ? 2 : 1, &fill))
		return CTL_USAGE;
	option = option_for(field, yes, &n);
	if (!option)
		return not_clear(ctl, incident, item, field, yes, n);
	value = arena_alloc(ctl->arena, sizeof *value);
	renraku__value__init(value);
	value->field = arena_strdup(ctl->arena, field->id);
	value->value = arena_strdup(ctl->arena, option->id);
	fill.values[fill.n_values++] = value;
	add_text(ctl, item, &fill);
	if (wants_text(item, &fill))
		return out_usage(ctl, T("--text が必要です（%s）。", "--text is needed (%s)."),
			i18n_pick(wants_text(item, &fill)->title, wants_text(item, &fill)->title_en));
	if (!ctl->json)
		out_line(ctl, SHOW_BOLD, T("%s「%s」: %s", "%s '%s': %s"), item->id, i18n_pick(item->title, item->title_en),
			i18n_pick(option->title, option->title_en));
	return choose_enter(ctl, incident, item->id, &fill);
}

int choose_yes_no(struct ctl *ctl, bool yes)
{
	uint32_t incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[0]);
	const char *id = ctl->line.n_args > 1 && !strchr(ctl->line.args[1], '=') ? ctl->line.args[1] : NULL;
	struct rows *rows;
	int code = CTL_OK;

	if (!incident)
		return CTL_USAGE;
	if (link_again(ctl, RENRAKU__COMMAND__ACT_ENTER, &code))
		return code;
	rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_INCIDENT, incident, &code);
	if (!rows)
		return code;
	code = choose_in(ctl, rows, incident, id, yes);
	rows_free(rows);
	return code;
}
