#include "app/answer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "app/telephone.h"
#include "base/log.h"
#include "wire/codec.h"
#include "wire/frame.h"

#define MAX_TELEPHONE 8
#define MAX_MISSING 64

static const struct code {
	const char *name, *ja, *en;
} codes[] = {
	{"HELLO_FIRST", "最初のフレームは hello でなければなりません。", "The first frame must be the hello."},
	{"HELLO_AGAIN", "hello は一度だけ送ってください。", "The hello is sent only once."},
	{"VERSION", "通信の版が合いません。プログラムを更新してください。", "The protocol version does not match. Update the program."},
	{"MALFORMED", "フレームを読めません。接続を切ります。", "The frame cannot be read. The connection is closed."},
	{"NOT_A_CLIENT", "この証明書では接続できません。端末・個人・中継のいずれかの証明書を使ってください。",
		"This certificate is not a client's. Use a terminal's, a person's or a gateway's certificate."},
	{"NO_SITE", "庁内の登録情報がまだありません。サーバーで renrakud --load-site FILE を実行してください。",
		"No site is loaded yet. Run renrakud --load-site FILE on the server."},
	{"UNKNOWN_TERMINAL", "この端末は庁内の登録情報にありません。管理者に登録を頼んでください。",
		"This terminal is not in the site. Ask an administrator to add it."},
	{"UNKNOWN_PERSON", "この人は庁内の登録情報にないか、サインインを許されていません。管理者に登録を頼んでください。",
		"This person is not in the site or may not sign in. Ask an administrator."},
	{"CERTIFICATE_EXPIRED", "証明書の期限が切れています。管理者に新しい証明書を頼んでください。端末からの緊急の連絡は今もできます。",
		"The certificate has expired. Ask an administrator for a new one. Alarms from a terminal still work."},
	{"CERTIFICATE_REVOKED", "証明書が取り消されました。接続を切ります。管理者に連絡してください。",
		"The certificate was revoked. The connection is closed. Ask an administrator."},
	{"REMOVED", "登録が外されたので（庁内の登録情報、またはこのブラウザーの端末登録）、接続を切ります。",
		"No longer registered (in the site, or this browser for its terminal); the connection is closed."},
	{"SIGNED_OUT", "この人はほかの場所からサインアウトしました。", "This person signed out everywhere."},
	{"TOO_MANY_SIGN_INS",
		"この人のサインインが32を超えたので、最も長く使われていないここを終わらせました。もう一度サインインしてください。",
		"This person has more than 32 sign-ins; this one, unused for longest, was ended. Sign in again."},
	{"WRONG_PASSWORD", "氏名IDかパスワードが違います。もう一度入力してください。", "Person id or password is wrong. Try again."},
	{"TOKEN_INVALID", "サインインの期限が切れたか、取り消されました。パスワードでサインインしてください。",
		"The sign-in has expired or was revoked. Sign in with the password."},
	{"NOT_SIGNED_IN", "先にサインインしてください。", "Sign in first."},
	{"ALREADY_SIGNED_IN", "個人の証明書で接続しているので、サインインは要りません。", "Signed in by the certificate itself."},
	{"SIGN_IN_AGAIN", "しばらく操作がなかったので、もう一度パスワードでサインインしてください。",
		"Nothing was done for a while: sign in again with the password."},
	{"NOT_A_BROWSER", "端末として登録できるのは、ブラウザー（中継経由の接続）だけです。端末には証明書を使ってください。",
		"Only a browser, through a gateway, can be enrolled as a terminal. A terminal has its certificate."},
	{"NOT_ENROLLED", "このブラウザーは端末として登録されていません。", "This browser is not enrolled as a terminal."},
	{"TOO_MANY_BROWSERS", "この端末として登録されたブラウザーが多すぎます。使わないものの登録を終わらせてください。",
		"Too many browsers are enrolled for this terminal. End those that are not in use."},
	{"NOT_ENTITLED", "この操作は許されていません。", "This is not permitted."},
	{"NOT_SEEN", "この事案を見ることは許されていません。", "You may not see this incident."},
	{"UNKNOWN_INCIDENT", "その番号の事案はありません。番号を確かめてください。",
		"There is no incident of that number. Check the number."},
	{"UNKNOWN_VIEW", "その画面情報はありません。", "There is no such view."},
	{"TOO_MANY", "一つの接続で開ける画面情報の数を超えました。", "Too many views on one connection."},
	{"TOO_SLOW", "受け取りが遅すぎるので、接続を切ります。", "The peer reads too slowly; the connection is closed."},
	{"BUSY", "混み合っています。少し待ってもう一度試してください。", "Busy. Wait a little and try again."},
	{"WEAK_PASSWORD", "パスワードは8文字以上128バイト以内にしてください。",
		"A password has at least 8 characters and at most 128 bytes."},
	{"CANNOT_RECORD", "サーバーは今、記録できません。電話で連絡してください。", "The server cannot record now. Telephone instead."},
	{"UPLOAD_TOO_BIG", "ファイルが大きすぎます（4 MiB まで）。", "The file is too big (4 MiB at most)."},
	{"UPLOAD_ORDER", "ファイルの部分の順序が違います。初めから送り直してください。",
		"A part of the file is out of order. Send it again from the start."},
	{"UPLOAD_DAMAGED", "ファイルの内容が sha256 と一致しません。初めから送り直してください。",
		"The file does not match its sha256. Send it again from the start."},
	{"STOPPING", "サーバーが停止します。まもなく再接続してください。", "The server is stopping. Connect again soon."},
	{"FAILED", "サーバーが記録できなくなり、再起動します。まもなく再接続してください。",
		"The server can no longer record and restarts. Connect again soon."},
	{"NOT_CONFIRMED",
		"記録できたことをまだ確かめられません。電話でも知らせてください。同じ操作は同じ番号で繰り返せば二重になりません。",
		"Not confirmed yet: it is not certain that this was recorded. Telephone as well. Repeating it under the same id is safe."},
};

