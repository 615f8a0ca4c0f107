#include "ctl/may.h"

#include <string.h>

#include "ctl/out.h"

static const struct {
	const char *word, *ja;
	uint32_t bit;
} mays[] = {{"acknowledge", "受領確認", 1}, {"enter", "記入", 2}, {"decide", "決定", 4}};

bool may_read(const char *option, const char *text, uint32_t *out)
{
	size_t i;

	for (*out = 0; text && *text; text += *text == ',') {
		size_t len = strcspn(text, ",");

		for (i = 0; i < 3 && (strlen(mays[i].word) != len || strncmp(mays[i].word, text, len) != 0); i++)
			;
		if (i == 3) {
			out_error(T("--%s「%.*s」は分かりません。acknowledge（受領確認）、enter（記入）、decide（決定）です。",
					  "--%s '%.*s': use acknowledge, enter, decide."),
				option, (int)len, text);
			return false;
		}
		*out |= mays[i].bit;
		text += len;
	}
	return true;
}

const char *may_say(struct arena *arena, uint32_t may)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < 3 && may != 0 && may != 7; i++)
		if (may & mays[i].bit)
			text = arena_printf(arena, "%s%s%s", text, *text ? T("・", ", ") : "", T(mays[i].ja, mays[i].word));
	return text;
}
