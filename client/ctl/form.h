/*
 * form: what an item asks for, shown to a person: fields, choices, checks, agenda, bodies to call.
 */
#ifndef CTL_FORM_H
#define CTL_FORM_H

#include "ctl/ctl.h"
#include "lib/rows.h"
#include "renraku.pb-c.h"

/* Does entering the item need anything to be given? */
bool form_asks(const Renraku__ItemRow *);
/* Shows the whole item with an example command line. */
void form_show(struct ctl *, const Renraku__ItemRow *);
void form_fields(struct ctl *, Renraku__Field *const *, size_t n);
/* The alarm forms among the rows; word: only that one, or all when there is no such word (or NULL). */
void form_alarms(struct ctl *, const struct rows *, const char *word);
/* The option a person meant by id or by its title; NULL when neither. */
const Renraku__Option *form_option(Renraku__Option *const *, size_t n, const char *word);

#endif
