/* renraku log: the record of what happened, and whether it has been tampered with. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "ctl/fill.h"
#include "ctl/link.h"
#include "ctl/logline.h"
#include "ctl/logread.h"
#include "ctl/out.h"
#include "lib/durable.h"
#include "record/chain.h"

static const struct opt_spec options[] = {{"from", "記録番号", "RECORD", "この記録から表示する", "begin at this record"},
	{"server", NULL, NULL, "サーバの記録を検証する（verify の既定）", "verify the server's log (verify's default)"}, OPT_END};

/* ---- show ---- */

struct showing {
	struct ctl *ctl;
	struct rows *names;
};

static bool on_shown(void *arg, const Renraku__LogEntry *entry)
{
	struct showing *s = arg;

	if (s->ctl->json)
		logline_json(entry);
	else
		logline_show(s->ctl, s->names, entry);
	return true;
}

static int show(struct ctl *ctl, uint32_t incident)
{
	const char *from = opt_value(&ctl->line, "from");
	uint64_t first = from ? fill_number64(ctl, T("記録", "record"), from) : 1, head;
	struct showing s = {.ctl = ctl};
	int code;

	if (first == 0)
		return CTL_USAGE;
	if (!ctl->json)
		s.names = link_peek(ctl, RENRAKU__VIEW__VIEW_CONTACTS, 0);
	code = logread_server(ctl, first, incident, on_shown, &s, &head);
	rows_free(s.names);
	return code;
}

/* ---- verify ---- */

struct kept_head {
	uint64_t index;
	uint8_t hash[RECORD_HASH];
};

struct verifying {
	struct chain_verifier chain;
	struct kept_head kept; /* index 0: none */
	bool kept_met, kept_differs;
	uint64_t withheld;
};

static bool on_verified(void *arg, const Renraku__LogEntry *e)
{
	struct verifying *v = arg;

	if (e->prev_hash.len != RECORD_HASH || e->hash.len != RECORD_HASH) {
		snprintf(v->chain.error, sizeof v->chain.error, "record %llu has no hash", (unsigned long long)e->index);
		return false;
	}
	v->withheld += e->withheld ? 1 : 0;
	if (e->withheld ? !chain_follow(&v->chain, e->index, e->prev_hash.data, e->hash.data)
			: !chain_verify(&v->chain, e->index, e->prev_hash.data, e->hash.data, e->record.data, e->record.len))
		return false;
	if (v->kept.index == e->index) {
		v->kept_met = true;
		v->kept_differs = memcmp(v->kept.hash, e->hash.data, RECORD_HASH) != 0;
	}
	return !v->kept_differs;
}

/* The newest head this person has verified: whoever rewrites the log after that is found out by it. */
static char *head_path(struct ctl *ctl)
{
	const char *token = ctl->settings->token, *slash = strrchr(token, '/');

	return arena_printf(ctl->arena, "%.*s/log-head-%s-%u", slash ? (int)(slash - token) : 1, slash ? token : ".", ctl->settings->server,
		ctl->settings->port);
}

static void head_read(struct ctl *ctl, struct kept_head *head)
{
	struct buf text;
	char *space, *line;

	buf_init(&text, 256);
	if (durable_read(head_path(ctl), &text) == 0) {
		line = arena_strdup(ctl->arena, buf_str(&text));
		line[strcspn(line, "\n")] = '\0';
		space = strchr(line, ' ');
		if (space && text_unhex(space + 1, head->hash, RECORD_HASH))
			head->index = strtoull(line, NULL, 10);
	}
	buf_free(&text);
}

static void head_keep(struct ctl *ctl, const struct chain_verifier *chain)
{
	char hex[2 * RECORD_HASH + 1], *path = head_path(ctl),
				       *directory = arena_strndup(ctl->arena, path, (size_t)(strrchr(path, '/') - path));
	char *text = arena_printf(ctl->arena, "%llu %s\n", (unsigned long long)(chain->next - 1), text_hex(chain->hash, RECORD_HASH, hex));

	if (durable_directory(directory, 0700) == 0)
		(void)durable_write(path, text, strlen(text), 0600);
}

static int tampered(struct ctl *ctl, const char *what)
{
	if (ctl->json)
		printf("{\"verified\":false,\"error\":\"%s\"}\n", what);
	else
		out_line(ctl, SHOW_BAD,
			T("検証に失敗しました: "
			  "%s。記録が書き換えられたか、壊れています。サーバの管理者に知らせ、記録のファイルを保全してください。",
				"NOT VERIFIED: %s. The log was tampered with or is damaged. Tell the administrator and preserve the "
				"files."),
			what);
	return CTL_UNVERIFIED;
}

