/*
 * Mistakes planted into tests/plans/small.yaml and small-site.yaml, one at a time. Each must be found on its line (where '@@' stands in the
 * replacement) with the right sentence, and no error may be told elsewhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/plan_files.h"

struct mistake {
	const char *find, *replace, *says; /* says: '~' before it when it is a warning, '+' when other faults follow from it */
};

static const struct mistake PLAN[] = {
	/* form of the file */
	{"plan: small\n", "plan: small\nprocedure: x@@\n", "did you mean 'procedures'"},
	{"language: 1\n", "language: 2@@\n", "whole number from 1 to 1"},
	{"title: 小さな計画\n", "title:@@\n", "has no value"},
	{"plan: small\n", "plan: small\nplan: small@@\n", "stands twice"},
	{"roles:\n", "roles:\n  - &x {id: spare, title: 予備}@@\n", "Anchor '&x'"},
	{"aliases: [保守]", "aliases: *x@@", "alias"},
	{"limits: [{id: soon, title: 直ちに}]", "limits: [{id: soon, title: 直ちに}@@\n", "YAML syntax"},
	{"title: 対策会議, title_en", "<<: {}, title: 対策会議, title_en@@", "Merge key"},
	{"title: 当番, title_en", "title: !str 当番, title_en@@", "Tag"},
	{"title: 当番, title_en", "titel: 当番, title_en@@", "did you mean 'title'"},
	/* ids */
	{"{id: light, title: 軽微}", "{id: grave, title: 軽微}@@", "there already"},
	{"{id: light, title: 軽微}", "{id: no, title: 軽微}@@", "boolean"},
	{"{id: light, title: 軽微}", "{id: unset, title: 軽微}@@", "word of the plan language"},
	{"{id: light, title: 軽微}", "{id: 軽, title: 軽微}@@", "cannot be an id"},
	{"{id: light, title: 軽微}", "{id: 12, title: 軽微}@@", "read as a number"},
	{"- id: S2\n", "- id: S.alarm@@\n", "+there already"},
	{"- id: S2.3\n      title: 判断", "- title: 判断@@", "+lacks 'id'"},
	/* names */
	{"above: head}", "above: haed}@@", "did you mean 'head'"},
	{"above: head}", "above: watch}@@", "cannot name itself"},
	{"  - {id: head, title: 責任者, title_en: Head}", "  - {id: head, title: 責任者, title_en: Head, above: watch}",
		"round in a circle"}, /* told on the line before */
	{"by: [watch]\n      form: [{id: cause", "by: [watcher]@@\n      form: [{id: cause", "did you mean 'watch'"},
	{"by: [watch]\n      form: [{id: cause", "by: []@@\n      form: [{id: cause", "nobody could do this"},
	{"by: [watch]\n      form: [{id: cause", "by: watch@@\n      form: [{id: cause", "must be a list"},
	{"by: [watch]\n      form: [{id: cause", "by: [every_terminal]@@\n      form: [{id: cause", "cannot stand here"},
	{"by: [watch]\n      form: [{id: cause", "by: [reporter]@@\n      form: [{id: cause", "Nobody is sure"},
	{"calls: {bodies: [vendor]", "calls: {bodies: [vender]@@", "did you mean 'vendor'"},
	{"{bodies: [vendor], need: all}", "{need: all}@@", "names nobody to call"},
	{"{bodies: [vendor], need: all}", "{bodies: [vendor], need: most}@@", "may be one of: all, any"},
	{"after: [IN]\n      within: soon", "after: [IN]\n      within: later@@", "There is no limit 'later'"},
	{"decided_by: board", "decided_by: bored@@", "did you mean 'board'"},
	{"ratifies: board", "ratifies: bord@@", "did you mean 'board'"},
	{"orders: head", "orders: every_terminal@@", "cannot stand here"},
	{"reopens: [S4.1]", "reopens: [S4.9]@@", "There is no item 'S4.9'"},
	{"reopens: [S4.1]", "reopens: [S4.2]@@", "sends back to its own item"},
	{"{id: approve, title: 承認}", "{id: approve, title: 承認, reopens: [S4.1]}@@", "Every option"},
	{"type: choice, sets: grave", "type: choice, sets: graves@@", "did you mean 'grave'"},
	{"sets: [category = mistaken]", "sets: [category = mistake]@@", "did you mean 'mistaken'"},
	{"sets: [category = mistaken]", "sets: [category]@@", "FACT = VALUE"},
	{"joins: [place]", "joins: [plaice]@@", "did you mean 'place'"},
	{"body: vendor, tel", "body: seller, tel@@", "There is no body 'seller'"},
	{"tel: 0749-00-1000", "tel: O749-00-1OOO@@", "no telephone number"},
	{"hours: always", "hours: daytime@@", "may be one of: always"},
	/* forms */
	{"type: text, unknown: true}", "type: memo, unknown: true}@@", "may be one of: text"},
	{"type: text, unknown: true}", "type: text, unknown: maybe}@@", "true or false"},
	{"type: choice, sets: grave", "type: text, sets: grave@@", "Only 'type: choice' sets"},
	{"{id: grave, title: 判断, type: choice, sets: grave}", "{id: grave, title: 判断, type: choice}@@", "+needs 'options'"},
	{"{id: grave, title: 判断, type: choice, sets: grave}",
		"{id: grave, title: 判断, type: choice, sets: grave, options: [{id: gravely}]}@@", "is no value of the fact"},
	{"options: [{id: keep, title: 止めない}, {id: stop, title: 止める, orders: head}]", "options: []@@", "list of options is empty"},
	{"{id: stop, title: 止める, orders: head}]", "{id: stop, title: 止める, orders: head, when: grave == grave}]@@",
		"~which only this item sets"},
	{"{bodies: [vendor], need: all}", "{bodies: [vendor], form: [{id: grave, title: 判断, type: choice, sets: grave}]}@@",
		"only records what was said"},
	{"decided_by: board\n", "decided_by: board\n      agenda: [{id: approval, title: 議題}]@@\n", "share their names"},
	{"decided_by: board\n", "decided_by: board\n      agenda: [{id: talk, title: 議題, options: [{id: deferred, title: 保留}]}]@@\n",
		"can always be chosen"},
	{"form: [{id: ground, title: 根拠, type: text}]",
		"form: [{id: ground, title: 根拠, type: text}, {id: at, title: 時刻, type: time}]@@", "one ground only"},
	{"form: [{id: ground, title: 根拠, type: text}]", "form: []", "needs a ground"},
	/* conditions */
	{"when: grave == grave", "when: grave = grave@@", "'==', '!=' or 'in' is missing"},
	{"when: grave == grave", "when: grave == heavy@@", "value 'heavy' does not exist"},
	{"when: grave == grave", "when: gravity == grave@@", "there is no fact 'gravity'"},
	{"when: grave == grave", "when: grave == grave and@@", "a name is missing"},
	{"when: grave == grave", "when: grave in (grave@@", "')' is missing"},
	{"when: grave == grave", "when: grave == grave grave@@", "left over"},
	{"when: grave == grave", "when: grave == grave and grave == light@@", "can ever apply"},
	{"when: grave == grave", "when: measures/haed == none@@", "did you mean 'head'"},
	{"when: grave == grave", "when: entry == S2.1@@", "is no entry item"},
	{"when: category == trouble", "when: category == trouble and grave == grave@@", "decide about each other"},
	{"{id: grave, title: 判断, type: choice, sets: grave}", "{id: grave, title: 判断, type: number}",
		"nothing sets"}, /* told at the condition */
	{"sets: grave}", "sets: grave, options: [{id: light}]}", "nothing ever sets 'grave'"},
	/* order */
	{"rests_on: [S4.2]}", "rests_on: [S4.7]}@@", "There is no item, step or procedure 'S4.7'"},
	{"after: [S2.1]\n", "after: [S2.1, S4.3]@@\n", "wait for each other"},
	{"after: [S2.1]\n", "after: [S2.1, S3]@@\n", "wait for each other"},
	{"after: [S2, S3]", "after: [S2, S3, S5]@@", "wait for each other"},
	{"after: [S2.1]\n", "after: [S2.1, S.close]@@\n", "nothing can come after it"},
	{"after: [S2.1]\n", "after: [S2.1, S2.1]@@\n", "stands twice"},
	{"lifts: true, tell", "lifts: true, when: category == mistaken, tell", "could not be lifted"}, /* told where it is ordered */
	/* the shape of an incident */
	{"      entry: true\n", "", "No item has 'entry: true'"}, /* told at the first procedure */
	{"      closes: true\n", "", "No item has 'closes: true'"},
	{"lifts: true, ", "", "no item has 'lifts: true'"},
	{"      closes: true\n", "      closes: true\n      optional: true@@\n", "cannot stand beside 'closes'"},
	{"by: [head]\n      closes: true", "by: [reporter]@@\n      closes: true", "able to close"},
	{"      entry: true\n", "      entry: true\n      after: [S.close]@@\n", "cannot stand beside 'entry'"},
	{"title: 原因の究明\n", "title: 原因の究明\n      alarm: cause@@\n", "Only an item with 'entry: true'"},
	{"alarm: trouble\n", "alarm: S2.1@@\n", "means item 'S2.1' already"},
	{"by: [anyone]\n", "by: [reporter]@@\n", "no reporter before"},
	{"title: 再発防止策, by: [head]", "title: 再発防止策, lifts: true, by: [head]@@", "Aftercare begins when no measure"},
	{"aftercare: true", "aftercare: yes@@", "true or false"},
	{"tell: [{to: [head], ack: any}]", "tell: [{to: [head], ack: quorum}]@@", "group: true"},
	{"tell: [{to: [head], ack: any}]", "tell: [{to: [], ack: any}]@@", "nobody would be told"},
	{"tell: [{to: [head], ack: any}]", "tell: [{to: [head], ack: 3}]@@", "can never be reached"},
	{"tell: [{to: [head], ack: any}]", "tell: [{to: [head]}]@@", "lacks 'ack'"},
	{"tell: [{to: [head], ack: any}]", "tell: [{via: [board], to: [head], ack: any}]@@", "cannot pass a message on"},
	{"tell: [{to: [head], ack: any}]", "tell: [{to: [reporter], ack: any}]@@", "cannot stand here"},
	{"{to: [every_terminal], ack: none}", "{to: [entry], ack: none}@@", "refers to itself"},
	{"      standing: true\n", "", "must be 'standing: true'"},
	{"when: category == trouble\n", "when: category == trouble\n  seen_by: [head]\n", "not in the procedure's 'seen_by'"},
	{"      alarm: trouble\n", "      alarm: trouble\n      calls: {extend: true}@@\n", "cannot stand beside 'entry'"},
	/* warnings */
	{"reopens: [S4.1]", "reopens: [S5.1]@@", "~nobody would wait"},
	{"by: [reporter, watch, head]", "by: [watch, head]@@", "~could not withdraw"},
	{"when: measures != in_force", "when: measures/watch == none@@", "~always 'none'"},
	{"{id: stop, title: 止める, orders: head}", "{id: stop, title: 止める, when: measures/watch == in_force, orders: head}@@",
		"~can never be chosen"},
	{"after: [S2.1]\n", "after: [S2.1, S.withdraw]@@\n", "~waits for nothing"},
};

