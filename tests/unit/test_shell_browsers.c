/* Browsers behind a gateway at the shell: enrolled as terminals, coming back, ended; many sign-ins of one person. */
#include "hall.h"

#include <stdio.h>
#include <string.h>

#define RESULT RENRAKU__SERVER_FRAME__BODY_RESULT
#define WELCOME RENRAKU__SERVER_FRAME__BODY_WELCOME
#define TOKEN RENRAKU__SERVER_FRAME__BODY_TOKEN
#define NOTICE RENRAKU__SERVER_FRAME__BODY_NOTICE
#define VIEW RENRAKU__SERVER_FRAME__BODY_VIEW

#define ADMIN "p_nishida"
#define PASSWORD "right password"

static uint64_t enrol(struct visitor *v, const char *terminal, bool end)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Enrol m = RENRAKU__ENROL__INIT;

	m.terminal = (char *)(uintptr_t)terminal;
	m.end = end;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_ENROL;
	frame.enrol = &m;
	return visitor_send(v, &frame);
}

static uint64_t sign_out(struct visitor *v)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__SignOut out = RENRAKU__SIGN_OUT__INIT;

	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_SIGN_OUT;
	frame.sign_out = &out;
	return visitor_send(v, &frame);
}

static uint64_t comment(struct visitor *v, uint32_t incident)
{
	Renraku__Command command = RENRAKU__COMMAND__INIT;
	Renraku__Comment m = RENRAKU__COMMENT__INIT;

	m.incident = incident;
	m.text = (char *)(uintptr_t) "ひとこと";
	command.act_case = RENRAKU__COMMAND__ACT_COMMENT;
	command.comment = &m;
	return visitor_command(v, NULL, &command);
}

static const Renraku__Result *accepted(const struct visitor *v, uint64_t ref)
{
	const Renraku__ServerFrame *answer = visitor_answer(v, ref);

	assert_non_null(answer);
	assert_int_equal(answer->body_case, RESULT);
	if (answer->result->outcome != RENRAKU__OUTCOME__ACCEPTED)
		fail_msg("%s: %s", answer->result->code, answer->result->text);
	return answer->result;
}

static struct visitor *browser(struct hall *hall)
{
	return hall_enter(hall, TLS_GATEWAY, "web1", true);
}

static void open_hall(struct hall *hall)
{
	hall_open(hall);
	hall_password(hall, ADMIN, PASSWORD);
	hall_password(hall, "p_tanaka", PASSWORD);
}

static void signs_in(struct visitor *v, const char *person)
{
	uint64_t ref = visitor_sign_in(v, person, PASSWORD);

	hall_turn(v->hall);
	assert_string_equal(visitor_refusal(v, ref), "");
	assert_string_equal(visitor_last(v, WELCOME)->welcome->person, person);
}

/* An administrator enrols a browser and signs out of it; its token. */
static const char *enrolled(struct hall *hall, const char *terminal, char token[100])
{
	struct visitor *v = browser(hall);
	uint64_t ref;

	signs_in(v, ADMIN);
	ref = enrol(v, terminal, false);
	hall_turn(hall);
	assert_string_equal(visitor_refusal(v, ref), "");
	assert_int_equal(visitor_answer(v, ref)->body_case, TOKEN);
	strcpy(token, visitor_answer(v, ref)->token->token);
	visitor_leave(v);
	return token;
}

static struct visitor *comes_back(struct hall *hall, const char *token)
{
	struct visitor *v = browser(hall);
	uint64_t ref = visitor_resume(v, token);

	hall_turn(hall);
	assert_string_equal(visitor_refusal(v, ref), "");
	return v;
}

static const char *principal(const struct visitor *v)
{
	return visitor_last(v, WELCOME)->welcome->principal;
}

