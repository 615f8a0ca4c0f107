#include "ctl/term.h"

#include <string.h>

#include "base/clock.h"
#include "ctl/behalf.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static bool is_date(const char *text)
{
	return strlen(text) == 10 && text[4] == '-' && text[7] == '-';
}

static bool read_one(const struct ctl *ctl, const char *option, bool end, uint64_t *out)
{
	const char *text = opt_value(&ctl->line, option);

	*out = 0;
	if (!text)
		return true;
	*out = behalf_time(ctl, option, is_date(text) ? arena_printf(ctl->arena, "%sT00:00", text) : text);
	if (*out && end && is_date(text))
		*out += DAY_MS;
	return *out != 0;
}

bool term_read(const struct ctl *ctl, uint64_t *since, uint64_t *until)
{
	return read_one(ctl, "from", false, since) && read_one(ctl, "until", true, until);
}
