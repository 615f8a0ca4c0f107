/* renraku holders: who holds the roles of the plan and who stands in; administrators change it. */
#include <string.h>

#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/may.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "ctl/say.h"

static const struct opt_spec options[] = {{"person", "職員", "PERSON", "務める人（職員IDか氏名。順に繰り返し可）。会議体では構成員",
						  "who holds it (id or name; repeatable, in order); of a group: a member"},
	{"deputy", "職員[=範囲]", "PERSON[=LIST]", "代理（順に繰り返し可）。範囲は acknowledge,enter,decide（既定はすべて）",
		"who stands in (repeatable, in order); LIST of acknowledge,enter,decide (default all)"},
	{"no-deputies", NULL, NULL, "代理を置かない", "nobody stands in"},
	{"section", "課", "SECTION", "どの課の担当か（課ごとに置く役割で）", "of which section (of a role held per section)"},
	{"reason", "理由", "TEXT", "理由（変えるときは必須）", "why (needed for a change)"}, OPT_END};

static const Renraku__PersonRow *person_of(const struct rows *contacts, const char *word, size_t len)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(contacts, &i, RENRAKU__ROW__BODY_PERSON))) {
		const Renraku__PersonRow *p = row->person;

		if ((strlen(p->id) == len && strncmp(p->id, word, len) == 0) ||
			(strlen(p->name) == len && strncmp(p->name, word, len) == 0))
			return p;
	}
	return NULL;
}

static const char *name_of(const struct rows *contacts, const char *id)
{
	const Renraku__PersonRow *p = person_of(contacts, id, strlen(id));

	return p && *p->name ? p->name : id;
}

/* Whatever was typed: an id, or a name as the tables show it. What is neither goes to the server as it is, which says so. */
static char *person_id(struct ctl *ctl, const struct rows *contacts, const char *word, size_t len)
{
	const Renraku__PersonRow *p = person_of(contacts, word, len);

	return p ? arena_strdup(ctl->arena, p->id) : arena_printf(ctl->arena, "%.*s", (int)len, word);
}

static bool called(const Renraku__PlanRoleRow *role, const char *word)
{
	for (size_t i = 0; i < role->n_aliases; i++)
		if (strcmp(role->aliases[i], word) == 0)
			return true;
	return strcmp(role->id, word) == 0 || strcmp(role->title, word) == 0 || strcmp(role->title_en, word) == 0;
}

static const Renraku__PlanRoleRow *role_of(const struct rows *plan, const char *word)
{
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(plan, &i, RENRAKU__ROW__BODY_PLAN_ROLE)))
		if (called(row->plan_role, word))
			return row->plan_role;
	return NULL;
}

/* ---- showing ---- */

static const char *names(struct ctl *ctl, const struct rows *contacts, char *const *ids, size_t n)
{
	const char *text = "";

	for (size_t i = 0; i < n; i++)
		text = arena_printf(ctl->arena, "%s%s%s", text, i ? T("、", ", ") : "", name_of(contacts, ids[i]));
	return text;
}

static const char *standing_in(struct ctl *ctl, const struct rows *contacts, const Renraku__RoleHolders *h)
{
	const char *text = "";

	for (size_t i = 0; i < h->n_deputies; i++) {
		const char *may = may_say(ctl->arena, i < h->n_deputies_may ? h->deputies_may[i] : 0);

		text = arena_printf(ctl->arena, "%s%s%s", text, i ? T("、", ", ") : "", name_of(contacts, h->deputies[i]));
		if (*may)
			text = arena_printf(ctl->arena, T("%s（%s）", "%s (%s)"), text, may);
	}
	return text;
}

static void put_role(struct ctl *ctl, struct show_table *table, const struct rows *contacts, const Renraku__PlanRoleRow *role)
{
	const char *title = i18n_pick(role->title, role->title_en);

	for (size_t i = 0; i < role->n_holders || (i == 0 && role->n_holders == 0); i++) {
		const Renraku__RoleHolders *h = role->n_holders ? role->holders[i] : NULL;
		const char *where = h && *h->section ? h->section : h ? h->organisation : "";
		const char *cells[4] = {role->id, *where ? arena_printf(ctl->arena, T("%s（%s）", "%s (%s)"), title, where) : title,
			h ? names(ctl, contacts, h->persons, h->n_persons) : "-",
			h && h->n_deputies  ? standing_in(ctl, contacts, h)
			: h && !role->group ? "-"
					    : ""};

		show_table_row(table, SHOW_PLAIN, cells);
	}
}

