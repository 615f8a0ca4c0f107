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
	while ((row = pick_next(rows, &i, RENRAKU__ROW__BODY_ALARM_FORM)))
		if (ctl->json)
			out_json(&row->alarm_form->base);
	if (!ctl->json)
		form_alarms(ctl, rows, NULL);
	rows_free(rows);
	return CTL_OK;
}

const struct cmd cmd_forms = {
	.name = "forms",
	.group = "alarm",
	.args_ja = "",
	.args_en = "",
	.ja = "通報の種別と、入れられる項目を見る",
	.en = "the kinds of alarm and their fields",
	.run = run,
};
