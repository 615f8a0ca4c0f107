/* Who is who at the shell: passwords, tokens, idle terminals, expired certificates, what is a terminal's own. */
#include "hall.h"

#include <string.h>

#define RESULT RENRAKU__SERVER_FRAME__BODY_RESULT
#define WELCOME RENRAKU__SERVER_FRAME__BODY_WELCOME
#define TOKEN RENRAKU__SERVER_FRAME__BODY_TOKEN
#define NOTICE RENRAKU__SERVER_FRAME__BODY_NOTICE

static const Renraku__Result *result_of(const struct visitor *v, uint64_t ref)
{
	const Renraku__ServerFrame *answer = visitor_answer(v, ref);

	assert_non_null(answer);
	assert_int_equal(answer->body_case, RESULT);
	return answer->result;
}

static void assert_accepted(const struct visitor *v, uint64_t ref)
{
	const Renraku__Result *result = result_of(v, ref);

	if (result->outcome != RENRAKU__OUTCOME__ACCEPTED)
		fail_msg("%s: %s", result->code, result->text);
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

static uint64_t sign_out(struct visitor *v, bool everywhere)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__SignOut out = RENRAKU__SIGN_OUT__INIT;

	out.everywhere = everywhere;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_SIGN_OUT;
	frame.sign_out = &out;
	return visitor_send(v, &frame);
}

static uint64_t set_password(struct visitor *v, const char *person, const char *old, const char *new)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__SetPassword set = RENRAKU__SET_PASSWORD__INIT;

	set.person = (char *)(uintptr_t)person;
	set.old_password = (char *)(uintptr_t)old;
	set.new_password = (char *)(uintptr_t) new;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_SET_PASSWORD;
	frame.set_password = &set;
	return visitor_send(v, &frame);
}

static bool signed_in(const struct visitor *v, uint64_t ref)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->got[i]->ref == ref && v->got[i]->body_case == WELCOME)
			return v->got[i]->welcome->person[0] != '\0';
	return false;
}

static void a_password_signs_in_and_a_wrong_one_does_not(void **state)
{
	struct hall hall = {0};
	struct visitor *v;
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	hall_password(&hall, "p_tanaka", "right password");
	v = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	ref = visitor_sign_in(v, "p_tanaka", "wrong password");
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "WRONG_PASSWORD");
	ref = visitor_sign_in(v, "p_nobody", "right password");
	assert_int_equal(hall.n_hashes, 1); /* a stranger costs the same */
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "WRONG_PASSWORD");
	ref = visitor_sign_in(v, "p_suzuki", "right password"); /* has none */
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "WRONG_PASSWORD");
	ref = visitor_sign_in(v, "p_tanaka", "right password");
	hall_turn(&hall);
	assert_true(signed_in(v, ref));
	assert_int_equal(visitor_count(v, TOKEN), 1);
	hall_close(&hall);
}

static void failures_delay_and_never_lock_out(void **state)
{
	struct hall hall = {0};
	struct visitor *v;
	uint64_t ref = 0;

	(void)state;
	hall_open(&hall);
	hall_password(&hall, "p_tanaka", "right password");
	v = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	for (int i = 0; i < 12; i++) {
		ref = visitor_sign_in(v, "p_tanaka", "wrong password");
		hall_advance(&hall, 31000);
		assert_string_equal(visitor_refusal(v, ref), "WRONG_PASSWORD");
	}
	visitor_sign_in(v, "p_tanaka", "wrong password");
	hall_advance(&hall, 0);
	ref = visitor_sign_in(v, "p_tanaka", "right password");
	hall_turn(&hall);
	assert_false(signed_in(v, ref));
	hall_advance(&hall, 31000);
	if (!signed_in(v, ref))
		ref = visitor_sign_in(v, "p_tanaka", "right password");
	hall_advance(&hall, 31000);
	assert_true(signed_in(v, ref));
	hall_close(&hall);
}

static void a_token_resumes_after_a_restart_under_its_certificate_only(void **state)
{
	struct hall hall = {0};
	struct visitor *v;
	char token[100];
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	hall_password(&hall, "p_tanaka", "right password");
	v = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	visitor_sign_in(v, "p_tanaka", "right password");
	hall_turn(&hall);
	strcpy(token, visitor_last(v, TOKEN)->token->token);
	hall_restart(&hall);
	v = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	ref = visitor_resume(v, token);
	hall_turn(&hall);
	assert_true(signed_in(v, ref));
	v = hall_enter(&hall, TLS_TERMINAL, "t2", false);
	ref = visitor_resume(v, token);
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "TOKEN_INVALID");
	token[10] ^= 1;
	v = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	ref = visitor_resume(v, token);
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "TOKEN_INVALID");
	hall_close(&hall);
}