static const struct code *code_of(const char *name)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strcmp(codes[i].name, name) == 0)
			return &codes[i];
	assert(!"a code without a sentence");
	return &codes[0];
}

const char *answer_text(const char *code, bool english)
{
	return english ? code_of(code)->en : code_of(code)->ja;
}

struct hub_frame *answer_pack(const Renraku__ServerFrame *message)
{
	struct hub_frame *frame = NULL;
	struct buf buf;

	buf_init(&buf, FRAME_MAX + FRAME_HEADER);
	if (codec_pack_server(&buf, message))
		frame = hub_frame_new(buf.data, buf.len);
	else
		log_error("answer", "a frame of kind %d is too long and was not sent", (int)message->body_case);
	buf_free(&buf);
	return frame;
}

static char *with_detail(struct arena *arena, const char *text, const char *detail)
{
	return detail != NULL ? arena_printf(arena, "%s（%s）", text, detail) : arena_strdup(arena, text);
}

struct hub_frame *answer_refusal(uint64_t ref, const char *name, const char *detail, uint32_t retry_after_ms)
{
	Renraku__ServerFrame message = RENRAKU__SERVER_FRAME__INIT;
	Renraku__Refusal refusal = RENRAKU__REFUSAL__INIT;
	struct arena *arena = arena_new(0);
	struct hub_frame *frame;

	refusal.code = arena_strdup(arena, name);
	refusal.text = with_detail(arena, code_of(name)->ja, detail);
	refusal.text_en = with_detail(arena, code_of(name)->en, detail);
	refusal.retry_after_ms = retry_after_ms;
	message.ref = ref;
	message.body_case = RENRAKU__SERVER_FRAME__BODY_REFUSAL;
	message.refusal = &refusal;
	frame = answer_pack(&message);
	arena_free(arena);
	return frame;
}

struct hub_frame *answer_bye(const char *name, const char *detail)
{
	Renraku__ServerFrame message = RENRAKU__SERVER_FRAME__INIT;
	Renraku__Bye bye = RENRAKU__BYE__INIT;
	struct arena *arena = arena_new(0);
	struct hub_frame *frame;

	bye.code = arena_strdup(arena, name);
	bye.text = with_detail(arena, code_of(name)->ja, detail);
	bye.text_en = with_detail(arena, code_of(name)->en, detail);
	message.body_case = RENRAKU__SERVER_FRAME__BODY_BYE;
	message.bye = &bye;
	frame = answer_pack(&message);
	arena_free(arena);
	return frame;
}

static bool wants_telephone(enum reason reason)
{
	return reason == REASON_CANNOT_RECORD || reason == REASON_LOW_SPACE || reason == REASON_BUSY;
}

static struct hub_frame *pack_result(uint64_t ref, Renraku__Result *result)
{
	Renraku__ServerFrame message = RENRAKU__SERVER_FRAME__INIT;

	message.ref = ref;
	message.body_case = RENRAKU__SERVER_FRAME__BODY_RESULT;
	message.result = result;
	return answer_pack(&message);
}

static void add_telephone(
	struct shell *shell, const struct shell_peer *peer, uint32_t incident, struct arena *arena, Renraku__Result *result)
{
	result->telephone = arena_alloc(arena, MAX_TELEPHONE * sizeof *result->telephone);
	result->n_telephone = telephone_list(shell, peer, incident, false, arena, result->telephone, MAX_TELEPHONE);
	result->telephone_en = arena_alloc(arena, MAX_TELEPHONE * sizeof *result->telephone_en);
	result->n_telephone_en = telephone_list(shell, peer, incident, true, arena, result->telephone_en, MAX_TELEPHONE);
}

