/*
 * command: names of commands, reason codes and the sentences that explain them.
 */
#include "engine/command.h"

#include <stdio.h>
#include <stdlib.h>

const char *command_type_name(enum command_type t)
{
	static const char *const names[] = {
		"none",
		"alarm",
		"withdraw",
		"acknowledge",
		"excuse",
		"enter",
		"waive",
		"reopen",
		"log_call",
		"hand_over",
		"comment",
		"follow_up",
		"confirm",
		"split",
		"join",
		"give_up",
		"absence",
		"delegate",
		"end_delegation",
		"bar",
		"test",
		"edit_holders",
		"edit_person",
		"load_plan",
		"load_site",
		"started",
		"clock",
		"presence",
		"receipts",
		"password",
		"read",
		"answers",
		"enrol",
		"enrol_end",
	};
	return (size_t)t < sizeof names / sizeof *names ? names[t] : "?";
}

/* %s stands for the detail; sentences say what is wrong and what to do. */
static const struct {
	const char *name, *ja, *en;
} reasons[REASON_COUNT] = {
	[REASON_OK] = {"OK", "", ""},
	[REASON_REPEATED] = {"REPEATED", "", ""},
	[REASON_NOT_SIGNED_IN] = {"NOT_SIGNED_IN", "サインインが必要です。renraku sign-in でサインインしてください。",
		"Sign in first (renraku sign-in)."},
	[REASON_NOT_ENTITLED] = {"NOT_ENTITLED", "「%s」を行う権限がありません。担当の方に連絡してください。",
		"You are not entitled to do '%s'. Reach whoever holds the role."},
	[REASON_ADMIN_ONLY] = {"ADMIN_ONLY", "管理者だけが行えます。", "Only an administrator may do this."},
	[REASON_NO_PLAN] = {"NO_PLAN", "計画または庁内の登録情報がまだ読み込まれていません。管理者に連絡してください。",
		"No plan or no site has been loaded yet. Reach the administrator."},
	[REASON_UNKNOWN_INCIDENT] = {"UNKNOWN_INCIDENT", "事案 %s はありません。renraku status で番号を確かめてください。",
		"There is no incident %s. See renraku status for the numbers."},
	[REASON_UNKNOWN_ITEM] = {"UNKNOWN_ITEM", "項目「%s」は計画にありません。", "The plan has no item '%s'."},
	[REASON_UNKNOWN_NOTICE] = {"UNKNOWN_NOTICE", "通知 %s はありません。renraku inbox で番号を確かめてください。",
		"There is no notice %s. See renraku inbox for the numbers."},
	[REASON_UNKNOWN_PERSON] = {"UNKNOWN_PERSON", "「%s」という人は登録されていません。", "Nobody called '%s' is registered."},
	[REASON_UNKNOWN_TERMINAL] = {"UNKNOWN_TERMINAL", "端末「%s」はこの通知の宛先にありません。",
		"Terminal '%s' is not addressed by this notice."},
	[REASON_UNKNOWN_RECORD] = {"UNKNOWN_RECORD", "その記録はないか、すでに処理されています。",
		"There is no such record, or it was dealt with already."},
	[REASON_UNKNOWN_FIELD] = {"UNKNOWN_FIELD", "「%s」という欄はこの項目にありません。", "This item has no field '%s'."},
	[REASON_NOTICE_CLOSED] = {"NOTICE_CLOSED", "通知 %s はすでに終わっています。受領確認は不要です。",
		"Notice %s has ended; no acknowledgement is needed."},
	[REASON_NO_NOTICE_FOR_YOU] = {"NO_NOTICE_FOR_YOU", "「%s」の通知はあなた宛てではありません。",
		"The notice of '%s' is not addressed to you."},
	[REASON_INCIDENT_CLOSED] = {"INCIDENT_CLOSED", "事案 %s は終結しています。", "Incident %s is closed."},
	[REASON_NOT_READY] = {"NOT_READY", "「%s」はまだ行えません。先に済ませる項目があります。",
		"'%s' cannot be done yet: other items come first."},
	[REASON_NOT_APPLICABLE] = {"NOT_APPLICABLE", "「%s」は今の状況では行いません。", "'%s' does not apply now."},
	[REASON_INCOMPLETE] = {"INCOMPLETE", "「%s」の記入が足りません。", "'%s' is incomplete."},
	[REASON_NO_SUCH_CHOICE] = {"NO_SUCH_CHOICE", "選択肢にありません：%s", "There is no such choice: %s"},
	[REASON_CHOICE_NOT_POSSIBLE] = {"CHOICE_NOT_POSSIBLE", "今は選べません：%s", "This choice is not possible now: %s"},
	[REASON_NOT_OPTIONAL] = {"NOT_OPTIONAL", "「%s」は省略できません。", "'%s' cannot be marked not needed."},
	[REASON_MEASURE_IN_FORCE] = {"MEASURE_IN_FORCE", "停止等の措置が解除されていません。解除するか、引き継いでください。",
		"A measure is still in force. Lift it or hand it over first."},
	[REASON_NOT_ACKNOWLEDGED] = {"NOT_ACKNOWLEDGED", "受領確認がまだの通知があります。", "Some notices are not acknowledged yet."},
	[REASON_ITEMS_OPEN] = {"ITEMS_OPEN", "「%s」の前に済ませる項目が残っています。", "Items remain to be settled before '%s'."},
	[REASON_AMEND_NOT_YOURS] = {"AMEND_NOT_YOURS", "%s が記入したものです。代理の方は自分が記入したものだけ訂正できます。",
		"It was entered by %s. A deputy amends only what he entered himself."},
	[REASON_TELEPHONE_INCOMPLETE] = {"TELEPHONE_INCOMPLETE", "電話番号と時刻を記入してください（対面・書面は時刻）。",
		"Give the telephone number and the time (in person, on paper: the time)."},
	[REASON_NOT_BY_TELEPHONE] = {"NOT_BY_TELEPHONE", "「%s」は電話では受け付けられません。本人がサインインして行ってください。",
		"The plan does not take '%s' by telephone. The person must sign in."},
	[REASON_NO_REASON_GIVEN] = {"NO_REASON_GIVEN", "理由を記入してください。", "Give a reason."},
	[REASON_NOT_A_DRILL] = {"NOT_A_DRILL", "訓練ではないので打ち切れません。", "It is not a drill, so it cannot be given up."},
	[REASON_NOT_YOUR_ALARM] = {"NOT_YOUR_ALARM", "他の端末からも通報があります。取り消しは担当者に連絡してください。",
		"Other terminals raised it too. Reach the operator to withdraw it."},
	[REASON_NOT_SEEN] = {"NOT_SEEN", "事案 %s を見る権限がありません。", "You may not see incident %s."},
	[REASON_ID_REUSED] = {"ID_REUSED", "同じ命令番号が別の内容に使われています。新しい番号で送ってください。",
		"This command id was used for other content. Send it under a new id."},
	[REASON_BAD_ID] = {"BAD_ID", "命令番号の形が正しくありません（英数字とハイフン、16〜64文字）。",
		"The command id must be 16 to 64 of [A-Za-z0-9-]."},
	[REASON_BAD_INPUT] = {"BAD_INPUT", "入力が正しくありません：%s", "Bad input: %s"},
	[REASON_PLAN_FAULTY] = {"PLAN_FAULTY", "誤りがあるため読み込めません。renraku plan check で確かめてください。",
		"It has faults and was not loaded. See renraku plan check."},
	[REASON_WRONG_ANSWER] = {"WRONG_ANSWER", "この答えは受け付けられません（出席 present・欠席 absent・代理 deputy）：%s",
		"This answer is not taken here (present, absent, deputy): %s"},
	[REASON_DELEGATION_EXPIRED] = {"DELEGATION_EXPIRED", "代理・委任の期間が終わっています：%s", "The delegation has expired: %s"},
	[REASON_DELEGATION_NOT_YET] = {"DELEGATION_NOT_YET", "代理・委任の期間がまだ始まっていません：%s",
		"The delegation has not begun yet: %s"},
	[REASON_NOT_TO_DELEGATE] = {"NOT_TO_DELEGATE", "この代理・委任はできません：%s。", "This cannot be delegated: %s."},
	[REASON_NOBODY_LEFT] = {"NOBODY_LEFT",
		"この人を外すと「%s」を務められる人がいなくなります。先に職務代理か委任を定めてください（本人か管理者：renraku "
		"delegate）。",
		"Without this person nobody could answer for '%s'. Name a deputy or delegate first (the holder or an administrator: "
		"renraku "
		"delegate)."},
	[REASON_UNKNOWN_DELEGATION] = {"UNKNOWN_DELEGATION", "代理・委任 %s はないか、すでに終わっています。",
		"There is no delegation %s, or it has ended."},
	[REASON_BARRED] = {"BARRED", "この人は、この事案への関与を制限されています。", "This person is kept out of this incident."},
	[REASON_CANNOT_JOIN] = {"CANNOT_JOIN", "一つにまとめられません：%s", "They cannot be joined: %s"},
	[REASON_BAD_DUE] = {"BAD_DUE", "期限「%s」は受け付けられません。今日から10年先までの日付にしてください。",
		"The due date %s is not taken: give a day from today on, ten years ahead at most."},
	[REASON_BAD_TIME] = {"BAD_TIME", "時刻が正しくありません（未来の時刻、または古すぎる時刻です）：%s",
		"The time cannot be right (in the future, or too long ago): %s"},
	[REASON_BAD_NUMBER] = {"BAD_NUMBER", "電話番号として読めません。数字と - で書いてください（例 0749-48-0001、内線 210）：%s",
		"This is no telephone number; write digits and '-': %s"},
	[REASON_BAD_VALUE] = {"BAD_VALUE", "読めません：%s", "Cannot be read: %s"},
	[REASON_BAD_TERM] = {"BAD_TERM", "期間が正しくありません（始めより後に終わる期間を指定してください）。",
		"The term is wrong: it must end after it begins, and not have ended."},
	[REASON_NO_DRILL_NOW] = {"NO_DRILL_NOW", "今は訓練を始められません。%s終わってから始めてください。",
		"No drill can begin now. %sBegin it when that is over."},
	[REASON_NOBODY_TO_TEST] = {"NOBODY_TO_TEST", "接続テストの相手がいません。端末か、画面で連絡できる職員を登録してください。",
		"There is nobody to test: register a terminal, or a person with a sign-in."},
	[REASON_CANNOT_RECORD] = {"CANNOT_RECORD", "サーバーが記録できない状態です。電話で連絡してください。",
		"The server cannot record. Telephone."},
	[REASON_LOW_SPACE] = {"LOW_SPACE", "記録用の空き容量がわずかです。通報・受領確認・決定・電話の記録だけ受け付けます。",
		"Disk space is low: only alarms, acknowledgements, decisions and calls are taken."},
	[REASON_BUSY] = {"BUSY", "混み合っています。少し待ってもう一度行ってください。", "Busy. Try again in a moment."},
	[REASON_SIGN_IN_AGAIN] = {"SIGN_IN_AGAIN", "しばらく操作がなかったので、もう一度サインインしてください。",
		"Sign in again, please."},
};

