#include "ctl/answer.h"

#include <string.h>

#include "base/clock.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/say.h"
#include "lib/contacts.h"

#define TELEPHONE_MAX 8

/* Refusals that speak of the server's state and not of the command. */
static const char *const passing[] = {"CANNOT_RECORD", "LOW_SPACE", "BUSY", NULL};

bool answer_passing(const Renraku__Result *result)
{
	size_t i;

	if (result->outcome == RENRAKU__OUTCOME__NOT_CONFIRMED)
		return true;
	for (i = 0; result->outcome == RENRAKU__OUTCOME__REFUSED && passing[i]; i++)
		if (strcmp(result->code, passing[i]) == 0)
			return true;
	return false;
}

static const char *sentence(const Renraku__Result *result)
{
	return T(result->text, *result->text_en ? result->text_en : result->text);
}

void answer_telephone(struct ctl *ctl, const Renraku__Result *result)
{
	char *lines[TELEPHONE_MAX];
	int64_t at = 0, now = clock_wall_ms();
	size_t n, i;
	char when[24];

	if (result && result->n_telephone > 0) {
		char *const *said = i18n_get() == I18N_EN && result->n_telephone_en ? result->telephone_en : result->telephone;

		n = said == result->telephone ? result->n_telephone : result->n_telephone_en;
		out_line(ctl, SHOW_BOLD, "%s", T("電話してください:", "Telephone:"));
		for (i = 0; i < n; i++)
			out_line(ctl, SHOW_PLAIN, "  %s", said[i]);
		return;
	}
	n = contacts_telephone(ctl->settings, ctl->arena, lines, TELEPHONE_MAX, &at);
	if (n == 0) {
		out_line(ctl, SHOW_BAD, "%s",
			T("電話してください（この端末には連絡網の控えがありません。壁の連絡網の紙を見てください）。",
				"Telephone (no contact network is stored on this terminal; see the printed sheet)."));
		return;
	}
	if (at)
		out_line(ctl, SHOW_BOLD, T("電話してください（%s の連絡網の控え）:", "Telephone (contact network as of %s):"),
			show_time(at, now, when));
	else
		out_line(ctl, SHOW_BOLD, "%s", T("電話してください:", "Telephone:"));
	for (i = 0; i < n; i++)
		out_line(ctl, SHOW_PLAIN, "  %s", lines[i]);
}

/* What the server calls by one word is said in full. */
static const char *in_words(const char *word)
{
	if (strcmp(word, "calls") == 0)
		return T("calls: だれかが出た電話（--call 連絡先 --answered 名前 --said 内容）。出なかった電話を残すには、renraku call "
			 "事案 連絡先 "
			 "--item 項目 --no-answer --again 時刻",
			"calls: one that somebody answered (--call BODY --answered NAME --said WORDS). To record one that nobody answered: "
			"renraku call "
			"INCIDENT BODY --item ITEM --no-answer --again TIME");
	if (strcmp(word, "follow_ups") == 0)
		return T("follow_ups: 対策（--follow-up 種別=内容 --owner 担当 --due 期日）。なければ --follow-up none=理由",
			"follow_ups: --follow-up KIND=TEXT --owner WHO --due DAY, or --follow-up none=WHY");
	return word;
}

static void missing(struct ctl *ctl, const Renraku__Result *result)
{
	size_t i;

	if (result->n_missing == 0)
		return;
	out_line(ctl, SHOW_PLAIN, "%s",
		strcmp(result->code, "NOT_ENTITLED") == 0 ? T("行えるのは:", "It is for:")
							  : T("足りないもの・先に済ませるもの:", "Missing, or to be settled first:"));
	for (i = 0; i < result->n_missing; i++)
		out_line(ctl, SHOW_PLAIN, "  - %s", in_words(result->missing[i]));
}

