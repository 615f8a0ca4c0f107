/* An administrator edits holders and persons: the next edition of the site, once, on record, and what follows from it. */
#include "hall.h"

#include <string.h>

#define ADMIN "p_nishida"
#define S(text) ((char *)(uintptr_t)(text))

struct persons {
	char *at[8];
	size_t n;
};

static uint64_t edit_holders(
	struct visitor *v, const char *id, const char *role, struct persons persons, struct persons deputies, const char *reason)
{
	Renraku__Command command = RENRAKU__COMMAND__INIT;
	Renraku__EditHolders edit = RENRAKU__EDIT_HOLDERS__INIT;
	Renraku__Deputy made[8], *list[8];

	for (size_t i = 0; i < deputies.n; i++) {
		renraku__deputy__init(&made[i]);
		made[i].person = deputies.at[i];
		list[i] = &made[i];
	}
	edit.role = S(role);
	edit.persons = persons.at;
	edit.n_persons = persons.n;
	edit.deputies = list;
	edit.n_deputies = deputies.n;
	edit.reason = S(reason);
	command.act_case = RENRAKU__COMMAND__ACT_EDIT_HOLDERS;
	command.edit_holders = &edit;
	return visitor_command(v, id, &command);
}

static uint64_t edit_person(struct visitor *v, const char *person, const char *name, bool login, bool administrator, const char *number)
{
	Renraku__Command command = RENRAKU__COMMAND__INIT;
	Renraku__EditPerson edit = RENRAKU__EDIT_PERSON__INIT;
	Renraku__PersonNumber made = RENRAKU__PERSON_NUMBER__INIT, *list[] = {&made};

	made.number = S(number);
	edit.person = S(person);
	edit.name = S(name);
	edit.login = login;
	edit.administrator = administrator;
	edit.numbers = list;
	edit.n_numbers = number[0] ? 1 : 0;
	command.act_case = RENRAKU__COMMAND__ACT_EDIT_PERSON;
	command.edit_person = &edit;
	return visitor_command(v, NULL, &command);
}

static const Renraku__Result *answer(struct visitor *v, uint64_t ref)
{
	hall_turn(v->hall);
	assert_non_null(visitor_answer(v, ref));
	assert_int_equal(visitor_answer(v, ref)->body_case, RENRAKU__SERVER_FRAME__BODY_RESULT);
	return visitor_answer(v, ref)->result;
}

static void accepted(struct visitor *v, uint64_t ref)
{
	const Renraku__Result *result = answer(v, ref);

	if (result->outcome != RENRAKU__OUTCOME__ACCEPTED)
		fail_msg("%s: %s %s", result->code, result->text_en, result->n_missing ? result->missing[0] : "");
}

static void refused(struct visitor *v, uint64_t ref, const char *code, const char *missing)
{
	const Renraku__Result *result = answer(v, ref);

	assert_string_equal(result->code, code);
	if (missing == NULL)
		return;
	assert_true(result->n_missing > 0);
	if (strstr(result->missing[0], missing) == NULL)
		fail_msg("%s", result->missing[0]);
}

static const struct site *site_of(struct hall *hall)
{
	return engine_site(shell_engine(hall->shell));
}

static const struct site_holder *held(struct hall *hall, const char *role)
{
	const struct site *s = site_of(hall);

	for (size_t i = 0; i < s->n_holders; i++)
		if (strcmp(s->holders[i].role, role) == 0)
			return &s->holders[i];
	return NULL;
}

#define WHO(...) ((struct persons){{__VA_ARGS__}, sizeof((char *[]){__VA_ARGS__}) / sizeof(char *)})
static const struct persons NOBODY;

