/* Views: what each reader sees of a small town while an alarm runs. The engine is the real one; records come from its own decisions. */
#include "unit/test_view_town.h"

#include <stdlib.h>
#include <string.h>

static void test_alarm_reaches_inboxes(void **state)
{
	(void)state;
	struct town t;
	struct seen s;
	town_init(&t, 3);
	uint32_t inc = town_alarm_fault(&t, true);

	town_look(&t, INBOX, 0, NULL, "p_op", &s);
	assert_non_null(town_row(&s, "town"));
	Renraku__NoticeRow *n = town_nth(&s, RENRAKU__ROW__BODY_NOTICE, 0)->notice;
	assert_string_equal(n->title, "障害の連絡：窓口1番の統合端末（ハードウェア）"); /* beside it: drill */
	assert_string_equal(
		n->title_en, "Fault report: 窓口1番の統合端末 (Hardware)"); /* what the plan has in English; names of places stay */
	assert_string_equal(n->values[0]->shown_en, "Hardware");
	assert_string_equal(n->values[0]->title_en, ""); /* none in the plan */
	assert_true(n->drill && n->wants_ack);
	assert_string_equal(n->state, "open");
	assert_string_equal(n->role_title, "担当者");
	assert_string_equal(n->role_title_en, "");
	assert_int_equal(n->wanted, 1);
	assert_int_equal(n->n_recipients, 1);
	assert_true(n->recipients[0]->present);
	assert_true(n->due > 0);
	town_unlook(&s);

	town_look(&t, INBOX, 0, "t0002", NULL, &s);
	n = town_nth(&s, RENRAKU__ROW__BODY_NOTICE, 0)->notice;
	assert_false(n->wants_ack);
	assert_int_equal(n->n_recipients, 1); /* its own, not the other terminals' */
	assert_string_equal(n->recipients[0]->id, "t0002");
	assert_int_equal(town_count(&s, RENRAKU__ROW__BODY_INCIDENT), 0);
	assert_int_equal(town_count(&s, RENRAKU__ROW__BODY_ITEM), 0);
	town_unlook(&s);

	town_look(&t, INBOX, 0, "t0001", NULL, &s); /* it raised the alarm: it sees how it stands */
	Renraku__IncidentRow *i = town_nth(&s, RENRAKU__ROW__BODY_INCIDENT, 0)->incident;
	assert_int_equal(i->id, inc);
	assert_string_equal(i->category, "fault");
	assert_string_equal(i->category_title, "障害");
	assert_string_equal(i->place, "窓口1番の統合端末");
	town_unlook(&s);

	town_look(&t, INBOX, 0, NULL, "p_cl", &s); /* a clerk without a role */
	assert_int_equal(town_count(&s, RENRAKU__ROW__BODY_NOTICE), 0);
	town_unlook(&s);
	town_free(&t);
}

static void test_item_in_full(void **state)
{
	(void)state;
	struct town t;
	struct seen s;
	town_init(&t, 3);
	uint32_t inc = town_alarm_fault(&t, false);
	town_acknowledge(&t, "p_op", town_notice_to(&t, inc, "A.fault", "p_op", NOTICE_TELL), NULL);

	town_look(&t, INBOX, 0, NULL, "p_op", &s);
	Renraku__ItemRow *it = town_nth(&s, RENRAKU__ROW__BODY_ITEM, 0)->item;
	assert_string_equal(it->id, "F1.1");
	assert_string_equal(it->title, "障害の原因を調べる"); /* no title in the plan: its own words */
	assert_string_equal(it->state, "ready");
	assert_true(it->mine);
	assert_int_equal(it->n_form, 2);
	assert_string_equal(it->form[0]->options[0]->title, "重大"); /* the fact's, since the field has none */
	assert_string_equal(it->form[0]->options[0]->guide[0], "長時間の停止");
	assert_true(it->form[0]->options[0]->possible);
	assert_true(it->form[1]->unknown);
	assert_int_equal(it->n_calls, 1);
	assert_string_equal(it->calls[0]->number, "077-000-0001"); /* Monday morning */
	assert_true(it->due > 0);
	assert_true(it->ready_since > 0 && it->ready_since < it->due);
	Renraku__NoticeRow *turn = town_nth(&s, RENRAKU__ROW__BODY_NOTICE, 0)->notice;
	assert_string_equal(turn->kind, "your_turn");
	assert_string_equal(turn->title, "対応をお願いします：障害の原因を調べる（事案1 窓口1番の統合端末）");
	town_unlook(&s);

	t.now += INT64_C(8) * 3600 * 1000; /* 18:00: the number of the night */
	town_look(&t, INCIDENT, inc, NULL, "p_cl", &s);
	it = town_row(&s, "item:1:F1.1")->item;
	assert_false(it->mine);
	assert_string_equal(it->calls[0]->number, "077-000-0002");
	it = town_row(&s, "item:1:F1.3")->item;
	assert_true(strcmp(it->state, "waiting") == 0 || strcmp(it->state, "undetermined") == 0);
	assert_true(it->n_waits_for > 0);
	Renraku__Option **fit = it->form[1]->options;
	assert_false(fit[0]->sends_back || fit[0]->n_reopens);
	assert_true(fit[1]->sends_back && fit[1]->n_reopens == 1);
	assert_string_equal(fit[1]->reopens[0], "F1.1");
	assert_non_null(town_row(&s, "incident:1"));
	assert_int_equal(town_count(&s, RENRAKU__ROW__BODY_ALARM), 1);
	town_unlook(&s);
	town_free(&t);
}