static int refused(struct ctl *ctl, const Renraku__Result *result)
{
	out_line(ctl, SHOW_BAD, T("受け付けられませんでした: %s", "Refused: %s"), *sentence(result) ? sentence(result) : result->code);
	missing(ctl, result);
	if (strcmp(result->code, "NOT_SIGNED_IN") == 0 || (strcmp(result->code, "SIGN_IN_AGAIN") == 0 && !link_expired(ctl)))
		out_line(ctl, SHOW_PLAIN, T("サインイン: renraku%s%s sign-in%s%s", "Sign in: renraku%s%s sign-in%s%s"),
			ctl->as ? " --as " : "", ctl->as ? ctl->as : "", ctl->as ? "" : " ",
			ctl->as                ? ""
			: *link_person_id(ctl) ? link_person_id(ctl)
					       : T("職員ID", "PERSON"));
	if (result->n_telephone > 0)
		answer_telephone(ctl, result);
	return answer_passing(result) ? CTL_NOT_CONFIRMED : CTL_REFUSED;
}

static void repeat_hint(struct ctl *ctl, const char *id)
{
	out_line(ctl, SHOW_PLAIN,
		T("つながったら、同じ命令に --id %s を付けてもう一度実行してください（二重に記録されることはありません）。",
			"When the connection is back, repeat the same command with --id %s (it cannot be recorded twice)."),
		id);
}

int answer_result(struct ctl *ctl, const Renraku__Result *result)
{
	if (ctl->json) {
		out_json(&result->base);
		return result->outcome == RENRAKU__OUTCOME__ACCEPTED ? CTL_OK : answer_passing(result) ? CTL_NOT_CONFIRMED : CTL_REFUSED;
	}
	if (result->outcome == RENRAKU__OUTCOME__ACCEPTED) {
		const char *person = link_person(ctl);

		out_line(ctl, SHOW_GOOD, T("%s記録しました（記録番号 %llu%s%s）。", "%sRecorded (record %llu%s%s)."),
			say_drill(result->drill), (unsigned long long)result->record, *person ? T("、入力 ", ", by ") : "", person);
		return CTL_OK;
	}
	if (result->outcome == RENRAKU__OUTCOME__REFUSED)
		return refused(ctl, result);
	out_line(ctl, SHOW_BAD, T("まだ確認できません: %s", "Not confirmed yet: %s"), sentence(result));
	answer_telephone(ctl, result);
	repeat_hint(ctl, result->id);
	return CTL_NOT_CONFIRMED;
}

void answer_json_silence(struct ctl *ctl, const char *id, bool sent)
{
	Renraku__Result result = RENRAKU__RESULT__INIT;
	char *lines[TELEPHONE_MAX];
	int64_t at;

	result.id = (char *)(uintptr_t)id;
	result.outcome = RENRAKU__OUTCOME__NOT_CONFIRMED;
	result.code = arena_strdup(ctl->arena, sent ? "NO_ANSWER" : "SERVER_UNREACHABLE");
	result.text = arena_strdup(ctl->arena, sent ? "サーバの返事がありません。" : "サーバにつながりません。");
	result.text_en = arena_strdup(ctl->arena, sent ? "No answer from the server." : "The server cannot be reached.");
	result.telephone = lines;
	result.n_telephone = contacts_telephone(ctl->settings, ctl->arena, lines, TELEPHONE_MAX, &at);
	out_json(&result.base);
}

int answer_silence(struct ctl *ctl, const char *id, bool sent)
{
	if (ctl->json) {
		answer_json_silence(ctl, id, sent);
		return CTL_NOT_CONFIRMED;
	}
	if (sent)
		out_line(ctl, SHOW_BAD, "%s",
			T("確認できません: 送りましたが、返事がありません。記録されたかどうか分かりません。",
				"Not confirmed: it was sent, but no answer came. It may or may not be on record."));
	else
		out_line(ctl, SHOW_BAD, T("確認できません: サーバに届いていません。%s", "Not confirmed: it has not reached the server. %s"),
			conn_problem_text(&ctl->problem));
	answer_telephone(ctl, NULL);
	repeat_hint(ctl, id);
	return CTL_NOT_CONFIRMED;
}
