/* renraku forms: the words and fields of `renraku alarm`. */
#include "ctl/form.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"

static int run(struct ctl *ctl)
{
	int code = CTL_OK;
	struct rows *rows = link_fetch(ctl, RENRAKU__VIEW__VIEW_BOARD, 0, &code);
	const Renraku__Row *row;
	size_t i = 0;

	if (!rows)
		return code;
	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_ALARM_FORM))) {
		if (ctl->json) {
			out_json(&row->alarm_form->base);
			continue;
		}
		out_line(ctl, SHOW_BOLD, "renraku alarm %s  —  %s", *row->alarm_form->word ? row->alarm_form->word : row->alarm_form->entry, row->alarm_form->title);
		form_fields(ctl, row->alarm_form->form, row->alarm_form->n_form);
	}
	rows_free(rows);
	return CTL_OK;
}

const struct cmd cmd_forms = {
	.name = "forms",
	.group = "alarm",
	.args_ja = "",
	.args_en = "",
	.ja = "アラームの種別と、入れられる項目を見る",
	.en = "the kinds of alarm and their fields",
	.run = run,
};
