#include "hall.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/internal.h"
#include "record/record.h"
#include "wire/codec.h"
#include "wire/frame.h"

/* ---- what the shell asks of its owner ---- */

static void on_send(void *arg, struct shell_peer *peer, struct hub_frame *frame)
{
	struct visitor *v = shell_peer_owner(peer);

	(void)arg;
	assert_string_equal(v->closed, "");
	assert_true(v->n < HALL_FRAMES);
	assert_int_equal(codec_unpack_server(v->arena, frame->bytes + FRAME_HEADER, frame->len - FRAME_HEADER, &v->got[v->n]), CODEC_OK);
	v->n++;
}

static void on_close(void *arg, struct shell_peer *peer, const char *why)
{
	struct visitor *v = shell_peer_owner(peer);

	(void)arg;
	assert_string_equal(v->closed, "");
	snprintf(v->closed, sizeof v->closed, "%s", why);
}

static void on_hello_done(void *arg, struct shell_peer *peer)
{
	(void)arg;
	((struct visitor *)shell_peer_owner(peer))->hello_done = true;
}

static void on_fatal(void *arg, const char *why)
{
	snprintf(((struct hall *)arg)->fatal, sizeof((struct hall *)arg)->fatal, "%s", why);
}

static void on_hash(void *arg, uint64_t ticket, const char *password, const char *stored)
{
	struct hall *hall = arg;

	assert_true(hall->n_hashes < 8);
	hall->hashes[hall->n_hashes].ticket = ticket;
	hall->hashes[hall->n_hashes].password = xstrdup(password);
	hall->hashes[hall->n_hashes++].stored = stored != NULL ? xstrdup(stored) : NULL;
}

static void on_random(void *arg, void *out, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint64_t *x = &((struct hall *)arg)->random;

		*x = *x * 6364136223846793005u + 1442695040888963407u;
		((uint8_t *)out)[i] = (uint8_t)(*x >> 56);
	}
}

static size_t on_backlog(void *arg, const struct shell_peer *peer)
{
	(void)arg;
	return ((struct visitor *)shell_peer_owner(peer))->backlog;
}

static const struct shell_output output = {on_send, on_close, on_hello_done, on_fatal, on_hash, on_random, on_backlog};

/* ---- the hall ---- */

static void start(struct hall *hall, bool recording)
{
	char *error = NULL;

	hall->shell = shell_new(&hall->config, hall->store, &output, hall, hall->now, recording, &error);
	assert_null(error);
	assert_non_null(hall->shell);
	hall_turn(hall);
}

void hall_open_empty(struct hall *hall)
{
	struct shell_config config = hall->config;

	memset(hall, 0, sizeof *hall);
	hall->config = config;
	hall->now = HALL_START;
	hall->random = 1;
	hall->store = store_open_mem();
	start(hall, true);
}

static void load(struct hall *hall, bool site, const char *path)
{
	struct verdict verdict = {0};
	FILE *file = fopen(path, "r");
	char *text = xmalloc(1 << 20);
	size_t len;

	assert_non_null(file);
	len = fread(text, 1, 1 << 20, file);
	fclose(file);
	if (shell_console_load(hall->shell, site, path, text, len, hall->now, &verdict) != 0)
		fail_msg("%s: %s %s", path, verdict.text, verdict.n_missing > 0 ? verdict.missing[0] : "");
	verdict_clear(&verdict);
	free(text);
	hall_turn(hall);
}

void hall_open(struct hall *hall)
{
	hall_open_empty(hall);
	load(hall, false, "server/plans/taga-juki-net.yaml");
	load(hall, true, "server/plans/taga-demo-site.yaml");
}

static void forget_visitors(struct hall *hall)
{
	for (size_t i = 0; i < hall->n_visitors; i++)
		arena_free(hall->visitors[i].arena);
	hall->n_visitors = 0;
	for (size_t i = 0; i < hall->n_hashes; i++) {
		free(hall->hashes[i].password);
		free(hall->hashes[i].stored);
	}
	hall->n_hashes = 0;
}

void hall_close(struct hall *hall)
{
	shell_free(hall->shell);
	store_close(hall->store);
	forget_visitors(hall);
}

static void restart(struct hall *hall, bool recording)
{
	shell_free(hall->shell);
	forget_visitors(hall);
	hall->store = store_mem_crash(hall->store);
	start(hall, recording);
}

