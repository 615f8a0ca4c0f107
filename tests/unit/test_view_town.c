#include "unit/test_view_town.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char town_plan[] =
	"plan: small\nlanguage: 1\ntitle: 小さな町の計画\nedition: 第1版\n"
	"roles:\n"
	"  - {id: operator, title: 担当者, above: officer}\n"
	"  - {id: officer, title: 責任者}\n"
	"  - {id: council, title: 会議, group: true}\n"
	"bodies:\n"
	"  - {id: prefecture, title: 県, aliases: [県庁]}\n"
	"contacts:\n"
	"  - {body: prefecture, tel: 077-000-0001, hours: business, clause: [C1]}\n"
	"  - {body: prefecture, tel: 077-000-0002, hours: closed, clause: [C2]}\n"
	"facts:\n"
	"  - {id: category, title: 区分, values: [{id: fault, title: 障害}, {id: misuse, title: 不正行為}]}\n"
	"  - {id: serious, title: 重大さ, values: [{id: serious, title: 重大, guide: [長時間の停止]}, {id: slight, title: 軽微}]}\n"
	"procedures:\n"
	"- id: common\n"
	"  title: 共通\n"
	"  steps:\n"
	"  - id: S0\n"
	"    title: 受付\n"
	"    items:\n"
	"    - id: A.fault\n"
	"      title: 障害の連絡\n"
	"      title_en: Fault report\n"
	"      alarm: fault\n"
	"      clause: [F1.1a]\n"
	"      entry: true\n"
	"      by: [anyone]\n"
	"      sets: [category = fault]\n"
	"      joins: [kind, place]\n"
	"      form:\n"
	"        - {id: kind, title: 事象, type: choice, unknown: true, options: [{id: hardware, title: ハードウェア, title_en: Hardware}, "
	"{id: line, title: 回線}]}\n"
	"        - {id: place, title: 場所, type: place}\n"
	"        - {id: text, title: 状況, type: text, optional: true}\n"
	"      tell: [{to: [operator], ack: any}, {to: [every_terminal], ack: none}]\n"
	"    - id: A.misuse\n"
	"      title: 不正行為の連絡\n"
	"      alarm: misuse\n"
	"      entry: true\n"
	"      by: [anyone]\n"
	"      sets: [category = misuse]\n"
	"      form: [{id: text, title: 状況, type: text}]\n"
	"      tell: [{to: [officer], ack: any}]\n"
	"  - id: END\n"
	"    title: 終結\n"
	"    items:\n"
	"    - {id: X.close, title: 終結の判断, by: [officer], closes: true, form: [{id: text, title: 所見, type: text}]}\n"
	"- id: fault\n"
	"  title: 障害\n"
	"  when: category == fault\n"
	"  steps:\n"
	"  - id: F1\n"
	"    title: 手順1\n"
	"    items:\n"
	"    - id: F1.1\n"
	"      words: 障害の原因を調べる\n"
	"      by: [operator]\n"
	"      form: [{id: serious, title: 判断, type: choice, sets: serious}, {id: cause, title: 原因, type: text, unknown: true}]\n"
	"      calls: {bodies: [prefecture], need: all, optional: true}\n"
	"      tell: [{to: [officer], ack: any}]\n"
	"      after: [S0]\n"
	"    - id: F1.2\n"
	"      title: 会議の招集\n"
	"      by: [officer]\n"
	"      when: serious == serious\n"
	"      form: [{id: at, title: 日時, type: time}]\n"
	"      tell: [{to: [council], ack: quorum}]\n"
	"      after: [F1.1]\n"
	"    - id: F1.3\n"
	"      title: 全端末への周知\n"
	"      by: [officer]\n"
	"      form: [{id: text, title: 内容, type: text}, {id: fit, title: 可否, type: choice, optional: true, "
	"options: [{id: fit, title: 可}, {id: again, title: 調べ直す, reopens: [F1.1]}]}]\n"
	"      tell: [{to: [every_terminal], ack: all}]\n"
	"      after: [F1.2]\n"
	"- id: misuse\n"
	"  title: 不正行為\n"
	"  when: category == misuse\n"
	"  seen_by: [officer]\n"
	"  steps:\n"
	"  - id: M1\n"
	"    title: 手順1\n"
	"    items:\n"
	"    - {id: M1.1, title: 調査, by: [officer], form: [{id: text, title: 結果, type: text}], after: [S0]}\n";