static uint32_t browsers_of(struct visitor *v, const char *terminal)
{
	uint64_t ref = visitor_subscribe(v, RENRAKU__VIEW__VIEW_BOARD, 0, true);
	uint32_t n = UINT32_MAX;

	hall_turn(v->hall);
	for (size_t i = 0; i < v->n; i++)
		for (size_t k = 0; v->got[i]->ref == ref && v->got[i]->body_case == VIEW && k < v->got[i]->view->n_rows; k++) {
			const Renraku__Row *row = v->got[i]->view->rows[k];

			if (row->body_case == RENRAKU__ROW__BODY_TERMINAL && strcmp(row->terminal->id, terminal) == 0)
				n = row->terminal->browsers;
		}
	return n;
}

static void an_enrolled_browser_is_the_terminal(void **state)
{
	struct hall hall = {0};
	struct visitor *v, *t2;
	char token[100];
	uint64_t ref;
	uint32_t incident;

	(void)state;
	open_hall(&hall);
	enrolled(&hall, "t1", token);
	assert_int_equal(hall_count(&hall, REC_ENROLLED), 1);
	hall_restart(&hall);
	v = comes_back(&hall, token);
	assert_string_equal(principal(v), "terminal:t1");
	assert_string_equal(visitor_last(v, WELCOME)->welcome->person, "");
	t2 = hall_enter(&hall, TLS_TERMINAL, "t2", true);
	ref = visitor_alarm(v, "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", "起動しない");
	hall_turn(&hall);
	incident = accepted(v, ref)->incident;
	assert_string_equal(engine_incident(shell_engine(hall.shell), incident)->alarms[0].by.terminal, "t1");
	/* The same alarm again from the terminal's own agent: one sender, one command. */
	visitor_leave(v);
	v = hall_enter(&hall, TLS_TERMINAL, "t1", true);
	ref = visitor_alarm(v, "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", "起動しない");
	hall_turn(&hall);
	accepted(v, ref);
	assert_int_equal(hall_count(&hall, REC_OPENED), 1);
	/* Whatever terminals are told, it hears too: once. */
	assert_true(visitor_count(t2, NOTICE) <= 1);
	visitor_leave(v);
	v = comes_back(&hall, token);
	assert_int_equal(visitor_count(v, NOTICE), visitor_count(t2, NOTICE));
	ref = visitor_subscribe(v, RENRAKU__VIEW__VIEW_INBOX, 0, false);
	assert_int_equal(visitor_answer(v, ref)->body_case, VIEW);
	hall_advance(&hall, 20000);
	assert_int_equal(engine_presence_terminal(shell_engine(hall.shell), "t1", NULL), PRESENT);
	hall_close(&hall);
}

static void a_person_signs_in_at_it_as_at_any_terminal(void **state)
{
	struct hall hall = {0};
	struct visitor *v;
	char token[100], own[100];
	uint64_t ref;
	uint32_t incident;

	(void)state;
	open_hall(&hall);
	enrolled(&hall, "t1", token);
	v = comes_back(&hall, token);
	ref = visitor_alarm(v, NULL, "起動しない");
	hall_turn(&hall);
	incident = accepted(v, ref)->incident;
	signs_in(v, "p_tanaka");
	assert_string_equal(principal(v), "terminal:t1");
	strcpy(own, visitor_last(v, TOKEN)->token->token);
	hall_advance(&hall, 299000);
	ref = comment(v, incident);
	hall_turn(&hall);
	accepted(v, ref);
	hall_advance(&hall, 301000);
	ref = comment(v, incident);
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "SIGN_IN_AGAIN");
	/* Coming back in the other order is the same. */
	visitor_leave(v);
	v = comes_back(&hall, own);
	assert_string_equal(principal(v), "gateway:web1");
	visitor_resume(v, token);
	hall_turn(&hall);
	assert_string_equal(principal(v), "terminal:t1");
	assert_string_equal(visitor_last(v, WELCOME)->welcome->person, "p_tanaka");
	ref = comment(v, incident);
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "SIGN_IN_AGAIN");
	signs_in(v, "p_tanaka");
	ref = comment(v, incident);
	hall_turn(&hall);
	accepted(v, ref);
	/* Signing out is the person's; the terminal stays. */
	ref = sign_out(v);
	hall_turn(&hall);
	assert_string_equal(visitor_answer(v, ref)->welcome->principal, "terminal:t1");
	assert_string_equal(visitor_answer(v, ref)->welcome->person, "");
	ref = visitor_alarm(v, NULL, "まだ起動しない");
	hall_turn(&hall);
	accepted(v, ref);
	hall_close(&hall);
}

