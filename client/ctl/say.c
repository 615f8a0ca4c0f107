#include "ctl/say.h"

#include <stdlib.h>
#include <string.h>

#include "lib/i18n.h"

#define TEXT_MAX (1u << 20)

struct word {
	const char *code, *ja, *en;
};

/* An unknown code is shown as it is: a later server may know more than this program. */
static const char *find(const struct word *words, const char *code)
{
	for (; words->code; words++)
		if (strcmp(words->code, code) == 0)
			return T(words->ja, words->en);
	return code;
}

const char *say_item_state(const char *code)
{
	static const struct word words[] = {{"undetermined", "未定", "undetermined"}, {"not_applicable", "該当なし", "not applicable"},
		{"waiting", "順番待ち", "waiting"}, {"ready", "対応待ち", "to be done"}, {"told", "確認待ち", "being acknowledged"}, {"done", "完了", "done"},
		{"waived", "不要", "not needed"}, {"held", "保留", "held"}, {"kept", "記録のみ", "kept"}, {"standing", "随時", "any time"},
		{NULL, NULL, NULL}};

	return find(words, code);
}

const char *say_incident_state(const char *code)
{
	static const struct word words[] = {{"open", "進行中", "open"}, {"closed", "終結", "closed"}, {"given_up", "訓練中止", "given up"},
		{"joined", "統合済", "joined"}, {NULL, NULL, NULL}};

	return find(words, code);
}

const char *say_stage(Renraku__Stage stage)
{
	switch (stage) {
	case RENRAKU__STAGE__STAGE_SENT:
		return T("送信", "sent");
	case RENRAKU__STAGE__STAGE_DELIVERED:
		return T("配達", "delivered");
	case RENRAKU__STAGE__STAGE_DISPLAYED:
		return T("表示", "displayed");
	default:
		return T("未着", "not sent");
	}
}

const char *say_capacity(const char *code)
{
	static const struct word words[] = {{"self", "本人", "holder"}, {"deputy", "代理", "deputy"}, {"delegate", "委任", "delegate"},
		{"terminal", "端末", "terminal"}, {"none", "", ""}, {NULL, NULL, NULL}};

	return find(words, code);
}

const char *say_actor(struct arena *arena, const Renraku__ItemRow *item)
{
	const char *who = i18n_pick(item->entered_by, item->entered_by_en), *capacity = say_capacity(item->capacity);
	bool said = strcmp(item->channel, "screen") != 0; /* entered_by says already how, and who entered it */

	return !*capacity || (said && strcmp(item->capacity, "self") == 0) ? who
									   : arena_printf(arena, T("%s（%s）", "%s (%s)"), who, capacity);
}

const char *say_channel(const char *code)
{
	static const struct word words[] = {{"screen", "画面", "screen"}, {"telephone", "電話", "telephone"},
		{"in_person", "対面", "in person"}, {"paper", "書面", "paper"}, {NULL, NULL, NULL}};

	return find(words, code);
}

const char *say_answer(const char *code)
{
	static const struct word words[] = {
		{"present", "出席", "present"}, {"absent", "欠席", "absent"}, {"deputy", "代理出席", "deputy comes"}, {NULL, NULL, NULL}};

	return find(words, code);
}

const char *say_escalation(const char *code)
{
	static const struct word words[] = {{"none", "", ""}, {"repeated", "再通知", "told again"},
		{"deputies", "代理へ通知", "deputies told"}, {"above", "上位者へ通知", "those above told"},
		{"telephone", "電話が必要", "telephone"}, {NULL, NULL, NULL}};

	return find(words, code);
}

const char *say_as(const char *code)
{
	static const struct word words[] = {{"holder", "本人", "holder"}, {"deputy", "代理", "deputy"}, {"above", "上位者", "above"},
		{"with", "あわせて", "with"}, {"member", "構成員", "member"}, {"terminal", "端末", "terminal"},
		{"delegate", "委任", "delegate"}, {NULL, NULL, NULL}};

	return find(words, code);
}

const char *say_why(const char *code)
{
	static const struct word words[] = {{"absent", "不在", "absent"}, {"silent", "応答なし", "no answer"},
		{"no_login", "電話のみ", "telephone only"}, {"overdue", "期限超過", "overdue"},
		{"readdressed", "担当の変更", "holder changed"}, {NULL, NULL, NULL}};

	return find(words, code);
}