static const struct mistake SITE[] = {
	{"plan: small\n", "plan: large@@\n", "for the plan 'large'"},
	{"site: small-town\n", "site: small-town\nperson: []@@\n", "did you mean 'persons'"},
	{"{id: p_doi, name: 土井, reach: [{via: login}]}",
		"{id: p_abe, name: 土井, reach: [{via: login}]}@@\n  - {id: p_doi, name: 土井, reach: [{via: login}]}", "there already"},
	{"{id: p_doi, name: 土井, reach: [{via: login}]}", "{id: p_doi, name: 土井, reach: []}@@", "neither by sign-in nor by telephone"},
	{"{id: p_doi, name: 土井, reach: [{via: login}]}", "{id: p_doi, name: 土井}@@", "lacks 'reach'"},
	{"{id: p_doi, name: 土井, reach: [{via: login}]}", "{id: p_doi, name: 土井, reach: [{via: fax}]}@@", "may be one of: login, tel"},
	{"{id: p_doi, name: 土井, reach: [{via: login}]}", "{id: p_doi, name: 土井, reach: [{via: tel}]}@@", "needs a 'number'"},
	{"number: 0749-00-0003", "number: 〇七四九@@", "no telephone number"},
	{"persons: [p_abe]", "persons: [p_aba]@@", "did you mean 'p_abe'"},
	{"persons: [p_abe]", "persons: []@@", "Nobody holds 'watch'"},
	{"deputies: [p_baba]", "deputies: [p_bab]@@", "did you mean 'p_baba'"},
	{"deputies: [p_baba]", "deputies: [p_baba, p_baba]@@", "twice among the deputies"},
	{"deputies: [p_baba]", "deputies: [p_abe]@@", "cannot be the deputy too"},
	{", deputies: [p_baba]", "@@", "~has no deputy"},
	{"may: [acknowledge, enter, decide]", "may: [approve]@@", "may be one of: acknowledge"},
	{"{role: head,", "{role: haed,@@", "did you mean 'head'"},
	{"holders:\n  - {role: watch, persons: [p_abe], deputies: [p_baba]}\n", "holders:@@\n", "Nobody holds the role 'watch'"},
	{"holders:\n", "holders:\n  - {role: board, persons: [p_abe], deputies: [p_doi]}@@\n", "is a group in the plan"},
	{"  - {role: head, persons", "  - {role: watch, persons: [p_doi]}@@\n  - {role: head, persons", "held already"},
	{"quorum: 2", "quorum: 4@@", "more than the 3 members"},
	{"quorum: 2", "quorum: two@@", "whole number"},
	{"members: [p_chiba, p_doi, p_baba]", "members: [p_chiba, p_do, p_baba]@@", "did you mean 'p_doi'"},
	{"chair: head", "chair: haed@@", "did you mean 'head'"},
	{"{role: board, chair", "{role: bored, chair@@", "did you mean 'board'"},
	{"groups:\n", "groups:\n  - {role: watch, members: [p_abe], quorum: 1}@@\n", "is no group in the plan"},
	{"{id: t2, place", "{id: t1, place@@", "there already"},
	{"place: 窓口2, section: front", "place: 窓口2, section: font@@", "did you mean 'front'"},
	{"{body: vendor, tel", "{body: vandor, tel@@", "did you mean 'vendor'"},
	{"verified: 2026-04-01", "verified: 2026-02-30@@", "is no date"},
	{", verified: 2026-04-01", "@@", "~no day of verification"},
	{"hours: always, verified", "hours: closed, verified", "~no number in business hours"},
	{"business: 08:30-17:15", "business: 17:15-08:30@@", "business hours"},
	{"days: [mon,", "days: [monday,@@", "may be one of: sun"},
	{"12-29..01-03", "13-29..01-03@@", "is no closure"},
	{"holidays: [2026-11-23]", "holidays: [23.11.2026]@@", "is no date"},
	{"repeat: 30s", "repeat: 30x@@", "is no duration"},
	{"ack: 5,", "ack: 0,@@", "is no duration"},
	{"done: 1h", "done: 4@@", "~'ack' is longer"},
	{"{id: soon, repeat: 30s, ack: 5, done: 1h}, ", "@@", "~names the limit 'soon'"},
	{"{id: soon, repeat", "{id: sooner, ack: 1}, {id: soon, repeat@@", "~no limit 'sooner'"},
	{"private_to: [head]", "private_to: [heads]@@", "did you mean 'head'"},
	{"private_to: [head]", "private_to: [head]\nreminders: {before: 3x}@@", "is no duration"},
	{"private_to: [head]", "private_to: [head]\nreminders: {every: 2h}@@", "must be a day at least"},
	{"private_to: [head]", "private_to: [head]\nreminders: {befor: 3d}@@", "Unknown key 'befor'"},
	{"administrator: true, ", "", "~No person is an administrator"},
	{"{role: head, persons: [p_chiba]", "{role: head, persons: [p_abe]", "~would approve in item S4.2"},
};