static void a_token_is_good_for_its_gateway_and_kind_only(void **state)
{
	struct hall hall = {0};
	struct visitor *v;
	char token[100];
	uint64_t ref;

	(void)state;
	open_hall(&hall);
	enrolled(&hall, "t1", token);
	v = hall_enter(&hall, TLS_GATEWAY, "web2", false);
	ref = visitor_resume(v, token);
	assert_string_equal(visitor_refusal(v, ref), "TOKEN_INVALID");
	v = hall_enter(&hall, TLS_TERMINAL, "t2", false);
	ref = visitor_resume(v, token);
	assert_string_equal(visitor_refusal(v, ref), "TOKEN_INVALID");
	v = browser(&hall);
	token[10] = token[10] == '0' ? '1' : '0';
	ref = visitor_resume(v, token);
	assert_string_equal(visitor_refusal(v, ref), "TOKEN_INVALID");
	ref = visitor_resume(v, "re-");
	assert_string_equal(visitor_refusal(v, ref), "TOKEN_INVALID");
	ref = visitor_alarm(v, NULL, "through the web");
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "NOT_SIGNED_IN");
	hall_close(&hall);
}

static void only_an_administrator_enrols_through_a_gateway(void **state)
{
	struct hall hall = {0};
	struct visitor *v;
	uint64_t ref;

	(void)state;
	open_hall(&hall);
	v = browser(&hall);
	ref = enrol(v, "t1", false);
	assert_string_equal(visitor_refusal(v, ref), "NOT_SIGNED_IN");
	ref = enrol(v, "", true);
	assert_string_equal(visitor_refusal(v, ref), "NOT_ENROLLED");
	signs_in(v, "p_tanaka");
	ref = enrol(v, "t1", false);
	assert_string_equal(visitor_refusal(v, ref), "NOT_ENTITLED");
	ref = enrol(v, "t1", true);
	assert_string_equal(visitor_refusal(v, ref), "NOT_ENTITLED");
	signs_in(v, ADMIN);
	ref = enrol(v, "t99", false);
	assert_string_equal(visitor_refusal(v, ref), "UNKNOWN_TERMINAL");
	ref = enrol(v, "t99", true);
	assert_string_equal(visitor_refusal(v, ref), "UNKNOWN_TERMINAL");
	hall_advance(&hall, 301000);
	ref = enrol(v, "t1", false);
	assert_string_equal(visitor_refusal(v, ref), "SIGN_IN_AGAIN");
	v = hall_enter(&hall, TLS_PERSON, ADMIN, false);
	ref = enrol(v, "t1", false);
	assert_string_equal(visitor_refusal(v, ref), "NOT_A_BROWSER");
	assert_int_equal(hall_count(&hall, REC_ENROLLED), 0);
	hall_close(&hall);
}

