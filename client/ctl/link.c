#include "ctl/link.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "ctl/answer.h"
#include "ctl/behalf.h"
#include "ctl/identity.h"
#include "ctl/kept.h"
#include "ctl/missing.h"
#include "ctl/out.h"
#include "ctl/urgent.h"
#include "lib/uuid.h"

#define PROGRAM "renraku " RENRAKU_VERSION
#define RETRY_MS 250
#define SIGN_IN_MS 20000

int64_t link_deadline(const struct ctl *ctl)
{
	return clock_boot_ms() + ctl->settings->answer_ms;
}

int64_t link_now(const struct ctl *ctl)
{
	return clock_wall_ms() + ctl->skew;
}

/* A second or two is the time on the way and not the clock. */
void link_clock(struct ctl *ctl)
{
	int64_t skew = (int64_t)conn_welcome(ctl->conn)->now - clock_wall_ms();

	ctl->skew = skew > 2000 || skew < -2000 ? skew : 0;
}

static void tell_lapsed(struct ctl *ctl)
{
	if (conn_token_lapsed(ctl->conn))
		out_error(T("サインインの期限が切れました。`renraku%s%s sign-in%s` でもう一度サインインしてください。",
				  "The sign-in has lapsed. Sign in again: renraku%s%s sign-in%s"),
			ctl->as ? " --as " : "", ctl->as ? ctl->as : "", ctl->as ? "" : T(" 職員ID", " PERSON"));
}

static void tell_warning(struct ctl *ctl)
{
	const Renraku__Welcome *welcome = conn_welcome(ctl->conn);

	if (*welcome->warning)
		out_error(T("注意: %s", "Warning: %s"), T(welcome->warning, *welcome->warning_en ? welcome->warning_en : welcome->warning));
}

bool link_open(struct ctl *ctl, int64_t deadline)
{
	struct conn_options options = {.program = PROGRAM, .passphrase = identity_passphrase};

	if (ctl->conn)
		return true;
	memset(&ctl->problem, 0, sizeof ctl->problem);
	ctl->conn = conn_open(ctl->settings, &options, deadline, &ctl->problem);
	if (!ctl->conn)
		return false;
	link_clock(ctl);
	tell_lapsed(ctl);
	tell_warning(ctl);
	if (!conn_by_agent(ctl->conn) && !ctl->delivered && !(ctl->cmd->flags & CMD_URGENT))
		urgent_catch_up(ctl);
	return true;
}

void link_close(struct ctl *ctl)
{
	conn_close(ctl->conn);
	ctl->conn = NULL;
}

Renraku__Command *link_command(struct ctl *ctl)
{
	Renraku__Command *command = arena_alloc(ctl->arena, sizeof *command);
	const char *given = opt_value(&ctl->line, "id");
	char *id = arena_alloc(ctl->arena, UUID_SIZE);

	renraku__command__init(command);
	if (given && !uuid_command_id(given)) {
		out_usage(ctl,
			T("--id「%s」は操作の番号ではありません（英数字と - で 16～64 "
			  "文字）。前回表示された番号をそのまま指定してください。",
				"--id '%s' is no command id (16 to 64 of A-Z a-z 0-9 -). Give the id that was shown."),
			given);
		return NULL;
	}
	uuid_new(id);
	command->id = given ? arena_strdup(ctl->arena, given) : id;
	command->made_at = (uint64_t)clock_wall_ms();
	if (!behalf_read(ctl, &command->behalf))
		return NULL;
	return command;
}

static Renraku__Result *keep(const Renraku__Result *result)
{
	size_t len = renraku__result__get_packed_size(result);
	uint8_t *bytes = xmalloc(len + 1);
	Renraku__Result *kept;

	renraku__result__pack(result, bytes);
	kept = renraku__result__unpack(NULL, len, bytes);
	free(bytes);
	return kept;
}

static void take(struct link_answer *answer, const Renraku__Result *result)
{
	if (answer->result)
		renraku__result__free_unpacked(answer->result, NULL);
	answer->result = keep(result);
}

/* 'Not confirmed' may still be followed by the real result; it is waited for until the deadline. */
static enum conn_error await(struct ctl *ctl, uint64_t ref, int64_t deadline, struct link_answer *answer)
{
	const Renraku__ServerFrame *frame;
	enum conn_error error;