const char *reason_name(enum reason r)
{
	return (unsigned)r < REASON_COUNT ? reasons[r].name : "?";
}

void verdict_clear(struct verdict *v)
{
	free(v->text);
	free(v->text_en);
	for (size_t i = 0; i < v->n_missing; i++)
		free(v->missing[i]);
	free(v->missing);
	*v = (struct verdict){0};
}

/* The tables' formats have at most one %s. */
static char *sentence(const char *fmt, const char *detail)
{
	const char *hole = NULL;
	for (const char *p = fmt; *p && !hole; p++)
		if (p[0] == '%' && p[1] == 's')
			hole = p;
	if (!hole)
		return xstrdup(fmt);
	return xasprintf("%.*s%s%s", (int)(hole - fmt), fmt, detail ? detail : "", hole + 2);
}

int verdict_refuse_both(struct verdict *v, enum reason r, const char *detail, const char *detail_en)
{
	free(v->text);
	free(v->text_en);
	v->reason = r;
	bool unnamed = r == REASON_NOT_ENTITLED && !detail; /* an act that is about no item of the plan */
	v->text = sentence(unnamed ? "この操作を行う権限がありません。担当の方に連絡してください。" : reasons[r].ja, detail);
	v->text_en = sentence(unnamed ? "You are not entitled to do this. Reach whoever holds the role." : reasons[r].en, detail_en);
	return -1;
}

int verdict_refuse(struct verdict *v, enum reason r, const char *detail)
{
	return verdict_refuse_both(v, r, detail, detail);
}

int verdict_refuse_item(struct verdict *v, enum reason r, const struct plan_item *it)
{
	return verdict_refuse_both(v, r, it->title, it->title_en ? it->title_en : it->title);
}

void verdict_missing(struct verdict *v, const char *what)
{
	v->missing = xrealloc(v->missing, (v->n_missing + 1) * sizeof *v->missing);
	v->missing[v->n_missing++] = xstrdup(what);
}