static void test_what_was_entered(void **state)
{
	(void)state;
	struct town t;
	struct seen s;
	town_init(&t, 3);
	uint32_t inc = town_alarm_fault(&t, false);
	town_acknowledge(&t, "p_op", town_notice_to(&t, inc, "A.fault", "p_op", NOTICE_TELL), NULL);
	struct record_value values[] = {{.field = "serious", .value = "serious"}, {.field = "cause", .unknown = "調査中"}};
	town_enter(&t, "p_op", inc, "F1.1", values, 2);

	town_look(&t, INBOX, 0, NULL, "p_of", &s);
	Renraku__NoticeRow *n = town_nth(&s, RENRAKU__ROW__BODY_NOTICE, 0)->notice;
	assert_string_equal(n->title, "障害の原因を調べる：重大（事案1 窓口1番の統合端末）");
	assert_string_equal(n->from, "担当 太郎");
	assert_int_equal(n->n_values, 2);
	assert_string_equal(n->values[0]->shown, "重大");
	assert_string_equal(n->values[1]->unknown, "調査中");
	town_unlook(&s);

	town_acknowledge(&t, "p_of", town_notice_to(&t, inc, "F1.1", "p_of", NOTICE_TELL), NULL);
	struct record_value at[] = {{.field = "at", .value = "2026-11-23T15:00"}};
	town_enter(&t, "p_of", inc, "F1.2", at, 1);
	town_acknowledge(&t, "p_op", town_notice_to(&t, inc, "F1.2", "p_op", NOTICE_TELL), "present");
	town_look(&t, INCIDENT, inc, NULL, "p_of", &s);
	Renraku__MeetingRow *m = town_row(&s, "meeting:1:F1.2:council")->meeting;
	assert_int_equal(m->quorum, 2);
	assert_int_equal(m->present, 1);
	assert_int_equal(m->silent, 2);
	Renraku__ItemRow *it = town_row(&s, "item:1:F1.1")->item;
	assert_string_equal(it->state, "done");
	assert_string_equal(it->entered_by, "担当 太郎");
	assert_string_equal(town_row(&s, "item:1:F1.2")->item->values[0]->shown, "2026-11-23 15:00");
	assert_string_equal(town_row(&s, "incident:1")->incident->facts[1]->shown, "重大");
	town_unlook(&s);
	town_free(&t);
}

