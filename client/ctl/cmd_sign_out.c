/* renraku sign-out. */
#include "ctl/link.h"
#include "ctl/out.h"

static const struct opt_spec options[] = {
	{"everywhere", NULL, NULL, "ほかの端末のサインインもすべて終わらせる", "end the sign-ins on all other devices too"}, OPT_END};

static int run(struct ctl *ctl)
{
	int64_t deadline = link_deadline(ctl);

	if (!link_open(ctl, deadline))
		return link_failed(ctl);
	if (!*conn_welcome(ctl->conn)->person) {
		out_line(ctl, SHOW_PLAIN, "%s", T("だれもサインインしていません。", "Nobody is signed in."));
		return CTL_OK;
	}
	if (conn_sign_out(ctl->conn, opt_has(&ctl->line, "everywhere"), deadline, &ctl->problem) != CONN_OK)
		return link_failed(ctl);
	if (!ctl->json)
		out_line(ctl, SHOW_GOOD, "%s", T("サインアウトしました。", "Signed out."));
	return CTL_OK;
}

const struct cmd cmd_sign_out = {
	.name = "sign-out",
	.alias = "logout",
	.group = "answer",
	.args_ja = "[--everywhere]",
	.args_en = "[--everywhere]",
	.ja = "サインアウトする",
	.en = "sign out",
	.opts = options,
	.run = run,
};