static void holders_are_edited_once_and_on_record(void **state)
{
	struct hall hall = {0};
	struct visitor *admin, *mori;
	uint8_t before[RECORD_HASH], after[RECORD_HASH];
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	admin = hall_enter(&hall, TLS_PERSON, ADMIN, true);
	mori = hall_enter(&hall, TLS_PERSON, "p_mori", true);
	ref = edit_holders(admin, "aaaaaaaa-aaaa-aaaa", "operator", WHO(S("p_mori")), WHO(S("p_tanaka"), S("p_kato")), "人事異動");
	accepted(admin, ref);
	assert_int_equal(hall_count(&hall, REC_SITE_LOADED), 2);
	assert_string_equal(site_of(&hall)->persons[held(&hall, "operator")->persons.at[0]].id, "p_mori");
	assert_int_equal(held(&hall, "operator")->n_deputies, 2);
	ref = edit_holders(admin, "aaaaaaaa-aaaa-aaaa", "operator", WHO(S("p_mori")), WHO(S("p_tanaka"), S("p_kato")), "人事異動");
	accepted(admin, ref);
	assert_int_equal(hall_count(&hall, REC_SITE_LOADED), 2);
	ref = edit_holders(admin, "aaaaaaaa-aaaa-aaaa", "operator", WHO(S("p_kato")), NOBODY, "人事異動");
	refused(admin, ref, "ID_REUSED", NULL);
	/* The one who holds it now is told. */
	ref = visitor_alarm(hall_enter(&hall, TLS_TERMINAL, "t1", false), NULL, "起動しない");
	hall_turn(&hall);
	assert_int_equal(visitor_count(mori, RENRAKU__SERVER_FRAME__BODY_NOTICE), 1);
	/* Another edit works on what this one left. */
	ref = edit_holders(admin, NULL, "chief", WHO(S("p_vice")), NOBODY, "代行");
	accepted(admin, ref);
	assert_string_equal(site_of(&hall)->persons[held(&hall, "operator")->persons.at[0]].id, "p_mori");
	assert_string_equal(site_of(&hall)->persons[held(&hall, "chief")->persons.at[0]].id, "p_vice");
	engine_fingerprint(shell_engine(hall.shell), before);
	hall_restart_without_disk(&hall); /* what the log alone gives: no start is recorded */
	engine_fingerprint(shell_engine(hall.shell), after);
	assert_memory_equal(before, after, RECORD_HASH);
	hall_close(&hall);
}

static void a_group_has_members(void **state)
{
	struct hall hall = {0};
	struct visitor *admin;

	(void)state;
	hall_open(&hall);
	admin = hall_enter(&hall, TLS_PERSON, ADMIN, false);
	accepted(admin, edit_holders(admin, NULL, "council", WHO(S("p_ito"), S("p_ono"), S("p_vice")), NOBODY, "改選"));
	assert_int_equal(site_group_find(site_of(&hall), "council")->members.n, 3);
	refused(admin, edit_holders(admin, NULL, "council", WHO(S("p_ito"), S("p_ono"), S("p_vice")), WHO(S("p_kato")), "改選"),
		"BAD_INPUT", NULL);
	refused(admin, edit_holders(admin, NULL, "council", WHO(S("p_ito")), NOBODY, "改選"), "PLAN_FAULTY", "定足数");
	hall_close(&hall);
}

static void what_cannot_be_is_refused_and_changes_nothing(void **state)
{
	struct hall hall = {0};
	struct visitor *admin, *other, *terminal;

	(void)state;
	hall_open(&hall);
	admin = hall_enter(&hall, TLS_PERSON, ADMIN, false);
	other = hall_enter(&hall, TLS_PERSON, "p_tanaka", false);
	terminal = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	refused(other, edit_holders(other, NULL, "operator", WHO(S("p_mori")), NOBODY, "x"), "ADMIN_ONLY", NULL);
	refused(other, edit_person(other, "p_tanaka", "", true, true, ""), "ADMIN_ONLY", NULL);
	refused(terminal, edit_person(terminal, "p_tanaka", "", true, true, ""), "NOT_SIGNED_IN", NULL);
	refused(admin, edit_holders(admin, NULL, "no_role", WHO(S("p_mori")), NOBODY, "x"), "BAD_INPUT", NULL);
	refused(admin, edit_holders(admin, NULL, "operator", NOBODY, NOBODY, "x"), "INCOMPLETE", "persons");
	refused(admin, edit_holders(admin, NULL, "operator", WHO(S("p_zz")), NOBODY, "x"), "UNKNOWN_PERSON", NULL);
	refused(admin, edit_holders(admin, NULL, "operator", WHO(S("p_mori")), WHO(S("p_zz")), "x"), "UNKNOWN_PERSON", NULL);
	refused(admin, edit_holders(admin, NULL, "operator", WHO(S("p_mori")), WHO(S("p_mori")), "x"), "PLAN_FAULTY", "本人");
	refused(admin, edit_holders(admin, NULL, "operator", WHO(S("p_mori")), NOBODY, ""), "NO_REASON_GIVEN", NULL);
	refused(admin, edit_holders(admin, NULL, "operator", WHO(S("p_mori}")), NOBODY, "x"), "BAD_INPUT", NULL);
	refused(admin, edit_person(admin, "p_tanaka", "二\n行", true, false, ""), "BAD_INPUT", NULL);
	refused(admin, edit_person(admin, "p_new", "", true, false, ""), "INCOMPLETE", "name");
	refused(admin, edit_person(admin, "p_new", "新人", false, false, ""), "INCOMPLETE", "numbers");
	refused(admin, edit_person(admin, "p_new", "新人", false, false, "電話"), "BAD_NUMBER", NULL);
	refused(admin, edit_person(admin, "true", "新人", true, false, ""), "PLAN_FAULTY", NULL);
	refused(admin, edit_person(admin, ADMIN, "", true, false, ""), "PLAN_FAULTY", "管理者");
	refused(admin, edit_person(admin, ADMIN, "", false, true, "0749-00-0009"), "PLAN_FAULTY", "管理者");
	assert_int_equal(hall_count(&hall, REC_SITE_LOADED), 1);
	hall_close(&hall);
}