/* Somebody with nobody signed in but the clerk: the numbers stand on the board and before the clerk who raised it. */
static void test_telephone_when_nobody_is_there(void **state)
{
	(void)state;
	struct town t;
	struct seen s;
	town_init(&t, 3);
	town_presence(&t, "person:p_op", false);
	town_presence(&t, "person:p_of", false);
	town_presence(&t, "terminal:t0001", true);
	t.now += 3600 * 1000; /* the time after the start in which nobody counts as absent is over */
	uint32_t inc = town_alarm_fault(&t, false);

	town_look(&t, INBOX, 0, "t0001", NULL, &s);
	Renraku__TelephoneRow *p = town_nth(&s, RENRAKU__ROW__BODY_TELEPHONE, 0)->telephone;
	assert_string_equal(p->person, "p_op");
	assert_int_equal(p->n_numbers, 1); /* the private one is not for a terminal */
	assert_string_equal(p->numbers[0], "0749-00-0001");
	assert_string_equal(p->why, "absent");
	town_unlook(&s);
	town_look(&t, INBOX, 0, "t0002", NULL, &s);
	assert_int_equal(town_count(&s, RENRAKU__ROW__BODY_TELEPHONE), 0);
	town_unlook(&s);
	town_look(&t, BOARD, 0, NULL, "p_of", &s);
	p = town_nth(&s, RENRAKU__ROW__BODY_TELEPHONE, 0)->telephone;
	assert_int_equal(p->n_numbers, 2); /* the plan's private_to */
	town_unlook(&s);

	struct arena *arena = arena_new(0);
	char *lines[8];
	struct view_reader clerk = {"t0001", NULL};
	size_t n = view_telephone(t.engine, engine_incident(t.engine, inc), &clerk, t.now, false, arena, lines, 8);
	assert_true(n >= 1);
	assert_string_equal(lines[0], "担当者 担当 太郎 0749-00-0001");
	n = view_telephone(t.engine, NULL, &clerk, t.now, false, arena, lines, 8);
	assert_true(n >= 2); /* those whom an alarm tells first */
	arena_free(arena);

	/* A deputy came: the reason is another, and when he has answered nobody need be telephoned. */
	town_presence(&t, "person:p_de", true);
	town_look(&t, BOARD, 0, NULL, "p_of", &s);
	assert_string_equal(town_nth(&s, RENRAKU__ROW__BODY_TELEPHONE, 0)->telephone->why, "silent");
	town_unlook(&s);
	town_acknowledge(&t, "p_de", town_notice_to(&t, inc, "A.fault", "p_de", NOTICE_TELL), NULL);
	town_look(&t, BOARD, 0, NULL, "p_of", &s);
	for (size_t i = 0; i < s.n; i++)
		if (s.at[i]->body_case == RENRAKU__ROW__BODY_TELEPHONE)
			assert_string_not_equal(s.at[i]->telephone->item, "A.fault");
	town_unlook(&s);
	town_free(&t);
}

/* What the deputy answered stays open to the holder himself. */
static void test_deputy_answers(void **state)
{
	(void)state;
	struct town t;
	struct seen s;
	town_init(&t, 3);
	town_presence(&t, "person:p_op", false);
	town_presence(&t, "person:p_de", true);
	t.now += 3600 * 1000;
	uint32_t inc = town_alarm_fault(&t, false);
	town_look(&t, INBOX, 0, NULL, "p_de", &s);
	Renraku__NoticeRow *n = town_nth(&s, RENRAKU__ROW__BODY_NOTICE, 0)->notice;
	assert_int_equal(n->n_recipients, 2);
	town_unlook(&s);
	town_acknowledge(&t, "p_de", town_notice_to(&t, inc, "A.fault", "p_de", NOTICE_TELL), NULL);
	town_look(&t, INBOX, 0, NULL, "p_op", &s);
	Renraku__Row *r = town_row(&s,
		arena_printf(s.rows.arena, "notice:%llu", (unsigned long long)town_notice_to(&t, inc, "A.fault", "p_op", NOTICE_TELL)->id));
	assert_non_null(r);
	assert_string_equal(r->notice->state, "acknowledged");
	town_unlook(&s);
	town_look(&t, INBOX, 0, NULL, "p_de", &s);
	for (size_t i = 0; i < s.n; i++)
		if (s.at[i]->body_case == RENRAKU__ROW__BODY_NOTICE)
			assert_string_not_equal(s.at[i]->notice->state, "acknowledged");
	town_unlook(&s);
	town_free(&t);
}

static void test_said_by_telephone(void **state)
{
	(void)state;
	struct town t;
	struct seen s;
	town_init(&t, 3);
	uint32_t inc = town_alarm_fault(&t, false);
	town_done(town_act(&t, (struct command){.type = CMD_ACKNOWLEDGE,
				       .person = "p_of",
				       .behalf = "p_op",
				       .channel = CH_TELEPHONE,
				       .number = "0749-00-0001",
				       .said_at = t.now,
				       .notice = town_notice_to(&t, inc, "A.fault", "p_op", NOTICE_TELL)->id}));
	town_look(&t, INBOX, 0, NULL, "p_op", &s);
	Renraku__ConfirmRow *c = town_nth(&s, RENRAKU__ROW__BODY_CONFIRM, 0)->confirm;
	assert_string_equal(c->what, "受領確認：障害の連絡");
	assert_string_equal(c->channel, "telephone");
	assert_string_equal(c->number, "0749-00-0001");
	assert_string_equal(c->entered_by, "責任 花子");
	uint64_t record = c->record;
	town_unlook(&s);
	town_look(&t, INCIDENT, inc, NULL, "p_of", &s);
	assert_int_equal(town_count(&s, RENRAKU__ROW__BODY_CONFIRM), 1);
	Renraku__NoticeRow *n = town_nth(&s, RENRAKU__ROW__BODY_NOTICE, 0)->notice;
	assert_true(n->recipients[0]->unconfirmed);
	assert_string_equal(n->recipients[0]->number, "0749-00-0001"); /* where he was reached */
	assert_string_equal(n->recipients[0]->entered_by, "責任 花子");
	town_unlook(&s);
	town_done(town_act(&t, (struct command){.type = CMD_CONFIRM, .person = "p_op", .ref = record}));
	town_look(&t, INCIDENT, inc, NULL, "p_of", &s);
	assert_int_equal(town_count(&s, RENRAKU__ROW__BODY_CONFIRM), 0);
	assert_false(town_nth(&s, RENRAKU__ROW__BODY_NOTICE, 0)->notice->recipients[0]->unconfirmed);
	town_unlook(&s);
	town_free(&t);
}

