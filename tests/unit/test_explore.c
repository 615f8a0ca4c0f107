/*
 * The exploration of plans: ways into a dead end planted into good plans, one at a time, each told with a story that leads there;
 * properties that hold and that do not; good plans without a word; the reductions change no verdict.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plan/explore.h"
#include "plan/site.h"
#include "unit/plan_files.h"

#define TOWN "server/plans/taga-juki-net.yaml"
#define SMALL "tests/plans/small.yaml"

struct planted {
	const char *plan, *name;
	const char *find, *replace;   /* in the plan's text, once */
	const char *find2, *replace2; /* NULL: nothing more */
	enum explore_kind kind;
	const char *item; /* what the finding is about; NULL: whatever */
	const char *says; /* in its sentence */
	const char *told; /* in its story */
};

static const struct planted PLANTED[] = {
	/* the source read literally, and the prototype's mutations */
	{TOWN, "a stop can be lifted at levels 2 and 3 only", "when: level in (level2, level3) or measures != none",
		"when: level in (level2, level3)", NULL, NULL, EXPLORE_DEAD_END, "M6.1e", "A measure is in force",
		"(M3.0): Level = Level 1"},
	{TOWN, "a false alarm with a stop in force", "{id: mistaken, when: measures != in_force}", "{id: mistaken}", NULL, NULL,
		EXPLORE_DEAD_END, NULL, "A measure is in force", "amends 'Sorting the alarm'"},
	{TOWN, "a refusal that changes nothing", ", reopens: [F4.1, F5.1]", "", NULL, NULL, EXPLORE_NO_EFFECT, "F5.3", "has no effect", ""},
	{TOWN, "nobody closes a fault", "      by: [chief]\n      closes: true\n",
		"      by: [chief]\n      closes: true\n      when: category == misuse\n", NULL, NULL, EXPLORE_DEAD_END, "X.close",
		"does not apply", "Fault alarm"},
	{TOWN, "a council's stop without a council on that path", "      rests_on: [M6.1a, M6.1d]\n",
		"      rests_on: [M6.1a, M6.1d]\n      when: council == convene\n", NULL, NULL, EXPLORE_DEAD_END, "M6.1e",
		"A measure is in force", "M2.2"},
	{TOWN, "resumption needs a council that need not be", "      rests_on: [F5.2, F5.3]\n",
		"      rests_on: [F5.2, F5.3]\n      when: measures/council == in_force\n", NULL, NULL, EXPLORE_DEAD_END, "F5.4",
		"A measure is in force", "(F2.1): Stop or cut-off = Ordered"},
	{TOWN, "the decision of the first sitting only",
		"      when: measures/council != none\n      form:\n        - id: decision\n          title: 運用再開の決定\n          "
		"title_en: Decision to resume\n          type: choice\n          options:\n            - {id: resume, title: 再開する, "
		"title_en: Resume}\n            - {id: not_yet, title: 再開しない, title_en: Not yet, reopens: [M5.1, M6.1]}",
		"      when: council == convene and measures/council != none\n      form:\n        - id: decision\n          title: "
		"運用再開の決定\n          title_en: Decision to resume\n          type: choice\n          options:\n            - {id: "
		"resume, title: 再開する, title_en: Resume}\n            - {id: not_yet, title: 再開しない, title_en: Not yet, reopens: "
		"[M5.1, M6.1]}",
		NULL, NULL, EXPLORE_VIOLATED, "council_stop", "can be violated", "amends"},
	{TOWN, "level 3 without the chief's judgement",
		"      when: level == level3\n      form:\n        - {id: council, title: 招集, title_en: Convening, type: choice, sets: "
		"council}\n        - {id: ground, title: 判断の根拠",
		"      when: level == level3\n      optional: true\n      form:\n        - {id: council, title: 招集, title_en: Convening, "
		"type: choice, sets: council}\n        - {id: ground, title: 判断の根拠",
		NULL, NULL, EXPLORE_VIOLATED, "level3_judged", "can be violated", "marks as not needed"},
	/* a small plan, other ways */
	{SMALL, "all that can be chosen sends back", "{id: approve, title: 承認}", "{id: approve, title: 承認, when: measures == in_force}",
		NULL, NULL, EXPLORE_DEAD_END, "S4.2", "can only be sent back", "停止 = 止めない"},
	{SMALL, "no option fits", "options: [{id: approved, title: 承認, ratifies: board}, {id: refused, title: 不承認}]",
		"options: [{id: approved, title: 承認, ratifies: board, when: measures == in_force}]", NULL, NULL, EXPLORE_DEAD_END, "S3.2",
		"no option that can be chosen", "停止 = 止めない"},
	{SMALL, "a choice without effect that cannot be made",
		"options: [{id: approved, title: 承認, ratifies: board}, {id: refused, title: 不承認}]",
		"options: [{id: approved, title: 承認, when: measures == in_force}]", NULL, NULL, EXPLORE_DEAD_END, "S3.2",
		"no option that can be chosen", "停止 = 止めない"},
	{SMALL, "sent back to the alarm", "reopens: [S4.1]", "reopens: [S.alarm]", NULL, NULL, EXPLORE_DEAD_END, "S.alarm",
		"cannot be entered twice", "差し戻す"},
	{SMALL, "lifting rests on the alarm", "rests_on: [S4.2]}", "rests_on: [S4.2, S.alarm]}", NULL, NULL, EXPLORE_DEAD_END, "S.alarm",
		"cannot be entered twice", "止める"},
	{SMALL, "lifting is optional", "lifts: true, tell", "lifts: true, optional: true, tell", NULL, NULL, EXPLORE_DEAD_END, "S4.3",
		"not needed", "marks as not needed"},
	{SMALL, "lifted only when it is grave", "lifts: true, tell", "lifts: true, when: grave == grave, tell", NULL, NULL,
		EXPLORE_DEAD_END, "S4.3", "does not apply", "止める"},
	{SMALL, "lifted only when the board took it over", "lifts: true, tell", "lifts: true, when: measures/board == in_force, tell", NULL,
		NULL, EXPLORE_DEAD_END, "S4.3", "does not apply", "止める"},
	{SMALL, "withdrawn with a stop in force", "      when: measures != in_force\n", "", NULL, NULL, EXPLORE_DEAD_END, "S4.3",
		"does not apply", "取下げ"},
	{SMALL, "a fact left open for ever", "type: choice, sets: grave}", "type: choice, sets: grave, optional: true}",
		"      closes: true\n", "      closes: true\n      when: category == mistaken or grave in (grave, light)\n",
		EXPLORE_DEAD_END, "S.close", "does not apply", "(left out)"},
	{SMALL, "closing that may always be put off", "      form: [{id: text, title: 所見, type: text}]\n",
		"      form: [{id: end, title: 終わるか, type: choice, options: [{id: end, title: 終わる, when: measures != none}, {id: "
		"later, title: まだ, reopens: [S5.1]}]}]\n",
		NULL, NULL, EXPLORE_DEAD_END, "S.close", "closes", "does '原因の究明'"},
	{SMALL, "aftercare that orders its own wait", "aftercare: true\n    items:\n",
		"aftercare: true\n    items:\n    - {id: S5.0, title: 待つ, by: [head], when: measures == in_force}\n", NULL, NULL,
		EXPLORE_NEVER_READY, "S5.0", "its turn never comes", "止める"},
	{SMALL, "a condition on two things that exclude each other", "- id: trouble\n  title: 障害\n",
		"  - id: LATE\n    title: 後始末\n    items: [{id: S.late, title: 後始末, by: [head], when: category == mistaken and grave "
		"== "
		"light}]\n- id: trouble\n  title: 障害\n",
		NULL, NULL, EXPLORE_NEVER_READY, "S.late", "can never apply", ""},
	{SMALL, "an option for later that never comes", "{id: refused, title: 不承認}",
		"{id: refused, title: 不承認, when: category == mistaken}", NULL, NULL, EXPLORE_NEVER_CHOSEN, "refused",
		"can never be chosen", ""},
	{SMALL, "a decision that nothing reads",
		"      by: [head]\n      decided_by: board\n      form: [{id: approval, title: 承認, type: choice, options: [{id: "
		"approved, title: 承認, ratifies: board},",
		"      by: [head]\n      decided_by: board\n      form: [{id: approval, title: 承認, type: choice, options: [{id: "
		"approved, title: 承認},",
		NULL, NULL, EXPLORE_NO_EFFECT, "S3.2", "has no effect", ""},
	{SMALL, "settled needs what an item that does not apply comes after", "procedures:\n",
		"properties: [{id: p, title: 性質, doing: [S4.2], when: grave == light, settled: [Z2]}]\nprocedures:\n", "  - id: S5\n",
		"  - id: Z\n    title: 連絡\n    items:\n    - {id: Z1, by: [watch], after: [S2.1]}\n    - {id: Z2, by: [watch], when: "
		"grave == grave, after: [Z1]}\n  - id: S5\n",
		EXPLORE_VIOLATED, "p", "can be violated", "(S4.2)"},
};

