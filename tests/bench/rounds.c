#include "bench/rounds.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/process.h"
#include "lib/uuid.h"
#include "wire/codec.h"
#include "wire/frame.h"

#define PATIENCE_NS (INT64_C(120) * 1000000000)

/* ---- toward renrakud ---- */

static void send_message(struct agent *a, const Renraku__ClientFrame *frame)
{
	struct buf bytes;

	buf_init(&bytes, FRAME_MAX + FRAME_HEADER);
	if (!codec_pack_client(&bytes, frame))
		abort(); /* our own frames are small */
	crowd_send(a, bytes.data, bytes.len);
	buf_free(&bytes);
}

static void say_hello(void *arg, struct agent *a)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Hello hello = RENRAKU__HELLO__INIT;

	(void)arg;
	hello.version = 1;
	hello.program = "fanout";
	hello.wants_notices = true;
	frame.ref = 1;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_HELLO;
	frame.hello = &hello;
	send_message(a, &frame);
}

static void say_subscribe(struct agent *a)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Subscribe subscribe = RENRAKU__SUBSCRIBE__INIT;

	subscribe.view = RENRAKU__VIEW__VIEW_CONTACTS;
	frame.ref = 3;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_SUBSCRIBE;
	frame.subscribe = &subscribe;
	send_message(a, &frame);
}

static void say_acknowledge(struct agent *a, uint64_t notice)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Command command = RENRAKU__COMMAND__INIT;
	Renraku__Acknowledge acknowledge = RENRAKU__ACKNOWLEDGE__INIT;
	char id[UUID_SIZE];

	uuid_new(id);
	acknowledge.notice = notice;
	command.id = id;
	command.made_at = (uint64_t)clock_wall_ms();
	command.act_case = RENRAKU__COMMAND__ACT_ACKNOWLEDGE;
	command.acknowledge = &acknowledge;
	frame.ref = 4;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_COMMAND;
	frame.command = &command;
	send_message(a, &frame);
}

static void say_pong(struct agent *a, uint64_t nonce)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Pong pong = RENRAKU__PONG__INIT;

	pong.nonce = nonce;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_PONG;
	frame.pong = &pong;
	send_message(a, &frame);
}

static void say_alarm(struct agent *a, unsigned number)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Command command = RENRAKU__COMMAND__INIT;
	Renraku__Alarm alarm = RENRAKU__ALARM__INIT;
	Renraku__Value kind = RENRAKU__VALUE__INIT, text = RENRAKU__VALUE__INIT, *values[] = {&kind, &text};
	char id[UUID_SIZE], words[64];

	uuid_new(id);
	snprintf(words, sizeof words, "起動しない（計測 %u 回目）", number);
	kind.field = "kind";
	kind.value = "hardware";
	text.field = "text";
	text.value = words;
	alarm.entry = "fault";
	alarm.values = values;
	alarm.n_values = 2;
	command.id = id;
	command.made_at = (uint64_t)clock_wall_ms();
	command.act_case = RENRAKU__COMMAND__ACT_ALARM;
	command.alarm = &alarm;
	frame.ref = 2;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_COMMAND;
	frame.command = &command;
	send_message(a, &frame);
}

static void encode_receipt(struct side *s, unsigned i, Renraku__Stage stage)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Receipts receipts = RENRAKU__RECEIPTS__INIT;
	Renraku__Receipt receipt = RENRAKU__RECEIPT__INIT, *list = &receipt;
	struct buf bytes;

	receipt.notice = s->notice;
	receipt.stage = stage;
	receipts.receipts = &list;
	receipts.n_receipts = 1;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_RECEIPTS;
	frame.receipts = &receipts;
	buf_init(&bytes, sizeof s->frames[i]);
	if (!codec_pack_client(&bytes, &frame) || bytes.full)
		abort();
	memcpy(s->frames[i], bytes.data, bytes.len);
	s->frame_len[i] = bytes.len;
	buf_free(&bytes);
}

