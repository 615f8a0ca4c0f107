#include "lib/i18n.h"

#include <string.h>

static enum i18n_lang current = I18N_JA;

void i18n_set(enum i18n_lang lang)
{
	current = lang;
}

enum i18n_lang i18n_get(void)
{
	return current;
}

bool i18n_parse(const char *s, enum i18n_lang *out)
{
	bool ends = strlen(s) >= 2 && (s[2] == '\0' || s[2] == '_' || s[2] == '-' || s[2] == '.');
	if (!ends)
		return false;
	if (!strncmp(s, "ja", 2))
		*out = I18N_JA;
	else if (!strncmp(s, "en", 2))
		*out = I18N_EN;
	else
		return false;
	return true;
}

const char *i18n_pick(const char *ja, const char *en)
{
	bool english = current == I18N_EN;
	if (english && en && *en)
		return en;
	if (ja && *ja)
		return ja;
	return en ? en : "";
}
