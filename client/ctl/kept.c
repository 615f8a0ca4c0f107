#include "ctl/kept.h"

#include <string.h>
#include <unistd.h>

#include "lib/durable.h"
#include "wire/frame.h"

static char *directory_of(struct ctl *ctl)
{
	const char *token = ctl->settings->token, *slash = strrchr(token, '/');

	return arena_printf(ctl->arena, "%.*s/unconfirmed", slash ? (int)(slash - token) : 1, slash ? token : ".");
}

static char *path_of(struct ctl *ctl, const char *id)
{
	return arena_printf(ctl->arena, "%s/%s", directory_of(ctl), id);
}

bool kept_put(struct ctl *ctl, const Renraku__Command *command)
{
	size_t len = renraku__command__get_packed_size(command);
	uint8_t *bytes = arena_alloc(ctl->arena, len + 1);

	renraku__command__pack(command, bytes);
	if (durable_directory(directory_of(ctl), 0700) != 0)
		return false;
	return durable_write(path_of(ctl, command->id), bytes, len, 0600) == 0;
}

void kept_drop(struct ctl *ctl, const char *id)
{
	(void)unlink(path_of(ctl, id));
}

Renraku__Command *kept_get(struct ctl *ctl, const char *id)
{
	Renraku__Command *command = NULL;
	struct buf bytes;

	buf_init(&bytes, FRAME_MAX);
	if (durable_read(path_of(ctl, id), &bytes) == 0)
		command = renraku__command__unpack(NULL, bytes.len, bytes.data);
	buf_free(&bytes);
	return command;
}