static char *with(const char *text, const char *find, const char *replace, const char *name)
{
	const char *at = strstr(text, find);
	char *out;

	if (!at || strstr(at + 1, find))
		fail_msg("%s: not there just once: %s", name, find);
	out = xmalloc(strlen(text) + strlen(replace) + 1);
	sprintf(out, "%.*s%s%s", (int)(at - text), text, replace, at + strlen(find));
	return out;
}

/* Findings point into their plan: plans are kept until the group ends. */
static struct {
	struct plan **at;
	size_t n, cap;
} kept;

static int let_go(void **state)
{
	(void)state;
	for (size_t i = 0; i < kept.n; i++)
		plan_free(kept.at[i]);
	free(kept.at);
	return 0;
}

static struct explore_report *explored(const char *name, const char *text, unsigned disruptions, bool every_step)
{
	struct explore_limits limits = {.disruptions = disruptions, .states = every_step ? 3000000 : 600000, .every_step = every_step};
	struct plan_faults faults = {0};
	struct plan *plan = plan_check_files(name, text, strlen(text), NULL, NULL, 0, &faults, NULL);
	struct explore_report *r;

	if (!plan)
		plan_files_print(&faults);
	assert_non_null(plan);
	limits.faulty = faults.n_errors > 0;
	r = explore_plan(plan, &limits);
	assert_true(r->complete);
	kept.at = xgrow(kept.at, &kept.cap, kept.n + 1, sizeof *kept.at);
	kept.at[kept.n++] = plan;
	plan_faults_free(&faults);
	return r;
}