	for (;;) {
		error = conn_wait(ctl->conn, ref, deadline, &frame, NULL, NULL, &ctl->problem);
		if (error != CONN_OK)
			return error;
		if (frame->body_case != RENRAKU__SERVER_FRAME__BODY_RESULT)
			continue;
		take(answer, frame->result);
		if (answer->result->outcome != RENRAKU__OUTCOME__NOT_CONFIRMED)
			return CONN_OK;
	}
}

static enum conn_error attempt(struct ctl *ctl, const Renraku__Command *command, int64_t deadline, struct link_answer *answer)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	enum conn_error error;

	if (!link_open(ctl, deadline))
		return ctl->problem.error;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_COMMAND;
	/* conn only reads it; the message type of protobuf-c has no const. */
	frame.command = (Renraku__Command *)(uintptr_t)command;
	error = conn_send(ctl->conn, &frame, deadline, &ctl->problem);
	if (error != CONN_OK && error != CONN_TIMEOUT)
		return error;
	answer->sent = true;
	return error == CONN_OK ? await(ctl, frame.ref, deadline, answer) : error;
}

void link_send(struct ctl *ctl, const Renraku__Command *command, int64_t deadline, struct link_answer *answer)
{
	int64_t patience = clock_boot_ms() + (deadline - clock_boot_ms()) / 2;

	memset(answer, 0, sizeof *answer);
	for (;;) {
		answer->error = attempt(ctl, command, deadline, answer);
		/* A link that was lost or is not there yet is worth another one: the id is the same, so it cannot act twice. In the
		   second half of the time only one that had stood is, since then a person is better told to telephone. */
		if (answer->error != CONN_CLOSED && (answer->error != CONN_UNREACHABLE || clock_boot_ms() > patience))
			break;
		link_close(ctl);
		if (clock_boot_ms() + RETRY_MS >= deadline)
			break;
		(void)poll(NULL, 0, RETRY_MS);
	}
	if (answer->error == CONN_TIMEOUT && answer->result)
		answer->error = CONN_OK; /* the server itself said 'not confirmed' */
}

/* A command that has certainly not been recorded: the server said so, or it never left. */
static int not_taken(struct ctl *ctl, const Renraku__Command *command, const struct link_answer *answer)
{
	switch (answer->error) {
	case CONN_BYE:
	case CONN_REFUSED:
	case CONN_CONFIG:
		return link_failed(ctl);
	default:
		return answer_silence(ctl, command->id, answer->sent);
	}
}

/*
 * On a shared terminal an act after five idle minutes asks for the password again. Where a person sits, it is asked at once and the
 * same command is sent again.
 */
static void sign_in_again(struct ctl *ctl, const Renraku__Command *command, struct link_answer *answer)
{
	char *person, *password;
	enum conn_error error;

	if (answer->error != CONN_OK || strcmp(answer->result->code, "SIGN_IN_AGAIN") != 0 || !conn_by_agent(ctl->conn) || ctl->json ||
		!isatty(STDIN_FILENO) || !*link_person_id(ctl))
		return;
	person = arena_strdup(ctl->arena, link_person_id(ctl));
	password = identity_ask(arena_printf(ctl->arena,
		T("しばらく操作がなかったため、%s さんのパスワードを入力してください: ", "After a while without use: password of %s: "),
		link_person(ctl)));
	if (!password)
		return;
	error = conn_sign_in(ctl->conn, person, password, clock_boot_ms() + SIGN_IN_MS, &ctl->problem);
	identity_wipe(password);
	if (error != CONN_OK) {
		out_error("%s", conn_problem_text(&ctl->problem));
		return; /* what stands is the refusal, which says what to do */
	}
	renraku__result__free_unpacked(answer->result, NULL);
	link_send(ctl, command, link_deadline(ctl), answer);
}

