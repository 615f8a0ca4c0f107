#include "ctl/form.h"

#include <string.h>

#include "ctl/board.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"

bool form_asks(const Renraku__ItemRow *item)
{
	size_t i;

	if (item->n_agenda || item->n_follow_ups || item->n_calls)
		return true;
	for (i = 0; i < item->n_form; i++)
		if (!item->form[i]->optional)
			return true;
	return false;
}

const Renraku__Option *form_option(Renraku__Option *const *options, size_t n, const char *word)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(options[i]->id, word) == 0 || strcmp(options[i]->title, word) == 0 ||
			(*options[i]->title_en && strcmp(options[i]->title_en, word) == 0))
			return options[i];
	return NULL;
}

static void option_lines(struct ctl *ctl, Renraku__Option *const *options, size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		const Renraku__Option *option = options[i];

		out_line(ctl, option->possible ? SHOW_PLAIN : SHOW_DIM, "      %s  %s%s", option->id,
			i18n_pick(option->title, option->title_en), option->possible ? "" : T("（今は選べません）", " (not possible now)"));
		for (k = 0; k < option->n_guide; k++)
			out_line(ctl, SHOW_DIM, "          ・%s", option->guide[k]);
		for (k = 0; k < option->n_checks; k++)
			out_line(ctl, SHOW_PLAIN, "          □ %s", option->checks[k]);
	}
}

/* What belongs to it, in brackets; nothing where nothing is listed. */
static const char *in_brackets(struct ctl *ctl, char *const *contents, size_t n)
{
	return n ? arena_printf(ctl->arena, T("（%s）", " (%s)"), say_join(ctl->arena, contents, n, T("、", ", "))) : "";
}

void form_fields(struct ctl *ctl, Renraku__Field *const *fields, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const Renraku__Field *f = fields[i];

		out_line(ctl, SHOW_PLAIN, "    %s  %s%s%s%s", f->id, i18n_pick(f->title, f->title_en),
			strcmp(f->type, "files") == 0 ? T("（ファイル: 項目=@場所。送るのは名前と SHA-256 だけ）",
								" (files: FIELD=@PATH; only name and SHA-256 are sent)")
						      : "",
			f->optional ? T("（任意）", " (optional)") : "",
			f->unknown ? T("（不明でもよい: --unknown 項目=理由）", " (may be unknown: --unknown FIELD=REASON)") : "");
		option_lines(ctl, f->options, f->n_options);
	}
}

static void agenda_lines(struct ctl *ctl, const Renraku__ItemRow *item)
{
	size_t i;

	for (i = 0; i < item->n_agenda; i++) {
		const Renraku__Agenda *a = item->agenda[i];

		out_line(ctl, SHOW_PLAIN, "    %s  %s%s", a->id, i18n_pick(a->title, a->title_en),
			in_brackets(ctl, a->contents, a->n_contents));
		option_lines(ctl, a->options, a->n_options);
		out_line(ctl, SHOW_DIM, "      deferred  %s", T("保留", "deferred"));
	}
}

static void call_lines(struct ctl *ctl, const Renraku__ItemRow *item)
{
	size_t i;

	if (item->n_calls == 0)
		return;
	out_line(ctl, SHOW_PLAIN, "  %s%s%s",
		item->calls_optional ? T("連絡先（必要に応じ）", "bodies (as needed)")
		: item->calls_all    ? T("連絡先（すべてに）", "bodies (all)")
				     : T("連絡先（どれか）", "bodies (any)"),
		item->calls_extend ? T("、追加もできます", ", more may be added") : "", say_hour(ctl->arena, item));
	for (i = 0; i < item->n_calls; i++)
		out_line(ctl, SHOW_PLAIN, T("    %s  %s  いまの番号 %s  %s", "    %s  %s  number now %s  %s"), item->calls[i]->body,
			i18n_pick(item->calls[i]->title, item->calls[i]->title_en),
			*item->calls[i]->number ? item->calls[i]->number : T("（登録なし）", "(none)"),
			board_call_state(ctl, item->calls[i]));
}

static void follow_lines(struct ctl *ctl, const Renraku__ItemRow *item)
{
	size_t i;

	if (item->n_follow_ups)
		out_line(ctl, SHOW_PLAIN, "  %s",
			T("対策の種別（なければ --follow-up none='理由'）", "kinds of follow-up (none needed: --follow-up none='why')"));
	for (i = 0; i < item->n_follow_ups; i++)
		out_line(ctl, SHOW_PLAIN, "    %s  %s%s", item->follow_ups[i]->id,
			i18n_pick(item->follow_ups[i]->title, item->follow_ups[i]->title_en),
			in_brackets(ctl, item->follow_ups[i]->contents, item->follow_ups[i]->n_contents));
}