static const char site_head[] =
	"site: town\nplan: small\ntitle: 小さな町\n"
	"persons:\n"
	"  - {id: p_op, name: 担当 太郎, reach: [{via: login}, {via: tel, number: 0749-00-0001}, {via: tel, number: 090-0000-0001, "
	"private: true}]}\n"
	"  - {id: p_of, name: 責任 花子, administrator: true, reach: [{via: login}, {via: tel, number: 0749-00-0002}]}\n"
	"  - {id: p_de, name: 代理 次郎, reach: [{via: login}, {via: tel, number: 090-0000-0003, private: true}]}\n"
	"  - {id: p_cl, name: 窓口 三郎, reach: [{via: login}]}\n"
	"holders:\n"
	"  - {role: operator, persons: [p_op], deputies: [p_de]}\n"
	"  - {role: officer, persons: [p_of], deputies: [p_op]}\n"
	"groups:\n"
	"  - {role: council, chair: officer, members: [p_op, p_of, p_de], quorum: 2}\n"
	"contacts:\n"
	"  - {body: prefecture, tel: 077-000-0001, hours: business, verified: 2026-04-01}\n"
	"  - {body: prefecture, tel: 077-000-0002, hours: closed, verified: 2026-04-01}\n"
	"calendar: {business: 08:30-17:15, days: [mon, tue, wed, thu, fri]}\n"
	"private_to: [officer]\n"
	"terminals:\n";

static void evolve(struct town *t, struct records *records)
{
	for (size_t i = 0; i < records->n; i++) {
		records->at[i].index = engine_index(t->engine) + 1;
		engine_evolve(t->engine, &records->at[i], &t->changes);
	}
	records_clear(records);
}

struct verdict town_act(struct town *t, struct command c)
{
	char id[32];
	struct verdict v = {0};
	struct records records;
	snprintf(id, sizeof id, "command-%08u", ++t->commands);
	c.id = id;
	c.now = t->now;
	c.made_at = t->now;
	if (!c.sender)
		c.sender = c.person ? "person:x" : "terminal:t0001";
	records_init(&records);
	changes_clear(&t->changes);
	int verdict = engine_decide(t->engine, &c, &records, &v);
	if (verdict < 0)
		print_error("%s: %s\n", command_type_name(c.type), v.text);
	for (size_t i = 0; verdict < 0 && i < v.n_missing; i++)
		print_error("  %s\n", v.missing[i]);
	assert_int_equal(verdict, 0);
	evolve(t, &records);
	while (engine_react(t->engine, t->now, &records))
		evolve(t, &records);
	records_free(&records);
	return v;
}

void town_done(struct verdict v)
{
	verdict_clear(&v);
}

void town_load(struct town *t, enum command_type type, const char *text)
{
	town_done(town_act(t, (struct command){.type = type,
				      .sender = "console",
				      .name = "text",
				      .text = "00ff",
				      .blob = (const uint8_t *)text,
				      .blob_len = strlen(text)}));
}

static char *site_text(size_t terminals)
{
	size_t max = sizeof site_head + terminals * 100 + 1, len = sizeof site_head - 1;
	char *text = malloc(max);
	assert_non_null(text);
	memcpy(text, site_head, len);
	for (size_t i = 1; i <= terminals; i++)
		len += (size_t)snprintf(text + len, max - len, "  - {id: t%04zu, place: 窓口%zu番の統合端末}\n", i, i);
	return text;
}

void town_presence(struct town *t, const char *who, bool present)
{
	struct record_recipient r = {who, AS_HOLDER};
	town_done(town_act(t, (struct command){.type = CMD_PRESENCE, .flag = present, .recipients = &r, .n_recipients = 1}));
}

