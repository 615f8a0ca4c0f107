/* sim_commands: what was sent is remembered, and sent again and again: as it was, or with other content under the same id. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "sim/sim.h"
#include "wire/codec.h"
#include "wire/frame.h"

struct sim_command *sim_commands_new(struct sim_client *by, Renraku__Command *command)
{
	struct sim *s = by->sim;
	s->commands = xgrow(s->commands, &s->cap_commands, s->n_commands + 1, sizeof *s->commands);
	struct sim_command *c = &s->commands[s->n_commands++];
	*c = (struct sim_command){.by = by};
	snprintf(c->id, sizeof c->id, "sim-%08zu-%016llx", s->n_commands, (unsigned long long)sim_random(s));
	command->id = c->id;
	if (!command->made_at)
		command->made_at = (uint64_t)s->now;
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	frame.ref = s->n_commands;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_COMMAND;
	frame.command = command;
	struct buf out;
	buf_init(&out, FRAME_MAX + FRAME_HEADER);
	bool packed = codec_pack_client(&out, &frame);
	assert(packed);
	c->len = out.len - FRAME_HEADER;
	c->bytes = xmemdup(out.data + FRAME_HEADER, c->len);
	buf_free(&out);
	return c;
}

/* The same id, other content. */
static void send_twin(struct sim *s, size_t of)
{
	struct arena *arena = arena_new(0);
	Renraku__ClientFrame *frame = NULL;
	char id[48];
	snprintf(id, sizeof id, "%s", s->commands[of].id);
	enum codec_verdict v = codec_unpack_client(arena, s->commands[of].bytes, s->commands[of].len, &frame);
	assert(v == CODEC_OK);
	frame->command->made_at = 1000000 + s->n_commands; /* a time that no other command has */
	struct sim_command *twin = sim_commands_new(s->commands[of].by, frame->command);
	/* sim_commands_new gave it an id of its own: put the other's back, in the record of it and in its bytes. */
	memcpy(twin->id, id, sizeof id);
	frame->ref = s->n_commands;
	frame->command->id = id;
	free(twin->bytes);
	twin->len = renraku__client_frame__get_packed_size(frame);
	twin->bytes = xmalloc(twin->len);
	renraku__client_frame__pack(frame, twin->bytes);
	arena_free(arena);
	sim_trace(s, "%s sends other content as %s", twin->by->principal, id);
	sim_send(s, twin);
}

void sim_commands_repeat(struct sim *s)
{
	if (!s->n_commands)
		return;
	size_t i = sim_chance(s, 60) && s->n_commands > 8 ? s->n_commands - 1 - sim_below(s, 8) : sim_below(s, s->n_commands);
	if (sim_chance(s, 15)) {
		send_twin(s, i);
		return;
	}
	sim_trace(s, "%s repeats %s", s->commands[i].by->principal, s->commands[i].id);
	sim_connect(s, s->commands[i].by);
	sim_send(s, &s->commands[i]);
	if (sim_chance(s, 20))
		sim_send(s, &s->commands[i]);
}