/* The text with the mistake in it, and its line (0: anywhere). */
static char *planted(const char *text, const struct mistake *m, int *line)
{
	const char *at = strstr(text, m->find);
	char *out, *mark;

	if (!at)
		fail_msg("not in the file: %s", m->find);
	out = xasprintf("%.*s%s%s", (int)(at - text), text, m->replace, at + strlen(m->find));
	mark = strstr(out, "@@");
	*line = 0;
	if (mark) {
		*line = 1;
		for (const char *p = out; p < mark; p++)
			*line += *p == '\n';
		memmove(mark, mark + 2, strlen(mark + 2) + 1);
	}
	return out;
}

static bool expected(const struct plan_faults *f, const struct mistake *m, int line)
{
	bool found = false, elsewhere = false, warning = m->says[0] == '~', more = m->says[0] == '+';
	const char *says = m->says + (warning || more);

	for (size_t i = 0; i < f->n; i++) {
		bool here = !line || f->at[i].pos.line == line;

		found |= here && strstr(f->at[i].text_en, says) && f->at[i].warning == warning;
		elsewhere |= !here && !f->at[i].warning;
		assert_true(f->at[i].pos.line > 0 && f->at[i].pos.column > 0);
		assert_true(strlen(f->at[i].text) > 0);
	}
	if (found && (more || !elsewhere))
		return true;
	print_message("planted '%s': expected on line %d: %s; found:\n", m->replace, line, m->says);
	plan_files_print(f);
	return false;
}