static const char *sample(const Renraku__Field *field)
{
	if (field->n_options)
		return field->options[0]->id;
	return strcmp(field->type, "files") == 0 ? "@…" : "'…'";
}

/* The command line as it would be typed, with … for what the person knows. */
static void example(struct ctl *ctl, const Renraku__ItemRow *item)
{
	struct buf line;
	size_t i;

	buf_init(&line, 8192);
	buf_printf(&line, "renraku act %u %s", item->incident, item->id);
	for (i = 0; i < item->n_form; i++)
		if (!item->form[i]->optional)
			buf_printf(&line, " %s=%s", item->form[i]->id, sample(item->form[i]));
	for (i = 0; i < item->n_agenda; i++)
		buf_printf(&line, " %s=%s", item->agenda[i]->id, item->agenda[i]->n_options ? item->agenda[i]->options[0]->id : "'…'");
	for (i = 0; i < item->n_calls && (i == 0 || item->calls_all); i++)
		buf_printf(&line, " --call %s --number %s --answered '…' --said '…'", item->calls[i]->body,
			*item->calls[i]->number ? item->calls[i]->number : "…");
	for (i = 0; i < item->n_follow_ups && i < 1; i++)
		buf_printf(&line, " --follow-up %s='…' --owner … --due 2026-12-31", item->follow_ups[i]->id);
	out_line(ctl, SHOW_DIM, T("  書き方: %s", "  e.g. %s"), buf_str(&line));
	buf_free(&line);
}

void form_show(struct ctl *ctl, const Renraku__ItemRow *item)
{
	out_line(ctl, SHOW_BOLD, "%s%s  %s  [%s%s]", say_drill(*item->drill), item->id, i18n_pick(item->title, item->title_en),
		say_item_state(item->state), item->optional ? T("・任意", ", optional") : "");
	if (*item->words)
		out_line(ctl, SHOW_PLAIN, T("  計画の文: %s", "  plan: %s"), item->words);
	if (*item->note)
		out_line(ctl, SHOW_DIM, T("  読み方: %s", "  note: %s"), item->note);
	out_line(ctl, SHOW_PLAIN, T("  担当: %s", "  by: %s"), i18n_pick(item->by_title, item->by_title_en));
	if (*item->decided_by)
		out_line(ctl, SHOW_PLAIN, T("  決定: %s", "  decided by: %s"), i18n_pick(item->decided_by, item->decided_by_en));
	if (item->n_waits_for)
		out_line(ctl, SHOW_WARN, T("  先に済ませる項目: %s", "  first: %s"),
			say_join(ctl->arena, item->waits_for, item->n_waits_for, " "));
	form_fields(ctl, item->form, item->n_form);
	agenda_lines(ctl, item);
	call_lines(ctl, item);
	follow_lines(ctl, item);
	example(ctl, item);
	if (item->optional)
		out_line(ctl, SHOW_DIM,
			T("  不要なとき: renraku waive %u %s --reason '…'", "  when not needed: renraku waive %u %s --reason '...'"),
			item->incident, item->id);
}

static bool has_word(const Renraku__AlarmFormRow *form, const char *word)
{
	return strcmp(form->word, word) == 0 || strcmp(form->entry, word) == 0;
}

void form_alarms(struct ctl *ctl, const struct rows *rows, const char *word)
{
	const Renraku__Row *row;
	size_t i = 0;
	bool known = false;

	while (word && (row = pick_next(rows, &i, RENRAKU__ROW__BODY_ALARM_FORM)))
		known = known || has_word(row->alarm_form, word);
	for (i = 0; (row = pick_next(rows, &i, RENRAKU__ROW__BODY_ALARM_FORM));) {
		const Renraku__AlarmFormRow *form = row->alarm_form;

		if (known && !has_word(form, word))
			continue;
		out_line(ctl, SHOW_BOLD, T("renraku alarm %s  … %s", "renraku alarm %s  ... %s"), *form->word ? form->word : form->entry,
			i18n_pick(form->title, form->title_en));
		if (!form->mine)
			out_line(ctl, SHOW_DIM, T("  通報できるのは %s です（サインインが必要）", "  for %s to raise (sign in)"),
				i18n_pick(form->by_title, form->by_title_en));
		form_fields(ctl, form->form, form->n_form);
	}
}