static int show(struct ctl *ctl, const struct rows *plan, const struct rows *contacts, const Renraku__PlanRoleRow *only)
{
	const char *heads[] = {
		T("役割ID", "Id"), T("役割", "Role"), T("担当（会議体は構成員）", "Holders (members)"), T("代理", "Deputies")};
	struct show_table *table = show_table_new(4, heads, 2);
	const Renraku__Row *row;
	size_t i = 0;

	while ((row = pick_next(plan, &i, RENRAKU__ROW__BODY_PLAN_ROLE))) {
		if (only && row->plan_role != only)
			continue;
		if (ctl->json)
			out_json(&row->plan_role->base);
		else
			put_role(ctl, table, contacts, row->plan_role);
	}
	if (ctl->json)
		show_table_free(table);
	else
		out_table(ctl, table);
	return CTL_OK;
}

/* ---- changing ---- */

static size_t given(const struct ctl *ctl, const char *option)
{
	size_t n = 0;

	for (size_t i = 0; i < ctl->line.n_given; i++)
		n += ctl->line.given[i].name && strcmp(ctl->line.given[i].name, option) == 0;
	return n;
}

/* The entry that is to change; false after having said that it is not clear which. *out NULL: a new one. */
static bool entry_of(struct ctl *ctl, const Renraku__PlanRoleRow *role, const Renraku__RoleHolders **out)
{
	const char *section = opt_value(&ctl->line, "section"), *known = "";

	*out = NULL;
	if (!section && role->n_holders == 1)
		*out = role->holders[0];
	for (size_t i = 0; i < role->n_holders; i++) {
		if (section ? strcmp(role->holders[i]->section, section) == 0
			    : !*role->holders[i]->section && !*role->holders[i]->organisation)
			*out = role->holders[i];
		known = arena_printf(ctl->arena, "%s%s%s", known, i ? T("、", ", ") : "", role->holders[i]->section);
	}
	if (*out || section || role->n_holders == 0)
		return true;
	out_usage(ctl,
		T("この役割は課ごとに置かれています。--section で選んでください（%s）。",
			"This role is held per section: choose with --section (%s)."),
		known);
	return false;
}

static void take_persons(struct ctl *ctl, const struct rows *contacts, const Renraku__RoleHolders *now, Renraku__EditHolders *out)
{
	size_t n = given(ctl, "person");

	out->persons = arena_alloc(ctl->arena, ((n ? n : now ? now->n_persons : 0) + 1) * sizeof *out->persons);
	for (size_t i = 0; i < ctl->line.n_given; i++) {
		const struct opt_given *g = &ctl->line.given[i];

		if (g->name && strcmp(g->name, "person") == 0)
			out->persons[out->n_persons++] = person_id(ctl, contacts, g->value, strlen(g->value));
	}
	for (size_t i = 0; n == 0 && now && i < now->n_persons; i++)
		out->persons[out->n_persons++] = now->persons[i];
}

static Renraku__Deputy *deputy(struct ctl *ctl, char *person, uint32_t may)
{
	Renraku__Deputy *d = arena_alloc(ctl->arena, sizeof *d);

	renraku__deputy__init(d);
	d->person = person;
	d->may = may;
	return d;
}

static bool among(char *const *list, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], id) == 0)
			return true;
	return false;
}

/* Whoever holds the role from now on is its deputy no longer. */
static bool take_deputies(struct ctl *ctl, const struct rows *contacts, const Renraku__RoleHolders *now, Renraku__EditHolders *out)
{
	size_t n = given(ctl, "deputy");

	out->deputies = arena_alloc(ctl->arena, (n + (now ? now->n_deputies : 0) + 1) * sizeof(Renraku__Deputy *));
	for (size_t i = 0; i < ctl->line.n_given; i++) {
		const struct opt_given *g = &ctl->line.given[i];
		uint32_t may = 0;
		size_t len;

		if (!g->name || strcmp(g->name, "deputy") != 0)
			continue;
		len = strcspn(g->value, "=");
		if (g->value[len] && !may_read("deputy", g->value + len + 1, &may))
			return false;
		out->deputies[out->n_deputies++] = deputy(ctl, person_id(ctl, contacts, g->value, len), may);
	}
	for (size_t i = 0; n == 0 && !opt_has(&ctl->line, "no-deputies") && now && i < now->n_deputies; i++)
		if (!among(out->persons, out->n_persons, now->deputies[i]))
			out->deputies[out->n_deputies++] =
				deputy(ctl, now->deputies[i], i < now->n_deputies_may ? now->deputies_may[i] : 0);
	return true;
}