static void test_plan_mistakes(void **state)
{
	char *good = plan_files_read("tests/plans/small.yaml");
	int missed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof PLAN / sizeof *PLAN; i++) {
		struct plan_faults faults = {0};
		int line;
		char *text = planted(good, &PLAN[i], &line);
		struct plan *plan = plan_load("small.yaml", text, strlen(text), &faults);

		missed += !expected(&faults, &PLAN[i], line);
		assert_int_equal(plan == NULL, faults.n_errors > 0);
		plan_free(plan);
		plan_faults_free(&faults);
		free(text);
	}
	free(good);
	assert_int_equal(missed, 0);
}

static void test_site_mistakes(void **state)
{
	struct plan *plan = plan_files_plan("tests/plans/small.yaml");
	char *good = plan_files_read("tests/plans/small-site.yaml");
	int missed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof SITE / sizeof *SITE; i++) {
		struct plan_faults faults = {0};
		int line;
		char *text = planted(good, &SITE[i], &line);
		struct site *site = site_load("small-site.yaml", text, strlen(text), &faults);

		if (site)
			plan_check_site("small-site.yaml", plan, site, &faults);
		missed += !expected(&faults, &SITE[i], line);
		site_free(site);
		plan_faults_free(&faults);
		free(text);
	}
	plan_free(plan);
	free(good);
	assert_int_equal(missed, 0);
}