static void a_person_comes_changes_and_goes(void **state)
{
	struct hall hall = {0};
	struct visitor *admin, *v;
	uint64_t ref;
	int p;

	(void)state;
	hall_open(&hall);
	admin = hall_enter(&hall, TLS_PERSON, ADMIN, false);
	accepted(admin, edit_person(admin, "p_new", "新人 \"花子\" # {x}", true, false, "０９０ー１２３４ー５６７８"));
	p = site_person_find(site_of(&hall), "p_new");
	assert_string_equal(site_of(&hall)->persons[p].name, "新人 \"花子\" # {x}");
	assert_string_equal(site_of(&hall)->persons[p].tels[0].number, "090-1234-5678");
	hall_password(&hall, "p_new", "right password");
	v = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	ref = visitor_sign_in(v, "p_new", "right password");
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "");
	/* No sign-in any more: out at once. */
	accepted(admin, edit_person(admin, "p_new", "", false, false, "090-1234-5678"));
	assert_string_equal(v->closed, "REMOVED");
	assert_string_equal(site_of(&hall)->persons[p].name, "新人 \"花子\" # {x}");
	hall_close(&hall);
}

/* The row of a person in the contact network as this visitor sees it. */
static const Renraku__PersonRow *row_of(struct visitor *v, const char *person)
{
	uint64_t ref = visitor_subscribe(v, RENRAKU__VIEW__VIEW_CONTACTS, 0, false);

	hall_turn(v->hall);
	for (size_t i = 0; i < v->n; i++)
		for (size_t k = 0; v->got[i]->ref == ref && v->got[i]->view != NULL && k < v->got[i]->view->n_rows; k++)
			if (v->got[i]->view->rows[k]->body_case == RENRAKU__ROW__BODY_PERSON &&
				strcmp(v->got[i]->view->rows[k]->person->id, person) == 0)
				return v->got[i]->view->rows[k]->person;
	return NULL;
}

static void all_numbers_are_for_administrators(void **state)
{
	struct hall hall = {0};
	struct visitor *admin, *other;

	(void)state;
	hall_open(&hall);
	other = hall_enter(&hall, TLS_PERSON, "p_ono", false);
	assert_true(row_of(other, "p_sato")->login);
	assert_int_equal(row_of(other, "p_sato")->n_all_numbers, 0);
	assert_int_equal(row_of(other, "p_sato")->n_numbers, 1);
	assert_true(row_of(other, ADMIN)->administrator);
	admin = hall_enter(&hall, TLS_PERSON, ADMIN, false);
	assert_int_equal(row_of(admin, "p_sato")->n_all_numbers, 2);
	assert_true(row_of(admin, "p_sato")->all_numbers[1]->private_number);
	/* Made one, a person sees them at once; no longer one, no more. */
	visitor_forget(other);
	accepted(admin, edit_person(admin, "p_ono", "", true, true, "0749-00-0010"));
	assert_int_equal(row_of(other, "p_sato")->n_all_numbers, 2);
	accepted(admin, edit_person(admin, "p_ono", "", true, false, "0749-00-0010"));
	assert_int_equal(row_of(other, "p_sato")->n_all_numbers, 0);
	hall_close(&hall);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holders_are_edited_once_and_on_record),
		cmocka_unit_test(a_group_has_members),
		cmocka_unit_test(what_cannot_be_is_refused_and_changes_nothing),
		cmocka_unit_test(a_person_comes_changes_and_goes),
		cmocka_unit_test(all_numbers_are_for_administrators),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