static bool is_drill(const struct shell *shell, uint32_t incident)
{
	const struct incident *of = engine_incident(shell->engine, incident);

	return of != NULL && of->drill;
}

struct hub_frame *answer_result(struct shell *shell, const struct shell_peer *peer, uint64_t ref, const char *id,
	const struct verdict *verdict, bool accepted, uint32_t incident)
{
	Renraku__Result result = RENRAKU__RESULT__INIT;
	struct arena *arena = arena_new(0);
	struct hub_frame *frame;

	result.id = arena_strdup(arena, id);
	result.drill = accepted && is_drill(shell, incident);
	result.outcome = accepted ? RENRAKU__OUTCOME__ACCEPTED : RENRAKU__OUTCOME__REFUSED;
	if (accepted) {
		result.record = verdict->record;
		result.incident = verdict->incident;
		result.joined = verdict->joined;
	} else {
		result.code = arena_strdup(arena, reason_name(verdict->reason));
		result.text = verdict->text != NULL ? verdict->text : result.text;
		result.text_en = verdict->text_en != NULL ? verdict->text_en : result.text_en;
		result.missing = verdict->missing;
		result.n_missing = verdict->n_missing < MAX_MISSING ? verdict->n_missing : MAX_MISSING;
	}
	if (!accepted && wants_telephone(verdict->reason))
		add_telephone(shell, peer, incident, arena, &result);
	frame = pack_result(ref, &result);
	arena_free(arena);
	return frame;
}

struct hub_frame *answer_not_confirmed(struct shell *shell, const struct shell_peer *peer, uint64_t ref, const char *id, uint32_t incident)
{
	Renraku__Result result = RENRAKU__RESULT__INIT;
	struct arena *arena = arena_new(0);
	struct hub_frame *frame;

	result.id = arena_strdup(arena, id);
	result.drill = is_drill(shell, incident);
	result.outcome = RENRAKU__OUTCOME__NOT_CONFIRMED;
	result.code = arena_strdup(arena, "NOT_CONFIRMED");
	result.text = arena_strdup(arena, answer_text("NOT_CONFIRMED", false));
	result.text_en = arena_strdup(arena, answer_text("NOT_CONFIRMED", true));
	add_telephone(shell, peer, incident, arena, &result);
	frame = pack_result(ref, &result);
	arena_free(arena);
	return frame;
}

struct hub_frame *answer_probe(const struct test *test)
{
	Renraku__ServerFrame message = RENRAKU__SERVER_FRAME__INIT;
	Renraku__Probe probe = RENRAKU__PROBE__INIT;

	probe.test = test->id;
	probe.at = (uint64_t)test->at;
	probe.until = (uint64_t)test->until;
	probe.daily = test->daily;
	message.body_case = RENRAKU__SERVER_FRAME__BODY_PROBE;
	message.probe = &probe;
	return answer_pack(&message);
}

struct hub_frame *answer_ping(uint64_t nonce)
{
	Renraku__ServerFrame message = RENRAKU__SERVER_FRAME__INIT;
	Renraku__Ping ping = RENRAKU__PING__INIT;

	ping.nonce = nonce;
	message.body_case = RENRAKU__SERVER_FRAME__BODY_PING;
	message.ping = &ping;
	return answer_pack(&message);
}

struct hub_frame *answer_pong(uint64_t ref, uint64_t nonce)
{
	Renraku__ServerFrame message = RENRAKU__SERVER_FRAME__INIT;
	Renraku__Pong pong = RENRAKU__PONG__INIT;

	pong.nonce = nonce;
	message.ref = ref;
	message.body_case = RENRAKU__SERVER_FRAME__BODY_PONG;
	message.pong = &pong;
	return answer_pack(&message);
}

struct hub_frame *answer_upload(uint64_t ref, uint64_t received)
{
	Renraku__ServerFrame message = RENRAKU__SERVER_FRAME__INIT;
	Renraku__UploadState state = RENRAKU__UPLOAD_STATE__INIT;

	state.received = received;
	message.ref = ref;
	message.body_case = RENRAKU__SERVER_FRAME__BODY_UPLOAD;
	message.upload = &state;
	return answer_pack(&message);
}

struct hub_frame *answer_token(uint64_t ref, const char *text, int64_t expires)
{
	Renraku__ServerFrame message = RENRAKU__SERVER_FRAME__INIT;
	Renraku__Token token = RENRAKU__TOKEN__INIT;

	token.token = (char *)(uintptr_t)text;
	token.expires = (uint64_t)expires;
	message.ref = ref;
	message.body_case = RENRAKU__SERVER_FRAME__BODY_TOKEN;
	message.token = &token;
	return answer_pack(&message);
}
