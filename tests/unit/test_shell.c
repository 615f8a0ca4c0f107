/* The shell: nothing leaves before it is durable, each command has one effect, failures are told as what they are. */
#include "hall.h"

#include <stdlib.h>
#include <string.h>

#define RESULT RENRAKU__SERVER_FRAME__BODY_RESULT
#define NOTICE RENRAKU__SERVER_FRAME__BODY_NOTICE
#define ID_A "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa"

static const Renraku__Result *result_of(const struct visitor *v, uint64_t ref)
{
	const Renraku__ServerFrame *answer = visitor_answer(v, ref);

	return answer != NULL && answer->body_case == RESULT ? answer->result : NULL;
}

static void assert_accepted(const struct visitor *v, uint64_t ref)
{
	const Renraku__Result *result = result_of(v, ref);

	assert_non_null(result);
	if (result->outcome != RENRAKU__OUTCOME__ACCEPTED)
		fail_msg("%s: %s", result->code, result->text);
}

static void answers_and_notices_wait_for_the_disk(void **state)
{
	struct hall hall = {0};
	struct visitor *t1, *t2;
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	t2 = hall_enter(&hall, TLS_TERMINAL, "t2", true);
	store_mem_set_sync(hall.store, false);
	ref = visitor_alarm(t1, NULL, "起動しない");
	hall_turn(&hall);
	assert_null(visitor_answer(t1, ref));
	assert_int_equal(visitor_count(t2, NOTICE), 0);
	store_mem_sync(hall.store);
	hall_turn(&hall);
	assert_accepted(t1, ref);
	assert_true(visitor_count(t2, NOTICE) == 1);
	hall_close(&hall);
}

static void a_refusal_waits_for_what_it_was_judged_by(void **state)
{
	struct hall hall = {0};
	struct visitor *t1;
	uint64_t first, second;

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	store_mem_set_sync(hall.store, false);
	first = visitor_alarm(t1, ID_A, "one");
	second = visitor_alarm(t1, ID_A, "two");
	hall_turn(&hall);
	assert_null(visitor_answer(t1, second));
	store_mem_sync(hall.store);
	hall_turn(&hall);
	assert_accepted(t1, first);
	assert_string_equal(visitor_refusal(t1, second), "ID_REUSED");
	hall_close(&hall);
}

static void two_equal_commands_in_one_turn_act_once(void **state)
{
	struct hall hall = {0};
	struct visitor *t1;
	uint64_t first, second;

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	store_mem_set_sync(hall.store, false);
	first = visitor_alarm(t1, ID_A, "same");
	second = visitor_alarm(t1, ID_A, "same");
	assert_int_equal(visitor_count(t1, RESULT), 0);
	store_mem_set_sync(hall.store, true);
	hall_turn(&hall);
	assert_accepted(t1, first);
	assert_accepted(t1, second);
	assert_int_equal(result_of(t1, first)->record, result_of(t1, second)->record);
	assert_int_equal(result_of(t1, first)->incident, result_of(t1, second)->incident);
	assert_int_equal(hall_count(&hall, REC_OPENED), 1);
	hall_close(&hall);
}