static void test_contacts_by_the_hour(void **state)
{
	(void)state;
	struct town t;
	struct seen s;
	town_init(&t, 3);
	for (int night = 0; night < 2; night++, t.now += INT64_C(9) * 3600 * 1000) {
		town_look(&t, CONTACTS, 0, "t0001", NULL, &s);
		size_t now = 0;
		for (size_t i = 0; i < s.n; i++) {
			if (s.at[i]->body_case != RENRAKU__ROW__BODY_CONTACT)
				continue;
			Renraku__ContactRow *c = s.at[i]->contact;
			assert_string_equal(c->kind, "body");
			assert_string_equal(c->verified, "2026-04-01");
			assert_int_equal(c->n_clause, 1);
			if (c->now)
				assert_string_equal(c->hours, night ? "closed" : "business");
			now += c->now ? 1 : 0;
		}
		assert_int_equal(now, 1);
		assert_string_equal(town_nth(&s, RENRAKU__ROW__BODY_PERSON, 0)->person->id, "p_op"); /* whom an alarm tells first */
		assert_string_equal(town_row(&s, "person:p_op")->person->deputy_of[0], "officer");
		town_unlook(&s);
	}
	town_free(&t);
}

/* A broadcast to thousands is split in rows that fit a frame; nobody is lost and nobody twice. */
static void test_long_broadcast(void **state)
{
	(void)state;
	struct town t;
	struct seen s;
	const size_t terminals = 5000;
	town_init(&t, terminals);
	uint32_t inc = town_alarm_fault(&t, false);
	town_look(&t, INCIDENT, inc, NULL, "p_op", &s);
	bool *seen = calloc(terminals + 1, sizeof *seen);
	size_t n = 0, parts = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i]->body_case != RENRAKU__ROW__BODY_NOTICE || strcmp(s.at[i]->notice->role, "operator") == 0)
			continue;
		for (size_t k = 0; k < s.at[i]->notice->n_recipients; k++) {
			size_t id = strtoul(s.at[i]->notice->recipients[k]->id + 1, NULL, 10);
			if (strcmp(s.at[i]->notice->recipients[k]->as, "terminal") != 0)
				continue;
			assert_true(id >= 1 && id <= terminals && !seen[id]);
			seen[id] = true;
			n++;
		}
		parts += s.at[i]->notice->part > 0;
	}
	assert_int_equal(n, terminals);
	assert_true(parts > 5);
	free(seen);
	town_unlook(&s);
	town_look(&t, BOARD, 0, NULL, "p_op", &s);
	assert_int_equal(town_count(&s, RENRAKU__ROW__BODY_TERMINAL), terminals);
	town_unlook(&s);
	town_free(&t);
}

static void test_notice_message(void **state)
{
	(void)state;
	struct town t;
	town_init(&t, 3);
	uint32_t inc = town_alarm_fault(&t, true);
	const struct notice *n = town_notice_to(&t, inc, "A.fault", "p_op", NOTICE_TELL);
	struct arena *arena = arena_new(0);
	Renraku__Notice m;
	view_notice(t.engine, n, arena, &m);
	assert_string_equal(m.title, "【訓練】障害の連絡：窓口1番の統合端末（ハードウェア）");
	assert_string_equal(m.title_en, "[DRILL] Fault report: 窓口1番の統合端末 (Hardware)");
	assert_true(m.drill && m.wants_ack && !m.ended);
	assert_string_equal(m.kind, "tell");
	assert_string_equal(m.role, "operator");
	assert_string_equal(m.place, "窓口1番の統合端末");
	assert_string_equal(m.clause[0], "F1.1a");
	assert_int_equal(m.n_values, 3);
	assert_string_equal(m.values[0]->title, "事象");
	town_acknowledge(&t, "p_op", n, NULL);
	view_notice(t.engine, n, arena, &m);
	assert_true(m.ended);
	assert_string_equal(m.ended_by, "受領済み：担当 太郎（本人、画面）");
	const struct incident *i = engine_incident(t.engine, inc);
	for (size_t k = 0; k < i->n_notices; k++)
		if (i->notices[k]->broadcast) {
			view_notice(t.engine, i->notices[k], arena, &m);
			assert_string_equal(m.role, "every_terminal");
			assert_int_equal(renraku__notice__get_packed_size(&m) > 0, 1);
		}
	arena_free(arena);
	town_free(&t);
}

