/* renraku sign-in: a person at a terminal. The token is kept for this user of the machine, mode 0600. */
#include "base/clock.h"
#include "ctl/identity.h"
#include "ctl/link.h"
#include "ctl/out.h"

/* Hashing a password takes its time, and the server makes wrong guesses wait. */
#define SIGN_IN_MS 20000

static const struct opt_spec options[] = {
	{"password-stdin", NULL, NULL, "パスワードを標準入力から読む", "read the password from standard input"}, OPT_END};

static int sign_in(struct ctl *ctl, const char *person, const char *password)
{
	int64_t deadline = clock_boot_ms() + SIGN_IN_MS;

	if (!link_open(ctl, deadline))
		return link_failed(ctl);
	if (conn_sign_in(ctl->conn, person, password, deadline, &ctl->problem) != CONN_OK)
		return link_failed(ctl);
	if (ctl->json) {
		out_json(&conn_welcome(ctl->conn)->base);
		return CTL_OK;
	}
	out_line(ctl, SHOW_GOOD,
		T("%s さんとしてサインインしました。終わったら renraku sign-out を実行してください。",
			"Signed in as %s. When you leave: renraku sign-out."),
		link_person(ctl));
	out_line(ctl, SHOW_PLAIN, "%s",
		T("自分あての通知を受けつづけるには、renraku watch を開いたままにしてください（開いている間は在席になります）。",
			"To go on receiving your notices, leave renraku watch open (while it is open you count as present)."));
	return CTL_OK;
}

static int run(struct ctl *ctl)
{
	const char *person = ctl->line.n_args ? ctl->line.args[0] : ctl->as;
	char *password;
	int code;

	if (!person)
		return out_usage(ctl, "%s",
			T("だれがサインインしますか。職員IDを書いてください: renraku sign-in 職員ID",
				"Who signs in? renraku sign-in PERSON"));
	password = opt_has(&ctl->line, "password-stdin") ? identity_stdin() : identity_ask(T("パスワード: ", "Password: "));
	if (!password)
		return out_usage(ctl, "%s",
			T("パスワードが入力されませんでした。端末がないところでは --password-stdin を使ってください。",
				"No password. Where there is no terminal, use --password-stdin."));
	code = sign_in(ctl, person, password);
	identity_wipe(password);
	return code;
}

const struct cmd cmd_sign_in = {
	.name = "sign-in",
	.alias = "login",
	.group = "answer",
	.args_ja = "[職員ID]",
	.args_en = "[PERSON]",
	.ja = "この端末でサインインする（自分あての通知を受け、応えるため）",
	.en = "sign in at this terminal",
	.opts = options,
	.max_args = 1,
	.run = run,
};
