/*
 * renraku contacts --print: 連絡網 on one sheet: who telephones whom in which order, by the plan's own chains; who holds the roles, with
 * numbers and deputies; outside bodies by the hour.
 */
#include <string.h>

#include "base/clock.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"
#include "report/html.h"
#include "report/job.h"
#include "report/town.h"
#include "report/layout.h"
#include "report/output.h"

#define PDF_MAX (64u << 20)
#define ROLES_MAX 128u
#define SCALE_LEAST 0.2

struct sheet {
	struct ctl *ctl;
	struct town town;
	struct doc *doc;
	bool others; /* those who hold no role stand on it too */
};

/* ---- who telephones whom ---- */

struct reached {
	const char *role[ROLES_MAX];
	size_t n;
};

static bool reach(struct reached *r, const char *role)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (strcmp(r->role[i], role) == 0)
			return false;
	if (r->n < ROLES_MAX)
		r->role[r->n++] = role;
	return true;
}

static const char *numbers(struct sheet *s, const Renraku__PersonRow *p)
{
	return p->n_numbers ? say_join(s->ctl->arena, p->numbers, p->n_numbers, " / ") : T("（番号なし）", "(no number)");
}

static const char *people(struct sheet *s, char *const *ids, size_t n, const char *between)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < n; i++) {
		const Renraku__PersonRow *p = town_person(&s->town, ids[i]);

		text = arena_printf(
			s->ctl->arena, "%s%s%s %s", text, *text ? between : "", p && *p->name ? p->name : ids[i], p ? numbers(s, p) : "");
	}
	return text;
}

static const char *holders(struct sheet *s, const Renraku__PlanRoleRow *r, bool deputies)
{
	const char *text = "";
	size_t i;

	for (i = 0; r && i < r->n_holders; i++) {
		const Renraku__RoleHolders *h = r->holders[i];
		const char *who =
			deputies ? people(s, h->deputies, h->n_deputies, T("、", ", ")) : people(s, h->persons, h->n_persons, "\n");

		if (!*who)
			continue;
		text = arena_printf(s->ctl->arena, "%s%s%s%s%s", text, *text ? "\n" : "", h->section,
			*h->section                     ? T("：", ": ")
			: *h->organisation && !deputies ? arena_printf(s->ctl->arena, "%s ", h->organisation)
							: "",
			who);
	}
	return text;
}

static void edge(struct sheet *s, struct doc_table *t, const char *from, const char *to, const Renraku__ItemRow *it)
{
	const Renraku__PlanRoleRow *r = town_role(&s->town, to);
	const char *who = r && r->group ? T("（構成員は下の表）", "(members: below)") : holders(s, r, false);

	doc_row(s->doc, t, DOC_ROW_PLAIN,
		(const char *const[]){town_role_title(&s->town, from),
			arena_printf(s->ctl->arena, T("→ %s", "-> %s"), town_role_title(&s->town, to)), who,
			i18n_pick(it->title, it->title_en)});
}

/* Every role once, where the plan's order reaches it first. */
static void item_edges(struct sheet *s, struct doc_table *t, struct reached *r, const Renraku__ItemRow *it)
{
	size_t i, k;

	for (i = 0; it->plan && i < it->plan->n_tells; i++) {
		const Renraku__Tell *tell = it->plan->tells[i];
		const char *from = it->n_by ? it->by[0] : "anyone";

		reach(r, from);
		for (k = 0; k < tell->n_via + tell->n_to; k++) {
			const char *to = k < tell->n_via ? tell->via[k] : tell->to[k - tell->n_via];

			if (!town_role(&s->town, to))
				continue;
			if (reach(r, to) || it->entry)
				edge(s, t, from, to, it);
			from = k < tell->n_via ? to : from;
		}
	}
}

static void chains(struct sheet *s)
{
	struct reached reached = {.n = 0};
	const char *procedure = "";
	const Renraku__Row *row;
	struct doc_table *t;
	size_t i = 0;

	if (pick_count(s->town.plan, RENRAKU__ROW__BODY_ITEM) == 0)
		return;
	doc_add(s->doc, DOC_SUBHEADING, "%s",
		T("誰が誰に電話するか（上から順に。出ないときは下の表の代理へ）",
			"Who telephones whom (in this order; no answer: the deputy below)"));
	t = doc_table(s->doc, 4,
		(const char *const[]){T("かける者", "From"), T("相手", "To"), T("氏名・電話番号", "Name, number"), T("用件", "About")},
		(const double[]){0.21, 0.23, 0.33, 0.23});
	while ((row = pick_next(s->town.plan, &i, RENRAKU__ROW__BODY_ITEM))) {
		const Renraku__ItemRow *it = row->item;

		if (it->optional || it->closes || (it->plan && (it->plan->standing || it->plan->aftercare)))
			continue; /* not on the way up */
		if (strcmp(procedure, it->procedure) != 0) {
			procedure = it->procedure;
			reached.n = 0;
			if (t->n && t->lines[t->n - 1].kind == DOC_ROW_GROUP)
				t->n--; /* nobody is told in that one */
			doc_row(s->doc, t, DOC_ROW_GROUP, (const char *const[]){i18n_pick(it->procedure_title, it->procedure_title_en)});
		}
		item_edges(s, t, &reached, it);
	}
	if (t->n && t->lines[t->n - 1].kind == DOC_ROW_GROUP)
		t->n--;
}

/* ---- roles, others, bodies ---- */

