#include "ctl/words.h"

#include <string.h>

#include "ctl/form.h"

#define TITLE_MAX 120

static bool id_like(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80 || *text == ' ')
			return false;
	return true;
}

bool words_typed(const struct fill *fill)
{
	size_t i;

	for (i = 0; i < fill->n_values; i++)
		if (strlen(fill->values[i]->value) <= TITLE_MAX && !id_like(fill->values[i]->value))
			return true;
	return false;
}

static void become(struct ctl *ctl, Renraku__Value *value, Renraku__Option *const *options, size_t n)
{
	const Renraku__Option *option = form_option(options, n, value->value);

	if (option)
		value->value = arena_strdup(ctl->arena, option->id);
}

void words_read(struct ctl *ctl, const Renraku__ItemRow *item, struct fill *fill)
{
	size_t i, k;

	for (i = 0; i < fill->n_values; i++) {
		Renraku__Value *value = fill->values[i];

		for (k = 0; k < item->n_form; k++)
			if (strcmp(item->form[k]->id, value->field) == 0)
				become(ctl, value, item->form[k]->options, item->form[k]->n_options);
		for (k = 0; k < item->n_agenda; k++) {
			if (strcmp(item->agenda[k]->id, value->field) != 0)
				continue;
			become(ctl, value, item->agenda[k]->options, item->agenda[k]->n_options);
			if (strcmp(value->value, "保留") == 0)
				value->value = arena_strdup(ctl->arena, "deferred");
		}
	}
}