void hall_restart(struct hall *hall)
{
	restart(hall, true);
}

void hall_restart_without_disk(struct hall *hall)
{
	restart(hall, false);
}

static void hash_one(struct hall *hall)
{
	char hash[200], *password = hall->hashes[0].password, *stored = hall->hashes[0].stored;
	uint64_t ticket = hall->hashes[0].ticket;

	memmove(hall->hashes, hall->hashes + 1, --hall->n_hashes * sizeof *hall->hashes);
	snprintf(hash, sizeof hash, "h:%s", password);
	shell_hashed(hall->shell, ticket, stored == NULL || strcmp(stored, hash) == 0, stored == NULL ? hash : NULL, hall->now);
	free(password);
	free(stored);
}

void hall_turn(struct hall *hall)
{
	for (int i = 0; i < 20; i++) {
		while (hall->n_hashes > 0)
			hash_one(hall);
		shell_turn(hall->shell, hall->now);
		store_poll(hall->store);
	}
}

void hall_advance(struct hall *hall, int64_t ms)
{
	int64_t end = hall->now + ms;

	hall_turn(hall);
	while (shell_deadline(hall->shell) <= end) {
		if (shell_deadline(hall->shell) > hall->now)
			hall->now = shell_deadline(hall->shell);
		shell_tick(hall->shell, hall->now);
		assert_true(shell_deadline(hall->shell) > hall->now); /* a tick does what it was called for */
		hall_turn(hall);
	}
	hall->now = end;
}

uint64_t hall_records(struct hall *hall)
{
	uint8_t hash[STORE_HASH];

	return store_head(hall->store, hash);
}

struct counting {
	enum record_kind kind;
	size_t n, seen;
};

static bool count_entry(void *arg, const struct store_entry *entry)
{
	struct counting *c = arg;
	struct arena *arena = arena_new(0);
	struct record record;

	assert_true(record_decode(arena, entry->data, entry->len, &record));
	c->n += record.kind == c->kind;
	c->seen++;
	arena_free(arena);
	return true;
}

size_t hall_count(struct hall *hall, enum record_kind kind)
{
	struct counting c = {.kind = kind};
	size_t before;

	do {
		before = c.seen;
		assert_int_equal(store_read(hall->store, c.seen + 1, 1000, count_entry, &c), STORE_OK);
	} while (c.seen > before);
	return c.n;
}

void hall_password(struct hall *hall, const char *person, const char *password)
{
	struct verdict verdict = {0};
	char hash[200];

	snprintf(hash, sizeof hash, "h:%s", password);
	assert_int_equal(shell_console_password(hall->shell, person, hash, hall->now, &verdict), 0);
	hall_turn(hall);
	verdict_clear(&verdict);
}

/* ---- visitors ---- */

struct visitor *hall_visitor(struct hall *hall, enum tls_who who, const char *id, bool expired)
{
	struct visitor *v = &hall->visitors[hall->n_visitors++];
	struct tls_peer tls = {.who = who, .expired = expired};
	char subject[100];

	assert_true(hall->n_visitors <= HALL_VISITORS);
	memset(v, 0, sizeof *v);
	v->hall = hall;
	v->arena = arena_new(0);
	snprintf(tls.id, sizeof tls.id, "%s", id);
	snprintf((char *)tls.fingerprint, sizeof tls.fingerprint, "%d%s", (int)who, id);
	snprintf(subject, sizeof subject, "%s:%s", tls_who_name(who), id);
	v->peer = shell_open(hall->shell, &tls, subject, v, hall->now);
	return v;
}

struct visitor *hall_enter(struct hall *hall, enum tls_who who, const char *id, bool device)
{
	struct visitor *v = hall_visitor(hall, who, id, false);

	visitor_hello(v, 1, device, 0);
	hall_turn(hall);
	assert_non_null(visitor_last(v, RENRAKU__SERVER_FRAME__BODY_WELCOME));
	return v;
}

void visitor_leave(struct visitor *v)
{
	shell_closed(v->hall->shell, v->peer, v->hall->now);
	if (v->closed[0] == '\0')
		snprintf(v->closed, sizeof v->closed, "left");
}

