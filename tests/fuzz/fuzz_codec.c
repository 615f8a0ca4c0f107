/* Messages from a peer: whatever is taken can be shown, holds clean text only, and packs again. */
#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fuzz/fuzz.h"
#include "wire/codec.h"
#include "wire/frame.h"

static void check(const ProtobufCMessage *m)
{
	struct buf json;
	buf_init(&json, 1 << 20);
	assert(codec_texts_clean(m));
	codec_json(&json, m);
	assert(json.full || (json.data[0] == '{' && json.data[json.len - 1] == '}'));
	buf_free(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = arena_new(2 * FRAME_ARENA_MAX);
	struct buf out;
	Renraku__ClientFrame *c;
	Renraku__ServerFrame *s;
	buf_init(&out, 2 * FRAME_MAX);
	if (codec_unpack_client(a, p, n, &c) == CODEC_OK) {
		check(&c->base);
		codec_pack_client(&out, c);
	}
	arena_reset(a);
	if (codec_unpack_server(a, p, n, &s) == CODEC_OK) {
		check(&s->base);
		codec_pack_server(&out, s);
	}
	arena_free(a);
	buf_free(&out);
	return 0;
}

static Renraku__Value value = RENRAKU__VALUE__INIT;
static Renraku__Value *values[] = {&value, &value};

static size_t seed_command(uint8_t *out)
{
	Renraku__ClientFrame f = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Command command = RENRAKU__COMMAND__INIT;
	Renraku__Behalf behalf = RENRAKU__BEHALF__INIT;
	Renraku__Enter enter = RENRAKU__ENTER__INIT;
	Renraku__Call call = RENRAKU__CALL__INIT, *calls[] = {&call};
	char *checks[] = {(char *)"a", (char *)"b"};
	value.field = (char *)"kind";
	value.value = (char *)"起動しない";
	value.checks = checks;
	value.n_checks = 2;
	call.body = (char *)"lasdec";
	call.at = 1795392307000;
	enter.item = (char *)"F1.1a";
	enter.n_values = 2;
	enter.values = values;
	enter.n_calls = 1;
	enter.calls = calls;
	behalf.channel = RENRAKU__CHANNEL__CHANNEL_TELEPHONE;
	command.id = (char *)"0123456789abcdef";
	command.behalf = &behalf;
	command.act_case = RENRAKU__COMMAND__ACT_ENTER;
	command.enter = &enter;
	f.ref = 300;
	f.body_case = RENRAKU__CLIENT_FRAME__BODY_COMMAND;
	f.command = &command;
	return renraku__client_frame__pack(&f, out);
}

static size_t seed_view(uint8_t *out)
{
	Renraku__ServerFrame f = RENRAKU__SERVER_FRAME__INIT;
	Renraku__ViewUpdate view = RENRAKU__VIEW_UPDATE__INIT;
	Renraku__Row row = RENRAKU__ROW__INIT, *rows[] = {&row, &row};
	Renraku__NoticeRow notice = RENRAKU__NOTICE_ROW__INIT;
	Renraku__RecipientRow who = RENRAKU__RECIPIENT_ROW__INIT, *whos[] = {&who};
	who.id = (char *)"t1";
	who.stage = RENRAKU__STAGE__STAGE_DISPLAYED;
	notice.recipients = whos;
	notice.n_recipients = 1;
	row.key = (char *)"notice/1";
	row.body_case = RENRAKU__ROW__BODY_NOTICE;
	row.notice = &notice;
	view.rows = rows;
	view.n_rows = 2;
	view.view = RENRAKU__VIEW__VIEW_BOARD;
	f.body_case = RENRAKU__SERVER_FRAME__BODY_VIEW;
	f.view = &view;
	return renraku__server_frame__pack(&f, out);
}

size_t fuzz_seed(size_t i, uint8_t *out, size_t max)
{
	(void)max; /* seeds are a few hundred bytes */
	return i == 0 ? seed_command(out) : i == 1 ? seed_view(out) : 0;
}
