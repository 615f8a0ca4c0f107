/* renraku report: one incident in one of four forms. */
#include <string.h>

#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "report/csv.h"
#include "report/html.h"
#include "report/job.h"
#include "report/json.h"
#include "report/layout.h"
#include "report/model.h"
#include "report/output.h"
#include "report/sections.h"

/* More than any report of a town; a page of HTML this long opens nowhere. */
#define REPORT_MAX (512u << 20)

static void as_pdf(const struct model *m, struct buf *out)
{
	struct doc *doc = sections_report(m);

	layout_pdf(doc, out);
	doc_free(doc);
}

static void as_html(const struct model *m, struct buf *out)
{
	struct doc *doc = sections_report(m);

	html_write(doc, out);
	doc_free(doc);
}

static const struct form {
	const char *name;
	void (*make)(const struct model *, struct buf *);
	bool binary;
} forms[] = {{"html", as_html, false}, {"pdf", as_pdf, true}, {"json", json_report, false}, {"csv", csv_report, false}};

/* Without --format, by the file's ending; without that, HTML. */
static const struct form *form_of(struct ctl *ctl)
{
	const char *out = opt_value(&ctl->line, "out"), *dot = out ? strrchr(out, '.') : NULL;
	const char *name = opt_value(&ctl->line, "format");
	size_t i;

	if (!name)
		name = ctl->json ? "json" : dot ? dot + 1 : "html";
	for (i = 0; i < sizeof forms / sizeof *forms; i++)
		if (strcmp(forms[i].name, name) == 0)
			return &forms[i];
	out_usage(ctl,
		T("形式「%s」はありません。--format html・pdf・json・csv のどれかです。",
			"No form '%s'. Use --format html, pdf, json or csv."),
		name);
	return NULL;
}

static int print(struct ctl *ctl, const struct form *form, struct source *s)
{
	struct model m;
	struct buf out;
	int code;

	model_make(&m, s, link_person(ctl));
	buf_init(&out, REPORT_MAX);
	form->make(&m, &out);
	if (out.full) {
		out_error("%s", T("記録が大きすぎて、この形式では出せません。--format csv を試してください。",
					"The record is too large for this form. Try --format csv."));
		code = CTL_LOCAL;
	} else {
		code = output_write(ctl, out.data, out.len, form->binary);
	}
	if (code == CTL_OK && s->damage) {
		out_error(T("記録の検証に失敗しました: %s。報告書にもそう書いてあります。サーバの管理者に知らせてください。",
				  "NOT VERIFIED: %s. The report says so too. Tell the administrator."),
			s->damage);
		code = CTL_UNVERIFIED;
	}
	buf_free(&out);
	model_free(&m);
	return code;
}

int job_report(struct ctl *ctl)
{
	uint32_t incident = fill_number(ctl, T("事案", "incident"), ctl->line.args[0]);
	const struct form *form = form_of(ctl);
	struct source s;
	int code;

	if (!incident || !form)
		return CTL_USAGE;
	if (form->binary && layout_fonts()) {
		out_error("%s", layout_fonts());
		return CTL_LOCAL;
	}
	code = source_read(ctl, incident, &s);
	if (code == CTL_OK)
		code = print(ctl, form, &s);
	source_free(&s);
	return code;
}