void town_init(struct town *t, size_t terminals)
{
	char *site = site_text(terminals);
	memset(t, 0, sizeof *t);
	t->engine = engine_new();
	t->now = START;
	town_done(town_act(t, (struct command){.type = CMD_STARTED, .text = "test"}));
	town_load(t, CMD_LOAD_PLAN, town_plan);
	town_load(t, CMD_LOAD_SITE, site);
	free(site);
	town_presence(t, "person:p_op", true);
	town_presence(t, "person:p_of", true);
}

void town_free(struct town *t)
{
	changes_free(&t->changes);
	engine_free(t->engine);
}

uint32_t town_alarm_fault(struct town *t, bool drill)
{
	struct record_value values[] = {{.field = "kind", .value = "hardware"}, {.field = "text", .value = "起動しない"}};
	struct verdict v = town_act(t,
		(struct command){.type = CMD_ALARM, .terminal = "t0001", .item = "fault", .flag = drill, .values = values, .n_values = 2});
	uint32_t incident = v.incident;
	verdict_clear(&v);
	return incident;
}

void town_enter(struct town *t, const char *person, uint32_t incident, const char *item, const struct record_value *values, size_t n)
{
	town_done(town_act(
		t, (struct command){
			   .type = CMD_ENTER, .person = person, .incident = incident, .item = item, .values = values, .n_values = n}));
}

/* ---- looking ---- */

void town_look(struct town *t, Renraku__View view, uint32_t incident, const char *terminal, const char *person, struct seen *s)
{
	struct view_reader reader = {terminal, person};
	view_rows_init(&s->rows);
	s->allowed = view_compute(t->engine, view, incident, &reader, t->now, &s->rows);
	s->n = s->rows.n;
	s->at = calloc(s->n + 1, sizeof *s->at);
	for (size_t i = 0; i < s->n; i++) {
		assert_true(s->rows.at[i].len < 32768);
		s->at[i] = renraku__row__unpack(NULL, s->rows.at[i].len, s->rows.at[i].bytes);
		assert_non_null(s->at[i]);
		assert_string_equal(s->at[i]->key, s->rows.at[i].key);
		assert_true(s->at[i]->order[0] != '\0');
		if (i)
			assert_true(strcmp(s->rows.at[i - 1].key, s->rows.at[i].key) < 0);
	}
}

void town_unlook(struct seen *s)
{
	for (size_t i = 0; i < s->n; i++)
		renraku__row__free_unpacked(s->at[i], NULL);
	free(s->at);
	view_rows_free(&s->rows);
}

Renraku__Row *town_row(struct seen *s, const char *key)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->at[i]->key, key) == 0)
			return s->at[i];
	return NULL;
}

/* The n-th row of a kind, in the order in which a client shows them. */
static int by_order(const void *a, const void *b)
{
	const Renraku__Row *x = *(Renraku__Row *const *)a, *y = *(Renraku__Row *const *)b;
	int order = strcmp(x->order, y->order);
	return order ? order : strcmp(x->key, y->key);
}

Renraku__Row *town_nth(struct seen *s, Renraku__Row__BodyCase kind, size_t n)
{
	qsort(s->at, s->n, sizeof *s->at, by_order);
	for (size_t i = 0; i < s->n; i++)
		if (s->at[i]->body_case == kind && n-- == 0)
			return s->at[i];
	return NULL;
}

size_t town_count(struct seen *s, Renraku__Row__BodyCase kind)
{
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++)
		n += s->at[i]->body_case == kind;
	return n;
}

const struct notice *town_notice_to(struct town *t, uint32_t incident, const char *item, const char *person, enum notice_kind kind)
{
	const struct incident *inc = engine_incident(t->engine, incident);
	for (size_t i = inc->n_notices; i-- > 0;)
		if (strcmp(inc->plan->items[inc->notices[i]->item].id, item) == 0 && inc->notices[i]->kind == kind &&
			engine_notice_recipient(inc->notices[i], person))
			return inc->notices[i];
	return NULL;
}

void town_acknowledge(struct town *t, const char *person, const struct notice *n, const char *answer)
{
	assert_non_null(n);
	town_done(town_act(t, (struct command){.type = CMD_ACKNOWLEDGE, .person = person, .notice = n->id, .answer = answer}));
}