static void roles(struct sheet *s)
{
	const Renraku__Row *row;
	struct doc_table *t = NULL;
	size_t i = 0;

	while ((row = pick_next(s->town.plan, &i, RENRAKU__ROW__BODY_PLAN_ROLE))) {
		const Renraku__PlanRoleRow *r = row->plan_role;
		const char *who = holders(s, r, false), *deputies = holders(s, r, true);

		if (!*who && !*deputies)
			continue;
		if (!t) {
			doc_add(s->doc, DOC_SUBHEADING, "%s", T("役割と電話番号", "Roles and numbers"));
			t = doc_table(s->doc, 3,
				(const char *const[]){
					T("役割", "Role"), T("担当", "Held by"), T("代理（この順に）", "Deputies, in this order")},
				(const double[]){0.22, 0.4, 0.38});
		}
		doc_row(s->doc, t, DOC_ROW_PLAIN, (const char *const[]){i18n_pick(r->title, r->title_en), who, deputies});
	}
}

static bool holds_role(const struct sheet *s, const Renraku__PersonRow *p)
{
	return pick_count(s->town.plan, RENRAKU__ROW__BODY_PLAN_ROLE) > 0 && (p->n_roles > 0 || p->n_deputy_of > 0);
}

static void others(struct sheet *s)
{
	const Renraku__Row *row;
	const char *text = "";
	size_t i = 0;

	while (s->others && (row = pick_next(s->town.contacts, &i, RENRAKU__ROW__BODY_PERSON)))
		if (row->person->n_numbers && !holds_role(s, row->person))
			text = arena_printf(
				s->ctl->arena, "%s%s%s %s", text, *text ? T("、", "; ") : "", row->person->name, numbers(s, row->person));
	if (*text)
		doc_add(s->doc, DOC_NOTE, T("その他の職員：%s", "Others: %s"), text);
}

static void bodies(struct sheet *s)
{
	const Renraku__Row *row;
	struct doc_table *t = NULL;
	size_t i = 0;

	while ((row = pick_next(s->town.contacts, &i, RENRAKU__ROW__BODY_CONTACT))) {
		const Renraku__ContactRow *c = row->contact;
		const char *title = i18n_pick(c->title, c->title_en),
			   *aliases = say_join(s->ctl->arena, c->aliases, c->n_aliases, T("・", ", "));

		if (!t) {
			doc_add(s->doc, DOC_SUBHEADING, "%s", T("関係機関", "Bodies"));
			t = doc_table(s->doc, 4,
				(const char *const[]){
					T("連絡先", "Whom"), T("時間帯", "Hours"), T("電話番号", "Number"), T("確認日", "Verified")},
				(const double[]){0.5, 0.15, 0.2, 0.15});
		}
		doc_row(s->doc, t, DOC_ROW_PLAIN,
			(const char *const[]){*aliases ? arena_printf(s->ctl->arena, T("%s（%s）", "%s (%s)"), title, aliases) : title,
				say_hours(c->hours), c->number, *c->verified ? c->verified : T("未確認", "never")});
	}
}

/* ---- the sheet ---- */

static struct doc *make(struct sheet *s, double scale)
{
	const Renraku__TownRow *town = pick_town(s->town.contacts);
	const char *name = town ? i18n_pick(town->title, town->title_en) : "";
	char when[20];

	s->doc = doc_new();
	s->doc->scale = scale;
	s->doc->margin = 34;
	s->doc->at = s->town.at;
	s->doc->title = T("緊急時連絡網", "Contact network");
	s->doc->author = doc_safe(s->doc, name);
	doc_add(s->doc, DOC_TITLE, T("緊急時連絡網　%s", "Contact network - %s"), name);
	doc_add(s->doc, DOC_NOTE,
		s->town.away ? T("%.10s にこの端末が控えたもの（サーバーにつながらないため）。",
				       "As this terminal kept it on %.10s (the server is away).")
			     : T("%.10s 現在。", "As of %.10s."),
		clock_format(s->town.at, false, when));
	chains(s);
	roles(s);
	others(s);
	bodies(s);
	return s->doc;
}

/* One sheet, whatever stands on it: smaller type, then without those who hold no role. */
static void fit(struct sheet *s, struct buf *out)
{
	double scale = 1;

	s->others = true;
	for (;; scale -= 0.04) {
		struct doc *doc = make(s, scale);
		int pages;

		buf_reset(out);
		pages = layout_pdf(doc, out);
		doc_free(doc);
		if (pages == 1 || scale < SCALE_LEAST)
			return;
		s->others = s->others && scale > 0.6;
	}
}

static bool as_html(struct ctl *ctl)
{
	const char *format = opt_value(&ctl->line, "format");

	return format && strcmp(format, "html") == 0;
}

static void make_html(struct sheet *s, struct buf *out)
{
	struct doc *doc;

	s->others = true;
	doc = make(s, 1);
	html_write(doc, out);
	doc_free(doc);
}

int job_contacts(struct ctl *ctl)
{
	struct sheet s = {.ctl = ctl};
	bool html = as_html(ctl);
	const char *fonts = html ? NULL : layout_fonts();
	struct buf out;
	int code;

	if (fonts) {
		out_error("%s", fonts);
		return CTL_LOCAL;
	}
	code = town_read(ctl, &s.town);
	if (code == CTL_OK) {
		buf_init(&out, PDF_MAX);
		if (html)
			make_html(&s, &out);
		else
			fit(&s, &out);
		code = output_write(ctl, out.data, out.len, !html);
		buf_free(&out);
	}
	town_free(&s.town);
	return code;
}