static bool told(const struct planted *p, const struct explore_report *r)
{
	for (size_t k = 0; k < r->n_findings; k++) {
		const struct explore_finding *f = &r->findings[k];

		if (f->kind == p->kind && (!p->item || !strcmp(f->item, p->item)) && strstr(f->text_en, p->says) &&
			strstr(f->story_en, p->told) && *f->text && f->pos.line > 0 && (!*p->told || strstr(f->story, "1. ")))
			return true;
	}
	return false;
}

static void test_planted(void **state)
{
	size_t missed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof PLANTED / sizeof *PLANTED; i++) {
		const struct planted *p = &PLANTED[i];
		char *good = plan_files_read(p->plan), *one = with(good, p->find, p->replace, p->name);
		char *text = p->find2 ? with(one, p->find2, p->replace2, p->name) : xstrdup(one);
		bool found = false;

		for (unsigned disruptions = 0; disruptions < 2 && !found; disruptions++) { /* most need none */
			struct explore_report *r = explored(p->name, text, disruptions, false);

			found = told(p, r);
			for (size_t k = 0; k < r->n_findings && !found && disruptions; k++)
				print_message("%s %s: %s\n%s\n", explore_kind_name(r->findings[k].kind), r->findings[k].item,
					r->findings[k].text_en, r->findings[k].story_en);
			explore_free(r);
		}
		if (!found)
			print_message("planted, and not told: %s\n", p->name);
		missed += !found;
		free(good);
		free(one);
		free(text);
	}
	assert_int_equal(missed, 0);
}

/* ---- nobody there ---- */

static void nobody(
	const char *plan_find, const char *plan_replace, const char *find, const char *replace, const char *item, const char *says)
{
	char *plan_text = plan_files_read(SMALL), *site_text = plan_files_read("tests/plans/small-site.yaml");
	char *p = plan_find ? with(plan_text, plan_find, plan_replace, says) : xstrdup(plan_text),
	     *s = with(site_text, find, replace, says);
	struct plan_faults faults = {0};
	struct plan_people *people = NULL;
	struct plan *plan = plan_check_files("p", p, strlen(p), "s", s, strlen(s), &faults, &people);
	struct explore_limits limits = {.disruptions = 1, .states = 100000, .people = people, .faulty = faults.n_errors > 0};

	assert_non_null(plan);
	assert_non_null(people);
	struct explore_report *r = explore_plan(plan, &limits);
	assert_true(r->n_findings > 0 && r->findings[0].kind == EXPLORE_DEAD_END);
	assert_string_equal(r->findings[0].item, item);
	if (!strstr(r->findings[0].text_en, says) || !*r->findings[0].story)
		fail_msg("%s: %s", says, r->findings[0].text_en);
	explore_free(r);
	plan_free(plan);
	plan_faults_free(&faults);
	free(plan_text);
	free(site_text);
	free(p);
	free(s);
}