static void mark_delivered(struct side *s, const struct agent *a)
{
	int64_t now = figures_now();

	if (s->now.at[a->id] != 0)
		return;
	s->now.at[a->id] = now;
	s->now.delivered = now;
	s->now.n++;
}

static void on_notice(struct side *s, struct agent *a, const Renraku__Notice *notice)
{
	if (!s->running || notice->ended || strcmp(notice->role, "every_terminal") != 0)
		return;
	if (s->now.n == 0) {
		s->notice = notice->id;
		proof_expect(s->proof, notice->id);
		encode_receipt(s, 0, s->answers == 1 ? RENRAKU__STAGE__STAGE_DISPLAYED : RENRAKU__STAGE__STAGE_DELIVERED);
		encode_receipt(s, 1, RENRAKU__STAGE__STAGE_DISPLAYED);
	}
	if (notice->id != s->notice)
		return;
	if (s->now.at[a->id] != 0)
		return; /* the same again: its own acknowledgement has ended it, say */
	mark_delivered(s, a);
	for (unsigned i = 0; i < s->answers; i++)
		crowd_send(a, s->frames[i], s->frame_len[i]);
	if (s->acknowledge)
		say_acknowledge(a, notice->id);
}

static void on_result(struct side *s, const Renraku__Result *result)
{
	if (s->acknowledge && s->now.accepted != 0 && result->outcome == RENRAKU__OUTCOME__ACCEPTED)
		return;
	if (result->outcome == RENRAKU__OUTCOME__ACCEPTED && !result->joined) {
		s->now.accepted = figures_now();
		return;
	}
	fprintf(stderr, "fanout: the alarm was not accepted as a new incident: %s %s\n", result->code, result->text_en);
	s->refused = true;
}

static void on_town_frame(void *arg, struct agent *a, const uint8_t *data, size_t len)
{
	static struct arena *arena;
	Renraku__ServerFrame *frame = NULL;

	if (arena == NULL)
		arena = arena_new(0);
	arena_reset(arena);
	if (codec_unpack_server(arena, data, len, &frame) != CODEC_OK)
		return;
	switch (frame->body_case) {
	case RENRAKU__SERVER_FRAME__BODY_WELCOME:
		if (((struct side *)arg)->contacts)
			say_subscribe(a);
		else
			crowd_up(a);
		break;
	case RENRAKU__SERVER_FRAME__BODY_VIEW:
		if (frame->view->complete)
			crowd_up(a);
		break;
	case RENRAKU__SERVER_FRAME__BODY_PING:
		say_pong(a, frame->ping->nonce);
		break;
	case RENRAKU__SERVER_FRAME__BODY_NOTICE:
		on_notice(arg, a, frame->notice);
		break;
	case RENRAKU__SERVER_FRAME__BODY_RESULT:
		on_result(arg, frame->result);
		break;
	case RENRAKU__SERVER_FRAME__BODY_BYE:
		fprintf(stderr, "fanout: renrakud says goodbye to terminal %zu: %s %s\n", a->id + 1, frame->bye->code, frame->bye->text_en);
		break;
	default:
		break;
	}
}

const struct crowd_events rounds_town_events = {say_hello, on_town_frame};

/* ---- toward the yardstick ---- */

static void send_bare(struct agent *a, enum bare_kind kind, size_t len)
{
	uint8_t frame[FRAME_HEADER + BARE_NOTICE] = {0};

	frame_put_header(frame, len);
	frame[FRAME_HEADER] = (uint8_t)kind;
	crowd_send(a, frame, FRAME_HEADER + len);
}

static void on_yard_open(void *arg, struct agent *a)
{
	(void)arg, (void)a; /* the yardstick speaks first */
}