static int change(struct ctl *ctl, const struct rows *contacts, const Renraku__PlanRoleRow *role)
{
	Renraku__EditHolders message = RENRAKU__EDIT_HOLDERS__INIT;
	const char *reason = fill_needed(ctl, "reason", T("変える理由を書いてください。", "say why."));
	const Renraku__RoleHolders *now;
	Renraku__Command *command;
	int code;

	if (!reason || !entry_of(ctl, role, &now))
		return CTL_USAGE;
	message.role = role->id;
	message.section = arena_strdup(ctl->arena, opt_has(&ctl->line, "section") ? opt_value(&ctl->line, "section")
						   : now                          ? now->section
										  : "");
	message.organisation = now ? now->organisation : message.organisation;
	message.reason = arena_strdup(ctl->arena, reason);
	take_persons(ctl, contacts, now, &message);
	if (!take_deputies(ctl, contacts, now, &message) || !(command = link_command(ctl)))
		return CTL_USAGE;
	command->act_case = RENRAKU__COMMAND__ACT_EDIT_HOLDERS;
	command->edit_holders = &message;
	code = link_run(ctl, command, NULL);
	if (code == CTL_OK && !ctl->json)
		out_line(ctl, SHOW_GOOD, T("%s：%s。代理の数 %zu。", "%s: %s. Deputies: %zu."), i18n_pick(role->title, role->title_en),
			names(ctl, contacts, message.persons, message.n_persons), message.n_deputies);
	return code;
}

static int run(struct ctl *ctl)
{
	bool changes = given(ctl, "person") || given(ctl, "deputy") || opt_has(&ctl->line, "no-deputies");
	const Renraku__PlanRoleRow *role = NULL;
	struct rows *plan, *contacts = NULL;
	int code = CTL_OK;

	if (link_again(ctl, RENRAKU__COMMAND__ACT_EDIT_HOLDERS, &code))
		return code;
	if (changes && !ctl->line.n_args)
		return out_usage(ctl, "%s", T("どの役割ですか。renraku holders で分かります。", "Which role? See renraku holders."));
	plan = link_fetch(ctl, RENRAKU__VIEW__VIEW_PLAN, 0, &code);
	if (plan)
		contacts = link_fetch(ctl, RENRAKU__VIEW__VIEW_CONTACTS, 0, &code);
	if (contacts && ctl->line.n_args && !(role = role_of(plan, ctl->line.args[0])))
		code = out_usage(ctl,
			T("役割「%s」は計画にありません。renraku holders で分かります。",
				"The plan has no role '%s'; see renraku holders."),
			ctl->line.args[0]);
	else if (contacts)
		code = changes ? change(ctl, contacts, role) : show(ctl, plan, contacts, role);
	rows_free(contacts);
	rows_free(plan);
	return code;
}

const struct cmd cmd_holders = {
	.name = "holders",
	.group = "admin",
	.args_ja = "[役割 [--person 職員]… [--deputy 職員[=範囲]]… --reason 理由]",
	.args_en = "[ROLE [--person PERSON]… [--deputy PERSON[=LIST]]… --reason TEXT]",
	.ja = "役割を務める人と代理を見る・変える（変えるのは管理者だけ）",
	.en = "who holds the roles and who stands in; administrators change it",
	.more_ja = "例:\n"
		   "  renraku holders                                     役割の一覧\n"
		   "  renraku holders 役割 --person 職員ID --reason 人事異動    務める人だけを変える（代理はそのまま）\n"
		   "  renraku holders 役割 --deputy 職員ID --deputy 職員ID=acknowledge,enter --reason 人事異動\n"
		   "会議体では --person が構成員です。庁内の登録情報の新しい版になり、記録に残ります。\n",
	.more_en = "Examples:\n"
		   "  renraku holders                                     all roles\n"
		   "  renraku holders ROLE --person PERSON --reason 'moved'     only who holds it; deputies stay\n"
		   "  renraku holders ROLE --deputy PERSON --deputy PERSON=acknowledge,enter --reason 'moved'\n"
		   "Of a group --person is a member. It becomes the site's next edition and is on record.\n",
	.opts = options,
	.max_args = 1,
	.flags = CMD_ACTS,
	.run = run,
};