static void test_nobody(void **state)
{
	(void)state;
	nobody(NULL, NULL, "  - {role: watch, persons: [p_abe], deputies: [p_baba]}\n", "", "S.alarm", "acknowledgement that nobody");
	nobody(NULL, NULL, "  - {role: board, chair: head, members: [p_chiba, p_doi, p_baba], quorum: 2}\n", "", "S3.1",
		"acknowledgement that nobody");
	nobody(NULL, NULL, "quorum: 2", "quorum: 4", "S3.1", "acknowledgement that nobody");
	nobody(NULL, NULL, "  - {id: t1, place: 窓口1, section: front}\n  - {id: t2, place: 窓口2, section: front}\n", "", "S4.3",
		"acknowledgement that nobody");
	nobody("title_en: Head}", "title_en: Head, never: [watch]}",
		"persons: [p_chiba], deputies: [{person: p_doi, may: [acknowledge, enter, decide]}]", "persons: [p_abe], deputies: []",
		"S2.1", "acknowledgement that nobody");
}

/* The broadcast of a stop is not waited for: neither is it a dead end where there is no terminal, nor is its item still open. */
static void test_if_ordered(void **state)
{
	char *plan_text = plan_files_read(SMALL), *site_text = plan_files_read("tests/plans/small-site.yaml");
	char *one = with(
		plan_text, "after: [S2.1]\n", "tell: [{to: [every_terminal], ack: all, if_ordered: true}]\n      after: [S2.1]\n", "stop");
	char *two = with(one, "tell: [{to: [every_terminal], ack: all}], rests_on", "rests_on", "lift");
	char *p = with(two, "procedures:\n", "properties: [{id: p, title: 性質, doing: [Z], done: [S2.3]}]\nprocedures:\n", "property");
	char *q = with(p, "  - id: S5\n",
		"  - id: V\n    title: 連絡\n    items:\n    - {id: Z, by: [watch], when: grave == grave}\n  - id: S5\n", "act");
	char *s = with(
		site_text, "  - {id: t1, place: 窓口1, section: front}\n  - {id: t2, place: 窓口2, section: front}\n", "", "terminals");
	struct plan_faults faults = {0};
	struct plan_people *people = NULL;
	struct plan *plan = plan_check_files("p", q, strlen(q), "s", s, strlen(s), &faults, &people);
	struct explore_limits limits = {.disruptions = 0, .states = 100000, .people = people};

	(void)state;
	assert_non_null(plan);
	struct explore_report *r = explore_plan(plan, &limits);
	for (size_t k = 0; k < r->n_findings; k++)
		print_message("%s\n%s\n", r->findings[k].text_en, r->findings[k].story_en);
	assert_int_equal(r->n_errors, 0);
	explore_free(r);
	plan_free(plan);
	plan_faults_free(&faults);
	free(plan_text);
	free(site_text);
	free(one);
	free(two);
	free(p);
	free(q);
	free(s);
}

/* ---- good plans ---- */

static void without_a_word(const char *path)
{
	char *text = plan_files_read(path);
	struct explore_report *r = explored(path, text, 1, false);

	for (size_t k = 0; k < r->n_findings; k++)
		print_message("%s: %s\n%s\n", path, r->findings[k].text_en, r->findings[k].story_en);
	assert_int_equal(r->n_findings, 0);
	assert_int_equal(r->dead, 0);
	assert_true(r->states > 0 && r->layers > 0);
	explore_free(r);
	free(text);
}

static void test_good(void **state)
{
	DIR *dir = opendir("tests/plans/good");
	struct dirent *e;

	(void)state;
	assert_non_null(dir);
	while ((e = readdir(dir))) {
		char path[512];

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "tests/plans/good/%s", e->d_name);
		without_a_word(path);
	}
	closedir(dir);
	without_a_word(SMALL);
	without_a_word(TOWN);
}