static void on_yard_frame(void *arg, struct agent *a, const uint8_t *data, size_t len)
{
	struct side *s = arg;

	assert(len > 0);
	if (data[0] == BARE_WELCOME)
		crowd_up(a);
	if (data[0] != BARE_TELL || !s->running)
		return;
	mark_delivered(s, a);
	for (unsigned i = 0; i < s->answers; i++)
		send_bare(a, BARE_RECEIPT, BARE_ANSWER);
}

const struct crowd_events rounds_yard_events = {on_yard_open, on_yard_frame};

/* ---- a round ---- */

static bool complain(const struct side *s, const char *what, size_t have, size_t want)
{
	fprintf(stderr, "fanout: %s: %s: %zu of %zu\n", s->name, what, have, want);
	return false;
}

static bool await_delivery(struct side *s, int epoll)
{
	size_t n = crowd_size(s->crowd);

	while (s->now.n < n || (s->bare == NULL && s->now.accepted == 0)) {
		if (!crowd_turn(epoll, 100) || s->refused)
			return false;
		if (figures_now() - s->now.sent > PATIENCE_NS)
			return complain(s, "the alarm did not reach all terminals", s->now.n, n);
	}
	return true;
}

static bool await_log(struct side *s, int epoll)
{
	size_t n = crowd_size(s->crowd);

	for (;;) {
		if (!proof_read(s->proof))
			return false;
		if (proof_displayed(s->proof) == n && (!s->acknowledge || proof_acknowledged(s->proof) == n)) {
			s->now.durable = figures_now();
			return true;
		}
		if (!crowd_turn(epoll, 0))
			return false;
		if (figures_now() - s->now.sent > PATIENCE_NS)
			return complain(s, "receipts and acknowledgements found in the log",
				proof_displayed(s->proof) + proof_acknowledged(s->proof), s->acknowledge ? 2 * n : n);
	}
}

static bool await_yard(struct side *s, int epoll, uint64_t before)
{
	uint64_t want = before + s->answers * crowd_size(s->crowd);

	while (atomic_load(&s->bare->shared->answers) < want) {
		if (!crowd_turn(epoll, 0))
			return false;
		if (figures_now() - s->now.sent > PATIENCE_NS)
			return complain(
				s, "answers kept", (size_t)(atomic_load(&s->bare->shared->answers) - before), (size_t)(want - before));
	}
	s->now.durable = atomic_load(&s->bare->shared->durable_at);
	s->now.accepted = s->now.sent;
	return true;
}

bool rounds_alarm(struct side *s, int epoll, size_t who, unsigned number)
{
	size_t n = crowd_size(s->crowd);
	uint64_t answers = s->bare != NULL ? atomic_load(&s->bare->shared->answers) : 0;
	uint64_t records = s->proof != NULL ? proof_records(s->proof) : 0;
	int64_t *at = s->now.at != NULL ? s->now.at : xcalloc(n, sizeof *at), cpu = process_cpu(s->server);
	bool ok;

	memset(at, 0, n * sizeof *at);
	s->now = (struct round){.at = at, .sent = figures_now()};
	s->running = true;
	if (s->bare != NULL)
		send_bare(crowd_agent(s->crowd, who), BARE_ALARM, BARE_NOTICE);
	else
		say_alarm(crowd_agent(s->crowd, who), number);
	ok = await_delivery(s, epoll) && (s->bare != NULL ? await_yard(s, epoll, answers) : await_log(s, epoll));
	s->running = false;
	s->now.cpu = process_cpu(s->server) - cpu;
	s->now.records = s->proof != NULL ? proof_records(s->proof) - records : 0;
	return ok;
}

bool rounds_await_presence(struct side *s, int epoll, size_t n)
{
	int64_t since = figures_now();

	for (;;) {
		if (!proof_read(s->proof))
			return false;
		if (proof_present(s->proof) == n)
			return true;
		if (!crowd_turn(epoll, 20))
			return false;
		if (figures_now() - since > PATIENCE_NS)
			return complain(s, "terminals on record as present", proof_present(s->proof), n);
	}
}