static int verdict(struct ctl *ctl, const struct verifying *v, uint64_t head, bool server)
{
	uint64_t last = v->chain.next - 1;
	char hex[2 * RECORD_HASH + 1];

	if (*v->chain.error)
		return tampered(ctl, v->chain.error);
	if (v->kept_differs)
		return tampered(ctl, arena_printf(ctl->arena,
					     T("記録 %llu が、前に検証したときと違います（控え %s）",
						     "record %llu differs from when it was verified before (kept in %s)"),
					     (unsigned long long)v->kept.index, head_path(ctl)));
	if (v->kept.index > 0 && !v->kept_met)
		return tampered(ctl, arena_printf(ctl->arena,
					     T("前に検証した記録 %llu までありません。後ろが切り取られています（控え %s）",
						     "record %llu, verified before, is gone: the end was cut off (kept in %s)"),
					     (unsigned long long)v->kept.index, head_path(ctl)));
	if (last < head)
		return tampered(ctl, arena_printf(ctl->arena,
					     T("記録 %llu までしか届きません（サーバは %llu まであると言っています）",
						     "only %llu records came, the server says there are %llu"),
					     (unsigned long long)last, (unsigned long long)head));
	text_hex(v->chain.hash, RECORD_HASH, hex);
	if (server)
		head_keep(ctl, &v->chain);
	if (ctl->json)
		printf("{\"verified\":true,\"records\":%llu,\"withheld\":%llu,\"head\":\"%s\"}\n", (unsigned long long)last,
			(unsigned long long)v->withheld, hex);
	else
		out_line(ctl, SHOW_GOOD,
			T("検証しました: 記録 1～%llu に、書き換え・欠け・入れ替えはありません。\n  先頭のハッシュ %s",
				"Verified: records 1 to %llu, nothing changed, missing or reordered.\n  head %s"),
			(unsigned long long)last, hex);
	if (v->withheld && !ctl->json)
		out_line(ctl, SHOW_DIM,
			T("  うち %llu 件はあなたには公開されない記録で、つながりだけを確かめました。",
				"  %llu of them are not for you: only their links were checked."),
			(unsigned long long)v->withheld);
	return CTL_OK;
}

static int verify(struct ctl *ctl, const char *path)
{
	struct verifying v = {0};
	uint64_t head;
	int code;

	chain_verifier_init(&v.chain);
	if (!path)
		head_read(ctl, &v.kept);
	code = path ? logread_file(ctl, path, on_verified, &v, &head) : logread_server(ctl, 1, 0, on_verified, &v, &head);
	return code == CTL_OK ? verdict(ctl, &v, head, !path) : code;
}

/* ---- save ---- */

struct saving {
	FILE *file;
	uint64_t n;
	bool failed;
};

static bool on_saved(void *arg, const Renraku__LogEntry *entry)
{
	struct saving *s = arg;

	s->failed = !logread_write(s->file, entry);
	s->n++;
	return !s->failed;
}

static int save(struct ctl *ctl, const char *path)
{
	struct saving s = {.file = fopen(path, "wbx")};
	uint64_t head;
	int code;

	if (!s.file) {
		out_error(T("%s に書けません: %s", "Cannot write %s: %s"), path, strerror(errno));
		return CTL_LOCAL;
	}
	s.failed = !logread_begin(s.file);
	code = logread_server(ctl, 1, 0, on_saved, &s, &head);
	if (fflush(s.file) != 0 || fsync(fileno(s.file)) != 0)
		s.failed = true;
	if (fclose(s.file) != 0 || s.failed) {
		out_error(T("%s に書けませんでした: %s", "Writing %s failed: %s"), path, strerror(errno));
		return CTL_LOCAL;
	}
	if (code == CTL_OK && !ctl->json)
		out_line(ctl, SHOW_GOOD,
			T("記録 %llu 件を %s に保存しました。renraku log verify %s で検証できます。",
				"%llu records saved in %s. Verify with renraku log verify %s."),
			(unsigned long long)s.n, path, path);
	return code;
}

static int run(struct ctl *ctl)
{
	const char *word = ctl->line.n_args ? ctl->line.args[0] : NULL, *second = ctl->line.n_args > 1 ? ctl->line.args[1] : NULL;
	uint32_t incident = 0;

	if (word && strcmp(word, "verify") == 0)
		return verify(ctl, second);
	if (word && strcmp(word, "save") == 0)
		return second ? save(ctl, second)
			      : out_usage(ctl, "%s",
					T("保存するファイルを書いてください: renraku log save ファイル",
						"Which file? renraku log save FILE"));
	if (second)
		return out_usage(ctl, "%s",
			T("renraku log 事案、renraku log verify、renraku log save のどれかです。",
				"Use renraku log INCIDENT, log verify or log save."));
	if (word)
		incident = fill_number(ctl, T("事案", "incident"), word);
	return word && !incident ? CTL_USAGE : show(ctl, incident);
}

const struct cmd cmd_log = {
	.name = "log",
	.group = "see",
	.args_ja = "[事案 | verify [ファイル] | save ファイル] [--from 記録番号]",
	.args_en = "[INCIDENT | verify [FILE] | save FILE] [--from RECORD]",
	.ja = "記録を見る・検証する・保存する（全体は管理者だけ）",
	.en = "show, verify or save the record (the whole: administrators only)",
	.more_ja = "例:\n"
		   "  renraku log 1                  事案 1 の記録\n"
		   "  renraku log verify             サーバの記録に書き換え・欠けがないか調べる（終了コード 5 は失敗）\n"
		   "  renraku log save kiroku.rnlog  記録を持ち出す。後で renraku log verify kiroku.rnlog\n"
		   "検証に成功すると先頭のハッシュをこの端末に控え、次の検証のときに比べます。\n",
	.more_en = "Examples:\n"
		   "  renraku log 1                  the record of incident 1\n"
		   "  renraku log verify             is the server's log untouched? (exit 5: no)\n"
		   "  renraku log save log.rnlog     take it away; later renraku log verify log.rnlog\n"
		   "A verified head is kept here and compared with the next time.\n",
	.opts = options,
	.max_args = 2,
	.run = run,
};
