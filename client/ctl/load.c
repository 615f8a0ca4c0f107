#include "ctl/load.h"

#include <errno.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "ctl/answer.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "lib/durable.h"

#define PART_MAX 60000u
/* Checking and recording a whole plan takes longer than an acknowledgement. */
#define LOAD_MS 30000

char *load_file(const char *path, size_t *len)
{
	struct buf text;
	int failed;

	buf_init(&text, LOAD_MAX);
	failed = durable_read(path, &text);
	if (failed) {
		buf_free(&text);
		if (failed == -EFBIG)
			out_error(T("%s は大きすぎます（%u バイトまで）。", "%s is too large (at most %u bytes)."), path, LOAD_MAX);
		else if (failed == -EBADMSG)
			out_error(T("%s はふつうのファイルではありません。ファイルの名前を書いてください。",
					  "%s is not an ordinary file. Name a file."),
				path);
		else
			out_error(T("%s を読めません: %s", "Cannot read %s: %s"), path, strerror(-failed));
		return NULL;
	}
	*len = text.len;
	return buf_take(&text);
}

static void fault_json(const struct plan_fault *fault)
{
	struct buf out;

	buf_init(&out, 65536);
	buf_puts(&out, "{\"file\":");
	text_json(&out, fault->file);
	buf_printf(&out, ",\"line\":%d,\"column\":%d,\"warning\":%s,\"text\":", fault->pos.line, fault->pos.column,
		fault->warning ? "true" : "false");
	text_json(&out, fault->text);
	buf_puts(&out, ",\"text_en\":");
	text_json(&out, fault->text_en);
	buf_puts(&out, "}\n");
	fputs(buf_str(&out), stdout);
	buf_free(&out);
}

int load_faults(struct ctl *ctl, const struct plan_faults *faults)
{
	size_t i;

	for (i = 0; i < faults->n; i++) {
		const struct plan_fault *f = &faults->at[i];

		if (ctl->json)
			fault_json(f);
		else
			out_line(ctl, f->warning ? SHOW_WARN : SHOW_BAD, "%s:%d:%d: %s: %s", f->file, f->pos.line, f->pos.column,
				f->warning ? T("注意", "warning") : T("誤り", "error"), T(f->text, f->text_en));
	}
	return faults->n_errors ? CTL_FAULTS : CTL_OK;
}

static int upload(struct ctl *ctl, const uint8_t sha256[32], const char *text, size_t len)
{
	const Renraku__ServerFrame *answer;
	size_t offset = 0;

	while (offset < len) {
		Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
		Renraku__Upload part = RENRAKU__UPLOAD__INIT;
		int64_t deadline = clock_boot_ms() + LOAD_MS;
		size_t n = len - offset < PART_MAX ? len - offset : PART_MAX;

		part.sha256.data = (uint8_t *)(uintptr_t)sha256;
		part.sha256.len = SHA256_DIGEST_LENGTH;
		part.offset = offset;
		part.total = len;
		part.part.data = (uint8_t *)(uintptr_t)text + offset;
		part.part.len = n;
		frame.body_case = RENRAKU__CLIENT_FRAME__BODY_UPLOAD;
		frame.upload = &part;
		if (conn_send(ctl->conn, &frame, deadline, &ctl->problem) != CONN_OK ||
			conn_wait(ctl->conn, frame.ref, deadline, &answer, NULL, NULL, &ctl->problem) != CONN_OK)
			return link_failed(ctl);
		offset += n;
	}
	return CTL_OK;
}

static void name_command(struct ctl *ctl, Renraku__Command *command, const char *path, uint8_t *sha256, bool site)
{
	const char *slash = strrchr(path, '/');
	char *name = arena_strdup(ctl->arena, slash ? slash + 1 : path);

	if (site) {
		Renraku__LoadSite *load = arena_alloc(ctl->arena, sizeof *load);

		renraku__load_site__init(load);
		load->sha256.data = sha256;
		load->sha256.len = SHA256_DIGEST_LENGTH;
		load->name = name;
		command->act_case = RENRAKU__COMMAND__ACT_LOAD_SITE;
		command->load_site = load;
	} else {
		Renraku__LoadPlan *load = arena_alloc(ctl->arena, sizeof *load);

		renraku__load_plan__init(load);
		load->sha256.data = sha256;
		load->sha256.len = SHA256_DIGEST_LENGTH;
		load->name = name;
		command->act_case = RENRAKU__COMMAND__ACT_LOAD_PLAN;
		command->load_plan = load;
	}
}

int load_send(struct ctl *ctl, const char *path, const char *text, size_t len, bool site)
{
	uint8_t *sha256 = arena_alloc(ctl->arena, SHA256_DIGEST_LENGTH);
	Renraku__Command *command = link_command(ctl);
	int code;

	if (!command)
		return CTL_USAGE;
	if (!link_open(ctl, link_deadline(ctl)))
		return link_failed(ctl);
	SHA256((const unsigned char *)text, len, sha256);
	code = upload(ctl, sha256, text, len);
	if (code != CTL_OK)
		return code;
	name_command(ctl, command, path, sha256, site);
	if (ctl->settings->answer_ms < LOAD_MS)
		ctl->settings->answer_ms = LOAD_MS;
	return link_run(ctl, command, NULL);
}