/* Ten mistakes in one file: all told in one run, in the order of the file. */
static void test_all_in_one_run(void **state)
{
	static const char *const EDITS[][2] = {
		{"above: head}", "above: haed}"},
		{"title: 保守業者", "titel: 保守業者"},
		{"hours: always", "hours: daytime"},
		{"[category = trouble]", "[category = truble]"},
		{"joins: [place]", "joins: [plac]"},
		{"by: [anyone]", "by: [anybody]"},
		{"sets: grave}", "sets: gave}"},
		{"ack: quorum", "ack: most"},
		{"reopens: [S4.1]", "reopens: [S9]"},
		{"rests_on: [S4.2]", "rests_on: [S9]"},
	};
	char *text = plan_files_read("tests/plans/small.yaml");
	struct plan_faults faults = {0};

	(void)state;
	for (size_t i = 0; i < sizeof EDITS / sizeof *EDITS; i++) {
		int line;
		char *next = planted(text, &(struct mistake){.find = EDITS[i][0], .replace = EDITS[i][1]}, &line);

		free(text);
		text = next;
	}
	assert_null(plan_load("small.yaml", text, strlen(text), &faults));
	if (faults.n_errors < 10)
		plan_files_print(&faults);
	assert_true(faults.n_errors >= 10);
	for (size_t i = 1; i < faults.n; i++)
		assert_true(faults.at[i - 1].pos.line <= faults.at[i].pos.line);
	plan_faults_free(&faults);
	free(text);
}