const char *say_cause(const char *text)
{
	static const struct word words[] = {{"acted", "着手・対応した", "acted"}, {"self", "自分の入力による", "by own entry"},
		{"relayed", "前の役割で受領済み", "already acknowledged in the role before"},
		{"not_ready", "今は対応が要らなくなった", "not ready"}, {"not_applicable", "条件が変わり対象外になった", "not applicable"},
		{"closed", "事案が終結した", "closed"}, {"amended", "内容が訂正された", "amended"},
		{"reopened", "やり直しになった", "reopened"}, {"term", "期間の終わり", "its term ended"},
		{"barred", "関与の制限", "kept out"}, {"left", "このブラウザーから外れた", "this browser left"},
		{"ended", "管理者が終えた", "ended by an administrator"}, {"lost", "復元で失われた", "lost in restoring"},
		{NULL, NULL, NULL}};
	const char *found = find(words, text);

	return found == text ? say_why(text) : found;
}

const char *say_measure(const char *code)
{
	static const struct word words[] = {{"in_force", "継続中", "in force"}, {"lifted", "解除済", "lifted"},
		{"ended", "解除済", "ended"}, {"handed_over", "引継ぎ済", "handed over"}, {NULL, NULL, NULL}};

	return find(words, code);
}

const char *say_hour(struct arena *arena, const Renraku__ItemRow *item)
{
	static const struct word words[] = {{"business", "執務時間", "business hours"}, {"night", "夜間", "night"},
		{"weekend", "週末", "weekend"}, {"holiday", "祝日", "holiday"}, {"closure", "閉庁期間", "office closed"},
		{NULL, NULL, NULL}};

	if (!*item->calls_hour)
		return "";
	if (*item->calls_holiday)
		return arena_printf(arena, T("（いまは%s・%s）", " (now: %s, %s)"), find(words, item->calls_hour), item->calls_holiday);
	return arena_printf(arena, T("（いまは%s）", " (now: %s)"), find(words, item->calls_hour));
}

const char *say_hours(const char *code)
{
	static const struct word words[] = {{"always", "終日", "always"}, {"business", "執務時間", "business hours"},
		{"closed", "夜間・休日", "nights, holidays"}, {"night", "夜間", "nights"}, {"weekend", "週末", "weekends"},
		{"holiday", "祝日", "holidays"}, {"closure", "閉庁期間", "office closed"}, {NULL, NULL, NULL}};

	return find(words, code);
}

static char *settle(struct arena *arena, struct buf *buf)
{
	char *text = arena_strdup(arena, buf_str(buf));

	buf_free(buf);
	return text;
}

char *const *say_either(char *const *ja, size_t n, char *const *en, size_t n_en)
{
	return i18n_get() == I18N_EN && n_en == n ? en : ja;
}

static void value(struct buf *out, const Renraku__ShownValue *shown)
{
	const char *title = i18n_pick(shown->title, shown->title_en), *text = i18n_pick(shown->shown, shown->shown_en);
	size_t i;

	buf_puts(out, *title ? title : shown->field);
	buf_puts(out, T("：", ": "));
	if (*shown->unknown)
		buf_printf(out, T("不明（%s）", "unknown (%s)"), shown->unknown);
	else
		buf_puts(out, *text ? text : shown->value);
	for (i = 0; i < shown->n_checks; i++)
		buf_printf(out, "%s☑%s", i ? " " : T("　", " "), shown->checks[i]);
}

char *say_values(struct arena *arena, Renraku__ShownValue *const *values, size_t n)
{
	struct buf out;
	size_t i;

	buf_init(&out, TEXT_MAX);
	for (i = 0; i < n; i++) {
		if (i)
			buf_puts(&out, T("、", ", "));
		value(&out, values[i]);
	}
	return settle(arena, &out);
}

char *say_join(struct arena *arena, char *const *texts, size_t n, const char *separator)
{
	struct buf out;
	size_t i;

	buf_init(&out, TEXT_MAX);
	for (i = 0; i < n; i++) {
		if (i)
			buf_puts(&out, separator);
		buf_puts(&out, texts[i]);
	}
	return settle(arena, &out);
}

const char *say_drill(bool drill)
{
	return drill ? T("【訓練】", "[DRILL] ") : "";
}

const char *say_drill_call(void)
{
	return T("【訓練】電話では、訓練であることを初めに伝えてください。", "[DRILL] On the telephone say first that this is a drill.");
}

char *say_marked(struct arena *arena, bool drill, const char *title)
{
	static const char *const marks[] = {"【訓練】", "[DRILL] "};
	const char *mark = say_drill(drill);
	size_t i;

	for (i = 0; i < 2; i++)
		if (strncmp(title, marks[i], strlen(marks[i])) == 0)
			title += strlen(marks[i]);
	return arena_printf(arena, "%s%s", mark, title);
}