static void ending_cuts_off_all_browsers_of_the_terminal(void **state)
{
	struct hall hall = {0};
	struct visitor *a, *b, *other, *admin;
	char one[100], two[100], third[100];
	uint64_t ref;

	(void)state;
	open_hall(&hall);
	enrolled(&hall, "t1", one);
	enrolled(&hall, "t1", two);
	enrolled(&hall, "t2", third);
	a = comes_back(&hall, one);
	b = comes_back(&hall, two);
	other = comes_back(&hall, third);
	admin = hall_enter(&hall, TLS_PERSON, ADMIN, false);
	assert_int_equal(browsers_of(admin, "t1"), 2);
	ref = enrol(admin, "t1", true);
	hall_turn(&hall);
	assert_int_equal(visitor_answer(admin, ref)->body_case, WELCOME);
	assert_string_equal(a->closed, "REMOVED");
	assert_string_equal(b->closed, "REMOVED");
	assert_string_equal(other->closed, "");
	assert_int_equal(browsers_of(admin, "t1"), 0);
	assert_int_equal(browsers_of(admin, "t2"), 1);
	assert_int_equal(browsers_of(hall_enter(&hall, TLS_PERSON, "p_tanaka", false), "t2"), 0); /* administrators only */
	assert_int_equal(hall_count(&hall, REC_ENROLMENT_ENDED), 1);
	ref = enrol(admin, "t1", true);
	hall_turn(&hall);
	assert_int_equal(visitor_answer(admin, ref)->body_case, WELCOME); /* twice does no harm */
	hall_restart(&hall);
	a = browser(&hall);
	ref = visitor_resume(a, one);
	assert_string_equal(visitor_refusal(a, ref), "TOKEN_INVALID");
	comes_back(&hall, third);
	assert_int_equal(hall_count(&hall, REC_ENROLMENT_ENDED), 1);
	hall_close(&hall);
}

static void a_browser_leaves_by_itself_and_the_person_stays(void **state)
{
	struct hall hall = {0};
	struct visitor *v, *twin;
	char token[100];
	uint64_t ref;

	(void)state;
	open_hall(&hall);
	enrolled(&hall, "t1", token);
	v = comes_back(&hall, token);
	twin = comes_back(&hall, token);
	signs_in(v, "p_tanaka");
	ref = visitor_subscribe(v, RENRAKU__VIEW__VIEW_BOARD, 0, false);
	assert_int_equal(visitor_answer(v, ref)->body_case, VIEW);
	/* Not to be rid of the five minutes. */
	hall_advance(&hall, 301000);
	ref = enrol(v, "", true);
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "SIGN_IN_AGAIN");
	signs_in(v, "p_tanaka");
	ref = enrol(v, "", true);
	hall_turn(&hall);
	assert_string_equal(visitor_answer(v, ref)->welcome->principal, "gateway:web1");
	assert_string_equal(visitor_answer(v, ref)->welcome->person, "p_tanaka");
	assert_string_equal(twin->closed, "REMOVED");
	/* Signed out too, it is nobody, and is told nothing any more. */
	sign_out(v);
	visitor_forget(v);
	ref = visitor_alarm(hall_enter(&hall, TLS_TERMINAL, "t2", false), NULL, "起動しない");
	hall_advance(&hall, 1000);
	assert_int_equal(visitor_count(v, VIEW), 0);
	assert_int_equal(hall_count(&hall, REC_ENROLMENT_ENDED), 1);
	hall_close(&hall);
}

static void enrolling_again_ends_what_was_before(void **state)
{
	struct hall hall = {0};
	struct visitor *v;
	char token[100];
	uint64_t ref;

	(void)state;
	open_hall(&hall);
	enrolled(&hall, "t1", token);
	v = comes_back(&hall, token);
	signs_in(v, ADMIN);
	ref = enrol(v, "t2", false);
	hall_turn(&hall);
	assert_int_equal(visitor_answer(v, ref)->body_case, TOKEN);
	visitor_resume(v, visitor_answer(v, ref)->token->token);
	assert_string_equal(principal(v), "terminal:t2");
	assert_int_equal(browsers_of(v, "t1"), 0);
	assert_int_equal(browsers_of(v, "t2"), 1);
	ref = enrol(v, "t2", true); /* by itself: it stays, as nobody's terminal */
	hall_turn(&hall);
	assert_string_equal(visitor_answer(v, ref)->welcome->principal, "gateway:web1");
	ref = visitor_resume(v, token);
	assert_string_equal(visitor_refusal(v, ref), "TOKEN_INVALID");
	hall_close(&hall);
}