/* Text that fills a frame must not make a row that does. */
static void test_long_texts(void **state)
{
	(void)state;
	struct town t;
	struct seen s;
	town_init(&t, 3);
	uint32_t inc = town_alarm_fault(&t, false);
	town_acknowledge(&t, "p_op", town_notice_to(&t, inc, "A.fault", "p_op", NOTICE_TELL), NULL);
	char *text = malloc(60001);
	for (size_t i = 0; i < 60000; i += 3)
		memcpy(text + i, "あ", 3);
	text[60000] = '\0';
	struct record_value values[] = {{.field = "serious", .value = "slight"}, {.field = "cause", .value = text}};
	town_enter(&t, "p_op", inc, "F1.1", values, 2);
	town_done(town_act(&t, (struct command){.type = CMD_COMMENT, .person = "p_op", .incident = inc, .text = text}));
	free(text);
	town_look(&t, INCIDENT, inc, NULL, "p_op", &s); /* asserts the sizes, and that each row unpacks */
	const char *cut = town_row(&s, "item:1:F1.1")->item->values[1]->value;
	assert_true(strlen(cut) > 3000);
	assert_string_equal(cut + strlen(cut) - strlen("あ…"), "あ…"); /* cut between characters */
	town_unlook(&s);
	town_free(&t);
}

/* Real alarms stand before drills, whichever came first. */
static void test_real_before_drill(void **state)
{
	(void)state;
	struct town t;
	struct seen s;
	town_init(&t, 3);
	town_alarm_fault(&t, true);
	t.now += 1000;
	town_alarm_fault(&t, false);
	town_look(&t, INBOX, 0, NULL, "p_op", &s);
	assert_false(town_nth(&s, RENRAKU__ROW__BODY_NOTICE, 0)->notice->drill);
	town_unlook(&s);
	town_look(&t, BOARD, 0, NULL, "p_op", &s);
	assert_false(town_nth(&s, RENRAKU__ROW__BODY_INCIDENT, 0)->incident->drill);
	assert_true(town_nth(&s, RENRAKU__ROW__BODY_INCIDENT, 1)->incident->drill);
	assert_int_equal(town_count(&s, RENRAKU__ROW__BODY_ALARM_FORM), 2);
	assert_string_equal(town_nth(&s, RENRAKU__ROW__BODY_ALARM_FORM, 0)->alarm_form->word, "fault");
	town_unlook(&s);
	town_free(&t);
}

static void test_empty_town(void **state)
{
	(void)state;
	struct town t = {.engine = engine_new(), .now = START};
	struct seen s;
	static const Renraku__View views[] = {INBOX, BOARD, CONTACTS};
	for (size_t i = 0; i < 3; i++) {
		town_look(&t, views[i], 0, "t1", "p1", &s);
		assert_true(s.allowed);
		assert_int_equal(s.n, 1);
		town_unlook(&s);
	}
	town_look(&t, INCIDENT, 7, NULL, "p1", &s);
	assert_false(s.allowed);
	town_unlook(&s);
	char key[128], id[100];
	memset(id, 'a', 99);
	id[99] = '\0';
	for (int v = 1; v <= 4; v++)
		view_audience(t.engine, (Renraku__View)v, 4294967295u, &(struct view_reader){id, id}, key);
	town_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_town),
		cmocka_unit_test(test_alarm_reaches_inboxes),
		cmocka_unit_test(test_item_in_full),
		cmocka_unit_test(test_what_was_entered),
		cmocka_unit_test(test_telephone_when_nobody_is_there),
		cmocka_unit_test(test_deputy_answers),
		cmocka_unit_test(test_said_by_telephone),
		cmocka_unit_test(test_contacts_by_the_hour),
		cmocka_unit_test(test_long_broadcast),
		cmocka_unit_test(test_notice_message),
		cmocka_unit_test(test_long_texts),
		cmocka_unit_test(test_real_before_drill),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