/* ---- properties ---- */

static void property(const char *says, bool holds, const char *told)
{
	char *good = plan_files_read(SMALL), *text;
	char head[400];

	snprintf(head, sizeof head, "properties: [{id: p, title: 性質, %s}]\nroles:\n", says);
	text = with(good, "roles:\n", head, says);
	struct explore_report *r = explored("property", text, 1, false);

	if (r->n_findings != !holds)
		fail_msg("%s: %zu findings", says, r->n_findings);
	if (!holds) {
		assert_int_equal(r->findings[0].kind, EXPLORE_VIOLATED);
		assert_false(r->findings[0].warning);
		if (!strstr(r->findings[0].story_en, told))
			fail_msg("%s: %s", says, r->findings[0].story_en);
	}
	explore_free(r);
	free(good);
	free(text);
}

static void test_properties(void **state)
{
	(void)state;
	property("never: category == mistaken and measures == in_force", true, NULL);
	property("never: grave == light and measures == in_force", false, "判断 = 軽微, 停止 = 止める");
	property("never: measures/board == in_force", false, "takes over the measures");
	property("doing: [closes], holds: measures != in_force", true, NULL);
	property("doing: [closes], when: category == trouble, done: [S2.1, S4.3, S5.1]", true, NULL);
	property("doing: [closes], done: [S4.3]", false, "取下げ");
	property("doing: [lifts], when: grave == grave, done: [S3.2]", true, NULL);
	property("doing: [lifts], done: [S2.2]", false, "does '再開' (S4.3)");        /* an order that the plan does not ask for */
	property("doing: [lifts], settled: [S2.2]", true, NULL);                      /* but S4.1 comes after all of S2 */
	property("doing: [S2.3], done: [S2.2]", false, "does '判断' (S2.3)");         /* both without a choice in between */
	property("doing: [S2.2], done: [S2.1]", false, "does '業者への依頼' (S2.2)"); /* neither waits for the other */
	property("doing: [S3.2], done: [S3.1]", true, NULL);
	property("doing: [S4.1], when: category == trouble, done: [S2.1]", true, NULL);
	property("doing: [S4.2], choosing: [approve], done: [S4.1]", true, NULL);
	property("doing: [S4.2], choosing: [send_back], when: measures == none", false, "差し戻す");
	property("doing: [S4], done_any: [S3.2, S2.3]", true, NULL);
	property("doing: [S4], done_any: [S3.2]", false, "does '確認' (S4.1)");
	property("doing: [S2.1], when: grave == grave", false, "is reopened"); /* amending would not be doing */
	property("doing: [S.alarm], when: grave == grave", true, NULL);
}

static void property_fault(const char *says, const char *sentence)
{
	char *good = plan_files_read(SMALL), *text;
	char head[400];
	struct plan_faults faults = {0};
	bool told = false;

	snprintf(head, sizeof head, "properties: [{id: p, title: 性質, %s}]\nroles:\n", says);
	text = with(good, "roles:\n", head, says);
	plan_free(plan_load("p", text, strlen(text), &faults));
	for (size_t i = 0; i < faults.n; i++)
		told |= !faults.at[i].warning && strstr(faults.at[i].text_en, sentence) && faults.at[i].pos.line == 8;
	if (!told) {
		plan_files_print(&faults);
		fail_msg("not told: %s", says);
	}
	plan_faults_free(&faults);
	free(good);
	free(text);
}

static void test_property_faults(void **state)
{
	(void)state;
	property_fault("doing: [S9], done: [S2.1]", "no item, step or procedure 'S9'");
	property_fault("doing: [S4.3], done: [S2.7]", "no item, step or procedure 'S2.7'");
	property_fault("doing: [S4.3]", "says nothing");
	property_fault("done: [S4.3]", "says nothing");
	property_fault("never: grav == grave", "no fact 'grav'");
	property_fault("never: grave == grave, doing: [S4.3]", "stands alone");
	property_fault("doing: [S4.2], choosing: [aprove], done: [S4.1]", "offers the option 'aprove'");
	property_fault("doing: [S4.2], when: measures/haed == none, done: [S4.1]", "no role 'haed'");
	property_fault("doing: [S4.2], whenever: x", "whenever");
}

