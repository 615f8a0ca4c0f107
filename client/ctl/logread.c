#include "ctl/logread.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "wire/frame.h"

#define MAGIC "RNLOG1\n"
#define ENTRY_MAX (8u << 20)
#define PAGE_MS 10000

struct reading {
	struct ctl *ctl;
	uint64_t next, offset;
	uint32_t incident;
	struct buf parts; /* of the long entry that is being put together */
	logread_fn *on_entry;
	void *arg;
	bool stopped;
};

static enum conn_error ask(struct reading *r, const Renraku__LogPage **page)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__LogRequest request = RENRAKU__LOG_REQUEST__INIT;
	const Renraku__ServerFrame *answer;
	int64_t deadline = link_deadline(r->ctl) + PAGE_MS;
	enum conn_error error;

	request.from = r->next;
	request.incident = r->incident;
	request.offset = r->offset;
	request.report = (r->ctl->cmd->flags & CMD_REPORTS) != 0;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_LOG_REQUEST;
	frame.log_request = &request;
	error = conn_send(r->ctl->conn, &frame, deadline, &r->ctl->problem);
	if (error == CONN_OK)
		error = conn_wait(r->ctl->conn, frame.ref, deadline, &answer, NULL, NULL, &r->ctl->problem);
	if (error != CONN_OK)
		return error;
	*page = answer->body_case == RENRAKU__SERVER_FRAME__BODY_LOG_PAGE ? answer->log_page : NULL;
	return CONN_OK;
}

/* One entry of a page: whole, or a part of a long one. False when the server sends what cannot be. */
static bool take(struct reading *r, const Renraku__LogEntry *entry)
{
	Renraku__LogEntry whole = *entry;

	if (entry->index < r->next)
		return false;
	if (entry->total == 0) {
		r->stopped = !r->on_entry(r->arg, entry);
		r->next = entry->index + 1;
		return true;
	}
	if (entry->offset != r->parts.len || entry->total > ENTRY_MAX || !entry->record.len ||
		!buf_append(&r->parts, entry->record.data, entry->record.len))
		return false;
	r->next = entry->index;
	r->offset = r->parts.len;
	if (r->parts.len < entry->total)
		return true;
	whole.record.data = r->parts.data;
	whole.record.len = r->parts.len;
	whole.offset = whole.total = 0;
	r->stopped = !r->on_entry(r->arg, &whole);
	r->next = entry->index + 1;
	r->offset = 0;
	buf_reset(&r->parts);
	return true;
}

static int nonsense(struct ctl *ctl)
{
	(void)ctl;
	out_error("%s", T("サーバの記録のページが読めません。版が合っているか確かめてください。",
				"The server's log page cannot be read. Do the versions fit?"));
	return CTL_UNVERIFIED;
}

static int refused(struct reading *r)
{
	int code = link_failed(r->ctl);

	if (code == CTL_REFUSED && r->incident == 0 && !r->ctl->json)
		out_error("%s", T("全体の記録を読めるのは管理者だけです。事案の記録は renraku log 事案 で見られます。",
					"Only administrators read the whole log. For an incident: renraku log INCIDENT."));
	return code;
}

static int pages(struct reading *r, uint64_t *head)
{
	const Renraku__LogPage *page;
	bool last = false;
	size_t i;

	while (!last && !r->stopped) {
		if (ask(r, &page) != CONN_OK)
			return refused(r);
		if (!page)
			return nonsense(r->ctl);
		*head = page->head;
		for (i = 0; i < page->n_entries && !r->stopped; i++)
			if (!take(r, page->entries[i]))
				return nonsense(r->ctl);
		last = (page->last && r->offset == 0) || page->n_entries == 0;
	}
	return CTL_OK;
}

int logread_server(struct ctl *ctl, uint64_t from, uint32_t incident, logread_fn *on_entry, void *arg, uint64_t *head)
{
	struct reading r = {.ctl = ctl, .next = from, .incident = incident, .on_entry = on_entry, .arg = arg};
	int code;

	*head = 0;
	if (!link_open(ctl, link_deadline(ctl)))
		return link_failed(ctl);
	buf_init(&r.parts, ENTRY_MAX);
	code = pages(&r, head);
	buf_free(&r.parts);
	return code;
}

bool logread_begin(FILE *file)
{
	return fputs(MAGIC, file) >= 0;
}

bool logread_write(FILE *file, const Renraku__LogEntry *entry)
{
	size_t len = renraku__log_entry__get_packed_size(entry);
	uint8_t *bytes = xmalloc(len + FRAME_HEADER);
	bool fine;

	frame_put_header(bytes, len);
	renraku__log_entry__pack(entry, bytes + FRAME_HEADER);
	fine = fwrite(bytes, 1, len + FRAME_HEADER, file) == len + FRAME_HEADER;
	free(bytes);
	return fine;
}

/* 1: an entry, 0: the end, -1: cut short or damaged. */
static int file_entry(FILE *file, Renraku__LogEntry **out)
{
	uint8_t header[FRAME_HEADER], *bytes;
	size_t n = fread(header, 1, sizeof header, file), len;

	if (n == 0)
		return 0;
	len = (size_t)header[0] << 24 | (size_t)header[1] << 16 | (size_t)header[2] << 8 | header[3];
	if (n != sizeof header || len > ENTRY_MAX)
		return -1;
	bytes = xmalloc(len + 1);
	*out = fread(bytes, 1, len, file) == len ? renraku__log_entry__unpack(NULL, len, bytes) : NULL;
	free(bytes);
	return *out ? 1 : -1;
}

static int entries(const char *path, FILE *file, logread_fn *on_entry, void *arg, uint64_t *head)
{
	char magic[sizeof MAGIC] = "";
	Renraku__LogEntry *entry;
	bool go_on = true;
	int got = 1;

	if (fread(magic, 1, sizeof MAGIC - 1, file) != sizeof MAGIC - 1 || strcmp(magic, MAGIC) != 0) {
		out_error(T("%s は renraku log save で書いたファイルではありません。", "%s was not written by renraku log save."), path);
		return CTL_UNVERIFIED;
	}
	while (go_on && (got = file_entry(file, &entry)) > 0) {
		*head = entry->index;
		go_on = on_entry(arg, entry);
		renraku__log_entry__free_unpacked(entry, NULL);
	}
	if (got < 0) {
		out_error(T("%s は記録 %llu の後で切れているか、壊れています。", "%s is cut short or damaged after record %llu."), path,
			(unsigned long long)*head);
		return CTL_UNVERIFIED;
	}
	return CTL_OK;
}

int logread_file(struct ctl *ctl, const char *path, logread_fn *on_entry, void *arg, uint64_t *head)
{
	FILE *file = fopen(path, "rb");
	int code;

	(void)ctl;
	*head = 0;
	if (!file) {
		out_error(T("%s を開けません: %s", "Cannot open %s: %s"), path, strerror(errno));
		return CTL_LOCAL;
	}
	code = entries(path, file, on_entry, arg, head);
	fclose(file);
	return code;
}