/* The fit of plan and site is judged also when both have faults of their own. */
static void test_both_files(void **state)
{
	char *plan_text = plan_files_read("tests/plans/small.yaml"), *site_text = plan_files_read("tests/plans/small-site.yaml");
	int line;
	char *bad_plan = planted(plan_text, &(struct mistake){.find = "above: head}", .replace = "above: haed}"}, &line);
	char *bad_site = planted(site_text,
		&(struct mistake){.find = "holders:\n  - {role: watch, persons: [p_abe], deputies: [p_baba]}\n", .replace = "holders:\n"},
		&line);
	struct plan_faults faults = {0};
	bool plan_fault = false, fit_fault = false;

	(void)state;
	assert_null(plan_check_files("p", bad_plan, strlen(bad_plan), "s", bad_site, strlen(bad_site), &faults, NULL));
	for (size_t i = 0; i < faults.n; i++) {
		plan_fault |= !strcmp(faults.at[i].file, "p") && strstr(faults.at[i].text_en, "haed");
		fit_fault |= !strcmp(faults.at[i].file, "s") && strstr(faults.at[i].text_en, "Nobody holds the role 'watch'");
	}
	assert_true(plan_fault && fit_fault);
	plan_faults_free(&faults);
	free(bad_plan);
	free(bad_site);
	struct plan *plan = plan_check_files("p", plan_text, strlen(plan_text), "s", site_text, strlen(site_text), &faults, NULL);

	assert_non_null(plan);
	assert_int_equal(faults.n, 0);
	plan_free(plan);
	free(plan_text);
	free(site_text);
}

/* Whatever is thrown at it, the checker answers with a fault or a plan, and does not fall over. */
static void test_hostile(void **state)
{
	static const char *const TEXTS[] = {"", "\n", "[]", "a", "{", "plan: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "\xff\xfe",
		"plan: \x01", "? [a]\n: b", "--- {}\n--- {}\n", "a: &a [*a]",
		"a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nroles: *c\nprocedures: *c\n",
		"plan: {}\nroles: x\nprocedures: [1, {}]\nlanguage: []\n",
		"procedures: [{steps: [{items: [{}]}]}]\nroles: [{}]\nfacts: [{}]\nbodies: [{}]\nlimits: [{}]\nmeasures: [{}]\ncontacts: "
		"[{}]\n",
		"procedures: [{steps: x, steps: [{items: x, items: [{id: a}, {id: b}, {id: c}, {id: d}]}]}]\n",
		"site: x\npersons: [{}]\nholders: [{}]\ngroups: [{}]\nterminals: [{}]\ncontacts: [{}]\nlimits: [{}]\ncalendar: {business: "
		"[], days: [x]}\n"};
	char *good = plan_files_read("tests/plans/small.yaml"), *site_text = plan_files_read("tests/plans/small-site.yaml");

	(void)state;
	for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
		struct plan_faults faults = {0};

		assert_null(plan_load("x", TEXTS[i], strlen(TEXTS[i]), &faults));
		assert_null(site_load("x", TEXTS[i], strlen(TEXTS[i]), &faults));
		assert_true(faults.n_errors >= 2);
		plan_faults_free(&faults);
	}
	for (size_t cut = 0; cut < strlen(good); cut += 13) { /* broken off anywhere */
		struct plan_faults faults = {0};
		struct plan *plan = plan_load("x", good, cut, &faults);

		assert_int_equal(plan == NULL, faults.n_errors > 0);
		plan_free(plan);
		plan_faults_free(&faults);
	}
	for (size_t at = 0; at < strlen(site_text); at += 7) { /* one byte changed anywhere */
		struct plan_faults faults = {0};
		char was = site_text[at];
		struct site *site;

		site_text[at] = "{}[]:,'x-\n"[at % 10];
		site = site_load("x", site_text, strlen(site_text), &faults);
		assert_int_equal(site == NULL, faults.n_errors > 0);
		site_free(site);
		plan_faults_free(&faults);
		site_text[at] = was;
	}
	free(good);
	free(site_text);
}

static void test_too_large(void **state)
{
	size_t n = 2 << 20;
	char *text = xmalloc(n);
	struct plan_faults faults = {0};

	(void)state;
	memset(text, 'a', n);
	assert_null(plan_load("x", text, n, &faults));
	assert_non_null(strstr(faults.at[0].text_en, "larger than"));
	plan_faults_free(&faults);
	memset(text, '[', n / 4);
	assert_null(plan_load("x", text, n / 4, &faults));
	assert_non_null(strstr(faults.at[0].text_en, "Nested deeper"));
	plan_faults_free(&faults);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plan_mistakes),
		cmocka_unit_test(test_site_mistakes),
		cmocka_unit_test(test_all_in_one_run),
		cmocka_unit_test(test_both_files),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