static void the_first_answer_comes_again_after_a_restart(void **state)
{
	struct hall hall = {0};
	struct visitor *t1;
	uint64_t ref, record;

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	ref = visitor_alarm(t1, ID_A, "same");
	hall_turn(&hall);
	assert_accepted(t1, ref);
	record = result_of(t1, ref)->record;
	hall_restart(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	ref = visitor_alarm(t1, ID_A, "same");
	hall_turn(&hall);
	assert_accepted(t1, ref);
	assert_int_equal(result_of(t1, ref)->record, record);
	assert_int_equal(hall_count(&hall, REC_OPENED), 1);
	hall_close(&hall);
}

static void a_slow_disk_is_told_with_whom_to_telephone(void **state)
{
	struct hall hall = {0};
	struct visitor *t1;
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	store_mem_set_sync(hall.store, false);
	ref = visitor_alarm(t1, NULL, "slow");
	hall_advance(&hall, 1999);
	assert_null(visitor_answer(t1, ref));
	hall_advance(&hall, 1);
	assert_non_null(result_of(t1, ref));
	assert_int_equal(result_of(t1, ref)->outcome, RENRAKU__OUTCOME__NOT_CONFIRMED);
	assert_true(result_of(t1, ref)->n_telephone > 0);
	assert_non_null(strstr(result_of(t1, ref)->telephone[0], "0749-"));
	assert_int_equal(result_of(t1, ref)->incident, 0);
	hall_advance(&hall, 10000);
	assert_int_equal(visitor_count(t1, RESULT), 1);
	store_mem_sync(hall.store);
	hall_turn(&hall);
	assert_int_equal(visitor_count(t1, RESULT), 2);
	assert_accepted(t1, ref);
	hall_close(&hall);
}

static void a_failed_disk_confirms_nothing(void **state)
{
	struct hall hall = {0};
	struct visitor *t1, *t2;
	uint64_t ref, later;
	size_t before;

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	t2 = hall_enter(&hall, TLS_TERMINAL, "t2", true);
	before = t2->n;
	store_mem_fail_at(hall.store, 1, STORE_FAILED);
	ref = visitor_alarm(t1, ID_A, "lost?");
	hall_turn(&hall);
	assert_string_not_equal(hall.fatal, "");
	assert_int_equal(result_of(t1, ref)->outcome, RENRAKU__OUTCOME__NOT_CONFIRMED);
	assert_int_equal(t2->n, before);
	later = visitor_alarm(t1, NULL, "afterwards");
	hall_advance(&hall, 60000);
	assert_int_equal(result_of(t1, later)->outcome, RENRAKU__OUTCOME__NOT_CONFIRMED);
	assert_int_equal(t2->n, before);
	hall_close(&hall);
}

static void without_a_disk_the_last_state_is_served(void **state)
{
	struct hall hall = {0};
	struct visitor *t1;
	uint64_t ref, records;

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", true);
	ref = visitor_alarm(t1, ID_A, "before");
	hall_turn(&hall);
	assert_accepted(t1, ref);
	records = hall_records(&hall);
	hall_restart_without_disk(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", true);
	assert_true(visitor_last(t1, RENRAKU__SERVER_FRAME__BODY_WELCOME)->welcome->cannot_record);
	ref = visitor_subscribe(t1, RENRAKU__VIEW__VIEW_CONTACTS, 0, true);
	assert_true(visitor_answer(t1, ref)->view->n_rows > 0);
	ref = visitor_alarm(t1, NULL, "who hears?");
	assert_string_equal(visitor_refusal(t1, ref), "CANNOT_RECORD");
	assert_true(result_of(t1, ref)->n_telephone > 0);
	ref = visitor_alarm(t1, ID_A, "before"); /* what was accepted stays accepted */
	assert_accepted(t1, ref);
	hall_advance(&hall, 100000);
	assert_int_equal(hall_records(&hall), records);
	/* The disk is back; the session stays. */
	assert_null(shell_start_recording(hall.shell, hall.now));
	ref = visitor_alarm(t1, NULL, "now");
	hall_turn(&hall);
	assert_accepted(t1, ref);
	assert_true(hall_records(&hall) > records);
	hall_close(&hall);
}

static void receipts_of_one_turn_are_one_record(void **state)
{
	struct hall hall = {0};
	struct visitor *t[3];
	static const char *const ids[] = {"t1", "t2", "t3"};
	uint64_t notice;

	(void)state;
	hall_open(&hall);
	for (int i = 0; i < 3; i++)
		t[i] = hall_enter(&hall, TLS_TERMINAL, ids[i], true);
	visitor_alarm(t[0], NULL, "起動しない");
	hall_turn(&hall);
	notice = visitor_last(t[2], NOTICE)->notice->id;
	for (int i = 0; i < 3; i++)
		for (int twice = 0; twice < 2; twice++) {
			Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
			Renraku__Receipts receipts = RENRAKU__RECEIPTS__INIT;
			Renraku__Receipt receipt = RENRAKU__RECEIPT__INIT, *list = &receipt;

			receipt.notice = notice;
			receipt.stage = RENRAKU__STAGE__STAGE_DISPLAYED;
			receipts.receipts = &list;
			receipts.n_receipts = 1;
			frame.body_case = RENRAKU__CLIENT_FRAME__BODY_RECEIPTS;
			frame.receipts = &receipts;
			visitor_send(t[i], &frame);
		}
	hall_turn(&hall);
	assert_int_equal(hall_count(&hall, REC_RECEIPT), 1);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(engine_notice(shell_engine(hall.shell), notice)->recipients[i].stage, STAGE_DISPLAYED);
	hall_close(&hall);
}

static void presence_counts_when_it_holds(void **state)
{
	struct hall hall = {0};
	struct visitor *t1;

	(void)state;
	hall_open(&hall);
	hall_advance(&hall, 60000); /* grace is over */
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", true);
	hall_advance(&hall, 14999);
	assert_int_equal(engine_presence_terminal(shell_engine(hall.shell), "t1", NULL), AWAY);
	hall_advance(&hall, 1);
	assert_int_equal(engine_presence_terminal(shell_engine(hall.shell), "t1", NULL), PRESENT);
	/* A cut of 14 s, a second's return, another cut: no absence yet. */
	visitor_leave(t1);
	hall_advance(&hall, 14000);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", true);
	hall_advance(&hall, 1000);
	visitor_leave(t1);
	hall_advance(&hall, 14000);
	assert_int_equal(engine_presence_terminal(shell_engine(hall.shell), "t1", NULL), PRESENT);
	hall_advance(&hall, 1000);
	assert_int_equal(engine_presence_terminal(shell_engine(hall.shell), "t1", NULL), AWAY);
	hall_close(&hall);
}

static void open_notices_come_again_to_a_device_that_returns(void **state)
{
	struct hall hall = {0};
	struct visitor *t1, *person, *again;
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	ref = visitor_alarm(t1, NULL, "起動しない");
	hall_turn(&hall);
	assert_accepted(t1, ref);
	person = hall_enter(&hall, TLS_PERSON, "p_tanaka", true);
	assert_int_equal(visitor_count(person, NOTICE), 1);
	assert_true(visitor_last(person, NOTICE)->notice->wants_ack);
	hall_restart(&hall);
	again = hall_enter(&hall, TLS_PERSON, "p_tanaka", true);
	assert_int_equal(visitor_count(again, NOTICE), 1);
	hall_close(&hall);
}

static void an_acknowledgement_ends_it_on_every_device(void **state)
{
	struct hall hall = {0};
	struct visitor *t1, *one, *two;
	Renraku__Command command = RENRAKU__COMMAND__INIT;
	Renraku__Acknowledge ack = RENRAKU__ACKNOWLEDGE__INIT;
	uint64_t ref;

	(void)state;
	hall_open(&hall);
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	one = hall_enter(&hall, TLS_PERSON, "p_tanaka", true);
	two = hall_enter(&hall, TLS_PERSON, "p_tanaka", true);
	visitor_alarm(t1, NULL, "起動しない");
	hall_turn(&hall);
	ack.notice = visitor_last(one, NOTICE)->notice->id;
	assert_int_equal(visitor_last(two, NOTICE)->notice->id, ack.notice);
	command.act_case = RENRAKU__COMMAND__ACT_ACKNOWLEDGE;
	command.acknowledge = &ack;
	ref = visitor_command(one, NULL, &command);
	hall_turn(&hall);
	assert_accepted(one, ref);
	for (size_t i = 0, found = 0; i <= two->n; i++) {
		if (i == two->n) {
			assert_true(found);
			break;
		}
		found += two->got[i]->body_case == NOTICE && two->got[i]->notice->id == ack.notice && two->got[i]->notice->ended;
	}
	hall_close(&hall);
}

static void the_first_frame_is_a_hello(void **state)
{
	struct hall hall = {0};
	struct visitor *v;

	(void)state;
	hall_open(&hall);
	v = hall_visitor(&hall, TLS_TERMINAL, "t1", false);
	visitor_alarm(v, NULL, "too early");
	assert_string_equal(v->closed, "HELLO_FIRST");
	assert_int_equal(visitor_count(v, RENRAKU__SERVER_FRAME__BODY_BYE), 1);
	v = hall_visitor(&hall, TLS_TERMINAL, "t1", false);
	visitor_hello(v, 2, false, 0);
	assert_string_equal(v->closed, "VERSION");
	v = hall_visitor(&hall, TLS_TERMINAL, "t99", false);
	visitor_hello(v, 1, false, 0);
	assert_string_equal(v->closed, "UNKNOWN_TERMINAL");
	v = hall_visitor(&hall, TLS_PERSON, "p_nobody", false);
	visitor_hello(v, 1, false, 0);
	assert_string_equal(v->closed, "UNKNOWN_PERSON");
	v = hall_visitor(&hall, TLS_SERVER, "s", false);
	visitor_hello(v, 1, false, 0);
	assert_string_equal(v->closed, "NOT_A_CLIENT");
	hall_close(&hall);
}

static void garbage_ends_the_session_only(void **state)
{
	struct hall hall = {0};
	struct visitor *v, *t1;
	uint8_t junk[300];
	uint64_t ref, x = 7;

	(void)state;
	hall_open(&hall);
	for (int round = 0; round < 12; round++) {
		v = hall_visitor(&hall, TLS_TERMINAL, "t2", false);
		if (round % 2 != 0)
			visitor_hello(v, 1, true, 0);
		for (size_t i = 0; i < sizeof junk; i++) {
			x = x * 6364136223846793005u + 1;
			junk[i] = (uint8_t)(x >> 56);
		}
		shell_frame(hall.shell, v->peer, junk, 1 + (size_t)round * 20, hall.now);
		hall_turn(&hall);
	}
	t1 = hall_enter(&hall, TLS_TERMINAL, "t1", false);
	ref = visitor_alarm(t1, NULL, "still there");
	hall_turn(&hall);
	assert_accepted(t1, ref);
	hall_close(&hall);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_and_notices_wait_for_the_disk),
		cmocka_unit_test(a_refusal_waits_for_what_it_was_judged_by),
		cmocka_unit_test(two_equal_commands_in_one_turn_act_once),
		cmocka_unit_test(the_first_answer_comes_again_after_a_restart),
		cmocka_unit_test(a_slow_disk_is_told_with_whom_to_telephone),
		cmocka_unit_test(a_failed_disk_confirms_nothing),
		cmocka_unit_test(without_a_disk_the_last_state_is_served),
		cmocka_unit_test(receipts_of_one_turn_are_one_record),
		cmocka_unit_test(presence_counts_when_it_holds),
		cmocka_unit_test(open_notices_come_again_to_a_device_that_returns),
		cmocka_unit_test(an_acknowledgement_ends_it_on_every_device),
		cmocka_unit_test(the_first_frame_is_a_hello),
		cmocka_unit_test(garbage_ends_the_session_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