/* ---- reductions and limits ---- */

/* Without the reductions the verdict is the same, of good plans and of some with a dead end. */
static void test_reductions(void **state)
{
	static const char *const NAMES[] = {
		"no option fits", "sent back to the alarm", "lifting is optional", "withdrawn with a stop in force"};
	char *good = plan_files_read(SMALL);
	struct explore_report *r = explored("good", good, 1, true);

	(void)state;
	assert_int_equal(r->dead, 0);
	explore_free(r);
	for (size_t i = 0; i < sizeof PLANTED / sizeof *PLANTED; i++) {
		bool among = false;

		for (size_t k = 0; k < sizeof NAMES / sizeof *NAMES; k++)
			among |= !strcmp(PLANTED[i].name, NAMES[k]);
		if (!among)
			continue;
		char *text = with(good, PLANTED[i].find, PLANTED[i].replace, PLANTED[i].name);

		r = explored(PLANTED[i].name, text, 1, true);
		assert_true(r->dead > 0);
		explore_free(r);
		free(text);
	}
	free(good);
}

/* X comes late, once its condition holds again; then R must be done again, and cannot. Whoever does X at once never sees it. */
static void test_late(void **state)
{
	static const char *const TEXT =
		"plan: late\nlanguage: 1\ntitle: 計画\nroles: [{id: a, title: 甲}]\n"
		"facts: [{id: f, title: 事, values: [{id: u, title: 上}, {id: v, title: 下}]}]\n"
		"procedures:\n- id: p\n  title: 全部\n  steps:\n  - id: s\n    title: 手順\n    items:\n"
		"    - {id: E, entry: true, by: [anyone]}\n"
		"    - {id: A, by: [a], after: [E], sets: [f = u]}\n"
		"    - {id: X, by: [a], after: [A], when: f == u}\n"
		"    - {id: B, by: [a], after: [A], sets: [f = v]}\n"
		"    - {id: R, by: [a], after: [B], rests_on: [X], form: [{id: o, title: 可否, type: choice, options: [{id: go, title: 可, "
		"when: f == v}]}]}\n"
		"    - {id: C, by: [a], after: [R], sets: [f = u]}\n"
		"    - {id: close, by: [a], closes: true}\n";

	(void)state;
	for (int every_step = 0; every_step < 2; every_step++) {
		struct explore_report *r = explored("late", TEXT, 0, every_step);

		assert_true(r->dead > 0);
		assert_string_equal(r->findings[0].item, "R");
		explore_free(r);
	}
}

/* Of a round without end it is told from where it begins again, and told once. */
static void test_round(void **state)
{
	char *good = plan_files_read(SMALL);
	char *text = with(good, "      closes: true\n      form: [",
		"      closes: true\n      form: [{id: end, title: 終わるか, type: choice, options: [{id: fine, title: はい, when: grave "
		"!= "
		"grave}, {id: again, title: まだ, reopens: [S4.1]}]}, ",
		"round");
	struct explore_report *r = explored("round", text, 1, false);

	(void)state;
	assert_int_equal(r->n_errors, 1);
	assert_string_equal(r->findings[0].item, "S.close");
	assert_non_null(strstr(r->findings[0].text_en, "no option that can be chosen now and closes"));
	explore_free(r);
	free(good);
	free(text);
}

static void test_limits(void **state)
{
	struct explore_limits limits = {.disruptions = 1, .states = 50};
	struct plan *plan = plan_files_plan(TOWN);
	struct explore_report *r = explore_plan(plan, &limits);

	(void)state;
	assert_false(r->complete);
	assert_int_equal(r->states, 50);
	assert_int_equal(r->layers, 0);
	assert_int_equal(r->n_errors, 0); /* what was not looked at is not blamed */
	explore_free(r);
	limits = (struct explore_limits){.disruptions = 0, .states = 100000};
	r = explore_plan(plan, &limits);
	assert_true(r->complete && !r->all);
	assert_int_equal(r->layers, 1);
	assert_int_equal(r->layer[0], r->states);
	assert_int_equal(r->n_findings, 0); /* what a disruption may bring about is not said to be impossible */
	explore_free(r);
	plan_free(plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_planted),
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_if_ordered),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_properties),
		cmocka_unit_test(test_property_faults),
		cmocka_unit_test(test_reductions),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, let_go);
}