uint64_t visitor_send(struct visitor *v, Renraku__ClientFrame *frame)
{
	uint8_t *bytes;
	size_t len;

	frame->ref = ++v->ref;
	len = renraku__client_frame__get_packed_size(frame);
	bytes = xmalloc(len);
	renraku__client_frame__pack(frame, bytes);
	shell_frame(v->hall->shell, v->peer, bytes, len, v->hall->now);
	free(bytes);
	return v->ref;
}

uint64_t visitor_hello(struct visitor *v, uint32_t version, bool device, uint64_t seen)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Hello hello = RENRAKU__HELLO__INIT;

	hello.version = version;
	hello.wants_notices = device;
	hello.seen = seen;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_HELLO;
	frame.hello = &hello;
	return visitor_send(v, &frame);
}

uint64_t visitor_sign_in(struct visitor *v, const char *person, const char *password)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__SignIn in = RENRAKU__SIGN_IN__INIT;

	in.person = (char *)(uintptr_t)person;
	in.password = (char *)(uintptr_t)password;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_SIGN_IN;
	frame.sign_in = &in;
	return visitor_send(v, &frame);
}

uint64_t visitor_resume(struct visitor *v, const char *token)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Resume resume = RENRAKU__RESUME__INIT;

	resume.token = (char *)(uintptr_t)token;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_RESUME;
	frame.resume = &resume;
	return visitor_send(v, &frame);
}

uint64_t visitor_command(struct visitor *v, const char *id, Renraku__Command *command)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	char fresh[40];

	snprintf(fresh, sizeof fresh, "command-%08u-%s", v->hall->commands++, "0123456789");
	command->id = id != NULL ? (char *)(uintptr_t)id : fresh;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_COMMAND;
	frame.command = command;
	return visitor_send(v, &frame);
}

uint64_t visitor_alarm(struct visitor *v, const char *id, const char *text)
{
	Renraku__Command command = RENRAKU__COMMAND__INIT;
	Renraku__Alarm alarm = RENRAKU__ALARM__INIT;
	Renraku__Value kind = RENRAKU__VALUE__INIT, words = RENRAKU__VALUE__INIT, place = RENRAKU__VALUE__INIT;
	Renraku__Value *values[] = {&kind, &words, &place};

	kind.field = (char *)(uintptr_t) "kind";
	kind.value = (char *)(uintptr_t) "hardware";
	words.field = (char *)(uintptr_t) "text";
	words.value = (char *)(uintptr_t)text;
	place.field = (char *)(uintptr_t) "place";
	place.value = (char *)(uintptr_t) "1階 書庫";
	alarm.entry = (char *)(uintptr_t) "fault";
	alarm.values = values;
	alarm.n_values = 3;
	command.made_at = 1;
	command.act_case = RENRAKU__COMMAND__ACT_ALARM;
	command.alarm = &alarm;
	return visitor_command(v, id, &command);
}

uint64_t visitor_subscribe(struct visitor *v, Renraku__View view, uint32_t incident, bool once)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Subscribe subscribe = RENRAKU__SUBSCRIBE__INIT;

	subscribe.view = view;
	subscribe.incident = incident;
	subscribe.once = once;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_SUBSCRIBE;
	frame.subscribe = &subscribe;
	return visitor_send(v, &frame);
}

const Renraku__ServerFrame *visitor_last(const struct visitor *v, Renraku__ServerFrame__BodyCase body)
{
	for (size_t i = v->n; i-- > 0;)
		if (v->got[i]->body_case == body)
			return v->got[i];
	return NULL;
}

const Renraku__ServerFrame *visitor_answer(const struct visitor *v, uint64_t ref)
{
	for (size_t i = v->n; i-- > 0;)
		if (v->got[i]->ref == ref)
			return v->got[i];
	return NULL;
}

size_t visitor_count(const struct visitor *v, Renraku__ServerFrame__BodyCase body)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++)
		n += v->got[i]->body_case == body;
	return n;
}

void visitor_forget(struct visitor *v)
{
	arena_reset(v->arena);
	v->n = 0;
}

const char *visitor_refusal(const struct visitor *v, uint64_t ref)
{
	const Renraku__ServerFrame *answer = visitor_answer(v, ref);

	if (answer != NULL && answer->body_case == RENRAKU__SERVER_FRAME__BODY_REFUSAL)
		return answer->refusal->code;
	return answer != NULL && answer->body_case == RENRAKU__SERVER_FRAME__BODY_RESULT ? answer->result->code : "";
}
