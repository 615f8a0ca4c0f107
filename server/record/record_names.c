/*
 * record_names: every enum of record.h with its name (for JSON, traces, the log) and, where people read it, its title.
 */
#include "record/record.h"

/* A kind that this version does not know still gets a name, so that an older program can print a newer log. */
static const struct {
	enum record_kind kind;
	const char *name, *title;
} kinds[] = {
	{REC_NONE, "none", "なし"},
	{REC_STARTED, "started", "サーバー起動"},
	{REC_CLOCK, "clock", "時計のずれ"},
	{REC_PLAN_LOADED, "plan_loaded", "計画の登録"},
	{REC_SITE_LOADED, "site_loaded", "庁内情報の登録"},
	{REC_PASSWORD_SET, "password_set", "パスワードの設定"},
	{REC_ABSENCE, "absence", "不在の登録"},
	{REC_DELEGATED, "delegated", "代理・委任の登録"},
	{REC_DELEGATION_ENDED, "delegation_ended", "代理・委任の終了"},
	{REC_PRESENCE, "presence", "在席の変化"},
	{REC_OPENED, "opened", "通報"},
	{REC_ALARM_JOINED, "alarm_joined", "通報の追加"},
	{REC_SPLIT, "split", "通報の切り離し"},
	{REC_JOINED, "joined", "事案の統合"},
	{REC_ENTERED, "entered", "入力"},
	{REC_WAIVED, "waived", "不要の判断"},
	{REC_REOPENED, "reopened", "差し戻し"},
	{REC_DONE, "done", "完了"},
	{REC_NOTIFIED, "notified", "通知"},
	{REC_BROADCAST, "broadcast", "一斉通知"},
	{REC_RECEIPT, "receipt", "到達"},
	{REC_ACKNOWLEDGED, "acknowledged", "受領確認"},
	{REC_EXCUSED, "excused", "端末の除外"},
	{REC_REPEATED, "repeated", "再通知"},
	{REC_ESCALATED, "escalated", "通知先の拡大"},
	{REC_WITHDRAWN, "withdrawn", "通知の終了"},
	{REC_CONFIRMED, "confirmed", "本人の追認"},
	{REC_DENIED, "denied", "本人の否認"},
	{REC_CALL, "call", "電話連絡"},
	{REC_COMMENT, "comment", "コメント"},
	{REC_HANDED_OVER, "handed_over", "措置の引継ぎ"},
	{REC_FOLLOW_UP, "follow_up", "継続事項"},
	{REC_FOLLOW_UP_CHANGED, "follow_up_changed", "継続事項の変更"},
	{REC_CLOSED, "closed", "事案の終結"},
	{REC_GIVEN_UP, "given_up", "訓練の中止"},
	{REC_REMINDED, "reminded", "継続事項の督促"},
	{REC_BARRED, "barred", "関与の制限"},
	{REC_READ, "read", "閲覧"},
	{REC_TEST, "test", "接続テスト"},
	{REC_TEST_ANSWERED, "test_answered", "接続テストの応答"},
	{REC_TEST_ENDED, "test_ended", "接続テストの終了"},
	{REC_ENROLLED, "enrolled", "ブラウザーの端末登録"},
	{REC_ENROLMENT_ENDED, "enrolment_ended", "ブラウザーの端末登録の終了"},
};

static size_t kind_row(enum record_kind kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].kind == kind)
			return i;
	return SIZE_MAX;
}

const char *record_kind_name(enum record_kind kind)
{
	size_t row = kind_row(kind);
	return row == SIZE_MAX ? "unknown" : kinds[row].name;
}

const char *record_kind_title(enum record_kind kind)
{
	size_t row = kind_row(kind);
	return row == SIZE_MAX ? "新しい版の記録" : kinds[row].title;
}

/* Numbers may come from bytes on a disk, so a table is never indexed without looking. */
#define NAME_OF(table, value) ((size_t)(value) < sizeof(table) / sizeof *(table) ? (table)[(size_t)(value)] : "unknown")

static const char *const capacity_names[] = {"none", "self", "deputy", "delegate", "terminal"};
static const char *const capacity_titles[] = {"", "本人", "代理", "委任", "端末"};
static const char *const channel_names[] = {"screen", "telephone", "in_person", "paper"};
static const char *const channel_titles[] = {"画面", "電話", "対面", "書面"};
static const char *const as_names[] = {"holder", "deputy", "above", "with", "member", "terminal", "delegate"};
static const char *const notice_names[] = {"tell", "your_turn", "reminder", "call_again"};
static const char *const escalation_names[] = {"none", "repeated", "deputies", "above", "telephone"};

const char *capacity_name(enum capacity c)
{
	return NAME_OF(capacity_names, c);
}

const char *capacity_title(enum capacity c)
{
	return NAME_OF(capacity_titles, c);
}

const char *channel_name(enum channel c)
{
	return NAME_OF(channel_names, c);
}

const char *channel_title(enum channel c)
{
	return NAME_OF(channel_titles, c);
}

const char *recipient_as_name(enum recipient_as as)
{
	return NAME_OF(as_names, as);
}

const char *notice_kind_name(enum notice_kind kind)
{
	return NAME_OF(notice_names, kind);
}

const char *escalation_name(enum escalation e)
{
	return NAME_OF(escalation_names, e);
}