static int settle(struct ctl *ctl, const Renraku__Command *command, uint32_t *incident)
{
	struct link_answer answer;
	int code;

	link_send(ctl, command, link_deadline(ctl), &answer);
	sign_in_again(ctl, command, &answer);
	if (answer.error != CONN_OK) {
		code = not_taken(ctl, command, &answer);
	} else {
		missing_name(ctl, command, answer.result);
		code = answer_result(ctl, answer.result);
		snprintf(ctl->refused, sizeof ctl->refused, "%s", answer.result->code);
		if (incident)
			*incident = answer.result->incident;
	}
	if (code != CTL_NOT_CONFIRMED)
		kept_drop(ctl, command->id);
	if (answer.result)
		renraku__result__free_unpacked(answer.result, NULL);
	return code;
}

int link_run(struct ctl *ctl, const Renraku__Command *command, uint32_t *incident)
{
	Renraku__Command *earlier = opt_has(&ctl->line, "id") ? kept_get(ctl, command->id) : NULL;
	int code;

	if (!earlier)
		(void)kept_put(ctl, command); /* without it, only --id is the poorer */
	if (earlier && earlier->act_case != command->act_case)
		code = out_usage(ctl,
			T("--id %s は別の操作の番号です。前と同じ命令に付けてください。",
				"--id %s belongs to another command. Use it with the same one."),
			command->id);
	else
		code = settle(ctl, earlier ? earlier : command, incident);
	if (earlier)
		renraku__command__free_unpacked(earlier, NULL);
	return code;
}

bool link_again(struct ctl *ctl, Renraku__Command__ActCase act, int *code)
{
	const char *id = opt_value(&ctl->line, "id");
	Renraku__Command *earlier = id && uuid_command_id(id) ? kept_get(ctl, id) : NULL;
	bool same = earlier && earlier->act_case == act;

	if (same)
		*code = settle(ctl, earlier, NULL);
	if (earlier)
		renraku__command__free_unpacked(earlier, NULL);
	return same;
}

struct rows *link_peek(struct ctl *ctl, Renraku__View view, uint32_t incident)
{
	int64_t deadline = link_deadline(ctl);

	if (!link_open(ctl, deadline))
		return NULL;
	memset(&ctl->problem, 0, sizeof ctl->problem);
	return rows_fetch(ctl->conn, view, incident, deadline, &ctl->problem);
}

struct rows *link_fetch(struct ctl *ctl, Renraku__View view, uint32_t incident, int *code)
{
	struct rows *rows = link_peek(ctl, view, incident);

	if (!rows)
		*code = link_failed(ctl);
	return rows;
}

int link_exit(enum conn_error error)
{
	switch (error) {
	case CONN_OK:
		return CTL_OK;
	case CONN_BYE:
	case CONN_REFUSED:
		return CTL_REFUSED;
	case CONN_CONFIG:
		return CTL_LOCAL;
	default:
		return CTL_UNREACHABLE;
	}
}

static int failed_json(struct ctl *ctl)
{
	Renraku__Refusal refusal = RENRAKU__REFUSAL__INIT;
	const char *code = *ctl->problem.code ? ctl->problem.code : conn_error_name(ctl->problem.error);

	refusal.code = (char *)(uintptr_t)code;
	refusal.text = ctl->problem.ja;
	refusal.text_en = ctl->problem.en;
	out_json(&refusal.base);
	return link_exit(ctl->problem.error);
}

int link_failed(struct ctl *ctl)
{
	if (ctl->json)
		return failed_json(ctl);
	out_error("%s", conn_problem_text(&ctl->problem));
	if (link_exit(ctl->problem.error) == CTL_UNREACHABLE)
		answer_telephone(ctl, NULL);
	return link_exit(ctl->problem.error);
}

const char *link_person(struct ctl *ctl)
{
	const Renraku__Welcome *welcome = ctl->conn ? conn_welcome(ctl->conn) : NULL;

	return welcome && *welcome->person ? (*welcome->person_name ? welcome->person_name : welcome->person) : "";
}

const char *link_person_id(struct ctl *ctl)
{
	const Renraku__Welcome *welcome = ctl->conn ? conn_welcome(ctl->conn) : NULL;

	return welcome ? welcome->person : "";
}

bool link_expired(struct ctl *ctl)
{
	const Renraku__Welcome *welcome = ctl->conn ? conn_welcome(ctl->conn) : NULL;

	return welcome && strncmp(welcome->principal, "person:", 7) == 0 && *welcome->warning;
}
