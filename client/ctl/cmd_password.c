/* renraku password: one's own, or as an administrator another's. */
#include <string.h>

#include "base/clock.h"
#include "ctl/identity.h"
#include "ctl/link.h"
#include "ctl/out.h"

#define HASHING_MS 20000

static const struct opt_spec options[] = {
	{"password-stdin", NULL, NULL, "標準入力から読む（1行目 今のパスワード、2行目 新しいもの。他人の分は新しいものだけ）",
		"read from standard input (first line the old one, second the new one; only the new one for another person)"},
	OPT_END};

struct secrets {
	char *old, *new, *again;
};

static bool ask(struct ctl *ctl, bool own, struct secrets *s)
{
	if (opt_has(&ctl->line, "password-stdin")) {
		s->old = own ? identity_stdin() : NULL;
		s->new = identity_stdin();
		return s->new && * s->new && (!own || s->old);
	}
	s->old = own ? identity_ask(T("今のパスワード: ", "Current password: ")) : NULL;
	if (own && !s->old)
		return false;
	s->new = identity_ask(T("新しいパスワード: ", "New password: "));
	s->again = s->new ? identity_ask(T("新しいパスワード（もう一度）: ", "New password (again): ")) : NULL;
	if (s->new && s->again && strcmp(s->new, s->again) != 0) {
		out_error("%s", T("二つが一致しません。", "They differ."));
		return false;
	}
	return s->new && * s->new && s->again;
}

static int send(struct ctl *ctl, const char *person, const struct secrets *s)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__SetPassword set = RENRAKU__SET_PASSWORD__INIT;
	const Renraku__ServerFrame *answer;
	int64_t deadline = clock_boot_ms() + HASHING_MS;

	set.person = arena_strdup(ctl->arena, person);
	set.old_password = s->old ? s->old : set.old_password;
	set.new_password = s->new;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_SET_PASSWORD;
	frame.set_password = &set;
	if (conn_send(ctl->conn, &frame, deadline, &ctl->problem) != CONN_OK ||
		conn_wait(ctl->conn, frame.ref, deadline, &answer, NULL, NULL, &ctl->problem) != CONN_OK)
		return link_failed(ctl);
	if (answer->body_case == RENRAKU__SERVER_FRAME__BODY_RESULT && answer->result->outcome != RENRAKU__OUTCOME__ACCEPTED) {
		out_error("%s", T(answer->result->text, answer->result->text_en));
		return CTL_REFUSED;
	}
	if (!ctl->json)
		out_line(ctl, SHOW_GOOD, T("%s のパスワードを変えました。", "The password of %s was changed."), person);
	return CTL_OK;
}

static int run(struct ctl *ctl)
{
	struct secrets secrets = {0};
	const char *person;
	bool own;
	int code;

	if (!link_open(ctl, link_deadline(ctl)))
		return link_failed(ctl);
	person = ctl->line.n_args ? ctl->line.args[0] : link_person_id(ctl);
	if (!*person)
		return out_usage(
			ctl, "%s", T("先にサインインしてください（renraku sign-in 職員ID）。", "Sign in first (renraku sign-in PERSON)."));
	own = strcmp(person, link_person_id(ctl)) == 0;
	code = ask(ctl, own, &secrets) ? send(ctl, person, &secrets)
				       : out_usage(ctl, "%s", T("パスワードは変わっていません。", "The password was not changed."));
	identity_wipe(secrets.old);
	identity_wipe(secrets.new);
	identity_wipe(secrets.again);
	return code;
}

const struct cmd cmd_password = {
	.name = "password",
	.group = "admin",
	.args_ja = "[職員ID]",
	.args_en = "[PERSON]",
	.ja = "パスワードを変える（他人の分は管理者だけ）",
	.en = "change a password (another's: administrators only)",
	.opts = options,
	.max_args = 1,
	.run = run,
};