static void a_token_expires(void **state)
{
	struct hall hall = {.config = {.token_ms = 600000}};
	struct visitor *v;
	char token[100];
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	hall_password(&hall, "p_tanaka", "right password");
	v = hall_enter(&hall, TLS_GATEWAY, "web1", false);
	visitor_sign_in(v, "p_tanaka", "right password");
	hall_turn(&hall);
	strcpy(token, visitor_last(v, TOKEN)->token->token);
	hall_advance(&hall, 600001);
	v = hall_enter(&hall, TLS_GATEWAY, "web1", false);
	ref = visitor_resume(v, token);
	assert_string_equal(visitor_refusal(v, ref), "TOKEN_INVALID");
	hall_close(&hall);
}

static void an_idle_terminal_asks_again(void **state)
{
	struct hall hall = {0};
	struct visitor *v, *other;
	char token[100];
	uint64_t ref;
	uint32_t incident;

	(void)state;
	hall_open(&hall);
	hall_password(&hall, "p_tanaka", "right password");
	v = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	ref = visitor_alarm(v, NULL, "起動しない");
	hall_turn(&hall);
	incident = result_of(v, ref)->incident;
	visitor_sign_in(v, "p_tanaka", "right password");
	hall_turn(&hall);
	strcpy(token, visitor_last(v, TOKEN)->token->token);
	for (int i = 0; i < 3; i++) { /* acting keeps it awake */
		hall_advance(&hall, 299000);
		ref = comment(v, incident);
		hall_turn(&hall);
		assert_accepted(v, ref);
	}
	hall_advance(&hall, 301000);
	ref = comment(v, incident);
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "SIGN_IN_AGAIN");
	/* Coming back with the token is no password. */
	other = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	visitor_resume(other, token);
	ref = comment(other, incident);
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(other, ref), "SIGN_IN_AGAIN");
	/* Nor is a restart. */
	hall_restart(&hall);
	v = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	visitor_resume(v, token);
	ref = comment(v, incident);
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "SIGN_IN_AGAIN");
	/* An alarm is the terminal's and needs nobody. */
	ref = visitor_alarm(v, NULL, "まだ起動しない");
	hall_turn(&hall);
	assert_accepted(v, ref);
	ref = visitor_sign_in(v, "p_tanaka", "right password");
	hall_turn(&hall);
	assert_true(signed_in(v, ref));
	ref = comment(v, incident);
	hall_turn(&hall);
	assert_accepted(v, ref);
	hall_close(&hall);
}

static void signing_out_everywhere_closes_the_others(void **state)
{
	struct hall hall = {0};
	struct visitor *a, *b, *own;
	char token[100];
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	hall_password(&hall, "p_tanaka", "right password");
	a = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	b = hall_enter(&hall, TLS_TERMINAL, "t2", false);
	own = hall_enter(&hall, TLS_PERSON, "p_tanaka", false);
	visitor_sign_in(a, "p_tanaka", "right password");
	hall_turn(&hall);
	visitor_sign_in(b, "p_tanaka", "right password");
	hall_turn(&hall);
	strcpy(token, visitor_last(b, TOKEN)->token->token);
	ref = sign_out(a, true);
	hall_turn(&hall);
	assert_string_equal(visitor_answer(a, ref)->welcome->person, "");
	assert_string_equal(b->closed, "SIGNED_OUT");
	assert_string_equal(own->closed, "");
	b = hall_enter(&hall, TLS_TERMINAL, "t2", false);
	ref = visitor_resume(b, token);
	assert_string_equal(visitor_refusal(b, ref), "TOKEN_INVALID");
	hall_restart(&hall);
	b = hall_enter(&hall, TLS_TERMINAL, "t2", false);
	ref = visitor_resume(b, token);
	assert_string_equal(visitor_refusal(b, ref), "TOKEN_INVALID");
	hall_close(&hall);
}

static void an_expired_terminal_may_alarm_and_no_more(void **state)
{
	struct hall hall = {0};
	struct visitor *v;
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	hall_password(&hall, "p_tanaka", "right password");
	v = hall_visitor(&hall, TLS_TERMINAL, "t1", true);
	visitor_hello(v, 1, true, 0);
	assert_string_not_equal(visitor_last(v, WELCOME)->welcome->warning, "");
	ref = visitor_alarm(v, NULL, "起動しない");
	hall_turn(&hall);
	assert_accepted(v, ref);
	assert_int_equal(visitor_count(v, NOTICE), 1);
	ref = visitor_sign_in(v, "p_tanaka", "right password");
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "CERTIFICATE_EXPIRED");
	v = hall_visitor(&hall, TLS_PERSON, "p_tanaka", true);
	visitor_hello(v, 1, true, 0);
	ref = visitor_subscribe(v, RENRAKU__VIEW__VIEW_INBOX, 0, true);
	assert_int_equal(visitor_answer(v, ref)->body_case, RENRAKU__SERVER_FRAME__BODY_VIEW);
	ref = comment(v, 1);
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "SIGN_IN_AGAIN");
	v = hall_visitor(&hall, TLS_GATEWAY, "web1", true);
	visitor_hello(v, 1, false, 0);
	assert_string_equal(v->closed, "CERTIFICATE_EXPIRED");
	hall_close(&hall);
}