static void unused_it_ends_and_used_it_lasts(void **state)
{
	struct hall hall = {.config = {.enrolment_ms = 600000}};
	struct visitor *v;
	char token[100];
	uint64_t ref;

	(void)state;
	open_hall(&hall);
	enrolled(&hall, "t1", token);
	hall_advance(&hall, 400000);
	v = comes_back(&hall, token);
	hall_advance(&hall, 400000);
	visitor_leave(v);
	v = comes_back(&hall, token);
	visitor_leave(v);
	hall_advance(&hall, 600001);
	v = browser(&hall);
	ref = visitor_resume(v, token);
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "TOKEN_INVALID");
	assert_int_equal(hall_count(&hall, REC_ENROLMENT_ENDED), 1);
	hall_close(&hall);
}

static bool copy_key(void *arg, const char *key, const void *value, size_t len)
{
	(void)value;
	(void)len;
	snprintf(arg, 100, "%s", key);
	return true;
}

static void enrolled_on_record_without_its_token_is_ended_at_the_start(void **state)
{
	struct hall hall = {0};
	char token[100], key[100] = "";

	(void)state;
	open_hall(&hall);
	enrolled(&hall, "t1", token);
	hall_restart(&hall);
	assert_int_equal(hall_count(&hall, REC_ENROLMENT_ENDED), 0);
	assert_int_equal(engine_browsers(shell_engine(hall.shell), "t1"), 1);
	assert_int_equal(store_secret_each(hall.store, "enrolment:", copy_key, key), STORE_OK);
	assert_string_not_equal(key, "");
	assert_int_equal(store_secret_put(hall.store, key, NULL, 0), STORE_OK);
	hall_restart(&hall);
	assert_int_equal(hall_count(&hall, REC_ENROLMENT_ENDED), 1);
	assert_int_equal(engine_browsers(shell_engine(hall.shell), "t1"), 0);
	hall_close(&hall);
}

static void many_sign_ins_do_not_push_out_a_device_in_use(void **state)
{
	struct hall hall = {0};
	struct visitor *phone, *v;
	char first[100], second[100];
	uint64_t ref;

	(void)state;
	open_hall(&hall);
	phone = browser(&hall);
	signs_in(phone, "p_tanaka");
	strcpy(first, visitor_last(phone, TOKEN)->token->token);
	hall_advance(&hall, 1000);
	for (int i = 0; i < 40; i++) {
		v = hall_enter(&hall, TLS_GATEWAY, "web1", false);
		signs_in(v, "p_tanaka");
		if (i == 0)
			strcpy(second, visitor_last(v, TOKEN)->token->token);
		hall_advance(&hall, 1000);
		visitor_leave(v);
	}
	assert_string_equal(phone->closed, "");
	v = browser(&hall);
	ref = visitor_resume(v, first);
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "");
	v = browser(&hall);
	ref = visitor_resume(v, second);
	assert_string_equal(visitor_refusal(v, ref), "TOKEN_INVALID");
	hall_close(&hall);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_enrolled_browser_is_the_terminal),
		cmocka_unit_test(a_person_signs_in_at_it_as_at_any_terminal),
		cmocka_unit_test(a_token_is_good_for_its_gateway_and_kind_only),
		cmocka_unit_test(only_an_administrator_enrols_through_a_gateway),
		cmocka_unit_test(ending_cuts_off_all_browsers_of_the_terminal),
		cmocka_unit_test(a_browser_leaves_by_itself_and_the_person_stays),
		cmocka_unit_test(enrolling_again_ends_what_was_before),
		cmocka_unit_test(unused_it_ends_and_used_it_lasts),
		cmocka_unit_test(enrolled_on_record_without_its_token_is_ended_at_the_start),
		cmocka_unit_test(many_sign_ins_do_not_push_out_a_device_in_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