static void a_gateway_is_nobody_until_somebody_signs_in(void **state)
{
	struct hall hall = {0};
	struct visitor *v;
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	hall_password(&hall, "p_tanaka", "right password");
	v = hall_enter(&hall, TLS_GATEWAY, "web1", false);
	ref = visitor_subscribe(v, RENRAKU__VIEW__VIEW_BOARD, 0, true);
	assert_string_equal(visitor_refusal(v, ref), "NOT_SIGNED_IN");
	ref = visitor_alarm(v, NULL, "through the web");
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(v, ref), "NOT_SIGNED_IN");
	visitor_sign_in(v, "p_tanaka", "right password");
	hall_turn(&hall);
	ref = visitor_subscribe(v, RENRAKU__VIEW__VIEW_BOARD, 0, true);
	assert_int_equal(visitor_answer(v, ref)->body_case, RENRAKU__SERVER_FRAME__BODY_VIEW);
	ref = visitor_alarm(v, NULL, "through the web");
	hall_turn(&hall);
	assert_accepted(v, ref);
	hall_close(&hall);
}

static void an_alarm_is_the_terminals_whoever_is_signed_in(void **state)
{
	struct hall hall = {0};
	struct visitor *v;
	const struct incident *incident;
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	hall_password(&hall, "p_tanaka", "right password");
	v = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	ref = visitor_alarm(v, "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", "起動しない");
	hall_turn(&hall);
	assert_accepted(v, ref);
	visitor_sign_in(v, "p_tanaka", "right password");
	hall_turn(&hall);
	/* The agent's repetition meets a session with a person: the same sender, so the same command. */
	ref = visitor_alarm(v, "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", "起動しない");
	hall_turn(&hall);
	assert_accepted(v, ref);
	assert_int_equal(hall_count(&hall, REC_OPENED), 1);
	incident = engine_incident(shell_engine(hall.shell), result_of(v, ref)->incident);
	assert_string_equal(incident->alarms[0].by.terminal, "t1");
	ref = comment(v, incident->id);
	hall_turn(&hall);
	assert_accepted(v, ref);
	assert_string_equal(incident->comments[0].by.person, "p_tanaka");
	assert_string_equal(incident->comments[0].by.terminal, "t1");
	hall_close(&hall);
}

static void passwords_are_set_by_the_person_or_an_administrator(void **state)
{
	struct hall hall = {0};
	struct visitor *own, *admin, *terminal;
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	hall_password(&hall, "p_tanaka", "right password");
	own = hall_enter(&hall, TLS_PERSON, "p_tanaka", false);
	admin = hall_enter(&hall, TLS_PERSON, "p_nishida", false);
	terminal = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	visitor_sign_in(terminal, "p_tanaka", "right password");
	hall_turn(&hall);
	ref = set_password(own, "p_tanaka", "wrong", "new password");
	hall_turn(&hall);
	assert_string_equal(visitor_refusal(own, ref), "WRONG_PASSWORD");
	ref = set_password(own, "p_suzuki", "", "new password");
	assert_string_equal(visitor_refusal(own, ref), "NOT_ENTITLED");
	ref = set_password(own, "p_tanaka", "right password", "short");
	assert_string_equal(visitor_refusal(own, ref), "WEAK_PASSWORD");
	ref = set_password(own, "p_tanaka", "right password", "new password");
	hall_turn(&hall);
	assert_accepted(own, ref);
	assert_string_equal(terminal->closed, "SIGNED_OUT"); /* it had the old one */
	ref = set_password(admin, "p_suzuki", "", "given password");
	hall_turn(&hall);
	assert_accepted(admin, ref);
	terminal = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	ref = visitor_sign_in(terminal, "p_suzuki", "given password");
	hall_turn(&hall);
	assert_true(signed_in(terminal, ref));
	assert_int_equal(hall_count(&hall, REC_PASSWORD_SET), 3);
	hall_close(&hall);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_signs_in_and_a_wrong_one_does_not),
		cmocka_unit_test(failures_delay_and_never_lock_out),
		cmocka_unit_test(a_token_resumes_after_a_restart_under_its_certificate_only),
		cmocka_unit_test(a_token_expires),
		cmocka_unit_test(an_idle_terminal_asks_again),
		cmocka_unit_test(signing_out_everywhere_closes_the_others),
		cmocka_unit_test(an_expired_terminal_may_alarm_and_no_more),
		cmocka_unit_test(a_gateway_is_nobody_until_somebody_signs_in),
		cmocka_unit_test(an_alarm_is_the_terminals_whoever_is_signed_in),
		cmocka_unit_test(passwords_are_set_by_the_person_or_an_administrator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
